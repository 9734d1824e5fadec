"""Zones where a measure is under way according to the files: a family, somebody housed, a user of the centre.

The number of people stays in the indicators of persons: here a zone is in or out."""

from accanto.indicators import figure, people_in_housing_first, pippi_families, pnrr_coverage, service_centre_users
from accanto.indicators.figure import ZoneFigure

# the zones of each, and the figure of the public extract that stands beside it
OF = {
    "pippi_zones": (pippi_families.INDICATOR, "pnrr_pippi_zones"),
    "housing_first_zones": (people_in_housing_first.INDICATOR, "pnrr_housing_first_zones"),
    "service_centre_zones": (service_centre_users.INDICATOR, "pnrr_service_centre_zones"),
}


def by_zone(*, day, now):
    """For each measure how many zones have it on a day; the plan speaks of some zones only for the service centres."""
    counts = figure.by_zone([indicator for indicator, _beside in OF.values()], day=day, now=now)
    wanted = pnrr_coverage.zones_wanted()
    found = []
    for code, (indicator, beside) in OF.items():
        zones = {
            zone: 1
            for zone, counted in counts[indicator.code].zones.items()
            if counted.people and zone in wanted.get(beside, (zone,))
        }
        found.append(ZoneFigure(code=code, day=day, region=len(zones), zones=zones))
    return found
