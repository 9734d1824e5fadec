"""A week of register with two days where there is no network: taken along, written, sent, and gone from the device."""

import datetime as dt
import os
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accanto.access.role import Kind
from accanto.traineeships import attendance
from accanto.traineeships.models import AttendanceDay
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PIN = "274913"
# all that the device keeps, as text: what was stored and what was cached
KEPT = """async () => {
  const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
  const text = (value) => value instanceof Uint8Array ? new TextDecoder().decode(value)
    : value && typeof value === "object" ? Object.entries(value).map(([k, v]) => k + text(v)).join(" ") : String(value);
  for (const {name} of await indexedDB.databases()) {
    const database = await new Promise((done) => {
      const opening = indexedDB.open(name); opening.onsuccess = () => done(opening.result); });
    for (const store of database.objectStoreNames) {
      const rows = await new Promise((done) => {
        const asked = database.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(asked.result); });
      found.push(store, ...rows.map(text));
    }
    database.close();
  }
  const cached = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      cached.push(new URL(request.url).pathname);
      if (!/woff2|css$|svg$/.test(request.url)) cached.push(await (await cache.match(request)).text());
    }
  }
  return [found.join("\\n"), cached.join("\\n")];
}"""
NOTHING_LEFT = """async () => [
  (await indexedDB.databases()).length, (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length, localStorage.length]"""


