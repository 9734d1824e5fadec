"""PNRR social lines: a project's dates, and who counts in the target of line 1.3. PN-01, PN-02."""

from dataclasses import dataclass
from datetime import date

from accanto.norms import days
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Text


@rule("PN-01")
def project_dates(*, start: date | None, end: date | None, on: date) -> list[Finding]:
    """A project runs from 1/06/2022 to 30/06/2026 at most, three years at most."""
    numbers = in_force(on)
    first, last, most = (
        numbers["pnrr.project_start_from"],
        numbers["pnrr.project_end_by"],
        numbers["pnrr.project_max_months"],
    )
    found: list[Finding] = []
    if start and end and end < start:
        found.append(
            numbers["register.dates_in_order"].finding(
                Severity.BLOCK, Text("La fine viene prima dell'inizio.", "The end is before the start."), field="end"
            )
        )
    if start and first.known and start < first.day():
        found.append(
            first.finding(
                Severity.AUTHORISE,
                Text("I progetti partono dal {day}.", "Projects begin from {day}.").filled(day=first.day()),
                field="start",
            )
        )
    if end and last.known and end > last.day():
        found.append(
            last.finding(
                Severity.BLOCK,
                Text("I progetti finiscono entro il {day}.", "Projects end by {day}.").filled(day=last.day()),
                field="end",
                way_out=Text(
                    "Anticipa la fine o porta il resto su un altro fondo.", "Bring the end forward or use another fund."
                ),
                secondary_blocks=True,  # worked case 30 of the programme
            )
        )
    if start and end and most.known and end > days.last_day(start, most.integer()):
        found.append(
            most.finding(
                Severity.AUTHORISE,
                Text("Al massimo {months} mesi.", "At most {months} months.").filled(months=most.integer()),
                field="end",
            )
        )
    return ordered(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """In which of the two parts of the 1.3 target a person counts."""

    housed: bool
    station: bool
    findings: tuple[Finding, ...] = ()


@rule("PN-02", "PN-03")
def counted(
    *, housed_from: date | None, housed_to: date | None, uses_station: bool, eligible_class: str | None, on: date
) -> Counted:
    """Housed at least 6 months counts among the 3,000; use of a service station among the 22,000. Classes a-d of PN-02.

    `housed_to` is the last day housed; None while the person is still there on `on`.
    """
    numbers = in_force(on)
    months, classes = numbers["pnrr.housed_months"], numbers["pnrr.eligible_people"]
    if eligible_class is not None and classes.known and eligible_class not in classes.words():
        said = Text("La condizione non è tra quelle ammesse.", "The condition is not among those admitted.")
        return Counted(
            housed=False, station=False, findings=(classes.finding(Severity.CAUTION, said, field="eligible_class"),)
        )
    housed = (
        housed_from is not None and months.known and (housed_to or on) >= days.last_day(housed_from, months.integer())
    )
    findings: tuple[Finding, ...] = ()
    if housed_from is not None and not housed:
        said = Text("Ospitata meno di {months} mesi: non conta.", "Housed less than {months} months: not counted.")
        findings = (months.finding(Severity.CAUTION, said.filled(months=months.integer()), field="housed_to"),)
    return Counted(housed=housed, station=uses_station, findings=findings)
