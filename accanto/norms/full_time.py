"""The contracts of those who work in a zone's services, as full-time equivalents of a year. ST-20 to ST-27, AD-08.

Fractions are kept whole; whoever stores or shows the result says to how many decimals.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from accanto.norms.days import ONE_DAY, Period, month_of
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import InForce, in_force
from accanto.norms.rule_index import rule
from accanto.norms.sheet_file import sheets
from accanto.norms.text import Text

READINGS = ("months", "days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One permanent or other contract. `absences` are (kind, period), kinds as in ST-27."""

    weekly_hours: Decimal
    first: date
    last: date | None = None
    permanent: bool = True
    employer: str = "municipality"
    cost_refunded: bool = False
    outsourced: bool = False
    absences: tuple[tuple[str, Period], ...] = ()
    profession: str = "social_worker"
    coordinates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractShare:
    """What one contract gives to a year. `months` and `days` are in service, whether or not it counts; `by_months` and
    `by_days` are full-time equivalents, 0 where it does not count; `why` says why it does or does not."""

    counts: bool
    months: Fraction
    days: int
    by_months: Fraction
    by_days: Fraction
    why: tuple[Finding, ...]

    def by(self, reading: str) -> Fraction:
        """`months` or `days`: two readings of the same unread formula (ST-26)."""
        if reading not in READINGS:
            raise ValueError(f"{reading!r} is neither months nor days.")
        return self.by_months if reading == "months" else self.by_days


@rule("ST-20", "ST-21", "ST-22", "ST-24", "ST-25", "ST-26", "ST-27", "AD-08")
def contract_share(contract: Contract, *, year: int, on: date) -> ContractShare:
    """The year's average of one contract, weekly hours / full time x share of the year in service, by both readings:
    twelfths, a begun month as its share of days; and days of the year."""
    numbers = in_force(max(on, first_day()))
    full = numbers["staffing.full_time_hours"]
    months, days = _in_service(contract, year, numbers)
    against = _against(contract, numbers)
    if against is not None:
        nothing = Fraction(0)
        return ContractShare(counts=False, months=months, days=days, by_months=nothing, by_days=nothing, why=(against,))
    hours = Fraction(contract.weekly_hours) / full.integer()
    return ContractShare(
        counts=True,
        months=months,
        days=days,
        by_months=hours * months / 12,
        by_days=hours * days / Period(date(year, 1, 1), date(year, 12, 31)).days,
        why=tuple(ordered(_for(contract, year, numbers))),
    )


@rule("ST-20", "ST-22", "ST-25", "ST-26", "ST-27")
def units_on(contract: Contract, *, day: date, on: date) -> Fraction:
    """Full-time equivalents that one contract gives on a day: 0 where it does not count, is not in force, or its worker
    is away by an absence that is taken off."""
    numbers = in_force(max(on, first_day()))
    if _against(contract, numbers) is not None or not Period(contract.first, contract.last).holds(day):
        return Fraction(0)
    kinds = numbers["staffing.absences"].table()
    if any(kinds.get(kind) == "excluded" and period.holds(day) for kind, period in contract.absences):
        return Fraction(0)
    return Fraction(contract.weekly_hours) / numbers["staffing.full_time_hours"].integer()


def _against(contract: Contract, numbers: InForce) -> Finding | None:
    if contract.profession != "social_worker":
        return numbers["staffing.first_tier_euro"].finding(
            Severity.CAUTION,
            Text("Il comma 797 riguarda solo gli assistenti sociali.", "Paragraph 797 is about social workers only."),
            field="profession",
        )
    if contract.outsourced or contract.employer == "cooperative":
        return numbers["staffing.outsourced_counts"].finding(
            Severity.CAUTION,
            Text("Un assistente sociale esternalizzato non conta.", "An outsourced social worker does not count."),
            field="contract",
        )
    if not contract.permanent:
        return numbers["staffing.permanent_only"].finding(
            Severity.CAUTION,
            Text(
                "Un contratto a termine o di somministrazione non conta.",
                "A fixed-term or agency contract does not count.",
            ),
            field="contract",
        )
    if contract.employer == "health_authority" and not contract.cost_refunded:
        return numbers["staffing.employers"].finding(
            Severity.CAUTION,
            Text(
                "Il personale ASL conta solo se il costo è rimborsato dall'ente che lo usa.",
                "Health-authority staff count only if the using body refunds the cost.",
            ),
            field="contract",
        )
    return None


