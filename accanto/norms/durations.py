"""How long a traineeship may last: first period, extension, repetition. R-TIS-26 to R-TIS-31, R-TNC-02."""

from collections.abc import Iterator
from datetime import date, timedelta

from accanto.norms import days
from accanto.norms.findings import Finding, Severity
from accanto.norms.reader import InForce
from accanto.norms.rule_index import rule
from accanto.norms.text import Text
from accanto.norms.traineeship_facts import Kind, TraineeshipFacts

ATTEST = Text(
    "Carica l'attestazione del bisogno firmata dal servizio pubblico che ha in carico la persona.",
    "Upload the attestation of need signed by the public service in charge of the person.",
)


@rule("ACC-DATES")
def dates_in_order(facts: TraineeshipFacts, numbers: InForce) -> Iterator[Finding]:
    """Start and end are there, and in order."""
    value = numbers["register.dates_in_order"]
    if facts.start is None:
        yield value.finding(
            Severity.BLOCK,
            Text("Manca la data di inizio.", "The start date is missing."),
            field="start",
            way_out=Text("Scrivi il giorno di inizio.", "Write the first day."),
        )
    if facts.end is None:
        yield value.finding(
            Severity.BLOCK,
            Text("Manca la data di fine prevista.", "The planned end date is missing."),
            field="end",
            way_out=Text("Scrivi l'ultimo giorno previsto.", "Write the last day planned."),
        )
    if facts.start and facts.end and facts.end < facts.start:
        yield value.finding(
            Severity.BLOCK,
            Text(
                "La fine ({end}) viene prima dell'inizio ({start}).", "The end ({end}) is before the start ({start})."
            ).filled(start=facts.start, end=facts.end),
            field="end",
            way_out=Text("Correggi una delle due date.", "Correct one of the two dates."),
        )


def public_attestation(facts: TraineeshipFacts, numbers: InForce) -> bool:
    """Whether the need is attested by the public service that has the person in charge (R-TIS-28)."""
    return facts.attestation_on is not None and facts.attestation_by in numbers["tis.attesting_bodies"].words()


@rule("R-TIS-28")
def attestation(facts: TraineeshipFacts, numbers: InForce, *, what: Text) -> Iterator[Finding]:
    """The attestation an extension or a repetition needs, and who signed it."""
    if public_attestation(facts, numbers):
        yield numbers["tis.attestation_required"].finding(
            Severity.PASS,
            Text(
                "Il bisogno è attestato dal servizio pubblico in carico.",
                "The public service in charge attests the need.",
            ),
            field="attestation_by",
        )
    elif facts.attestation_on is None and facts.attestation_by is None:
        yield numbers["tis.attestation_required"].finding(
            Severity.BLOCK,
            Text(
                "Manca l'attestazione del servizio pubblico che ha in carico la persona: serve per {what}.",
                "The attestation by the public service in charge is missing: {what} needs it.",
            ).filled(what=what),
            field="attestation_on",
            way_out=ATTEST,
        )
    elif facts.attestation_by not in numbers["tis.attesting_bodies"].words():
        yield numbers["tis.attesting_bodies"].finding(
            Severity.BLOCK,
            Text(
                "L'attestazione non vale: la firma solo il servizio pubblico che ha in carico la persona, "
                "non il promotore, l'ospitante o un ente del Terzo settore.",
                "The attestation does not hold: only the public service in charge signs it, "
                "not the promoter, the host or a third-sector body.",
            ),
            field="attestation_by",
            way_out=ATTEST,
        )
    else:
        yield numbers["tis.attestation_required"].finding(
            Severity.BLOCK,
            Text("L'attestazione non ha data.", "The attestation has no date."),
            field="attestation_on",
            way_out=Text("Scrivi il giorno dell'attestazione.", "Write the day of the attestation."),
        )


