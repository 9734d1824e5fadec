"""The map of the zones: a figure for each, by classes, never by colour alone."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accanto.web.parts.drawing import (
    INK,
    PAPER,
    SOFT,
    Formatter,
    Number,
    key_of,
    rect,
    rounded,
    svg,
    synthetic_mark,
    text,
)
from accanto.web.parts.numbers import NOTHING, number

# light to dark, with the colour a label needs on it; checked at 4.5:1
RAMP = [("#e3effa", INK), ("#b5d3ee", INK), ("#7fb2de", INK), ("#2f76b8", PAPER), ("#003d73", PAPER)]
NO_DATA = "#e4e4e4"


class Shape(Protocol):
    """A zone on the paper: its outline as an SVG path and where its label stands, in units of the view box."""

    zone_code: str
    d: str
    x: float
    y: float


@dataclass(frozen=True)
class ZoneValue:
    name: str
    value: Number | None = None
    suppressed: bool = False
    url: str = ""


def quantile_breaks(values: Sequence[Number], classes: int = 5) -> list[Number]:
    """Upper bounds that put about as many values in each class; fewer classes when values repeat."""
    ordered = sorted(values)
    if not ordered:
        return []
    bounds = [ordered[math.ceil(len(ordered) * n / classes) - 1] for n in range(1, classes + 1)]
    return sorted(set(bounds))


def class_of(value: Number, breaks: Sequence[Number]) -> int:
    """The class, from 0, of a value among the upper bounds; what exceeds the last bound is in the last class."""
    for position, bound in enumerate(breaks):
        if value <= bound:
            return position
    return len(breaks) - 1


def _shades(count: int) -> list[tuple[str, str]]:
    if count <= 1:
        return [RAMP[2]]
    return [RAMP[round(n * (len(RAMP) - 1) / (count - 1))] for n in range(count)]


def choropleth(
    *,
    shapes: Sequence[Shape],
    view_box: tuple[float, float, float, float],
    values: Mapping[str, ZoneValue],
    title: str,
    description: str = "",
    breaks: Sequence[Number] | None = None,
    unit: str = "",
    show: Formatter = number,
    synthetic: bool = False,
) -> SafeString:
    """A map of the zones by class of value.

    `breaks` are the upper bounds of the classes; without them, quantiles. Each zone bears the number of its class, so
    that the colour is not alone. Suppressed zones are hatched, zones without data grey; a zone with a `url` is a link.
    """
    left, top, width, height = view_box
    known = [v.value for v in values.values() if v.value is not None and not v.suppressed]
    bounds = list(breaks) if breaks else quantile_breaks(known)
    shades = _shades(len(bounds))
    key = key_of("map", title, view_box, sorted(values), known, bounds)
    size = width / 30
    step = rounded(size / 2)
    linked = any(v.url for v in values.values())
    body = [
        f'<defs><pattern id="{key}-h" width="{step}" height="{step}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="{step}" height="{step}" fill="{PAPER}"/>'
        f'<rect width="{rounded(size / 7)}" height="{step}" fill="{SOFT}"/></pattern></defs>'
    ]
    labels = []
    for shape in shapes:
        zone = values.get(shape.zone_code) or ZoneValue(shape.zone_code)
        if zone.suppressed:
            fill, words, mark, ink = f"url(#{key}-h)", _("dato non pubblicato, numeri troppo piccoli"), "", INK
        elif zone.value is None or not bounds:
            fill, words, mark, ink = NO_DATA, _("nessun dato"), NOTHING, INK
        else:
            place = class_of(zone.value, bounds)
            fill, ink = shades[place]
            words, mark = f"{show(zone.value)} {unit}".strip(), str(place + 1)
        sentence = f"{zone.name}: {words}"
        area = format_html(
            '<path d="{}" fill="{}" stroke="{}" stroke-width="{}" stroke-linejoin="round" fill-rule="evenodd">'
            "<title>{}</title></path>",
            shape.d,
            mark_safe(fill),
            SOFT,
            rounded(max(width / 800, 0.3)),
            sentence,
        )
        if zone.url:
            area = format_html('<a href="{}" aria-label="{}" class="zone-link">{}</a>', zone.url, sentence, area)
        body.append(area)
        if mark:
            labels.append(text(shape.x, shape.y + size / 3, mark, size=size * 0.85, fill=ink, anchor="middle"))
    body.append(format_html('<g aria-hidden="true" pointer-events="none">{}</g>', mark_safe("".join(labels))))
    legend, used = _map_legend(
        x=left, y=top + height + size, width=width, size=size, bounds=bounds, known=known, shades=shades, key=key,
        unit=unit, show=show, values=values, shapes=shapes, synthetic=synthetic,
    )  # fmt: skip
    body.append(legend)
    described = description or _describe_map(values, known, unit, show)
    box = f"{rounded(left)} {rounded(top)} {rounded(width)} {rounded(height + used)}"
    return svg(
        key=key, box=box, title=title, description=described, body=body, kind="map", role="group" if linked else "img"
    )


def _map_legend(*, x, y, width, size, bounds, known, shades, key, unit, show, values, shapes, synthetic):
    lowest = min(known) if known else None
    whole = all(value == int(value) for value in known)
    entries = []
    for place, bound in enumerate(bounds):
        lower = lowest if place == 0 else bounds[place - 1]
        if lower is not None and (lower == bound if place == 0 else whole and bound - lower == 1):
            words = show(bound)
        elif place and lower is not None:
            words = _("più di %(lower)s, fino a %(upper)s") % {"lower": show(lower), "upper": show(bound)}
        else:
            words = _("fino a %(upper)s") % {"upper": show(bound)}
        entries.append((*shades[place], str(place + 1), words))
    if any(v.suppressed for v in values.values()):
        entries.append((f"url(#{key}-h)", INK, "", _("non pubblicato")))
    if any(values.get(s.zone_code) is None or _is_missing(values[s.zone_code]) for s in shapes):
        entries.append((NO_DATA, INK, NOTHING, _("nessun dato")))
    parts, step, box, line = [], width / 2, size * 1.3, y + size * 0.6
    if unit:
        parts.append(text(x, line, unit[0].upper() + unit[1:], size=size, bold=True))
    if synthetic:
        parts.append(synthetic_mark(x + width, line, size))
    line += size * 0.7
    rows = math.ceil(len(entries) / 2)
    for position, (fill, ink, mark, words) in enumerate(entries):
        column, row = divmod(position, rows)
        at_x, at_y = x + column * step, line + row * size * 1.8
        parts.append(rect(at_x, at_y, box * 1.3, box, fill, f' stroke="{SOFT}" stroke-width="{rounded(size / 16)}"'))
        parts.append(text(at_x + box * 0.65, at_y + box * 0.74, mark, size=size * 0.85, fill=ink, anchor="middle"))
        parts.append(text(at_x + box * 1.6, at_y + box * 0.76, words, size=size))
    drawn = format_html('<g aria-hidden="true">{}</g>', mark_safe("".join(parts)))
    return drawn, size * 2.6 + rows * size * 1.8


def _is_missing(zone: ZoneValue) -> bool:
    return zone.value is None and not zone.suppressed


def _describe_map(values: Mapping[str, ZoneValue], known: Sequence[Number], unit: str, show: Formatter) -> str:
    if not known:
        return _("Nessuna zona ha un dato.")
    shown = [v for v in values.values() if v.value is not None and not v.suppressed]
    lowest, highest = min(shown, key=lambda v: v.value), max(shown, key=lambda v: v.value)
    return _("%(count)s zone con un dato, da %(low)s (%(low_zone)s) a %(high)s (%(high_zone)s) %(unit)s.") % {
        "count": len(shown),
        "low": show(lowest.value),
        "low_zone": lowest.name,
        "high": show(highest.value),
        "high_zone": highest.name,
        "unit": unit,
    }
