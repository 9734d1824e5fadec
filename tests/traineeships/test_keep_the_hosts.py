"""Who receives trainees: seats, tutors, staff, duties; what moving a seat or closing means for who is there."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.role import Kind
from accanto.traineeships.host import Host
from accanto.traineeships.models import Condition, SafetyDuty, StaffCount, Traineeship
from accanto.traineeships.offer_link import OfferLink, make
from accanto.traineeships.place import Place, State
from tests import factories


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def here(mugello, versilia, anna, bruno, tutor):
    """Two trainees at one host, of two zones: Anna's and Bruno's."""
    rows = []
    for zone, worker in ((mugello, anna), (versilia, bruno)):
        row = factories.traineeship(factories.person_in_charge(zone, by=worker), tutor=tutor, by=worker)
        Condition.objects.create(traineeship=row, subject=row.subject, zone=zone)
        rows.append(row)
    return rows


@pytest.fixture
def host(here):
    return here[0].host


def changed_on(row):
    return Condition.objects.get(traineeship=row).programme_changed_on


def send(client, host, do, **data):
    return client.post(reverse("host", args=[host.pk]), {"do": do} | {f"{do}-{name}": v for name, v in data.items()})


def seat_form(host, **changes):
    return {
        "type": host.type, "municipality": host.municipality_id, "address": host.address, "contact_name": "",
        "phone": "", "email": "",
    } | changes  # fmt: skip


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_seats_tutors_staff_and_duties_are_kept_from_one_page(enter, anna, host, today):
    client = enter(anna)
    iso = today.isoformat()
    for do, data in (
        ("seat", {"name": "Serra", "municipality": host.municipality_id}),
        ("tutor", {"name": "Sara Esempio", "phone": "055 1"}),
        ("staff", {"counted_on": iso, "permanent": "12", "coverage": "covered", "coverage_declared_on": iso}),
        ("duty", {"kind": "risk_assessment", "standing_as": "shown", "dated": iso, "reference": "DVR"}),
    ):
        assert send(client, host, do, **data).status_code == 302, do
    text = client.get(reverse("host", args=[host.pk])).content.decode()
    for word in ("Serra", "Sara Esempio", "in regola", "DVR", "visto il documento"):
        assert word in text
    host.refresh_from_db()
    assert host.permanent_staff == 12


def test_a_later_count_is_the_hosts_and_an_earlier_one_is_not(enter, anna, host, today):
    client = enter(anna)
    for ago, number in ((10, 8), (0, 5), (400, 30), (0, 6)):
        day = (today - dt.timedelta(days=ago)).isoformat()
        assert send(client, host, "staff", counted_on=day, permanent=number, coverage="unknown").status_code == 302
    host.refresh_from_db()
    assert host.permanent_staff == 6
    assert list(StaffCount.objects.standing().values_list("permanent", flat=True)) == [6, 8, 30]
    assert StaffCount.objects.count() == 4


def test_a_duty_out_of_date_is_said(enter, anna, host, today):
    client = enter(anna)
    for dated, until, status in ((2, 9, 422), (9, 2, 302)):
        days = {"dated": today - dt.timedelta(days=dated), "valid_to": today - dt.timedelta(days=until)}
        assert send(client, host, "duty", kind="fire", standing_as="shown", **days).status_code == status
    assert "scaduto" in client.get(reverse("host", args=[host.pk])).content.decode()
    send(client, host, "duty", kind="fire", standing_as="declared")
    assert SafetyDuty.objects.standing().get().standing_as == "declared"


def test_the_limit_nobody_found_is_said_with_the_numbers_and_stops_nobody(enter, anna, host):
    Host.objects.filter(pk=host.pk).update(permanent_staff=1)
    answer = enter(anna).get(reverse("host", args=[host.pk]))
    text = answer.content.decode()
    assert "1 dipendenti stabili e 2 tirocinanti" in text
    assert "R-LIM-01" in text
    assert enter(anna).get(reverse("new_place", args=[host.pk])).status_code == 200


def test_an_employment_operator_registers_a_host_and_a_planner_does_not(enter, mugello, planner):
    operator = factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
    town = factories.municipality(mugello)
    data = {"name": "Panificio di prova", "type": "private_employer", "municipality": town.pk}
    assert enter(operator).post(reverse("new_host"), data).status_code == 302
    assert Host.objects.get(organisation__name="Panificio di prova").municipality == town
    assert enter(planner).post(reverse("new_host"), data).status_code == 404


# --- a seat moves ----------------------------------------------------------------------------------------------------


def test_moving_the_seat_says_who_is_there_first_and_marks_every_zone(enter, anna, host, here, today):
    client, page = enter(anna), reverse("change_host", args=[host.pk])
    first = client.post(page, seat_form(host, address="via Nuova 2"))
    text = first.content.decode()
    assert (first.status_code, "2 tirocini" in text) == (200, True)
    assert str(here[0].person) in text
    assert str(here[1].subject_id) not in first.context["fields"]
    host.refresh_from_db()
    assert (host.address, changed_on(here[0])) == ("", None)
    done = client.post(page, seat_form(host, address="via Nuova 2", confirm="yes"), follow=True)
    assert "2 tirocini" in done.content.decode()
    assert [changed_on(row) for row in here] == [today, today]


def test_correcting_a_telephone_asks_nothing_and_marks_nobody(enter, anna, host, here):
    page = reverse("change_host", args=[host.pk])
    assert enter(anna).post(page, seat_form(host, phone="055 1")).status_code == 302
    assert [changed_on(row) for row in here] == [None, None]


def test_moving_another_seat_is_about_those_at_that_seat(enter, anna, host, here, today):
    mine, other = here
    seat = factories.seat(host, by=anna, name="Serra 100%")
    mine.place = factories.place(host, by=anna, seat=seat)
    mine.save()
    client, page = enter(anna), reverse("change_seat", args=[seat.pk])
    assert str(mine.person) in client.get(page).content.decode()
    data = {"name": "Serra 100%", "municipality": seat.municipality_id, "address": "via del Bosco"}
    assert client.post(page, data).status_code == 302
    assert (changed_on(mine), changed_on(other)) == (today, None)
    # and moving the first one is not about them
    Condition.objects.update(programme_changed_on=None)
    client.post(reverse("change_host", args=[host.pk]), seat_form(host, address="via Nuova 2", confirm="yes"))
    assert (changed_on(mine), changed_on(other)) == (None, today)
    # who is there by the words of the plan counts too
    Traineeship.objects.filter(pk=other.pk).update(seat="alla serra 100 di sotto")
    Condition.objects.update(programme_changed_on=None)
    client.post(page, data | {"address": "via del Prato"})
    assert [changed_on(row) for row in here] == [today, today]


def test_closing_a_seat_withdraws_its_places_and_ends_no_traineeship(enter, anna, host, here):
    seat = factories.seat(host, by=anna)
    place = factories.place(host, by=anna, seat=seat)
    here[0].place = place
    here[0].save()
    assert enter(anna).post(reverse("change_seat", args=[seat.pk]), {"do": "close"}).status_code == 302
    place.refresh_from_db()
    here[0].refresh_from_db()
    assert (place.state, here[0].state) == (State.WITHDRAWN, "running")
    assert enter(anna).get(reverse("change_seat", args=[seat.pk])).status_code == 404


def test_nobody_marks_programmes_without_working_with_hosts(host, here, planner, as_application):
    for acting in (None, planner):
        with as_application(acting) as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("select seat_moved(%s, null, current_date)", [host.pk])
    assert [changed_on(row) for row in here] == [None, None]
    assert connection.is_usable()


# --- it closes -------------------------------------------------------------------------------------------------------


def test_closing_a_host_says_what_happens_and_leaves_traineeships_to_who_follows_them(
    enter, anna, bruno, host, here, today
):
    place, theirs = factories.place(host, by=anna), factories.place(host, by=bruno, title="Di Bruno")
    make(host=host, by=anna, now=timezone.now())
    client, page = enter(anna), reverse("close_host", args=[host.pk])
    text = client.get(page).content.decode()
    assert "2 posti" in text
    assert "2 in corso" in text
    assert str(here[0].person) in text
    assert client.post(page, {"on": "ieri"}).status_code == 422
    assert client.post(page, {"on": today.isoformat(), "words": "Cessa l’attività."}).status_code == 302
    place.refresh_from_db()
    assert (place.state, OfferLink.objects.get().revoked_by) == (State.WITHDRAWN, anna.user)
    theirs.refresh_from_db()
    assert theirs.state == State.OPEN  # the other office's, and yet shown to nobody
    assert not Place.objects.open_on(today).exists()
    assert "non accoglie più" in enter(bruno).get(reverse("my_day")).content.decode()
    assert "va spostato o chiuso" in client.get(reverse("traineeship", args=[here[0].pk])).content.decode()
    assert client.get(reverse("new_place", args=[host.pk])).status_code == 404
    assert client.get(page).status_code == 404
    assert client.post(reverse("reopen_host", args=[host.pk])).status_code == 302
    assert Place.objects.open_on(today).get() == theirs


def test_a_closed_host_is_not_offered_to_new_plans(enter, anna, host, here, today):
    url = reverse("plan_traineeship", args=[here[0].case_id])
    option = f'<option value="{host.pk}"'
    assert option in enter(anna).get(url).content.decode()
    Host.objects.update(closed_on=today)
    assert option not in enter(anna).get(url).content.decode()
