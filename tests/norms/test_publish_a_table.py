"""No hidden cell can be worked out: checked by listing every table that fits what is published."""

import itertools
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accanto.norms.disclosure import Published, suppress, suppress_breakdown, threshold

COUNTS = st.sampled_from([0, 0, 1, 2, 3, 4, 6])
TABLES = st.integers(1, 3).flatmap(
    lambda columns: st.lists(st.lists(COUNTS, min_size=columns, max_size=columns), min_size=1, max_size=3)
)


def fitting(published: Published, most: int) -> list[tuple[int, ...]]:
    """Every way to fill the hidden cells with whole numbers that gives the published totals."""
    hidden = [(r, c) for r, row in enumerate(published.cells) for c, cell in enumerate(row) if cell is None]
    # a reader who sees a zero knows that hidden cells are not zeros
    least = 1 if any(cell == 0 for row in published.cells for cell in row) else 0
    found = []
    for values in itertools.product(range(least, most + 1), repeat=len(hidden)):
        table = [list(row) for row in published.cells]
        for (row, column), value in zip(hidden, values, strict=True):
            table[row][column] = value
        sums = [sum(cell or 0 for cell in row) for row in table]
        columns = [sum(cell or 0 for cell in column) for column in zip(*table, strict=True)]
        if (
            all(shown in (None, got) for shown, got in zip(published.row_totals, sums, strict=True))
            and all(shown in (None, got) for shown, got in zip(published.column_totals, columns, strict=True))
            and published.total in (None, sum(sums))
        ):
            found.append(values)
    return found


@settings(max_examples=120, deadline=None)
@given(table=TABLES, margins=st.tuples(st.booleans(), st.booleans(), st.booleans()), zeros=st.booleans())
def test_no_hidden_cell_has_only_one_value(
    table: list[list[int]], margins: tuple[bool, bool, bool], zeros: bool
) -> None:
    rows, columns, total = margins
    published = suppress(table, zeros=zeros, row_totals=rows, column_totals=columns, total=total)
    hidden = sum(cell is None for row in published.cells for cell in row)
    if hidden > 5:
        return
    ways = fitting(published, 7)
    assert all(len({way[place] for way in ways}) > 1 for place in range(hidden))


@given(table=TABLES)
def test_small_cells_and_small_totals_never_show_and_what_shows_is_true(table: list[list[int]]) -> None:
    published = suppress(table, threshold=5)
    for row, shown in zip(table, published.cells, strict=True):
        assert all(cell in (None, count) for count, cell in zip(row, shown, strict=True))
        assert not [cell for cell in shown if cell is not None and 0 < cell < 5]
    assert not [one for one in (*published.row_totals, *published.column_totals) if one is not None and 0 < one < 5]


def test_a_table_without_small_cells_is_published_whole() -> None:
    published = suppress([[3, 10], [5, 0]])
    assert (published.cells, published.total, published.secondary) == (((3, 10), (5, 0)), 18, frozenset())


def test_one_small_cell_takes_a_rectangle_with_it() -> None:
    published = suppress([[1, 20, 30], [40, 50, 60], [70, 80, 90]])
    assert len(published.primary) == 1
    assert len(published.secondary) == 3
    assert published.total == 441


def row(counts: list[int], *, threshold: int = 3, total: bool = True) -> tuple[int | None, ...]:
    return suppress([counts], threshold=threshold, row_totals=total, column_totals=False, total=False).cells[0]


def test_two_ones_in_a_row_are_not_enough() -> None:
    assert row([1, 1, 9, 0]).count(None) == 3
    assert row([1, 1, 9, 0], total=False) == (None, None, 9, 0)


def test_the_hidden_cells_of_a_line_are_together_as_many_as_the_threshold() -> None:
    assert row([1, 2, 9, 12], threshold=5) == (None, None, None, 12)


@settings(max_examples=100, deadline=None)
@given(counts=st.lists(st.integers(0, 30), min_size=2, max_size=28))
def test_small_zones_are_never_published(counts: list[int]) -> None:
    assert all(shown is None for count, shown in zip(counts, row(counts), strict=True) if 0 < count < 3)


def test_a_sensitive_breakdown_with_a_single_group_is_hidden_with_its_empty_cells() -> None:
    """Four people, all of one area: the total may be known, the area may not."""
    published = suppress_breakdown([[4, 0], [0, 0]], threshold=5, hidden_rows=frozenset(), total_hidden=False)
    assert published.cells[0] == (None, None)
    assert published.column_totals[0] is None
    assert (published.row_totals, published.total) == ((4, 0), 4)


def test_a_total_hidden_elsewhere_stays_hidden() -> None:
    published = suppress_breakdown(
        [[2, 0], [4, 7], [9, 8]], threshold=3, hidden_rows=frozenset({0, 1}), total_hidden=False
    )
    assert published.row_totals == (None, None, 17)
    assert published.cells[0] == (None, 0)
    assert published.total == 30


@settings(max_examples=120, deadline=None)
@given(table=TABLES)
def test_no_cell_of_a_breakdown_follows_from_totals_already_published(table: list[list[int]]) -> None:
    before = suppress([[sum(counts) for counts in table]], column_totals=False, total=False)
    hidden_rows = frozenset(number for number, total in enumerate(before.cells[0]) if total is None)
    published = suppress_breakdown(
        table, threshold=3, hidden_rows=hidden_rows, total_hidden=before.row_totals[0] is None
    )
    assert published.row_totals == before.cells[0]
    hidden = sum(cell is None for one in published.cells for cell in one)
    if 0 < hidden <= 5 and any(cell == 0 for one in published.cells for cell in one):
        ways = fitting(published, 7)
        assert all(len({way[place] for way in ways}) > 1 for place in range(hidden))


def test_a_large_region_is_quick_and_safe() -> None:
    table = [[(zone * 7 + area * 3) % 11 for area in range(8)] for zone in range(28)]
    published = suppress(table, threshold=5)
    assert published.total == sum(map(sum, table))


def test_thresholds_and_bad_tables() -> None:
    assert threshold(sensitive=False, on=date(2026, 1, 1)) == 3
    assert threshold(sensitive=True, on=date(2026, 1, 1)) == 5
    with pytest.raises(ValueError, match="same length"):
        suppress([[1, 2], [3]])
    with pytest.raises(ValueError, match="not negative"):
        suppress([[-1]])
