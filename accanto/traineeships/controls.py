"""Looking for what is unusual in the traineeships of a zone: facts read from the rows, a few queries for many of them,
handed to the rules of `norms.controls`, and what they find written once."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Min, Sum
from django.utils import timezone

from accanto.access import log
from accanto.norms import clock, controls
from accanto.norms.control_facts import ControlFacts, MonthPaid, SignedDays, WrittenDay
from accanto.norms.days import add_months, month_of
from accanto.plan.parameter import local_values
from accanto.traineeships.allowance import MonthAllowance
from accanto.traineeships.anomaly import Anomaly, AnomalyStep, State, What, fingerprint_of
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.host_closure import HostClosure
from accanto.traineeships.mandatory_notice import MandatoryNotice
from accanto.traineeships.payment import PaymentLine
from accanto.traineeships.register_signature import RegisterSignature, Way
from accanto.traineeships.traineeship import STARTED, Traineeship

MONTHS = 6  # how far back a search goes: before it months are closed and paid
AT_ONCE = 100  # traineeships of one pass: a second or two, for the page that waits
MENDED = "I fatti su cui si basava non ci sono più: il dato è stato corretto."


@dataclass
class Searched:
    """What a search did: how many traineeships it looked at, new anomalies, those whose facts are mended."""

    looked: int = 0
    found: int = 0
    mended: int = 0

    def __add__(self, other):
        return Searched(self.looked + other.looked, self.found + other.found, self.mended + other.mended)


def since_of(today):
    return add_months(today.replace(day=1), -MONTHS)


def to_look_at(zone, *, today):
    """The traineeships of the zone that were going on in the last months, in the order in which they are looked at."""
    rows = Traineeship.objects.filter(
        zone=zone, state__in=STARTED, starts__lte=today, ends__gte=since_of(today)
    ).order_by("id")
    return rows.select_related("host", "agreement").defer("accommodations")


def search(*, zone, by, now):
    """Look at every traineeship of the zone that was going on in the last months. `by` is None for the clock.

    Each pass is written by itself: what was found stands, whatever stops the next."""
    done, after = Searched(), 0
    while True:
        with transaction.atomic():
            some, after = look_after(after, zone=zone, by=by, now=now)
        done += some
        if after is None:
            return done


def look_after(after, *, zone, by, now):
    """One pass, of those whose id comes after: what it did, and the last id; None where there is nothing left.

    Its statements do not grow with the traineeships, and whoever calls holds the transaction."""
    today = timezone.localdate(now)
    some = list(to_look_at(zone, today=today).filter(pk__gt=after)[:AT_ONCE])
    if not some:
        return Searched(), None
    only_one_writes(zone.pk)
    local = local_values(on=today, zone=zone)
    since = since_of(today)
    found = {row.pk: controls.look(facts, on=today, local=local) for row, facts in facts_of(some, since, today).items()}
    new, mended = keep(some, found, since=since, by=by, now=now)
    return Searched(len(some), new, mended), some[-1].pk if len(some) == AT_ONCE else None


def only_one_writes(zone_id):
    """The clock and a page that look at one zone at the same time do not find one thing twice."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [-3, zone_id])


def facts_of(rows, since, today):
    """{traineeship: what the controls look at}. As many queries however many they are."""
    ids, subjects = [row.pk for row in rows], {row.subject_id for row in rows}
    days = days_of(subjects, since, today)
    closures = HostClosure.objects.standing().periods({row.host_id for row in rows}, since, today)
    signed, notices, money = signed_by(ids, since), notices_of(ids), money_of(ids, since)
    found = {}
    for row in rows:
        shut = closures.get(row.host_id, ())
        own = days.get(row.subject_id, {})
        others = [told for pk, told in own.items() if pk != row.pk]
        written = tuple(as_written(row, day, others, shut) for day in own.get(row.pk, {}).values())
        notice = notices.get(row.pk)
        found[row] = ControlFacts(
            since=since,
            start=row.starts,
            host_type=row.host.type,
            written=written,
            signed=tuple(signed.get(row.pk, ())),
            paid=months_paid(money.get(row.pk, {}), written, today),
            weekly_hours=row.weekly_hours or None,
            notice_sent_on=row.notice_sent_on or (notice and notice[0]),
            notice_category=notice[1] if notice else None,
            inail=bool(row.inail_reference),
            inail_to=row.inail_to,
            liability_cover=bool(row.liability_reference),
            liability_to=row.liability_to,
            safety_training_on=row.safety_training_on,
            agreement_signed_on=row.agreement.signed_on if row.agreement_id else None,
            agreement_from=row.agreement.valid_from if row.agreement_id else None,
            agreement_to=row.agreement.valid_to if row.agreement_id else None,
        )
    return found


def days_of(subjects, since, today):
    """{subject: {traineeship: {day: (day, hours, times, first written)}}} of all the registers of these people."""
    rows = AttendanceDay.objects.filter(subject_id__in=subjects, day__range=(since, today))
    first = {
        (pk, day): timezone.localdate(at)
        for pk, day, at in rows.values_list("traineeship_id", "day").annotate(at=Min("recorded_at")).order_by()
    }
    found = {}
    columns = ("subject_id", "traineeship_id", "day", "hours", "times")
    for subject, pk, day, hours, times in rows.standing().values_list(*columns).order_by("day", "id"):
        found.setdefault(subject, {}).setdefault(pk, {})[day] = (day, hours, times, first[pk, day])
    return found


