"""What an attestation of activities and skills should have before it is issued. R-ATT-01 was not read for TIS: all that
lacks cautions, and nothing blocks but what cannot be true."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accanto.norms import states
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import in_force
from accanto.norms.register import named
from accanto.norms.rule_index import rule
from accanto.norms.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationFacts:
    """Of one traineeship. `open_days` are planned, gone by, and nothing is written of them."""

    state: str
    open_days: Sequence[date] = ()
    open_months: Sequence[date] = ()
    hours: float = 0
    skills: int = 0
    activities: bool = False
    final_evaluation: bool = False
    promoter: bool = True


@rule("R-ATT-01", "R-TIS-36", "ACC-STATE")
def attestation(facts: AttestationFacts, *, on: date) -> list[Finding]:
    """What lacks, all at once, each with its way out. Blocked only before the end."""
    numbers = in_force(on)
    final, register = numbers["tis.final_attestation"], numbers["tis.register_required"]
    found: list[Finding] = []
    over = facts.state in ("attested", "archived")
    if not over and (refusal := states.refusal(states.TRAINEESHIP, facts.state, "attested")):
        found.append(refusal)
    if facts.open_days:
        found.append(
            register.finding(
                Severity.CAUTION,
                Text(
                    "Il registro non dice niente di: {days}. Quelle ore non sono nell'attestazione.",
                    "The register says nothing of: {days}. Those hours are not in the attestation.",
                ).filled(days=named(facts.open_days)),
                field="register",
                way_out=Text("Conferma le giornate, o scrivi l'assenza.", "Confirm the days, or write the absence."),
            )
        )
    if facts.open_months:
        found.append(
            register.finding(
                Severity.CAUTION,
                Text(
                    "Mesi del registro ancora aperti: {months}. Le ore possono ancora cambiare.",
                    "Months of the register still open: {months}. The hours may still change.",
                ).filled(months=", ".join(f"{month:%m/%Y}" for month in facts.open_months)),
                field="register",
                way_out=Text("Chiudi prima i mesi.", "Close the months first."),
            )
        )
    if not facts.hours:
        found.append(
            register.finding(
                Severity.CAUTION,
                Text("Il registro non ha ore.", "The register has no hours."),
                field="register",
                way_out=Text("Scrivi le giornate fatte.", "Write the days done."),
            )
        )
    lacking = (
        (
            facts.activities,
            "activities",
            Text("Non è scritto che cosa la persona ha fatto.", "What the person did is not written."),
            Text(
                "Scrivi le attività, con parole che capisce chi assume.",
                "Write them, in an employer's words.",
            ),
        ),
        (
            facts.skills > 0,
            "skills",
            Text("Non ci sono competenze: dirà solo le attività.", "There are no skills: only activities."),
            Text("Scrivile, con ciò che le prova.", "Write them, with what proves them."),
        ),
        (
            facts.final_evaluation,
            "evaluation",
            Text("La valutazione finale non è chiusa.", "The final evaluation is not closed."),
            Text("Chiudila: da lì vengono le competenze.", "Close it: skills come from there."),
        ),
        (
            facts.promoter,
            "promoter",
            Text("Il soggetto promotore non è indicato: chi attesta?", "The promoter is not named: who attests?"),
            Text("L'attestazione uscirà a nome del tuo ente.", "The attestation will bear your body's name."),
        ),
    )
    found += [
        final.finding(Severity.CAUTION, sentence, field=name, way_out=way_out)
        for there, name, sentence, way_out in lacking
        if not there
    ]
    return ordered(found)
