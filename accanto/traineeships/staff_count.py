from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts


class StaffCount(models.Model):
    """How many work at a host on a day, and how it stands with L. 68/1999, as it declared: no number of the law is
    worked out here."""

    class Coverage(models.TextChoices):
        NOT_SUBJECT = "not_subject", _("non ha obblighi")
        COVERED = "covered", _("in regola")
        AGREED = "agreed", _("in regola con una convenzione o un esonero")
        UNCOVERED = "uncovered", _("ha posti scoperti")
        UNKNOWN = "unknown", _("non si sa")

    host = models.ForeignKey("traineeships.Host", models.PROTECT, related_name="staff_counts")
    counted_on = models.DateField(_("alla data del"))
    permanent = models.PositiveIntegerField(_("dipendenti a tempo indeterminato"))
    fixed_term = models.PositiveIntegerField(_("dipendenti a tempo determinato"), null=True, blank=True)
    coverage = models.CharField(
        _("collocamento mirato (L. 68/1999)"), max_length=20, choices=Coverage.choices, default=Coverage.UNKNOWN
    )
    coverage_declared_on = models.DateField(_("dichiarazione del"), null=True, blank=True)
    source = models.CharField(_("da dove si sa"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = StandingFacts.as_manager()

    class Meta:
        verbose_name = _("personale dell’ospitante")
        verbose_name_plural = _("personale degli ospitanti")
        ordering = ["-counted_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "counted_on"], condition=Q(superseded_at=None), name="traineeships_staffcount_one_a_day"
            )
        ]

    def __str__(self):
        return f"{self.permanent} ({self.counted_on:%d/%m/%Y})"


def count(*, host, counted_on, permanent, by, now, fixed_term=None, coverage="unknown", coverage_declared_on=None,
          source=""):  # fmt: skip
    """A new count; of the same day it takes the place of the one before. The host shows the latest."""
    StaffCount.objects.filter(host=host, counted_on=counted_on).standing().update(superseded_at=now)
    row = StaffCount.objects.create(
        host=host,
        counted_on=counted_on,
        permanent=permanent,
        fixed_term=fixed_term,
        coverage=coverage,
        coverage_declared_on=coverage_declared_on,
        source=source.strip(),
        recorded_at=now,
        recorded_by=by.user,
    )
    latest = StaffCount.objects.filter(host=host).standing().order_by("-counted_on", "-id").first()
    host.permanent_staff = latest.permanent
    host.save(update_fields=["permanent_staff"])
    log.act("count", row, by=by, now=now, host=host.pk)
    return row
