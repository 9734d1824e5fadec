"""What the PNRR counts of the measures beside traineeships, and how long they may last. PN-02, PN-HF, PN-PIPPI."""

from datetime import date

from accanto.norms import days, pnrr
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Text


@rule("PN-02", "PN-HF", "PN-PIPPI")
def counted(
    *,
    kind: str,
    starts: date,
    on: date,
    ends: date | None = None,
    eligible_class: str | None = None,
    children: int | None = None,
) -> list[Finding]:
    """Of a measure begun on a day and, where it is over, ended on another: housing from the six months on, service
    centres from the first use, once a person; families of P.I.P.P.I. with their children. Other kinds say nothing."""
    match kind:
        case "housing_first":
            return ordered(_housing(starts, ends, eligible_class, on))
        case "service_centre":
            return ordered(_service_centre(eligible_class, on))
        case "pippi":
            return _family(children, on)
        case _:
            return []


def _housing(starts: date, ends: date | None, eligible_class: str | None, on: date) -> list[Finding]:
    numbers = in_force(on)
    answer = pnrr.counted(housed_from=starts, housed_to=ends, uses_station=False, eligible_class=eligible_class, on=on)
    # whoever is still there has not failed the six months: they have not come yet
    found = [finding for finding in answer.findings if ends is not None or finding.field != "housed_to"]
    months, longest = numbers["pnrr.housed_months"], numbers["pnrr.housing_max_months"]
    counts_from = days.last_day(starts, months.integer())
    if (ends or on) >= counts_from:
        said = Text(
            "Conta fra le persone ospitate almeno {months} mesi, dal {day}.",
            "Counted among the people housed at least {months} months, from {day}.",
        ).filled(months=months.integer(), day=counts_from)
        found.append(months.finding(Severity.PASS, said, field="starts"))
    elif ends is None:
        said = Text(
            "Conterà dal {day}, se resta fino ad allora.", "It will count from {day}, if the person stays until then."
        ).filled(day=counts_from)
        found.append(months.finding(Severity.PASS, said, field="starts"))
    if eligible_class is None:
        found.append(
            numbers["pnrr.eligible_people"].finding(
                Severity.CAUTION,
                Text("Manca la condizione (lettere a-d).", "The condition (letters a-d) is missing."),
                field="eligible_class",
            )
        )
    last = days.last_day(starts, longest.integer())
    if (ends or on) > last:
        said = Text(
            "Oltre i {months} mesi dell’alloggio temporaneo, finiti il {day}.",
            "Past the {months} months of temporary housing, over on {day}.",
        ).filled(months=longest.integer(), day=last)
        found.append(longest.finding(Severity.CAUTION, said, field="ends"))
    elif ends is None:
        said = Text("L’alloggio temporaneo arriva al {day}.", "Temporary housing reaches {day}.").filled(day=last)
        found.append(longest.finding(Severity.PASS, said, field="ends"))
    return found


def _service_centre(eligible_class: str | None, on: date) -> list[Finding]:
    numbers = in_force(on)
    if eligible_class is None:
        said = Text("Manca la condizione (lettere a-d).", "The condition (letters a-d) is missing.")
        return [numbers["pnrr.eligible_people"].finding(Severity.CAUTION, said, field="eligible_class")]
    said = Text("Conta una volta sola, dal primo uso.", "Counted once only, from the first use.")
    return [numbers["pnrr.target_stations"].finding(Severity.PASS, said, field="starts")]


def _family(children: int | None, on: date) -> list[Finding]:
    if children:
        return []
    said = Text("Manca quanti bambini coinvolge.", "How many children it involves is missing.")
    return [in_force(on)["pnrr.pippi_families"].finding(Severity.CAUTION, said, field="children")]


@rule("PN-HF")
def housing_until(*, starts: date, on: date) -> date:
    """The last day of temporary housing begun on a day."""
    return days.last_day(starts, in_force(on)["pnrr.housing_max_months"].integer())
