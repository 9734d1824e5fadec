"""The papers a traineeship needs: plan, agreement, insurance, notice, GePI. R-TIS-20 to 25, 37, R-INS, R-CO, R-IND."""

from collections.abc import Iterator
from datetime import date

from accanto.norms import notices
from accanto.norms.findings import Finding, Severity
from accanto.norms.reader import InForce
from accanto.norms.rule_index import rule
from accanto.norms.text import Text
from accanto.norms.traineeship_facts import Kind, TraineeshipFacts

PARTIES = {
    "promoter": Text("promotore", "promoter"),
    "host": Text("ospitante", "host"),
    "body_in_charge": Text("ente che ha in carico la persona", "body in charge"),
    "trainee": Text("tirocinante", "trainee"),
}

RENEWED = Text(
    "Chiedi al promotore il rinnovo e scrivi il nuovo ultimo giorno.",
    "Ask the promoter for the renewal and write the new last day.",
)


@rule("R-TIS-21", "R-TIS-22", "R-TIS-24")
def plan(facts: TraineeshipFacts, numbers: InForce) -> Iterator[Finding]:
    """One plan per trainee, with the reason for the TIS and both kinds of goals."""
    one = numbers["tis.one_plan_per_trainee"]
    if facts.trainees_on_plan is not None and facts.trainees_on_plan != 1:
        yield one.finding(
            Severity.BLOCK,
            Text(
                "Il progetto riguarda {count} persone: ne serve uno per ogni tirocinante.",
                "The plan concerns {count} people: each trainee needs one.",
            ).filled(count=facts.trainees_on_plan),
            field="trainees_on_plan",
            way_out=Text("Fai un progetto per ciascuno.", "Write a plan for each."),
        )
    if not facts.plan_reason:
        yield one.finding(
            Severity.BLOCK,
            Text(
                "Nel progetto manca il motivo del TIS rispetto ai bisogni della persona.",
                "The plan lacks the reason for the TIS in relation to the person's needs.",
            ),
            field="plan_reason",
            way_out=Text(
                "Scrivilo in due righe, con le parole della persona.", "Write it in two lines, in the person's words."
            ),
        )
    contents = numbers["tis.inclusion_goals_required"]
    for given, field, sentence in (
        (
            facts.inclusion_goals,
            "inclusion_goals",
            Text("Mancano gli obiettivi di inclusione e autonomia.", "Goals of inclusion and autonomy are missing."),
        ),
        (
            facts.training_goals,
            "training_goals",
            Text("Mancano gli obiettivi formativi.", "Training goals are missing."),
        ),
    ):
        if not given:
            yield contents.finding(
                Severity.BLOCK, sentence, field=field, way_out=Text("Scrivine almeno uno.", "Write at least one.")
            )
    missing = [name for name in numbers["tis.plan_signatures"].words() if name not in facts.plan_signed_by]
    if facts.plan_signed_on is None or missing or (facts.start and facts.plan_signed_on > facts.start):
        yield numbers["tis.plan_signatures"].finding(
            Severity.CAUTION,
            _signatures(Text("progetto", "plan"), missing),
            field="plan_signed_on",
            way_out=Text("Raccogli le firme prima dell'inizio.", "Collect the signatures before the start."),
        )


@rule("R-TIS-20")
def agreement_signatures(facts: TraineeshipFacts, numbers: InForce) -> Iterator[Finding]:
    value = numbers["tis.agreement_signatures"]
    missing = [name for name in value.words() if name not in facts.agreement_signed_by]
    if facts.agreement_signed_on is None or missing or (facts.start and facts.agreement_signed_on > facts.start):
        yield value.finding(
            Severity.AUTHORISE,
            _signatures(Text("convenzione", "agreement"), missing),
            field="agreement_signed_on",
            way_out=Text("Raccogli le firme prima dell'inizio.", "Collect the signatures before the start."),
        )
    else:
        yield value.finding(
            Severity.PASS,
            Text("Convenzione firmata da tutti.", "Agreement signed by all."),
            field="agreement_signed_on",
        )


def _signatures(what: Text, missing: list[str]) -> Text:
    if not missing:
        return Text(
            "{what}: la firma manca o è dopo l'inizio.", "{what}: the signature is missing or after the start."
        ).filled(what=Text(what.it.capitalize(), what.en.capitalize()))
    names = [PARTIES.get(name, Text(name, name)) for name in missing]
    return Text("{what}: mancano le firme di {names}.", "{what}: the signatures of {names} are missing.").filled(
        what=Text(what.it.capitalize(), what.en.capitalize()),
        names=Text(", ".join(name.it for name in names), ", ".join(name.en for name in names)),
    )


