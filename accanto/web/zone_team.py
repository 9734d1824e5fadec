"""The team of one zone: its protocol, its seats, who is in it. Written by the zone's workers and planners."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind, Role
from accanto.cases import zone_team as zone_teams
from accanto.cases.zone_team import MEMBER_KINDS, ZoneTeam
from accanto.territory.municipality import Municipality
from accanto.territory.zone import Zone
from accanto.web.frame import PLANNERS, WORKERS
from accanto.web.law_beside import NearDay
from accanto.web.parts.forms import DayField
from accanto.web.people import MANAGERS, past_day

KINDS = WORKERS | PLANNERS
WRITERS = {*MANAGERS, Kind.ZONE_PLANNER}
BY_ZONE = (Kind.SOCIAL_WORKER, Kind.CASE_MANAGER, Kind.EMPLOYMENT_OPERATOR)


class ProtocolForm(forms.Form):
    on = NearDay(label=gettext_lazy("Firmato il"))
    source = forms.CharField(
        label=gettext_lazy("Atto"), max_length=300, help_text=gettext_lazy("Chi ha firmato, o dove si legge.")
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self):
        return past_day(self.cleaned_data["on"], today=self.today)


class SeatForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Sede"), max_length=120)
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label=gettext_lazy("Comune"),
        required=False,
        empty_label=gettext_lazy("non indicato"),
    )

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = Municipality.objects.filter(zone=zone)


class RoleChoice(forms.ModelChoiceField):
    def label_from_instance(self, role):
        return f"{role.user}, {role.label}"


class MemberForm(forms.Form):
    role = RoleChoice(
        Role.objects.none(), label=gettext_lazy("Chi entra nell’équipe"), empty_label=gettext_lazy("scegli")
    )
    since = DayField(label=gettext_lazy("Dal"))

    def __init__(self, *args, zone, there, today, **kwargs):
        super().__init__(*args, **kwargs)
        roles = Role.objects.on(today).filter(kind__in=MEMBER_KINDS, user__is_active=True).exclude(user__in=there)
        others = [kind for kind in MEMBER_KINDS if kind not in BY_ZONE]
        roles = roles.filter(kind__in=BY_ZONE, zone=zone) | roles.filter(kind__in=others)
        self.fields["role"].queryset = roles.select_related("user", "organisation", "zone").order_by("user__name", "id")
        self.today = today

    def clean_since(self):
        return past_day(self.cleaned_data["since"], today=self.today)


@for_kinds(*KINDS)
@writes
def zone_team(request, zone):
    """Everybody who works with the zone reads it; its workers and planner keep it, one thing a form."""
    found, today = get_object_or_404(Zone, code=zone), timezone.localdate()
    team = ZoneTeam.objects.filter(zone=found).prefetch_related("seats__municipality").first()
    members = list(team.members.select_related("user", "organisation").order_by("starts", "id")) if team else []
    live = [member for member in members if member.ends is None]
    forms_of = None
    if request.acting.kind in WRITERS and request.acting.zone_id == found.pk:
        forms_of = forms_for(request, found, team, live, today=today)
        if request.method == "POST" and (done := keep(request, found, team, live, forms_of, today=today)):
            return done
    parts = {member.kind for member in live}
    context = {
        "zone": found,
        "team": team,
        "signed": bool(team and (team.protocol_on or team.known_by)),
        "seats": list(team.seats.all()) if team else [],
        "live": live,
        "former": [member for member in members if member.ends is not None],
        "lacks_social": bool(live) and not parts & set(MANAGERS),
        "lacks_work": bool(live) and Kind.EMPLOYMENT_OPERATOR not in parts,
        "forms": forms_of,
    }
    return render(request, "plan/zone_team.html", context)


def forms_for(request, zone, team, live, *, today):
    """The three forms; bound only the one that was sent."""
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    there = [member.user_id for member in live]
    protocol = {"on": team.protocol_on, "source": team.source} if team else {}
    return {
        "protocol": ProtocolForm(request.POST if asked == "protocol" else None, today=today, initial=protocol),
        "seat": SeatForm(request.POST if asked == "seat" else None, zone=zone),
        "member": MemberForm(
            request.POST if asked == "member" else None, zone=zone, there=there, today=today, initial={"since": today}
        ),
    }


def keep(request, zone, team, live, forms_of, *, today):
    """Do what was asked: the page again, or None where a form has something to mend."""
    asked, by = request.POST.get("do", ""), {"by": request.acting, "now": timezone.now()}
    form = forms_of.get(asked)
    if form is not None and not form.is_valid():
        return None
    try:
        with transaction.atomic():
            if asked == "protocol":
                zone_teams.sign(zone=zone, **form.cleaned_data, **by)
            elif asked == "seat":
                zone_teams.open_seat(zone=zone, **form.cleaned_data, **by)
            elif asked == "member":
                data = form.cleaned_data
                zone_teams.join(zone=zone, role=data["role"], on=data["since"], **by)
            elif asked == "close_seat" and team:
                zone_teams.close_seat(seat=chosen(request, team.seats.all()), **by)
            elif asked == "leave" and team:
                zone_teams.leave(member=chosen(request, team.members.filter(ends=None)), on=today, **by)
            else:
                return None
    except (zone_teams.AlreadyThere, IntegrityError):
        messages.info(request, _("C’era già: qualcuno l’ha appena scritto."))
    else:
        messages.success(request, _("Registrato."))
    return redirect("zone_team", zone=zone.code)


def chosen(request, rows):
    """The row of the list whose button was pressed."""
    pk = request.POST.get("row", "")
    return get_object_or_404(rows, pk=int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else 0)
