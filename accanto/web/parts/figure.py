"""A key figure: its value, the day it is of, its target, its trend, and the two doors behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accanto.web.parts import charts
from accanto.web.parts.table import KINDS


@dataclass(frozen=True)
class Figure:
    label: str
    value: Any
    day: date | None = None
    kind: str = "number"
    unit: str = ""
    target: Any = None
    target_day: date | None = None
    trend: Sequence[tuple[date, float | int | Decimal]] = ()
    definition_url: str = ""
    drill_url: str = ""
    drill_label: str = ""
    note: str = ""
    suppressed: bool = False
    synthetic: bool = False
    id: str = ""  # of the value, where something outside must find it

    def shown(self) -> str:
        return KINDS[self.kind](None if self.suppressed else self.value)

    def shown_target(self) -> str:
        return KINDS[self.kind](self.target)

    def sparkline(self) -> SafeString | str:
        if len(self.trend) < 2 or self.suppressed:
            return ""
        return charts.spark(points=self.trend, title=_("Andamento di %(label)s") % {"label": self.label})
