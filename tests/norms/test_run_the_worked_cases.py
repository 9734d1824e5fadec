"""The shipped cases as tests, and an office that brings its own file."""

import io
import zipfile
from pathlib import Path

import pytest

from accanto.norms import worked_cases
from accanto.norms.findings import Finding
from accanto.norms.sheet_file import sheets

SHIPPED = list(worked_cases.shipped())


@pytest.mark.parametrize("case", SHIPPED, ids=lambda case: case.where)
def test_a_shipped_case_is_as_expected(case: worked_cases.Case) -> None:
    assert worked_cases.run(case) == []


def test_every_code_a_case_expects_is_in_a_sheet() -> None:
    unknown = {code for case in SHIPPED for code in case.codes} - set(sheets().by_code)
    assert not unknown


def test_every_finding_names_a_code_of_a_sheet_and_a_source() -> None:
    found: list[Finding] = [finding for case in SHIPPED for finding in worked_cases.answer(case).findings]
    assert {finding.code for finding in found} <= set(sheets().by_code)
    assert all(finding.source and finding.sentence.it and finding.sentence.en for finding in found)
    assert not [f for f in found if "{" in f.sentence.it + f.sentence.en]


def checked(*paths: Path) -> tuple[int, str]:
    out = io.StringIO()
    return worked_cases.check(paths, out), out.getvalue()


def test_without_files_the_shipped_cases_run() -> None:
    code, report = checked()
    assert code == 0
    assert f"{len(SHIPPED)} casi: {len(SHIPPED)} come attesi, 0 diversi." in report


