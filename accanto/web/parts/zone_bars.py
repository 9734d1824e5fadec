"""A bar for each zone, with a mark where it was the year before: all on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accanto.web.parts.drawing import (
    BAR,
    BAR_PALE,
    SOFT,
    TARGET,
    Formatter,
    Number,
    key_of,
    rect,
    svg,
    synthetic_mark,
    text,
)


@dataclass(frozen=True)
class ZoneBar:
    label: str
    value: Number
    before: Number | None = None


def zone_bars(
    *, bars: Sequence[ZoneBar], title: str, before: str = "", show: Formatter, synthetic: bool = False
) -> SafeString:
    """`before` names what the marks are (a year); without it none is drawn."""
    width, row, y = 420, 34, 4
    top = max((float(n) for bar in bars for n in (bar.value, bar.before or 0)), default=0) or 1
    body = []
    for bar in bars:
        body.append(text(0, y + 11, bar.label, size=12))
        body.append(text(width, y + 11, show(bar.value), size=12, anchor="end", bold=True))
        body.append(rect(0, y + 16, width, 10, BAR_PALE))
        body.append(rect(0, y + 16, width * float(bar.value) / top, 10, BAR))
        if bar.before is not None:
            body.append(rect(min(width * float(bar.before) / top, width - 2) - 1.5, y + 13, 3, 16, TARGET))
        y += row
    height = y + 18
    if before:
        body.append(rect(0, height - 14, 3, 12, TARGET))
        body.append(text(8, height - 4, before, size=11, fill=SOFT))
    if synthetic:
        body.append(synthetic_mark(width, height - 4, 11))
    told = "; ".join(f"{bar.label}: {show(bar.value)}" for bar in bars)
    if before:
        told += ". " + _("Il segno rosso è %(before)s.") % {"before": before}
    return svg(
        key=key_of("zones", title, bars),
        box=f"0 0 {width} {height}",
        title=title,
        description=told,
        body=body,
        kind="bars",
    )
