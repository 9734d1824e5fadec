"""What the scores of an assessment suggest about its outcome, with the sum shown: only work, only social, or complex.

An aid of this system: the law says what follows from each outcome (R-VAL-04, R-VAL-05), not how it is reached, and who
assesses always decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accanto.norms.findings import Finding, Severity
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Text

WORK = ("work", "education")
DOMAINS = {
    "personal": Text("condizioni personali", "personal conditions"),
    "economic": Text("economia", "economy"),
    "work": Text("lavoro", "work"),
    "education": Text("formazione", "education"),
    "housing": Text("casa", "housing"),
    "networks": Text("reti", "networks"),
}
OUTCOMES = {
    "social_only": Text("bisogno solo sociale", "a social need only"),
    "work_only": Text("bisogno solo di lavoro", "a work need only"),
    "complex": Text("bisogno complesso", "a complex need"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`outcome` is social_only, work_only, complex, or None where the scores suggest nothing."""

    outcome: str | None
    findings: tuple[Finding, ...]


@rule("ACC-COMPLEX", "R-VAL-04", "R-VAL-05")
def suggested(*, scores: Mapping[str, int], on: date) -> Suggestion:
    """From the scores by domain, 1 (severe obstacle) to 5 (strong resource); domains without one are left out."""
    numbers = in_force(on)
    value = numbers["assessment.complexity_suggestion"]
    table = {name: int(str(limit)) for name, limit in value.table().items()}
    if len(scores) < table["assessed"]:
        said = Text(
            "Con {count} dimensioni con un punteggio non si suggerisce un esito: ne servono {least}.",
            "With {count} domains scored no outcome is suggested: {least} are needed.",
        ).filled(count=len(scores), least=table["assessed"])
        return Suggestion(outcome=None, findings=(value.finding(Severity.PASS, said, field="outcome"),))
    obstacles = [name for name in DOMAINS if scores.get(name, 5) <= table["obstacle"]]
    severe = [name for name in obstacles if scores[name] <= table["severe"]]
    inside = [name for name in obstacles if name in WORK]
    if not obstacles:
        said = Text(
            "Nessuna dimensione da 1 a {most}: i punteggi non mostrano ostacoli.",
            "No domain from 1 to {most}: the scores show no obstacle.",
        ).filled(most=table["obstacle"])
        return Suggestion(outcome=None, findings=(value.finding(Severity.PASS, said, field="outcome"),))
    both = bool(inside) and len(inside) < len(obstacles)
    complex_need = len(obstacles) >= table["many"] or (bool(severe) and len(obstacles) > 1) or both
    outcome = "complex" if complex_need else "work_only" if inside else "social_only"
    said = Text(
        "I punteggi suggeriscono «{outcome}»: ostacoli in {obstacles} ({count}){severe}. Decidi tu.",
        "The scores suggest «{outcome}»: obstacles in {obstacles} ({count}){severe}. You decide.",
    ).filled(
        outcome=OUTCOMES[outcome],
        obstacles=_named(obstacles),
        count=len(obstacles),
        severe=_severe(severe),
    )
    found = [value.finding(Severity.PASS, said, field="outcome")]
    if outcome == "work_only":
        follows = Text("Se è così, la persona va al Centro per l’impiego.", "If so, the person goes to the centre.")
        found.append(numbers["assessment.work_only_to_centre"].finding(Severity.PASS, follows, field="outcome"))
    if outcome == "complex":
        follows = Text("Se è così, valuta un’équipe multidisciplinare.", "If so, a multidisciplinary team assesses.")
        found.append(numbers["assessment.team_if_complex"].finding(Severity.PASS, follows, field="outcome"))
    return Suggestion(outcome=outcome, findings=tuple(found))


def _named(domains: list[str]) -> Text:
    return Text(", ".join(DOMAINS[name].it for name in domains), ", ".join(DOMAINS[name].en for name in domains))


def _severe(severe: list[str]) -> Text:
    if not severe:
        return Text("", "")
    named = _named(severe)
    return Text(f", grave in {named.it}", f", severe in {named.en}")
