"""The acts of a traineeship's life after its plan is written: each is a passage of state with its guards, logged. They
are made one at a time: of two presses at once the second sees the state that the first has left.

`by` is who acts, `now` the moment, `on` the day it takes effect. Each raises `Refused` with all the findings, and then
nothing was written. Findings «da autorizzare» pass only with `leave`, the reason of who answers for them."""

import datetime as dt
from functools import wraps

from django.db import transaction
from django.utils import timezone

from accanto.access import log
from accanto.norms import states
from accanto.norms import traineeships as law
from accanto.norms.findings import Refused, Severity, allow
from accanto.norms.reader import parameter
from accanto.norms.text import Text
from accanto.traineeships import cover, facts, signing, tutor_access
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.extension import Extension
from accanto.traineeships.host_closure import HostClosure
from accanto.traineeships.mandatory_notice import MandatoryNotice
from accanto.traineeships.passage import Passage, PassageReason
from accanto.traineeships.traineeship import State, hold

ONE_DAY = dt.timedelta(days=1)


def passage(act):
    """An act that moves a traineeship: all of it or nothing, and nobody else meanwhile."""

    @wraps(act)
    def alone(*, traineeship, **said):
        with transaction.atomic():
            hold(traineeship)
            return act(traineeship=traineeship, **said)

    return alone


def may_become(traineeship, state):
    return states.may_pass(states.TRAINEESHIP, traineeship.state, state)


@passage
def sign_plan(*, traineeship, on, signed_by, by, now):
    """The parties signed the plan (R-TIS-24): from now on it is not rewritten, and the tutor sees the person."""
    sheets = facts.sheets_of(traineeship, acting=by)
    _check(
        traineeship,
        State.PLAN_SIGNED,
        [*facts.to_plan(sheets, on=on), *signing.refusal(traineeship, on)],
        leave=sheets.plan.leave_reason if sheets.plan else "",
    )
    signing.take(traineeship=traineeship, now=now)
    traineeship.plan_signed_on, traineeship.plan_signed_by = on, list(signed_by)
    _pass(
        traineeship, State.PLAN_SIGNED, on=on, by=by, now=now, fields=["plan_signed_on", "plan_signed_by"], verb="sign"
    )
    tutor_access.of_the_promoter(traineeship, by=by, now=now)


@passage
def activate_agreement(*, traineeship, agreement, by, now, **covers):
    """The agreement this traineeship stands on, and the promoter's `covers`, as `cover.put` takes them (R-TIS-20)."""
    _check(traineeship, State.AGREEMENT_ACTIVE, signing.agreement_refusal(agreement, timezone.localdate(now)))
    traineeship.agreement = agreement
    cover.put(traineeship, **covers)
    _pass(
        traineeship,
        State.AGREEMENT_ACTIVE,
        on=timezone.localdate(now),
        by=by,
        now=now,
        fields=["agreement", *cover.FIELDS],
        verb="agree",
    )


@passage
def notify_start(*, traineeship, sent_on, category, sent_by, reference, by, now, leave=""):
    """The mandatory notice of the start went out, with its category (R-CO-01, 02, 03, 05)."""
    today = timezone.localdate(now)
    sheets = facts.sheets_of(traineeship, acting=by)
    found = [
        finding
        for finding in facts.to_start(sheets, on=today, notice_sent_on=sent_on, notice_category=category)
        if finding.field in ("notice_sent_on", "notice_category")
    ]
    codes = _check(traineeship, State.NOTICE_SENT, found, leave=leave)
    deadline = law.notice_deadline(event="start", event_on=traineeship.starts, host_type=traineeship.host.type)
    MandatoryNotice.objects.create(
        traineeship=traineeship,
        subject_id=traineeship.subject_id,
        zone_id=traineeship.zone_id,
        event=MandatoryNotice.Event.START,
        event_on=traineeship.starts,
        due_on=deadline.last_day,
        sent_on=sent_on,
        category=category,
        reference=reference.strip(),
        sent_by=sent_by,
    )
    traineeship.notice_sent_on = sent_on
    _pass(
        traineeship,
        State.NOTICE_SENT,
        on=sent_on,
        by=by,
        now=now,
        fields=["notice_sent_on"],
        leave=leave,
        codes=codes,
        verb="notify",
    )


def record_notice(*, traineeship, notice, sent_on, sent_by, reference, by, now):
    """The mandatory notice of an extension or of an end went out: late or not, it is no longer awaited (R-CO-04)."""
    notice.sent_on, notice.sent_by, notice.reference = sent_on, sent_by, reference.strip()
    notice.save(update_fields=["sent_on", "sent_by", "reference"])
    log.act("notify", notice, by=by, now=now, traineeship=traineeship.pk, notice=notice.event, sent_on=sent_on)


