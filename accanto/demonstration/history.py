"""What happens to somebody between the referral and today, drawn by the seed: no database and no clock."""

import datetime as dt
import random

from accanto.cases import entry_sheet
from accanto.demonstration import benefits, household, measures, names, placement, profiles, words
from accanto.demonstration.life import (
    DAY,
    Action,
    Assessment,
    Case,
    Life,
    Participation,
    Plan,
    Referral,
    at,
    days,
    working,
)
from accanto.demonstration.place import Place

AREAS = ("disadvantage", "mental_health", "disability", "prison")
AREA_WEIGHTS = (50, 22, 22, 6)
CHANNELS = {
    "disadvantage": ("social_service", "third_sector_body", "employment_centre", "social_service"),
    "mental_health": ("mental_health", "mental_health", "addiction"),
    "disability": ("disability", "school", "social_service"),
    "prison": ("justice",),
}
ADMINISTERED = 1  # the second life of a zone surely has a support administrator
OLDEST = 1100  # days since the first cases were opened
# Of a hundred people an operation looks at, eighty have a plan and fifty-six start a traineeship (R-TIS-38: 75, 60, 42)
IN_THE_OPERATION, WITH_A_PLAN, WITH_A_TRAINEESHIP = 0.72, 0.80, 0.70


def live(*, seed, today, place: Place, n, script="", days_back=None):
    """The n-th life of a place. `script` bends it: «running» has a traineeship going on today, «waiting» a referral.
    `days_back` is how far back the register is told, None for all of it."""
    rng = random.Random(f"{seed}/{place.code}/{n}")
    chance = rng.random()
    if script == "running":
        opened_on = working(today - days(rng.randrange(220, 420)))
    elif script == "waiting" or chance < 0.025:
        return waiting(rng, today=today, place=place, n=n)
    elif chance < 0.045:
        return declined(rng, today=today, place=place, n=n)
    else:
        opened_on = working(today - days(1 + int((OLDEST - 1) * rng.random() ** 1.5)))
    life = in_charge(rng, today=today, place=place, n=n, opened_on=opened_on, script=script, days_back=days_back)
    life.case.around = household.draw(seed=seed, place=place, life=life, script=script, administered=n == ADMINISTERED)
    return life


def person(rng, *, today, place, n, registered_at, by):
    sex = "F" if rng.random() < 0.53 else "M"
    given, family, born_in = names.draw(rng, sex=sex, from_abroad=rng.random() < 0.22)
    birth_date = today - days(rng.randrange(18 * 366, 63 * 365))
    code = names.fiscal_code(given=given, family=family, birth_date=birth_date, sex=sex, place=born_in)
    while not place.new_code(code):  # two of the same name, day and town: the second is born a day later
        birth_date += DAY
        code = names.fiscal_code(given=given, family=family, birth_date=birth_date, sex=sex, place=born_in)
    return Life(
        n=n,
        given_name=given,
        family_name=family,
        sex=sex,
        birth_date=birth_date,
        birth_place=names.place_name(born_in),
        fiscal_code=code,
        municipality=place.draw_municipality(rng),
        phone=f"000 {rng.randrange(10**6, 10**7)}",  # no number begins so
        email=f"persona{place.zone_id}.{n}@example.org" if rng.random() < 0.4 else "",
        registered_at=registered_at,
        by=by,
        stay=household.stay(fiscal_code=code, born_in=born_in, today=today),
    )


def draw_referral(rng, *, received_on, area):
    return Referral(
        received_on=received_on,
        recorded_at=at(received_on, 8, rng.randrange(60)),
        channel=rng.choice(CHANNELS[area]),
        need=words.NEEDS[area],
    )


def waiting(rng, *, today, place, n):
    """Somebody referred who has no answer yet, for up to five weeks."""
    received_on = working(today - days(rng.randrange(1, 35)))
    referral = draw_referral(rng, received_on=received_on, area=rng.choices(AREAS, AREA_WEIGHTS)[0])
    life = person(rng, today=today, place=place, n=n, registered_at=referral.recorded_at, by=place.any_worker(rng))
    life.referral = referral
    return life


