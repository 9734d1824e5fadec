"""A scenario as a page shows it, saved or only tried: the line against the thresholds, the years, what each hire earns,
what the thresholds cost."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accanto.norms import staffing_scenario as norms
from accanto.norms.scenario_findings import cautions
from accanto.norms.staffing import residents_per_worker
from accanto.web.parts import numbers
from accanto.web.parts.table import Column, Table
from accanto.web.parts.threshold_lines import threshold_lines
from accanto.web.scenario_form import month_name

OF_THE_PLAN = ("hires", "cost_per_worker")  # what the planner may change; the rest is what the whole rests on


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What the template is given."""

    given: norms.Assumptions
    years: tuple[norms.Year, ...]
    lines: Any
    lines_table: Table
    table: Table
    reach: list
    hires: Table | None
    months: Table
    told: list
    rests_on: list
    supposed: list

    @property
    def one_more(self):
        """Whether one more would earn something in any year."""
        return any(one.one_more for one in self.years)


def picture(given, *, title, synthetic) -> Picture:
    years = norms.project(given)
    findings = cautions(given, years)
    return Picture(
        given=given,
        years=years,
        lines=_lines(given, years, title, synthetic),
        lines_table=_lines_table(given, years, title, synthetic),
        table=_years(years, synthetic),
        reach=_reach(years, synthetic),
        hires=_hires(given, years, synthetic) if given.hires else None,
        months=_months(given, synthetic),
        told=[one for one in findings if one.field in OF_THE_PLAN],
        rests_on=[one for one in findings if one.field not in OF_THE_PLAN],
        supposed=supposed(given),
    )


def thresholds(given, years):
    """(1:5.000, {year: units it asks}) of the two thresholds of the contribution's end."""
    ratios = residents_per_worker(on=given.counted_on)
    return [
        (numbers.ratio(ratios[name]), {one.year: one.contribution.thresholds[n] for one in years})
        for n, name in ((1, "leps"), (2, "objective"))
    ]


def units(value):
    return numbers.number(value, 2)


def _lines(given, years, title, synthetic):
    return threshold_lines(
        years=[one.year for one in years],
        values={one.year: one.fte for one in years},
        thresholds=thresholds(given, years),
        title=title,
        unit=_("unità a tempo pieno, media dell’anno"),
        show=lambda value: numbers.number(value, 1),
        synthetic=synthetic,
    )


def _lines_table(given, years, title, synthetic):
    lines = thresholds(given, years)
    return Table(
        title,
        [Column(_("Anno")), Column(_("Media dell’anno"), "number"), *(Column(name, "number") for name, _line in lines)],
        [[str(one.year), units(one.fte), *(units(line[one.year]) for _name, line in lines)] for one in years],
        synthetic=synthetic,
    )


def _years(years, synthetic):
    return Table(
        _("Anno per anno"),
        [
            Column(_("Anno")),
            Column(_("Residenti"), "number"),
            Column(_("Dai contratti"), "number"),
            Column(_("Con lo scenario"), "number"),
            Column(_("Rapporto"), "ratio"),
            Column(_("Contributo"), "euro"),
            Column(_("Dalle assunzioni"), "euro"),
            Column(_("Costo delle assunzioni"), "euro"),
            Column(_("Resta all’ente"), "euro"),
        ],
        [
            [
                str(one.year),
                one.residents,
                units(one.from_contracts),
                units(one.fte),
                one.contribution.residents_per_worker,
                one.contribution.amount,
                one.by_hires,
                one.hires_cost,
                one.hires_net,
            ]
            for one in years
        ],
        note=_(
            "Unità a tempo pieno, media dell’anno. Dai contratti: come sono scritti oggi, con le fini già note."
            " Dalle assunzioni: quanto contributo c’è in più con le assunzioni dello scenario. Resta all’ente: il loro"
            " costo meno quel contributo."
        ),
        synthetic=synthetic,
    )


def _reach(years, synthetic):
    """Each threshold with its table, or without where every year reaches it."""
    found = []
    for n, first in enumerate(years[0].reach):
        ratio, rows = numbers.ratio(first.residents_per_worker), [(one.year, one.reach[n]) for one in years]
        table = Table(
            _("Quanto costa arrivare a %(ratio)s") % {"ratio": ratio},
            [
                Column(_("Anno")),
                Column(_("Mancano"), "number"),
                Column(_("Costo lordo"), "euro"),
                Column(_("Contributo in più"), "euro"),
                Column(_("Costo netto"), "euro"),
            ],
            [[str(year), one.units, one.gross, one.earned, one.net] for year, one in rows],
            note=_(
                "In un anno intero, oltre allo scenario. Le unità sono arrotondate in su alla quarta cifra: con quelle"
                " la soglia è raggiunta. Costo netto: il costo meno il contributo in più."
            ),
            synthetic=synthetic,
        )
        found.append({"ratio": ratio, "table": table if any(one.units for _year, one in rows) else None})
    return found


def _hires(given, years, synthetic):
    rows = norms.earned_by_hires(given)
    return Table(
        _("Che cosa porta ogni assunzione"),
        [Column(_("Assunzione")), *(Column(str(one.year), "euro") for one in years), Column(_("Insieme"), "euro")],
        [
            [
                _("%(units)s da %(month)s")
                % {"units": numbers.number(row.hire.units), "month": month_name(row.hire.year, row.hire.month)},
                *(row.amounts[one.year] for one in years),
                row.total,
            ]
            for row in rows
        ],
        total=[
            _("Tutte"),
            *(one.by_hires for one in years),
            sum(one.by_hires for one in years),
        ],
        note=_(
            "Ogni riga è il contributo con quell’assunzione e con le precedenti, meno quello con le precedenti sole:"
            " insieme fanno il totale, al centesimo. Il primo anno conta dal mese in cui comincia."
        ),
        synthetic=synthetic,
    )


def _months(given, synthetic):
    year = given.years[min(1, len(given.years) - 1)]
    found = norms.one_more_from(given, year=year)
    return Table(
        _("Un’unità in più nel %(year)s, secondo il mese") % {"year": year},
        [Column(_("Assunta da")), Column(_("Contributo in più"), "euro")],
        [[month_name(year, month), amount] for month, amount in found.items()],
        synthetic=synthetic,
    )


def supposed(given):
    """(what, how much) for the list of what is supposed."""

    def movements(rows):
        said = [
            _("%(units)s, %(month)s") % {"units": numbers.number(one.units), "month": month_name(one.year, one.month)}
            for one in rows
        ]
        return "; ".join(said) or _("nessuna")

    change = given.residents_change_percent
    return [
        (_("Assunzioni"), movements(given.hires)),
        (_("Pensionamenti, a fine mese"), movements(given.retirements)),
        (_("Ricambio"), _("%(percent)s per cento l’anno") % {"percent": numbers.number(given.turnover_percent)}),
        (
            _("Residenti"),
            _("%(count)s al %(day)s")
            % {"count": numbers.number(given.residents), "day": numbers.day(given.residents_on)}
            + (
                _(", %(percent)s per cento l’anno") % {"percent": numbers.number(change)}
                if change
                else _(", come oggi")
            ),
        ),
        (
            _("Costo di un operatore"),
            ""
            if given.cost_per_worker is None
            else _("%(euro)s l’anno") % {"euro": numbers.euro(given.cost_per_worker)},
        ),
    ]
