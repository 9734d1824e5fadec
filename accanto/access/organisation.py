from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access import log


class Organisation(models.Model):
    """A body that acts in the system. Zone authorities, municipalities and employment centres belong to a zone;
    the Region, third-sector bodies and hosts may work in many."""

    class Kind(models.TextChoices):
        REGION = "region", _("Regione")
        ZONE_AUTHORITY = "zone_authority", _("ente di zona")
        MUNICIPALITY = "municipality", _("comune")
        HEALTH_AUTHORITY = "health_authority", _("azienda sanitaria")
        EMPLOYMENT_CENTRE = "employment_centre", _("centro per l'impiego")
        THIRD_SECTOR_BODY = "third_sector_body", _("ente del Terzo settore")
        HOST = "host", _("soggetto ospitante")

    kind = models.CharField(_("tipo"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("denominazione"), max_length=200)
    tax_code = models.CharField(_("codice fiscale dell'ente"), max_length=16, blank=True)
    zone = models.ForeignKey("territory.Zone", models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(_("fonte"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("organizzazione")
        verbose_name_plural = _("organizzazioni")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="access_organisation_once_by_kind_and_name"),
        ]

    def __str__(self):
        return self.name


def register(*, kind, name, by, now, tax_code="", zone=None):
    organisation = Organisation.objects.create(
        kind=kind, name=name.strip(), tax_code=tax_code.strip().upper(), zone=zone
    )
    log.act("register", organisation, by=by, now=now)
    return organisation


def correct(*, organisation, name, by, now, tax_code="", zone=None):
    """Its kind stays: who acts for a body does so because of its kind."""
    organisation.name, organisation.tax_code, organisation.zone = name.strip(), tax_code.strip().upper(), zone
    organisation.save(update_fields=["name", "tax_code", "zone"])
    log.act("correct", organisation, by=by, now=now)
