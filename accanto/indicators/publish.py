"""The one way out of a count: what is too small, or would tell what is too small, is withheld here, for pages, files
and releases alike."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from accanto.indicators.figure import NOBODY, Breakdown, Count, Counted, ZoneFigure
from accanto.indicators.indicator import AGE_BANDS, AREAS, SEXES
from accanto.norms import disclosure

SENSITIVE = {"area"}  # why somebody is followed is health or justice data (DI-02)
GROUPS = {"area": AREAS, "sex": SEXES, "age": AGE_BANDS}


@dataclass(frozen=True)
class Thresholds:
    """The fewest persons a published cell may be of, and where that is written."""

    people: int
    sensitive: int
    code: str = "DI-01"

    def of(self, indicator):
        """Those of one indicator: where to be counted tells something grave, the higher everywhere."""
        return replace(self, people=self.sensitive, code="DI-02") if indicator.sensitive else self


@dataclass(frozen=True)
class Published:
    value: Decimal | int | None = None
    suppressed: bool = False


@dataclass(frozen=True)
class PublishedZones:
    """An indicator of the region and of its zones. Without a day nothing was read yet."""

    code: str
    day: dt.date | None
    counted_at: dt.datetime
    region: Published
    zones: Mapping[int, Published]
    synthetic: bool = False


def thresholds(day: dt.date) -> Thresholds:
    """The sheet's numbers in force on a day (DI-01, DI-02)."""
    return Thresholds(
        people=disclosure.threshold(sensitive=False, on=day), sensitive=disclosure.threshold(sensitive=True, on=day)
    )


def by_zone(count: Count, zones: Sequence[int], *, limits: Thresholds) -> PublishedZones:
    """The region's figure and each zone's. A zone where nothing was counted is 0, which may be published (DI-06)."""
    region, shown = _zones(count.zones, zones, limits)
    return PublishedZones(count.code, count.day, count.counted_at, region, shown)


def by_zone_together(counts: Sequence[Count], zones: Sequence[int], *, limits: Thresholds,
                     rests: Sequence[Mapping[int, Counted]] = ()) -> dict[str, PublishedZones]:  # fmt: skip
    """As `by_zone`, for figures whose difference is published too: those who came and those who went, between two
    countings of who is there. What is withheld of one is withheld of all, or a subtraction would give it back (DI-04);
    `rests` are the differences themselves, which are of somebody where one figure is a part of another."""
    hidden = _hidden_together([*(count.zones for count in counts), *rests], zones, limits)
    found = {}
    for count in counts:
        region, shown = _shown_zones(count.zones, zones, hidden)
        found[count.code] = PublishedZones(count.code, count.day, count.counted_at, region, shown)
    return found


def rests(parts: Sequence[Mapping[int, Counted]]) -> list[dict[int, Counted]]:
    """Of figures each of which is a part of the one before, who is in one and not in the next."""
    found = []
    for whole, part in pairwise(parts):
        left = {zone: max(0, one.people - part.get(zone, NOBODY).people) for zone, one in whole.items()}
        found.append({zone: Counted(Decimal(people), people) for zone, people in left.items()})
    return found


def about_nobody(figure: ZoneFigure, zones: Sequence[int], *, now: dt.datetime) -> PublishedZones:
    """Figures of zones and of staff: nothing to withhold, and a zone with no row has no value."""
    shown = {zone: Published(figure.zones.get(zone)) for zone in zones}
    return PublishedZones(figure.code, figure.day, now, Published(figure.region), shown, figure.synthetic)


def by_month(months: Mapping[dt.date, Mapping[int, Counted]], wanted: Sequence[dt.date], zones: Sequence[int], *,
             limits: Thresholds, beside: Sequence[Mapping[dt.date, Mapping[int, Counted]]] = (),
             ) -> dict[dt.date, tuple[Published, dict[int, Published]]]:  # fmt: skip
    """For each month the region's figure and each zone's; what is withheld of those `beside` is withheld here too."""
    return {
        month: _shown_zones(
            months.get(month, {}),
            zones,
            _hidden_together([one.get(month, {}) for one in (months, *beside)], zones, limits),
        )
        for month in wanted
    }


def by_group(
    breakdown: Breakdown, way: str, totals: PublishedZones, *, limits: Thresholds
) -> dict[tuple[int | None, str], Published]:
    """{(zone, group): figure}, None for the whole region. Zone totals are those already published, so that no two
    tables of one indicator can be played one against the other. Groups nobody is in are left out."""
    cells = breakdown.cells[way]
    zones = list(totals.zones)
    groups = [group for group in GROUPS[way] if any(cells.get((zone, group), NOBODY).people for zone in zones)]
    if not groups:
        return {}
    table = [[cells.get((zone, group), NOBODY).people for group in groups] for zone in zones]
    published = disclosure.suppress_breakdown(
        table,
        threshold=limits.sensitive if way in SENSITIVE else limits.people,
        hidden_rows=frozenset(row for row, zone in enumerate(zones) if totals.zones[zone].suppressed),
        total_hidden=totals.region.suppressed,
    )
    shown = {}
    for column, group in enumerate(groups):
        for row, zone in enumerate(zones):
            shown[zone, group] = _shown(cells.get((zone, group), NOBODY).value, published.cells[row][column])
        whole = sum((cells.get((zone, group), NOBODY).value for zone in zones), Decimal(0))
        shown[None, group] = _shown(whole, published.column_totals[column])
    return shown


def _zones(counts, zones, limits):
    return _shown_zones(counts, zones, _hidden_together([counts], zones, limits))


def _hidden_together(figures, zones, limits):
    """The zones withheld of any of the figures, None among them where the region is: in each figure those of another
    are withheld with their cover, so that there too they do not follow from the total."""
    hidden = set()
    for counts in figures:
        people = [counts.get(z, NOBODY).people for z in zones]
        published = disclosure.suppress([people], threshold=limits.people, column_totals=False, total=False)
        hidden |= {z for z, cell in zip(zones, published.cells[0], strict=True) if cell is None}
        if published.row_totals[0] is None:
            hidden.add(None)
    return hidden


def _shown_zones(counts, zones, hidden):
    def one(zone, value):
        return Published(None, True) if zone in hidden else Published(value)

    whole = sum((counts.get(z, NOBODY).value for z in zones), Decimal(0))
    return one(None, whole), {z: one(z, counts.get(z, NOBODY).value) for z in zones}


def _shown(value, people):
    """The value where the number of its people is published."""
    return Published(None, True) if people is None else Published(value)
