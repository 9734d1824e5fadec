"""What is due in the course of a traineeship: visits, what was agreed in them, evaluations to answer and to close."""

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.gathering import ASKING, Among, Given, Part
from accanto.access.role import Degree, Kind
from accanto.traineeships import evaluation
from accanto.traineeships.evaluation import PARTY_OF, EvaluationAnswer, Moment
from accanto.traineeships.visit import VISITORS, Visit, VisitTask, agreed_with_host
from accanto.web.due import AHEAD, Due, Weight

TASKS_OF = {
    Kind.THIRD_SECTOR_TUTOR: (VisitTask.Party.TUTOR, VisitTask.Party.TRAINEE, VisitTask.Party.HOST),
    Kind.CASE_MANAGER: (VisitTask.Party.CASE_MANAGER,),
    Kind.SOCIAL_WORKER: (VisitTask.Party.CASE_MANAGER,),
    Kind.EMPLOYMENT_OPERATOR: (VisitTask.Party.EMPLOYMENT_OPERATOR,),
    Kind.PERSON: (VisitTask.Party.TRAINEE,),
}
STALE = evaluation.OPENS_BEFORE * 4  # after its day
TITLES = {
    (Moment.MID, True): gettext_lazy("Come va il tirocinio: valutazione intermedia"),
    (Moment.FINAL, True): gettext_lazy("Come è andato il tirocinio: valutazione finale"),
    (Moment.MID, False): gettext_lazy("Valutazione intermedia da chiudere"),
    (Moment.FINAL, False): gettext_lazy("Valutazione finale da chiudere"),
}
CLOSERS = (Kind.THIRD_SECTOR_TUTOR, Kind.CASE_MANAGER, Kind.SOCIAL_WORKER)


def of_trainees(acting, here, today):
    """For the tutors: of these traineeships, with their persons, in as many queries however many they are."""
    by_id = {row.pk: row for row in here}
    of_these = {"traineeship__in": list(by_id), "subject__in": [row.subject_id for row in here]}
    visits = Visit.objects.to_make().filter(day__lte=today + AHEAD, **of_these).order_by("day", "id")
    people = {row.subject_id: row.person for row in here}
    found = visits_due(acting, visits.select_related("visitor"), people, today)
    if acting.kind in VISITORS:
        tasks = VisitTask.objects.within(acting).to_do().filter(subject__in=people).order_by("due", "id")
        found += tasks_due(acting, tasks.select_related("visit"), people, today)
    else:
        found += agreed_due(agreed_with_host(by_id), by_id, today)
    answers = EvaluationAnswer.objects.standing().filter(party=PARTY_OF[acting.kind], **of_these)
    return found + evaluations_due(
        acting,
        here,
        answered=set(answers.order_by().values_list("traineeship_id", "moment")),
        closed=set(evaluation.closed_days(here)),
        people=people,
        today=today,
    )


def of_cases(acting, by_subject, rows, today):
    """For the services and for the person: `rows` are those of `DUES`."""
    people = {subject: case.person for subject, case in by_subject.items()}
    visits = [row for row in rows["visits_to_make"] if row.day <= today + AHEAD]
    prefetch_related_objects(visits, "visitor")
    found = visits_due(acting, visits, people, today)
    found += tasks_due(acting, rows["visit_tasks_to_do"], people, today)
    party = PARTY_OF.get(acting.kind)
    if party is None:
        return found
    return found + evaluations_due(
        acting,
        rows["traineeships_started"],
        answered={(row.traineeship_id, row.moment) for row in rows["evaluation_answers"] if row.party == party},
        closed={(row.traineeship_id, row.moment) for row in rows["evaluations_closed"]},
        people=people,
        today=today,
    )


PARTS = {
    # the visits one makes to people somebody else answers for
    "visits_of_others": Part(
        Degree.REGISTER,
        Visit.objects.within(ASKING)
        .to_make()
        .filter(visitor=ASKING.user, day__lte=Given("ahead"))
        .exclude(Among("subject_id", Given("subjects")))
        .order_by("day", "id"),
        most=60,
    )
}


