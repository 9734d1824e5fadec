"""Sums of a fund line as a double entry: each movement takes from one account and gives to another the same euro.

The accounts are the steps of the chain (`states.MONEY`), where money stands still until the next movement, and three
that are no step: OUTSIDE, from which it comes; UNCOVERED, which owes what was liquidated before anybody committed it;
and LUMP_SUMS, which owes what simplified costs let one report without a payment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accanto.norms import states
from accanto.norms.allowances import ZERO
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.money import CHAIN, WAYS_OUT
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.states import MONEY
from accanto.norms.text import Euro, Text

OUTSIDE, UNCOVERED, LUMP_SUMS = "outside", "uncovered", "lump_sums"
STEPS = tuple(name for name, _word in CHAIN)
# What may go below zero: the others never do.
MAY_OWE = (OUTSIDE, UNCOVERED, LUMP_SUMS)
ACCOUNTS = (*MAY_OWE, *MONEY.states)
WORDS: Mapping[str, Text] = {
    **MONEY.states,
    OUTSIDE: Text("fuori", "outside"),
    UNCOVERED: Text("senza impegno", "without a commitment"),
    LUMP_SUMS: Text("costi semplificati", "simplified costs"),
}
# Money enters as a budget, or as what another body assigned; at simplified costs one reports without a payment.
ENTERS = ("budgeted", "allocated")
OWED_BEFORE = {UNCOVERED: "liquidated", LUMP_SUMS: "reported"}
KIND_OF = {"economy": "economy", "revoked": "revocation", "recovered": "recovery"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """So many euro from an account to another."""

    taken: str
    given: str
    amount: Decimal


def balances(entries: Iterable[Entry]) -> dict[str, Decimal]:
    """What stands in each account. They add up to zero, whatever the entries."""
    found: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for entry in entries:
        found[entry.taken] -= entry.amount
        found[entry.given] += entry.amount
    return dict(found)


def reached(balance: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The sum that has come at least so far, for each step: what is called committed, paid, reported. Net of what went
    out by a saving, a revocation or a recovery; what nobody committed counts as liquidated and not as committed, what
    simplified costs let report counts as reported and not as paid."""
    found, sum_ = {}, ZERO
    for step in reversed(STEPS):
        sum_ += balance.get(step, ZERO)
        place = STEPS.index(step)
        owed = (balance.get(name, ZERO) for name, first in OWED_BEFORE.items() if place < STEPS.index(first))
        found[step] = sum_ + sum(owed, ZERO)
    return {step: found[step] for step in STEPS}


def ways_from(account: str) -> tuple[str, ...]:
    """The accounts that money of this one may go to."""
    if account in MAY_OWE:
        return {OUTSIDE: ENTERS, LUMP_SUMS: ("reported",)}.get(account, ())
    return tuple(passage.to for passage in passages_from(account))


def passages_from(account: str) -> tuple[states.Passage, ...]:
    """The same with the word of what is done; none for an account that is no step."""
    return states.passages(MONEY, account) if account in MONEY.states else ()


@rule("ACC-MONEY", "ACC-STATE", "ACC-AMOUNT")
def movement(*, taken: str, given: str, amount: Decimal, available: Decimal, on: date) -> list[Finding]:
    """What is against a movement by hand: a passage that is not in the chain, no euro, more than stands there."""
    numbers = in_force(on)
    found: list[Finding] = []
    if not amount.is_finite() or amount <= 0:
        found.append(
            numbers["register.amounts_present"].finding(
                Severity.BLOCK,
                Text("Un movimento sposta una somma maggiore di zero.", "A movement moves a sum above zero."),
                field="amount",
                way_out=Text(
                    "Per togliere, storna il movimento sbagliato.", "To take off, reverse the wrong movement."
                ),
            )
        )
    if given not in ways_from(taken):
        found.append(_no_way(taken, given, on))
    if taken not in MAY_OWE and amount.is_finite() and amount > available:
        found.append(
            numbers["register.money_chain"].finding(
                Severity.BLOCK,
                Text(
                    "Di {taken} e non ancora andato avanti ci sono {available}: {amount} sono troppi.",
                    "Of the sum {taken} and gone no further there are {available}: {amount} are too many.",
                ).filled(taken=WORDS[taken], available=Euro(available), amount=Euro(amount)),
                field="amount",
                way_out=Text(
                    "Scrivi una somma più bassa, o registra prima il movimento che manca.",
                    "Write a lower sum, or record the missing movement first.",
                ),
            )
        )
    return ordered(found)


@rule("ACC-MONEY")
def reversal(*, given: str, amount: Decimal, available: Decimal, on: date) -> list[Finding]:
    """What is against undoing a movement: its money has gone further since."""
    if given in MAY_OWE or amount <= available:
        return []
    return [
        in_force(on)["register.money_chain"].finding(
            Severity.BLOCK,
            Text(
                "Di {given} e non ancora andato avanti ci sono {available}: non bastano a stornare {amount}.",
                "Of the sum {given} and gone no further there are {available}: not enough to reverse {amount}.",
            ).filled(given=WORDS[given], available=Euro(available), amount=Euro(amount)),
            field="amount",
            way_out=Text("Storna prima i movimenti venuti dopo.", "Reverse the later movements first."),
        )
    ]


def _no_way(taken: str, given: str, on: date) -> Finding:
    if taken in MONEY.states and (refused := states.refusal(MONEY, taken, given)):
        return refused
    return in_force(on)["register.state_passages"].finding(
        Severity.BLOCK,
        Text("Da «{taken}» non si passa a «{given}».", "From “{taken}” one does not pass to “{given}”.").filled(
            taken=WORDS.get(taken, Text(taken, taken)), given=WORDS.get(given, Text(given, given))
        ),
        field="given",
        way_out=Text(
            "Da fuori arriva uno stanziamento o un'assegnazione.", "From outside comes a budget or an allocation."
        ),
    )


@rule("ACC-MONEY")
def uncovered(*, balance: Mapping[str, Decimal], on: date) -> list[Finding]:
    """Payments above commitments: what payment lists liquidated and nobody committed."""
    owed = -balance.get(UNCOVERED, ZERO)
    if owed <= 0:
        return []
    return [
        in_force(on)["register.money_chain"].finding(
            Severity.BLOCK,
            Text(
                "Ci sono {owed} liquidati senza un impegno.", "There are {owed} liquidated without a commitment."
            ).filled(owed=Euro(owed)),
            field="committed",
            way_out=Text("Registra l'impegno: li copre da sé.", "Record the commitment: it covers them by itself."),
        )
    ]


def exits(balance: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {name: balance.get(name, ZERO) for name in WAYS_OUT}
