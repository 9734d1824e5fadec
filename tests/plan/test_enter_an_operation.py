"""The planner of a zone enters a financed operation; mistakes are told all together, and other zones' are not there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accanto.access.log import Act
from accanto.plan.call import Call
from accanto.plan.fund import FundLine
from accanto.plan.operation import Operation
from tests import factories

CUP = "B14H22000080007"


@pytest.fixture
def line(db):
    return FundLine.objects.create(code="esf-plus-priority-3", name="PR FSE+", counts_for_targets=True)


def sound(line, zone, **changes):
    return {
        "cup": CUP,
        "title": "Percorsi di lavoro",
        "fund_line": line.pk,
        "call": "",
        "zone": zone.pk,
        "starts": "2025-01-01",
        "ends": "31/12/2027",
        "allowance_mode": "hourly",
        "hourly_rate": "3,50",
        "monthly_hours_max": "120",
    } | changes


def test_the_form_names_the_calls_in_words_and_offers_no_dashes(enter, officer, line):
    name = {"it": "Avviso di prova", "en": "A call"}
    Call.objects.create(
        code="prova_3h1", order=1, activity="3.h.1", activity_grade="VERIFIED", fund_line=line, name=name
    )
    client = enter(officer)
    page = client.get(reverse("new_operation")).content.decode()
    assert "Avviso di prova (3.h.1)" in page
    assert "---------" not in page
    assert "Avviso di prova (3.h.1)" in client.get(reverse("local_parameters")).content.decode()


def test_an_operation_is_entered_and_changed_and_the_log_keeps_what_it_was(enter, planner, mugello, line):
    client = enter(planner)
    assert client.post(reverse("new_operation"), sound(line, mugello, cup="b14h2200008 0007")).status_code == 302
    row = Operation.objects.get()
    assert (row.cup, row.zone, str(row.hourly_rate)) == (CUP, mugello, "3.50")
    client.post(reverse("edit_operation", args=[row.pk]), sound(line, mugello, hourly_rate="4"))
    row.refresh_from_db()
    assert str(row.hourly_rate) == "4.00"
    assert Act.objects.get(verb="amend").detail["before"] == {"hourly_rate": "3.50"}
    assert "4,00" in client.get(reverse("operation", args=[row.pk])).content.decode()


def test_all_mistakes_at_once(enter, planner, mugello, line):
    wrong = sound(line, mugello, cup="ABC", title="", starts="2026-01-01", ends="2025-01-01", hourly_rate="")
    answer = enter(planner).post(reverse("new_operation"), wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "15 caratteri" in page
    assert "La fine viene prima dell’inizio" in page
    assert "serve l’importo di un’ora" in page
    assert not Operation.objects.exists()


@pytest.mark.parametrize("value", ["", "\x00", "9" * 400, "NaN", "-1", "1e99999", "<script>", "٣" * 15, "2026-13-45"])
def test_no_input_breaks_the_page(enter, planner, mugello, line, value):
    for name in sound(line, mugello):
        answer = enter(planner).post(reverse("new_operation"), sound(line, mugello) | {name: value})
        assert answer.status_code in (302, 422), name


def test_the_same_cup_twice_is_refused_with_where_it_is(enter, planner, mugello, line):
    factories.operation(mugello, cup=CUP)
    answer = enter(planner).post(reverse("new_operation"), sound(line, mugello))
    assert answer.status_code == 422
    assert "Operazione di prova" in answer.content.decode()


def test_a_planner_neither_sees_nor_writes_in_another_zone(enter, planner, other_planner, mugello, versilia, line):
    theirs = factories.operation(versilia)
    client = enter(planner)
    for name in ("operation", "edit_operation"):
        assert client.get(reverse(name, args=[theirs.pk])).status_code == 404
        assert client.post(reverse(name, args=[theirs.pk]), {}).status_code == 404
    assert "Operazione di prova" not in client.get(reverse("operations")).content.decode()
    answer = client.post(reverse("new_operation"), sound(line, versilia, cup="C14H22000080007"))
    assert answer.status_code == 422
    assert Operation.objects.count() == 1


def test_the_officer_sees_all_zones(enter, officer, mugello, versilia):
    factories.operation(mugello, cup="B14H22000080007")
    factories.operation(versilia, cup="C14H22000080007")
    page = enter(officer).get(reverse("operations")).content.decode()
    assert "B14H22000080007" in page
    assert "C14H22000080007" in page


def test_the_list_asks_the_same_queries_for_three_and_for_thirty(enter, officer, mugello, django_assert_num_queries):
    client = enter(officer)
    for n in range(3):
        factories.operation(mugello, cup=f"B14H2200008{n:04}")
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("operations"))
    for n in range(3, 30):
        factories.operation(mugello, cup=f"B14H2200008{n:04}")
    with django_assert_num_queries(len(few)):
        client.get(reverse("operations"))
