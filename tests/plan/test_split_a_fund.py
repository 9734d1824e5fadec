"""The regional officer splits a sum of a line among the zones, adopts it with its act, corrects it with another."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accanto.norms.findings import Refused
from accanto.plan import allocation as allocations
from accanto.plan.allocation import Allocation, Criterion, Given, Reserve
from accanto.plan.fund import FundLine
from tests import factories

DAY = dt.date(2026, 3, 2)


@pytest.fixture
def line(db):
    return FundLine.objects.create(code="poverty-services-quota", order=1, name="Quota servizi")


@pytest.fixture
def decree(db):
    return factories.act("900", kind="DD")


@pytest.fixture
def zones(mugello, versilia):
    return {"mugello": mugello, "versilia": versilia, "elba": factories.zone("elba")}


def given(line, zones, *, total="1000.00", year=2026, weights=(60, 40), reserves=(), **changes):
    names = ("Nuclei beneficiari", "Residenti")
    bases = ((10, 20, 30), (1000, 500, 500))
    criteria = tuple(
        Criterion(
            name=name, weight=Decimal(weight), kind="table", base_source="Comunicazione INPS", base_day=DAY,
            quantities={zone.pk: Decimal(n) for zone, n in zip(zones.values(), base, strict=True)},
        )
        for name, weight, base in zip(names, weights, bases, strict=True)
    )  # fmt: skip
    said = {
        "fund_line": line, "year": year, "perimeter": "Quota ripartita fra le zone", "total": Decimal(total),
        "criteria": criteria, "reserves": tuple(reserves),
    }  # fmt: skip
    return Given(**said | changes)


def adopted(line, zones, decree, by, **changes):
    draft = allocations.save_draft(given=given(line, zones, **changes), by=by, now=timezone.now())
    row = allocations.adopt(draft=draft, act=decree, adopted_on=DAY, by=by, now=timezone.now())
    with connection.cursor() as cursor:  # a test never commits: what PostgreSQL looks at then, it looks at here
        cursor.execute("set constraints all immediate")
    return row


def quotas(row):
    return {quota.zone.code: quota.amount for quota in row.quotas.select_related("zone")}


def test_a_split_is_saved_adopted_and_the_draft_stays_on_record(line, zones, decree, officer):
    row = adopted(line, zones, decree, officer)
    assert quotas(row) == {"mugello": Decimal("300.00"), "versilia": Decimal("300.00"), "elba": Decimal("400.00")}
    assert (row.state, row.act, row.adopted_on, row.recorded_by) == ("adopted", decree, DAY, officer.user)
    draft = Allocation.objects.get(state="draft")
    assert draft.superseded_by == row
    assert Allocation.objects.standing().get() == row
    assert row.parts()["Mugello"] == {"Nuclei beneficiari": Decimal("100.00"), "Residenti": Decimal("200.00")}


def test_who_gets_the_cent_that_is_left_is_written(line, zones, decree, officer):
    row = adopted(line, zones, decree, officer, total="100.01")
    assert sum(quotas(row).values()) == Decimal("100.01")
    assert [quota.zone.code for quota in row.quotas.filter(residual_cents=1)] == ["elba"]


def test_the_same_money_is_not_split_twice(line, zones, decree, officer):
    draft = allocations.save_draft(given=given(line, zones), by=officer, now=timezone.now())
    with pytest.raises(Refused) as refused:
        allocations.save_draft(given=given(line, zones, total="2000.00"), by=officer, now=timezone.now())
    assert [(f.code, str(f.way_out)) for f in refused.value.findings if f.severity == "block"] == [
        ("ACC-ALLOCATED", "Continua quella bozza, o scartala.")
    ]
    allocations.adopt(draft=draft, act=decree, adopted_on=DAY, by=officer, now=timezone.now())
    same = given(line, zones, perimeter="  QUOTA ripartita  fra le zone ")
    with pytest.raises(Refused) as refused:
        allocations.save_draft(given=same, by=officer, now=timezone.now())
    assert "correggilo con un nuovo atto" in str(refused.value.findings[0].way_out)
    # another year, or another perimeter, is other money
    allocations.save_draft(given=given(line, zones, year=2025), by=officer, now=timezone.now())
    allocations.save_draft(given=given(line, zones, perimeter="Senza dimora"), by=officer, now=timezone.now())


def test_an_adopted_allocation_changes_only_by_one_that_corrects_it(line, zones, decree, officer):
    first = adopted(line, zones, decree, officer)
    other = factories.act("901", kind="DD")
    draft = allocations.save_draft(
        given=given(line, zones, total="1200.00"), corrects=first, by=officer, now=timezone.now()
    )
    second = allocations.adopt(draft=draft, act=other, adopted_on=DAY, by=officer, now=timezone.now())
    first.refresh_from_db()
    assert (first.is_corrected, first.superseded_by, second.corrects) == (True, second, first)
    assert sum(quotas(first).values()) == 1000
    with pytest.raises(allocations.NoLongerADraft):
        allocations.adopt(draft=draft, act=other, adopted_on=DAY, by=officer, now=timezone.now())


def test_a_draft_saved_again_takes_the_place_of_the_one_before(line, zones, officer):
    first = allocations.save_draft(given=given(line, zones), by=officer, now=timezone.now())
    second = allocations.save_draft(
        given=given(line, zones, total="500.00"), replaces=first, by=officer, now=timezone.now()
    )
    first.refresh_from_db()
    assert (first.superseded_by, Allocation.objects.drafts().get()) == (second, second)
    allocations.discard(draft=second, by=officer, now=timezone.now())
    assert not Allocation.objects.standing().exists()


def test_informatics_at_two_per_cent_is_refused_and_under_it_is_not(line, zones, officer):
    def saved(amount):
        reserve = Reserve(purpose="informatics", amount=Decimal(amount), taken_before=False)
        return allocations.save_draft(
            given=given(line, zones, total="10000000.00", reserves=[reserve]), by=officer, now=timezone.now()
        )

    with pytest.raises(Refused) as refused:
        saved("200000")
    assert "FU-06" in {finding.code for finding in refused.value.findings if finding.severity == "block"}
    assert not Allocation.objects.exists()
    assert saved("199999").reserves.get().amount == 199_999


def test_what_is_taken_off_before_and_the_quotas_are_the_total(line, zones, decree, officer):
    reserve = Reserve(purpose="emergency", amount=Decimal("100.00"), taken_before=True)
    row = adopted(line, zones, decree, officer, reserves=[reserve])
    assert sum(quotas(row).values()) == 900


def test_the_year_before_is_that_of_the_same_line_and_perimeter(line, zones, decree, officer):
    row = adopted(line, zones, decree, officer, year=2025)
    assert allocations.year_before(given(line, zones)) == row
    assert allocations.year_before(given(line, zones, perimeter="Altro")) is None


# --- PostgreSQL, whoever asks ---


def test_postgresql_lets_only_the_regional_officer_write(line, zones, decree, officer, planner, anna, as_application):
    row = adopted(line, zones, decree, officer)
    insert = (
        "insert into plan_allocation (fund_line_id, year, perimeter, total, state, grade, source, note, synthetic, "
        "recorded_at) values (%s, 2020, 'x', 1, 'draft', '', '', '{}', false, now())"
    )
    for somebody in (planner, anna, None):
        with pytest.raises(ProgrammingError), transaction.atomic(), as_application(somebody) as cursor:
            cursor.execute(insert, [line.pk])
        if somebody:
            with as_application(somebody) as cursor:
                cursor.execute("update plan_allocation set superseded_at = now() where id = %s", [row.pk])
                assert cursor.rowcount == 0
        with as_application(somebody, writing=False) as cursor:
            cursor.execute("select sum(amount) from plan_allocationquota where allocation_id = %s", [row.pk])
            assert cursor.fetchone() == (Decimal("1000.00"),)
    for sentence in ("update plan_allocation set total = 2", "update plan_allocationquota set amount = 2",
                     "delete from plan_allocationquota"):  # fmt: skip
        with pytest.raises(ProgrammingError), transaction.atomic(), as_application(officer) as cursor:
            cursor.execute(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        # refuse_to_undo_an_allocation, and refuse_allocations_that_do_not_add_up
        "update plan_allocation set superseded_at = now() where id = %s",
        "insert into plan_allocationreserve (allocation_id, purpose, amount, taken_before) "
        "values (%s, 'other', 5, true)",
    ],
)
def test_postgresql_keeps_an_adopted_allocation_whole(line, zones, decree, officer, as_application, sentence):
    row = adopted(line, zones, decree, officer)
    with (  # noqa: PT012
        pytest.raises(IntegrityError, match="allocation"),
        transaction.atomic(),
        as_application(officer) as cursor,
    ):
        cursor.execute("set constraints all immediate")
        cursor.execute(sentence, [row.pk])
