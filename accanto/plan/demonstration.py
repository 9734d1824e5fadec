"""Two years of the services quota split among the zones, for the demonstration: the totals are the regional plan's
(FU-10), the beneficiary households of the zones and so the quotas are invented, and say so."""

import datetime as dt
import random
from decimal import Decimal

from accanto.plan import allocation as allocations
from accanto.plan.allocation import Allocation, Criterion, Given
from accanto.plan.fund import FundLine

PERIMETER = "Quota ripartita fra le zone"
SOURCE = "Dimostrazione: il totale è del piano regionale, pesi e nuclei beneficiari sono inventati"
YEARS = ((2022, "23899000", dt.date(2022, 1, 1)), (2023, "18423000", dt.date(2023, 1, 1)))


def demonstration_allocations(seed, *, now):
    line = FundLine.objects.filter(code=allocations.SERVICES_QUOTA).first()
    if line is None:
        return []
    return [_one(line, year, Decimal(total), day, seed, now) for year, total, day in YEARS]


def _one(line, year, total, day, seed, now):
    residents, source = allocations.residents_on(day)
    households = {zone: _households(float(residents[zone]), f"{seed}/{zone}", year) for zone in sorted(residents)}
    given = Given(
        fund_line=line,
        year=year,
        perimeter=PERIMETER,
        total=total,
        criteria=(
            Criterion(
                name="Nuclei beneficiari", weight=Decimal(60), kind="table", quantities=households,
                base_source="dato sintetico", base_day=dt.date(year, 9, 30),
            ),
            Criterion(
                name="Residenti", weight=Decimal(40), kind="residents", quantities=residents, base_source=source,
                base_day=day,
            ),
        ),
    )  # fmt: skip
    row = Allocation.objects.create(
        fund_line=line, year=year, perimeter=PERIMETER, total=total, state=Allocation.State.ADOPTED, source=SOURCE,
        synthetic=True, recorded_at=now,
    )  # fmt: skip
    allocations.write_quotas(row, given, given.split())
    return row


def _households(residents, seed, year):
    """As many for each resident as is the zone's own, a little more or less each year."""
    own = random.Random(f"{seed}/households").uniform(0.010, 0.022)
    return Decimal(int(residents * own * random.Random(f"{seed}/households/{year}").uniform(0.95, 1.05)))
