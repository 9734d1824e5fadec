"""Reads a comma- or semicolon-separated file that somebody sends, and tells all that is wrong with it at once."""

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

LARGEST = 5 * 1024 * 1024  # bytes; the whole Tuscan extract is a twentieth of it
MOST_ROWS = 50_000
MOST_ERRORS = 500  # after so many the file is another file


@dataclass(frozen=True)
class RowError:
    """What is wrong, where, by which rule and how to mend it. Line 0 is the file as a whole."""

    line: int
    field: str
    sentence: str
    way_out: str


@dataclass
class Errors:
    found: list[RowError] = field(default_factory=list)

    def add(self, line, field, sentence, way_out):
        if len(self.found) < MOST_ERRORS:
            self.found.append(RowError(line, field, sentence, way_out))

    def __bool__(self):
        return bool(self.found)


@dataclass(frozen=True)
class Row:
    line: int
    cells: dict[str, str]

    def __getitem__(self, name):
        return self.cells[name]


def decode(content: bytes, errors: Errors) -> str | None:
    """The text of a file, or None and the reason in `errors`."""
    if len(content) > LARGEST:
        errors.add(0, "", _("Il file supera i 5 MB."), _("Togli le righe di altre regioni e rimandalo."))
    elif not content.strip():
        errors.add(0, "", _("Il file è vuoto."), _("Scegli il file dell’estratto e rimandalo."))
    elif content[:4] == b"PK\x03\x04" or content[:4] == b"\xd0\xcf\x11\xe0":
        errors.add(
            0,
            "",
            _("È un foglio di calcolo o un archivio, non un file CSV."),
            _("Aprilo e salvalo come «CSV UTF-8 delimitato da virgole»."),
        )
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            errors.add(
                content[: error.start].count(b"\n") + 1,
                "",
                _("Qui c’è un carattere che non è in UTF-8: le lettere accentate andrebbero perse."),
                _("Salva di nuovo il file con la codifica UTF-8."),
            )
    return None


def rows(text: str, errors: Errors) -> tuple[list[str], list[Row]]:
    """The names of the columns and the sound rows. A row of the wrong length is an error of its own."""
    first_line = text.split("\n", 1)[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found, line = [], 1
    try:
        header = [name.strip() for name in next(reader, [])]
        for name in sorted({name for name in header if header.count(name) > 1}):
            errors.add(1, name, _("La colonna c’è più di una volta."), _("Togline una."))
        line = reader.line_num + 1
        for cells in reader:
            if len(found) >= MOST_ROWS:
                errors.add(line, "", _("Il file ha troppe righe."), _("Togli le righe di altre regioni e rimandalo."))
                break
            if any("\x00" in cell for cell in cells):
                errors.add(
                    line,
                    "",
                    _("La riga contiene caratteri nulli."),
                    _("Salva di nuovo il file dal programma d’origine."),
                )
            elif cells and len(cells) != len(header):
                errors.add(
                    line,
                    "",
                    _("La riga ha %(found)s campi invece di %(expected)s.")
                    % {"found": len(cells), "expected": len(header)},
                    _("Un testo che contiene il separatore va chiuso fra virgolette."),
                )
            elif cells:
                found.append(Row(line, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}))
            line = reader.line_num + 1
    except csv.Error:
        errors.add(
            line,
            "",
            _("Da questa riga le virgolette non si chiudono o un campo è troppo lungo."),
            _("Chiudi le virgolette, e raddoppia quelle dentro il testo."),
        )
        return header if "header" in locals() else [], found
    return header, found


def require(header: list[str], wanted: Collection[str], errors: Errors) -> bool:
    missing = [name for name in wanted if name not in header]
    for name in missing:
        errors.add(
            1, name, _("La colonna manca."), _("Usa il file con tutte le colonne dell’estratto, senza rinominarle.")
        )
    return not missing
