"""Anybody reads which zones an extract names on each PNRR line; what it does not name is never zero."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accanto.plan.coverage import coverage
from accanto.plan.localisation import Localisation
from tests import factories

PIPPI, SUPERVISION = "M5C2I1.01.01", "M5C2I1.01.04"


def put(zone, municipality=None, *, cup="A00A00000000000", line=PIPPI, day=dt.date(2023, 3, 1), published=None):
    return Localisation.objects.create(
        submeasure=line,
        cup=cup,
        province_name="FIRENZE",
        municipality_as_published=published or municipality.name.upper(),
        municipality=municipality,
        zone=zone,
        extraction_date=day,
        recorded_at=timezone.now(),
    )


@pytest.fixture
def three(mugello):
    return [factories.municipality(mugello, f"Comune {letter}") for letter in "ABC"]


def text_of(client, name, *args):
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(reverse(name, args=args)).content.decode()).split())


def test_a_project_is_said_as_the_extract_names_it(mugello, versilia, three):
    for municipality in three:
        put(mugello, municipality, cup="W00W00000000000")
    for municipality in three[:2]:
        put(mugello, municipality, cup="P00P00000000000")
    put(mugello, three[0], cup="S00S00000000000")
    put(mugello, cup="E00E00000000000", published="TUTTI I COMUNI")
    found = {reach.cup[0]: reach.how for reach in coverage().of(mugello, PIPPI)}
    assert found == {"W": "whole", "P": "part", "S": "seat", "E": "everywhere"}


def test_the_one_municipality_of_a_zone_is_the_whole_zone(versilia):
    put(versilia, factories.municipality(versilia))
    assert coverage().of(versilia, PIPPI)[0].how == "whole"


def test_zones_are_counted_and_not_projects(mugello, versilia, three):
    put(mugello, three[0])
    put(versilia, factories.municipality(versilia))
    assert (coverage().zones_reached(PIPPI), coverage().projects(PIPPI)) == (2, 1)
    assert coverage().of(mugello, PIPPI)[0].zones == 2


def test_the_newest_extract_speaks(mugello, versilia, three):
    put(mugello, three[0])
    put(versilia, factories.municipality(versilia), day=dt.date(2024, 3, 1))
    assert coverage().day == dt.date(2024, 3, 1)
    assert coverage().of(mugello, PIPPI) == []
    assert coverage(day=dt.date(2023, 3, 1)).of(mugello, PIPPI)


def test_the_page_never_says_zero_and_says_which_line_is_missing(mugello, versilia, three):
    put(mugello, three[0])
    page = text_of(Client(), "coverage")
    assert "01/03/2023" in page
    assert "la linea non c’è in questo estratto" in page
    assert "Versilia nessuna riga nessuna riga" in page
    assert "solo la sede" in page
    assert not re.search(r"\b0 progett", page)


def test_a_zone_opens_into_its_projects(mugello, versilia, three):
    put(mugello, three[0], line=SUPERVISION)
    page = text_of(Client(), "coverage_zone", "mugello")
    assert "CUP A00A00000000000" in page
    assert "1 di 3 comuni: Comune A" in page
    assert "Nessuna riga in questo estratto" in page
    assert "Nessuna riga" in text_of(Client(), "coverage_zone", "versilia")


def test_without_extracts_the_page_says_what_will_be_there(db):
    assert "Nessun estratto è stato importato" in text_of(Client(), "coverage")


def test_the_page_asks_the_same_queries_for_three_rows_and_for_thirty(mugello, three, django_assert_num_queries):
    for n in range(3):
        put(mugello, three[0], cup=f"A00A000000000{n:02}")
    with CaptureQueriesContext(connection) as few:
        Client().get(reverse("coverage"))
    for n in range(3, 30):
        put(mugello, three[n % 3], cup=f"A00A000000000{n:02}", line=SUPERVISION)
    with django_assert_num_queries(len(few)):
        Client().get(reverse("coverage"))


def test_in_the_database_only_the_region_writes_extracts_and_a_zone_its_own_operations(
    planner, other_planner, officer, mugello, as_application
):
    from django.db import DatabaseError, transaction

    operation = factories.operation(mugello)
    change = "update plan_operation set title = 'x' where id = %s"
    with as_application(other_planner) as cursor:
        cursor.execute(change, [operation.pk])
        assert cursor.rowcount == 0
    with as_application(planner) as cursor:
        cursor.execute(change, [operation.pk])
        assert cursor.rowcount == 1
    insert = (
        "insert into plan_localisation (submeasure, description, cup, local_code, province_name, "
        "municipality_as_published, extraction_date, recorded_at) values ('x', '', 'x', '', '', '', now(), now())"
    )
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        as_application(planner) as cursor,
    ):
        cursor.execute(insert)
    with as_application(officer) as cursor:
        cursor.execute(insert)
