"""The residents that thresholds and contribution are reckoned on, with their day and source: which day the law means
was not read (ST-28)."""

from datetime import date

from accanto.norms.full_time import first_day
from accanto.norms.reader import in_force
from accanto.territory.population import Population


def day_in_year(name, year) -> date:
    """A day of the year that a sheet gives as month and day; before the law, the one of its first year."""
    month, day = in_force(max(date(year, 1, 1), first_day()))[name].text().split("-")
    return date(year, int(month), int(day))


def counted_on(year, *, asked="staffing.population_date"):
    """The last day counted not after the one a sheet asks for in that year, or the first ever counted; None where
    nothing was counted."""
    days, wanted = Population.objects.counted_dates(), day_in_year(asked, year)
    return max((one for one in days if one <= wanted), default=min(days, default=None))


def residents_of(zone, *, year):
    """Residents of the zone for a year, with their day and source."""
    day = counted_on(year)
    counted = Population.objects.of_zone(zone).on(day)
    return counted.total(), day, _source(counted)


def residents_by_zone(*, year):
    """{zone: residents}, with the day and the source."""
    day = counted_on(year)
    counted = Population.objects.on(day)
    return counted.by_zone(), day, _source(counted)


def residents_by_municipality(zone, *, year):
    """{municipality: residents} on the day the split inside the zone asks for (AD-04), with the day and the source."""
    day = counted_on(year, asked="staffing.split_population_date")
    counted = Population.objects.of_zone(zone).on(day)
    return dict(counted.order_by("municipality").values_list("municipality", "residents")), day, _source(counted)


def _source(counted):
    return counted.order_by("source").values_list("source", flat=True).first() or ""
