"""The meetings of the team around a person: calling one, and writing it on one screen while it is held."""

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.cases import meeting as meetings
from accanto.cases.case import Case
from accanto.cases.meeting import Meeting, MeetingAttendee, MeetingDecision, MeetingMinutes, Sitting
from accanto.people.person import Person
from accanto.web.file_index import LINES, Line
from accanto.web.law_beside import no_reason
from accanto.web.meeting_form import MeetingForm, composition, keys_of, seats_held, seats_of
from accanto.web.parts import numbers
from accanto.web.parts.forms import DayField, TimeField
from accanto.web.people import MANAGERS, WORKERS, case_or_404, coming_day, past_day
from accanto.web.templatetags.parts import local
from accanto.web.writing import Writing

READERS = (*WORKERS, Kind.HEALTH_WORKER, Kind.PERSON)
PLACE_HELP = gettext_lazy(
    "Una stanza o «in video». Lo leggono tutti quelli che lavorano sul caso: non il nome di un servizio che dice "
    "perché la persona è seguita."
)


def meeting_or_404(request, meeting):
    rows = Meeting.objects.within(request.acting).standing().select_related("sitting")
    return get_object_or_404(rows, pk=meeting)


@for_kinds(*MANAGERS)
@writes
def record_meeting(request, meeting):
    """Attendance, decisions and minutes on one screen; in a sitting the next person comes after."""
    row = meeting_or_404(request, meeting)
    case = case_or_404(request, row.case_id, still_open=False)
    today = timezone.localdate()
    if row.day > today:
        messages.info(
            request, _("La riunione è il %(day)s: si scrive quando si tiene.") % {"day": numbers.day(row.day)}
        )
        return redirect("meeting", row.pk)
    held = parts_of(row, request.acting)
    seats = seats_of(request.acting, case=case, sitting=row.sitting, today=today) | seats_held(held["attendees"])
    minutes = held["minutes"]
    standing = (
        {"present": keys_of(held["attendees"]), "text": minutes.text, "others": minutes.others} if minutes else {}
    )
    writing = Writing(
        request,
        about=row.pk,
        standing=standing,
        proposed={} if minutes else {"present": before(row, request.acting, seats)},
        form=partial(MeetingForm, seats=seats, taken=held["decisions"], today=today),
    )
    form = writing.form
    if writing.ready() and keep(request, form, row, minutes):
        writing.done()
        messages.success(request, _("Riunione registrata."))
        found = composition([seats[key] for key in form.cleaned_data["present"]], on=today)
        if found:
            messages.warning(request, f"{local(found[0].sentence)} ({found[0].code})")
        following = next_in(row, request.acting) if "next" in request.POST else None
        if following:
            return redirect("record_meeting", following.pk)
        return redirect("sitting", row.sitting_id) if row.sitting_id else redirect("meeting", row.pk)
    open_before = MeetingDecision.objects.within(request.acting).of(row.subject_id).to_do().exclude(meeting=row)
    context = {
        "meeting": row,
        "person": case.person,
        "form": form,
        "writing": writing,
        "open_before": open_before.select_related("user").order_by("due", "id")[:20],
        "following": next_in(row, request.acting),
        "today": today,
    }
    return render(request, "people/meeting_form.html", context)


def keep(request, form, row, minutes):
    """Write the meeting; False where somebody wrote its minutes in this very moment."""
    data = form.cleaned_data
    try:
        meetings.hold(
            meeting=row,
            attendees=form.attendees(),
            decisions=form.decisions(),
            dropped=data.get("drop", ()),
            text=data["text"],
            others=data["others"],
            seen=minutes and minutes.pk,
            by=request.acting,
            now=timezone.now(),
        )
    except meetings.MinutesChanged:
        form.add_error("text", _("Qualcuno ha scritto il verbale in questo momento: invia di nuovo per vedere il suo."))
        return False
    return True


def parts_of(row, acting):
    """Attendance, decisions and the minutes where one may read them (else None)."""
    return parts_of_each([row], acting)[row.pk]


