from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow
from accanto.cases.diary import Facts


class HealthFact(SubjectRow):
    """What a health worker writes of a person (GDPR art. 9). Of the offices only who follows the case reads it, because
    they need it; employment centres, third-sector bodies and hosts read limits and accommodations, never this."""

    class Kind(models.TextChoices):
        DIAGNOSIS = "diagnosis", _("diagnosi")
        CARE = "care", _("cure e terapie")
        CERTIFICATE = "certificate", _("certificazione")
        RISK = "risk", _("rischio e che cosa fare")
        OTHER = "other", _("altro")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    day = models.DateField(_("giorno"))
    kind = models.CharField(_("che cosa"), max_length=20, choices=Kind.choices)
    text = models.TextField(_("testo"))
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("ritirato il"), null=True, blank=True)

    objects = Facts.as_manager()

    class Meta:
        verbose_name = _("dato sanitario")
        verbose_name_plural = _("dati sanitari")
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["subject"], name="cases_healthfact_of_subject")]

    def __str__(self):
        return self.get_kind_display()


def record(*, case, day, kind, text, by, now):
    row = HealthFact.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        day=day,
        kind=kind,
        text=text.strip(),
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("record", row, by=by, now=now, sealed=True)
    return row


def withdraw(*, fact, by, now):
    """It no longer holds; the row stays."""
    fact.superseded_at = now
    fact.save(update_fields=["superseded_at"])
    log.act("withdraw", fact, by=by, now=now, sealed=True)
