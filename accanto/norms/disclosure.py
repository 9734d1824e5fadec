"""Tables that tell no one apart: small cells out, and others, so that totals do not give them back. DI-01 to DI-06.

A table with its margins is seen as one signed grid in which every row and column sums to zero, so totals are cells like
the others. A hidden cell is safe when another whole-number table with the same published cells gives it another value;
two tables differ by cycles, so one walk through the hidden cells decides it exactly. The hidden cells of a line whose
total is published are never fewer people, taken together, than the threshold: their sum would be a small cell itself.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from accanto.norms.findings import Finding, Severity
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Euro, Text

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The table to publish: None is a hidden cell. Totals are None too where hidden, or where the table has none."""

    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None
    primary: frozenset[Cell]
    secondary: frozenset[Cell]
    threshold: int


@rule("DI-01", "DI-02")
def threshold(*, sensitive: bool, on: date) -> int:
    """Least count of a published cell: 3, or 5 for special categories, minors, prison, homelessness, small towns."""
    return in_force(on)["disclosure.threshold_sensitive" if sensitive else "disclosure.threshold"].integer()


@rule("DI-01", "DI-02", "DI-04", "DI-06")
def suppress(
    table: Sequence[Sequence[int]],
    *,
    threshold: int = 3,
    zeros: bool = True,
    row_totals: bool = True,
    column_totals: bool = True,
    total: bool = True,
) -> Published:
    """The same table with counts from 1 to threshold - 1 hidden, and others so that no hidden cell can be worked out.

    `zeros` says whether zeros are published. The flags say which margins the publication shows; they are hidden too
    where they are small or would give a cell away. Raises ValueError for a ragged or negative table.
    """
    return _suppress(tuple(map(tuple, table)), threshold, zeros, (row_totals, column_totals, total))


@rule("DI-01", "DI-02", "DI-04", "DI-06")
def suppress_breakdown(
    table: Sequence[Sequence[int]], *, threshold: int, hidden_rows: frozenset[int], total_hidden: bool
) -> Published:
    """A table whose row totals and grand total were published before, all but those of `hidden_rows` and, where
    `total_hidden`, the grand one: they stay as they are, so that two tables cannot be played one against the other."""
    totals = {(row, len(table[0])): row in hidden_rows for row in range(len(table))}
    totals[len(table), len(table[0])] = total_hidden
    fixed = frozenset(cell for cell, hidden in totals.items() if not hidden)
    return _suppress(tuple(map(tuple, table)), threshold, True, (True, True, True), fixed, frozenset(totals) - fixed)


@lru_cache(maxsize=256)
def _suppress(
    table: tuple[tuple[int, ...], ...],
    threshold: int,
    zeros: bool,
    margins: tuple[bool, bool, bool],
    fixed: frozenset[Cell] = frozenset(),
    already: frozenset[Cell] = frozenset(),
) -> Published:
    grid = _Grid(table, zeros=zeros, threshold=threshold, margins=margins, fixed=fixed, already=already)
    primary = frozenset(grid.hidden)
    grid.protect()
    return grid.published(primary)


