"""Contacts under protection: in one table, for social workers, the health workers of the case and the person."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.draft import Draft
from accanto.access.log import Act, Reading
from accanto.access.relation import open_relation
from accanto.access.role import Kind
from accanto.access.subject import Subject
from accanto.cases import received_referral
from accanto.cases.case import Case
from accanto.cases.received_referral import ReceivedReferral
from accanto.cases.transfer import CaseTransfer
from accanto.documents.document import Document
from accanto.people import link, registry
from accanto.people import protected_address as protection
from accanto.people.person import Person
from accanto.people.protected_address import ProtectedAddress
from accanto.people.registry import Registry
from tests import factories

SECRETS = ("055 123", "ida@example.org", "Vicchio di prova", "Via del rifugio", "333 999", "passare dalla casa")
FORM = {
    "address": "Via del rifugio 1",
    "municipality": "Vicchio di prova",
    "phone": "333 999",
    "email": "",
    "safely": "passare dalla casa",
}


@pytest.fixture
def sealed(enter, anna, ida):
    answer = enter(anna).post(reverse("protected_address", args=[ida.subject_id]), FORM)
    assert answer.status_code == 302
    ida.refresh_from_db()
    return ida


@pytest.fixture
def others(sealed, anna, mugello, manager, operator, tutor):
    """All who may open the file in some part and not the address."""
    host = factories.user("host", Kind.HOST_TUTOR, organisation=factories.organisation("host", "Vivaio di prova"))
    advocate = factories.user("advocate", Kind.ADVOCATE)
    for acting in (tutor, host, advocate):
        open_relation(
            subject=sealed.subject, kind=acting.kind, user=acting.user, reason="prova", by=anna, now=timezone.now()
        )
    return [manager, operator, tutor, host, advocate]


def test_contacts_and_municipality_are_moved_and_not_copied(sealed):
    row = ProtectedAddress.objects.get()
    assert (row.phone, str(row.municipality), row.safely) == ("333 999", "Vicchio di prova", "passare dalla casa")
    assert (sealed.phone, sealed.email, sealed.contacts_sealed) == ("", "", True)
    assert Registry.objects.get(subject=sealed.subject).municipality is None


def test_postgresql_shows_the_others_no_row_and_no_column_with_them(sealed, others, as_application):
    for acting in others:
        with as_application(acting) as cursor:
            cursor.execute("select count(*) from people_protectedaddress")
            assert cursor.fetchone() == (0,), acting.kind
            for table in ("people_person", "people_registry", "access_relation", "people_searchkey"):
                cursor.execute(f"select coalesce(string_agg(t::text, ' '), '') from {table} t")
                text = cursor.fetchone()[0]
                assert not any(secret in text for secret in SECRETS), (acting.kind, table)


def test_those_it_is_for_read_it_in_postgresql(sealed, anna, own, as_application):
    health = factories.user(
        "health", Kind.HEALTH_WORKER, organisation=factories.organisation("health_authority", "Azienda di prova")
    )
    for acting, seen in ((anna, 1), (own, 1), (health, 0)):
        with as_application(acting) as cursor:
            cursor.execute("select count(*) from people_protectedaddress")
            assert cursor.fetchone() == (seen,), acting.kind
    open_relation(
        subject=sealed.subject, kind=Kind.HEALTH_WORKER, user=health.user, reason="prova", by=anna, now=timezone.now()
    )
    with as_application(health) as cursor:
        cursor.execute("select count(*) from people_protectedaddress")
        assert cursor.fetchone() == (1,)
        cursor.execute("update people_protectedaddress set ends = current_date")
        assert cursor.rowcount == 0


def test_no_page_list_or_search_gives_them_away(enter, sealed, others, manager, operator):
    for acting in others:
        client = enter(acting)
        pages = [client.get(reverse(name, args=[sealed.subject_id])) for name in ("person", "registry", "household")]
        pages += [client.get(reverse("people"), {"show": "zone"}), client.post(reverse("search"), {"q": "Prova Ida"})]
        pages += [client.get(reverse("who_can_see", args=[sealed.subject_id]))]
        pages += [client.get(reverse("invited_file", args=[sealed.subject_id])), client.get(reverse("my_day"))]
        for answer in pages:
            text = answer.content.decode().split('<datalist id="municipalities">')[0]
            assert not any(secret in text for secret in SECRETS), (acting.kind, answer.request["PATH_INFO"])
        assert client.get(reverse("protected_address", args=[sealed.subject_id])).status_code == 404


def test_the_others_are_told_that_it_is_closed_who_opens_it_and_why(enter, sealed, operator, manager):
    for acting in (operator, manager):
        client = enter(acting)
        page = client.get(reverse("person", args=[sealed.subject_id])).content.decode()
        assert "Comune e recapiti" in page
        assert "gli operatori sanitari del caso e la persona" in page
        assert "proteggono la persona" in page
        assert "comune riservato" in client.post(reverse("search"), {"q": "Prova Ida"}).content.decode()


def test_the_social_worker_and_the_person_read_them_on_their_page(enter, sealed, anna, own):
    for acting in (anna, own):
        page = enter(acting).get(reverse("protected_address", args=[sealed.subject_id])).content.decode()
        assert "Via del rifugio" in page
        assert "333 999" in page


def test_a_correction_of_the_registry_by_others_writes_no_contact_back(enter, sealed, manager):
    client, url = enter(manager), reverse("registry", args=[sealed.subject_id])
    page = client.get(url).content.decode()
    assert 'name="phone"' not in page
    assert 'name="municipality"' not in page
    sent = {"family_name": "Prova", "given_name": "Ida", "phone": "055 123", "municipality": "Vicchio di prova"}
    assert client.post(url, sent | {"language": "arabo"}).status_code == 302
    sealed.refresh_from_db()
    row = Registry.objects.get(subject=sealed.subject)
    assert (sealed.phone, row.municipality, row.language) == ("", None, "arabo")


def test_postgresql_refuses_to_write_them_where_others_read(sealed):
    for statement in (
        "update people_person set phone = '055 123'",
        "update people_registry set municipality_id = (select municipality_id from people_protectedaddress)",
    ):
        with pytest.raises(IntegrityError, match="elsewhere"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_registry_written_later_has_no_municipality_either(anna, mugello, make_person):
    person = make_person("Eva")
    Registry.objects.filter(subject=person.subject).delete()
    now, place = timezone.now(), factories.municipality(mugello, "Dicomano di prova")
    protection.seal(
        person=person, address="x", municipality=None, phone="", email="", safely="", on=timezone.localdate(),
        by=anna, now=now,
    )  # fmt: skip
    row = registry.record(person=person, municipality=place, by=anna, now=now)
    assert (row.municipality, row.municipality_sealed) == (None, True)


def test_the_logs_hold_none_of_them(enter, sealed, anna, others):
    client = enter(anna)
    client.post(reverse("protected_address", args=[sealed.subject_id]), FORM | {"phone": "333 888"})
    client.get(reverse("protected_address", args=[sealed.subject_id]))
    texts = [str(row.detail) for row in Act.objects.order_by("id")]
    texts += [str(row.detail) + row.page for row in Reading.objects.order_by("id")]
    assert not any(secret in text for secret in (*SECRETS, "333 888") for text in texts)
    story = enter(others[0]).get(reverse("person", args=[sealed.subject_id])).content.decode()
    assert "Resi riservati i recapiti" in story


def test_the_protection_ends_and_only_what_is_written_then_is_seen(enter, sealed, anna, operator):
    client = enter(anna)
    url = reverse("unseal_address", args=[sealed.subject_id])
    assert client.get(url).status_code == 200
    client.post(url, {"phone": "055 777", "municipality": "", "email": ""})
    person = Person.objects.get(pk=sealed.pk)
    assert (person.phone, person.contacts_sealed) == ("055 777", False)
    page = enter(operator).get(reverse("person", args=[sealed.subject_id])).content.decode()
    assert "055 777" in page
    assert not any(secret in page for secret in SECRETS)
    assert ProtectedAddress.objects.get().ends == timezone.localdate()
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("value", ["", "\x00", "x" * 20000, "🙂"])
def test_nonsense_is_refused_with_a_sentence(enter, anna, ida, value):
    client, url = enter(anna), reverse("protected_address", args=[ida.subject_id])
    assert client.post(url, dict.fromkeys(FORM, value)).status_code == 200
    assert not ProtectedAddress.objects.exists()


def test_what_others_wrote_before_shows_them_no_more(enter, anna, ida, manager, mugello):
    """The body that referred, the zone that handed over: their rows stay, and their pages say that it is protected."""
    now = timezone.now()
    subjects = [Subject.objects.create(zone=mugello, created_at=now) for _ in range(2)]
    referral = factories.received_referral(subjects[0], by=anna)
    received_referral.recognise(received=referral, person=ida, by=anna, now=now)
    transfer = factories.received_transfer(subjects[1], by=anna)
    ReceivedReferral.objects.update(phone="055 123", email="ida@example.org")
    case = Case.objects.get(subject=ida.subject)
    CaseTransfer.objects.update(
        phone="055 123", email="ida@example.org", case=case, outcome="accepted", answered_on=timezone.localdate()
    )
    pages = [
        reverse("received_referral", args=[referral.pk]),
        reverse("referral", args=[referral.triage.referral_id]),
        reverse("received_transfer", args=[transfer.pk]),
    ]
    for url in pages:
        assert "055 123" in enter(manager).get(url).content.decode()
    enter(anna).post(reverse("protected_address", args=[ida.subject_id]), FORM)
    for url in pages:
        for acting in (manager, anna):
            page = enter(acting).get(url).content.decode()
            assert "riservati" in page
            assert not any(secret in page for secret in SECRETS), url


def test_no_draft_keeps_them(enter, anna, ida, manager):
    keep = reverse("draft", args=["registry", ida.subject_id])
    enter(anna).post(keep, {"phone": "055 123"})
    enter(anna).post(reverse("protected_address", args=[ida.subject_id]), FORM)
    assert not Draft.objects.exists()
    # a page opened before, which goes on saving what is on it
    typed = {"phone": "055 123", "email": "ida@example.org", "municipality": "Vicchio di prova", "language": "arabo"}
    assert enter(manager).post(keep, typed).status_code == 204
    assert Draft.objects.get().typed == {"language": ["arabo"]}


def test_the_other_file_of_the_same_person_is_sealed_too(enter, anna, ida, make_person, manager):
    other = make_person("Ida")
    Person.objects.filter(pk=other.pk).update(phone="055 123", email="ida@example.org")
    Registry.objects.filter(person=other).update(municipality=ida.registry.municipality)
    link.tie(person=ida, other=other, first=ida, reason="visto il documento", by=anna, now=timezone.now())
    enter(anna).post(reverse("protected_address", args=[ida.subject_id]), FORM)
    other.refresh_from_db()
    assert (other.phone, other.email, other.contacts_sealed) == ("", "", True)
    row = ProtectedAddress.objects.get(subject=other.subject)
    assert (row.phone, row.email, str(row.municipality)) == ("055 123", "ida@example.org", "Vicchio di prova")
    page = enter(manager).get(reverse("side_by_side", args=[ida.subject_id, other.subject_id])).content.decode()
    assert not any(secret in page for secret in SECRETS)


def test_a_file_tied_to_one_under_protection_is_sealed_by_who_may(enter, anna, sealed, make_person, manager):
    other = make_person("Ida")
    Person.objects.filter(pk=other.pk).update(phone="055 123", email="ida@example.org")
    url = reverse("side_by_side", args=[other.subject_id, sealed.subject_id])
    said = {"do": "tie", "reason": "visto il documento", "first": str(sealed.subject_id)}
    refused = enter(manager).post(url, said)
    assert refused.status_code == 422
    assert "le collega un assistente sociale" in refused.content.decode()
    assert not link.linked_to(other).exists()
    kept = factories.received_transfer(other.subject, by=anna)
    CaseTransfer.objects.filter(pk=kept.pk).update(phone="055 123")
    assert enter(anna).post(url, said).status_code == 302
    other.refresh_from_db()
    assert (other.phone, other.contacts_sealed) == ("", True)
    kept.refresh_from_db()
    assert kept.phone == ""  # what was written before forgets too, whichever page seals
    assert ProtectedAddress.objects.get(subject=other.subject).phone == "055 123"


def test_papers_that_may_say_where_they_live_are_moved_in_one_press(enter, anna, ida, manager, as_application):
    case = Case.objects.get(subject=ida.subject)
    papers = [factories.document(case, by=anna, degree=degree) for degree in ("contact", "registry")]
    other = factories.document(case, by=anna, degree="plan")
    client, page = enter(anna), reverse("protected_address", args=[ida.subject_id])
    url = reverse("protect_documents", args=[ida.subject_id])
    assert client.post(url).status_code == 404  # not sealed
    client.post(page, FORM)
    shown = client.get(page).content.decode()
    assert all(f'id="paper-{row.pk}"' in shown for row in papers)
    assert f'id="paper-{other.pk}"' not in shown
    assert enter(manager).post(url, {"paper": [papers[0].pk]}).status_code == 404
    client.post(url, {"paper": ["x", "", str(other.pk), *(str(row.pk) for row in papers)]})
    found = dict(Document.objects.values_list("pk", "degree"))
    assert found == {papers[0].pk: "protected", papers[1].pk: "protected", other.pk: "plan"}
    with as_application(manager) as cursor:
        for table, column in (("documents_document", "id"), ("documents_content", "document_id")):
            cursor.execute(f"select {column} from {table}")
            assert cursor.fetchall() == [(other.pk,)]
    assert "Documenti che possono dire" not in client.get(page).content.decode()
    assert "Nessun documento spostato" in client.post(url, follow=True).content.decode()
    assert Act.objects.filter(verb="protect", noun="document").count() == 2


def test_postgresql_moves_papers_for_who_protects_only(anna, ida, manager, bruno, tutor, as_application):
    row = factories.document(Case.objects.get(subject=ida.subject), by=anna, degree="contact")
    for acting in (manager, bruno, tutor):
        with pytest.raises(ProgrammingError), as_application(acting) as cursor:
            cursor.execute("select documents_protect(%s, %s)", [ida.subject_id, [row.pk]])
    assert Document.objects.get().degree == "contact"
