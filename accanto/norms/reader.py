"""The sheets of the law: read once, checked whole, asked by day.

A value in force on a day is the last one whose `from` is not after it. A call or a zone may speak in place of the law:
only more strictly than a law that was read (VERIFIED), and the value says who spoke.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from accanto.norms.findings import THE_LAW, Finding, Grade, Severity
from accanto.norms.sheet_file import Parameter, Sheets, UnknownParameter, frozen, sheets
from accanto.norms.text import Text, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalValue:
    """What a zone, a project or a call sets in place of the law, with its act. A value without an act never blocks."""

    value: object
    speaker: Text
    act: str = ""
    link: str = ""
    grade: Grade | None = None

    @property
    def effective_grade(self) -> Grade:
        return self.grade or (Grade.VERIFIED if self.act else Grade.UNVERIFIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A parameter as it stands on a day. `value` is None where it was not found, or is not in force yet."""

    code: str
    name: str
    value: object
    unit: str
    grade: Grade
    source: str
    link: str
    speaker: Text = THE_LAW
    note: Text | None = None
    ignored: LocalValue | None = None  # a local value looser than a law that was read

    @property
    def known(self) -> bool:
        return self.value is not None

    @property
    def firm(self) -> bool:
        """Known, and read somewhere: it may do more than caution."""
        return self.known and self.grade is not Grade.UNVERIFIED

    def integer(self) -> int:
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return self.value
        raise TypeError(f"{self.name} ({self.code}) is not a whole number: {self.value!r}")

    def decimal(self) -> Decimal:
        if isinstance(self.value, int | Decimal) and not isinstance(self.value, bool):
            return Decimal(self.value)
        raise TypeError(f"{self.name} ({self.code}) is not a number: {self.value!r}")

    def boolean(self) -> bool:
        if isinstance(self.value, bool):
            return self.value
        raise TypeError(f"{self.name} ({self.code}) is not yes or no: {self.value!r}")

    def day(self) -> date:
        if isinstance(self.value, date):
            return self.value
        raise TypeError(f"{self.name} ({self.code}) is not a date: {self.value!r}")

    def words(self) -> tuple[str, ...]:
        if isinstance(self.value, tuple):
            return tuple(str(word) for word in self.value)
        raise TypeError(f"{self.name} ({self.code}) is not a list: {self.value!r}")

    def table(self) -> Mapping[str, object]:
        if isinstance(self.value, Mapping):
            return self.value
        raise TypeError(f"{self.name} ({self.code}) is not a table: {self.value!r}")

    def text(self) -> str:
        if isinstance(self.value, str):
            return self.value
        raise TypeError(f"{self.name} ({self.code}) is not a word: {self.value!r}")

    def finding(
        self,
        severity: Severity,
        sentence: Text,
        *,
        field: str | None = None,
        way_out: Text | None = None,
        secondary_blocks: bool = False,
    ) -> Finding:
        """A finding that speaks with this value's code, source and grade, never louder than the grade allows.

        A rule nobody has read only cautions. A rule read in a secondary source blocks only where the rulebook's worked
        cases say so (`secondary_blocks`); otherwise it asks for leave.
        """
        if self.grade is Grade.UNVERIFIED and severity in (Severity.BLOCK, Severity.AUTHORISE):
            severity = Severity.CAUTION
        elif self.grade is Grade.SECONDARY and severity is Severity.BLOCK and not secondary_blocks:
            severity = Severity.AUTHORISE
        return Finding(
            code=self.code,
            severity=severity,
            sentence=sentence,
            source=self.source,
            grade=self.grade,
            field=field,
            way_out=way_out,
            link=self.link,
            speaker=self.speaker,
        )


def stricter(parameter: Parameter, candidate: object, law: object) -> bool | None:
    """Whether a candidate value asks at least as much as the law's; None where the sheet gives no direction."""
    if law is None:
        return True
    match parameter.stricter:
        case "lower" | "higher" if isinstance(candidate, int | Decimal) and isinstance(law, int | Decimal):
            return candidate <= law if parameter.stricter == "lower" else candidate >= law
        case "true":
            return bool(candidate) or not law
        case "subset" if isinstance(candidate, tuple | list) and isinstance(law, tuple):
            return set(candidate) <= set(law)
        case _:
            return candidate == law if parameter.stricter is None else None


