"""A browser closed in the middle of a long page finds what was typed."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accanto.access.draft import Draft
from tests.cases.conftest import full_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_was_typed_is_there_after_the_browser_was_closed(enter_browser, live_server, mugello, anna, accessible):
    case = full_case(mugello, by=anna)
    url = live_server.url + reverse("write_plan", args=[case.pk])
    page = enter_browser(anna)
    page.goto(url)
    page.get_by_label("Con le sue parole").first.fill("Vorrei un orto")
    expect(page.get_by_text(re.compile("Bozza salvata alle"))).to_be_visible()
    page.goto("about:blank")
    page.goto(url)
    expect(page.get_by_label("Con le sue parole").first).to_have_value("Vorrei un orto")
    expect(page.get_by_text("Qui c’è quello che avevi scritto")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Butta la bozza").click()
    expect(page.get_by_label("Con le sue parole").first).not_to_have_value("Vorrei un orto")
    assert not Draft.objects.exists()
