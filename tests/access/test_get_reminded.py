"""A calendar at a secret address and a message a day: what is due and how many, never about whom; nothing twice."""

import datetime as dt
import email
import email.policy
import re
import socket

import icalendar
import pytest
from aiosmtpd.controller import Controller
from django.urls import reverse
from django.utils import timezone

from accanto import console
from accanto.access import reminder as reminders
from accanto.access.door import opened
from accanto.access.log import Act, Reading
from accanto.access.on_behalf import on_behalf_of
from accanto.access.reminder import DigestSent, Reminder
from accanto.access.role import Kind, Role
from accanto.access.session import Session
from accanto.cases import received_referral
from accanto.cases.received_referral import ReceivedReferral
from accanto.people.person import Person
from accanto.web import reminders as pages
from tests import factories
from tests.cases.conftest import full_case

SITE = "https://accanto.example"
# names, the area, the text of a commitment, where somebody is treated
SECRETS = ("Ida", "Prova", "mental", "mentale", "agenzia", "SEGRETO", "INTIMO", "sala di prova", "Decisione di prova")


@pytest.fixture
def busy(mugello, anna):
    """Anna has something late, something to come and something that waits, about somebody."""
    case = full_case(mugello, by=anna)
    factories.meeting(case, by=anna)
    return case


def address(client):
    """The feed's address, as the page shows it once."""
    page = client.post(reverse("reminders"), {"do": "calendar"}).content.decode()
    return re.search(r'value="(http[^"]+\.ics)"', page)[1]


def feed(client, url):
    return client.get(url.removeprefix("http://testserver"))


# --- the calendar ----------------------------------------------------------------------------------------------------


def test_the_calendar_counts_what_is_due_and_names_nobody(enter, busy, anna, client):
    url = address(enter(anna))
    answer = feed(client, url)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    for secret in SECRETS:
        assert secret not in text, secret
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    summaries = [str(event["SUMMARY"]) for event in events]
    assert "In ritardo, impegni di un progetto: 1" in summaries
    assert "Decisioni di riunioni: 1" in summaries
    assert "Verifiche di progetto: 1" in summaries
    assert all("LOCATION" not in event and str(event["URL"]).endswith("/my-day/") for event in events)
    assert len({str(event["UID"]) for event in events}) == len(events)
    assert not Session.objects.filter(user=anna.user, expire_date__lt=timezone.now() + dt.timedelta(minutes=2)).exists()


def test_what_comes_from_outside_is_called_by_its_kind(enter, busy, anna, client):
    factories.received_referral(busy.subject, by=anna)
    factories.received_transfer(busy.subject, by=anna)
    text = feed(client, address(enter(anna))).content.decode()
    assert "Smistamento di segnalazioni: 1" in text
    assert "Passaggi tra zone: 1" in text
    assert "Cose da fare" not in text


def test_the_address_is_renewed_and_withdrawn_and_kept_nowhere(enter, busy, anna, client):
    browser = enter(anna)
    first = address(browser)
    token = first.rsplit("/", 1)[1].removesuffix(".ics")
    assert Reminder.objects.get().calendar_hash == reminders.fingerprint(token)
    assert token not in browser.get(reverse("reminders")).content.decode()
    second = address(browser)
    assert feed(client, first).status_code == 404
    assert feed(client, second).status_code == 200
    browser.post(reverse("reminders"), {"do": "withdraw"})
    assert feed(client, second).status_code == 404
    assert set(Act.objects.filter(noun="user").values_list("verb", flat=True)) >= {
        "renew calendar", "withdraw calendar",
    }  # fmt: skip


def test_the_address_signs_nobody_in_and_only_reads(enter, busy, anna, client):
    url = address(enter(anna)).removeprefix("http://testserver")
    assert client.post(url).status_code in (403, 405)
    client.get(url)
    assert client.get(reverse("my_day")).status_code == 302
    assert not Reading.objects.filter(page="calendar").exists()


def test_a_closed_account_and_an_ended_role_leave_an_empty_calendar_or_none(enter, busy, anna, client):
    url = address(enter(anna))
    Role.objects.filter(user=anna.user).update(ends=timezone.localdate() - dt.timedelta(days=1))
    assert b"VEVENT" not in feed(client, url).content
    anna.user.is_active = False
    anna.user.save()
    assert feed(client, url).status_code == 404


