"""A sum of money split among the zones by weighted criteria, to the cent. FU-05, FU-06, FU-07, ACC-SPLIT, ACC-RESIDUE.

Weights, criteria and bases are what an act of the Region says: no rule read fixes them (FU-07), so none is a default
here and nothing is estimated. The arithmetic is exact: fractions until the cent, and the cents left over go to the
largest remainders.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from accanto.norms import money
from accanto.norms.allowances import CENT, ZERO
from accanto.norms.findings import Finding, Severity, blocks, ordered
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Euro, Text

INFORMATICS = "informatics"
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a zone gets by one criterion: its quantity of the whole, and the euro. Its parts add up to its quota."""

    zone: str
    criterion: str
    quantity: Decimal
    whole: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Residue:
    """A cent that was left over and went to this zone; `remainder` is the fraction of a cent it was short of.

    `next_best` is the largest remainder among the zones that got none; the two are equal where the name decided."""

    zone: str
    remainder: Fraction
    next_best: Fraction
    by_name: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Quotas in euro by zone, their parts by criterion, the cents left over. Empty where something blocks."""

    total: Decimal
    set_aside: Decimal
    quotas: Mapping[str, Decimal] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    residues: tuple[Residue, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def shared(self) -> Decimal:
        return self.total - self.set_aside

    def part(self, zone: str, criterion: str) -> Decimal:
        """What the zone gets by that criterion, in euro; zero where the split has no such criterion."""
        return next((one.amount for one in self.parts if (one.zone, one.criterion) == (zone, criterion)), ZERO)


@rule("FU-05", "FU-07", "ACC-SPLIT", "ACC-RESIDUE")
def split(
    *,
    total: Decimal,
    weights: Mapping[str, Decimal],
    bases: Mapping[str, Mapping[str, Decimal]],
    on: date,
    reserved: Mapping[str, Decimal] | None = None,
    destined: Mapping[str, Decimal] | None = None,
    zones: Iterable[str] | None = None,
    services_quota: bool = True,
) -> Split:
    """Split `total` euro. `weights` are percent by criterion, `bases` the quantity of each zone by criterion.

    `reserved` sums, by purpose, are taken off before; `destined` ones only say what the quotas are for, and are checked
    the same. `zones` are all those that must have a base; without them, every zone that some base names. The services
    quota of the Poverty fund has limits of its own.
    """
    reserved, destined = reserved or {}, destined or {}
    wanted = sorted(set(zones) if zones is not None else {zone for base in bases.values() for zone in base})
    set_aside = sum(reserved.values(), ZERO)
    found = [
        *_of_the_sum(total, {**reserved, **destined}, set_aside + sum(destined.values(), ZERO), on),
        *_of_the_weights(weights, on),
        *_of_the_bases(weights, bases, wanted, on),
        *reserves(total=total, purposes=[*reserved.items(), *destined.items()], on=on, services_quota=services_quota),
    ]
    value = in_force(on)["fund.split_inside_region"]
    found.append(
        value.finding(
            Severity.CAUTION,
            Text(
                "Come si divide fra le zone lo decide la Regione: nessuna regola letta fissa criteri e pesi.",
                "How it is split among the zones is for the Region to decide: no rule read fixes criteria and weights.",
            ),
            field="criteria",
        )
    )
    if blocks(found):
        return Split(total=total, set_aside=set_aside, findings=tuple(ordered(found)))
    exact = {
        (zone, name): Fraction(total - set_aside) * Fraction(weight) / 100 * share
        for name, weight in weights.items()
        for zone, share in _shares_of(bases[name], wanted).items()
    }
    quotas, residues = largest_remainder(
        {zone: sum((exact[zone, name] for name in weights), ZERO_F) for zone in wanted}
    )
    parts = []
    for zone in wanted:
        own, _rest = largest_remainder({name: exact[zone, name] for name in weights}, to=quotas[zone])
        parts += [
            Part(
                zone=zone,
                criterion=name,
                quantity=Decimal(bases[name][zone]),
                whole=sum((Decimal(bases[name][one]) for one in wanted), ZERO),
                amount=own[name],
            )
            for name in weights
        ]
    passed = in_force(on)["register.split_adds_up"].finding(
        Severity.PASS,
        Text("Le quote fanno {sum}, al centesimo.", "The quotas add up to {sum}, to the cent.").filled(
            sum=Euro(sum(quotas.values(), ZERO))
        ),
        field="total",
    )
    return Split(
        total=total,
        set_aside=set_aside,
        quotas=quotas,
        parts=tuple(parts),
        residues=residues,
        findings=tuple(ordered([*found, passed])),
    )


ZERO_F = Fraction(0)


def largest_remainder(
    exact: Mapping[str, Fraction], *, to: Decimal | None = None
) -> tuple[dict[str, Decimal], tuple[Residue, ...]]:
    """Exact sums in euro brought to the cent so that they still add up, or add up to `to`, less than a cent each away:
    each is cut, and the cents left go to those cut most, then by name."""
    hundredths = {name: value * 100 for name, value in exact.items()}
    whole = {name: int(value) for name, value in hundredths.items()}
    target = int(Fraction(to) * 100) if to is not None else int(sum(hundredths.values(), ZERO_F))
    left = target - sum(whole.values())
    order = sorted(exact, key=lambda name: (whole[name] - hundredths[name], name))
    short = {name: hundredths[name] - whole[name] for name in exact}
    chosen, others = order[:left], order[left:]
    best = short[others[0]] if others else ZERO_F
    for name in chosen:
        whole[name] += 1
    amounts = {name: (Decimal(whole[name]) / 100).quantize(CENT) for name in exact}
    return amounts, tuple(
        Residue(zone=name, remainder=short[name], next_best=best, by_name=short[name] == best) for name in chosen
    )


def _shares_of(base: Mapping[str, Decimal], zones: Iterable[str]) -> dict[str, Fraction]:
    quantities = {zone: Fraction(base[zone]) for zone in zones}
    whole = sum(quantities.values(), ZERO_F)
    return {zone: quantity / whole for zone, quantity in quantities.items()}


def _in_cents(amount: Decimal) -> bool:
    return amount.is_finite() and (Fraction(amount) * 100).denominator == 1


def _block(name: str, on: date, sentence: Text, field_: str, way_out: Text) -> Finding:
    return in_force(on)[name].finding(Severity.BLOCK, sentence, field=field_, way_out=way_out)


def _of_the_sum(total: Decimal, purposes: Mapping[str, Decimal], taken: Decimal, on: date) -> Iterator[Finding]:
    if not (_in_cents(total) and total > 0):
        yield _block(
            "register.amounts_present",
            on,
            Text("La somma da dividere è più di zero, in centesimi.", "The sum to split is above zero, in cents."),
            "total",
            Text("Scrivi l'importo dell'atto.", "Write the amount of the act."),
        )
    for purpose, amount in purposes.items():
        if not (_in_cents(amount) and amount >= 0):
            yield _block(
                "register.amounts_present",
                on,
                Text("Una riserva non è negativa, ed è in centesimi.", "A reserve is not negative, and is in cents."),
                f"reserved.{purpose}",
                Text("Correggi la riserva.", "Correct the reserve."),
            )
    if total.is_finite() and taken.is_finite() and taken > total:
        yield _block(
            "register.split_adds_up",
            on,
            Text("Le riserve ({taken}) superano il totale ({total}).", "Reserves ({taken}) exceed the total ({total}).")
            .filled(taken=Euro(taken), total=Euro(total)),
            "reserved",
            Text("Riduci le riserve o correggi il totale.", "Reduce the reserves or correct the total."),
        )  # fmt: skip


def _of_the_weights(weights: Mapping[str, Decimal], on: date) -> Iterator[Finding]:
    for name, weight in weights.items():
        if not weight.is_finite() or weight <= 0:
            yield _block(
                "register.split_weights",
                on,
                Text("Un criterio pesa più di zero.", "A criterion weighs more than zero."),
                f"weights.{name}",
                Text("Correggi il peso o togli il criterio.", "Correct the weight or remove the criterion."),
            )
    reached = sum(weights.values(), ZERO)
    if reached != HUNDRED:
        yield _block(
            "register.split_weights",
            on,
            Text("I pesi fanno {sum} %: devono fare 100.", "Weights add up to {sum} %: they must add up to 100.")
            .filled(sum=reached),
            "weights",
            Text(
                "Aggiungi o togli {gap} punti.", "Add or take away {gap} points."
            ).filled(gap=abs(HUNDRED - reached)),
        )  # fmt: skip


def _of_the_bases(
    weights: Mapping[str, Decimal], bases: Mapping[str, Mapping[str, Decimal]], zones: list[str], on: date
) -> Iterator[Finding]:
    if not zones:
        yield _lacking(on, "bases", Text("Nessuna zona ha una base.", "No zone has a base."))
    for name in weights:
        base, where = bases.get(name, {}), f"bases.{name}"
        lacking = [zone for zone in zones if zone not in base]
        if lacking:
            yield _lacking(
                on, where, Text("Manca la base di {zones}.", "The base of {zones} is missing.").filled(zones=lacking)
            )
        beyond = sorted(set(base) - set(zones))
        if beyond:
            yield _lacking(
                on,
                where,
                Text(
                    "{zones}: non sono fra le zone del riparto.", "{zones}: not among the zones of this split."
                ).filled(zones=beyond),
            )
        wrong = sorted(zone for zone, quantity in base.items() if not quantity.is_finite() or quantity < 0)
        if wrong:
            yield _lacking(
                on, where, Text("Base negativa: {zones}.", "Negative base: {zones}.").filled(zones=wrong)
            )  # fmt: skip
        elif base and not any(base.values()):
            yield _lacking(on, where, Text("La base è zero dappertutto.", "The base is zero everywhere."))


def _lacking(on: date, where: str, sentence: Text) -> Finding:
    return _block(
        "register.split_bases",
        on,
        sentence,
        where,
        Text(
            "Completa la base con la sua fonte: niente si stima.", "Complete it from its source: nothing is estimated."
        ),
    )


@rule("FU-06")
def reserves(
    *, total: Decimal, purposes: Iterable[tuple[str, Decimal]], on: date, services_quota: bool = True
) -> list[Finding]:
    """What a reserve may not exceed: informatics, strictly 2 % of the services quota. No other limit was read."""
    spent = sum((amount for purpose, amount in purposes if purpose == INFORMATICS), ZERO)
    if not services_quota or not spent or not (total.is_finite() and spent.is_finite()):
        return []
    return money.it_spending(services_quota=total, it_spending=spent, on=on)


@rule("ACC-ALLOCATED")
def allocated_once(*, standing: str | None, on: date) -> list[Finding]:
    """The money of a line, year and perimeter is split once. `standing` is the state (`draft`, `adopted`) of another
    allocation of it, not the one being corrected; None where there is none."""
    if standing is None:
        return []
    adopted = standing == "adopted"
    return [
        _block(
            "register.allocated_once",
            on,
            Text("Questa somma è già ripartita: stessa linea, stesso anno, stesso perimetro.",
                 "This money is already allocated: same line, same year, same perimeter.")
            if adopted
            else Text("C'è già una bozza di questa somma: stessa linea, stesso anno, stesso perimetro.",
                      "There already is a draft of this money: same line, same year, same perimeter."),
            "perimeter",
            Text("Apri il riparto adottato e correggilo con un nuovo atto, oppure scrivi l'altro perimetro.",
                 "Open the adopted allocation and correct it with a new act, or write the other perimeter.")
            if adopted
            else Text("Continua quella bozza, o scartala.", "Go on with that draft, or discard it."),
        )
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A zone's quota against the one of the year before, in euro; `percent` is None where it had none.

    `by_criterion` are the differences of its parts: they add up to the difference."""

    zone: str
    before: Decimal | None
    now: Decimal
    difference: Decimal | None
    percent: Decimal | None
    by_criterion: Mapping[str, Decimal]


@rule("ACC-SPLIT")
def compare(
    *,
    now: Mapping[str, Mapping[str, Decimal]],
    before: Mapping[str, Mapping[str, Decimal]],
) -> list[Change]:
    """Each zone's parts (`{zone: {criterion: euro}}`) against the year before. A criterion that one of the two years
    lacks counts as zero there, so that the parts of the difference add up to it."""
    found = []
    for zone, parts in now.items():
        own, old = sum(parts.values(), ZERO), before.get(zone)
        if old is None:
            found.append(Change(zone=zone, before=None, now=own, difference=None, percent=None, by_criterion={}))
            continue
        was = sum(old.values(), ZERO)
        found.append(
            Change(
                zone=zone,
                before=was,
                now=own,
                difference=own - was,
                percent=(own - was) * 100 / was if was else None,
                by_criterion={
                    name: parts.get(name, ZERO) - old.get(name, ZERO) for name in dict.fromkeys([*parts, *old])
                },
            )
        )
    return found
