"""All the indicators, in the order in which pages show them."""

from accanto.indicators import (
    closed_cases,
    esf_people,
    esf_people_in_traineeship,
    figure,
    measure_zones,
    opened_cases,
    people_housed_six_months,
    people_in_charge,
    people_in_housing_first,
    people_in_traineeship,
    pippi_families,
    pnrr_coverage,
    publish,
    service_centre_users,
    social_workers,
    traineeship_hours,
)
from accanto.indicators.indicator import Indicator
from accanto.indicators.publish import PublishedZones

OF_PERSONS: dict[str, Indicator] = {
    module.INDICATOR.code: module.INDICATOR
    for module in (
        people_in_charge,
        esf_people,
        esf_people_in_traineeship,
        people_in_traineeship,
        traineeship_hours,
        opened_cases,
        closed_cases,
        pippi_families,
        people_in_housing_first,
        people_housed_six_months,
        service_centre_users,
    )
}
# of zones and of staff: about nobody, so nothing is withheld
OF_ZONES = {
    social_workers.CODE: social_workers,
    **dict.fromkeys(pnrr_coverage.SUBMEASURES, pnrr_coverage),
    **dict.fromkeys(measure_zones.OF, measure_zones),
}
CODES = (*OF_PERSONS, *OF_ZONES)
# between two months the people in charge change by those opened less those closed
FLOWS = ("opened_cases", "closed_cases")


def overview(codes=CODES, *, zones, day, now) -> dict[str, PublishedZones]:
    """The published figures of some indicators, for the region and the given zones (their ids), as they stand on a
    day."""
    limits = publish.thresholds(day)
    asked = dict.fromkeys([*codes, *(FLOWS if set(FLOWS) & set(codes) else ())])
    persons = [OF_PERSONS[code] for code in asked if code in OF_PERSONS]
    counts = figure.by_zone(persons, day=day, now=now)
    flows = [counts[code] for code in FLOWS if code in counts]
    shown = {
        code: publish.by_zone(count, zones, limits=limits.of(OF_PERSONS[code]))
        for code, count in counts.items()
        if code not in FLOWS
    }
    shown |= publish.by_zone_together(flows, zones, limits=limits)
    for room in dict.fromkeys(OF_ZONES[code] for code in codes if code in OF_ZONES):
        for one in room.by_zone(day=day, now=now):
            if one.code in codes:
                shown[one.code] = publish.about_nobody(one, zones, now=now)
    return {code: shown[code] for code in codes}