def test_who_asks_too_often_is_told_to_wait(enter, busy, anna, client, monkeypatch):
    monkeypatch.setattr(pages, "ASKED_AN_HOUR", 3)
    monkeypatch.setattr(pages, "UNKNOWN_AN_HOUR", 3)
    url = address(enter(anna))
    answers = [feed(client, url).status_code for _time in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    strangers = [client.get(reverse("calendar", args=[f"x{n}"])).status_code for n in range(5)]
    assert strangers == [404, 404, 404, 429, 429]


def test_each_sees_in_the_calendar_only_what_their_role_sees(enter, busy, bruno, tutor, client):
    for acting in (bruno, tutor):
        assert b"VEVENT" not in feed(client, address(enter(acting))).content


def test_a_calendar_address_is_somebody_s_only(anna, bruno, busy, as_application, enter):
    """calendar_user: PostgreSQL gives an id for a hash that stands, and the rows of nobody else."""
    token = address(enter(anna)).rsplit("/", 1)[1].removesuffix(".ics")
    with as_application(None) as cursor:
        assert reminders.calendar_user(token) == anna.user.pk
        assert reminders.calendar_user("") is None
        cursor.execute("select count(*) from access_reminder")
        assert cursor.fetchone() == (0,)
    with as_application(bruno) as cursor:
        cursor.execute("select count(*) from access_reminder")
        assert cursor.fetchone() == (0,)
        cursor.execute("update access_reminder set calendar_hash = 'x'")
        assert cursor.rowcount == 0


def test_on_behalf_of_somebody_is_what_they_see_and_it_ends(busy, anna, bruno):
    for acting, seen in ((anna, 1), (bruno, 0)):
        with on_behalf_of(acting.user, acting.role) as by:
            assert by.kind == acting.kind
            assert Person.objects.count() == seen
    assert not Session.objects.exists()


# --- the message of a day ---------------------------------------------------------------------------------------------


class Inbox:
    """What the mail server of the test got; `refuse` makes it say no."""

    def __init__(self):
        self.messages, self.refuse = [], False

    async def handle_DATA(self, server, session, envelope):
        if self.refuse:
            return "451 try again later"
        self.messages.append(envelope)
        return "250 OK"


@pytest.fixture
def inbox(settings):
    """A real mail server on this machine."""
    box = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    controller.stop()


@pytest.fixture
def wanting(busy, anna, enter):
    anna.user.email = "anna@example.org"
    anna.user.save()
    page = enter(anna).post(reverse("reminders"), {"do": "digest"}, follow=True).content.decode()
    assert "Riceverai un messaggio al giorno" in page
    return anna


def run(day=0):
    return pages.send_digests(now=timezone.now() + dt.timedelta(days=day), site=SITE)


def test_one_message_a_day_leaves_and_names_nobody(wanting, inbox):
    assert run().sent == 1
    (envelope,) = inbox.messages
    assert envelope.rcpt_tos == ["anna@example.org"]
    text = mail_text(envelope)
    for secret in SECRETS:
        assert secret not in text, secret
    assert "impegni di un progetto: 1" in text
    assert f"{SITE}/my-day/" in text
    assert f"{SITE}/account/reminders/" in text
    for _again in range(3):
        assert run().sent == 0
    assert len(inbox.messages) == 1
    assert run(day=1).sent == 1
    assert len(inbox.messages) == 2


def mail_text(envelope):
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    return message["Subject"] + "\n" + message.get_content()


def test_what_did_not_leave_is_told_and_tried_again(wanting, inbox):
    inbox.refuse = True
    told = run()
    assert (told.sent, told.failed) == (0, 1)
    row = DigestSent.objects.get()
    assert (row.state, row.failure) == ("failed", "SMTPDataError 451")
    inbox.refuse = False
    assert run().sent == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 2)
    assert len(inbox.messages) == 1


def test_without_a_server_nothing_is_lost(wanting, settings, inbox):
    settings.EMAIL_PORT = 1
    assert run().failed == 1
    assert "@" not in DigestSent.objects.get().failure


