"""Money states and shares: what a movement may not say, the European share, the IT share, the CUP. FU-*, AD-39."""

import re
from datetime import date
from decimal import Decimal

from accanto.norms.allowances import ZERO, cents
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Euro, Text

CHAIN = (
    ("allocated", Text("assegnato", "allocated")),
    ("committed", Text("impegnato", "committed")),
    ("liquidated", Text("liquidato", "liquidated")),
    ("paid", Text("pagato", "paid")),
    ("reported", Text("rendicontato", "reported")),
    ("certified", Text("certificato", "certified")),
)


@rule("ACC-MONEY", "ACC-AMOUNT")
def chain(
    *,
    on: date,
    allocated: Decimal | None = None,
    committed: Decimal | None = None,
    liquidated: Decimal | None = None,
    paid: Decimal | None = None,
    reported: Decimal | None = None,
    certified: Decimal | None = None,
    lump_sums: bool = False,
) -> list[Finding]:
    """Sums in euro: each step is at most the one before it that is known. With lump sums reported may exceed paid."""
    numbers = in_force(on)
    given = {
        "allocated": allocated,
        "committed": committed,
        "liquidated": liquidated,
        "paid": paid,
        "reported": reported,
        "certified": certified,
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
    return ordered(found)


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
        )
    ]
