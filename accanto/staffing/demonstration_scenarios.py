"""Synthetic scenarios of some zones of the demonstration, so that the pages have something to show: hires, retirements
and costs are invented, and each row says so."""

import random
from dataclasses import replace
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
        leaves = Plan(
            retirements=_retirements(start, years, rng),
            turnover_percent=Decimal(rng.randint(1, 4)),
            cost_per_worker=COST,
        )
        if n == 0:
            _save(zone, "Senza assunzioni", leaves, now, today)
            few = (Movement(units=Decimal(2), year=years[0], month=3),)
            _save(zone, "Verso le soglie", replace(leaves, hires=few), now, today)
        hires = _hires(norms.project(scenarios.supposed(start, leaves, today=today)), rng)
        row = _save(zone, "Verso le soglie", replace(leaves, hires=hires), now, today)
        scenarios.choose(scenario=row, by=None, now=now)


def _retirements(start, years, rng):
    """About one in twenty each year, never more than there are."""
    each = int(start.counted[-1].average) // 20
    return tuple(Movement(units=Decimal(each), year=year, month=rng.choice((3, 6, 8, 12))) for year in years if each)


def _hires(without, rng):
    """A part of what would lack to the last threshold in each year, year by year."""
    share, hired, found = rng.randint(50, 100), 0, []
    for one in without[1:]:
        units = int(one.reach[1].units * share / 100) - hired
        if units > 0:
            found.append(Movement(units=Decimal(units), year=one.year, month=rng.choice((2, 5, 9))))
            hired += units
    return tuple(found)


def _save(zone, name, plan, now, today):
    return scenarios.save(zone=zone, name=name, plan=plan, by=None, now=now, today=today)
