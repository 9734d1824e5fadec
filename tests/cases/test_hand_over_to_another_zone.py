"""Anna's zone proposes a person to Bruno's, who takes over or not; neither reads the other's file."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.draft import Draft
from accanto.access.log import Act
from accanto.access.subject import Subject
from accanto.cases.case import Case
from accanto.cases.transfer import CaseTransfer
from accanto.people import person as people
from accanto.people import registry
from accanto.people.person import Person
from tests import factories
from tests.cases.scene import Worker

CODE = "RSSMRA80A41D612C"


@pytest.fixture
def here(enter, anna):
    return Worker(enter(anna))


@pytest.fixture
def there(enter, bruno):
    return Worker(enter(bruno))


@pytest.fixture
def case(mugello, anna):
    case = factories.person_in_charge(mugello, by=anna, given_name="Maria", family_name="Rossi")
    registry.record(person=case.person, by=anna, now=timezone.now(), fiscal_code=CODE)
    return case


def propose(here, case, zone, note="Sta per finire il tirocinio"):
    here.open(reverse("transfer_case", args=[case.pk])).submit("note", to=str(zone.pk), note=note, knows="on")
    return CaseTransfer.objects.get(side="sent", outcome=""), CaseTransfer.objects.get(side="received", outcome="")


def test_from_one_zone_to_the_other(here, there, case, versilia, bruno):
    sent, received = propose(here, case, versilia)
    assert "in attesa di risposta" in here.page
    assert "propone di passarvi Maria Rossi" in there.open(reverse("my_day")).page
    there.follow("Rispondi")
    assert "Sta per finire il tirocinio" in there.page
    there.submit("who", area="disability")
    mine = Case.objects.get(zone=versilia)
    assert (mine.person.given_name, mine.person.registry.fiscal_code) == ("Maria", CODE)
    assert mine.subject_id == received.subject_id != case.subject_id
    assert mine.manager == bruno.user
    sent.refresh_from_db()
    received.refresh_from_db()
    assert (sent.outcome, sent.case, received.outcome, received.case) == ("accepted", case, "accepted", mine)
    # the zone that proposed closes its own
    here.open(reverse("my_day")).follow("Chiudi il caso").submit("outcome", outcome="other")
    case.refresh_from_db()
    assert case.closing_reason == "moved"
    assert "il caso qui si chiude" not in here.open(reverse("my_day")).page


def test_neither_zone_reads_the_other_file(here, there, case, mugello, versilia, anna, bruno, as_application):
    propose(here, case, versilia)
    there.open(reverse("received_transfer", args=[CaseTransfer.objects.get(side="received").pk]))
    there.submit("who", area="disability")
    for acting, zone in ((anna, versilia), (bruno, mugello)):
        with as_application(acting) as cursor:
            for table in ("cases_casetransfer", "cases_case", "people_person", "people_registry", "cases_casearea"):
                cursor.execute(f"select count(*) from {table} where zone_id = %s", [zone.pk])
                assert cursor.fetchone()[0] == 0, table
    assert there.client.get(reverse("person", args=[case.subject_id])).status_code == 404
    assert here.client.get(reverse("person", args=[Case.objects.get(zone=versilia).subject_id])).status_code == 404
    operator = factories.user("operator", "employment_operator", zone=versilia)
    with as_application(operator) as cursor:
        cursor.execute("select count(*) from cases_casetransfer")  # the note is of the degree of the area
        assert cursor.fetchone()[0] == 0


def test_declined_with_a_reason_and_proposed_again(here, there, case, versilia, mugello):
    sent, received = propose(here, case, versilia)
    url = reverse("received_transfer", args=[received.pk])
    there.open(url).submit("reason", reason="not_enough")
    sent.refresh_from_db()
    assert (sent.outcome, sent.reason) == ("declined", "not_enough")
    assert "notizie di passaggio non bastano" in here.open(reverse("transfer_case", args=[case.pk])).page
    propose(here, case, versilia, note="Meglio di prima")
    assert not Case.objects.filter(zone=versilia).exists()
    # it is answered once
    for sent_again in ({"reason": "not_here"}, {"who": "new", "area": "disability"}):
        assert "già risposto" in there.client.post(url, sent_again, follow=True).content.decode()


def test_withdrawn_before_the_answer(here, there, case, versilia):
    sent, received = propose(here, case, versilia)
    here.client.post(reverse("withdraw_transfer", args=[sent.pk]))
    received.refresh_from_db()
    assert received.outcome == "withdrawn"
    assert "Maria" not in there.open(reverse("referrals") + "?show=transfers").page
    assert (
        "già risposto" in here.client.post(reverse("withdraw_transfer", args=[sent.pk]), follow=True).content.decode()
    )


def test_somebody_the_other_zone_knows_keeps_one_file_and_one_case(here, there, case, versilia, bruno):
    known = factories.person_in_charge(versilia, by=bruno, given_name="Maria", family_name="Rossi")
    registry.record(person=known.person, by=bruno, now=timezone.now(), fiscal_code=CODE)
    _sent, received = propose(here, case, versilia)
    there.open(reverse("received_transfer", args=[received.pk]))
    assert "stesso codice fiscale" in there.page
    there.submit("who", who="new", area="disability")
    assert "già di una persona della zona" in there.page
    received.refresh_from_db()
    assert received.outcome == ""  # nothing half-written
    there.open(reverse("received_transfer", args=[received.pk])).submit("who", area="disability")
    received.refresh_from_db()
    assert received.case == known
    assert Case.objects.filter(zone=versilia).count() == 1
    assert Person.objects.filter(zone=versilia).count() == 1


@pytest.mark.parametrize("typed", [
    {"note": ""},
    {"note": "x" * 5000}, {"note": "nul\x00la"}, {"knows": ""}, {"to": ""}, {"to": "9" * 300}, {"to": "x"},
])  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_written(here, case, versilia, typed):
    said = {"to": versilia.pk, "note": "prova", "knows": "on"} | typed
    assert here.client.post(reverse("transfer_case", args=[case.pk]), said).status_code == 200
    assert not CaseTransfer.objects.exists()


def test_not_to_its_own_zone_nor_twice(here, case, mugello, versilia):
    here.client.post(reverse("transfer_case", args=[case.pk]), {"to": mugello.pk, "note": "prova", "knows": "on"})
    assert not CaseTransfer.objects.exists()
    propose(here, case, versilia)
    here.client.post(reverse("transfer_case", args=[case.pk]), {"to": versilia.pk, "note": "prova", "knows": "on"})
    assert CaseTransfer.objects.count() == 2


@pytest.mark.parametrize("who", ["", "x", "9" * 40, "-1", "²", "nul\x00la"])
def test_nobody_else_can_be_chosen(here, there, case, versilia, who):
    _sent, received = propose(here, case, versilia)
    url = reverse("received_transfer", args=[received.pk])
    said = {"who": who, "area": "disability", "opened_on": timezone.localdate().isoformat()}
    assert there.client.post(url, said).status_code == 200
    assert not Case.objects.filter(zone=versilia).exists()


def refused(cursor, statement, values):
    try:
        with transaction.atomic():
            cursor.execute(statement, values)
            return cursor.rowcount == 0
    except DatabaseError:
        return True


def test_transfer_send_is_for_the_workers_of_the_case(here, case, anna, bruno, carla, tutor, versilia, as_application):
    send = "select transfer_send(%s, %s::smallint, 'prova')"
    operator = factories.user("operator", "employment_operator", zone=case.zone)
    before = Subject.objects.count()
    for acting in (None, bruno, carla, tutor, operator):
        with as_application(acting) as cursor:
            assert refused(cursor, send, [case.pk, versilia.pk])
    with as_application(anna) as cursor:
        assert refused(cursor, send, [case.pk, case.zone_id])
        assert refused(cursor, send, [0, versilia.pk])
        assert refused(
            cursor,
            "insert into cases_casetransfer (subject_id, zone_id, side) values (%s, %s, 'sent')",
            [case.subject_id, case.zone_id],
        )
    assert Subject.objects.count() == before


def test_transfer_answer_is_for_who_received_and_withdrawing_for_who_sent(
    here, case, anna, bruno, carla, versilia, as_application
):
    sent, received = propose(here, case, versilia)
    answer = "select transfer_answer(%s, %s, '')"
    elsewhere = factories.user("elsewhere", "social_worker", zone=factories.zone("lunigiana"))
    for acting, row, outcome in (
        (anna, sent, "accepted"), (anna, received, "accepted"), (anna, received, "withdrawn"),
        (bruno, sent, "withdrawn"),
        (bruno, received, "withdrawn"), (bruno, received, ""), (bruno, received, "x"), (carla, received, "accepted"),
        (elsewhere, received, "accepted"), (None, received, "accepted"),
    ):  # fmt: skip
        with as_application(acting) as cursor:
            assert refused(cursor, answer, [row.pk, outcome])
    assert set(CaseTransfer.objects.values_list("outcome", flat=True)) == {""}
    with as_application(bruno) as cursor:
        cursor.execute(answer, [received.pk, "accepted"])
        assert cursor.fetchone() == (True,)
        cursor.execute(answer, [received.pk, "accepted"])
        assert cursor.fetchone() == (False,)
    assert Act.objects.filter(verb="accepted", noun="casetransfer").count() == 2


def test_the_lists_ask_the_same_queries(here, there, anna, mugello, versilia, as_application, same_queries):
    def more(n=12):
        for k in range(n):
            now = timezone.now()
            person = people.register(zone_id=mugello.pk, given_name=f"Ida{k}", family_name="Prova", by=anna, now=now)
            case = Case.objects.create(
                subject=person.subject,
                zone=mugello,
                person=person,
                opened_on=timezone.localdate(now),
                manager=anna.user,
            )
            with as_application(anna) as cursor:
                cursor.execute("select transfer_send(%s, %s::smallint, 'prova')", [case.pk, versilia.pk])

    more(2)
    same_queries(lambda: there.client.get(reverse("referrals") + "?show=transfers"), more=more)
    same_queries(lambda: there.client.get(reverse("my_day")), more=more)


def test_what_is_written_for_the_other_zone_is_found_again(here, case, versilia):
    url, keep = reverse("transfer_case", args=[case.pk]), reverse("draft", args=["transfer_case", case.pk])
    assert here.client.post(keep, {"note": "Sentire il centro per l’impiego"}).status_code == 204
    assert "Sentire il centro" in here.open(url).page
    here.submit("note", to=str(versilia.pk), knows="on")
    assert CaseTransfer.objects.get(side="sent").note == "Sentire il centro per l’impiego"
    assert not Draft.objects.exists()
