"""The planner of a zone writes who works there, under which contracts and when they were away; nobody else reads it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accanto.access.log import Act
from accanto.access.role import RIGHTS, Degree, Kind
from accanto.norms.findings import Refused
from accanto.norms.staffing import full_time_equivalents
from accanto.staffing import absence as absences
from accanto.staffing import contract as contracts
from accanto.staffing import worker as workers
from accanto.staffing import workforce
from accanto.staffing.absence import Absence
from accanto.staffing.contract import Contract, Terms
from accanto.staffing.worker import Worker
from tests import factories

TABLES = ("staffing_worker", "staffing_contract", "staffing_absence")


def terms(**more):
    said = {"employer": "zone_body", "kind": "permanent", "weekly_hours": Decimal(36), "starts": dt.date(2020, 1, 1)}
    return Terms(**(said | more))


def record(worker, by, **more):
    return contracts.record(worker=worker, terms=terms(**more), by=by, now=timezone.now())


def codes(refused):
    return {finding.field for finding in refused.value.findings}


# --- workers ----------------------------------------------------------------------------------------------------------


def test_a_worker_gets_the_next_code_of_the_profession_in_the_zone(mugello, versilia, planner):
    assert [factories.worker(mugello, by=planner).code for _ in range(2)] == ["AS-0001", "AS-0002"]
    assert factories.worker(mugello, profession="educator", by=planner).code == "ED-0001"
    assert factories.worker(versilia, by=planner).code == "AS-0001"


def test_the_zone_may_give_its_own_code_and_no_two_are_alike(mugello, planner):
    factories.worker(mugello, code="ps-77", by=planner)
    with pytest.raises(Refused) as refused:
        factories.worker(mugello, code="PS-77", by=planner)
    assert codes(refused) == {"code"}


def test_a_worker_with_contracts_is_not_taken_away(mugello, planner):
    worker = factories.worker(mugello, by=planner)
    row = factories.contract(worker, by=planner)
    with pytest.raises(Refused):
        workers.withdraw(worker=worker, by=planner, now=timezone.now())
    contracts.withdraw(contract=row, by=planner, now=timezone.now())
    workers.withdraw(worker=worker, by=planner, now=timezone.now())
    assert not Worker.objects.known().exists()
    worker.refresh_from_db()
    with pytest.raises(Refused) as refused:
        record(worker, planner)
    assert codes(refused) == {"worker"}


# --- contracts --------------------------------------------------------------------------------------------------------


def test_a_corrected_contract_stays_on_record(mugello, planner):
    worker = factories.worker(mugello, by=planner)
    first = record(worker, planner)
    second = contracts.correct(contract=first, terms=terms(ends=dt.date(2026, 6, 30)), by=planner, now=timezone.now())
    assert list(worker.contracts.standing()) == [second]
    assert worker.contracts.count() == 2
    with pytest.raises(Refused, match="già stato corretto"):
        contracts.correct(contract=first, terms=terms(), by=planner, now=timezone.now())
    with pytest.raises(Refused, match="già stato corretto"):
        contracts.withdraw(contract=first, by=planner, now=timezone.now())


def test_all_that_cannot_be_is_told_at_once(mugello, versilia, planner):
    worker = factories.worker(mugello, by=planner)
    with pytest.raises(Refused) as refused:
        record(
            worker,
            planner,
            employer="health_authority",
            kind="outsourced",
            municipality=factories.municipality(versilia),
            weekly_hours=Decimal(0),
            ends=dt.date(2019, 1, 1),
        )
    assert codes(refused) == {"ends", "weekly_hours", "kind", "municipality"}
    with pytest.raises(Refused) as refused:
        record(worker, planner, employer="municipality")
    assert codes(refused) == {"municipality"}
    with pytest.raises(Refused) as refused:
        record(worker, planner, employer="cooperative")
    assert codes(refused) == {"kind"}
    assert not Contract.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"employer": "municipality"},
        {"employer": "cooperative"},
        {"kind": "outsourced"},
        {"cost_refunded": True},
        {"weekly_hours": Decimal(0)},
        {"weekly_hours": Decimal("60.5")},
        {"ends": dt.date(2000, 1, 1)},
    ],
)
def test_in_the_database_what_cannot_be_is_not_there(mugello, planner, wrong):
    worker = factories.worker(mugello, by=planner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.create(worker=worker, zone=mugello, recorded_at=timezone.now(), **vars(terms(**wrong)))


def test_a_contract_is_of_the_zone_of_its_worker(mugello, versilia, planner):
    worker = factories.worker(mugello, by=planner)

    def lie():
        Contract.objects.create(worker=worker, zone=versilia, recorded_at=timezone.now(), **vars(terms()))
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="of_its_zone"), transaction.atomic():
        lie()


# --- absences ---------------------------------------------------------------------------------------------------------


def test_an_absence_is_corrected_and_not_written_twice(mugello, planner):
    worker, now = factories.worker(mugello, by=planner), timezone.now()
    said = {"worker": worker, "kind": "maternity", "starts": dt.date(2026, 3, 1), "by": planner, "now": now}
    first = absences.record(**said, ends=None)
    with pytest.raises(Refused) as refused:
        absences.record(**(said | {"starts": dt.date(2026, 5, 1)}), ends=dt.date(2026, 4, 1))
    assert codes(refused) == {"ends", "starts"}
    second = absences.record(**said, ends=dt.date(2026, 8, 31), instead_of=first)
    assert list(worker.absences.standing()) == [second]
    absences.withdraw(absence=second, by=planner, now=now)
    assert not worker.absences.standing().exists()
    with pytest.raises(Refused):
        absences.withdraw(absence=second, by=planner, now=now)


# --- the average of the year ------------------------------------------------------------------------------------------


def test_case_18_of_the_contracts_of_a_zone(mugello, planner):
    town = factories.municipality(mugello)
    factories.contract(factories.worker(mugello, by=planner), hours="18", by=planner)
    factories.contract(
        factories.worker(mugello, by=planner), hours="30", starts=dt.date(2025, 4, 1), employer="municipality",
        municipality=town, by=planner,
    )  # fmt: skip
    found = workforce.of_year(mugello, year=2025)
    assert (found.fte, found.heads) == (Decimal("1.125"), 2)
    assert {place: found.at(place).fte for place in found.places} == {None: Decimal("0.5"), town.pk: Decimal("0.625")}
    assert (
        found.fte
        == full_time_equivalents(contracts=[one.law for one in found.lines], year=2025, on=dt.date(2025, 12, 31))[0]
    )
    by_days = workforce.of_year(mugello, year=2025, reading="days")
    assert by_days.fte == Decimal("1.1279")  # 0,5 + 30/36 · 275/365


def test_only_what_counts_makes_the_figure_and_the_rest_says_why(mugello, planner):
    town = factories.municipality(mugello)
    for more in (
        {},
        {"kind": "fixed_term"},
        {"kind": "agency"},
        {"employer": "cooperative", "kind": "outsourced"},
        {"employer": "health_authority"},
        {"employer": "health_authority", "cost_refunded": True, "municipality": town},
    ):
        factories.contract(factories.worker(mugello, by=planner), by=planner, **more)
    factories.contract(factories.worker(mugello, profession="psychologist", by=planner), by=planner)
    found = workforce.of_year(mugello, year=2025)
    assert (found.fte, found.heads, len(found.lines)) == (2, 2, 6)
    assert [line.share.why[0].code for line in found.lines if not line.share.counts] == [
        "ST-20",
        "ST-20",
        "ST-25",
        "ST-22",
    ]


def test_a_worker_in_two_places_is_one_head(mugello, planner):
    worker, town = factories.worker(mugello, by=planner), factories.municipality(mugello)
    factories.contract(worker, hours="18", by=planner)
    factories.contract(worker, hours="18", employer="municipality", municipality=town, by=planner)
    found = workforce.of_year(mugello, year=2025)
    assert (found.fte, found.heads) == (1, 1)
    assert [found.at(place).heads for place in found.places] == [1, 1]


def test_who_left_before_31_december_is_in_the_average_and_not_in_the_heads(mugello, planner):
    factories.contract(factories.worker(mugello, by=planner), ends=dt.date(2025, 6, 30), by=planner)
    found = workforce.of_year(mugello, year=2025)
    assert (found.fte, found.heads) == (Decimal("0.5"), 0)


def test_an_absence_is_of_its_worker(mugello, planner):
    for _ in range(2):
        factories.contract(factories.worker(mugello, by=planner), by=planner)
    away = Worker.objects.earliest("code")
    absences.record(
        worker=away, kind="unpaid_leave", starts=dt.date(2025, 1, 1), ends=dt.date(2025, 3, 31), by=planner,
        now=timezone.now(),
    )  # fmt: skip
    found = workforce.of_year(mugello, year=2025)
    assert (found.fte, found.heads) == (Decimal("1.75"), 2)


# --- who reads it -----------------------------------------------------------------------------------------------------


def everything(zone, by):
    worker = factories.worker(zone, name="Nome Inventato", by=by)
    factories.contract(worker, by=by)
    return Absence.objects.create(
        worker=worker, zone=zone, kind="illness", starts=dt.date(2026, 1, 1), recorded_at=timezone.now()
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_in_the_database_only_the_planner_of_the_zone_reads_contracts_and_absences(
    mugello, planner, as_application, kind
):
    everything(mugello, planner)
    somebody = factories.user(f"somebody_{kind}", kind, zone=mugello)
    for table in TABLES:
        with as_application(somebody) as cursor:
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (int(kind == Kind.ZONE_PLANNER),), table
    assert (Degree.WORKFORCE in RIGHTS[kind]) is (kind == Kind.ZONE_PLANNER)


def test_in_the_database_another_zone_neither_reads_nor_writes(
    mugello, versilia, planner, other_planner, as_application
):
    absence = everything(mugello, planner)
    for table in TABLES:
        with as_application(other_planner) as cursor:
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,), table
            if table != "staffing_worker":
                cursor.execute(f"update {table} set superseded_at = recorded_at")
                assert cursor.rowcount == 0
    for zone in (mugello, versilia):  # nor by saying that the other's worker is one's own
        with pytest.raises(DatabaseError), as_application(other_planner) as cursor:
            cursor.execute(
                "insert into staffing_absence (worker_id, zone_id, kind, starts, recorded_at) "
                "values (%s, %s, 'illness', '2026-01-01', now())",
                [absence.worker_id, zone.pk],
            )


def test_in_the_database_a_contract_is_superseded_and_not_overwritten(mugello, planner, as_application):
    everything(mugello, planner)
    with as_application(planner) as cursor:
        cursor.execute("update staffing_contract set superseded_at = recorded_at")
        assert cursor.rowcount == 1
    for statement in (
        "update staffing_contract set weekly_hours = 1",
        "update staffing_worker set profession = 'other'",
        "update staffing_absence set kind = 'maternity'",
        "delete from staffing_contract",
    ):
        with pytest.raises(DatabaseError), as_application(planner) as cursor:
            cursor.execute(statement)


def test_the_log_of_an_absence_does_not_tell_what_it_is(mugello, planner):
    everything(mugello, planner)
    worker = Worker.objects.get()
    absences.record(
        worker=worker, kind="maternity", starts=dt.date(2026, 1, 1), ends=None, by=planner, now=timezone.now()
    )
    assert "maternity" not in str(list(Act.objects.order_by("id").values_list("noun", "verb", "detail")))
