"""The officer's figures and the worker's rows are the same facts."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accanto.access.door import opened
from accanto.indicators import figure
from accanto.indicators.catalogue import OF_PERSONS, overview
from accanto.traineeships import attendance

pytestmark = pytest.mark.django_db


EXPECTED = {
    "people_in_charge": (5, 2),
    "esf_people": (2, 0),
    "esf_people_in_traineeship": (1, 0),
    "people_in_traineeship": (3, 0),
    "traineeship_hours": (Decimal("13.5"), 0),
    "opened_cases": (0, 0),
    "closed_cases": (0, 0),
}


def test_each_indicator_counts_what_its_card_says(scene, mugello, versilia):
    now, today = timezone.now(), timezone.localdate()
    counts = figure.by_zone(OF_PERSONS.values(), day=today, now=now)
    for code, (here, there) in EXPECTED.items():
        zones = counts[code].zones
        assert zones.get(mugello.pk, figure.NOBODY).value == here, code
        assert zones.get(versilia.pk, figure.NOBODY).value == there, code


@pytest.mark.parametrize("code", EXPECTED)
def test_the_rows_a_worker_opens_add_up_to_the_figure_of_the_zone(scene, anna, mugello, versilia, enter, code):
    now, today = timezone.now(), timezone.localdate()
    indicator = OF_PERSONS[code]
    client = enter(anna)
    token = client.session.session_key
    with transaction.atomic(), opened(token=token, writing=False):
        count = figure.by_zone([indicator], day=today, now=now)[code].zones.get(mugello.pk, figure.NOBODY)
        rows = figure.rows_of(indicator, zone=mugello.pk, day=today, now=now, limit=100)
        assert len({row.subject_id for row in rows}) == count.people
        assert sum(row.value for row in rows) == count.value
        assert figure.rows_of(indicator, zone=versilia.pk, day=today, now=now, limit=100) == []


@pytest.mark.parametrize("code", EXPECTED)
def test_the_groups_add_up_to_the_zone(scene, mugello, code):
    now, today = timezone.now(), timezone.localdate()
    indicator = OF_PERSONS[code]
    count = figure.by_zone([indicator], day=today, now=now)[code].zones.get(mugello.pk, figure.NOBODY)
    cells = figure.broken_down(indicator, day=today, now=now).cells
    for way in ("area", "sex", "age"):
        parts = [c for (zone, _group), c in cells[way].items() if zone == mugello.pk]
        assert sum(c.people for c in parts) == count.people
        assert sum(c.value for c in parts) == count.value


def test_ages_are_those_of_the_bands_of_the_regulation(scene, mugello):
    cells = figure.broken_down(OF_PERSONS["people_in_charge"], day=timezone.localdate(), now=timezone.now()).cells[
        "age"
    ]
    assert {group: c.people for (zone, group), c in cells.items() if zone == mugello.pk} == {
        "0-17": 1, "18-29": 1, "30-54": 2, "55+": 1,
    }  # fmt: skip


def test_a_corrected_day_counts_as_it_was_known_then(scene, mugello, tutor):
    here, _there = scene
    traineeship = here[1].traineeships.get()
    before, later = timezone.now(), timezone.now() + dt.timedelta(minutes=5)
    today = timezone.localdate()
    attendance.record(traineeship=traineeship, day=today, hours=Decimal(2), by=tutor, now=later, correction="checked")
    hours = OF_PERSONS["traineeship_hours"]
    then = figure.by_zone([hours], day=today, now=before)["traineeship_hours"]
    now = figure.by_zone([hours], day=today, now=later)["traineeship_hours"]
    assert then.zones[mugello.pk].value == Decimal("13.5")
    assert now.zones[mugello.pk].value == Decimal(11)


def test_months_tell_the_stock_at_their_end_and_the_flow_within(scene, mugello):
    now, today = timezone.now(), timezone.localdate()
    first = (today - dt.timedelta(days=200)).replace(day=1)
    stock = figure.by_month(OF_PERSONS["people_in_charge"], first=first, last=today, now=now)
    assert stock[today.replace(day=1)][mugello.pk].value == 5
    assert mugello.pk not in stock.get(first, {})
    opened_on = scene[0][0].opened_on.replace(day=1)
    flow = figure.by_month(OF_PERSONS["opened_cases"], first=first, last=today, now=now)
    assert flow[opened_on][mugello.pk].value == 5
    hours = figure.by_month(OF_PERSONS["traineeship_hours"], first=first, last=today, now=now)
    assert hours[today.replace(day=1)][mugello.pk].value == Decimal("13.5")


def test_two_people_in_a_zone_are_not_published_nor_told_by_the_difference(scene, mugello, versilia):
    shown = overview(
        ("people_in_charge",), zones=[mugello.pk, versilia.pk], day=timezone.localdate(), now=timezone.now()
    )
    one = shown["people_in_charge"]
    assert one.region.value == 7
    assert one.zones[versilia.pk].suppressed
    assert one.zones[mugello.pk].suppressed


def test_nobody_reads_the_aggregates_but_through_the_functions(scene, officer, enter):
    """The officer has no row of persons, and the functions give none."""
    token = enter(officer).session.session_key
    with transaction.atomic(), opened(token=token, writing=False), connection.cursor() as cursor:
        cursor.execute("select count(*) from indicator_people_in_charge_rows(current_date, now())")
        assert cursor.fetchone() == (0,)
        cursor.execute("select sum(people) from indicator_people_in_charge(current_date, now())")
        assert cursor.fetchone() == (7,)
