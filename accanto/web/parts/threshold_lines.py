"""A figure year by year against thresholds that may move with it: one line whole, the others dashed, each with its
name at its end. Nothing is said by colour alone, and nothing is hidden at the width of a telephone."""

from collections.abc import Mapping, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accanto.web.parts.drawing import (
    BAR,
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

DASHES = ("7 4", "2 4")


def threshold_lines(
    *,
    years: Sequence[int],
    values: Mapping[int, Number],
    thresholds: Sequence[tuple[str, Mapping[int, Number]]],
    title: str,
    unit: str,
    show: Formatter,
    synthetic: bool = False,
) -> SafeString:
    """`thresholds` are (name, {year: value}). The scale begins from zero, so that a step is as big as it is."""
    width, height, left, right, top, bottom = 420, 260, 40, 66, 30, 30
    every = [float(one) for line in (values, *(line for _name, line in thresholds)) for one in line.values()]
    ceiling = (max(every, default=0) or 1) * 1.12
    step = (width - left - right) / max(len(years) - 1, 1)

    def at(year: int, value: Number) -> tuple[float, float]:
        return left + step * (year - years[0]), height - bottom - (height - top - bottom) * float(value) / ceiling

    def path(line: Mapping[int, Number]) -> str:
        return "M" + "L".join(f"{rounded(x)} {rounded(y)}" for x, y in (at(year, line[year]) for year in years))

    body = [rect(left, height - bottom, width - left - right, 1, LINE)]
    ends = []
    for n, (name, line) in enumerate(thresholds):
        body.append(
            format_html(
                '<path d="{}" stroke="{}" stroke-width="2" stroke-dasharray="{}" fill="none"/>',
                path(line), TARGET, DASHES[n % len(DASHES)],
            )
        )  # fmt: skip
        ends.append([at(years[-1], line[years[-1]])[1], name, TARGET, False])
    body.append(
        format_html(
            '<path d="{}" stroke="{}" stroke-width="3" fill="none" stroke-linejoin="round"/>', path(values), BAR
        )
    )
    for year in years:
        x, y = at(year, values[year])
        body.append(
            format_html(
                '<circle cx="{}" cy="{}" r="3.6" fill="{}"><title>{}: {}</title></circle>',
                rounded(x), rounded(y), BAR, year, show(values[year]),
            )
        )  # fmt: skip
        body.append(text(x, height - 10, str(year), size=11, fill=SOFT, anchor="middle"))
    ends.append([at(years[-1], values[years[-1]])[1], show(values[years[-1]]), BAR, True])
    for y, words, colour, bold in apart(ends):
        body.append(text(width - right + 8, y + 4, words, size=13 if bold else 12, fill=colour, bold=bold))
    x, y = at(years[0], values[years[0]])
    body.append(text(x - 6, y + 4, show(values[years[0]]), size=12, anchor="end", bold=True))
    body.append(text(0, 12, unit, size=11, fill=SOFT))
    if synthetic:
        body.append(synthetic_mark(width, 12, 11))
    told = [_("%(unit)s: %(values)s.") % {"unit": unit, "values": _along(years, values, show)}]
    told += [f"{name}: {_along(years, line, show)}." for name, line in thresholds]
    return svg(
        key=key_of("thresholds", title, sorted(values.items())),
        box=f"0 0 {width} {height}",
        title=title,
        description=" ".join(told),
        body=body,
        kind="line",
    )


def apart(ends: Sequence[Sequence]) -> list[list]:
    """The same labels from the highest, each at least a line of text under the one before."""
    found: list[list] = []
    for y, *rest in sorted(ends, key=lambda end: end[0]):
        found.append([max(y, found[-1][0] + 15) if found else y, *rest])
    return found


def _along(years: Sequence[int], line: Mapping[int, Number], show: Formatter) -> str:
    return ", ".join(f"{year} {show(line[year])}" for year in years)
