"""The sheets of the law: whole, dated, honest about what was read; and a local value that may only be stricter."""

import ast
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import accanto.norms
from accanto.norms import pages, questions, reader
from accanto.norms.findings import Finding, Grade, Severity, as_json, blocks, for_outsiders, ordered
from accanto.norms.reader import LocalValue, objection, parameter
from accanto.norms.rule_index import USES, used_by
from accanto.norms.sheet_file import SheetErrors, UnknownParameter, load, sheets
from accanto.norms.states import MACHINES
from accanto.norms.text import Euro, Text

NORMS = Path(accanto.norms.__file__).parent
DAY = date(2026, 3, 1)
ZONE = Text("la zona", "the zone")


def test_a_value_by_code_and_by_name() -> None:
    assert parameter("R-TIS-26", DAY) == parameter("tis.max_months", DAY)
    assert parameter("R-TIS-26", DAY).integer() == 24


def test_a_code_with_several_values_asks_which() -> None:
    with pytest.raises(UnknownParameter, match=r"tnc\.allowance_min"):
        parameter("R-TNC-03", DAY)
    with pytest.raises(UnknownParameter, match=r"No sheet holds R-TIS-99"):
        parameter("R-TIS-99", DAY)


def test_the_value_of_the_day() -> None:
    assert parameter("adi.isee_max", date(2024, 12, 31)).integer() == 9360
    assert parameter("adi.isee_max", date(2025, 1, 1)).integer() == 10140


def test_before_the_first_day_nothing_is_known_and_nothing_blocks() -> None:
    value = parameter("tis.max_months", date(2019, 1, 1))
    assert (value.known, value.grade) == (False, Grade.UNVERIFIED)
    assert value.finding(Severity.BLOCK, Text("x", "x")).severity is Severity.CAUTION


def test_a_rule_nobody_read_never_blocks() -> None:
    for severity in (Severity.BLOCK, Severity.AUTHORISE):
        with pytest.raises(ValueError, match="Read the act"):
            Finding(code="R-X", severity=severity, sentence=Text("x", "x"), source="s", grade=Grade.UNVERIFIED)


def test_a_secondary_rule_asks_for_leave_unless_a_worked_case_blocks() -> None:
    value = parameter("tis.allowance_max", DAY)
    assert value.grade is Grade.SECONDARY
    assert value.finding(Severity.BLOCK, Text("x", "x")).severity is Severity.AUTHORISE
    assert value.finding(Severity.BLOCK, Text("x", "x"), secondary_blocks=True).severity is Severity.BLOCK


def test_a_zone_may_be_stricter_and_says_so() -> None:
    local = LocalValue(value=18, speaker=ZONE, act="regolamento")
    value = parameter("tis.max_months", DAY, local=local)
    assert (value.integer(), value.speaker, value.source) == (18, ZONE, "regolamento")
    assert objection("tis.max_months", local, on=DAY) is None


def test_a_zone_may_not_be_looser_than_a_law_that_was_read() -> None:
    local = LocalValue(value=30, speaker=ZONE, act="regolamento")
    value = parameter("tis.max_months", DAY, local=local)
    assert (value.integer(), value.ignored) == (24, local)
    refused = objection("tis.max_months", local, on=DAY)
    assert refused is not None
    assert refused.severity is Severity.BLOCK
    assert refused.way_out is not None


def test_a_zone_fills_what_the_law_does_not_say() -> None:
    assert parameter("tis.weekly_hours_max", DAY).value is None
    local = LocalValue(value=30, speaker=ZONE, act="regolamento")
    assert parameter("tis.weekly_hours_max", DAY, local=local).grade is Grade.VERIFIED
    unsigned = LocalValue(value=30, speaker=ZONE)
    assert parameter("tis.weekly_hours_max", DAY, local=unsigned).grade is Grade.UNVERIFIED


