"""A cooperative refers somebody; the zone says who they are and answers; the cooperative reads the outcome."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.access.relation import Relation
from accanto.access.role import Kind
from accanto.cases import received_referral
from accanto.cases.received_referral import ReceivedReferral, ReferralTriage
from accanto.cases.referral import Referral, ReferralOrigin, refer
from accanto.people import person as people
from accanto.people import registry
from accanto.people.person import Person
from accanto.web.printed import sent_outcome_data
from tests import factories
from tests.cases.scene import Worker

CODE = "RSSMRA80A41D612C"


@pytest.fixture
def coop(db):
    return factories.organisation("third_sector_body", "Cooperativa che segnala")


@pytest.fixture
def referrer(coop):
    return factories.user("referrer", Kind.REFERRER, organisation=coop)


@pytest.fixture
def worker(enter, anna):
    return Worker(enter(anna))


def send(client, to, /, **typed):
    said = {
        "zone": to.pk, "family_name": "Rossi", "given_name": "Maria", "fiscal_code": CODE, "phone": "055 123",
        "need": "Cerca lavoro da un anno", "followed": "yes", "agreement": "agrees",
    }  # fmt: skip
    return client.post(reverse("send_referral"), said | typed, follow=True)


def known_person(zone, by, given="Maria", family="Rossi", code=CODE):
    now = timezone.now()
    person = people.register(zone_id=zone.pk, given_name=given, family_name=family, by=by, now=now)
    registry.record(person=person, by=by, now=now, fiscal_code=code)
    return person


def test_the_day_of_a_referrer_begins_with_what_was_sent(enter, referrer):
    answer = enter(referrer).get(reverse("home"), follow=True)
    assert answer.request["PATH_INFO"] == reverse("sent_referrals")
    assert "non ha ancora segnalato nessuno" in answer.content.decode()


def test_from_the_cooperative_to_a_new_person_and_back(enter, referrer, worker, mugello):
    client = enter(referrer)
    page = send(client, mugello)
    assert "Segnalazione inviata" in page.content.decode()
    sent = ReceivedReferral.objects.get()
    assert not Person.objects.exists()
    assert "in attesa di risposta" in client.get(reverse("sent_referrals")).content.decode()

    worker.open(reverse("referrals")).follow("Rossi Maria")
    assert "Cerca lavoro da un anno" in worker.page
    worker.answer = worker.client.post(worker.url, {"do": "new"}, follow=True)
    person = Person.objects.get()
    assert (person.subject_id, person.registry.fiscal_code) == (sent.subject_id, CODE)
    assert worker.url == reverse("referral", args=[Referral.objects.get().pk])
    assert "Che cosa ha scritto Cooperativa che segnala" in worker.page
    worker.submit("reason", reason="already_followed")

    sent.refresh_from_db()
    assert (sent.outcome, sent.reason, sent.answered_on) == ("not_accepted", "not_suitable", timezone.localdate())
    told = client.get(reverse("referral_outcome", args=[sent.pk])).content.decode()
    assert "non è stata accolta" in told
    assert "già lo stesso lavoro" not in told  # the zone's own reason would say that the person was known


def test_a_second_press_of_the_button_sends_nothing_more(enter, referrer, mugello):
    client = enter(referrer)
    urls = {send(client, mugello, fiscal_code="").request["PATH_INFO"] for _press in range(2)}
    assert urls == {reverse("sent_referral", args=[ReceivedReferral.objects.get().pk])}
    send(client, mugello, fiscal_code="", need="Un'altra cosa")
    assert ReceivedReferral.objects.count() == 2


def test_a_person_taken_in_charge_is_an_accepted_referral(enter, referrer, worker, mugello):
    send(enter(referrer), mugello)
    sent = ReceivedReferral.objects.get()
    worker.client.post(reverse("received_referral", args=[sent.pk]), {"do": "new"})
    worker.open(reverse("take_charge", args=[sent.subject_id])).submit("area", area="disadvantage")
    sent.refresh_from_db()
    assert sent.outcome == "accepted"
    assert "accolta" in enter(referrer).get(reverse("referral_outcome", args=[sent.pk])).content.decode()


def test_it_is_a_person_the_zone_knows(enter, referrer, anna, worker, mugello):
    person = known_person(mugello, anna)
    send(enter(referrer), mugello)
    sent = ReceivedReferral.objects.get()
    worker.open(reverse("received_referral", args=[sent.pk]))
    assert "stesso codice fiscale" in worker.page
    worker.client.post(worker.url, {"do": "known", "subject": person.subject_id})
    referral = Referral.objects.get()
    assert referral.subject_id == person.subject_id != sent.subject_id
    assert ReferralOrigin.objects.get().need == "Cerca lavoro da un anno"
    assert Person.objects.count() == 1
    assert ReferralTriage.objects.get().new_person is False
    # the relation of the cooperative stays on the referral's own subject
    assert list(Relation.objects.filter(kind=Kind.REFERRER).values_list("subject_id", flat=True)) == [sent.subject_id]


def test_somebody_in_charge_already_is_an_accepted_referral_like_another(enter, referrer, anna, worker, mugello):
    case = factories.person_in_charge(mugello, by=anna)
    send(enter(referrer), mugello)
    sent = ReceivedReferral.objects.get()
    worker.client.post(
        reverse("received_referral", args=[sent.pk]), {"do": "known", "subject": case.subject_id}, follow=True
    )
    sent.refresh_from_db()
    assert (sent.outcome, sent.reason) == ("accepted", "")
    assert Referral.objects.get().outcome == "accepted"


def test_two_bodies_refer_the_same_person_and_both_read_the_answer(enter, referrer, worker, mugello):
    other = factories.user(
        "other_referrer", Kind.REFERRER, organisation=factories.organisation("municipality", "Comune di prova")
    )
    send(enter(referrer), mugello)
    send(enter(other), mugello, channel="social_service")
    first, second = ReceivedReferral.objects.order_by("id")
    worker.client.post(reverse("received_referral", args=[first.pk]), {"do": "new"})
    worker.open(reverse("received_referral", args=[second.pk]))
    worker.answer = worker.client.post(worker.url, {"do": "new"}, follow=True)
    assert "già di una persona della zona" in worker.page
    worker.client.post(worker.url, {"do": "known", "subject": first.subject_id})
    referral = Referral.objects.get()
    worker.open(reverse("referral", args=[referral.pk])).submit("reason", reason="declined")
    assert set(ReceivedReferral.objects.values_list("outcome", "reason")) == {("not_accepted", "declined")}
    assert enter(other).get(reverse("sent_referral", args=[first.pk])).status_code == 404


def test_declined_before_knowing_who_it_is(enter, referrer, worker, mugello):
    send(enter(referrer), mugello)
    sent = ReceivedReferral.objects.get()
    url = reverse("received_referral", args=[sent.pk])
    assert "Scegli" in worker.client.post(url, {"do": "decline"}).content.decode().replace("scegli", "Scegli")
    worker.client.post(url, {"do": "decline", "reason": "not_enough"})
    sent.refresh_from_db()
    assert (sent.outcome, sent.reason) == ("not_accepted", "not_enough")
    assert not Person.objects.exists()
    # and it is answered once
    assert "già stata smistata" in worker.client.post(url, {"do": "new"}, follow=True).content.decode()
    assert not Person.objects.exists()


def test_the_same_answer_whether_the_zone_knows_the_person_or_not(enter, referrer, anna, mugello, versilia):
    known_person(mugello, anna)
    client = enter(referrer)
    pages = []
    for zone in (mugello, versilia):
        page = send(client, zone).content.decode()
        pages.append(page.replace(zone.name, "").split("<main", 1)[1])
        assert "Segnalazione inviata" in page
    assert len({page.count("<li") for page in pages}) == 1
    told = client.post(reverse("fiscal_code"), {"fiscal_code": CODE}).content.decode()
    assert "Donna, nata il" in told
    assert "già nella zona" not in told


def test_who_refers_sees_their_row_and_nothing_else(enter, referrer, worker, mugello, as_application):
    send(enter(referrer), mugello)
    sent = ReceivedReferral.objects.get()
    worker.client.post(reverse("received_referral", args=[sent.pk]), {"do": "new"})
    worker.open(reverse("take_charge", args=[sent.subject_id])).submit("area", area="disadvantage")
    with as_application(referrer) as cursor:
        for table, count in {
            "cases_receivedreferral": 1, "cases_referraltriage": 0, "cases_referral": 0, "cases_referralorigin": 0,
            "people_person": 0, "people_registry": 0, "cases_case": 0, "cases_casearea": 0, "access_relation": 0,
            "access_subject": 0,
        }.items():  # fmt: skip
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone()[0] == count, table
        cursor.execute("update cases_receivedreferral set outcome = 'accepted'")
        assert cursor.rowcount == 0


SEND = "select referral_send(%s::smallint, 'school', 'Ugo', 'Prova', '', '', '', 'prova', null::date, 'yes', 'agrees')"


def test_referral_send_is_for_who_refers_for_a_body(anna, carla, tutor, mugello, referrer, as_application):
    for acting in (None, anna, carla, tutor, factories.user("loose", Kind.REFERRER)):
        with as_application(acting) as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(SEND, [mugello.pk])
    with as_application(referrer) as cursor:
        cursor.execute(SEND, [mugello.pk])
    sent = ReceivedReferral.objects.get()
    assert (sent.organisation, sent.sent_by, sent.zone) == (referrer.role.organisation, referrer.user, mugello)


def test_referral_send_stops_who_sends_too_many(enter, referrer, mugello, as_application):
    for _n in range(received_referral.MOST_IN_A_DAY):
        with as_application(referrer) as cursor:
            cursor.execute(SEND, [mugello.pk])
    page = send(enter(referrer), mugello).content.decode()
    assert "segnalazioni nelle ultime 24 ore" in page
    assert ReceivedReferral.objects.count() == received_referral.MOST_IN_A_DAY


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"zone": ""}, "obbligatorio"),
        ({"zone": "999999"}, "scelt"),
        ({"zone": "9" * 400}, "scelt"),
        ({"family_name": "nul\x00la"}, "null"),
        ({"fiscal_code": "RSSMRA80A41D612Q"}, "ultima lettera"),
        ({"fiscal_code": "", "phone": ""}, "Con il solo nome"),
        ({"birth_date": "31/12/2999"}, "dopo oggi"),
        ({"need": "x" * 5000}, "4000"),
        ({"followed": "forse"}, "forse"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(enter, referrer, mugello, typed, sentence):
    page = send(enter(referrer), mugello, **typed)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not ReceivedReferral.objects.exists()


def test_a_body_does_not_refer_twice_before_the_answer(enter, referrer, mugello, versilia):
    client = enter(referrer)
    send(client, mugello)
    assert "l’ha già segnalata a questa zona" in send(client, mugello).content.decode()
    send(client, versilia)
    assert ReceivedReferral.objects.count() == 2


def test_the_rules_speak_beside_the_form(enter, referrer):
    client = enter(referrer)
    assert "Segnalazione ammessa" in client.post(reverse("send_findings"), {"followed": "yes"}).content.decode()
    found = client.post(reverse("send_findings"), {"followed": "no"}).content.decode()
    assert "secondo livello" in found


def test_somebody_of_another_zone_finds_no_referral(enter, referrer, bruno, mugello):
    send(enter(referrer), mugello)
    sent = ReceivedReferral.objects.get()
    client = enter(bruno)
    assert "Rossi" not in client.get(reverse("referrals")).content.decode()
    for name in ("received_referral", "referral_outcome"):
        assert client.get(reverse(name, args=[sent.pk])).status_code == 404
    assert client.post(reverse("received_referral", args=[sent.pk]), {"do": "new"}).status_code == 404
    assert not Person.objects.exists()


def test_somebody_of_another_zone_cannot_be_chosen(enter, referrer, bruno, worker, mugello, versilia):
    person = known_person(versilia, bruno)
    send(enter(referrer), mugello)
    url = reverse("received_referral", args=[ReceivedReferral.objects.get().pk])
    for wrong in (person.subject_id, "", "x", "9" * 40, "-1", "²"):
        assert worker.client.post(url, {"do": "known", "subject": wrong}).status_code == 404
    assert not Referral.objects.exists()


def test_lists_ask_the_same_queries(enter, referrer, worker, anna, mugello, same_queries):
    client = enter(referrer)

    def more(n=27):
        for _ in range(n):
            now = timezone.now()
            person = people.register(zone_id=mugello.pk, given_name="Ida", family_name="Rossi", by=anna, now=now)
            refer(person=person, channel="school", need="", received_on=timezone.localdate(now), by=anna, now=now)
            ReceivedReferral.objects.bulk_create([copy(sent)])

    def copy(row):
        return ReceivedReferral(
            subject=row.subject, zone=row.zone, organisation=row.organisation, sent_by=row.sent_by, sent_at=row.sent_at,
            channel=row.channel, given_name="Ida", family_name="Rossi", need="x", followed="yes", agreement="agrees",
        )  # fmt: skip

    send(client, mugello)
    sent = ReceivedReferral.objects.get()
    more(3)
    same_queries(lambda: client.get(reverse("sent_referrals")), more=more)
    same_queries(lambda: worker.client.get(reverse("referrals")), more=more)
    same_queries(lambda: worker.client.get(reverse("referrals") + "?show=answer"), more=more)
    same_queries(lambda: worker.client.get(reverse("received_referral", args=[sent.pk])), more=more)


def test_the_outcome_is_a_paper_that_tells_nothing_of_the_file(enter, referrer, anna, mugello):
    client = enter(referrer)
    send(client, mugello)
    sent = ReceivedReferral.objects.get()
    url = reverse("sent_outcome_document", args=[sent.pk])
    assert client.get(url).status_code == 404
    enter(anna).post(reverse("received_referral", args=[sent.pk]), {"do": "decline", "reason": "not_enough"})
    answer = client.get(url)
    assert answer["Content-Type"] == "application/pdf"
    assert url in client.get(reverse("referral_outcome", args=[sent.pk])).content.decode()
    sent.refresh_from_db()
    said = str(sent_outcome_data(sent))
    assert "non si capisce chi è la persona" in said
    assert "Cerca lavoro" not in said
    assert enter(factories.user("other", Kind.REFERRER, organisation=None)).get(url).status_code == 404


def test_what_is_of_another_zone_goes_there_with_one_press(enter, referrer, anna, mugello, versilia):
    client = enter(referrer)
    send(client, mugello)
    first = ReceivedReferral.objects.get()
    on = reverse("send_referral_on", args=[first.pk])
    assert client.post(on, {"zone": versilia.pk}).status_code == 404
    enter(anna).post(reverse("received_referral", args=[first.pk]), {"do": "decline", "reason": "other_zone"})
    page = Worker(client).open(reverse("sent_referral", args=[first.pk]))
    page.submit("zone", zone=str(versilia.pk))
    assert "Segnalazione inviata" in page.page
    second = ReceivedReferral.objects.exclude(pk=first.pk).get()
    assert (second.zone, second.need, second.fiscal_code) == (versilia, first.need, first.fiscal_code)
    assert (second.channel, second.followed, second.agreement) == (first.channel, first.followed, first.agreement)
    assert "non ha ancora risposto" in client.post(on, {"zone": versilia.pk}).content.decode()
    assert "Correggi" in client.post(on, {"zone": mugello.pk}).content.decode()
    assert ReceivedReferral.objects.count() == 2


def sort_as(worker, sent, person):
    url = reverse("received_referral", args=[sent.pk])
    worker.answer = worker.client.post(url, {"do": "known", "subject": person.subject_id}, follow=True)
    return url


@pytest.mark.parametrize("in_charge", [False, True])
def test_it_was_somebody_else_and_the_referral_waits_again(enter, referrer, anna, worker, mugello, in_charge):
    wrong = factories.person_in_charge(mugello, by=anna).person if in_charge else known_person(mugello, anna)
    send(enter(referrer), mugello)
    sent = ReceivedReferral.objects.get()
    url = sort_as(worker, sent, wrong)
    assert Referral.objects.filter(subject=wrong.subject).exists()
    worker.open(url)
    assert "Non è questa persona" in worker.page
    worker.answer = worker.client.post(url, {"do": "unsort"}, follow=True)
    assert "torna ad aspettare" in worker.page
    assert "Forse la conoscete già" in worker.page
    sent.refresh_from_db()
    assert (sent.outcome, sent.answered_on, sent.told_at) == ("", None, None)
    assert not Referral.objects.filter(subject=wrong.subject, recorded_by=anna.user, origin__need=sent.need).exists()
    assert list(Act.objects.filter(noun="receivedreferral").order_by("at", "pk").values_list("verb", flat=True)) == [
        "send", "sort", "unsort",
    ]  # fmt: skip
    right = known_person(mugello, anna, given="Mara", code="")
    sort_as(worker, sent, right)
    assert Referral.objects.get(origin__need=sent.need).subject_id == right.subject_id


def test_what_was_waiting_already_stays_when_another_is_taken_away(enter, referrer, anna, worker, mugello):
    person = known_person(mugello, anna)
    first = refer(
        person=person, channel="school", need="x", received_on=timezone.localdate(), by=anna, now=timezone.now()
    )
    send(enter(referrer), mugello)
    url = sort_as(worker, ReceivedReferral.objects.get(), person)
    worker.client.post(url, {"do": "unsort"})
    assert list(Referral.objects.all()) == [first]
    assert not ReferralTriage.objects.exists()


def test_once_answered_it_is_not_taken_away_nor_by_another_zone(enter, referrer, anna, bruno, worker, mugello):
    person = known_person(mugello, anna)
    send(enter(referrer), mugello)
    sent = ReceivedReferral.objects.get()
    url = sort_as(worker, sent, person)
    assert enter(bruno).post(url, {"do": "unsort"}).status_code == 404
    worker.submit("reason", reason="declined")
    assert "Non è questa persona" not in worker.open(url).page
    worker.answer = worker.client.post(url, {"do": "unsort"}, follow=True)
    assert "Non si può più" in worker.page
    assert ReferralTriage.objects.count() == 1


def test_postgresql_unsorts_only_for_who_sorts(referrer, anna, bruno, tutor, worker, enter, mugello, as_application):
    person = known_person(mugello, anna)
    send(enter(referrer), mugello)
    sent = ReceivedReferral.objects.get()
    sort_as(worker, sent, person)
    for acting, done in ((referrer, False), (bruno, False), (tutor, False), (anna, True)):
        with as_application(acting) as cursor:
            cursor.execute("select referral_unsort(%s)", [sent.pk])
            assert cursor.fetchone()[0] is done, acting.kind


def test_of_an_empty_form_nothing_is_said_to_be_right(enter, referrer):
    assert "A posto" not in enter(referrer).get(reverse("send_referral")).content.decode()
