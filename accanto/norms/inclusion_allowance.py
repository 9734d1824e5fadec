"""Terms of the Assegno di inclusione (ADI) for the case manager, disadvantage, and the special ISEE. R-ADI-*."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accanto.norms import days
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Euro, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """`status`: in_term, met, suspended, lapsed, terms_suspended, exempt or ended; `due` is the last good day."""

    status: str
    due: date | None
    suspended_from: date | None = None
    reapply_from: date | None = None
    findings: tuple[Finding, ...] = ()


@rule(
    "R-ADI-02",
    "R-ADI-03",
    "R-ADI-04",
    "R-ADI-05",
    "R-ADI-07",
    "R-ADI-10",
    "R-ADI-19",
    "R-ADI-20",
    "R-ADI-23",
    "R-ADI-24",
)
def first_meeting(
    *,
    on: date,
    signed_on: date | None = None,
    renewal_asked_on: date | None = None,
    household_unchanged: bool = False,
    met_on: date | None = None,
    convened_on: date | None = None,
    absent: bool = False,
    reason: str | None = None,
) -> Term:
    """The first meeting of a household with social services, or the one after a renewal: 120 days.

    They run from the PAD's signature; from the renewal's application where the household is unchanged. `convened_on` is
    the day of the call, `reason` one of R-ADI-19. Raises ValueError where no day starts the term.
    """
    starts = renewal_asked_on if renewal_asked_on and household_unchanged else signed_on or renewal_asked_on
    if starts is None:
        raise ValueError("The term starts from the PAD's signature or from the renewal's application: give one.")
    numbers = in_force(on)
    limit = numbers["adi.first_meeting_days"]
    due = starts + timedelta(days=limit.integer())
    # suspension works from the month after the expiry (R-ADI-04)
    suspended_from = days.add_months(due.replace(day=1), 1)
    if absent and met_on is None and convened_on is not None and on >= convened_on:
        return _absent(due, suspended_from, convened_on=convened_on, reason=reason, on=on)
    if met_on is not None and met_on <= due:
        said = Text("Primo incontro nei termini.", "First meeting in time.")
        return Term(status="met", due=due, findings=(limit.finding(Severity.PASS, said, field="met_on"),))
    if met_on is not None:
        said = Text(
            "Primo incontro dopo il termine del {due}: il pagamento riparte con la registrazione in GePI.",
            "First meeting after the term of {due}: payment resumes once recorded in GePI.",
        ).filled(due=due)
        return Term(
            status="met",
            due=due,
            suspended_from=suspended_from,
            findings=(numbers["adi.first_meeting_missed"].finding(Severity.CAUTION, said, field="met_on"),),
        )
    if on > due:
        said = Text(
            "Nessun incontro entro il {due}: pagamento sospeso dal mese di {month}. Si rileva in automatico.",
            "No meeting by {due}: payment suspended from {month}. It is detected automatically.",
        ).filled(due=due, month=suspended_from.strftime("%m/%Y"))
        return Term(
            status="suspended",
            due=due,
            suspended_from=suspended_from,
            findings=(
                numbers["adi.first_meeting_missed"].finding(
                    Severity.CAUTION,
                    said,
                    field="met_on",
                    way_out=Text(
                        "Incontra il nucleo e registra subito l'incontro in GePI, entro il giorno 20.",
                        "Meet the household and record the meeting in GePI at once, by the 20th.",
                    ),
                ),
            ),
        )
    found = [
        limit.finding(
            Severity.PASS, Text("Incontro entro il {due}.", "Meeting by {due}.").filled(due=due), field="met_on"
        )
    ]
    target = numbers["adi.convening_target_days"]
    if convened_on is None and target.known and on > starts + timedelta(days=target.integer()):
        found.append(
            target.finding(
                Severity.CAUTION,
                Text("Convocazione consigliata entro {days} giorni.", "Convening advised within {days} days.").filled(
                    days=target.integer()
                ),
                field="convened_on",
            )
        )
    return Term(status="in_term", due=due, findings=tuple(ordered(found)))


def _absent(due: date, suspended_from: date, *, convened_on: date, reason: str | None, on: date) -> Term:
    numbers = in_force(on)
    reasons = numbers["adi.justified_reasons"]
    if reason is not None and reason in reasons.words():
        said = Text(
            "Assenza giustificata: registra il motivo in GePI, i termini sono sospesi.",
            "Justified absence: enter the reason in GePI, the terms are suspended.",
        )
        return Term(
            status="terms_suspended",
            due=due,
            findings=(numbers["adi.reason_suspends_terms"].finding(Severity.PASS, said, field="reason"),),
        )
    after = numbers["adi.reapply_after_months"]
    again = days.add_months(convened_on, after.integer())
    return Term(
        status="lapsed",
        due=due,
        reapply_from=again,
        findings=(
            numbers["adi.absence_effect"].finding(
                Severity.BLOCK,
                Text(
                    "Convocati il {day} e assenti senza giustificato motivo: decadenza, per tutto il nucleo.",
                    "Convened on {day} and absent without a justified reason: the whole household loses the benefit.",
                ).filled(day=convened_on),
                field="reason",
                way_out=Text(
                    "Se c'è un motivo giustificato, chiedi il documento e registralo.",
                    "If there is a justified reason, ask for the document and record it.",
                ),
            ),
            after.finding(
                Severity.CAUTION,
                Text(
                    "Nuova domanda non prima di {months} mesi dalla decisione.",
                    "New application not before {months} months from the decision.",
                ).filled(months=after.integer()),
                field="reason",
            ),
        ),
    )


@rule("R-ADI-08", "R-ADI-09", "R-ADI-12", "R-ADI-23")
def next_check(
    *,
    last_meeting_on: date,
    on: date,
    activatable: bool = False,
    age: int | None = None,
    disabled: bool = False,
    violence_path: bool = False,
    only_adult_with_minors: bool = False,
    service_pact_meeting_on: date | None = None,
) -> Term:
    """The 90-day update. Exempt: from 60 years, with disability, in protection paths; not the only adult with minors.

    Activatable members keep it at the employment centre; any recorded PaIS or service-pact meeting restarts the days.
    """
    numbers = in_force(on)
    exempt_age, limit = numbers["adi.check_exempt_age"], numbers["adi.check_days"]
    old = age is not None and exempt_age.known and age >= exempt_age.integer()
    bound = only_adult_with_minors and not violence_path
    if (old or disabled or violence_path) and not bound:
        said = Text("Esente dall'aggiornamento ogni 90 giorni.", "Exempt from the 90-day update.")
        return Term(status="exempt", due=None, findings=(exempt_age.finding(Severity.PASS, said, field="age"),))
    last = max(last_meeting_on, service_pact_meeting_on or last_meeting_on)
    due = last + timedelta(days=limit.integer())
    value = numbers["adi.any_meeting_restarts"] if activatable else limit
    if on > due:
        said = Text("Aggiornamento dovuto entro il {due}: il beneficio si sospende.", "Update due by {due}: suspended.")
        return Term(
            status="suspended",
            due=due,
            suspended_from=due + days.ONE_DAY,
            findings=(
                value.finding(
                    Severity.CAUTION,
                    said.filled(due=due),
                    field="last_meeting_on",
                    way_out=Text("Incontra la persona e registra in GePI.", "Meet the person and record it in GePI."),
                ),
            ),
        )
    said = Text("Prossimo aggiornamento entro il {due}.", "Next update by {due}.").filled(due=due)
    return Term(status="in_term", due=due, findings=(value.finding(Severity.PASS, said, field="last_meeting_on"),))


@rule("R-ADI-12")
def service_pact(*, sent_on: date, signed_on: date | None, on: date) -> Term:
    """The service pact of an activatable member: 60 days from being sent to the employment centre, then suspension."""
    limit = in_force(on)["adi.service_pact_days"]
    due = sent_on + timedelta(days=limit.integer())
    if signed_on is not None and signed_on <= due:
        said = Text("Patto di servizio nei termini.", "Service pact in time.")
        return Term(status="met", due=due, findings=(limit.finding(Severity.PASS, said, field="signed_on"),))
    if (signed_on or on) <= due:
        said = Text("Patto di servizio entro il {due}.", "Service pact by {due}.").filled(due=due)
        return Term(status="in_term", due=due, findings=(limit.finding(Severity.PASS, said, field="signed_on"),))
    said = Text(
        "Patto di servizio non firmato entro il {due}: beneficio sospeso (non decaduto).",
        "Service pact not signed by {due}: benefit suspended (not lost).",
    ).filled(due=due)
    return Term(
        status="met" if signed_on else "suspended",
        due=due,
        suspended_from=due + days.ONE_DAY,
        findings=(
            limit.finding(
                Severity.CAUTION,
                said,
                field="signed_on",
                way_out=Text("Fissa l'appuntamento al Centro per l'impiego.", "Book at the employment centre."),
            ),
        ),
    )


@rule("R-SFL-04")
def training_support_check(*, last_confirmed_on: date, on: date) -> Term:
    """SFL: participation confirmed at least every 90 days, otherwise suspension."""
    limit = in_force(on)["sfl.confirm_days"]
    due = last_confirmed_on + timedelta(days=limit.integer())
    late = on > due
    said = Text("Conferma entro il {due}.", "Confirmation by {due}.").filled(due=due)
    return Term(
        status="suspended" if late else "in_term",
        due=due,
        suspended_from=due + days.ONE_DAY if late else None,
        findings=(limit.finding(Severity.CAUTION if late else Severity.PASS, said, field="last_confirmed_on"),),
    )


@rule("R-ADI-16", "R-ADI-17")
def disadvantage(
    *,
    letter: str,
    on: date,
    certified_by: str | None = None,
    in_charge: bool | None = None,
    disability_percent: int | None = None,
    sentence_ended_on: date | None = None,
    outside_measure: bool = False,
    age: int | None = None,
) -> list[Finding]:
    """Whether a person is in a condition of disadvantage (letters a-i of DM 154/2023 art. 5 c. 3) on the day asked.

    `certified_by` is public_health_service, public_social_service or third_sector; `outside_measure` is an alternative
    measure or outside work in course (letter f).
    """
    numbers = in_force(on)
    groups = numbers["adi.disadvantage_groups"]
    found: list[Finding] = []
    if not groups.known or letter not in groups.words():
        return [
            groups.finding(Severity.BLOCK, Text("Lettera non in elenco.", "Letter not in the list."), field="letter")
        ]
    public = numbers["adi.public_certificate_groups"]
    if letter in public.words() and certified_by not in ("public_health_service", None):
        found.append(
            public.finding(
                Severity.AUTHORISE,
                Text(
                    "Per questa lettera certifica solo un servizio sanitario o sociosanitario pubblico.",
                    "For this letter only a public health or social-health service certifies.",
                ),
                field="certified_by",
                way_out=Text("Chiedi la certificazione al servizio pubblico.", "Ask the public service."),
            )
        )
    if in_charge is False:
        found.append(
            groups.finding(
                Severity.BLOCK,
                Text(
                    "La condizione chiede un programma di cura in corso.",
                    "The condition asks a care programme in course.",
                ),
                field="in_charge",
            )
        )
    percent, months, ages = (
        numbers["adi.disability_percent"],
        numbers["adi.after_sentence_months"],
        numbers["adi.care_leaver_ages"],
    )
    if letter == "b" and disability_percent is not None and disability_percent < percent.integer():
        found.append(
            percent.finding(
                Severity.BLOCK,
                Text(
                    "Serve una disabilità di almeno il {least} %.", "A disability of at least {least} % is needed."
                ).filled(least=percent.integer()),
                field="disability_percent",
            )
        )
    if letter == "f" and sentence_ended_on is not None and not outside_measure:
        last = days.add_months(sentence_ended_on, months.integer())
        if not sentence_ended_on <= on <= last:
            found.append(
                months.finding(
                    Severity.BLOCK,
                    Text("Vale solo il primo anno, fino al {last}.", "Only the first year holds, until {last}.").filled(
                        last=last
                    ),
                    field="sentence_ended_on",
                )
            )
    if letter == "i" and age is not None:
        table = ages.table()
        if not int(str(table["min"])) <= age <= int(str(table["max"])):
            found.append(
                ages.finding(
                    Severity.BLOCK,
                    Text("Vale da {least} a {most} anni.", "It holds from {least} to {most} years.").filled(
                        least=table["min"], most=table["max"]
                    ),
                    field="age",
                )
            )
    if not found:
        found.append(
            groups.finding(Severity.PASS, Text("Condizione riconosciuta.", "Condition recognised."), field="letter")
        )
    return ordered(found)


@rule("R-ADI-26")
def home_exemption(*, home_value: Decimal, municipality: str, children: int, on: date) -> tuple[Decimal, Decimal]:
    """Special ISEE from 2026: the exemption for the home, and the value above it, in euro. (0, value) before 2026."""
    numbers = in_force(on)
    general, capital = numbers["adi.home_exemption"], numbers["adi.home_exemption_metropolitan"]
    if not general.known:
        return Decimal(0), home_value
    metropolitan = municipality in numbers["adi.metropolitan_capitals"].words()
    exemption = (capital if metropolitan else general).decimal()
    exemption += numbers["adi.home_exemption_per_child"].decimal() * max(0, children - 1)
    return exemption, max(Decimal(0), home_value - exemption)


@rule("R-ADI-25", "R-SFL-01")
def isee_within(*, benefit: str, isee: Decimal, on: date) -> Finding:
    """Whether an ISEE is within the threshold of `adi` or `sfl` on that day. A notice for the talk, not a decision."""
    value = in_force(on)["sfl.isee_max" if benefit == "sfl" else "adi.isee_max"]
    if not value.known:
        return value.finding(Severity.CAUTION, Text("Soglia non trovata.", "Threshold not found."), field="isee")
    within = isee <= value.decimal()
    sentence = (
        Text("ISEE entro la soglia di {limit}.", "ISEE within the threshold of {limit}.")
        if within
        else Text("ISEE sopra la soglia di {limit}.", "ISEE above the threshold of {limit}.")
    )
    return value.finding(
        Severity.PASS if within else Severity.CAUTION, sentence.filled(limit=Euro(value.decimal())), field="isee"
    )


@rule("R-ADI-14")
def report_by(*, known_on: date) -> date:
    """The last day to report on SIISL a fact that may lead to a sanction: at once and within 10 days."""
    return known_on + timedelta(days=in_force(known_on)["adi.report_days"].integer())


@rule("R-ADI-22")
def payment_month(*, recorded_on: date) -> date:
    """First day of the month whose payment takes in a meeting: that month until the 20th, else the next."""
    first = recorded_on.replace(day=1)
    return (
        first if recorded_on.day <= in_force(recorded_on)["adi.recording_day"].integer() else days.add_months(first, 1)
    )


@rule("R-ADI-15")
def duration(*, first_month: date, on: date, renewed: bool = False) -> Term:
    """How long ADI lasts from its first paid month (any day of it): 18 months, 12 after a renewal.

    `due` is the last day of the last month; a new application may be made from the month after, `reapply_from`."""
    numbers = in_force(on)
    months = numbers["adi.renewal_months" if renewed else "adi.first_months"]
    again = days.add_months(first_month.replace(day=1), months.integer())
    due = again - days.ONE_DAY
    gap = in_force(again)["adi.renewal_gap_months"]
    said = Text(
        "Dura {months} mesi, fino al {due}; il rinnovo si chiede dal {again} e si paga dal {paid}.",
        "It lasts {months} months, until {due}; the renewal is asked from {again} and paid from {paid}.",
    ).filled(months=months.integer(), due=due, again=again, paid=days.add_months(again, gap.integer()))
    late = on > due
    return Term(
        status="ended" if late else "in_term",
        due=due,
        reapply_from=again,
        findings=(months.finding(Severity.CAUTION if late else Severity.PASS, said, field="first_month"),),
    )
