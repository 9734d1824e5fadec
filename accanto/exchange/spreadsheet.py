"""Reads a spreadsheet in a process of its own, with bounds to its memory and time, and prints the rows as JSON lines.

A spreadsheet is a compressed archive that a stranger may have made: one of a few kilobytes can say that it holds a cell
in the last column of the last row, and whoever reads it then asks for gigabytes. What dies of it here is this process
and nobody else's. `python -I spreadsheet.py KIND < FILE`; it imports nothing of Accanto."""

import csv
import datetime as dt
import io
import json
import sys

MOST_ROWS = 120_000
MOST_COLUMNS = 80
LONGEST = 2_000  # characters of a cell
MEMORY = 700 * 1024 * 1024  # bytes of address space
SECONDS = 90  # of processor


class Unreadable(Exception):
    """A word that the caller knows: encrypted, broken, columns, rows, quotes, empty."""


def text_of(value):
    """A cell as somebody would have typed it: whole numbers without a point, days as year-month-day."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "sì" if value else "no"
    if isinstance(value, float):
        value = int(value) if value.is_integer() and abs(value) < 1e15 else value
    elif isinstance(value, dt.datetime):
        value = value.date() if value.time() == dt.time(0) else value
    return str(value).replace("\x00", "\ufffd").strip()[: LONGEST + 1]


def of_workbook(content):
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = next((sheet.name for sheet in book.sheets_metadata if "visible" in str(sheet.visible).lower()), None)
        sheet = book.get_sheet_by_name(name or book.sheet_names[0])
    except PasswordError:
        raise Unreadable("encrypted") from None
    except MemoryError:
        raise
    except Exception:
        raise Unreadable("broken") from None
    # rows above the first that is written come as empty ones: the numbers are those of the screen
    yield from enumerate(sheet.iter_rows(), 1)


def of_text(content):
    """(rows, notice): UTF-8, UTF-16 with its mark, or what old programs of this side of Europe wrote."""
    notice = ""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text, notice = content.decode("cp1252", errors="replace"), "cp1252"
    head = text[:20_000].split("\n", 1)[0]
    delimiter = max(";,\t|", key=head.count)
    csv.field_size_limit(200_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)

    def rows():
        line = 1
        try:
            for cells in reader:
                yield line, cells
                line = reader.line_num + 1
        except csv.Error:
            raise Unreadable(f"quotes {line}") from None

    return rows(), notice


def lines_of(rows):
    """The head, then [line, cells] for each row that is not empty."""
    head, count = None, 0
    for line, row in rows:
        cells = [text_of(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(f"columns {line}")
        if head is None:
            head = [cell[:120] for cell in cells]
            yield head
            continue
        count += 1
        if count > MOST_ROWS:
            raise Unreadable("rows")
        yield [line, cells]
    if not count:
        raise Unreadable("empty")


def main(kind):
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    content = sys.stdin.buffer.read()
    notice = ""
    try:
        if kind == "workbook":
            rows = of_workbook(content)
        else:
            rows, notice = of_text(content)
        for n, line in enumerate(lines_of(rows)):
            if n == 0:
                line = {"columns": line, "notice": notice}
            # no letter is written as it is: half a pair would not pass
            sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.write('{"end": true}\n')
    except Unreadable as reason:
        sys.stdout.write(json.dumps({"unreadable": str(reason)}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
