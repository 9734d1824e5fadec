"""A company, on a telephone and without an account, offers a place; a program that opens its link does nothing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.traineeships import offer_link
from accanto.traineeships.host import Host
from accanto.traineeships.models import Place
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_company_offers_a_place(live_server, page, anna, mugello, accessible):
    body = factories.organisation("host", "Vivaio di prova")
    host = Host.objects.create(organisation=body, municipality=factories.municipality(mugello))
    _link, token = offer_link.make(host=host, by=anna, now=timezone.now())
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + reverse("offer", args=[token]))
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Offri questo posto").click()
    page.get_by_text("Correggi").first.wait_for()
    accessible(page)
    page.get_by_label("Che cosa si fa").fill("Aiuto in serra")
    page.get_by_label("Ambito").select_option("agricultural")
    page.get_by_label("Le attività").fill("Annaffiare e rinvasare.")
    for weekday in (0, 2):
        page.locator(f"label[for=id_weekdays_{weekday}]").click()
    page.get_by_role("button", name="Offri questo posto").click()
    page.get_by_text("lo stiamo leggendo").wait_for()
    accessible(page)
    place = Place.objects.get()
    assert (place.title, place.days, place.state) == ("Aiuto in serra", [0, 2], "offered")
