"""Movements for the demonstration: the operations of the zones by year on their line, and the services quota of the
years that were split. The sums are invented, and say so; what the payment lists of the zone of the cast write is added
by the payments themselves."""

import datetime as dt
import random
from decimal import Decimal

from accanto.plan.advance import Advance
from accanto.plan.allocation import SERVICES_QUOTA, Allocation
from accanto.plan.cumulative_figure import CumulativeFigure
from accanto.plan.movement import Movement
from accanto.plan.operation import Operation

YEARLY = 400_000  # euro of an operation: in the order of 37.5 million for 28 projects of three years (AD-43)
CHAPTER = "22000 (inventato)"
# the part of what stands at each step that goes on to the next, least and most
PARTS = (("allocated", "committed", 92, 100), ("committed", "liquidated", 70, 95), ("liquidated", "paid", 90, 100),
         ("paid", "reported", 70, 98))  # fmt: skip
SPENT_OF_THIS_YEAR = 40  # percent of what the others spend


def demonstration_movements(seed, *, today, now, paid_by_lists=()):
    """`paid_by_lists` are the zones whose payments come by themselves: there the money is committed and no more."""
    rows, operations = [], list(Operation.objects.filter(synthetic=True).select_related("fund_line", "zone"))
    for year in sorted({year for row in operations for year in range(row.starts.year, today.year + 1)}):
        rows += _of_operations(operations, year, seed, today, paid_by_lists)
    for allocation in Allocation.objects.filter(fund_line__code=SERVICES_QUOTA, synthetic=True):
        rows += _of_allocation(allocation, seed)
    for row in rows:
        row.synthetic, row.recorded_at = True, now
    Movement.objects.bulk_create(rows)
    Advance.objects.bulk_create(_advances(operations, today, now))
    CumulativeFigure.objects.bulk_create(_cumulative(operations, paid_by_lists, today, now))
    return rows


def _of_operations(operations, year, seed, today, paid_by_lists):
    """The Region's budget, what of it each zone is given, and how far each operation has come."""
    rows, given = [], {}
    for one in operations:
        given[one.pk] = Decimal(random.Random(f"{seed}/{one.cup}/{year}").randrange(90, 111) * YEARLY // 100)
    line, first = operations[0].fund_line, dt.date(year, 1, 31)
    if first > today:
        return []
    budget = sum(given.values(), Decimal(0)) + 500_000
    rows.append(_movement(line, year, "outside", "budgeted", budget, first, chapter=CHAPTER))
    for one in operations:
        place = {"zone": one.zone, "from_zone": None, "chapter": CHAPTER}
        rows.append(_movement(line, year, "budgeted", "allocated", given[one.pk], first, **place))
        of_it = {"zone": one.zone, "from_zone": one.zone, "operation": one, "cup": one.cup}
        spent = SPENT_OF_THIS_YEAR if year == today.year else 100
        rng, amount = random.Random(f"{seed}/{one.cup}/{year}/spent"), given[one.pk]
        for n, (taken, to, least, most) in enumerate(PARTS):
            day = min(first + dt.timedelta(days=28 + 75 * n), today)
            amount = _part(amount, rng.randrange(least, most + 1) * (spent if to == "liquidated" else 100) // 100)
            own = {} if taken == "allocated" else {"from_operation": one}
            rows.append(_movement(line, year, taken, to, amount, day, **of_it, **own))
            if one.zone.code in paid_by_lists:
                break
    return rows


def _of_allocation(allocation, seed):
    """The quotas of a year long over: spent almost whole, with something saved."""
    rows, line, year = [], allocation.fund_line, allocation.year
    for quota in allocation.quotas.select_related("zone"):
        here = {"zone": quota.zone, "from_zone": quota.zone}
        day, amount = dt.date(year, 6, 30), quota.amount
        rng = random.Random(f"{seed}/{quota.zone.code}/{line.code}/{year}")
        rows.append(_movement(line, year, "outside", "allocated", amount, day, allocation=allocation, **here))
        for n, (taken, to, least, most) in enumerate(PARTS, 1):
            before, amount = amount, _part(amount, rng.randrange(least, most + 1))
            rows.append(_movement(line, year, taken, to, amount, day + dt.timedelta(days=60 * n), **here))
            if to == "liquidated" and before > amount:
                saved = {"kind": "economy", "explanation": "Prestazioni non svolte (dato sintetico)"}
                end = dt.date(year + 1, 12, 31)
                rows.append(_movement(line, year, taken, "economy", (before - amount) / 2, end, **here, **saved))
    for row in rows:
        row.amount = row.amount.quantize(Decimal("0.01"))
    return rows


def _advances(operations, today, now):
    """An advance that came when they began, and an instalment to ask for in the next weeks."""
    for one in operations:
        said = {"operation": one, "zone": one.zone, "synthetic": True, "recorded_at": now}
        first = {"due": one.starts, "received_on": one.starts + dt.timedelta(days=40)}
        yield Advance(kind="advance", amount=YEARLY, **first, **said)
        soon = {"due": today + dt.timedelta(days=30), "condition": "Dopo la rendicontazione dell’anticipo (inventato)"}
        yield Advance(kind="instalment", amount=YEARLY // 2, **soon, **said)


def _part(amount, percent):
    return (amount * percent / 100).quantize(Decimal("0.01"))


def _movement(line, year, taken, given, amount, day, **more):
    said = {"kind": "ordinary"} | more
    return Movement(fund_line=line, year=year, taken=taken, given=given, amount=amount, day=day, **said)


def _cumulative(operations, zones, today, now):
    """What the zones of `zones` told of what they had paid, on the days of the transmissions; one of them mended."""
    for one in operations:
        if one.zone.code in zones:
            days = [dt.date(today.year - 1, month, day) for month, day in ((4, 30), (7, 31), (9, 30), (11, 30))]
            for n, day in enumerate(days, 1):
                mended = {"decrease_reason": "error", "explanation": "Ad aprile un mese era contato due volte"}
                yield CumulativeFigure(
                    fund_line=one.fund_line, zone=one.zone, operation=one, step="paid", as_of=day, amount=4_000 * n,
                    source="Dimostrazione", synthetic=True, recorded_at=now, **(mended if n == 2 else {}),
                )  # fmt: skip
