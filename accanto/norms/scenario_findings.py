"""What is to be said of a scenario of a zone's social workers, all at once: what cannot be, what it reaches and when,
what it rests on, what nobody has read. ST-01 to ST-28."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.full_time import to_four_decimals
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.staffing import formula_not_read, residents_per_worker
from accanto.norms.staffing_scenario import Assumptions, Year, exact_averages, last_year
from accanto.norms.text import Euro, Text

HUNDRED = Decimal(100)


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
        short = next((year for year, units in exact_averages(given).items() if units < 0), None)
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
