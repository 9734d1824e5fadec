"""The administrator's day: organisations, users, roles; and what even an administrator cannot do."""

import datetime as dt
import re

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.access.organisation import Organisation
from accanto.access.role import Kind, Role
from accanto.access.user import User
from tests import factories

ODD = ["", " ", "x" * 100_000, "nul\x00la", "-1", "9" * 40, "[]", "2026-13-45", "0001-01-01", "<script>"]


def test_a_new_user_gets_a_password_seen_once(administrator, enter, mugello):
    client = enter(administrator)
    answer = client.post(reverse("new_user"), {"username": "Nuova.Collega", "name": "Nuova Collega", "email": ""})
    password = re.search(r'id="password">([a-z0-9-]+)<', answer.content.decode())[1]
    user = User.objects.get(username="nuova.collega")
    assert user.check_password(password)
    assert user.password_is_temporary
    assert password not in client.get(reverse("user", args=[user.pk])).content.decode()
    given = {"kind": Kind.SOCIAL_WORKER, "zone": mugello.pk, "starts": timezone.localdate().isoformat()}
    assert client.post(reverse("give_role", args=[user.pk]), given).status_code == 302
    assert user.roles.get().zone == mugello
    verbs = Act.objects.filter(user_id=administrator.user.pk).values_list("verb", flat=True)
    assert {"register", "give"} <= set(verbs)
    colleague = Client()
    assert colleague.post(reverse("sign_in"), {"username": user.username, "password": password}).status_code == 302


def test_a_username_is_taken_whatever_the_case(administrator, enter, anna):
    page = enter(administrator).post(reverse("new_user"), {"username": "ANNA"}).content.decode()
    assert "già preso" in page


def test_a_role_says_everything_that_is_wrong_at_once(administrator, enter, anna):
    host = factories.organisation(Organisation.Kind.HOST, "Vivaio di prova")
    page = enter(administrator).post(
        reverse("give_role", args=[anna.user.pk]),
        {"kind": "case_manager", "organisation": host.pk, "starts": "2026-05-02", "ends": "2026-05-01"},
    )
    text = page.content.decode()
    assert "in un&#x27;organizzazione di questi tipi" in text
    assert "scegli quale" in text
    assert "viene prima del primo" in text
    assert anna.user.roles.count() == 1


def test_no_role_and_no_kind_of_body_is_chosen_for_one(administrator, enter, anna):
    """A role given by who only pressed the button would open a zone's files."""
    client, given = enter(administrator), {"starts": timezone.localdate().isoformat()}
    for url in (reverse("give_role", args=[anna.user.pk]), reverse("new_organisation")):
        assert ">scegli</option>" in client.get(url).content.decode()
    assert client.post(reverse("give_role", args=[anna.user.pk]), given).status_code == 200
    assert anna.user.roles.count() == 1


def test_a_tutor_is_of_a_body(administrator, enter, anna):
    page = enter(administrator).post(
        reverse("give_role", args=[anna.user.pk]), {"kind": "third_sector_tutor", "starts": "2026-05-02"}
    )
    assert "lavora per un&#x27;organizzazione" in page.content.decode()


def test_who_works_has_a_name_and_who_is_in_charge_none(administrator, enter, mugello):
    client = enter(administrator)
    client.post(reverse("new_user"), {"username": "codice-7", "name": "", "email": ""})
    user = User.objects.get(username="codice-7")
    given = {"kind": Kind.SOCIAL_WORKER, "starts": "2026-05-02"}
    page = client.post(reverse("give_role", args=[user.pk]), given).content.decode()
    assert "prima scrivi nome e cognome" in page
    assert "scegli quale" in page
    given = {"kind": Kind.PERSON, "starts": "2026-05-02"}
    assert client.post(reverse("give_role", args=[user.pk]), given).status_code == 302


def test_the_zone_comes_from_the_body(administrator, enter, anna, versilia):
    centre = factories.organisation(Organisation.Kind.EMPLOYMENT_CENTRE, "CPI di prova", zone=versilia)
    enter(administrator).post(
        reverse("give_role", args=[anna.user.pk]),
        {"kind": "employment_operator", "organisation": centre.pk, "starts": "02/05/2026"},
    )
    assert anna.user.roles.get(kind="employment_operator").zone == versilia