@pytest.mark.parametrize(
    ("name", "candidate", "stricter"),
    [
        ("tis.max_months", 24, True),
        ("tis.max_months", 25, False),
        ("tnc.allowance_min", 650, True),
        ("tnc.allowance_min", 599, False),
        ("tis.promoters", ("school",), True),
        ("tis.promoters", ("school", "company"), False),
        ("tis.case_manager_required", False, False),
        ("tis.case_manager_required", True, True),
    ],
)
def test_stricter(name: str, candidate: object, stricter: bool) -> None:
    entry = sheets().find(name)
    assert reader.stricter(entry, candidate, entry.values[-1].value) is stricter


def test_a_call_speaks_in_its_own_name_and_an_unread_call_is_silent() -> None:
    assert parameter("tis.allowance_max", DAY, call="fse_2024_3h1").integer() == 500
    assert parameter("tis.allowance_max", DAY, call="3k7") == parameter("tis.allowance_max", DAY)
    with pytest.raises(UnknownParameter, match="3k7, earlier, fse_2024_3h1"):
        parameter("tis.allowance_max", DAY, call="other")


def test_every_rule_of_3k7_is_unverified() -> None:
    sheet = sheets().calls()["3k7"]
    assert {dated.grade for entry in sheet.parameters for dated in entry.values} == {Grade.UNVERIFIED}


def test_the_two_regimes_never_mix() -> None:
    for regime, prefix in (("tis", "tnc."), ("ordinary_traineeship", "tis.")):
        sheet = next(sheet for sheet in sheets() if sheet.regime == regime)
        assert not [entry.name for entry in sheet.parameters if entry.name.startswith(prefix)]


RULEBOOK_CODES = [
    *(f"R-TIS-{number:02}" for number in range(1, 40)),
    *(f"R-IND-{number:02}" for number in range(1, 9)),
    *(f"R-INS-{number:02}" for number in range(1, 5)),
    *(f"R-CO-{number:02}" for number in range(1, 9)),
    *(f"R-LIM-{number:02}" for number in range(1, 5)),
    *(f"R-ATT-{number:02}" for number in range(1, 3)),
    *(f"R-PRO-{number:02}" for number in range(1, 6)),
    *(f"R-TNC-{number:02}" for number in range(1, 5)),
    *(f"R-FSE-{number:02}" for number in (1, 2, 3, 10, 11, 12, 13, 14, 15)),
    *(f"ST-{number:02}" for number in (*range(1, 18), *range(20, 29), *range(40, 44))),
    *(f"AD-{number:02}" for number in range(1, 14)),
    *(f"R-ADI-{number:02}" for number in range(1, 27)),
]


def test_every_rule_of_the_rulebooks_first_sections_is_in_a_sheet() -> None:
    assert not sorted(set(RULEBOOK_CODES) - set(sheets().by_code))


def test_every_code_a_function_declares_is_in_a_sheet() -> None:
    assert questions.QUESTIONS
    assert not sorted(set(USES) - set(sheets().by_code))
    assert used_by("R-TIS-26") == ("durations.longest",)


def test_every_name_the_rules_ask_for_is_in_a_sheet() -> None:
    asked = set()
    for path in NORMS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)):
                continue
            if ast.unparse(node.value) == "numbers" or ast.unparse(node.value).startswith("in_force"):
                asked.add(str(node.slice.value))
    assert len(asked) > 80
    assert not sorted(asked - set(sheets().by_name))


def test_the_guards_of_the_states_are_rules() -> None:
    guards = {
        code for machine in MACHINES.values() for ways in machine.table.values() for way in ways for code in way.guards
    }
    assert not sorted(guards - set(sheets().by_code))


def test_the_norms_import_neither_the_framework_nor_the_clock() -> None:
    for path in NORMS.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "import django" not in text
        assert "from django" not in text
        assert "date.today(" not in text
        assert "datetime.now(" not in text