@passage
def start(*, traineeship, by, now, leave="", safety_training_on=None):
    """The first day is the one of the plan. The host's tutor sees the person from today."""
    today = timezone.localdate(now)
    if safety_training_on:
        traineeship.safety_training_on = safety_training_on
    sheets = facts.sheets_of(traineeship, acting=by)
    codes = _check(traineeship, State.RUNNING, facts.to_start(sheets, on=today), leave=leave)
    _pass(
        traineeship,
        State.RUNNING,
        on=traineeship.starts,
        by=by,
        now=now,
        fields=["safety_training_on"],
        leave=leave,
        codes=codes,
        verb="start",
    )
    tutor_access.of_the_promoter(traineeship, by=by, now=now)
    tutor_access.of_the_host(traineeship, by=by, now=now)


@passage
def suspend(*, traineeship, on, reason, note="", by, now):
    found = [_inside(traineeship, on)] if not traineeship.starts <= on <= traineeship.ends else []
    taken = traineeship.days.standing().of(traineeship.subject_id).filter(day__gte=on, hours__gt=0)
    if taken.exists():
        found.append(
            parameter("register.state_passages", on).finding(
                Severity.BLOCK,
                Text("Dopo quel giorno ci sono già ore registrate.", "There are hours recorded after that day."),
                field="on",
                way_out=Text(
                    "Sospendi dal giorno dopo l'ultima presenza, o correggi il registro.",
                    "Suspend from the day after the last presence, or correct the register.",
                ),
            )
        )
    _check(traineeship, State.SUSPENDED, found)
    _pass(traineeship, State.SUSPENDED, on=on, by=by, now=now, reason=reason, note=note, verb="suspend")


@passage
def resume(*, traineeship, on, by, now):
    """Back to work on a day. It returns to what it was before: running, or extended."""
    since = traineeship.passages.filter(after=State.SUSPENDED).order_by("-on", "-id").first()
    found = []
    if not traineeship.starts <= on <= traineeship.ends or (since and on <= since.on):
        found.append(_inside(traineeship, on, since.on + ONE_DAY if since else None))
    back = State.EXTENDED if since and since.before == State.EXTENDED else State.RUNNING
    if back == State.EXTENDED and not may_become(traineeship, back):
        back = State.RUNNING
    _check(traineeship, back, found)
    _pass(traineeship, back, on=on, by=by, now=now, verb="resume")


def extension_findings(*, traineeship, new_end, attested_by, attested_on, by, on):
    """What the law says of a new end. An extension has its own attestation: that of the plan does not serve twice."""
    sheets = facts.sheets_of(traineeship, acting=by)
    body = sheets.plan.body_in_charge if sheets.plan else None
    asked = facts.facts_of(
        sheets, new_end=new_end, attestation_on=attested_on, attestation_by=facts.attesting(attested_by, body)
    )
    return law.extend(asked, on=on)


@passage
def extend(*, traineeship, new_end, attested_by, attested_on, need="", by, now, leave=""):
    """A later end, attested by the public service in charge (R-TIS-28), 36 months at most (R-TIS-27)."""
    today = timezone.localdate(now)
    found = extension_findings(
        traineeship=traineeship, new_end=new_end, attested_by=attested_by, attested_on=attested_on, by=by, on=today
    )
    codes = _check(traineeship, State.EXTENDED, found, leave=leave)
    before = traineeship.ends
    extension = Extension.objects.create(
        traineeship=traineeship,
        subject_id=traineeship.subject_id,
        zone_id=traineeship.zone_id,
        attested_by=attested_by,
        attested_on=attested_on,
        need=need.strip(),
        ends_before=before,
        ends_after=new_end,
        recorded_at=now,
        recorded_by=by.user,
    )
    _notice(traineeship, MandatoryNotice.Event.EXTENSION, today)
    _pass(traineeship, State.EXTENDED, on=today, by=by, now=now, ends=new_end, leave=leave, codes=codes, verb="extend")
    tutor_access.follow_the_end(traineeship, before, by=by, now=now)
    return extension


@passage
def close(*, traineeship, ended_on, by, now, reason="", note="", leave="", final_report=False):
    """The end, on the day planned (concluded) or before it (interrupted). Tutors keep a tail for the last days."""
    today = timezone.localdate(now)
    early = ended_on < traineeship.ends
    sheets = facts.sheets_of(traineeship, acting=by)
    found = law.close(
        facts.facts_of(
            sheets,
            ended_on=ended_on,
            end_reason=reason or None,
            final_report=final_report,
            register_signed=not unconfirmed(traineeship, until=ended_on),
        ),
        on=today,
    )
    late = traineeship.days.standing().of(traineeship.subject_id).filter(day__gt=ended_on, hours__gt=0)
    if early and late.exists():
        found.append(
            parameter("register.dates_in_order", today).finding(
                Severity.BLOCK,
                Text("Dopo quel giorno ci sono ore registrate.", "There are hours recorded after that day."),
                field="ended_on",
                way_out=Text("Correggi il registro o il giorno.", "Correct the register or the day."),
            )
        )
    state = State.INTERRUPTED if early else State.CONCLUDED
    codes = _check(traineeship, state, found, leave=leave)
    if early:
        _notice(traineeship, MandatoryNotice.Event.END, ended_on)
    before = traineeship.ends
    _pass(
        traineeship,
        state,
        on=ended_on,
        by=by,
        now=now,
        ends=min(ended_on, before),
        reason=reason,
        note=note,
        leave=leave,
        codes=codes,
        verb="close",
    )
    tutor_access.follow_the_end(traineeship, before, by=by, now=now)


