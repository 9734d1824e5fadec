"""Whether the hours of a place fit into when somebody may be out, with the way there and back."""

from collections import defaultdict
from functools import cache

from accanto.traineeships.matching.instance import Shift, Span

ANY_WAY = 9000  # no limit: more minutes than any way
NO_WAY = -1
DAY_MOST = 8 * 60  # a day's minutes at a place whose timetable is still to agree
HOUR = 60
PARTS = (
    (Shift.NIGHT, 0, 6 * HOUR),
    (Shift.MORNING, 6 * HOUR, 13 * HOUR),
    (Shift.AFTERNOON, 13 * HOUR, 19 * HOUR),
    (Shift.EVENING, 19 * HOUR, 22 * HOUR),
    (Shift.NIGHT, 22 * HOUR, 24 * HOUR),
)
WEEKEND = (5, 6)


def spare(out: tuple[Span, ...] | None, works: tuple[Span, ...] | None, hours_least: int) -> int:
    """The longest way, in minutes, with which the hours fit; NO_WAY where they do not even next door.

    Spans that touch are one: who may be out from 8 to 12 and from 12 to 16 may work from 9 to 15."""
    if out is None:
        return ANY_WAY
    days = joined(out)
    return agreed_spare(days, hours_least) if works is None else fixed_spare(days, works)


@cache
def joined(spans: tuple[Span, ...]) -> dict[int, tuple[tuple[int, int], ...]]:
    days = defaultdict(list)
    for weekday, begins, ends in sorted(spans):
        if days[weekday] and begins <= days[weekday][-1][1]:
            days[weekday][-1] = (days[weekday][-1][0], max(ends, days[weekday][-1][1]))
        else:
            days[weekday].append((begins, ends))
    return {weekday: tuple(day) for weekday, day in days.items()}


def fixed_spare(days, works) -> int:
    """Each span of work is reached from home and left for home."""
    least = ANY_WAY
    for weekday, begins, ends in works:
        room = [min(begins - opens, closes - ends) for opens, closes in days.get(weekday, ())]
        least = min(least, max(room, default=NO_WAY))
    return max(least, NO_WAY)


def agreed_spare(days, hours_least) -> int:
    """The hours still to agree fit where the spans, less the way, hold as many, with no day over `DAY_MOST`."""

    def holds(way):
        day = (max([0, *(ends - begins - 2 * way for begins, ends in spans)]) for spans in days.values())
        return sum(min(minutes, DAY_MOST) for minutes in day) >= max(hours_least * HOUR, 1)

    if not holds(0):
        return NO_WAY
    low, high = 0, 12 * HOUR
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


@cache
def shifts_of(works: tuple[Span, ...] | None) -> frozenset[Shift]:
    """The parts of the day a timetable takes more than an hour of (all of a shorter span), and the week-end."""
    if works is None:
        return frozenset()
    found = set()
    for weekday, begins, ends in works:
        enough = min(HOUR, (ends - begins) // 2)
        found |= {part for part, opens, closes in PARTS if min(ends, closes) - max(begins, opens) > enough}
        found |= {Shift.WEEKEND} if weekday in WEEKEND else set()
    return frozenset(found)
