import pytest
from playwright.sync_api import expect

from accanto.access.role import Kind
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_social_worker_signs_in_with_a_password_and_out_again(live_server, page, accessible):
    anna = factories.user("anna", Kind.SOCIAL_WORKER, zone=factories.zone("mugello"))
    anna.user.set_password("una frase lunga 1")
    anna.user.save()
    page.goto(live_server.url + "/sign-in/")
    accessible(page)
    page.get_by_label("Nome utente").fill("Anna")
    page.get_by_label("Password").fill("sbagliata")
    page.get_by_role("main").get_by_role("button", name="Accedi", exact=True).click()
    expect(page.get_by_text("non riconosciuti").first).to_be_visible()
    accessible(page)
    page.get_by_label("Password").fill("una frase lunga 1")
    page.get_by_role("main").get_by_role("button", name="Accedi", exact=True).click()
    expect(page.get_by_text("assistente sociale").first).to_be_visible()
    page.get_by_role("button", name="Esci").click()
    expect(page.get_by_role("link", name="Accedi")).to_be_visible()
