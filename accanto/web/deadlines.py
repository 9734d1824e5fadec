"""The days by which the money and its figures are to be told: the table, and what of it comes in an office's day."""

import datetime as dt

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds
from accanto.access.role import Kind
from accanto.norms import deadlines as law
from accanto.norms.findings import GRADE_WORDS
from accanto.web.due import Due
from accanto.web.frame import PLANNERS
from accanto.web.ledger import common
from accanto.web.money_pages import asked
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.templatetags.parts import local

AHEAD, IN_THE_DAY = dt.timedelta(days=400), dt.timedelta(days=45)
ACTS = {Kind.ZONE_PLANNER: law.ZONE, Kind.REGIONAL_OFFICER: law.REGION}
OWN_LINES = {"ST-07"}  # the yearly return has lines of its own in the day


@for_kinds(*PLANNERS)
def deadlines(request):
    today = timezone.localdate()
    mine = ACTS[request.acting.kind]
    coming = law.between(today, today + AHEAD)
    table = Table(
        _("Le scadenze dei prossimi mesi"),
        [Column(_("Giorno"), "day"), Column(_("Che cosa")), Column(_("Che cosa fare")), Column(_("Chi")),
         Column(_("Regola")), Column(_("Quanto è certo"))],
        [
            [
                one.day,
                local(one.what),
                local(one.act),
                Cell(", ".join(local(law.WHO[who]) for who in one.by), note=_("tu") if mine in one.by else ""),
                Cell(one.code, url=f"{reverse('norms')}?q={one.code}", note=one.source),
                local(GRADE_WORDS[one.grade]),
            ]
            for one in coming
        ],
    )  # fmt: skip
    context = common(request, "deadlines", asked(request)) | {"table": table}
    return render(request, "plan/deadlines.html", context)


def in_the_day(acting, today):
    """What an office itself has to do, when it comes near."""
    mine = ACTS[acting.kind]
    return [
        Due(
            title=local(one.what),
            what=gettext_lazy("scadenze dei fondi"),
            when=one.day,
            url=reverse("deadlines"),
            label=_("Vedi"),
            note=local(one.act),
        )
        for one in law.between(today, today + IN_THE_DAY)
        if mine in one.by and one.code not in OWN_LINES
    ]
