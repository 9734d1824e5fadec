"""The index of a person's file: a line for each part that has a page of its own, with the one thing worth knowing.

Each part says its line from the page of its noun: a function of this list, from the rows read with the file
(`file_parts.FILE`)."""

from collections.abc import Callable
from dataclasses import dataclass

# the pages in the order of the work: what one writes every day; what is under way; who stands around the person; who
# they are and what is kept closed; how one came here and goes. A page not named here comes last.
ORDER = (
    "diary", "reserved_note", "meeting", "document",
    "benefits", "measures", "assessment", "employability",
    "household", "representation", "advocacy", "privacy_notice",
    "limits", "health", "justice", "protected_address",
    "referral", "referral_wait", "duplicates", "records", "transfer", "follow_up",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """`text` is what is there now, or what to do first; `warn` when it needs somebody."""

    title: str
    text: str
    url: str
    warn: bool = False


# each: (acting, person, case or None, today, rows of the file) -> a Line, or None where the part is not for this role
# or this person
LINES: list[Callable[..., Line | None]] = []


def place(line):
    name = line.__module__.rpartition(".")[2]
    return ORDER.index(name) if name in ORDER else len(ORDER)


def lines(**asked):
    return [found for line in sorted(LINES, key=place) if (found := line(**asked)) is not None]
