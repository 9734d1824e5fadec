"""All the indicators, in the order in which pages show them."""

from accanto.indicators import (
    asked_six_months_after,
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
    six_months_after_traineeship,
    social_workers,
    traineeship_hours,
    working_six_months_after,
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
        six_months_after_traineeship,
        asked_six_months_after,
        working_six_months_after,
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
# each is a part of the one before: what is left over (not asked, not at work) is published by subtraction
AFTER = ("six_months_after_traineeship", "asked_six_months_after", "working_six_months_after")
TOGETHER = (FLOWS, AFTER)


def beside(code):
    """The other figures with which one is published, in their order."""
    return [OF_PERSONS[other] for group in TOGETHER if code in group for other in group]


def overview(codes=CODES, *, zones, day, now) -> dict[str, PublishedZones]:
    """The published figures of some indicators, for the region and the given zones (their ids), as they stand on a
    day."""
    limits = publish.thresholds(day)
    met = [group for group in TOGETHER if set(group) & set(codes)]
    asked = dict.fromkeys([*codes, *(code for group in met for code in group)])
    persons = [OF_PERSONS[code] for code in asked if code in OF_PERSONS]
    counts = figure.by_zone(persons, day=day, now=now)
    shown = {
        code: publish.by_zone(count, zones, limits=limits.of(OF_PERSONS[code]))
        for code, count in counts.items()
        if not any(code in group for group in met)
    }
    for group in met:
        together = [counts[code] for code in group]
        rests = publish.rests([count.zones for count in together]) if group is AFTER else ()
        shown |= publish.by_zone_together(together, zones, limits=limits, rests=rests)
    for room in dict.fromkeys(OF_ZONES[code] for code in codes if code in OF_ZONES):
        for one in room.by_zone(day=day, now=now):
            if one.code in codes:
                shown[one.code] = publish.about_nobody(one, zones, now=now)
    return {code: shown[code] for code in codes}
