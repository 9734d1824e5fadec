"""Results of the plan's targets, by the code of the indicator each is compared with."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from accanto.indicators.catalogue import overview
from accanto.indicators.publish import PublishedZones
from accanto.indicators.release import Release


@dataclass(frozen=True)
class Result:
    """`value` is None where nothing was read, or where it is `suppressed`; `day` is the day the figure is of."""

    value: Decimal | int | None
    day: dt.date | None
    suppressed: bool = False
    synthetic: bool = False


def live(codes, *, zones, day, now) -> dict[str, Result]:
    """The results as they stand, for those who work here."""
    return of_overview(overview(tuple(codes), zones=zones, day=day, now=now))


def of_overview(shown: dict[str, PublishedZones]) -> dict[str, Result]:
    return {c: Result(one.region.value, one.day, one.region.suppressed, one.synthetic) for c, one in shown.items()}


def released(release: Release | None) -> dict[str, Result]:
    """The results in a monthly release, for everybody; none without a release."""
    if release is None:
        return {}
    rows = release.figures.filter(zone=None, breakdown="")
    return {row.indicator: Result(row.value, row.day, row.suppressed, release.synthetic) for row in rows}
