"""The monthly close: of one register or of all those of a zone, an operation, a host. What lacks is named, what is
complete is closed, in a number of statements that does not grow with the registers."""

import hashlib
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from accanto.access import log
from accanto.norms import clock
from accanto.norms import traineeships as law
from accanto.norms.days import month_of
from accanto.norms.findings import Refused, Severity, allow
from accanto.traineeships import register
from accanto.traineeships.attendance import times_elsewhere
from accanto.traineeships.monthly_close import MonthlyClose
from accanto.traineeships.register_signature import Signer

# registers looked at together: what bounds the memory, and each statement
BATCH = 2000


@dataclass(frozen=True)
class Looked:
    """A register at the end of a month, with all that the law says before it is closed."""

    register: register.Register
    findings: tuple

    @property
    def traineeship(self):
        return self.register.traineeship

    @property
    def is_closed(self):
        return self.register.close is not None

    @property
    def is_blocked(self):
        return any(finding.severity is Severity.BLOCK for finding in self.findings)

    @property
    def needs_a_reason(self):
        return any(finding.severity is Severity.AUTHORISE for finding in self.findings)

    @property
    def is_ready(self):
        return not self.is_blocked and not self.needs_a_reason


def look(traineeships, month, *, by, today, names=False):
    """Each register of these traineeships in that month (its first day), and what it lacks."""
    traineeships, last = list(traineeships), month_of(month).last
    for start in range(0, len(traineeships), BATCH):
        found = register.read(traineeships[start : start + BATCH], month, last, acting=by, today=today, names=names)
        twice = _twice(found, month, last)
        for one in found:
            yield Looked(one, tuple(_findings(one, month, twice.get(one.traineeship.pk, ()), today=today)))


def _findings(one, month, twice, *, today):
    return law.close_month(
        law.RegisterMonthFacts(
            month=month,
            end=one.traineeship.ends,
            open_days=tuple(day.day for day in one.days if day.state == "open"),
            without_times=tuple(day.day for day in one.days if day.row and day.row.hours and not day.row.times),
            unsigned_by_trainee=tuple(row.day for row in one.to_sign(Signer.TRAINEE)),
            unsigned_by_host_tutor=tuple(row.day for row in one.to_sign(Signer.HOST_TUTOR)),
            twice=tuple(twice),
            already_closed=one.close is not None,
        ),
        on=today,
    )


def _twice(registers, month, last):
    """Traineeship id -> the days its person is in another register at the same hour."""
    mine = [
        (row.subject_id, row.day, row.traineeship_id, row.times) for one in registers for row in one.rows if row.times
    ]
    others = {}
    subjects = {one.traineeship.subject_id for one in registers}
    for subject, day, traineeship, times, _hours in times_elsewhere(subjects, month, last):
        others.setdefault((subject, day), []).append((traineeship, times))
    found = {}
    for subject, day, traineeship, times in mine:
        if any(pk != traineeship and clock.shared(times, theirs) for pk, theirs in others.get((subject, day), ())):
            found.setdefault(traineeship, []).append(day)
    return found


def close(*, traineeship, month, by, now, leave=""):
    """Close one register. Raises `Refused` with all that lacks; `leave` serves for signatures only."""
    with transaction.atomic():
        _nobody_writes(month, {traineeship.zone_id})
        (looked,) = look([traineeship], month, by=by, today=timezone.localdate(now))
        codes = allow(looked.findings, leave_reason=leave)
        (row,) = _close([(looked, codes)], month, leave if codes else "", by=by, now=now)
    return row


def close_complete(*, traineeships, month, by, now, leave=""):
    """Close all the registers that lack nothing; with `leave`, those too that only lack signatures.

    Returns the closes, and what was looked at and left open, with its findings."""
    closed, left = [], []
    with transaction.atomic():
        _nobody_writes(month, {row.zone_id for row in traineeships})
        ready = []
        for looked in look(traineeships, month, by=by, today=timezone.localdate(now)):
            try:
                ready.append((looked, allow(looked.findings, leave_reason=leave)))
            except Refused:
                left.append(looked)
            if len(ready) >= BATCH:
                closed += _close(ready, month, leave, by=by, now=now)
                ready = []
        closed += _close(ready, month, leave, by=by, now=now)
    return closed, left


def _nobody_writes(month, zones):
    """Until this transaction ends nobody writes a day or a signature of that month in those zones: the guard of closed
    months in PostgreSQL takes the same lock, shared (see the migration)."""
    with connection.cursor() as cursor:
        for zone in sorted(zones):
            cursor.execute("select pg_advisory_xact_lock(%s, %s)", [month.year * 12 + month.month, zone])


def _close(ready, month, leave, *, by, now):
    rows = []
    for looked, codes in ready:
        one, shown = looked.register, text_of(looked.register, month)
        rows.append(
            MonthlyClose(
                traineeship=one.traineeship,
                subject_id=one.traineeship.subject_id,
                zone_id=one.traineeship.zone_id,
                month=month,
                hours=one.hours,
                days=one.presences,
                shown=shown,
                sha256=hashlib.sha256(shown.encode()).hexdigest(),
                leave_codes=codes,
                leave_reason=leave.strip() if codes else "",
                closed_at=now,
                closed_by=by.user,
            )
        )
    MonthlyClose.objects.bulk_create(rows)
    log.acts(
        "close",
        [
            (row, {"month": row.month, "hours": row.hours, "sha256": row.sha256, "leave": row.leave_codes})
            for row in rows
        ],
        by=by,
        now=now,
    )
    return rows


def text_of(one, month):
    """The month as it is closed: which register, a line a day of which there is something to say."""
    lines = [f"Registro {one.traineeship.pk}, {month:%Y-%m}"]
    for day in one.days:
        if day.row:
            lines.append(day.row.line)
        elif day.state in ("suspended", "host_closed"):
            lines.append(f"{day.day} {day.state}")
    return "\n".join(lines)