def test_ending_a_role_ends_what_it_opened(administrator, enter, anna, as_application, token_of):
    token = token_of(anna)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    answer = enter(administrator).post(reverse("end_role", args=[anna.role.pk]), {"on": yesterday.isoformat()})
    assert answer.status_code == 302
    with as_application(None, token=token) as cursor:
        cursor.execute("select app_zones('contact')")
        assert cursor.fetchone() == ([],)


def test_a_role_does_not_end_before_it_begins(administrator, enter, anna):
    page = enter(administrator).post(reverse("end_role", args=[anna.role.pk]), {"on": "1999-01-01"})
    assert "non può venire prima" in page.content.decode()


def test_an_account_is_closed_and_opened_again(administrator, enter, anna):
    client, worker = enter(administrator), enter(anna)
    assert "smettono di funzionare" in client.get(reverse("close_user", args=[anna.user.pk])).content.decode()
    client.post(reverse("close_user", args=[anna.user.pk]))
    assert worker.get(reverse("home")).status_code == 302
    assert worker.get(reverse("home"))["Location"].startswith(reverse("sign_in"))
    client.post(reverse("close_user", args=[anna.user.pk]))
    assert User.objects.get(pk=anna.user.pk).is_active


def test_administrators_neither_close_nor_raise_themselves(administrator, enter):
    client, own = enter(administrator), administrator.user.pk
    for name in ("close_user", "renew_password", "give_role"):
        assert client.post(reverse(name, args=[own])).status_code == 404
    assert client.post(reverse("end_role", args=[administrator.role.pk])).status_code == 404


def refused(cursor, statement, values=()):
    """Whether PostgreSQL refuses the statement or lets it touch nothing."""
    try:
        with transaction.atomic():
            cursor.execute(statement, values)
            return cursor.rowcount == 0
    except DatabaseError:
        return True


GIVE = "insert into access_role (user_id, kind, zone_id, starts) values (%s, 'social_worker', %s, '2020-01-01')"


def test_postgresql_lets_administrators_give_roles_but_not_to_themselves(administrator, anna, mugello, as_application):
    with as_application(administrator) as cursor:
        assert refused(cursor, GIVE, [administrator.user.pk, mugello.pk])
        assert not refused(cursor, GIVE, [anna.user.pk, mugello.pk])
        assert not refused(cursor, "update access_role set ends = '2030-01-01' where user_id = %s", [anna.user.pk])
        assert refused(cursor, "update access_role set user_id = %s", [administrator.user.pk])
        assert refused(cursor, "update access_role set ends = null where id = %s", [administrator.role.pk])
        assert refused(cursor, "delete from access_role")


def test_postgresql_lets_nobody_else_write_users_roles_or_bodies(anna, officer, protector, mugello, as_application):
    for acting in (anna, officer, protector, None):
        with as_application(acting) as cursor:
            cursor.execute("select app_may_write('access')")
            assert cursor.fetchone() == (False,)
            assert refused(cursor, GIVE, [anna.user.pk, mugello.pk])
            assert refused(cursor, "update access_role set ends = null")
            assert refused(cursor, "update access_user set is_active = true, password = 'x'")
            assert refused(
                cursor,
                "insert into access_user (username, name, email, is_active, password, password_is_temporary) "
                "values ('x', '', '', true, '', false)",
            )
            assert refused(cursor, "update access_organisation set name = 'x'")
            assert refused(
                cursor,
                "insert into access_organisation (kind, name, tax_code, source) values ('region', 'x', '', '')",
            )
            for table in ("access_user", "access_organisation", "access_right", "access_installation"):
                assert refused(cursor, f"delete from {table}")


