"""The tutor's week: confirm as planned, touch the exceptions, all or nothing."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.cases import limits
from accanto.cases.case import set_area
from accanto.traineeships import attendance
from accanto.traineeships.models import AttendanceDay, Traineeship
from tests.cases.scene import Worker

from .conftest import factories


def week_of(day):
    return reverse("week", args=[day.isoformat()])


def as_planned(rows, monday, **changes):
    """What the browser sends when nothing was touched: every open cell with its planned hours."""
    data = {}
    for row in rows:
        for n in range(5):
            day = monday + dt.timedelta(days=n)
            data[f"hours-{row.pk}-{day.isoformat()}"] = "4"
            data[f"absence-{row.pk}-{day.isoformat()}"] = ""
    return {**data, "confirm": "all", **changes}


@pytest.fixture(autouse=True)
def no_holidays(monkeypatch):
    """Weeks of the tests have no holidays, whatever the day they run."""
    monkeypatch.setattr("accanto.traineeships.traineeship.is_holiday", lambda day: False)


def test_one_press_confirms_the_week_of_all(enter, trainees, tutor, last_monday):
    rows = trainees(12)
    client = enter(tutor)
    page = client.get(week_of(last_monday)).content.decode()
    assert page.count('name="hours-') == 60
    assert "Conferma tutti e 12" in page

    answer = client.post(week_of(last_monday), as_planned(rows, last_monday))

    assert answer.status_code == 302
    assert AttendanceDay.objects.filter(hours=4, recorded_by=tutor.user).count() == 60
    assert Act.objects.filter(verb="record", noun="attendanceday").count() == 12
    shown = client.get(week_of(last_monday)).content.decode()
    assert "Registrato da Tutor" in shown
    assert 'name="hours-' not in shown


def test_the_button_of_one_confirms_one_however_many_traineeships_there_are(enter, trainees, tutor, last_monday):
    with connection.cursor() as cursor:
        cursor.execute("select setval(pg_get_serial_sequence('traineeships_traineeship', 'id'), 123456)")
    mine, other = trainees(2)
    client = enter(tutor)
    assert f'name="confirm" value="{mine.pk}"' in client.get(week_of(last_monday)).content.decode()
    client.post(week_of(last_monday), as_planned([mine, other], last_monday, confirm=str(mine.pk)))
    client.post(week_of(last_monday), as_planned([other], last_monday, confirm=f"{other.pk:,}".replace(",", ".")))
    assert set(AttendanceDay.objects.values_list("traineeship", flat=True)) == {mine.pk}


def test_one_trainee_alone_and_what_was_touched_elsewhere(enter, trainees, tutor, last_monday):
    mine, other = trainees(2)
    touched = {f"absence-{other.pk}-{last_monday.isoformat()}": "justified", "confirm": str(mine.pk)}
    enter(tutor).post(week_of(last_monday), as_planned([mine, other], last_monday, **touched))
    assert AttendanceDay.objects.filter(traineeship=mine).count() == 5
    day = AttendanceDay.objects.get(traineeship=other)
    assert (day.day, day.hours, day.absence) == (last_monday, 0, "justified")


def test_all_or_nothing_with_every_mistake_at_its_row(enter, trainees, tutor, last_monday):
    first, second = trainees(2)
    data = as_planned([first, second], last_monday)
    data[f"hours-{first.pk}-{last_monday.isoformat()}"] = "25"
    data[f"hours-{second.pk}-{last_monday.isoformat()}"] = "tante"
    data[f"hours-{second.pk}-{(last_monday + dt.timedelta(days=1)).isoformat()}"] = "0"

    answer = enter(tutor).post(week_of(last_monday), data)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert not AttendanceDay.objects.exists()
    for said in ("non ci sono più di 24 ore", "Scrivi le ore con la virgola", "Con zero ore scegli il motivo"):
        assert said in page
    assert 'value="tante"' in page


def test_a_day_to_come_is_closed(enter, trainees, tutor, today):
    (row,) = trainees(1)
    monday = today - dt.timedelta(days=today.weekday())
    client = enter(tutor)
    if today.weekday() < 6:
        tomorrow = today + dt.timedelta(days=1)
        answer = client.post(reverse("week"), {f"hours-{row.pk}-{tomorrow.isoformat()}": "4"})
        assert answer.status_code == 422
        assert "ACC-FUTURE" in answer.content.decode()
    assert client.get(week_of(monday + dt.timedelta(days=7))).status_code == 404
    assert not AttendanceDay.objects.exists()


@pytest.mark.parametrize(("over", "proposed"), [(dt.time.max, ""), (dt.time.min, "4")])
def test_the_hours_of_today_are_proposed_only_when_they_are_done(enter, trainees, tutor, monkeypatch, over, proposed):
    """A week confirmed on a Friday morning does not confirm the Friday; what is typed is recorded at any time."""
    (row,) = trainees(1)
    today = timezone.localdate()
    monkeypatch.setattr("accanto.traineeships.traineeship.Traineeship.planned_hours", lambda _row, _day: Decimal(4))
    monkeypatch.setattr("accanto.web.week.DAY_OVER", over)
    worker, name = Worker(enter(tutor)), f"hours-{row.pk}-{today.isoformat()}"
    worker.open(reverse("week"))
    assert worker.value_of(name) == proposed
    worker.submit(name)
    assert AttendanceDay.objects.filter(day=today).exists() == bool(proposed)
    if not proposed:
        worker.open(reverse("week")).submit(name, **{name: "2"})
        assert AttendanceDay.objects.get(day=today).hours == 2


def test_sending_the_same_week_twice_changes_nothing(enter, trainees, tutor, last_monday):
    rows = trainees(2)
    client = enter(tutor)
    for _turn in range(2):
        assert client.post(week_of(last_monday), as_planned(rows, last_monday)).status_code == 302
    assert AttendanceDay.objects.count() == 10


def test_a_recorded_day_is_corrected_only_with_a_reason(enter, trainees, tutor, last_monday):
    (row,) = trainees(1)
    client = enter(tutor)
    client.post(week_of(last_monday), as_planned([row], last_monday))
    changed = {f"hours-{row.pk}-{last_monday.isoformat()}": "2"}
    again = client.post(week_of(last_monday), as_planned([row], last_monday, **changed))
    assert again.status_code == 422
    assert "ACC-ONCE" in again.content.decode()

    url = reverse("attendance_day", args=[row.pk, last_monday.isoformat()])
    assert client.post(url, {"hours": "2"}).status_code == 422
    assert client.post(url, {"hours": "2", "correction": "told_later"}).status_code == 302

    days = AttendanceDay.objects.filter(day=last_monday).order_by("recorded_at")
    assert [(day.hours, day.superseded_at is None) for day in days] == [(4, False), (2, True)]
    assert "saputo dopo" in client.get(url).content.decode()
    assert Act.objects.get(verb="correct").detail["instead_of"] == {last_monday.isoformat(): "4.00"}


def test_what_was_known_before_a_correction_can_be_asked_again(trainees, tutor, last_monday):
    (row,) = trainees(1)
    before = timezone.now() - dt.timedelta(hours=2)
    attendance.record(traineeship=row, day=last_monday, hours=Decimal(4), by=tutor, now=before)
    attendance.record(
        traineeship=row, day=last_monday, hours=Decimal(1), by=tutor, now=timezone.now(), correction="mistyped"
    )
    known = AttendanceDay.objects.as_known_at(before + dt.timedelta(hours=1))
    assert [day.hours for day in known] == [4]
    assert [day.hours for day in AttendanceDay.objects.standing()] == [1]


def test_another_tutors_trainee_is_not_in_the_register(enter, trainees, tutor, anna, mugello, last_monday):
    trainees(1)
    stranger = factories.user("tutor2", tutor.kind, organisation=tutor.role.organisation)
    case = factories.person_in_charge(mugello, by=anna, family_name="Altrove")
    other = factories.traineeship(case, tutor=stranger, by=anna)
    client = enter(tutor)
    assert "Altrove" not in client.get(week_of(last_monday)).content.decode()
    answer = client.post(week_of(last_monday), {f"hours-{other.pk}-{last_monday.isoformat()}": "4"})
    assert answer.status_code == 422
    assert not AttendanceDay.objects.exists()
    for name, end in (("attendance_day", last_monday.isoformat()), ("month_register", f"{last_monday:%Y-%m}")):
        assert client.get(reverse(name, args=[other.pk, end])).status_code == 404
    assert client.get(reverse("traineeship", args=[other.pk])).status_code == 404


def test_the_page_asks_the_same_queries_for_3_and_30(enter, trainees, tutor, last_monday, same_queries):
    trainees(3)
    client = enter(tutor)
    same_queries(lambda: client.get(week_of(last_monday)), more=lambda: trainees(27, first=3))


def test_confirming_asks_the_same_queries_for_3_and_30(enter, trainees, tutor, last_monday, same_queries):
    rows = trainees(3)
    client, weeks = enter(tutor), iter([0, 7, 14])

    def confirm():
        monday = last_monday - dt.timedelta(days=next(weeks))
        assert client.post(week_of(monday), as_planned(rows, monday)).status_code == 302

    same_queries(confirm, more=lambda: rows.extend(trainees(27, first=3)))


@pytest.mark.parametrize("value", ["", "\x00", "x" * 5000, "-3", "1e9", "NaN", "25", "4:75", "<b>"])
def test_no_input_breaks_the_register(enter, trainees, tutor, last_monday, value):
    (row,) = trainees(1)
    client = enter(tutor)
    day = last_monday.isoformat()
    for data in (
        {f"hours-{row.pk}-{day}": value},
        {f"absence-{row.pk}-{day}": value},
        {f"hours-{row.pk}-{day}": "4", "confirm": value},
        {f"hours-999999999999999999-{day}": value},
        {f"hours-{row.pk}-2026-99-99": value},
    ):
        assert client.post(week_of(last_monday), data).status_code in (302, 422)
        AttendanceDay.objects.all().delete()
    url = reverse("attendance_day", args=[row.pk, day])
    for name in ("hours", "absence", "correction"):
        assert client.post(url, {"hours": "4", name: value}).status_code in (302, 422)
        AttendanceDay.objects.all().delete()


@pytest.mark.parametrize("day", ["x", "2026-13-01", "0001-01-01", "9999-12-31", "20261121", "1999-12-31"])
def test_a_week_that_is_none_is_not_a_page(enter, tutor, day):
    assert enter(tutor).get(reverse("week", args=[day])).status_code in (200, 404)


def test_a_limit_in_words_is_read_where_the_hours_are_written(
    enter, trainees, tutor, hosted, sara, anna, last_monday, same_queries
):
    """Who confirms «as planned» sees what no figure says: the tutor the limits, the host's the accommodations."""
    rows = trainees(2)
    row, now = hosted(rows[0]), timezone.now()
    Traineeship.objects.filter(pk=row.pk).update(accommodations="Una pausa ogni ora.")
    case, before = row.case, {"by": anna, "now": now}
    sunday = last_monday + dt.timedelta(days=6)
    said = {
        "LIMITEORARIO": (limits.set_limit, "timetable", row.starts, None),
        "LIMITERITMO": (limits.set_limit, "pace", row.starts, None),
        "LIMITEFINITO": (limits.set_limit, "timetable", row.starts, last_monday - dt.timedelta(days=1)),
        "LIMITEDOMANI": (limits.set_limit, "timetable", sunday + dt.timedelta(days=1), None),
        "LIMITEMEZZO": (limits.set_limit, "timetable", last_monday + dt.timedelta(days=2), None),
        "ACCORGIMENTOORARIO": (limits.set_accommodation, "timetable", row.starts, None),
        "ACCORGIMENTOATTREZZI": (limits.set_accommodation, "tools", row.starts, None),
    }
    for text, (act, kind, first, last) in said.items():
        act(case=case, kind=kind, text=text, valid_from=first, valid_to=last, **before)
    set_area(case=case, area="mental_health", by=anna, now=now)
    here = {"LIMITEORARIO", "LIMITERITMO", "LIMITEMEZZO"}
    at_work = {"ACCORGIMENTOORARIO", "ACCORGIMENTOATTREZZI"}
    day = reverse("attendance_day", args=[row.pk, last_monday.isoformat()])
    for reader, seen in ((tutor, here), (sara, at_work)):
        for url, hidden in ((week_of(last_monday), set()), (day, {"LIMITEMEZZO"})):
            page = enter(reader).get(url).content.decode()
            assert {text for text in said if text in page} == seen - hidden, (reader.kind, url)
            assert "Una pausa ogni ora." in page
            assert "salute mentale" not in page
        # and what is typed wrongly loses nothing of it
        wrong = enter(reader).post(week_of(last_monday), {f"hours-{row.pk}-{last_monday.isoformat()}": "x"})
        assert {text for text in said if text in wrong.content.decode()} == seen
    page = enter(tutor).get(week_of(last_monday)).content.decode()
    assert f"(dal {last_monday + dt.timedelta(days=2):%d/%m/%Y})" in page
    assert page.index("LIMITEORARIO") < page.index("Altri limiti e accorgimenti") < page.index("LIMITERITMO")
    client = enter(tutor)

    def more():
        for one in trainees(5, first=3):
            limits.set_limit(case=one.case, kind="timetable", text="Mai dopo le 13", valid_from=one.starts, **before)

    same_queries(lambda: client.get(week_of(last_monday)), more=more)


