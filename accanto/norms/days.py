"""Months, terms and Italian holidays. No clock: every day is passed in."""

import calendar
import functools
from dataclasses import dataclass
from datetime import date, timedelta

import holidays

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From a day to a day, both included; an open end is None."""

    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def days(self) -> int:
        """Days of a closed period, 0 where it is open or upside down."""
        return max(0, (self.last - self.first).days + 1) if self.last else 0


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last of the month where that month is shorter."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_day(start: date, months: int) -> date:
    """The last day of `months` months begun on `start`: start + N months - 1 day (ACC-MONTHS)."""
    return add_months(start, months) - ONE_DAY


def months_touched(start: date, end: date) -> int:
    """How many months, begun ones included, lie between two days: 15/01 to 14/02 is 1, to 15/02 is 2."""
    if end < start:
        return 0
    months = max(0, (end.year - start.year) * 12 + end.month - start.month - 1)
    while last_day(start, months) < end:
        months += 1
    return months


def age_on(birth: date, day: date) -> int:
    """Completed years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def month_of(day: date) -> Period:
    """The calendar month a day is in."""
    return Period(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


@functools.cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("IT", years=year).keys())


def is_holiday(day: date) -> bool:
    """Sundays and national holidays. Patron saints' days differ by town and are not here."""
    return day.weekday() == calendar.SUNDAY or day in _holidays(day.year)


def is_working_day(day: date) -> bool:
    """Monday to Friday, holidays aside."""
    return day.weekday() < calendar.SATURDAY and not is_holiday(day)


def first_not_holiday(day: date) -> date:
    while is_holiday(day):
        day += ONE_DAY
    return day


def working_days_after(day: date, count: int) -> date:
    """The `count`-th working day after a day, which itself is not counted."""
    while count > 0:
        day += ONE_DAY
        count -= is_working_day(day)
    return day


def overlap(one: Period, other: Period) -> int:
    """Days two periods share; an open end lasts as long as the other."""
    lasts = [period.last for period in (one, other) if period.last]
    if not lasts:
        return 0
    return Period(max(one.first, other.first), min(lasts)).days
