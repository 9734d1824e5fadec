from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.plan.bilingual import BilingualField


class Universe(models.Model):
    """What a published series counts. Values of two universes are never put on one line nor added up."""

    code = models.SlugField(_("codice"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("ordine"))
    description = BilingualField(_("che cosa conta"))

    class Meta:
        verbose_name = _("universo")
        verbose_name_plural = _("universi")
        ordering = ["order"]

    def __str__(self):
        return self.code


class RegionalFigure(models.Model):
    """A number published for the whole region, with its universe and who published it."""

    class Status(models.TextChoices):
        FINAL = "final", _("consolidato")
        FORECAST = "forecast", _("previsione")
        REPORTED = "reported", _("riferito dalla stampa")
        PROSPECT = "prospect", _("prospettiva")

    class Unit(models.TextChoices):
        PERSONS = "persons", _("persone")
        PERCENT = "percent", _("per cento")

    order = models.PositiveSmallIntegerField(_("ordine"), unique=True)
    profession = models.CharField(_("professione"), max_length=40)
    universe = models.ForeignKey(Universe, models.PROTECT, related_name="figures", verbose_name=_("universo"))
    year = models.PositiveSmallIntegerField(_("anno"), null=True, blank=True)
    date = models.DateField(_("giorno"), null=True, blank=True)
    value = models.DecimalField(_("valore"), max_digits=10, decimal_places=2)
    unit = models.CharField(_("unità"), max_length=10, choices=Unit.choices)
    status = models.CharField(_("stato del dato"), max_length=10, choices=Status.choices)
    stated_on = models.DateField(_("detto il"))
    source = models.CharField(_("fonte"), max_length=300)
    note = models.CharField(_("nota"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("dato regionale sul personale")
        verbose_name_plural = _("dati regionali sul personale")
        ordering = ["order"]

    def __str__(self):
        return f"{self.profession} {self.year or ''}: {self.value}"
