"""The main job in a real browser, each at their own screen: the social worker writes a referral and leads the person to
a traineeship the law allows, the tutor confirms a day on a phone, the region sees it, the person reads it all."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accanto.access.log import Reading
from accanto.access.relation import open_relation
from accanto.access.role import Kind
from accanto.norms.days import last_day
from accanto.people.person import Person
from accanto.traineeships import attendance
from accanto.traineeships.host import Host
from accanto.traineeships.traineeship import Traineeship
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
WORDS = "Vorrei tornare a lavorare con le piante"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def around(mugello, anna, tutor, today, monkeypatch):
    """What stands before the journey begins: bodies, a host, an operation, and three other trainees whose hours keep
    the region's figure from being that of too few people. Whatever day the test runs, it is not a holiday."""
    monkeypatch.setattr("accanto.traineeships.traineeship.is_holiday", lambda day: False)
    factories.organisation("zone_authority", "Società della Salute di prova", zone=mugello)
    factories.organisation("employment_centre", "Centro per l’impiego di prova", zone=mugello)
    host = factories.organisation("host", "Vivaio di prova")
    Host.objects.create(
        organisation=host, municipality=factories.municipality(mugello, "Borgo di prova"), permanent_staff=8
    )
    factories.operation(mugello)
    for name in ("Secondo", "Terzo", "Quarto"):
        row = factories.traineeship(
            factories.person_in_charge(mugello, by=anna, family_name=name), tutor=tutor, by=anna
        )
        attendance.record(traineeship=row, day=row.starts, hours=Decimal(6), by=tutor, now=timezone.now())


class Desk:
    """Somebody at a browser who fills fields by their names and presses buttons by their words."""

    def __init__(self, page, site, accessible):
        self.page, self.site, self.accessible = page, site, accessible

    def open(self, name, *args):
        return self.page.goto(self.site + reverse(name, args=args))

    def follow(self, words):
        self.move(self.page.get_by_role("main").get_by_role("link", name=words).first)

    def move(self, link):
        """To the page behind a link or a button."""
        with self.page.expect_navigation():
            link.click()

    def fill(self, **values):
        for name, value in values.items():
            field = self.page.locator(f"#id_{name}")
            folded = self.page.locator(f"details:not([open]):has(#id_{name}) > summary")
            if folded.count():
                folded.click()
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(**({"label": value} if isinstance(value, str) else {"index": value}))
            else:
                field.fill(value.isoformat() if isinstance(value, dt.date) else value)

    def tick(self, *words):
        for label in words:
            self.page.get_by_text(label, exact=True).click()
            expect(self.page.get_by_label(label, exact=True)).to_be_checked()

    def press(self, words):
        self.move(self.page.get_by_role("main").get_by_role("button", name=words, exact=True))

    def reads(self, *sentences, within="main"):
        for sentence in sentences:
            expect(self.page.locator(within)).to_contain_text(sentence)


def hours_of_the_region(desk):
    desk.open("dashboard")
    shown = desk.page.locator("#hours").inner_text()
    return Decimal(shown.replace(".", "").replace(",", "."))


def writes_the_referral(desk, today):
    desk.open("my_day")
    desk.move(desk.page.get_by_role("link", name="Persone", exact=True).first)
    desk.follow("Nuova segnalazione")
    desk.fill(family_name="Prova", given_name="Dario", fiscal_code="PRVDRA90E03D612X", municipality="Borgo di prova")
    desk.page.keyboard.press("Tab")
    desk.reads("errore di battitura", within="#fiscal-code-says")
    desk.accessible(desk.page)
    desk.fill(fiscal_code="prvdra90e03d612y")
    desk.page.keyboard.press("Tab")
    desk.reads("nato il 03/05/1990 a Firenze", within="#fiscal-code-says")
    desk.fill(channel="ente del Terzo settore", received_on=today - dt.timedelta(days=40), need="Ha perso il lavoro.")
    desk.press("Registra la segnalazione")


def takes_the_person_in_charge(desk, today):
    desk.follow("Accogli e prendi in carico")
    desk.fill(area="svantaggio ed esclusione sociale", opened_on=today - dt.timedelta(days=35))
    desk.press("Prendi in carico")
    desk.fill(work_text="Ha fatto il giardiniere per dieci anni.", outcome=1, day=today - dt.timedelta(days=30))
    desk.press("Registra la valutazione")


def agrees_the_plan(desk, today):
    desk.fill(own_words_1=WORDS, result_1="Lavora ogni mattina in un vivaio.")
    desk.tick("tirocinio di inclusione sociale")
    desk.fill(action_1="Va al vivaio ogni mattina", action_due_1=today + dt.timedelta(days=60))
    desk.press("Scrivi il progetto")
    desk.fill(agreed_on=today - dt.timedelta(days=20))
    desk.press("Registra le firme")
    desk.reads("Progetto firmato", WORDS)


