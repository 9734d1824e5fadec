from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.norms.days import Period


class HostClosures(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None)

    def touching(self, first, last):
        return self.filter(first__lte=last, last__gte=first)

    def periods(self, hosts, first, last):
        """Host id -> the periods it is closed that touch these days: one query, however many hosts."""
        found = {}
        rows = self.touching(first, last).filter(host_id__in=hosts).order_by("host_id", "first", "id")
        for host, begins, ends in rows.values_list("host_id", "first", "last"):
            found[host] = (*found.get(host, ()), Period(begins, ends))
        return found


class HostClosure(models.Model):
    """Days a host is closed, written once: all its registers show them, and none asks for hours. Of nobody in charge.

    Local holidays (the patron saint's) are closures too: which town has which is not in the calendar of the law."""

    class Reason(models.TextChoices):
        HOLIDAYS = "holidays", _("ferie dell'ospitante")
        LOCAL_HOLIDAY = "local_holiday", _("festa del patrono o locale")
        WORKS = "works", _("lavori o guasto")
        OTHER = "other", _("altro motivo")

    host = models.ForeignKey("traineeships.Host", models.PROTECT, related_name="closures")
    first = models.DateField(_("dal"))
    last = models.DateField(_("al"))
    reason = models.CharField(_("motivo"), max_length=20, choices=Reason.choices, default=Reason.HOLIDAYS)
    recorded_at = models.DateTimeField(_("registrata il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("tolta il"), null=True, blank=True)
    withdrawn_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = HostClosures.as_manager()

    class Meta:
        verbose_name = _("chiusura dell'ospitante")
        verbose_name_plural = _("chiusure dell'ospitante")
        ordering = ["-first", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="traineeships_hostclosure_dates"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="traineeships_hostclosure_withdrawn",
            ),
        ]

    def __str__(self):
        return f"{self.first} - {self.last}"


def close_host(*, host, first, last, reason, by, now):
    """Write the days a host is closed, the first and the last included."""
    row = HostClosure.objects.create(
        host=host, first=first, last=last, reason=reason, recorded_at=now, recorded_by=by.user
    )
    log.act("close", row, by=by, now=now, host=host.pk, first=first, last=last)
    return row


def withdraw(*, closure, by, now):
    """It was written by mistake: the registers ask for those days again."""
    closure.withdrawn_at, closure.withdrawn_by = now, by.user
    closure.save(update_fields=["withdrawn_at", "withdrawn_by"])
    log.act("withdraw", closure, by=by, now=now, host=closure.host_id)
