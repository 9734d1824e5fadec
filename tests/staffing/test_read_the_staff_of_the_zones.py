"""Anybody reads the social workers of each zone against the thresholds, and finds the worked cases of the law."""

import re
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accanto.plan import pack as plan_pack
from accanto.staffing import pack as staffing_pack
from accanto.staffing import staff_figure, workforce
from accanto.staffing.decree_sum import DecreeSum
from accanto.staffing.demonstration import demonstration_returns
from accanto.staffing.demonstration_contracts import demonstration_contracts
from accanto.staffing.staff_figure import StaffFigure
from accanto.staffing.worker import Worker
from accanto.territory import pack
from accanto.territory.zone import Zone
from tests import factories


def text_of(answer):
    page = re.sub(r"<svg.*?</svg>", " ", answer.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split()).replace(" ,", ",")


@pytest.mark.parametrize(
    ("residents", "fte", "euro"),
    [
        (130_000, "20", "0,00 €"),
        (130_000, "26", "240.000,00 €"),
        (130_000, "32.5", "370.000,00 €"),
        (60_000, "10", "30.769,23 €"),
        (100_000, "22.25", "229.615,38 €"),
    ],
)
def test_the_contribution_of_the_worked_cases(mugello, residents, fte, euro):
    factories.staff_figure(mugello, year=2022, fte=fte, residents=residents)
    page = text_of(Client().get(reverse("staffing_zone", args=["mugello"])))
    assert f"Totale dell’anno {euro}" in page


def test_the_region_is_the_sum_of_the_zones_and_not_the_formula_on_the_region(mugello, versilia):
    factories.staff_figure(mugello, year=2022, fte="10", residents=100_000)
    factories.staff_figure(versilia, year=2022, fte="24", residents=100_000)
    page = text_of(Client().get(reverse("staffing")))
    assert "264.615,38 €" in page
    assert "129.230,77" not in page


def test_the_gap_is_told_for_each_threshold_in_full_time_units(mugello):
    factories.staff_figure(mugello, year=2022, fte="18", residents=130_000)
    read = staff_figure.contribution(StaffFigure.objects.get())
    assert [threshold - 18 for threshold in read.thresholds] == [2, 8, Decimal("14.5")]
    assert "1:7.222 2 8 14,5" in text_of(Client().get(reverse("staffing")))


def test_the_final_figure_takes_the_place_of_the_forecast(mugello):
    factories.staff_figure(mugello, year=2022, fte="10", status="forecast")
    assert "previsione" in text_of(Client().get(reverse("staffing"), {"year": "2022"}))
    factories.staff_figure(mugello, year=2022, fte="11", status="final")
    assert staff_figure.published(year=2022)[mugello.pk].permanent_fte == 11


def test_drafts_and_sent_returns_are_not_public(mugello):
    for year, state in ((2021, "draft"), (2022, "sent")):
        factories.staff_figure(mugello, year=year, fte="9", state=state)
    assert "Nessun prospetto finalizzato" in text_of(Client().get(reverse("staffing")))
    assert "non ha ancora un prospetto" in text_of(Client().get(reverse("staffing_zone", args=["mugello"])))


def test_a_zone_without_a_figure_has_no_data_and_not_zero(mugello, versilia):
    factories.staff_figure(mugello, year=2022, fte="9")
    assert "Versilia nessun dato –" in text_of(Client().get(reverse("staffing")))


@pytest.mark.parametrize("year", ["", "x", "\x00", "9" * 50, "-1", "٢٠٢٢", "1999"])
def test_a_year_that_is_not_there_shows_the_last_one(mugello, year):
    factories.staff_figure(mugello, year=2022, fte="9")
    assert Client().get(reverse("staffing"), {"year": year}).context["year"] == "2022"


def test_the_published_series_keep_their_universe(db):
    now = timezone.now()
    staffing_pack.load(settings.REGION_PACK, now=now)
    page = text_of(Client().get(reverse("staffing")))
    said = (
        "31/12/2020: 546, consolidato",
        "31/12/2021: 568",
        "31/12/2022: 732, previsione",
        "2024: 781",
        "800, prospettiva",
    )
    assert [words for words in said if words not in page] == []
    assert "Non è la media annua in equivalenti a tempo pieno" in page
    titles = re.findall(r"<h3>(.*?)</h3>", Client().get(reverse("staffing")).content.decode())
    assert len(titles) == len(set(titles)) == 3


def test_the_page_asks_the_same_queries_for_three_zones_and_for_thirty(db, django_assert_num_queries):
    for n in range(3):
        factories.staff_figure(factories.zone(f"zona-{n}"), year=2022, fte="9")
    with CaptureQueriesContext(connection) as few:
        Client().get(reverse("staffing"))
    for n in range(3, 30):
        factories.staff_figure(factories.zone(f"zona-{n}"), year=2022, fte="9")
    with django_assert_num_queries(len(few)):
        Client().get(reverse("staffing"))


