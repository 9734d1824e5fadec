"""A tutor confirms the week of twelve trainees: how many touches it takes, on a desk and on a phone."""

import datetime as dt
import os
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accanto.access.role import Kind
from accanto.traineeships.models import AttendanceDay
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture
def tutor(transactional_db):
    body = factories.organisation("third_sector_body", "Cooperativa di prova")
    return factories.user("tutor", Kind.THIRD_SECTOR_TUTOR, organisation=body)


@pytest.fixture
def twelve(tutor, monkeypatch):
    monkeypatch.setattr("accanto.traineeships.traineeship.is_holiday", lambda day: False)
    zone = factories.zone("mugello")
    anna = factories.user("anna", Kind.SOCIAL_WORKER, zone=zone)
    rows = []
    for n in range(12):
        case = factories.person_in_charge(zone, by=anna, given_name="Dario", family_name=f"Prova{n:02}")
        row = factories.traineeship(case, tutor=tutor, by=anna)
        row.hours_by_weekday = [Decimal(4)] * 5 + [Decimal(0)] * 2
        row.save()
        rows.append(row)
    return rows


@pytest.fixture
def last_monday():
    today = timezone.localdate()
    return today - dt.timedelta(days=today.weekday() + 7)


def keep(page, name):
    """A picture for who looks at the screens: where ACCANTO_PICTURES says, if it says."""
    if folder := os.environ.get("ACCANTO_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_twelve_trainees_and_two_exceptions_take_five_touches(
    live_server, enter_browser, twelve, tutor, last_monday, accessible, screen
):
    page = enter_browser(tutor)
    page.set_viewport_size(screen)
    page.goto(live_server.url + reverse("week", args=[last_monday.isoformat()]))
    accessible(page)
    keep(page, f"week-{screen['width']}")
    touches = 0
    # one was away on Monday, another did three hours on Tuesday
    page.locator(f"#absence-{twelve[0].pk}-{last_monday.isoformat()}").select_option("justified")
    touches += 2
    tuesday = (last_monday + dt.timedelta(days=1)).isoformat()
    page.locator(f"#hours-{twelve[1].pk}-{tuesday}").fill("3")
    touches += 2
    page.get_by_role("button", name="Conferma tutti e 12").click()
    touches += 1
    expect(page.get_by_text("60 giornate registrate")).to_be_visible()
    assert touches == 5
    assert AttendanceDay.objects.count() == 60
    assert AttendanceDay.objects.filter(absence="justified").count() == 1
    assert AttendanceDay.objects.filter(hours=3).count() == 1
    accessible(page)
    keep(page, f"week-done-{screen['width']}")


def test_on_a_phone_what_one_touches_is_large_enough(live_server, enter_browser, twelve, tutor, last_monday):
    page = enter_browser(tutor)
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + reverse("week", args=[last_monday.isoformat()]))
    form = page.locator(".week-form")
    for box in form.locator("input[type=text], select, button").all():
        size = box.bounding_box()
        assert size is None or (size["height"] >= 44 and size["width"] >= 44), size
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_mistake_is_shown_where_it_is(live_server, enter_browser, twelve, tutor, last_monday, accessible):
    page = enter_browser(tutor)
    page.goto(live_server.url + reverse("week", args=[last_monday.isoformat()]))
    page.locator(f"#hours-{twelve[2].pk}-{last_monday.isoformat()}").fill("40")
    page.get_by_role("button", name="Conferma tutti e 12").click()
    expect(page.get_by_text("Non è stato registrato niente")).to_be_visible()
    accessible(page)
    keep(page, "week-wrong-1280")
    assert not AttendanceDay.objects.exists()


