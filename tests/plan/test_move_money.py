"""The planner and the regional officer move the euro of a line from step to step; PostgreSQL looks whoever writes."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accanto.norms.findings import Refused
from accanto.plan import movement as movements
from accanto.plan.movement import Movement, NotToBeReversed, Place
from accanto.plan.operation import Operation, amend
from tests import factories

DAY = dt.date(2026, 3, 2)
YEAR = 2026


@pytest.fixture
def line(db):
    return factories.fund_line()


@pytest.fixture
def operation(mugello, line):
    return factories.operation(mugello, line=line.code)


def look():
    """A test never commits: what PostgreSQL looks at then, it looks at here."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


@pytest.fixture
def move(line, planner, mugello):
    def post(taken, given, amount, *, operation=None, source=None, zone=mugello, by=planner, **more):
        target = Place(zone_id=zone and zone.pk, operation_id=operation and operation.pk)
        row = movements.post(
            line=line, year=YEAR, taken=taken, given=given, amount=Decimal(amount), day=DAY, source=source or target,
            target=target, by=by, now=timezone.now(), **more,
        )  # fmt: skip
        look()
        return row

    return post


def standing(line, zone, operation=None):
    place = Place(zone_id=zone and zone.pk, operation_id=operation and operation.pk)
    there = movements.standing_at(line=line, year=YEAR, place=place)
    return {account: amount for account, amount in there.items() if amount and account != "outside"}


def test_a_zone_commits_pays_and_reports_on_an_operation(line, move, mugello, operation):
    zone = Place(zone_id=mugello.pk)
    move("outside", "allocated", 100)
    move("allocated", "committed", 80, operation=operation, source=zone, cup=operation.cup, chapter="1234", peg="5")
    move("committed", "liquidated", 50, operation=operation)
    move("liquidated", "paid", 50, operation=operation)
    move("paid", "reported", 20, operation=operation)
    assert standing(line, mugello) == {"allocated": 20}
    assert standing(line, mugello, operation) == {"committed": 30, "paid": 30, "reported": 20}
    row = Movement.objects.get(given="committed")
    assert (row.kind, row.cup, row.from_zone, row.from_operation) == ("ordinary", operation.cup, mugello, None)


def test_worked_case_48_is_refused_and_nothing_is_written(line, move, operation):
    move("outside", "allocated", 100, operation=operation)
    move("allocated", "committed", 100, operation=operation)
    move("committed", "liquidated", 80, operation=operation)
    with pytest.raises(Refused) as refused:
        move("liquidated", "paid", 90, operation=operation)
    assert [(finding.code, finding.field) for finding in refused.value.findings] == [("ACC-MONEY", "amount")]
    assert Movement.objects.count() == 3


def test_what_goes_out_is_a_kind_of_its_own(line, move, operation):
    move("outside", "allocated", 100, operation=operation)
    move("allocated", "committed", 90, operation=operation)
    move("allocated", "revoked", 10, operation=operation, explanation="Progetto ridotto")
    move("committed", "economy", 15, operation=operation, explanation="Ore non svolte")
    kinds = dict(Movement.objects.exclude(kind="ordinary").values_list("given", "kind"))
    assert kinds == {"revoked": "revocation", "economy": "economy"}


def test_the_region_s_budget_goes_to_a_zone_and_a_planner_does_not_touch_it(line, move, officer, mugello, versilia):
    region = Place()
    move("outside", "budgeted", 100, zone=None, by=officer)
    move("budgeted", "allocated", 60, source=region, by=officer)
    move("budgeted", "allocated", 30, source=region, by=officer, zone=versilia)
    assert standing(line, None) == {"budgeted": 10}
    with pytest.raises(Refused):
        move("budgeted", "allocated", 11, source=region, by=officer)


def test_a_movement_is_reversed_once_and_both_stay(line, move, planner, mugello, operation):
    move("outside", "allocated", 100)
    row = move("allocated", "committed", 80, operation=operation, source=Place(zone_id=mugello.pk))
    told = {"explanation": "Importo sbagliato", "day": DAY, "by": planner, "now": timezone.now()}
    back = movements.reverse(movement=row, **told)
    look()
    assert (back.kind, back.reverses, back.zone, back.operation) == ("correction", row, mugello, None)
    assert standing(line, mugello) == {"allocated": 100}
    for again in (row, back):
        with pytest.raises(NotToBeReversed):
            movements.reverse(movement=again, **told)