@passage
def attest(*, traineeship, on, by, now):
    """The final attestation was given to the person (R-ATT-01, not read for TIS: it serves the person all the same)."""
    _check(traineeship, State.ATTESTED, [])
    _pass(traineeship, State.ATTESTED, on=on, by=by, now=now, verb="attest")


@passage
def wait_for_attestation(*, traineeship, by, now):
    """The attestation was wrong: back to how it ended, until another is handed over."""
    last = traineeship.passages.filter(after=State.ATTESTED).order_by("-on", "-id").first()
    state = last.before if last else State.CONCLUDED
    _check(traineeship, state, [])
    _pass(traineeship, state, on=timezone.localdate(now), by=by, now=now, verb="wait_for_attestation")


@passage
def archive(*, traineeship, by, now):
    today = timezone.localdate(now)
    _check(traineeship, State.ARCHIVED, [])
    _pass(traineeship, State.ARCHIVED, on=today, by=by, now=now, verb="archive")


@passage
def reopen(*, traineeship, by, now):
    """Back to a draft: what was signed is signed again once it is rewritten."""
    _check(traineeship, State.DRAFT, [])
    traineeship.plan_signed_on, traineeship.plan_signed_by = None, []
    _pass(
        traineeship,
        State.DRAFT,
        on=timezone.localdate(now),
        by=by,
        now=now,
        fields=["plan_signed_on", "plan_signed_by"],
        verb="reopen",
    )


@passage
def withdraw(*, traineeship, by, now, reason="", note=""):
    """It will not begin. The tutors' access ends today."""
    today = timezone.localdate(now)
    _check(traineeship, State.WITHDRAWN, [])
    _pass(traineeship, State.WITHDRAWN, on=today, by=by, now=now, reason=reason, note=note, verb="withdraw")
    tutor_access.end(traineeship, on=today, by=by, now=now)


def unconfirmed(traineeship, *, until):
    """The planned days up to one, that day included, of which the register says nothing yet. On the days its host is
    closed nothing was planned."""
    known = set(
        AttendanceDay.objects.standing()
        .of(traineeship.subject_id)
        .filter(traineeship=traineeship)
        .values_list("day", flat=True)
    )
    last = min(until, traineeship.ends)
    host = traineeship.host_id
    stopped = facts.suspensions(traineeship.passages.all())
    stopped += HostClosure.objects.standing().periods({host}, traineeship.starts, last).get(host, ())
    days = (traineeship.starts + dt.timedelta(days=n) for n in range((last - traineeship.starts).days + 1))
    return [
        day
        for day in days
        if day not in known and traineeship.planned_hours(day) and not any(period.holds(day) for period in stopped)
    ]


def _check(traineeship, state, findings, *, leave=""):
    refusal = states.refusal(states.TRAINEESHIP, traineeship.state, state)
    if refusal:
        raise Refused([*findings, refusal])
    return allow(findings, leave_reason=leave)


def _inside(traineeship, day, first=None):
    return parameter("register.dates_in_order", day).finding(
        Severity.BLOCK,
        Text(
            "Il {day} è fuori dal periodo ({first} - {last}).", "{day} is outside the period ({first} - {last})."
        ).filled(day=day, first=first or traineeship.starts, last=traineeship.ends),
        field="on",
        way_out=Text("Scrivi un giorno del periodo.", "Write a day of the period."),
    )


def _pass(traineeship, state, *, on, by, now, fields=(), ends=None, reason="", note="", leave="", codes=(), verb):
    before, ends_before = traineeship.state, traineeship.ends
    traineeship.state, traineeship.ends = state, ends or traineeship.ends
    traineeship.save(update_fields=["state", "ends", *fields])
    who = {"subject_id": traineeship.subject_id, "zone_id": traineeship.zone_id}
    passage = Passage.objects.create(
        traineeship=traineeship,
        before=before,
        after=state,
        on=on,
        ends_before=ends_before,
        ends_after=traineeship.ends,
        recorded_at=now,
        recorded_by=by.user,
        **who,
    )
    if reason or leave.strip():
        PassageReason.objects.create(
            passage=passage,
            reason=reason or PassageReason.Reason.LEAVE,
            note="\n".join(text.strip() for text in (note, leave) if text.strip()),
            **who,
        )
    log.act(verb, traineeship, by=by, now=now, before=before, after=state, on=on, leave=list(codes))
    return passage


def _notice(traineeship, event, on):
    deadline = law.notice_deadline(event=event, event_on=on, host_type=traineeship.host.type)
    MandatoryNotice.objects.get_or_create(
        traineeship=traineeship,
        event=event,
        event_on=on,
        defaults={
            "subject_id": traineeship.subject_id,
            "zone_id": traineeship.zone_id,
            "due_on": deadline.last_day,
        },
    )
