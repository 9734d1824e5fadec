import re

from django.db import models
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from accanto.access.standing import StandingFacts

# The lines of mission 5 component 2 the plan speaks of. M5C3 1.1.1 (inner areas) has nearly the same name as P.I.P.P.I.
# and is another measure, which left the PNRR (AD-51): the component is part of the code, always.
LINES = {
    "M5C2I1.01.01": ("1.1.1", _("Sostegno ai genitori e alle famiglie fragili (P.I.P.P.I.)")),
    "M5C2I1.01.04": ("1.1.4", _("Supervisione degli operatori sociali")),
    "M5C2I1.02.00": ("1.2", _("Autonomia delle persone con disabilità")),
    "M5C2I1.03.01": ("1.3.1", _("Housing first")),
    "M5C2I1.03.02": ("1.3.2", _("Stazioni di posta e centri servizi")),
}
FOLLOWED = re.compile(r"M5C2I1\.(01\.01|01\.04|02\.\d\d|03\.\d\d)", re.ASCII)
CUP = re.compile(r"[A-Z]\d{2}[A-Z]\d{11}", re.ASCII)  # from samples, not from the rules of the CUP system
EVERYWHERE = "TUTTI I COMUNI"


class Localisations(StandingFacts):
    def last_extract(self):
        """The day of the newest extract; None where nothing was imported."""
        return self.standing().aggregate(last=Max("extraction_date"))["last"]


class Localisation(models.Model):
    """A line of the universe of PNRR localisations, as published: a project (CUP) and a municipality where it is.

    Some projects name all the municipalities of a province, some only the seat of the body that leads."""

    submeasure = models.CharField(_("sottomisura"), max_length=20)
    description = models.CharField(_("descrizione"), max_length=600, blank=True)
    cup = models.CharField(_("CUP"), max_length=15)
    local_code = models.CharField(_("codice locale del progetto"), max_length=60, blank=True)
    province_name = models.CharField(_("provincia, come pubblicata"), max_length=120)
    municipality_as_published = models.CharField(_("comune, come pubblicato"), max_length=120)
    municipality = models.ForeignKey(
        "territory.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("comune")
    )
    zone = models.ForeignKey(
        "territory.Zone", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("zona")
    )
    extraction_date = models.DateField(_("estratto del"))
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = Localisations.as_manager()

    class Meta:
        verbose_name = _("localizzazione PNRR")
        verbose_name_plural = _("localizzazioni PNRR")
        ordering = ["submeasure", "cup", "municipality_as_published", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["extraction_date", "submeasure", "cup", "province_name", "municipality_as_published"],
                condition=Q(superseded_at=None),
                name="plan_localisation_once_an_extract",
            )
        ]

    def __str__(self):
        return f"{self.cup} {self.municipality_as_published}"

    @property
    def everywhere(self):
        return self.municipality_as_published.upper() == EVERYWHERE
