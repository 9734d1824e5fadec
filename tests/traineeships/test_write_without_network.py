"""The register where there is no network, as the service sees it: what it gives to take along, what it does with the
days that come in afterwards. What the device does is in tests/browser/test_a_week_with_two_days_offline.py."""

import datetime as dt
import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act, Reading
from accanto.access.role import Kind
from accanto.traineeships import attendance, life
from accanto.traineeships.models import AttendanceDay, MonthlyClose
from accanto.web.offline import DAYS_TAKEN

from .conftest import factories


@pytest.fixture(autouse=True)
def no_holidays(monkeypatch):
    monkeypatch.setattr("accanto.traineeships.traineeship.is_holiday", lambda day: False)


def made(row, day, worked="4", **more):
    return {
        "number": str(uuid.uuid4()),
        "traineeship": row.pk,
        "day": day.isoformat(),
        "worked": worked,
        "absence": "",
        "made_at": "2026-01-02T10:00:00.000Z",
        "correction": "",
        "seen": "",
    } | more


@pytest.fixture
def send(enter, tutor):
    """What the device of somebody sends: the answers by the number of the entry."""

    def post(*entries, give_up=(), by=tutor):
        body = {"send": list(entries), "give_up": list(give_up)}
        answer = enter(by).post(reverse("offline_entries"), json.dumps(body), content_type="application/json")
        assert answer.status_code == 200, answer.content
        return {uuid.UUID(one["number"]): one for one in answer.json()["answers"]}

    return post


def state(answers, entry):
    return answers[uuid.UUID(entry["number"])]["state"]


def test_the_least_is_taken_along_and_the_reading_is_logged(
    trainees, enter, tutor, bruno, last_monday, same_queries, mugello, anna
):
    row = trainees(1)[0]
    client = enter(tutor)
    page = client.get(reverse("offline_week"))
    assert "no-store" in page["Cache-Control"]
    taken = page.json()
    (trainee,) = taken["trainees"]
    assert set(taken) == {"owner", "first", "last", "days_kept", "trainees"}
    assert set(trainee) == {"id", "name", "days"}
    assert all(set(day) == {"day", "planned", "written"} for day in trainee["days"])
    assert (trainee["id"], trainee["name"]) == (row.pk, str(row.person))
    this_week = last_monday + dt.timedelta(days=7)
    assert taken["first"] == this_week.isoformat()
    assert len(trainee["days"]) == DAYS_TAKEN
    assert [day["planned"] for day in trainee["days"]] == [*["4"] * 5, "", ""] * 2
    assert Reading.objects.filter(page="offline_week", subject_ids=[row.subject_id]).exists()
    # nobody else's: another tutor's trainee, and those of hosts one is not of
    another = factories.user("altra", Kind.THIRD_SECTOR_TUTOR)
    other = factories.traineeship(factories.person_in_charge(mugello, by=anna), tutor=another, by=anna)
    assert [one["id"] for one in client.get(reverse("offline_week")).json()["trainees"]] == [row.pk]
    assert [one["id"] for one in enter(another).get(reverse("offline_week")).json()["trainees"]] == [other.pk]
    assert enter(bruno).get(reverse("offline_week")).status_code == 404
    same_queries(lambda: client.get(reverse("offline_week")), more=lambda: trainees(9, first=1))


def test_the_page_that_is_kept_is_the_same_for_everybody(trainees, enter, tutor, sara):
    trainees(1)
    as_a_stranger = Client().get(reverse("offline"))
    for acting in (tutor, sara):
        assert enter(acting).get(reverse("offline")).content == as_a_stranger.content
    worker = Client().get(reverse("offline_worker"))
    assert worker["Content-Type"].startswith("text/javascript")
    assert reverse("offline") in worker.content.decode()
    assert reverse("week") not in worker.content.decode()