def parts_of_each(rows, acting):
    """The parts of many meetings, by id: a query for each kind, however many they are."""
    parts = {row.pk: {"attendees": [], "decisions": [], "minutes": None} for row in rows}
    theirs = {"meeting__in": list(parts), "subject_id__in": {row.subject_id for row in rows}}
    for attendee in MeetingAttendee.objects.within(acting).standing().filter(**theirs).with_names().order_by("id"):
        parts[attendee.meeting_id]["attendees"].append(attendee)
    decisions = MeetingDecision.objects.within(acting).standing().filter(**theirs).select_related("user")
    for decision in decisions.order_by("id"):
        parts[decision.meeting_id]["decisions"].append(decision)
    if acting.may(Degree.DIARY):
        minutes = MeetingMinutes.objects.within(acting).standing().filter(**theirs).select_related("recorded_by")
        for one in minutes.order_by("id"):
            parts[one.meeting_id]["minutes"] = one
    return parts


def before(row, acting, seats):
    """Who is ticked when the screen opens: who was there for the sitting's last person, or the writer."""
    there = []
    if row.sitting_id:
        earlier = Meeting.objects.within(acting).held().filter(sitting=row.sitting_id).order_by("-held_at", "-id")
        last = MeetingAttendee.objects.within(acting).standing().filter(meeting__in=earlier.values("pk")[:1])
        there = keys_of(attendee for attendee in last.order_by("id") if attendee.kind != Kind.PERSON)
    return [key for key in there if key in seats] or [f"u{acting.user.pk}"]


def next_in(row, acting):
    """Who comes after in the same sitting and has not been treated yet."""
    if not row.sitting_id:
        return None
    rest = Meeting.objects.within(acting).to_hold().filter(sitting=row.sitting_id, day=row.day).exclude(pk=row.pk)
    return rest.filter(turn__gt=row.turn).order_by("turn", "id").first() or rest.order_by("turn", "id").first()


@for_kinds(*READERS)
def meeting(request, meeting):
    """What was decided and by whom; the minutes for those who may read the diary."""
    row = meeting_or_404(request, meeting)
    person = Person.objects.within(request.acting).of(row.subject_id).first()
    held = parts_of(row, request.acting)
    today = timezone.localdate()
    for decision in held["decisions"]:
        decision.may_mark = decision.done_on is None and may_mark(decision, request.acting)
    context = {
        "meeting": row,
        "person": person,
        "today": today,
        "may_write": request.acting.kind in MANAGERS,
        "to_write": row.held_at is None and row.day <= today,
        "sees_minutes": request.acting.may(Degree.DIARY),
        # which health service somebody is of may tell the area by itself
        "sees_bodies": request.acting.may(Degree.AREA),
        **held,
    }
    return render(request, "people/meeting.html", context)


def may_mark(decision, acting):
    """Whether this role may say that it was done: who keeps the case, or who had to do it."""
    if acting.may(Degree.CASE, write=True):
        return True
    return (
        decision.user_id == acting.user.pk
        or (decision.party == MeetingDecision.Party.PERSON and acting.kind == Kind.PERSON)
        or (decision.party == MeetingDecision.Party.EMPLOYMENT_CENTRE and acting.kind == Kind.EMPLOYMENT_OPERATOR)
    )


