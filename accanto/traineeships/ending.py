"""What is known of traineeships that ended, as their attestations and dossiers tell it: hours of the register, skills
with their evidence, what still lacks. A constant number of queries, however many they are."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from accanto.norms.attestations import AttestationFacts, attestation
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.evaluation import Evaluation
from accanto.traineeships.evaluation import Moment as EvaluationMoment
from accanto.traineeships.host_closure import HostClosure
from accanto.traineeships.monthly_close import MonthlyClose
from accanto.traineeships.passage import Passage, suspensions
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
    today: dt.date
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
    found = {row.pk: Ending(row, today) for row in rows}
    for skill in Skill.objects.within(acting).standing().filter(subject__in=subjects, **here).order_by("seen_on", "id"):
        found[skill.traineeship_id].skills.append(skill)
    closed = Evaluation.objects.within(acting).standing().filter(moment=EvaluationMoment.FINAL, subject__in=subjects)
    for pk in closed.filter(**here).values_list("traineeship_id", flat=True).order_by():
        found[pk].final_evaluation = True
    days = gathered(AttendanceDay.objects.within(acting).standing().filter(subject__in=subjects), here, "day", "hours")
    closes = gathered(MonthlyClose.objects.within(acting).standing().filter(subject__in=subjects), here, "month")
    passages = {}
    for passage in Passage.objects.within(acting).filter(subject__in=subjects, **here).in_order():
        passages.setdefault(passage.traineeship_id, []).append(passage)
    first, last = min(row.starts for row in rows), max(row.ends for row in rows)
    closures = HostClosure.objects.standing().periods({row.host_id for row in rows}, first, last)
    for row in rows:
        stopped = (*suspensions(passages.get(row.pk, ())), *closures.get(row.host_id, ()))
        count(found[row.pk], dict(days.get(row.pk, ())), {month for (month,) in closes.get(row.pk, ())}, stopped, today)
    return found


def gathered(rows, here, *columns):
    """{traineeship id: [(columns)]}: a year of days is hundreds of rows, of which only these are wanted."""
    found = {}
    for pk, *values in rows.filter(**here).values_list("traineeship_id", *columns).order_by():
        found.setdefault(pk, []).append(tuple(values))
    return found


def count(ending, known, closed, stopped, today):
    """The months of one traineeship from its days: `known` {day: hours}, `closed` months, periods it was `stopped`."""
    row = ending.traineeship
    calendar = {row.starts + dt.timedelta(days=n) for n in range((row.ends - row.starts).days + 1)}
    months = {}
    for day in sorted(calendar | set(known)):
        month = day.replace(day=1)
        if month not in months:
            months[month] = MonthDone(month, NONE, NONE, 0, month in closed)
        one, hours = months[month], known.get(day)
        planned = NONE if any(period.holds(day) for period in stopped) else row.planned_hours(day)
        one.planned += planned
        if hours is not None:
            one.hours += hours
            one.presences += bool(hours)
        elif planned and day <= today and not one.closed:
            ending.open_days.append(day)
    ending.months = list(months.values())


def municipality_of(row, seats):
    """Where it was done: that of the seat named in the plan, or of the host's own. `seats` are those of the host."""
    said = "" if row.listed_seat_id else row.seat.strip().lower()
    for seat in seats:
        if row.listed_seat_id == seat.pk or said in (seat.name.lower(), f"{seat.name}, {seat.municipality}".lower()):
            return seat.municipality.name
    return row.host.municipality.name
