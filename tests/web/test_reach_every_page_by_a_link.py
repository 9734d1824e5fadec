"""From where their day begins people reach by links every page that is theirs, and no link leads to a dead page."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import region
from tests.test_permissions import PAGES, PLANNERS
from tests.walk import walk

pytestmark = pytest.mark.walk

# why no link leads there
NO_LINK = {
    "search": "one searches with the form of the header",
    "plan_findings": "the form of a plan asks it while it is filled",
    "plan_change_findings": "the form of a plan asks it while it is filled",
    "entry_findings": "the form of an entry asks it while it is filled",
    "send_findings": "the form of a referral asks it while it is filled",
    "assessment_findings": "the form of an assessment asks it while it is filled",
    "unseal_address": "from contacts that are protected, which few have",
    "set_language": "a form of the header",
    "calendar": "a secret address one gives to the calendar's own program",
    "gallery": "for who writes the pages",
    "offer": "a secret address that arrives by e-mail",
    "sign": "a secret address that arrives by e-mail",
    "sign_document": "from the page of that address",
    "offline_worker": "a script of the page without network",
    "offline_week": "the script that takes the register along asks it",
    "offline_key": "the script of the page without network asks it",
    "sign_annex": "from the page of that address",
}


FEW = 4  # of each address, for who may open no page that others have not reached


@pytest.mark.timeout(900)
def test_every_page_is_reached_and_no_link_is_dead(db, enter):
    region.make()
    everybody = set(walk(Client(), reverse("public_home")))
    reached = set(everybody)
    expected = {name for name, row in PAGES.items() if not row.post_only} - set(NO_LINK)
    for acting in region.one_of_each():
        # the pages everybody reads say more to planners only
        but = () if acting.kind in PLANNERS else everybody
        left = {name for name in expected if acting.kind in PAGES[name].kinds} - names_of(reached)
        reached |= set(walk(enter(acting), reverse("home"), but=but, **({} if left else {"most": FEW})))
    missing = expected - names_of(reached)
    assert not missing, f"no link leads to {sorted(missing)}"


def names_of(pages):
    return {name for name, _step in pages}