def declined(rng, *, today, place, n):
    life = waiting(rng, today=today - days(rng.randrange(40, 600)), place=place, n=n)
    referral = life.referral
    referral.answered_on = working(referral.received_on + days(rng.randrange(7, 30)))
    referral.answered_at = at(referral.answered_on, 9, rng.randrange(60))
    referral.outcome = "not_accepted"
    referral.reason = rng.choice(("other_zone", "one_service", "declined", "not_reached"))
    return life


def in_charge(rng, *, today, place, n, opened_on, script, days_back):
    area = rng.choices(AREAS, AREA_WEIGHTS)[0]
    referral = None
    if rng.random() < 0.75:
        referral = draw_referral(rng, received_on=working(opened_on - days(rng.randrange(3, 40))), area=area)
    opened_at = at(opened_on, 9, rng.randrange(60))
    if referral and referral.recorded_at >= opened_at:
        opened_at = referral.recorded_at + dt.timedelta(hours=1)
    registered_at = referral.recorded_at if referral else opened_at
    life = person(rng, today=today, place=place, n=n, registered_at=registered_at, by=place.any_worker(rng))
    life.referral = referral
    if referral:
        referral.outcome, referral.answered_on = "accepted", max(opened_on, referral.received_on)
        referral.answered_at = opened_at
    life.case = Case(opened_on=opened_on, opened_at=opened_at, area=area, manager=life.by)
    follow(rng, today=today, place=place, life=life, script=script, days_back=days_back)
    life.by = life.case.manager = place.manager(rng, still_open=life.case.closed_on is None)
    life.case.benefits = benefits.draw(life, today=today)
    life.case.measures = measures.draw(life, today=today)
    life.case.profile = profiles.draw(life, today=today)
    return life


def follow(rng, *, today, place, life, script, days_back):
    """Assessment, plan, participation, traineeship, end: each a while after the other, as far as yesterday had come. A
    demonstration may be made at night, before the hours of today."""
    case, sure = life.case, script == "running"
    seen_on = working(case.opened_on + days(rng.randrange(5, 30)))
    recent = (today - case.opened_on).days < 60
    if seen_on >= today or (recent and not sure and rng.random() < 0.1):
        return
    seen_on = max(seen_on, case.opened_on)
    complex_need = sure or rng.random() < 0.6
    outcome = "complex" if complex_need else rng.choice(("social_only", "work_only"))
    case.assessments.append(assessment(rng, "preliminary", seen_on, outcome))
    deep_on = working(seen_on + days(rng.randrange(10, 25)))
    if complex_need and rng.random() < 0.5 and deep_on < today:
        case.assessments.append(assessment(rng, "in_depth", deep_on, outcome))
    take_part(rng, today=today, place=place, life=life, seen_on=seen_on, sure=sure)
    planned = rng.random() < WITH_A_PLAN + 0.1 * (case.participation is None)
    if sure or planned:
        plan_on = working(seen_on + days(rng.randrange(8, 40)))
        if plan_on < today:
            write_plans(
                rng, case, max(plan_on, seen_on), today=today, stuck=recent and not sure and rng.random() < 0.15
            )
    wanted = WITH_A_TRAINEESHIP if case.participation else 0.25
    if case.agreed and (sure or rng.random() < wanted):
        not_before = case.agreed.agreed_on
        operation = None
        if case.participation:
            operation, not_before = place.operation, max(not_before, case.participation.starts)
        case.traineeship = placement.place_somebody(
            rng, today=today, place=place, case=case, not_before=not_before, operation=operation, script=script,
            days_back=days_back,
        )  # fmt: skip
    if not sure:
        close(rng, case, today=today, by_now=not planned)


def assessment(rng, kind, day, outcome):
    names_of = words.DOMAINS if kind == "in_depth" else ("work", "housing", "networks", "economic")
    domains = {}
    for domain in names_of:
        text, shift = rng.choice(words.DOMAINS[domain]), rng.choice((-1, 0, 0, 0, 0, 1))
        domains[domain] = {"text": text, "score": min(5, max(1, words.SCORES[text] + shift))}
    return Assessment(kind=kind, day=day, at=at(day, 11, rng.randrange(60)), outcome=outcome, domains=domains)


