"""Signing in, acting in a role, signing out: what PostgreSQL itself believes of a session."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.access.role import Kind, Role
from accanto.access.session import Session, fingerprint
from accanto.access.user import User
from tests import factories

PASSWORD = "quattro parole in fila"


@pytest.fixture
def worker(mugello):
    acting = factories.user("worker", Kind.SOCIAL_WORKER, zone=mugello)
    acting.user.set_password(PASSWORD)
    acting.user.save()
    return acting


def sign_in(client, username="worker", password=PASSWORD):
    return client.post(reverse("sign_in"), {"username": username, "password": password})


def test_sign_in_opens_a_session_postgresql_recognises(worker, as_application):
    client = Client()
    assert sign_in(client).status_code == 302
    with as_application(None, token=client.session.session_key) as cursor:
        cursor.execute("select app_user()")
        assert cursor.fetchone() == (worker.user.pk,)
        cursor.execute("select user_id, role_id, kind from app_session()")
        assert cursor.fetchone() == (worker.user.pk, worker.role.pk, "social_worker")
    assert Act.objects.filter(verb="sign in", user_id=worker.user.pk).count() == 1


def test_the_session_begins_under_a_new_token(worker):
    client = Client()
    session = client.session
    session["planted"] = "1"
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=fingerprint(before)).exists()


def test_signing_out_ends_the_session_in_postgresql_too(worker, as_application):
    client = Client()
    sign_in(client)
    token = client.session.session_key
    assert client.post(reverse("sign_out")).status_code == 302
    with as_application(None, token=token) as cursor:
        cursor.execute("select app_user()")
        assert cursor.fetchone() == (None,)
    assert Act.objects.filter(verb="sign out", user_id=worker.user.pk).exists()


def test_signing_in_and_out_wants_a_post(worker, enter):
    client = enter(worker)
    assert client.get(reverse("sign_out")).status_code == 405
    assert client.get(reverse("switch_role")).status_code == 405


@pytest.mark.parametrize("password", ["", "sbagliata", "x" * 5000, "nul\x00la"])
def test_a_wrong_password_is_a_sentence_and_no_session(worker, password):
    client = Client()
    answer = sign_in(client, password=password)
    assert answer.status_code == 200
    assert not Session.objects.filter(user=worker.user).exists()


@pytest.mark.parametrize("username", ["", "nessuno", "x" * 5000, "nul\x00la"])
def test_an_unknown_username_is_a_sentence(db, username):
    assert sign_in(Client(), username=username).status_code == 200


def test_five_wrong_passwords_stop_the_attempts(worker):
    client = Client()
    answers = [sign_in(client, password="sbagliata").status_code for _attempt in range(5)]
    assert answers[-1] == 429
    assert sign_in(client).status_code == 429


@pytest.mark.parametrize("cookie", ["", "x", "a" * 32, "nul\\000la", "../../etc", "à" * 32, "a" * 100_000])
def test_a_cookie_somebody_made_up_is_nobody(db, cookie):
    client = Client()
    client.cookies["accanto_session"] = cookie
    assert client.get(reverse("home")).status_code == 302


def test_a_closed_account_stops_at_once(worker, enter, as_application, token_of):
    client, token = enter(worker), token_of(worker)
    User.objects.filter(pk=worker.user.pk).update(is_active=False)
    assert client.get(reverse("home")).status_code == 302
    with as_application(None, token=token) as cursor:
        cursor.execute("select app_user()")
        assert cursor.fetchone() == (None,)


def test_a_role_that_ended_yesterday_acts_no_more(worker, enter, as_application, token_of):
    client, token = enter(worker), token_of(worker)
    Role.objects.filter(pk=worker.role.pk).update(ends=timezone.localdate() - dt.timedelta(days=1))
    page = client.get(reverse("home")).content.decode()
    assert "Nessun ruolo attivo" in page
    with as_application(None, token=token) as cursor:
        cursor.execute("select * from app_session()")
        assert cursor.fetchone() is None
        # nor by moving the clock of the connection
        cursor.execute("set local timezone = 'Etc/GMT+12'")
        cursor.execute("select * from app_session()")
        assert cursor.fetchone() is None


def test_a_role_that_begins_tomorrow_does_not_act_yet(worker, enter):
    Role.objects.filter(pk=worker.role.pk).update(starts=timezone.localdate() + dt.timedelta(days=1))
    assert "Nessun ruolo attivo" in enter(worker).get(reverse("home")).content.decode()


def test_switching_role_changes_what_the_database_answers(worker, enter, versilia, as_application):
    other = Role.objects.create(user=worker.user, kind=Kind.ZONE_PLANNER, zone=versilia, starts=timezone.localdate())
    client = enter(worker)
    assert client.post(reverse("switch_role"), {"role": other.pk}).status_code == 302
    with as_application(None, token=client.session.session_key) as cursor:
        cursor.execute("select kind, zone_id from app_session()")
        assert cursor.fetchone() == ("zone_planner", versilia.pk)
    assert Act.objects.filter(verb="switch role", object_id=other.pk).exists()


@pytest.mark.parametrize("role", ["", "0", "999999999", "9" * 40, "nul\x00la"])
def test_a_role_of_somebody_else_is_not_taken(worker, anna, enter, role):
    client = enter(worker)
    assert client.post(reverse("switch_role"), {"role": role}).status_code == 404
    assert client.post(reverse("switch_role"), {"role": anna.role.pk}).status_code == 404


def test_when_the_role_ends_the_others_of_today_are_offered(worker, enter, mugello):
    with connection.cursor() as cursor:  # numbers of four figures are numbers too
        cursor.execute(
            "select setval(pg_get_serial_sequence('access_role', 'id'), greatest(max(id), 12000)) from access_role"
        )
    other = Role.objects.create(user=worker.user, kind=Kind.ZONE_PLANNER, zone=mugello, starts=timezone.localdate())
    Role.objects.filter(pk=worker.role.pk).update(ends=timezone.localdate() - dt.timedelta(days=1))
    page = enter(worker).get(reverse("home")).content.decode()
    assert f'value="{other.pk}"' in page


def test_the_page_of_a_signed_in_user_is_not_kept_by_the_browser(worker, enter):
    assert enter(worker).get(reverse("own_account"))["Cache-Control"] == "private, no-store"


def test_a_key_that_postgresql_does_not_know_is_said_at_the_first_sign_in(worker, settings):
    settings.SECRET_KEY = "another"
    with pytest.raises(Exception, match="ACCANTO_SECRET_KEY"):
        sign_in(Client())
    assert connection.needs_rollback is False


def test_five_wrong_passwords_lock_the_account_however_its_name_is_written(worker):
    client = Client()
    for name in ("worker", "WORKER", "Worker", "wOrker", " woRker "):
        assert sign_in(client, name, "sbagliata").status_code in (200, 429)
    for name in ("worker", "workeR"):
        assert sign_in(client, name).status_code == 429, "the sixth attempt is not even tried"


def test_a_capital_letter_too_many_signs_in_all_the_same(worker):
    assert sign_in(Client(), " WorKer ").status_code == 302


def test_what_comes_after_signing_in_is_never_another_site(worker):
    for wanted in (
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\x00",
        "http:///x",
    ):
        answer = Client().post(reverse("sign_in"), {"username": "worker", "password": PASSWORD, "next": wanted})
        assert answer["Location"] == reverse("home"), wanted


def test_a_button_pressed_too_late_leads_back_to_its_page(db):
    """Its own address only takes what is sent: after signing in it would answer nothing."""
    pressed, page = reverse("begin_inspection", args=[1]), "/inspections/1/?day=2"
    for referer, back in (
        (f"http://testserver{page}", "/inspections/1/%3Fday%3D2"),
        ("https://evil.example/inspections/1/", pressed),
        ("", pressed),
    ):
        answer = Client(HTTP_REFERER=referer).post(pressed)
        assert answer["Location"] == f"{reverse('sign_in')}?next={back}", referer
