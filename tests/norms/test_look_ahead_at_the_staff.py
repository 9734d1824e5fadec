"""A scenario of the social workers of a zone: what the months, the retirements and the turnover make of each year."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accanto.norms import staffing
from accanto.norms import staffing_scenario as scenario
from accanto.norms.findings import Grade, Severity
from accanto.norms.scenario_findings import cautions, objections
from accanto.norms.staffing_scenario import Assumptions, Counted, Movement

TODAY = date(2026, 11, 28)
YEARS = range(2026, 2031)


def assume(fte="20", *, residents=130_000, hires=(), retirements=(), **more):
    """A zone of 130.000: thresholds at 20, 26 and 32,5."""
    units = Decimal(fte)
    said = {"counted_on": TODAY, "residents": residents, "residents_on": date(2024, 12, 31)}
    return Assumptions(
        counted=tuple(Counted(year=year, average=units, at_start=units) for year in YEARS),
        hires=tuple(Movement(units=Decimal(u), year=y, month=m) for u, y, m in hires),
        retirements=tuple(Movement(units=Decimal(u), year=y, month=m) for u, y, m in retirements),
        **(said | more),
    )


def fte_of(given_):
    return {one.year: one.fte for one in scenario.project(given_)}


def test_without_a_plan_the_contracts_go_on_as_they_are():
    assert fte_of(assume("22.5")) == dict.fromkeys(YEARS, Decimal("22.5"))
    assert {one.contribution.amount for one in scenario.project(assume("22.5"))} == {Decimal("100000.00")}


def test_what_the_contracts_already_say_of_each_year_is_the_start():
    """Somebody whose contract ends on 30 June 2027: half of the year, then nothing."""
    counted = tuple(
        Counted(year=year, average=Decimal(average), at_start=Decimal(start))
        for year, average, start in ((2026, "10", "10"), (2027, "9.5", "10"), (2028, "9", "9"))
    )
    given_ = Assumptions(
        counted_on=TODAY, counted=counted, residents=130_000, residents_on=TODAY,
        hires=(Movement(units=Decimal(2), year=2027, month=7),),
    )  # fmt: skip
    assert fte_of(given_) == {2026: 10, 2027: Decimal("10.5"), 2028: 11}


def test_a_hire_counts_from_the_first_day_of_its_month_and_a_retirement_until_the_last():
    found = fte_of(assume(hires=[("6", 2027, 3)], retirements=[("3", 2028, 6)]))
    assert found == {2026: 20, 2027: 25, 2028: Decimal("24.5"), 2029: 23, 2030: 23}
    december = fte_of(assume(hires=[("1", 2027, 12)], retirements=[("1", 2027, 12)]))
    assert december[2027] == Decimal("20.0833")
    assert december[2028] == 20


def test_turnover_begins_with_the_next_year_and_half_of_it_weighs_on_its_own():
    found = fte_of(assume(turnover_percent=Decimal(10)))
    assert found == {2026: 20, 2027: 19, 2028: Decimal("17.1"), 2029: Decimal("15.39"), 2030: Decimal("13.851")}


def test_residents_stay_unless_a_yearly_change_is_given():
    assert {one.residents for one in scenario.project(assume())} == {130_000}
    found = scenario.project(assume(residents_change_percent=Decimal("-1")))
    assert [one.residents for one in found] == [130_000, 128_700, 127_413, 126_139, 124_877]


def test_what_each_hire_earns_follows_the_tiers_and_the_month():
    """From 19: the first brings nothing, six bring 40,000, six and a half 20,000, the rest nothing."""
    rows = scenario.earned_by_hires(
        assume("19", hires=[("1", 2027, 1), ("7", 2027, 1), ("1", 2027, 7), ("9", 2028, 1)])
    )
    assert [one.amounts[2027] for one in rows] == [0, Decimal("260000.00"), Decimal("10000.00"), 0]
    assert [one.amounts[2028] for one in rows] == [0, Decimal("260000.00"), 20000, 90000]
    assert rows[3].total == 270_000


def test_one_more_worker_earns_by_the_month_it_begins():
    found = scenario.one_more_from(assume("22"), year=2027)
    assert (found[1], found[7], found[12]) == (40_000, 20_000, Decimal("3332.00"))  # 0,0833 at four decimals
    assert scenario.project(assume("25.5"))[1].one_more == Decimal("30000.00")  # half a unit in each tier
    assert scenario.project(assume("33"))[1].one_more == 0


def test_what_reaching_the_thresholds_costs_gross_and_net():
    leps, objective = scenario.project(assume("22", cost_per_worker=Decimal("45000")))[0].reach
    assert (leps.units, leps.gross, leps.earned, leps.net) == (4, 180_000, 160_000, 20_000)
    assert (objective.units, objective.gross, objective.earned) == (Decimal("10.5"), 472_500, 290_000)
    assert objective.net == 182_500
    assert [one.units for one in scenario.project(assume("40"))[0].reach] == [0, 0]


def test_where_nobody_says_the_cost_of_a_worker_none_is_invented():
    given_ = assume("22", hires=[("1", 2027, 1)])
    years = scenario.project(given_)
    assert {one.hires_cost for one in years} == {None}
    assert {reach.gross for one in years for reach in one.reach} == {None}
    assert {reach.net for one in years for reach in one.reach} == {None}
    told = [one for one in cautions(given_, years) if one.field == "cost_per_worker"]
    assert [(one.severity, one.grade) for one in told] == [(Severity.CAUTION, Grade.DESIGN)]


def test_the_findings_say_what_is_reached_and_from_which_year():
    given_ = assume(hires=[("6", 2028, 1)])
    told = {one.code: one for one in cautions(given_, scenario.project(given_))}
    assert str(told["ST-16"].sentence).startswith("Queste assunzioni sono fuori")
    sentences = [str(one.sentence) for one in cautions(given_, scenario.project(given_))]
    assert "1:5.000 raggiunto dal 2028." in sentences
    assert "1:4.000 non è raggiunto nel 2030: mancano 6,5 unità." in sentences
    assert {"ST-05", "ST-10", "ST-13", "ST-17", "ST-20", "ST-26", "ST-28", "ACC-SCENARIO"} <= set(told)


@pytest.mark.parametrize(("fte", "code"), [("10", "ST-02"), ("40", "ST-03")])
def test_hires_that_earn_nothing_are_told_with_their_threshold(fte, code):
    given_ = assume(fte, hires=[("1", 2027, 1)])
    told = [one for one in cautions(given_, scenario.project(given_)) if "non portano" in str(one.sentence)]
    assert [one.code for one in told] == [code]


def test_all_that_cannot_be_is_told_at_once():
    wrong = assume(
        "2", hires=[("0", 2027, 1), ("1", 2026, 10)], retirements=[("1", 2031, 1), ("9", 2027, 1)],
        turnover_percent=Decimal(50),
    )  # fmt: skip
    found = objections(wrong)
    assert {(one.field, one.severity) for one in found} == {("hires", "block"), ("retirements", "block")}
    assert len(found) == 4
    assert {one.code for one in found} == {"ACC-SCENARIO"}
    assert [one.field for one in objections(assume(turnover_percent=Decimal(101)))] == ["turnover_percent"]
    assert objections(assume(hires=[("1", 2026, 11), ("1", 2030, 12)])) == ()


UNITS = st.decimals(0, 60, places=2)
HIRES = st.lists(
    st.tuples(st.decimals("0.01", 9, places=2), st.integers(2027, 2030), st.integers(1, 12)), min_size=1, max_size=6
)
PERCENTS = st.decimals(0, 100, places=1)


@given(fte=UNITS, residents=st.integers(1000, 400_000), hires=HIRES, turnover=PERCENTS)
def test_what_the_hires_earn_adds_up_to_the_cent_and_is_never_below_zero(fte, residents, hires, turnover):
    given_ = assume(fte, residents=residents, hires=hires, turnover_percent=turnover)
    rows, years = scenario.earned_by_hires(given_), scenario.project(given_)
    for one in years:
        assert sum(row.amounts[one.year] for row in rows) == one.by_hires
        without = staffing.contribution(residents=one.residents, fte=one.fte - one.hires_fte, on=TODAY).amount
        assert without + one.by_hires == one.contribution.amount
    assert all(amount >= 0 for row in rows for amount in row.amounts.values())


@given(fte=UNITS, residents=st.integers(1000, 400_000), hires=HIRES, turnover=PERCENTS)
def test_another_hire_never_lowers_a_year_nor_its_contribution(fte, residents, hires, turnover):
    more = assume(fte, residents=residents, hires=hires, turnover_percent=turnover)
    less = assume(fte, residents=residents, hires=hires[1:], turnover_percent=turnover)
    for one, other in zip(scenario.project(less), scenario.project(more), strict=True):
        assert other.fte >= one.fte
        assert other.contribution.amount >= one.contribution.amount
        assert other.one_more >= 0


@given(fte=UNITS, residents=st.integers(1000, 400_000))
def test_with_the_units_that_lack_the_threshold_is_reached_and_without_a_hair_of_them_it_is_not(fte, residents):
    for one in scenario.project(assume(fte, residents=residents)):
        for reach in one.reach:
            reached = (one.fte + reach.units) * reach.residents_per_worker
            assert reached >= residents
            if reach.units:
                assert (one.fte + reach.units - Decimal("0.0001")) * reach.residents_per_worker < residents