class _Grid:
    """Rows and columns as nodes, cells as edges; the last row and column hold the totals with their sign turned.

    `fixed` cells are published elsewhere and cannot be hidden here; `already` are hidden elsewhere.
    """

    def __init__(
        self,
        table: tuple[tuple[int, ...], ...],
        *,
        zeros: bool,
        threshold: int,
        margins: tuple[bool, bool, bool],
        fixed: frozenset[Cell],
        already: frozenset[Cell],
    ) -> None:
        if not table or not table[0] or any(len(row) != len(table[0]) for row in table):
            raise ValueError("A table has at least one cell, and rows of the same length.")
        if any(count < 0 for row in table for count in row):
            raise ValueError("Counts are not negative.")
        self.rows, self.columns = len(table), len(table[0])
        self.zeros, self.threshold = zeros, threshold
        self.counts: dict[Cell, int] = {
            (row, column): table[row][column] for row in range(self.rows) for column in range(self.columns)
        }
        for row in range(self.rows):
            self.counts[row, self.columns] = sum(table[row])
        for column in range(self.columns):
            self.counts[self.rows, column] = sum(table[row][column] for row in range(self.rows))
        self.counts[self.rows, self.columns] = sum(map(sum, table))
        self.absent = {cell for cell in self.counts if self._is_margin(cell) and not self._shown(cell, margins)}
        self.fixed = fixed
        self.hidden = {
            cell
            for cell, count in self.counts.items()
            if cell in already or (cell not in self.absent | fixed and self._small(count))
        }

    def _is_margin(self, cell: Cell) -> bool:
        return cell[0] == self.rows or cell[1] == self.columns

    def _shown(self, cell: Cell, margins: tuple[bool, bool, bool]) -> bool:
        if cell == (self.rows, self.columns):
            return margins[2]
        return margins[0] if cell[1] == self.columns else margins[1]

    def _small(self, count: int) -> bool:
        return 0 < count < self.threshold or (count == 0 and not self.zeros)

    def _sign(self, cell: Cell) -> int:
        return -1 if (cell[0] == self.rows) != (cell[1] == self.columns) else 1

    def _may_fall(self, cell: Cell) -> bool:
        """Whether the signed value may be one less. A reader knows that published zeros are never hidden."""
        least = 1 if self.zeros and cell in self.hidden else 0
        return self._sign(cell) < 0 or self.counts[cell] > least

    def _may_rise(self, cell: Cell) -> bool:
        least = 1 if self.zeros and cell in self.hidden else 0
        return self._sign(cell) > 0 or self.counts[cell] > least

    def _price(self, cell: Cell) -> int:
        if cell in self.hidden or cell in self.absent:
            return 0
        dear = self.counts[self.rows, self.columns] + 1
        return (1 + self.counts[cell]) + (dear if self._is_margin(cell) else 0)

    def _moves(self, cell: Cell) -> bool:
        """Zeros that are published stay published: hiding one would say that a hidden cell may be zero."""
        return not (self.zeros and self.counts[cell] == 0 and cell not in self.absent)

    def _way(self, target: Cell, *, rising: bool, free_only: bool) -> tuple[int, list[Cell]] | None:
        """The cheapest cycle through a hidden cell that changes it by one, as cells to hide; None if there is none."""
        # a target that rises leaves its column one too many: the walk goes from there back to its row; else the reverse
        start, end = ("column", target[1]), ("row", target[0])
        if not rising:
            start, end = end, start
        best: dict[tuple[str, int], int] = {start: 0}
        came: dict[tuple[str, int], tuple[tuple[str, int], Cell]] = {}
        queue = [(0, start)]
        while queue:
            cost, node = heapq.heappop(queue)
            if cost > best[node]:
                continue
            if node == end:
                path: list[Cell] = []
                while node != start:
                    node, cell = came[node]
                    path.append(cell)
                return cost, path
            kind, index = node
            others = range((self.columns if kind == "row" else self.rows) + 1)
            for other in others:
                cell = (index, other) if kind == "row" else (other, index)
                if cell == target or not self._usable(cell, from_row=kind == "row", free_only=free_only):
                    continue
                following = ("column" if kind == "row" else "row", other)
                price = cost + self._price(cell)
                if price < best.get(following, price + 1):
                    best[following], came[following] = price, (node, cell)
                    heapq.heappush(queue, (price, following))
        return None

    def _usable(self, cell: Cell, *, from_row: bool, free_only: bool) -> bool:
        if free_only and cell not in self.hidden and cell not in self.absent:
            return False
        if cell in self.fixed or not self._moves(cell):
            return False
        # a row that lacks one gains it in another cell, a column that has one too many loses it
        return self._may_rise_if_hidden(cell) if from_row else self._may_fall_if_hidden(cell)

    def _may_fall_if_hidden(self, cell: Cell) -> bool:
        least = 1 if self.zeros and cell not in self.absent else 0
        return self._sign(cell) < 0 or self.counts[cell] > least

    def _may_rise_if_hidden(self, cell: Cell) -> bool:
        least = 1 if self.zeros and cell not in self.absent else 0
        return self._sign(cell) > 0 or self.counts[cell] > least

    def safe(self, cell: Cell) -> bool:
        """Whether another table with the same published cells gives this hidden cell another value."""
        return (self._may_rise(cell) and self._way(cell, rising=True, free_only=True) is not None) or (
            self._may_fall(cell) and self._way(cell, rising=False, free_only=True) is not None
        )

    def protect(self) -> None:
        """Hides the cheapest further cells until all hidden cells are safe, then what a thin line asks, and again."""
        waiting = sorted(self.hidden)
        while waiting:
            # hiding more never makes a safe cell unsafe, so each is looked at once
            while waiting:
                cell = waiting.pop(0)
                while not self.safe(cell) and (further := self._further(cell)):
                    self.hidden |= further
                    waiting += sorted(further)
            waiting = self._thin_line()
            self.hidden |= set(waiting)

    def _further(self, cell: Cell) -> set[Cell]:
        """The cells to hide so that this one cannot be worked out; none where all that may be hidden is."""
        ways = [
            way
            for rising, able in ((True, self._may_rise(cell)), (False, self._may_fall(cell)))
            if able and (way := self._way(cell, rising=rising, free_only=False)) is not None
        ]
        if ways:
            return set(min(ways)[1]) - self.absent - self.hidden
        free = set(self.counts) - self.absent - self.fixed - self.hidden
        if self.zeros:
            # nothing can move without hiding zeros: say nothing of zeros in this table
            self.zeros = False
            return {one for one in free if self.counts[one] == 0} or free
        return free

    def _thin_line(self) -> list[Cell]:
        """A cell to hide too in a line whose hidden cells are together fewer people than the threshold."""
        rows = [[(row, column) for column in range(self.columns + 1)] for row in range(self.rows + 1)]
        columns = [[(row, column) for row in range(self.rows + 1)] for column in range(self.columns + 1)]
        for *parts, total in rows + columns:
            hidden = [cell for cell in parts if cell in self.hidden]
            if not hidden or total in self.hidden or self.absent & {*parts, total}:
                continue
            if sum(self.counts[cell] for cell in hidden) < self.threshold:
                others = [c for c in parts if c not in self.hidden and c not in self.fixed and self.counts[c]]
                if others:
                    return [min(others, key=lambda cell: (self.counts[cell], cell))]
        return []

    def published(self, primary: frozenset[Cell]) -> Published:
        def shown(cell: Cell) -> int | None:
            return None if cell in self.hidden or cell in self.absent else self.counts[cell]

        return Published(
            cells=tuple(tuple(shown((row, column)) for column in range(self.columns)) for row in range(self.rows)),
            row_totals=tuple(shown((row, self.columns)) for row in range(self.rows)),
            column_totals=tuple(shown((self.rows, column)) for column in range(self.columns)),
            total=shown((self.rows, self.columns)),
            primary=primary,
            secondary=frozenset(self.hidden) - primary,
            threshold=self.threshold,
        )


@rule("R-IND-08")
def grant_publication(*, yearly_total: Decimal, reveals_hardship: bool, on: date) -> tuple[str, Finding]:
    """How a grant to a person is published: `none`, `code` (never the name) or `name`. D.Lgs. 33/2013 art. 26."""
    value = in_force(on)["tis.publication_threshold"]
    if not value.known or yearly_total <= value.decimal():
        return "none", value.finding(
            Severity.PASS, Text("Nessuna pubblicazione.", "No publication."), field="yearly_total"
        )
    limit = Euro(value.decimal())
    if reveals_hardship:
        sentence = Text(
            "Sopra {limit} l'anno si pubblica l'atto con un codice, mai il nome.",
            "Above {limit} a year the act is published with a code, never the name.",
        )
        return "code", value.finding(Severity.CAUTION, sentence.filled(limit=limit), field="yearly_total")
    sentence = Text("Sopra {limit} l'anno si pubblica l'atto.", "Above {limit} a year the act is published.")
    return "name", value.finding(Severity.CAUTION, sentence.filled(limit=limit), field="yearly_total")
