"""Money: the month's allowance, the zone's contribution, shares that add up."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accanto.norms import money, staffing
from accanto.norms.allowances import cents, month_allowance
from accanto.norms.days import Period
from accanto.norms.findings import Severity, blocks
from accanto.norms.reader import LocalValue
from accanto.norms.text import Text
from accanto.norms.traineeships import Kind, MonthFacts

DAY = date(2026, 3, 31)
HOURS = st.decimals(0, 744, places=2)
SUMS = st.decimals(0, 2000, places=2)
PEOPLE = st.integers(1, 4_000_000)
UNITS = st.decimals(0, 900, places=4)


@given(hours=HOURS, rate=st.decimals(0, 20, places=2))
def test_hours_by_rate_never_above_the_ceiling_and_the_rows_add_up(hours: Decimal, rate: Decimal) -> None:
    paid = month_allowance(
        MonthFacts(month=DAY, allowance_mode="hourly", hours_done=hours, allowance_hourly=rate), on=DAY
    )
    assert paid.amount == sum(row.amount for row in paid.rows)
    assert paid.amount == min(Decimal(500), cents(hours * rate))
    assert paid.amount == cents(paid.amount)
    assert "R-TIS-33" in {finding.code for finding in paid.findings}


@given(agreed=SUMS, other=SUMS)
def test_a_top_up_never_goes_below_zero(agreed: Decimal, other: Decimal) -> None:
    facts = MonthFacts(month=DAY, allowance_mode="top_up", allowance_monthly=agreed, other_support=other)
    paid = month_allowance(facts, on=DAY)
    assert paid.amount == max(Decimal(0), min(Decimal(500), agreed) - other)
    assert paid.amount == sum(row.amount for row in paid.rows)


@given(
    agreed=st.decimals(0, 1500, places=2),
    presence=st.decimals(0, 100, places=1),
    reduced=st.none() | st.decimals(0, 1500, places=2),
)
def test_an_ordinary_month_keeps_its_floors(agreed: Decimal, presence: Decimal, reduced: Decimal | None) -> None:
    facts = MonthFacts(
        kind=Kind.TNC, month=DAY, allowance_monthly=agreed, presence_percent=presence, reduced_to=reduced
    )
    paid = month_allowance(facts, on=DAY)
    assert paid.amount == sum(row.amount for row in paid.rows)
    assert paid.amount >= (600 if presence >= 70 or reduced is None else 400)
    assert "R-IND-01" not in {row.code for row in paid.rows}


@pytest.mark.parametrize(
    "facts",
    [
        MonthFacts(),
        MonthFacts(month=DAY),
        MonthFacts(month=DAY, allowance_mode="weekly"),
        MonthFacts(month=DAY, allowance_mode="hourly"),
        MonthFacts(month=DAY, allowance_mode="monthly"),
        MonthFacts(month=DAY, allowance_mode="hourly", hours_done=Decimal(-1), allowance_hourly=Decimal(5)),
        MonthFacts(month=DAY, allowance_mode="monthly", allowance_monthly=Decimal("NaN")),
        MonthFacts(
            month=DAY,
            allowance_mode="monthly",
            allowance_monthly=Decimal(500),
            start=date(2026, 4, 1),
            end=date(2026, 9, 30),
        ),
    ],
)
def test_a_month_that_cannot_be_paid_pays_nothing_and_says_why(facts: MonthFacts) -> None:
    paid = month_allowance(facts, on=DAY)
    assert blocks(paid.findings)
    assert (paid.amount, paid.rows) == (Decimal(0), ())


def test_a_part_month_by_days_only_where_an_act_says_so() -> None:
    facts = MonthFacts(
        month=DAY,
        allowance_mode="monthly",
        allowance_monthly=Decimal(500),
        start=date(2026, 3, 17),
        end=date(2026, 9, 16),
    )
    assert month_allowance(facts, on=DAY).amount == 500
    local = {"tis.part_month": LocalValue(value="by_days", speaker=Text("il progetto", "the project"), act="atto")}
    assert month_allowance(facts, on=DAY, local=local).amount == cents(Decimal(500) * 15 / 31)


def test_a_stricter_ceiling_says_who_set_it() -> None:
    local = {"tis.allowance_max": LocalValue(value=450, speaker=Text("il progetto", "the project"), act="atto")}
    facts = MonthFacts(month=DAY, allowance_mode="monthly", allowance_monthly=Decimal(500))
    paid = month_allowance(facts, on=DAY, local=local)
    assert paid.amount == 450
    assert "il progetto" in paid.rows[-1].label.it


@given(residents=PEOPLE, fte=UNITS)
def test_the_contribution_is_the_formula_to_the_cent(residents: int, fte: Decimal) -> None:
    exact = 40000 * max(
        Fraction(0), min(Fraction(fte), Fraction(residents, 5000)) - Fraction(residents, 6500)
    ) + 20000 * max(Fraction(0), min(Fraction(fte), Fraction(residents, 4000)) - Fraction(residents, 5000))
    found = staffing.contribution(residents=residents, fte=fte, on=DAY)
    assert abs(Fraction(found.amount) - exact) <= Fraction(1, 200)
    assert found.amount == sum(row.amount for row in found.rows)
    assert 0 <= found.amount <= Decimal("2.846154") * residents + Decimal("0.01")
    assert found.meets_leps is (Fraction(fte) >= Fraction(residents, 5000))


@given(residents=PEOPLE, fte=UNITS, more=UNITS)
def test_more_workers_never_lower_the_contribution(residents: int, fte: Decimal, more: Decimal) -> None:
    less = staffing.contribution(residents=residents, fte=fte, on=DAY).amount
    assert staffing.contribution(residents=residents, fte=fte + more, on=DAY).amount >= less


def test_two_zones_are_never_pooled() -> None:
    pooled = staffing.contribution(residents=200_000, fte=Decimal(34), on=DAY).amount
    zones = [(100_000, Decimal(10)), (100_000, Decimal(24))]
    assert (staffing.region_total(zones=zones, on=DAY), pooled) == (Decimal("264615.38"), Decimal("129230.77"))


def test_before_the_law_thresholds_compare_and_nothing_is_due() -> None:
    found = staffing.contribution(residents=130_000, fte=Decimal(30), on=date(2020, 12, 31))
    assert (found.amount, found.thresholds[0], found.meets_leps) == (0, 20, True)


@pytest.mark.parametrize(("residents", "fte"), [(0, "1"), (-5, "1"), (100, "-1"), (100, "NaN")])
def test_a_zone_without_people_is_an_error(residents: int, fte: str) -> None:
    with pytest.raises(ValueError, match="Residents must be positive"):
        staffing.contribution(residents=residents, fte=Decimal(fte), on=DAY)


NAMES = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(1, 500_000), min_size=1, max_size=6)


@given(residents=NAMES, own=st.lists(UNITS, min_size=6, max_size=6), lead=UNITS)
def test_the_split_inside_a_zone_spreads_no_more_than_the_zone_gets(
    residents: dict[str, int], own: list[Decimal], lead: Decimal
) -> None:
    own_fte = dict(zip(residents, own, strict=False))
    found = staffing.split(residents=residents, own_fte=own_fte, lead_fte=lead, on=DAY)
    total = staffing.contribution(residents=sum(residents.values()), fte=sum(own_fte.values(), lead), on=DAY).amount
    assert sum(found.amounts.values()) + found.unallocated == total
    assert all(amount >= 0 for amount in found.amounts.values())
    assert found.unallocated >= 0


@given(
    total=st.decimals(0, 10**8, places=2), weights=st.dictionaries(st.text(max_size=2), SUMS, min_size=1, max_size=9)
)
def test_shares_add_up_to_the_cent(total: Decimal, weights: dict[str, Decimal]) -> None:
    found = staffing.shares(total, weights)
    assert sum(found.values()) == (total if any(weights.values()) else 0)


def test_the_ceiling_cuts_only_new_sums() -> None:
    found, said = staffing.proportional_cut(
        recognised={"a": Decimal(170_000_000)}, new={"b": Decimal(15_000_000), "c": Decimal(5_000_000)}, on=DAY
    )
    assert found == {"a": Decimal(170_000_000), "b": Decimal(7_500_000), "c": Decimal(2_500_000)}
    assert said[0].severity is Severity.CAUTION


def test_who_does_not_count() -> None:
    contracts = [
        staffing.Contract(weekly_hours=Decimal(36), first=date(2020, 1, 1)),
        staffing.Contract(weekly_hours=Decimal(36), first=date(2020, 1, 1), permanent=False),
        staffing.Contract(weekly_hours=Decimal(36), first=date(2020, 1, 1), outsourced=True),
        staffing.Contract(weekly_hours=Decimal(36), first=date(2020, 1, 1), employer="health_authority"),
        staffing.Contract(
            weekly_hours=Decimal(36),
            first=date(2020, 1, 1),
            absences=(("unpaid_leave", Period(date(2026, 7, 1), date(2026, 12, 31))),),
        ),
        staffing.Contract(
            weekly_hours=Decimal(36),
            first=date(2020, 1, 1),
            absences=(("maternity", Period(date(2026, 7, 1), date(2026, 12, 31))),),
        ),
    ]
    fte, said = staffing.full_time_equivalents(contracts=contracts, year=2026, on=DAY)
    assert fte == Decimal("2.5")
    assert {finding.code for finding in said} == {"ST-20", "ST-22", "ST-25", "ST-26", "ST-27"}


def test_the_certified_figure_only_lowers() -> None:
    assert staffing.effective_fte(declared=Decimal(10), certified=Decimal(9)) == 9
    assert staffing.effective_fte(declared=Decimal(10), certified=Decimal(11)) == 10
    assert staffing.effective_fte(declared=Decimal(10), certified=None) == 10


def test_the_return_closes_at_midnight_in_italy() -> None:
    before = datetime(2026, 2, 28, 22, 59, 59, tzinfo=UTC)
    after = datetime(2026, 2, 28, 23, 0, tzinfo=UTC)
    assert staffing.return_state(year=2026, now=after, finalised_at=before)[0] == "finalised"
    assert staffing.return_state(year=2026, now=after, finalised_at=after)[0] == "late"
    assert staffing.return_state(year=2026, now=after)[0] == "missing"


@given(
    sums=st.lists(st.none() | st.decimals(0, 1000, places=2), min_size=12, max_size=12),
)
def test_the_chain_of_money_blocks_exactly_when_a_step_grows(sums: list[Decimal | None]) -> None:
    names = [name for name, _word in money.CHAIN]
    given_ = [one for one in sums if one is not None]
    found = money.chain(on=DAY, **dict(zip(names, sums, strict=True)))
    assert blocks(found) is any(later > earlier for earlier, later in pairwise(given_))


def test_money_edges() -> None:
    assert money.chain(on=DAY, paid=Decimal(100), reported=Decimal(120), lump_sums=True) == []
    assert blocks(money.chain(on=DAY, committed=Decimal(-1)))
    assert money.project_code("g17h03000130001", on=DAY) == []
    assert money.project_code("G17H0300013000", on=DAY)[0].severity is Severity.AUTHORISE
    assert blocks(money.simplified_costs(total_cost=Decimal(200_000), simplified=False, state_aid=False, on=DAY))
    assert not money.simplified_costs(total_cost=Decimal("200000.01"), simplified=False, state_aid=False, on=DAY)
    assert money.payment_gate(reported=Decimal(74), assigned=Decimal(100), on=DAY)[0].severity is Severity.CAUTION
    with pytest.raises(ValueError, match="19/08/2022"):
        money.european_share(cost=Decimal(1), on=date(2020, 1, 1))
