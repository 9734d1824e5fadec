"""The determination of a month for many closed registers at once: what lacks is named, what is complete is determined,
in a number of statements that does not grow with the registers."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection, transaction

from accanto.norms import payments as law
from accanto.norms.days import month_of
from accanto.norms.findings import Severity, ordered
from accanto.traineeships.allowance import AllowanceTerms, MonthAllowance, compute, fix, unsaved
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.monthly_close import MonthlyClose
from accanto.traineeships.passage import Passage

# registers looked at together: what bounds the memory, and each statement
BATCH = 2000


@dataclass(frozen=True)
class Looked:
    """A register of a month, what it comes to, and all that stops its determination."""

    traineeship: object
    found: object
    hours: Decimal
    close: object
    standing: object
    payer: str
    findings: tuple = field(default=())

    @property
    def is_determined(self):
        """On this very close; after a reopening it is to be determined again."""
        return self.standing is not None and self.close is not None and self.standing.close_id == self.close.pk

    @property
    def is_ready(self):
        return not self.is_determined and not self.blocks

    @property
    def blocks(self):
        return [finding for finding in self.findings if finding.severity is Severity.BLOCK]


def payer_of(traineeship, terms):
    """Who pays: what the plan says; where it says nothing and an operation finances it, the operation."""
    if terms is not None and terms.payer:
        return terms.payer
    return AllowanceTerms.Payer.OPERATION.value if traineeship.operation_id else ""


def look(traineeships, month, *, by):
    """Each of these traineeships in that month (its first day): the sum by the register, and what it lacks."""
    traineeships, last = list(traineeships), month_of(month).last
    for start in range(0, len(traineeships), BATCH):
        yield from _look(traineeships[start : start + BATCH], month, last, by=by)


def _look(traineeships, month, last, *, by):
    ids = [row.pk for row in traineeships]
    mine = {"traineeship__in": ids}
    days, passages = defaultdict(list), defaultdict(list)
    for day in AttendanceDay.objects.within(by).standing().filter(day__range=(month, last), **mine).order_by("day"):
        days[day.traineeship_id].append(day)
    for passage in Passage.objects.within(by).filter(**mine).order_by("on", "id"):
        passages[passage.traineeship_id].append(passage)
    terms = {row.traineeship_id: row for row in AllowanceTerms.objects.within(by).filter(**mine).order_by("id")}
    closes = MonthlyClose.objects.within(by).standing().filter(month=month, **mine).defer("shown")
    closes = {row.traineeship_id: row for row in closes.order_by("id")}
    determined = MonthAllowance.objects.within(by).standing().filter(month=month, **mine)
    determined = {row.traineeship_id: row for row in determined.order_by("id")}
    for row in traineeships:
        own, close = terms.get(row.pk), closes.get(row.pk)
        found = compute(traineeship=row, terms=own, month=month, days=days[row.pk], passages=passages[row.pk])
        payer = payer_of(row, own)
        asked = law.determination(law.DeterminationFacts(month=month, is_closed=close is not None, payer=payer))
        yield Looked(
            traineeship=row,
            found=found,
            hours=sum((day.hours for day in days[row.pk]), Decimal(0)),
            close=close,
            standing=determined.get(row.pk),
            payer=payer,
            findings=tuple(ordered([*asked, *found.findings])),
        )


def determine_complete(*, traineeships, month, by, now):
    """Determine all the registers of the month that lack nothing and are not determined on their close already.

    Returns the determinations, and what was looked at and left, with its findings. All or nothing is written."""
    made, left = [], []
    with transaction.atomic():
        _no_other_determines(month, {row.zone_id for row in traineeships})
        ready = []
        for looked in look(traineeships, month, by=by):
            if looked.is_ready:
                ready.append(looked)
            elif not looked.is_determined:
                left.append(looked)
            if len(ready) >= BATCH:
                made += _fix(ready, month, by=by, now=now)
                ready = []
        made += _fix(ready, month, by=by, now=now)
    return made, left


def _fix(ready, month, *, by, now):
    rows = [
        unsaved(
            one.traineeship, month, one.found, hours=one.hours, close=one.close, findings=one.findings, by=by, now=now
        )
        for one in ready
    ]
    return fix(rows, by=by, now=now)


def _no_other_determines(month, zones):
    """Two presses at once make one determination. The lock is also the one of the monthly close, so that no register
    is reopened meanwhile."""
    with connection.cursor() as cursor:
        for zone in sorted(zones):
            cursor.execute("select pg_advisory_xact_lock(%s, %s)", [month.year * 12 + month.month, zone])
