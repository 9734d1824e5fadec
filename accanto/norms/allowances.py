"""The allowance of a month, row by row, and how it is taxed. R-IND-01 to 04, R-FSE-12, R-TIS-33; R-TNC-03 for a TNC.

The two regimes never mix: a TIS has a ceiling and no attendance threshold, a TNC has a floor and a threshold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from accanto.norms import days
from accanto.norms.days import Period
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import InForce, LocalValue, Value, in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Euro, Text
from accanto.norms.traineeship_facts import Kind, MonthFacts

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HUNDRED = Decimal(100)


def cents(amount: Decimal) -> Decimal:
    """To the cent, half up (ACC-ROUNDING)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a computation; `amount` is what it adds (or takes off), in euro and cents."""

    label: Text
    quantity: Decimal
    unit: str
    amount: Decimal
    code: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`amount` in euro is the sum of its rows; with a blocking finding it is 0 and nothing is payable."""

    amount: Decimal
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def month_allowance(
    facts: MonthFacts, *, on: date | None = None, local: Mapping[str, LocalValue] | None = None, call: str | None = None
) -> Allowance:
    """The allowance of one month. Numbers in force on the month's last day (`on` only stands in for a missing month).

    `hourly`: hours done x the operation's rate; `monthly`: the agreed sum; `top_up`: the agreed sum less other support.
    All under the monthly ceiling of R-IND-01 for a TIS; a TNC keeps the floor and the reduction of R-TNC-03.
    """
    day = facts.month or on or date.max
    numbers = in_force(days.month_of(day).last or day, local=local, call=call)
    missing = _missing(facts, numbers)
    if missing:
        return Allowance(amount=ZERO, rows=(), findings=tuple(ordered(missing)))
    rows, found = _ordinary(facts, numbers) if facts.kind is Kind.TNC else _inclusion(facts, numbers)
    return Allowance(amount=sum((row.amount for row in rows), ZERO), rows=tuple(rows), findings=tuple(ordered(found)))


@rule("ACC-AMOUNT", "ACC-DATES", "R-FSE-12")
def _missing(facts: MonthFacts, numbers: InForce) -> list[Finding]:
    found: list[Finding] = []
    value = numbers["register.amounts_present"]

    def block(field: str, sentence: Text) -> None:
        way_out = Text("Completa il dato e ricalcola.", "Complete the data and compute again.")
        found.append(value.finding(Severity.BLOCK, sentence, field=field, way_out=way_out))

    if facts.month is None:
        block("month", Text("Manca il mese.", "The month is missing."))
    mode = "monthly" if facts.kind is Kind.TNC else facts.allowance_mode
    if mode not in numbers["project.allowance_modes"].words():
        block(
            "allowance_mode",
            Text(
                "Manca il modo: a ore (hourly), a mese (monthly) o integrazione (top_up).",
                "The mode is missing: hourly, monthly or top_up.",
            ),
        )
    if mode == "hourly":
        if facts.hours_done is None:
            block("hours_done", Text("Mancano le ore fatte nel mese.", "The hours done in the month are missing."))
        if facts.allowance_hourly is None and not numbers["project.allowance_hourly"].known:
            block(
                "allowance_hourly",
                Text(
                    "Manca la tariffa oraria: la fissa il progetto, non c'è una regola generale.",
                    "The hourly rate is missing: the project sets it, there is no general rule.",
                ),
            )
    elif mode in ("monthly", "top_up") and facts.allowance_monthly is None:
        block("allowance_monthly", Text("Manca la somma mensile concordata.", "The agreed monthly sum is missing."))
    for field in (
        "hours_done",
        "planned_hours",
        "presence_percent",
        "allowance_hourly",
        "allowance_monthly",
        "reduced_to",
        "other_support",
    ):
        given = getattr(facts, field)
        if given is not None and (not given.is_finite() or given < 0):
            block(field, Text("Il valore non può essere negativo.", "The value may not be negative."))
    if facts.month and facts.start and facts.end and not _in_month(facts, days.month_of(facts.month)):
        block("month", Text("Il tirocinio non è in corso in quel mese.", "The traineeship does not run in that month."))
    return found


def _in_month(facts: MonthFacts, month: Period) -> int:
    """Days of the month in which the traineeship runs; 0 where it does not run in it."""
    return days.overlap(Period(facts.start or month.first, facts.end), month)


