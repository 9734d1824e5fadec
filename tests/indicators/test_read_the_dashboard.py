"""The officer before the steering group, the planner of a zone, the social worker."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Reading
from accanto.access.role import Kind
from accanto.indicators.catalogue import CODES, OF_PERSONS
from accanto.plan.target import Target
from accanto.traineeships import attendance
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(mugello):
    return factories.user("planner", Kind.ZONE_PLANNER, zone=mugello)


@pytest.fixture
def target():
    both = {"it": "15.000 persone", "en": "15,000 people"}
    return Target.objects.create(
        code="people", order=1, promised=True, indicator="esf_people", name=both, definition=both, value=15000,
        unit="people", grade="SECONDARY", source="prova",
    )  # fmt: skip


def hours(client):
    page = client.get(reverse("dashboard")).content.decode()
    return Decimal(re.search(r'id="hours"[^>]*>([\d.,]+)<', page)[1].replace(".", "").replace(",", "."))


def test_four_hours_more_are_four_hours_more_at_once(scene, officer, tutor, enter):
    before = hours(enter(officer))
    traineeship = scene[0][1].traineeships.get()
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    attendance.record(traineeship=traineeship, day=yesterday, hours=Decimal(4), by=tutor, now=timezone.now())
    assert hours(enter(officer)) == before + 4


def test_targets_stand_beside_their_results_with_the_day(scene, officer, target, enter):
    page = enter(officer).get(reverse("dashboard")).content.decode()
    assert "15.000 persone" in page
    assert f"al {timezone.localdate():%d/%m/%Y}" in page


def test_a_planner_reads_their_zone_first(scene, planner, enter):
    page = enter(planner).get(reverse("dashboard")).content.decode()
    assert page.index("<h2>Mugello</h2>") < page.index("Tutta la regione")


@pytest.mark.parametrize("code", CODES)
def test_every_indicator_has_its_page_and_its_file(scene, officer, enter, code):
    client = enter(officer)
    assert client.get(reverse("indicator", args=[code])).status_code == 200
    assert client.get(reverse("indicator", args=[code]) + "?zone=mugello").status_code == 200
    assert client.get(reverse("indicator_csv", args=[code])).status_code == 200


def test_the_file_adds_up_to_the_page(scene, officer, anna, mugello, versilia, enter):
    factories.person_in_charge(versilia, by=anna, family_name="Terza")
    text = enter(officer).get(reverse("indicator_csv", args=["people_in_charge"])).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    totals = [row for row in rows if not row["distribuzione"]]
    region = next(row for row in totals if row["livello"] == "regione")
    assert sum(Decimal(row["valore"]) for row in totals if row["livello"] == "zona") == Decimal(region["valore"]) == 8


def test_small_numbers_are_a_dash_on_the_page_and_empty_in_the_file(scene, officer, versilia, enter):
    client = enter(officer)
    page = client.get(reverse("indicator", args=["people_in_charge"]) + "?zone=versilia").content.decode()
    assert "numeri troppo piccoli" in page
    rows = list(
        csv.DictReader(io.StringIO(client.get(reverse("indicator_csv", args=["people_in_charge"])).content.decode()))
    )
    row = next(row for row in rows if row["zona_codice"] == "versilia")
    assert row["valore"] == ""
    assert row["non_pubblicato"] == "sì"


def test_the_worker_opens_what_the_figure_counts_and_the_reading_is_written(scene, anna, enter):
    page = enter(anna).get(reverse("indicator_records", args=["people_in_traineeship"])).content.decode()
    assert page.count("Qui") == 3
    assert "Là" not in page
    assert Reading.objects.filter(user_id=anna.user.pk, page="indicator_records").exists()


def test_planners_open_no_rows_of_persons(scene, officer, planner, enter):
    for acting in (officer, planner):
        assert enter(acting).get(reverse("indicator_records", args=["people_in_charge"])).status_code == 404
        page = enter(acting).get(reverse("indicator", args=["people_in_charge"])).content.decode()
        assert "la programmazione legge conteggi" in page


def test_tutors_have_no_dashboard(scene, tutor, enter):
    for url in (reverse("dashboard"), reverse("indicator", args=["esf_people"])):
        assert enter(tutor).get(url).status_code == 404


WRONG = (
    "?indicator=nothing",
    "?zone=nowhere",
    "?indicator=%00&zone=%00",
    "?before=x",
    "?before=2026-01-01_99999999999999999999",
)


@pytest.mark.parametrize("asked", WRONG)
def test_a_wrong_address_is_answered(scene, officer, anna, enter, asked):
    assert enter(officer).get(reverse("dashboard") + asked).status_code == 200
    assert enter(officer).get(reverse("indicator", args=["esf_people"]) + asked).status_code == 200
    assert enter(anna).get(reverse("indicator_records", args=["esf_people"]) + asked).status_code == 200
    assert enter(officer).get(reverse("indicator", args=["nothing"])).status_code == 404


def test_rows_come_a_page_at_a_time(scene, anna, mugello, enter):
    for n in range(60):
        factories.person_in_charge(mugello, by=anna, family_name=f"Molti{n}")
    client = enter(anna)
    url = reverse("indicator_records", args=["people_in_charge"])
    first = client.get(url).content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)[1]
    second = client.get(url + following).content.decode()
    assert first.count('<th scope="row">') == 50
    assert second.count('<th scope="row">') == 15


@pytest.mark.parametrize(("name", "code"), [("dashboard", None), *(("indicator", code) for code in OF_PERSONS)])
def test_more_people_ask_no_more_queries(scene, officer, anna, mugello, enter, name, code):
    client, url = enter(officer), reverse(name, args=[code] if code else [])
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url)
    for n in range(27):
        factories.person_in_charge(mugello, by=anna, family_name=f"Altri{n}")
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many)


def test_the_records_ask_no_more_queries(scene, anna, mugello, enter):
    client, url = enter(anna), reverse("indicator_records", args=["people_in_charge"])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for n in range(27):
        factories.person_in_charge(mugello, by=anna, family_name=f"Altri{n}")
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many)
