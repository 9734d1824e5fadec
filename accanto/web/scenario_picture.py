"""A scenario as a page shows it, saved or only tried: the line against the thresholds, the years, what each hire earns,
what the thresholds cost."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accanto.norms import staffing_scenario as norms
from accanto.norms.staffing import residents_per_worker
from accanto.web.parts import numbers
from accanto.web.parts.table import Column, Table
from accanto.web.parts.threshold_lines import threshold_lines
from accanto.web.scenario_form import month_name


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What the template is given."""

    given: norms.Assumptions
    years: tuple[norms.Year, ...]
    lines: Any
    lines_table: Table
    table: Table
    reach: Table
    hires: Table | None
    months: Table
    findings: tuple
    supposed: list

    @property
    def last(self):
        return self.years[-1]


def picture(given, *, title, synthetic) -> Picture:
    years = norms.project(given)
    return Picture(
        given=given,
        years=years,
        lines=_lines(given, years, title, synthetic),
        lines_table=_lines_table(given, years, title, synthetic),
        table=_years(years, synthetic),
        reach=_reach(years, synthetic),
        hires=_hires(given, years, synthetic) if given.hires else None,
        months=_months(given, synthetic),
        findings=norms.cautions(given, years),
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
    names = [numbers.ratio(one.residents_per_worker) for one in years[0].reach]
    columns = [Column(_("Anno"))]
    for name in names:
        columns += [
            Column(_("Mancano a %(ratio)s") % {"ratio": name}, "number"),
            Column(_("Costo lordo, %(ratio)s") % {"ratio": name}, "euro"),
            Column(_("Contributo in più, %(ratio)s") % {"ratio": name}, "euro"),
            Column(_("Costo netto, %(ratio)s") % {"ratio": name}, "euro"),
        ]
    rows = []
    for one in years:
        row = [str(one.year)]
        for reach in one.reach:
            row += [reach.units, reach.gross, reach.earned, reach.net]
        rows.append(row)
    return Table(
        _("Quanto costa arrivare alle soglie"),
        columns,
        rows,
        note=_(
            "In un anno intero, oltre allo scenario. Le unità sono arrotondate in su alla quarta cifra: con quelle la"
            " soglia è raggiunta. Costo netto: il costo meno il contributo in più."
        ),
        synthetic=synthetic,
    )


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