def as_written(row, told, others, shut):
    """`others`: the other registers of the same person, {day: …} each."""
    day, hours, times, written_on = told
    elsewhere = [clock.written(other[day][2]) for other in others if day in other and other[day][1]] if hours else []
    return WrittenDay(
        day=day,
        hours=hours,
        times=clock.written(times),
        planned_hours=row.planned_hours(day),
        written_on=written_on,
        host_closed=any(period.holds(day) for period in shut),
        elsewhere=tuple(text for text in elsewhere if text),
    )


def signed_by(ids, since):
    found = {}
    rows = RegisterSignature.objects.filter(traineeship_id__in=ids, last__gte=since)
    columns = ("traineeship_id", "signer", "signed_at", "first", "last", "shown", "signed_by_id", "way")
    for pk, signer, at, first, last, shown, session, way in rows.values_list(*columns).order_by("signed_at", "id"):
        found.setdefault(pk, []).append(
            SignedDays(
                signer=signer,
                moment=timezone.localtime(at),
                first=first,
                last=last,
                days=max(0, len(shown.splitlines()) - 1),
                session=session,
                on_paper=way == Way.PAPER,
            )
        )
    return found


def notices_of(ids):
    rows = MandatoryNotice.objects.filter(traineeship_id__in=ids, event=MandatoryNotice.Event.START)
    columns = ("traineeship_id", "sent_on", "category")
    return {pk: (sent_on, category) for pk, sent_on, category in rows.values_list(*columns).order_by("event_on", "id")}


def money_of(ids, since):
    """{traineeship: {month: (amount, determined on, paid)}}"""
    paid = PaymentLine.objects.filter(traineeship_id__in=ids, month__gte=since, outcome=PaymentLine.Outcome.PAID)
    paid = {
        (pk, month): amount
        for pk, month, amount in paid.values_list("traineeship_id", "month").annotate(sum=Sum("amount")).order_by()
    }
    found = {}
    rows = MonthAllowance.objects.standing().filter(traineeship_id__in=ids, month__gte=since)
    for pk, month, amount, at in rows.values_list("traineeship_id", "month", "amount", "computed_at").order_by("id"):
        found.setdefault(pk, {})[month] = (amount, timezone.localdate(at), paid.pop((pk, month), Decimal(0)))
    for (pk, month), amount in paid.items():
        found.setdefault(pk, {})[month] = (Decimal(0), None, amount)
    return found


def months_paid(money, written, today):
    """The months that are over and have hours, or money."""
    hours = {}
    for one in written:
        month = one.day.replace(day=1)
        hours[month] = hours.get(month, Decimal(0)) + one.hours
    found = []
    for month in sorted({*hours, *money}):
        if (month_of(month).last or month) < today:
            amount, on, paid = money.get(month, (Decimal(0), None, Decimal(0)))
            found.append(
                MonthPaid(month=month, hours=hours.get(month, Decimal(0)), determined_on=on, amount=amount, paid=paid)
            )
    return tuple(found)


def keep(rows, found, *, since, by, now):
    """Write what is new, bring up to date what still waits, close what is mended. How many new, how many mended."""
    known, waiting = {}, {}
    here = Anomaly.objects.filter(traineeship_id__in=[row.pk for row in rows]).exclude(what=What.REPORTED)
    columns = ("id", "traineeship_id", "what", "first", "fingerprint", "state", "subject_id", "zone_id")
    for pk, traineeship, what, first, mark, state, *whose in here.values_list(*columns).order_by("id"):
        known[traineeship, what, mark] = pk
        if state == State.OPEN and first >= since:
            waiting[pk] = (traineeship, what, first, whose)
    new, still = [], set()
    for row in rows:
        for one in found[row.pk]:
            mark = fingerprint_of(one.what, one.evidence)
            if (same := known.get((row.pk, one.what, mark))) is not None:
                still.add(same)
                continue
            new.append(
                Anomaly(
                    subject_id=row.subject_id,
                    zone_id=row.zone_id,
                    traineeship=row,
                    host_id=row.host_id,
                    what=one.what,
                    code=one.finding.code,
                    finding=one.finding.as_dict(),
                    evidence=dict(one.evidence),
                    first=one.first,
                    last=one.last,
                    days=one.days,
                    fingerprint=mark,
                    found_at=now,
                    state_at=now,
                )
            )
    made = Anomaly.objects.bulk_create(new)
    log.acts("find", [(row, {"what": str(row.what), "code": row.code}) for row in made], by=by, now=now)
    return len(made), mend({pk: told for pk, told in waiting.items() if pk not in still}, by=by, now=now)


def mend(gone, *, by, now):
    """Those still open whose facts are no longer there, or are others now: closed, and it is said why."""
    if not gone:
        return 0
    Anomaly.objects.filter(pk__in=gone, state=State.OPEN).update(state=State.CLOSED, state_at=now)
    steps = AnomalyStep.objects.bulk_create(
        AnomalyStep(
            anomaly_id=pk,
            traineeship_id=traineeship,
            subject_id=subject,
            zone_id=zone,
            before=State.OPEN,
            after=State.CLOSED,
            words=MENDED,
            recorded_at=now,
            recorded_by=by.user if by else None,
        )
        for pk, (traineeship, _what, _first, (subject, zone)) in gone.items()
    )
    log.acts("mend", [(step, {"anomaly": step.anomaly_id}) for step in steps], by=by, now=now)
    return len(steps)
