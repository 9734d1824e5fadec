"""What a month comes to, line by line, and who may see it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.norms.findings import Refused
from accanto.plan.fund import FundLine
from accanto.plan.operation import Operation
from accanto.traineeships import allowance, attendance
from accanto.traineeships.models import AllowanceTerms, AttendanceDay, MonthAllowance


@pytest.fixture
def month(today):
    """The first day of the month before this one, which is over."""
    return (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


@pytest.fixture
def row(trainees, month, today):
    (row,) = trainees(1)
    row.starts, row.hours_by_weekday = month, [Decimal(5)] * 7
    row.weekly_hours = 35
    row.save()
    return row


@pytest.fixture
def operation(mugello, today):
    line = FundLine.objects.first() or FundLine.objects.create(code="prova", name="Linea di prova")
    return Operation.objects.create(
        cup="A11B22000330004", title="Progetto di prova", fund_line=line, zone=mugello,
        starts=today - dt.timedelta(days=400), ends=today + dt.timedelta(days=400), hourly_rate=Decimal(5),
    )  # fmt: skip


def terms(row, **values):
    return AllowanceTerms.objects.create(traineeship=row, subject_id=row.subject_id, zone_id=row.zone_id, **values)


def work(row, month, hours, tutor):
    """So many hours, ten a day, from the first of the month."""
    entries, n = [], 0
    while hours > 0:
        entries.append(attendance.Entry(row, month + dt.timedelta(days=n), min(hours, Decimal(10))))
        hours, n = hours - 10, n + 1
    attendance.record_all(entries=entries, by=tutor, now=timezone.now())


@pytest.mark.parametrize(("hours", "euros"), [("96", "480.00"), ("110", "500.00"), ("100.5", "500.00"), ("0", "0.00")])
def test_by_hours_at_the_operations_rate_and_never_above_the_ceiling(row, operation, month, anna, tutor, hours, euros):
    row.operation = operation
    row.save()
    work(row, month, Decimal(hours), tutor)
    found = allowance.determine(traineeship=row, month=month, by=anna, now=timezone.now())
    assert found.amount == Decimal(euros)
    assert {line["code"] for line in found.rows} <= {"R-FSE-12", "R-IND-01"}
    assert "R-TIS-33" in {finding["code"] for finding in found.findings}


def test_the_page_explains_each_line_with_its_act(enter, anna, row, operation, month, tutor):
    row.operation = operation
    row.save()
    work(row, month, Decimal(110), tutor)
    url = reverse("month_allowance", args=[row.pk, f"{month:%Y-%m}"])
    client = enter(anna)
    page = client.get(url).content.decode()
    for said in ("R-FSE-12", "R-IND-01", "R-TIS-33", "500,00", "Non ancora determinata"):
        assert said in page
    assert client.post(url).status_code == 302
    assert "Determinata in" in client.get(url).content.decode()


def test_a_correction_leaves_the_old_determination_and_makes_a_new_one(row, month, anna, tutor, enter):
    terms(row, mode="hourly", hourly_rate=Decimal(4))
    work(row, month, Decimal(50), tutor)
    now = timezone.now()
    allowance.determine(traineeship=row, month=month, by=anna, now=now)
    attendance.record(traineeship=row, day=month, hours=Decimal(5), by=tutor, now=timezone.now(), correction="checked")
    url = reverse("month_allowance", args=[row.pk, f"{month:%Y-%m}"])
    assert "il registro è cambiato" in enter(anna).get(url).content.decode()
    allowance.determine(traineeship=row, month=month, by=anna, now=timezone.now())
    assert [one.amount for one in MonthAllowance.objects.order_by("computed_at")] == [200, 180]
    assert [one.amount for one in MonthAllowance.objects.standing()] == [180]


def test_the_agreed_sum_of_the_month(row, month, anna, tutor):
    terms(row, mode="monthly", monthly_amount=Decimal(450))
    work(row, month, Decimal(20), tutor)
    assert allowance.determine(traineeship=row, month=month, by=anna, now=timezone.now()).amount == 450


def test_the_ordinary_traineeship_keeps_its_floor_and_never_the_ceiling_of_the_other(row, month, anna, tutor):
    row.kind = "TNC"
    row.save()
    terms(row, mode="monthly", monthly_amount=Decimal(650))
    work(row, month, Decimal(150), tutor)
    found = allowance.determine(traineeship=row, month=month, by=anna, now=timezone.now())
    assert found.amount == 650
    assert "R-IND-01" not in {line["code"] for line in found.rows}


def test_without_terms_or_before_the_month_is_over_nothing_is_determined(enter, row, month, anna, today):
    with pytest.raises(Refused):
        allowance.determine(traineeship=row, month=month, by=anna, now=timezone.now())
    terms(row, mode="monthly", monthly_amount=Decimal(450))
    answer = enter(anna).post(reverse("month_allowance", args=[row.pk, f"{today:%Y-%m}"]))
    assert answer.status_code == 422
    assert "non è ancora finito" in answer.content.decode()
    assert not MonthAllowance.objects.exists()


def test_tutors_hosts_and_other_zones_never_see_the_money(enter, row, month, tutor, sara, bruno, as_application, anna):
    terms(row, mode="monthly", monthly_amount=Decimal(450))
    allowance.determine(traineeship=row, month=month, by=anna, now=timezone.now())
    url = reverse("month_allowance", args=[row.pk, f"{month:%Y-%m}"])
    for acting in (tutor, sara, bruno):
        assert enter(acting).get(url).status_code == 404
    for acting, seen in ((tutor, 0), (sara, 0), (bruno, 0), (anna, 1)):
        with as_application(acting) as cursor:
            for table in ("traineeships_monthallowance", "traineeships_allowanceterms"):
                cursor.execute(f"select count(*) from {table}")
                assert cursor.fetchone()[0] == seen, (acting.user, table)


def test_what_each_role_finds_in_each_table(row, month, tutor, sara, bruno, anna, as_application):
    """The tutor reads the plan of the traineeship, the host does not; what depends on the area only the services."""
    from accanto.traineeships.models import Condition, TraineeshipPlan

    who = {"traineeship": row, "subject_id": row.subject_id, "zone_id": row.zone_id}
    TraineeshipPlan.objects.create(reason="prova", **who)
    Condition.objects.create(adi=True, **who)
    work(row, month, Decimal(10), tutor)
    expected = {
        "traineeships_traineeship": (1, 1, 0),
        "traineeships_attendanceday": (1, 1, 0),
        "traineeships_traineeshipplan": (1, 1, 0),
        "traineeships_condition": (1, 0, 0),
    }
    for table, counts in expected.items():
        for acting, seen in zip((anna, tutor, bruno), counts, strict=True):
            with as_application(acting) as cursor:
                cursor.execute(f"select count(*) from {table}")
                assert cursor.fetchone()[0] == seen, (acting.user, table)


def test_a_recorded_day_cannot_be_rewritten_or_taken_away(row, month, tutor, as_application):
    from django.db import ProgrammingError, transaction

    work(row, month, Decimal(10), tutor)
    for statement in (
        "update traineeships_attendanceday set hours = 1",
        "delete from traineeships_attendanceday",
        "update traineeships_passage set after = 'draft'",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), as_application(tutor) as cursor:
            cursor.execute(statement)
    assert AttendanceDay.objects.get().hours == 10