@rule("R-IND-01", "R-FSE-12", "R-FSE-14", "R-IND-03", "R-TIS-33", "R-TIS-32", "ACC-ROUNDING")
def _inclusion(facts: MonthFacts, numbers: InForce) -> tuple[list[Row], list[Finding]]:
    rows: list[Row] = []
    found: list[Finding] = []
    if facts.allowance_mode == "hourly":
        rows += _by_hours(facts, numbers, found)
    else:
        agreed = cents(facts.allowance_monthly or ZERO)
        row = numbers["tis.allowance_nature"]
        rows.append(
            _row(Text("Somma mensile del progetto", "Monthly sum of the plan"), Decimal(1), "months", agreed, row)
        )
        rows += _part_month(facts, agreed, numbers, found)
    base = sum((row.amount for row in rows), ZERO)
    cap = numbers["tis.allowance_max"]
    if cap.known:
        over = base - cents(cap.decimal())
        if over > 0:
            label = Text(
                "Oltre il tetto mensile di {cap}, dice {speaker}", "Above the monthly ceiling of {cap}, says {speaker}"
            )
            label = label.filled(cap=Euro(cap.decimal()), speaker=cap.speaker)
            rows.append(_row(label, cap.decimal(), cap.unit, -over, cap))
            found.append(
                cap.finding(
                    Severity.CAUTION,
                    Text(
                        "Le ore o la somma danno {base}: si paga il tetto di {cap}.",
                        "Hours or sum give {base}: the ceiling of {cap} is paid.",
                    ).filled(base=Euro(base), cap=Euro(cap.decimal())),
                    field="allowance_monthly",
                )
            )
    if facts.allowance_mode == "top_up" and facts.other_support:
        capped = sum((row.amount for row in rows), ZERO)
        less = min(capped, cents(facts.other_support))
        rows.append(
            _row(
                Text("Meno gli altri sostegni del mese", "Less other support of the month"),
                facts.other_support,
                "euro_per_month",
                -less,
                numbers["tis.payer"],
            )
        )
    threshold = numbers["tis.attendance_threshold"]
    if threshold.known:
        found += _under_local_threshold(facts, threshold, rows)
    else:
        found.append(
            threshold.finding(
                Severity.CAUTION,
                Text(
                    "Soglia di presenza non definita per i TIS: la somma non dipende da una percentuale.",
                    "Attendance threshold not defined for TIS: the sum does not depend on a percentage.",
                ),
                field="presence_percent",
            )
        )
    if facts.other_allowances:
        found.append(
            numbers["project.allowances_summed"].finding(
                Severity.CAUTION,
                Text(
                    "Nel mese ci sono anche {other} di altre indennità: se il tetto le sommi non è stato letto.",
                    "The month also has {other} of other allowances: whether the ceiling sums them was not read.",
                ).filled(other=Euro(facts.other_allowances)),
                field="other_allowances",
            )
        )
    return rows, found


def _by_hours(facts: MonthFacts, numbers: InForce, found: list[Finding]) -> list[Row]:
    done = facts.hours_done or ZERO
    rate_value = numbers["project.allowance_hourly"]
    rate = facts.allowance_hourly if facts.allowance_hourly is not None else rate_value.decimal()
    label = Text("{hours} ore fatte per {rate}", "{hours} hours done at {rate}").filled(hours=done, rate=Euro(rate))
    rows = [_row(label, done, "hours", cents(done * rate), rate_value)]
    cap = numbers["tis.monthly_hours_max"]
    if cap.known and done > cap.decimal():
        label = Text("Ore oltre le {cap} pagabili nel mese", "Hours above the {cap} payable in the month").filled(
            cap=cap.decimal()
        )
        paid = cents(cap.decimal() * rate)
        rows.append(_row(label, done - cap.decimal(), "hours", paid - rows[0].amount, cap))
        found.append(cap.finding(Severity.CAUTION, label, field="hours_done"))
    return rows


