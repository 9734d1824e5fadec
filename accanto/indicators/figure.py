"""What was counted, before anything is published: it never leaves this room, `publish.py` is its only reader."""

import datetime as dt
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.core.cache import cache
from django.db import connection

SLOW = 0.2  # seconds beyond which what was counted together is kept
KEPT = 60  # seconds


@dataclass(frozen=True)
class Counted:
    """A value and the persons it is of; where it counts persons the two are the same."""

    value: Decimal
    people: int


NOBODY = Counted(Decimal(0), 0)


@dataclass(frozen=True)
class Count:
    """An indicator of persons on a day, by zone. `counted_at` is earlier than now where a slow count was kept."""

    code: str
    day: dt.date
    zones: Mapping[int, Counted]
    counted_at: dt.datetime


@dataclass(frozen=True)
class Breakdown:
    """The same by zone and group, for each of area, sex and age: {(zone, group): Counted}."""

    code: str
    day: dt.date
    cells: Mapping[str, Mapping[tuple[int, str], Counted]]
    counted_at: dt.datetime


@dataclass(frozen=True)
class ZoneFigure:
    """An indicator about nobody: zones covered, residents for a worker. A zone that is missing has no row, which is
    not 0."""

    code: str
    day: dt.date | None
    region: Decimal | int | None
    zones: Mapping[int, Decimal | int]
    synthetic: bool = False


def kept(key, count, *, now):
    """What `count()` gives and when it was counted. What takes long is kept for a minute; what is quick is always live.

    Long is what was long twice: the first count of a process also plans its queries."""
    slow = f"slow.{key}"
    key = f"{key}.{now:%Y%m%dT%H%M}"  # the moment is part of the question: facts are counted as known at that moment
    found = cache.get(key)
    if found is not None:
        return found
    begun = time.monotonic()
    found = (count(), now)
    if time.monotonic() - begun > SLOW and not cache.add(slow, True, 10 * KEPT):
        cache.set(key, found, KEPT)
    return found


def by_zone(indicators, *, day, now) -> dict[str, Count]:
    """The counts of several indicators, as one set: together they are quick, or together they are kept."""

    def count():
        return {indicator.code: _zones(indicator, day_of(indicator, day), now) for indicator in indicators}

    codes = hashlib.sha256(".".join(indicator.code for indicator in indicators).encode()).hexdigest()
    key = f"by_zone.{codes}.{day}"
    found, at = kept(key, count, now=now)
    return {i.code: Count(i.code, day_of(i, day), found[i.code], at) for i in indicators}


def broken_down(indicator, *, day, now) -> Breakdown:
    """One indicator by zone and area, sex, age. A person is in one cell of each."""
    on = day_of(indicator, day)
    cells, at = kept(f"broken_down.{indicator.code}.{on}", lambda: _cells(indicator, on, now), now=now)
    return Breakdown(indicator.code, on, cells, at)


def by_month(indicator, *, first, last, now) -> dict[dt.date, dict[int, Counted]]:
    """{first day of the month: {zone: Counted}} from one day to another; months with nothing are missing."""

    def count():
        months = {}
        for zone, month, value, people in _rows(f"{_name(indicator)}_by_month(%s, %s, %s)", [first, last, now]):
            months.setdefault(month, {})[zone] = _counted(indicator, value, people)
        return months

    return kept(f"by_month.{indicator.code}.{first}.{last}", count, now=now)[0]


class Row(NamedTuple):
    """One fact that a figure counts, for those who may see whom it is about."""

    id: int
    subject_id: int
    case_id: int
    enters: dt.date
    value: Decimal


def rows_of(indicator, *, zone, day, now, limit, before=None) -> list[Row]:
    """What the figure of a zone counts, as the acting role may see it, newest first; `before` is (day, id) of the last
    row already shown."""
    text = f"select id, subject_id, case_id, enters, value from {_name(indicator)}_rows(%s, %s) where zone_id = %s"
    parameters = [day_of(indicator, day), now, zone]
    if before:
        text += " and (enters, id) < (%s, %s)"
        parameters += before
    with connection.cursor() as cursor:
        cursor.execute(f"{text} order by enters desc, id desc limit %s", [*parameters, limit])
        return [Row(*row) for row in cursor]


def day_of(indicator, day):
    """The day the figure is of. What is counted month by month is of the last month that is over."""
    return day.replace(day=1) - dt.timedelta(days=1) if indicator.monthly else day


def _name(indicator):
    return f"indicator_{indicator.code}"


def _rows(call, parameters):
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {call}", parameters)
        return cursor.fetchall()


def _counted(indicator, value, people):
    return Counted(value if indicator.magnitude else Decimal(people), people)


def _zones(indicator, day, now):
    found = _rows(f"{_name(indicator)}_by_zone(%s, %s)", [day, now])
    return {zone: _counted(indicator, value, people) for zone, value, people in found}


def _cells(indicator, day, now):
    cells = {"area": {}, "sex": {}, "age": {}}
    for zone, area, sex, age, value, people in _rows(f"{_name(indicator)}(%s, %s)", [day, now]):
        counted = _counted(indicator, value, people)
        for way, group in (("area", area), ("sex", sex), ("age", age)):
            before = cells[way].get((zone, group), NOBODY)
            cells[way][zone, group] = Counted(before.value + counted.value, before.people + counted.people)
    return cells
