import datetime as dt

from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.traineeships import controls
from accanto.traineeships.anomaly import Anomaly

# a search that nobody took on for so long is not gone on with: the registers have changed meanwhile
LEFT = dt.timedelta(hours=12)


class ControlSearches(models.QuerySet):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id)


class ControlSearch(models.Model):
    """The search for what is unusual that somebody asked for in a zone: how far it has come, or how the last one ended.

    One a zone: who asks while it is under way goes on with that one. What each did is in the log."""

    zone = models.OneToOneField("territory.Zone", models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(_("cominciata il"))
    begun_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("finita il"), null=True, blank=True)
    # the last traineeship looked at: the next piece begins after it
    reached = models.PositiveBigIntegerField(default=0)
    total = models.PositiveIntegerField(_("tirocini da guardare"))
    looked = models.PositiveIntegerField(_("tirocini guardati"), default=0)
    found = models.PositiveIntegerField(_("anomalie nuove"), default=0)
    mended = models.PositiveIntegerField(_("anomalie non più vere"), default=0)

    objects = ControlSearches.as_manager()

    class Meta:
        verbose_name = _("ricerca di anomalie")
        verbose_name_plural = _("ricerche di anomalie")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("begun_at")), name="traineeships_search_dates"
            ),
        ]

    def __str__(self):
        return f"{self.zone} {self.begun_at:%d/%m/%Y}"

    def is_working(self, now):
        return self.ended_at is None and now - self.begun_at < LEFT

    def by_kind(self):
        """What it has found that was not there before: [(what, how many)], the most first."""
        mine = Anomaly.objects.filter(zone_id=self.zone_id, found_at__gte=self.begun_at, raised_by=None)
        return list(mine.values_list("what").annotate(count=Count("pk")).order_by("-count", "what"))


@transaction.atomic
def begin(*, by, now):
    """Look for what is unusual in one's own zone; where a search is under way already, that one."""
    total = controls.to_look_at(by.role.zone, today=timezone.localdate(now)).count()
    fresh = {"begun_at": now, "begun_by": by.user, "total": total}
    # two presses at once: the second finds the first
    ControlSearch.objects.bulk_create([ControlSearch(zone_id=by.zone_id, **fresh)], ignore_conflicts=True)
    search = ControlSearch.objects.within(by).select_for_update().get()
    if search.begun_at == now:
        log.act("begin", search, by=by, now=now, total=total)
    elif not search.is_working(now):
        fresh |= {"ended_at": None, "reached": 0, "looked": 0, "found": 0, "mended": 0}
        ControlSearch.objects.within(by).update(**fresh)
        search.refresh_from_db()
        log.act("begin", search, by=by, now=now, total=total)
    return search


@transaction.atomic
def go_on(*, by, now):
    """The next piece of the search of the zone, short enough for a page that waits; None where none is under way."""
    search = ControlSearch.objects.within(by).select_for_update().first()
    if search is None or not search.is_working(now):
        return search
    done, reached = controls.look_after(search.reached, zone=by.role.zone, by=by, now=now)
    search.looked, search.found = search.looked + done.looked, search.found + done.found
    search.mended, search.reached = search.mended + done.mended, reached or search.reached
    if reached is None:
        search.ended_at = now
        told = {"looked": search.looked, "found": search.found, "mended": search.mended}
        log.act("end", search, by=by, now=now, **told)
    search.save(update_fields=["looked", "found", "mended", "reached", "ended_at"])
    return search
