"""What is due about the places an office follows: offers to read, traineeships left at a host that has closed."""

from django.db.models import Count, F, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.gathering import ASKING, Part
from accanto.access.role import Degree
from accanto.traineeships.place import Place
from accanto.traineeships.traineeship import OPEN, TO_START, Traineeship
from accanto.web.due import Due

PARTS = {
    # one row for all the offers to read, however many
    "offers": Part(
        Degree.PLACEMENT,
        Place.objects.filter(zone_id=ASKING.zone_id, office_words="")
        .to_review()
        .order_by()
        .values("zone")
        .annotate(count=Count("pk"), since=Min("offered_at")),
    ),
    # and one for each host that has closed with somebody there
    "closed_hosts": Part(
        Degree.PLACEMENT,
        Traineeship.objects.within(ASKING)
        .filter(state__in=(*TO_START, *OPEN), host__closed_on__isnull=False)
        .values("host", name=F("host__organisation__name"))
        .annotate(count=Count("pk"), since=Min("host__closed_on"))
        .order_by("since", "host"),
        most=20,
    ),
}


def of_zone(rows):
    return [
        *(offers_due(row.count, row.since) for row in rows["offers"]),
        *(closed_host_due(row.host, row.name, row.count, row.since) for row in rows["closed_hosts"]),
    ]


def offers_due(count, since):
    words = ngettext("%(count)s posto offerto da esaminare", "%(count)s posti offerti da esaminare", count)
    return Due(
        title=words % {"count": count},
        what=gettext_lazy("posti offerti da esaminare"),
        since=timezone.localdate(since),
        url=reverse("places") + "?show=offered",
        label=_("Esamina"),
    )


def closed_host_due(host, name, count, since):
    return Due(
        title=_("%(host)s non accoglie più: tirocini da spostare o chiudere") % {"host": name},
        what=gettext_lazy("tirocini presso chi non accoglie più"),
        since=since,
        url=reverse("host", args=[host]),
        label=_("Vedi"),
        note=ngettext("%(count)s tirocinio", "%(count)s tirocini", count) % {"count": count},
    )
