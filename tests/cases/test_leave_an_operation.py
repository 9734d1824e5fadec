"""A person leaves a financed operation, comes back, and says what they do: the results of the European fund."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from accanto.cases import participation as participations
from accanto.cases import participation_outcome as outcomes
from accanto.cases.participation import Participation
from accanto.cases.participation_outcome import Moment, ParticipationOutcome
from tests import factories


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def taking_part(anna, mugello, case, today):
    """A person in an operation since two hundred days ago, unemployed then, with a complete sheet."""
    entry = {"sex": "F", "employment_status": "inactive", "education": "isced_3_4", "age": 41}
    return participations.enter(
        case=case, operation=factories.operation(mugello), starts=today - dt.timedelta(days=90), entry=entry,
        by=anna, now=timezone.now(),
    )  # fmt: skip


def standing(row):
    return Participation.objects.standing().get(subject=row.subject_id, operation=row.operation_id)


def said(day, **changes):
    return {"ends": day.isoformat(), "status": "searching", "known_on": day.isoformat()} | changes


def test_who_leaves_is_asked_what_they_do_and_it_counts(enter, anna, taking_part, today):
    left = today - dt.timedelta(days=3)
    url = reverse("leave_operation", args=[taking_part.pk])
    assert enter(anna).post(url, said(left)).status_code == 302
    row = standing(taking_part)
    assert row.ends == left
    assert (row.starts, row.entry) == (taking_part.starts, taking_part.entry)
    taking_part.refresh_from_db()
    assert (taking_part.ends, taking_part.superseded_at is None) == (None, False)  # as it was known before
    assert outcomes.results(row, outcomes.of(row, anna)) == ["EECR01"]  # inactive at entry, now searching
    page = enter(anna).get(reverse("leave_operation", args=[row.pk])).content.decode()
    assert "EECR01" in page


@pytest.mark.parametrize(
    ("at_entry", "status", "more", "codes"),
    [
        ("inactive", "searching", {}, ["EECR01"]),
        ("unemployed", "searching", {}, []),
        ("long_term_unemployed", "job", {}, ["EECR04"]),
        ("inactive", "inactive", {"training": "on", "qualification": "on"}, ["EECR02", "EECR03"]),
        ("inactive", "would_not_say", {}, []),
        ("employed", "job", {}, []),
    ],
)
def test_each_answer_counts_for_what_the_annex_says(enter, anna, taking_part, today, at_entry, status, more, codes):
    Participation.objects.filter(pk=taking_part.pk).update(entry=taking_part.entry | {"employment_status": at_entry})
    enter(anna).post(reverse("leave_operation", args=[taking_part.pk]), said(today, status=status, **more))
    row = standing(taking_part)
    assert outcomes.results(row, outcomes.of(row, anna)) == codes


def test_what_is_said_after_four_weeks_is_kept_and_does_not_count(enter, anna, taking_part, today):
    left = today - dt.timedelta(days=40)
    enter(anna).post(
        reverse("leave_operation", args=[taking_part.pk]),
        said(left, known_on=(left + dt.timedelta(days=29)).isoformat()),
    )
    row = standing(taking_part)
    assert outcomes.of(row, anna)[Moment.EXIT].status == "searching"
    assert outcomes.results(row, outcomes.of(row, anna)) == []


def test_who_comes_back_keeps_the_first_entry_and_loses_the_answers_of_the_exit(enter, anna, taking_part, today):
    enter(anna).post(reverse("leave_operation", args=[taking_part.pk]), said(today - dt.timedelta(days=9)))
    enter(anna).post(reverse("back_in_operation", args=[standing(taking_part).pk]))
    row = standing(taking_part)
    assert (row.starts, row.ends) == (taking_part.starts, None)
    assert outcomes.of(row, anna) == {}
    assert ParticipationOutcome.objects.filter(superseded_at__isnull=False).count() == 1
    assert enter(anna).post(reverse("back_in_operation", args=[row.pk])).status_code == 404


def test_six_months_after_a_raise_alone_does_not_count(enter, anna, taking_part, today):
    left = today - dt.timedelta(days=200)
    employed = taking_part.entry | {"employment_status": "employed"}
    Participation.objects.filter(pk=taking_part.pk).update(
        starts=left - dt.timedelta(days=30), ends=left, entry=employed
    )
    url = reverse("after_operation", args=[taking_part.pk])
    for improvement, codes in (("pay", []), ("stable", ["EECR06"]), ("", [])):
        answer = {"status": "job", "improvement": improvement, "known_on": today.isoformat()}
        assert enter(anna).post(url, answer).status_code == 302
        taking_part.refresh_from_db()
        assert outcomes.results(taking_part, outcomes.of(taking_part, anna)) == codes
    # the answers before stay on record
    assert ParticipationOutcome.objects.count() == 3


def test_it_is_early_to_ask_before_six_months(enter, anna, taking_part, today):
    enter(anna).post(reverse("leave_operation", args=[taking_part.pk]), said(today))
    page = enter(anna).get(reverse("after_operation", args=[standing(taking_part).pk])).content.decode()
    assert "È presto" in page


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(enter, anna, taking_part, today):
    url = reverse("leave_operation", args=[taking_part.pk])
    wrong = {
        "before the entry": said(taking_part.starts - dt.timedelta(days=1)),
        "in the future": said(today + dt.timedelta(days=1)),
        "asked before the exit": said(today, known_on=(today - dt.timedelta(days=5)).isoformat()),
        "no day": {"ends": "", "status": "boh", "known_on": "31/02/2026"},
        "a hostile one": {"ends": "\x00", "status": "\x00", "known_on": "9" * 400},
    }
    for case, answer in wrong.items():
        assert enter(anna).post(url, answer).status_code == 422, case
    assert standing(taking_part).ends is None
    assert not ParticipationOutcome.objects.exists()


def test_an_exit_may_be_written_before_one_knows_what_they_do(enter, anna, taking_part, today):
    answer = enter(anna).post(
        reverse("leave_operation", args=[taking_part.pk]), said(today, status="", known_on=""), follow=True
    )
    assert "Manca che cosa fa" in answer.content.decode()
    day = enter(anna).get(reverse("my_day")).content.decode()
    assert reverse("leave_operation", args=[standing(taking_part).pk]) in day


def test_nobody_else_opens_or_writes_it(enter, anna, bruno, taking_part, today, as_application):
    for name in ("leave_operation", "after_operation"):
        assert enter(bruno).get(reverse(name, args=[taking_part.pk])).status_code == 404
    enter(anna).post(reverse("leave_operation", args=[taking_part.pk]), said(today))
    with as_application(bruno, writing=False) as cursor:
        cursor.execute("select count(*) from cases_participationoutcome")
        assert cursor.fetchone()[0] == 0


def test_another_day_of_exit_asks_anew_what_they_do(enter, anna, taking_part, today):
    first = today - dt.timedelta(days=60)
    enter(anna).post(reverse("leave_operation", args=[taking_part.pk]), said(first, status="job"))
    row = standing(taking_part)
    later = {"status": "", "ends": today.isoformat(), "known_on": ""}
    enter(anna).post(reverse("leave_operation", args=[row.pk]), later)
    row = standing(row)
    assert (row.ends, outcomes.of(row, anna), outcomes.results(row, outcomes.of(row, anna))) == (today, {}, [])


def test_an_answer_taken_back_counts_no_more(enter, anna, taking_part, today):
    enter(anna).post(reverse("leave_operation", args=[taking_part.pk]), said(today))
    row = standing(taking_part)
    enter(anna).post(reverse("leave_operation", args=[row.pk]), said(today, status="", known_on=""))
    assert outcomes.of(standing(row), anna) == {}


def test_the_second_press_is_led_to_the_person(enter, anna, taking_part, today):
    url = reverse("leave_operation", args=[taking_part.pk])
    answers = [enter(anna).post(url, said(today)) for _press in range(2)]
    assert [answer.url for answer in answers] == [reverse("person", args=[taking_part.subject_id])] * 2
    assert enter(anna).get(url).status_code == 302
    assert ParticipationOutcome.objects.count() == 1


def test_nobody_comes_back_into_an_operation_that_is_over(enter, anna, taking_part, today):
    enter(anna).post(reverse("leave_operation", args=[taking_part.pk]), said(today))
    row = standing(taking_part)
    row.operation.ends = today - dt.timedelta(days=1)
    row.operation.save()
    enter(anna).post(reverse("back_in_operation", args=[row.pk]))
    assert standing(row).ends == today


def test_postgresql_takes_an_answer_of_who_left_and_under_ones_own_name(
    taking_part, anna, bruno, today, as_application
):
    def wrong(**changes):
        facts = {
            "subject_id": taking_part.subject_id, "zone_id": taking_part.zone_id, "case_id": taking_part.case_id,
            "operation_id": taking_part.operation_id, "moment": "exit", "status": "job", "training": False,
            "qualification": False, "improvement": "", "known_on": today, "recorded_at": timezone.now(),
            "recorded_by_id": anna.user.pk,
        } | changes  # fmt: skip
        marks = ", ".join(["%s"] * len(facts))
        with pytest.raises(DatabaseError), as_application(anna) as cursor:
            cursor.execute(
                f"insert into cases_participationoutcome ({', '.join(facts)}) values ({marks})", list(facts.values())
            )

    wrong()  # still in
    participations.leave(row=taking_part, on=today, by=anna, now=timezone.now())
    wrong(recorded_by_id=bruno.user.pk)
