"""Which zones the PNRR lines reach, according to one extract. What an extract does not name is unknown, never zero."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accanto.plan.localisation import LINES, Localisation
from accanto.territory.zone import Zone

WHOLE, PART, SEAT, EVERYWHERE = "whole", "part", "seat", "everywhere"
WORDS = {
    WHOLE: _("nomina tutti i comuni della zona"),
    PART: _("nomina una parte dei comuni della zona"),
    SEAT: _("nomina un comune solo: di solito la sede dell’ente che guida il progetto, non l’intera area servita"),
    EVERYWHERE: _("vale per «tutti i comuni» della provincia"),
}


@dataclass
class Reach:
    """A project in a zone, and how the extract names it there."""

    cup: str
    submeasure: str
    how: str = PART
    municipalities: list[str] = field(default_factory=list)
    of: int = 0  # municipalities of the zone
    zones: int = 1  # zones the same project reaches

    @property
    def words(self):
        return WORDS[self.how]


@dataclass
class Coverage:
    """By zone and line. `day` is the extract's; None where nothing was imported."""

    day: date | None
    zones: list[Zone]
    found: dict[tuple[int, str], list[Reach]]
    lines: dict[str, tuple]
    unplaced: list[Localisation]  # rows of no zone of the region

    def of(self, zone, submeasure) -> list[Reach]:
        return self.found.get((zone.pk, submeasure), [])

    def in_extract(self, submeasure):
        """Whether the extract speaks of this line at all."""
        return any(line == submeasure for _zone, line in self.found) or any(
            row.submeasure == submeasure for row in self.unplaced
        )

    def zones_reached(self, submeasure):
        return sum(1 for zone in self.zones if self.of(zone, submeasure))

    def projects(self, submeasure):
        """Distinct projects: one may reach several zones, so zones are counted and not these (AD-50)."""
        return len({reach.cup for (_z, line), reaches in self.found.items() if line == submeasure for reach in reaches})


def coverage(*, day=None) -> Coverage:
    """From the newest extract, or from that of `day`. Three queries, whatever the rows."""
    day = day or Localisation.objects.last_extract()
    zones = list(Zone.objects.annotate(municipalities_count=Count("municipalities")).order_by("order", "pk"))
    rows = Localisation.objects.standing().filter(extraction_date=day).select_related("municipality")
    by_zone, reached, unplaced = defaultdict(list), defaultdict(set), []
    rows = list(rows.order_by(Upper("municipality_as_published"), "id")) if day else []
    for row in rows:
        if row.zone_id is None:
            unplaced.append(row)
        else:
            by_zone[row.zone_id, row.submeasure, row.cup].append(row)
            reached[row.cup].add(row.zone_id)
    sizes = {zone.pk: zone.municipalities_count for zone in zones}
    found = defaultdict(list)
    for (zone, submeasure, cup), own in sorted(by_zone.items()):
        reach = Reach(cup=cup, submeasure=submeasure, of=sizes[zone], zones=len(reached[cup]))
        reach.municipalities = sorted({row.municipality.name for row in own if row.municipality})
        if any(row.everywhere for row in own):
            reach.how = EVERYWHERE
        elif len(reach.municipalities) >= reach.of:
            reach.how = WHOLE
        elif len(reach.municipalities) == 1:
            reach.how = SEAT
        found[zone, submeasure].append(reach)
    others = sorted({row.submeasure for row in rows} - set(LINES))
    lines = LINES | {code: (code.removeprefix("M5C2I").replace(".0", "."), "") for code in others}
    return Coverage(day=day, zones=zones, found=dict(found), lines=lines, unplaced=unplaced)
