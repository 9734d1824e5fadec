"""The State's contribution for a zone's permanent social workers. L. 178/2020 art. 1 cc. 797-804; ST-*, AD-01 to 09.

Always per zone, never on the Region. Full-time equivalents and thresholds keep their fractions; only the final
amount is rounded, to the cent, half up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from accanto.norms.allowances import CENT, ZERO, Row, cents
from accanto.norms.days import ONE_DAY
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.full_time import Contract, contract_share, first_day
from accanto.norms.reader import InForce, in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Euro, Text

ROME = ZoneInfo("Europe/Rome")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """`amount` in euro a year; `thresholds` are full-time equivalents at the floor, the LEPS and the objective."""

    amount: Decimal
    first_tier_fte: Decimal
    second_tier_fte: Decimal
    thresholds: tuple[Decimal, Decimal, Decimal]
    meets_leps: bool
    meets_objective: bool
    gap_to_leps: Decimal
    gap_to_objective: Decimal
    residents_per_worker: Decimal | None
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


@rule("ST-01", "ST-02", "ST-03")
def residents_per_worker(*, on: date) -> dict[str, int]:
    """Where the contribution begins (floor), the essential level (leps) and the further objective, as residents for
    one worker. Before the law (2021) those of its first day, for comparison."""
    numbers = in_force(max(on, first_day()))
    return {name: numbers[f"staffing.{name}_residents_per_worker"].integer() for name in ("floor", "leps", "objective")}


@rule("ST-01", "ST-02", "ST-03", "ST-04", "AD-01", "ACC-ROUNDING")
def contribution(*, residents: int, fte: Decimal, on: date) -> Contribution:
    """The year's contribution of one zone, from its residents and its permanent full-time equivalents.

    A sum for each unit above the floor up to the LEPS, another for each above the LEPS up to the objective. Before the
    law (2021) the thresholds are for comparison and the amount is 0. Raises ValueError if residents are not positive or
    the units are negative.
    """
    if residents <= 0 or not fte.is_finite() or fte < 0:
        raise ValueError("Residents must be positive and full-time equivalents not negative.")
    since = first_day()
    numbers, ratios = in_force(max(on, since)), residents_per_worker(on=on)
    floor, leps, objective = (Fraction(residents) / ratio for ratio in ratios.values())
    units = Fraction(fte)
    first = max(Fraction(0), min(units, leps) - floor) if on >= since else Fraction(0)
    second = max(Fraction(0), min(units, objective) - leps) if on >= since else Fraction(0)
    rates = (numbers["staffing.first_tier_euro"], numbers["staffing.second_tier_euro"])
    amount = _cents(first * rates[0].integer() + second * rates[1].integer())
    first_amount = _cents(first * rates[0].integer())
    rows = tuple(
        Row(label=label, quantity=_decimal(quantity), unit="units", amount=part, code=value.code, source=value.source)
        for label, quantity, part, value in (
            (
                Text("Unità oltre 1:{floor}, fino a 1:{leps}", "Units above 1:{floor}, up to 1:{leps}").filled(
                    **ratios
                ),
                first,
                first_amount,
                rates[0],
            ),
            (
                Text("Unità oltre 1:{leps}, fino a 1:{objective}", "Units above 1:{leps}, up to 1:{objective}").filled(
                    **ratios
                ),
                second,
                amount - first_amount,
                rates[1],
            ),
        )
    )
    return Contribution(
        amount=amount,
        first_tier_fte=_decimal(first),
        second_tier_fte=_decimal(second),
        thresholds=(_decimal(floor), _decimal(leps), _decimal(objective)),
        meets_leps=units >= leps,
        meets_objective=units >= objective,
        gap_to_leps=_decimal(max(Fraction(0), leps - units)),
        gap_to_objective=_decimal(max(Fraction(0), objective - units)),
        residents_per_worker=_decimal(Fraction(residents) / units) if units else None,
        rows=rows,
        findings=tuple(_reached(units, leps, objective, numbers)),
    )


def _reached(units: Fraction, leps: Fraction, objective: Fraction, numbers: InForce) -> Iterable[Finding]:
    value, further = numbers["staffing.leps_residents_per_worker"], numbers["staffing.objective_residents_per_worker"]
    if units >= leps:
        yield value.finding(
            Severity.PASS,
            Text("LEPS 1:{leps} raggiunto.", "LEPS 1:{leps} reached.").filled(leps=value.integer()),
            field="fte",
        )
    else:
        yield value.finding(
            Severity.CAUTION,
            Text("Al LEPS 1:{leps} mancano {gap} unità.", "LEPS 1:{leps} lacks {gap} units.").filled(
                leps=value.integer(), gap=_decimal(leps - units).quantize(CENT)
            ),
            field="fte",
        )
    if units >= objective:
        yield further.finding(
            Severity.PASS,
            Text("Obiettivo 1:{objective} raggiunto.", "Objective 1:{objective} reached.").filled(
                objective=further.integer()
            ),
            field="fte",
        )


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _cents(value: Fraction) -> Decimal:
    """Exact half up: the fraction is never passed through a rounded decimal."""
    hundredths = value * 100
    whole, rest = divmod(hundredths.numerator, hundredths.denominator)
    return (Decimal(whole + (2 * rest >= hundredths.denominator)) / 100).quantize(CENT)


@rule("ST-04")
def region_total(*, zones: Iterable[tuple[int, Decimal]], on: date) -> Decimal:
    """The sum of the zones' contributions (residents, units); never the contribution of the summed Region."""
    return sum((contribution(residents=residents, fte=fte, on=on).amount for residents, fte in zones), ZERO)


