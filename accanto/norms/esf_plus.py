"""ESF+ participants: complete records, what each counts for, whether a table of targets holds. FS-*, AD-30 to 36."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accanto.norms import days
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import InForce, in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Text

LABOUR = {"unemployed": "EECO02", "inactive": "EECO04", "employed": "EECO05"}
TRAITS = {
    "disability": "EECO12",
    "third_country": "EECO13",
    "foreign_background": "EECO14",
    "minority": "EECO15",
    "homeless": "EECO16",
    "rural": "EECO17",
}
GENDERS = ("female", "male", "non_binary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """Entry data of one person in one operation, frozen at entry. A trait left None was not said, and need not be."""

    gender: str | None = None
    labour_status: str | None = None
    months_unemployed: int | None = None
    said_long_term: bool | None = None  # where nobody knows for how many months
    age: int | None = None
    education: int | None = None  # ISCED level, 0 to 8
    disability: bool | None = None
    third_country: bool | None = None
    foreign_background: bool | None = None
    minority: bool | None = None
    homeless: bool | None = None
    rural: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """`indicators` by code; `incomplete` are the positions of records that are not transmitted, with what they lack."""

    indicators: dict[str, int]
    incomplete: dict[int, tuple[str, ...]]
    findings: tuple[Finding, ...]


@rule("AD-31", "FS-08")
def missing(record: Participation, *, on: date) -> tuple[str, ...]:
    """Which of the data that make a record complete are missing: gender, labour status, age, education."""
    return tuple(name for name in in_force(on)["esf.complete_record"].words() if getattr(record, name) is None)


@rule("FS-02", "FS-03", "FS-07", "FS-08", "FS-13", "FS-15", "AD-31", "AD-32", "AD-33")
def outputs(*, records: Iterable[Participation], on: date, reading: str = "2021-27") -> Counts:
    """EECO01 to EECO17 of a set of participations (one per person and operation).

    2021-27: an incomplete record is not transmitted and stands on an internal list. 2014-20: it enters only the total.
    Raises ValueError for another reading.
    """
    if reading not in ("2021-27", "2014-20"):
        raise ValueError(f"{reading!r} is not 2021-27 or 2014-20.")
    numbers = in_force(on)
    codes = [code for code in numbers["esf.output_codes"].words() if code < "EECO18"]
    counter: Counter[str] = Counter(dict.fromkeys(codes, 0))
    incomplete: dict[int, tuple[str, ...]] = {}
    for position, record in enumerate(records):
        lacks = missing(record, on=on)
        if lacks:
            incomplete[position] = lacks
            counter["EECO01"] += reading == "2014-20"
            continue
        counter.update(_codes(record, numbers))
    found: list[Finding] = []
    if incomplete:
        found.append(
            numbers["esf.complete_record"].finding(
                Severity.CAUTION,
                Text(
                    "{count} partecipazioni incomplete: non si trasmettono finché manca un dato.",
                    "{count} incomplete participations: not transmitted while a datum is missing.",
                ).filled(count=len(incomplete)),
                field="records",
                way_out=Text(
                    "Completa genere, condizione, età e titolo di studio.", "Complete gender, status, age, education."
                ),
            )
        )
    return Counts(indicators=dict(counter), incomplete=incomplete, findings=tuple(found))


def _codes(record: Participation, numbers: InForce) -> list[str]:
    codes = ["EECO01"]
    if record.labour_status in LABOUR:
        codes.append(LABOUR[record.labour_status])
    if record.labour_status == "unemployed" and long_term(record, numbers):
        codes.append("EECO03")
    if band := age_band(record.age, numbers):
        codes.append(band)
    if record.education is not None:
        codes.append("EECO09" if record.education <= 2 else "EECO10" if record.education <= 4 else "EECO11")
    return codes + [code for trait, code in TRAITS.items() if getattr(record, trait)]


@rule("FS-15")
def long_term(record: Participation, numbers: InForce) -> bool:
    """More than 12 months without work, more than 6 under 25 (UNVERIFIED); the months unknown, as was said."""
    if record.months_unemployed is None:
        return bool(record.said_long_term)
    young = record.age is not None and record.age < 25
    value = numbers["esf.long_term_unemployed_months_young" if young else "esf.long_term_unemployed_months"]
    return value.known and record.months_unemployed > value.integer()


@rule("FS-09")
def declared(record: Participation, trait: str, *, on: date) -> Participation:
    """The record of somebody in an operation that only people of a trait may enter (`unemployed`, `disability`…): what
    was not said of it is given by the requirement. What the person said stays."""
    shortcut = in_force(on)["esf.target_group_shortcut"]
    if not trait or not (shortcut.known and shortcut.boolean()):
        return record
    if trait in LABOUR:
        return record if record.labour_status else replace(record, labour_status=trait)
    given: dict[str, Any] = {trait: True}
    return record if getattr(record, trait) is not None else replace(record, **given)


@rule("FS-13")
def age_band(age: int | None, numbers: InForce) -> str | None:
    """EECO06 under 18, EECO07 18-29, EECO08 from 55; None between 30 and 54."""
    bands = numbers["esf.age_bands"].table()
    if age is None:
        return None
    if age < int(str(bands["child_below"])):
        return "EECO06"
    if age <= int(str(bands["young_max"])):
        return "EECO07"
    return "EECO08" if age >= int(str(bands["older_min"])) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened after leaving: `job`, `searching`, `unemployed`, `inactive`, `training`, `qualification`."""

    day: date
    kind: str


