"""The social workers of the zones against the thresholds of the law, for everybody."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accanto.norms import leps_2026
from accanto.norms.staffing import residents_per_worker
from accanto.staffing import staff_figure
from accanto.staffing.residents import residents_by_zone
from accanto.staffing.series import RegionalFigure
from accanto.staffing.staffing_return import StaffingReturn
from accanto.staffing.worker import Worker
from accanto.territory.map import zone_map
from accanto.territory.zone import Zone
from accanto.web import staff_series
from accanto.web.parts import charts, numbers
from accanto.web.parts import zone_map as maps
from accanto.web.parts.keyset import whole_number
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.plan import sections
from accanto.web.staffing_pages import staffing_pages


def law_of(year):
    """The thresholds in force at the end of a year, or today."""
    return list(residents_per_worker(on=date(year, 12, 31) if year else timezone.localdate()).values())


@login_not_required
@require_safe
def staffing(request):
    years = staff_figure.published_years()
    asked = request.GET.get("year", "")
    year = whole_number(asked) if whole_number(asked) in years else max(years, default=None)
    figures = staff_figure.published(year=year) if year else {}
    read = {pk: staff_figure.contribution(figure) for pk, figure in figures.items()}
    zones = list(Zone.objects.all())
    synthetic = any(figure.synthetic for figure in figures.values())
    caption = _("Assistenti sociali e soglie della legge, zona per zona, %(year)s") % {"year": year}
    context = {
        "sections": sections(request, "staffing"),
        "pages": staffing_pages(request, "staffing"),
        "wanted": _wanted(zones),
        "year": str(year) if year else "",
        "years": [(str(one), f"?year={one}", None, one == year) for one in years],
        "statuses": sorted({str(figure.get_status_display()) for figure in figures.values()}),
        "synthetic": synthetic,
        "table": _table(zones, figures, read, year, caption, synthetic),
        "map_table": Table(
            _("Residenti per assistente sociale, %(year)s") % {"year": year},
            [Column(_("Zona")), Column(_("Rapporto"), "ratio")],
            [[zone.name, read[zone.pk].residents_per_worker if zone.pk in read else None] for zone in zones],
            synthetic=synthetic,
        ),
        "map": _map(zones, figures, read, year, synthetic) if figures else "",
        "reached": _reached(read),
        "law": [numbers.ratio(one) for one in law_of(year)],
        "zones_with_figures": len(figures),
        "two_series": staff_series.of_region(zones=len(zones)),
        **_series(),
    }
    return render(request, "staffing/staffing.html", context)


def profession_names() -> dict:
    """Of those the 2026 ratios are about, in the plural."""
    return {Worker.Profession.PSYCHOLOGIST: _("psicologi"), Worker.Profession.EDUCATOR: _("educatori")}


def _wanted(zones):
    """How many each zone would need, from its residents alone: for all the zones, also where there is no return yet."""
    today = timezone.localdate()
    residents, day, source = residents_by_zone(year=today.year)
    if not residents:
        return None
    finalised = StaffingReturn.objects.filter(state=StaffingReturn.State.FINALISED).order_by("year")
    last = {row.zone_id: row for row in finalised}
    ratios = residents_per_worker(on=today)
    objectives = leps_2026.ratios(on=today)
    rows = []
    for zone in zones:
        people, sent = residents.get(zone.pk), last.get(zone.pk)
        rows.append(
            [
                Cell(zone.name, url=reverse("staffing_zone", args=[zone.code])),
                people,
                *(_units(people, ratio) for ratio in (*ratios.values(), *objectives.values())),
                Cell(_("del %(year)s") % {"year": sent.year}, note=_("dati sintetici") if sent.synthetic else "")
                if sent
                else _("nessun prospetto ancora"),
            ]
        )
    everybody = sum(residents.values())
    table = Table(
        _("Residenti e unità a tempo pieno che servono, zona per zona"),
        [
            Column(_("Zona")),
            Column(_("Residenti"), "number"),
            *(Column(numbers.ratio(ratio), "number") for ratio in ratios.values()),
            *(
                Column(f"{profession_names()[name]} {numbers.ratio(ratio)}", "number")
                for name, ratio in objectives.items()
            ),
            Column(_("Ultimo prospetto")),
        ],
        rows,
        total=[
            _("Tutte le zone"),
            everybody,
            *(_units(everybody, ratio) for ratio in (*ratios.values(), *objectives.values())),
            "",
        ],
        note=_(
            "Le soglie hanno i decimali: la legge le calcola in unità a tempo pieno e non si arrotondano."
            " La somma delle zone non è una prova: la legge guarda ogni zona da sola."
        ),
    )
    cautions = [one.caution for one in leps_2026.service_objectives(residents=everybody, on=today)]
    return {"day": day, "source": source, "table": table, "cautions": cautions, "residents": everybody}


def _units(residents, ratio):
    return numbers.number(Decimal(residents) / ratio, 2) if residents else None


def figure_columns(year):
    return [
        Column(_("Zona")),
        Column(_("Stato")),
        Column(_("Residenti"), "number"),
        Column(_("Tempo pieno"), "number"),
        Column(_("Al 31/12"), "number"),
        Column(_("Rapporto"), "ratio"),
        *(Column(_("A %(ratio)s") % {"ratio": numbers.ratio(one)}, "number") for one in law_of(year)),
        Column(_("Contributo"), "euro"),
    ]


def gap(threshold, fte):
    """Full-time equivalents that lack to a threshold, to the hundredth; never below zero."""
    return max(Decimal(0), threshold - fte).quantize(Decimal("0.01"))


def figures_of(figure, read):
    return [
        str(figure.get_status_display()),
        figure.residents,
        figure.permanent_fte,
        figure.headcount,
        read.residents_per_worker,
        *(gap(threshold, figure.permanent_fte) for threshold in read.thresholds),
        read.amount,
    ]


def _table(zones, figures, read, year, caption, synthetic):
    rows = []
    for zone in zones:
        name, figure = Cell(zone.name, url=reverse("staffing_zone", args=[zone.code])), figures.get(zone.pk)
        rows.append([name, *figures_of(figure, read[zone.pk])] if figure else [name, _("nessun dato"), *[None] * 8])
    total = []
    if figures:
        people, fte = sum(f.residents for f in figures.values()), sum(f.permanent_fte for f in figures.values())
        total = [
            _("Toscana") if len(figures) == len(zones) else _("%(count)s zone con dati") % {"count": len(figures)},
            "",
            people,
            fte,
            sum(f.headcount for f in figures.values()),
            people / fte if fte else None,
            None,
            None,
            None,
            sum(one.amount for one in read.values()),
        ]
    return Table(
        caption,
        figure_columns(year),
        rows,
        total=total,
        synthetic=synthetic,
        note=_(
            "Tempo pieno: a tempo indeterminato, media dell’anno in unità a tempo pieno, quella che usa la legge."
            " Al 31/12: le persone, che sono un’altra serie. Rapporto: residenti per unità a tempo pieno."
            " Le tre colonne dopo: quante unità mancano a ogni soglia. Il contributo si calcola zona per zona e poi si"
            " somma: sulla regione intera verrebbe un altro numero."
        ),
    )


def _map(zones, figures, read, year, synthetic):
    breaks = sorted(Decimal(one) for one in law_of(year))
    ratios = {pk: one.residents_per_worker for pk, one in read.items() if one.residents_per_worker}
    breaks.append(max([*ratios.values(), breaks[-1]]))
    drawn = zone_map()
    return maps.choropleth(
        shapes=drawn.shapes,
        view_box=tuple(float(n) for n in drawn.view_box.split()),
        values={
            zone.code: maps.ZoneValue(zone.name, ratios.get(zone.pk), url=reverse("staffing_zone", args=[zone.code]))
            for zone in zones
        },
        title=_("Residenti per assistente sociale, %(year)s, nelle classi delle soglie di legge") % {"year": year},
        breaks=sorted(set(breaks)),
        show=numbers.ratio,
        unit=_("residenti per assistente sociale"),
        synthetic=synthetic,
    )


def _reached(read):
    return {
        "objective": sum(1 for one in read.values() if one.meets_objective),
        "leps": sum(1 for one in read.values() if one.meets_leps),
        "below": sum(1 for one in read.values() if one.gap_to_leps > 0),
    }


def _short(row):
    """A label a bar has room for."""
    if row.status == RegionalFigure.Status.FORECAST:
        return _("%(year)s, prev.") % {"year": row.year}
    if row.year:
        return str(row.year)
    return _("prospettiva") if row.status == RegionalFigure.Status.PROSPECT else _("senza anno")


def _when(row):
    if row.date:
        return numbers.day(row.date)
    return str(row.year) if row.year else _("senza anno")


def _series():
    """The published regional numbers, a panel for each universe: two universes are never one line."""
    rows = list(RegionalFigure.objects.filter(profession="social_worker", unit="persons").select_related("universe"))
    by_universe: dict = {}
    for row in rows:
        by_universe.setdefault(row.universe.code, []).append(row)
    names = {
        "sioss_ambiti": _("Ambiti, dal SIOSS"),
        "permanent_report": _("Quarto Rapporto"),
        "all_contracts": _("Tutti i contratti"),
    }
    panels = [(names.get(code, code), [(_short(row), row.value) for row in own]) for code, own in by_universe.items()]
    title = _("Assistenti sociali della Toscana, dati pubblicati, ciascuno con il suo universo")
    table = Table(
        title,
        [Column(_("Anno")), Column(_("Giorno"), "day"), Column(_("Persone"), "number"), Column(_("Stato")),
         Column(_("Che cosa conta")), Column(_("Fonte"))],
        [
            [str(row.year or "–"), row.date, row.value, str(row.get_status_display()), row.universe.code, row.source]
            for row in rows
        ],
    )  # fmt: skip
    return {
        "series": charts.small_multiples(panels=panels, title=title) if panels else "",
        "series_table": table,
        "series_groups": [
            {
                "name": names.get(code, code),
                "description": own[0].universe.description,
                "rows": [{"figure": row, "when": _when(row)} for row in own],
            }
            for code, own in by_universe.items()
        ],
    }