def proposes_too_long_a_traineeship(desk, today):
    """Twenty-five months: the page says why not, which article, and until when it may last; nothing is saved."""
    desk.follow("Proponi un tirocinio")
    host = desk.page.locator("#id_host option", has_text="Vivaio di prova").text_content()
    desk.fill(host=host.strip())
    expect(desk.page.get_by_role("link", name="Sedi, tutor e posti")).to_be_visible()  # what the host has is there
    desk.fill(
        host_tutor_name="Sara Esempio",
        starts=today,
        ends=last_day(today, 25),
        reason="Conosce il mestiere e deve ritrovare il ritmo.",
        inclusion_goals="Uscire di casa ogni mattina.",
        training_goals="Imparare la potatura.",
        body_in_charge="Società della Salute di prova",
        promoter="Cooperativa di prova",
        tutor="Tutor",
        integrated_on=today - dt.timedelta(days=15),
        integrated_with="Centro per l’impiego di prova",
        monthly_amount="450",
    )
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    desk.fill(**{week[(today.weekday() + n) % 7]: "4" for n in range(5)})
    until = f"{last_day(today, 24):%d/%m/%Y}"
    desk.reads("R-TIS-26", "supera i 24 mesi", until, within=".findings-live")
    desk.press("Salva il progetto")
    desk.reads("R-TIS-26", "supera i 24 mesi", until, within=".error-summary")
    desk.accessible(desk.page)
    assert not Traineeship.objects.filter(case__person__family_name="Prova").exists()


def corrects_it_and_leads_it_to_the_start(desk, today):
    yesterday = today - dt.timedelta(days=1)
    desk.fill(ends=last_day(today, 12))
    desk.press("Salva il progetto")
    desk.reads("Progetto salvato", "Che cosa manca per cominciare")
    desk.follow("Registra le firme")
    desk.fill(on=yesterday)
    desk.tick("soggetto promotore", "soggetto ospitante", "ente che ha in carico la persona", "la persona")
    desk.press("Registra le firme")
    desk.follow("Collega la convenzione")
    desk.fill(signed_on=yesterday, inail_reference="12345678", liability_reference="Polizza 99")
    desk.tick("soggetto promotore", "soggetto ospitante", "ente che ha in carico la persona")
    desk.press("Collega la convenzione")
    desk.follow("Registra la comunicazione")
    desk.fill(sent_on=yesterday)
    desk.press("Registra la comunicazione")
    desk.follow("Avvia il tirocinio")
    desk.press("Avvia il tirocinio")
    desk.reads("Fatto: Avvio del tirocinio", "in corso")


def confirms_the_day_on_a_phone(desk):
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.open("week")
    row = desk.page.get_by_role("row", name="Dario Prova")
    expect(row.locator("input[name^=hours-]")).to_have_value("4")
    desk.move(row.get_by_role("button", name="Conferma"))
    desk.reads("1 giornata registrata")
    desk.accessible(desk.page)
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390
    desk.page.set_viewport_size({"width": 1280, "height": 800})


def test_one_day_of_work_goes_from_the_referral_to_the_region_and_to_the_person(
    live_server, page, enter_browser, accessible, around, anna, bruno, carla, tutor, officer, today, monkeypatch
):
    monkeypatch.setattr("accanto.web.week.DAY_OVER", dt.time.min)  # the tutor confirms in the evening, at any hour
    desk = Desk(page, live_server.url, accessible)
    enter_browser(officer)
    before = hours_of_the_region(desk)

    enter_browser(anna)
    writes_the_referral(desk, today)
    takes_the_person_in_charge(desk, today)
    agrees_the_plan(desk, today)
    proposes_too_long_a_traineeship(desk, today)
    corrects_it_and_leads_it_to_the_start(desk, today)

    enter_browser(tutor)
    confirms_the_day_on_a_phone(desk)

    enter_browser(officer)
    assert hours_of_the_region(desk) == before + 4

    subject = Person.objects.get(family_name="Prova").subject
    open_relation(
        subject=subject, kind=Kind.PERSON, user=carla.user, reason="il proprio fascicolo", by=anna, now=timezone.now()
    )
    enter_browser(carla)
    desk.open("home")
    desk.reads(WORDS, "Vivaio di prova", f"{today:%d/%m/%Y}: 4 ore")
    desk.reads(str(anna.user), str(tutor.user), within=".looks")
    desk.follow("Il mio progetto")
    desk.reads(WORDS, "Va al vivaio ogni mattina")

    enter_browser(bruno)
    assert desk.open("person", subject.pk).status == 404
    desk.reads("Qui non c’è niente", "appartiene a un’altra zona")
    expect(page.locator("body")).not_to_contain_text("Dario")
    accessible(page)
    assert Reading.objects.filter(user_id=bruno.user.pk, refused=True, detail__asked={"subject": subject.pk}).exists()
