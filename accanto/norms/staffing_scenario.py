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
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.full_time import to_four_decimals
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.staffing import Contribution, contribution, formula_not_read, residents_per_worker
from accanto.norms.text import Euro, Text

HUNDRED = Decimal(100)
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
    return {year: to_four_decimals(max(Fraction(0), units)) for year, units in _exact(given, hires).items()}


def _exact(given: Assumptions, hires: Sequence[Movement] | None) -> dict[int, Fraction]:
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


@rule("ACC-SCENARIO")
def objections(given: Assumptions) -> tuple[Finding, ...]:
    """All that cannot be, with the field it is about: such a scenario is neither shown nor saved."""
    return tuple(ordered(_impossible(given)))


def _impossible(given: Assumptions) -> Iterable[Finding]:
    until, first = last_year(on=given.counted_on), given.counted_on
    said = in_force(given.counted_on)["staffing.scenario_conventions"]
    if given.residents <= 0:
        yield in_force(given.counted_on)["staffing.scenario_until"].finding(
            Severity.BLOCK,
            Text("Mancano i residenti della zona.", "The residents of the zone are missing."),
            field="residents",
            way_out=Text(
                "Chiedi all'amministratore di caricare il pacchetto della regione.",
                "Ask the administrator to load the region pack.",
            ),
        )
    if not 0 <= given.turnover_percent <= HUNDRED:
        yield said.finding(
            Severity.BLOCK,
            Text("Il ricambio è una parte di chi c'è: va da 0 a 100.", "Turnover is a part of who is there: 0 to 100."),
            field="turnover_percent",
            way_out=Text("Correggi la percentuale.", "Correct the percentage."),
        )
    for name, rows in (("hires", given.hires), ("retirements", given.retirements)):
        if any(one.units <= 0 for one in rows):
            yield said.finding(
                Severity.BLOCK,
                Text("Le unità sono più di zero.", "Units are more than zero."),
                field=name,
                way_out=Text("Scrivi quante, o svuota la riga.", "Write how many, or empty the row."),
            )
        if any(not (first.year, first.month) <= (one.year, one.month) <= (until, 12) for one in rows):
            yield said.finding(
                Severity.BLOCK,
                Text(
                    "Uno scenario va dal mese in cui si conta a dicembre {until}: prima ci sono i contratti.",
                    "A scenario goes from the month of the count to December {until}: before, there are contracts.",
                ).filled(until=str(until)),
                field=name,
                way_out=Text(
                    "Scegli un mese che deve venire; chi è già in servizio va scritto nei contratti.",
                    "Choose a month to come; who is in service already goes into the contracts.",
                ),
            )
    if given.turnover_percent <= HUNDRED:
        short = next((year for year, units in _exact(given, None).items() if units < 0), None)
        if short:
            yield said.finding(
                Severity.BLOCK,
                Text(
                    "Nel {year} uscirebbero più unità di quante ce ne sono.",
                    "In {year} more units would leave than there are.",
                ).filled(year=str(short)),
                field="retirements",
                way_out=Text("Togli delle uscite, o aggiungi chi entra.", "Take away leavers, or add who comes."),
            )


@rule("ST-01", "ST-05", "ST-06", "ST-10", "ST-13", "ST-16", "ST-17", "ST-20", "ST-28", "ACC-SCENARIO")
def cautions(given: Assumptions, years: Sequence[Year]) -> tuple[Finding, ...]:
    """What to say of a scenario, all at once: what it reaches and when, what it rests on, what nobody has read."""
    return tuple(ordered([*_reached(given, years), *_of_hires(given, years), *_rests_on(given)]))


def _reached(given: Assumptions, years: Sequence[Year]) -> Iterable[Finding]:
    numbers, ratios = in_force(given.counted_on), residents_per_worker(on=given.counted_on)
    for name in ("leps", "objective"):
        value = numbers[f"staffing.{name}_residents_per_worker"]
        reached = [one.year for one in years if not _lacks(one, ratios[name])]
        if not reached or reached[-1] != years[-1].year:
            yield value.finding(
                Severity.CAUTION,
                Text(
                    "1:{ratio} non è raggiunto nel {year}: mancano {units} unità.",
                    "1:{ratio} is not reached in {year}: {units} units lack.",
                ).filled(ratio=ratios[name], year=str(years[-1].year), units=_lacks(years[-1], ratios[name])),
                field="hires",
                way_out=Text("Aggiungi assunzioni, o prova quanto costano.", "Add hires, or try what they would cost."),
            )
        else:
            since = reached[-1]
            while since - 1 in reached:
                since -= 1
            yield value.finding(
                Severity.PASS,
                Text("1:{ratio} raggiunto dal {year}.", "1:{ratio} reached from {year}.").filled(
                    ratio=ratios[name], year=str(since)
                ),
                field="hires",
            )


