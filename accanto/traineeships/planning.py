"""Writing the plan of a traineeship, with the law beside it."""

from django.utils import timezone

from accanto.access import log
from accanto.norms import clock
from accanto.norms.findings import Refused, Severity, allow
from accanto.norms.reader import parameter
from accanto.norms.text import Text
from accanto.traineeships import facts, signing
from accanto.traineeships.place import clock_week, left_in
from accanto.traineeships.timetable import Timetable, set_timetable
from accanto.traineeships.traineeship import State, Traineeship


def programme_of(row):
    """Where and when one works: what a leave was given for (R-CAR-02)."""
    return row.host_id, row.seat, row.weekly_hours, list(row.hours_by_weekday)


def no_draft(on):
    return parameter("register.state_passages", on).finding(
        Severity.BLOCK,
        Text("Intanto il progetto non è più una bozza: non si riscrive.", "Meanwhile the plan is no draft: it stays."),
        field="state",
        way_out=Text(
            "Guarda il tirocinio: se è firmato e va corretto, prima riapri il progetto.",
            "Look at the traineeship: if it is signed and is to be corrected, reopen the plan first.",
        ),
    )


class NoOpening(Exception):
    """The place has no opening left, or is not open any more."""


def write(*, sheets, by, now, leave="", proposal=None, repeats=None):
    """Save a plan and all that goes with it, new or still a draft: `sheets` holds the rows, not saved yet. It takes an
    opening of its place; that of `proposal`, the accepted one it is written from, is promised to it. `repeats` is the
    ended traineeship it begins from.

    Raises `Refused` with all the findings of the law where one blocks, or is to be authorised without a reason, and
    `NoOpening`; then nothing was written."""
    row, plan = sheets.traineeship, sheets.plan
    new = row.pk is None
    # what is being signed waits for this, and this for it: a plan signed meanwhile is no draft any more
    before = row if new else Traineeship.objects.select_for_update().get(pk=row.pk)
    if before.state != State.DRAFT:
        raise Refused([no_draft(timezone.localdate(now))])
    if programme_of(row) != programme_of(before):
        sheets.condition.programme_changed_on = timezone.localdate(now)
    codes = allow(facts.to_plan(sheets, on=timezone.localdate(now)), leave_reason=leave)
    enters = row.place_id and (new or before.place_id != row.place_id)
    if enters and left_in(row.place_id, traineeship=row, proposal=proposal) < 1:
        raise NoOpening
    plan.leave_codes, plan.leave_reason = codes, leave.strip() if codes else ""
    row.save()
    for part in (plan, sheets.condition, sheets.terms):
        part.traineeship = row
        part.subject_id, part.zone_id = row.subject_id, row.zone_id
        part.save()
    if row.place_id:
        _usual_hours(row, by=by, now=now)
    if not new:
        signing.void_what_changed(traineeship=row, by=by, now=now)
    more = {"repeats": repeats.pk} if repeats else {}
    log.act("plan" if new else "change", row, by=by, now=now, leave=codes, **more)
    return row


def _usual_hours(row, *, by, now):
    """In and out as the place says, where the days of the plan have its hours: what the register then proposes."""
    week = clock_week(row.place)
    if not week or [clock.hours(times) for times in week] != list(row.hours_by_weekday):
        return
    known = Timetable.objects.within(by).of(row.subject_id).filter(traineeship=row).in_order().last()
    if known is None or known.week != week or known.valid_from > row.starts:
        set_timetable(traineeship=row, valid_from=row.starts, week=week, by=by, now=now)
