"""A figure by zone: the map and the table under it, the same for those who work here and for everybody."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accanto.indicators.card import Card
from accanto.indicators.publish import PublishedZones
from accanto.territory import map as territory_map
from accanto.territory.population import Population
from accanto.web.parts import charts, numbers
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.templatetags.parts import local


@dataclass(frozen=True)
class Picture:
    svg: str
    table: Table
    day: dt.date | None
    source: str


@dataclass(frozen=True)
class Residents:
    """Residents by zone and the day they were counted."""

    by_zone: dict[int, int]
    day: dt.date | None


def residents(day) -> Residents:
    counted = Population.objects.latest_date(day)
    return Residents(Population.objects.on(counted).by_zone() if counted else {}, counted)


def per_thousand(value, people):
    """Of a thousand residents, with two decimals; None where either is missing."""
    return None if value is None or not people else (Decimal(value) * 1000 / people).quantize(Decimal("0.01"))


def view_box():
    return tuple(float(n) for n in territory_map.zone_map().view_box.split())


def of_hundred(value, people):
    return None if value is None or not people else round(Decimal(value) * 100 / people)


def picture(*, card: Card, shown: PublishedZones, zones, living: Residents, synthetic: bool, url, of=None) -> Picture:
    """`url(zone)` opens the zone, or is empty. Where it makes sense the map is of a thousand residents: without it the
    largest zones would always be the darkest. `of` are the figures of which this is a part, published and withheld with
    it: then the map is of a hundred of them."""
    name, unit = local(card.name), local(card.unit)
    kind = "ratio" if card.kind == "ratio" else "number"
    shared = bool(of) or (card.per_residents and bool(living.by_zone))
    part = of_hundred if of else per_thousand
    heading = _("ogni 100 di cui si sa") if of else _("ogni 1.000 residenti")
    people = {zone.pk: of.zones[zone.pk].value if of else living.by_zone.get(zone.pk) for zone in zones}
    values, rows = {}, []
    for zone in zones:
        figure = shown.zones[zone.pk]
        share = part(figure.value, people[zone.pk])
        drawn = share if shared else figure.value
        values[zone.code] = charts.ZoneValue(zone.name, drawn, figure.suppressed, url(zone))
        row = [Cell(zone.name, url=url(zone)), Cell(figure.value, suppressed=figure.suppressed)]
        rows.append([*row, Cell(share, suppressed=figure.suppressed)] if shared else row)
    region = Cell(shown.region.value, suppressed=shown.region.suppressed)
    whole = part(shown.region.value, of.region.value if of else sum(living.by_zone.values()))
    columns = [Column(_("Zona")), Column(unit[:1].upper() + unit[1:], kind)]
    if shared:
        columns.append(Column(heading, "number"))
    title = _("%(name)s per zona") % {"name": name}
    table = Table(
        caption=title,
        columns=columns,
        rows=rows,
        total=[_("Toscana"), region, *([whole] if shared else [])],
        synthetic=synthetic,
        note=_("Residenti al %(day)s.") % {"day": numbers.day(living.day)} if shared and not of else "",
    )
    svg = charts.choropleth(
        shapes=territory_map.zone_shapes(),
        view_box=view_box(),
        values=values,
        title=title,
        unit=f"{unit} {heading}" if shared else unit,
        show=numbers.ratio if kind == "ratio" else numbers.number,
        synthetic=synthetic,
    )
    return Picture(svg, table, shown.day, local(card.source))