LABOUR_EVENTS = {"job": "EECR04", "searching": "EECR01", "unemployed": "EECR01", "inactive": ""}


@rule("FS-04", "FS-05", "FS-14")
def immediate_results(*, status_at_entry: str, left_on: date, events: Iterable[Event]) -> dict[str, int]:
    """EECR01 to EECR04 within 28 days of leaving. Only the last labour event counts; 01 and 04 exclude each other."""
    numbers = in_force(left_on)
    last = left_on + timedelta(days=numbers["esf.immediate_days"].integer())
    inside = sorted((event for event in events if left_on <= event.day <= last), key=lambda event: event.day)
    result = dict.fromkeys(("EECR01", "EECR02", "EECR03", "EECR04"), 0)
    labour = [LABOUR_EVENTS[event.kind] for event in inside if event.kind in LABOUR_EVENTS]
    code = labour[-1] if labour else ""
    if code == "EECR04" and status_at_entry != "employed":
        result["EECR04"] = 1
    if code == "EECR01" and status_at_entry == str(numbers["esf.result_bases"].table()["EECR01"]):
        result["EECR01"] = 1
    result["EECR02"] = int(any(event.kind == "training" for event in inside))
    result["EECR03"] = int(any(event.kind == "qualification" for event in inside))
    return result


@rule("FS-11", "FS-14", "AD-35")
def six_months_results(
    *, status_at_entry: str, employed_after: bool, improved: bool, pay_rise_only: bool
) -> dict[str, int]:
    """EECR05 (unemployed or inactive at entry) and EECR06 (employed at entry; a pay rise alone does not count)."""
    return {
        "EECR05": int(status_at_entry in ("unemployed", "inactive") and employed_after),
        "EECR06": int(status_at_entry == "employed" and improved and not pay_rise_only),
    }


@rule("FS-11")
def six_months_after(*, left_on: date) -> date:
    return days.add_months(left_on, in_force(left_on)["esf.long_term_months"].integer())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One period of a person in an operation."""

    operation: str
    entered_on: date
    left_on: date | None = None


@rule("FS-06", "FS-07")
def merged(stays: Iterable[Stay]) -> list[Stay]:
    """One record per operation: the first entry and the final exit; another operation is another participation."""
    by_operation: dict[str, list[Stay]] = {}
    for stay in stays:
        by_operation.setdefault(stay.operation, []).append(stay)
    result = []
    for operation, found in by_operation.items():
        open_ = any(stay.left_on is None for stay in found)
        left = None if open_ else max(stay.left_on for stay in found if stay.left_on)
        result.append(Stay(operation=operation, entered_on=min(stay.entered_on for stay in found), left_on=left))
    return sorted(result, key=lambda stay: (stay.entered_on, stay.operation))


@rule("AD-30", "AD-36")
def target_row(
    *,
    kind: str,
    on: date,
    baseline: Decimal | None = None,
    milestone_2024: Decimal | None = None,
    target_2029: Decimal | None = None,
    reported_as_percent: bool = False,
) -> list[Finding]:
    """A row of the table of targets. `kind` is `output` or `result`. Outputs start from 0 and need a milestone."""
    numbers = in_force(on)
    absolute, milestone = numbers["esf.absolute_values"], numbers["esf.milestone_rule"]
    found: list[Finding] = []
    if kind == "output" and baseline:
        found.append(
            absolute.finding(
                Severity.BLOCK,
                Text("Il valore base di un output è zero.", "The baseline of an output is zero."),
                field="baseline",
                way_out=Text("Scrivi 0.", "Write 0."),
            )
        )
    if kind == "output" and target_2029 is not None and milestone_2024 is None:
        found.append(
            milestone.finding(
                Severity.BLOCK,
                Text(
                    "Un output con obiettivo 2029 vuole la tappa 2024.",
                    "An output with a 2029 target needs its 2024 milestone.",
                ),
                field="milestone_2024",
                way_out=Text("Scrivi la tappa.", "Write the milestone."),
            )
        )
    if kind == "result" and milestone_2024 is not None:
        found.append(
            milestone.finding(
                Severity.BLOCK,
                Text("Un risultato non ha tappa.", "A result has no milestone."),
                field="milestone_2024",
                way_out=Text("Togli la tappa.", "Take the milestone off."),
            )
        )
    if reported_as_percent:
        found.append(
            absolute.finding(
                Severity.BLOCK,
                Text(
                    "I valori si riportano in assoluto, non in percento.",
                    "Values are reported absolute, not as percent.",
                ),
                field="reported_as_percent",
                way_out=Text("Scrivi il numero di persone.", "Write the number of people."),
            )
        )
    return ordered(found)
