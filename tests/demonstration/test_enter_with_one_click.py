"""One click signs in only with the demonstration's mark, on the embedded server and from the machine itself."""

import stat

import pytest
from django.conf import settings
from django.urls import reverse

from accanto.access import demonstration
from accanto.access.installation import Installation

HERE = "127.0.0.1"


@pytest.fixture
def kept(anna, settings, tmp_path):
    """Anna is among the sign-ins, everything is as it must be."""
    settings.HOME, settings.EMBEDDED = tmp_path, True
    Installation.objects.update_or_create(pk=1, defaults={"demonstration": True})
    demonstration.keep([{"username": "anna", "password": "x", "name": "Anna", "role": "assistente sociale"}])


def test_the_roles_offered_are_in_the_reader_s_language(kept, client):
    demonstration.keep(
        [{"username": "a", "password": "x", "name": "A", "role": "x", "kinds": ["host_tutor"], "place": ""}]
    )
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(reverse("sign_in"), REMOTE_ADDR=HERE).content.decode()
    assert "A, host tutor" in page


def click(client, username="anna", address=HERE, **headers):
    return client.post(reverse("demonstration_sign_in"), {"username": username}, REMOTE_ADDR=address, **headers)


def offered(client, address=HERE, **headers):
    return 'value="anna"' in client.get(reverse("sign_in"), REMOTE_ADDR=address, **headers).content.decode()


def test_it_is_offered_and_it_signs_in(client, kept):
    assert offered(client)
    assert click(client).status_code == 302
    assert client.get(reverse("home")).status_code in (200, 302)


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", ""])
def test_from_another_address_nothing_is_offered_and_nothing_answers(client, kept, address):
    assert not offered(client, address)
    assert click(client, address=address).status_code == 404


def test_behind_a_proxy_neither(client, kept):
    forwarded = {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}
    assert not offered(client, **forwarded)
    assert click(client, **forwarded).status_code == 404


def test_without_the_mark_neither(client, kept):
    Installation.objects.update(demonstration=False)
    assert not offered(client)
    assert click(client).status_code == 404


def test_on_another_server_neither(client, kept, settings):
    settings.EMBEDDED = False
    assert not offered(client)
    assert click(client).status_code == 404


def test_only_those_of_the_list_can_be_clicked(client, kept, bruno):
    assert click(client, username="bruno").status_code == 404
    assert click(client, username="").status_code == 404


def test_the_passwords_are_kept_where_only_their_owner_reads(kept):
    file = settings.HOME / "demonstration-sign-ins.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert demonstration.kept()[0]["password"] == "x"
