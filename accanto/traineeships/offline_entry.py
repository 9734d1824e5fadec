"""Days of the register written on a device without network, as they come in afterwards: entry by entry, under the same
rules as every other day. What cannot be written comes back with its reason, and waits on the device for a decision."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from accanto.access import log
from accanto.access.role import Acting
from accanto.traineeships import attendance
from accanto.traineeships.attendance import AttendanceDay, DaysRefused, Entry
from accanto.traineeships.traineeship import Traineeship

WRITTEN, CONFLICT, REFUSED, GONE = "written", "conflict", "refused", "gone"


@dataclass(frozen=True)
class OfflineEntry:
    """`number` is the device's; `made_at` is by its clock, and proves little. A correction says why (`correction`) and
    what the register said when it was decided (`seen`, the line of the day)."""

    number: UUID
    traineeship: int
    day: dt.date
    hours: Decimal
    made_at: dt.datetime
    absence: str = ""
    times: tuple = ()
    correction: str = ""
    seen: str = ""

    def on(self, traineeship):
        return Entry(traineeship, self.day, self.hours, self.absence, self.times, self.number, self.made_at)


@dataclass
class Answer:
    """`written` (now, before, or the register says the same already), `conflict` (it says something else: `there`),
    `refused` (the law or a closed month: `findings`), `gone` (no traineeship this user keeps the register of)."""

    state: str
    there: AttendanceDay | None = None
    findings: list = field(default_factory=list)


def receive(*, entries, by, now):
    """Write what can be written. An `Answer` for each entry, by its number; nothing of one hangs on another."""
    entries = list(entries)
    here = _registers(entries, by)
    mine = [(one, one.on(here[one.traineeship])) for one in entries if one.traineeship in here]
    answers = {one.number: Answer(GONE) for one in entries if one.traineeship not in here}
    if not mine:
        return answers
    known = attendance.standing_of([entry for _one, entry in mine], by)
    sent_before = _sent_before(entries, by)
    to_write, again = {}, []
    for one, entry in mine:
        there = known.get(entry.key)
        if (one.traineeship, one.number) in sent_before or (there and there.line == entry.line):
            answers[one.number] = Answer(WRITTEN, there)
        elif there and not (one.correction and one.seen == there.line):
            answers[one.number] = Answer(CONFLICT, there)
        elif entry.key in to_write:
            again.append((one, entry))
        else:
            to_write[entry.key] = (one, entry)
    answers |= _write(to_write, known, by=by, now=now)
    for one, entry in again:
        first = answers[to_write[entry.key][0].number]
        told_otherwise = first.state == WRITTEN and first.there.line != entry.line
        answers[one.number] = Answer(CONFLICT, first.there) if told_otherwise else first
    return answers


def _write(to_write, known, *, by, now):
    """The days by the reason of their correction; those refused are taken out and the others written."""
    answers, by_reason = {}, {}
    for key, (one, entry) in to_write.items():
        by_reason.setdefault(one.correction if key in known else "", {})[key] = entry
    for correction, waiting in by_reason.items():
        while waiting:
            try:
                done = attendance.record_all(entries=waiting.values(), by=by, now=now, correction=correction)
            except DaysRefused as refused:
                for key, findings in refused.by_day.items():
                    answers[waiting.pop(key).offline_entry] = Answer(REFUSED, known.get(key), findings)
                continue
            for key, entry in waiting.items():
                answers[entry.offline_entry] = Answer(WRITTEN, done.rows[key], done.remarks.get(key, []))
            break
    return answers


def give_up(*, entries, by, now):
    """Who wrote these days without network keeps what the register says. What they had written stays in the log."""
    entries = list(entries)
    here = _registers(entries, by)
    for rows in (
        [(here[one.traineeship], _told(one)) for one in entries if one.traineeship in here],
        # of who is no longer, or never was, theirs nothing is known but what they say: no file is named
        [(by.role, _told(one)) for one in entries if one.traineeship not in here],
    ):
        log.acts("discard", rows, by=by, now=now)


def _told(one):
    return {
        "day": one.day,
        "hours": one.hours,
        "times": list(one.times),
        "absence": one.absence,
        "offline_entry": one.number,
        "offline_at": one.made_at,
    }


def _registers(entries, by: Acting):
    rows = Traineeship.objects.for_register(by).filter(pk__in={one.traineeship for one in entries})
    return {row.pk: row for row in rows.select_related("host").order_by("pk")}


def _sent_before(entries, by):
    rows = AttendanceDay.objects.within(by).filter(
        traineeship_id__in={one.traineeship for one in entries}, offline_entry__in={one.number for one in entries}
    )
    return set(rows.values_list("traineeship_id", "offline_entry").order_by())
