"""What must be there before money moves, and what is said of money that has not moved. ACC-*, R-IND-03 to R-IND-07.

A month is payable when its register is closed, its allowance was determined on that close, who pays is known and the
person can be reached by a payment. How many days a payer has was looked for and not found: a zone or a call may set it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accanto.norms import iban as ibans
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import InForce, LocalValue, in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Euro, Text
from accanto.norms.traineeship_facts import Kind

IBAN_SENTENCES = {
    ibans.Wrong.MISSING: Text("Manca l'IBAN.", "The IBAN is missing."),
    ibans.Wrong.COUNTRY: Text(
        "Le prime due lettere dell'IBAN non sono di un Paese che usa l'IBAN.",
        "The first two letters of the IBAN are not of a country that uses it.",
    ),
    ibans.Wrong.LENGTH: Text(
        "L'IBAN non ha la lunghezza del suo Paese (in Italia 27 caratteri).",
        "The IBAN has not the length of its country (27 characters in Italy).",
    ),
    ibans.Wrong.STRUCTURE: Text(
        "L'IBAN ha lettere o cifre dove non possono stare.", "The IBAN has letters or digits where they cannot be."
    ),
    ibans.Wrong.CHECK_DIGITS: Text(
        "Le due cifre di controllo dell'IBAN non tornano: c'è un carattere sbagliato o scambiato.",
        "The two check digits of the IBAN are wrong: a character is mistyped or swapped.",
    ),
    ibans.Wrong.NATIONAL_CHECK: Text(
        "Il carattere di controllo del conto (CIN) non torna: c'è un carattere sbagliato.",
        "The check character of the account (CIN) is wrong: a character is mistyped.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeFacts:
    means: str  # iban, card, cash_desk
    iban: str = ""
    reference: str = ""
    holder: str = "person"  # or representative
    handles_money: bool = False  # the decree gives the representative the person's money or benefits


@rule("ACC-IBAN", "ACC-PAYEE")
def payee(facts: PayeeFacts, *, on: date) -> list[Finding]:
    """All that is wrong with how somebody is to be paid."""
    numbers = in_force(on)
    found: list[Finding] = []
    if facts.means == "iban" and (wrong := ibans.wrong_with(facts.iban)):
        found.append(
            numbers["register.iban_checks"].finding(
                Severity.BLOCK,
                IBAN_SENTENCES[wrong],
                field="iban",
                way_out=Text(
                    "Ricopialo da un estratto conto o dall'app della banca.",
                    "Copy it again from a statement or from the bank's app.",
                ),
            )
        )
    if facts.means == "card" and not facts.reference.strip():
        found.append(
            numbers["register.payee_known"].finding(
                Severity.BLOCK,
                Text("Manca il numero della carta.", "The number of the card is missing."),
                field="reference",
                way_out=Text("Scrivilo come lo conosce il tesoriere.", "Write it as the treasurer knows it."),
            )
        )
    if facts.holder == "representative" and not facts.handles_money:
        found.append(
            numbers["register.payee_known"].finding(
                Severity.CAUTION,
                Text(
                    "Il decreto scritto qui non dice che chi rappresenta riscuote o amministra il denaro.",
                    "The decree as written here does not say that the representative handles the money.",
                ),
                field="holder",
                way_out=Text("Controlla il decreto prima di pagare.", "Check the decree before paying."),
            )
        )
    return ordered(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminationFacts:
    """One register at the end of a month, asked to be determined."""

    month: date
    is_closed: bool = False
    already: bool = False  # determined on this very close
    payer: str = ""


@rule("ACC-CLOSED", "ACC-AMOUNT", "R-IND-03")
def determination(facts: DeterminationFacts) -> list[Finding]:
    """What stops the determination of a month, beside what its computation lacks."""
    numbers = in_force(facts.month)
    found: list[Finding] = []
    if not facts.is_closed:
        found.append(
            numbers["register.closed_months_stay"].finding(
                Severity.BLOCK,
                Text("Il registro del mese non è chiuso.", "The register of the month is not closed."),
                field="month",
                way_out=Text("Chiudilo, poi determina.", "Close it, then determine."),
            )
        )
    if not facts.payer:
        found.append(
            numbers["register.amounts_present"].finding(
                Severity.BLOCK,
                Text("Non è scritto chi paga.", "Who pays is not written."),
                field="payer",
                way_out=Text(
                    "Nessuna regola generale dice chi paga: scrivilo nel progetto.",
                    "No general rule says who pays: write it in the plan.",
                ),
            )
        )
    return ordered(found)


@rule("ACC-PAYEE", "ACC-ONCE")
def payable(*, month: date, has_payee: bool, amount: Decimal) -> list[Finding]:
    """What keeps a determined month off a payment list: nobody knows where to pay, or nothing is owed."""
    numbers = in_force(month)
    if not has_payee:
        return [
            numbers["register.payee_known"].finding(
                Severity.BLOCK,
                Text("Non si sa dove pagare.", "Nobody knows where to pay."),
                field="payee",
                way_out=Text(
                    "Scrivi IBAN, carta o sportello della persona.", "Write the person's IBAN, card or cash desk."
                ),
            )
        ]
    if amount <= 0:
        return [
            numbers["register.paid_once"].finding(
                Severity.BLOCK,
                Text(
                    "È stato pagato più di quanto è determinato: {amount} da recuperare.",
                    "More was paid than was determined: {amount} to be recovered.",
                ).filled(amount=Euro(-amount)),
                field="amount",
                way_out=Text(
                    "Si toglie da sé dal primo mese che lo copre.", "It comes off the first month that covers it."
                ),
            )
        ]
    return []


@rule("R-IND-05")
def adi_effects(*, kind: Kind, adi: bool | None, household_year: Decimal | None, on: date) -> list[Finding]:
    """What a payment does to the ADI of a household: nothing for a TIS; for a TNC, up to a yearly sum."""
    if not adi:
        return []
    numbers = in_force(on)
    if kind is Kind.TIS:
        outside = numbers["tis.allowance_outside_adi_income"]
        sentence = Text(
            "L'indennità del TIS non cambia l'ADI e non chiede l'ADI-Com esteso.",
            "The TIS allowance does not change ADI and needs no extended ADI-Com.",
        )
        return [outside.finding(Severity.PASS, sentence, field="adi")]
    most = numbers["tnc.adi_cumulation_max"]
    if not most.known or household_year is None or household_year <= most.decimal():
        return []
    sentence = Text(
        "Con questo pagamento il nucleo arriva a {sum} nell'anno, oltre {limit}: serve l'ADI-Com esteso.",
        "With this payment the household reaches {sum} in the year, above {limit}: the extended ADI-Com is due.",
    ).filled(sum=Euro(household_year), limit=Euro(most.decimal()))
    way_out = Text("Avvisa la persona prima che il pagamento parta.", "Tell the person before payment starts.")
    return [most.finding(Severity.CAUTION, sentence, field="adi", way_out=way_out)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """`due` is None where no term is known: then only the days of waiting are said, and nothing is «late»."""

    days: int
    due: date | None
    is_late: bool
    findings: tuple[Finding, ...]


@rule("R-IND-07")
def lateness(
    *, determined_on: date, on: date, local: Mapping[str, LocalValue] | None = None, call: str | None = None
) -> Lateness:
    """How long a determined month has waited for its payment, and beyond which term, if there is one."""
    numbers = in_force(on, local=local, call=call)
    term = numbers["tis.payment_term_days"]
    waited = max(0, (on - determined_on).days)
    due = determined_on + timedelta(days=term.integer()) if term.known else None
    late = due is not None and on > due
    return Lateness(days=waited, due=due, is_late=late, findings=tuple(_late(numbers, due, late)))


def _late(numbers: InForce, due: date | None, late: bool) -> Iterator[Finding]:
    if due is None:
        yield numbers["tis.payment_term_days"].finding(
            Severity.CAUTION,
            Text(
                "Entro quanti giorni si paga non è stato trovato in nessun atto: qui si dice solo da quando aspetta.",
                "Within how many days one pays was found in no act: here is only said since when it waits.",
            ),
            field="term",
            way_out=Text(
                "La zona o l'avviso possono darsi un termine tra i valori locali.",
                "The zone or the call may set a term among the local values.",
            ),
        )
    sanction = numbers["tis.unpaid_allowance_sanction"]
    if sanction.known and (late or due is None):
        span = sanction.table()
        low, high = Decimal(str(span["min"])), Decimal(str(span["max"]))
        yield sanction.finding(
            Severity.CAUTION,
            Text(
                "La mancata corresponsione dell'indennità dovuta è sanzionata da {low} a {high}.",
                "Not paying an allowance that is due is sanctioned from {low} to {high}.",
            ).filled(low=Euro(low), high=Euro(high)),
            field="sanction",
        )
