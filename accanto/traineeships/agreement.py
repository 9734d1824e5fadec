from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log


class Party(models.TextChoices):
    PROMOTER = "promoter", _("soggetto promotore")
    HOST = "host", _("soggetto ospitante")
    BODY_IN_CHARGE = "body_in_charge", _("ente che ha in carico la persona")
    TRAINEE = "trainee", _("la persona")
    GUARDIAN = "guardian", _("chi la rappresenta")


# the parties of the agreement; the plan is signed by the person too (R-TIS-20, R-TIS-24)
AGREEMENT_PARTIES = (Party.PROMOTER, Party.HOST, Party.BODY_IN_CHARGE)


class Agreements(models.QuerySet):
    def in_force(self, day):
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), signed_on__isnull=False)


class Agreement(models.Model):
    """The traineeship agreement (convenzione): one may hold many plans, with its own dates and places (R-TIS-37)."""

    promoter = models.ForeignKey(
        "access.Organisation", models.PROTECT, verbose_name=_("soggetto promotore"), related_name="+"
    )
    host = models.ForeignKey("traineeships.Host", models.PROTECT, related_name="agreements")
    body_in_charge = models.ForeignKey(
        "access.Organisation", models.PROTECT, verbose_name=_("ente che ha in carico la persona"), related_name="+"
    )
    reference = models.CharField(_("protocollo o repertorio"), max_length=80, blank=True)
    # without a day it is only ready to be signed, and holds up nothing
    signed_on = models.DateField(_("firmata il"), null=True, blank=True)
    signed_by = ArrayField(
        models.CharField(max_length=20, choices=Party.choices), default=list, blank=True, verbose_name=_("firmata da")
    )
    valid_from = models.DateField(_("vale dal"))
    valid_to = models.DateField(_("vale fino al"), null=True, blank=True)
    places = models.PositiveSmallIntegerField(_("posti"), null=True, blank=True)

    objects = Agreements.as_manager()

    class Meta:
        verbose_name = _("convenzione di tirocinio")
        verbose_name_plural = _("convenzioni di tirocinio")
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="traineeships_agreement_dates"
            )
        ]

    def __str__(self):
        return self.reference or (f"{self.signed_on:%d/%m/%Y}" if self.signed_on else str(_("da firmare")))


def sign_agreement(*, by, now, **facts):
    agreement = Agreement.objects.create(**facts)
    log.act("sign", agreement, by=by, now=now)
    return agreement


def trainees(agreements):
    """{agreement id: (running, to start)} over every zone: figures, and nobody's name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select agreement_id, running, to_start from agreements_used(%s::bigint[])",
            [[row.pk for row in agreements]],
        )
        return {agreement: (running, to_start) for agreement, running, to_start in cursor.fetchall()}
