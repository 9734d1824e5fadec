"""The regional officer splits the services quota of two years among the 28 zones, by phone; anybody reads it after."""

import datetime as dt
import os

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accanto.access.role import Kind
from accanto.plan import pack as plan_pack
from accanto.plan.allocation import Allocation
from accanto.territory import pack
from accanto.territory.zone import Zone
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
LINE = "poverty-services-quota"


@pytest.fixture
def toscana(transactional_db):
    now = timezone.now()
    pack.load(settings.REGION_PACK, now=now)
    plan_pack.load(settings.REGION_PACK, now=now)
    return factories.user("officer", Kind.REGIONAL_OFFICER)


def test_a_fund_is_split_seen_saved_adopted_and_read_by_anybody(
    live_server, enter_browser, browser, toscana, accessible
):
    act = factories.act("900", kind="DD", issuer="Regione Toscana")
    factories.allocation(Zone.objects.get(code="mugello"), year=2025)
    page = enter_browser(toscana)
    page.set_viewport_size(PHONE)

    def look(name, page=page):
        accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{name} is {width} pixels wide"
        if folder := os.environ.get("ACCANTO_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-390.png", full_page=True)

    page.goto(live_server.url + reverse("funds"))
    look("funds")
    page.get_by_role("link", name="Quota servizi del Fondo povertà").click()
    look("fund")
    page.get_by_role("link", name="Dividi una somma fra le zone").click()
    look("split")
    page.locator("[name=year]").fill("2026")
    page.locator("[name=total]").fill("10.000.000,00")
    page.locator("[name=name_1]").fill("Nuclei beneficiari")
    page.locator("[name=weight_1]").fill("60")
    households = "\n".join(f"{zone.name}\t{zone.pk * 137}" for zone in Zone.objects.exclude(code="elba"))
    page.locator("[name=table_1]").fill(households)
    page.locator("[name=source_1]").fill("INPS, nota di prova")
    page.locator("[name=weight_2]").fill("39")
    page.locator("[name=base_2]").select_option("2024-12-31")
    page.get_by_role("button", name="Calcola le quote").click()
    # all that is wrong, at once
    expect(page.get_by_text("I pesi fanno 99 %: devono fare 100.")).to_be_visible()
    expect(page.get_by_text("Manca la base di Elba.")).to_be_visible()
    look("split-refused")
    page.locator("[name=table_1]").fill(households + "\nElba\t99")
    page.locator("[name=weight_2]").fill("40")
    page.get_by_role("button", name="Calcola le quote").click()
    expect(page.get_by_text("28 quote che fanno 10.000.000,00")).to_be_visible()
    expect(page.get_by_text("al centesimo avanzava")).to_be_visible()
    look("split-seen")
    page.get_by_role("button", name="Salva come bozza").click()
    look("allocation-draft")
    page.locator("[name=act]").select_option(act.code)
    page.locator("[name=adopted_on]").fill(f"{dt.date(2026, 10, 1)}")
    page.get_by_role("button", name="Adotta il riparto").click()
    expect(page.get_by_text("Riparto adottato")).to_be_visible()
    row = Allocation.objects.standing().get(year=2026)
    assert sum(quota.amount for quota in row.quotas.all()) == row.total

    stranger = browser.new_context(viewport=PHONE, locale="it-IT").new_page()
    stranger.goto(live_server.url + reverse("allocation", args=[row.pk]))
    expect(stranger.get_by_role("link", name="DD n. 900").first).to_be_visible()
    expect(stranger.get_by_text("Differenza").first).to_be_visible()
    look("allocation", stranger)
    stranger.context.close()
