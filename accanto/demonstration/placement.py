"""The traineeship of a life: plan, agreement, notice, start, days, suspension, extension, end, month by month."""

import datetime as dt
from decimal import Decimal

from accanto.demonstration import words
from accanto.demonstration.life import DAY, Day, Placement, at, days, working
from accanto.norms.days import add_months, is_holiday, last_day, month_of

PATTERNS = (
    (4, 4, 4, 4, 4, 0, 0),
    (5, 0, 5, 5, 5, 0, 0),
    (6, 6, 0, 6, 6, 0, 0),
    (4, 4, 0, 4, 4, 0, 0),
    (5, 5, 5, 5, 5, 0, 0),
    (3, 3, 3, 3, 3, 0, 0),
)
PATTERNS = tuple(tuple(Decimal(hours).quantize(Decimal("0.01")) for hours in week) for week in PATTERNS)
NONE = Decimal("0.00")
MINUTES = dt.timedelta(minutes=10)
HOST_TUTORS = ("Sara Bindoni", "Piero Cialdi", "Marta Nencatti", "Gino Vignocchi", "Lucia Tarelli", "Aldo Pandieri")


def place_somebody(rng, *, today, place, case, not_before, operation, script, days_back):
    """The traineeship that follows an agreed plan, as far as today has come; None where it is not even written."""
    months = rng.choice((3, 4, 6, 6, 6, 9, 12))
    if script == "running":
        starts, months = today - days(rng.randrange(45, 120)), 6
        starts = max(starts, not_before + days(22))
    else:
        starts = not_before + days(rng.randrange(24, 80))
    while starts.weekday() > 4 or is_holiday(starts):
        starts += DAY
    written_on = working(starts - days(20))
    ends = last_day(starts, months)
    if operation and ends > operation.ends:
        ends = operation.ends
    if written_on >= today or ends <= starts:
        return None
    p = Placement(
        host=place.host(),
        operation=operation,
        pattern=rng.choice(PATTERNS),
        months=months,
        starts=starts,
        ends=ends,
        host_tutor_name=rng.choice(HOST_TUTORS),
        written_at=at(written_on, 10, rng.randrange(60)),
        adi=rng.random() < 0.3,
        monthly_amount=None if operation else Decimal(rng.choice((350, 400, 450, 500))).quantize(NONE),
        accommodations=rng.choice(words.ACCOMMODATIONS),
        reason=rng.choice(words.TRAINEESHIP_REASONS),
        inclusion_goals=rng.choice(words.INCLUSION_GOALS),
        autonomy_goals=rng.choice(words.AUTONOMY_GOALS),
        training_goals=rng.choice(words.TRAINING_GOALS),
        activities=rng.choice(words.ACTIVITIES),
    )
    go_through(rng, p, today=today, script=script)
    p.tutor = place.tutor(rng, running=p.running and not p.suspended)
    attend(rng, p, today=today, late=script != "running" and rng.random() < 0.08, days_back=days_back)
    determine(rng, p, today=today)
    sign_and_close(p, last_open=script == "running" or p.starts.day % 4 == 0)
    return p


def times_of(hours):
    """In and out of a day of so many hours: from nine on, with a pause after one o'clock where they are many."""
    minutes = int(hours * 60)
    if not minutes:
        return []
    return [540, 540 + minutes] if minutes <= 300 else [540, 780, 840, 600 + minutes]


def go_through(rng, p, *, today, script):
    """The steps whose day is over."""
    late_paper = script != "running" and rng.random() < 0.1  # somebody has still to sign
    for name, before, hour in (("signed_at", 13, 11), ("agreement_at", 11, 12), ("notice_at", 6, 9)):
        on = working(p.starts - days(before))
        if on >= today or (late_paper and p.starts >= today):
            return
        setattr(p, name, at(on, hour, rng.randrange(60)))
    if p.starts >= today:
        return
    p.started_at = at(p.starts, 7, rng.randrange(30))
    chance = rng.random()
    if script != "running" and chance < 0.10:
        interrupt(rng, p, today=today)
    elif script != "running" and chance < 0.17:
        suspend(rng, p, today=today)
    elif chance < 0.30 and p.months <= 9:
        extend(rng, p, today=today)
    if p.ends < today and not p.over:
        conclude(rng, p, today=today)


