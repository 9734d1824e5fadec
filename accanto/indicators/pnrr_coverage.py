"""Zones with a row of a PNRR line in the newest extract read. A line the extract has not is unknown, never zero."""

from accanto.indicators.figure import ZoneFigure
from accanto.plan.localisation import Localisation
from accanto.plan.target import Target
from accanto.territory.zone import Zone

SUBMEASURES = {
    "pnrr_pippi_zones": "M5C2I1.01.01",
    "pnrr_housing_first_zones": "M5C2I1.03.01",
    "pnrr_service_centre_zones": "M5C2I1.03.02",
    "pnrr_supervision_zones": "M5C2I1.01.04",
}


def by_zone(*, day, now=None):
    """For each line how many zones, and for each zone how many projects (CUP); no zones where the line is absent."""
    rows = Localisation.objects.standing().filter(extraction_date__lte=day)
    extract = rows.last_extract()
    found = rows.filter(submeasure__in=SUBMEASURES.values(), extraction_date=extract, zone__isnull=False).order_by()
    projects = {code: {} for code in SUBMEASURES}
    code_of = {submeasure: code for code, submeasure in SUBMEASURES.items()}
    wanted = zones_wanted()
    for submeasure, zone, cup in found.values_list("submeasure", "zone_id", "cup").distinct():
        code = code_of[submeasure]
        if zone in wanted.get(code, (zone,)):
            projects[code].setdefault(zone, set()).add(cup)
    return [
        ZoneFigure(
            code=code, day=extract, region=len(zones) or None, zones={zone: len(cups) for zone, cups in zones.items()}
        )
        for code, zones in projects.items()
    ]


def zones_wanted():
    """{code: zones} where the plan's target is about some zones only: those with a municipality above 75,000
    residents."""
    found = {}
    for target in Target.objects.promised().filter(derivation__count="zones_with_municipality_over"):
        over = Zone.objects.with_municipality_over(target.derivation["residents"], on=target.derived_on)
        found[target.indicator] = set(over.values_list("pk", flat=True))
    return found
