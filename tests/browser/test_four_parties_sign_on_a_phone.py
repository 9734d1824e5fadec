"""A plan is made ready, four parties sign it on their phones without an account, and it is recorded."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from accanto.documents.signature_round import Signature
from accanto.traineeships.signing import Signing
from accanto.traineeships.traineeship import State, Traineeship
from accanto.traineeships.traineeship_plan import TraineeshipPlan
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PARTIES = {"promoter": "Paola Esempio", "host": "Sara Esempio", "body_in_charge": "Anna Esempio", "trainee": ""}
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "it-IT", "is_mobile": True, "has_touch": True}


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.fixture
def draft(mugello, anna, tutor):
    authority = factories.organisation("zone_authority", "Società della Salute di prova", zone=mugello)
    centre = factories.organisation("employment_centre", "Centro per l'impiego di prova", zone=mugello)
    case = factories.person_in_charge(mugello, by=anna)
    row = factories.traineeship(case, tutor=tutor, by=anna)
    start = row.ends
    Traineeship.objects.filter(pk=row.pk).update(
        state=State.DRAFT, plan_signed_on=None, promoter=tutor.role.organisation, promoter_type="social_cooperative",
        starts=start, ends=start + dt.timedelta(days=120), case_manager=anna.user,
    )  # fmt: skip
    TraineeshipPlan.objects.create(
        traineeship=row, subject=case.subject, zone=mugello, body_in_charge=authority, path_agreed_on=case.opened_on,
        integrated_on=case.opened_on, integrated_with=centre, reason="Vuole tornare a lavorare.",
        inclusion_goals="Uscire di casa ogni giorno.", training_goals="Imparare la potatura.",
    )  # fmt: skip
    return row


def test_four_parties_sign_on_a_phone(enter_browser, live_server, browser, anna, draft, accessible):
    page = enter_browser(anna)
    page.goto(live_server.url + reverse("traineeship", args=[draft.pk]))
    page.get_by_role("link", name="Fai firmare il progetto").click()
    for party, name in PARTIES.items():
        if name:
            page.locator(f"[name={party}-1-name]").fill(name)
        page.locator(f"[name={party}-1-email]").fill(f"{party}@prova.example")
    accessible(page)
    page.get_by_role("button", name="Prepara il documento").click()
    expect(page.get_by_text("Manca la firma di: soggetto promotore")).to_be_visible()
    accessible(page)
    invited = {message.to[0].split("@")[0]: re.search(r"(/sign/\S+)", message.body)[1] for message in mail.outbox}
    assert set(invited) == set(PARTIES)
    for party in PARTIES:
        context = browser.new_context(**PHONE)
        phone = context.new_page()
        phone.goto(live_server.url + invited[party])
        expect(phone.get_by_role("heading", level=1)).to_contain_text("Da firmare")
        annex = phone.get_by_role("link", name="Allegato riservato")
        expect(annex).to_have_count(0 if party == "host" else 1)
        accessible(phone)
        fits(phone)
        mail.outbox.clear()
        phone.get_by_role("button", name="Mandami il codice").click()
        expect(phone.get_by_text("Ti abbiamo mandato una e-mail")).to_be_visible()
        code = re.search(r"\b(\d{6})\b", mail.outbox[0].body)[1]
        if party == "promoter":
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
        accessible(phone)
        fits(phone)
        context.close()
    assert Signature.objects.count() == 4
    page.goto(live_server.url + reverse("my_day"))
    page.get_by_role("link", name="Registra").first.click()
    page.set_viewport_size(PHONE["viewport"])
    accessible(page)
    fits(page)
    page.get_by_role("button", name="Registra il progetto firmato").click()
    page.wait_for_url("**/traineeships/*/")
    draft.refresh_from_db()
    assert draft.state == State.PLAN_SIGNED
    assert Signing.objects.get().registered_at