def _part_month(facts: MonthFacts, agreed: Decimal, numbers: InForce, found: list[Finding]) -> list[Row]:
    month = days.month_of(facts.month or date.max)
    active = _in_month(facts, month)
    if active >= month.days:
        return []
    value = numbers["tis.part_month"]
    if value.known and value.text() == "by_days":
        less = agreed - cents(agreed * active / month.days)
        label = Text("{active} giorni su {all}", "{active} days of {all}").filled(active=active, all=month.days)
        return [_row(label, Decimal(active), "days", -less, value)]
    if not value.known:
        found.append(
            value.finding(
                Severity.CAUTION,
                Text(
                    "Il mese è parziale ({active} giorni su {all}): nessuna regola trovata, la somma resta intera.",
                    "The month is partial ({active} days of {all}): no rule was found, the sum stays whole.",
                ).filled(active=active, all=month.days),
                field="month",
                way_out=Text(
                    "Decidi con chi paga, o fissa la regola del progetto.", "Decide with the payer, or set a rule."
                ),
            )
        )
    return []


def _under_local_threshold(facts: MonthFacts, threshold: Value, rows: list[Row]) -> list[Finding]:
    percent = _presence(facts)
    if percent is None or percent >= threshold.decimal():
        return []
    return [
        threshold.finding(
            Severity.AUTHORISE,
            Text(
                "Presenza {percent} %, sotto il {limit} % che chiede {speaker}.",
                "Attendance {percent} %, under the {limit} % asked by {speaker}.",
            ).filled(percent=percent, limit=threshold.decimal(), speaker=threshold.speaker),
            field="presence_percent",
        )
    ]


def _presence(facts: MonthFacts) -> Decimal | None:
    if facts.presence_percent is not None:
        return facts.presence_percent
    if facts.hours_done is not None and facts.planned_hours:
        return facts.hours_done * HUNDRED / facts.planned_hours
    return None


@rule("R-TNC-03", "R-TNC-04")
def _ordinary(facts: MonthFacts, numbers: InForce) -> tuple[list[Row], list[Finding]]:
    found: list[Finding] = []
    floor, reduced = numbers["tnc.allowance_min"], numbers["tnc.allowance_reduced"]
    threshold = numbers["tnc.attendance_threshold"]
    agreed = cents(facts.allowance_monthly or ZERO)
    rows = [_row(Text("Somma mensile del progetto", "Monthly sum of the plan"), Decimal(1), "months", agreed, floor)]
    if floor.known and agreed < floor.decimal():
        label = Text("Fino al minimo di {floor}", "Up to the floor of {floor}").filled(floor=Euro(floor.decimal()))
        rows.append(_row(label, floor.decimal(), floor.unit, cents(floor.decimal()) - agreed, floor))
        found.append(
            floor.finding(Severity.AUTHORISE, _floor(floor), field="allowance_monthly", way_out=_raise_to(floor))
        )
    full = sum((row.amount for row in rows), ZERO)
    percent = _presence(facts)
    if not (threshold.known and reduced.known):
        return rows, found
    if percent is None:
        found.append(
            threshold.finding(
                Severity.CAUTION,
                Text(
                    "Manca la presenza del mese: si paga per intero.",
                    "The month's attendance is missing: paid in full.",
                ),
                field="presence_percent",
            )
        )
        return rows, found
    if percent >= threshold.decimal():
        found.append(
            threshold.finding(
                Severity.PASS,
                Text("Presenza {percent} %: somma intera.", "Attendance {percent} %: the full sum.").filled(
                    percent=percent
                ),
                field="presence_percent",
            )
        )
        if facts.reduced_to is not None and facts.reduced_to < full:
            found.append(
                threshold.finding(
                    Severity.AUTHORISE,
                    Text(
                        "Con almeno il {limit} % di presenza la somma non si riduce.",
                        "With at least {limit} % of attendance the sum is not reduced.",
                    ).filled(limit=threshold.decimal()),
                    field="reduced_to",
                    way_out=Text("Paga la somma intera.", "Pay the full sum."),
                )
            )
        return rows, found
    if facts.reduced_to is not None and facts.reduced_to < full:
        to = max(cents(facts.reduced_to), min(full, cents(reduced.decimal())))
        label = Text(
            "Riduzione: presenza {percent} %, sotto il {limit} %", "Reduction: attendance {percent} %, under {limit} %"
        ).filled(percent=percent, limit=threshold.decimal())
        rows.append(_row(label, percent, "percent", to - full, reduced))
        if facts.reduced_to < reduced.decimal():
            found.append(
                reduced.finding(Severity.AUTHORISE, _floor(reduced), field="reduced_to", way_out=_raise_to(reduced))
            )
        else:
            found.append(
                reduced.finding(
                    Severity.PASS,
                    Text("Riduzione ammessa, mai sotto {floor}.", "Reduction allowed, never under {floor}.").filled(
                        floor=Euro(reduced.decimal())
                    ),
                    field="reduced_to",
                )
            )
    return rows, found


