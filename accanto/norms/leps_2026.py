"""How many psychologists and educators the ratios of the 2026 budget would want in a zone. ST-41, ST-42, AD-13.

The ratios come from the pages on the bill: the paragraph of the law was not read, so they are shown, always with a
caution, and nothing is judged by them.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accanto.norms.findings import Finding, Severity
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Text

PROFESSIONS = ("psychologist", "educator")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceObjective:
    """One worker of a profession for so many residents; `wanted` is how many that makes, with its fraction."""

    profession: str
    residents_per_worker: int
    wanted: Decimal
    caution: Finding


@rule("ST-41", "ST-42", "AD-13")
def ratios(*, on: date) -> dict[str, int]:
    """{profession: residents for one worker}; empty before the ratios existed."""
    numbers = in_force(on)
    found = {name: numbers[f"staffing.{name}_residents"] for name in PROFESSIONS}
    return {name: value.integer() for name, value in found.items() if value.known}


@rule("ST-41", "ST-42", "AD-13")
def service_objectives(*, residents: int, on: date) -> tuple[ServiceObjective, ...]:
    """How many of each profession; empty before the ratios existed. Raises ValueError if residents are not positive."""
    if residents <= 0:
        raise ValueError("Residents must be positive.")
    numbers = in_force(on)
    return tuple(
        ServiceObjective(
            profession=name,
            residents_per_worker=ratio,
            wanted=Decimal(residents) / ratio,
            caution=numbers[f"staffing.{name}_residents"].finding(
                Severity.CAUTION,
                Text(
                    "1:{ratio} viene dalle pagine sul disegno di legge di bilancio 2026: il comma 700 della L. 199/2025"
                    " non è stato letto.",
                    "1:{ratio} comes from pages on the 2026 budget bill: paragraph 700 of L. 199/2025 was not read.",
                ).filled(ratio=ratio),
                field=name,
            ),
        )
        for name, ratio in ratios(on=on).items()
    )
