"""The strokes of which pictures are made. Only presentation attributes: the pages allow no inline style."""

import hashlib
from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

Number = int | float | Decimal
Formatter = Callable[[Number], str]

INK, SOFT, LINE, PAPER = "#17324d", "#455a70", "#c5cdd6", "#ffffff"
BAR, BAR_PALE, TARGET = "#0059b3", "#d6e4f2", "#a3341f"


def key_of(*parts: object) -> str:
    """A name for the ids inside one picture, the same for the same picture."""
    return "c" + hashlib.sha1("|".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()[:8]


def rounded(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def text(
    x: float, y: float, words: str, *, size: float = 12, fill: str = INK, anchor: str = "start", bold: bool = False
):
    return format_html(
        '<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}"{}>{}</text>',
        rounded(x),
        rounded(y),
        rounded(size),
        fill,
        anchor,
        mark_safe(' font-weight="600"') if bold else "",
        words,
    )


def rect(x: float, y: float, width: float, height: float, fill: str, extra: str = "") -> SafeString:
    place = f'x="{rounded(x)}" y="{rounded(y)}" width="{rounded(max(width, 0))}" height="{rounded(height)}"'
    return mark_safe(f'<rect {place} fill="{fill}"{extra}/>')


def svg(
    *, key: str, box: str, title: str, description: str, body: Sequence[str], kind: str, role: str = "img"
) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart-svg chart-{}" viewBox="{}" role="{}" '
        'aria-labelledby="{}-t {}-d" font-family="Titillium Web, Geneva, Tahoma, sans-serif">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        kind,
        box,
        role,
        key,
        key,
        key,
        title,
        key,
        description,
        mark_safe("".join(body)),
    )


def synthetic_mark(x: float, y: float, size: float, *, anchor: str = "end") -> SafeString:
    return text(x, y, _("Dati sintetici"), size=size, fill=TARGET, anchor=anchor, bold=True)