def test_the_pages_of_a_traineeship_read_well_on_both_screens(
    live_server, enter_browser, twelve, tutor, accessible, last_monday
):
    from accanto.traineeships import attendance

    anna = factories.user("paola", Kind.SOCIAL_WORKER, zone=twelve[0].zone)
    row, month = twelve[0], f"{last_monday:%Y-%m}"
    entries = [attendance.Entry(row, last_monday + dt.timedelta(days=n), Decimal(4)) for n in range(3)]
    entries.append(attendance.Entry(row, last_monday + dt.timedelta(days=3), Decimal(0), "justified"))
    attendance.record_all(entries=entries, by=tutor, now=timezone.now())
    page = enter_browser(anna)
    pages = {
        "traineeships": reverse("traineeships"),
        "traineeship": reverse("traineeship", args=[row.pk]),
        "month": reverse("month_register", args=[row.pk, month]),
        "day": reverse("attendance_day", args=[row.pk, last_monday.isoformat()]),
        "allowance": reverse("month_allowance", args=[row.pk, month]),
        "plan": reverse("plan_traineeship", args=[row.case_id]),
        "close": reverse("traineeship_step", args=[row.pk, "close"]),
        "timetable": reverse("timetable", args=[row.pk]),
        "close-month": reverse("close_register", args=[row.pk, month]),
        "close-registers": f"{reverse('close_registers')}?month={month}",
        "closures": reverse("host_closures", args=[row.host_id]),
        "hosts": reverse("hosts"),
        "new-host": reverse("new_host"),
    }
    for name, url in pages.items():
        for screen in (DESK, PHONE):
            page.set_viewport_size(screen)
            page.goto(live_server.url + url)
            accessible(page)
            keep(page, f"{name}-{screen['width']}")
            assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"], (name, screen)


def test_the_law_answers_while_the_plan_is_written(live_server, enter_browser, twelve, tutor, accessible):
    anna = factories.user("paola", Kind.SOCIAL_WORKER, zone=twelve[0].zone)
    page = enter_browser(anna)
    page.goto(live_server.url + reverse("plan_traineeship", args=[twelve[0].case_id]))
    page.locator("#id_starts").fill("2026-12-01")
    page.locator("#id_ends").fill("2028-12-31")
    page.locator("#id_ends").press("Tab")
    expect(page.locator(".findings-live")).to_contain_text("R-TIS-26")
    accessible(page)
    keep(page, "plan-law-1280")


def test_the_trainee_signs_on_the_tutors_phone_and_the_hosts_tutor_with_one_press(
    live_server, enter_browser, twelve, tutor, accessible, last_monday
):
    from accanto.traineeships import attendance
    from accanto.traineeships.models import RegisterSignature

    row = twelve[0]
    entries = [attendance.Entry(row, last_monday + dt.timedelta(days=n), Decimal(4), "", (540, 780)) for n in range(5)]
    attendance.record_all(entries=entries, by=tutor, now=timezone.now())
    page = enter_browser(tutor)
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + reverse("sign_register", args=[row.pk, last_monday.isoformat()]))
    side = page.locator("section", has=page.locator("#sign-trainee"))
    side.get_by_text("disegna la firma qui, adesso").click()
    side.locator("canvas").scroll_into_view_if_needed()
    accessible(page)
    keep(page, "sign-390")
    box = side.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    for n in range(12):
        page.mouse.move(box["x"] + 20 + n * 20, box["y"] + 30 + (n % 3) * 15)
    page.mouse.up()
    side.get_by_role("button", name="Registra la firma").click()
    expect(page.get_by_text("5 giornate firmate")).to_be_visible()
    assert RegisterSignature.objects.get().way == "drawn"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    body = factories.organisation("host", "Vivaio di prova")
    sara = factories.user("sara", Kind.HOST_TUTOR, organisation=body)
    for one in twelve[:2]:
        factories.open_relation(
            subject=one.subject, kind=sara.kind, user=sara.user, reason="tutor aziendale del tirocinio", by=tutor,
            now=timezone.now(), starts=one.starts, ends=one.ends,
        )  # fmt: skip
    page = enter_browser(sara)
    page.goto(live_server.url + reverse("week", args=[last_monday.isoformat()]))
    accessible(page)
    keep(page, "week-host-390")
    page.get_by_role("button", name="Conferma e firma la settimana").click()
    expect(page.get_by_text("10 giornate firmate")).to_be_visible()
    page.set_viewport_size(DESK)
    keep(page, "week-host-1280")
    page.goto(live_server.url + reverse("month_register", args=[row.pk, f"{last_monday:%Y-%m}"]))
    accessible(page)
    keep(page, "month-signed-1280")
