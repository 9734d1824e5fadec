from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows


class AlreadyReopened(Exception):
    """Somebody else reopened the month a moment ago."""


class MonthlyCloses(SubjectRows):
    def standing(self):
        return self.filter(reopened_at=None)


class MonthlyClose(SubjectRow):
    """A month of one register, closed: its days and signatures change no more, and PostgreSQL refuses who tries.

    `shown` is the month as it was closed, a line a day; its hash goes on the printed register. The office may reopen
    it with a reason, and the row stays."""

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="closes")
    month = models.DateField(_("mese"))
    hours = models.DecimalField(_("ore"), max_digits=6, decimal_places=2)
    days = models.PositiveSmallIntegerField(_("giorni di presenza"))
    shown = models.TextField(_("il mese come è stato chiuso"))
    sha256 = models.CharField(_("impronta"), max_length=64)
    leave_codes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    leave_reason = models.CharField(_("perché si chiude senza firme"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("chiuso il"))
    closed_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(_("riaperto il"), null=True, blank=True)
    reopened_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    reopening_reason = models.CharField(_("perché è riaperto"), max_length=300, blank=True)

    objects = MonthlyCloses.as_manager()

    class Meta:
        verbose_name = _("chiusura mensile")
        verbose_name_plural = _("chiusure mensili")
        ordering = ["month", "id"]
        indexes = [models.Index(fields=["zone", "month"], name="traineeships_close_of_zone")]
        constraints = [
            models.UniqueConstraint(
                fields=["traineeship", "month"], condition=Q(reopened_at=None), name="traineeships_close_one_a_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="traineeships_close_first_of_month"),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None, reopening_reason="")
                | Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reopening_reason=""),
                name="traineeships_close_reopened_with_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}"


def reopen(*, close, reason, by, now):
    """The office lets a closed month be corrected; it is closed again afterwards. Raises AlreadyReopened."""
    done = MonthlyClose.objects.standing().of(close.subject_id).filter(pk=close.pk)
    if not done.update(reopened_at=now, reopened_by=by.user, reopening_reason=reason.strip()):
        raise AlreadyReopened
    log.act("reopen", close, by=by, now=now, month=close.month, reason=reason.strip())
