"""In which zones the social and employment team is stable by protocol; for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accanto.cases.zone_team import ZoneTeam
from accanto.territory.zone import Zone
from accanto.web.parts.numbers import day as shown_day
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.plan import sections
from accanto.web.zone_team import KINDS


@login_not_required
@require_safe
def zone_teams(request):
    zones = list(Zone.objects.all())
    signed = ZoneTeam.objects.by_protocol(timezone.localdate()).prefetch_related("seats")
    teams = {team.zone_id: team for team in signed}
    opens = request.acting is not None and request.acting.kind in KINDS
    caption = _("Équipe sociale e lavoro delle zone, per protocollo")
    table = Table(
        caption,
        [Column(_("Zona")), Column(_("Protocollo")), Column(_("Sedi")), Column(_("Fonte"))],
        [_row(zone, teams.get(zone.pk), opens=opens) for zone in zones],
    )
    context = {
        "sections": sections(request, "zone_teams"),
        "table": table,
        "with_protocol": len(teams),
        "zones": len(zones),
    }
    return render(request, "plan/zone_teams.html", context)


def _row(zone, team, *, opens):
    name = Cell(zone.name, url=reverse("zone_team", args=[zone.code])) if opens else zone.name
    if team is None:
        return [name, _("nessun protocollo noto"), "", ""]
    if team.protocol_on:
        signed = _("firmato il %(day)s") % {"day": shown_day(team.protocol_on)}
    else:
        signed = _("firmato entro il %(day)s") % {"day": shown_day(team.known_by)}
    return [name, signed, ", ".join(seat.name for seat in team.seats.all()), team.source]
