from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.plan.bilingual import BilingualField
from accanto.plan.grade import Grade


class Targets(models.QuerySet):
    def promised(self):
        """The plan's own targets, without the prospects that were only spoken of."""
        return self.filter(promised=True)


class Target(models.Model):
    """What the plan promises, the indicator it is compared with by its code, and exactly who or what is counted.

    A value that follows from data (zones with a municipality above 75,000 residents) is computed when the pack is
    loaded and says of which day it is; nobody types it."""

    class Unit(models.TextChoices):
        PEOPLE = "people", _("persone")
        ZONES = "zones", _("zone")

    code = models.SlugField(_("codice"), max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(_("ordine"))
    promised = models.BooleanField(_("obiettivo del piano"))
    fund_line = models.ForeignKey(
        "plan.FundLine", models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("linea")
    )
    act = models.ForeignKey(
        "plan.Act", models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("atto")
    )
    indicator = models.CharField(_("indicatore"), max_length=60, blank=True)
    submeasures = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("linee del PNRR")
    )
    name = BilingualField(_("obiettivo"))
    definition = BilingualField(_("che cosa si conta"))
    value = models.PositiveIntegerField(_("valore"))
    at_least = models.BooleanField(_("almeno"), default=False)
    unit = models.CharField(_("unità"), max_length=10, choices=Unit.choices)
    derivation = models.JSONField(_("da che cosa si ricava il valore"), null=True, blank=True)
    derived_on = models.DateField(_("residenti del giorno"), null=True, blank=True)
    deadline = models.DateField(_("entro il"), null=True, blank=True)
    grade = models.CharField(_("quanto è certo"), max_length=10, choices=Grade.choices)
    rule = models.CharField(_("regola"), max_length=20, blank=True)
    source = models.CharField(_("fonte"), max_length=300)

    objects = Targets.as_manager()

    class Meta:
        verbose_name = _("obiettivo")
        verbose_name_plural = _("obiettivi")
        ordering = ["order"]

    def __str__(self):
        return self.name.get("it", self.code)