def test_money_that_has_gone_further_is_not_reversed(line, move, planner, operation):
    move("outside", "allocated", 100, operation=operation)
    row = move("allocated", "committed", 80, operation=operation)
    move("committed", "liquidated", 50, operation=operation)
    with pytest.raises(Refused) as refused:
        movements.reverse(movement=row, explanation="x", day=DAY, by=planner, now=timezone.now())
    assert "Storna prima i movimenti venuti dopo" in str(refused.value.findings[0].way_out)


def test_a_commitment_covers_what_was_liquidated_before_it(line, move, planner, mugello, operation):
    Movement.objects.create(
        fund_line=line, year=YEAR, zone=mugello, operation=operation, from_zone=mugello, from_operation=operation,
        taken="uncovered", given="liquidated", amount=30, day=DAY, kind="ordinary", source_kind="payment_list",
        source_id=1, recorded_at=timezone.now(),
    )  # fmt: skip
    move("outside", "allocated", 100, operation=operation)
    move("allocated", "committed", 20, operation=operation)
    assert standing(line, mugello, operation) == {"allocated": 80, "liquidated": 30, "uncovered": -10}
    move("allocated", "committed", 50, operation=operation)
    assert standing(line, mugello, operation) == {"allocated": 30, "committed": 40, "liquidated": 30}


def test_an_operation_with_movements_keeps_its_line_and_zone(line, move, officer, versilia, operation):
    """refuse_to_move_operations_with_movements"""
    move("outside", "allocated", 100, operation=operation)
    amend(operation=operation, title="Un altro titolo", by=officer, now=timezone.now())
    with pytest.raises(IntegrityError, match="movements"), transaction.atomic():
        amend(operation=operation, zone=versilia, by=officer, now=timezone.now())
    operation.refresh_from_db()
    with pytest.raises(IntegrityError, match="movements"), transaction.atomic():
        Operation.objects.filter(pk=operation.pk).update(fund_line=factories.fund_line("altra"))


# --- PostgreSQL, whoever asks ---

INSERT = (
    "insert into plan_movement (fund_line_id, year, zone_id, from_zone_id, operation_id, from_operation_id, taken, "
    "given, amount, day, kind, cup, chapter, peg, explanation, source_kind, source_id, reverses_id, synthetic, "
    "recorded_at, recorded_by_id) values (%(line)s, 2026, %(zone)s, %(from_zone)s, %(operation)s, %(operation)s, "
    "%(taken)s, %(given)s, %(amount)s, '2026-03-02', %(kind)s, '', '', '', 'x', %(source)s, %(number)s, "
    "%(reverses)s, false, now(), %(by)s)"
)


def values(line, zone, who, **changes):
    pk = zone and zone.pk
    said = {
        "line": line.pk, "zone": pk, "from_zone": pk, "operation": None, "taken": "outside", "given": "allocated",
        "amount": 10, "kind": "ordinary", "source": "", "number": None, "reverses": None, "by": who.user.pk,
    }  # fmt: skip
    return said | changes


def refused(cursor, line, zone, who, **changes):
    try:
        with transaction.atomic():
            cursor.execute(INSERT, values(line, zone, who, **changes))
            cursor.execute("set constraints all immediate")
    except DatabaseError as error:
        return str(error)
    finally:
        cursor.execute("set constraints all deferred")
    return ""


def test_postgresql_lets_each_write_their_own_only(line, planner, officer, anna, mugello, versilia, as_application):
    with as_application(planner) as cursor:
        assert not refused(cursor, line, mugello, planner)
        for zone, changes in (
            (versilia, {}),
            (None, {"given": "budgeted"}),
            (mugello, {"from_zone": None, "taken": "budgeted"}),
            (mugello, {"source": "payment_list", "number": 1}),  # only the function of the payments
            (mugello, {"by": officer.user.pk}),  # in somebody else's name
        ):
            assert "row-level security" in refused(cursor, line, zone, planner, **changes)
    with as_application(officer) as cursor:
        for zone in (mugello, versilia):
            assert not refused(cursor, line, zone, officer)
        assert not refused(cursor, line, None, officer, given="budgeted")
    with as_application(anna) as cursor:
        assert "row-level security" in refused(cursor, line, mugello, anna)


