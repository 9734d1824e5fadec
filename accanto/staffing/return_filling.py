"""The yearly return filled from the contracts: nobody types again what the contracts say. A row may be changed by hand,
with a reason that is kept beside what the contracts make."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accanto.norms.findings import Finding, Grade, Refused, Severity
from accanto.norms.text import Text
from accanto.staffing import workforce
from accanto.staffing.return_row import ReturnRow
from accanto.staffing.staffing_return import Entry, StaffingReturn, hold, save_draft, years


@dataclass(frozen=True, kw_only=True)
class Part:
    """One row of a year: of a municipality by its number or, where `place` is None, of the zone body."""

    place: str | None
    computed_fte: Decimal
    computed_headcount: int
    permanent_fte: Decimal
    headcount: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A year of the return as the contracts, and the changes by hand, make it now."""

    year: int
    reading: str
    parts: tuple[Part, ...]
    heads_computed: int  # workers, each once, also where they have contracts in two places
    synthetic: bool

    @property
    def fte(self) -> Decimal:
        return sum((part.permanent_fte for part in self.parts), Decimal(0))

    @property
    def headcount(self) -> int:
        by_hand = sum(part.headcount - part.computed_headcount for part in self.parts)
        return max(0, self.heads_computed + by_hand)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the zone declares of a row in the place of what its contracts make."""

    permanent_fte: Decimal
    headcount: int
    reason: str


def filled(zone, *, year, reading, changes) -> Filled:
    """`changes` is {place: Change}."""
    found = workforce.of_year(zone, year=year, reading=reading)
    parts = []
    for place in sorted({*found.places, *changes}, key=lambda place: place or ""):
        made, change = found.at(place), changes.get(place)
        parts.append(
            Part(
                place=place,
                computed_fte=made.fte,
                computed_headcount=made.heads,
                permanent_fte=change.permanent_fte if change else made.fte,
                headcount=change.headcount if change else made.heads,
                reason=change.reason if change else "",
            )
        )
    return Filled(year=year, reading=reading, parts=tuple(parts), heads_computed=found.heads, synthetic=found.synthetic)


def changes_of(staffing_return, year) -> dict:
    """{place: Change} that stand in a return, which may not have begun."""
    if staffing_return is None:
        return {}
    rows = staffing_return.rows.standing().changed_by_hand().filter(year=year).order_by("id")
    return {
        row.municipality_id: Change(permanent_fte=row.permanent_fte, headcount=row.headcount, reason=row.reason)
        for row in rows
    }


def as_it_is_now(zone, *, year, staffing_return, reading) -> list[Filled]:
    """Both years of the return as filling it would write them."""
    return [filled(zone, year=one, reading=reading, changes=changes_of(staffing_return, one)) for one in years(year)]


def reading_of(staffing_return) -> str:
    """How a return averages the year: as it was last filled, by months where it never was."""
    figure = None
    if staffing_return:
        figure = staffing_return.figures.standing().exclude(reading="").order_by("-year").first()
    return figure.reading if figure else "months"


@transaction.atomic
def fill(*, zone, year, reading, by, now, change=None) -> StaffingReturn:
    """Write the draft from the contracts. `change` is (year, place, Change), or None in its place to take one back.

    Raises Refused where the return has left the draft state, where the residents are missing, where a change has no
    reason."""
    hold(zone, year)
    row = StaffingReturn.objects.filter(zone=zone, year=year).first()
    if change and change[2] and not change[2].reason.strip():
        raise Refused([_no_reason()])
    made = []
    for one in years(year):
        changes = changes_of(row, one)
        if change and change[0] == one:
            changes.pop(change[1], None)
            if change[2]:
                changes[change[1]] = change[2]
        made.append(filled(zone, year=one, reading=reading, changes=changes))
    entries = {
        one.year: Entry(permanent_fte=one.fte, headcount=one.headcount, reading=reading, synthetic=one.synthetic)
        for one in made
    }
    row = save_draft(zone=zone, year=year, entries=entries, by=by, now=now)
    for one in made:
        _write_rows(row, one, now)
    return row


def _write_rows(staffing_return, made, now):
    standing = {row.municipality_id: row for row in staffing_return.rows.standing().filter(year=made.year)}
    for part in made.parts:
        before = standing.pop(part.place, None)
        if before and part == _part(before):
            continue
        if before:
            _supersede(before, now)
        ReturnRow.objects.create(
            staffing_return=staffing_return,
            zone_id=staffing_return.zone_id,
            year=made.year,
            municipality_id=part.place,
            computed_fte=part.computed_fte,
            computed_headcount=part.computed_headcount,
            permanent_fte=part.permanent_fte,
            headcount=part.headcount,
            reason=part.reason,
            recorded_at=now,
        )
    for row in standing.values():
        _supersede(row, now)


def _part(row):
    return Part(
        place=row.municipality_id,
        computed_fte=row.computed_fte,
        computed_headcount=row.computed_headcount,
        permanent_fte=row.permanent_fte,
        headcount=row.headcount,
        reason=row.reason,
    )


def _supersede(row, now):
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])


def _no_reason():
    return Finding(
        code="ST-15",
        severity=Severity.BLOCK,
        sentence=Text(
            "Manca il perché: il numero è diverso da quello dei contratti.",
            "The reason is missing: the number differs from that of the contracts.",
        ),
        source="DM 15/2021, art. 1",
        grade=Grade.VERIFIED,
        field="reason",
        way_out=Text(
            "Scrivi perché, o correggi il contratto: il prospetto segue da solo.",
            "Write why, or correct the contract: the return follows by itself.",
        ),
    )
