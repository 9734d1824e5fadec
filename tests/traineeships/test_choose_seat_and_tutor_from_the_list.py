"""A plan's seat and host tutor chosen from the host's list: the text is signed as it is, the counts go by the list."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.role import Kind
from accanto.traineeships import ending, facts, host_tutor, seat
from accanto.traineeships.host import Host, trainees_of_its_lists
from accanto.traineeships.host_tutor import HostTutor
from accanto.traineeships.seat import Seat
from accanto.traineeships.traineeship import State, Traineeship
from accanto.traineeships.traineeship_plan import Condition
from tests import factories


@pytest.fixture
def lists(scene, anna):
    """Two seats of the host, and at each a tutor of the same name; and one whose name nobody else has."""
    now, said = timezone.now(), {"host": scene.host, "by": anna}
    town = scene.host.municipality
    field, shop = (seat.add(**said, name=name, municipality=town, now=now) for name in ("Campo", "Bottega"))
    for where in (field, shop):
        host_tutor.add(**said, name="Mario Rossi", seat=where, now=now)
    host_tutor.add(**said, name="Sara Bindoni", now=now)
    return field, shop


@pytest.fixture
def write(enter, anna, scene):
    """A plan with these words, or a draft written again."""

    def send(row=None, **said):
        url = reverse("change_plan", args=[row.pk]) if row else reverse("plan_traineeship", args=[scene.case.pk])
        answer = enter(anna).post(url, {**scene.form, **said})
        assert answer.status_code == 302, answer.content.decode()
        return Traineeship.objects.latest("pk")

    return send


def at(seat_row):
    return trainees_of_its_lists(seat_row.host).get(("seat", seat_row.pk))


def test_words_of_the_list_are_its_row_and_others_are_words(write, lists, enter, anna, scene):
    field, shop = lists
    row = write(seat=str(field), host_tutor_name="Sara Bindoni")
    assert (row.listed_seat, row.listed_host_tutor.name) == (field, "Sara Bindoni")
    assert (row.seat, row.host_tutor_name) == (str(field), "Sara Bindoni")
    # of two of the same name the list says the seat of each, and what is kept to be signed is the name
    page = enter(anna).get(reverse("change_plan", args=[row.pk])).content.decode()
    assert '<option value="Mario Rossi (Campo)">' in page
    row = write(row, seat=str(field).upper(), host_tutor_name="Mario Rossi (Bottega)")
    assert (row.listed_host_tutor.seat, row.host_tutor_name) == (shop, "Mario Rossi")
    assert row.listed_seat == field
    # written again with the same words it stays, though the list has changed meanwhile
    Seat.objects.filter(pk=field.pk).update(name="Campo grande")
    row = write(row, seat=row.seat, host_tutor_name="Mario Rossi")
    assert (row.listed_seat, row.listed_host_tutor.seat) == (field, shop)
    row = write(row, seat="dietro la chiesa", host_tutor_name="Mario Rossi e altri")
    assert (row.listed_seat, row.listed_host_tutor) == (None, None)
    # a name that two have, and nobody said which, is only a name
    assert write(row, host_tutor_name="Mario Rossi").listed_host_tutor is None


def test_another_host_takes_its_own_rows_only(write, lists, scene):
    row = write(seat=str(lists[0]), host_tutor_name="Sara Bindoni")
    other = Host.objects.create(
        organisation=factories.organisation("host", "Forno di prova"), municipality=scene.host.municipality
    )
    row = write(row, host=other.pk, seat=row.seat, host_tutor_name="Sara Bindoni")
    assert (row.host, row.listed_seat, row.listed_host_tutor) == (other, None, None)


def test_a_repeated_traineeship_begins_from_the_same_rows(write, lists, enter, anna, scene):
    row = write(seat=str(lists[0]), host_tutor_name="Sara Bindoni")
    Seat.objects.filter(pk=lists[0].pk).update(name="Altro nome")
    Traineeship.objects.update(state=State.CONCLUDED)
    said = {
        "seat": row.seat, "host_tutor_name": row.host_tutor_name, "repeats": "yes", "attested_by": scene.authority.pk,
        "attested_on": scene.form["integrated_on"],
    }  # fmt: skip
    answer = enter(anna).post(reverse("repeat_traineeship", args=[row.pk]), {**scene.form, **said})
    assert answer.status_code == 302
    again = Traineeship.objects.latest("pk")
    assert again.pk != row.pk
    assert (again.listed_seat, again.listed_host_tutor) == (lists[0], row.listed_host_tutor)


def test_a_place_brings_its_seat_and_the_tutor_of_that_seat(write, lists, scene, anna):
    field, _shop = lists
    place = factories.place(scene.host, by=anna, seat=field)
    told = f"{scene.host.pk}-"
    row = write(place=place.pk, told=told, seat="", host_tutor_name="", weekly_hours="")
    assert (row.place, row.listed_seat, row.listed_host_tutor.seat) == (place, field, field)
    assert row.host_tutor_name == "Mario Rossi"


def test_who_is_at_a_seat_or_with_a_tutor_is_counted_by_the_list_and_by_words_where_nobody_chose(
    write, lists, scene, anna, tutor, enter, today
):
    field, shop = lists
    row = write(seat=str(field), host_tutor_name="Mario Rossi (Campo)")
    old = factories.traineeship(scene.case, tutor=tutor, by=anna)
    Traineeship.objects.filter(pk=old.pk).update(seat="in bottega", host_tutor_name="mario rossi ")
    mine, theirs = (HostTutor.objects.get(name="Mario Rossi", seat=where) for where in lists)
    found = trainees_of_its_lists(scene.host)
    assert (at(field), at(shop)) == ((0, 1), (1, 0))
    # nobody has said which of the two the old one is with: of both it is told
    assert (found["tutor", mine.pk], found["tutor", theirs.pk]) == ((1, 1), (1, 0))
    page = enter(anna).get(reverse("host", args=[scene.host.pk])).content.decode()
    assert "1 tirocinio in corso, 1 da avviare" in page
    assert "nessun tirocinio" in page

    # a new name of the seat takes nobody away from it, and moving it is about them
    seat.change(seat=field, name="Orto", by=anna, now=timezone.now())
    assert at(field) == (0, 1)
    client, url = enter(anna), reverse("change_seat", args=[field.pk])
    assert reverse("traineeship", args=[row.pk]) in client.get(url).content.decode()
    moved = seat.change(seat=field, address="via Nuova", by=anna, now=timezone.now())
    assert (moved, Condition.objects.get(traineeship=row).programme_changed_on) == (1, today)
    assert seat.change(seat=shop, address="via Vecchia", by=anna, now=timezone.now()) == 0  # it has no condition yet
    assert ending.municipality_of(row, [shop, field]) == field.municipality.name

    # and the law is told how many a tutor has, with an account or without
    row.refresh_from_db()
    row.state = State.RUNNING
    row.save()
    new = Traineeship(**dict.fromkeys(["host_id"], scene.host.pk), subject=row.subject, kind="TIS", starts=today)
    for listed, name, count in (
        (mine.pk, "Mario Rossi", 2),  # the one that was chosen, and the old one
        (theirs.pk, "Mario Rossi", 1),  # only the old one
        (None, "Mario Rossi", 2),  # by name alone, all of that name
        (None, "Qualcun altro", 0),
        (None, "", None),
    ):
        new.listed_host_tutor_id, new.host_tutor_name = listed, name
        assert facts.around(new, acting=anna)["host_tutor_trainees"] == count, (listed, name)


def test_postgresql_lets_a_plan_point_at_its_own_host_only(write, lists, scene, anna, tutor, as_application):
    row = write(seat=str(lists[0]), host_tutor_name="Sara Bindoni")
    other = Host.objects.create(
        organisation=factories.organisation("host", "Forno di prova"), municipality=scene.host.municipality
    )
    oven = factories.seat(other, by=anna, name="Forno")
    baker = host_tutor.add(host=other, name="Sara Bindoni", by=anna, now=timezone.now())
    with as_application(anna) as cursor:
        for column, stranger in (("listed_seat_id", oven), ("listed_host_tutor_id", baker)):
            said = f"update traineeships_traineeship set {column} = %s where id = %s"
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(said, [stranger.pk, row.pk])
            cursor.execute(said, [None, row.pk])
            assert cursor.rowcount == 1
        # nor does the plan leave for a host whose rows they are not
        cursor.execute("update traineeships_traineeship set listed_seat_id = %s where id = %s", [lists[1].pk, row.pk])
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("update traineeships_traineeship set host_id = %s where id = %s", [other.pk, row.pk])
    # and the owner no more than the pages
    with pytest.raises(IntegrityError), transaction.atomic():
        Traineeship.objects.filter(pk=row.pk).update(listed_seat=oven)


def test_figures_of_the_lists_are_for_who_works_with_hosts(write, lists, scene, tutor, planner, bruno, as_application):
    write(seat=str(lists[0]))
    for acting, count in ((bruno, 1), (tutor, 0), (planner, 0), (None, 0)):
        with as_application(acting) as cursor:
            cursor.execute("select count(*) from trainees_of_its_lists(%s) where list = 'seat'", [scene.host.pk])
            assert cursor.fetchone() == (count,), acting
    sara = factories.user("sara", Kind.HOST_TUTOR, organisation=scene.host.organisation)
    with as_application(sara) as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("select seat_moved(%s, %s, current_date)", [scene.host.pk, lists[0].pk])


def test_the_busiest_tutor_is_a_row_of_the_list_not_a_name():
    rows = [
        Traineeship(listed_host_tutor_id=listed, host_tutor_name=name)
        for listed, name in (
            (1, "Mario Rossi"),
            (1, "Mario Rossi"),
            (2, "Mario Rossi"),
            (None, "mario rossi "),
            (None, ""),
        )
    ]
    assert host_tutor.most_followed(rows) == 3  # those of the first, and the one of whom nobody said which
    assert host_tutor.most_followed(rows[3:]) == 1
    assert host_tutor.most_followed(rows[4:]) == 0
