"""What a person does at the end of a traineeship and six months after: asked once, of whom, and what it counts for."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.relation import open_relation
from accanto.access.role import Kind
from accanto.cases import follow_up as follow_ups
from accanto.cases import participation
from accanto.cases.case import close_case
from accanto.cases.follow_up import CaseFollowUp
from accanto.indicators import figure, publish
from accanto.indicators import six_months_after_traineeship as six_months
from accanto.indicators.catalogue import AFTER, OF_PERSONS, overview
from accanto.norms.days import add_months
from accanto.norms.reader import in_force
from accanto.traineeships import outcome as outcomes
from accanto.traineeships.outcome import Moment, TraineeshipOutcome
from accanto.traineeships.traineeship import State
from tests import factories

EXIT, SIX = Moment.EXIT, Moment.SIX_MONTHS
JOB = {"status": "job", "contract": "fixed_term", "source": "phone"}


def url(row, moment="exit"):
    return reverse("traineeship_outcome", args=[row.pk, moment])


@pytest.fixture
def over(trainees, today, carla, anna):
    """One that ended six months and ten days ago."""

    def make(count=1, first=0):
        rows = trainees(count, first=first)
        for row in rows:
            row.ends, row.state = add_months(today, -6) - dt.timedelta(days=10), State.CONCLUDED
            row.starts = row.ends - dt.timedelta(days=90)
            row.save()
        return rows

    return make


@pytest.fixture
def ended(over, carla, anna):
    (row,) = over()
    open_relation(
        subject=row.subject, kind=Kind.PERSON, user=carla.user, reason="il proprio fascicolo", by=anna,
        now=timezone.now(),
    )  # fmt: skip
    return row


def test_it_is_recorded_corrected_and_counts_for_the_fund(ended, anna, enter, today):
    office = enter(anna)
    operation = factories.operation(ended.zone)
    participation.enter(
        case=ended.case, operation=operation, starts=ended.starts, entry={"employment_status": "long_term_unemployed"},
        by=anna, now=timezone.now(),
    )  # fmt: skip
    assert "sei mesi dopo il tirocinio" in office.get(reverse("my_day")).content.decode()
    refused = office.post(url(ended, "six-months"), {"status": "job", "weekly_hours": "900", "known_on": "1999-01-01"})
    assert refused.status_code == 422
    for sentence in ("Scegli il contratto", "Scrivi le ore di una settimana", "Controlla l’anno"):
        assert sentence in refused.content.decode()
    said = {**JOB, "weekly_hours": "20", "with_host": "on", "known_on": today.isoformat()}
    assert office.post(url(ended, "six-months"), said).status_code == 302
    assert office.post(url(ended), {"status": "searching", "source": "in_person", "contract": "permanent",
                                    "known_on": ended.ends.isoformat()}).status_code == 302  # fmt: skip
    found = {row.moment: row for row in TraineeshipOutcome.objects.all()}
    assert (found[SIX].status, found[SIX].weekly_hours, found[SIX].with_host) == ("job", 20, True)
    assert (found[EXIT].contract, found[EXIT].source) == ("", "in_person")
    page = office.get(url(ended, "six-months")).content.decode()
    assert "EECR05" in page
    assert "EECR01" not in page, "searching already counts only for who was inactive"
    assert "sei mesi dopo il tirocinio" not in office.get(reverse("my_day")).content.decode()

    # corrected: what was there before stays
    assert office.post(url(ended, "six-months"), said | {"status": "would_not_say"}).status_code == 302
    rows = TraineeshipOutcome.objects.filter(moment=SIX)
    assert [row.status for row in rows.order_by("id")] == ["job", "would_not_say"]
    assert rows.standing().get().contract == ""
    assert "Risposte sostituite" in office.get(url(ended, "six-months")).content.decode()


def test_before_its_day_nothing_is_asked(trainees, anna, enter, today):
    (row,) = trainees(1)
    assert enter(anna).get(url(row)).status_code == 302
    row.ends, row.state = today - dt.timedelta(days=3), State.INTERRUPTED
    row.save()
    assert enter(anna).get(url(row)).status_code == 200
    assert enter(anna).get(url(row, "six-months")).status_code == 302
    assert enter(anna).get(url(row, "never")).status_code == 404
    assert outcomes.asked_by(row, EXIT) == row.ends + dt.timedelta(days=28)
    page = enter(anna).get(reverse("traineeship", args=[row.pk])).content.decode()
    assert "Che cosa fa sei mesi dopo" in page


def test_the_person_answers_in_their_own_page_once(ended, carla, bruno, enter, as_application, today):
    """`outcome_answer`: the one row that who was a trainee writes."""
    own = enter(carla)
    assert "Raccontaci che cosa fai adesso" in own.get(reverse("my_day")).content.decode()
    assert own.post(url(ended, "six-months"), {"status": "not_reached"}).status_code == 422
    assert own.post(url(ended, "six-months"), {"status": "job"}).status_code == 302
    row = TraineeshipOutcome.objects.get()
    assert (row.status, row.contract, row.source, row.known_on) == ("job", "other", "own_page", today)
    assert own.post(url(ended, "six-months"), {"status": "inactive"}).status_code == 200, "it says what is known"
    assert TraineeshipOutcome.objects.get().status == "job"
    assert enter(bruno).get(url(ended, "six-months")).status_code == 404
    with as_application(bruno) as cursor, pytest.raises(DatabaseError, match="only the person"), transaction.atomic():
        cursor.execute("select outcome_answer(%s, 'exit', 'job', 'other')", [ended.pk])


def test_what_a_closed_case_was_asked_is_not_asked_twice(ended, over, anna, enter, today):
    closed = ended.ends
    ended.case.opened_on = closed - dt.timedelta(days=100)
    ended.case.save()
    close_case(case=ended.case, on=closed, reason="goals_reached", outcome="traineeship", by=anna, now=timezone.now())
    day = enter(anna).get(reverse("my_day")).content.decode()
    assert "sei mesi dopo il tirocinio" in day
    assert "sei mesi dopo la chiusura" not in day, "one question, in one place"
    said = {**JOB, "known_on": today.isoformat()}
    assert enter(anna).post(url(ended, "six-months"), said).status_code == 302
    assert CaseFollowUp.objects.get().outcome == "working"

    # and the other way round: the answer of the case is proposed
    (other,) = over(1, first=5)
    other.case.opened_on = closed - dt.timedelta(days=100)
    other.case.save()
    close_case(case=other.case, on=closed, reason="goals_reached", outcome="job", by=anna, now=timezone.now())
    follow_ups.record(case=other.case, day=today, outcome="in_training", by=anna, now=timezone.now())
    page = enter(anna).get(url(other, "six-months"))
    assert "Non chiederlo due volte" in page.content.decode()
    assert page.context["form"].initial == {"status": "training", "source": "case", "known_on": today}


def test_who_works_is_counted_over_who_was_asked_and_few_are_withheld(over, anna, mugello, enter, today):
    rows, now = over(8), timezone.now()
    does = ["job"] * 4 + ["searching"] * 3 + ["not_reached"]
    for row, status in zip(rows, does, strict=True):
        contract = {"contract": "other"} if status == "job" else {}
        outcomes.record(
            traineeship=row, moment=SIX, status=status, source="phone", known_on=today, by=anna, now=now, **contract
        )
    now = timezone.now()
    counts = figure.by_zone([OF_PERSONS[code] for code in AFTER], day=today, now=now)
    assert [counts[code].zones[mugello.pk].value for code in AFTER] == [8, 7, 4]
    # of one person nobody knows: a subtraction would tell, so none of the three is published
    shown = overview(AFTER, zones=[mugello.pk], day=today, now=now)
    assert all(shown[code].zones[mugello.pk].suppressed for code in AFTER)
    outcomes.record(
        traineeship=rows[-1], moment=SIX, status="would_not_say", source="phone", known_on=today, by=anna,
        now=timezone.now(),
    )  # fmt: skip
    now = timezone.now()
    shown = overview(AFTER, zones=[mugello.pk], day=today, now=now)
    assert [shown[code].region.value for code in AFTER] == [8, 8, 4]
    page = enter(anna).get(reverse("indicator", args=["working_six_months_after"])).content.decode()
    assert "50%" in page
    records = enter(anna).get(reverse("indicator_records", args=["working_six_months_after"])).content.decode()
    assert records.count("/people/") >= 4
    limits = publish.thresholds(today)
    gaps = publish.rests([{1: figure.Counted(8, 8)}, {1: figure.Counted(7, 7)}])
    assert (gaps[0][1].people, limits.people >= 2) == (1, True)


def test_the_months_are_those_of_the_sheet(today):
    assert in_force(today)["esf.long_term_months"].integer() == six_months.MONTHS