@rule("R-TIS-37", "R-FSE-15")
def inside_agreement_and_operation(facts: TraineeshipFacts, end: date | None, numbers: InForce) -> Iterator[Finding]:
    """The agreement's dates and places caution; the dates of the operation that pays ask for leave."""
    start = facts.start
    many = numbers["tis.agreement_holds_many_plans"]
    if facts.agreement_to and end and end > facts.agreement_to:
        yield many.finding(
            Severity.CAUTION,
            Text(
                "Finisce dopo la convenzione, che vale fino al {last}: serve il rinnovo.",
                "It ends after the agreement, which holds until {last}: a renewal is needed.",
            ).filled(last=facts.agreement_to),
            field="end",
            way_out=Text("Prevedi il rinnovo o anticipa la fine.", "Plan the renewal or bring the end forward."),
        )
    if facts.agreement_from and start and start < facts.agreement_from:
        yield many.finding(
            Severity.CAUTION,
            Text("Comincia prima della convenzione ({first}).", "It begins before the agreement ({first}).").filled(
                first=facts.agreement_from
            ),
            field="start",
        )
    if (
        facts.agreement_places is not None
        and facts.agreement_active is not None
        and facts.agreement_active >= facts.agreement_places
    ):
        yield many.finding(
            Severity.CAUTION,
            Text(
                "I {places} posti della convenzione sono già occupati.",
                "The {places} places of the agreement are already taken.",
            ).filled(places=facts.agreement_places),
            field="agreement_places",
            way_out=Text("Aggiungi posti alla convenzione o usane un'altra.", "Add places or use another agreement."),
        )
    inside = numbers["project.traineeship_inside_dates"]
    late = facts.operation_to is not None and end is not None and end > facts.operation_to
    early = facts.operation_from is not None and start is not None and start < facts.operation_from
    if late or early:
        yield inside.finding(
            Severity.AUTHORISE,
            Text(
                "Il tirocinio esce dalle date dell'operazione che lo paga ({first} - {last}).",
                "The traineeship goes outside the dates of the operation that pays it ({first} - {last}).",
            ).filled(first=facts.operation_from or "?", last=facts.operation_to or "?"),
            field="end" if late else "start",
            way_out=Text(
                "Stai dentro le date dell'operazione o indica chi paga il resto.",
                "Stay inside the operation's dates or say who pays the rest.",
            ),
        )


@rule("ACC-PLACE")
def inside_place(facts: TraineeshipFacts, end: date | None, numbers: InForce) -> Iterator[Finding]:
    """The host has offered the place until a day: after it nobody has said that it is still there."""
    if facts.place_to and end and end > facts.place_to:
        yield numbers["register.inside_place_dates"].finding(
            Severity.CAUTION,
            Text(
                "Finisce dopo l'ultimo giorno per cui l'ospitante ha offerto il posto ({last}).",
                "It ends after the last day for which the host offered the place ({last}).",
            ).filled(last=facts.place_to),
            field="end",
            way_out=Text(
                "Senti l'ospitante: sposta il «fino al» del posto, o anticipa la fine.",
                "Ask the host: move the last day of the place, or bring the end forward.",
            ),
        )


@rule("R-INS-01", "R-INS-02", "R-INS-04")
def insurance(facts: TraineeshipFacts, numbers: InForce, on: date) -> Iterator[Finding]:
    """The two covers on the first day: one that is over by then is not there."""
    first = facts.start or on
    for given, last, name, field, sentence, over in (
        (
            facts.inail,
            facts.inail_to,
            "tis.inail_required",
            "inail",
            Text("Manca la copertura INAIL.", "INAIL cover is missing."),
            Text(
                "La copertura INAIL dura fino al {last}: il primo giorno ({first}) non c'è.",
                "The INAIL cover lasts until {last}: on the first day ({first}) there is none.",
            ),
        ),
        (
            facts.liability_cover,
            facts.liability_to,
            "tis.liability_cover_required",
            "liability_cover",
            Text("Manca la polizza di responsabilità civile.", "The third-party liability policy is missing."),
            Text(
                "La polizza di responsabilità civile dura fino al {last}: il primo giorno ({first}) non c'è.",
                "The third-party liability policy lasts until {last}: on the first day ({first}) there is none.",
            ),
        ),
    ):
        if not given:
            yield numbers[name].finding(
                Severity.AUTHORISE,
                sentence,
                field=field,
                way_out=Text("Chiedi il riferimento al promotore.", "Ask the promoter for its reference."),
            )
        elif last and last < first:
            yield numbers[name].finding(
                Severity.AUTHORISE, over.filled(last=last, first=first), field=field, way_out=RENEWED
            )
    if facts.safety_training is False:
        yield numbers["tis.safety_training_required"].finding(
            Severity.CAUTION,
            Text("La formazione sulla sicurezza non è prevista.", "Safety training is not planned."),
            field="safety_training",
        )


@rule("R-INS-01", "R-INS-02")
def covers_to_the_end(facts: TraineeshipFacts, end: date | None, numbers: InForce) -> Iterator[Finding]:
    """A cover that is there on the first day and ends before the last: the days left have none."""
    for given, last, name, field, sentence in (
        (
            facts.inail,
            facts.inail_to,
            "tis.inail_required",
            "inail_to",
            Text(
                "La copertura INAIL dura fino al {last}, prima dell'ultimo giorno ({end}).",
                "The INAIL cover lasts until {last}, before the last day ({end}).",
            ),
        ),
        (
            facts.liability_cover,
            facts.liability_to,
            "tis.liability_cover_required",
            "liability_to",
            Text(
                "La polizza di responsabilità civile dura fino al {last}, prima dell'ultimo giorno ({end}).",
                "The third-party liability policy lasts until {last}, before the last day ({end}).",
            ),
        ),
    ):
        if given and last and end and last < end and (facts.start is None or last >= facts.start):
            yield numbers[name].finding(
                Severity.CAUTION, sentence.filled(last=last, end=end), field=field, way_out=RENEWED
            )


