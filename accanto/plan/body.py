from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.plan.bilingual import BilingualField
from accanto.plan.grade import Grade


class Body(models.Model):
    """One of the bodies that govern the plan. Composition, quorum and meetings are empty where no source gives them."""

    class Level(models.TextChoices):
        REGION = "region", _("regionale")
        ZONE = "zone", _("di zona")

    code = models.SlugField(_("codice"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("ordine"))
    level = models.CharField(_("livello"), max_length=10, choices=Level.choices)
    name = BilingualField(_("nome"))
    description = BilingualField(_("che cosa fa"))
    quorum = models.PositiveSmallIntegerField(_("numero legale"), null=True, blank=True)
    meetings_a_year = models.PositiveSmallIntegerField(_("riunioni l'anno"), null=True, blank=True)
    members = BilingualField(_("chi ne fa parte"), null=True, blank=True, default=None)
    grade = models.CharField(_("quanto è certo"), max_length=10, choices=Grade.choices)
    source = models.CharField(_("fonte"), max_length=300)
    act = models.ForeignKey(
        "plan.Act", models.PROTECT, null=True, blank=True, related_name="bodies", verbose_name=_("atto")
    )

    class Meta:
        verbose_name = _("organo del piano")
        verbose_name_plural = _("organi del piano")
        ordering = ["order"]

    def __str__(self):
        return self.name.get("it", self.code)