@rule("ST-09", "ST-10", "AD-05", "AD-09")
def payable(*, entitlement: Decimal, booked: Decimal, on: date) -> tuple[Decimal, Decimal, tuple[Finding, ...]]:
    """Payable sum and what goes back to the Fund: the lesser of entitlement and booking is paid. Euro."""
    value = in_force(on)["staffing.paid_within_booking"]
    paid = min(cents(entitlement), cents(booked))
    returned = cents(booked) - paid
    found = []
    if entitlement > booked:
        found.append(
            value.finding(
                Severity.CAUTION,
                Text(
                    "Spettano {due} ma ne sono prenotati {booked}: si liquida il prenotato.",
                    "{due} are due but {booked} were booked: the booked sum is paid.",
                ).filled(due=Euro(entitlement), booked=Euro(booked)),
                field="entitlement",
            )
        )
    elif returned:
        found.append(
            in_force(on)["staffing.booked_sums_frozen"].finding(
                Severity.CAUTION,
                Text("{back} tornano al Fondo.", "{back} go back to the Fund.").filled(back=Euro(returned)),
                field="booked",
            )
        )
    return paid, returned, tuple(found)


@rule("AD-05")
def effective_fte(*, declared: Decimal, certified: Decimal | None) -> Decimal:
    """Units that count: certification only lowers what SIOSS holds, never raises it."""
    return declared if certified is None else min(declared, certified)


@rule("ST-20", "ST-21", "ST-22", "ST-24", "ST-25", "ST-26", "ST-27", "AD-08")
def full_time_equivalents(
    *, contracts: Iterable[Contract], year: int, on: date, by: str = "months"
) -> tuple[Decimal, tuple[Finding, ...]]:
    """The year's average of full-time equivalents: weekly hours / full time x share of the year in service.

    `by="months"` counts twelfths, a begun month as its share of days; `by="days"` counts days of the year. The
    ministry's sheet was not read (ST-26): the result always carries a caution. Contracts that do not count are left
    out and named.
    """
    total, found = Fraction(0), [formula_not_read(on=on)]
    for contract in contracts:
        share = contract_share(contract, year=year, on=on)
        total += share.by(by)
        found += [finding for finding in share.why if finding.severity is not Severity.PASS]
    return _decimal(total), tuple(ordered(found))