def _for(contract: Contract, year: int, numbers: InForce) -> Iterable[Finding]:
    yield numbers["staffing.permanent_only"].finding(
        Severity.PASS, Text("A tempo indeterminato: conta.", "Permanent: it counts."), field="contract"
    )
    if contract.employer == "health_authority":
        yield numbers["staffing.health_authority_refunded_counts"].finding(
            Severity.PASS,
            Text("ASL con costo rimborsato: conta.", "Refunded health-authority staff: it counts."),
            field="cost_refunded",
        )
    if contract.coordinates:
        yield numbers["staffing.coordination_counts"].finding(
            Severity.PASS,
            Text("Fa anche coordinamento: conta per tutto il tempo.", "Coordinates too: it counts for the whole time."),
            field="coordinates",
        )
    absences = numbers["staffing.absences"]
    served = _inside(Period(contract.first, contract.last), Period(date(year, 1, 1), date(year, 12, 31)))
    for kind, gap in contract.absences:
        if served is None or not _inside(gap, served):
            continue
        said = absences.table().get(kind)
        sentence = {
            "excluded": Text("Un’assenza che si toglie: {kind}.", "An absence that is taken off: {kind}."),
            "counted": Text("Un’assenza che non toglie nulla: {kind}.", "An absence that takes nothing off: {kind}."),
        }.get(
            str(said),
            Text(
                "Nessuna regola letta per {kind}: qui non toglie nulla.",
                "No rule was read for {kind}: here it takes nothing off.",
            ),
        )
        yield absences.finding(Severity.CAUTION, sentence.filled(kind=ABSENCES.get(kind, kind)), field="absences")


ABSENCES = {
    "unpaid_leave": Text("aspettativa non retribuita", "unpaid leave"),
    "secondment_out": Text("comando in uscita", "outward secondment"),
    "secondment_in": Text("comando in entrata", "inward secondment"),
    "maternity": Text("maternità", "maternity"),
    "illness": Text("malattia", "illness"),
}


def first_day() -> date:
    """Of the law on the contribution."""
    return sheets().find("ST-04").values[0].since


def _in_service(contract: Contract, year: int, numbers: InForce) -> tuple[Fraction, int]:
    """Months, with the fractions of those begun or ended inside, and days; absences that are taken off are off."""
    kinds = numbers["staffing.absences"].table()
    away = [period for kind, period in contract.absences if kinds.get(kind) == "excluded"]
    served = Period(contract.first, contract.last)
    months, days = Fraction(0), 0
    for number in range(1, 13):
        month = month_of(date(year, number, 1))
        there = _days(served, away, month)
        months += Fraction(there, month.days)
        days += there
    return months, days


def _days(served: Period, away: list[Period], month: Period) -> int:
    """Days of a closed month in service; two absences on the same day take it off once."""
    inside = _inside(served, month)
    if inside is None:
        return 0
    gaps = sorted(gap for period in away if (gap := _inside(period, inside)) is not None)
    lost, reached = 0, inside.first
    for gap in gaps:
        if gap.last is not None and gap.last >= reached:
            lost += Period(max(gap.first, reached), gap.last).days
            reached = gap.last + ONE_DAY
    return inside.days - lost


def _inside(period: Period, closed: Period) -> Period | None:
    """The part of a period inside a closed one, or None."""
    assert closed.last is not None
    first, last = max(period.first, closed.first), min(period.last or closed.last, closed.last)
    return Period(first, last) if first <= last else None


@rule("ST-26")
def over_full_time(*, contracts: Iterable[Contract], on: date) -> Finding | None:
    """What to say where the contracts of one worker, together, are more than full time for a while."""
    full = in_force(max(on, first_day()))["staffing.full_time_hours"]
    own = list(contracts)
    edges = {one.first for one in own} | {one.last + ONE_DAY for one in own if one.last}
    for first, following in pairwise([*sorted(edges), None]):
        assert first is not None
        running = [one for one in own if Period(one.first, one.last).holds(first)]
        hours = sum((one.weekly_hours for one in running), Decimal(0))
        if len(running) > 1 and hours > full.integer():
            until = following - ONE_DAY if following else None
            return full.finding(
                Severity.CAUTION,
                Text(
                    "Dal {first} più contratti insieme fanno {hours} ore la settimana, oltre le {full} del tempo"
                    " pieno.",
                    "From {first} several contracts together make {hours} hours a week, over the {full} of full time.",
                ).filled(first=first, hours=hours, full=full.integer())
                if until is None
                else Text(
                    "Dal {first} al {last} più contratti insieme fanno {hours} ore la settimana, oltre le {full} del"
                    " tempo pieno.",
                    "From {first} to {last} several contracts together make {hours} hours a week, over the {full} of"
                    " full time.",
                ).filled(first=first, last=until, hours=hours, full=full.integer()),
                field="weekly_hours",
                way_out=Text(
                    "Controlla le date e le ore: se uno è finito, scrivi il suo ultimo giorno.",
                    "Check days and hours: if one is over, write its last day.",
                ),
            )
    return None


def to_four_decimals(units: Fraction | Decimal) -> Decimal:
    """Full-time equivalents as they are stored and sent: half up at the fourth decimal, so that 1.125 stays 1.125."""
    parts, rest = divmod(Fraction(units) * 10_000, 1)
    return Decimal(int(parts) + (rest >= Fraction(1, 2))) / 10_000
