from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access.standing import StandingFacts


class PnrrProject(models.Model):
    """A validated project of the PNRR as published: its title, its body and its money in euro.

    The published amounts went through single-precision numbers: above about 100,000 euro their cents are not exact."""

    submeasure = models.CharField(_("sottomisura"), max_length=20)
    cup = models.CharField(_("CUP"), max_length=15)
    local_code = models.CharField(_("codice locale del progetto"), max_length=60)
    call_title = models.CharField(_("avviso"), max_length=400, blank=True)
    status = models.CharField(_("stato del CUP"), max_length=60, blank=True)
    title = models.CharField(_("titolo"), max_length=600)
    body = models.CharField(_("soggetto attuatore"), max_length=200)
    body_tax_code = models.CharField(_("codice fiscale del soggetto attuatore"), max_length=11, blank=True)
    pnrr_euro = models.DecimalField(_("finanziamento PNRR in euro"), max_digits=14, decimal_places=2)
    total_euro = models.DecimalField(_("finanziamento totale in euro"), max_digits=14, decimal_places=2)
    municipality_codes = ArrayField(models.CharField(max_length=6), default=list, verbose_name=_("comuni"))
    zone_codes = ArrayField(models.CharField(max_length=80), default=list, verbose_name=_("zone"))
    updated = models.DateField(_("aggiornato il"))
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = StandingFacts.as_manager()

    class Meta:
        verbose_name = _("progetto PNRR")
        verbose_name_plural = _("progetti PNRR")
        ordering = ["submeasure", "cup", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submeasure", "cup", "local_code"],
                condition=Q(superseded_at=None),
                name="plan_pnrr_project_once",
            ),
            models.CheckConstraint(condition=Q(pnrr_euro__gte=0, total_euro__gte=0), name="plan_pnrr_project_money"),
        ]

    def __str__(self):
        return f"{self.cup} {self.title}"
