import unicodedata

from django.db import models
from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext_lazy as _


def search_key(text):
    """The text as people type it in a hurry: no accents, no capitals, no apostrophes, single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


class MunicipalityQuerySet(models.QuerySet):
    def in_zone(self, zone):
        return self.filter(zone=zone)

    def named_like(self, text):
        """Those whose name contains the text, accents and apostrophes forgiven; names that begin with it come first."""
        key = search_key(text)
        if not key:
            return self.none()
        begins = Case(When(search_key__startswith=key, then=Value(0)), default=Value(1), output_field=IntegerField())
        return self.filter(search_key__contains=key).order_by(begins, "search_key")


class Municipality(models.Model):
    istat_code = models.CharField(_("codice ISTAT"), max_length=6, primary_key=True)
    name = models.CharField(_("nome"), max_length=120, unique=True)
    search_key = models.CharField(max_length=120, editable=False)
    province = models.CharField(_("provincia"), max_length=2)
    cadastral_code = models.CharField(_("codice catastale"), max_length=4, unique=True)
    zone = models.ForeignKey(
        "territory.Zone", on_delete=models.PROTECT, related_name="municipalities", verbose_name=_("zona-distretto")
    )
    area_km2 = models.DecimalField(_("superficie in km²"), max_digits=9, decimal_places=4)
    altitude_m = models.SmallIntegerField(_("altitudine in metri"), null=True, blank=True)
    coastal = models.BooleanField(_("litoraneo"), default=False)
    island = models.BooleanField(_("isolano"), default=False)
    # A point inside the municipality's own border, not its centroid, which for islands falls in the sea.
    lat = models.DecimalField(_("latitudine"), max_digits=8, decimal_places=5)
    lon = models.DecimalField(_("longitudine"), max_digits=8, decimal_places=5)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("comune")
        verbose_name_plural = _("comuni")
        ordering = ["search_key"]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.search_key = search_key(self.name)
        super().save(**kwargs)
