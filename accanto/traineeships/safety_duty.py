from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts


class SafetyDuty(models.Model):
    """A duty of D.Lgs. 81/2008, which applies to trainees in full (R-INS-04): the paper the host showed, its day, and
    until when it holds if it says so."""

    class Kind(models.TextChoices):
        RISK_ASSESSMENT = "risk_assessment", _("documento di valutazione dei rischi")
        PREVENTION_HEAD = "prevention_head", _("responsabile del servizio di prevenzione e protezione")
        OCCUPATIONAL_DOCTOR = "occupational_doctor", _("medico competente")
        FIRE = "fire", _("addetti antincendio ed emergenza")
        FIRST_AID = "first_aid", _("addetti al primo soccorso")
        TRAINING = "training", _("formazione sulla sicurezza per i tirocinanti")

    class Standing(models.TextChoices):
        SHOWN = "shown", _("visto il documento")
        DECLARED = "declared", _("dichiarato dall’ospitante")
        NOT_NEEDED = "not_needed", _("l’ospitante dichiara che non gli serve")

    host = models.ForeignKey("traineeships.Host", models.PROTECT, related_name="safety_duties")
    kind = models.CharField(_("adempimento"), max_length=30, choices=Kind.choices)
    standing_as = models.CharField(_("come si sa"), max_length=20, choices=Standing.choices)
    dated = models.DateField(_("del"), null=True, blank=True)
    valid_to = models.DateField(_("vale fino al"), null=True, blank=True)
    reference = models.CharField(_("documento o nome"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = StandingFacts.as_manager()

    class Meta:
        verbose_name = _("adempimento di sicurezza")
        verbose_name_plural = _("adempimenti di sicurezza")
        ordering = ["kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "kind"], condition=Q(superseded_at=None), name="traineeships_safetyduty_one_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(dated=None) | Q(valid_to__gte=F("dated")),
                name="traineeships_safetyduty_dates",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


def record(*, host, kind, standing_as, by, now, dated=None, valid_to=None, reference=""):
    """What the host showed or declared; it takes the place of what was known of that duty."""
    SafetyDuty.objects.filter(host=host, kind=kind).standing().update(superseded_at=now)
    row = SafetyDuty.objects.create(
        host=host,
        kind=kind,
        standing_as=standing_as,
        dated=dated,
        valid_to=valid_to,
        reference=reference.strip(),
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("record", row, by=by, now=now, host=host.pk, kind=str(kind))
    return row