def test_postgresql_shows_each_their_own_only(line, planner, officer, anna, mugello, versilia, as_application):
    for zone in (mugello, versilia):
        factories.movement(zone, by=officer, line=line)
    factories.movement(None, by=officer, line=line, given="budgeted")
    for somebody, count in ((planner, 2), (officer, 3), (anna, 0), (None, 0)):
        with as_application(somebody, writing=False) as cursor:
            cursor.execute("select count(*) from plan_movement")
            assert cursor.fetchone() == (count,)


def test_postgresql_keeps_every_row_as_it_was_written(line, officer, mugello, as_application):
    factories.movement(mugello, by=officer, line=line)
    for sentence in ("update plan_movement set amount = 1", "delete from plan_movement"):
        with pytest.raises(ProgrammingError), transaction.atomic(), as_application(officer) as cursor:
            cursor.execute(sentence)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        # refuse_to_move_what_is_not_there
        ({"taken": "allocated", "given": "committed"}, "plan_movement_of_what_is_there"),
        ({"taken": "allocated", "given": "committed", "amount": 1001}, "plan_movement_of_what_is_there"),
        ({"taken": "lump_sums", "given": "uncovered"}, "plan_movement_covers_what_is_owed"),
        ({"taken": "budgeted", "given": "outside", "kind": "correction", "reverses": -1}, "foreign key"),
        ({"amount": 0}, "plan_movement_of_something"),
        ({"taken": "allocated"}, "plan_movement_between_two_accounts"),
        ({"taken": "nowhere"}, "plan_movement_between_two_accounts"),
        ({"kind": "economy"}, "plan_movement_kind"),
        ({"kind": "correction"}, "plan_movement_kind"),
    ],
)
def test_postgresql_refuses_what_cannot_be(line, officer, mugello, as_application, changes, constraint):
    if changes.get("amount") == 1001:
        factories.movement(mugello, by=officer, line=line, year=YEAR)
    with as_application(officer) as cursor:
        assert constraint in refused(cursor, line, mugello, officer, **changes)


def test_postgresql_refuses_an_operation_of_another_line_or_zone(line, officer, mugello, versilia, as_application):
    other = factories.operation(mugello)  # of the ESF+ line
    with as_application(officer) as cursor:
        assert "plan_movement_of_its_operation" in refused(cursor, line, mugello, officer, operation=other.pk)
        said = {"operation": other.pk}
        assert "plan_movement_of_its_operation" in refused(cursor, other.fund_line, versilia, officer, **said)
        assert not refused(cursor, other.fund_line, mugello, officer, **said)


def test_postgresql_refuses_a_reversal_that_is_not_one(line, officer, mugello, as_application):
    row = factories.movement(mugello, by=officer, line=line, year=YEAR)
    back = {"taken": "allocated", "given": "outside", "kind": "correction", "reverses": row.pk}
    with as_application(officer) as cursor:
        assert "plan_movement_reverses_another" in refused(cursor, line, mugello, officer, amount=999, **back)
        assert not refused(cursor, line, mugello, officer, amount=1000, **back)
        assert "unique" in refused(cursor, line, mugello, officer, amount=1000, **back)


def test_the_totals_of_a_line_are_the_region_s_and_nobody_else_s(
    line, planner, officer, anna, mugello, versilia, as_application
):
    """ledger_totals: a planner reads the sums of the region and the rows of one zone."""
    factories.movement(None, by=officer, line=line, given="budgeted", amount="500", year=YEAR)
    for zone in (mugello, versilia):
        factories.movement(zone, by=officer, line=line, given="allocated", amount="40", year=YEAR)
    for somebody in (planner, officer):
        with as_application(somebody, writing=False):
            found = movements.line_totals(line=line, year=YEAR)
        assert found.region == {"budgeted": 500, "outside": -500}
        assert found.everything == {"budgeted": 500, "allocated": 80, "outside": -580}
    for somebody in (anna, None):
        with as_application(somebody, writing=False):
            assert movements.line_totals(line=line, year=YEAR).everything == {}
