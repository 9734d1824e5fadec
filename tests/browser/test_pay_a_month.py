"""A social worker pays a closed month: determined, listed, approved, sent, its outcomes written."""

import datetime as dt
import os
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.access.role import Kind
from accanto.traineeships import attendance
from accanto.traineeships.payment import PaymentList
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}  # on a desk: test_from_an_offer_to_the_payment


@pytest.fixture
def paid_soon(transactional_db):
    """Anna, and two people of an operation with ten hours in a month that is closed."""
    zone = factories.zone("mugello")
    anna = factories.user("anna", Kind.SOCIAL_WORKER, zone=zone)
    body = factories.organisation("third_sector_body", "Cooperativa di prova")
    tutor = factories.user("tutor", Kind.THIRD_SECTOR_TUTOR, organisation=body)
    month = (timezone.localdate().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    for n in range(2):
        case = factories.person_in_charge(zone, by=anna, family_name=f"Prova{n}")
        row = factories.traineeship(case, tutor=tutor, by=anna)
        row.starts, row.operation = month, factories.operation(zone)
        row.hours_by_weekday = [Decimal(4)] * 7
        row.save()
        attendance.record(traineeship=row, day=month, hours=Decimal(10), by=anna, now=timezone.now())
        factories.close_of(row, month, by=anna)
        if n == 0:
            factories.payee(row, by=anna)
    return anna, row, month


def test_a_month_is_paid_from_the_close_to_the_outcome(live_server, enter_browser, paid_soon, accessible):
    anna, last, month = paid_soon
    page = enter_browser(anna)
    page.set_viewport_size(PHONE)

    def look(name):
        accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{name} is {width} pixels wide"
        if folder := os.environ.get("ACCANTO_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-390.png", full_page=True)

    page.goto(live_server.url + reverse("determine_month"))
    look("determine")
    page.get_by_role("button", name="Determina 2 mesi").click()
    page.goto(live_server.url + reverse("payments"))
    look("payments")
    page.get_by_role("link", name=str(last.person)).click()  # who stays out, with why
    page.locator("[name=iban]").fill("IT60 X054 2811 1010 0000 0123 457")
    page.get_by_role("button", name="Registra").click()
    assert page.get_by_text("cifre di controllo").first.is_visible()
    look("payee")
    page.locator("[name=iban]").fill("IT60 X054 2811 1010 0000 0123 456")
    page.get_by_role("button", name="Registra").click()
    page.goto(live_server.url + reverse("payments"))
    page.get_by_role("button", name="Prepara la lista").click()
    page.locator("[name=act]").fill("Determina 12/2026")
    page.locator("[name=debtor_iban]").fill(factories.IBAN)
    look("list")
    page.get_by_role("button", name="Approva la lista").click()
    page.get_by_role("button", name="Segna come inviata").click()
    page.get_by_text("Scrivi un esito a mano").click()
    page.locator("label[for=id_outcome_0]").click()
    page.get_by_role("button", name="Scrivi l’esito").click()
    look("settled")
    assert PaymentList.objects.get().state == "settled"
    page.goto(live_server.url + reverse("payment_chain", args=[last.pk, f"{month:%Y-%m}"]))
    look("chain")
    page.get_by_role("link", name=last.operation.cup).click()
    look("operation")
