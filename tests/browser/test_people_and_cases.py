"""Every page of people and cases in a real browser, wide and on a telephone: nothing for axe to say, no page wider than
its screen."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accanto.access.relation import open_relation
from accanto.access.role import Kind
from accanto.cases.assessment import AssessmentDomain
from accanto.cases.participation import Participation
from accanto.cases.personal_plan import PersonalPlan
from accanto.cases.referral import Referral
from tests import factories
from tests.cases.conftest import full_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}
PICTURES = os.environ.get("ACCANTO_PICTURES", "")


@pytest.fixture
def look(live_server, page, accessible):
    def look_at(name, url, size):
        page.set_viewport_size(SIZES[size])
        assert page.goto(live_server.url + url).status == 200
        accessible(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if PICTURES:
            page.screenshot(path=Path(PICTURES, f"{name}-{size}.png"), full_page=True)
        assert wider <= 0, f"{url} is {wider} pixels wider than the screen"

    return look_at


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_a_social_worker(enter_browser, look, page, live_server, mugello, anna, size):
    operation = factories.operation(mugello)
    case, draft = full_case(mugello, by=anna), full_case(mugello, by=anna, n=1, agreed=False)
    subject = case.subject_id
    now = timezone.now()
    from accanto.cases import participation

    participation.enter(case=case, operation=operation, starts=case.opened_on, entry={"sex": "F"}, by=anna, now=now)
    enter_browser(anna)
    pages = [
        ("my-day", reverse("my_day")), ("people", reverse("people")), ("person", reverse("person", args=[subject])),
        ("registry", reverse("registry", args=[subject])), ("who", reverse("who_can_see", args=[subject])),
        ("new-referral", reverse("new_referral")),
        ("referral", reverse("referral", args=[Referral.objects.get(subject=subject).pk])),
        ("team", reverse("team", args=[case.pk])), ("close", reverse("close_case", args=[case.pk])),
        ("area", reverse("change_area", args=[case.pk])), ("manager", reverse("hand_over", args=[case.pk])),
        ("assessment-form", reverse("new_assessment", args=[case.pk])),
        ("assessment", reverse("assessment", args=[case.assessments.get().pk])),
        ("plan-form", reverse("write_plan", args=[case.pk])),
        ("plan", reverse("personal_plan", args=[PersonalPlan.objects.get(case=case).pk])),
        ("agree", reverse("agree_plan", args=[PersonalPlan.objects.get(case=draft).pk])),
        ("entry", reverse("new_participation", args=[draft.pk])),
        ("entry-sheet", reverse("participation", args=[Participation.objects.get().pk])),
    ]  # fmt: skip
    for name, url in pages:
        look(name, url, size)
    page.goto(live_server.url + reverse("my_day"))
    page.locator("#people-search").fill("prova ida")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/search/")
    if PICTURES:
        page.screenshot(path=Path(PICTURES, f"search-{size}.png"), full_page=True)


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_the_person_and_of_the_operator(enter_browser, look, mugello, anna, carla, size):
    case = full_case(mugello, by=anna)
    operator = factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
    open_relation(
        subject=case.subject,
        kind=Kind.PERSON,
        user=carla.user,
        reason="il proprio fascicolo",
        by=anna,
        now=timezone.now(),
    )
    enter_browser(carla)
    look("own-file", reverse("person", args=[case.subject_id]), size)
    look("own-who", reverse("who_can_see", args=[case.subject_id]), size)
    enter_browser(operator)
    look("operator-day", reverse("my_day"), size)
    look("operator-file", reverse("person", args=[case.subject_id]), size)
    look("operator-domain", reverse("revise_domain", args=[AssessmentDomain.objects.get(domain="work").pk]), size)


def test_the_fiscal_code_speaks_while_one_types(enter_browser, page, live_server, anna):
    enter_browser(anna)
    page.goto(live_server.url + reverse("new_referral"))
    page.get_by_role("textbox", name="Codice fiscale").fill("PRVDRA90E03D612X")
    page.keyboard.press("Tab")
    page.get_by_text("errore di battitura").wait_for()
    page.get_by_role("textbox", name="Codice fiscale").fill("prvdra90e03d612y")
    page.keyboard.press("Tab")
    page.get_by_text("nato il 03/05/1990 a Firenze").wait_for()


@pytest.mark.parametrize("size", SIZES)
def test_a_person_is_found_while_one_types_and_opened_from_the_keyboard(
    enter_browser, page, live_server, accessible, mugello, anna, size
):
    case = full_case(mugello, by=anna)
    enter_browser(anna)
    page.set_viewport_size(SIZES[size])
    page.goto(live_server.url + reverse("my_day"))
    page.locator("#people-search").press_sequentially("ida pro")
    page.locator("#people-found").get_by_role("link", name="Prova Ida0").wait_for()
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#people-found")).to_be_empty()
    page.locator("#people-search").press_sequentially("ida pro")  # Escape empties the field too
    page.locator("#people-found a").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('person', args=[case.subject_id])}")
