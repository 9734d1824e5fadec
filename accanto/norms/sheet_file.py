"""The sheets of the law as files: read once, checked whole; every mistake names file, code, field and the way out."""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from accanto.norms.exact_yaml import FileProblem, read_yaml
from accanto.norms.findings import THE_LAW, Grade
from accanto.norms.text import Text

PARAMETERS = Path(__file__).parent / "parameters"


@dataclass(frozen=True, slots=True)
class SheetProblem:
    file: str
    code: str
    field: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}, {self.code or 'sheet'}, {self.field}: {self.sentence}."


class SheetErrors(ValueError):
    """Everything wrong in the sheets, at once."""

    def __init__(self, problems: list[SheetProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class UnknownParameter(LookupError):
    """No sheet holds that code or name, or the code holds several values."""


UNITS = frozenset(
    {
        "months",
        "days",
        "working_days",
        "years",
        "year",
        "hours",
        "hours_per_week",
        "hours_per_month",
        "percent",
        "ratio",
    }
    | {"euro", "euro_per_month", "euro_per_year", "euro_per_hour", "euro_per_day", "euro_range", "people", "residents"}
    | {"ratio", "bodies", "units", "date", "month_day", "day_of_month", "list", "table", "text", "yes_no"}
)
DIRECTIONS = ("lower", "higher", "true", "subset")
NAME = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Source:
    key: str
    title: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One line of a parameter: what holds from a day on, and where it was read."""

    since: date
    value: object
    grade: Grade
    sources: tuple[Source, ...]
    read_on: str
    note: Text | None = None

    @property
    def source(self) -> str:
        return "; ".join(source.title for source in self.sources)

    @property
    def link(self) -> str:
        return next((source.link for source in self.sources if source.link), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    code: str
    name: str
    regime: str
    description: Text
    unit: str
    stricter: str | None
    overrides: str | None
    values: tuple[Dated, ...]
    file: str

    def on(self, day: date) -> Dated | None:
        return next((dated for dated in reversed(self.values) if dated.since <= day), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    regime: str
    title: Text
    note: Text | None
    file: str
    parameters: tuple[Parameter, ...]
    call: str | None = None
    speaker: Text = THE_LAW


@dataclass(frozen=True)
class Sheets:
    """All the sheets, calls included."""

    sheets: tuple[Sheet, ...]
    sources: Mapping[str, Source]
    by_name: Mapping[str, Parameter]
    by_code: Mapping[str, tuple[Parameter, ...]]

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self.sheets)

    def parameters(self) -> Iterator[Parameter]:
        for sheet in self.sheets:
            yield from sheet.parameters

    def calls(self) -> dict[str, Sheet]:
        return {sheet.call: sheet for sheet in self.sheets if sheet.call}

    def find(self, code_or_name: str) -> Parameter:
        """The parameter of that name, or of that code where the code has only one. Raises UnknownParameter."""
        if code_or_name in self.by_name:
            return self.by_name[code_or_name]
        found = self.by_code.get(code_or_name, ())
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(parameter.name for parameter in found)
            raise UnknownParameter(f"{code_or_name} holds several values: ask for one of {names}.")
        raise UnknownParameter(f"No sheet holds {code_or_name}: look it up in docs/norms.md or add it to a sheet.")


@functools.cache
def sheets() -> Sheets:
    """The shipped sheets, read and checked once. Raises SheetErrors naming every broken line."""
    return load(PARAMETERS)


def load(folder: Path) -> Sheets:
    """Reads every sheet of a folder and of its `calls`. Raises SheetErrors with all that is wrong, by file and code."""
    problems: list[SheetProblem] = []
    sources = {
        key: Source(key, str(entry.get("title", "")), str(entry.get("link") or ""))
        for key, entry in _read(folder / "sources.yaml", problems).items()
        if isinstance(entry, dict)
    }
    found = [
        sheet
        for path in sorted(folder.glob("*.yaml")) + sorted(folder.glob("calls/*.yaml"))
        if path.name != "sources.yaml" and (sheet := _sheet(path, sources, problems)) is not None
    ]
    by_name: dict[str, Parameter] = {}
    by_code: dict[str, list[Parameter]] = {}
    for sheet in found:
        for parameter in sheet.parameters:
            if parameter.name in by_name:
                problems.append(
                    SheetProblem(sheet.file, parameter.code, "name", f"{parameter.name} is already in another entry")
                )
            by_name[parameter.name] = parameter
            by_code.setdefault(parameter.code, []).append(parameter)
    for parameter in by_name.values():
        if parameter.overrides and parameter.overrides not in by_name:
            problems.append(
                SheetProblem(parameter.file, parameter.code, "overrides", f"no entry is named {parameter.overrides}")
            )
    if problems:
        raise SheetErrors(problems)
    return Sheets(
        tuple(found),
        MappingProxyType(sources),
        MappingProxyType(by_name),
        MappingProxyType({code: tuple(parameters) for code, parameters in by_code.items()}),
    )


def _sheet(path: Path, sources: Mapping[str, Source], problems: list[SheetProblem]) -> Sheet | None:
    raw = _read(path, problems)
    if not raw:
        return None
    file = path.name
    regime, call = str(raw.get("regime", "")), raw.get("call")
    title = _text(raw.get("title"), file, "", "title", problems)
    entries = raw.get("parameters")
    if not regime or not isinstance(entries, list):
        problems.append(SheetProblem(file, "", "regime", "a sheet needs a regime, a title and a list of parameters"))
        return None
    read_on = str(raw.get("read_on", ""))
    parameters = [
        parameter
        for entry in entries
        if (parameter := _parameter(entry, regime, file, read_on, sources, problems)) is not None
    ]
    note, speaker = raw.get("note"), raw.get("speaker")
    return Sheet(
        regime=str(call or regime),
        title=title,
        note=_text(note, file, "", "note", problems) if note else None,
        file=file,
        parameters=tuple(parameters),
        call=str(call) if call else None,
        speaker=_text(speaker, file, "", "speaker", problems) if speaker else THE_LAW,
    )


ENTRY_FIELDS = frozenset({"code", "name", "unit", "description", "stricter", "overrides", "values"})
VALUE_FIELDS = frozenset({"from", "value", "grade", "source", "read_on", "note"})


def _parameter(
    entry: object,
    regime: str,
    file: str,
    read_on: str,
    sources: Mapping[str, Source],
    problems: list[SheetProblem],
) -> Parameter | None:
    if not isinstance(entry, dict):
        problems.append(SheetProblem(file, "", "parameters", f"an entry is not a set of fields: {entry!r}"))
        return None
    code = str(entry.get("code", ""))

    def wrong(field: str, sentence: str) -> None:
        problems.append(SheetProblem(file, code, field, sentence))

    for field in sorted(set(entry) - ENTRY_FIELDS, key=str):
        wrong(str(field), f"unknown field; the fields are {', '.join(sorted(ENTRY_FIELDS))}")
    name, unit, stricter = str(entry.get("name", "")), str(entry.get("unit", "")), entry.get("stricter")
    if not code:
        wrong("code", "the entry has no code: write the rulebook's one, such as R-TIS-26")
    if not NAME.fullmatch(name):
        wrong("name", f"{name!r} is not a name such as tis.max_months")
    if unit not in UNITS:
        wrong("unit", f"{unit!r} is not a unit; the units are {', '.join(sorted(UNITS))}")
    if stricter is not None and str(stricter) not in DIRECTIONS:
        wrong("stricter", f"{stricter!r} is not one of {', '.join(DIRECTIONS)}")
    values = entry.get("values")
    if not isinstance(values, list) or not values:
        wrong("values", "the entry has no values: write at least one, null where it was looked for and not found")
        values = []
    dated = [one for value in values if (one := _dated(value, read_on, sources, wrong)) is not None]
    if [one.since for one in dated] != sorted({one.since for one in dated}):
        wrong("from", "the values are not in order of day, each day once")
    return Parameter(
        code=code,
        name=name,
        regime=regime,
        description=_text(entry.get("description"), file, code, "description", problems),
        unit=unit,
        stricter=str(stricter) if stricter is not None else None,
        overrides=str(entry["overrides"]) if entry.get("overrides") else None,
        values=tuple(dated),
        file=file,
    )


def _dated(
    value: object, read_on: str, sources: Mapping[str, Source], wrong: Callable[[str, str], None]
) -> Dated | None:
    if not isinstance(value, dict):
        wrong("values", f"a value is not a set of fields: {value!r}")
        return None
    for field in sorted(set(value) - VALUE_FIELDS, key=str):
        wrong(str(field), f"unknown field; the fields of a value are {', '.join(sorted(VALUE_FIELDS))}")
    since, grade, keys = value.get("from"), str(value.get("grade", "")), value.get("source")
    if not isinstance(since, date):
        wrong("from", f"{since!r} is not a day such as 2020-05-18")
        return None
    if grade not in Grade.__members__:
        wrong("grade", f"{grade!r} is not one of {', '.join(Grade)}")
        return None
    if "value" not in value:
        wrong("value", "write the value, or null where it was looked for and not found")
    if value.get("value") is None and grade != Grade.UNVERIFIED:
        wrong("value", f"a value not found is UNVERIFIED, not {grade}")
    keys = keys if isinstance(keys, list) else [keys]
    for key in keys:
        if key not in sources:
            wrong("source", f"{key!r} is not in sources.yaml: add its title and link there")
    note = value.get("note")
    if note is not None and (not isinstance(note, dict) or set(note) != {"it", "en"}):
        wrong("note", "a note has its Italian and its English: {it: ..., en: ...}")
        note = None
    return Dated(
        since=since,
        value=frozen(value.get("value")),
        grade=Grade(grade),
        sources=tuple(sources[str(key)] for key in keys if key in sources),
        read_on=str(value.get("read_on") or read_on),
        note=Text(str(note["it"]), str(note["en"])) if note else None,
    )


def _text(raw: object, file: str, code: str, field: str, problems: list[SheetProblem]) -> Text:
    if isinstance(raw, dict) and set(raw) == {"it", "en"} and all(raw.values()):
        return Text(str(raw["it"]), str(raw["en"]))
    problems.append(SheetProblem(file, code, field, "write it in Italian and in English: {it: ..., en: ...}"))
    return Text("", "")


def frozen(value: object) -> object:
    match value:
        case list():
            return tuple(frozen(item) for item in value)
        case dict():
            return MappingProxyType({str(key): frozen(item) for key, item in value.items()})
        case _:
            return value


def _read(path: Path, problems: list[SheetProblem]) -> dict[str, Any]:
    try:
        return read_yaml(path)
    except FileProblem as problem:
        problems.append(SheetProblem(path.name, "", problem.where, problem.sentence))
        return {}
