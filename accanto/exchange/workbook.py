"""Writes a spreadsheet (XLSX): sheets of text cells, with widths, a frozen head and closed lists to choose from.

Every cell is text and none a formula, whatever it begins with: what somebody typed cannot run where it is opened."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

# what XML 1.0 cannot hold
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>{sheets}</Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><styleSheet xmlns="{MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE6ECF2"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="49" applyNumberFormat="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="1" fillId="2" applyFont="1" applyFill="1" applyNumberFormat="1">'
    '<alignment vertical="top" wrapText="1"/></xf><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


@dataclass
class Sheet:
    """`head` and `rows` are texts; `lists` says of a column (from 0) the texts it may hold; `widths` are in letters."""

    name: str
    head: list
    rows: list = field(default_factory=list)
    widths: list = field(default_factory=list)
    lists: dict = field(default_factory=dict)


def part_of(name):
    """Each part with the same day: the same sheets make the same bytes, whenever they are written."""
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def keep(archive, name, text):
    archive.writestr(part_of(name), text)


def written(sheets) -> bytes:
    """The bytes of the file. The closed lists go to a sheet of their own, after the others."""
    sheets = list(sheets)
    columns = [(sheet, column, texts) for sheet in sheets for column, texts in sheet.lists.items()]
    if columns:
        tallest = max(len(texts) for *_rest, texts in columns)
        rows = [[texts[n] if n < len(texts) else "" for *_rest, texts in columns] for n in range(tallest)]
        sheets.append(Sheet(name="Elenchi", head=[sheet.head[n] for sheet, n, _texts in columns], rows=rows))
    places = {
        (id(sheet), column): f"Elenchi!${letters(n)}$2:${letters(n)}${len(texts) + 1}"
        for n, (sheet, column, texts) in enumerate(columns)
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        keep(archive, "[Content_Types].xml", TYPES.format(sheets=kinds))
        keep(
            archive,
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        names = "".join(
            f'<sheet name="{escape(sheet.name[:31])}" sheetId="{n}" r:id="r{n}"/>' for n, sheet in enumerate(sheets, 1)
        )
        keep(
            archive,
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        )
        links = "".join(
            f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        links += f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>'
        keep(archive, "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>')
        keep(archive, "xl/styles.xml", STYLES)
        for n, sheet in enumerate(sheets, 1):
            with archive.open(part_of(f"xl/worksheets/sheet{n}.xml"), "w") as part:
                for piece in xml_of(sheet, places):
                    part.write(piece.encode())
    return file.getvalue()


def xml_of(sheet, places):
    yield f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    if sheet.widths:
        yield "<cols>"
        for n, width in enumerate(sheet.widths, 1):
            yield f'<col min="{n}" max="{n}" width="{width}" style="2" customWidth="1"/>'
        yield "</cols>"
    yield "<sheetData>"
    for n, row in enumerate([sheet.head, *sheet.rows], 1):
        style = 1 if n == 1 else 0
        yield (
            f'<row r="{n}">'
            + "".join(
                f'<c r="{letters(place)}{n}" t="inlineStr" s="{style}"><is>'
                f'<t xml:space="preserve">{plain(cell)}</t></is></c>'
                for place, cell in enumerate(row)
                if cell not in ("", None)
            )
            + "</row>"
        )
    yield "</sheetData>"
    if sheet.lists:
        yield f'<dataValidations count="{len(sheet.lists)}">'
        for column in sheet.lists:
            letter = letters(column)
            yield (
                f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="{letter}2:{letter}20000">'
                f"<formula1>{places[id(sheet), column]}</formula1></dataValidation>"
            )
        yield "</dataValidations>"
    yield "</worksheet>"


def plain(cell):
    return escape(FORBIDDEN.sub("\ufffd", str(cell))[:32_000])


def letters(n):
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    n += 1
    while n:
        n, rest = divmod(n - 1, 26)
        name = chr(65 + rest) + name
    return name
