from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from accanto.access import user as users_of
from accanto.access.log import Act

NEW = "cinque parole tutte nuove"


def begin(anna, enter):
    anna.user.set_password("quattro parole in fila")
    anna.user.save()
    return enter(anna)


def change(client, current="quattro parole in fila", new=NEW, again=NEW):
    return client.post(reverse("own_account"), {"current": current, "new": new, "again": again})


def test_the_password_changes_and_other_sessions_end(anna, enter):
    client, elsewhere = begin(anna, enter), enter(anna)
    assert change(client).status_code == 302
    assert get_user_model().objects.get(pk=anna.user.pk).check_password(NEW)
    assert client.get(reverse("own_account")).status_code == 200
    assert elsewhere.get(reverse("own_account")).status_code == 302
    assert Act.objects.filter(verb="change password", user_id=anna.user.pk).exists()


def test_everything_wrong_is_said_at_once(anna, enter):
    page = change(begin(anna, enter), current="altra", new="corta", again="corta2").content.decode()
    assert "Non è la password con cui sei entrato" in page
    assert "È troppo corta" in page
    assert "Le due password nuove non sono uguali" in page


def test_odd_texts_are_sentences(anna, enter):
    client = begin(anna, enter)
    for text in ("", "\x00" * 20, "x" * 100_000):
        assert change(client, new=text, again=text).status_code == 200


def test_a_temporary_password_must_be_changed_before_anything_else(administrator, anna, enter, as_application):
    with as_application(administrator):
        password = users_of.renew_password(user=anna.user, by=administrator, now=None)
    client = Client()
    client.post(reverse("sign_in"), {"username": "anna", "password": password})
    assert client.get(reverse("home"))["Location"] == reverse("own_account")
    with as_application(None, token=client.session.session_key) as cursor:
        cursor.execute("select app_user()")
        assert cursor.fetchone() == (anna.user.pk,)
        cursor.execute("select * from app_session()")
        assert cursor.fetchone() is None
    assert change(client, current=password).status_code == 302
    assert client.get(reverse("home"))["Location"] != reverse("own_account")


def test_nobody_sets_the_password_of_another(anna, bruno, as_application):
    before = bruno.user.password
    with as_application(anna) as cursor:
        cursor.execute("select set_own_password('x')")
        cursor.execute("update access_user set password = 'y' where id = %s", [bruno.user.pk])
        assert cursor.rowcount == 0
    bruno.user.refresh_from_db()
    assert bruno.user.password == before
    anna.user.refresh_from_db()
    assert anna.user.password == "x"
