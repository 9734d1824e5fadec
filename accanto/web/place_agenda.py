"""What is due about the places an office follows: offers to read, traineeships left at a host that has closed."""

from django.db.models import CharField, Count, DateField, F, IntegerField, Min, Value
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.traineeships.place import Place
from accanto.traineeships.traineeship import OPEN, TO_START, Traineeship
from accanto.web.due import Due


def of_zone(*, acting):
    """One line for all the offers to read, however many, and one for each host that has closed with somebody there:
    both in one statement."""
    found = Place.objects.filter(zone_id=acting.zone_id, office_words="").to_review().order_by()
    offers = found.values("state").annotate(
        of_host=Value(None, output_field=IntegerField()),
        host_name=Value("", output_field=CharField()),
        count=Count("pk"),
        since=Min(TruncDate("offered_at"), output_field=DateField()),
    )
    left = Traineeship.objects.within(acting).filter(state__in=(*TO_START, *OPEN), host__closed_on__isnull=False)
    closed = (
        left.order_by()
        .values("host_id")
        .annotate(
            of_host=F("host_id"),
            host_name=F("host__organisation__name"),
            count=Count("pk"),
            since=Min("host__closed_on"),
        )
    )
    columns = ("of_host", "host_name", "count", "since")
    rows = offers.values_list(*columns).union(closed.values_list(*columns), all=True).order_by("since", "of_host")
    return [due(*row) for row in rows[:20]]


def due(host, name, count, since):
    if host is None:
        words = ngettext("%(count)s posto offerto da esaminare", "%(count)s posti offerti da esaminare", count)
        return Due(
            title=words % {"count": count},
            what=gettext_lazy("posti offerti da esaminare"),
            since=since,
            url=reverse("places") + "?show=offered",
            label=_("Esamina"),
        )
    return Due(
        title=_("%(host)s non accoglie più: tirocini da spostare o chiudere") % {"host": name},
        what=gettext_lazy("tirocini presso chi non accoglie più"),
        since=since,
        url=reverse("host", args=[host]),
        label=_("Vedi"),
        note=ngettext("%(count)s tirocinio", "%(count)s tirocini", count) % {"count": count},
    )
