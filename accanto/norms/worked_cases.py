"""Worked cases: facts and what the law should say of them, in YAML or in a spreadsheet. Offices can bring their own.

`check(paths, out)` runs them and prints what differs. How to write them: docs/how-to/worked-cases.md.
"""

import csv
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TextIO

from accanto.norms import questions
from accanto.norms.exact_yaml import FileProblem, read_yaml
from accanto.norms.fact_values import WrongValue, converted, named, readable
from accanto.norms.findings import Finding, Severity
from accanto.norms.reader import LocalValue
from accanto.norms.sheet_file import UnknownParameter, sheets
from accanto.norms.text import Text
from accanto.norms.vocabulary import EXPECTED, KEYS, RESULT_VALUES, RESULTS

EXAMPLES = Path(__file__).parent / "examples"
LOCAL_KEYS = {"valore": "value", "chi": "speaker", "atto": "act"}
KINDS = {
    "blocks": Severity.BLOCK,
    "authorises": Severity.AUTHORISE,
    "cautions": Severity.CAUTION,
    "passes": Severity.PASS,
}
WORDS = {"blocks": "blocca", "authorises": "da autorizzare", "cautions": "avverte", "passes": "in regola"}
EXACT = ("blocks", "authorises")
NOTHING = frozenset({"niente", "nessuno", "nothing", "none", "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One worked case. `where` is the file and the row or name a reader looks for."""

    where: str
    name: str
    question: str
    on: date | None
    facts: Mapping[str, object]
    expected: Mapping[str, object]
    call: str | None = None
    local: Mapping[str, LocalValue] = field(default_factory=dict)
    note: str = ""

    @property
    def codes(self) -> frozenset[str]:
        """The rules the case tests: every code it expects."""
        return frozenset(code for kind in KINDS for code in _codes(self.expected.get(kind)))


class BrokenCase(ValueError):
    """A case or a file that cannot be read: the sentence names it and says how to mend it."""


def check(paths: Sequence[Path], out: TextIO) -> int:
    """Runs the cases of the files, or the shipped ones; prints what differs. 0 if nothing does, 1 otherwise."""
    count = differing = broken = 0
    for path in paths or sorted([*EXAMPLES.glob("*.yaml"), *EXAMPLES.glob("*.csv")]):
        for found in read(path):
            if isinstance(found, BrokenCase):
                broken += 1
                print(f"{found}", file=out)
                continue
            count += 1
            differences = run(found)
            differing += bool(differences)
            for difference in differences:
                print(f"{found.where}: {difference}", file=out)
    print(
        f"{count} casi: {count - differing} come attesi, {differing} diversi"
        + (f"; {broken} non leggibili." if broken else "."),
        file=out,
    )
    return 1 if differing or broken else 0


def run(case: Case) -> list[str]:
    """What differs between the case and the rules, in Italian; an empty list if nothing does."""
    try:
        outcome = answer(case)
    except BrokenCase as problem:
        return [str(problem)]
    except (ValueError, TypeError, UnknownParameter, ArithmeticError) as problem:
        return [f"la regola non può rispondere: {problem}"]
    differences: list[str] = []
    for kind in KINDS:
        if kind in case.expected:
            differences += _compare_codes(kind, _codes(case.expected[kind]), outcome.findings)
    silent = _codes(case.expected.get("silent"))
    said = {finding.code for finding in outcome.findings if finding.severity is not Severity.PASS}
    differences += [f"{code}: atteso silenzio, trovato un rilievo" for code in sorted(silent & said)]
    for key, wanted in case.expected.items():
        if key in KINDS or key == "silent":
            continue
        name = key if key in outcome.results else RESULTS.get(key, key)
        if name not in outcome.results:
            words = {name: word for word, name in RESULTS.items()}
            known = ", ".join(sorted(words.get(name, name) for name in outcome.results)) or "nessuno"
            differences.append(f"«{key}» non è un risultato di questa domanda (risultati: {known})")
            continue
        got = outcome.results[name]
        if not _same(wanted, got):
            differences.append(f"{key}: atteso {readable(wanted)}, trovato {readable(got)}")
    return differences


def answer(case: Case) -> questions.Outcome:
    """Asks the rule. Raises BrokenCase where the facts cannot be read, naming all that is wrong."""
    question = questions.find(case.question)
    if question is None:
        near = get_close_matches(case.question, [one.it for one in questions.QUESTIONS.values()], n=1, cutoff=0.4)
        raise BrokenCase(
            f"non conosco la domanda «{case.question}»"
            + (f"; forse «{near[0]}»?" if near else "; vedi il manuale dei casi")
        )
    given: dict[str, Any] = {}
    wrong: list[str] = []
    for key, value in case.facts.items():
        try:
            name = named(key, question.facts)
            given[name] = converted(value, question.facts[name], key)
        except WrongValue as problem:
            wrong.append(str(problem))
    call = given.get("call") or case.call
    wrong += [f"manca il fatto «{name}»" for name in sorted(question.required - given.keys())]
    if case.call and case.question.startswith(("traineeship", "tirocinio")) and case.call not in sheets().calls():
        wrong.append(f"non conosco l'avviso «{case.call}»: ci sono {', '.join(sorted(sheets().calls()))}")
    if wrong:
        raise BrokenCase("; ".join(wrong))
    return question.answer(given, _asked_on(case, given), case.local, call)


def _asked_on(case: Case, given: Mapping[str, Any]) -> date:
    """The case's day; without one the latest day among its facts, so that a case never depends on today."""
    if case.on:
        return case.on
    days_ = [value for value in given.values() if isinstance(value, date) and not isinstance(value, datetime)]
    return max(days_) if days_ else date(2026, 1, 1)


def _codes(raw: object) -> frozenset[str]:
    if raw is None or (isinstance(raw, str) and raw.strip().lower() in NOTHING):
        return frozenset()
    if isinstance(raw, str):
        raw = raw.replace(";", ",").split(",")
    return (
        frozenset(str(code).strip() for code in raw if str(code).strip())
        if isinstance(raw, list | tuple)
        else frozenset({str(raw)})
    )


def _compare_codes(kind: str, wanted: frozenset[str], findings: Sequence[Finding]) -> Iterator[str]:
    got = {finding.code: finding for finding in findings if finding.severity is KINDS[kind]}
    for code in sorted(wanted - got.keys()):
        other = next((finding for finding in findings if finding.code == code), None)
        found = f"trovato «{WORDS_OF[other.severity]}: {other.sentence.it}»" if other else "la regola non dice niente"
        yield f"{code}: atteso «{WORDS[kind]}», {found}"
    if kind in EXACT:
        for code in sorted(got.keys() - wanted):
            yield f"{code}: «{WORDS[kind]}» non atteso: {got[code].sentence.it}"


WORDS_OF = {severity: WORDS[kind] for kind, severity in KINDS.items()}


def _same(wanted: object, got: object) -> bool:
    if isinstance(wanted, str) and wanted.strip().lower() in NOTHING and got in (None, "none"):
        return True
    match got:
        case None:
            return wanted is None
        case bool() | Decimal() | date() | int():
            try:
                return bool(converted(wanted, Decimal if type(got) is int else type(got), "atteso") == got)
            except WrongValue:
                return False
        case str():
            return str(wanted) == got or RESULT_VALUES.get(str(wanted)) == got
        case list() | tuple():
            return isinstance(wanted, list | tuple) and len(wanted) == len(got) and all(map(_same, wanted, got))
        case Mapping():
            return (
                isinstance(wanted, Mapping)
                and {str(key) for key in wanted} == set(got)
                and all(_same(value, got[str(key)]) for key, value in wanted.items())
            )
        case _:
            return wanted == got


def read(path: Path) -> Iterator[Case | BrokenCase]:
    """The cases of a YAML, CSV or XLSX file; a broken file or row is a BrokenCase among them, never an exception."""
    try:
        match path.suffix.lower():
            case ".yaml" | ".yml":
                yield from _from_yaml(path)
            case ".csv":
                yield from _from_rows(path, _csv_rows(path))
            case ".xlsx" | ".xls" | ".ods":
                yield from _from_rows(path, _sheet_rows(path))
            case other:
                yield BrokenCase(f"{path.name}: non leggo i file «{other}»: usa YAML, CSV o XLSX.")
    except FileProblem as problem:
        yield BrokenCase(f"{path.name}, {problem.where}: il file non si legge ({problem.sentence}).")
    except OSError as problem:
        yield BrokenCase(f"{path.name}: il file non si apre ({problem.strerror or problem}).")


@functools.cache
def shipped_bases() -> Mapping[str, Mapping[str, object]]:
    return dict(read_yaml(EXAMPLES / "bases.yaml").get("basi", {}))


def _from_yaml(path: Path) -> Iterator[Case | BrokenCase]:
    raw = read_yaml(path)
    own_bases = raw.get("basi") or raw.get("bases") or {}
    if not isinstance(own_bases, Mapping) or not all(isinstance(base, Mapping) for base in own_bases.values()):
        yield BrokenCase(f"{path.name}: «basi» vuole nomi e valori, e ogni base i suoi.")
        return
    bases = {**shipped_bases(), **own_bases}
    cases = raw.get("casi", raw.get("cases", []))
    if not isinstance(cases, list):
        yield BrokenCase(f"{path.name}: «casi» vuole un elenco di casi.")
        return
    for place, one in enumerate(cases, 1):
        where = f"{path.name}, caso {place}"
        if not isinstance(one, Mapping):
            yield BrokenCase(f"{where}: il caso vuole nome, domanda, fatti, atteso.")
            continue
        try:
            yield _case(
                {**_defaults(raw), **{KEYS.get(str(key), str(key)): value for key, value in one.items()}}, bases, where
            )
        except (BrokenCase, WrongValue) as problem:
            yield BrokenCase(f"{where}: {problem}.")


def _defaults(raw: Mapping[str, object]) -> dict[str, object]:
    return {KEYS.get(key, key): raw[key] for key in ("domanda", "question", "base", "on", "il") if key in raw}


CASE_KEYS = frozenset(KEYS.values())


def _case(raw: Mapping[str, Any], bases: Mapping[str, Mapping[str, object]], where: str) -> Case:
    name = str(raw.get("name") or "senza nome")
    unknown = sorted(set(raw) - CASE_KEYS)
    if unknown:
        raise BrokenCase(f"non conosco «{unknown[0]}»; le parti di un caso sono {', '.join(sorted(KEYS))}")
    if not raw.get("question"):
        raise BrokenCase("manca «domanda»")
    base = raw.get("base")
    if base and str(base) not in bases:
        raise BrokenCase(f"non conosco la base «{base}»; ci sono {', '.join(sorted(bases))}")
    facts, expected = raw.get("facts") or {}, raw.get("expected")
    if not isinstance(facts, Mapping) or not isinstance(expected, Mapping) or not expected:
        raise BrokenCase("«fatti» e «atteso» vogliono nomi e valori, e «atteso» non è vuoto")
    question = questions.find(str(raw["question"]))
    merged = dict(bases[str(base)]) if base else {}
    known = question.facts if question else {}
    aliases = {_name(key, known): key for key in merged}
    for key, value in facts.items():
        merged.pop(aliases.get(_name(str(key), known), ""), None)
        merged[str(key)] = value
    return Case(
        where=f"{where} «{name}»",
        name=name,
        question=str(raw["question"]),
        on=converted(raw.get("on"), date | None, "il"),
        facts=merged,
        expected={EXPECTED.get(str(key), str(key)): value for key, value in expected.items()},
        call=str(raw["call"]) if raw.get("call") else None,
        local=_local(raw.get("local") or {}),
        note=str(raw.get("note") or ""),
    )


def _name(key: str, known: Mapping[str, object]) -> str:
    try:
        return named(key, known)
    except WrongValue:
        return key


def _local(raw: Mapping[str, Any]) -> dict[str, LocalValue]:
    done = {}
    for name, value in raw.items():
        if name not in sheets().by_name:
            raise BrokenCase(f"nessun foglio ha il valore «{name}»")
        given = (
            {LOCAL_KEYS.get(key, key): one for key, one in value.items()}
            if isinstance(value, Mapping)
            else {"value": value}
        )
        speaker = str(given.get("speaker", "il file dei casi"))
        done[name] = LocalValue(
            value=given.get("value"), speaker=Text(speaker, speaker), act=str(given.get("act", "atto locale"))
        )
    return done


def _csv_rows(path: Path) -> list[list[object]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise FileProblem("testo", "salvalo in UTF-8") from problem
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") >= first.count(",") else ","
    try:
        return [list(row) for row in csv.reader(text.splitlines(), delimiter=delimiter, strict=True)]
    except csv.Error as problem:
        raise FileProblem("testo", f"non è un CSV: {problem}") from problem


def _sheet_rows(path: Path) -> list[list[object]]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        return [list(row) for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    except (python_calamine.CalamineError, OSError) as problem:
        raise FileProblem("foglio", "manca o non è un foglio di calcolo: salvalo in XLSX o in CSV") from problem


def _from_rows(path: Path, rows: list[list[object]]) -> Iterator[Case | BrokenCase]:
    """A row a case. Columns: the parts of a case, `atteso: ...`, `locale: ...`; every other column is a fact."""
    if not rows:
        yield BrokenCase(f"{path.name}: il foglio è vuoto.")
        return
    header = [str(cell).strip() for cell in rows[0]]
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    if repeated:
        yield BrokenCase(f"{path.name}: la colonna «{repeated[0]}» è scritta due volte.")
        return
    for number, row in enumerate(rows[1:], 2):
        filled = {name: cell for name, cell in zip(header, row, strict=False) if name and cell not in ("", None)}
        if not filled:
            continue
        where = f"{path.name}, riga {number}"
        if len(row) > len(header) and any(cell not in ("", None) for cell in row[len(header) :]):
            yield BrokenCase(f"{where}: ha più celle dell'intestazione.")
            continue
        raw: dict[str, Any] = {"facts": {}, "expected": {}, "local": {}}
        for name, cell in filled.items():
            prefix, _, rest = name.partition(":")
            if prefix.strip() in ("atteso", "expected") and rest:
                raw["expected"][rest.strip()] = cell
            elif prefix.strip() in ("locale", "local") and rest:
                raw["local"][rest.strip()] = cell
            elif name in KEYS or name in CASE_KEYS:
                raw[KEYS.get(name, name)] = cell
            else:
                raw["facts"][name] = cell
        try:
            yield _case(raw, shipped_bases(), where)
        except (BrokenCase, WrongValue) as problem:
            yield BrokenCase(f"{where}: {problem}.")


def shipped() -> Iterator[Case]:
    """The shipped cases, for the "Norme" page and the tests. Raises BrokenCase if one cannot be read."""
    for path in sorted([*EXAMPLES.glob("*.yaml"), *EXAMPLES.glob("*.csv")]):
        for found in read(path):
            if isinstance(found, BrokenCase):
                raise found
            yield found
