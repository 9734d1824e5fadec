"""Who may take part in a traineeship, and what must be true of the person before it begins. R-TIS-06 to R-TIS-19."""

from collections.abc import Iterator
from datetime import date

from accanto.norms.findings import Finding, Severity
from accanto.norms.reader import InForce, Value
from accanto.norms.rule_index import rule
from accanto.norms.text import Text
from accanto.norms.traineeship_facts import Kind, TraineeshipFacts

SOCIAL_OR_HEALTH = frozenset({"social_service", "health_service"})
EMPLOYMENT = frozenset({"employment_centre", "employment_service"})


@rule("R-TIS-13", "R-TIS-14", "R-TIS-15")
def taking_in_charge(facts: TraineeshipFacts, numbers: InForce) -> Iterator[Finding]:
    """The person is in charge of the social or health service on the day of start; otherwise there is no TIS."""
    value = numbers["tis.taking_in_charge_required"]
    way_out = Text(
        "Apri la presa in carico con il servizio sociale professionale o con il servizio sanitario competente.",
        "Open the case with the professional social service or the competent health service.",
    )
    services = numbers["tis.taking_in_charge_services"].words()
    if facts.taken_in_charge_on is None or facts.taken_in_charge_by not in services:
        yield value.finding(
            Severity.BLOCK,
            Text(
                "La persona non risulta presa in carico dal servizio sociale o sanitario: senza, niente TIS.",
                "The person is not in charge of the social or health service: without it, no TIS.",
            ),
            field="taken_in_charge_on",
            way_out=way_out,
        )
    elif facts.start and facts.taken_in_charge_on > facts.start:
        yield value.finding(
            Severity.BLOCK,
            Text(
                "La presa in carico ({day}) è dopo l'inizio del tirocinio.",
                "The taking in charge ({day}) is after the start of the traineeship.",
            ).filled(day=facts.taken_in_charge_on),
            field="start",
            way_out=Text("Sposta l'inizio dopo la presa in carico.", "Move the start after the taking in charge."),
        )
    elif facts.charge_ended_on and facts.start and facts.charge_ended_on < facts.start:
        yield value.finding(
            Severity.BLOCK,
            Text("La presa in carico è finita il {day}.", "The taking in charge ended on {day}.").filled(
                day=facts.charge_ended_on
            ),
            field="taken_in_charge_on",
            way_out=way_out,
        )
    else:
        yield value.finding(
            Severity.PASS,
            Text("La persona è in carico dal {day}.", "The person is in charge since {day}.").filled(
                day=facts.taken_in_charge_on
            ),
            field="taken_in_charge_on",
        )
    if not facts.personal_path:
        yield numbers["tis.personal_path_required"].finding(
            Severity.BLOCK,
            Text(
                "Manca il percorso assistenziale personalizzato definito dal servizio che ha in carico la persona.",
                "The personal care path defined by the service in charge is missing.",
            ),
            field="personal_path",
            way_out=Text("Collega il progetto personalizzato della persona.", "Link the person's personal plan."),
        )


@rule("R-TIS-16")
def integrated_phase(facts: TraineeshipFacts, numbers: InForce) -> Iterator[Finding]:
    """A phase of integrated taking in charge, social and employment services together, comes before the TIS."""
    value = numbers["tis.integrated_phase_required"]
    services = set(facts.integrated_services)
    if facts.integrated_phase_on is None:
        sentence = Text(
            "Manca la fase di presa in carico integrata con i servizi per il lavoro.",
            "The phase of integrated taking in charge with employment services is missing.",
        )
    elif not (services & SOCIAL_OR_HEALTH and services & EMPLOYMENT):
        sentence = Text(
            "La fase integrata non dice i due servizi: uno sociale o sanitario e uno per il lavoro.",
            "The integrated phase does not name both services: one social or health, one for employment.",
        )
    elif facts.start and facts.integrated_phase_on > facts.start:
        sentence = Text(
            "La fase integrata ({day}) è dopo l'inizio del tirocinio.",
            "The integrated phase ({day}) is after the start of the traineeship.",
        ).filled(day=facts.integrated_phase_on)
    else:
        yield value.finding(
            Severity.PASS,
            Text("Fase integrata del {day}.", "Integrated phase of {day}.").filled(day=facts.integrated_phase_on),
            field="integrated_phase_on",
        )
        return
    yield value.finding(
        Severity.BLOCK,
        sentence,
        field="integrated_phase_on",
        way_out=Text(
            "Registra la data dell'incontro dell'équipe con il Centro per l'impiego.",
            "Record the day of the team's meeting with the employment centre.",
        ),
    )


