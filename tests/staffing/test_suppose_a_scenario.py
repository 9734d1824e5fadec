"""The planner of a zone tries hires and retirements to 2030, saves and compares them; the Region sums what the zones
have chosen."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accanto.access.role import Kind
from accanto.norms import staffing_scenario as norms
from accanto.norms.findings import Refused
from accanto.staffing import absence as absences
from accanto.staffing import scenario as scenarios
from accanto.staffing.scenario import Plan, Scenario, ScenarioChoice, assumptions_of, start_of
from tests import factories
from tests.staffing.test_read_the_staff_of_the_zones import text_of

NEXT = timezone.localdate().year + 1
TABLES = ("staffing_scenario", "staffing_scenariochoice")


@pytest.fixture
def staffed(mugello, planner):
    """50.000 residents: thresholds at 7,69, 10 and 12,5; nine whole workers."""
    factories.residents(mugello, 50_000)
    for _ in range(9):
        factories.contract(factories.worker(mugello, by=planner), by=planner)
    return mugello


def said(**more):
    return {"name": "Verso le soglie", "what": "try", "hires_units_1": "2", "hires_month_1": f"{NEXT}-07"} | more


def project(row):
    return {one.year: one for one in norms.project(assumptions_of(row))}


# --- where it begins --------------------------------------------------------------------------------------------------


def test_it_begins_from_the_contracts_with_the_ends_they_already_say(staffed, planner):
    factories.contract(factories.worker(staffed, by=planner), ends=dt.date(NEXT, 6, 30), by=planner)
    factories.contract(factories.worker(staffed, by=planner), hours="18", starts=dt.date(NEXT, 7, 1), by=planner)
    factories.contract(factories.worker(staffed, by=planner), kind="fixed_term", by=planner)
    start = start_of(staffed, today=timezone.localdate())
    assert start.basis == "contracts"
    found = {one.year: (one.average, one.at_start) for one in start.counted}
    assert list(found) == list(range(NEXT - 1, 2031))
    assert found[NEXT] == (Decimal("9.75"), 10)
    assert found[NEXT + 1] == (Decimal("9.5"), Decimal("9.5"))


def test_who_is_away_unpaid_on_the_first_of_january_is_not_in_service_then(staffed, planner):
    row = staffed and factories.worker(staffed, by=planner)
    factories.contract(row, by=planner)
    away = {"starts": dt.date(NEXT - 1, 12, 1), "ends": dt.date(NEXT, 1, 31), "by": planner, "now": timezone.now()}
    absences.record(worker=row, kind="unpaid_leave", **away)
    found = {one.year: one.at_start for one in start_of(staffed, today=timezone.localdate()).counted}
    assert (found[NEXT], found[NEXT + 1]) == (9, 10)


def test_a_zone_without_contracts_begins_from_its_last_final_figure(mugello):
    factories.residents(mugello, 50_000)
    assert start_of(mugello, today=timezone.localdate()) is None
    factories.staff_figure(mugello, year=2024, fte="8.25")
    start = start_of(mugello, today=timezone.localdate())
    assert (start.basis, {one.average for one in start.counted}) == ("return", {Decimal("8.25")})


# --- on record --------------------------------------------------------------------------------------------------------


def test_what_is_saved_is_computed_again_as_it_was(staffed, planner):
    row = factories.scenario(
        staffed,
        hires=[("2", NEXT, 7)],
        by=planner,
        turnover_percent=Decimal("2.5"),
        cost_per_worker=Decimal("45000.50"),
    )
    row.refresh_from_db()
    given = assumptions_of(row)
    assert scenarios.written(given) == row.assumptions
    assert (given.cost_per_worker, given.turnover_percent) == (Decimal("45000.50"), Decimal("2.5"))
    factories.contract(factories.worker(staffed, by=planner), by=planner)
    assert project(row)[NEXT].from_contracts == 9


def test_the_same_name_makes_a_new_version_and_the_one_before_stays(staffed, planner):
    first = factories.scenario(staffed, name="Verso", hires=[("1", NEXT, 1)], by=planner)
    second = factories.scenario(staffed, name=" VERSO ", hires=[("2", NEXT, 1)], by=planner)
    first.refresh_from_db()
    assert first.superseded_at
    assert (second.version, str(second)) == (2, "VERSO (2)")
    assert Scenario.objects.chosen().get() == second  # what the first was chosen for passes on


def test_the_first_is_the_chosen_one_until_another_is(staffed, planner):
    first = factories.scenario(staffed, name="Uno", by=planner)
    second = factories.scenario(staffed, name="Due", hires=[("2", NEXT, 1)], by=planner)
    assert Scenario.objects.chosen().get() == first
    scenarios.choose(scenario=second, by=planner, now=timezone.now())
    assert Scenario.objects.chosen().get() == second
    scenarios.withdraw(scenario=second, by=planner, now=timezone.now())
    assert not Scenario.objects.chosen().exists()
    with pytest.raises(Refused, match="Un’altra versione"):
        scenarios.choose(scenario=second, by=planner, now=timezone.now())


def test_what_cannot_be_is_not_saved(staffed, planner):
    with pytest.raises(Refused) as refused:
        factories.scenario(staffed, name="No", hires=[("1", 2020, 1)], turnover_percent=Decimal(200), by=planner)
    assert {one.field for one in refused.value.findings} == {"hires", "turnover_percent"}
    assert not Scenario.objects.exists()


def test_a_choice_is_of_a_scenario_of_the_zone(staffed, versilia, planner):
    row = factories.scenario(staffed, by=planner)

    def lie():
        ScenarioChoice.objects.create(zone=versilia, scenario=row, recorded_at=timezone.now())
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="of_its_zone"), transaction.atomic():
        lie()


# --- the pages --------------------------------------------------------------------------------------------------------


def test_from_the_empty_page_to_the_saved_scenario(staffed, planner, enter):
    client = enter(planner)
    assert client.get(reverse("scenarios"))["Location"] == reverse("zone_scenarios", args=["mugello"])
    page = client.get(reverse("zone_scenarios", args=["mugello"]))
    assert "prova che cosa porta un’assunzione" in text_of(page)
    assert reverse("new_scenario", args=["mugello"]) in page.content.decode()
    address = reverse("new_scenario", args=["mugello"])
    assert "i contratti fanno 9 unità a tempo pieno" in text_of(client.get(address))
    tried = client.post(address, said(cost_per_worker="45.000,00"))
    words = text_of(tried)
    assert tried.status_code == 200
    assert not Scenario.objects.exists()
    for told in (
        "Niente è ancora salvato.",
        f"{NEXT} 50.000 9,00 10,00 1:5.000 92.307,69 € 40.000,00 € 45.000,00 € 5.000,00 €",  # nine and two halves
        f"2 da luglio {NEXT}",
        "1:5.000 raggiunto dal",
        "fonte non verificata",
    ):
        assert told in words, told
    saved = client.post(address, said(what="save", cost_per_worker="45.000,00"))
    row = Scenario.objects.get()
    assert saved["Location"] == reverse("scenario", args=[row.pk])
    page = client.get(saved["Location"])
    assert "Costo di un operatore 45.000,00 € l’anno" in text_of(page)
    picture = page.content.decode()
    assert "unità a tempo pieno, media dell’anno" in picture
    assert "1:4.000" in picture
    assert "della zona" in text_of(client.get(reverse("zone_scenarios", args=["mugello"])))


def test_without_the_cost_of_a_worker_the_costs_are_dashes(staffed, planner, enter):
    words = text_of(enter(planner).post(reverse("new_scenario", args=["mugello"]), said()))
    assert f"{NEXT} 50.000 9,00 10,00 1:5.000 92.307,69 € 40.000,00 € – –" in words
    assert "Manca il costo di un operatore" in words


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"hires_month_1": ""}, {"hires_month_1"}),
        ({"hires_units_1": ""}, {"hires_units_1"}),
        ({"hires_units_1": "0"}, {"hires_units_1"}),
        ({"hires_month_1": "2020-01"}, {"hires_month_1"}),
        ({"turnover_percent": "101", "cost_per_worker": "gratis"}, {"turnover_percent", "cost_per_worker"}),
    ],
)
def test_each_mistake_is_told_beside_its_field(staffed, planner, enter, more, fields):
    answer = enter(planner).post(reverse("new_scenario", args=["mugello"]), said(what="save", **more))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == fields
    assert not Scenario.objects.exists()


def test_more_retirements_than_workers_are_refused_with_the_way_out(staffed, planner, enter):
    more = {"retirements_units_1": "30", "retirements_month_1": f"{NEXT}-01", "what": "save"}
    answer = enter(planner).post(reverse("new_scenario", args=["mugello"]), said(**more))
    assert answer.status_code == 422
    assert "uscirebbero più unità di quante ce ne sono" in text_of(answer)


def test_what_the_contracts_already_say_is_shown_so_that_nobody_writes_it_twice(staffed, planner, enter):
    factories.contract(factories.worker(staffed, by=planner), ends=dt.date(NEXT, 6, 30), by=planner)
    words = text_of(enter(planner).get(reverse("new_scenario", args=["mugello"])))
    assert "1 contratto dice già un inizio o una fine" in words
    assert f"AS-0010, 36 ore, dal 01/01/2020 al 30/06/{NEXT}" in words


def test_the_form_begins_from_a_scenario_that_is_there_and_says_when_contracts_have_moved(staffed, planner, enter):
    client = enter(planner)
    row = factories.scenario(staffed, hires=[("2", NEXT, 7)], by=planner)
    page = client.get(reverse("new_scenario", args=["mugello"]), {"from": row.pk})
    assert page.context["form"].initial["hires_month_1"] == f"{NEXT}-07"
    assert "I contratti sono cambiati" not in text_of(client.get(reverse("scenario", args=[row.pk])))
    factories.contract(factories.worker(staffed, by=planner), by=planner)
    assert "facevano 9 unità e ora ne fanno 10" in text_of(client.get(reverse("scenario", args=[row.pk])))


def test_versions_are_compared_side_by_side(staffed, planner, enter):
    one = factories.scenario(staffed, name="Uno", by=planner)
    other = factories.scenario(staffed, name="Due", hires=[("3", NEXT, 1)], by=planner)
    third = factories.scenario(staffed, name="Due", hires=[("4", NEXT, 1)], by=planner)
    client, address = enter(planner), reverse("compare_scenarios", args=["mugello"])
    words = text_of(client.get(address, {"with": [one.pk, other.pk, third.pk]}))
    assert "Uno Due (2) Due" in words.replace("Anno e che cosa ", "") or "Due (2) Uno Due" in words
    assert f"{NEXT}, tempo pieno 13,00 9,00 12,00" in words
    assert "non vale più" in words
    for asked in ({"with": ["x", "\x00", "9" * 30]}, {"with": [1, 2, 3, 4, 5]}, {}):
        assert client.get(address, asked).status_code == 200


def test_a_scenario_is_chosen_and_withdrawn_with_a_page_that_asks(staffed, planner, enter):
    client = enter(planner)
    factories.scenario(staffed, name="Uno", by=planner)
    row = factories.scenario(staffed, name="Due", hires=[("3", NEXT, 1)], by=planner)
    for name in ("choose_scenario", "withdraw_scenario"):
        assert client.get(reverse(name, args=[row.pk])).status_code == 200
        assert client.post(reverse(name, args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.superseded_at
    again = client.post(reverse("choose_scenario", args=[row.pk]), follow=True)
    assert "Un’altra versione ha preso il posto" in text_of(again)


# --- the Region -------------------------------------------------------------------------------------------------------


def test_the_region_sums_the_chosen_ones_and_never_asks_the_formula_of_the_sum(mugello, versilia, officer, enter):
    """Ten of 100.000 and twenty-four of 100.000: 264.615,38 and never 129.230,77 (ST-04)."""
    third = factories.zone("elba")
    for zone, fte in ((mugello, "10"), (versilia, "24")):
        factories.residents(zone, 100_000)
        factories.staff_figure(zone, year=2024, fte=fte)
        scenarios.save(zone=zone, name="Uno", plan=Plan(), by=None, now=timezone.now(), today=timezone.localdate())
    words = text_of(enter(officer).get(reverse("scenarios")))
    assert "264.615,38 €" in words
    assert "129.230,77" not in words
    assert "2 zone su 3 hanno scelto uno scenario." in words
    assert f"Mancano: {third.name}." in words
    assert "si calcola zona per zona e poi si somma" in words


def test_the_region_reads_and_does_not_write(staffed, planner, officer, enter):
    row = factories.scenario(staffed, by=planner)
    client = enter(officer)
    for name, args in (("zone_scenarios", ["mugello"]), ("scenario", [row.pk]), ("compare_scenarios", ["mugello"])):
        assert client.get(reverse(name, args=args)).status_code == 200
    for name, args in (
        ("new_scenario", ["mugello"]), ("choose_scenario", [row.pk]), ("withdraw_scenario", [row.pk]),
    ):  # fmt: skip
        assert client.get(reverse(name, args=args)).status_code == 404
        assert client.post(reverse(name, args=args), said()).status_code == 404


def test_another_zone_finds_nothing(staffed, planner, other_planner, enter):
    row = factories.scenario(staffed, by=planner)
    client = enter(other_planner)
    for name, args in (
        ("zone_scenarios", ["mugello"]), ("scenario", [row.pk]), ("compare_scenarios", ["mugello"]),
        ("new_scenario", ["mugello"]), ("choose_scenario", [row.pk]), ("withdraw_scenario", [row.pk]),
    ):  # fmt: skip
        assert client.get(reverse(name, args=args)).status_code == 404, name
    assert client.get(reverse("new_scenario", args=["versilia"]), {"from": row.pk}).status_code == 404


def test_nobody_else_finds_these_pages(staffed, planner, anna, enter):
    row = factories.scenario(staffed, by=planner)
    client = enter(anna)
    assert client.get(reverse("scenario", args=[row.pk])).status_code == 404
    assert Client().get(reverse("scenarios")).status_code == 302


@pytest.mark.parametrize("kind", list(Kind))
def test_in_the_database_the_zone_and_the_region_read_and_only_the_planner_writes(
    staffed, planner, as_application, kind
):
    row = factories.scenario(staffed, by=planner)
    somebody = factories.user(f"somebody_{kind}", kind, zone=staffed)
    for table in TABLES:
        with as_application(somebody) as cursor:
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (int(kind in (Kind.ZONE_PLANNER, Kind.REGIONAL_OFFICER)),), table
            cursor.execute(f"update {table} set superseded_at = now() + interval '1 day'")
            assert cursor.rowcount == int(kind == Kind.ZONE_PLANNER)
    if kind == Kind.REGIONAL_OFFICER:
        with pytest.raises(DatabaseError), as_application(somebody) as cursor:
            cursor.execute(
                "insert into staffing_scenariochoice (zone_id, scenario_id, recorded_at) values (%s, %s, now())",
                [staffed.pk, row.pk],
            )


def test_in_the_database_a_scenario_is_superseded_and_not_overwritten(staffed, planner, as_application):
    factories.scenario(staffed, by=planner)
    for statement in ("update staffing_scenario set assumptions = '{}'", "delete from staffing_scenario"):
        with pytest.raises(DatabaseError), as_application(planner) as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("value", ["\x00", "9" * 400, "NaN", "<b>", "٣", "-1"])
def test_no_input_breaks_the_form(staffed, planner, enter, value):
    client, address = enter(planner), reverse("new_scenario", args=["mugello"])
    names = ("name", "cost_per_worker", "turnover_percent", "residents_change_percent", "hires_units_1",
             "hires_month_1", "retirements_units_3", "retirements_month_3")  # fmt: skip
    for name in names:
        assert client.post(address, said(**{name: value})).status_code in (200, 422), name
    for asked in (f"{address}?from={value}", f"{reverse('compare_scenarios', args=['mugello'])}?with={value}"):
        assert client.get(asked.replace("\x00", "%00")).status_code in (200, 404)


def test_the_pages_ask_the_same_queries_for_three_and_for_thirty(staffed, planner, officer, enter, same_queries):
    mine, region = enter(planner), enter(officer)
    made = iter(range(100))

    def more(count):
        for _ in range(count):
            n = next(made)
            factories.scenario(staffed, name=f"Scenario {n}", by=planner)
            zone = factories.zone(f"zona-{n}")
            factories.scenario(zone, name="Uno")

    more(3)
    row = Scenario.objects.filter(zone=staffed).order_by("id").first()
    same_queries(
        lambda: [
            mine.get(reverse("zone_scenarios", args=["mugello"])),
            mine.get(reverse("scenario", args=[row.pk])),
            mine.get(reverse("compare_scenarios", args=["mugello"])),
            region.get(reverse("scenarios")),
        ],
        more=lambda: more(12),
    )
