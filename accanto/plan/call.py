from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.plan.bilingual import BilingualField
from accanto.plan.grade import Grade


class Call(models.Model):
    """What a call is: its activity, money and times, each with how sure it is. Its rules are a sheet of the law that
    bears the same code; 3.k.7 is a code whose rules nobody has read."""

    code = models.SlugField(_("codice"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("ordine"))
    activity = models.CharField(_("attività"), max_length=20)
    activity_grade = models.CharField(_("quanto è certa"), max_length=10, choices=Grade.choices)
    fund_line = models.ForeignKey("plan.FundLine", models.PROTECT, related_name="calls", verbose_name=_("linea"))
    act = models.ForeignKey(
        "plan.Act", models.PROTECT, null=True, blank=True, related_name="calls", verbose_name=_("atto")
    )
    name = BilingualField(_("nome"))
    main_tool = models.CharField(_("strumento principale"), max_length=20, blank=True)
    amount = models.DecimalField(_("importo in euro"), max_digits=14, decimal_places=2, null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("durata in mesi"), null=True, blank=True)
    projects = models.PositiveSmallIntegerField(_("progetti"), null=True, blank=True)
    applications_until = models.DateField(_("domande entro il"), null=True, blank=True)
    # {field: {grade, note}} of the four above
    said = models.JSONField(_("quanto è certo ogni dato"), default=dict)
    source = models.CharField(_("fonte"), max_length=300, blank=True)
    link = models.URLField(_("collegamento"), max_length=300, blank=True)
    note = BilingualField(_("nota"), blank=True)

    class Meta:
        verbose_name = _("avviso")
        verbose_name_plural = _("avvisi")
        ordering = ["order"]

    def __str__(self):
        return f"{self.activity} ({self.code})"
