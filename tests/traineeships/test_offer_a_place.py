"""A company offers places by a link, without an account; the office reads, asks, opens. Who guesses learns nothing."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.access.role import Kind
from accanto.traineeships import host as hosts
from accanto.traineeships import offer_link as links
from accanto.traineeships.host import Host
from accanto.traineeships.offer_link import OfferLink
from accanto.traineeships.place import Place, State, taken_by_place
from accanto.web import offer as page_of
from accanto.web import secret_page
from tests import factories
from tests.test_hostile_input import Hand


@pytest.fixture
def host(mugello):
    body = factories.organisation("host", "Vivaio di prova")
    return Host.objects.create(organisation=body, municipality=factories.municipality(mugello), address="via Prova 1")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def form(today):
    """What a company writes, no more than is asked."""
    return {
        "title": "Aiuto in serra",
        "setting": "agricultural",
        "tasks": "Annaffiare, rinvasare, tenere in ordine.",
        "openings": "2",
        "where": "main",
        "weekdays": ["0", "1", "3"],
        "begins": "8:30",
        "ends": "12:30",
        "access": ["toilet", "seated"],
        "suits": ["movement", "timetable"],
        "accommodations": ["tasks"],
        "transport": ["bus"],
        "skills": "Saper stare all’aperto\n\n",
        "valid_from": today.isoformat(),
    }


@pytest.fixture
def invite(enter, host, anna):
    """The office makes a link; returns its address and the row."""

    def make(acting=anna, email="vivaio@azienda.example", **data):
        said = {"do": "link", "link-to_name": "Piero Esempio", "link-email": email} | data
        answer = enter(acting).post(reverse("host", args=[host.pk]), said)
        assert answer.status_code == 200
        url = re.search(r'value="http://testserver(/offer/[^"]+)"', answer.content.decode())[1]
        return url, OfferLink.objects.order_by("pk").last()

    return make


def expire(link, days=1):
    OfferLink.objects.filter(pk=link.pk).update(expires_on=timezone.localdate() - dt.timedelta(days=days))


# --- the company -----------------------------------------------------------------------------------------------------


def test_a_company_offers_a_place_and_the_office_opens_it(invite, form, enter, anna, host):
    url, link = invite()
    company = Client()
    assert "Vivaio di prova" in company.get(url).content.decode()
    assert not Place.objects.exists()
    answer = company.post(url, form)
    assert answer.status_code == 302, answer.context["form"].errors
    place = Place.objects.get()
    assert (place.state, place.offered_through, place.offered_by, place.zone) == (State.OFFERED, link, None, link.zone)
    assert place.timetable == [(n, dt.time(8, 30), dt.time(12, 30)) for n in (0, 1, 3)]
    assert (place.weekly_hours, place.openings, place.suits) == (12, 2, ["movement", "timetable"])
    assert place.skills == ["Saper stare all’aperto"]
    assert "lo stiamo leggendo" in company.get(url).content.decode()
    # until somebody has read it nobody else sees it as open, and it is in the office's day
    assert not Place.objects.open_on(timezone.localdate()).exists()
    assert "1 posto offerto da esaminare" in enter(anna).get(reverse("my_day")).content.decode()
    assert Act.objects.filter(noun="place", verb="offer", object_id=place.pk, user_id=None).exists()
    mail.outbox.clear()
    assert enter(anna).post(reverse("place", args=[place.pk]), {"answer": "accept", "words": ""}).status_code == 302
    place.refresh_from_db()
    assert (place.state, place.reviewed_by) == (State.OPEN, anna.user)
    assert Place.objects.with_room_on(timezone.localdate()).get() == place
    assert "è aperto" in mail.outbox[0].body
    assert "aperto" in company.get(url).content.decode()


def test_the_office_asks_and_the_company_answers_from_a_link_of_its_own(invite, form, enter, anna):
    url, _link = invite()
    Client().post(url, form)
    place = Place.objects.get()
    page = reverse("place", args=[place.pk])
    assert enter(anna).post(page, {"answer": "ask", "words": " "}).status_code == 422
    mail.outbox.clear()
    assert enter(anna).post(page, {"answer": "ask", "words": "A che ora passa l’autobus?"}).status_code == 302
    sent = mail.outbox[0]
    assert sent.to == ["vivaio@azienda.example"]
    assert "A che ora passa" in sent.body
    fresh = re.search(r"http://testserver(/offer/\S+)", sent.body)[1]
    assert fresh != url
    assert "A che ora passa" in Client().get(fresh).content.decode()
    more = form | {"transport_note": "linea 12", "place": place.pk}
    assert Client().post(fresh, more).status_code == 302
    place.refresh_from_db()
    assert (place.transport_note, place.office_words, place.state) == ("linea 12", "", State.OFFERED)
    assert enter(anna).post(page, {"answer": "decline", "words": "Troppo lontano."}).status_code == 302
    assert "non accolto" in Client().get(fresh).content.decode()
    # a second answer comes too late and changes nothing
    enter(anna).post(page, {"answer": "accept", "words": ""})
    place.refresh_from_db()
    assert place.state == State.DECLINED


def test_a_company_pauses_opens_again_and_withdraws_what_is_its_own(invite, form, anna, host):
    url, _link = invite()
    Client().post(url, form)
    own, other = Place.objects.get(), factories.place(host, by=anna)
    for place, turn, after in (
        (own, "open", State.OFFERED),  # opening is for the office
        (own, "declined", State.OFFERED),
        (own, "\x00", State.OFFERED),
        (own, "withdrawn", State.WITHDRAWN),
        (own, "open", State.WITHDRAWN),
    ):
        Client().post(url, {"place": place.pk, "turn": turn})
        place.refresh_from_db()
        assert place.state == after, turn
    assert Client().post(url, {"place": other.pk, "turn": "paused"}).status_code == 404  # written down by the office
    Place.objects.filter(pk=own.pk).update(state=State.OPEN)
    for turn in ("paused", "open"):
        Client().post(url, {"place": own.pk, "turn": turn})
        own.refresh_from_db()
        assert own.state == turn


def test_a_browser_may_send_the_form(invite, form):
    """With «no-referrer» it would say that it comes from nowhere, and be refused."""
    url, _link = invite()
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(url)
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "private, no-store"
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
    own = {"HTTP_ORIGIN": "http://testserver"}
    assert browser.post(url, form, **own).status_code == 403
    assert browser.post(url, form | {"csrfmiddlewaretoken": token}, **own).status_code == 302


def test_what_waits_for_the_office_is_shown_to_nobody_else(invite, form, enter, anna, bruno, tutor):
    url, _link = invite()
    Client().post(url, form)
    page = reverse("place", args=[Place.objects.get().pk])
    assert enter(anna).get(page).status_code == 200
    for other in (bruno, tutor):
        assert enter(other).get(page).status_code == 404


def test_all_that_is_wrong_is_said_at_once(invite, form):
    url, _link = invite()
    wrong = form | {
        "title": "", "openings": "0", "begins": "25:61", "valid_to": "2001-01-01", "contact_phone": "abc",
        "skills": "x\n" * 12, "where": "elsewhere", "setting": "moon",
    }  # fmt: skip
    answer = Client().post(url, wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) >= {
        "title", "openings", "begins", "valid_to", "contact_phone", "skills", "municipality", "setting",
    }  # fmt: skip
    for changed, field in (
        ({"ends": "8:00"}, "ends"),
        ({"weekly_hours": "20"}, "weekly_hours"),
        ({"weekdays": [], "weekly_hours": ""}, "weekly_hours"),
        ({"to_5": "12:00", "from_5": "13:00"}, "to_5"),
        ({"begins": ""}, "begins"),
    ):
        answer = Client().post(url, form | changed)
        assert list(answer.context["form"].errors) == [field]
    assert not Place.objects.exists()


def test_a_timetable_may_differ_by_day_or_be_agreed_on_later(invite, form, host, anna):
    url, _link = invite()
    assert Client().post(url, form | {"from_5": "9", "to_5": "11:15", "weekly_hours": "13"}).status_code == 302
    place = Place.objects.get()
    assert place.timetable[-1] == (5, dt.time(9), dt.time(11, 15))
    assert (place.weekly_hours, place.days) == (13, [0, 1, 3, 5])
    shown = Client().get(f"{url}?place={place.pk}").content.decode()
    assert 'value="11:15"' in shown
    place.delete()
    assert Client().post(url, form | {"weekdays": [], "weekly_hours": "20"}).status_code == 302
    assert (Place.objects.get().timetable, Place.objects.get().weekly_hours) == ([], 20)


def test_the_seat_is_one_of_the_hosts_own(invite, form, host, anna, mugello):
    url, _link = invite()
    seat = factories.seat(host, by=anna)
    body = factories.organisation("host", "Un altro")
    other = factories.seat(Host.objects.create(organisation=body, municipality=host.municipality), by=anna, name="X")
    assert Client().post(url, form | {"where": seat.pk}).status_code == 302
    assert Place.objects.get().seat == seat
    assert Client().post(url, form | {"where": other.pk}).status_code == 422


@pytest.mark.single
def test_a_hostile_hand_breaks_nothing_of_a_live_and_of_an_expired_link(invite, form, monkeypatch):
    monkeypatch.setattr(page_of, "SENT_AN_HOUR", 100_000)
    url, link = invite()
    Client().post(url, form)
    hand = Hand(Client(), "a company")
    known = set()
    for page in (f"{url}?new=1", f"{url}?place={Place.objects.get().pk}"):
        seen = set()
        hand.fill_in(url, hand.send("get", page).content.decode(), seen=seen, known=known)
        known |= seen
    for value in ("\x00", "²", "9" * 5000, "-1", "{}"):
        for name in ("place", "done", "new"):
            hand.send("get", f"{url}?{name}={value}")
    expire(link)
    hand.fill_in(url, hand.send("get", url).content.decode(), seen=set())
    hand.verdict()


# --- links -----------------------------------------------------------------------------------------------------------


def test_only_the_hash_of_a_link_is_kept_and_it_is_seen_once(invite, enter, anna, host):
    url, link = invite()
    token = url.split("/")[2]
    assert link.hash == links.fingerprint(token) != token
    assert mail.outbox[0].to == ["vivaio@azienda.example"]
    assert token in mail.outbox[0].body
    assert link.mailed_at
    assert token not in enter(anna).get(reverse("host", args=[host.pk])).content.decode()


def test_opening_a_link_changes_nothing(invite):
    url, link = invite()
    before = Act.objects.count()
    for _time in range(3):
        assert Client().get(url).status_code == Client().head(url).status_code == 200
    link.refresh_from_db()
    assert (link.used_at, Act.objects.count()) == (None, before)
    assert Client().put(url).status_code == 405


def test_an_unknown_a_revoked_and_an_old_link_all_say_the_same(invite, enter, anna, host):
    url, link = invite()
    old_url, old = invite()
    expire(old, days=400)
    enter(anna).post(reverse("host", args=[host.pk]), {"do": "revoke", "row": link.pk})
    link.refresh_from_db()
    assert link.revoked_by == anna.user

    def without_token(answer):
        return re.sub(r"nonce-[^']+'|nonce=\"[^\"]+\"", "", answer.content.decode())

    unknown = Client().get(reverse("offer", args=["nobody-s"]))
    for dead in (url, old_url):
        for answer in (Client().get(dead), Client().post(dead, {"do": "renew"})):
            assert answer.status_code == unknown.status_code == 404
            assert without_token(answer) == without_token(unknown)
    assert OfferLink.objects.count() == 2


def test_who_guesses_is_stopped_and_who_holds_a_link_is_not(invite, monkeypatch):
    monkeypatch.setattr(secret_page, "UNKNOWN_AN_HOUR", 3)
    url, _link = invite()
    statuses = [Client().get(reverse("offer", args=[f"guess-{n}"])).status_code for n in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert Client().get(url).status_code == 200


def test_one_link_sends_no_more_than_so_many_forms(invite, form, monkeypatch):
    monkeypatch.setattr(page_of, "SENT_AN_HOUR", 2)
    url, _link = invite()
    assert [Client().post(url, form).status_code for _time in range(3)] == [302, 302, 429]


def test_no_company_fills_the_office_with_offers(invite, form, host, anna):
    url, _link = invite()
    Client().post(url, form)
    first = Place.objects.get()
    for _n in range(29):
        first.pk = None
        first.save(force_insert=True)
    assert Client().post(url, form)["Location"].endswith("done=not")
    assert Place.objects.count() == 30


def test_the_expired_page_sends_a_new_one_to_the_same_mailbox(invite, host):
    url, link = invite()
    expire(link)
    mail.outbox.clear()
    answer = Client().get(url)
    assert answer.status_code == 410
    assert "Vivaio" not in answer.content.decode()
    assert not mail.outbox
    asked = Client().post(url, {"do": "renew"})
    assert asked.status_code == 200
    assert "@" not in re.sub(r"<head>.*</head>", "", asked.content.decode(), flags=re.DOTALL)
    assert mail.outbox[0].to == ["vivaio@azienda.example"]
    fresh = re.search(r"http://testserver(/offer/\S+)", mail.outbox[0].body)[1]
    assert Client().get(fresh).status_code == 200
    new = OfferLink.objects.get(renews=link)
    assert (new.host, new.zone, new.made_by, bool(new.mailed_at)) == (link.host, link.zone, link.made_by, True)
    for _time in range(4):  # three a day, and the answer does not say so
        again = Client().post(url, {"do": "renew"})
        assert again.content.decode().count("Guardate la posta") == asked.content.decode().count("Guardate la posta")
    assert len(mail.outbox) == 3
    # the forms of a live link do nothing on an expired one
    assert Client().post(url, {"title": "x"}).status_code == 410


def test_a_link_without_a_mailbox_renews_nothing_and_says_the_same(invite):
    url, link = invite(email="")
    assert not mail.outbox
    expire(link)
    assert Client().post(url, {"do": "renew"}).status_code == 200
    assert (len(mail.outbox), OfferLink.objects.count()) == (0, 1)


def test_a_message_that_does_not_leave_is_told_to_the_office(invite, settings, monkeypatch, enter, anna, host):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    _url, link = invite()
    link.refresh_from_db()
    assert (link.mailed_at, link.mail_failure) == (None, "ConnectionRefusedError")
    assert "non è partito" in enter(anna).get(reverse("host", args=[host.pk])).content.decode()


def test_the_employment_operator_makes_and_revokes_links_too_and_a_tutor_does_not(invite, enter, mugello, tutor, host):
    operator = factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
    url, link = invite(operator)
    enter(operator).post(reverse("host", args=[host.pk]), {"do": "revoke", "row": link.pk})
    assert Client().get(url).status_code == 404
    assert enter(tutor).get(reverse("host", args=[host.pk])).status_code == 404


# --- whose office ----------------------------------------------------------------------------------------------------


def test_another_zone_reads_an_open_place_and_changes_nothing(invite, form, enter, anna, bruno, host):
    place = factories.place(host, by=anna)
    _url, link = invite()
    assert enter(bruno).get(reverse("place", args=[place.pk])).status_code == 200
    assert enter(bruno).post(reverse("place", args=[place.pk]), {"turn": "paused"}).status_code == 404
    assert enter(bruno).get(reverse("change_place", args=[place.pk])).status_code == 404
    assert "Piero Esempio" not in enter(bruno).get(reverse("host", args=[host.pk])).content.decode()
    assert enter(bruno).post(reverse("host", args=[host.pk]), {"do": "revoke", "row": link.pk}).status_code == 404


def test_postgresql_keeps_places_and_links_to_their_office(invite, anna, bruno, tutor, host, as_application):
    place = factories.place(host, by=anna)
    invite()
    with as_application(bruno) as cursor:
        cursor.execute("update traineeships_place set state = 'paused' where id = %s", [place.pk])
        assert cursor.rowcount == 0
        cursor.execute("select count(*) from traineeships_offerlink")
        assert cursor.fetchone() == (0,)
    for acting in (None, tutor):
        with as_application(acting) as cursor:
            cursor.execute("select count(*) from traineeships_offerlink")
            assert cursor.fetchone() == (0,)
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute("insert into traineeships_seat (host_id, name, municipality_id, address, arrival) "
                               "select id, 'x', municipality_id, '', '' from traineeships_host limit 1")  # fmt: skip
    with as_application(None) as cursor:
        for statement in (
            "select * from offer_link_read('x')",
            "select * from offer_link_renew('x', 'y', 30)",
        ):
            cursor.execute(statement)
            assert cursor.fetchall() == []
        cursor.execute("select offer_place('x', null, '{}'), offer_link_turn('x', %s, 'withdrawn')", [place.pk])
        assert cursor.fetchone() == (None, False)
        cursor.execute("select offer_link_mailed('x', 'y')")
    assert OfferLink.objects.get().mail_failure == ""


def test_openings_taken_are_counted_over_every_zone(host, anna, bruno, tutor, mugello, versilia, as_application):
    place = factories.place(host, by=anna, openings=2)
    for zone, worker in ((mugello, anna), (versilia, bruno)):
        case = factories.person_in_charge(zone, by=worker)
        row = factories.traineeship(case, tutor=tutor, by=worker)
        row.place = place
        row.save()
    with as_application(bruno) as cursor:
        assert taken_by_place() == {place.pk: 2}
        assert hosts.trainees([host]) == {host.pk: (2, 0)}
        assert not Place.objects.with_room_on(timezone.localdate()).exists()
    with as_application(tutor):
        assert taken_by_place() == {place.pk: 2}
        assert hosts.trainees([host]) == {}
    with as_application(None) as cursor:
        cursor.execute("select count(*) from places_taken()")
        assert cursor.fetchone() == (0,)


def test_the_list_costs_the_same_for_three_places_and_for_thirty(enter, anna, host, same_queries):
    client = enter(anna)
    for n in range(3):
        factories.place(host, by=anna, title=f"Posto {n}", openings=1)

    def more():
        for n in range(27):
            factories.place(host, by=anna, title=f"Altro {n}", openings=1)

    same_queries(lambda: client.get(reverse("places") + "?show=open"), more=more)


def test_what_can_never_be_of_a_place_is_a_constraint(host, anna, today):
    for wrong in (
        {"openings": 0},
        {"weekly_hours": 0},
        {"begins_at": [dt.time(9)]},
        {"valid_to": today - dt.timedelta(days=1)},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            factories.place(host, by=anna, **wrong)
    assert connection.is_usable()