def test_the_key_is_of_one_user_in_one_role_and_one_packet(enter, tutor, sara):
    address = reverse("offline_key", args=[uuid.UUID(int=1)])
    mine = enter(tutor).get(address)
    assert mine.json() == enter(tutor).get(address).json()
    assert "accanto_csrf" in mine.cookies
    others = (enter(sara).get(address).json(), enter(tutor).get(reverse("offline_key", args=[uuid.UUID(int=2)])).json())
    assert {one["key"] for one in others}.isdisjoint({mine.json()["key"]})
    assert others[0]["owner"] != mine.json()["owner"]


def test_days_are_written_once_however_often_they_are_sent(trainees, send, tutor, last_monday):
    row = trainees(1)[0]
    first, second = made(row, last_monday, "9-13"), made(row, last_monday + dt.timedelta(days=1), "", absence="agreed")
    for _time in range(2):
        answers = send(first, second)
        assert [state(answers, one) for one in (first, second)] == ["written", "written"]
    one, other = AttendanceDay.objects.order_by("day")
    assert (one.times, one.offline_entry, one.offline_at) == (
        [540, 780],
        uuid.UUID(first["number"]),
        dt.datetime(2026, 1, 2, 10, tzinfo=dt.UTC),
    )
    assert (other.absence, other.recorded_by) == ("agreed", tutor.user)
    assert abs(one.recorded_at - timezone.now()) < dt.timedelta(minutes=5)  # the device's clock proves nothing
    # corrected by a colleague meanwhile, and sent once more: it was written already
    attendance.record(traineeship=row, day=last_monday, hours=2, correction="checked", by=tutor, now=timezone.now())
    assert state(send(first), first) == "written"
    assert AttendanceDay.objects.standing().get(day=last_monday).hours == 2


def test_a_device_whose_clock_is_ahead_is_told_and_nothing_goes_by_it(trainees, send, tutor, last_monday, enter):
    """The moment is kept as the device said it; what orders the history is when the service got it."""
    row, day, now = trainees(1)[0], last_monday, timezone.now()
    ahead = now + dt.timedelta(days=2, hours=3, minutes=1)
    wrong, near = (
        made(row, day, "9-13", made_at=ahead.isoformat()),
        made(row, day + dt.timedelta(days=1), "9-13", made_at=(now + dt.timedelta(minutes=3)).isoformat()),
    )
    answers = send(wrong, near)
    assert [state(answers, one) for one in (wrong, near)] == ["written", "written"]
    (said,) = answers[uuid.UUID(wrong["number"])]["sentences"]
    assert "era avanti di 2 giorni e 3 ore" in said
    assert answers[uuid.UUID(near["number"])]["sentences"] == []
    kept = AttendanceDay.objects.get(day=day)
    assert kept.offline_at == ahead
    later = now + dt.timedelta(minutes=1)
    attendance.record(traineeship=row, day=day, hours=2, correction="checked", by=tutor, now=later)
    page = enter(tutor).get(reverse("attendance_day", args=[row.pk, day.isoformat()]))
    assert [one.hours for one in page.context["history"]] == [2, 4]
    text = page.content.decode()
    assert "era avanti di 2 giorni e 3 ore" in text
    assert "ACC-CLOCK" in text
    other = reverse("attendance_day", args=[row.pk, (day + dt.timedelta(days=1)).isoformat()])
    assert "era avanti" not in enter(tutor).get(other).content.decode()
    # of two sent for one day the first that comes in is written, whatever the hours their device tells
    third = day + dt.timedelta(days=2)
    first, second = made(row, third, "3", made_at=ahead.isoformat()), made(row, third, "4")
    answers = send(first, second)
    assert [state(answers, one) for one in (first, second)] == ["written", "conflict"]