def test_who_starts_traineeships_adds_the_body_of_a_host_and_no_other(anna, officer, tutor, as_application):
    add = "select register_host_body('Vivaio nuovo', '')"
    direct = "insert into access_organisation (kind, name, tax_code, source) values ('host', 'x', '', '')"
    with as_application(anna) as cursor:
        assert not refused(cursor, add)
        assert refused(cursor, direct)
    for acting in (officer, tutor, None):
        with as_application(acting) as cursor:
            assert refused(cursor, add)


def test_organisations_are_added_and_corrected(administrator, enter, mugello):
    client = enter(administrator)
    answer = client.post(
        reverse("new_organisation"), {"kind": "municipality", "name": "Comune di Prova", "zone": mugello.pk}
    )
    assert answer.status_code == 302
    body = Organisation.objects.get(name="Comune di Prova")
    assert (
        "c&#x27;è già"
        in client.post(
            reverse("new_organisation"), {"kind": "municipality", "name": "Comune di Prova", "zone": mugello.pk}
        )
        .content.decode()
        .lower()
    )
    client.post(reverse("organisation", args=[body.pk]), {"name": "Comune di Prova Nuova", "zone": mugello.pk})
    body.refresh_from_db()
    assert body.name == "Comune di Prova Nuova"
    page = client.post(reverse("new_organisation"), {"kind": "municipality", "name": "", "tax_code": "12"})
    assert "11 cifre" in page.content.decode()
    assert "scegli quale" in page.content.decode()


def test_users_are_found_by_a_piece_of_the_name(administrator, enter, anna, bruno):
    page = enter(administrator).post(reverse("users"), {"q": "BRU"}).content.decode()
    assert "Bruno" in page
    assert "Anna" not in page


@pytest.mark.parametrize("odd", ODD)
def test_no_form_of_the_administrator_breaks(administrator, enter, anna, odd):
    client = enter(administrator)
    body = factories.organisation("host", "Vivaio di prova")
    fields = [
        (reverse("users"), ["q"]),
        (reverse("new_user"), ["username", "name", "email"]),
        (reverse("user", args=[anna.user.pk]), ["name", "email"]),
        (reverse("give_role", args=[anna.user.pk]), ["kind", "organisation", "zone", "starts", "ends"]),
        (reverse("end_role", args=[anna.role.pk]), ["on"]),
        (reverse("new_organisation"), ["kind", "name", "tax_code", "zone"]),
        (reverse("organisation", args=[body.pk]), ["name", "tax_code", "zone"]),
    ]
    for url, names in fields:
        assert client.post(url, dict.fromkeys(names, odd)).status_code in (200, 302), url
    for url in (reverse("users"), reverse("organisations")):
        assert client.get(url, {"after": odd, "kind": odd}).status_code == 200
    for name in ("user", "organisation", "give_role", "end_role"):
        assert client.get(reverse(name, args=[10**30])).status_code == 404


def many_users(first, count, zone):
    for n in range(first, first + count):
        factories.user(f"user{n:03}", Kind.SOCIAL_WORKER, zone=zone)
        factories.organisation("host", f"Ditta {n:03}")


def test_the_lists_ask_the_same_queries_for_3_rows_and_for_30(administrator, enter, mugello, same_queries):
    client = enter(administrator)
    many_users(0, 3, mugello)
    same_queries(lambda: client.get(reverse("users")), more=lambda: many_users(3, 15, mugello))
    same_queries(lambda: client.get(reverse("organisations")), more=lambda: many_users(18, 15, mugello))


def test_a_long_list_goes_on_where_it_stopped(administrator, enter, mugello):
    many_users(0, 60, mugello)
    client = enter(administrator)
    first = client.get(reverse("users")).content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)[1]
    second = client.get(reverse("users") + following).content.decode()
    names = [set(re.findall(r"User\d{3}", page)) for page in (first, second)]
    assert len(names[0] | names[1]) == 60
    assert not names[0] & names[1]


def test_a_role_of_a_zone_wants_its_zone_in_postgresql_too(anna):
    with pytest.raises(DatabaseError), transaction.atomic():
        Role.objects.create(user=anna.user, kind=Kind.CASE_MANAGER, starts=timezone.localdate())
