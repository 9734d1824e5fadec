"""Tables given as data: columns, cells, and where the next page begins."""

from dataclasses import dataclass, field
from typing import Any

from accanto.web.parts import numbers

KINDS = {
    "text": str,
    "number": numbers.number,
    "euro": numbers.euro,
    "percent": numbers.percent,
    "ratio": numbers.ratio,
    "day": numbers.day,
}
FIGURES = {"number", "euro", "percent", "ratio"}


@dataclass(frozen=True)
class Column:
    label: str
    kind: str = "text"
    sort_url: str = ""
    sorted: str = ""  # "ascending" or "descending" when the rows are in the order of this column

    @property
    def is_figure(self) -> bool:
        return self.kind in FIGURES


@dataclass(frozen=True)
class Cell:
    value: Any
    url: str = ""
    note: str = ""
    suppressed: bool = False


@dataclass(frozen=True)
class Shown:
    label: str  # of its column, which a card writes beside it
    text: str
    url: str
    note: str
    suppressed: bool
    is_figure: bool


@dataclass(frozen=True)
class Table:
    """`rows` are lists of plain values or `Cell`s; the first cell of a row is its heading."""

    caption: str
    columns: list[Column]
    rows: list[list[Any]]
    note: str = ""
    synthetic: bool = False
    total: list[Any] = field(default_factory=list)

    def shown(self) -> list[list[Shown]]:
        return [self._row(row) for row in self.rows]

    def shown_total(self) -> list[Shown]:
        return self._row(self.total)

    def _row(self, row: list[Any]) -> list[Shown]:
        shown = []
        for column, value in zip(self.columns, row, strict=False):
            cell = value if isinstance(value, Cell) else Cell(value)
            if cell.suppressed or cell.value is None:
                text = numbers.NOTHING
            elif isinstance(cell.value, str):
                text = cell.value
            else:
                text = KINDS[column.kind](cell.value)
            shown.append(Shown(column.label, text, cell.url, cell.note, cell.suppressed, column.is_figure))
        return shown

    @property
    def has_suppressed(self) -> bool:
        return any(isinstance(cell, Cell) and cell.suppressed for row in [*self.rows, self.total] for cell in row)
