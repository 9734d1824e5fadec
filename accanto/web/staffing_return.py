"""The yearly returns of the social workers: the zone writes, sends and finalises its own; the Region reads them all."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.norms.findings import Refused, Severity
from accanto.staffing import staffing_return as returns_of
from accanto.staffing import workforce
from accanto.staffing.staffing_return import StaffingReturn
from accanto.territory.zone import Zone
from accanto.web.parts.keyset import whole_number
from accanto.web.plan import sections
from accanto.web.return_desk import Desk
from accanto.web.staffing_pages import staffing_pages

EARLIEST, YEARS_AHEAD = 2021, 1


@for_kinds(Kind.REGIONAL_OFFICER, Kind.ZONE_PLANNER)
def staffing_returns(request):
    """Where each zone stands with the return whose day comes next; a zone sees its own."""
    now = timezone.now()
    next_year = returns_of.year_due_next(timezone.localdate(now))
    rows = StaffingReturn.objects.within(request.acting).select_related("zone")
    years = sorted({next_year, *rows.order_by("year").values_list("year", flat=True).distinct()}, reverse=True)
    asked = request.GET.get("year", "")
    year = whole_number(asked) if whole_number(asked) in years else next_year
    begun = {row.zone_id: row for row in rows.filter(year=year)}
    zones = Zone.objects.filter(pk=request.acting.zone_id) if request.acting.reads_by_zone else Zone.objects.all()
    shown = []
    for zone in zones:
        row = begun.get(zone.pk)
        state, findings = returns_of.alerts(year=year, staffing_return=row, now=now)
        # who has not begun before the last day is told once, above the table
        told = state != "finalised" and (row or state != "missing" or findings[0].severity is Severity.BLOCK)
        shown.append({"zone": zone, "row": row, "alert": findings[0] if told else None})
    context = {
        "sections": sections(request, "staffing"),
        "pages": staffing_pages(request, "staffing_returns"),
        "year": str(year),
        "due": returns_of.due(year),
        "days_left": (returns_of.due(year) - timezone.localdate(now)).days,
        "years": [(str(one), f"?year={one}", None, one == year) for one in years],
        "rows": shown,
        "finalised": sum(1 for one in shown if one["row"] and one["row"].state == "finalised"),
        "may_write": request.acting.kind == Kind.ZONE_PLANNER,
    }
    return render(request, "staffing/staffing_returns.html", context)


@for_kinds(Kind.REGIONAL_OFFICER, Kind.ZONE_PLANNER)
@writes
def staffing_return(request, zone, year):
    now = timezone.now()
    planner = request.acting.kind == Kind.ZONE_PLANNER
    zones = Zone.objects.filter(pk=request.acting.zone_id) if planner else Zone.objects.all()
    zone = get_object_or_404(zones, code=zone)
    if not EARLIEST <= year <= timezone.localdate(now).year + YEARS_AHEAD:
        raise Http404
    row = _return_of(request, zone, year)
    if row is None and not planner:
        raise Http404
    desk = Desk(zone=zone, year=year, row=row, from_contracts=planner and workforce.has_contracts(zone))
    refusals, wrong = [], False
    if request.method == "POST":
        if not planner:
            raise Http404
        act = request.POST.get("act", "save")
        try:
            wrong = not desk.act(act, request.POST, by=request.acting, now=now)
            if not wrong:
                messages.success(request, DONE.get(act, DONE["save"]))
                return redirect("staffing_return", zone.code, year)
        except Refused as refused:
            refusals = refused.findings
            desk.row = _return_of(request, zone, year)
    _state, alerts = returns_of.alerts(year=year, staffing_return=desk.row, now=now)
    editable = planner and desk.is_draft
    context = {
        "sections": sections(request, "staffing"),
        "zone": zone,
        "year": str(year),
        "due": returns_of.due(year),
        "row": desk.row,
        "editable": editable,
        "desk": desk if editable else None,
        "form": desk.form if editable else None,
        "refusals": refusals,
        "alerts": alerts,
        "years": desk.shown(live=editable, opens=planner),
        "planner": planner,
    }
    return render(request, "staffing/staffing_return.html", context, status=422 if wrong or refusals else 200)


def _return_of(request, zone, year):
    return StaffingReturn.objects.within(request.acting).filter(zone=zone, year=year).first()


DONE = {
    "save": gettext_lazy("Bozza salvata."),
    "send": gettext_lazy("Prospetto inviato: ora va finalizzato, o resta fuori dal decreto."),
    "change": gettext_lazy("Riga cambiata: il perché resta accanto al numero dei contratti."),
    "restore": gettext_lazy("La riga è di nuovo quella dei contratti."),
    "take_back": gettext_lazy("Il prospetto è di nuovo una bozza."),
    "finalise": gettext_lazy("Prospetto finalizzato."),
}
