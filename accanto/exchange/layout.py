"""A layout read from `mapping/`: the columns of a file, their order and fields, and how sure we are of it."""

import csv
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from accanto.norms.exact_yaml import read_yaml

FOLDER = Path(__file__).parent / "mapping"
# `official`: read in the layout of who receives; `reconstructed`: made from the rules, no layout was read
STATUSES = ("official", "reconstructed")


class LayoutError(ValueError):
    """A layout is wrong; the sentence names the file and the field."""


@dataclass(frozen=True)
class Column:
    head: str
    field: str
    key: bool = False  # one of those that say which row it is


@dataclass(frozen=True)
class Layout:
    name: str
    version: str
    status: str
    title: dict
    rules: tuple[str, ...]
    constants: dict
    files: dict[str, tuple[Column, ...]]

    def __str__(self):
        return f"{self.name} {self.version} ({self.status})"

    def written(self, name, rows) -> bytes:
        """The bytes of one of its files (CSV, UTF-8): the same rows make the same bytes."""
        columns, text = self.files[name], io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([column.head for column in columns])
        for row in rows:
            said = self.constants | row
            writer.writerow([inert(str(said[column.field])) for column in columns])
        return text.getvalue().encode("utf-8")


def inert(cell):
    """What a spreadsheet would run is told as text."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


@cache
def layout(name) -> Layout:
    """A layout by its name. Raises LayoutError where it is not whole."""
    said = read_yaml(FOLDER / f"{name}.yaml")
    try:
        if said["status"] not in STATUSES or said["name"] != name:
            raise LayoutError(f"{name}.yaml: the name is the file's, the status one of {', '.join(STATUSES)}.")
        files = {file["name"]: tuple(Column(**column) for column in file["columns"]) for file in said["files"]}
        return Layout(
            name, str(said["version"]), said["status"], said["title"], tuple(said["rules"]), said["constants"], files
        )
    except (KeyError, TypeError) as error:
        raise LayoutError(f"{name}.yaml: {error}.") from error


@dataclass(frozen=True)
class Change:
    """A row that is not as it was: `before` and `after` are its values, None where the row was not, or is no more."""

    key: tuple[str, ...]
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None


def changes(columns, before, after) -> list[Change]:
    """What differs between two files of one layout, by the key of their rows; of a file that was not there, all."""
    old, new = _by_key(columns, before), _by_key(columns, after)
    found = [Change(key, old.get(key), new.get(key)) for key in {**old, **new}]
    return sorted((one for one in found if one.before != one.after), key=lambda one: one.key)


def _by_key(columns, content):
    rows = csv.DictReader(io.StringIO(bytes(content or b"").decode("utf-8")))
    keys = [column.head for column in columns if column.key]
    values = [column.head for column in columns if not column.key]
    return {tuple(row.get(one) or "" for one in keys): tuple(row.get(one) or "" for one in values) for row in rows}