def keep(page, name):
    """A picture for who looks at the screens: where ACCANTO_PICTURES says, if it says."""
    if folder := os.environ.get("ACCANTO_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.fixture
def wednesday(monkeypatch):
    """Of the week before, and there it is today: any day one runs this, three days of the week have come."""
    today = timezone.localdate()
    day = today - dt.timedelta(days=today.weekday() + 5)
    clock = SimpleNamespace(localdate=lambda: day, now=timezone.now)
    monkeypatch.setattr("accanto.web.offline.timezone", clock)
    monkeypatch.setattr("accanto.traineeships.traineeship.is_holiday", lambda day: False)
    return day


@pytest.fixture
def tutor(transactional_db):
    body = factories.organisation("third_sector_body", "Cooperativa di prova")
    return factories.user("tutor", Kind.THIRD_SECTOR_TUTOR, organisation=body)


@pytest.fixture
def two(tutor, wednesday):
    zone = factories.zone("mugello")
    anna = factories.user("anna", Kind.SOCIAL_WORKER, zone=zone)
    rows = []
    for name in ("Arancio", "Bergamotto"):
        case = factories.person_in_charge(zone, by=anna, given_name="Dario", family_name=name)
        row = factories.traineeship(case, tutor=tutor, by=anna)
        row.hours_by_weekday = [Decimal(4)] * 5 + [Decimal(0)] * 2
        row.save()
        rows.append(row)
    return rows


@pytest.fixture
def phone(page, wednesday):
    page.set_viewport_size({"width": 390, "height": 844})
    page.set_default_timeout(10_000)
    page.clock.set_fixed_time(dt.datetime.combine(wednesday, dt.time(11), dt.UTC))
    return page


def take_along(page, address):
    page.goto(address + reverse("week"))
    page.get_by_text("Porta con te la settimana").click()
    page.get_by_label("PIN, almeno 6 cifre").fill(PIN)
    page.get_by_label("PIN, di nuovo").fill(PIN)
    page.get_by_role("button", name="Prepara questo dispositivo").click()
    expect(page.get_by_text("Pronto fino al")).to_be_visible()


def open_with(page, pin):
    page.get_by_label("PIN", exact=True).fill(pin)
    page.get_by_role("button", name="Apri", exact=True).click()


def test_a_week_with_two_days_offline(live_server, enter_browser, phone, two, tutor, wednesday, accessible):
    tuesday, monday = wednesday - dt.timedelta(days=1), wednesday - dt.timedelta(days=2)
    page = enter_browser(tutor)
    page.goto(live_server.url + reverse("week"))
    page.get_by_text("Porta con te la settimana").click()
    page.get_by_label("PIN, almeno 6 cifre").fill("123456")
    page.get_by_role("button", name="Prepara questo dispositivo").click()
    expect(page.get_by_text("È un PIN che tutti provano per primo")).to_be_visible()
    accessible(page)
    take_along(page, live_server.url)
    keep(page, "offline-prepared-390")

    # no network: the address of every day leads to what the device keeps, which a wrong PIN does not open
    page.context.set_offline(True)
    page.reload()
    expect(page).to_have_url(live_server.url + reverse("offline"))
    expect(page.get_by_text("Sei senza rete")).to_be_visible()
    open_with(page, "864209")
    expect(page.get_by_text("Puoi provare ancora 4 volte")).to_be_visible()
    keep(page, "offline-locked-390")
    open_with(page, PIN)
    expect(page.locator("#to-send")).to_have_text("Niente da inviare")
    accessible(page)
    # today one was there and the other away; yesterday both
    today = page.locator(f"[data-day='{wednesday}']")
    today.get_by_role("button", name="Conferma 4: Dario Arancio").click()
    expect(page.locator("#to-send")).to_have_text("1 da inviare")
    today.get_by_role("button", name="Scrivi: Dario Bergamotto").click()
    today.get_by_label("Orario (9-13) od ore (4)").fill("9-25")
    today.get_by_role("button", name="Scrivi", exact=True).click()
    expect(today.get_by_text("Scrivi l’orario come 9-13")).to_be_visible()
    today.get_by_label("Presenza").select_option("justified")
    accessible(page)
    keep(page, "offline-writing-390")
    today.get_by_role("button", name="Scrivi", exact=True).click()
    page.locator(f"[data-day='{tuesday}']").get_by_role("button", name="Conferma le 2").click()
    expect(page.locator("#to-send")).to_have_text("4 da inviare")
    keep(page, "offline-written-390")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = [
        box
        for button in page.locator("main button:visible").all()
        if (box := button.bounding_box()) and (box["height"] < 44 or box["width"] < 44)
    ]
    assert not small

    # the next day, still without network: what was written is there, and nobody reads it without the PIN
    page.clock.set_fixed_time(dt.datetime.combine(wednesday + dt.timedelta(days=1), dt.time(11), dt.UTC))
    page.reload()
    stored, cached = page.evaluate(KEPT)
    assert reverse("offline") in cached
    assert reverse("week") + "\n" not in cached
    for word in ("Arancio", "Bergamotto", "Dario", "justified", PIN, str(wednesday)):
        assert word not in stored, word
    for word in ("Arancio", "Bergamotto", "Dario", "Tutor"):
        assert word not in cached, word
    open_with(page, PIN)
    expect(page.locator("#to-send")).to_have_text("4 da inviare")
    page.get_by_role("button", name="Invia").click()
    expect(page.get_by_text("La rete non risponde")).to_be_visible()

    # meanwhile a colleague wrote yesterday of one of them; the network is back
    attendance.record(traineeship=two[0], day=tuesday, hours=3, by=tutor, now=timezone.now())
    page.context.set_offline(False)
    page.get_by_role("button", name="Invia").click()
    expect(page.get_by_text("3 giornate sono nel registro")).to_be_visible()
    card = page.locator(".offline-answer")
    expect(card.get_by_text("3 (scritto da tutor")).to_be_visible()
    expect(card.get_by_text("4 (il")).to_be_visible()
    keep(page, "offline-conflict-390")
    accessible(page)
    page.reload()  # undecided, it is still there
    open_with(page, PIN)
    card.get_by_role("button", name="Correggi il registro").click()
    expect(card.get_by_text("Scegli perché si corregge.")).to_be_visible()
    card.get_by_label("Perché si corregge").select_option("told_later")
    card.get_by_role("button", name="Correggi il registro").click()
    expect(page.get_by_text("1 giornata è nel registro")).to_be_visible()
    rows = AttendanceDay.objects.standing().order_by("day", "traineeship_id")
    assert [(row.day, row.hours, row.absence, row.correction) for row in rows] == [
        (tuesday, 4, "", "told_later"),
        (tuesday, 4, "", ""),
        (wednesday, 4, "", ""),
        (wednesday, 0, "justified", ""),
    ]
    assert all(row.offline_at.date() == wednesday for row in rows)

    # who leaves with a day to send is told first
    page.locator(f"[data-day='{monday}']").get_by_role("button", name="Conferma 4: Dario Arancio").click()
    expect(page.locator("#to-send")).to_have_text("1 da inviare")
    page.goto(live_server.url + reverse("my_day"))
    expect(page.get_by_text("c’è una giornata scritta senza rete, da inviare")).to_be_visible()
    page.get_by_role("button", name="Esci").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    accessible(page)
    keep(page, "offline-leaving-390")
    page.get_by_role("link", name="Invia prima di uscire").click()
    page.get_by_role("button", name="Apri con il tuo accesso").click()
    page.get_by_role("button", name="Invia").click()
    expect(page.get_by_text("1 giornata è nel registro")).to_be_visible()
    page.goto(live_server.url + reverse("week"))
    page.get_by_role("button", name="Esci").click()
    expect(page).to_have_url(live_server.url + reverse("public_home"))
    assert page.evaluate(NOTHING_LEFT) == [0, 0, 0, 0]


def test_another_at_the_same_device_and_five_wrong_pins(live_server, enter_browser, phone, two, tutor, wednesday):
    page = enter_browser(tutor)
    take_along(page, live_server.url)
    page.goto(live_server.url + reverse("offline"))
    open_with(page, PIN)
    page.locator(f"[data-day='{wednesday}']").get_by_role("button", name="Conferma 4: Dario Arancio").click()
    expect(page.locator("#to-send")).to_have_text("1 da inviare")
    page.get_by_role("button", name="Chiudi con il PIN").click()
    expect(page.locator("#locked")).to_be_visible()
    assert "Arancio" not in page.content()  # not even under the page
    for left in ("4 volte", "3 volte", "2 volte", "una volta"):
        open_with(page, "864209")
        expect(page.get_by_text(f"ancora {left}")).to_be_visible()
    open_with(page, "864209")
    expect(page.locator("#said").get_by_text("Troppi PIN sbagliati")).to_be_visible()
    expect(page.locator("#locked-count")).to_have_text("1 da inviare")  # not lost, and not opened by any PIN
    assert page.get_by_label("PIN", exact=True).is_hidden()

    # somebody else signs in there: their sign-in does not open it, and their leaving does not lose it
    sara = factories.user("sara", Kind.HOST_TUTOR, organisation=factories.organisation("host", "Vivaio"))
    enter_browser(sara)
    page.goto(live_server.url + reverse("my_day"))
    expect(page.get_by_text("una giornata non inviata di un altro accesso")).to_be_visible()
    page.goto(live_server.url + reverse("offline"))
    page.get_by_role("button", name="Apri con il tuo accesso").click()
    expect(page.get_by_text("Qui è entrato un altro accesso")).to_be_visible()
    page.goto(live_server.url + reverse("my_day"))
    page.get_by_role("button", name="Esci").click()
    expect(page).to_have_url(live_server.url + reverse("public_home"))

    # without a session it is told to sign in; who wrote it opens it with the sign-in, with the name, and sends it
    page.goto(live_server.url + reverse("offline"))
    page.get_by_role("button", name="Apri con il tuo accesso").click()
    expect(page.get_by_text("Il tuo accesso è scaduto")).to_be_visible()
    enter_browser(tutor)
    page.goto(live_server.url + reverse("week"))
    page.get_by_role("link", name="Vai a inviare").click()
    page.get_by_role("button", name="Apri con il tuo accesso").click()
    expect(page.get_by_text("4, da inviare")).to_be_visible()
    page.get_by_role("button", name="Invia").click()
    expect(page.get_by_text("1 giornata è nel registro")).to_be_visible()
    assert AttendanceDay.objects.get().day == wednesday
    # and who really wants to lose what is not sent does so with two presses
    page.locator(f"[data-day='{wednesday}']").get_by_role("button", name="Cambia: Dario Bergamotto").or_(
        page.locator(f"[data-day='{wednesday}']").get_by_role("button", name="Scrivi: Dario Bergamotto")
    ).click()
    page.get_by_label("Orario (9-13) od ore (4)").fill("9-13")
    page.get_by_role("button", name="Scrivi", exact=True).click()
    expect(page.locator("#to-send")).to_have_text("1 da inviare")
    page.goto(live_server.url + reverse("week"))
    page.get_by_role("button", name="Esci").click()
    page.get_by_role("button", name="Esci e perdile").click()
    page.get_by_role("button", name="Sì, perdi la giornata ed esci").click()
    expect(page).to_have_url(live_server.url + reverse("public_home"))
    assert page.evaluate(NOTHING_LEFT) == [0, 0, 0, 0]
    assert AttendanceDay.objects.count() == 1
