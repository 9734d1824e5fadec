"""What is known of traineeships that ended, as their attestations and dossiers tell it: hours of the register, skills
with their evidence, what still lacks. A constant number of queries, however many they are."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from accanto.norms.attestations import AttestationFacts, attestation
from accanto.traineeships import register
from accanto.traineeships.evaluation import Evaluation
from accanto.traineeships.evaluation import Moment as EvaluationMoment
from accanto.traineeships.skill import Skill

NONE = Decimal(0)


@dataclass
class MonthDone:
    month: dt.date
    hours: Decimal
    planned: Decimal
    presences: int
    closed: bool


@dataclass
class Ending:
    """Of one traineeship."""

    traineeship: object
    months: list = field(default_factory=list)
    open_days: list = field(default_factory=list)
    skills: list = field(default_factory=list)
    final_evaluation: bool = False

    @property
    def hours(self):
        return sum((month.hours for month in self.months), NONE)

    @property
    def presences(self):
        return sum(month.presences for month in self.months)

    @property
    def open_months(self):
        return [month.month for month in self.months if not month.closed]

    def findings(self, *, on, activities):
        row = self.traineeship
        facts = AttestationFacts(
            state=row.state,
            open_days=tuple(self.open_days),
            open_months=tuple(self.open_months),
            hours=float(self.hours),
            skills=len(self.skills),
            activities=bool(activities.strip()),
            final_evaluation=self.final_evaluation,
            promoter=row.promoter_id is not None,
        )
        return attestation(facts, on=on)


def of(rows, *, acting, today):
    """{traineeship id: Ending}, up to the last day of each."""
    rows = list(rows)
    if not rows:
        return {}
    here = {"traineeship_id__in": [row.pk for row in rows]}
    subjects = {row.subject_id for row in rows}
    found = {row.pk: Ending(row) for row in rows}
    for skill in Skill.objects.within(acting).standing().filter(subject__in=subjects, **here).order_by("seen_on", "id"):
        found[skill.traineeship_id].skills.append(skill)
    closed = Evaluation.objects.within(acting).standing().filter(moment=EvaluationMoment.FINAL, subject__in=subjects)
    for pk in closed.filter(**here).values_list("traineeship_id", flat=True).order_by():
        found[pk].final_evaluation = True
    first, last = min(row.starts for row in rows), max(row.ends for row in rows)
    for one in register.read(rows, first, last, acting=acting, today=today, names=False):
        ending = found[one.traineeship.pk]
        by_month = {}
        for day in one.days:
            if day.state != "outside":
                by_month.setdefault(day.day.replace(day=1), []).append(day)
        for month, days in by_month.items():
            ending.months.append(
                MonthDone(
                    month=month,
                    hours=sum((day.row.hours for day in days if day.row), NONE),
                    planned=sum((day.planned for day in days), NONE),
                    presences=sum(1 for day in days if day.row and day.row.hours),
                    closed=days[0].closed,
                )
            )
        ending.open_days = [day.day for day in one.days if day.state == "open" and not day.closed]
    return found


def municipality_of(row, seats):
    """Where it was done: that of the seat named in the plan, or of the host's own. `seats` are those of the host."""
    for seat in seats:
        if row.seat and row.seat.strip().lower() in (seat.name.lower(), f"{seat.name}, {seat.municipality}".lower()):
            return seat.municipality.name
    return row.host.municipality.name
