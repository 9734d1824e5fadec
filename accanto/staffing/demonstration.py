"""Synthetic returns for the demonstration region. No real figure of a zone was ever published: these share out the
number published for the whole region, and each row says that it is synthetic."""

import random
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from accanto.staffing.residents import residents_of
from accanto.staffing.series import RegionalFigure
from accanto.staffing.staff_figure import StaffFigure
from accanto.staffing.staffing_return import StaffingReturn
from accanto.territory.zone import Zone

# the published totals that are shared out: year, the universe of the total, the status of the figure, the return's year
PUBLISHED = (
    (2020, "sioss_ambiti", StaffFigure.Status.FINAL, 2021),
    (2021, "sioss_ambiti", StaffFigure.Status.FINAL, 2022),
    (2022, "sioss_ambiti", StaffFigure.Status.FORECAST, 2022),
    (2024, "permanent_report", StaffFigure.Status.FINAL, 2025),
)
SPREAD = 25  # how far, in hundredths, a zone may stand from its share by residents


def share_out(total, weights):
    """Whole numbers that sum to `total` in proportion to the weights; what is left goes to the largest remainders."""
    whole = sum(weights.values(), Fraction(0))
    exact = {key: total * Fraction(weight) / whole for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    for key in sorted(exact, key=lambda key: (parts[key] - exact[key], key))[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


@transaction.atomic
def demonstration_returns(seed) -> list[StaffingReturn]:
    """Finalised synthetic returns of every zone for the years with a published total; run by the owner, once.

    Heads, and full-time equivalents to the hundredth, each sum exactly to the region's published number of the year:
    no public total of full-time equivalents exists. The same seed gives the same figures."""
    zones = list(Zone.objects.order_by("pk"))
    published = {
        (row.year, row.universe.code): int(row.value)
        for row in RegionalFigure.objects.filter(profession="social_worker").select_related("universe")
        if row.year
    }
    lean = {zone.pk: random.Random(f"{seed} staff {zone.code}").randint(100 - SPREAD, 100 + SPREAD) for zone in zones}
    returns: dict[tuple[int, int], StaffingReturn] = {}
    figures = []
    for year, universe, status, return_year in PUBLISHED:
        total = published.get((year, universe))
        if total is None:
            continue
        counted = {zone.pk: residents_of(zone, year=year) for zone in zones}
        heads = share_out(total, {pk: Fraction(counted[pk][0] * lean[pk]) for pk in lean})
        drift = {pk: 100 + random.Random(f"{seed} {year} {pk}").randint(-4, 4) for pk in lean}
        hundredths = share_out(total * 100, {pk: Fraction(heads[pk] * drift[pk]) for pk in lean})
        moment = datetime(return_year, 2, 20, 10, tzinfo=UTC)
        for zone in zones:
            row = returns.setdefault(
                (zone.pk, return_year),
                StaffingReturn(
                    zone=zone,
                    year=return_year,
                    state=StaffingReturn.State.FINALISED,
                    begun_at=moment.replace(day=5),
                    sent_at=moment,
                    finalised_at=moment.replace(day=21),
                    synthetic=True,
                ),
            )
            residents, day, source = counted[zone.pk]
            figures.append(
                StaffFigure(
                    staffing_return=row,
                    zone=zone,
                    year=year,
                    status=status,
                    residents=residents,
                    residents_on=day,
                    residents_source=source,
                    permanent_fte=Decimal(hundredths[zone.pk]) / 100,
                    headcount=heads[zone.pk],
                    synthetic=True,
                    recorded_at=moment,
                )
            )
    StaffingReturn.objects.bulk_create(returns.values())
    StaffFigure.objects.bulk_create(figures)
    return list(returns.values())
