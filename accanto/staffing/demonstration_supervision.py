"""Synthetic plans and sessions of supervision for the zones of the demonstration that have contracts: nobody here
exists, and each row says that it is synthetic."""

import random
from datetime import date
from decimal import Decimal

from django.db import transaction

from accanto.staffing import supervision, supervision_plan
from accanto.staffing.supervision import SessionTerms
from accanto.staffing.supervision_plan import PlanTerms, SupervisionKind
from accanto.staffing.worker import Worker
from accanto.territory.zone import Zone

HOURS = {SupervisionKind.GROUP: 24, SupervisionKind.INDIVIDUAL: 12, SupervisionKind.TEAM: 18}
GROUP = 8  # as many in a group, at most
POA = "POA della supervisione, inventato per la dimostrazione"


@transaction.atomic
def demonstration_supervision(seed, *, zones, now, today):
    """For the zones named by code, after their synthetic contracts: last year and this one so far. Run by the owner,
    once. One seed writes the same sessions."""
    for zone in Zone.objects.filter(code__in=zones).order_by("pk"):
        rng = random.Random(f"{seed} supervision {zone.code}")
        workers = list(Worker.objects.known().filter(zone=zone).under_contract(today).order_by("code"))
        own = [one for one in workers if one.profession == Worker.Profession.SOCIAL_WORKER]
        others = [
            one for one in workers if one.profession in (Worker.Profession.EDUCATOR, Worker.Profession.PSYCHOLOGIST)
        ]
        if not own:
            continue
        covered = own[: max(1, len(own) * rng.randint(50, 90) // 100)]
        for year in (today.year - 1, today.year):
            for kind, hours in HOURS.items():
                supervision_plan.write(
                    zone=zone, year=year, kind=kind, terms=PlanTerms(hours=Decimal(hours), act=POA), by=None, now=now,
                    synthetic=True,
                )  # fmt: skip
            for month in range(1, 13, 2):
                day = date(year, month, rng.randint(5, 25))
                if day < today:
                    _month(zone, day, rng, covered, others, now, today)


def _month(zone, day, rng, covered, others, now, today):
    """A session of a group, one of somebody alone and one of a team."""
    group = rng.sample(covered, min(GROUP, len(covered)))
    _hold(zone, day, SupervisionKind.GROUP, group, rng, now, today, hours="3")
    _hold(zone, day, SupervisionKind.INDIVIDUAL, [rng.choice(covered)], rng, now, today, hours="1.5")
    if others:
        team = [*rng.sample(covered, min(3, len(covered))), *rng.sample(others, min(2, len(others)))]
        _hold(zone, day, SupervisionKind.TEAM, team, rng, now, today, hours="2.5")


def _hold(zone, day, kind, group, rng, now, today, *, hours):
    missing = [one for one in group[1:] if rng.random() < 0.15]
    terms = SessionTerms(
        kind=kind,
        day=day,
        hours=Decimal(hours),
        supervisor="Supervisore inventato",
        supervisor_profession=Worker.Profession.SOCIAL_WORKER,
        external=True,
        present=[one for one in group if one not in missing],
        missing=missing,
    )
    supervision.record(zone=zone, terms=terms, by=None, now=now, today=today)