@rule("R-CO-02", "R-CO-03", "R-CO-05")
def start_notice(facts: TraineeshipFacts, numbers: InForce, on: date) -> Iterator[Finding]:
    """The notice of the start: category 09 for a TIS, and sent in time for that host."""
    category = facts.notice_category.zfill(2) if facts.notice_category else None
    wanted = numbers["notice.category"]
    if facts.kind is Kind.TIS and category and wanted.known and category != wanted.text():
        sentence = Text(
            "La comunicazione ha la categoria {given}: per un TIS è la {wanted}. Rischio di sospensione dell'ADI.",
            "The notice has category {given}: for a TIS it is {wanted}. ADI may be suspended.",
        ).filled(given=category, wanted=wanted.text())
        yield wanted.finding(
            Severity.BLOCK if facts.adi else Severity.AUTHORISE,
            sentence,
            field="notice_category",
            way_out=Text(
                "Correggi la CO con la categoria {wanted}.", "Correct the notice with category {wanted}."
            ).filled(wanted=wanted.text()),
            secondary_blocks=True,  # worked case 24
        )
    if facts.start is None:
        return
    deadline = notices.notice_deadline(event="start", event_on=facts.start, host_type=facts.host_type, numbers=numbers)
    if facts.notice_sent_on is None:
        late = deadline.late_on(on)
        term = "notice.public_host_day" if facts.host_type in notices.PUBLIC_HOSTS else "notice.start_days_before"
        yield numbers[term].finding(
            Severity.AUTHORISE if late else Severity.CAUTION,
            Text(
                "La comunicazione obbligatoria non è partita: il termine è il {last}.",
                "The mandatory notice was not sent: the term is {last}.",
            ).filled(last=deadline.last_day),
            field="notice_sent_on",
            way_out=Text("L'ospitante la invia subito.", "The host sends it at once.")
            if late
            else Text("L'ospitante la invia entro quel giorno.", "The host sends it by that day."),
        )
    elif deadline.late_on(facts.notice_sent_on):
        yield numbers["notice.start_days_before"].finding(
            Severity.CAUTION,
            Text(
                "La comunicazione è partita il {sent}, dopo il termine del {last}.",
                "The notice was sent on {sent}, after the term of {last}.",
            ).filled(sent=facts.notice_sent_on, last=deadline.last_day),
            field="notice_sent_on",
        )


@rule("R-IND-05", "R-IND-06", "R-TIS-19")
def inclusion_allowance(facts: TraineeshipFacts, numbers: InForce, on: date) -> Iterator[Finding]:
    """For people in ADI: the TIS goes into GePI, its allowance is no income; an ordinary traineeship's may be."""
    if facts.kind is Kind.TNC:
        value = numbers["tnc.adi_cumulation_max"]
        total = facts.household_allowances_year
        if facts.adi and total is not None and value.known and total > value.decimal():
            yield value.finding(
                Severity.CAUTION,
                Text(
                    "Il nucleo supera {limit} euro l'anno di indennità cumulabili con l'ADI: serve l'ADI-Com esteso.",
                    "The household goes beyond {limit} euro a year of allowances: the extended ADI-Com is due.",
                ).filled(limit=value.decimal()),
                field="household_allowances_year",
                way_out=Text(
                    "Avvisa la persona prima che il pagamento parta.", "Tell the person before payment starts."
                ),
            )
        return
    entry = numbers["tis.gepi_entry_required"]
    if facts.adi is None:
        yield entry.finding(
            Severity.CAUTION,
            Text("Non è detto se la persona è in ADI.", "Whether the person is in ADI is not said."),
            field="adi",
            way_out=Text(
                "Chiedilo: cambia che cosa va fatto prima dell'inizio.", "Ask: it changes what comes before the start."
            ),
        )
    elif facts.adi:
        if not facts.gepi_entered:
            begun = facts.start is not None and on >= facts.start
            yield entry.finding(
                Severity.AUTHORISE if begun else Severity.CAUTION,
                Text(
                    "La persona è in ADI: il TIS va inserito in GePI tra i sostegni del PaIS, o l'ADI può fermarsi.",
                    "The person is in ADI: the TIS goes into GePI among the PaIS supports, or ADI may stop.",
                ),
                field="gepi_entered",
                way_out=Text("Inserire il TIS in GePI prima dell'inizio.", "Enter the TIS in GePI before the start."),
            )
        yield numbers["tis.allowance_outside_adi_income"].finding(
            Severity.PASS,
            Text(
                "L'indennità del TIS non cambia l'ADI e non chiede l'ADI-Com esteso.",
                "The TIS allowance does not change ADI and needs no extended ADI-Com.",
            ),
            field="adi",
        )
