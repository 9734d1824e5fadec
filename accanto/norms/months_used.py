"""How many of the months of a TIS are used, counted in the three ways between which no act read chooses (R-TIS-31)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accanto.norms import days
from accanto.norms.days import Period
from accanto.norms.findings import Finding, Severity
from accanto.norms.reader import InForce
from accanto.norms.rule_index import rule
from accanto.norms.text import Text


class Per(StrEnum):
    PERSON = "person"
    PLAN = "plan"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Stretch:
    """One traineeship of the person: from when to when, at which host."""

    start: date
    end: date
    host: int


@dataclass(frozen=True, slots=True)
class Count:
    """Begun months: until today, and with the end that is planned. What is left of each limit, below zero where it is
    passed; None where the sheet does not know the limit."""

    per: Per
    used: int
    planned: int
    left: int | None
    left_extended: int | None


def begun_months(stretches: Iterable[Stretch], until: date | None = None) -> int:
    ends = ((one.start, min(one.end, until) if until else one.end) for one in stretches)
    return sum(days.months_touched(start, end) for start, end in ends if start <= end)


def counts(own: Stretch, others: Iterable[Stretch], *, day: date, numbers: InForce) -> list[Count]:
    """`own` is the traineeship one looks at, with its extensions; `others` all the other ones of the same person."""
    others = list(others)
    limit, more = numbers["tis.max_months"], numbers["tis.extension_months"]
    first = limit.integer() if limit.known else None
    longest = first + more.integer() if first is not None and more.known else None
    found = []
    for per, counted in (
        (Per.PERSON, [own, *others]),
        (Per.PLAN, [own]),
        (Per.HOST, [own, *(one for one in others if one.host == own.host)]),
    ):
        planned = begun_months(counted)
        found.append(
            Count(
                per=per,
                used=begun_months(counted, day),
                planned=planned,
                left=None if first is None else first - planned,
                left_extended=None if longest is None else longest - planned,
            )
        )
    return found


@rule("R-TIS-31", "R-TIS-34")
def cautions(*, suspended: int, numbers: InForce) -> list[Finding]:
    """Which count holds, and whether suspended days are in it, was read in no act: all are shown and none blocks."""
    found = [
        numbers["tis.duration_counted_per"].finding(
            Severity.CAUTION,
            Text(
                "Quale dei tre conti valga non è stato letto: si mostrano tutti, e nessuno ferma il tirocinio.",
                "Which of the three counts holds was not read: all are shown, and none stops the traineeship.",
            ),
            way_out=Text("Verifica nella DGR 620/2020.", "Check in DGR 620/2020."),
        )
    ]
    if suspended:
        found.append(
            numbers["tis.suspension_outside_duration"].finding(
                Severity.CAUTION,
                Text(
                    "Nei mesi ci sono {days} giorni di sospensione: che non contino non è stato letto.",
                    "{days} days of suspension are within the months: that they do not count was not read.",
                ).filled(days=suspended),
            )
        )
    return found


def suspended_days(periods: Iterable[Period], *, first: date, last: date) -> int:
    """The days of suspension from a day to another, both included; one that goes on has no end yet."""
    return sum(Period(max(one.first, first), min(one.last or last, last)).days for one in periods)