BROKEN = """
regime: prova
title: {it: Prova, en: Test}
parameters:
- code: R-X-01
  name: NotAName
  unit: stars
  description: {it: solo italiano}
  colour: red
  values:
  - {from: 2026-01-01, value: 1, grade: SURE, source: somewhere}
  - {from: soon, value: 1, grade: VERIFIED, source: somewhere}
  - {from: 2025-01-01, value: null, grade: VERIFIED, source: somewhere}
- code: R-X-02
  name: x.y
  unit: days
  description: {it: a, en: b}
  stricter: bigger
  values: []
- code: R-X-03
  name: x.y
  unit: days
  description: {it: a, en: b}
  overrides: z.z
  values: [{from: 2025-01-01, value: 1, grade: VERIFIED, source: nowhere}]
"""


def test_a_broken_sheet_says_everything_at_once(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("somewhere: {title: T, link: L}\n", encoding="utf-8")
    (tmp_path / "prova.yaml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "rotto.yaml").write_text("regime: [", encoding="utf-8")
    with pytest.raises(SheetErrors) as caught:
        load(tmp_path)
    said = str(caught.value)
    for part in (
        "prova.yaml, R-X-01, name:",
        "R-X-01, unit: 'stars' is not a unit",
        "R-X-01, description: write it in Italian and in English",
        "R-X-01, colour: unknown field",
        "R-X-01, grade: 'SURE' is not one of",
        "R-X-01, from: 'soon' is not a day",
        "R-X-01, value: a value not found is UNVERIFIED",
        "R-X-02, stricter: 'bigger'",
        "R-X-02, values: the entry has no values",
        "R-X-03, name: x.y is already",
        "R-X-03, source: 'nowhere' is not in sources.yaml",
        "R-X-03, overrides: no entry is named z.z",
        "rotto.yaml, sheet, riga",
    ):
        assert part in said, part


def test_the_generated_pages_are_up_to_date() -> None:
    docs = NORMS.parent.parent / "docs"
    for name, page in pages.PAGES.items():
        assert (docs / name).read_text(encoding="utf-8") == page(), (
            f"docs/{name} is stale: run python -m accanto.norms docs docs"
        )


def test_the_norms_page_has_every_parameter_with_its_users_and_cases() -> None:
    rows = list(pages.entries())
    assert len(rows) == len(sheets().by_name)
    row = next(row for row in rows if row.parameter.name == "tis.max_months")
    assert row.used_by == ("durations.longest",)
    assert "Venticinquesimo mese senza attestazione" in row.cases


def test_findings_sort_and_travel() -> None:
    def made(severity: Severity, code: str) -> Finding:
        return Finding(code=code, severity=severity, sentence=Text("à", "a"), source="s", grade=Grade.DESIGN)

    found = [
        made(Severity.PASS, "A"),
        made(Severity.BLOCK, "B"),
        made(Severity.CAUTION, "C"),
        made(Severity.BLOCK, "B"),
    ]
    assert [finding.code for finding in ordered(found)] == ["B", "C", "A"]
    assert blocks(found)
    assert '"it": "à"' in as_json(found)


def test_an_outsider_does_not_learn_why_a_leave_is_needed() -> None:
    value = parameter("tis.magistrate_approval_required", DAY)
    found = [
        value.finding(Severity.BLOCK, Text("motivo", "reason"), secondary_blocks=True),
        value.finding(Severity.PASS, Text("motivo", "reason")),
    ]
    shown = for_outsiders(found)
    assert [finding.severity for finding in shown] == [Severity.BLOCK]
    assert "R-CAR" not in as_json(shown)
    assert "354" not in as_json(shown)
    assert "motivo" not in as_json(shown)


def test_words_in_both_languages() -> None:
    text = Text("{sum} entro il {day}, {hours} ore", "{sum} by {day}, {hours} hours").filled(
        sum=Euro(Decimal("1234.5")), day=DAY, hours=Decimal("2.50")
    )
    assert text.it == "1.234,50 € entro il 01/03/2026, 2,5 ore"
    assert text.en == "€1,234.50 by 01/03/2026, 2.5 hours"
    assert text.in_language("en-gb") == text.en
    assert str(text) == text.it
