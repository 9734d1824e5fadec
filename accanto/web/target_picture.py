"""The plan's targets against their results: bars, each on the scale of its own target, and the table."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accanto.indicators.card import cards
from accanto.web.parts import charts, numbers
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.templatetags.parts import local


def state(result):
    """Why there is no number, or the day it is of."""
    if result is None:
        return _("non ancora pubblicato")
    if result.suppressed:
        return _("non pubblicato, numeri troppo piccoli")
    if result.value is None:
        if result.day:
            return _("nessuna riga nell’estratto del %(day)s") % {"day": numbers.day(result.day)}
        return _("nessun dato letto")
    return _("al %(day)s") % {"day": numbers.day(result.day)}


def definition_url(code):
    return reverse("indicator", args=[code]) if code in cards() else ""


def picture(*, targets, results, synthetic, url=definition_url):
    """(svg, table). `results` are by code of indicator; the day of each figure stands beside it."""
    bars, rows = [], []
    for target in targets:
        result = results.get(target.indicator)
        value = result.value if result and not result.suppressed else None
        bars.append(charts.Bar(label=local(target.name), value=value, target=target.value, note=state(result)))
        rows.append(
            [
                Cell(local(target.name), url=url(target.indicator)),
                Cell(value, suppressed=bool(result and result.suppressed)),
                Cell(target.value, note=str(target.get_unit_display())),
                Cell(value / target.value if value is not None and target.value else None),
                state(result),
            ]
        )
    title = _("Obiettivi del piano e risultati")
    table = Table(
        caption=title,
        columns=[
            Column(_("Obiettivo")),
            Column(_("Risultato"), "number"),
            Column(_("Valore da raggiungere"), "number"),
            Column(_("Parte raggiunta"), "percent"),
            Column(_("Giorno della figura")),
        ],
        rows=rows,
        synthetic=synthetic,
    )
    return charts.target_bars(bars=bars, title=title, synthetic=synthetic), table
