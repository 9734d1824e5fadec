"""Money states and shares: what a movement may not say, the European share, the IT share, the CUP. FU-*, AD-39."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from accanto.norms.allowances import ZERO, cents
from accanto.norms.findings import Finding, Severity
from accanto.norms.findings import ordered as ordered_findings
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.states import MONEY
from accanto.norms.text import Euro, Text

DECREASES = ("error", "late_posting", "de_commitment")
# The states of the machine of money that a sum goes through, in order; the others are ways out.
WAYS_OUT = ("economy", "revoked", "recovered")
CHAIN = tuple((name, word) for name, word in MONEY.states.items() if name not in WAYS_OUT)


@rule("ACC-MONEY", "ACC-AMOUNT")
def chain(
    *,
    on: date,
    budgeted: Decimal | None = None,
    allocated: Decimal | None = None,
    established: Decimal | None = None,
    earmarked: Decimal | None = None,
    committed: Decimal | None = None,
    liquidated: Decimal | None = None,
    ordered: Decimal | None = None,
    paid: Decimal | None = None,
    reported: Decimal | None = None,
    checked: Decimal | None = None,
    certified: Decimal | None = None,
    reimbursed: Decimal | None = None,
    lump_sums: bool = False,
) -> list[Finding]:
    """Sums in euro, net of savings, revocations and recoveries: each step is at most the one before it that is known.
    With lump sums reported may exceed paid."""
    numbers = in_force(on)
    given = {
        "budgeted": budgeted,
        "allocated": allocated,
        "established": established,
        "earmarked": earmarked,
        "committed": committed,
        "liquidated": liquidated,
        "ordered": ordered,
        "paid": paid,
        "reported": reported,
        "checked": checked,
        "certified": certified,
        "reimbursed": reimbursed,
    }
    words = dict(CHAIN)
    found: list[Finding] = []
    before: str | None = None
    for name, word in CHAIN:
        sum_ = given[name]
        if sum_ is None:
            continue
        if not sum_.is_finite() or sum_ < 0:
            found.append(
                numbers["register.amounts_present"].finding(
                    Severity.BLOCK, Text("Una somma non è negativa.", "A sum is not negative."), field=name
                )
            )
            continue
        previous = given[before] if before else None
        if before and previous is not None and sum_ > previous and not (name == "reported" and lump_sums):
            found.append(
                numbers["register.money_chain"].finding(
                    Severity.BLOCK,
                    Text(
                        "Il {name} ({sum}) supera il {before} ({limit}).",
                        "The {name} sum ({sum}) is above the {before} ({limit}).",
                    ).filled(name=word, sum=Euro(sum_), before=words[before], limit=Euro(previous)),
                    field=name,
                    way_out=Text("Correggi una delle due somme.", "Correct one of the two sums."),
                )
            )
        before = name
    return ordered_findings(found)


@rule("FU-06")
def it_spending(*, services_quota: Decimal, it_spending: Decimal, on: date) -> list[Finding]:
    """IT adaptation of municipalities: strictly less than 2 % of the services quota."""
    value = in_force(on)["fund.it_percent_below"]
    if not value.known:
        return []
    limit = services_quota * value.decimal() / 100
    if it_spending < limit:
        return [value.finding(Severity.PASS, Text("Sotto il 2 %.", "Below 2 %."), field="it_spending")]
    return [
        value.finding(
            Severity.BLOCK,
            Text(
                "La spesa informatica deve essere minore di {limit} ({percent} % della quota servizi).",
                "IT spending must be less than {limit} ({percent} % of the services quota).",
            ).filled(limit=Euro(cents(limit)), percent=value.decimal()),
            field="it_spending",
            way_out=Text("Riduci la spesa o usa un altro fondo.", "Reduce it or use another fund."),
        )
    ]


@rule("FU-30")
def european_share(*, cost: Decimal, on: date) -> Decimal:
    """The European part of an operation's cost, in euro: 40 % in Tuscany. Raises ValueError before the programme."""
    value = in_force(on)["esf.eu_share_percent"]
    if not value.known:
        raise ValueError("The programme was approved on 19/08/2022: no European share before.")
    return cents(cost * value.decimal() / 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoFinancing:
    """The cost of an operation by who pays it, in euro. How State and Region share the rest has not been read."""

    european: Decimal
    rest: Decimal
    percent: Decimal
    state: Decimal | None = None
    region: Decimal | None = None


@rule("FU-30")
def co_financing(*, cost: Decimal, on: date) -> CoFinancing | None:
    """The European part and the rest, which add up to the cost; None before the programme."""
    value = in_force(on)["esf.eu_share_percent"]
    if not value.known:
        return None
    european = european_share(cost=cost, on=on)
    return CoFinancing(european=european, rest=cost - european, percent=value.decimal())


@rule("AD-39")
def simplified_costs(*, total_cost: Decimal, simplified: bool, state_aid: bool, on: date) -> list[Finding]:
    """Operations up to 200,000 euro use unit costs, lump sums or flat rates, State aid aside (CPR art. 53)."""
    value = in_force(on)["esf.simplified_costs_up_to"]
    if not value.known or simplified or state_aid or total_cost > value.decimal():
        return []
    return [
        value.finding(
            Severity.BLOCK,
            Text(
                "Fino a {limit} i costi sono semplificati: solo le indennità dei partecipanti restano a costo reale.",
                "Up to {limit} costs are simplified: only participants' allowances may stay at real cost.",
            ).filled(limit=Euro(value.decimal())),
            field="total_cost",
            way_out=Text(
                "Scegli costi unitari, somme forfettarie o tassi.", "Choose unit costs, lump sums or flat rates."
            ),
        )
    ]


@rule("MO-CUP")
def project_code(code: str, *, on: date) -> list[Finding]:
    """The form of a CUP: 15 characters, from samples. A wrong form asks for leave, since the rule is secondary."""
    value = in_force(on)["money.cup_pattern"]
    if re.fullmatch(value.text(), code.strip().upper()):
        return []
    return [
        value.finding(
            Severity.AUTHORISE,
            Text("Il CUP ha 15 caratteri, come G17H03000130001.", "A CUP has 15 characters, like G17H03000130001."),
            field="cup",
            way_out=Text("Ricopialo dal decreto o dal sistema CUP.", "Copy it from the decree or the CUP system."),
        )
    ]


@rule("FU-02", "FU-03", "FU-04")
def fund_residual(*, year: int) -> Decimal:
    """National fund of a year less the services and extreme-poverty quotas, in euro. Raises ValueError where one of the
    three is not in the sheet: before 2024 and after 2026."""
    numbers = in_force(date(year, 1, 1))
    total, *quotas = (
        numbers[f"fund.{name}"] for name in ("national_total_2024_26", "services_quota", "extreme_poverty")
    )
    if not (total.known and all(quota.known for quota in quotas)):
        raise ValueError(f"The split of {year} is not in the sheet.")
    return cents(total.decimal() - sum((quota.decimal() for quota in quotas), ZERO))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """How much of the sums of a year was reported, in percent, against what is asked; None where nothing is known."""

    percent: Decimal | None
    asked: Decimal | None
    findings: list[Finding]


@rule("FU-09")
def gate(*, reported: Decimal, assigned: Decimal, on: date) -> Gate:
    """The percent reported, to the hundredth and downwards: what is not quite there does not look so."""
    value = in_force(on)["fund.reported_percent"]
    percent = None
    if assigned > 0:
        percent = (reported * 100 / assigned).quantize(Decimal("0.01"), rounding=ROUND_FLOOR)
    return Gate(
        percent=percent,
        asked=value.decimal() if value.known else None,
        findings=payment_gate(reported=reported, assigned=assigned, on=on),
    )


@rule("FU-09")
def payment_gate(*, reported: Decimal, assigned: Decimal, on: date) -> list[Finding]:
    """Spending of year N-2 reported on a regional basis: 75 % (read for another fund: it cautions)."""
    value = in_force(on)["fund.reported_percent"]
    if not value.known or assigned <= 0 or reported * 100 >= assigned * value.decimal():
        return []
    return [
        value.finding(
            Severity.CAUTION,
            Text(
                "Rendicontato meno del {percent} % dell'anno N-2.", "Less than {percent} % of year N-2 reported."
            ).filled(percent=value.decimal()),
            field="reported",
            way_out=Text(
                "Rendiconta le spese di quell'anno: la regola è letta per un altro fondo, chiedi alla Regione.",
                "Report the spending of that year: the rule was read for another fund, ask the Region.",
            ),
        )
    ]


@rule("ACC-CUMULATIVE")
def cumulative(*, before: Decimal | None, amount: Decimal, reason: str = "", on: date) -> list[Finding]:
    """A cumulative sum lower than the one that stands asks why: error, late_posting or de_commitment."""
    if before is None or amount >= before or reason in DECREASES:
        return []
    return [
        in_force(on)["register.cumulative_decrease"].finding(
            Severity.BLOCK,
            Text(
                "La somma ({sum}) è più bassa di quella che vale ({before}): di' perché.",
                "The sum ({sum}) is lower than the one that stands ({before}): say why.",
            ).filled(sum=Euro(amount), before=Euro(before)),
            field="decrease_reason",
            way_out=Text(
                "Scegli: era un errore, è una registrazione in ritardo o è un disimpegno.",
                "Choose: it was an error, it is a late posting or it is a de-commitment.",
            ),
        )
    ]
