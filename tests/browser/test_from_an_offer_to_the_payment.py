"""The way of a traineeship through its pages: a company offers a place on a phone, the team gives it to somebody, the
plan begins from it, four parties sign without an account, the days are written and signed, the month is closed and
paid, the attestation issued and downloaded."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accanto.access.role import Kind
from accanto.cases import employability, personal_plan
from accanto.people.registry import Registry
from accanto.territory.municipality import Municipality
from accanto.traineeships import offer_link
from accanto.traineeships.agreement import Agreement
from accanto.traineeships.host import Host
from accanto.traineeships.models import Place
from accanto.traineeships.payment import PaymentLine
from accanto.traineeships.signing import Signing
from accanto.traineeships.traineeship import State, Traineeship
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "it-IT", "is_mobile": True, "has_touch": True}
NAMES = {"promoter": "Paola Esempio", "host": "Sara Esempio", "body_in_charge": "Anna Esempio"}


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, page.url


@pytest.fixture
def town(mugello):
    row = factories.municipality(mugello, "Borgo di prova")
    Municipality.objects.filter(pk=row.pk).update(lat=43.9)
    return Municipality.objects.get(pk=row.pk)


@pytest.fixture
def host(town):
    body = factories.organisation("host", "Vivaio di prova")
    return Host.objects.create(organisation=body, municipality=town, permanent_staff=8)


@pytest.fixture
def ada(mugello, anna, town):
    """Ready to work: profile, a plan she has signed that foresees a traineeship, an account to be paid on."""
    case, now, today = factories.person_in_charge(mugello, by=anna, given_name="Ada"), timezone.now(), None
    today = timezone.localdate(now)
    Registry.objects.create(person=case.person, subject=case.subject, zone=mugello, sex="F", municipality=town)
    said = {"transport": ["car"], "shifts": [], "licences": [], "skills": "", "languages": "", "last_job": ""}
    employability.describe(case=case, by=anna, now=now, readiness=3, **said)
    plan = personal_plan.write(
        case=case, reason="primo", goals=[{"own_words": "Lavorare", "result": "Un tirocinio", "due": None}],
        supports=[{"kind": "traineeship", "text": ""}], actions=[], review_on=None, by=anna, now=now,
    )  # fmt: skip
    personal_plan.agree(plan=plan, on=today, how="paper", signers=[("person", ""), ("manager", "")], by=anna, now=now)
    return case


@pytest.fixture
def around(mugello, host, tutor):
    """The bodies, the operation that pays, and an agreement in force with the host."""
    authority = factories.organisation("zone_authority", "Società della Salute di prova", zone=mugello)
    factories.organisation("employment_centre", "Centro per l'impiego di prova", zone=mugello)
    factories.operation(mugello)
    return factories.agreement(host, mugello, promoter=tutor.role.organisation, body_in_charge=authority, places=2)


def test_from_an_offer_on_a_phone_to_the_payment(
    live_server, browser, enter_browser, anna, tutor, host, ada, around, accessible, monkeypatch
):
    monkeypatch.setattr("accanto.traineeships.traineeship.is_holiday", lambda day: False)
    context = browser.new_context(**PHONE)
    place = offers(context.new_page(), live_server, host, anna, accessible)
    page = enter_browser(anna)
    page.set_default_timeout(20_000)

    def go(name, *args):
        page.goto(live_server.url + reverse(name, args=args))

    go("my_day")
    page.get_by_role("link", name="Esamina").click()
    page.get_by_role("link", name="Aiuto in serra").click()
    page.get_by_role("button", name="Apri il posto").click()
    expect(page.get_by_text("Risposta registrata")).to_be_visible()
    # the search proposes it, the team accepts it
    go("matching")
    page.get_by_role("button", name="Cerca gli abbinamenti").click()
    expect(page.get_by_text("dimostrato")).to_be_visible()
    page.get_by_role("link", name="Ada Prova").first.click()
    accessible(page)
    page.get_by_role("button", name="Accogli", exact=True).click()
    expect(page.get_by_text("Abbinamento accolto")).to_be_visible()
    go("my_day")
    page.get_by_role("link", name="Scrivilo").first.click()
    writes_the_plan(page, tutor, accessible)
    row = Traineeship.objects.get()
    assert (row.place, row.host_tutor_name, row.hours_by_weekday) == (place, "Sara Esempio", [4, 4, 4, 4, 0, 0, 0])
    go("places")
    expect(page.get_by_role("row", name="Aiuto in serra")).to_contain_text("0 / 1")
    # four parties sign, without an account
    go("traineeship", row.pk)
    page.get_by_role("link", name="Fai firmare il progetto").click()
    invited = prepare(page, accessible)
    for party, url in invited.items():
        signs(context.new_page(), live_server.url + url, party, accessible)
    go("my_day")
    page.locator("li", has_text="Firmato da tutti").get_by_role("link", name="Registra").click()
    page.set_viewport_size(PHONE["viewport"])
    accessible(page)
    fits(page)
    page.get_by_role("button", name="Registra il progetto firmato").click()
    page.wait_for_url("**/traineeships/*/")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert Signing.objects.get().registered_at
    page.get_by_role("link", name="Collega la convenzione").click()
    page.get_by_label("Posizione INAIL").fill("INAIL 1")
    page.get_by_label("Polizza di responsabilità civile").fill("RC 1")
    page.locator("main form[method=post] button.btn-primary").last.click()
    expect(page.get_by_text("Fatto: Convenzione e coperture.")).to_be_visible()
    go("agreements")
    expect(page.get_by_role("row", name="Vivaio di prova")).to_contain_text("1 su 2")
    accessible(page)
    # a month later: the last whole week of the month that is over
    monday = began_last_month(row, tutor, anna)
    keeps_the_register(enter_browser(tutor), live_server, row, monday, accessible)
    page = enter_browser(anna)
    paid(page, live_server, row, monday, accessible)
    attested(page, live_server, row, accessible)


def offers(phone, live_server, host, anna, accessible):
    """The company, at its secret address: refused first for what is missing, nothing typed twice."""
    _link, token = offer_link.make(host=host, by=anna, now=timezone.now())
    phone.goto(live_server.url + reverse("offer", args=[token]))
    fits(phone)
    phone.get_by_role("button", name="Offri questo posto").click()
    phone.get_by_text("Correggi").first.wait_for()
    accessible(phone)
    phone.get_by_label("Che cosa si fa").fill("Aiuto in serra")
    phone.get_by_label("Ambito").select_option("agricultural")
    phone.get_by_label("Le attività").fill("Annaffiare e rinvasare.")
    for weekday in range(4):
        phone.locator(f"label[for=id_weekdays_{weekday}]").click()
    phone.get_by_role("button", name="Offri questo posto").click()
    phone.get_by_text("lo stiamo leggendo").wait_for()
    accessible(phone)
    fits(phone)
    place = Place.objects.get()
    assert (place.title, place.days, place.state, place.weekly_hours) == ("Aiuto in serra", [0, 1, 2, 3], "offered", 16)
    return place


def writes_the_plan(page, tutor, accessible):
    """The place has filled host, hours and activities; put away and chosen again, it fills them again."""
    expect(page.locator("#id_activities")).to_have_value("Annaffiare e rinvasare.")
    expect(page.locator("#id_monday")).to_have_value("4")
    accessible(page)
    page.get_by_label("Perché questo tirocinio").fill("Vuole tornare a lavorare con le piante.")
    page.get_by_label("Nessuno di questi").focus()  # with the keyboard alone
    page.keyboard.press("Space")
    expect(page.locator("[name=told]")).to_have_value(re.compile("^[0-9]+-$"))
    page.locator("#id_activities").fill("")
    page.get_by_label("Nessuno di questi").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#id_activities")).to_have_value("Annaffiare e rinvasare.")
    expect(page.get_by_label("Aiuto in serra")).to_be_focused()
    page.get_by_label("Tutor aziendale").fill("Sara Esempio")
    page.get_by_label("Fine", exact=False).first.fill((timezone.localdate() + dt.timedelta(days=200)).isoformat())
    page.get_by_label("Obiettivi di inclusione").fill("Uscire di casa ogni giorno.")
    page.get_by_label("Obiettivi formativi").fill("Imparare la potatura.")
    page.get_by_label("Ente che ha in carico").select_option(label="Società della Salute di prova")
    page.get_by_label("Soggetto promotore").select_option(label="Cooperativa di prova")
    page.get_by_label("Tutor del promotore").select_option(label="Tutor")
    page.get_by_label("Presa in carico integrata dal").fill((timezone.localdate() - dt.timedelta(days=9)).isoformat())
    page.get_by_label("Con il servizio per il lavoro").select_option(label="Centro per l'impiego di prova")
    page.locator("#id_operation").select_option(index=1)
    page.get_by_role("button", name="Salva il progetto").click()
    expect(page.get_by_text("Progetto salvato.")).to_be_visible()


def prepare(page, accessible):
    """The document and who signs it; returns the address each was sent."""
    for party in (*NAMES, "trainee"):
        if party in NAMES:
            page.locator(f"[name={party}-1-name]").fill(NAMES[party])
        page.locator(f"[name={party}-1-email]").fill(f"{party}@prova.example")
    accessible(page)
    mail.outbox.clear()
    page.get_by_role("button", name="Prepara il documento").click()
    expect(page.get_by_text("Manca la firma di: soggetto promotore")).to_be_visible()
    accessible(page)
    invited = {message.to[0].split("@")[0]: re.search(r"(/sign/\S+)", message.body)[1] for message in mail.outbox}
    assert set(invited) == {*NAMES, "trainee"}
    return invited


def signs(phone, url, party, accessible):
    phone.goto(url)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Da firmare")
    expect(phone.get_by_role("link", name="Allegato riservato")).to_have_count(0 if party == "host" else 1)
    mail.outbox.clear()
    phone.get_by_role("button", name="Mandami il codice").click()
    expect(phone.get_by_text("Ti abbiamo mandato una e-mail")).to_be_visible()
    code = re.search(r"\b(\d{6})\b", mail.outbox[0].body)[1]
    if party == "promoter":
        accessible(phone)
        phone.get_by_role("button", name="Firma il documento").click()
        expect(phone.locator(".error-summary")).to_contain_text("Leggi il documento")
        accessible(phone)
    # with the keyboard alone
    phone.get_by_label("Ho letto il documento e lo firmo").focus()
    phone.keyboard.press("Space")
    phone.get_by_label("Codice di 6 cifre").focus()
    phone.keyboard.type(code)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Hai firmato")
    if party == "host":
        accessible(phone)
    fits(phone)
    phone.close()


def began_last_month(row, tutor, anna):
    """The time that passes: notice and start are behind, and the month had one week of work. Its Monday."""
    last = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
    friday = last - dt.timedelta(days=(last.weekday() - 4) % 7)
    monday = friday - dt.timedelta(days=4)
    signed = {"plan_signed_on": monday - dt.timedelta(days=9), "notice_sent_on": monday - dt.timedelta(days=3)}
    Traineeship.objects.filter(pk=row.pk).update(state=State.RUNNING, starts=monday, ends=friday, **signed)
    row.timetables.update(valid_from=monday)
    row.refresh_from_db()
    Agreement.objects.filter(pk=row.agreement_id).update(valid_from=monday - dt.timedelta(days=30))
    factories.open_relation(
        subject=row.subject, kind=Kind.THIRD_SECTOR_TUTOR, user=tutor.user, reason="tutor del tirocinio", by=anna,
        now=timezone.now(), starts=monday, ends=row.tutors_until,
    )  # fmt: skip
    factories.payee(row, by=anna)
    return monday


def keeps_the_register(page, live_server, row, monday, accessible):
    """The tutor confirms the hours of the place, the person signs on her phone, the host on paper."""
    page.set_viewport_size(PHONE["viewport"])
    page.goto(live_server.url + reverse("week", args=[monday.isoformat()]))
    page.get_by_role("button", name="Conferma").first.click()
    expect(page.get_by_text("4 giornate registrate")).to_be_visible()
    page.goto(live_server.url + reverse("sign_register", args=[row.pk, monday.isoformat()]))
    expect(page.get_by_text("9:00-13:00").first).to_be_attached()
    side = page.locator("section", has=page.locator("#sign-trainee"))
    side.get_by_text("disegna la firma qui, adesso").click()
    side.locator("canvas").scroll_into_view_if_needed()
    box = side.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    for n in range(12):
        page.mouse.move(box["x"] + 20 + n * 20, box["y"] + 30 + (n % 3) * 15)
    page.mouse.up()
    side.get_by_role("button", name="Registra la firma").click()
    expect(page.get_by_text("4 giornate firmate")).to_be_visible()
    side = page.locator("section", has=page.locator("#sign-host_tutor"))
    side.get_by_text("ha firmato il registro di carta").click()
    side.get_by_role("button", name="Registra la firma").click()
    expect(side.get_by_text("Niente da firmare")).to_be_visible()
    fits(page)


def paid(page, live_server, row, monday, accessible):
    """Closed, determined, listed, approved, sent, its outcome written; and the chain tells it from the plan on."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(live_server.url + reverse("close_registers"))
    page.get_by_role("button", name="Chiudi 1 registro completo").click()
    expect(page.get_by_text("1 registro chiuso.")).to_be_visible()
    page.goto(live_server.url + reverse("determine_month"))
    page.get_by_role("button", name="Determina 1 mese").click()
    expect(page.get_by_text("Tutti i mesi chiusi sono determinati")).to_be_visible()
    page.goto(live_server.url + reverse("payments"))
    page.get_by_role("button", name="Prepara la lista").click()
    page.locator("[name=act]").fill("Determina 12/2026")
    page.locator("[name=debtor_iban]").fill(factories.IBAN)
    page.get_by_role("button", name="Approva la lista").click()
    page.get_by_role("button", name="Segna come inviata").click()
    page.get_by_text("Scrivi un esito a mano").click()
    page.locator("label[for=id_outcome_0]").click()
    page.get_by_role("button", name="Scrivi l’esito").click()
    expect(page.get_by_text("con tutti gli esiti").first).to_be_visible()
    line = PaymentLine.objects.get()
    assert (line.traineeship, line.amount, line.list.state) == (row, 48, "settled")  # sixteen hours at three euros
    page.goto(live_server.url + reverse("payment_chain", args=[row.pk, f"{monday:%Y-%m}"]))
    expect(page.get_by_text("4 giornate, 16 ore.")).to_be_visible()
    accessible(page)


def attested(page, live_server, row, accessible):
    """It has ended: the attestation says the hours of the register, in neutral words, and its PDF opens."""
    Traineeship.objects.filter(pk=row.pk).update(state=State.CONCLUDED, ends=timezone.localdate())
    page.goto(live_server.url + reverse("attestation", args=[row.pk]))
    accessible(page)
    page.get_by_role("button", name="Emetti", exact=True).click()
    expect(page.get_by_text("16 ore; neutra")).to_be_visible()
    paper = page.get_by_role("link", name="Apri il PDF").get_attribute("href")
    answer = page.request.get(live_server.url + paper)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
