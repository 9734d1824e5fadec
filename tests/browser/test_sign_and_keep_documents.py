"""A plan signed with a finger on the screen, a document chosen and kept: wide and on a telephone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accanto.cases.plan_evidence import PlanEvidence
from accanto.documents.document import Document
from tests.cases.conftest import full_case
from tests.documents import files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}


def sign(page, who):
    """A zigzag in the sheet of who signs."""
    sheet = page.locator(f".pad[data-signer={who}] canvas")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    at = [
        (box["x"] + box["width"] * (0.1 + 0.03 * n), box["y"] + box["height"] * (0.3 + 0.2 * (n % 3)))
        for n in range(25)
    ]
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y)
    page.mouse.up()


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("size", SIZES)
def test_a_plan_is_signed_on_the_screen(enter_browser, live_server, mugello, anna, accessible, size):
    plan = full_case(mugello, by=anna, agreed=False).plans.get()
    page = enter_browser(anna)
    page.set_viewport_size(SIZES[size])
    page.goto(live_server.url + reverse("agree_plan", args=[plan.pk]))
    expect(page.locator("[data-drawings]")).to_be_hidden()
    page.locator("label", has_text="disegnata su uno schermo").click()
    sign(page, "person")
    sign(page, "manager")
    page.locator(".pad[data-signer=manager] button").click()  # it came badly
    accessible(page)
    fits(page)
    page.get_by_role("button", name="Registra le firme").click()
    expect(page.locator(".error-summary")).to_contain_text("Manca la firma disegnata di: il responsabile del caso")
    # what the person drew is still there
    sign(page, "manager")
    page.get_by_role("button", name="Registra le firme").click()
    page.wait_for_url("**/people/*/")
    assert PlanEvidence.objects.count() == 2
    page.goto(live_server.url + reverse("personal_plan", args=[plan.pk]))
    expect(page.locator("svg.drawn")).to_have_count(2)
    accessible(page)
    fits(page)


@pytest.mark.parametrize("size", SIZES)
def test_a_document_is_chosen_kept_and_seen(enter_browser, live_server, mugello, anna, accessible, size, tmp_path):
    case = full_case(mugello, by=anna)
    picture = tmp_path / "carta.png"
    picture.write_bytes(files.picture("PNG", size=(600, 400)))
    page = enter_browser(anna)
    page.set_viewport_size(SIZES[size])
    page.goto(live_server.url + reverse("person", args=[case.subject_id]))
    page.locator(".file-index a", has_text="Documenti").click()
    accessible(page)
    page.get_by_role("link", name="Aggiungi un documento").click()
    page.get_by_label("Che cos’è").fill("Carta d’identità")
    page.get_by_label("Che cosa contiene").select_option("registry")
    page.get_by_label("File").set_input_files(picture)
    accessible(page)
    fits(page)
    page.get_by_role("button", name="Registra il documento").click()
    page.get_by_role("link", name="Carta d’identità").click()
    shown = page.locator("img.document-picture")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 600)  # it arrives after the page
    accessible(page)
    fits(page)
    page.goto(live_server.url + reverse("signed_paper", args=[case.plans.get().pk]))
    accessible(page)
    assert Document.objects.count() == 1
