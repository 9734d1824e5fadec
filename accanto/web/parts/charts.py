"""Pictures drawn as SVG on the server: bars against targets, lines, small multiples, and the map of the zones.

Pure functions: data in, a string out, in the language of the page. Every picture carries a title, a description and,
where it must, the word that its data are synthetic; none says anything by colour alone; each is shown with its table
(`{% chart_with_table svg table %}`).
"""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accanto.web.parts.drawing import (
    BAR,
    BAR_PALE,
    LINE,
    SOFT,
    TARGET,
    Formatter,
    Number,
    key_of,
    rect,
    rounded,
    svg,
    synthetic_mark,
    text,
)
from accanto.web.parts.numbers import NOTHING, day, number
from accanto.web.parts.zone_map import Shape, ZoneValue, choropleth, class_of, quantile_breaks

__all__ = [
    "Bar",
    "Shape",
    "ZoneValue",
    "choropleth",
    "class_of",
    "line",
    "quantile_breaks",
    "small_multiples",
    "spark",
    "target_bars",
]


@dataclass(frozen=True)
class Bar:
    label: str
    value: Number | None
    target: Number | None = None
    note: str = ""


LABEL_LETTERS = 44  # as many as leave room for the value beside them


def target_bars(
    *, bars: Sequence[Bar], title: str, description: str = "", unit: str = "", show: Formatter = number, synthetic=False
) -> SafeString:
    """A row for each bar against its target, on the scale of that target: what matters is how far there is to go."""
    width, row, y = 420, 50, 8
    track = width - 2
    body = []
    for bar in bars:
        ceiling = max(float(bar.value or 0), float(bar.target or 0)) or 1
        if bar.value is None:
            words = _("nessun dato")
        elif bar.target is None:
            words = show(bar.value)
        else:
            words = _("%(value)s su %(target)s") % {"value": show(bar.value), "target": show(bar.target)}
        *above, last = textwrap.wrap(bar.label, LABEL_LETTERS) or [""]
        for words_above in above:
            body.append(text(0, y + 12, words_above, size=13))
            y += 17
        body.append(text(0, y + 12, last, size=13))
        body.append(text(width, y + 12, words, size=13, anchor="end", bold=True))
        body.append(rect(1, y + 19, track, 14, BAR_PALE))
        if bar.value is not None:
            body.append(rect(1, y + 19, track * float(bar.value) / ceiling, 14, BAR))
        if bar.target is not None:
            at = 1 + track * float(bar.target) / ceiling
            body.append(rect(min(at, width - 2) - 1.5, y + 15, 3, 22, TARGET))
        if bar.note:
            body.append(text(0, y + 45, bar.note, size=11, fill=SOFT))
        y += row
    height = y + 18
    body.append(rect(0, height - 15, 3, 12, TARGET))
    body.append(text(8, height - 5, _("obiettivo"), size=11, fill=SOFT))
    if synthetic:
        body.append(synthetic_mark(width, height - 5, 11))
    told = description or "; ".join(
        f"{b.label}: {NOTHING if b.value is None else show(b.value)}"
        + (f" / {show(b.target)}" if b.target is not None else "")
        for b in bars
    )
    told = f"{told} {unit}".strip()
    return svg(
        key=key_of("bars", title, bars),
        box=f"0 0 {width} {height}",
        title=title,
        description=told,
        body=body,
        kind="bars",
    )


def _nice_ceiling(value: float) -> float:
    if value <= 0:
        return 1
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 4, 5, 8, 10) if value <= step * power)


def line(
    *,
    points: Sequence[tuple[date, Number]],
    title: str,
    description: str = "",
    unit: str = "",
    target: Number | None = None,
    show: Formatter = number,
    synthetic: bool = False,
) -> SafeString:
    """A value over time from zero, its last point labelled; a target is a dashed line with its word."""
    width, height, left, right, top, bottom = 420, 226, 44, 16, 36, 34
    if not points:
        body = [text(width / 2, height / 2, _("Nessun dato"), size=13, fill=SOFT, anchor="middle")]
        return svg(
            key=key_of("line", title),
            box=f"0 0 {width} {height}",
            title=title,
            description=_("Nessun dato"),
            body=body,
            kind="line",
        )
    ordered = sorted(points)
    first, last = ordered[0][0], ordered[-1][0]
    span = max((last - first).days, 1)
    ceiling = _nice_ceiling(max([float(v) for _d, v in ordered] + [float(target or 0)]))

    def at(when: date, value: Number) -> tuple[float, float]:
        x = left + (width - left - right) * (when - first).days / span
        return x, height - bottom - (height - top - bottom) * float(value) / ceiling

    body = []
    for share in (0, 0.5, 1):
        y = at(first, ceiling * share)[1]
        body.append(rect(left, y, width - left - right, 0.7, LINE))
        body.append(text(left - 6, y + 4, show(Decimal(str(ceiling * share))), size=11, fill=SOFT, anchor="end"))
    if target is not None:
        y = at(first, target)[1]
        body.append(
            f'<path d="M{left} {rounded(y)}H{width - right}" stroke="{TARGET}" stroke-width="2" '
            'stroke-dasharray="6 4" fill="none"/>'
        )
        words = _("obiettivo %(target)s") % {"target": show(target)}
        body.append(text(left + 4, y - 5 if y > top + 8 else y + 14, words, size=11, fill=TARGET, bold=True))
    path = "L".join(f"{rounded(x)} {rounded(y)}" for x, y in (at(when, value) for when, value in ordered))
    body.append(f'<path d="M{path}" stroke="{BAR}" stroke-width="2.5" fill="none" stroke-linejoin="round"/>')
    for when, value in ordered:
        x, y = at(when, value)
        body.append(
            format_html(
                '<circle cx="{}" cy="{}" r="3.2" fill="{}"><title>{}: {}</title></circle>',
                rounded(x),
                rounded(y),
                BAR,
                day(when),
                f"{show(value)} {unit}".strip(),
            )
        )
    x, y = at(*ordered[-1])
    falling = len(ordered) > 1 and at(*ordered[-2])[1] < y - 4 and y < height - bottom - 20
    body.append(text(x + 4, y + 18 if falling else y - 9, show(ordered[-1][1]), size=13, anchor="end", bold=True))
    body.append(text(left, height - 14, day(first), size=11, fill=SOFT))
    if len(ordered) > 1:
        body.append(text(width - right, height - 14, day(last), size=11, fill=SOFT, anchor="end"))
    if unit:
        body.append(text(0, 12, unit, size=11, fill=SOFT))
    if synthetic:
        body.append(synthetic_mark(width - right, 12, 11))
    told = description or _("Da %(first)s (%(first_day)s) a %(last)s (%(last_day)s) %(unit)s.") % {
        "first": show(ordered[0][1]),
        "first_day": day(first),
        "last": show(ordered[-1][1]),
        "last_day": day(last),
        "unit": unit,
    }
    return svg(
        key=key_of("line", title, ordered),
        box=f"0 0 {width} {height}",
        title=title,
        description=told,
        body=body,
        kind="line",
    )


