"""La mia giornata: what is due for who acts now, overdue first, each thing with the one press or page that does it."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.gathering import Gathering, Given, Part
from accanto.access.role import Degree, Kind
from accanto.cases import meeting as meetings
from accanto.cases.case import Case
from accanto.cases.case_team import CaseMember
from accanto.cases.meeting import MeetingDecision
from accanto.cases.personal_plan import PlanAction
from accanto.people.person import Person
from accanto.web import (
    agenda,
    control_agenda,
    course_agenda,
    ending_agenda,
    matching_agenda,
    meeting_agenda,
    office_agenda,
    payment_agenda,
    place_agenda,
    referral_agenda,
    register_agenda,
    signing_agenda,
)
from accanto.web.due import AHEAD, ANYTHING, Together, Weight
from accanto.web.frame import PLANNERS, TUTORS
from accanto.web.people import FILE_READERS, WORKERS

MOST_CASES, SHOWN, UNDONE, LONG, MANY = 300, 60, 20, 40, 3
AROUND = (*WORKERS, Kind.HEALTH_WORKER, Kind.PERSON)  # who reads the meetings of a case
KINDS = (*AROUND, *TUTORS, *PLANNERS, Kind.DATA_PROTECTION_OFFICER, Kind.ADMINISTRATOR, Kind.INSPECTOR)
REMINDED = (*KINDS, Kind.REFERRER)


def my_cases(acting):
    """The open cases one answers for: those one manages; for the employment operator, those whose team one is in."""
    cases = Case.objects.within(acting).open().select_related("person")
    if acting.kind == Kind.EMPLOYMENT_OPERATOR:
        member = CaseMember.objects.within(acting).live().filter(user=acting.user)
        return cases.filter(pk__in=member.values("case_id"))
    if not acting.reads_by_zone:  # the relation is the answer
        return cases
    return cases.managed_by(acting.user)


# what is due around the people one follows, and what was marked done today
DAY = Gathering(
    **agenda.DUES,
    decisions_done=Part(Degree.CASE, MeetingDecision.objects.standing().filter(done_on=Given("today")).order_by("-id")),
    actions_done=Part(Degree.PLAN, PlanAction.objects.standing().filter(done_on=Given("today")).order_by("-id")),
)
# what the office of a zone follows, and is nobody's file; each part is asked of who has its degree
OFFICE = Gathering(
    meeting_agenda.PARTS
    | course_agenda.PARTS
    | referral_agenda.PARTS
    | ending_agenda.PARTS
    | place_agenda.PARTS
    | payment_agenda.PARTS
    | control_agenda.PARTS
    | signing_agenda.PARTS
    | matching_agenda.PARTS
)


def dues_of(acting, *, today):
    """All that is due for this role, in order, the cases it follows, and the rows of `DAY` around them."""
    cases = list(my_cases(acting).order_by("opened_on", "id")[:MOST_CASES])
    rows = DAY.of([case.subject_id for case in cases], acting=acting, today=today, **agenda.days(today))
    if acting.kind == Kind.PERSON:
        mine = agenda.of_person(acting=acting, cases=cases, today=today, rows=rows)
        mine += register_agenda.of_own(acting=acting, today=today)
        mine += ending_agenda.of_own(acting=acting, today=today)
        return sorted(mine, key=lambda due: due.order(today)), cases, rows
    found = agenda.of_cases(acting=acting, cases=cases, today=today, rows=rows)
    if acting.reads_by_zone:
        found += of_office(acting, cases, today)
    found.sort(key=lambda due: due.order(today))
    return found, cases, rows


def of_office(acting, cases, today):
    """All that the zone's office follows: one statement, one more for the names, and one for each of the two kinds of
    things that are rarely there."""
    given = referral_agenda.days(today) | ending_agenda.days(today) | payment_agenda.days(today)
    given |= {"today": today, "ahead": today + AHEAD, "subjects": [case.subject_id for case in cases]}
    rows = OFFICE.of_zone(acting=acting, **given)
    people = people_of(rows, cases, acting)
    rest = [
        *meeting_agenda.of_others(rows["decisions_of_others"], people, acting),
        *course_agenda.visits_due(acting, rows["visits_of_others"], people, today),
        *referral_agenda.of_zone(rows, people),
        *place_agenda.of_zone(rows),
        *payment_agenda.of_zone(rows, acting, today),
        *control_agenda.of_zone(rows["anomalies"]),
        *signing_agenda.of_collector(rows["signings"], acting),
        *matching_agenda.of_team(rows, acting),
    ]
    after = ending_agenda.of_managed(rows["traineeships_ended"], people, today)
    return [*ending_agenda.once(rest, after), *after]


def people_of(rows, cases, acting):
    """{subject: its person} of all these rows and cases; None of a subject that has no name yet."""
    people = {case.subject_id: case.person for case in cases}
    lacking = {row.subject_id for part in rows.values() for row in part if hasattr(row, "subject_id")} - people.keys()
    if lacking:
        people |= dict.fromkeys(lacking)
        people |= {row.subject_id: row for row in Person.objects.within(acting).filter(subject__in=lacking)}
    return people


def all_dues(acting, *, today, now):
    """What is due for any role that has a day, in order; and for who refers, who has none, what was answered."""
    if acting.kind == Kind.REFERRER:
        return referral_agenda.answers_told(acting=acting, today=today)
    if acting.kind in AROUND:
        return dues_of(acting, today=today)[0]
    if acting.kind in TUTORS:
        return register_agenda.of_trainees(acting=acting, today=today)[0]
    return office_agenda.of_office(acting=acting, today=today, now=now)


@dataclass(frozen=True)
class Undo:
    title: str
    person: object
    url: str


def done_today(acting, cases, rows):
    """What was marked done today, which a press opens again."""
    people = {case.subject_id: case.person for case in cases}
    found = [
        Undo(row.text, people[row.subject_id], reverse("decision_reopened", args=[row.pk]))
        for row in meeting_agenda.own(rows["decisions_done"], acting)[:UNDONE]
    ]
    actions = [
        row for row in rows["actions_done"] if acting.kind != Kind.PERSON or row.party == PlanAction.Party.PERSON
    ]
    return found + [
        Undo(row.text, people[row.subject_id], reverse("action_reopened", args=[row.pk])) for row in actions[:UNDONE]
    ]


PARTS = ("stops", "overdue", "now", "waiting", "coming")


def part_of(due, today):
    """What stops a payment, a start or a benefit stands first, though nothing sets it a day."""
    if due.when is None and due.weight == Weight.STOPS:
        return "stops"
    return PARTS[1 + due.order(today)[0]]


def in_parts(dues, *, today):
    """What stops something, what is late, what is of today, what waits without a day, what is coming; and how many are
    not shown."""
    found = {name: [due for due in dues if part_of(due, today) == name] for name in PARTS}
    shown = {name: rows[:SHOWN] for name, rows in found.items()}
    return shown | {"hidden": len(dues) - sum(len(rows) for rows in shown.values())}


def narrowed(request, dues):
    """A long day by one kind of thing or by one person. The words of the kinds are those that may leave the pages."""
    kinds = sorted({str(due.what) for due in dues})
    people = sorted({due.person for due in dues if due.person}, key=lambda person: (str(person), person.pk))
    kind, who = request.GET.get("what", ""), request.GET.get("who", "")
    kind = kind if kind in kinds else ""
    who = next((person for person in people if str(person.subject_id) == who), None)
    narrow = None
    if len(dues) > LONG or kind or who:
        narrow = {"kinds": kinds, "people": people, "kind": kind, "who": who, "is_on": bool(kind or who)}
        dues = [due for due in dues if kind in ("", str(due.what)) and (who is None or due.person == who)]
    return dues, narrow


def key_of(due, today):
    """What lines have alike that may stand as one."""
    return due.together or (str(due.title), str(due.what)), part_of(due, today)


def leads_to_all(due):
    """What says the same of different people opens as a day of that kind alone. What is done by one press stays a line
    each, and so does what has no kind that may be named."""
    if not due.person or due.what is ANYTHING or due.done_url:
        return None
    return Together(due.title, f"{reverse('my_day')}?{urlencode({'what': str(due.what)})}", _("Vedi"))


def gathered(dues, *, today):
    """Many lines that are done on one page, as one line with the first names, where the first of them stood; and so of
    many that say the same of different people, which open as a day of that kind alone."""
    many = {}
    for due in dues:
        many.setdefault(key_of(due, today), []).append(due)
    found = []
    for due in dues:
        rows, together = many[key_of(due, today)], due.together or leads_to_all(due)
        if not together or len(rows) < MANY:
            found.append(due)
        elif due is rows[0]:
            names = ", ".join(str(row.person) for row in rows[: MANY - 1])
            note = _("%(names)s e altre %(count)s") % {"names": names, "count": len(rows) - MANY + 1}
            if len(rows) == MANY:
                note = ", ".join(str(row.person) for row in rows)
            found.append(
                replace(
                    due,
                    title=f"{together.title}: {len(rows)}",
                    url=together.url,
                    label=together.label,
                    person=None,
                    note=note,
                )
            )
    return found


@for_kinds(*KINDS)
def my_day(request):
    """What is due, overdue first and then what is of today, each with the one thing to do."""
    acting, today = request.acting, timezone.localdate()
    if acting.kind not in AROUND:
        return day_without_cases(request, today)
    dues, cases, rows = dues_of(acting, today=today)
    dues, narrow = narrowed(request, dues)
    if acting.kind != Kind.PERSON and not (narrow and narrow["is_on"]):
        dues = gathered(dues, today=today)
    context = {
        "today": today,
        **in_parts(dues, today=today),
        "narrow": narrow,
        "cases": len(cases),
        "may_refer": acting.may(Degree.CASE, write=True),
        "no_links": acting.kind not in FILE_READERS,
        "done": done_today(acting, cases, rows),
    }
    template = "people/own_day.html" if acting.kind == Kind.PERSON else "people/my_day.html"
    return render(request, template, context)


def day_without_cases(request, today):
    """The day of tutors, who have trainees, and of the offices, who have terms and figures."""
    acting, trainees = request.acting, None
    if acting.kind in TUTORS:
        dues, trainees = register_agenda.of_trainees(acting=acting, today=today)
    else:
        dues = office_agenda.of_office(acting=acting, today=today, now=timezone.now())
    dues, narrow = narrowed(request, dues)
    if not (narrow and narrow["is_on"]):
        dues = gathered(dues, today=today)
    context = {"today": today, **in_parts(dues, today=today), "narrow": narrow, "trainees": trainees, "no_links": True}
    return render(request, "people/other_day.html", context)


def own_decision_or_404(request, decision, *, done):
    rows = MeetingDecision.objects.within(request.acting).standing().filter(done_on__isnull=not done)
    return get_object_or_404(rows, pk=decision)


@for_kinds(*AROUND)
@writes
@require_POST
def decision_done(request, decision):
    """What was decided in a meeting is done today."""
    row = own_decision_or_404(request, decision, done=False)
    try:
        meetings.fulfil(decision=row, on=timezone.localdate(), by=request.acting, now=timezone.now())
    except meetings.NotYours:
        raise Http404 from None
    messages.success(request, _("Fatto: «%(text)s».") % {"text": row.text})
    return back(request, row)


@for_kinds(*AROUND)
@writes
@require_POST
def decision_reopened(request, decision):
    """It was marked done by mistake."""
    row = own_decision_or_404(request, decision, done=True)
    try:
        meetings.reopen(decision=row, by=request.acting, now=timezone.now())
    except meetings.NotYours:
        raise Http404 from None
    messages.success(request, _("Di nuovo da fare: «%(text)s».") % {"text": row.text})
    return back(request, row)


def back(request, row):
    return redirect("my_day") if request.POST.get("back") == "my_day" else redirect("meeting", row.meeting_id)
