"""Every page a link leads to, as the public and each kind of role see it: axe finds nothing against WCAG 2.1 AA, and a
phone never scrolls sideways."""

import pytest
from django.test import Client
from django.urls import reverse

from accanto.access.role import Kind
from tests import region
from tests.test_permissions import PAGES, PLANNERS
from tests.walk import walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1200)]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
# who reads the same words
SAME = {
    Kind.CASE_MANAGER: Kind.SOCIAL_WORKER,
    Kind.HOST_TUTOR: Kind.THIRD_SECTOR_TUTOR,
    Kind.REGIONAL_OFFICER: Kind.ZONE_PLANNER,
}


def pages_of(client, acting, seen):
    """The fullest page of each address this kind of role has and no one has looked at for it: [address, …]."""
    reader = SAME.get(acting.kind, acting.kind) if acting else None
    addresses = []
    for page, opened in walk(client, reverse("home" if acting else "public_home")).items():
        is_public = page[0] in PAGES and PAGES[page[0]].public
        reads_more = acting is None or acting.kind in PLANNERS
        length, address = max(opened, default=(0, ""))
        if length and (reads_more or not is_public) and (reader, page) not in seen:
            seen.add((reader, page))
            addresses.append(address)
    return addresses


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
    seen, wrong = set(), []
    for acting in [None, *region.one_of_each()]:
        client = enter(acting) if acting else Client()
        addresses = pages_of(client, acting, seen)
        if acting:
            enter_browser(acting)
        for address in addresses:
            said = wrong_with(page, live_server.url + address, accessible)
            wrong += [f"{acting.kind if acting else 'public'}: {sentence}" for sentence in said]
    assert not wrong, "\n".join(wrong)
    assert len(seen) > 100
