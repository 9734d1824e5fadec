"""How a traineeship is going, on its page: the next visit and the last one, the two evaluations, the skills, and how
much of the time is used. Each has a page of its own."""

from types import SimpleNamespace

from django.utils.translation import gettext_lazy

from accanto.access.role import Degree, Kind
from accanto.norms import months_used
from accanto.norms.months_used import Per, Stretch
from accanto.norms.reader import in_force
from accanto.traineeships import evaluation
from accanto.traineeships.evaluation import Moment
from accanto.traineeships.extension import Extension
from accanto.traineeships.facts import suspensions
from accanto.traineeships.skill import Skill
from accanto.traineeships.traineeship import STARTED, Traineeship
from accanto.traineeships.traineeship import Kind as TraineeshipKind
from accanto.traineeships.visit import VISITORS, Visit, agreed_with_host

PER = {
    Per.PERSON: gettext_lazy("tutti i tirocini della persona"),
    Per.PLAN: gettext_lazy("questo progetto, con le sue proroghe"),
    Per.HOST: gettext_lazy("i tirocini della persona in questo ospitante"),
}


def course_of(row, acting, today):
    """The lines that lead to visits, evaluations and skills; None before it begins."""
    if row.state not in STARTED:
        return None
    visits = Visit.objects.within(acting).of(row.subject_id).standing().filter(traineeship=row)
    visits = list(visits.only("subject", "zone", "day", "held_at").order_by("day", "id"))
    to_make = [one.day for one in visits if one.held_at is None]
    held = [one.day for one in visits if one.held_at is not None]
    sees_all = acting.kind != Kind.HOST_TUTOR
    closed, skills = evaluation.closed_days([row]), None
    if sees_all:
        skills = Skill.objects.within(acting).of(row.subject_id).standing().filter(traineeship=row).count()
    return SimpleNamespace(
        next_visit=to_make[0] if to_make else None,
        visit_is_late=bool(to_make) and to_make[0] < today,
        last_visit=held[-1] if held else None,
        visits=len(held),
        may_visit=acting.kind in VISITORS,
        today=today,
        agreed=agreed_with_host([row.pk]) if acting.kind == Kind.HOST_TUTOR else [],
        evaluations=[
            SimpleNamespace(moment=moment, due=evaluation.due_on(row, moment), closed_on=closed.get((row.pk, moment)))
            for moment in Moment
        ],
        skills=skills,
        sees_skills=sees_all,
    )


def time_of(row, sheets, acting, today):
    """The counters of suspension, extension and months; None for who does not read the plan, or where no limit of
    months is known."""
    if row.state not in STARTED or row.kind != TraineeshipKind.TIS or not acting.may(Degree.TRAINEESHIP_PLAN):
        return None
    others = Traineeship.objects.within(acting).of(row.subject_id).filter(kind=row.kind, state__in=STARTED)
    others = others.exclude(pk=row.pk).order_by("starts", "id").values_list("starts", "ends", "host_id")
    numbers = in_force(today)
    limit, more = numbers["tis.max_months"], numbers["tis.extension_months"]
    suspended = months_used.suspended_days(suspensions(sheets.passages), first=row.starts, last=min(today, row.ends))
    extensions = Extension.objects.within(acting).of(row.subject_id).filter(traineeship=row)
    counted = months_used.counts(
        Stretch(row.starts, row.ends, row.host_id),
        [Stretch(*one) for one in others],
        day=today,
        numbers=numbers,
    )
    return SimpleNamespace(
        suspended=suspended,
        extensions=extensions.count(),
        earlier=len(others),
        rows=[SimpleNamespace(label=PER[one.per], count=one) for one in counted],
        limit=limit,
        longest=limit.integer() + more.integer() if limit.known and more.known else None,
        cautions=months_used.cautions(suspended=suspended, numbers=numbers),
    )
