from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from .population import Population


class ZoneQuerySet(models.QuerySet):
    def of_health_authority(self, name):
        return self.filter(health_authority=name)

    def with_residents(self, *, on):
        """Adds `residents`: the sum of the municipalities' residents counted exactly on `on`; None where nothing was
        counted that day."""
        counted = Population.objects.on(on).filter(municipality__zone=OuterRef("pk")).order_by()
        total = counted.values("municipality__zone").annotate(total=Sum("residents")).values("total")
        return self.annotate(residents=Subquery(total))

    def with_municipality_over(self, threshold, *, on):
        """The zones where at least one municipality had **more than** `threshold` residents on `on`.

        With 75,000 they are the zones where the regional plan wants a service centre (DGR 557/2022).
        """
        above = Population.objects.on(on).filter(residents__gt=threshold)
        return self.filter(pk__in=above.order_by().values("municipality__zone"))


class Zone(models.Model):
    """A zona-distretto, which in Tuscany is also the ambito territoriale sociale (art. 64 L.R. 40/2005).

    The number is ours, small, and stands on every secret row; it is never given to another zone.
    """

    id = models.SmallIntegerField(_("numero"), primary_key=True)
    code = models.SlugField(_("codice"), max_length=80, unique=True)
    name = models.CharField(_("nome"), max_length=120, unique=True)
    health_authority = models.CharField(_("azienda USL"), max_length=120)
    provinces = ArrayField(models.CharField(max_length=2), verbose_name=_("province"))
    order = models.SmallIntegerField(_("ordine"))
    # The ministry lists the ambiti under a code of its own, not found published: blank until somebody has it.
    ambito_code = models.CharField(_("codice dell’ambito"), max_length=20, blank=True)

    objects = ZoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("zona-distretto")
        verbose_name_plural = _("zone-distretto")
        ordering = ["order", "id"]

    def __str__(self):
        return self.name