@rule("R-TIS-26", "R-TIS-27", "R-TIS-28", "R-TIS-34", "ACC-MONTHS")
def longest(facts: TraineeshipFacts, end: date, numbers: InForce) -> Iterator[Finding]:
    """The 24 months, the 12 more, and the 36 that nothing extends. Months: start + N months - 1 day."""
    start = facts.start
    limit, more = numbers["tis.max_months"], numbers["tis.extension_months"]
    if start is None or end < start:
        return
    if not limit.known or not more.known:
        yield limit.finding(
            Severity.CAUTION,
            Text(
                "La durata massima di quel periodo non è nel foglio.",
                "The longest duration of that time is not in the sheet.",
            ),
            field="end",
        )
        return
    last = days.last_day(start, limit.integer())
    absolute = days.last_day(start, limit.integer() + more.integer())
    if end <= last:
        yield limit.finding(
            Severity.PASS,
            Text(
                "Entro {months} mesi: può durare fino al {last}.", "Within {months} months: it may last until {last}."
            ).filled(months=limit.integer(), last=last),
            field="end",
        )
        return
    beyond = Text(
        "Il tirocinio dura {total} mesi iniziati e supera i {months} mesi, che finiscono il {last}.",
        "The traineeship lasts {total} begun months and goes beyond {months} months, which end on {last}.",
    ).filled(total=days.months_touched(start, end), months=limit.integer(), last=last)
    if end > absolute:
        yield more.finding(
            Severity.BLOCK,
            Text(
                "Nemmeno con la proroga si superano i {months} mesi, che finiscono il {last}.",
                "Not even an extension goes beyond {months} months, which end on {last}.",
            ).filled(months=limit.integer() + more.integer(), last=absolute),
            field="end",
            way_out=Text("Anticipa la fine al {last}.", "Bring the end forward to {last}.").filled(last=absolute),
        )
        if not public_attestation(facts, numbers):
            yield limit.finding(Severity.BLOCK, beyond, field="end", way_out=ATTEST)
        return
    if public_attestation(facts, numbers):
        yield numbers["tis.extension_cases"].finding(
            Severity.CAUTION,
            Text(
                "Oltre i {months} mesi con attestazione: i casi ammessi in Toscana non sono stati letti.",
                "Beyond {months} months with an attestation: the cases in which Tuscany grants more were not read.",
            ).filled(months=limit.integer()),
            field="end",
            way_out=Text("Verifica il caso nella DGR 620/2020.", "Check the case in DGR 620/2020."),
        )
        return
    suspended = sum(period.days for period in facts.suspensions)
    if suspended and end <= last + timedelta(days=suspended):
        yield numbers["tis.suspension_outside_duration"].finding(
            Severity.CAUTION,
            Text(
                "Supera i {months} mesi solo per {days} giorni di sospensione: che non contino non è stato letto.",
                "Beyond {months} months only by {days} days of suspension: that they do not count was not read.",
            ).filled(months=limit.integer(), days=suspended),
            field="end",
            way_out=ATTEST,
        )
        return
    yield limit.finding(
        Severity.BLOCK,
        beyond,
        field="end",
        way_out=Text(
            "Anticipa la fine al {last}, oppure registra l'attestazione del servizio pubblico in carico (R-TIS-28).",
            "Bring the end forward to {last}, or upload the attestation of the public service in charge (R-TIS-28).",
        ).filled(last=last),
    )


@rule("R-TIS-30", "R-TNC-02")
def shortest(facts: TraineeshipFacts, numbers: InForce) -> Iterator[Finding]:
    if facts.start is None or facts.end is None or facts.end < facts.start:
        return
    ordinary = facts.kind is Kind.TNC
    value = numbers["tnc.min_months" if ordinary else "tis.min_months"]
    if value.known:
        if facts.end < days.last_day(facts.start, value.integer()):
            yield value.finding(
                Severity.AUTHORISE,
                Text(
                    "Dura meno di {months} mesi, il minimo.", "It lasts less than {months} months, the minimum."
                ).filled(months=value.integer()),
                field="end",
                way_out=Text("Allunga il periodo o motiva la durata.", "Lengthen the period or give the reason."),
            )
    elif facts.end < days.last_day(facts.start, 2):
        yield value.finding(
            Severity.CAUTION,
            Text(
                "La durata minima di un TIS non è stata trovata: questo dura meno di due mesi.",
                "The least duration of a TIS was not found: this one lasts less than two months.",
            ),
            field="end",
            way_out=Text("Verifica nella DGR 620/2020.", "Check in DGR 620/2020."),
        )


@rule("R-TNC-02")
def ordinary_longest(facts: TraineeshipFacts, end: date, numbers: InForce) -> Iterator[Finding]:
    value = numbers["tnc.max_months"]
    if facts.start is None or not value.known:
        return
    last = days.last_day(facts.start, value.integer())
    if end > last:
        yield value.finding(
            Severity.AUTHORISE,
            Text(
                "Un tirocinio ordinario dura al massimo {months} mesi, proroghe comprese (fino al {last}); "
                "per alcuni gruppi di più.",
                "An ordinary traineeship lasts at most {months} months, extensions included (until {last}); "
                "longer for some groups.",
            ).filled(months=value.integer(), last=last),
            field="end",
            way_out=Text("Anticipa la fine o indica il gruppo.", "Bring the end forward or name the group."),
        )
    else:
        yield value.finding(
            Severity.PASS,
            Text("Entro {months} mesi.", "Within {months} months.").filled(months=value.integer()),
            field="end",
        )


@rule("R-TIS-28", "R-TIS-31")
def repetition(facts: TraineeshipFacts, numbers: InForce) -> Iterator[Finding]:
    """A new TIS of a person who had one: repetition needs the attestation; beyond 36 months in all it only cautions."""
    if facts.repeats_previous:
        yield from attestation(facts, numbers, what=Text("ripetere un tirocinio", "repeating a traineeship"))
    if not facts.previous_months or facts.start is None or facts.end is None:
        return
    limit, more = numbers["tis.max_months"], numbers["tis.extension_months"]
    total = facts.previous_months + days.months_touched(facts.start, facts.end)
    if facts.repeats_previous is None or (limit.known and more.known and total > limit.integer()):
        yield numbers["tis.duration_counted_per"].finding(
            Severity.CAUTION,
            Text(
                "Con i tirocini già fatti la persona arriva a {total} mesi. Non è stato letto se i mesi si contano "
                "per ospitante, per progetto o per persona.",
                "With earlier traineeships the person reaches {total} months. Whether months are counted "
                "per host, per plan or per person was not read.",
            ).filled(total=total),
            field="end",
            way_out=Text(
                "Indica se è una ripetizione e, se lo è, registra l'attestazione.",
                "Say whether it is a repetition and, if so, upload the attestation.",
            ),
        )
