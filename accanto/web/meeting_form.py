"""Everything of a meeting on one screen: who may be there, what was decided, the minutes."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.role import Kind, Role
from accanto.cases.case_team import CaseMember
from accanto.cases.meeting import MeetingDecision
from accanto.cases.zone_team import ZoneTeamMember
from accanto.norms.cases import one_body_only
from accanto.web.law_beside import no_reason
from accanto.web.parts.forms import DayField
from accanto.web.people import coming_day

DECISIONS = 5  # new ones on one screen; saved, it gives as many again
# the body of somebody whose role was given without one
BODY = {
    Kind.SOCIAL_WORKER: gettext_lazy("servizio sociale"),
    Kind.CASE_MANAGER: gettext_lazy("servizio sociale"),
    Kind.EMPLOYMENT_OPERATOR: gettext_lazy("centro per l’impiego"),
    Kind.HEALTH_WORKER: gettext_lazy("servizio sanitario"),
}


@dataclass(frozen=True)
class Seat:
    """Somebody who may be at a meeting: a user in a role, a whole body, or the person."""

    key: str
    name: str
    kind: Kind
    user: object = None
    organisation: object = None

    @property
    def body(self):
        return str(self.organisation or BODY.get(self.kind, self.kind.label))

    @property
    def label(self):
        return self.name if self.kind == Kind.PERSON else f"{self.name}, {self.kind.label}, {self.body}"

    def values(self):
        return {"user": self.user, "kind": self.kind, "organisation": self.organisation}


def seats_of(acting, *, case, sitting, today):
    """Who may be there: the person, the team of the case, in a sitting the zone's team too. Three queries."""
    members = CaseMember.objects.within(acting).of(case.subject_id).live().filter(case=case).with_names()
    members = [member for member in members if member.kind != Kind.PERSON]
    of_zone = ZoneTeamMember.objects.filter(team__zone_id=case.zone_id, ends=None).select_related("user")
    everybody = {member.user_id: member.user for member in of_zone.order_by("starts", "id")} if sitting else {}
    wanted = {acting.user.pk, *everybody, *(member.user_id for member in members if member.user_id)}
    roles = {}
    for role in Role.objects.on(today).filter(user__in=wanted).with_place().order_by("id"):
        roles.setdefault(role.user_id, []).append(role)

    def body_of(user_id, kind):
        return next((role.organisation for role in roles.get(user_id, ()) if role.kind == kind), None)

    seats = {"person": Seat("person", _("La persona"), Kind.PERSON)}
    for member in members:
        kind = Kind(member.kind)
        if member.user_id:
            body = body_of(member.user_id, kind)
            if kind == Kind.CASE_MANAGER and body is None:  # one manages a case in the role one has
                body = body_of(member.user_id, Kind.SOCIAL_WORKER)
            seats[f"u{member.user_id}"] = Seat(f"u{member.user_id}", str(member.user), kind, member.user, body)
        else:
            key = f"o{member.organisation_id}-{kind}"
            seats[key] = Seat(key, str(member.organisation), kind, None, member.organisation)
    for user_id, user in (everybody | {acting.user.pk: acting.user}).items():
        here = [role for role in roles.get(user_id, ()) if role.zone_id in (case.zone_id, None)]
        role = acting.role if user_id == acting.user.pk else next(iter(here), None)
        if role and f"u{user_id}" not in seats:
            seats[f"u{user_id}"] = Seat(f"u{user_id}", str(user), Kind(role.kind), user, role.organisation)
    return seats


def seats_held(attendees):
    """Those who were there keep their seat, though they have left the team since."""
    return {
        key: Seat(key, str(attendee), Kind(attendee.kind), attendee.user, attendee.organisation)
        for attendee in attendees
        for key in keys_of([attendee])
        if key != "person"
    }


def keys_of(attendees):
    """Those who were there, as the form names them."""
    return sorted(
        "person" if attendee.kind == Kind.PERSON and attendee.user_id is None
        else f"u{attendee.user_id}" if attendee.user_id
        else f"o{attendee.organisation_id}-{attendee.kind}"
        for attendee in attendees
    )  # fmt: skip


class MeetingForm(forms.Form):
    """Everything of a meeting on one screen, to be filled while people talk."""

    present = forms.MultipleChoiceField(
        label=gettext_lazy("Chi c’è"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Segna chi c’è: almeno una persona.")},
    )
    others = forms.CharField(
        label=gettext_lazy("Altri presenti"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Nome e in quale veste. Resta nel verbale, che leggono solo i servizi e la persona."),
    )
    drop = forms.MultipleChoiceField(
        label=gettext_lazy("Decisioni da togliere, scritte per errore"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("Verbale"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Lo leggono gli assistenti sociali e i responsabili del caso della zona, e la persona."),
    )

    def __init__(self, *args, seats, taken, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.seats, self.today = seats, today
        self.fields["present"].choices = [(key, seat.label) for key, seat in seats.items()]
        if taken:
            self.fields["drop"].choices = [(str(row.pk), f"{row.text} ({row.who})") for row in taken]
        else:
            del self.fields["drop"]
        colleagues = [(key, seat.name) for key, seat in seats.items() if seat.user]
        parties = [choice for choice in MeetingDecision.Party.choices if choice[0] != MeetingDecision.Party.COLLEAGUE]
        who = [(_("In generale"), parties), (_("Un nome"), colleagues)]
        for n in range(1, DECISIONS + 1):
            self.fields[f"what_{n}"] = forms.CharField(
                label=gettext_lazy("Che cosa"), max_length=300, required=False, validators=[no_reason],
                help_text=gettext_lazy(
                    "Lo leggono tutti quelli che lavorano sul caso, centro per l’impiego compreso: niente diagnosi, "
                    "niente area."
                ) if n == 1 else "",
            )  # fmt: skip
            self.fields[f"who_{n}"] = forms.ChoiceField(label=gettext_lazy("Chi"), choices=who, required=False)
            self.fields[f"due_{n}"] = DayField(label=gettext_lazy("Entro"), required=False)

    def clean(self):
        data = self.cleaned_data
        for n in range(1, DECISIONS + 1):
            try:
                coming_day(data.get(f"due_{n}"), first=self.today)
            except ValidationError as mistake:
                self.add_error(f"due_{n}", mistake)
            if data.get(f"due_{n}") and not data.get(f"what_{n}") and f"what_{n}" not in self.errors:
                self.add_error(f"what_{n}", _("C’è un termine ma non che cosa: scrivilo, o togli il termine."))
        return data

    def groups(self):
        return [[self[f"{part}_{n}"] for part in ("what", "who", "due")] for n in range(1, DECISIONS + 1)]

    def has_more(self):
        return any(fields[0].value() or fields[0].errors or fields[2].errors for fields in self.groups()[2:])

    def attendees(self):
        return [self.seats[key].values() for key in self.cleaned_data["present"]]

    def decisions(self):
        data, found = self.cleaned_data, []
        for n in range(1, DECISIONS + 1):
            if data[f"what_{n}"]:
                who = data[f"who_{n}"] or MeetingDecision.Party.PERSON
                seat = self.seats.get(who) if who != MeetingDecision.Party.PERSON else None
                party = MeetingDecision.Party.COLLEAGUE if seat and seat.user else who
                user = seat.user if seat else None
                found.append({"text": data[f"what_{n}"], "party": party, "user": user, "due": data[f"due_{n}"]})
        return found


def composition(seats, *, on):
    """What the law says of those who are there, the person apart."""
    bodies = {seat.body for seat in seats if seat.kind != Kind.PERSON}
    return one_body_only(bodies=bodies, on=on)
