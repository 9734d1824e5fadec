"""Somebody registered twice, or known to two zones: found, tied without losing anything, untied; and the question from
one service to another."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access import log
from accanto.access.log import Act
from accanto.access.role import Kind
from accanto.indicators import figure
from accanto.indicators.catalogue import OF_PERSONS
from accanto.people import duplicate, enquiry, link, protected_address, registry
from accanto.people import person as people
from accanto.people.enquiry import Enquiry
from accanto.people.link import Link
from tests import factories

CODE = "PRVDRA90E03D612Y"
OMOCODE = "PRVDRA90E03D61NN"
BORN = dt.date(1990, 5, 3)


def somebody(by, *, given="Dario", family="Prova", code="", born=None):
    now = timezone.now()
    person = people.register(zone_id=by.zone_id, given_name=given, family_name=family, by=by, now=now)
    registry.record(person=person, by=by, now=now, fiscal_code=code, birth_date=born)
    return person


def tied(one, other, by, first=None):
    link.tie(person=one, other=other, first=first or one, reason="stessa persona", by=by, now=timezone.now())


# --- in the zone -----------------------------------------------------------------------------------------------------


def test_the_queue_has_the_likeliest_first_and_no_strangers(anna, bruno, as_application):
    one, other = somebody(anna, code=CODE), somebody(anna, family="Provva", code=OMOCODE)
    third = somebody(anna, family="Bianchi", given="Ugo", born=dt.date(1980, 1, 2))
    fourth = somebody(anna, family="Bianchi", given="Ugo", born=dt.date(1980, 2, 1))
    somebody(anna, family="Bianchi", given="Ada", born=dt.date(1980, 1, 2))
    somebody(bruno, family="Bianchi", given="Ugo", born=dt.date(1980, 1, 2))
    with as_application(anna):
        found = duplicate.queue(anna.zone_id)
        assert [(pair.one, pair.other, pair.why) for pair in found] == [
            (one.subject_id, other.subject_id, "code"), (third.subject_id, fourth.subject_id, "name"),
        ]  # fmt: skip
        assert len(duplicate.queue(anna.zone_id, most=1)) == 1
    with as_application(bruno):
        assert duplicate.queue(anna.zone_id) == []


def test_what_was_said_of_a_pair_is_remembered(anna, as_application):
    one, other = somebody(anna, born=BORN), somebody(anna, born=BORN)
    third = somebody(anna, family="Prova", given="Dario")
    with as_application(anna):
        assert len(duplicate.queue(anna.zone_id)) == 3
        duplicate.compare(person=other, other=one, verdict="later", by=anna, now=timezone.now())
        pairs = duplicate.queue(anna.zone_id)
        assert (pairs[-1].one, pairs[-1].later) == (one.subject_id, True)
        duplicate.compare(person=one, other=other, verdict="different", by=anna, now=timezone.now())
        tied(one, third, anna)
        assert [(p.one, p.other) for p in duplicate.queue(anna.zone_id)] == [(other.subject_id, third.subject_id)]


def test_two_files_are_tied_and_untied_and_nothing_is_lost(anna, as_application):
    one, other = somebody(anna, born=BORN), somebody(anna, born=BORN, code=CODE)
    with as_application(anna):
        tied(one, other, anna, first=other)
        assert [row.subject_id for row in link.linked_to(one)] == [other.subject_id]
        assert Link.objects.live().get(shown_first=True).subject_id == other.subject_id
        link.show_first(person=one, by=anna, now=timezone.now())
        assert Link.objects.live().get(shown_first=True).subject_id == one.subject_id
        link.untie(person=other, reason="fratelli gemelli", by=anna, now=timezone.now())
        assert not link.linked_to(one)
        assert not Link.objects.live()
        assert set(Link.objects.values_list("ended_reason", flat=True)) == {"fratelli gemelli"}
        assert {act["verb"] for act in log.acts_on(one.subject_id)} >= {"link", "show_first", "unlink"}
    assert registry.Registry.objects.get(subject=other.subject).fiscal_code == CODE


def test_three_files_become_one_and_one_leaves(anna, as_application):
    a, b, c, d = (somebody(anna) for _n in range(4))
    with as_application(anna):
        tied(a, b, anna)
        tied(c, d, anna)
        tied(a, c, anna)
        assert Link.objects.live().values("cluster").distinct().count() == 1
        assert Link.objects.live().count() == 4
        link.untie(person=a, reason="x", by=anna, now=timezone.now())
        assert Link.objects.live().count() == 3
        assert Link.objects.live().filter(shown_first=True).count() == 1


def test_files_of_two_zones_are_not_tied_by_hand(anna, bruno, as_application):
    mine, theirs = somebody(anna), somebody(bruno)
    with as_application(anna):
        with pytest.raises(link.NotTiedError):
            tied(mine, theirs, anna)
        with pytest.raises(link.NotTiedError):
            tied(mine, mine, anna)
        with pytest.raises(DatabaseError), transaction.atomic():
            Link.objects.create(
                subject_id=theirs.subject_id, zone_id=bruno.zone_id, cluster=-5, reason="x",
                recorded_at=timezone.now(), recorded_by=anna.user,
            )  # fmt: skip


def counted(code, zone):
    today, now = timezone.localdate(), timezone.now()
    indicator = OF_PERSONS[code]
    zones = figure.by_zone([indicator], day=today, now=now)[code].zones
    cells = figure.broken_down(indicator, day=today, now=now).cells
    month = today.replace(day=1)
    months = figure.by_month(indicator, first=month, last=today, now=now)
    return (
        zones[zone].people, sum(cell.people for cell in cells["sex"].values()), months[month][zone].people,
    )  # fmt: skip


def test_people_are_counted_and_not_their_files(anna, mugello):
    cases = [factories.person_in_charge(mugello, by=anna) for _n in range(3)]
    assert counted("people_in_charge", mugello.pk) == (3, 3, 3)
    before = timezone.now()
    tied(cases[0].person, cases[1].person, anna)
    assert counted("people_in_charge", mugello.pk) == (2, 2, 2)
    as_known = figure.by_zone([OF_PERSONS["people_in_charge"]], day=timezone.localdate(), now=before)
    assert as_known["people_in_charge"].zones[mugello.pk].people == 3, "the figure as it was known does not move"
    link.untie(person=cases[0].person, reason="no", by=anna, now=timezone.now())
    assert counted("people_in_charge", mugello.pk) == (3, 3, 3)


# --- in other zones --------------------------------------------------------------------------------------------------


def test_people_known_elsewhere_answers_the_zone_and_nothing_else(anna, bruno, as_application):
    theirs = somebody(bruno, code=CODE)
    with as_application(anna) as cursor:
        cursor.execute("select * from people_known_elsewhere(%s)", [CODE])
        assert [column.name for column in cursor.description] == ["refused", "zone_id"]
        assert cursor.fetchall() == [(False, bruno.zone_id)]
        for other in ("PRVDRA90E03D612", "PRVDRA90E03D61%", OMOCODE, "", "PRVDRA90E03D612Y' or true --"):
            assert enquiry.known_elsewhere(other) == []
    told = Act.objects.get(verb="look_elsewhere", subject_id=theirs.subject_id)
    assert (told.user_id, told.zone_id, told.detail) == (anna.user.pk, bruno.zone_id, {"told": True})


def test_who_is_known_only_here_is_not_told(anna, as_application):
    somebody(anna, code=CODE)
    with as_application(anna):
        assert enquiry.known_elsewhere(CODE) == []
    assert Act.objects.get(verb="look_elsewhere").subject_id is None


@pytest.mark.parametrize("kind", [Kind.EMPLOYMENT_OPERATOR, Kind.ZONE_PLANNER, Kind.REGIONAL_OFFICER, Kind.PERSON])
def test_only_who_registers_people_may_ask(kind, bruno, mugello, as_application):
    somebody(bruno, code=CODE)
    zone = None if kind in (Kind.REGIONAL_OFFICER, Kind.PERSON) else mugello
    curious, refused = (
        factories.user("curious", kind, zone=zone),
        pytest.raises(DatabaseError, match="only who registers"),
    )
    with as_application(curious), refused, transaction.atomic():
        enquiry.known_elsewhere(CODE)
    with as_application(None), pytest.raises(DatabaseError), transaction.atomic():
        enquiry.known_elsewhere(CODE)


def test_nobody_asks_for_ever(anna, bruno, as_application, protector):
    somebody(bruno, code=CODE)
    for n in range(enquiry.AN_HOUR):
        Act.objects.create(
            at=timezone.now() - dt.timedelta(minutes=n + 1), user_id=anna.user.pk, role_id=anna.role.pk,
            verb="look_elsewhere", noun="person",
        )  # fmt: skip
    with as_application(anna), pytest.raises(enquiry.TooManyError):
        enquiry.known_elsewhere(CODE)
    with as_application(anna):
        assert enquiry.who_asked(since=timezone.now() - dt.timedelta(days=1)) == []
    with as_application(protector) as cursor:
        cursor.execute("select * from who_asked_elsewhere(%s)", [timezone.now() - dt.timedelta(days=1)])
        assert cursor.fetchall() == [("Anna", "", enquiry.AN_HOUR, 0, 1)]


def test_a_protected_person_is_never_told_of(anna, bruno, as_application):
    theirs = somebody(bruno, code=CODE)
    protected_address.seal(
        person=theirs, address="x", municipality=None, phone="", email="", safely="", on=timezone.localdate(), by=bruno,
        now=timezone.now(),
    )  # fmt: skip
    with as_application(anna):
        assert enquiry.known_elsewhere(CODE) == []
        mine = somebody(anna, code=CODE)
        assert enquiry.ask(person=mine, why="prova", by=anna, now=timezone.now()) == 0
    assert Act.objects.filter(verb="look_elsewhere", subject_id=theirs.subject_id).count() == 2


@pytest.fixture
def asked(anna, bruno, as_application):
    mine, theirs = somebody(anna, code=CODE), somebody(bruno, code=CODE, given="Dario Ugo")
    with as_application(anna):
        assert enquiry.ask(person=mine, why="si è trasferito", by=anna, now=timezone.now()) == 1
    return mine, theirs


def test_enquiry_ask_and_enquiry_answer_tie_the_two_files(asked, anna, bruno, as_application):
    mine, theirs = asked
    with as_application(anna) as cursor:
        assert enquiry.ask(person=mine, why="di nuovo", by=anna, now=timezone.now()) == 0, "one question is enough"
        assert Enquiry.objects.get().side == "sent"
        with pytest.raises(DatabaseError, match="not to be answered here"), transaction.atomic():
            cursor.execute("select enquiry_answer(%s, 'yes', current_date)", [Enquiry.objects.get().pk])
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("select enquiry_ask(%s, 'x')", [theirs.subject_id])
    with as_application(bruno) as cursor:
        waiting = Enquiry.objects.waiting().get()
        assert (waiting.subject_id, waiting.other_zone_id, waiting.why) == (
            theirs.subject_id, anna.zone_id, "si è trasferito",
        )  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("select enquiry_answer(%s, 'yes', null)", [waiting.pk])
        enquiry.answer(enquiry=waiting, answer="yes", agreed_on=timezone.localdate(), by=bruno, now=timezone.now())
        assert Link.objects.get().subject_id == theirs.subject_id
    with as_application(anna):
        news = Enquiry.objects.news().get()
        assert (news.answer, news.answered_by) == ("yes", bruno.user)
        assert Link.objects.get().subject_id == mine.subject_id
        enquiry.read(enquiry=news, by=anna, now=timezone.now())
        assert not Enquiry.objects.news()
    assert Link.objects.values("cluster").distinct().count() == 1
    assert all(row.across and row.shown_first for row in Link.objects.all())


def test_a_no_ties_nothing(asked, bruno, as_application):
    with as_application(bruno):
        waiting = Enquiry.objects.waiting().get()
        enquiry.answer(enquiry=waiting, answer="no", agreed_on=None, by=bruno, now=timezone.now())
    assert not Link.objects.exists()
    assert set(Enquiry.objects.values_list("answer", flat=True)) == {"no"}


def test_nobody_writes_a_question_by_hand(asked, anna, as_application):
    mine, _theirs = asked
    with as_application(anna) as cursor:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Enquiry.objects.create(
                subject_id=mine.subject_id, zone_id=anna.zone_id, key="0" * 32, side="sent", other_zone_id=anna.zone_id,
                why="x", asked_at=timezone.now(), asked_by=anna.user,
            )  # fmt: skip
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute("update people_enquiry set answer = 'yes'")


# --- the pages -------------------------------------------------------------------------------------------------------

TYPED = {
    "family_name": "Prova", "given_name": "Dario", "fiscal_code": "", "birth_date": "1990-05-03", "channel": "school",
    "need": "prova", "received_on": "2024-01-10",
}  # fmt: skip


def test_who_is_already_in_the_zone_is_shown_while_one_types(enter, anna, bruno):
    known, other = somebody(anna, born=BORN), somebody(anna, given="Daria", born=dt.date(1950, 1, 1))
    somebody(bruno, born=BORN)
    page = enter(anna).post(reverse("same_person"), TYPED).content.decode()
    assert reverse("person", args=[known.subject_id]) in page
    assert reverse("person", args=[other.subject_id]) not in page, "born on another day"
    assert 'name="different"' in page
    assert page.count("<li>") == 1
    assert "<li>" not in enter(bruno).post(reverse("same_person"), TYPED | {"given_name": "Zeno"}).content.decode()


def test_a_second_file_of_the_same_person_is_not_written_by_mistake(enter, anna):
    known = somebody(anna, born=BORN)
    client = enter(anna)
    answer = client.post(reverse("new_referral"), TYPED)
    assert answer.status_code == 200
    assert "Forse è già nella zona" in answer.content.decode()
    assert people.Person.objects.get() == known
    answer = client.post(reverse("new_referral"), TYPED | {"different": "on"})
    assert answer.status_code == 302
    assert people.Person.objects.count() == 2
    assert duplicate.Comparison.objects.get().verdict == "different"
    assert "Nessun possibile doppione" in client.get(reverse("duplicates")).content.decode()


def test_from_the_list_of_doubles_to_two_files_tied(enter, anna):
    one, other = somebody(anna, born=BORN), somebody(anna, born=BORN)
    client = enter(anna)
    address = reverse("side_by_side", args=[one.subject_id, other.subject_id])
    assert address in client.get(reverse("duplicates")).content.decode()
    client.post(reverse("duplicates"), {"one": one.subject_id, "other": other.subject_id, "verdict": "later"})
    assert "già rimandata" in client.get(reverse("duplicates")).content.decode()
    assert client.post(address, {"do": "tie", "reason": "", "first": "x"}).status_code == 422
    client.post(address, {"do": "tie", "reason": "visto il documento", "first": other.subject_id})
    page = client.get(address).content.decode()
    assert "Sono collegate" in page
    assert "visto il documento" in page
    file = client.get(reverse("person", args=[one.subject_id])).content.decode()
    assert "Schede collegate" in file
    assert "si legge prima quella" in file
    client.post(address, {"do": "first", "first": one.subject_id})
    assert Link.objects.live().get(shown_first=True).subject_id == one.subject_id
    client.post(address, {"do": "untie", "reason": "gemelli"})
    assert not Link.objects.live()


def test_one_service_asks_another_and_reads_the_answer(enter, anna, bruno, protector):
    mine, theirs = somebody(anna, code=CODE), somebody(bruno, code=CODE)
    asking, answering = enter(anna), enter(bruno)
    said = asking.post(reverse("known_elsewhere"), {"fiscal_code": CODE}).content.decode()
    assert "Già nota al servizio di Versilia" in said
    assert str(theirs.subject_id) not in said.replace(CODE, "")
    page = reverse("enquiries", args=[mine.subject_id])
    asking.post(page, {"do": "ask", "why": "si è trasferito qui"})
    assert "Versilia" in asking.get(page).content.decode()
    day = answering.get(reverse("my_day")).content.decode()
    assert "chiede di una persona" in day
    its = reverse("enquiries", args=[theirs.subject_id])
    assert its in day
    row = Enquiry.objects.waiting().get()
    answer = answering.post(its, {"do": "answer", "enquiry": row.pk, "answer": "yes", "agreed_on": ""})
    assert answer.status_code == 422
    assert "da quando la persona è d’accordo" in answer.content.decode()
    answering.post(its, {"do": "answer", "enquiry": row.pk, "answer": "yes", "agreed_on": "2024-01-10"})
    assert "ha risposto" in asking.get(reverse("my_day")).content.decode()
    assert "Bruno" in asking.get(page).content.decode()
    asking.post(page, {"do": "read", "enquiry": Enquiry.objects.news().get().pk})
    assert "ha risposto" not in asking.get(reverse("my_day")).content.decode()
    assert asking.get(its).status_code == 404
    log_page = enter(protector).get(reverse("log")).content.decode()
    assert 'id="askings"' in log_page
    assert "Anna" in log_page


def test_the_pages_ask_the_same_queries_for_many(enter, anna, same_queries):
    somebody(anna, born=BORN), somebody(anna, born=BORN)
    client = enter(anna)

    def more():
        for _n in range(4):
            somebody(anna, born=BORN)

    same_queries(lambda: client.get(reverse("duplicates")), more=more)


@pytest.mark.parametrize("text", ["", "nul\x00la", "x" * 5000, "9" * 30, "%", "'; drop table"])
def test_odd_words_change_nothing(enter, anna, text):
    one, other = somebody(anna, born=BORN), somebody(anna, born=BORN)
    client = enter(anna)
    for name in ("same_person", "known_elsewhere"):
        sent = dict.fromkeys(("family_name", "given_name", "birth_date", "fiscal_code"), text)
        assert client.post(reverse(name), sent).status_code == 200
    for sent in ({"one": text, "other": other.subject_id, "verdict": "later"}, {"one": one.subject_id, "other": text}):
        assert client.post(reverse("duplicates"), sent).status_code == 404
    for name, args in (("side_by_side", [one.subject_id, other.subject_id]), ("enquiries", [one.subject_id])):
        for do in ("tie", "untie", "first", "answer", "read", "ask", text):
            sent = {"do": do, "reason": text, "first": text, "enquiry": text, "answer": text, "why": text}
            assert client.post(reverse(name, args=args), sent).status_code in (302, 200, 404, 422)
    assert not Link.objects.exists()
