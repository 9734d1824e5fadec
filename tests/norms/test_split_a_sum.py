"""A sum is split among the zones: it adds up to the cent, whoever has more gets no less, the order changes nothing."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accanto.norms import money
from accanto.norms.findings import Severity, blocks, of_severity
from accanto.norms.reader import parameter
from accanto.norms.split import compare, split

DAY = date(2026, 3, 1)
TOTALS = st.decimals("0.01", 10**9, places=2)
QUANTITIES = st.integers(1, 400_000)


@st.composite
def splits(draw):
    zones = [f"z{n:02}" for n in range(draw(st.integers(1, 28)))]
    cut = sorted(draw(st.lists(st.integers(1, 9_999), max_size=3, unique=True)))
    edges = [0, *cut, 10_000]
    weights = {f"c{n}": Decimal(b - a) / 100 for n, (a, b) in enumerate(pairwise(edges))}
    bases = {name: {zone: Decimal(draw(QUANTITIES)) for zone in zones} for name in weights}
    return draw(TOTALS), weights, bases


@given(splits())
def test_the_quotas_add_up_to_the_cent_and_each_zone_s_parts_to_its_quota(one):
    total, weights, bases = one
    done = split(total=total, weights=weights, bases=bases, on=DAY)
    assert not blocks(done.findings)
    assert sum(done.quotas.values()) == total
    for zone, quota in done.quotas.items():
        assert sum(part.amount for part in done.parts if part.zone == zone) == quota
        exact = sum(
            Fraction(total)
            * Fraction(weight)
            / 100
            * Fraction(bases[name][zone])
            / sum(map(Fraction, bases[name].values()))
            for name, weight in weights.items()
        )
        assert abs(Fraction(quota) - exact) < Fraction(1, 100)
    assert len(done.residues) < len(done.quotas)


@given(splits(), st.randoms(use_true_random=False))
def test_the_order_of_zones_and_criteria_changes_nothing(one, random):
    total, weights, bases = one

    def shuffled(rows):
        pairs = list(rows.items())
        random.shuffle(pairs)
        return dict(pairs)

    first = split(total=total, weights=weights, bases=bases, on=DAY)
    again = split(
        total=total, weights=shuffled(weights), bases=shuffled({k: shuffled(v) for k, v in bases.items()}), on=DAY
    )
    assert first.quotas == again.quotas
    assert first.residues == again.residues


@given(splits())
def test_who_has_more_of_everything_gets_no_less(one):
    total, weights, bases = one
    done = split(total=total, weights=weights, bases=bases, on=DAY)
    for one_zone in done.quotas:
        for other in done.quotas:
            if all(base[one_zone] > base[other] for base in bases.values()):
                assert done.quotas[one_zone] >= done.quotas[other]


def test_everything_that_is_wrong_is_said_at_once_and_the_zones_are_named():
    done = split(
        total=Decimal(10_000_000),
        weights={"households": Decimal(60), "residents": Decimal("39.99")},
        bases={"households": {"Mugello": Decimal(5)}, "residents": {"Mugello": Decimal(-1), "Lunigiana": Decimal(4)}},
        zones=["Mugello", "Lunigiana", "Elba"],
        destined={"informatics": Decimal(200_000)},
        on=DAY,
    )
    said = " ".join(
        f"{finding.sentence} {finding.way_out or ''}" for finding in of_severity(done.findings, Severity.BLOCK)
    )
    assert {finding.field for finding in of_severity(done.findings, Severity.BLOCK)} == {
        "weights", "bases.households", "bases.residents", "it_spending",
    }  # fmt: skip
    for words in (
        "99,99 %",
        "0,01 punti",
        "Elba, Lunigiana",
        "Base negativa: Mugello",
        "200.000,00",
        "niente si stima",
    ):
        assert words in said
    assert done.quotas == {}


def test_a_rule_that_nobody_read_only_cautions():
    done = split(total=Decimal(10), weights={"a": Decimal(100)}, bases={"a": {"x": Decimal(1)}}, on=DAY)
    assert [finding.code for finding in of_severity(done.findings, Severity.CAUTION)] == ["FU-07"]


def test_the_limit_of_informatics_is_of_the_services_quota_only():
    given_ = {"total": Decimal(100), "weights": {"a": Decimal(100)}, "bases": {"a": {"x": Decimal(1)}}, "on": DAY}
    reserve = {"informatics": Decimal(2)}
    assert blocks(split(**given_, destined=reserve).findings)
    assert blocks(split(**given_, reserved=reserve).findings)
    assert not blocks(split(**given_, destined=reserve, services_quota=False).findings)


@pytest.mark.parametrize("total", ["0", "-1", "0.001", "NaN", "Infinity"])
def test_a_sum_that_is_none_is_refused(total):
    done = split(total=Decimal(total), weights={"a": Decimal(100)}, bases={"a": {"x": Decimal(1)}}, on=DAY)
    assert blocks(done.findings)


def test_the_difference_from_last_year_is_the_sum_of_what_each_criterion_brings():
    now = {"x": {"households": Decimal("60.10"), "residents": Decimal(40)}, "y": {"residents": Decimal(1)}}
    before = {"x": {"residents": Decimal(50), "poverty": Decimal(30)}}
    first, second = compare(now=now, before=before)
    assert (first.before, first.difference, first.percent) == (Decimal(80), Decimal("20.10"), Decimal("25.125"))
    assert first.by_criterion == {
        "households": Decimal("60.10"), "residents": Decimal(-10), "poverty": Decimal(-30),
    }  # fmt: skip
    assert sum(first.by_criterion.values()) == first.difference
    assert (second.before, second.difference, second.percent) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("fund.national_total", 2023), ("fund.national_total_2024_26", 2026), ("fund.services_quota", 2026),
        ("fund.extreme_poverty", 2026), ("fund.tuscany_services_quota", 2023), ("fund.tuscany_homeless", 2023),
        ("fund.tuscany_plan_2022", 2022),
    ],
)  # fmt: skip
def test_a_year_is_never_answered_with_another_year_s_money(name, last):
    assert parameter(name, date(last, 12, 31)).known
    after = parameter(name, date(last + 1, 1, 1))
    assert not after.known
    assert "non trovato" in after.source


def test_the_residual_of_a_year_that_nobody_has_read_is_not_given():
    assert money.fund_residual(year=2026) == Decimal(185_000_000)
    for year in (2023, 2027):
        with pytest.raises(ValueError, match=str(year)):
            money.fund_residual(year=year)
