"""In the cast's zone a search was made: what some people ask, a proposal, and the first words of the team on it."""

import datetime as dt
import random

from accanto.access.role import Acting, Role
from accanto.access.user import User
from accanto.cases.limits import Accommodation
from accanto.cases.personal_plan import PersonalPlan, PlanSupport
from accanto.demonstration.life import at, days
from accanto.traineeships import matching_round, place_search, readiness
from accanto.traineeships.matching_round import MatchingProposal, Reason
from accanto.traineeships.place import Access, Setting

MOST = 24  # people who ask for something


def tell(company, *, today):
    worker = company.workers["social_worker"]
    by = Acting(user=User.objects.get(pk=worker.user_id), role=Role.objects.get(pk=worker.role_id))
    rng = random.Random(f"{company.zone_id}/matches/{today}")
    foresee(by, today=today)
    people = [one for one in readiness.of_zone(by=by, day=today) if readiness.Missing.CONSENT not in one.missing]
    for one in people[:MOST]:
        hours = readiness.Missing.HOURS in one.missing
        if hours or rng.random() < 0.7:
            place_search.describe(case=one.case, by=by, now=at(today - days(4), 10), **asked(rng, hours=hours))
    try:
        round = matching_round.propose(zone_id=company.zone_id, by=by, now=at(today - days(2), 11))
    except matching_round.NothingToMatch:
        return
    rows = list(round.proposals.filter(state=MatchingProposal.State.PROPOSED).order_by("pk")[:3])
    for n, row in enumerate(rows):
        moment = at(today - days(1), 9 + n)
        if n == 0:
            matching_round.accept(proposal=row, by=by, now=moment)
        else:
            reason = (Reason.OTHER_WISH, Reason.TOO_FAR)[n - 1]
            matching_round.refuse(proposal=row, reason=reason, by=by, now=moment)


def foresee(by, *, today):
    """The plans of some of those near enough to work foresee a traineeship."""
    near = {one.case.pk for one in readiness.of_zone(by=by, day=today)}
    plans = PersonalPlan.objects.within(by).standing().agreed().filter(case__in=near, signatures__signer="person")
    PlanSupport.objects.bulk_create(
        PlanSupport(
            subject_id=plan.subject_id, zone_id=plan.zone_id, plan=plan, kind=PlanSupport.Kind.TRAINEESHIP,
            text="Un tirocinio, in un posto da trovare insieme",
        )
        for plan in plans.order_by("pk")[:MOST]
    )  # fmt: skip


def asked(rng, *, hours):
    found = {
        "max_minutes": rng.choice((None, 30, 45, 60)),
        "needs": rng.sample([*Accommodation.Kind.values, *Access.values], rng.choice((0, 0, 1, 2))),
        "wishes": rng.sample(Setting.values, rng.choice((0, 1, 2))),
        "priority": rng.choices((0, 1, 2), (7, 2, 1))[0],
    }
    if hours:
        found |= {
            "out_from": [dt.time(8)] * 5 + [None] * 2,
            "out_to": [dt.time(rng.choice((14, 18)))] * 5 + [None] * 2,
        }
    return found
