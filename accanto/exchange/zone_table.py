"""A table of two columns, a zone and a quantity, pasted or sent as a file: all that is wrong with it is told by row."""

import re
import tempfile
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from django.utils.translation import gettext as _

from accanto.exchange.record_file import kind_of, spreadsheet
from accanto.exchange.sheet import RowError
from accanto.territory.municipality import search_key

LARGEST = 1024 * 1024  # bytes of a file of some tens of rows
MOST_ROWS = 500
MOST = Decimal(10) ** 12
THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+")


@dataclass(frozen=True)
class ZoneTable:
    """The quantities by number of zone, and what is wrong; rows with something wrong give no quantity."""

    quantities: dict[int, Decimal]
    errors: list[RowError]


def read(text, *, zones) -> ZoneTable:
    """Read what was pasted. `zones` are {number: name}; capitals, accents and signs of the names do not count."""
    known = {search_key(name): pk for pk, name in zones.items()}
    found: dict[int, Decimal] = {}
    seen: set[int] = set()
    begun = False
    errors = []

    def wrong(sentence, way_out):
        errors.append(RowError(at, "", sentence, way_out))

    rows = text.splitlines()
    for at, line in enumerate(rows[:MOST_ROWS], 1):  # noqa: B007 `wrong` names the row
        if not line.strip():
            continue
        cells = _cells(line)
        zone = known.get(search_key(cells[0]))
        names_of_columns = not begun and zone is None and not any(re.search(r"\d", cell) for cell in cells[1:])
        begun = True
        if names_of_columns:
            continue
        if len(cells) != 2:
            wrong(_("Servono due colonne: la zona e la quantità."), _("Scrivi per esempio: Mugello;1.234"))
            continue
        quantity = quantity_of(cells[1])
        if zone is None:
            near = get_close_matches(search_key(cells[0]), known, n=1, cutoff=0.5)
            way_out = _("Forse «%(zone)s»?") % {"zone": zones[known[near[0]]]} if near else _("Scrivi il nome intero.")
            wrong(_("«%(name)s» non è una zona-distretto.") % {"name": cells[0][:80]}, way_out)
        elif zone in seen:
            wrong(_("%(zone)s c’è già.") % {"zone": zones[zone]}, _("Tieni una riga sola per zona."))
        if quantity is None:
            wrong(_("«%(text)s» non è un numero.") % {"text": cells[1][:40]}, _("Scrivi per esempio 1.234 o 1234,5."))
        elif quantity < 0:
            wrong(_("Una quantità non è negativa."), _("Correggila dalla fonte."))
        elif zone is not None:
            found.setdefault(zone, quantity)
        if zone is not None:
            seen.add(zone)
    if len(rows) > MOST_ROWS:
        errors.append(RowError(MOST_ROWS, "", _("Le righe sono troppe."), _("Tieni una riga per zona.")))
    return ZoneTable(found, errors)


def _cells(line):
    for mark in "\t;|":
        if mark in line:
            return [cell.strip().strip('"') for cell in line.split(mark) if cell.strip()] or [""]
    split = re.fullmatch(r"\s*(.+?)[\s,]+(-?[\d.,’']+)\s*", line)
    return [split[1].strip('" '), split[2]] if split else [line.strip()]


def quantity_of(text):
    """1.234, 1234,5 and 1 234 as somebody here writes them; None where it is no number, or has too many decimals."""
    digits = re.sub(r"[\s\u00a0€'’]", "", text)
    if "," in digits and "." in digits:
        last = max(digits.rfind(","), digits.rfind("."))
        digits = re.sub(r"[.,]", "", digits[:last]) + "." + digits[last + 1 :]
    elif THOUSANDS.fullmatch(digits):
        digits = digits.replace(".", "")
    else:
        digits = digits.replace(",", ".")
    if not re.fullmatch(r"-?\d{1,13}(\.\d{1,4})?", digits):
        return None
    try:
        found = Decimal(digits)
    except InvalidOperation:
        return None
    return found if abs(found) <= MOST else None


def text_of(file) -> str:
    """What a file (CSV, XLSX, ODS) holds, as it would be pasted: its rows keep their numbers. Raises Refused."""
    with tempfile.TemporaryFile() as copy:
        copy.write(file.read(LARGEST))
        kind = kind_of(copy)
        copy.flush()
        copy.seek(0)
        rows = spreadsheet(copy, kind)
        head = next(rows)
        written = {}
        for line, cells in rows:
            if len(written) > MOST_ROWS:
                break
            written[line] = cells
    first = min(written, default=2) - 1
    written.setdefault(max(1, first), head["columns"])
    return "\n".join(_line(written.get(n, ()), kind) for n in range(1, max(written) + 1))


def _line(cells, kind):
    """A workbook's cell has its decimals after a point: here after the comma, so that none is taken for thousands."""
    if kind == "workbook":
        cells = [re.sub(r"^(-?\d+)\.(\d+)$", r"\1,\2", cell) for cell in cells]
    return "\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in cells)