class CallForm(forms.Form):
    """A meeting of one's own, or a place on the agenda of the next sitting."""

    sitting = forms.ModelChoiceField(
        Sitting.objects.none(),
        label=gettext_lazy("Seduta dell’équipe di zona"),
        required=False,
        empty_label=gettext_lazy("nessuna: una riunione intorno alla persona"),
    )
    day = DayField(label=gettext_lazy("Giorno"), required=False)
    begins = TimeField(label=gettext_lazy("Ora"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Dove"), max_length=120, required=False, help_text=PLACE_HELP, validators=[no_reason]
    )

    def __init__(self, *args, sittings, today, first, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.first = today, first
        self.fields["sitting"].queryset = sittings
        if not sittings:
            del self.fields["sitting"]

    def clean(self):
        data = self.cleaned_data
        if not data.get("sitting") and not data.get("day") and "day" not in self.errors:
            self.add_error("day", _("Scrivi il giorno, oppure scegli una seduta."))
        elif not data.get("sitting") and data.get("day"):
            try:
                # one already held is written afterwards, from the day the case was opened
                if data["day"] < self.today:
                    past_day(data["day"], today=self.today, first=self.first)
                else:
                    coming_day(data["day"], first=self.today)
            except ValidationError as mistake:
                self.add_error("day", mistake)
        return data

    def is_past(self):
        return not self.cleaned_data.get("sitting") and self.cleaned_data["day"] < self.today


@for_kinds(*READERS)
@writes
def person_meetings(request, subject):
    """The meetings held and to be held around a person, and calling one."""
    acting, today = request.acting, timezone.localdate()
    person = get_object_or_404(Person.objects.within(acting), subject_id=subject)
    case = Case.objects.within(acting).of(subject).open().first()
    form = None
    if case and acting.kind in MANAGERS:
        sittings = Sitting.objects.within(acting).coming(today).order_by("day", "id")[:20]
        form = CallForm(request.POST or None, sittings=sittings, today=today, first=case.opened_on)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            if data.get("sitting"):
                meetings.put_on_agenda(sitting=data["sitting"], case=case, by=acting, now=timezone.now())
                messages.success(request, _("È all’ordine del giorno della seduta."))
            else:
                said = {name: data[name] for name in ("day", "begins", "place")}
                row = meetings.call(case=case, **said, by=acting, now=timezone.now())
                if form.is_past():
                    messages.info(request, _("La riunione si è già tenuta: scrivi chi c’era e che cosa si è deciso."))
                    return redirect("record_meeting", row.pk)
                messages.success(request, _("Riunione convocata."))
            return redirect("person_meetings", subject)
    rows = Meeting.objects.within(acting).of(subject).standing().order_by("-day", "-id")
    decisions = MeetingDecision.objects.within(acting).of(subject).to_do().select_related("user")
    context = {
        "person": person,
        "rows": rows[:50],
        "decisions": decisions.order_by("due", "id")[:50],
        "form": form,
        "today": today,
    }
    return render(request, "people/person_meetings.html", context)


@for_kinds(*MANAGERS)
@writes
@require_POST
def withdraw_meeting(request, meeting):
    """A meeting called and not held is called off; in a sitting the person comes off its agenda."""
    row = get_object_or_404(Meeting.objects.within(request.acting).to_hold(), pk=meeting)
    meetings.withdraw(meeting=row, by=request.acting, now=timezone.now())
    if row.sitting_id:
        messages.success(request, _("Tolta dall’ordine del giorno."))
        return redirect("sitting", row.sitting_id)
    messages.success(request, _("Riunione annullata."))
    return redirect("person_meetings", row.subject_id)


def file_line(*, acting, person, case, today, rows):
    """The line of the file's index."""
    if not acting.may(Degree.CASE) or acting.kind not in READERS:
        return None
    last = rows["meetings"]
    coming = [row for row in last if row.held_at is None and row.day >= today]
    to_write = [row for row in last if row.held_at is None and row.day < today]
    held = [row for row in last if row.held_at]
    if coming:
        text = _("la prossima il %(day)s") % {"day": numbers.day(coming[-1].day)}
    elif to_write:
        text = _("quella del %(day)s non ha ancora un verbale") % {"day": numbers.day(to_write[0].day)}
    elif held:
        text = _("l’ultima il %(day)s") % {"day": numbers.day(held[0].day)}
    else:
        text = _("nessuna ancora")
    url = reverse("person_meetings", args=[person.subject_id])
    return Line(title=_("Riunioni"), text=text, url=url, warn=bool(to_write) and acting.kind in MANAGERS)


LINES.append(file_line)
