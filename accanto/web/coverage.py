"""Which zones the PNRR lines reach, in the words of one extract; for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accanto.plan.coverage import EVERYWHERE, PART, SEAT, coverage
from accanto.plan.pnrr_project import PnrrProject
from accanto.territory.map import zone_map
from accanto.territory.zone import Zone
from accanto.web.parts import zone_map as maps
from accanto.web.parts.numbers import day as shown_day
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.plan import sections

SHORT = {
    SEAT: gettext_lazy("solo la sede"),
    PART: gettext_lazy("in parte"),
    EVERYWHERE: gettext_lazy("tutti i comuni"),
}


@login_not_required
@require_safe
def coverage_page(request):
    found = coverage()
    present = [line for line in found.lines if found.in_extract(line)]
    caption = _("Linee del PNRR con una riga, zona per zona, nell’estratto del %(day)s") % {"day": shown_day(found.day)}
    context = {
        "sections": sections(request, "coverage"),
        "found": found,
        "caption": caption,
        "table": _table(found, caption),
        "lines": [
            {
                "number": words[0],
                "name": words[1],
                "present": line in present,
                "zones": found.zones_reached(line),
                "projects": found.projects(line),
            }
            for line, words in found.lines.items()
        ],
        "map": _map(found, present, caption) if present else "",
        "map_table": Table(
            caption,
            [Column(_("Zona")), Column(_("Linee"), "number")],
            [[zone.name, sum(1 for line in present if found.of(zone, line)) or None] for zone in found.zones],
        ),
        "unplaced": found.unplaced,
    }
    return render(request, "plan/coverage.html", context)


def _table(found, caption):
    rows = []
    for zone in found.zones:
        cells = [Cell(zone.name, url=reverse("coverage_zone", args=[zone.code]))]
        for line in found.lines:
            reaches = found.of(zone, line)
            if reaches:
                words = ngettext("%(count)s progetto", "%(count)s progetti", len(reaches)) % {"count": len(reaches)}
                limits = sorted({str(SHORT[reach.how]) for reach in reaches if reach.how in SHORT})
                cells.append(Cell(words, note=", ".join(limits)))
            else:
                cells.append(_("nessuna riga"))
        rows.append(cells)
    return Table(
        caption,
        [Column(_("Zona")), *(Column(str(words[0])) for words in found.lines.values())],
        rows,
        note=_("«Nessuna riga» vuol dire nessuna riga in questo estratto, non zero progetti."),
    )


def _map(found, present, caption):
    drawn = zone_map()
    values = {}
    for zone in found.zones:
        count = sum(1 for line in present if found.of(zone, line))
        values[zone.code] = maps.ZoneValue(zone.name, count or None, url=reverse("coverage_zone", args=[zone.code]))
    return maps.choropleth(
        shapes=drawn.shapes,
        view_box=tuple(float(n) for n in drawn.view_box.split()),
        values=values,
        title=caption,
        breaks=list(range(1, len(present) + 1)),
        unit=_("linee con almeno una riga"),
    )


@login_not_required
@require_safe
def coverage_zone(request, zone):
    zone = get_object_or_404(Zone, code=zone)
    found = coverage()
    projects = {
        project.cup: project for project in PnrrProject.objects.standing().filter(zone_codes__contains=[zone.code])
    }
    context = {
        "sections": sections(request, "coverage"),
        "zone": zone,
        "found": found,
        "lines": [
            {
                "number": words[0],
                "name": words[1],
                "reaches": [(reach, projects.get(reach.cup)) for reach in found.of(zone, line)],
            }
            for line, words in found.lines.items()
        ],
    }
    return render(request, "plan/coverage_zone.html", context)