def test_a_case_that_differs_says_file_name_expected_and_found(tmp_path: Path) -> None:
    path = tmp_path / "ufficio.yaml"
    path.write_text(
        """
casi:
  - nome: Mese pagato troppo
    domanda: tirocinio.mese
    fatti: {mese: 2026-03-01, modo_indennita: a_ore, tariffa_oraria: 5, ore_fatte: 110}
    atteso: {importo: 550}
  - name: In English
    question: traineeship.start
    base: tirocinio_regolare
    on: 2026-01-14
    facts: {end: 2028-01-15}
    expected: {blocks: nothing}
""",
        encoding="utf-8",
    )
    code, report = checked(path)
    assert code == 1
    assert "ufficio.yaml, caso 1 «Mese pagato troppo»: importo: atteso 550, trovato 500.00" in report
    assert "caso 2 «In English»: R-TIS-26: «blocca» non atteso" in report
    assert "2 casi: 0 come attesi, 2 diversi." in report


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("casi: [", "il file non si legge"),
        ("[]", "il file non si legge"),
        ("casi: 3", "«casi» vuole un elenco"),
        ("casi: [3]", "caso 1: il caso vuole nome, domanda, fatti, atteso"),
        ("casi: [{nome: x}]", "manca «domanda»"),
        ("casi: [{domanda: tirocinio.mese, fatti: {}}]", "«atteso» non è vuoto"),
        ("casi: [{domanda: tirocinio.mese, attesi: {}}]", "non conosco «attesi»"),
        ("casi: [{domanda: tirocinio.mesi, atteso: {importo: 1}}]", "forse «tirocinio.mese»?"),
        ("casi: [{domanda: tirocinio.mese, base: manca, atteso: {importo: 1}}]", "non conosco la base «manca»"),
        (
            "casi: [{domanda: tirocinio.mese, fatti: {ore_fate: 3}, atteso: {importo: 1}}]",
            "non conosco il fatto «ore_fate»; forse «ore_fatte»?",
        ),
        (
            "casi: [{domanda: tirocinio.mese, fatti: {ore_fatte: molte, mese: ieri}, atteso: {importo: 1}}]",
            "«ore_fatte» è 'molte': scrivi un numero; «mese» è 'ieri': scrivi un giorno come 15/01/2026",
        ),
        (
            "casi: [{domanda: tirocinio.mese, fatti: {indennita_mensile: '1.500'}, atteso: {importo: 1}}]",
            "scrivi 1500 o 1500,00",
        ),
        ("casi: [{domanda: personale.contributo, fatti: {}, atteso: {importo: 1}}]", "manca il fatto «fte»"),
        ("casi: [{domanda: tirocinio.mese, fatti: {}, atteso: {somma: 1}}]", "«somma» non è un risultato"),
        (
            "casi: [{domanda: personale.contributo, fatti: {residenti: 0, tempo_pieno: 1}, atteso: {importo: 1}}]",
            "la regola non può rispondere",
        ),
        (
            "casi: [{domanda: tirocinio.avvio, fatti: {}, valori_locali: {a.b: 1}, atteso: {blocca: niente}}]",
            "nessun foglio ha il valore «a.b»",
        ),
        (
            "casi: [{domanda: tirocinio.avvio, avviso: boh, fatti: {}, atteso: {blocca: niente}}]",
            "non conosco l'avviso",
        ),
        ("casi: [{domanda: tirocinio.mese, domanda: x, atteso: {importo: 1}}]", "è scritto due volte"),
        (
            "casi: [{domanda: personale.contributo, fatti: {residenti: 9, tempo_pieno: 1}, atteso: {boh: 1}}]",
            "importo, leps_raggiunto, mancano_al_leps, obiettivo_raggiunto",
        ),
        ("casi:\n - nome: x\n   il: 2026-13-45", "riga 3: il file non si legge (non è YAML valido: «2026-13-45» non è"),
        ("casi: [{domanda: tirocinio.mese, fatti: {ore: .inf}}]", "«.inf» non è una data o un numero"),
        ("basi: [x]\ncasi: []", "«basi» vuole nomi e valori"),
        ("casi:\n - nome: x\n  domanda: [", "riga 3: il file non si legge (non è YAML valido"),
    ],
)
def test_a_broken_case_says_where_and_what(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "rotto.yaml"
    path.write_text(text, encoding="utf-8")
    code, report = checked(path)
    assert code == 1
    assert "rotto.yaml" in report
    assert sentence in report


def test_a_broken_row_does_not_hide_the_others(tmp_path: Path) -> None:
    path = tmp_path / "casi.csv"
    path.write_text(
        "nome;domanda;il;residenti;tempo_pieno;atteso: importo\n"
        "uno;personale.contributo;01/03/2026;130000;26;240000,00\n"
        ";;;;;\n"
        "due;personale.contributo;01/03/2026;molti;26;240000,00\n"
        "tre;personale.contributo;01/03/2026;130000;26;240000,00;in più\n",
        encoding="utf-8",
    )
    code, report = checked(path)
    assert code == 1
    assert "casi.csv, riga 4 «due»: «residenti» è 'molti': scrivi un numero" in report
    assert "casi.csv, riga 5: ha più celle dell'intestazione." in report
    assert "2 casi: 1 come attesi, 1 diversi; 1 non leggibili." in report


@pytest.mark.parametrize("name", ["manca.yaml", "foglio.xlsx", "nota.txt", "latino.csv"])
def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name != "manca.yaml":
        path.write_bytes(b"citt\xe0;x\n1;2\n")
    code, report = checked(path)
    assert code == 1
    assert report.startswith(f"{name}")


def test_the_same_cases_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "casi.xlsx"
    spreadsheet(
        path,
        [
            ["nome", "domanda", "base", "il", "inizio", "fine", "atteso: blocca", "atteso: in_regola"],
            ["ok", "tirocinio.avvio", "tirocinio_regolare", 46036.0, 46037.0, 46766.0, "niente", "R-TIS-26"],
            [
                "oltre",
                "tirocinio.avvio",
                "tirocinio_regolare",
                "14/01/2026",
                "15/01/2026",
                "15/01/2028",
                "R-TIS-26",
                "",
            ],
        ],
        dates="DEF",
    )
    code, report = checked(path)
    assert (code, report) == (0, "2 casi: 2 come attesi, 0 diversi.\n")


def spreadsheet(path: Path, rows: list[list[str | float]], *, dates: str) -> None:
    """The smallest XLSX: one sheet, inline strings, and the date format on the cells of the named columns."""
    cells = []
    for number, row in enumerate(rows, 1):
        line = ""
        for place, value in enumerate(row):
            column = chr(ord("A") + place)
            if isinstance(value, float):
                style = ' s="1"' if column in dates else ""
                line += f'<c r="{column}{number}"{style}><v>{value}</v></c>'
            else:
                line += f'<c r="{column}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
        cells.append(f'<row r="{number}">{line}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006"
    sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{sheet_type}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet_type}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{sheet_type}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" '
        f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>'
        '<sheet name="casi" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" '
        f'Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
        f'Type="{relation}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(cells)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + content)
