"""The officer and the planner read the common indicators of the European fund, and take them away as a file."""

import csv
import datetime as dt
import io

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.cases.participation import Participation
from accanto.plan.esf_declaration import EsfDeclaration
from accanto.plan.operation import Operation
from tests import factories

pytestmark = pytest.mark.django_db
ENTRY = {"sex": "F", "employment_status": "unemployed", "months_unemployed": 14, "education": "isced_3_4", "age": 30}


@pytest.fixture
def operation(mugello):
    row = factories.operation(mugello)
    row.specific_objective, row.activity = "h", "3.h.1"
    row.save()
    return row


@pytest.fixture
def enter_people(anna, mugello, operation):
    def add(count, **changes):
        for n in range(count):
            case = factories.person_in_charge(mugello, by=anna, family_name=f"Prova{n}")
            Participation.objects.create(
                subject=case.subject, zone=case.zone, case=case, operation=operation,
                starts=timezone.localdate() - dt.timedelta(days=30), entry=ENTRY | changes, recorded_at=timezone.now(),
            )  # fmt: skip

    return add


def rows_of(client, **asked):
    text = client.get(reverse("esf_csv"), asked).content.decode()
    return list(csv.DictReader(io.StringIO(text)))


def total(rows, code):
    return sum(int(row["valore"]) for row in rows if row["indicatore"] == code and row["come"] == "contato")


def test_the_page_says_what_is_counted_what_is_not_and_why(enter, planner, enter_people):
    enter_people(4)
    enter_people(2, sex="X")
    page = enter(planner).get(reverse("esf")).content.decode()
    assert "4 partecipazioni con la scheda completa" in page
    assert "2 schede senza sesso" in page
    assert "manca: sesso" in page
    assert "EECR06" in page


def test_the_region_is_told_how_many_are_left_out_and_not_what_they_lack(enter, officer, enter_people):
    enter_people(2, sex="X")
    page = enter(officer).get(reverse("esf")).content.decode()
    assert "2 schede senza sesso" in page
    assert "manca: sesso" not in page
    assert "lo vede la zona" in page


def test_another_zone_s_planner_counts_nobody(enter, other_planner, enter_people):
    enter_people(3)
    client = enter(other_planner)
    assert "Nessuna operazione del FSE+" in client.get(reverse("esf")).content.decode()
    assert rows_of(client) == []


def test_the_file_adds_up_to_the_page_and_says_what_may_not_be_published(enter, officer, enter_people, operation):
    enter_people(3)
    enter_people(2, sex="M", disability="yes")
    client = enter(officer)
    rows = rows_of(client)
    assert (total(rows, "EECO01"), total(rows, "EECO03"), total(rows, "EECO12")) == (5, 5, 2)
    small = {(row["indicatore"], row["sesso"]) for row in rows if row["non_pubblicabile"]}
    assert ("EECO12", "M") in small
    assert ("EECO01", "F") not in small
    assert len([row for row in rows if row["come"] == "contato"]) == 2 * (17 + 6)  # zeros too
    assert rows[0]["cup"] == operation.cup
    book = client.get(reverse("esf_xlsx"))
    assert book["Content-Disposition"].endswith('.xlsx"')
    assert book.content[:2] == b"PK"
    assert rows_of(client, objective="k") == []
    assert total(rows_of(client, objective="h", operation=operation.pk), "EECO01") == 5


def test_as_it_was_known_and_in_a_period(enter, planner, enter_people):
    enter_people(3)
    client, today = enter(planner), timezone.localdate()
    assert total(rows_of(client, known=(today - dt.timedelta(days=1)).isoformat()), "EECO01") == 0
    assert total(rows_of(client, first=(today - dt.timedelta(days=29)).isoformat()), "EECO01") == 0
    assert total(rows_of(client, last=(today - dt.timedelta(days=30)).isoformat()), "EECO01") == 3


@pytest.mark.parametrize(
    "asked",
    [
        {"first": "31/02/2026"},
        {"first": "2026-03-01", "last": "2026-02-01"},
        {"known": "2999-01-01"},
        {"operation": "999999999999999999999", "objective": "z"},
        {"zone": "nul\x00la"},
    ],
)
def test_what_cannot_be_asked_is_told_and_breaks_nothing(enter, officer, operation, asked):
    page = enter(officer).get(reverse("esf"), asked)
    assert page.status_code == 200
    assert "error" in page.content.decode()