def test_one_that_may_have_left_is_not_sent_again(wanting, inbox, monkeypatch):
    def cut_short(*_arguments, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(pages, "send", cut_short)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.undo()
    told = run()
    assert (told.sent, told.unsure) == (0, 1)
    assert inbox.messages == []


def test_who_has_nothing_due_gets_no_message(enter, bruno, inbox):
    bruno.user.email = "bruno@example.org"
    bruno.user.save()
    enter(bruno).post(reverse("reminders"), {"do": "digest"})
    told = run()
    assert (told.sent, told.nothing) == (0, 1)
    assert not DigestSent.objects.exists()


def test_who_stops_it_or_has_no_address_gets_none(enter, wanting, inbox):
    enter(wanting).post(reverse("reminders"), {"do": "no_digest"})
    assert run().sent == 0
    tutor = factories.user("senza.posta", Kind.THIRD_SECTOR_TUTOR)
    page = enter(tutor).post(reverse("reminders"), {"do": "digest"}, follow=True).content.decode()
    assert "chiedi all’amministratore" in page
    assert not Reminder.objects.filter(user=tutor.user, digest=True).exists()


def test_two_runs_at_once_send_one(wanting, as_application):
    """digests_of, digest_begin and digest_end: the second run finds it begun; to who has a session they do nothing."""
    today, user = timezone.localdate(), wanting.user.pk
    with opened(token=None, writing=True):
        assert reminders.digests_of(today) == [(user, "")]
        assert reminders.begin_digest(user_id=user, day=today) is True
        assert reminders.begin_digest(user_id=user, day=today) is False
        assert reminders.digests_of(today) == [(user, "sending")]
        reminders.end_digest(user_id=user, day=today, failure="x")
        assert reminders.digests_of(today) == [(user, "failed")]
        assert reminders.begin_digest(user_id=user, day=today) is True
    with as_application(wanting) as cursor:
        assert reminders.digests_of(today) == []
        assert reminders.begin_digest(user_id=user, day=today + dt.timedelta(days=1)) is False
        reminders.end_digest(user_id=user, day=today)
        cursor.execute("select has_table_privilege('access_digestsent', 'select')")
        assert cursor.fetchone() == (False,)
    assert DigestSent.objects.get().state == "sending"


def test_the_console_sends_them_as_the_service(wanting, inbox, monkeypatch, capsys):
    monkeypatch.setenv("ACCANTO_SITE", SITE)
    assert console.main(["remind"]) == 0
    assert "Messaggi partiti: 1" in capsys.readouterr().out
    inbox.refuse = True
    DigestSent.objects.update(state="failed")
    assert console.main(["remind"]) == 1
    assert "si ritentano al prossimo giro" in capsys.readouterr().err
    monkeypatch.delenv("ACCANTO_SITE")
    assert console.main(["remind"]) == 1
    assert "ACCANTO_SITE" in capsys.readouterr().err


def test_who_referred_is_told_once_that_there_is_an_answer_and_of_nobody(enter, busy, anna, inbox):
    body = factories.organisation("third_sector_body", "Cooperativa che segnala")
    referrer = factories.user("referrer", Kind.REFERRER, organisation=body)
    referrer.user.email = "desk@example.org"
    referrer.user.save()
    enter(referrer).post(reverse("reminders"), {"do": "digest"})
    said = {"given_name": "Ida", "family_name": "Prova", "need": "SEGRETO", "phone": "055 1", "followed": "no"}
    enter(referrer).post(reverse("send_referral"), said | {"zone": busy.zone_id, "agreement": "agrees"})
    sent = ReceivedReferral.objects.get()
    assert run().nothing == 1
    received_referral.decline(
        received=sent, reason="not_enough", on=timezone.localdate() - dt.timedelta(days=9), by=anna, now=timezone.now()
    )
    assert (run().sent, run(day=1).sent, run(day=2).sent) == (0, 1, 0)
    (envelope,) = inbox.messages
    text = mail_text(envelope)
    for secret in SECRETS:
        assert secret not in text, secret
    assert "segnalazioni con una risposta: 1" in text
    assert f"{SITE}/referrals/sent/" in text
    assert "/my-day/" not in text