@rule("ST-26", "AD-06")
def formula_not_read(*, on: date) -> Finding:
    """What every full-time equivalent computed here carries with it."""
    full = in_force(max(on, first_day()))["staffing.full_time_hours"]
    return full.finding(
        Severity.CAUTION,
        Text(
            "Il foglio ministeriale per il tempo pieno equivalente non è stato letto: qui ore / {full} per la parte"
            " dell'anno in servizio.",
            "The ministry's full-time-equivalent sheet was not read: the computation is hours / {full} by the share"
            " of the year in service.",
        ).filled(full=full.integer()),
        field="fte",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What each municipality gets, in euro; `unallocated` is what no read rule says how to share."""

    amounts: Mapping[str, Decimal]
    attributed_fte: Mapping[str, Decimal]
    alone: Mapping[str, Decimal]
    unallocated: Decimal
    findings: tuple[Finding, ...]


@rule("AD-03", "AD-04", "ST-15")
def split(
    *,
    residents: Mapping[str, int],
    own_fte: Mapping[str, Decimal],
    lead_fte: Decimal,
    on: date,
    all_delegated: bool = False,
    lead: str = "capofila",
) -> Split:
    """The zone's contribution among its municipalities (DM 15/2021 art. 2). Residents at 1 January of the year.

    Everything to the lead body if all functions are delegated to it. Otherwise its staff are attributed pro rata to
    residents, each municipality gets what the formula gives it alone, and if these exceed the zone's amount each gets a
    share. If they fall short the rest stays unallocated: no rule was read.
    """
    numbers = in_force(on)
    value = numbers["staffing.split_inside_zone"]
    people = sum(residents.values())
    total_fte = sum(own_fte.values(), lead_fte)
    total = contribution(residents=people, fte=total_fte, on=on).amount
    if all_delegated:
        done = value.finding(
            Severity.PASS, Text("Tutto al soggetto capofila.", "Everything to the lead body."), field="all_delegated"
        )
        return Split(amounts={lead: total}, attributed_fte={}, alone={}, unallocated=ZERO, findings=(done,))
    attributed = {
        name: _decimal(Fraction(own_fte.get(name, ZERO)) + Fraction(lead_fte) * count / people)
        for name, count in residents.items()
    }
    alone = {
        name: contribution(residents=count, fte=attributed[name], on=on).amount for name, count in residents.items()
    }
    reached = sum(alone.values(), ZERO)
    if reached > total:
        sentence = Text(
            "I comuni insieme avrebbero {reached}: ciascuno ha la sua parte di {total} (lettura proporzionale).",
            "The municipalities together would have {reached}: each gets its part of {total} (proportional reading).",
        )
        found = value.finding(
            Severity.CAUTION, sentence.filled(reached=Euro(reached), total=Euro(total)), field="amounts"
        )
        return Split(
            amounts=shares(total, alone), attributed_fte=attributed, alone=alone, unallocated=ZERO, findings=(found,)
        )
    remainder = total - reached
    findings: tuple[Finding, ...] = ()
    if remainder:
        findings = (
            numbers["staffing.split_remainder"].finding(
                Severity.CAUTION,
                Text(
                    "{rest} non assegnati: la regola è da confermare.", "{rest} unallocated: rule to be confirmed."
                ).filled(rest=Euro(remainder)),
                field="amounts",
            ),
        )
    return Split(amounts=alone, attributed_fte=attributed, alone=alone, unallocated=remainder, findings=findings)


def shares(total: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """`total` split in cents in proportion to the weights; cents left go to the largest remainders, then by name."""
    weight = sum((Fraction(one) for one in weights.values()), Fraction(0))
    if not weight:
        return dict.fromkeys(weights, ZERO)
    exact = {name: Fraction(total) * 100 * Fraction(one) / weight for name, one in weights.items()}
    whole = {name: int(value) for name, value in exact.items()}
    left = int(Fraction(total) * 100) - sum(whole.values())
    for name in sorted(exact, key=lambda name: (whole[name] - exact[name], name))[:left]:
        whole[name] += 1
    return {name: (Decimal(count) / 100).quantize(CENT) for name, count in whole.items()}


@rule("ST-06", "ST-13")
def proportional_cut(
    *, recognised: Mapping[str, Decimal], new: Mapping[str, Decimal], on: date
) -> tuple[dict[str, Decimal], tuple[Finding, ...]]:
    """Zones' sums under the national ceiling: recognised sums whole, new ones cut in proportion if they do not fit."""
    numbers = in_force(on)
    ceiling = numbers["staffing.national_ceiling_euro"].decimal()
    room = max(ZERO, ceiling - sum(recognised.values(), ZERO))
    wanted = sum(new.values(), ZERO)
    granted = dict(new) if wanted <= room else shares(cents(room), new)
    found: tuple[Finding, ...] = ()
    if wanted > room:
        found = (
            numbers["staffing.proportional_cut"].finding(
                Severity.CAUTION,
                Text(
                    "Oltre il tetto: le nuove somme sono ridotte in proporzione (da confermare).",
                    "Above the ceiling: new sums are cut in proportion (to confirm).",
                ),
                field="new",
            ),
        )
    return {
        name: recognised.get(name, ZERO) + granted.get(name, ZERO) for name in sorted({*recognised, *granted})
    }, found


@rule("ST-07", "ST-11", "ST-12", "AD-02")
def return_state(
    *, year: int, now: datetime, saved_at: datetime | None = None, finalised_at: datetime | None = None
) -> tuple[str, tuple[Finding, ...]]:
    """The state of the return due in `year`, and what to say of it at `now`.

    `draft`, `finalised`, `late` or `missing`. Times without a zone are read as Italian time; the window closes at
    midnight at the end of the due day.
    """
    numbers = in_force(date(year, 1, 1))
    due = numbers["staffing.return_due"]
    month, day = (int(part) for part in due.text().split("-"))
    closes = datetime.combine(date(year, month, day) + ONE_DAY, time(0), ROME)
    asked = _rome(now)
    if finalised_at is not None and _rome(finalised_at) < closes:
        said = Text("Prospetto finalizzato nei termini.", "Return finalised in time.")
        return "finalised", (due.finding(Severity.PASS, said, field="finalised_at"),)
    if finalised_at is not None or asked >= closes:
        state = "late" if finalised_at is not None or saved_at is not None else "missing"
        sentence = Text(
            "Il prospetto non era finalizzato entro il {due}: resta fuori dal decreto.",
            "The return was not finalised by {due}: it stays out of the decree.",
        ).filled(due=date(year, month, day))
        way_out = Text(
            "Chiedi la riammissione al Ministero: nel 2022 un decreto integrativo l'ha concessa.",
            "Ask the ministry for readmission: in 2022 a supplementary decree granted it.",
        )
        return state, (
            due.finding(Severity.BLOCK, sentence, field="finalised_at", way_out=way_out),
            numbers["staffing.missing_return_effect"].finding(
                Severity.CAUTION,
                Text(
                    "Nessuna prenotazione e nessun pagamento per l'anno (dedotto).",
                    "No booking and no payment (inferred).",
                ),
                field="finalised_at",
            ),
        )
    states = numbers["staffing.return_states"]
    sentence = Text(
        "Il prospetto va finalizzato entro le 24 del {due}: salvarlo non basta.",
        "The return must be finalised by midnight of {due}: saving it is not enough.",
    ).filled(due=date(year, month, day))
    return "draft" if saved_at is not None else "missing", (
        (states if saved_at is not None else due).finding(
            Severity.CAUTION,
            sentence,
            field="finalised_at",
            way_out=Text(
                "Premi «Finalizza» in SIOSS e conserva la ricevuta.", "Finalise in SIOSS and keep the receipt."
            ),
        ),
    )


def _rome(moment: datetime) -> datetime:
    return moment.replace(tzinfo=ROME) if moment.tzinfo is None else moment.astimezone(ROME)