def spark(*, points: Sequence[tuple[date, Number]], title: str, show: Formatter = number) -> SafeString:
    """A line as small as a word, without axes; its first and last values are in the description."""
    width, height, edge = 120, 28, 4
    ordered = sorted(points)
    if not ordered:
        return mark_safe("")
    values = [float(v) for _d, v in ordered]
    low, high = min(values), max(values)
    span = max((ordered[-1][0] - ordered[0][0]).days, 1)

    def at(when: date, value: float) -> tuple[float, float]:
        x = edge + (width - 2 * edge) * (when - ordered[0][0]).days / span
        share = (value - low) / (high - low) if high > low else 0.5
        return x, height - edge - (height - 2 * edge) * share

    spots = [at(when, float(value)) for when, value in ordered]
    path = "L".join(f"{rounded(x)} {rounded(y)}" for x, y in spots)
    body = [
        f'<path d="M{path}" stroke="{BAR}" stroke-width="2" fill="none" stroke-linejoin="round"/>',
        f'<circle cx="{rounded(spots[-1][0])}" cy="{rounded(spots[-1][1])}" r="3" fill="{BAR}"/>',
    ]
    told = _("Da %(first)s (%(first_day)s) a %(last)s (%(last_day)s).") % {
        "first": show(ordered[0][1]),
        "first_day": day(ordered[0][0]),
        "last": show(ordered[-1][1]),
        "last_day": day(ordered[-1][0]),
    }
    return svg(
        key=key_of("spark", title, ordered),
        box=f"0 0 {width} {height}",
        title=title,
        description=told,
        body=body,
        kind="spark",
    )


def small_multiples(
    *,
    panels: Sequence[tuple[str, Sequence[tuple[str, Number | None]]]],
    title: str,
    description: str = "",
    show: Formatter = number,
    columns: int = 2,
    synthetic: bool = False,
) -> SafeString:
    """The same bars for each of several groups, all on one scale so that groups can be compared."""
    width, gap, line_height, head = 420, 20, 22, 24
    panel_width = (width - gap * (columns - 1)) / columns
    ceiling = max((float(v) for _n, rows in panels for _l, v in rows if v is not None), default=0) or 1
    tallest = max((len(rows) for _n, rows in panels), default=0)
    panel_height = head + tallest * line_height + 14
    label_width, figure_width = panel_width * 0.42, 36
    body = []
    for position, (name, rows) in enumerate(panels):
        x = (position % columns) * (panel_width + gap)
        y = (position // columns) * panel_height
        body.append(text(x, y + 14, name, size=13, bold=True))
        for n, (label, value) in enumerate(rows):
            at = y + head + n * line_height
            body.append(text(x, at + 12, label, size=11))
            room = panel_width - label_width - figure_width
            length = 0 if value is None else room * float(value) / ceiling
            body.append(rect(x + label_width, at + 2, length, 13, BAR))
            words = NOTHING if value is None else show(value)
            body.append(text(x + label_width + length + 4, at + 12, words, size=11))
    height = math.ceil(len(panels) / columns) * panel_height + (16 if synthetic else 0)
    if synthetic:
        body.append(synthetic_mark(width, height - 4, 11))
    told = description or _("%(count)s gruppi sulla stessa scala, fino a %(top)s.") % {
        "count": len(panels),
        "top": show(Decimal(str(ceiling))),
    }
    return svg(
        key=key_of("multiples", title, panels),
        box=f"0 0 {width} {rounded(height)}",
        title=title,
        description=told,
        body=body,
        kind="multiples",
    )
