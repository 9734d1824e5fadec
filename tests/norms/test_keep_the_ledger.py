"""Money moves from step to step of the chain: nothing is made or lost, no step holds less than nothing."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accanto.norms import ledger, money
from accanto.norms.findings import Severity, blocks
from accanto.norms.ledger import LUMP_SUMS, MAY_OWE, OUTSIDE, UNCOVERED, Entry
from accanto.norms.states import MONEY

DAY = date(2026, 3, 1)
AMOUNTS = st.decimals("0.01", 10**7, places=2)


@st.composite
def histories(draw):
    """Movements that the law lets pass, as an office might make them, one after the other."""
    entries: list[Entry] = []
    for _n in range(draw(st.integers(0, 40))):
        balance = ledger.balances(entries)
        open_accounts = [
            OUTSIDE,
            *(name for name in MONEY.states if balance.get(name, 0) > 0 and ledger.ways_from(name)),
        ]
        taken = draw(st.sampled_from(open_accounts))
        given_ = draw(st.sampled_from(ledger.ways_from(taken)))
        most = balance.get(taken, Decimal(0))
        amount = draw(AMOUNTS if taken in MAY_OWE else st.decimals("0.01", most, places=2))
        assert not blocks(ledger.movement(taken=taken, given=given_, amount=amount, available=most, on=DAY))
        entries.append(Entry(taken=taken, given=given_, amount=amount))
    return entries


@given(histories())
def test_the_double_entry_balances_to_the_cent_and_no_step_owes(entries):
    balance = ledger.balances(entries)
    assert sum(balance.values(), Decimal(0)) == 0
    assert all(amount >= 0 for name, amount in balance.items() if name not in MAY_OWE)
    assert all(amount == amount.quantize(Decimal("0.01")) for amount in balance.values())


@given(histories())
def test_what_reached_each_step_never_grows_along_the_chain(entries):
    sums = ledger.reached(ledger.balances(entries))
    assert all(before >= after for before, after in pairwise(sums.values()))
    assert money.chain(on=DAY, **sums) == []


@given(histories(), st.integers(0, 100))
def test_a_reversal_brings_back_every_balance(entries, n):
    if not entries:
        return
    wrong = entries[n % len(entries)]
    after = ledger.balances([*entries, wrong, Entry(taken=wrong.given, given=wrong.taken, amount=wrong.amount)])
    assert {k: v for k, v in after.items() if v} == {k: v for k, v in ledger.balances(entries).items() if v}


@given(histories(), AMOUNTS)
def test_more_than_stands_there_is_refused_to_the_cent(entries, more):
    balance = ledger.balances(entries)
    for taken in MONEY.states:
        for given_ in ledger.ways_from(taken):
            there = balance.get(taken, Decimal(0))
            found = ledger.movement(taken=taken, given=given_, amount=there + more, available=there, on=DAY)
            assert [(finding.code, finding.field) for finding in found] == [("ACC-MONEY", "amount")]


def test_worked_case_48_as_movements():
    """Committed 100, liquidated 80, paid 90: the payment is refused, with what stands there and the way out."""
    entries = [
        Entry(taken=OUTSIDE, given="allocated", amount=Decimal(100)),
        Entry(taken="allocated", given="committed", amount=Decimal(100)),
        Entry(taken="committed", given="liquidated", amount=Decimal(80)),
    ]
    there = ledger.balances(entries)["liquidated"]
    found = ledger.movement(taken="liquidated", given="paid", amount=Decimal(90), available=there, on=DAY)
    assert [(finding.code, finding.severity) for finding in found] == [("ACC-MONEY", Severity.BLOCK)]
    assert str(found[0].sentence) == ("Di liquidato e non ancora andato avanti ci sono 80,00 €: 90,00 € sono troppi.")
    assert found[0].way_out


def test_all_that_is_wrong_is_said_at_once():
    found = ledger.movement(taken="paid", given="allocated", amount=Decimal(0), available=Decimal(0), on=DAY)
    assert {finding.code for finding in found} == {"ACC-AMOUNT", "ACC-STATE"}
    found = ledger.movement(taken=OUTSIDE, given="paid", amount=Decimal(5), available=Decimal(0), on=DAY)
    assert [(finding.code, finding.field) for finding in found] == [("ACC-STATE", "given")]


def test_what_nobody_committed_is_liquidated_and_not_committed():
    balance = ledger.balances(
        [
            Entry(taken=OUTSIDE, given="allocated", amount=Decimal(100)),
            Entry(taken=UNCOVERED, given="liquidated", amount=Decimal(30)),
        ]
    )
    sums = ledger.reached(balance)
    assert (sums["committed"], sums["liquidated"], sums["allocated"]) == (Decimal(0), Decimal(30), Decimal(100))
    assert [finding.code for finding in money.chain(on=DAY, **sums)] == ["ACC-MONEY"]
    assert "30,00 €" in str(ledger.uncovered(balance=balance, on=DAY)[0].sentence)
    assert ledger.uncovered(balance={}, on=DAY) == []


def test_simplified_costs_are_reported_and_not_paid():
    balance = ledger.balances([Entry(taken=LUMP_SUMS, given="reported", amount=Decimal(20))])
    sums = ledger.reached(balance)
    assert (sums["paid"], sums["reported"]) == (Decimal(0), Decimal(20))
    assert money.chain(on=DAY, lump_sums=True, **sums) == []
    assert blocks(money.chain(on=DAY, **sums))


def test_what_goes_out_is_taken_from_every_step():
    balance = ledger.balances(
        [
            Entry(taken=OUTSIDE, given="allocated", amount=Decimal(100)),
            Entry(taken="allocated", given="committed", amount=Decimal(100)),
            Entry(taken="committed", given="economy", amount=Decimal(15)),
        ]
    )
    assert ledger.reached(balance)["committed"] == 85
    assert ledger.exits(balance) == {"economy": Decimal(15), "revoked": Decimal(0), "recovered": Decimal(0)}


@given(AMOUNTS)
def test_the_european_part_and_the_rest_are_the_cost(cost):
    parts = money.co_financing(cost=cost, on=DAY)
    assert parts.european + parts.rest == cost
    assert (parts.state, parts.region, parts.percent) == (None, None, 40)
    assert money.co_financing(cost=cost, on=date(2020, 1, 1)) is None


def test_worked_case_26_and_the_gate():
    assert money.co_financing(cost=Decimal(12_000_000), on=DAY).european == 4_800_000
    below = money.gate(reported=Decimal("74.999"), assigned=Decimal(100), on=DAY)
    assert (below.percent, below.asked) == (Decimal("74.99"), 75)
    assert [finding.severity for finding in below.findings] == [Severity.CAUTION]
    assert money.gate(reported=Decimal(75), assigned=Decimal(100), on=DAY).findings == []
    assert money.gate(reported=Decimal(0), assigned=Decimal(0), on=DAY).percent is None


@pytest.mark.parametrize(
    ("before", "amount", "reason", "asks"),
    [(None, 10, "", False), (10, 10, "", False), (10, 9, "", True), (10, 9, "error", False), (10, 9, "x", True)],
)
def test_a_cumulative_sum_that_goes_down_asks_why(before, amount, reason, asks):
    found = money.cumulative(before=before and Decimal(before), amount=Decimal(amount), reason=reason, on=DAY)
    assert [finding.code for finding in found] == (["ACC-CUMULATIVE"] if asks else [])
