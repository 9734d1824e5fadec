"""The lines of a traineeship: what `planning`, `life`, `attendance` and `allowance` of the traineeships would write."""

import hashlib
from decimal import Decimal
from functools import cache
from types import SimpleNamespace

from accanto.access.relation import tail
from accanto.demonstration.life import DAY
from accanto.demonstration.placement import MINUTES, last_of_work, times_of
from accanto.demonstration.sheets import array, as_json
from accanto.norms import traineeships as law
from accanto.norms.days import month_of
from accanto.traineeships import models as traineeships
from accanto.traineeships.allowance import AllowanceTerms, compute
from accanto.traineeships.attendance import line_of
from accanto.traineeships.traineeship import State, Traineeship
from accanto.traineeships.tutor_access import HOST_REASON, TUTOR_REASON

WHOSE = ("subject_id", "zone_id")
SIGNERS = array(["promoter", "host", "body_in_charge", "trainee"])
INAIL, LIABILITY = "INAIL 00000000 (dato sintetico)", "RC 0000 (dato sintetico)"
NONE = Decimal("0.00")


class PlacementChapters:
    def __init__(self, book, chapters):
        sheet = book.sheet
        self.all = chapters
        self.traineeships = sheet(
            Traineeship, *WHOSE, "kind", "case_id", "host_id", "operation_id", "agreement_id", "promoter_id",
            "promoter_type", "case_manager_id", "tutor_id", "host_tutor_id", "host_tutor_name", "starts", "ends",
            "weekly_hours", "hours_by_weekday", "accommodations", "inail_reference", "liability_reference",
            "safety_training_on", "plan_signed_on", "plan_signed_by", "notice_sent_on", "state", "synthetic", "seat",
        )  # fmt: skip
        self.plans = sheet(
            traineeships.TraineeshipPlan, *WHOSE, "traineeship_id", "body_in_charge_id", "integrated_on",
            "integrated_with_id", "path_agreed_on", "repeats", "reason", "inclusion_goals", "autonomy_goals",
            "training_goals", "activities",
        )  # fmt: skip
        self.conditions = sheet(traineeships.Condition, *WHOSE, "traineeship_id", "adi", "gepi_entered_on")
        self.terms = sheet(
            AllowanceTerms, *WHOSE, "traineeship_id", "mode", "hourly_rate", "monthly_amount", "monthly_hours_max",
            "payer",
        )  # fmt: skip
        self.notices = sheet(
            traineeships.MandatoryNotice, *WHOSE, "traineeship_id", "event", "event_on", "due_on", "sent_on",
            "category", "reference", "sent_by",
        )  # fmt: skip
        self.passages = sheet(
            traineeships.Passage, *WHOSE, "traineeship_id", "before", "after", "on", "ends_before", "ends_after",
            "recorded_at", "recorded_by_id",
        )  # fmt: skip
        self.reasons = sheet(traineeships.PassageReason, *WHOSE, "passage_id", "reason")
        self.extensions = sheet(
            traineeships.Extension, *WHOSE, "traineeship_id", "attested_by_id", "attested_on", "need", "ends_before",
            "ends_after", "recorded_at", "recorded_by_id",
        )  # fmt: skip
        self.days = sheet(
            traineeships.AttendanceDay, *WHOSE, "traineeship_id", "day", "hours", "times", "absence", "correction",
            "recorded_at", "recorded_by_id", "superseded_at",
        )  # fmt: skip
        self.timetables = sheet(
            traineeships.Timetable, *WHOSE, "traineeship_id", "valid_from", "week", "recorded_at", "recorded_by_id"
        )
        self.signatures = sheet(
            traineeships.RegisterSignature, *WHOSE, "traineeship_id", "signer", "way", "name", "first", "last",
            "shown", "sha256", "signed_at", "signed_by_id",
        )  # fmt: skip
        self.closes = sheet(
            traineeships.MonthlyClose, *WHOSE, "traineeship_id", "month", "hours", "days", "shown", "sha256",
            "closed_at", "closed_by_id", "reopened_at",
        )  # fmt: skip
        self.allowances = sheet(
            traineeships.MonthAllowance, *WHOSE, "traineeship_id", "month", "close_id", "hours", "amount", "rows",
            "findings", "computed_at", "computed_by_id",
        )  # fmt: skip

    def write(self, life, place, who, case):
        p, by = life.case.traineeship, life.case.manager
        state, passages = story(p)
        host_tutor = p.host.tutor
        n = self.traineeships.add(
            *who, "TIS", case, p.host.id, p.operation and p.operation.id,
            p.host.agreement_id if p.agreement_at else None, place.authority_id, p.promoter_type, by.user_id,
            p.tutor.user_id, host_tutor and host_tutor.user_id, "" if host_tutor else p.host_tutor_name, p.starts,
            p.ended_on or p.ends, sum(p.pattern), array(p.pattern), p.accommodations, INAIL if p.agreement_at else "",
            LIABILITY if p.agreement_at else "", p.starts if p.started_at else None, p.signed_at and p.signed_at.date(),
            SIGNERS if p.signed_at else "{}", p.notice_at and p.notice_at.date(), state, True, p.host.address,
        )  # fmt: skip
        agreed_on = life.case.agreed.agreed_on
        self.plans.add(
            *who, n, place.authority_id, life.case.opened_on, place.employment_centre_id, agreed_on, False, p.reason,
            p.inclusion_goals, p.autonomy_goals, p.training_goals, p.activities,
        )  # fmt: skip
        self.conditions.add(*who, n, p.adi, p.written_at.date() if p.adi else None)
        if p.operation:
            self.terms.add(*who, n, "hourly", p.operation.hourly_rate, None, p.operation.monthly_hours_max, "operation")
        else:
            self.terms.add(*who, n, "monthly", None, p.monthly_amount, None, "body_in_charge")
        self.all.act("plan", "traineeship", n, at=p.written_at, by=by, who=who, leave=[])
        for verb, before, after, on, ends_before, ends_after, at, reason in passages:
            row = self.passages.add(*who, n, before, after, on, ends_before, ends_after, at, by.user_id)
            if reason:
                self.reasons.add(*who, row, reason)
            self.all.act(
                verb, "traineeship", n, at=at, by=by, who=who, before=before, after=after, on=str(on), leave=[]
            )
        self.papers(p, place, who, n, by)
        self.relations(p, who, by)
        self.register(p, who, n)
        self.signed_and_closed(p, who, n, by)
        self.months(p, who, n, by)
        return n

    def papers(self, p, place, who, n, by):
        if p.notice_at:
            due = last_day_to_notify("start", p.starts, p.host.type)
            self.notices.add(
                *who, n, "start", p.starts, due, p.notice_at.date(), "09", "CO (dato sintetico)", "promoter"
            )
        if p.extended_at:
            on = p.extended_at.date()
            self.extensions.add(
                *who, n, place.authority_id, on, "Servono altri mesi per consolidare.", p.ends_before, p.ends,
                p.extended_at, by.user_id,
            )  # fmt: skip
            self.notices.add(
                *who, n, "extension", on, last_day_to_notify("extension", on, p.host.type), None, "", "", ""
            )
        if p.over and p.ended_on < p.ends:
            due = last_day_to_notify("end", p.ended_on, p.host.type)
            self.notices.add(*who, n, "end", p.ended_on, due, None, "", "", "")

    def relations(self, p, who, by):
        """The tutor sees the person from the signature of the plan, the host's tutor from the first day."""
        if not p.signed_at:
            return
        last = p.ended_on or p.ends
        ends = last + tail(last)
        opened = [("third_sector_tutor", p.tutor, TUTOR_REASON, p.signed_at)]
        if p.host.tutor and p.started_at:
            opened.append(("host_tutor", p.host.tutor, HOST_REASON, p.started_at))
        for kind, worker, reason, at in opened:
            n = self.all.relations.add(*who, kind, worker.user_id, at.date(), max(ends, at.date()), reason, None)
            self.all.act("open", "relation", n, at=at, by=by, who=who)
            if p.extended_at:
                self.all.act("extend", "relation", n, at=p.extended_at, by=by, who=who)
            if p.over:
                self.all.act("end", "relation", n, at=p.ended_at, by=by, who=who)

    def register(self, p, who, n):
        """The usual timetable, the days, and one act a week."""
        add, tutor, weeks = self.days.add, p.tutor, {}
        if p.started_at:
            week = as_json([times_of(hours) for hours in p.pattern])
            row = self.timetables.add(*who, n, p.starts, week, p.started_at + MINUTES, tutor.user_id)
            self.all.act("change", "timetable", row, at=p.started_at + MINUTES, by=tutor, who=who)
        for d in p.days:
            times = array(times_of(d.hours))
            if d.corrected_at:
                before = array(times_of(d.mistyped))
                row = add(*who, n, d.day, d.mistyped, before, "", "", d.at, tutor.user_id, d.corrected_at)
                weeks.setdefault(d.at, []).append((row, d.day, d.mistyped))
                row = add(*who, n, d.day, d.hours, times, d.absence, "mistyped", d.corrected_at, tutor.user_id, None)
                self.all.act("correct", "attendanceday", row, at=d.corrected_at, by=tutor, who=who,
                             days={str(d.day): str(d.hours)}, instead_of={str(d.day): str(d.mistyped)})  # fmt: skip
            else:
                row = add(*who, n, d.day, d.hours, times, d.absence, "", d.at, tutor.user_id, None)
                weeks.setdefault(d.at, []).append((row, d.day, d.hours))
        for at, week in weeks.items():
            days = {str(day): str(hours) for _row, day, hours in week}
            self.all.act("record", "attendanceday", week[0][0], at=at, by=tutor, who=who, days=days, instead_of={})

    def signed_and_closed(self, p, who, n, by):
        """On paper: the weeks of the months still open, and whole months on the morning they were closed."""
        for moment, days in p.signings:
            lines = [line(d.day, d.mistyped if d.corrected_at else d.hours, d.absence) for d in days]
            self.sign(p, who, n, [d.day for d in days], lines, at=moment, by=p.tutor)
        self.closed = {}
        for month, signed_at, closed_at in p.closes:
            days = [d for d in p.days if (d.day.year, d.day.month) == (month.year, month.month)]
            self.sign(p, who, n, [d.day for d in days], [line(d.day, d.hours, d.absence) for d in days],
                      at=signed_at, by=by)  # fmt: skip
            text = "\n".join([f"Registro {n}, {month:%Y-%m}", *lines_of_month(p, days, month)])
            row = self.closes.add(
                *who, n, month, sum((d.hours for d in days), NONE), sum(1 for d in days if d.hours), as_text(text),
                sha256(text), closed_at, by.user_id, None,
            )  # fmt: skip
            self.closed[month] = row
            self.all.act("close", "monthlyclose", row, at=closed_at, by=by, who=who)

    def sign(self, p, who, n, days, lines, *, at, by):
        text = "\n".join([f"Registro {n}, {days[0]} - {days[-1]}", *lines])
        host_tutor = p.host.tutor.name if p.host.tutor else p.host_tutor_name
        for signer, name in (("trainee", ""), ("host_tutor", host_tutor)):
            row = self.signatures.add(
                *who, n, signer, "paper", name, days[0], days[-1], as_text(text), sha256(text), at, by.user_id
            )
            self.all.act("sign", "registersignature", row, at=at, by=by, who=who)

    def months(self, p, who, n, by):
        for month, at in p.allowances:
            done = [d.hours for d in p.days if (d.day.year, d.day.month) == (month.year, month.month)]
            hours = sum(done, NONE)
            ends = p.ends_before if p.ends_before and at < p.extended_at else p.ends
            ends = p.ended_on if p.over and at >= p.ended_at else ends
            # within the month, so that most months are alike
            first, last = max(p.starts, month), min(ends, month_of(month).last)
            amount, rows, findings = month_allowance(hours, month, first, last, p.operation, p.monthly_amount)
            close = self.closed.get(month)
            row = self.allowances.add(*who, n, month, close, hours, amount, rows, findings, at, by.user_id)
            self.all.act(
                "determine", "monthallowance", row, at=at, by=by, who=who, month=str(month), amount=str(amount)
            )


