"""A flow of sums from left to right: from one whole to what it is given to, for what, and how far it has come. Every
band is as thick as its sum, on one scale; what is small keeps room for its words."""

import textwrap
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accanto.web.parts.drawing import BAR, BAR_PALE, SOFT, key_of, rect, rounded, svg, synthetic_mark, text

MOST = 12  # of one level: beyond them the smallest are one
WIDTH, FIRST, STEP, BAR_WIDTH = 360, 30, 112, 8
LETTERS, LINE, WHOLE = 14, 15, 230  # of a label; its height; the height of the whole sum


@dataclass(frozen=True)
class Stream:
    """A sum and the places it goes through, one for each level."""

    through: tuple[str, ...]
    amount: Decimal


def grouped(streams: Sequence[Stream], others: Callable[[int], str], most: int = MOST) -> list[Stream]:
    """The smallest of each level beyond `most` as one, named by `others` with how many they are."""
    found = list(streams)
    for level in range(len(found[0].through) if found else 0):
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for one in found:
            sums[one.through[level]] += one.amount
        if len(sums) <= most:
            continue
        kept = sorted(sums, key=lambda name: (-sums[name], name))[: most - 1]
        rest = others(len(sums) - len(kept))
        found = [
            one
            if one.through[level] in kept
            else Stream((*one.through[:level], rest, *one.through[level + 1 :]), one.amount)
            for one in found
        ]
    return found


def flow(
    *,
    whole: str,
    levels: Sequence[str],
    streams: Sequence[Stream],
    title: str,
    show: Callable[[Decimal], str],
    synthetic: bool = False,
) -> SafeString:
    """`whole` is what all the streams are of, `levels` the words over the columns, in the order of `through`."""
    total = sum((one.amount for one in streams), Decimal(0))
    scale = WHOLE / float(total) if total else 0
    top = 52
    nodes = [_column(streams, level, scale, top) for level in range(len(levels))]
    body = [
        text(0, 13, whole, size=13, bold=True),
        text(0, 30, show(total), size=13),
        rect(0, top, BAR_WIDTH, max(WHOLE if total else 0, 2), BAR),
    ]
    bottom = top + WHOLE
    for level, words in enumerate(levels):
        body.append(text(_x(level), top - 8, words, size=12, fill=SOFT))
    body += _bands(streams, nodes, scale, top)
    for level, column in enumerate(nodes):
        for name, (y, height, amount) in column.items():
            body.append(rect(_x(level), y, BAR_WIDTH, max(height, 1.5), BAR))
            lines = [*_label(name), show(amount)]
            for n, words in enumerate(lines):
                at = y + 12 + n * LINE
                body.append(text(_x(level) + BAR_WIDTH + 3, at, words, size=13, bold=n == len(lines) - 1))
                bottom = max(bottom, at)
    height = bottom + 24
    if synthetic:
        body.append(synthetic_mark(WIDTH, height - 4, 11))
    told = "; ".join(f"{' → '.join(one.through)}: {show(one.amount)}" for one in streams) or _("Nessun dato")
    return svg(
        key=key_of("flow", title, [(one.through, one.amount) for one in streams]),
        box=f"0 0 {WIDTH} {rounded(height)}",
        title=title,
        description=f"{whole}: {show(total)}. {told}",
        body=body,
        kind="flow",
    )


def _x(level):
    return FIRST + level * STEP


def _label(name):
    lines = textwrap.wrap(name, LETTERS, break_long_words=False) or [""]
    return [*lines[:2], f"{lines[2][: LETTERS - 1]}…"] if len(lines) > 3 else lines


def _column(streams, level, scale, top):
    """{name: (y, height, sum)}, in the order in which the streams name them."""
    sums: dict[str, Decimal] = {}
    for one in streams:
        sums[one.through[level]] = sums.get(one.through[level], Decimal(0)) + one.amount
    found, y = {}, float(top)
    for name, amount in sums.items():
        height = float(amount) * scale
        found[name] = (y, height, amount)
        y += max(height, LINE * (len(_label(name)) + 1)) + 8
    return found


def _bands(streams, nodes, scale, top):
    """From the whole to the first column, and from each column to the next; streams that go together are one band."""
    used: dict[tuple, float] = defaultdict(float)
    for level in range(len(nodes)):
        pairs: dict[tuple[str, str], Decimal] = {}
        for one in streams:
            pair = (one.through[level - 1] if level else "", one.through[level])
            pairs[pair] = pairs.get(pair, Decimal(0)) + one.amount
        for (before, after), amount in pairs.items():
            thick = float(amount) * scale
            left = top if level == 0 else nodes[level - 1][before][0]
            y1 = left + used["out", level, before]
            y2 = nodes[level][after][0] + used["in", level, after]
            used["out", level, before] += thick
            used["in", level, after] += thick
            x1, x2 = (0 if level == 0 else _x(level - 1)) + BAR_WIDTH, _x(level)
            yield _band(x1, y1, x2, y2, max(thick, 0.8))


def _band(x1, y1, x2, y2, thick):
    middle = rounded((x1 + x2) / 2)
    a, b, c, d = (rounded(y) for y in (y1, y2, y2 + thick, y1 + thick))
    x1, x2 = rounded(x1), rounded(x2)
    return format_html(
        '<path d="M{} {}C{} {} {} {} {} {}L{} {}C{} {} {} {} {} {}Z" fill="{}"/>',
        x1, a, middle, a, middle, b, x2, b, x2, c, middle, c, middle, d, x1, d, BAR_PALE,
    )  # fmt: skip
