"""A cumulative sum that goes down says why: an error, a late posting or a de-commitment; PostgreSQL asks too."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accanto.norms.findings import Refused
from accanto.plan import cumulative_figure as cumulative
from accanto.plan.cumulative_figure import CumulativeFigure, NotInItsPlace
from accanto.plan.movement import Movement
from tests import factories

JANUARY, APRIL, JULY = dt.date(2026, 1, 31), dt.date(2026, 4, 30), dt.date(2026, 7, 31)


@pytest.fixture
def line(db):
    return factories.fund_line()


@pytest.fixture
def tell(line, mugello, planner):
    def record(as_of, amount, **more):
        row = cumulative.record(
            line=line, zone=mugello, operation=None, step=more.pop("step", "committed"), as_of=as_of,
            amount=Decimal(amount), by=planner, now=timezone.now(), **more,
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            cursor.execute("set constraints all deferred")
        return row

    return record


def series():
    rows = CumulativeFigure.objects.standing().order_by("as_of")
    return [(f"{row.as_of:%d/%m}", row.amount, row.decrease_reason) for row in rows]


def test_a_sum_that_grows_asks_nothing(tell):
    tell(JANUARY, 100)
    tell(APRIL, 130, reason="error")  # said for nothing
    assert series() == [("31/01", 100, ""), ("30/04", 130, "")]


def test_a_lower_sum_asks_which_of_the_three_it_is_and_nothing_is_written(tell):
    tell(JANUARY, 100)
    with pytest.raises(Refused) as refused:
        tell(APRIL, 90)
    assert [(finding.code, finding.field) for finding in refused.value.findings] == [
        ("ACC-CUMULATIVE", "decrease_reason")
    ]
    assert series() == [("31/01", 100, "")]


def test_an_error_takes_the_higher_sums_away_and_keeps_them_on_record(tell):
    tell(JANUARY, 100)
    tell(APRIL, 130)
    tell(JULY, 90, reason="error", explanation="Contato due volte")
    assert series() == [("31/07", 90, "error")]
    assert CumulativeFigure.objects.count() == 3


def test_a_late_posting_goes_to_its_day_and_the_others_stay(tell):
    tell(JANUARY, 100)
    tell(JULY, 130)
    tell(dt.date(2026, 8, 1), 110, reason="late_posting", explanation="Arrivata ora", belongs_on=APRIL)
    assert series() == [("31/01", 100, ""), ("30/04", 110, "late_posting"), ("31/07", 130, "")]
    with pytest.raises(NotInItsPlace) as lost, transaction.atomic():
        tell(dt.date(2026, 8, 1), 90, reason="late_posting", explanation="Arrivata ora", belongs_on=APRIL)
    assert lost.value.args[0].as_of == JANUARY


def test_a_de_commitment_takes_the_difference_out_of_the_ledger(tell, line, mugello, planner):
    tell(JANUARY, 100)
    with pytest.raises(Refused):  # the ledger does not hold what would be given up
        tell(APRIL, 90, reason="de_commitment", explanation="Progetto ridotto")
    factories.movement(mugello, by=planner, line=line, amount="100", year=2026)
    factories.movement(mugello, by=planner, line=line, taken="allocated", given="committed", amount="100", year=2026)
    row = tell(APRIL, 90, reason="de_commitment", explanation="Progetto ridotto")
    assert (row.movement.given, row.movement.kind, row.movement.amount) == ("economy", "economy", 10)
    assert series() == [("31/01", 100, ""), ("30/04", 90, "de_commitment")]
    tell(JULY, 95)
    assert Movement.objects.filter(given="economy").count() == 1


def test_what_was_paid_is_recovered(tell, line, mugello, planner):
    for taken, given in (("outside", "allocated"), ("allocated", "committed"), ("committed", "liquidated"),
                         ("liquidated", "paid")):  # fmt: skip
        factories.movement(mugello, by=planner, line=line, taken=taken, given=given, amount="100", year=2026)
    tell(JANUARY, 100, step="paid")
    row = tell(APRIL, 80, step="paid", reason="de_commitment", explanation="Restituiti")
    assert (row.movement.taken, row.movement.given, row.movement.kind) == ("paid", "recovered", "recovery")


def test_the_same_day_told_higher_takes_the_place_of_the_one_before(tell):
    tell(JANUARY, 100)
    tell(JANUARY, 120)
    assert series() == [("31/01", 120, "")]


def test_a_sum_before_a_lower_one_is_refused_with_the_day_it_runs_into(tell):
    tell(APRIL, 100)
    with pytest.raises(NotInItsPlace) as lost, transaction.atomic():
        tell(JANUARY, 150)
    assert lost.value.args[1].as_of == APRIL


INSERT = (
    "insert into plan_cumulativefigure (fund_line_id, zone_id, step, as_of, amount, decrease_reason, explanation, "
    "source, synthetic, recorded_at) values (%s, %s, 'committed', '2026-04-30', 90, %s, 'x', '', false, now())"
)


@pytest.mark.parametrize("reason", ["", "error", "late_posting", "de_commitment"])
def test_postgresql_asks_why_whoever_writes(tell, line, mugello, planner, as_application, reason):
    """refuse_cumulative_sums_that_go_down: only a de-commitment, with its movement, stands lower."""
    tell(JANUARY, 100)
    with (  # noqa: PT012
        pytest.raises(IntegrityError, match="plan_cumulative"),
        transaction.atomic(),
        as_application(planner) as cursor,
    ):
        cursor.execute(INSERT, [line.pk, mugello.pk, reason])
        cursor.execute("set constraints all immediate")


def test_each_writes_of_their_own(tell, line, versilia, planner, other_planner, officer, anna, as_application):
    tell(JANUARY, 100)
    for somebody, rows in ((planner, 1), (officer, 1), (other_planner, 0), (anna, 0), (None, 0)):
        with as_application(somebody) as cursor:
            cursor.execute("update plan_cumulativefigure set superseded_at = null")
            assert cursor.rowcount == rows
