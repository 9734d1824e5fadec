"""Numbers and days are read in the language of the page."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from accanto.web.parts import numbers


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (lambda: numbers.number(Decimal("1234.50")), "1.234,5"),
        (lambda: numbers.number(1000), "1.000"),
        (lambda: numbers.number(Decimal("1E+3")), "1.000"),
        (lambda: numbers.number(2.5, 2), "2,50"),
        (lambda: numbers.number(Decimal("0.125"), 2), "0,13"),
        (lambda: numbers.number(0), "0"),
        (lambda: numbers.number(-1234), "-1.234"),
        (lambda: numbers.euro(27500000), "27.500.000,00\u00a0€"),
        (lambda: numbers.euro(Decimal("-12.5")), "-12,50\u00a0€"),
        (lambda: numbers.ratio(5000), "1:5.000"),
        (lambda: numbers.percent(Decimal("0.976")), "98%"),
        (lambda: numbers.day(date(2026, 11, 21)), "21/11/2026"),
        (lambda: numbers.moment(datetime(2026, 11, 21, 23, 30, tzinfo=UTC)), "22/11/2026, 00:30"),
    ],
)
def test_italian(shown, expected, settings):
    settings.TIME_ZONE = "Europe/Rome"
    with translation.override("it"):
        assert shown() == expected


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (lambda: numbers.number(Decimal("1234.5")), "1,234.5"),
        (lambda: numbers.euro(27500000), "€27,500,000.00"),
        (lambda: numbers.euro(Decimal("-12.5")), "-€12.50"),
        (lambda: numbers.ratio(5000), "1:5,000"),
        # 03/04 would be read as the 3rd of April by one reader and the 4th of March by another
        (lambda: numbers.day(date(2026, 4, 3)), "3 Apr 2026"),
    ],
)
def test_english(shown, expected):
    with translation.override("en"):
        assert shown() == expected


@pytest.mark.parametrize("act", [numbers.number, numbers.euro, numbers.ratio, numbers.percent])
@pytest.mark.parametrize("nothing", [None, "", "molto", float("nan"), Decimal("Infinity")])
def test_no_figure_is_a_dash_and_never_zero(act, nothing):
    assert act(nothing) == numbers.NOTHING
