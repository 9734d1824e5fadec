"""The yearly return fills itself from the contracts, by municipality and for the zone body; a change has its why."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.norms.findings import Refused
from accanto.staffing import contract as contracts
from accanto.staffing import return_filling, staff_figure
from accanto.staffing import staffing_return as returns_of
from accanto.staffing.return_filling import Change
from accanto.staffing.return_row import ReturnRow
from accanto.staffing.staff_figure import StaffFigure
from accanto.staffing.staffing_return import Entry, StaffingReturn
from accanto.web import staffing_return as page_of_the_return
from tests import factories
from tests.staffing.test_read_the_staff_of_the_zones import text_of

IN_FEBRUARY = dt.datetime(2026, 2, 10, 9, tzinfo=ZoneInfo("Europe/Rome"))


@pytest.fixture
def february(monkeypatch):
    """The pages are read on 10 February 2026."""
    clock = SimpleNamespace(now=lambda: IN_FEBRUARY, localdate=timezone.localdate)
    monkeypatch.setattr(page_of_the_return, "timezone", clock)


@pytest.fixture
def town(mugello):
    row = factories.municipality(mugello, "Borgo di prova")
    factories.Population.objects.create(municipality=row, date=dt.date(2024, 12, 31), residents=6_000, source="prova")
    return row


@pytest.fixture
def case_18(mugello, town, planner):
    """Half of full time all year for the zone body; thirty hours from April for a municipality."""
    factories.contract(factories.worker(mugello, by=planner), hours="18", by=planner)
    return factories.contract(
        factories.worker(mugello, by=planner), hours="30", starts=dt.date(2025, 4, 1), employer="municipality",
        municipality=town, by=planner,
    )  # fmt: skip


def fill(zone, by, **more):
    said = {"year": 2026, "reading": "months", "by": by, "now": IN_FEBRUARY}
    return return_filling.fill(zone=zone, **(said | more))


def rows_of(row, year=2025):
    found = row.rows.standing().filter(year=year).order_by("id")
    return {one.municipality_id: (str(one.permanent_fte), one.headcount) for one in found}


def post(client, **data):
    return client.post(reverse("staffing_return", args=["mugello", 2026]), data)


# --- the acts ---------------------------------------------------------------------------------------------------------


def test_case_18_fills_the_return_and_stays_1_125(mugello, planner, town, case_18):
    row = fill(mugello, planner)
    assert rows_of(row) == {None: ("0.5000", 1), town.pk: ("0.6250", 1)}
    figure = row.figures.standing().get(year=2025)
    assert (figure.permanent_fte, figure.headcount, figure.reading) == (Decimal("1.125"), 2, "months")
    forecast = row.figures.standing().get(year=2026)
    assert (forecast.permanent_fte, forecast.status) == (Decimal("1.3333"), "forecast")
    assert staff_figure.contribution(figure).amount == Decimal("8076.92")  # (1,125 - 6000/6500) x 40.000


def test_by_days_is_another_reading_and_says_so(mugello, planner, case_18):
    row = fill(mugello, planner, reading="days")
    figure = row.figures.standing().get(year=2025)
    assert (figure.permanent_fte, figure.reading) == (Decimal("1.1279"), "days")


def test_filling_again_writes_only_what_has_changed(mugello, planner, case_18):
    row = fill(mugello, planner)
    fill(mugello, planner)
    assert (ReturnRow.objects.count(), StaffFigure.objects.count()) == (4, 2)
    terms = contracts.Terms(
        employer="municipality", kind="permanent", weekly_hours=Decimal(36), starts=dt.date(2025, 4, 1),
        municipality=case_18.municipality,
    )  # fmt: skip
    contracts.correct(contract=case_18, terms=terms, by=planner, now=timezone.now())
    fill(mugello, planner)
    assert row.figures.standing().get(year=2025).permanent_fte == Decimal("1.25")
    assert row.rows.standing().count() == 4
    assert row.rows.count() == 6


def test_a_contract_that_changes_after_the_return_was_sent_does_not_move_it(mugello, planner, case_18):
    row = returns_of.send(staffing_return=fill(mugello, planner), by=planner, now=IN_FEBRUARY)
    contracts.withdraw(contract=case_18, by=planner, now=timezone.now())
    with pytest.raises(Refused, match="inviato"):
        fill(mugello, planner)
    assert row.figures.standing().get(year=2025).permanent_fte == Decimal("1.125")


def test_a_row_changed_by_hand_keeps_its_reason_until_it_is_taken_back(mugello, planner, town, case_18):
    change = (
        2025,
        town.pk,
        Change(permanent_fte=Decimal("0.7"), headcount=2, reason="Comando non ancora formalizzato"),
    )
    row = fill(mugello, planner, change=change)
    changed = row.rows.standing().get(year=2025, municipality=town)
    assert (changed.computed_fte, changed.permanent_fte, changed.reason) == (
        Decimal("0.625"), Decimal("0.7"), "Comando non ancora formalizzato",
    )  # fmt: skip
    figure = row.figures.standing().get(year=2025)
    assert (figure.permanent_fte, figure.headcount) == (Decimal("1.2"), 3)
    fill(mugello, planner)  # the contracts again: the change stands
    assert row.figures.standing().get(year=2025).permanent_fte == Decimal("1.2")
    fill(mugello, planner, change=(2025, town.pk, None))
    assert row.figures.standing().get(year=2025).permanent_fte == Decimal("1.125")
    assert ReturnRow.objects.changed_by_hand().count() == 1  # it stays on record


def test_without_a_reason_no_row_differs_from_the_contracts(mugello, planner, town, case_18):
    change = (2025, town.pk, Change(permanent_fte=Decimal(2), headcount=2, reason="  "))
    with pytest.raises(Refused, match="Manca il perché"):
        fill(mugello, planner, change=change)
    row = fill(mugello, planner)
    with pytest.raises(IntegrityError, match="says_why"), transaction.atomic():
        ReturnRow.objects.filter(staffing_return=row, year=2025, municipality=town).update(permanent_fte=2)


def test_totals_typed_where_there_are_no_contracts_have_no_rows(mugello, planner, town, case_18):
    row = fill(mugello, planner)
    entries = {2025: Entry(permanent_fte=Decimal(3), headcount=3), 2026: Entry(permanent_fte=Decimal(3), headcount=3)}
    returns_of.save_draft(zone=mugello, year=2026, entries=entries, by=planner, now=IN_FEBRUARY)
    assert not row.rows.standing().exists()
    assert {figure.reading for figure in row.figures.standing()} == {""}


def test_in_the_database_the_region_reads_the_rows_and_writes_none(
    mugello, officer, planner, other_planner, anna, case_18, as_application
):
    row = fill(mugello, planner)
    for acting, seen in ((planner, 4), (officer, 4), (other_planner, 0), (anna, 0), (None, 0)):
        with as_application(acting) as cursor:
            cursor.execute("select count(*) from staffing_returnrow")
            assert cursor.fetchone() == (seen,), acting
    for table in ("staffing_returnrow", "staffing_stafffigure"):
        with as_application(officer) as cursor:
            cursor.execute(f"update {table} set superseded_at = recorded_at")
            assert cursor.rowcount == 0, table
    with as_application(officer) as cursor:
        cursor.execute("update staffing_staffingreturn set state = 'finalised'")
        assert cursor.rowcount == 0
    row.refresh_from_db()
    assert row.state == "draft"


def test_in_the_database_the_rows_of_a_finalised_return_are_not_public(mugello, planner, case_18, as_application):
    row = returns_of.send(staffing_return=fill(mugello, planner), by=planner, now=IN_FEBRUARY)
    returns_of.finalise(staffing_return=row, by=planner, now=IN_FEBRUARY)
    with as_application(None) as cursor:
        cursor.execute("select (select count(*) from staffing_stafffigure), (select count(*) from staffing_returnrow)")
        assert cursor.fetchone() == (2, 0)


# --- the page ---------------------------------------------------------------------------------------------------------


def test_from_the_contracts_to_the_finalised_return_through_the_page(mugello, planner, town, case_18, enter, february):
    client = enter(planner)
    address = reverse("staffing_return", args=["mugello", 2026])
    words = text_of(client.get(address))
    assert "A tempo pieno, in media: 1,125 . Persone al 31 dicembre: 2" in words
    assert "Dai contratti, contando a mesi." in words
    assert f"Ente dell’ambito 0,5 : apri i contratti 0,5 1 – {town} 0,625" in words
    assert post(client, act="send", reading="months").status_code == 302
    assert post(client, act="finalise").status_code == 302
    figure = StaffFigure.objects.get(staffing_return__state="finalised", year=2025)
    assert figure.permanent_fte == Decimal("1.125")
    assert "A tempo pieno, in media: 1,125" in text_of(client.get(address))
    assert "1,125 assistenti sociali" in text_of(client.get(reverse("staffing_zone", args=["mugello"])))
    assert client.get(address).context["form"] is None


def test_a_number_opens_into_the_contracts_that_make_it(mugello, planner, town, case_18, enter, february):
    client = enter(planner)
    page = client.get(reverse("staffing_return", args=["mugello", 2026])).content.decode()
    for of in ("ente", town.pk):
        address = f"{reverse('full_time_year', args=[2025])}?reading=months&amp;of={of}"
        assert address in page
    words = text_of(client.get(reverse("full_time_year", args=[2025]), {"of": town.pk}))
    assert f"{town}, assistenti sociali a tempo pieno, in media: 0,625 . Persone al 31 dicembre: 1" in words
    assert "Con l’altro modo di contare: 0,6279" in words
    assert "30 ore, dal 01/04/2025" in words
    assert "A tempo indeterminato: conta. ST-20" in words
    assert "18 ore" not in words


def test_a_row_is_changed_on_the_page_with_why_and_taken_back(
    mugello, planner, officer, town, case_18, enter, february
):
    client = enter(planner)
    said = {"act": "change", "year": "2025", "place": town.pk, "permanent_fte": "0,7", "headcount": "1"}
    refused = post(client, **said)
    assert refused.status_code == 422
    assert set(refused.context["desk"].change_form.errors) == {"reason"}
    assert post(client, **said, reason="Comando dal 1° marzo").status_code == 302
    assert "Comando dal 1° marzo" in text_of(client.get(reverse("staffing_return", args=["mugello", 2026])))
    assert "Comando dal 1° marzo" in text_of(enter(officer).get(reverse("staffing_return", args=["mugello", 2026])))
    assert post(client, act="restore", year="2025", place=town.pk).status_code == 302
    assert not ReturnRow.objects.standing().changed_by_hand().exists()


def test_the_page_says_that_the_contracts_have_moved_since_the_draft(mugello, planner, case_18, enter, february):
    client = enter(planner)
    post(client, act="save", reading="months")
    contracts.withdraw(contract=case_18, by=planner, now=timezone.now())
    words = text_of(client.get(reverse("staffing_return", args=["mugello", 2026])))
    assert "La bozza salvata dice 1,125 a tempo pieno, 2 al 31 dicembre" in words
    assert post(client, act="send", reading="months").status_code == 302
    assert StaffFigure.objects.standing().get(year=2025).permanent_fte == Decimal("0.5")


def test_that_all_functions_are_delegated_is_said_in_the_draft(mugello, planner, case_18, enter, february):
    post(enter(planner), act="save", reading="days", all_delegated="on")
    row = StaffingReturn.objects.get()
    assert row.all_delegated
    assert return_filling.reading_of(row) == "days"
    sent = returns_of.send(staffing_return=row, by=planner, now=IN_FEBRUARY)
    with pytest.raises(Refused):
        returns_of.say_all_delegated(staffing_return=sent, all_delegated=False, by=planner, now=IN_FEBRUARY)


@pytest.mark.parametrize("value", ["\x00", "9" * 400, "NaN", "-1", "1,234,5", "<b>", "ente", "000000"])
def test_no_input_breaks_the_page(mugello, planner, case_18, enter, february, value):
    client = enter(planner)
    said = {"year": "2025", "place": "ente", "permanent_fte": "1", "headcount": "1", "reason": "prova"}
    for name in (*said, "reading", "all_delegated", "act"):
        for act in ("change", "restore", "save"):
            answer = post(client, **({"act": act, "reading": "months"} | said | {name: value}))
            assert answer.status_code in (302, 404, 422), (name, act)
