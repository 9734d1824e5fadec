"""In and out: what people type, the hours that follow, two registers of one person, the days a host is closed."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accanto.norms import clock
from accanto.traineeships import attendance, host_closure, life
from accanto.traineeships.attendance import DaysRefused, Entry
from accanto.traineeships.models import AttendanceDay, HostClosure
from accanto.traineeships.timetable import set_timetable
from accanto.web.parts.forms import Worked, WorkedField

from .conftest import factories

ODD = ["", "\x00", "9-", "-9", "25-26", "9-13-17", "9:70-13", "13-9", "x" * 5000, "9-13 14-17 18-20", "<b>"]


@pytest.fixture(autouse=True)
def no_holidays(monkeypatch):
    monkeypatch.setattr("accanto.traineeships.traineeship.is_holiday", lambda day: False)


@pytest.fixture
def usual(tutor):
    """Nine to one, from Monday to Friday."""

    def give(row):
        week = [[540, 780]] * 5 + [[], []]
        return set_timetable(traineeship=row, valid_from=row.starts, week=week, by=tutor, now=timezone.now())

    return give


@st.composite
def days_of_work(draw):
    count = draw(st.sampled_from([2, 4]))
    return tuple(sorted(draw(st.lists(st.integers(0, clock.DAY), min_size=count, max_size=count, unique=True))))


@given(days_of_work())
def test_what_is_written_is_read_again_and_the_hours_are_those_between(times):
    assert clock.in_order(times)
    assert clock.read(clock.written(times)) == clock.read(clock.short(times)) == times
    minutes = sum(last - first for first, last in clock.spans(times))
    assert abs(clock.hours(times) * 60 - minutes) <= Decimal("0.3")
    assert 0 < clock.hours(times) <= 24


@given(days_of_work(), days_of_work())
def test_two_days_share_a_stretch_if_and_only_if_they_share_a_minute(one, other):
    def minutes(times):
        return {minute for first, last in clock.spans(times) for minute in range(first, last)}

    stretch = clock.shared(one, other)
    assert stretch == clock.shared(other, one) or (stretch and clock.shared(other, one))
    assert bool(stretch) == bool(minutes(one) & minutes(other))
    if stretch:
        assert minutes(stretch) <= minutes(one) & minutes(other)


@given(st.text(max_size=30))
def test_no_text_breaks_the_field(text):
    try:
        worked = WorkedField(required=False).clean(text)
    except forms.ValidationError:
        return
    assert worked is None or (0 <= worked.hours <= 24 and clock.in_order(worked.times))


@pytest.mark.parametrize(
    ("typed", "hours", "times"),
    [
        ("9-13", 4, (540, 780)),
        ("8:30–12.30, 14-17", 7, (510, 750, 840, 1020)),
        ("9-13 e 14-17", 7, (540, 780, 840, 1020)),
        ("22-24", 2, (1320, 1440)),
        ("9h00/9h20", "0.33", (540, 560)),
        ("4,5", "4.5", ()),
        ("4:30", "4.5", ()),
    ],
)
def test_people_write_times_in_many_ways(typed, hours, times):
    assert WorkedField().clean(typed) == Worked(Decimal(hours), times)


def test_a_week_is_confirmed_with_its_usual_times(enter, trainees, tutor, last_monday, usual):
    (row,) = trainees(1)
    usual(row)
    client, url = enter(tutor), reverse("week", args=[last_monday.isoformat()])
    assert client.get(url).content.decode().count('value="9-13"') == 5
    data = {f"hours-{row.pk}-{(last_monday + dt.timedelta(days=n)).isoformat()}": "9-13" for n in range(5)}
    data[f"hours-{row.pk}-{last_monday.isoformat()}"] = "9-11, 14-16:30"

    assert client.post(url, data | {"confirm": "all"}).status_code == 302

    days = list(AttendanceDay.objects.order_by("day"))
    assert [day.times for day in days] == [[540, 660, 840, 990], *[[540, 780]] * 4]
    assert [day.hours for day in days] == [Decimal("4.5"), 4, 4, 4, 4]
    assert "09:00-11:00 14:00-16:30" in client.get(url).content.decode()


def test_the_usual_times_are_proposed_only_where_they_are_the_hours_of_the_plan(
    enter, trainees, tutor, last_monday, usual
):
    (row,) = trainees(1)
    usual(row)
    row.hours_by_weekday = [Decimal(5)] * 5 + [Decimal(0)] * 2
    row.save()
    page = enter(tutor).get(reverse("week", args=[last_monday.isoformat()])).content.decode()
    assert 'value="9-13"' not in page
    assert page.count('value="5">') >= 5


def test_the_timetable_has_the_hours_of_the_plan(enter, trainees, tutor):
    (row,) = trainees(1)
    client, url = enter(tutor), reverse("timetable", args=[row.pk])
    assert client.get(url).status_code == 200
    for wrong in ({"day_0": "9-14"}, {"day_0": "4"}, {"day_0": "tante"}, {}, {"day_5": "9-13"}):
        answer = client.post(url, {"valid_from": row.starts.isoformat(), **wrong})
        assert answer.status_code == 422, wrong
    answer = client.post(url, {"valid_from": row.starts.isoformat(), "day_0": "9-13", "day_2": "8:30-12:30"})
    assert answer.status_code == 302
    assert row.timetables.get().week == [[540, 780], [], [510, 750], [], [], [], []]
    assert "lunedì 09:00-13:00" in client.get(url).content.decode().lower()


def test_one_day_with_a_pause_and_its_correction(enter, trainees, tutor, last_monday):
    (row,) = trainees(1)
    client, url = enter(tutor), reverse("attendance_day", args=[row.pk, last_monday.isoformat()])
    times = {"first_in": "08:30", "first_out": "12:00", "second_in": "13:00", "second_out": "14:30"}
    assert client.post(url, times).status_code == 302
    day = AttendanceDay.objects.get()
    assert (day.hours, day.times) == (5, [510, 720, 780, 870])
    assert client.post(url, times | {"correction": "mistyped"}).status_code == 302
    assert AttendanceDay.objects.count() == 1
    later = {"first_in": "08:30", "first_out": "00:00", "correction": "told_later"}
    assert client.post(url, later).status_code == 302
    assert AttendanceDay.objects.standing().get().times == [510, 1440]
    assert "08:30-24:00" in client.get(url).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"first_in": "09:00"},
        {"first_out": "13:00"},
        {"first_in": "13:00", "first_out": "09:00"},
        {"first_in": "09:00", "first_out": "13:00", "second_in": "12:00", "second_out": "14:00"},
        {"first_in": "09:00", "first_out": "13:00", "hours": "5"},
        {"first_in": "25:00", "first_out": "tardi"},
        {"second_in": "\x00", "second_out": "x" * 500},
        {},
    ],
)
def test_times_that_cannot_be_are_told_at_their_field(enter, trainees, tutor, last_monday, typed):
    (row,) = trainees(1)
    url = reverse("attendance_day", args=[row.pk, last_monday.isoformat()])
    answer = enter(tutor).post(url, typed)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not AttendanceDay.objects.exists()


@pytest.mark.parametrize("typed", ODD)
def test_no_times_break_the_week(enter, trainees, tutor, last_monday, typed):
    (row,) = trainees(1)
    url = reverse("week", args=[last_monday.isoformat()])
    answer = enter(tutor).post(url, {f"hours-{row.pk}-{last_monday.isoformat()}": typed})
    assert answer.status_code in (302, 422)
    assert not AttendanceDay.objects.exclude(times=[]).exists()


def test_the_same_person_is_not_in_two_registers_at_the_same_hour(trainees, tutor, anna, last_monday):
    (row,) = trainees(1)
    other = factories.traineeship(row.case, tutor=tutor, by=anna, host="Bottega di prova")
    now, at_nine = timezone.now(), {"day": last_monday, "times": (540, 780), "by": tutor, "now": timezone.now()}
    attendance.record(traineeship=row, **at_nine)

    with pytest.raises(DaysRefused) as refused:
        attendance.record(traineeship=other, **at_nine | {"times": (720, 900)})
    (finding,) = [one for one in refused.value.findings if one.severity == "block"]
    assert (finding.code, finding.sentence.it.count("12:00-13:00")) == ("ACC-TWICE", 1)
    assert finding.way_out
    assert "Bottega" not in finding.sentence.it + finding.way_out.it
    attendance.record(traineeship=other, **at_nine | {"times": (780, 900)})

    tuesday = last_monday + dt.timedelta(days=1)
    both = [Entry(one, tuesday, Decimal(4), "", (540, 780)) for one in (row, other)]
    with pytest.raises(DaysRefused, match="altro registro"):
        attendance.record_all(entries=both, by=tutor, now=now)
    with pytest.raises(DaysRefused, match="più di 24 ore"):
        attendance.record_all(
            entries=[Entry(row, tuesday, Decimal(13)), Entry(other, tuesday, Decimal(12))], by=tutor, now=now
        )
    only_hours = attendance.record_all(
        entries=[Entry(row, tuesday, Decimal(4)), Entry(other, tuesday, Decimal(3))], by=tutor, now=now
    )
    assert {finding.code for found in only_hours.remarks.values() for finding in found} >= {"ACC-TWICE"}


def test_a_host_is_told_of_the_hour_and_not_of_the_other_host(trainees, tutor, sara, anna, last_monday, as_application):
    (row,) = trainees(1)
    other = factories.traineeship(row.case, tutor=tutor, by=anna, host="Bottega di prova")
    attendance.record(traineeship=other, day=last_monday, times=(540, 780), by=tutor, now=timezone.now())
    row.host_tutor = sara.user
    row.save()
    factories.open_relation(
        subject=row.subject, kind=sara.kind, user=sara.user, reason="tutor aziendale del tirocinio", by=anna,
        now=timezone.now(), starts=row.starts, ends=row.ends,
    )  # fmt: skip
    with as_application(sara) as cursor:
        cursor.execute("select count(*) from traineeships_attendanceday")
        assert cursor.fetchone() == (0,)
        with pytest.raises(DaysRefused, match="altro registro"):
            attendance.record(traineeship=row, day=last_monday, times=(600, 660), by=sara, now=timezone.now())
        attendance.record(traineeship=row, day=last_monday, times=(780, 840), by=sara, now=timezone.now())
    stranger = factories.user("stranger", sara.kind, organisation=sara.role.organisation)
    for acting in (stranger, None):
        with as_application(acting) as cursor:
            cursor.execute("select count(*) from times_elsewhere(%s, %s, %s)", [[row.subject_id], row.starts, row.ends])
            assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "times", [[540], [540, 540], [780, 540], [540, 780, 700, 800], [-1, 60], [540, 1441], [540, 780, 800], [1] * 6]
)
def test_postgresql_holds_the_hours_to_the_times(trainees, tutor, last_monday, times):
    (row,) = trainees(1)
    said = {"traineeship": row, "subject": row.subject, "zone": row.zone, "recorded_at": timezone.now()}
    for hours in (4, 5):
        with pytest.raises(IntegrityError, match="traineeships_attendance_times"), transaction.atomic():
            AttendanceDay.objects.create(
                **said, day=last_monday, hours=hours, times=times if hours == 4 else [540, 780], recorded_by=tutor.user
            )


def test_a_host_is_closed_once_for_all_its_registers(enter, trainees, tutor, last_monday):
    first, second = trainees(2)
    client, url = enter(tutor), reverse("host_closures", args=[first.host_id])
    tuesday = last_monday + dt.timedelta(days=1)
    days = {"first": last_monday.isoformat(), "last": tuesday.isoformat(), "reason": "holidays"}
    assert client.post(url, days).status_code == 302

    week = client.get(reverse("week", args=[last_monday.isoformat()])).content.decode()
    assert week.count("ospitante chiuso</span>") == 4
    assert week.count('name="hours-') == 6
    month = client.get(reverse("month_register", args=[second.pk, f"{last_monday:%Y-%m}"])).content.decode()
    assert "Ospitante chiuso" in month
    assert last_monday not in life.unconfirmed(second, until=last_monday)
    # whoever worked all the same is written, with a word
    done = attendance.record_all(entries=[Entry(first, tuesday, Decimal(4))], by=tutor, now=timezone.now())
    assert "ACC-PLANNED" in {finding.code for found in done.remarks.values() for finding in found}

    assert client.post(url, days).status_code == 422  # it is there already
    closure = HostClosure.objects.get()
    assert client.post(reverse("withdraw_closure", args=[closure.pk])).status_code == 302
    assert life.unconfirmed(second, until=last_monday)[-1] == last_monday


def test_a_closure_that_cannot_be_is_told(enter, trainees, tutor, last_monday):
    (row,) = trainees(1)
    client, url = enter(tutor), reverse("host_closures", args=[row.host_id])
    day = last_monday.isoformat()
    for first, last, reason in (
        (day, (last_monday - dt.timedelta(days=1)).isoformat(), "holidays"),
        (day, (last_monday + dt.timedelta(days=400)).isoformat(), "holidays"),
        ("0202-01-01", day, "holidays"),
        ("\x00", "x" * 500, "holidays"),
        (day, day, "perché sì"),
        ("", "", ""),
    ):
        assert client.post(url, {"first": first, "last": last, "reason": reason}).status_code == 422
    assert not HostClosure.objects.exists()


def test_only_who_has_trainees_there_writes_the_closures_of_a_host(
    enter, trainees, tutor, sara, anna, bruno, carla, as_application, last_monday
):
    (row,) = trainees(1)
    own = factories.organisation("host", "Vivaio di prova")
    assert row.host.organisation == own
    elsewhere = factories.organisation("host", "Altro ospitante")
    stranger = factories.user("stranger", sara.kind, organisation=elsewhere)
    url = reverse("host_closures", args=[row.host_id])
    days = {"first": last_monday.isoformat(), "last": last_monday.isoformat(), "reason": "works"}
    for acting, may in ((tutor, True), (sara, True), (anna, True), (stranger, False), (bruno, False), (carla, False)):
        HostClosure.objects.all().delete()
        assert enter(acting).post(url, days).status_code == (302 if may else 404), acting
        with as_application(acting) as cursor:
            cursor.execute("select %s = any(app_hosts_closing())", [row.host_id])
            assert cursor.fetchone() == (may,)
            statement = (
                "insert into traineeships_hostclosure (host_id, first, last, reason, recorded_at, recorded_by_id) "
                "values (%s, '2020-01-01', '2020-01-02', 'works', now(), %s)"
            )
            if may:
                cursor.execute(statement, [row.host_id, acting.user.pk])
            else:
                with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                    cursor.execute(statement, [row.host_id, acting.user.pk])
    host_closure.close_host(
        host=row.host, first=last_monday, last=last_monday, reason="works", by=tutor, now=timezone.now()
    )
    closure = HostClosure.objects.filter(first=last_monday).latest("pk")
    for acting in (stranger, bruno, carla):
        assert enter(acting).post(reverse("withdraw_closure", args=[closure.pk])).status_code == 404
