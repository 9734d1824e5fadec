"""The team of a zone: its protocol, its seats, its members, kept by who works or plans in the zone."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.role import Kind
from accanto.cases.zone_team import ZoneTeam, ZoneTeamMember, ZoneTeamSeat
from tests import factories


@pytest.fixture
def url(mugello):
    return reverse("zone_team", args=[mugello.code])


@pytest.fixture
def operator(mugello):
    centre = factories.organisation("employment_centre", "Centro per l’impiego di prova")
    return factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello, organisation=centre)


def post(client, url, **said):
    return client.post(url, said, follow=True)


def test_seats_and_members_over_time(enter, planner, anna, operator, mugello, url):
    client, today = enter(planner), timezone.localdate()
    place = factories.municipality(mugello, "Borgo di prova")
    post(client, url, do="seat", name="Sede di prova", municipality=place.pk)
    assert (ZoneTeamSeat.objects.get().municipality, ZoneTeam.objects.get().zone) == (place, mugello)
    page = post(client, url, do="member", role=anna.role.pk, since=today.isoformat()).content.decode()
    assert "manca chi lavora al centro per l’impiego" in page
    page = post(client, url, do="member", role=operator.role.pk, since=today.isoformat()).content.decode()
    assert "manca chi lavora" not in page
    member = ZoneTeamMember.objects.get(user=operator.user)
    assert (member.kind, member.organisation) == (Kind.EMPLOYMENT_OPERATOR, operator.role.organisation)
    page = post(client, url, do="leave", row=member.pk).content.decode()
    assert "Ne hanno fatto parte" in page
    post(client, url, do="close_seat", row=ZoneTeamSeat.objects.get().pk)
    assert not ZoneTeamSeat.objects.exists()


def test_a_team_counts_when_its_protocol_is_signed(enter, client, anna, mugello, versilia, url):
    post(enter(anna), url, do="seat", name="Sede di prova")
    ZoneTeam.objects.create(zone=versilia, protocol_on=timezone.localdate() + dt.timedelta(days=9), source="prova")
    assert "0 zone su 2" in client.get(reverse("zone_teams")).content.decode()
    post(enter(anna), url, do="protocol", on=timezone.localdate().isoformat(), source="Protocollo di prova")
    assert "1 zona su 2" in client.get(reverse("zone_teams")).content.decode()
    assert ZoneTeam.objects.filter(zone=mugello).count() == 1  # one a zone


@pytest.mark.parametrize("said", [
    {}, {"do": "x"}, {"do": "seat"}, {"do": "seat", "name": "nul\x00la"}, {"do": "seat", "name": "x" * 500},
    {"do": "seat", "name": "A", "municipality": "999999"}, {"do": "member", "role": "9" * 50, "since": "2026-01-01"},
    {"do": "protocol", "on": "2999-01-01", "source": "x"}, {"do": "protocol", "on": "0202-01-01", "source": "x"},
    {"do": "protocol", "on": "2026-01-01", "source": ""}, {"do": "leave", "row": "1"}, {"do": "close_seat"},
])  # fmt: skip
def test_what_is_wrong_writes_nothing(enter, anna, url, said):
    assert enter(anna).post(url, said).status_code == 200
    assert not ZoneTeam.objects.exists()


@pytest.mark.parametrize("row", ["", "x", "-1", "9" * 40, "²"])
def test_a_row_that_is_not_of_the_team_is_not_there(enter, anna, bruno, versilia, url, row):
    client = enter(anna)
    post(client, url, do="seat", name="Sede di prova")
    other = ZoneTeamSeat.objects.create(team=ZoneTeam.objects.create(zone=versilia), name="Altra")
    for asked in (row, other.pk):
        assert client.post(url, {"do": "close_seat", "row": asked}).status_code == 404
        assert client.post(url, {"do": "leave", "row": asked}).status_code == 404
    assert ZoneTeamSeat.objects.count() == 2


def test_the_same_seat_or_member_twice(enter, anna, url):
    client, today = enter(anna), timezone.localdate().isoformat()
    for _time in range(2):
        post(client, url, do="seat", name="Sede di prova")
        post(client, url, do="member", role=anna.role.pk, since=today)
    assert (ZoneTeamSeat.objects.count(), ZoneTeamMember.objects.count()) == (1, 1)


def test_others_read_and_do_not_write(enter, operator, officer, other_planner, bruno, url):
    for acting in (operator, officer, other_planner, bruno):
        client = enter(acting)
        assert "Aggiungi una sede" not in client.get(url).content.decode()
        post(client, url, do="seat", name="Sede di prova")
    assert not ZoneTeam.objects.exists()


def refused(cursor, statement, values):
    try:
        with transaction.atomic():
            cursor.execute(statement, values)
            return cursor.rowcount == 0
    except DatabaseError:
        return True


def test_postgresql_holds_a_team_to_its_zone(anna, bruno, planner, other_planner, operator, mugello, as_application):
    team, elsewhere = ZoneTeam.objects.create(zone=mugello), factories.zone("lunigiana")
    seat = ZoneTeamSeat.objects.create(team=team, name="Sede")
    member = ZoneTeamMember.objects.create(team=team, user=anna.user, starts=timezone.localdate())
    doings = (
        ("update cases_zoneteam set source = 'x' where id = %s", [team.pk]),
        ("insert into cases_zoneteamseat (team_id, name) values (%s, 'Altra')", [team.pk]),
        ("update cases_zoneteamseat set name = 'x' where id = %s", [seat.pk]),
        ("update cases_zoneteammember set ends = starts where id = %s", [member.pk]),
        (
            "insert into cases_zoneteammember (team_id, user_id, kind, starts) values (%s, %s, '', now())",
            [team.pk, bruno.user.pk],
        ),
        ("delete from cases_zoneteamseat where id = %s", [seat.pk]),
    )
    for acting in (None, bruno, other_planner, operator):
        with as_application(acting) as cursor:
            assert all(refused(cursor, statement, values) for statement, values in doings), acting
            insert = "insert into cases_zoneteam (zone_id, source) values (%s, '')"
            assert refused(cursor, insert, [elsewhere.pk])
    for acting in (anna, planner):
        with transaction.atomic():
            with as_application(acting) as cursor:
                for statement, values in doings:
                    assert not refused(cursor, statement, values), (acting, statement)
            transaction.set_rollback(True)
