"""What is paid to people reaches the plan's ledger as one sum for an operation, and asked again it adds nothing."""

import datetime as dt
from decimal import Decimal

import hypothesis
import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from hypothesis import strategies as st

from accanto.norms import ledger, money
from accanto.plan import movement as movements
from accanto.plan.movement import Movement, Place
from accanto.traineeships import attendance, determination, expenditure_statement, owed, payment
from accanto.traineeships.payment import Outcome, PaymentLine
from tests import factories


@pytest.fixture
def month(today):
    return (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


@pytest.fixture
def operation(mugello):
    return factories.operation(mugello)


@pytest.fixture
def drawn(trainees, month, anna, mugello, operation):
    """A list of 90 euros, of three people."""
    made = trainees(3)
    for row in made:
        row.starts, row.operation = month, operation
        row.save()
        attendance.record(
            traineeship=row, day=month + dt.timedelta(days=2), hours=Decimal(10), by=anna, now=timezone.now()
        )
        factories.close_of(row, month, by=anna)
        factories.payee(row, by=anna)
    determination.determine_complete(traineeships=made, month=month, by=anna, now=timezone.now())
    return owed.draw(zone_id=mugello.pk, month=month, payer="operation", by=anna, now=timezone.now())


def approve(drawn, by):
    today = timezone.localdate()
    payment.approve(
        drawn=drawn, act="Determina 12/2026", act_on=today, debtor_name="SdS di prova", debtor_iban=factories.IBAN,
        by=by, now=timezone.now(),
    )  # fmt: skip
    payment.send(drawn=drawn, execution_on=today, by=by, now=timezone.now())


def tell(drawn, by, told):
    outcomes = [Outcome(code, paid, timezone.localdate(), "" if paid else "conto chiuso") for code, paid in told]
    payment.record_outcomes(drawn=drawn, outcomes=outcomes, by=by, now=timezone.now())


def codes(drawn):
    return sorted({line.code for line in drawn.lines.all()})


def standing(operation, year):
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")
    place = Place(zone_id=operation.zone_id, operation_id=operation.pk)
    there = movements.standing_at(line=operation.fund_line, year=year, place=place)
    return {account: amount for account, amount in there.items() if amount and account != "outside"}


def commit(operation, year, amount, planner):
    place = Place(zone_id=operation.zone_id, operation_id=operation.pk)
    for taken, given in (("outside", "allocated"), ("allocated", "committed")):
        movements.post(
            line=operation.fund_line, year=year, taken=taken, given=given, amount=Decimal(amount), source=place,
            target=place, day=timezone.localdate(), by=planner, now=timezone.now(),
        )  # fmt: skip


def test_a_list_is_liquidated_paid_and_reported_from_the_commitment(drawn, month, operation, anna, planner):
    commit(operation, month.year, 100, planner)
    approve(drawn, anna)
    assert standing(operation, month.year) == {"committed": 10, "liquidated": 90}
    tell(drawn, anna, [(code, True) for code in codes(drawn)])
    assert standing(operation, month.year) == {"committed": 10, "paid": 90}
    made = expenditure_statement.report(
        operation=operation, reference="DDR 1", presented_on=timezone.localdate(), by=anna, now=timezone.now()
    )
    assert standing(operation, month.year) == {"committed": 10, "reported": 90}
    rows = (
        Movement.objects.exclude(source_kind="").order_by("id").values_list("taken", "given", "amount", "source_kind")
    )
    assert list(rows) == [
        ("committed", "liquidated", 90, "payment_list"),
        ("liquidated", "paid", 90, "payment_list"),
        ("paid", "reported", 90, "statement"),
    ]
    # ledger_of_list and ledger_of_statement, asked again, have nothing to add
    with connection.cursor() as cursor:
        cursor.execute("select ledger_of_list(%s, now()), ledger_of_statement(%s, now())", [drawn.pk, made.pk])
    assert Movement.objects.exclude(source_kind="").count() == 3


def test_nobody_committed_and_people_are_paid_all_the_same(drawn, month, operation, anna, planner):
    approve(drawn, anna)
    tell(drawn, anna, [(code, True) for code in codes(drawn)])
    assert standing(operation, month.year) == {"uncovered": -90, "paid": 90}
    found = ledger.uncovered(balance=standing(operation, month.year), on=month)
    assert [finding.code for finding in found] == ["ACC-MONEY"]
    commit(operation, month.year, 100, planner)
    assert standing(operation, month.year) == {"committed": 10, "paid": 90}


def test_a_commitment_too_small_is_used_up_and_the_rest_is_owed(drawn, month, operation, anna, planner):
    commit(operation, month.year, 50, planner)
    approve(drawn, anna)
    assert standing(operation, month.year) == {"uncovered": -40, "liquidated": 90}


def test_what_comes_back_goes_back_to_the_commitment(drawn, month, operation, anna, planner):
    commit(operation, month.year, 100, planner)
    approve(drawn, anna)
    first, *rest = codes(drawn)
    tell(drawn, anna, [(first, True), *((code, True) for code in rest)])
    tell(drawn, anna, [(first, False)])
    assert standing(operation, month.year) == {"committed": 40, "paid": 60}


def test_what_comes_back_and_was_owed_is_owed_no_more(drawn, month, operation, anna):
    approve(drawn, anna)
    first, *rest = codes(drawn)
    tell(drawn, anna, [(first, False), *((code, True) for code in rest)])
    assert standing(operation, month.year) == {"uncovered": -60, "paid": 60}


def test_what_somebody_moved_by_hand_stops_no_payment(drawn, month, operation, anna, planner):
    commit(operation, month.year, 100, planner)
    approve(drawn, anna)
    place = Place(zone_id=operation.zone_id, operation_id=operation.pk)
    movements.post(
        line=operation.fund_line, year=month.year, taken="liquidated", given="ordered", amount=Decimal(70),
        source=place, target=place, day=timezone.localdate(), by=planner, now=timezone.now(),
    )  # fmt: skip
    tell(drawn, anna, [(code, True) for code in codes(drawn)])
    assert standing(operation, month.year) == {"ordered": 70, "paid": 90, "uncovered": -60}


@hypothesis.given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=6), st.integers(0, 120))
@hypothesis.settings(
    max_examples=15, deadline=None, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
def test_whatever_the_treasurer_says_the_ledger_says_what_the_lines_say(
    drawn, month, operation, anna, planner, told, committed
):
    with transaction.atomic():
        if committed:
            commit(operation, month.year, committed, planner)
        approve(drawn, anna)
        for which, paid in told:
            tell(drawn, anna, [(codes(drawn)[which], paid)])
        lines = PaymentLine.objects.filter(list=drawn)
        live = sum((line.amount for line in lines if line.is_live), Decimal(0))
        paid = sum((line.amount for line in lines if line.outcome == "paid"), Decimal(0))
        there = standing(operation, month.year)
        assert there.get("paid", 0) == paid
        assert there.get("liquidated", 0) + paid == live
        assert -there.get("uncovered", 0) == max(live - committed, 0)
        assert there.get("committed", 0) == max(committed - live, 0)
        sums = ledger.reached(there)
        assert bool(money.chain(on=month, **sums)) is (live > committed)
        transaction.set_rollback(True)
    drawn.refresh_from_db()


def test_no_movement_is_of_a_person(drawn, operation, anna):
    approve(drawn, anna)
    assert Movement.objects.count() == 1
    columns = {field.name for field in Movement._meta.get_fields()}
    assert not columns & {"subject", "traineeship", "person", "payee", "line"}


def test_who_approves_writes_only_through_the_payments(drawn, operation, anna, as_application):
    """ledger_standing and ledger_write are for the functions of the payments, and for nobody else."""
    approve(drawn, anna)
    with as_application(anna) as cursor:
        cursor.execute("select ledger_of_list(%s, now())", [drawn.pk])
        cursor.execute("select count(*) from plan_movement")
        assert cursor.fetchone() == (0,)
    for sentence in (
        "select ledger_standing(1, 2026, 1::smallint, 1, 'paid')",
        "select ledger_write(1, 2026, 1::smallint, 1, 'outside', 'paid', 5, '2026-01-01', 'payment_list', 1, '', "
        "false, 1, now())",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), as_application(anna) as cursor:
            cursor.execute(sentence)
    assert Movement.objects.count() == 1


def test_a_social_worker_approves_on_the_page_as_the_application(drawn, month, operation, anna, as_application):
    """The worker has no right on the programme, and the sum reaches it."""
    with as_application(anna):
        approve(drawn, anna)
    assert standing(operation, month.year) == {"uncovered": -90, "liquidated": 90}
    assert Movement.objects.get().recorded_by == anna.user
