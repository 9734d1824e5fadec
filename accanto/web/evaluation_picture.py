"""The answers of all parties in one small picture: a strip an item, half way and at the end, with its table."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accanto.traineeships.evaluation import ITEMS, EvaluationAnswer, Moment, Party, Score
from accanto.web.parts.drawing import BAR, LINE, SOFT, TARGET, key_of, rounded, svg, synthetic_mark, text
from accanto.web.parts.numbers import NOTHING
from accanto.web.parts.table import Column, Table

LETTERS = {Party.TRAINEE: "P", Party.TUTOR: "T", Party.HOST_TUTOR: "A", Party.CASE_MANAGER: "S"}


@dataclass(frozen=True)
class Line:
    """One party on one item: its score half way and at the end, None where it did not say."""

    party: Party
    mid: int | None
    final: int | None


def lines_of(evaluations):
    """{item: [Line]} of the closed evaluations; empty where none is closed."""
    closed = [one for one in evaluations if one.closed]
    found = {}
    for item in ITEMS if closed else ():
        for party in Party:
            scores = {
                one.moment: getattr(side.answer, item)
                for one in closed
                for side in one.sides
                if side.party == party and side.answer
            }
            if scores:
                found.setdefault(item, []).append(Line(party, scores.get(Moment.MID), scores.get(Moment.FINAL)))
    return found


def picture_of(row, evaluations):
    """{"svg", "table"}, or None before an evaluation is closed."""
    lines = lines_of(evaluations)
    if not lines:
        return None
    return {"svg": strips(lines, synthetic=row.synthetic), "table": table_of(lines, synthetic=row.synthetic)}


def name_of(item):
    return str(EvaluationAnswer._meta.get_field(item).verbose_name)


def title():
    return _("Come va il tirocinio, per chi lo dice: a metà e alla fine")


def told(score):
    return str(Score(score).label) if score else NOTHING


def table_of(lines, *, synthetic):
    columns = [Column(_("Che cosa, e chi lo dice")), Column(_("Intermedia")), Column(_("Finale"))]
    rows = [
        [f"{name_of(item).capitalize()}: {line.party.label}", told(line.mid), told(line.final)]
        for item, of_item in lines.items()
        for line in of_item
    ]
    return Table(caption=title(), columns=columns, rows=rows, synthetic=synthetic)


def strips(lines: dict[str, Sequence[Line]], *, synthetic: bool) -> SafeString:
    """From «non ancora» on the left to «molto» on the right: an empty circle half way, a full one at the end, a line
    from one to the other, the letter of who says it."""
    width, left, right, step, head = 420, 26, 410, 18, 22
    across = (right - left) / (len(Score) - 1)
    body, y = [], 12
    for score in Score:
        x = left + across * (score - 1)
        anchor = "start" if score == min(Score) else "end" if score == max(Score) else "middle"
        body.append(text(left - 6 if anchor == "start" else x, y, score.label, size=11, fill=SOFT, anchor=anchor))
    y += 8
    for item, of_item in lines.items():
        body.append(text(0, y + 15, name_of(item).capitalize(), size=13, bold=True))
        y += head
        for line in of_item:
            middle = y + step / 2
            body.append(f'<path d="M{left} {rounded(middle)}H{right}" stroke="{LINE}"/>')
            body.append(text(2, middle + 4, LETTERS[line.party], size=11, fill=SOFT))
            spots = {
                name: left + across * (value - 1) for name, value in (("mid", line.mid), ("final", line.final)) if value
            }
            if len(spots) == 2:
                body.append(
                    f'<path d="M{rounded(spots["mid"])} {rounded(middle)}H{rounded(spots["final"])}" '
                    f'stroke="{BAR}" stroke-width="3"/>'
                )
            if "final" in spots:
                body.append(f'<circle cx="{rounded(spots["final"])}" cy="{rounded(middle)}" r="5" fill="{BAR}"/>')
            if "mid" in spots:
                body.append(
                    f'<circle cx="{rounded(spots["mid"])}" cy="{rounded(middle)}" r="6.5" fill="none" '
                    f'stroke="{TARGET}" stroke-width="2"/>'
                )
            y += step
        y += 8
    key = ", ".join(f"{letter} {party.label}" for party, letter in LETTERS.items())
    body.append(text(0, y + 14, key, size=11, fill=SOFT))
    body.append(f'<circle cx="6" cy="{y + 28}" r="5" fill="none" stroke="{TARGET}" stroke-width="2"/>')
    body.append(text(16, y + 32, _("intermedia"), size=11))
    body.append(f'<circle cx="96" cy="{y + 28}" r="5" fill="{BAR}"/>')
    body.append(text(106, y + 32, _("finale"), size=11))
    height = y + 42
    if synthetic:
        body.append(synthetic_mark(width, height - 8, 11))
    description = "; ".join(
        f"{name_of(item)}: "
        + ", ".join(f"{line.party.label} {told(line.mid)} / {told(line.final)}" for line in of_item)
        for item, of_item in lines.items()
    )
    return svg(
        key=key_of("evaluation", lines),
        box=f"0 0 {width} {rounded(height)}",
        title=title(),
        description=description,
        body=body,
        kind="evaluation",
    )
