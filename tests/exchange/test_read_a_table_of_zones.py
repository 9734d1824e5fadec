"""The officer pastes or sends a base, a zone and a quantity a row: all that is wrong is told by row."""

import io
from decimal import Decimal

import pytest

from accanto.exchange import workbook, zone_table
from accanto.exchange.record_batch import Refused

ZONES = {1: "Mugello", 2: "Val di Nievole", 3: "Alta Val di Cecina - Val d'Era"}


@pytest.mark.parametrize(
    "text",
    [
        "Zona\tNuclei\nMugello\t1.234\nval di nievole\t10,5\nALTA VAL DI CECINA VAL D’ERA\t7",
        "Mugello;1234\n\nVal di Nievole;10,50\nAlta Val di Cecina - Val d'Era;7",
        "Mugello 1234\nVal di Nievole 10,5\nAlta Val di Cecina - Val d'Era, 7",
        '"Mugello";"1.234,00"\nVal di Nievole; 10,5 \nAlta Val di Cecina - Val d\'Era;7;',
    ],
)
def test_a_table_is_read_however_it_is_pasted(text):
    read = zone_table.read(text, zones=ZONES)
    assert read.errors == []
    assert read.quantities == {1: Decimal(1234), 2: Decimal("10.5"), 3: Decimal(7)}


def test_everything_that_is_wrong_is_told_by_row():
    text = "Zona;Nuclei\nMugelo;5\nMugello;molti\nMugello;3\nVal di Nievole;-2\nVal di Nievole\nA;1;2"
    read = zone_table.read(text, zones=ZONES)
    assert [(error.line, error.sentence, error.way_out) for error in read.errors][:2] == [
        (2, "«Mugelo» non è una zona-distretto.", "Forse «Mugello»?"),
        (3, "«molti» non è un numero.", "Scrivi per esempio 1.234 o 1234,5."),
    ]
    assert [error.line for error in read.errors] == [2, 3, 4, 5, 6, 7]


def a_file(rows):
    head, *rest = rows
    return io.BytesIO(workbook.written([workbook.Sheet(name="Base", head=head, rows=rest)]))


def test_a_spreadsheet_is_read_as_it_would_be_pasted():
    text = zone_table.text_of(a_file([["Zona", "Nuclei"], ["Mugello", "1234.125"], ["Val di Nievole", "10"]]))
    assert zone_table.read(text, zones=ZONES).quantities == {1: Decimal("1234.125"), 2: Decimal(10)}
    text = zone_table.text_of(io.BytesIO(b"Mugello;1.234\n\nMugelo;5\n"))
    read = zone_table.read(text, zones=ZONES)
    assert read.quantities == {1: Decimal(1234)}
    assert [error.line for error in read.errors] == [3]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 x", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_table_is_refused(content):
    with pytest.raises(Refused):
        zone_table.text_of(io.BytesIO(content))
