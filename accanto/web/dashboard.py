from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accanto.access.door import for_kinds
from accanto.access.installation import is_demonstration
from accanto.access.role import Kind
from accanto.indicators import poverty_context, results
from accanto.indicators.card import cards
from accanto.indicators.catalogue import AFTER, CODES, overview
from accanto.plan.target import Target
from accanto.territory.zone import Zone
from accanto.web import target_picture, zone_picture
from accanto.web.parts.figure import Figure
from accanto.web.parts.numbers import number
from accanto.web.templatetags.parts import local

READERS = (Kind.REGIONAL_OFFICER, Kind.ZONE_PLANNER, Kind.SOCIAL_WORKER, Kind.CASE_MANAGER)
IN_EVIDENCE = (
    "people_in_charge",
    "esf_people",
    "esf_people_in_traineeship",
    "people_in_traineeship",
    "traineeship_hours",
)
ON_THE_MAP = (
    *IN_EVIDENCE,
    "opened_cases",
    "closed_cases",
    "residents_per_social_worker",
    "pnrr_pippi_zones",
    "pippi_zones",
    "housing_first_zones",
    "people_in_housing_first",
    "service_centre_users",
    "working_six_months_after",
    "pnrr_supervision_zones",
)


@for_kinds(*READERS)
def dashboard(request):
    now, today = timezone.now(), timezone.localdate()
    zones = list(Zone.objects.all())
    own = next((zone for zone in zones if zone.pk == request.acting.zone_id), None)
    shown = overview(CODES, zones=[zone.pk for zone in zones], day=today, now=now)
    targets = list(Target.objects.promised())
    synthetic = is_demonstration()
    chosen = request.GET.get("indicator")
    chosen = chosen if chosen in ON_THE_MAP else ON_THE_MAP[0]
    bars, bars_table = target_picture.picture(targets=targets, results=results.of_overview(shown), synthetic=synthetic)
    context = {
        "own": own,
        "figures": [figure(shown[code], None, targets, synthetic) for code in IN_EVIDENCE],
        "own_figures": [figure(shown[code], own, targets, synthetic) for code in IN_EVIDENCE] if own else [],
        "counted_at": min(one.counted_at for one in shown.values()),
        "live": all(one.counted_at == now for one in shown.values()),
        "bars": bars,
        "bars_table": bars_table,
        "choices": [(local(cards()[code].name), f"?indicator={code}#map", None, code == chosen) for code in ON_THE_MAP],
        "picture": zone_picture.picture(
            card=cards()[chosen],
            shown=shown[chosen],
            zones=zones,
            living=zone_picture.residents(today),
            synthetic=synthetic or shown[chosen].synthetic,
            url=lambda zone: f"{reverse('indicator', args=[chosen])}?zone={zone.code}",
            of=shown[AFTER[1]] if chosen == AFTER[-1] else None,
        ),
        "chosen_card": cards()[chosen],
        "context_facts": [*(poverty_context.of_zone(own.code) if own else []), *poverty_context.of_region()],
    }
    return render(request, "dashboard.html", context)


def figure(shown, zone, targets, synthetic):
    """A key figure: the region's with its target, or a zone's with the region's beside."""
    card = cards()[shown.code]
    published = shown.zones[zone.pk] if zone else shown.region
    mine = (t for t in targets if t.indicator == shown.code or t.code == card.target)
    target = None if zone else next(mine, None)
    address = reverse("indicator", args=[shown.code])
    note = ""
    if zone and not shown.region.suppressed:
        note = _("in tutta la regione %(value)s") % {"value": number(shown.region.value)}
    return Figure(
        label=local(card.name),
        value=published.value,
        suppressed=published.suppressed,
        day=shown.day,
        unit=local(card.unit),
        target=target.value if target else None,
        target_day=target.deadline if target else None,
        note=note,
        id="" if zone else {"traineeship_hours": "hours"}.get(shown.code, ""),
        drill_url=f"{address}?zone={zone.code}" if zone else address,
        definition_url=f"{address}#definition",
        synthetic=synthetic,
    )
