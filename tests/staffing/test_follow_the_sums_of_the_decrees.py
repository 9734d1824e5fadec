"""The rows of the ministry's decrees are copied by hand with their act; anybody reads what is due, booked and paid."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accanto.staffing import decree_sum as sums
from accanto.staffing import return_filling
from accanto.staffing.decree_sum import DecreeSum, reckonings
from accanto.staffing.staff_figure import published_of
from tests import factories
from tests.staffing.test_read_the_staff_of_the_zones import text_of


def zone_page(zone="mugello", client=None):
    return text_of((client or Client()).get(reverse("staffing_zone", args=[zone])))


def reckon(zone):
    return {one.year: one for one in reckonings(zone, published_of(zone))}


# --- what is paid -----------------------------------------------------------------------------------------------------


def test_case_14_what_is_paid_stays_within_what_was_booked(mugello):
    factories.staff_figure(mugello, year=2022, fte="26", residents=130_000)
    factories.decree_sum(mugello, year=2022, amount="200000")
    words = zone_page()
    assert "2022 26 – 240.000,00 € 200.000,00 € 200.000,00 € 0,00 €" in words
    assert "Spettano 240.000,00 € ma ne sono prenotati 200.000,00 €: si liquida il prenotato." in words


def test_what_was_booked_and_is_not_due_goes_back_to_the_fund(mugello):
    factories.staff_figure(mugello, year=2022, fte="23.75", residents=130_000)  # 150.000
    factories.decree_sum(mugello, year=2022, amount="200000")
    found = reckon(mugello)[2022]
    assert (found.entitlement, found.payable, found.returned) == (150_000, 150_000, 50_000)
    assert "50.000,00 € tornano al Fondo." in zone_page()


def test_what_is_not_there_is_a_dash_and_never_zero(mugello):
    factories.staff_figure(mugello, year=2022, fte="26", residents=130_000)
    factories.decree_sum(mugello, year=2023, amount="200000")
    found = reckon(mugello)
    assert (found[2022].booked, found[2022].payable) == (None, None)
    assert (found[2023].entitlement, found[2023].payable, found[2023].booked) == (None, None, 200_000)
    assert "2022 26 – 240.000,00 € – – –" in zone_page()


def test_certified_units_lower_and_never_raise(mugello):
    factories.staff_figure(mugello, year=2022, fte="26", residents=130_000)
    factories.decree_sum(mugello, year=2022, kind="reduced", amount="40000", fte="25", decree="DM di prova")
    assert reckon(mugello)[2022].entitlement == 200_000
    sums.withdraw(decree_sum=DecreeSum.objects.get(), by=None, now=timezone.now())
    factories.decree_sum(mugello, year=2022, kind="reduced", amount="0", fte="30", decree="DM di prova")
    assert reckon(mugello)[2022].entitlement == 240_000


def test_a_decree_that_says_another_sum_than_the_one_reckoned_is_told(mugello):
    factories.staff_figure(mugello, year=2022, fte="23.75", residents=130_000)  # 150.000
    factories.decree_sum(mugello, year=2022, amount="200000")
    factories.decree_sum(mugello, year=2022, kind="payable", amount="140000")
    factories.decree_sum(mugello, year=2022, kind="returned", amount="50000")
    words = zone_page()
    assert "Per il 2022 un decreto dice liquidabili 140.000,00 €, il conto fa 150.000,00 €" in words
    assert "un decreto dice tornati al Fondo" not in words


def test_two_decrees_on_the_same_year_add_up_and_the_same_row_takes_the_place_of_itself(mugello, planner):
    said = {"zone": mugello, "year": 2022, "kind": "booked", "by": planner, "now": timezone.now()}
    sums.enter(**said, decree="DM 126/2022", amount=Decimal(100))
    sums.enter(**said, decree="DM 22/09/2022", amount=Decimal(7))
    sums.enter(**said, decree="DM 126/2022", amount=Decimal(90))
    assert reckon(mugello)[2022].booked == 97
    assert DecreeSum.objects.count() == 3


def test_a_year_before_the_law_has_no_sums(mugello):
    factories.staff_figure(mugello, year=2020, fte="26", residents=130_000)
    assert reckon(mugello) == {}


def test_the_national_totals_are_those_published_with_how_sure_we_are(db):
    words = text_of(Client().get(reverse("decree_sums")))
    for told in (
        "2021 66.905.066,00 €",
        "50.104.464,07 €",
        "DM 126/2022: 49.684.257,61 €; DM 22/09/2022: 420.206,46 €",
        "82.208.209,87 €",
        "DM 126/2022: 81.795.380,72 €; DM 22/09/2022: 412.829,15 €",
        "96.008.876,04 €",
        "2024 cercata, non trovata",
    ):
        assert told in words, told
    assert "letto nell&#x27;atto" in words


# --- who writes -------------------------------------------------------------------------------------------------------


def test_the_planner_copies_a_row_for_her_zone_and_the_officer_for_any(mugello, versilia, planner, officer, enter):
    said = {"year": "2023", "kind": "booked", "decree": "DM 110 dell'8/8/2023", "decree_table": "Tabella 2"}
    for acting, zone in ((planner, mugello), (officer, versilia)):
        answer = enter(acting).post(reverse("new_decree_sum"), said | {"zone": zone.pk, "amount": "96.008,04"})
        assert answer.status_code == 302
    assert (
        enter(planner).post(reverse("new_decree_sum"), said | {"zone": versilia.pk, "amount": "1"}).status_code == 422
    )
    assert list(DecreeSum.objects.order_by("zone").values_list("zone", "amount")) == [
        (zone, Decimal("96008.04")) for zone in sorted((mugello.pk, versilia.pk))
    ]
    assert "DM 110 dell&#x27;8/8/2023" in Client().get(reverse("decree_sums")).content.decode()


def test_all_mistakes_at_once(mugello, planner, enter):
    answer = enter(planner).post(
        reverse("new_decree_sum"), {"zone": mugello.pk, "year": "1999", "kind": "reduced", "amount": "-1"}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"year", "decree", "amount", "fte"}


@pytest.mark.parametrize("value", ["\x00", "9" * 400, "NaN", "1e999", "<b>", "٣", "nul\x00la"])
def test_no_input_breaks_the_form(mugello, planner, enter, value):
    said = {"zone": mugello.pk, "year": "2023", "kind": "booked", "decree": "DM", "amount": "1", "fte": "", "link": ""}
    for name in said:
        assert enter(planner).post(reverse("new_decree_sum"), said | {name: value}).status_code in (302, 422), name


def test_a_row_of_another_zone_is_not_withdrawn(mugello, versilia, planner, other_planner, officer, enter):
    row = factories.decree_sum(mugello, year=2022)
    address = reverse("withdraw_decree_sum", args=[row.pk])
    assert enter(other_planner).get(address).status_code == 404
    assert enter(other_planner).post(address).status_code == 404
    assert enter(planner).get(address).status_code == 200
    assert enter(officer).post(address).status_code == 302
    assert not DecreeSum.objects.standing().exists()


def test_in_the_database_only_who_plans_writes_and_only_their_zone(
    mugello, versilia, anna, planner, officer, as_application
):
    statement = (
        "insert into staffing_decreesum "
        "(zone_id, year, kind, decree, decree_table, link, amount, synthetic, recorded_at) "
        "values (%s, 2023, 'booked', %s, '', '', 1, false, now())"
    )
    for acting, zone, may in (
        (planner, mugello, True),
        (planner, versilia, False),
        (officer, versilia, True),
        (anna, mugello, False),
        (None, mugello, False),
    ):
        with as_application(acting) as cursor:
            try:
                with transaction.atomic():
                    cursor.execute(statement, [zone.pk, f"{acting and acting.user} {zone.code}"])
                wrote = True
            except DatabaseError:
                wrote = False
        assert wrote is may, (acting, zone)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.decree_sum(mugello, year=2022, kind="reduced")  # without the certified units


def test_the_list_asks_the_same_queries_for_three_rows_and_for_thirty(mugello, same_queries):
    def more(first, last):
        for n in range(first, last):
            factories.decree_sum(mugello, year=2022, decree=f"DM {n}")

    more(0, 3)
    same_queries(lambda: Client().get(reverse("decree_sums")), more=lambda: more(3, 30))


# --- the division inside the ambito -----------------------------------------------------------------------------------


@pytest.fixture
def case_a4(mugello, planner):
    """Municipalities of 65,000, 39,000 and 26,000 residents with 16, 5 and 1 social workers; the zone body with 4."""
    for name, residents, own in (("Alto", 65_000, 16), ("Basso", 39_000, 5), ("Corto", 26_000, 1)):
        town = factories.municipality(mugello, name)
        factories.Population.objects.create(
            municipality=town, date=dt.date(2025, 1, 1), residents=residents, source="prova"
        )
        for _ in range(own):
            factories.contract(
                factories.worker(mugello, by=planner), employer="municipality", municipality=town, by=planner
            )
    for _ in range(4):
        factories.contract(factories.worker(mugello, by=planner), by=planner)
    return fill(mugello, planner)


def fill(zone, by):
    now = dt.datetime(2026, 2, 10, 9, tzinfo=dt.UTC)
    return return_filling.fill(zone=zone, year=2026, reading="months", by=by, now=now)


def test_case_a4_the_remainder_is_said_and_not_spread(mugello, planner, officer, case_a4, enter):
    for acting in (planner, officer):
        words = zone_page(client=enter(acting))
        assert "Alto 65.000 16 18 185.000,00 € 185.000,00 €" in words
        assert "Basso 39.000 5 6,2 8.000,00 € 8.000,00 €" in words
        assert "Corto 26.000 1 1,8 0,00 € 0,00 €" in words
        assert "Non assegnati: 47.000,00 €, regola da confermare." in words
        assert "47.000,00 € non assegnati: la regola è da confermare." in words


def test_case_a2_the_staff_of_the_lead_body_follows_the_residents(mugello, planner, enter):
    for name, residents in (("Alto", 60_000), ("Basso", 40_000)):
        town = factories.municipality(mugello, name)
        factories.Population.objects.create(
            municipality=town, date=dt.date(2025, 1, 1), residents=residents, source="prova"
        )
    for _ in range(2):
        factories.contract(factories.worker(mugello, by=planner), by=planner)
    fill(mugello, planner)
    words = zone_page(client=enter(planner))
    assert "Alto 60.000 0 1,2" in words
    assert "Basso 40.000 0 0,8" in words


def test_where_all_is_delegated_the_lead_body_has_it_all(mugello, planner, case_a4, enter):
    case_a4.all_delegated = True
    case_a4.save(update_fields=["all_delegated"])
    assert "Ente dell’ambito 240.000,00 €" in zone_page(client=enter(planner))


def test_by_municipality_it_is_read_by_the_zone_and_the_region_only(mugello, case_a4, other_planner, anna, enter):
    for client in (Client(), enter(other_planner), enter(anna)):
        words = zone_page(client=client)
        assert "Alto" not in words
        assert "La leggono la zona e la Regione" in words
