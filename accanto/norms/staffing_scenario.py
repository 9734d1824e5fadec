"""What the social workers of one zone would be, year by year, and what they would earn and cost it. ST-01 to ST-28.

It starts from the contracts as they are written and adds what the zone plans: who is hired, who retires, who leaves.
Always one zone: the Region sums the zones' results and never asks the formula about their sum (ST-04). The numbers of
the law are those of the day of the count, held still to the last year: nobody knows the law of tomorrow.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from accanto.norms.allowances import ZERO, cents
from accanto.norms.full_time import to_four_decimals
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.staffing import Contribution, contribution, residents_per_worker

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Permanent full-time equivalents that come from the first day of a month, or go on its last."""

    units: Decimal
    year: int
    month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the contracts already written make of a year: its average, and what there is on its first of January."""

    year: int
    average: Decimal
    at_start: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """`counted` is one for each year, from that of the count to the last. Percents are a year; the cost of a worker is
    in euro a year for a full-time equivalent, None where nobody has said it."""

    counted_on: date
    counted: tuple[Counted, ...]
    residents: int
    residents_on: date
    hires: tuple[Movement, ...] = ()
    retirements: tuple[Movement, ...] = ()
    turnover_percent: Decimal = field(default=Decimal(0))
    residents_change_percent: Decimal = field(default=Decimal(0))
    cost_per_worker: Decimal | None = None

    @property
    def years(self) -> list[int]:
        return [one.year for one in self.counted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a threshold still asks of a year, for the whole year: units, what they cost, what they would earn."""

    residents_per_worker: int
    units: Decimal
    gross: Decimal | None
    earned: Decimal

    @property
    def net(self) -> Decimal | None:
        return None if self.gross is None else self.gross - self.earned


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year of the scenario; `fte` is its average. `by_hires` and `hires_fte` are what the planned hires bring."""

    year: int
    residents: int
    from_contracts: Decimal
    fte: Decimal
    contribution: Contribution
    by_hires: Decimal
    hires_fte: Decimal
    hires_cost: Decimal | None
    one_more: Decimal
    reach: tuple[Reach, ...]

    @property
    def hires_net(self) -> Decimal | None:
        """What the planned hires cost beyond what they earn; below zero where they earn more."""
        return None if self.hires_cost is None else self.hires_cost - self.by_hires


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """What one planned hire adds to the contribution of each year, after those before it."""

    hire: Movement
    amounts: Mapping[int, Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), ZERO)


@rule("ACC-SCENARIO")
def last_year(*, on: date) -> int:
    """Of a scenario counted on that day."""
    return in_force(on)["staffing.scenario_until"].integer()


@rule("ACC-SCENARIO", "ST-28")
def residents_in(given: Assumptions, year: int) -> int:
    """As on the day they were counted, unless a yearly change is given, which is compounded."""
    passed = year - given.counted_on.year
    grown = Fraction(given.residents) * (1 + Fraction(given.residents_change_percent) / 100) ** passed
    return max(1, int(grown + Fraction(1, 2)))


@rule("ACC-SCENARIO", "ST-20", "ST-21", "ST-26")
def averages(given: Assumptions, *, hires: Sequence[Movement] | None = None) -> dict[int, Decimal]:
    """{year: average full-time equivalents}, to the fourth decimal as a return has them. `hires` in the place of the
    planned ones."""
    return {year: to_four_decimals(max(Fraction(0), units)) for year, units in exact_averages(given, hires).items()}


def exact_averages(given: Assumptions, hires: Sequence[Movement] | None = None) -> dict[int, Fraction]:
    """The same before rounding, and below zero where more would leave than there are."""
    planned = given.hires if hires is None else hires
    leaves = Fraction(given.turnover_percent) / 100
    beyond, found = Fraction(0), {}  # how far the plan stands from the contracts on the first of January
    for counted in given.counted:
        there = max(Fraction(0), Fraction(counted.at_start) + beyond)
        gone = there * leaves if counted.year > given.counted_on.year else Fraction(0)
        come = [(Fraction(one.units), one.month) for one in planned if one.year == counted.year]
        retire = [(Fraction(one.units), one.month) for one in given.retirements if one.year == counted.year]
        found[counted.year] = (
            Fraction(counted.average)
            + beyond
            - gone / 2
            + sum((units * (13 - month) / 12 for units, month in come), Fraction(0))
            - sum((units * (12 - month) / 12 for units, month in retire), Fraction(0))
        )
        beyond += sum((units for units, _month in come), Fraction(0)) - gone
        beyond -= sum((units for units, _month in retire), Fraction(0))
    return found


@rule("ST-01", "ST-02", "ST-03", "ST-04", "ST-05", "ST-16", "ACC-SCENARIO")
def project(given: Assumptions) -> tuple[Year, ...]:
    """Year by year. Raises ValueError where `objections` would have something to say of the residents."""
    planned, without = averages(given), averages(given, hires=())
    contracts = {one.year: to_four_decimals(one.average) for one in given.counted}
    return tuple(_year(given, year, contracts[year], planned[year], without[year]) for year in given.years)


def _year(given: Assumptions, year: int, contracts: Decimal, fte: Decimal, without: Decimal) -> Year:
    found = _contribution(given, year, fte)
    return Year(
        year=year,
        residents=residents_in(given, year),
        from_contracts=contracts,
        fte=fte,
        contribution=found,
        by_hires=found.amount - _contribution(given, year, without).amount,
        hires_fte=fte - without,
        hires_cost=_cost(given, fte - without),
        one_more=_contribution(given, year, fte + 1).amount - found.amount,
        reach=tuple(_reach(given, year, fte, found)),
    )


def _contribution(given: Assumptions, year: int, fte: Decimal) -> Contribution:
    return contribution(residents=residents_in(given, year), fte=fte, on=given.counted_on)


def _cost(given: Assumptions, units: Decimal) -> Decimal | None:
    return None if given.cost_per_worker is None else cents(given.cost_per_worker * units)


def _reach(given: Assumptions, year: int, fte: Decimal, found: Contribution) -> Iterable[Reach]:
    ratios = residents_per_worker(on=given.counted_on)
    for name in ("leps", "objective"):
        lacking = max(Fraction(0), Fraction(residents_in(given, year), ratios[name]) - Fraction(fte))
        parts, rest = divmod(lacking * 10_000, 1)
        units = Decimal(int(parts) + bool(rest)) / 10_000  # rounded up: with these the threshold is reached
        yield Reach(
            residents_per_worker=ratios[name],
            units=units,
            gross=_cost(given, units),
            earned=_contribution(given, year, fte + units).amount - found.amount,
        )


@rule("ST-02", "ST-03", "ST-21", "ACC-SCENARIO")
def earned_by_hires(given: Assumptions) -> tuple[Earned, ...]:
    """Each planned hire, in the order of the months: what the contribution has with it and those before, less what it
    has with those before alone. Added up they are, to the cent, what all the hires bring."""
    order = sorted(given.hires, key=lambda one: (one.year, one.month))
    before = _amounts(given, [])
    found = []
    for n, hire in enumerate(order, 1):
        after = _amounts(given, order[:n])
        found.append(Earned(hire=hire, amounts={year: after[year] - before[year] for year in given.years}))
        before = after
    return tuple(found)


def _amounts(given: Assumptions, hires: Sequence[Movement]) -> dict[int, Decimal]:
    return {year: _contribution(given, year, fte).amount for year, fte in averages(given, hires=hires).items()}


@rule("ST-02", "ST-03", "ST-21", "ACC-SCENARIO")
def one_more_from(given: Assumptions, *, year: int) -> dict[int, Decimal]:
    """{month: what one more full-time worker, hired from its first day, would earn in that year}."""
    fte = averages(given)[year]
    now = _contribution(given, year, fte).amount
    return {
        month: _contribution(given, year, to_four_decimals(Fraction(fte) + Fraction(13 - month, 12))).amount - now
        for month in MONTHS
    }