def _floor(value: Value) -> Text:
    return Text("La somma è sotto il minimo di {floor}.", "The sum is under the floor of {floor}.").filled(
        floor=Euro(value.decimal())
    )


def _raise_to(value: Value) -> Text:
    return Text("Portala almeno a {floor}.", "Raise it to at least {floor}.").filled(floor=Euro(value.decimal()))


def _row(label: Text, quantity: Decimal, unit: str, amount: Decimal, value: Value) -> Row:
    return Row(label=label, quantity=quantity, unit=unit, amount=amount, code=value.code, source=value.source)


@rule("R-IND-01", "R-FSE-12", "R-IND-03", "R-TNC-03", "R-TNC-04")
def agreed(
    *, kind: Kind, mode: str | None, monthly: Decimal | None, hourly: Decimal | None, numbers: InForce
) -> list[Finding]:
    """What the law says of the allowance a plan promises: the ceiling of a TIS, the floor of a TNC."""
    found: list[Finding] = []
    if kind is Kind.TNC:
        floor = numbers["tnc.allowance_min"]
        if monthly is not None and floor.known and monthly < floor.decimal():
            found.append(
                floor.finding(Severity.AUTHORISE, _floor(floor), field="allowance_monthly", way_out=_raise_to(floor))
            )
        return found
    cap = numbers["tis.allowance_max"]
    if monthly is not None and cap.known and monthly > cap.decimal():
        found.append(
            cap.finding(
                Severity.AUTHORISE,
                Text(
                    "L'indennità di {sum} supera il tetto di {cap} al mese, dice {speaker}: oltre non si paga.",
                    "The allowance of {sum} is above the ceiling of {cap} a month, says {speaker}: no more is paid.",
                ).filled(sum=Euro(monthly), cap=Euro(cap.decimal()), speaker=cap.speaker),
                field="allowance_monthly",
                way_out=Text("Scrivi al massimo {cap}.", "Write at most {cap}.").filled(cap=Euro(cap.decimal())),
            )
        )
    elif monthly is not None and cap.known:
        found.append(
            cap.finding(
                Severity.PASS,
                Text("Entro {cap} al mese.", "Within {cap} a month.").filled(cap=Euro(cap.decimal())),
                field="allowance_monthly",
            )
        )
    if mode == "hourly" and hourly is None and not numbers["project.allowance_hourly"].known:
        found.append(
            numbers["project.allowance_hourly"].finding(
                Severity.CAUTION,
                Text(
                    "Manca la tariffa oraria: la fissa il progetto che paga.",
                    "The hourly rate is missing: the paying project sets it.",
                ),
                field="allowance_hourly",
            )
        )
    return found


@rule("R-IND-04")
def tax(*, public_payer: bool | None, assistance_purpose: bool | None, on: date) -> tuple[str, list[Finding]]:
    """`exempt`, `taxable` or `unknown`: exempt only if a public body pays and the assistance purpose prevails."""
    value = in_force(on)["tis.tax_exempt_tests"]
    if public_payer is None or assistance_purpose is None:
        sentence = Text(
            "Per decidere l'imposta serve sapere chi paga e lo scopo del progetto.",
            "To decide the tax one needs the payer and the purpose of the project.",
        )
        return "unknown", [value.finding(Severity.CAUTION, sentence, field="payer")]
    if public_payer and assistance_purpose:
        sentence = Text(
            "Esente (art. 34 c. 3 DPR 601/1973): paga un ente pubblico e prevale lo scopo assistenziale.",
            "Exempt (art. 34 c. 3 DPR 601/1973): a public body pays and the assistance purpose prevails.",
        )
        return "exempt", [value.finding(Severity.PASS, sentence, field="payer")]
    sentence = Text(
        "Reddito assimilato a lavoro dipendente: manca uno dei due requisiti dell'esenzione.",
        "Income treated as employment: one of the two tests of the exemption is not met.",
    )
    return "taxable", [value.finding(Severity.CAUTION, sentence, field="payer")]
