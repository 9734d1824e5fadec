from django.db import models
from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _


class PopulationQuerySet(models.QuerySet):
    def on(self, date):
        """Counted exactly that day: the dates come from different ISTAT series and must not be mixed."""
        return self.filter(date=date)

    def of_zone(self, zone):
        return self.filter(municipality__zone=zone)

    def latest_date(self, day):
        """The last day counted not after `day`; None where nothing was counted yet."""
        return self.filter(date__lte=day).aggregate(last=Max("date"))["last"]

    def counted_dates(self):
        return list(self.order_by("date").values_list("date", flat=True).distinct())

    def by_zone(self):
        """{zone number: residents}. Ask it of one date: `Population.objects.on(date).by_zone()`."""
        totals = self.order_by().values("municipality__zone").annotate(total=Sum("residents"))
        return {row["municipality__zone"]: row["total"] for row in totals}

    def total(self):
        """All residents together; None where nothing was counted."""
        return self.aggregate(total=Sum("residents"))["total"]


class Population(models.Model):
    municipality = models.ForeignKey(
        "territory.Municipality", on_delete=models.PROTECT, related_name="populations", verbose_name=_("comune")
    )
    date = models.DateField(_("giorno"))
    residents = models.PositiveIntegerField(_("residenti"))
    source = models.CharField(_("fonte"), max_length=200)

    objects = PopulationQuerySet.as_manager()

    class Meta:
        verbose_name = _("popolazione")
        verbose_name_plural = _("popolazioni")
        ordering = ["municipality", "-date"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "date"],
                name="population_once_a_day",
                violation_error_message=_("Per questo comune c’è già una popolazione di quel giorno."),
            )
        ]

    def __str__(self):
        return f"{self.municipality_id} {self.date:%d/%m/%Y}: {self.residents}"
