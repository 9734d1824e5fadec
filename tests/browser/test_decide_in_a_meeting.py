"""A sitting of the zone's team in a real browser, from the agenda to the day of who must act."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.access.role import Kind
from accanto.cases import case_team, zone_team
from accanto.cases.meeting import Meeting, MeetingDecision
from tests import factories
from tests.cases.conftest import full_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("ACCANTO_PICTURES", "")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_sitting_from_the_agenda_to_who_must_act(enter_browser, live_server, accessible, mugello, anna, width):
    now, today = timezone.now(), timezone.localdate()
    operator = factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
    first, second = full_case(mugello, by=anna, n=1), full_case(mugello, by=anna, n=2)
    case_team.add(case=first, kind=Kind.EMPLOYMENT_OPERATOR, user=operator.user, starts=today, by=anna, now=now)
    zone_team.team_of(mugello)
    for acting in (anna, operator):
        zone_team.join(zone=mugello, role=acting.role, on=today, by=anna, now=now)
    page = enter_browser(anna)
    page.set_viewport_size({"width": width, "height": 900})

    def look(name):
        accessible(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} pixels wider than the screen"
        if PICTURES:
            page.screenshot(path=Path(PICTURES, f"{name}-{width}.png"), full_page=True)

    page.goto(live_server.url + reverse("sittings"))
    look("sittings")
    page.get_by_label("Giorno").fill(today.isoformat())
    page.get_by_label("Ora").fill("09:30")
    page.get_by_label("Dove").fill("sala verde")
    page.get_by_role("button", name="Convoca").click()
    for case in (first, second):
        page.get_by_label("Di chi si parla").select_option(str(case.pk))
        page.get_by_role("button", name="Aggiungi").click()
    look("sitting")

    page.get_by_role("link", name="Comincia la seduta").click()
    page.get_by_text("Operator, operatore del centro").click()
    page.locator("[name=what_1]").fill("Prepara il curriculum")
    page.locator("[name=who_1]").select_option(f"u{operator.user.pk}")
    page.locator("[name=due_1]").fill(today.isoformat())
    page.get_by_label("Verbale").fill("Si è parlato di lavoro.")
    look("meeting-form")
    page.get_by_role("button", name="Salva e passa alla prossima persona").click()
    assert str(second.person) in page.content()
    page.get_by_role("button", name="Salva", exact=True).click()
    page.get_by_text("Prepara il curriculum").wait_for()
    look("sitting-held")
    assert Meeting.objects.held().count() == 2

    enter_browser(operator)
    page.goto(live_server.url + reverse("my_day"))
    look("operator-day")
    page.get_by_role("button", name="Fatto: Prepara il curriculum").click()
    page.get_by_text("Fatte oggi").wait_for()
    look("operator-day-done")
    assert MeetingDecision.objects.get().done_on == today
    page.get_by_role("button", name="Non è fatto: Prepara il curriculum").click()
    page.get_by_role("button", name="Fatto: Prepara il curriculum").wait_for()
    assert MeetingDecision.objects.get().done_on is None
