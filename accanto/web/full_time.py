"""The full-time equivalents of a year, opened: each contract, what it gives by either reading, if it counts and why."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accanto.access.door import for_kinds
from accanto.access.role import Kind
from accanto.norms.full_time import to_four_decimals
from accanto.norms.staffing import formula_not_read
from accanto.staffing import workforce
from accanto.staffing.staff_figure import StaffFigure
from accanto.territory.municipality import Municipality
from accanto.web.plan import sections
from accanto.web.return_form import ZONE_BODY

EARLIEST, YEARS_AHEAD = 2020, 1


def place_names(zone) -> dict:
    """{municipality: name} of the zone; None is the zone body."""
    found = dict(Municipality.objects.in_zone(zone).values_list("pk", "name"))
    return {None: _("Ente dell’ambito")} | found


def by_name(place, names):
    """The zone body first, then the municipalities as they are read."""
    return ("" if place is None else names.get(place, place)).casefold()


@for_kinds(Kind.ZONE_PLANNER)
def full_time_year(request, year):
    today = timezone.localdate()
    if not EARLIEST <= year <= today.year + YEARS_AHEAD:
        raise Http404
    zone = request.acting.role.zone
    reading = request.GET.get("reading")
    reading = reading if reading in StaffFigure.Reading.values else "months"
    found, names = workforce.of_year(zone, year=year, reading=reading), place_names(zone)
    asked = request.GET.get("of", "")
    places = {ZONE_BODY if place is None else place: place for place in found.places}
    only = asked in places
    lines = [line for line in found.lines if not only or line.place == places[asked]]
    counted = [line for line in lines if line.share.counts]

    def here(**more):
        said = {"reading": reading, "of": asked if only else ""} | more
        return "?" + "&".join(f"{name}={value}" for name, value in said.items() if value)

    context = {
        "sections": sections(request, "staffing"),
        "zone": zone,
        "year": str(year),
        "years": [
            (str(one), f"../{one}/{here()}", None, one == year) for one in range(today.year + 1, today.year - 3, -1)
        ],
        "readings": [
            (label, here(reading=value), None, value == reading) for value, label in StaffFigure.Reading.choices
        ],
        "places": [
            (_("Tutta la zona"), here(of=""), None, not only),
            *(
                (names.get(places[word], word), here(of=word), None, word == asked)
                for word in sorted(places, key=lambda word: by_name(places[word], names))
            ),
        ],
        "named": names.get(places[asked]) if only else "",
        "fte": found.at(places[asked]).fte if only else found.fte,
        "heads": found.at(places[asked]).heads if only else found.heads,
        "other": _other_reading(found, lines),
        "counted": [_shown(line) for line in counted],
        "left_out": [_shown(line) for line in lines if not line.share.counts],
        "synthetic": found.synthetic,
        "cautions": list(dict.fromkeys(_cautions(counted, year))),
    }
    return render(request, "staffing/full_time.html", context)


def _cautions(counted, year):
    yield formula_not_read(on=workforce.last_day(year))
    for line in counted:
        yield from (finding for finding in line.share.why if finding.code == "ST-27")


def _other_reading(found, lines):
    """What the reading that is not chosen would give."""
    other = "days" if found.reading == "months" else "months"
    return to_four_decimals(sum(line.share.by(other) for line in lines))


def _shown(line):
    """A contract as the page tells it; what only cautions about an absence stands under the table, once."""
    return {
        "contract": line.contract,
        "months": to_four_decimals(line.share.months),
        "days": line.share.days,
        "by_months": to_four_decimals(line.share.by_months),
        "by_days": to_four_decimals(line.share.by_days),
        "why": line.share.why,
    }
