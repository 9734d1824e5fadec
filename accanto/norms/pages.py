"""What the "Norme" page shows, and the two documents generated from the law: docs/norms.md and docs/states.md."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from accanto.norms import questions, vocabulary, worked_cases
from accanto.norms.findings import GRADE_WORDS
from accanto.norms.rule_index import used_by
from accanto.norms.sheet_file import Dated, Parameter, Sheet, sheets
from accanto.norms.states import MACHINES, diagram
from accanto.norms.text import Text, shown

NOT_FOUND = Text("non trovato", "not found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One parameter with the functions that rest on its code and the worked cases that test it."""

    sheet: Sheet
    parameter: Parameter
    used_by: tuple[str, ...]
    cases: tuple[str, ...]


def entries() -> Iterator[Entry]:
    """Every parameter of every sheet, in the order of the sheets, calls last."""
    cases = cases_by_code()
    for sheet in sheets():
        for parameter in sheet.parameters:
            yield Entry(
                sheet=sheet,
                parameter=parameter,
                used_by=used_by(parameter.code),
                cases=cases.get(parameter.code, ()),
            )


@functools.cache
def cases_by_code() -> Mapping[str, tuple[str, ...]]:
    """The names of the shipped cases by the codes they expect."""
    found: dict[str, list[str]] = {}
    for case in worked_cases.shipped():
        for code in case.codes:
            found.setdefault(code, []).append(case.name)
    return {code: tuple(names) for code, names in found.items()}


def value_text(parameter: Parameter, dated: Dated) -> Text:
    """A value as a reader sees it in each language."""
    value = dated.value
    if parameter.unit == "year":
        return Text(str(value), str(value))
    if value is None:
        return NOT_FOUND
    if isinstance(value, Mapping):
        return Text(_pairs(value, "it"), _pairs(value, "en"))
    return Text(shown(value, "it"), shown(value, "en"))


def _pairs(value: Mapping[str, object], language: str) -> str:
    return "; ".join(f"{key}: {shown(one, language)}" for key, one in value.items())


def norms_page() -> str:
    """docs/norms.md: every parameter, its values, grade, source, the functions that use it, the cases that test it."""
    lines = [
        "# Le norme che Accanto applica",
        "",
        "Questa pagina è generata dai fogli in `accanto/norms/parameters/`: non si corregge qui.",
        "Rigenerala con `python -m accanto.norms docs docs`.",
        "Per cambiare un valore: docs/how-to/change-a-legal-value.md.",
        "",
        "| grado | significato |",
        "|---|---|",
        *(f"| {grade.value} | {words.it} |" for grade, words in GRADE_WORDS.items()),
        "",
        "Una regola non letta (UNVERIFIED) avverte e non blocca mai.",
    ]
    seen: Sheet | None = None
    for entry in entries():
        if entry.sheet is not seen:
            seen = entry.sheet
            lines += ["", f"## {seen.title.it}", ""]
            if seen.note:
                lines += [seen.note.it, ""]
            lines += [
                "| codice | regola | valore | dal | grado | fonte | usata da | casi |",
                "|---|---|---|---|---|---|---|---|",
            ]
        lines += [_row(entry, dated, place == 0) for place, dated in enumerate(entry.parameter.values)]
    lines += ["", "## Le domande dei casi", "", "Come si scrive un caso: docs/how-to/worked-cases.md.", ""]
    lines += ["| domanda | fatti |", "|---|---|", *questions_table()]
    return "\n".join(lines) + "\n"


def _row(entry: Entry, dated: Dated, first: bool) -> str:
    parameter = entry.parameter
    source = f"[{dated.source}]({dated.link})" if dated.link else dated.source
    note = f" ({dated.note.it})" if dated.note else ""
    cells = (
        parameter.code,
        f"{parameter.description.it} `{parameter.name}`" if first else "",
        f"{value_text(parameter, dated).it}{_unit(parameter, dated)}{note}",
        shown(dated.since, "it"),
        dated.grade.value,
        source,
        ", ".join(f"`{name}`" for name in entry.used_by) if first else "",
        "; ".join(entry.cases) if first else "",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


UNIT_WORDS = {
    "months": "mesi",
    "days": "giorni",
    "working_days": "giorni lavorativi",
    "years": "anni",
    "hours": "ore",
    "hours_per_week": "ore a settimana",
    "hours_per_month": "ore al mese",
    "euro": "euro",
    "euro_per_month": "euro al mese",
    "euro_per_year": "euro l'anno",
    "euro_per_hour": "euro l'ora",
    "euro_per_day": "euro al giorno",
    "percent": "%",
    "people": "persone",
    "residents": "residenti",
}


def _unit(parameter: Parameter, dated: Dated) -> str:
    word = UNIT_WORDS.get(parameter.unit)
    return f" {word}" if word and dated.value is not None else ""


def states_page() -> str:
    """docs/states.md: a diagram and a table of each machine of states."""
    lines = [
        "# Gli stati",
        "",
        "Questa pagina è generata da `accanto/norms/states.py`: non si corregge qui.",
        "Rigenerala con `python -m accanto.norms docs docs`.",
    ]
    for machine in MACHINES.values():
        lines += ["", f"## {machine.title.it}", "", "```mermaid", diagram(machine), "```", ""]
        lines += ["| da | parola | a | regole |", "|---|---|---|---|"]
        lines += [
            f"| {machine.states[state].it} | {passage.word.it} | {machine.states[passage.to].it} | "
            f"{', '.join(passage.guards)} |"
            for state in machine.states
            for passage in machine.table.get(state, ())
        ]
    return "\n".join(lines) + "\n"


def questions_table() -> list[str]:
    """The questions a worked case may ask, with the Italian names of their facts; the same facts stand together."""
    italian: dict[str, str] = {}
    for it, name in vocabulary.FACTS.items():
        italian.setdefault(name, it)
    grouped: dict[str, list[str]] = {}
    for question in questions.QUESTIONS.values():
        facts = ", ".join(f"`{italian.get(name, name)}`" for name in question.facts)
        grouped.setdefault(facts, []).append(f"`{question.it}`")
    return [f"| {', '.join(names)} | {facts} |" for facts, names in grouped.items()]


PAGES = {"norms.md": norms_page, "states.md": states_page}


def write(folder: Path) -> list[Path]:
    """Writes the generated pages into a folder; the paths written."""
    written = []
    for name, page in PAGES.items():
        path = folder / name
        path.write_text(page(), encoding="utf-8")
        written.append(path)
    return written
