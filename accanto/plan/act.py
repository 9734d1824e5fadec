from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.plan.bilingual import BilingualField
from accanto.plan.grade import Grade


class Act(models.Model):
    """An act the plan stands on. A day or a number that nobody has found is empty, never guessed."""

    class Read(models.TextChoices):
        NONE = "none", _("testo non letto")
        SUMMARY = "summary", _("letta una pagina che lo riassume")
        PART = "part", _("letto in parte")
        FULL = "full", _("letto per intero")

    code = models.SlugField(_("codice"), max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(_("ordine"))
    kind = models.CharField(_("tipo"), max_length=20)
    issuer = models.CharField(_("emanato da"), max_length=120)
    number = models.CharField(_("numero"), max_length=20, blank=True)
    date = models.DateField(_("data"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("anno"), null=True, blank=True)
    subject = BilingualField(_("oggetto"))
    later = models.CharField(_("modificato o corretto da"), max_length=120, blank=True)
    grade = models.CharField(_("quanto è certo"), max_length=10, choices=Grade.choices)
    content_read = models.CharField(_("quanto se ne è letto"), max_length=10, choices=Read.choices)
    link = models.URLField(_("collegamento"), max_length=300, blank=True)
    source = models.CharField(_("fonte"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("atto")
        verbose_name_plural = _("atti")
        ordering = ["order"]

    def __str__(self):
        words = {
            "REG_UE": "Reg. UE",
            "DLGS": "D.Lgs.",
            "LR": "L.R.",
            "L": "L.",
            "AVVISO": "Avviso",
            "ACCORDO": "Accordo",
        }
        number = f"n. {self.number}" if self.number else ""
        when = f"del {self.date:%d/%m/%Y}" if self.date else f"({self.year})" if self.year else ""
        return " ".join(part for part in (words.get(self.kind, self.kind), number, when) if part)