def interrupt(rng, p, *, today):
    whole = (p.ends - p.starts).days
    on = working(p.starts + days(rng.randrange(whole // 4, whole - whole // 5)))
    if p.starts < on < today:
        p.ended_on, p.ended_at = on, at(on, 15, rng.randrange(60))
        p.ending_reason = rng.choice(("job_found", "job_found", "person", "illness", "goals_out_of_reach"))


def suspend(rng, p, *, today):
    whole = (p.ends - p.starts).days
    on = working(p.starts + days(rng.randrange(whole // 4, whole // 2)))
    if on >= today or on <= p.starts:
        return
    p.suspended_on, p.suspended_at = on, at(on, 7, 5)
    p.suspension_reason = rng.choice(("illness", "maternity", "host_closure", "accident"))
    back = on + days(rng.randrange(14, whole // 3 + 15))
    while back.weekday() > 4 or is_holiday(back):
        back += DAY
    if back < today and back < p.ends:
        p.resumed_on, p.resumed_at = back, at(back, 7, 5)


def extend(rng, p, *, today):
    on = working(p.ends - days(rng.randrange(10, 25)))
    later = add_months(p.ends, rng.choice((3, 6)))
    if on >= today or on <= p.starts or (p.operation and later > p.operation.ends):
        return
    p.extended_at, p.ends_before, p.ends = at(on, 12, rng.randrange(60)), p.ends, later


def conclude(rng, p, *, today):
    on = p.ends + DAY
    while on.weekday() > 4 or is_holiday(on):
        on += DAY
    on += days(rng.choice((0, 0, 1, 2)))
    if on >= today or on.weekday() > 4:
        return
    p.ended_on, p.ended_at = p.ends, at(on, 10, rng.randrange(60))
    if on + days(20) < today and rng.random() < 0.8:
        p.attested_at = at(working(on + days(18)), 11, rng.randrange(60))
        if on + days(60) < today and rng.random() < 0.4:
            p.archived_at = at(working(on + days(55)), 11, rng.randrange(60))


def last_of_work(p):
    return min(p.ends, p.ended_on) if p.ended_on else p.ends


def attend(rng, p, *, today, late, days_back):
    """Each week is written on its Friday, by the tutor; the week of today is still to write, and late tutors' last one.
    `days_back`: how far back the days are told; None for all."""
    if p.started_at is None:
        return
    monday = today - days(today.weekday() + (7 if late else 0))
    first = max(p.starts, today - days(days_back)) if days_back else p.starts
    last = p.told_until = min(last_of_work(p), monday - DAY)
    day = first
    while day <= last:
        hours = p.pattern[day.weekday()]
        away = p.suspended_on and p.suspended_on <= day and (p.resumed_on is None or day < p.resumed_on)
        if hours and not away and not is_holiday(day):
            friday = day + days(4 - day.weekday())
            p.days.append(draw_day(rng, day, hours, at(friday, 15, 30), today=today))
        day += DAY
    if p.ended_on and p.ended_at:  # what the last week still lacks is written before it is closed
        for told in p.days:
            told.at = min(told.at, p.ended_at.replace(minute=0) - days(0))
            if told.corrected_at and told.corrected_at > told.at and told.corrected_at > p.ended_at:
                told.mistyped = told.corrected_at = None


def draw_day(rng, day, planned, moment, *, today):
    chance = rng.random()
    if chance < 0.90:
        told = Day(day, planned, moment)
    elif chance < 0.94:
        told = Day(day, planned - 1, moment)
    elif chance < 0.98:
        told = Day(day, NONE, moment, absence="justified")
    elif chance < 0.99:
        told = Day(day, NONE, moment, absence="agreed")
    else:
        told = Day(day, NONE, moment, absence="unjustified")
    if told.hours and rng.random() < 0.02:
        corrected_at = moment + days(4)  # the Tuesday after
        if corrected_at.date() < today:
            told.mistyped, told.corrected_at = told.hours - 1, corrected_at.replace(hour=9)
    return told


def determine(rng, p, *, today):
    """The allowance of each month that is over, worked out in the first days of the next."""
    for month in sorted({told.day.replace(day=1) for told in p.days}):
        following = add_months(month, 1)
        on = working(following + days(8 + rng.randrange(4)))
        complete = p.days[0].day <= max(month, p.starts) + days(6)
        if on < today and complete:
            p.allowances.append((month, at(on, 13, rng.randrange(60))))


def sign_and_close(p, *, last_open):
    """The months whose allowance was determined were signed and closed that morning, the last one only where somebody
    thought of it; of the others the weeks are signed as they are written, and the last one waits for its signatures."""
    for month, moment in p.allowances:
        if last_open and month == p.allowances[-1][0]:
            continue
        if min(month_of(month).last, last_of_work(p)) <= p.told_until:
            p.closes.append((month, moment.replace(hour=9), moment.replace(hour=10)))
    closed = {month for month, _signed, _closed in p.closes}
    weeks = {}
    for told in p.days:
        if told.day.replace(day=1) not in closed:
            weeks.setdefault(told.at, []).append(told)
    p.signings = [(moment + MINUTES, days) for moment, days in list(weeks.items())[:-1]]
