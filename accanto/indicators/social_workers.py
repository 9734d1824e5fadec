"""Residents for each permanent social worker (full-time equivalents, yearly average), by zone.

From the finalised staffing returns: the last closed year. The region's ratio is said beside the zones' and is no test
of the law, which reckons each zone by itself (ST-04)."""

import datetime as dt

from django.db.models import Max

from accanto.indicators.figure import ZoneFigure
from accanto.staffing.staff_figure import StaffFigure
from accanto.staffing.staffing_return import StaffingReturn

CODE = "residents_per_social_worker"


def by_zone(*, day, now=None):
    """The ratio of each zone and of the region, at the end of the last closed year not after `day`."""
    final = (
        StaffFigure.objects.standing()
        .filter(status=StaffFigure.Status.FINAL, year__lt=day.year)
        .filter(staffing_return__state=StaffingReturn.State.FINALISED)
    )
    year = final.aggregate(last=Max("year"))["last"]
    rows = {row.zone_id: row for row in final.filter(year=year).order_by("id")}
    residents, fte = sum(row.residents for row in rows.values()), sum(row.permanent_fte for row in rows.values())
    return [
        ZoneFigure(
            code=CODE,
            day=dt.date(year, 12, 31) if year else None,
            region=residents / fte if fte else None,
            zones={zone: row.residents / row.permanent_fte for zone, row in rows.items() if row.permanent_fte},
            synthetic=any(row.synthetic for row in rows.values()),
        )
    ]
