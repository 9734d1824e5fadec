"""The scenarios that the zones have chosen, summed for the Region: results are added, residents and units never go into
one formula (ST-04)."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accanto.access.door import for_kinds
from accanto.access.role import Kind
from accanto.norms import staffing_scenario as norms
from accanto.norms.findings import Severity
from accanto.norms.reader import parameter
from accanto.norms.staffing import residents_per_worker
from accanto.norms.text import Text
from accanto.staffing.scenario import Scenario, assumptions_of
from accanto.territory.zone import Zone
from accanto.web.frame import PLANNERS
from accanto.web.parts import numbers
from accanto.web.parts.keyset import whole_number
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.plan import sections
from accanto.web.scenario_picture import units
from accanto.web.staffing_pages import staffing_pages


@for_kinds(*PLANNERS)
def scenarios(request):
    """For the Region; a planner has the page of the zone."""
    if request.acting.kind == Kind.ZONE_PLANNER:
        return redirect("zone_scenarios", request.acting.role.zone.code)
    today = timezone.localdate()
    zones = list(Zone.objects.all())
    chosen = {row.zone_id: row for row in Scenario.objects.chosen().order_by("zone", "id")}
    read = {pk: {one.year: one for one in norms.project(assumptions_of(row))} for pk, row in chosen.items()}
    years = sorted({year for found in read.values() for year in found}) or [today.year]
    asked = whole_number(request.GET.get("year", ""))
    year = asked if asked in years else years[-1]
    synthetic = any(row.synthetic for row in chosen.values())
    law = residents_per_worker(on=today)
    ratios = [numbers.ratio(law["leps"]), numbers.ratio(law["objective"])]
    context = {
        "sections": sections(request, "staffing"),
        "pages": staffing_pages(request, "scenarios"),
        "year": str(year),
        "years": [(str(one), f"?year={one}", None, one == year) for one in years],
        "count": len(chosen),
        "all": len(zones),
        "without": [zone.name for zone in zones if zone.pk not in chosen],
        "by_year": _by_year(years, read, len(zones), ratios, synthetic) if chosen else None,
        "table": _of_zones(zones, chosen, read, year, ratios, synthetic) if chosen else None,
        "findings": [_never_pooled(today)],
    }
    return render(request, "staffing/scenarios.html", context)


def _by_year(years, read, zones, ratios, synthetic):
    rows = []
    for year in years:
        found = [one[year] for one in read.values() if year in one]
        costs = [one.hires_cost for one in found]
        rows.append(
            [
                str(year),
                _("%(count)s su %(all)s") % {"count": len(found), "all": zones},
                units(sum(one.fte for one in found)),
                sum(one.contribution.meets_leps for one in found),
                sum(one.contribution.meets_objective for one in found),
                sum(one.contribution.amount for one in found),
                sum(one.by_hires for one in found),
                None if None in costs else sum(costs),
            ]
        )
    return Table(
        _("Le zone con uno scenario, insieme"),
        [
            Column(_("Anno")),
            Column(_("Zone")),
            Column(_("Tempo pieno"), "number"),
            *(Column(_("A %(ratio)s") % {"ratio": name}, "number") for name in ratios),
            Column(_("Contributo"), "euro"),
            Column(_("Dalle assunzioni"), "euro"),
            Column(_("Costo delle assunzioni"), "euro"),
        ],
        rows,
        note=_(
            "Somme dei risultati delle zone. Le due colonne delle soglie contano le zone che le raggiungono. Il costo"
            " manca se anche una sola zona non lo ha detto: sommare le altre lo farebbe sembrare minore."
        ),
        synthetic=synthetic,
    )


def _of_zones(zones, chosen, read, year, ratios, synthetic):
    rows = []
    for zone in zones:
        row, one = chosen.get(zone.pk), read.get(zone.pk, {}).get(year)
        name = Cell(zone.name, url=reverse("zone_scenarios", args=[zone.code]))
        if row is None or one is None:
            rows.append([name, _("nessuno scenario scelto"), *[None] * 7])
            continue
        leps, objective = one.reach
        rows.append(
            [
                name,
                Cell(str(row), url=reverse("scenario", args=[row.pk]), note=numbers.day(row.counted_on)),
                units(one.fte),
                one.contribution.residents_per_worker,
                units(leps.units),
                units(objective.units),
                one.contribution.amount,
                one.by_hires,
                one.hires_cost,
            ]
        )
    found = [one[year] for one in read.values() if year in one]
    costs = [one.hires_cost for one in found]
    return Table(
        _("Gli scenari delle zone nel %(year)s") % {"year": year},
        [
            Column(_("Zona")),
            Column(_("Scenario")),
            Column(_("Tempo pieno"), "number"),
            Column(_("Rapporto"), "ratio"),
            *(Column(_("Mancano a %(ratio)s") % {"ratio": name}, "number") for name in ratios),
            Column(_("Contributo"), "euro"),
            Column(_("Dalle assunzioni"), "euro"),
            Column(_("Costo delle assunzioni"), "euro"),
        ],
        rows,
        total=[
            _("%(count)s su %(all)s") % {"count": len(found), "all": len(zones)},
            "",
            units(sum(one.fte for one in found)),
            None,
            units(sum(one.reach[0].units for one in found)),
            units(sum(one.reach[1].units for one in found)),
            sum(one.contribution.amount for one in found),
            sum(one.by_hires for one in found),
            None if None in costs else sum(costs),
        ],
        synthetic=synthetic,
    )


def _never_pooled(today):
    return parameter("staffing.computed_per_zone", today).finding(
        Severity.PASS,
        Text(
            "Il contributo si calcola zona per zona e poi si somma: sulla regione intera verrebbe un altro numero.",
            "The contribution is computed zone by zone and then summed: on the whole region it would be another.",
        ),
        field="contribution",
    )