@rule("R-TIS-06", "R-TIS-07", "R-TIS-08", "R-TIS-10", "R-TIS-11")
def roles(facts: TraineeshipFacts, numbers: InForce) -> Iterator[Finding]:
    """Promoter and host from the closed lists, a case manager and a tutor of the host."""
    if not facts.case_manager:
        yield numbers["tis.case_manager_required"].finding(
            Severity.BLOCK,
            Text("Manca il case manager.", "The case manager is missing."),
            field="case_manager",
            way_out=Text("L'ente che ha in carico la persona lo nomina.", "The body in charge names one."),
        )
    if not facts.host_tutor:
        yield numbers["tis.host_tutor_required"].finding(
            Severity.BLOCK,
            Text("Manca il tutor dell'ospitante.", "The host's tutor is missing."),
            field="host_tutor",
            way_out=Text("Chiedi all'ospitante di nominarlo.", "Ask the host to name one."),
        )
    yield from _in_list(
        numbers["tis.promoters"],
        facts.promoter_type,
        field="promoter_type",
        missing=Text("Manca il soggetto promotore.", "The promoter is missing."),
        outside=Text("Questo soggetto non può promuovere un TIS.", "This body may not promote a TIS."),
        way_out=Text(
            "Possono promuovere: Società della Salute o ente di zona, scuole, agenzie accreditate, "
            "cooperative sociali e altri enti del Terzo settore, Centro per l'impiego.",
            "Promoters are: the zone's authority, schools, accredited agencies, social cooperatives and other "
            "third-sector bodies, the employment centre.",
        ),
    )
    yield from _in_list(
        numbers["tis.hosts"],
        facts.host_type,
        field="host_type",
        missing=Text("Manca il soggetto ospitante.", "The host is missing."),
        outside=Text("Questo soggetto non può ospitare un TIS.", "This body may not host a TIS."),
        way_out=Text(
            "Possono ospitare: datori di lavoro privati e pubblici, ODV, APS, altri enti del Terzo settore.",
            "Hosts are: private and public employers, volunteer and promotion bodies, other third-sector bodies.",
        ),
    )
    if facts.promoter_is_host:
        yield numbers["tis.promoter_may_be_host"].finding(
            Severity.CAUTION,
            Text(
                "Promotore e ospitante coincidono: se per i TIS sia ammesso non è stato letto.",
                "Promoter and host are the same body: whether TIS allow it was not read.",
            ),
            field="host_type",
            way_out=Text("Verifica nella DGR 620/2020.", "Check in DGR 620/2020."),
        )


def _in_list(
    value: Value, given: str | None, *, field: str, missing: Text, outside: Text, way_out: Text
) -> Iterator[Finding]:
    if given is None:
        yield value.finding(Severity.BLOCK, missing, field=field, way_out=way_out)
    elif given not in value.words():
        yield value.finding(Severity.BLOCK, outside, field=field, way_out=way_out)
    else:
        yield value.finding(Severity.PASS, Text("Soggetto ammesso.", "Body admitted."), field=field)


