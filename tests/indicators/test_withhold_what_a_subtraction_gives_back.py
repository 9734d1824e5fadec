"""Who came, who went and who is there are published each month: two of them must not give back the third."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from accanto.indicators import publish
from accanto.indicators.figure import Count, Counted

LIMITS = publish.Thresholds(people=3, sensitive=5)
ZONES = [1, 2, 3, 4, 5]


def count(code, *people):
    zones = {zone: Counted(Decimal(n), n) for zone, n in zip(ZONES, people, strict=True)}
    return Count(code, dt.date(2026, 8, 31), zones, timezone.now())


def test_a_flow_withheld_in_a_zone_is_withheld_in_its_twin():
    opened, closed = count("opened_cases", 9, 2, 7, 8, 30), count("closed_cases", 4, 6, 5, 1, 20)
    alone = publish.by_zone(opened, ZONES, limits=LIMITS)
    assert not alone.zones[4].suppressed
    shown = publish.by_zone_together([opened, closed], ZONES, limits=LIMITS)
    hidden = [{zone for zone, one in figure.zones.items() if one.suppressed} for figure in shown.values()]
    assert hidden[0] == hidden[1] >= {2, 4}
    assert shown["opened_cases"].zones[5].value == 30, "what is of enough people in both stays published"


def test_so_it_is_month_by_month():
    month = dt.date(2026, 8, 1)
    opened, closed = count("opened_cases", 9, 8, 7, 8, 30).zones, count("closed_cases", 4, 6, 5, 1, 20).zones
    for one, other in ((opened, closed), (closed, opened)):
        region, zones = publish.by_month({month: one}, [month], ZONES, limits=LIMITS, beside=[{month: other}])[month]
        assert zones[4].suppressed
        assert sum(figure.suppressed for figure in zones.values()) >= 2
        assert not region.suppressed