def take_part(rng, *, today, place, life, seen_on, sure):
    operation = place.operation
    starts = working(max(seen_on, operation.starts) + days(rng.randrange(1, 20)))
    starts = max(starts, seen_on, operation.starts)
    if starts >= today or not (sure or rng.random() < IN_THE_OPERATION):
        return
    born = life.birth_date
    entry = entry_sheet.fill(
        age=starts.year - born.year - ((starts.month, starts.day) < (born.month, born.day)),
        sex=life.sex,
        employment_status="inactive" if (months := rng.choice((4, 15, 30, None))) is None else "unemployed",
        months_unemployed=months,
        education=rng.choice(("isced_0_2", "isced_0_2", "isced_3_4", "isced_5_8")) if rng.random() < 0.97 else "",
        disability="yes" if life.case.area == "disability" else rng.choice(("no", "undeclared")),
        third_country=rng.choice(("no", "no", "yes", "undeclared")),
    )
    life.case.participation = Participation(starts=starts, at=at(starts, 12, rng.randrange(60)), entry=entry)


def write_plans(rng, case, on, *, today, stuck):
    """The first plan, and one more after each review that was held."""
    for version in range(1, 4):
        plan = draw_plan(rng, version, on, today=today)
        case.plans.append(plan)
        agreed_on = working(on + days(rng.randrange(0, 12)))
        agreed_on = max(agreed_on, on)
        if agreed_on >= today or stuck:
            return
        plan.agreed_on, plan.agreed_at = agreed_on, at(agreed_on, 14, rng.randrange(60))
        plan.how = rng.choice(("paper", "paper", "in_presence"))
        on = working(plan.review_on + days(rng.randrange(0, 8)))
        if on >= today or on <= agreed_on:
            return
        if version == 3:
            plan.review_on = today + days(rng.randrange(-6, 60))


def draw_plan(rng, version, on, *, today):
    review_on = working(on + days(rng.randrange(100, 200)))
    actions = []
    for party, text in rng.sample(words.ACTIONS, rng.randrange(2, 5)):
        due = working(on + days(rng.randrange(12, 110)))
        action = Action(party=party, text=text, due=due)
        done_on = max(working(due - days(rng.randrange(0, 9))), on + days(12))
        if done_on < today and (rng.random() < 0.9 or due < today - days(20)):
            action.done_on, action.done_at = done_on, at(done_on, 16, rng.randrange(60))
        actions.append(action)
    return Plan(
        version=version,
        reason=words.PLAN_REASONS[0] if version == 1 else rng.choice(words.PLAN_REASONS[1:]),
        review_on=review_on,
        at=at(on, 12, rng.randrange(60)),
        goals=rng.sample(words.GOALS, rng.randrange(1, 3)),
        supports=rng.sample(words.SUPPORTS, rng.randrange(1, 4)),
        actions=actions,
    )


def close(rng, case, *, today, by_now):
    """The path ends a while after the last thing that happened in it; `by_now` those where nothing was agreed."""
    traineeship = case.traineeship
    young = (today - case.opened_on).days < (90 if by_now else 240)
    if young or rng.random() > (0.97 if by_now else 0.4) or (traineeship and not traineeship.over):
        return
    last = case.opened_on
    for plan in case.plans:
        last = max(last, plan.at.date(), plan.agreed_on or last, *(action.done_on or last for action in plan.actions))
    if case.participation:
        last = max(last, case.participation.starts)
    if traineeship:
        moments = [traineeship.ended_at, traineeship.attested_at, traineeship.archived_at]
        moments += [moment for _month, moment in traineeship.allowances]
        last = max(last, *(moment.date() for moment in moments if moment))
    on = working(last + days(rng.randrange(15, 90)))
    if on >= today or on <= last:
        return
    case.closed_on, case.closed_at = on, at(on, 17, 30)
    case.closing_reason = rng.choice(
        ("goals_reached", "goals_reached", "withdrew", "moved", "other_service", "not_reached")
    )
    case.closing_outcome = (
        rng.choice(("job", "traineeship", "other")) if traineeship else rng.choice(("training", "none"))
    )
    if case.participation:
        # who was in a traineeship leaves the operation with it, and is asked then what they do
        left = traineeship.ended_at.date() if traineeship and traineeship.ended_at else on
        left = max(left, case.participation.starts)
        case.participation.ends, case.participation.left_at = left, at(left, 18, 30)
