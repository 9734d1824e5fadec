"""What the controls look at of one traineeship: days as written, signatures, papers, money. Nothing typed for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from accanto.norms.findings import Finding, Severity
from accanto.norms.reader import Value
from accanto.norms.text import Text

ASK = Text("Chiedi a chi tiene il registro e alla persona come è andata.", "Ask who keeps the register and the person.")


class What(StrEnum):
    """What may be unusual. The words of the screens are in the table that keeps it."""

    SAME_TIMES = "same_times"
    LONG_DAY = "long_day"
    NIGHT = "night"
    NO_PAUSE = "no_pause"
    LONG_WEEK = "long_week"
    UNPLANNED = "unplanned"
    HOST_CLOSED = "host_closed"
    TWO_PLACES = "two_places"
    TOGETHER = "together"
    AT_ONCE = "at_once"
    WRITTEN_LATE = "written_late"
    NO_NOTICE = "no_notice"
    NOTICE_LATE = "notice_late"
    CATEGORY = "category"
    NO_INSURANCE = "no_insurance"
    NO_LIABILITY = "no_liability"
    BEFORE_TRAINING = "before_training"
    OUTSIDE_AGREEMENT = "outside_agreement"
    PAID_WITHOUT_HOURS = "paid_without_hours"
    UNPAID = "unpaid"
    REPORTED = "reported"


# where the host may have used the trainee in the place of its staff (R-PRO-01, R-PRO-03)
IN_PLACE_OF_STAFF = frozenset({What.HOST_CLOSED, What.REPORTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDay:
    """One day as the register says it, with when it was first written."""

    day: date
    hours: Decimal = Decimal(0)
    times: str = ""
    planned_hours: Decimal | None = None
    written_on: date | None = None
    host_closed: bool = False
    elsewhere: tuple[str, ...] = ()  # in and out in the other registers of the same person


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDays:
    """A signature of some days. `session` tells whose session it was made in; `on_paper` ones were only copied."""

    signer: str  # trainee, host_tutor
    moment: datetime
    first: date
    last: date
    days: int
    session: int = 0
    on_paper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPaid:
    """The money of a month: what the register holds, what was determined and paid."""

    month: date  # its first day
    hours: Decimal = Decimal(0)
    determined_on: date | None = None
    amount: Decimal = Decimal(0)  # determined
    paid: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlFacts:
    """One traineeship over some months. Lists are in any order."""

    since: date | None = None  # the first day looked at: what began before it is not seen whole
    start: date | None = None
    host_type: str | None = None
    written: tuple[WrittenDay, ...] = ()
    signed: tuple[SignedDays, ...] = ()
    paid: tuple[MonthPaid, ...] = ()
    weekly_hours: Decimal | None = None
    notice_sent_on: date | None = None
    notice_category: str | None = None
    inail: bool | None = None
    inail_to: date | None = None  # the last day of the cover, where it is known
    liability_cover: bool | None = None
    liability_to: date | None = None
    safety_training_on: date | None = None
    agreement_from: date | None = None
    agreement_to: date | None = None
    agreement_signed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """What is unusual, from when to when, in how many days: always to be checked, never an accusation.

    `evidence` is what the finding rests on, in words and figures that can be compared: the same evidence is the same
    oddity, whenever it is found again."""

    what: What
    finding: Finding
    first: date
    last: date
    days: int
    evidence: Mapping[str, str]


def odd(
    what: What,
    value: Value,
    sentence: Text,
    days: Sequence[date],
    *,
    way_out: Text = ASK,
    field: str = "days",
    count: int | None = None,
    same_days: bool = True,
    **evidence: object,
) -> Oddity:
    """One oddity about these days, in order, as loud as a caution. The evidence holds them all, unless (not
    `same_days`) other days would be the same oddity: a missing paper is missing whatever was worked meanwhile."""
    return Oddity(
        what=what,
        finding=value.finding(Severity.CAUTION, sentence, field=field, way_out=way_out),
        first=days[0],
        last=days[-1],
        days=len(days) if count is None else count,
        evidence={
            **({"days": " ".join(day.isoformat() for day in days)} if same_days else {}),
            **{name: str(one) for name, one in evidence.items()},
        },
    )
