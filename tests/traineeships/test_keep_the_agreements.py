"""The agreements of a zone and of a host: who has still to sign, which end soon, how many places are used."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.access.role import Kind
from accanto.traineeships import signing
from accanto.traineeships.agreement import AGREEMENT_PARTIES
from accanto.traineeships.host import Host
from accanto.traineeships.traineeship import Traineeship
from tests import factories


@pytest.fixture
def host(mugello):
    body = factories.organisation("host", "Vivaio di prova")
    return Host.objects.create(organisation=body, municipality=factories.municipality(mugello))


@pytest.fixture
def at_signature(mugello, anna, tutor):
    """A draft agreement that waits for three parties."""

    def make(name="Forno di prova"):
        row = factories.traineeship(factories.person_in_charge(mugello, by=anna), tutor=tutor, by=anna, host=name)
        body = factories.organisation("health_authority", "Azienda sanitaria di prova")
        Traineeship.objects.filter(pk=row.pk).update(promoter=tutor.role.organisation, state="plan_signed")
        row.refresh_from_db()
        now = timezone.now()
        draft = signing.draft_agreement(
            traineeship=row, body_in_charge=body, valid_from=row.starts, valid_to=None, places=2, reference="", by=anna,
            now=now,
        )  # fmt: skip
        signatories = [{"party": party.value, "name": f"Firma {party}"} for party in AGREEMENT_PARTIES]
        return signing.begin(
            agreement=draft, title="Convenzione", document=b"%PDF-1.4 prova", signatories=signatories, by=anna, now=now
        )

    return make


def test_every_agreement_says_its_word_and_what_to_do(
    enter, anna, bruno, mugello, versilia, host, tutor, today, at_signature
):
    one = at_signature()
    draft = factories.agreement(host, mugello, signed_on=None, reference="BOZZA")
    ending = factories.agreement(host, mugello, reference="FRA POCO", valid_to=today + dt.timedelta(days=9), places=1)
    factories.agreement(host, mugello, reference="FINITA", valid_to=today - dt.timedelta(days=1))
    mine = factories.traineeship(factories.person_in_charge(mugello, by=anna), tutor=tutor, by=anna)
    theirs = factories.traineeship(factories.person_in_charge(versilia, by=bruno, family_name="Altrove"), tutor=tutor,
                                   by=bruno)  # fmt: skip
    Traineeship.objects.filter(pk__in=[mine.pk, theirs.pk]).update(agreement=ending)
    client, page = enter(anna), reverse("agreements")
    text = client.get(page).content.decode()  # first those that wait for somebody
    assert "manca la firma di: soggetto promotore, soggetto ospitante, ente che ha in carico la persona" in text
    assert reverse("signature_round", args=[one.round_id]) in text
    seen = {show: client.get(page, {"show": show}).content.decode() for show in ("draft", "force", "expiring", "over")}
    assert "non ne raccoglie le firme" in seen["draft"]
    assert "scade fra 9 giorni" in seen["expiring"]
    assert "2 su 1" in seen["force"]
    assert "FINITA" in seen["over"]
    assert "FINITA" not in seen["force"]
    text = client.get(reverse("agreement", args=[ending.pk])).content.decode()
    assert str(mine.person) in text
    assert "oltre la fine della convenzione" in text
    assert "Più 1 che non è della tua zona" in text
    assert "Altrove" not in text
    # of one host: also who works elsewhere sees them; of the zone: none of these is Bruno's but the one he stands on
    assert "BOZZA" in enter(bruno).get(page, {"host": host.pk, "show": "all"}).content.decode()
    text = enter(bruno).get(page, {"show": "all"}).content.decode()
    assert "FRA POCO" in text
    assert "BOZZA" not in text
    assert "firmata il" in client.get(reverse("traineeship", args=[mine.pk])).content.decode()
    # once the data change, the signatures are of another thing
    one.agreement.places = 3
    one.agreement.save()
    assert "le firme non valgono" in client.get(page).content.decode()
    assert draft.signed_on is None


def test_the_employment_centre_does_not_read_which_service_has_them_in_charge(enter, mugello, at_signature):
    one = at_signature()
    operator = factories.user("ottavia", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
    for url in (reverse("agreements") + "?show=all", reverse("agreement", args=[one.agreement_id])):
        text = enter(operator).get(url).content.decode()
        assert "Forno di prova" in text
        assert "Azienda sanitaria" not in text
        assert reverse("signature_round", args=[one.round_id]) not in text


def test_odd_addresses_and_empty_lists(enter, anna, host):
    client, page = enter(anna), reverse("agreements")
    assert "Nessuna convenzione qui" in client.get(page).content.decode()
    for odd in ({"show": "x"}, {"host": "0"}, {"host": "9" * 30}, {"host": "nul\x00la"}):
        assert client.get(page, odd).status_code == 404, odd
    assert client.get(page, {"host": host.pk, "after": "x"}).status_code == 200


def test_page_by_page_with_the_same_queries(enter, anna, mugello, host, at_signature, same_queries, monkeypatch):
    monkeypatch.setattr("accanto.web.agreements.PAGE", 3)
    rows = [factories.agreement(host, mugello, reference=f"Conv. {n}.") for n in range(4)]
    client, page = enter(anna), reverse("agreements")
    first = client.get(page).content.decode()
    assert "Conv. 2." in first
    assert "Conv. 3." not in first
    second = client.get(page, {"show": "force", "after": rows[2].pk}).content.decode()
    assert "Conv. 3." in second
    assert "Conv. 2." not in second
    at_signature("Forno 0")

    def more():
        for n in range(1, 3):
            at_signature(f"Forno {n}")

    same_queries(lambda: client.get(page, {"show": "signing"}), more=more)
