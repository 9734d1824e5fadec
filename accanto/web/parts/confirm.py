"""Asking again before an act that cannot be undone, as a page of its own.

`render(request, "confirm.html", {"confirm": Confirm(…)})`
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Confirm:
    title: str
    sentence: str
    url: str
    label: str
    cancel_url: str
    consequences: Sequence[str] = ()
    danger: bool = False
    form: Any = None
    crumbs: Sequence[tuple[str, str]] = ()  # label and address of the pages above this one

    @property
    def path(self):
        """What is above, and this page."""
        return [*self.crumbs, (self.title, "")]