def test_where_the_register_says_something_else_both_come_back_and_the_tutor_decides(
    trainees, send, tutor, last_monday, enter
):
    row, day = trainees(1)[0], last_monday
    attendance.record(traineeship=row, day=day, hours=3, by=tutor, now=timezone.now())
    clashing, same, new = made(row, day, "4"), made(row, day, "3"), made(row, day + dt.timedelta(days=1))
    answers = send(clashing, same, new)
    assert [state(answers, one) for one in (clashing, same, new)] == ["conflict", "written", "written"]
    there = answers[uuid.UUID(clashing["number"])]["there"]
    assert (there["said"], there["by"]) == ("3", str(tutor.user))
    assert AttendanceDay.objects.get(day=day).hours == 3
    # what was seen is no longer what stands: it is shown again, and nothing is buried
    correcting = clashing | {"correction": "told_later", "seen": f"{day} 2.00"}
    assert state(send(correcting), clashing) == "conflict"
    assert state(send(correcting | {"seen": there["line"]}), clashing) == "written"
    standing = AttendanceDay.objects.standing().get(day=day)
    assert (standing.hours, standing.correction, standing.offline_entry) == (
        4,
        "told_later",
        uuid.UUID(clashing["number"]),
    )
    # or the register stays as it is, and what was written without network stays in the log
    left = made(row, day, "1")
    assert state(send(give_up=[left]), left) == "discarded"
    act = Act.objects.get(verb="discard")
    assert (act.subject_id, act.user_id) == (row.subject_id, tutor.user.pk)
    assert (act.detail["day"], act.detail["hours"], act.detail["offline_entry"]) == (str(day), "1", left["number"])
    page = enter(tutor).get(reverse("attendance_day", args=[row.pk, day.isoformat()])).content.decode()
    assert "scritta senza rete il" in page


def test_what_the_law_refuses_comes_back_entry_by_entry_and_the_rest_is_written(
    trainees, send, tutor, anna, last_monday
):
    row, closed, suspended = trainees(3)
    month = last_monday.replace(day=1)
    MonthlyClose.objects.create(
        traineeship=closed, subject_id=closed.subject_id, zone_id=closed.zone_id, month=month, hours=0, days=0,
        shown="x", sha256="2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        closed_at=timezone.now(), closed_by=anna.user,
    )  # fmt: skip
    life.suspend(traineeship=suspended, on=last_monday, reason="other", by=anna, now=timezone.now())
    entries = {
        "written": made(row, last_monday),
        "the month is closed": made(closed, last_monday),
        "suspended": made(suspended, last_monday),
        "before it began": made(row, row.starts - dt.timedelta(days=1)),
        "tomorrow": made(row, timezone.localdate() + dt.timedelta(days=1)),
        "25 hours": made(row, last_monday + dt.timedelta(days=1), "25"),
        "no times": made(row, last_monday + dt.timedelta(days=1), "13-9"),
        "nothing": made(row, last_monday + dt.timedelta(days=1), ""),
        "no such absence": made(row, last_monday + dt.timedelta(days=1), absence="ill"),
    }
    answers = send(*entries.values())
    refused = ("the month is closed", "suspended", "before it began", "tomorrow")
    expected = {name: "refused" if name in refused else "wrong" for name in entries} | {"written": "written"}
    assert {name: state(answers, entry) for name, entry in entries.items()} == expected
    for name, entry in entries.items():
        assert name == "written" or answers[uuid.UUID(entry["number"])]["sentences"], name
    assert AttendanceDay.objects.get().day == last_monday


def test_two_entries_of_one_day_in_one_sending(trainees, send, last_monday):
    row = trainees(1)[0]
    one, again, other = made(row, last_monday), made(row, last_monday), made(row, last_monday, "2")
    answers = send(one, again, other)
    assert [state(answers, entry) for entry in (one, again, other)] == ["written", "written", "conflict"]
    assert AttendanceDay.objects.get().hours == 4


