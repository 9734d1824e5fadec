"""Synthetic scenarios of some zones of the demonstration, so that the pages have something to show: hires, retirements
and costs are invented, and each row says so."""

import random
from decimal import Decimal

from django.db import transaction

from accanto.norms import staffing_scenario as norms
from accanto.norms.staffing_scenario import Movement
from accanto.staffing import scenario as scenarios
from accanto.staffing.scenario import Plan
from accanto.territory.zone import Zone

COST = Decimal(42000)  # invented, as everything here: nobody has said what a worker costs


@transaction.atomic
def demonstration_scenarios(seed, *, zones, now, today):
    """For the zones named by code, after their synthetic contracts or returns; the first has several, to compare. Run
    by the owner, once. One seed writes the same scenarios."""
    rows = {zone.code: zone for zone in Zone.objects.filter(code__in=zones)}
    for n, code in enumerate(code for code in zones if code in rows):
        zone, rng = rows[code], random.Random(f"{seed} scenario {code}")
        start = scenarios.start_of(zone, today=today)
        if start is None:
            continue
        years = [one.year for one in start.counted][1:]
        leaving = _retirements(start, years, rng)
        if n == 0:
            _save(zone, "Senza assunzioni", Plan(retirements=leaving, cost_per_worker=COST), now, today)
            few = (Movement(units=Decimal(1), year=years[0], month=3),)
            _save(zone, "Verso le soglie", Plan(hires=few, retirements=leaving, cost_per_worker=COST), now, today)
        plan = Plan(
            hires=_hires(start, leaving, years, rng, today),
            retirements=leaving,
            turnover_percent=Decimal(rng.randint(0, 4)),
            cost_per_worker=COST,
        )
        row = _save(zone, "Verso le soglie", plan, now, today)
        scenarios.choose(scenario=row, by=None, now=now)


def _retirements(start, years, rng):
    """About one in twenty, one a year; never more than there are."""
    there = int(start.counted[-1].average)
    return tuple(
        Movement(units=Decimal(1), year=year, month=rng.choice((3, 6, 8, 12)))
        for year in years[: min(len(years), there // 20 + bool(there > 4))]
    )


def _hires(start, leaving, years, rng, today):
    """Who replaces those, and a part of what lacks to the last threshold."""
    lacking = norms.project(scenarios.supposed(start, Plan(), today=today))
    units = max(1, min(12, int(lacking[-1].reach[1].units * rng.randint(40, 100) / 100))) + len(leaving)
    parts = [units // 2, units - units // 2]
    return tuple(
        Movement(units=Decimal(part), year=year, month=rng.choice((2, 5, 9)))
        for part, year in zip(parts, years, strict=False)
        if part
    )


def _save(zone, name, plan, now, today):
    return scenarios.save(zone=zone, name=name, plan=plan, by=None, now=now, today=today)