def line(day, hours, absence):
    return line_of(day, hours, times_of(hours), absence)


def lines_of_month(p, told, month):
    """The days of a month as its close shows them: what was written, and where it was suspended."""
    written = {d.day: line(d.day, d.hours, d.absence) for d in told}
    first, last = max(month, p.starts), min(month_of(month).last, last_of_work(p))
    for n in range((last - first).days + 1):
        day = first + n * DAY
        if day in written:
            yield written[day]
        elif p.suspended_on and p.suspended_on <= day and (p.resumed_on is None or day < p.resumed_on):
            yield f"{day} suspended"


def as_text(text):
    return text.replace("\n", "\\n")


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def story(p):
    """The state of today and the passages that led there: (verb, before, after, on, end before, end after, moment,
    reason)."""
    first_end = p.ends_before or p.ends
    told, state = [], State.DRAFT.value

    def go(verb, after, on, at, *, ends=None, reason=""):
        nonlocal state
        before_end = told[-1][5] if told else first_end
        told.append((verb, state, after, on, before_end, ends or before_end, at, reason))
        state = after

    if p.signed_at:
        go("sign", "plan_signed", p.signed_at.date(), p.signed_at)
    if p.agreement_at:
        go("agree", "agreement_active", p.agreement_at.date(), p.agreement_at)
    if p.notice_at:
        go("notify", "notice_sent", p.notice_at.date(), p.notice_at)
    if p.started_at:
        go("start", "running", p.starts, p.started_at)
    if p.suspended_at:
        go("suspend", "suspended", p.suspended_on, p.suspended_at, reason=p.suspension_reason)
    if p.resumed_at:
        go("resume", "running", p.resumed_on, p.resumed_at)
    if p.extended_at:
        go("extend", "extended", p.extended_at.date(), p.extended_at, ends=p.ends)
    if p.over:
        after = "interrupted" if p.ended_on < p.ends else "concluded"
        go("close", after, p.ended_on, p.ended_at, ends=min(p.ended_on, p.ends), reason=p.ending_reason)
    if p.attested_at:
        go("attest", "attested", p.attested_at.date(), p.attested_at)
    if p.archived_at:
        go("archive", "archived", p.archived_at.date(), p.archived_at)
    return state, told


@cache
def last_day_to_notify(event, on, host_type):
    return law.notice_deadline(event=event, event_on=on, host_type=host_type).last_day


@cache
def month_allowance(hours, month, starts, ends, operation, agreed):
    """Amount, rows and findings of a month, by the same law as the pages."""
    terms = AllowanceTerms(mode="monthly", monthly_amount=agreed)
    placement = Traineeship(kind="TIS", starts=starts, ends=ends, weekly_hours=NONE)
    if operation:
        placement.operation = as_row(operation)
    found = compute(traineeship=placement, terms=terms, month=month, days=[SimpleNamespace(hours=hours)])
    rows = [
        {
            "label": line.label.as_dict(),
            "quantity": str(line.quantity),
            "unit": line.unit,
            "amount": str(line.amount),
            "code": line.code,
            "source": line.source,
        }
        for line in found.rows
    ]
    return found.amount, as_json(rows), as_json([finding.as_dict() for finding in found.findings])


@cache
def as_row(operation):
    from accanto.plan.operation import Operation

    return Operation(
        id=operation.id,
        cup=operation.cup,
        allowance_mode="hourly",
        hourly_rate=operation.hourly_rate,
        monthly_hours_max=operation.monthly_hours_max,
    )