def test_the_trainees_of_others_are_as_if_they_were_not(trainees, send, sara, bruno, last_monday, enter, anna):
    row = trainees(1)[0]
    stranger = factories.user("estranea", Kind.THIRD_SECTOR_TUTOR)
    theirs, nobodys = made(row, last_monday), made(row, last_monday) | {"traineeship": 2**62}
    for by in (stranger, sara):
        answers = send(theirs, nobodys, by=by)
        assert {state(answers, one) for one in (theirs, nobodys)} == {"gone"}
        told = {one["number"]: one | {"number": ""} for one in answers.values()}
        assert told[theirs["number"]] == told[nobodys["number"]]
        assert state(send(give_up=[theirs], by=by), theirs) == "discarded"
    assert not AttendanceDay.objects.exists()
    assert set(Act.objects.filter(verb="discard").values_list("subject_id", flat=True)) == {None}
    refused = enter(bruno).post(reverse("offline_entries"), "{}", content_type="application/json")
    assert refused.status_code == 404
    assert Client(enforce_csrf_checks=True).post(reverse("offline_entries")).status_code == 403


STRANGE = [
    b"", b"\xff\xfe", b"null", b"[]", b'"x"', b"{", b"[" * 200_000, b'{"send": ' * 50_000, b'{"send": 1}',
    b'{"send": [1]}', b'{"send": [{}]}', b'{"send": [{"number": "x"}]}', b'{"send": [null]}', b"9" * 9_000,
    b'{"give_up": {"a": 1}}', b'{"send": NaN}', b'{"send": [{"number": {"a": []}}]}',
]  # fmt: skip


def test_what_is_no_page_of_ours_is_refused_whole(enter, tutor):
    client = enter(tutor)
    for body in STRANGE:
        answer = client.post(reverse("offline_entries"), body, content_type="application/json")
        assert answer.status_code == 400, body[:40]
        assert answer.json()["problem"]


ODD = {
    "traineeship": [0, -1, 2**63, True, "1", 10**30],
    "day": ["0001-01-01", "9999-12-31", "2026-02-30", "x", "20260101", "²"],
    "made_at": [
        "",
        "x",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2099-12-31T23:59:00-23:59",
        "2026-01-01T00:00:00",
    ],
    "worked": ["NaN", "1e999", "-1", "0", "25:61", "\u202e", "<script>", "9" * 90],
    "correction": ["x"],
    "absence": ["x"],
}


def test_odd_values_are_answered_one_by_one(trainees, send, last_monday, enter, tutor):
    row, entries = trainees(1)[0], []
    for name, values in ODD.items():
        entries += [made(row, last_monday) | {name: value} for value in values]
    answers = send(*entries)
    told = {(json.dumps(entry)): state(answers, entry) for entry in entries}
    assert not {text: one for text, one in told.items() if one not in ("wrong", "refused")}
    assert not AttendanceDay.objects.exists()
    for name, value in (
        ("worked", "x" * 20_000),
        ("worked", "a\x00b"),
        ("number", "x"),
        ("seen", ["x"]),
        ("day", None),
    ):
        body = json.dumps({"send": [made(row, last_monday) | {name: value}]})
        answer = enter(tutor).post(reverse("offline_entries"), body, content_type="application/json")
        assert answer.status_code == 400, name


def test_ten_thousand_entries_are_too_many_and_nothing_is_written(trainees, enter, tutor, last_monday):
    entry = made(trainees(1)[0], last_monday)
    body = json.dumps({"send": [entry | {"number": str(uuid.UUID(int=n))} for n in range(10_000)]})
    answer = enter(tutor).post(reverse("offline_entries"), body, content_type="application/json")
    assert answer.status_code == 413
    assert "500" in answer.json()["problem"]
    assert not AttendanceDay.objects.exists()


def test_signing_out_empties_the_device_unless_another_has_days_on_it(enter, tutor):
    assert enter(tutor).post(reverse("sign_out"))["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in enter(tutor).post(reverse("sign_out"), {"keep": "1"})
