"""Taking a person in charge: who refers, what comes before a TIS, the plan's soft target, the life plan's dates."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from accanto.norms import days
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import LocalValue, in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Text


@rule("R-SIIL-02", "R-SIIL-03", "R-SIIL-11")
def referral(
    *,
    referrer: str | None,
    already_in_charge: bool | None,
    on: date,
    referred_on: date | None = None,
    first_meeting_on: date | None = None,
    local: Mapping[str, LocalValue] | None = None,
) -> list[Finding]:
    """A referral to the integrated service (SIIL): second level, no direct access, people already in charge.

    `referrer` is a service or body of R-SIIL-03, or `person` for somebody who came alone.
    """
    numbers = in_force(on, local=local)
    found: list[Finding] = []
    direct, referrers = numbers["siil.no_direct_access"], numbers["siil.referrers"]
    if referrer == "person":
        found.append(
            direct.finding(
                Severity.AUTHORISE,
                Text(
                    "Al SIIL non si accede da soli: la persona va accolta dal servizio sociale, che poi segnala.",
                    "Nobody comes to this service alone: the social service meets the person, and then refers.",
                ),
                field="referrer",
                way_out=Text("Apri un colloquio con il segretariato sociale.", "Open a talk with the social desk."),
            )
        )
    elif referrer is None:
        found.append(
            referrers.finding(
                Severity.CAUTION, Text("Manca chi segnala.", "The referrer is missing."), field="referrer"
            )
        )
    elif referrers.known and referrer not in referrers.words():
        found.append(
            referrers.finding(
                Severity.CAUTION,
                Text("Chi segnala non è tra i servizi e gli enti letti.", "The referrer is not among those read."),
                field="referrer",
            )
        )
    else:
        found.append(
            direct.finding(Severity.PASS, Text("Segnalazione ammessa.", "Referral admitted."), field="referrer")
        )
    if already_in_charge is False:
        found.append(
            numbers["siil.already_in_charge"].finding(
                Severity.AUTHORISE,
                Text(
                    "La persona non è ancora in carico a un servizio: il SIIL è un secondo livello.",
                    "The person is not in charge of a service yet: this is a second-level service.",
                ),
                field="already_in_charge",
                way_out=Text("Prima la presa in carico del servizio sociale.", "First the social service's case."),
            )
        )
    limit = numbers["siil.first_meeting_days"]
    if limit.known and referred_on and (first_meeting_on or on) > referred_on + timedelta(days=limit.integer()):
        found.append(
            limit.finding(
                Severity.CAUTION,
                Text(
                    "Sono passati più di {days} giorni dalla segnalazione, dice {speaker}.",
                    "More than {days} days since the referral, says {speaker}.",
                ).filled(days=limit.integer(), speaker=limit.speaker),
                field="first_meeting_on",
            )
        )
    return ordered(found)


@rule("R-VAL-07")
def plan_signature(*, screened_on: date, signed_on: date | None, on: date) -> tuple[date, list[Finding]]:
    """The soft target to sign the personal plan: 20 working days from the preliminary analysis. Never blocks."""
    value = in_force(on)["plan.signature_working_days"]
    due = days.working_days_after(screened_on, value.integer())
    if (signed_on or on) <= due:
        return due, [
            value.finding(
                Severity.PASS,
                Text("Da firmare entro il {due}.", "To sign by {due}.").filled(due=due),
                field="signed_on",
            )
        ]
    return due, [
        value.finding(
            Severity.CAUTION,
            Text(
                "Passati {days} giorni lavorativi dall'analisi preliminare ({due}): è un obiettivo, non un termine.",
                "Past {days} working days from the preliminary analysis ({due}): a target, not a term.",
            ).filled(days=value.integer(), due=due),
            field="signed_on",
        )
    ]


@rule("R-PAR-01")
def plan_signed(*, signed: bool, on: date) -> list[Finding]:
    """Whether the person, or who represents them, has signed the plan: goals are negotiated with them (art. 6 c. 3).

    Without it the plan is no agreement: it blocks."""
    value = in_force(on)["plan.goals_negotiated"]
    if signed:
        said = Text("La persona, o chi la rappresenta, ha firmato.", "The person, or their representative, has signed.")
        return [value.finding(Severity.PASS, said, field="signers")]
    return [
        value.finding(
            Severity.BLOCK,
            Text(
                "Senza la firma della persona, o di chi la rappresenta, il progetto non è concordato.",
                "Without the signature of the person, or of their representative, the plan is not agreed.",
            ),
            field="signers",
            way_out=Text(
                "Rileggetelo insieme e fai firmare su carta, a voce in presenza o su questo schermo; "
                "se non è d'accordo, cambia il testo con lei: fino ad allora resta una bozza.",
                "Read it again together and have it signed on paper, aloud in presence or on this screen; "
                "if they do not agree, change the text with them: until then it stays a draft.",
            ),
        )
    ]


@rule("R-VAL-02")
def missing_domains(*, assessed: frozenset[str] | set[str], on: date) -> list[Finding]:
    """Which of the six domains an assessment has not looked at yet."""
    value = in_force(on)["assessment.domains"]
    missing = [domain for domain in value.words() if domain not in assessed]
    if not missing:
        return [value.finding(Severity.PASS, Text("Sei ambiti valutati.", "Six domains assessed."), field="domains")]
    return [
        value.finding(
            Severity.AUTHORISE,
            Text("Ambiti non valutati: {missing}.", "Domains not assessed: {missing}.").filled(
                missing=Text(
                    ", ".join(DOMAINS[name].it if name in DOMAINS else name for name in missing),
                    ", ".join(DOMAINS[name].en if name in DOMAINS else name for name in missing),
                )
            ),
            field="domains",
            way_out=Text("Basta una riga per ambito.", "One line for each is enough."),
        )
    ]


DOMAINS = {
    "personal_social": Text("condizioni personali e sociali", "personal and social conditions"),
    "economic": Text("situazione economica", "economic situation"),
    "work": Text("lavoro e occupabilità", "work and employability"),
    "education": Text("istruzione e formazione", "education and training"),
    "housing": Text("casa", "housing"),
    "networks": Text("reti familiari e sociali", "family and social networks"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LifePlanTerm:
    """Whether the procedure of D.Lgs. 62/2024 applies to a request, from when, and the day its start is due."""

    applies: bool
    applies_from: date | None
    start_notice_by: date | None
    findings: tuple[Finding, ...]


@rule("R-PAR-05", "R-PAR-08")
def life_plan_request(*, filed_on: date, province: str) -> LifePlanTerm:
    """A request of a life plan filed in a province (FI, AR, MS...): start notice within 15 days, where it applies."""
    numbers = in_force(filed_on)
    territories, notice = numbers["life_plan.territories"], numbers["life_plan.start_notice_days"]
    if not territories.known:
        return LifePlanTerm(applies=False, applies_from=None, start_notice_by=None, findings=())
    table = territories.table()
    since = table.get(province.upper(), table["all"])
    if not isinstance(since, date):
        raise TypeError(f"{territories.name}: {since!r} is not a day.")
    if filed_on < since:
        finding = territories.finding(
            Severity.CAUTION,
            Text(
                "In questa provincia il progetto di vita si applica dal {since}: prima valgono le regole precedenti.",
                "In this province the life plan applies from {since}: before it the former rules hold.",
            ).filled(since=since),
            field="filed_on",
        )
        return LifePlanTerm(applies=False, applies_from=since, start_notice_by=None, findings=(finding,))
    due = filed_on + timedelta(days=notice.integer())
    finding = notice.finding(
        Severity.PASS,
        Text("Avviso di avvio entro il {due}.", "Notice of the start by {due}.").filled(due=due),
        field="filed_on",
    )
    return LifePlanTerm(applies=True, applies_from=since, start_notice_by=due, findings=(finding,))


@rule("R-SIIL-11")
def one_body_only(*, bodies: Collection[str], on: date) -> list[Finding]:
    """A team, or those at a meeting, who all come from one body. No act we could read fixes the composition: a notice.

    `bodies` are the names of the bodies of those who are there, the person and their family apart.
    """
    different = set(bodies)
    if len(different) != 1:
        return []
    return [
        in_force(on)["siil.team_roles"].finding(
            Severity.CAUTION,
            Text(
                "Ci sono solo persone di un ente, {body}: l'équipe unisce servizi sociali, centro per l'impiego, "
                "servizi sociosanitari ed enti del Terzo settore.",
                "Only people of one body are here, {body}: the team joins social services, employment centre, health "
                "services and third-sector bodies.",
            ).filled(body=next(iter(different))),
            field="attendees",
            way_out=Text(
                "Invita il centro per l'impiego o un altro ente; intanto la riunione si può registrare.",
                "Invite the employment centre or another body; meanwhile the meeting can be recorded.",
            ),
        )
    ]