def visits_due(acting, rows, people, today):
    """A visit to come is an event; one whose day is past is to be written, or moved, by who makes visits."""
    found = []
    for row in rows:
        writes, past = acting.kind in VISITORS, row.day < today
        mine = row.visitor_id == acting.user.pk
        if past and not (writes and (mine or acting.kind in CLOSERS)):
            continue
        ready = writes and mine and row.day <= today
        found.append(
            Due(
                title=_("Visita da scrivere o spostare") if past else _("Visita di tutoraggio"),
                what=gettext_lazy("visite di tutoraggio"),
                person=people[row.subject_id],
                when=row.day,
                url=reverse("write_visit", args=[row.pk]) if ready else reverse("visits", args=[row.traineeship_id]),
                label=_("Scrivila") if ready else _("Vedi"),
                note=row.get_mode_display() if mine else f"{row.get_mode_display()}, {row.visitor}",
                is_event=not past,
                weight=Weight.USUAL,
            )
        )
    return found


def tasks_due(acting, rows, people, today):
    """What was agreed in a visit. What the person and the host are to do is in the day of the tutor too, who sees that
    it is done."""
    parties = TASKS_OF[acting.kind]
    return [
        Due(
            title=row.text,
            what=gettext_lazy("accordi presi in una visita"),
            person=people[row.subject_id],
            when=row.due,
            since=timezone.localdate(row.recorded_at),
            url=reverse("visits", args=[traineeship_of(row)]),
            label=_("Fatto") if acting.kind in VISITORS else _("Vedi"),
            note=_("concordato in una visita")
            if acting.kind == Kind.PERSON
            else _("concordato in una visita: %(who)s") % {"who": row.get_party_display()},
            done_url=reverse("visit_task_done", args=[row.pk]) if acting.kind in VISITORS else "",
        )
        for row in rows
        if row.party in parties and (row.due is None or row.due <= today + AHEAD)
    ]


def agreed_due(rows, by_id, today):
    """For the host's own people, who read of a visit nothing else and mark nothing done: who made it does."""
    return [
        Due(
            title=row.text,
            what=gettext_lazy("accordi presi in una visita"),
            person=by_id[row.traineeship].person,
            when=row.due,
            since=row.visited_on,
            url=reverse("traineeship", args=[row.traineeship]) + "#agreed",
            label=_("Vedi"),
            note=_("concordato in una visita; quando è fatto dillo al tutor"),
        )
        for row in rows
        if row.due is None or row.due <= today + AHEAD
    ]


def traineeship_of(task):
    """Of a row of the file, that its statement says; of one read here, that of its visit."""
    return task.of_traineeship if hasattr(task, "of_traineeship") else task.visit.traineeship_id


def evaluations_due(acting, traineeships, *, answered, closed, people, today):
    """One's own answer from when one may give it; and, once its day is past, the closing. Both days are a choice of the
    system: what nobody answered for months is no longer asked."""
    found = []
    for row in traineeships:
        for moment in Moment:
            if (row.pk, moment) in closed or row.subject_id not in people:
                continue
            due = evaluation.due_on(row, moment)
            if not evaluation.opens_on(row, moment) <= today <= due + STALE:
                continue
            own = (row.pk, moment) not in answered
            if not own and not (acting.kind in CLOSERS and due <= today):
                continue
            found.append(
                Due(
                    title=TITLES[moment, own],
                    what=gettext_lazy("valutazioni dei tirocini"),
                    person=people[row.subject_id],
                    when=due,
                    url=reverse("evaluation_answer", args=[row.pk, moment, PARTY_OF[acting.kind]])
                    if own
                    else reverse("evaluations", args=[row.pk]),
                    label=_("Rispondi") if own else _("Chiudi"),
                    weight=Weight.TARGET,
                )
            )
    return found
