"""The hours of a day from when one came in and went out. Times are minutes from midnight, 1440 the midnight that ends
the day: in, out, and where there was a pause in and out again. No clock: every time is passed in."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from accanto.norms.text import Text

DAY = 24 * 60
MOST_SPANS = 2
CENT = Decimal("0.01")
_TIME = r"(\d{1,2})(?:[:.h](\d{2}))?"
_SPAN = re.compile(rf"{_TIME}\s*(?:-|–|—|/)\s*{_TIME}")
_BETWEEN = re.compile(r"[\s,;+]*(?:\be\b|\band\b)?[\s,;+]*")
Times = tuple[int, ...]


class NoTimes(ValueError):
    """What was written is no «from - to» of a day."""


def read(text: str) -> Times:
    """`9-13`, `9:00–13.00, 14-17:30` as minutes. Raises NoTimes; whether they are in order is for the rule to say."""
    found: list[int] = []
    rest = text.strip()
    while rest:
        span = _SPAN.match(rest)
        if span is None or len(found) == 2 * MOST_SPANS:
            raise NoTimes
        for hour, minute in ((span[1], span[2]), (span[3], span[4])):
            found.append(_minutes(int(hour), int(minute or 0)))
        rest = rest[span.end() :]
        between = _BETWEEN.match(rest)
        rest = rest[between.end() :] if between else rest
    if not found:
        raise NoTimes
    return tuple(found)


def _minutes(hour: int, minute: int) -> int:
    if minute > 59 or hour * 60 + minute > DAY:
        raise NoTimes
    return hour * 60 + minute


def written(times: Sequence[int]) -> str:
    """The one way a signature and a printed register write them: `09:00-13:00 14:00-17:00`."""
    return " ".join(f"{clock(first)}-{clock(last)}" for first, last in spans(times))


def short(times: Sequence[int]) -> str:
    """As people type them: `9-13`, `8:30-12:30, 14-17`. `read` understands it."""
    return ", ".join(f"{_bare(first)}-{_bare(last)}" for first, last in spans(times))


def _bare(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}" if minutes % 60 else f"{minutes // 60}"


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def spans(times: Sequence[int]) -> Iterator[tuple[int, int]]:
    return zip(times[::2], times[1::2], strict=False)


def in_order(times: Sequence[int]) -> bool:
    """In, out, in, out: each later than the one before, within one day, two spans at most."""
    return (
        len(times) % 2 == 0
        and len(times) <= 2 * MOST_SPANS
        and all(0 <= time <= DAY for time in times)
        and all(before < after for before, after in pairwise(times))
    )


def hours(times: Sequence[int]) -> Decimal:
    """Hours to the hundredth: 20 minutes are 0.33. No number of minutes lies halfway between two hundredths."""
    minutes = sum(last - first for first, last in spans(times))
    return (Decimal(minutes) / 60).quantize(CENT, ROUND_HALF_UP)


def shared(one: Sequence[int], other: Sequence[int]) -> Times:
    """The first stretch that two days have in common, or nothing. Going out as the other comes in is no stretch."""
    for first, last in spans(one):
        for begins, ends in spans(other):
            if max(first, begins) < min(last, ends):
                return max(first, begins), min(last, ends)
    return ()


def minutes_ahead(theirs: datetime, ours: datetime) -> int:
    """Whole minutes by which another clock is ahead of ours; none where it is not, or only by part of one."""
    return max(0, (theirs - ours) // timedelta(minutes=1))


def lasting(minutes: int) -> Text:
    """How long, in words, by its two greatest parts: «2 giorni e 3 ore», «40 minuti»."""
    days, rest = divmod(minutes, DAY)
    parts = [
        Text(f"{count} {it[count != 1]}", f"{count} {en[count != 1]}")
        for count, it, en in (
            (days, ("giorno", "giorni"), ("day", "days")),
            (rest // 60, ("ora", "ore"), ("hour", "hours")),
            (rest % 60, ("minuto", "minuti"), ("minute", "minutes")),
        )
        if count
    ][:2] or [Text("meno di un minuto", "less than a minute")]
    return Text(" e ".join(part.it for part in parts), " and ".join(part.en for part in parts))
