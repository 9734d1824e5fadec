"""Every page a link leads to, where it is fullest among the public and each kind of role: axe finds nothing against
WCAG 2.1 AA, and a phone never scrolls sideways."""

from itertools import groupby

import pytest
from django.test import Client
from django.urls import reverse

from tests import region
from tests.test_permissions import PLANNERS
from tests.walk import walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1200)]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
FEW = 4  # of each address: which link is dead, and the rest of the pages, another walk sees without a browser


def fullest_pages(enter):
    """[(who reads it, address)], one for each page, those of one reader together; nobody is the public."""
    fullest, everybody = {}, ()
    readers = [None, *region.one_of_each()]
    for n, acting in enumerate(readers):
        client = enter(acting) if acting else Client()
        # the pages everybody reads say more to planners only
        but = () if acting is None or acting.kind in PLANNERS else everybody
        found = walk(client, reverse("home" if acting else "public_home"), but=but, most=FEW)
        everybody = everybody or set(found)
        for page, opened in found.items():
            length, address = max(opened, default=(0, ""))
            if length > fullest.get(page, (0,))[0]:
                fullest[page] = (length, n, address)
    return [(readers[n], address) for _length, n, address in sorted(fullest.values(), key=lambda one: one[1:])]


def wrong_with(page, address, accessible):
    """What axe and a narrow screen say against a page, in sentences."""
    page.set_viewport_size(DESK)
    answer = page.goto(address)
    if answer.status != 200:
        return [f"{address} answers {answer.status}"]
    found = []
    try:
        accessible(page)
    except AssertionError as violations:
        found.append(str(violations))
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > PHONE["width"]:
        found.append(f"{address} is {width} pixels wide on a phone")
    return found


def test_every_page_is_accessible_and_fits_a_phone(live_server, page, enter, enter_browser, accessible):
    region.make()
    pages = fullest_pages(enter)
    wrong = []
    for acting, of_one_reader in groupby(pages, key=lambda one: one[0]):
        if acting:
            enter_browser(acting)
        for _acting, address in of_one_reader:
            said = wrong_with(page, live_server.url + address, accessible)
            wrong += [f"{acting.kind if acting else 'public'}: {sentence}" for sentence in said]
    assert not wrong, "\n".join(wrong)
    assert len(pages) > 100