def test_an_estimate_and_the_bodies_helped_are_declared_and_withdrawn(enter, planner, operation, other_planner):
    client, today = enter(planner), timezone.localdate().isoformat()
    url = reverse("declare_esf", args=[operation.pk])
    said = {"code": "EECO15", "women": "2", "men": "3", "day": today, "how": "Stima dell’ente"}
    assert client.post(url, said | {"men": "", "how": ""}).status_code == 422
    assert client.post(url, said | {"day": "2999-01-01"}).status_code == 422
    assert client.post(url, said).status_code == 302
    assert client.post(url, {"code": "EECO19", "value": "4", "day": today, "how": "Elenco"}).status_code == 302
    rows = rows_of(client)
    assert {(row["indicatore"], row["come"], row["valore"]) for row in rows if row["come"] != "contato"} == {
        ("EECO15", "stima", "2"), ("EECO15", "stima", "3"), ("EECO18", "dichiarato", "0"),
        ("EECO19", "dichiarato", "4"),
    }  # fmt: skip
    one = EsfDeclaration.objects.standing().get(code="EECO15")
    assert enter(other_planner).post(reverse("withdraw_esf", args=[one.pk])).status_code == 404
    assert enter(other_planner).get(url).status_code == 404
    assert client.post(reverse("withdraw_esf", args=[one.pk])).status_code == 302
    assert not EsfDeclaration.objects.standing().filter(code="EECO15").exists()


def test_nobody_declares_for_another_zone_even_by_hand(planner, versilia, as_application):
    other = factories.operation(versilia)
    with pytest.raises(DatabaseError), as_application(planner) as cursor, transaction.atomic():
        cursor.execute(
            "insert into plan_esfdeclaration "
            "(operation_id, zone_id, code, value, day, how, recorded_at, recorded_by_id) "
            "values (%s, %s, 'EECO18', 1, '2026-01-01', 'x', now(), %s)",
            [other.pk, versilia.pk, planner.user.pk],
        )


def test_the_activity_of_the_call_says_the_objective(enter, planner, mugello, operation):
    said = {
        "cup": "B14H22000080010", "title": "Un’altra", "fund_line": operation.fund_line_id, "zone": mugello.pk,
        "starts": "2025-01-01", "ends": "2027-12-31", "allowance_mode": "hourly", "hourly_rate": "3",
        "activity": "3.k.7", "declared_trait": "unemployed",
    }  # fmt: skip
    client = enter(planner)
    assert client.post(reverse("new_operation"), said | {"specific_objective": "h"}).status_code == 422
    assert client.post(reverse("new_operation"), said).status_code == 302
    row = Operation.objects.get(cup="B14H22000080010")
    assert (row.specific_objective, row.declared_trait) == ("k", "unemployed")


def test_the_page_asks_as_much_for_many_operations_as_for_few(enter, officer, enter_people, mugello, same_queries):
    enter_people(1)
    client = enter(officer)

    def more():
        for n in range(9):
            factories.operation(mugello, cup=f"B14H2200008010{n}")

    same_queries(lambda: client.get(reverse("esf")), more=more)


def test_who_enters_says_for_how_many_months(enter, anna, mugello, operation):
    case = factories.person_in_charge(mugello, by=anna)
    url = reverse("new_participation", args=[case.pk])
    said = {"operation": operation.pk, "starts": timezone.localdate().isoformat(), "sex": "F", "education": "isced_3_4"}
    enter(anna).post(url, said | {"employment_status": "unemployed", "months_unemployed": "13"})
    row = Participation.objects.get()
    assert row.entry["months_unemployed"] == 13
    correct = reverse("participation", args=[row.pk])
    assert 'value="13"' in enter(anna).get(correct).content.decode()
    enter(anna).post(correct, said | {"employment_status": "employed", "months_unemployed": "13"})
    assert "months_unemployed" not in Participation.objects.standing().get().entry
