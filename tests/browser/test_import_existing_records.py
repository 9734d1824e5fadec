"""A social worker brings in a spreadsheet of existing records, from the choice of the file to the undoing; and ties two
files of one person. Of five thousand rows tests/exchange imports as many; here a few hundred, to look at."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.exchange.workbook import Sheet, written
from accanto.people import person as people
from accanto.people.link import Link
from accanto.people.person import Person
from tests.exchange.test_import_existing_records import HEAD, invented

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS, BROKEN = 300, 12


@pytest.fixture
def fits(page, accessible):
    """Nothing for axe to say and no page wider than its screen, on a desk and on a telephone."""

    def look():
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            accessible(page)
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider <= 0, f"{page.url} is {wider} pixels wider than the screen of {width}"
        page.set_viewport_size({"width": 1280, "height": 900})

    return look


def test_an_archive_comes_in_and_is_taken_back(enter_browser, page, live_server, fits, anna):
    page.set_default_timeout(120_000)  # the comparison loads its library in a process of its own
    enter_browser(anna)
    page.goto(live_server.url + reverse("people"))
    page.get_by_role("link", name="Importa un archivio").click()
    fits()
    content = written([Sheet("Persone", HEAD, invented(ROWS, broken=BROKEN))])
    page.locator("input[type=file]").set_input_files({"name": "archivio.xlsx", "mimeType": "x/y", "buffer": content})
    page.get_by_role("button", name="Leggi il file").click()
    page.get_by_role("heading", name="Abbina le colonne").wait_for()
    fits()
    page.get_by_role("button", name="Controlla le righe").click()
    # the page goes on by itself until there is something to look at
    page.locator("#ready").wait_for()
    assert page.locator("#ready").inner_text() == str(ROWS - BROKEN)
    assert page.locator("#broken").inner_text() == str(BROKEN)
    assert page.locator("#errors tbody tr").count() == BROKEN
    fits()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Scarica 12 righe")).click()
    assert download.value.suggested_filename == "righe-da-correggere.xlsx"
    page.get_by_role("button", name=f"Importa {ROWS - BROKEN} righe").click()
    page.locator("#imported").wait_for()
    assert page.locator("#imported").inner_text() == str(ROWS - BROKEN)
    assert Person.objects.count() == ROWS - BROKEN
    fits()
    page.locator("summary", has_text="Annulla l’importazione").click()
    page.get_by_text("Sì, togli tutto ciò che viene da questo file").click()  # the label lies over the box
    page.get_by_role("button", name="Annulla l’importazione").click()
    page.get_by_text("L’importazione è stata annullata").wait_for()
    assert not Person.objects.exists()


def test_two_files_of_one_person_are_tied(enter_browser, page, live_server, fits, anna):
    for _n in range(2):
        people.register(zone_id=anna.zone_id, given_name="Dario", family_name="Prova", by=anna, now=timezone.now())
    enter_browser(anna)
    page.goto(live_server.url + reverse("duplicates"))
    fits()
    page.get_by_role("link", name="Guardale affiancate").click()
    fits()
    page.get_by_label("Perché sono la stessa persona").fill("visto il documento")
    page.get_by_role("button", name="Collega le due schede").click()
    page.get_by_text("Sono collegate: contano").wait_for()
    fits()
    assert Link.objects.live().count() == 2


def test_who_is_already_there_is_shown_while_one_types(enter_browser, page, live_server, anna):
    people.register(zone_id=anna.zone_id, given_name="Dario", family_name="Prova", by=anna, now=timezone.now())
    enter_browser(anna)
    page.goto(live_server.url + reverse("new_referral"))
    page.locator("#id_family_name").fill("Prova")
    page.locator("#id_given_name").fill("Dario")
    page.keyboard.press("Tab")
    page.get_by_text("Forse è già nella zona").wait_for()
    page.get_by_text("Non è nessuna di queste").click()
    assert page.get_by_label("Non è nessuna di queste").is_checked()
