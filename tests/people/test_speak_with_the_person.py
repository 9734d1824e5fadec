"""Language, preferences, permit; and what the person was told."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.people import registry
from accanto.people.privacy_notice import PrivacyNotice, Topic
from accanto.people.registry import Registry

TODAY = timezone.localdate()
FORM = {
    "family_name": "Prova",
    "given_name": "Ida",
    "citizenship": "Marocco",
    "permit": "work",
    "permit_expires_on": (TODAY + dt.timedelta(days=30)).isoformat(),
    "contact_how": "message",
    "contact_note": "mai la sera",
    "language": "arabo",
    "needs_mediation": "on",
}


def test_how_to_speak_with_them_stands_in_the_file(enter, anna, ida):
    client = enter(anna)
    client.post(reverse("registry", args=[ida.subject_id]), FORM)
    page = client.get(reverse("person", args=[ida.subject_id])).content.decode()
    for words in ("arabo", "serve un mediatore", "mai la sera", "con un messaggio", "Marocco", "lavoro o attesa"):
        assert words in page


def test_a_permit_is_told_before_it_expires_and_until_it_is_renewed(enter, anna, ida):
    client = enter(anna)
    for days, told in ((90, False), (30, True), (-5, True)):
        registry.record(
            person=ida, birth_date=dt.date(1985, 3, 2), permit="work", citizenship="Marocco",
            permit_expires_on=TODAY + dt.timedelta(days=days), by=anna, now=timezone.now(),
        )  # fmt: skip
        assert ("Scade il titolo di soggiorno" in client.get(reverse("my_day")).content.decode()) is told, days


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"permit": ""}, "scegli di quale titolo"),
        ({"permit": "none"}, "scegli di quale titolo"),
        ({"permit_expires_on": "9999-12-31"}, "troppo lontano"),
        ({"language": "nul\x00la"}, ""),
        ({"contact_note": "x" * 5000}, ""),
    ],
)
def test_what_cannot_be_is_said(enter, anna, ida, change, said):
    answer = enter(anna).post(reverse("registry", args=[ida.subject_id]), FORM | change)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert Registry.objects.get().language == ""


def test_what_is_still_to_tell_is_proposed_and_told_with_one_press(enter, anna, ida):
    client, url = enter(anna), reverse("privacy_notice", args=[ida.subject_id])
    page = client.get(url).content.decode()
    assert "Mancano 7 cose" in page
    assert "non si chiede il consenso" in page
    assert "R-GDPR-01" in page
    assert "manca l’informativa privacy" in client.get(reverse("person", args=[ida.subject_id])).content.decode()
    client.post(url, {"topics": ["privacy", "life_plan"], "how": "plain", "told_on": TODAY.isoformat()})
    client.post(url, {"topics": ["privacy"], "how": "spoken", "told_on": TODAY.isoformat()})
    assert PrivacyNotice.objects.standing().get(topic=Topic.PRIVACY).how == "spoken"
    assert PrivacyNotice.objects.count() == 3
    assert "Mancano 5 cose" in client.get(url).content.decode()


def test_who_needs_a_mediator_is_told_with_one(enter, anna, ida):
    registry.record(person=ida, needs_mediation=True, by=anna, now=timezone.now())
    page = enter(anna).get(reverse("privacy_notice", args=[ida.subject_id])).content.decode()
    assert "Serve un mediatore" in page


def test_the_person_reads_what_they_were_told(enter, own, ida):
    client, url = enter(own), reverse("privacy_notice", args=[ida.subject_id])
    assert "Nessuno deve chiederti il consenso" in client.get(url).content.decode()
    assert client.post(url, {"topics": ["privacy"]}).status_code == 404


@pytest.mark.parametrize("value", ["", "\x00", "x" * 20000, "9999-12-31"])
def test_nonsense_writes_nothing(enter, anna, ida, value):
    answer = enter(anna).post(reverse("privacy_notice", args=[ida.subject_id]), dict.fromkeys(("topics", "how"), value))
    assert answer.status_code == 200
    assert not PrivacyNotice.objects.exists()