def parameter(
    code_or_name: str, on: date, *, local: LocalValue | None = None, call: str | None = None, book: Sheets | None = None
) -> Value:
    """The value in force on a day, and who says it. Raises UnknownParameter.

    Before the first day of a sheet the value is None and UNVERIFIED. `call` names a call's sheet, `local` is a value
    of a zone or a project: each speaks only if at least as strict as a law graded VERIFIED; the strictest speaks.
    """
    book = book or sheets()
    entry = book.find(code_or_name)
    value = _law(entry, on)
    for candidate in (_of_call(entry, on, call, book), local):
        if candidate is not None:
            value = _spoken(entry, value, candidate)
    return value


def _law(entry: Parameter, on: date) -> Value:
    dated = entry.on(on)
    if dated is None:
        first = entry.values[0]
        return Value(
            code=entry.code,
            name=entry.name,
            value=None,
            unit=entry.unit,
            grade=Grade.UNVERIFIED,
            source=first.source,
            link=first.link,
            note=Text(
                "Non ancora in vigore il {day}: il foglio comincia il {first}.",
                "Not in force yet on {day}: the sheet begins on {first}.",
            ).filled(day=on, first=first.since),
        )
    return Value(
        code=entry.code,
        name=entry.name,
        value=dated.value,
        unit=entry.unit,
        grade=dated.grade,
        source=dated.source,
        link=dated.link,
        note=dated.note,
    )


def _of_call(entry: Parameter, on: date, call: str | None, book: Sheets) -> LocalValue | None:
    if call is None:
        return None
    sheet = book.calls().get(call)
    if sheet is None:
        raise UnknownParameter(
            f"No sheet of a call is named {call!r}; the calls are {', '.join(sorted(book.calls()))}."
        )
    own = next((one for one in sheet.parameters if one.overrides == entry.name), None)
    dated = own.on(on) if own else None
    if dated is None or dated.value is None:
        return None
    return LocalValue(value=dated.value, speaker=sheet.speaker, act=dated.source, link=dated.link, grade=dated.grade)


def _spoken(entry: Parameter, value: Value, candidate: LocalValue) -> Value:
    own = frozen(candidate.value)
    if own == value.value and value.firm:
        return value
    firm_law = value.known and (value.grade is Grade.VERIFIED or value.speaker is not THE_LAW)
    looser = stricter(entry, own, value.value) is not True
    unread = candidate.effective_grade is Grade.UNVERIFIED and value.known
    if (firm_law and looser) or unread:
        return replace(value, ignored=candidate)
    return replace(
        value,
        value=own,
        grade=candidate.effective_grade,
        source=candidate.act or value.source,
        link=candidate.link or value.link,
        speaker=candidate.speaker,
    )


def objection(code_or_name: str, local: LocalValue, *, on: date, book: Sheets | None = None) -> Finding | None:
    """What the law has against a local value an office wants to set: None, or a blocking finding with the way out."""
    book = book or sheets()
    entry = book.find(code_or_name)
    law = _law(entry, on)
    if not law.known or law.grade is not Grade.VERIFIED or stricter(entry, frozen(local.value), law.value) is True:
        return None
    return law.finding(
        Severity.BLOCK,
        Text(
            "Un valore locale può essere solo più severo della norma: {law} è letto nell'atto, {own} chiede meno.",
            "A local value may only be stricter than the law: {law} was read in the act, {own} asks less.",
        ).filled(law=_readable(law.value), own=_readable(local.value)),
        field="value",
        way_out=Text(
            "Scrivi un valore uguale o più severo, o chiedi di aggiornare il foglio della norma con il nuovo atto.",
            "Write an equal or stricter value, or ask for the law's sheet to be updated with the new act.",
        ),
    )


def _readable(value: object) -> Text:
    return Text(shown(value, "it"), shown(value, "en"))


@dataclass(frozen=True)
class InForce:
    """The numbers in force on a day, for one call and one zone or project: `numbers["tis.max_months"]`."""

    on: date
    local: Mapping[str, LocalValue]
    call: str | None = None
    book: Sheets | None = None

    def __getitem__(self, name: str) -> Value:
        return parameter(name, self.on, local=self.local.get(name), call=self.call, book=self.book)


def in_force(on: date, *, local: Mapping[str, LocalValue] | None = None, call: str | None = None) -> InForce:
    return InForce(on, local or {}, call)