def _lacks(one: Year, ratio: int) -> Decimal:
    return next(reach.units for reach in one.reach if reach.residents_per_worker == ratio)


def _of_hires(given: Assumptions, years: Sequence[Year]) -> Iterable[Finding]:
    numbers = in_force(given.counted_on)
    last = years[-1]
    if given.hires:
        yield numbers["staffing.permanent_only"].finding(
            Severity.PASS,
            Text("Le assunzioni sono a tempo indeterminato: contano.", "The hires are permanent: they count."),
            field="hires",
        )
        yield numbers["staffing.outside_staff_cost_ratio"].finding(
            Severity.PASS,
            Text(
                "Queste assunzioni sono fuori dal rapporto fra spesa di personale ed entrate.",
                "These hires stand outside the ratio of staff costs to revenue.",
            ),
            field="hires",
        )
        yield numbers["staffing.paid_within_booking"].finding(
            Severity.CAUTION,
            Text(
                "Di un anno si liquida solo il prenotato: chi non è nella previsione di febbraio non porta contributo"
                " quell'anno.",
                "Only what was booked is paid: who is not in February's forecast earns nothing that year.",
            ),
            field="hires",
            way_out=Text(
                "Scrivi le assunzioni nella previsione del prospetto.", "Write the hires in the forecast of the return."
            ),
        )
    if given.hires and not last.by_hires:
        floor = last.contribution.thresholds[0]
        value = numbers["staffing.first_tier_euro" if last.fte <= floor else "staffing.second_tier_euro"]
        yield value.finding(
            Severity.CAUTION,
            Text(
                "Nel {year} le assunzioni non portano contributo: si resta sotto la soglia da cui comincia, {floor}"
                " unità.",
                "In {year} the hires earn nothing: the zone stays below the threshold it begins from, {floor} units.",
            ).filled(year=str(last.year), floor=to_four_decimals(floor))
            if last.fte <= floor
            else Text(
                "Nel {year} le assunzioni non portano contributo: si è già oltre l'ultima soglia.",
                "In {year} the hires earn nothing: the zone is beyond the last threshold already.",
            ).filled(year=str(last.year)),
            field="hires",
        )
    if given.hires and given.cost_per_worker is None:
        yield numbers["staffing.scenario_conventions"].finding(
            Severity.CAUTION,
            Text(
                "Manca il costo di un operatore: nessun atto letto lo dice, e qui non si inventa.",
                "The cost of a worker is missing: no act that was read says it, and none is invented here.",
            ),
            field="cost_per_worker",
            way_out=Text("Scrivi quanto costa all'ente in un anno.", "Write what one costs the body in a year."),
        )


def _rests_on(given: Assumptions) -> Iterable[Finding]:
    numbers = in_force(given.counted_on)
    yield numbers["staffing.not_only_new_hires"].finding(
        Severity.PASS,
        Text(
            "Contano tutte le unità a tempo indeterminato, non solo le nuove.",
            "All permanent units count, not only the new ones.",
        ),
        field="fte",
    )
    yield numbers["staffing.municipal_solidarity_separate"].finding(
        Severity.CAUTION,
        Text(
            "Il Fondo di solidarietà comunale è un altro canale: qui non c'è e non si somma.",
            "The municipal solidarity fund is another channel: it is not here and is not added.",
        ),
        field="contribution",
    )
    ceiling = numbers["staffing.national_ceiling_euro"]
    yield numbers["staffing.proportional_cut"].finding(
        Severity.CAUTION,
        Text(
            "Il fondo nazionale ha un tetto di {ceiling} l'anno: oltre, le somme nuove si ridurrebbero in proporzione.",
            "The national fund has a ceiling of {ceiling} a year: beyond it, new sums would be cut in proportion.",
        ).filled(ceiling=Euro(ceiling.decimal())),
        field="contribution",
    )
    yield formula_not_read(on=given.counted_on)
    day = numbers["staffing.population_date"]
    yield day.finding(
        Severity.CAUTION,
        Text(
            "I residenti sono quelli del {day}: di quale giorno li vuole la legge non è stato letto.",
            "Residents are those of {day}: of which day the law wants them was not read.",
        ).filled(day=given.residents_on),
        field="residents",
    )
    yield numbers["staffing.scenario_until"].finding(
        Severity.CAUTION,
        Text(
            "Fino al {until} valgono qui le soglie e le somme di oggi: la legge può cambiare.",
            "Until {until} today's thresholds and sums hold here: the law may change.",
        ).filled(until=str(given.years[-1])),
        field="contribution",
    )
