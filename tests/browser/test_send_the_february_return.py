"""The planner of a zone writes two contracts and finds the February return filled; opens a number, sends, finalises."""

import datetime as dt
import os
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.staffing.staff_figure import StaffFigure
from accanto.staffing.staffing_return import StaffingReturn
from accanto.territory.population import Population
from accanto.web import staffing_return as page_of_the_return
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("ACCANTO_PICTURES", "")
IN_FEBRUARY = dt.datetime(2026, 2, 10, 9, tzinfo=ZoneInfo("Europe/Rome"))


@pytest.mark.parametrize("width", [1280, 390])
def test_the_return_fills_itself_and_is_sent_and_finalised(
    enter_browser, live_server, accessible, monkeypatch, mugello, planner, width
):
    clock = SimpleNamespace(now=lambda: IN_FEBRUARY, localdate=timezone.localdate)
    monkeypatch.setattr(page_of_the_return, "timezone", clock)
    town = factories.municipality(mugello, "Borgo di prova")
    Population.objects.create(municipality=town, date=dt.date(2024, 12, 31), residents=6_000, source="ISTAT")
    page = enter_browser(planner)
    page.set_viewport_size({"width": width, "height": 900})

    def look(name):
        accessible(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} pixels wider than the screen"
        if PICTURES:
            page.screenshot(path=Path(PICTURES, f"{name}-{width}.png"), full_page=True)

    def enter_somebody(*, hours, starts, employer, municipality=None):
        page.goto(live_server.url + reverse("workers"))
        page.get_by_role("link", name="Inserisci un operatore").first.click()
        look("new-worker")
        page.get_by_role("button", name="Avanti: il contratto").click()
        page.get_by_label("Chi lo impiega").select_option(employer)
        page.get_by_label("Tipo di contratto").select_option("permanent")
        if municipality:
            page.get_by_label("Per quale comune").select_option(municipality)
        page.get_by_label("Ore la settimana").fill(hours)
        page.get_by_label("Dal").fill(starts)
        look("contract")
        page.get_by_role("button", name="Salva").click()
        page.get_by_text("Contratto scritto").wait_for()

    # half of full time all year for the zone body, thirty hours from April for a municipality
    enter_somebody(hours="18", starts="2020-01-01", employer="zone_body")
    look("worker")
    enter_somebody(hours="30", starts="2025-04-01", employer="municipality", municipality=town.pk)
    page.goto(live_server.url + reverse("workers"))
    look("workers")

    address = live_server.url + reverse("staffing_return", args=["mugello", 2026])
    page.goto(address)
    assert "A tempo pieno, in media: 1,125." in page.locator("main").inner_text()
    look("return")
    page.get_by_role("link", name="0,625").first.click()
    page.get_by_text("30 ore, dal 01/04/2025").wait_for()
    look("full-time")

    page.goto(address)
    page.get_by_text("Un numero deve essere diverso dai contratti").click()
    page.get_by_label("Riga").select_option(town.pk)
    page.get_by_label("Tempo pieno dichiarato").fill("0,75")
    page.get_by_label("Persone al 31 dicembre").fill("1")
    page.get_by_role("button", name="Cambia la riga").click()
    page.get_by_text("Questo campo è obbligatorio").first.wait_for()
    look("change-refused")
    page.get_by_label("Perché è diverso dai contratti").fill("Le ore sono salite a 36 il 1° ottobre: atto in arrivo")
    page.get_by_role("button", name="Cambia la riga").click()
    page.get_by_text("atto in arrivo").first.wait_for()
    look("changed")
    page.get_by_role("button", name="Torna ai contratti").click()
    page.get_by_text("di nuovo quella dei contratti").wait_for()

    page.get_by_role("button", name="Salva e invia").click()
    page.get_by_text("ora va finalizzato").wait_for()
    look("sent")
    page.get_by_role("button", name="Finalizza").click()
    page.get_by_text("Prospetto finalizzato").first.wait_for()
    assert StaffingReturn.objects.get().state == "finalised"
    assert str(StaffFigure.objects.standing().get(year=2025).permanent_fte) == "1.1250"

    page.goto(live_server.url + reverse("staffing_zone", args=["mugello"]))
    assert "1,125 assistenti sociali" in page.locator("main").inner_text()
    look("zone")