@rule("R-TIS-12", "R-LIM-01")
def numbers_per_host(facts: TraineeshipFacts, numbers: InForce) -> Iterator[Finding]:
    """How many trainees per host and per tutor: not found for TIS, so the counts are shown and nothing is stopped."""
    prefix = "tnc" if facts.kind is Kind.TNC else "tis"
    limit = numbers["tis.host_limit"]
    if facts.host_trainees is not None or facts.host_permanent_staff is not None:
        if limit.known and facts.host_trainees is not None and facts.host_trainees >= limit.integer():
            yield limit.finding(
                Severity.BLOCK,
                Text(
                    "L'ospitante ha già {count} tirocinanti; il massimo è {limit}.",
                    "The host already has {count} trainees; the most is {limit}.",
                ).filled(count=facts.host_trainees, limit=limit.integer()),
                field="host_type",
                way_out=Text("Scegli un altro ospitante.", "Choose another host."),
            )
        elif not limit.known:
            yield limit.finding(
                Severity.CAUTION,
                Text(
                    "L'ospitante ha {staff} dipendenti stabili e {count} tirocinanti; limite per i TIS non trovato.",
                    "The host has {staff} permanent staff and {count} trainees; no limit for TIS was found.",
                ).filled(
                    staff="?" if facts.host_permanent_staff is None else facts.host_permanent_staff,
                    count=facts.host_trainees or 0,
                ),
                field="host_type",
            )
    for count, name, field, who in (
        (
            facts.promoter_tutor_trainees,
            f"{prefix}.promoter_tutor_max_trainees",
            "promoter_tutor_trainees",
            Text("tutor del promotore", "promoter's tutor"),
        ),
        (
            facts.host_tutor_trainees,
            f"{prefix}.host_tutor_max_trainees",
            "host_tutor_trainees",
            Text("tutor aziendale", "host's tutor"),
        ),
    ):
        value = numbers[name]
        if count is None or (value.known and count <= value.integer()):
            continue
        if value.known:
            sentence = Text(
                "Tirocinanti che il {who} segue già: {count}; il massimo è {limit}.",
                "Trainees that the {who} already has: {count}; the most is {limit}.",
            ).filled(who=who, count=count, limit=value.integer())
            yield value.finding(Severity.AUTHORISE, sentence, field=field)
        else:
            sentence = Text(
                "Tirocinanti che il {who} segue: {count}. Un massimo per i TIS non è stato trovato.",
                "Trainees of the {who}: {count}. No maximum for TIS was found.",
            ).filled(who=who, count=count)
            yield value.finding(Severity.CAUTION, sentence, field=field)


@rule("R-TIS-17")
def age(facts: TraineeshipFacts, numbers: InForce) -> Iterator[Finding]:
    if facts.age is None:
        return
    if facts.kind is Kind.TNC:
        value = numbers["tnc.min_age"]
        if value.known and facts.age < value.integer():
            yield value.finding(
                Severity.AUTHORISE,
                Text(
                    "Il tirocinio ordinario chiede {years} anni compiuti.",
                    "An ordinary traineeship asks {years} years of age.",
                ).filled(years=value.integer()),
                field="age",
            )
        return
    value = numbers["tis.min_age"]
    if value.known:
        if facts.age < value.integer():
            yield value.finding(
                Severity.BLOCK,
                Text("L'età minima è {years} anni.", "The least age is {years} years.").filled(years=value.integer()),
                field="age",
            )
    elif facts.age < 18:
        yield value.finding(
            Severity.CAUTION,
            Text(
                "La persona è minorenne: età minima per un TIS non trovata; firmano anche i genitori o il tutore.",
                "The person is a minor: the least age for a TIS was not found; parents or guardian sign too.",
            ),
            field="age",
            way_out=Text("Verifica nell'avviso e nella DGR 620/2020.", "Check in the call and in DGR 620/2020."),
        )


@rule("R-CAR-01", "R-CAR-02")
def leave(
    *,
    needed: bool | None,
    given_on: date | None,
    day: date | None,
    programme_changed_on: date | None = None,
    numbers: InForce,
) -> Iterator[Finding]:
    """Where a leave of the judicial authority is needed nothing begins before its day. The area is never told."""
    if not needed or day is None:
        return
    if given_on is None or given_on > day:
        yield numbers["tis.magistrate_approval_required"].finding(
            Severity.BLOCK,
            Text(
                "Serve prima l'autorizzazione: il tirocinio non comincia prima della sua data.",
                "The leave comes first: the traineeship does not begin before its day.",
            ),
            field="authorisation_date",
            way_out=Text(
                "Registra la data del provvedimento o sposta l'inizio.",
                "Record the day of the leave or move the start.",
            ),
            secondary_blocks=True,  # worked case 54
        )
    elif programme_changed_on and programme_changed_on > given_on:
        yield numbers["tis.programme_change_needs_authorisation"].finding(
            Severity.AUTHORISE,
            Text(
                "Luogo, compito o orario sono cambiati dopo l'autorizzazione: può servirne una nuova.",
                "Place, task or timetable changed after the leave: a new one may be needed.",
            ),
            field="programme_changed_on",
            way_out=Text("Chiedi se serve una nuova autorizzazione.", "Ask whether a new leave is needed."),
        )
    else:
        yield numbers["tis.magistrate_approval_required"].finding(
            Severity.PASS, Text("Autorizzazione presente.", "Leave present."), field="authorisation_date"
        )
