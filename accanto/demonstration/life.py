"""A life as the services of a zone come to know it: drawn in `history` and `placement`, written twice, by the loader
line by line and in a test by the acts of the upper rooms, which must write the same."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from accanto.demonstration.place import Host, Operation, Worker

DAY = dt.timedelta(days=1)


def days(n):
    return dt.timedelta(days=n)


def at(day, hour, minute=0):
    """A moment of a working day. In universal time, so that it is the same day in Italy too."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=dt.UTC)


def working(day):
    """The day, or the Friday before."""
    return day - days(max(0, day.weekday() - 4))


@dataclass(slots=True)
class Referral:
    received_on: dt.date
    recorded_at: dt.datetime
    channel: str
    need: str
    outcome: str = ""
    reason: str = ""
    answered_on: dt.date | None = None
    answered_at: dt.datetime | None = None


@dataclass(slots=True)
class Assessment:
    kind: str
    day: dt.date
    at: dt.datetime
    outcome: str
    domains: dict


@dataclass(slots=True)
class Action:
    party: str
    text: str
    due: dt.date
    done_on: dt.date | None = None
    done_at: dt.datetime | None = None


@dataclass(slots=True)
class Plan:
    version: int
    reason: str
    review_on: dt.date
    at: dt.datetime
    goals: list
    supports: list
    actions: list
    agreed_on: dt.date | None = None
    agreed_at: dt.datetime | None = None
    how: str = "paper"


@dataclass(slots=True)
class Participation:
    starts: dt.date
    at: dt.datetime
    entry: dict
    ends: dt.date | None = None
    left_at: dt.datetime | None = None


@dataclass(slots=True)
class Relative:
    """Somebody only named, who lives with the person."""

    name: str
    kinship: str
    birth_date: dt.date
    dependant: bool
    needs_care: bool
    carers: str = ""


@dataclass(slots=True)
class Around:
    """What is learnt at the first talk: who lives with the person since when, who represents them, what they were
    told."""

    at: dt.datetime
    since: dt.date
    told: tuple = ()
    how: str = "written"
    relatives: list = field(default_factory=list)
    administrator: str = ""  # the name of a support administrator, with the court and the day of the decree
    court: str = ""
    decree_on: dt.date | None = None
    powers: dict = field(default_factory=dict)


@dataclass(slots=True)
class Case:
    opened_on: dt.date
    opened_at: dt.datetime
    area: str
    manager: Worker
    assessments: list = field(default_factory=list)
    plans: list = field(default_factory=list)
    participation: Participation | None = None
    traineeship: object = None
    around: Around | None = None
    benefits: list = field(default_factory=list)
    measures: list = field(default_factory=list)
    profile: object = None
    closed_on: dt.date | None = None
    closed_at: dt.datetime | None = None
    closing_reason: str = ""
    closing_outcome: str = ""

    @property
    def agreed(self):
        return next((plan for plan in self.plans if plan.agreed_on), None)


@dataclass(slots=True)
class Life:
    n: int
    given_name: str
    family_name: str
    sex: str
    birth_date: dt.date
    birth_place: str
    fiscal_code: str
    municipality: str
    phone: str
    email: str
    registered_at: dt.datetime
    by: Worker
    stay: dict  # citizenship, permit, language and how to be reached
    referral: Referral | None = None
    case: Case | None = None


@dataclass(slots=True)
class Day:
    """Hours of a day as written at a moment, and the mistyped hours that stood before, if any."""

    day: dt.date
    hours: Decimal
    at: dt.datetime
    absence: str = ""
    mistyped: Decimal | None = None
    corrected_at: dt.datetime | None = None


@dataclass(slots=True)
class Placement:
    """A traineeship. The moments that are None have not come."""

    host: Host
    operation: Operation | None
    pattern: tuple
    months: int
    starts: dt.date
    ends: dt.date
    host_tutor_name: str
    written_at: dt.datetime
    promoter_type: str = "zone_authority"
    tutor: Worker | None = None
    adi: bool = False
    monthly_amount: Decimal | None = None
    accommodations: str = ""
    reason: str = ""
    inclusion_goals: str = ""
    autonomy_goals: str = ""
    training_goals: str = ""
    activities: str = ""
    signed_at: dt.datetime | None = None
    agreement_at: dt.datetime | None = None
    notice_at: dt.datetime | None = None
    started_at: dt.datetime | None = None
    suspended_on: dt.date | None = None
    suspended_at: dt.datetime | None = None
    suspension_reason: str = ""
    resumed_on: dt.date | None = None
    resumed_at: dt.datetime | None = None
    extended_at: dt.datetime | None = None
    ends_before: dt.date | None = None  # the end that the extension moved
    ended_on: dt.date | None = None
    ended_at: dt.datetime | None = None
    ending_reason: str = ""
    attested_at: dt.datetime | None = None
    archived_at: dt.datetime | None = None
    days: list = field(default_factory=list)
    allowances: list = field(default_factory=list)  # (first day of the month, moment)
    closes: list = field(default_factory=list)  # (first day of the month, moment it was signed, and closed)
    signings: list = field(default_factory=list)  # (moment, days) of the weeks signed in the months still open
    told_until: dt.date | None = None  # the last day of which the register has something to say

    @property
    def over(self):
        return self.ended_at is not None

    @property
    def running(self):
        return self.started_at is not None and not self.over

    @property
    def suspended(self):
        return self.suspended_at is not None and self.resumed_at is None and not self.over
