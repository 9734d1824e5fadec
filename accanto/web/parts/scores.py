"""Scores of a few domains as SVG: a radar to compare two versions, small panels to follow them in time.

Like the other pictures: pure functions, nothing by colour alone, always shown with their table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accanto.web.parts.drawing import (
    BAR,
    LINE,
    SOFT,
    TARGET,
    Number,
    key_of,
    rect,
    rounded,
    svg,
    synthetic_mark,
    text,
)
from accanto.web.parts.numbers import NOTHING, day, number


@dataclass(frozen=True)
class Version:
    """One shape of the radar: its name and a value for each axis, None where nothing was scored."""

    name: str
    values: Sequence[Number | None]


# the first is full and round, the second dashed and square: told apart without colour
STROKES = ((BAR, "", "circle"), (TARGET, ' stroke-dasharray="6 4"', "square"))


def radar(
    *,
    axes: Sequence[str],
    versions: Sequence[Version],
    top: int,
    title: str,
    description: str = "",
    synthetic: bool = False,
) -> SafeString:
    """One or two versions on the same axes, from the centre (0) to `top`. An axis without a value breaks the shape."""
    width, height, middle, reach = 420, 350, (210, 160), 108

    def spot(axis: int, share: float) -> tuple[float, float]:
        angle = 2 * math.pi * axis / len(axes) - math.pi / 2
        return middle[0] + reach * share * math.cos(angle), middle[1] + reach * share * math.sin(angle)

    body = []
    for ring in range(1, top + 1):
        body.append(
            f'<path d="{_closed([spot(n, ring / top) for n in range(len(axes))])}" stroke="{LINE}" fill="none"/>'
        )
        x, y = spot(0, ring / top)
        body.append(text(x + 3, y + 4, number(ring), size=9, fill=SOFT))
    for n, name in enumerate(axes):
        x, y = spot(n, 1)
        body.append(f'<path d="M{middle[0]} {middle[1]}L{rounded(x)} {rounded(y)}" stroke="{LINE}"/>')
        across = x - middle[0]
        anchor = "middle" if abs(across) < 10 else "start" if across > 0 else "end"
        lift = -8 if y < middle[1] - 10 else 16 if y > middle[1] + 10 else 4
        body.append(text(x + (6 if across > 10 else -6 if across < -10 else 0), y + lift, name, size=12, anchor=anchor))
    for version, (colour, dash, mark) in zip(versions[:2], STROKES, strict=False):
        body += _shape(version, spot, top, colour, dash, mark)
    for n, (version, (colour, dash, mark)) in enumerate(zip(versions[:2], STROKES, strict=False)):
        y = height - 34 + n * 18
        body.append(f'<path d="M4 {y}H34" stroke="{colour}" stroke-width="2.5"{dash}/>')
        body.append(_mark(19, y, colour, mark, version.name))
        body.append(text(42, y + 4, version.name, size=12))
    if synthetic:
        body.append(synthetic_mark(width, height - 4, 11))
    return svg(
        key=key_of("radar", title, axes, versions),
        box=f"0 0 {width} {height}",
        title=title,
        description=description or "; ".join(_told(version, axes) for version in versions[:2]),
        body=body,
        kind="radar",
    )


def _told(version: Version, axes: Sequence[str]) -> str:
    values = (NOTHING if value is None else number(value) for value in version.values)
    return f"{version.name}: " + ", ".join(f"{axis} {value}" for axis, value in zip(axes, values, strict=True))


def _closed(spots: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{rounded(x)} {rounded(y)}" for x, y in spots) + "Z"


def _shape(version, spot, top, colour, dash, mark) -> list[str]:
    known = [(n, float(value)) for n, value in enumerate(version.values) if value is not None]
    spots = {n: spot(n, value / top) for n, value in known}
    body = []
    count = len(version.values)
    if len(known) == count:
        body.append(
            f'<path d="{_closed(list(spots.values()))}" stroke="{colour}" stroke-width="2.5"{dash} '
            f'fill="{colour}" fill-opacity="0.08"/>'
        )
    else:
        for n in spots:
            after = (n + 1) % count
            if after in spots and count > 1:
                (x, y), (z, w) = spots[n], spots[after]
                body.append(
                    f'<path d="M{rounded(x)} {rounded(y)}L{rounded(z)} {rounded(w)}" stroke="{colour}" '
                    f'stroke-width="2.5"{dash} fill="none"/>'
                )
    return body + [_mark(*spots[n], colour, mark, f"{version.name}: {number(int(value))}") for n, value in known]


def _mark(x: float, y: float, colour: str, mark: str, words: str) -> SafeString:
    if mark == "square":
        return format_html(
            '<rect x="{}" y="{}" width="8" height="8" fill="{}"><title>{}</title></rect>',
            rounded(x - 4),
            rounded(y - 4),
            colour,
            words,
        )
    return format_html(
        '<circle cx="{}" cy="{}" r="4" fill="{}"><title>{}</title></circle>', rounded(x), rounded(y), colour, words
    )


def score_panels(
    *,
    panels: Sequence[tuple[str, Sequence[tuple[date, Number]]]],
    top: int,
    title: str,
    description: str = "",
    synthetic: bool = False,
) -> SafeString:
    """A small panel for each domain, all on the same days and the same scale from 1 to `top`: steps, not slopes, as a
    score stands until the next one."""
    width, gap, panel_height, head = 420, 24, 92, 20
    panel = (width - gap) / 2
    days_told = [when for _name, points in panels for when, _value in points]
    height = math.ceil(len(panels) / 2) * panel_height + 16
    if not days_told:
        body: list[str] = [text(width / 2, 40, _("Nessun dato"), size=13, fill=SOFT, anchor="middle")]
        told = _("Nessun dato")
        return svg(
            key=key_of("scores", title), box=f"0 0 {width} 80", title=title, description=told, body=body, kind="scores"
        )
    first, last = min(days_told), max(days_told)
    span = max((last - first).days, 1)
    body = []
    for n, (name, points) in enumerate(panels):
        left, above = (n % 2) * (panel + gap), (n // 2) * panel_height
        body.append(text(left, above + 13, name, size=12, bold=True))
        low = above + panel_height - 22
        step = (low - above - head - 4) / (top - 1)
        for value in (1, top):
            body.append(rect(left + 12, low - step * (value - 1), panel - 12, 0.7, LINE))
            body.append(text(left + 8, low - step * (value - 1) + 4, number(value), size=9, fill=SOFT, anchor="end"))
        ordered = sorted(points)
        spots = [
            (left + 18 + (panel - 30) * (when - first).days / span, low - step * (float(value) - 1), when, value)
            for when, value in ordered
        ]
        if not spots:
            body.append(text(left + panel / 2, low - 20, NOTHING, size=13, fill=SOFT, anchor="middle"))
            continue
        path = f"M{rounded(spots[0][0])} {rounded(spots[0][1])}" + "".join(
            f"H{rounded(x)}V{rounded(y)}" for x, y, _when, _value in spots[1:]
        )
        body.append(f'<path d="{path}" stroke="{BAR}" stroke-width="2" fill="none"/>')
        body += [_mark(x, y, BAR, "circle", f"{day(when)}: {number(value)}") for x, y, when, value in spots]
    body.append(text(0, height - 4, day(first), size=10, fill=SOFT))
    if last > first:
        body.append(text(width, height - 4, day(last), size=10, fill=SOFT, anchor="end"))
    if synthetic:
        body.append(synthetic_mark(width / 2, height - 4, 10, anchor="middle"))
    told = "; ".join(
        f"{name}: " + (", ".join(f"{day(when)} {number(value)}" for when, value in sorted(points)) or NOTHING)
        for name, points in panels
    )
    return svg(
        key=key_of("scores", title, panels),
        box=f"0 0 {width} {height}",
        title=title,
        description=description or told,
        body=body,
        kind="scores",
    )
