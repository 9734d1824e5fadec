"""The average of the year and the heads at 31 December: two series, for a zone and for the Region, never one line."""

import datetime as dt

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.staffing.test_read_the_staff_of_the_zones import text_of

YEAR = timezone.localdate().year


def series(client, zone=None):
    answer = client.get(reverse("staffing_zone", args=[zone]) if zone else reverse("staffing"))
    found = answer.context["two_series"]
    return found and {row[0]: row[1:] for row in found["table"].rows}


def test_past_years_come_from_the_returns_and_the_final_one_wins(mugello):
    factories.staff_figure(mugello, year=2022, fte="9.5", headcount=11, status="forecast")
    factories.staff_figure(mugello, year=2022, fte="9.25", headcount=10)
    factories.staff_figure(mugello, year=2023, fte="9.75", headcount=12, status="forecast")
    found = series(Client(), "mugello")
    assert found == {
        "2022": ["9,25", 10, "prospetto: consolidato"],
        "2023": ["9,75", 12, "prospetto: previsione"],
    }


def test_who_plans_the_zone_reads_the_open_years_from_the_contracts_and_nobody_else(
    mugello, planner, other_planner, officer, enter
):
    factories.staff_figure(mugello, year=YEAR - 2, fte="1", headcount=1)
    for ends in (None, dt.date(YEAR, 6, 30)):
        factories.contract(factories.worker(mugello, by=planner), ends=ends, by=planner)
    found = series(enter(planner), "mugello")
    assert found[str(YEAR)] == ["1,50", 1, "contratti, come sono scritti oggi"]
    assert found[str(YEAR - 1)] == ["2,00", 2, "contratti, come sono scritti oggi"]
    assert found[str(YEAR - 2)][2] == "prospetto: consolidato"
    for client in (Client(), enter(other_planner), enter(officer)):
        assert set(series(client, "mugello")) == {str(YEAR - 2)}


def test_what_was_finalised_is_not_counted_again_from_the_contracts(mugello, planner, enter):
    factories.staff_figure(mugello, year=YEAR - 1, fte="7", headcount=8)
    factories.contract(factories.worker(mugello, by=planner), by=planner)
    assert series(enter(planner), "mugello")[str(YEAR - 1)] == ["7,00", 8, "prospetto: consolidato"]


def test_the_region_sums_the_zones_and_says_of_how_many(mugello, versilia):
    factories.zone("elba")
    factories.staff_figure(mugello, year=2022, fte="9.25", headcount=10)
    factories.staff_figure(versilia, year=2022, fte="4.5", headcount=5)
    factories.staff_figure(versilia, year=2023, fte="5", headcount=6, status="forecast")
    found = series(Client())
    assert found["2022"] == ["13,75", 15, "prospetti", "2 su 3"]
    assert found["2023"] == ["5,00", 6, "prospetti, 1 di previsione", "1 su 3"]


def test_the_two_are_drawn_as_two_and_told_apart(mugello):
    assert series(Client(), "mugello") is None
    factories.staff_figure(mugello, year=2022, fte="9.25", headcount=10)
    for address in (reverse("staffing_zone", args=["mugello"]), reverse("staffing")):
        answer = Client().get(address)
        picture = str(answer.context["two_series"]["picture"])
        assert "Media dell’anno" in picture
        assert "Al 31 dicembre" in picture
        assert "<path" not in picture  # bars in two panels: no line joins one to the other
        assert "non stanno mai sulla stessa linea" in text_of(answer)