# --- the demonstration ------------------------------------------------------------------------------------------------


@pytest.fixture
def toscana(db):
    for loader in (pack, plan_pack, staffing_pack):
        loader.load(settings.REGION_PACK, now=timezone.now())


def figures():
    return list(
        StaffFigure.objects.order_by("zone", "year", "status").values("zone", "year", "headcount", "permanent_fte")
    )


def test_the_synthetic_figures_sum_to_the_published_numbers_and_say_they_are_synthetic(toscana):
    demonstration_returns("prova")
    for year, total in ((2020, 546), (2021, 568), (2022, 732), (2024, 781)):
        rows = StaffFigure.objects.filter(year=year)
        assert rows.count() == 28
        assert sum(row.headcount for row in rows) == total
        assert sum(row.permanent_fte for row in rows) == total
    assert not StaffFigure.objects.filter(synthetic=False).exists()
    answer = Client().get(reverse("staffing"), {"year": "2022"})
    page = answer.content.decode()
    pictures = re.findall(r"<svg[^>]*chart-map.*?</svg>", page, flags=re.S)
    assert pictures
    assert all("Dati sintetici" in picture for picture in pictures)
    assert all("Dati sintetici" in caption for caption in re.findall(r"<caption.*?</caption>", page, flags=re.S)[-2:])
    assert "Anno 2022 (previsione)" in text_of(answer)
    zone = Client().get(reverse("staffing_zone", args=[Zone.objects.first().code]))
    wanted, *rest = re.findall(r"<caption.*?</caption>", zone.content.decode(), flags=re.S)
    assert "Dati sintetici" not in wanted  # residents and thresholds are real
    assert rest
    assert all("Dati sintetici" in one for one in rest)


def test_the_same_seed_makes_the_same_figures_in_proportion_to_residents(toscana):
    demonstration_returns("prova")
    first = figures()
    for model in (StaffFigure, StaffFigure._meta.get_field("staffing_return").related_model):
        model.objects.all().delete()
    demonstration_returns("prova")
    assert figures() == first
    ratios = [row.residents / row.headcount for row in StaffFigure.objects.filter(year=2022)]
    assert max(ratios) < 2 * min(ratios)


def test_the_synthetic_contracts_of_a_zone_make_its_synthetic_figure(toscana):
    demonstration_returns("prova")
    zones = ["mugello", "firenze", "elba"]
    demonstration_contracts("prova", zones=zones)
    for zone in Zone.objects.filter(code__in=zones):
        figure = StaffFigure.objects.get(zone=zone, year=2024)
        made = workforce.of_year(zone, year=2024)
        assert (made.fte, made.heads) == (figure.permanent_fte, figure.headcount)
        rows = figure.staffing_return.rows.standing().order_by("id")
        assert sum(row.permanent_fte for row in rows) == figure.permanent_fte
        assert any(not line.share.counts for line in made.lines)
        assert {one.kind for one in DecreeSum.objects.filter(zone=zone)} == {"booked", "payable"}
    for model in (Worker, DecreeSum):
        assert model.objects.filter(synthetic=True).count() == model.objects.count() > 0
    page = text_of(Client().get(reverse("staffing_zone", args=["mugello"])))
    assert "Decreto inventato per la dimostrazione, Tabella inventata 1 Dati sintetici" in page


# --- the thresholds, without any return -------------------------------------------------------------------------------


def test_all_the_zones_have_residents_and_thresholds_without_any_return(toscana):
    answer = Client().get(reverse("staffing"))
    table = answer.context["wanted"]["table"]
    assert len(table.rows) == 28
    assert {row[-1] for row in table.rows} == {"nessun prospetto ancora"}
    words = text_of(answer)
    # the sums of the residents of the municipalities at 31/12/2024, and of their parts
    assert "Tutte le zone 3.657.716 562,73 731,54 914,43 121,92 182,89" in words
    assert "Mugello 63.190 9,72 12,64 15,80" in words
    assert "3.657.716 residenti al 31/12/2024" in words
    assert "comma 700 della L. 199/2025 non è stato letto" in words
    assert "fonte non verificata: avverte e non blocca" in words


def test_a_zone_without_a_return_still_says_how_many_it_needs(toscana):
    words = text_of(Client().get(reverse("staffing_zone", args=["mugello"])))
    assert "63.190 residenti al 31/12/2024" in words
    for told in (
        "1:6.500 9,72",
        "1:5.000 12,64",
        "1:4.000 15,80",
        "psicologi 1:30.000 2,11",
        "educatori 1:20.000 3,16",
    ):
        assert told in words, told
    assert "non ha ancora un prospetto" in words


def test_the_last_return_of_a_zone_is_named(toscana):
    factories.staff_figure(Zone.objects.get(code="mugello"), year=2022, fte="9")
    table = Client().get(reverse("staffing")).context["wanted"]["table"]
    assert {row[0].value: row[-1] for row in table.rows}["Mugello"].value == "del 2023"