def test_the_host_tutor_sees_name_timetable_and_register_only(enter, trainees, tutor, sara, anna, last_monday):
    (row,) = trainees(1)
    row.host_tutor = sara.user
    row.save()
    factories.open_relation(
        subject=row.subject, kind=sara.kind, user=sara.user, reason="tutor aziendale del tirocinio", by=anna,
        now=timezone.now(), starts=row.starts, ends=row.ends,
    )  # fmt: skip
    client = enter(sara)
    assert "Prova00" in client.get(week_of(last_monday)).content.decode()
    page = client.get(reverse("traineeship", args=[row.pk])).content.decode()
    assert "Prova00" in page
    assert "Il progetto" not in page
    assert "Indennità" not in page
    assert client.get(reverse("month_allowance", args=[row.pk, f"{last_monday:%Y-%m}"])).status_code == 404
    assert client.post(week_of(last_monday), as_planned([row], last_monday)).status_code == 302


def test_the_person_reads_the_own_register_and_cannot_write_it(enter, trainees, tutor, carla, anna, last_monday):
    (row,) = trainees(1)
    factories.open_relation(
        subject=row.subject,
        kind=carla.kind,
        user=carla.user,
        reason="il proprio fascicolo",
        by=anna,
        now=timezone.now(),
    )
    attendance.record(traineeship=row, day=last_monday, hours=Decimal(4), by=tutor, now=timezone.now())
    client = enter(carla)
    assert "Il mio tirocinio" in client.get(reverse("traineeship", args=[row.pk])).content.decode()
    page = client.get(reverse("month_register", args=[row.pk, f"{last_monday:%Y-%m}"])).content.decode()
    assert "Registrato da Tutor" in page
    assert "Correggi" not in page
    assert client.post(reverse("attendance_day", args=[row.pk, last_monday.isoformat()]), {}).status_code == 404
