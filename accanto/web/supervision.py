"""Supervision in a year: for who plans a zone its plans, sessions and workers; for the Region a table of numbers."""

from decimal import Decimal

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accanto.access.door import for_kinds
from accanto.access.role import Kind
from accanto.norms import disclosure
from accanto.norms import supervision as norms
from accanto.staffing import supervision as of_supervision
from accanto.staffing.supervision import SupervisionSession
from accanto.staffing.supervision_plan import SupervisionKind, SupervisionPlan
from accanto.staffing.worker import Worker
from accanto.territory.zone import Zone
from accanto.web.frame import PLANNERS
from accanto.web.parts.keyset import Page, whole_number
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.plan import sections
from accanto.web.staffing_pages import staffing_pages

EARLIEST = 2022  # the LEPS begins with L. 234/2021
KINDS = SupervisionKind.values
NOTHING = {"hours": None, "sessions": None, "people": None}


def years(today):
    """Those with a page, the newest first: a plan is written before its year begins."""
    return list(range(today.year + 1, EARLIEST - 1, -1))


@for_kinds(*PLANNERS)
def supervision(request):
    today = timezone.localdate()
    asked = whole_number(request.GET.get("year", ""))
    year = asked if asked in years(today) else today.year
    context = {
        "sections": sections(request, "staffing"),
        "pages": staffing_pages(request, "supervision"),
        "year": str(year),
        "years": [(str(one), f"?year={one}", None, one == year) for one in years(today)[:5]],
        "findings": [norms.hours_not_read(on=today)],
        "least": norms.least_presence(on=today),
    }
    if request.acting.kind == Kind.ZONE_PLANNER:
        return render(request, "staffing/supervision.html", context | _own(request, year, today))
    return render(request, "staffing/supervision_zones.html", context | _zones(year, today))


# --- of a zone --------------------------------------------------------------------------------------------------------


def _own(request, year, today):
    zone = request.acting.role.zone
    plans = {row.kind: row for row in SupervisionPlan.objects.held().filter(zone=zone, year=year)}
    counted = of_supervision.counts(year).get(zone.pk, {})
    covered = of_supervision.coverage(year).get(zone.pk, {})
    sessions = SupervisionSession.objects.within(request.acting).held().in_year(year).with_counts()
    page = Page.of(request, sessions, order=("-day", "-id"))
    of_workers = of_supervision.by_worker(zone, year=year, on=today)
    synthetic = any(row.synthetic for row in (*plans.values(), *page.rows))
    return {
        "zone": zone,
        "kinds": [
            {"kind": kind, "label": label, "plan": plans.get(kind), "held": counted.get(kind, NOTHING)}
            for kind, label in SupervisionKind.choices
        ],
        "unplanned": [kind for kind in counted if kind not in plans],
        "covered": _covered(covered, synthetic) if covered else None,
        "page": page,
        "rows": page.rows,
        "workers": _of_workers(of_workers, year, synthetic) if of_workers else None,
        "synthetic": synthetic,
        "nobody": not Worker.objects.within(request.acting).known().exists(),
        "is_past": year <= today.year,
    }


def _covered(covered, synthetic):
    return Table(
        _("Chi ha avuto supervisione"),
        [
            Column(_("Professione")),
            Column(_("Con un contratto nell’anno"), "number"),
            Column(_("Con supervisione"), "number"),
            Column(_("Copertura"), "percent"),
        ],
        [
            [label, covered[code].workers, covered[code].supervised, covered[code].share]
            for code, label in Worker.Profession.choices
            if code in covered
        ],
        note=_(
            "Conta chi ha un contratto di qualunque tipo con un giorno nell’anno, e chi è stato ad almeno un incontro."
        ),
        synthetic=synthetic,
    )


def _of_workers(found, year, synthetic):
    credits = {True: _("sì"), False: _("no"), None: ""}
    return Table(
        _("Ore per operatore nel %(year)s") % {"year": year},
        [
            Column(_("Operatore")),
            *(Column(kind, "number") for kind in KINDS),
            Column(_("Ore del suo gruppo"), "number"),
            Column(_("Presenza"), "percent"),
            Column(_("Basta per i crediti")),
        ],
        [
            [
                Cell(str(one.worker), url="" if one.worker.withdrawn_at else reverse("worker", args=[one.worker.pk])),
                *(one.by_kind.get(kind) for kind in KINDS),
                one.presence.held,
                one.presence.share,
                credits[one.presence.enough],
            ]
            for one in found
        ],
        synthetic=synthetic,
    )


# --- of the Region ----------------------------------------------------------------------------------------------------


def _zones(year, today):
    counted, covered = of_supervision.counts(year), of_supervision.coverage(year)
    plans = list(SupervisionPlan.objects.held().filter(year=year).order_by("zone", "kind"))
    planned: dict = {}
    for row in plans:
        planned[row.zone_id] = planned.get(row.zone_id, Decimal(0)) + row.hours
    zones = list(Zone.objects.all())
    least = disclosure.threshold(sensitive=False, on=today)
    rows = [_of_zone(zone, planned, counted, covered, least) for zone in zones]
    found = [one for of_kinds in counted.values() for one in of_kinds.values()]
    workers = [
        one[Worker.Profession.SOCIAL_WORKER] for one in covered.values() if Worker.Profession.SOCIAL_WORKER in one
    ]
    all_workers, supervised = sum(one.workers for one in workers), sum(one.supervised for one in workers)
    hidden = any(cell.suppressed for row in rows for cell in row if isinstance(cell, Cell))
    return {
        "with_plan": len(planned),
        "with_sessions": len(counted),
        "all": len(zones),
        "anything": bool(planned or counted),
        "table": Table(
            _("Supervisione nel %(year)s, zona per zona") % {"year": year},
            [
                Column(_("Zona")),
                Column(_("Ore previste"), "number"),
                Column(_("Incontri"), "number"),
                *(Column(_("Ore %(kind)s") % {"kind": kind}, "number") for kind in KINDS),
                Column(_("Assistenti sociali"), "number"),
                Column(_("Con supervisione"), "number"),
                Column(_("Copertura"), "percent"),
            ],
            rows,
            total=[
                _("%(count)s zone su %(all)s") % {"count": len(counted), "all": len(zones)},
                sum(planned.values()) if planned else None,
                sum(one.sessions for one in found) if found else None,
                *(_hours(counted, kind) for kind in KINDS),
                None if hidden else all_workers,
                None if hidden else supervised,
                None if hidden or not all_workers else Decimal(supervised) / all_workers,
            ],
            synthetic=any(row.synthetic for row in plans),
            note=_(
                "Solo numeri: i nomi li legge chi programma la zona. Un trattino dove la zona non ha scritto niente:"
                " non è zero."
            ),
        ),
    }


def _of_zone(zone, planned, counted, covered, least):
    own = counted.get(zone.pk, {})
    workers = covered.get(zone.pk, {}).get(Worker.Profession.SOCIAL_WORKER)
    few = bool(workers) and workers.workers < least
    return [
        zone.name,
        planned.get(zone.pk),
        sum(one.sessions for one in own.values()) if own else None,
        *(own[kind].hours if kind in own else None for kind in KINDS),
        *(
            Cell(value, suppressed=few)
            for value in ((workers.workers, workers.supervised, workers.share) if workers else (None, None, None))
        ),
    ]


def _hours(counted, kind):
    found = [own[kind].hours for own in counted.values() if kind in own]
    return sum(found) if found else None
