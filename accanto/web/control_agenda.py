"""What is due around the controls: anomalies to look at, inspections to begin, to write, to send."""

import datetime as dt

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.gathering import ASKING, Part
from accanto.access.role import Degree
from accanto.traineeships import anomaly
from accanto.traineeships.anomaly import Anomaly, State
from accanto.traineeships.host_inspection import HostInspection
from accanto.web.due import Due

SHOWN = 20
LATE = dt.timedelta(days=30)  # how long one that ended without a report is still asked for
WORDS = gettext_lazy("anomalie da verificare")


PARTS = {
    "anomalies": Part(
        Degree.CONTROL,
        Anomaly.objects.within(ASKING)
        .to_look_at()
        .order_by()
        .values("zone")
        .annotate(count=Count("pk"), since=Min("found_at")),
    )
}


def of_zone(rows):
    """One line for who follows people: how many wait, since when."""
    return [due(row.count, row.since) for row in rows]


def of_planner(*, acting, today):
    """One line for the anomalies, without a name, and one for each inspection that ends without a report."""
    waiting = [(count, since) for _host, _what, state, count, since in anomaly.by_host() if state == State.OPEN]
    found = [due(sum(count for count, _since in waiting), min(since for _count, since in waiting))] if waiting else []
    over = HostInspection.objects.within(acting).filter(
        closed_at=None, ended_at=None, ends__range=(today - LATE, today)
    )
    for row in over.with_names().order_by("ends", "id")[:SHOWN]:
        found.append(
            Due(
                title=_("Finisce l’ispezione presso %(host)s, senza verbale") % {"host": row.host},
                what=gettext_lazy("ispezioni"),
                when=row.ends,
                url=reverse("inspection", args=[row.pk]),
                label=_("Apri"),
                note=str(row.inspector),
            )
        )
    return found


def due(count, since):
    words = ngettext("%(count)s anomalia da verificare", "%(count)s anomalie da verificare", count)
    return Due(
        title=words % {"count": count},
        what=WORDS,
        since=timezone.localdate(since),
        url=reverse("controls"),
        label=_("Guarda"),
    )


def of_inspector(acting, today, now):
    """One's own inspections: those to begin, those whose report is still to write, with their last day."""
    rows = HostInspection.objects.within(acting).filter(closed_at=None, ended_at=None, ends__gte=today)
    return [
        Due(
            title=(_("Ispezione da finire: %(host)s") if row.begun_at else _("Ispezione da cominciare: %(host)s"))
            % {"host": row.host},
            what=gettext_lazy("ispezioni"),
            when=row.ends if row.begun_at else row.starts if row.starts > today else None,
            since=row.starts,
            url=reverse("inspection", args=[row.pk]),
            label=_("Apri"),
            note=str(row.host.municipality),
        )
        for row in rows.with_names().order_by("starts", "id")[:SHOWN]
    ]
