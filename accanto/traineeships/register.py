"""The register of traineeships over some days, as every page, the printed sheet and the close of the month read it:
what was planned, what was written, who signed, what is closed. A constant number of queries, however many they are."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from accanto.norms.days import is_holiday, month_of
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.host_closure import HostClosure
from accanto.traineeships.monthly_close import MonthlyClose
from accanto.traineeships.passage import Passage, suspensions
from accanto.traineeships.register_signature import RegisterSignature, Signer, signed
from accanto.traineeships.timetable import Timetable, usual_times

NONE = Decimal(0)
ONE_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class RegisterDay:
    """A day of a register. `state` is outside, written, suspended, host_closed, future, open (planned, and nothing
    written) or unplanned. `planned` is none where the traineeship or the host is stopped."""

    traineeship: object
    day: dt.date
    state: str
    planned: Decimal
    row: AttendanceDay | None = None
    times: tuple = ()  # the usual ones, to propose
    closed: bool = False  # its month
    trainee: RegisterSignature | None = None
    host_tutor: RegisterSignature | None = None

    @property
    def is_holiday(self):
        return is_holiday(self.day) and not self.planned

    @property
    def is_weekend(self):
        return self.day.weekday() > 4


@dataclass
class Register:
    """The days of one traineeship, with what stands beside them."""

    traineeship: object
    days: list
    signatures: list = field(default_factory=list)
    closes: list = field(default_factory=list)  # all of them, those reopened too, in their order

    @property
    def rows(self):
        return [day.row for day in self.days if day.row]

    @property
    def hours(self):
        return sum((row.hours for row in self.rows), NONE)

    @property
    def planned(self):
        return sum((day.planned for day in self.days), NONE)

    @property
    def presences(self):
        return sum(1 for row in self.rows if row.hours)

    @cached_property
    def close(self):
        """The close that stands, of the last of its months."""
        return next((one for one in reversed(self.closes) if one.reopened_at is None), None)

    def to_sign(self, signer):
        """What was written and that signer has not confirmed as it is now; a closed month is over."""
        return [
            day.row
            for day in self.days
            if day.row and not day.closed and not (day.trainee if signer == Signer.TRAINEE else day.host_tutor)
        ]


def read(traineeships, first, last, *, acting, today, names=True):
    """The registers of these traineeships from a day to another. `names`: who wrote, signed and closed too."""
    traineeships = list(traineeships)
    ids = [row.pk for row in traineeships]
    here = {"traineeship_id__in": ids}

    def gathered(rows, *who):
        rows = rows.select_related(*who) if names and who else rows
        found = {}
        for row in rows:
            found.setdefault(row.traineeship_id, []).append(row)
        return found

    days = gathered(
        AttendanceDay.objects.within(acting).standing().filter(**here, day__range=(first, last)), "recorded_by"
    )
    passages = gathered(Passage.objects.within(acting).filter(**here).in_order())
    signatures = gathered(
        RegisterSignature.objects.within(acting)
        .filter(**here, first__lte=last, last__gte=first)
        .order_by("signed_at", "id"),
        "signed_by",
    )
    closes = gathered(
        MonthlyClose.objects.within(acting)
        .filter(**here, month__range=(first.replace(day=1), last))
        .order_by("month", "closed_at", "id"),
        "closed_by",
        "reopened_by",
    )
    timetables = gathered(Timetable.objects.within(acting).filter(**here, valid_from__lte=last).in_order())
    closures = HostClosure.objects.standing().periods({row.host_id for row in traineeships}, first, last)
    calendar = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    return [
        _register(
            row,
            calendar,
            known={day.day: day for day in days.get(row.pk, ())},
            stopped=suspensions(passages.get(row.pk, ())),
            shut=closures.get(row.host_id, ()),
            signatures=signatures.get(row.pk, []),
            closes=closes.get(row.pk, []),
            timetables=timetables.get(row.pk, ()),
            today=today,
        )
        for row in traineeships
    ]


def read_month(traineeship, month, *, acting, today):
    """The whole register of one month, which is given by its first day."""
    (found,) = read([traineeship], month, month_of(month).last, acting=acting, today=today)
    return found


def _register(traineeship, calendar, *, known, stopped, shut, signatures, closes, timetables, today):
    closed = {one.month for one in closes if one.reopened_at is None}
    days = []
    for day in calendar:
        row, planned, state = known.get(day), NONE, "outside"
        if traineeship.starts <= day <= traineeship.ends:
            suspended = bool(stopped) and any(period.holds(day) for period in stopped)
            away = bool(shut) and any(period.holds(day) for period in shut)
            planned = NONE if suspended or away else traineeship.planned_hours(day)
            state = (
                "suspended"
                if suspended
                else "host_closed"
                if away
                else "future"
                if day > today
                else "open"
                if planned
                else "unplanned"
            )
        one = RegisterDay(
            traineeship, day, "written" if row else state, planned, row, closed=day.replace(day=1) in closed
        )
        if row:
            one.trainee = signed(signatures, row, Signer.TRAINEE)
            one.host_tutor = signed(signatures, row, Signer.HOST_TUTOR)
        elif planned and state in ("open", "future"):
            one.times = usual_times(timetables, day, planned)
        days.append(one)
    return Register(traineeship, days, signatures, closes)
