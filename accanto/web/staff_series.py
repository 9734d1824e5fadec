"""Two series of the same workers, never one line: the average of the year in full-time equivalents, which the law
uses, and the heads at 31 December. Past years are those of the returns; the others, for who plans, the contracts'."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accanto.access.role import Kind
from accanto.staffing import workforce
from accanto.staffing.staff_figure import StaffFigure
from accanto.web.parts import charts, numbers
from accanto.web.parts.table import Column, Table

CLOSED = StaffFigure.Status.FINAL


@dataclass(frozen=True, kw_only=True)
class Point:
    """A year of both series. `zones` says how many are summed, and is empty where it is about one."""

    year: int
    average: Decimal
    heads: int
    whence: str
    mark: str = ""
    synthetic: bool = False
    zones: str = ""


def of_zone(request, zone, figures, *, today):
    """`figures` are the finalised ones of the zone. None where there is nothing of either series."""
    best = {figure.year: figure for figure in sorted(figures, key=lambda one: one.status == CLOSED)}
    points = [
        Point(
            year=one.year,
            average=one.permanent_fte,
            heads=one.headcount,
            whence=_("prospetto: %(status)s") % {"status": one.get_status_display()},
            mark="" if one.status == CLOSED else _("prev."),
            synthetic=one.synthetic,
        )
        for one in best.values()
    ]
    acting = request.acting
    if acting and acting.kind == Kind.ZONE_PLANNER and acting.zone_id == zone.pk and workforce.has_contracts(zone):
        closed = {one.year for one in best.values() if one.status == CLOSED}
        open_years = [year for year in (today.year - 1, today.year) if year not in closed]
        points = [one for one in points if one.year not in open_years]
        points += [_of_contracts(zone, year) for year in open_years]
    title = _("%(zone)s: le due serie") % {"zone": zone.name}
    return _shown(title, points) if points else None


def _of_contracts(zone, year):
    found = workforce.of_year(zone, year=year)
    return Point(
        year=year,
        average=found.fte,
        heads=found.heads,
        whence=_("contratti, come sono scritti oggi"),
        mark=_("contr."),
        synthetic=found.synthetic,
    )


def of_region(*, zones):
    """The sums of the zones' finalised figures; a year says how many zones it is made of."""
    rows = StaffFigure.objects.standing().finalised().order_by("-status", "id")  # final after forecast, and wins
    by_year: dict[int, dict] = {}
    for row in rows:
        by_year.setdefault(row.year, {})[row.zone_id] = row
    points = []
    for year, own in by_year.items():
        forecast = sum(1 for row in own.values() if row.status != CLOSED)
        points.append(
            Point(
                year=year,
                average=sum((row.permanent_fte for row in own.values()), Decimal(0)),
                heads=sum(row.headcount for row in own.values()),
                whence=_("prospetti, %(count)s di previsione") % {"count": forecast} if forecast else _("prospetti"),
                mark=_("prev.") if forecast else "",
                synthetic=any(row.synthetic for row in own.values()),
                zones=_("%(count)s su %(all)s") % {"count": len(own), "all": zones},
            )
        )
    return _shown(_("Le due serie, zone insieme"), points) if points else None


def _shown(title, points):
    points = sorted(points, key=lambda one: one.year)
    synthetic = any(one.synthetic for one in points)
    labels = [f"{one.year}, {one.mark}" if one.mark else str(one.year) for one in points]
    columns = [
        Column(_("Anno")),
        Column(_("Media dell’anno, tempo pieno"), "number"),
        Column(_("Persone al 31 dicembre"), "number"),
        Column(_("Da dove")),
    ]
    rows = [[str(one.year), numbers.number(one.average, 2), one.heads, one.whence] for one in points]
    if any(one.zones for one in points):
        columns.append(Column(_("Zone")))
        rows = [[*row, one.zones] for row, one in zip(rows, points, strict=True)]
    return {
        "picture": charts.small_multiples(
            panels=[
                (_("Media dell’anno"), [(label, one.average) for label, one in zip(labels, points, strict=True)]),
                (_("Al 31 dicembre"), [(label, one.heads) for label, one in zip(labels, points, strict=True)]),
            ],
            title=title,
            show=lambda value: numbers.number(value, 1) if value != int(value) else numbers.number(value, 0),
            synthetic=synthetic,
        ),
        "table": Table(
            title,
            columns,
            rows,
            note=_(
                "Sono due conti diversi: la media pesa le ore e i mesi, l’altra conta le persone di un giorno. Non si"
                " confrontano fra loro e non stanno mai sulla stessa linea."
            ),
            synthetic=synthetic,
        ),
    }
