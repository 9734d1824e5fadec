from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access.standing import StandingFacts
from accanto.norms import staffing as norms


class StaffFigures(StandingFacts):
    def finalised(self):
        """Of returns that reached the ministry; drafts are their zone's own."""
        return self.filter(staffing_return__state="finalised")

    def within(self, acting):
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self


class StaffFigure(models.Model):
    """The social workers of a zone in a year, as a return says: the permanent ones in full-time equivalents, averaged
    over the year, which the law uses; and the heads at 31 December, which is another series and is never mixed with it.

    The residents stand here with their day and source, so that what was computed can be computed again."""

    class Status(models.TextChoices):
        FINAL = "final", _("consolidato")
        FORECAST = "forecast", _("previsione")

    class Reading(models.TextChoices):
        MONTHS = "months", _("a mesi")
        DAYS = "days", _("a giorni")

    staffing_return = models.ForeignKey(
        "staffing.StaffingReturn", models.PROTECT, related_name="figures", verbose_name=_("prospetto")
    )
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    year = models.PositiveSmallIntegerField(_("anno"))
    status = models.CharField(_("stato del dato"), max_length=10, choices=Status.choices)
    residents = models.PositiveIntegerField(_("residenti"))
    residents_on = models.DateField(_("residenti del"))
    residents_source = models.CharField(_("fonte dei residenti"), max_length=200)
    permanent_fte = models.DecimalField(
        _("a tempo indeterminato, media annua in tempo pieno"), max_digits=9, decimal_places=4
    )
    headcount = models.PositiveIntegerField(_("persone al 31 dicembre"))
    # how it was averaged from the contracts, of which the rows of the return are the parts; empty: written by hand
    reading = models.CharField(_("come si conta l’anno"), max_length=10, choices=Reading.choices, blank=True)
    synthetic = models.BooleanField(_("dato sintetico"), default=False)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = StaffFigures.as_manager()

    class Meta:
        verbose_name = _("personale di una zona in un anno")
        verbose_name_plural = _("personale delle zone per anno")
        ordering = ["year", "zone", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["staffing_return", "year"], condition=Q(superseded_at=None), name="staffing_figure_once"
            ),
            models.CheckConstraint(condition=Q(permanent_fte__gte=0, residents__gt=0), name="staffing_figure_possible"),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("recorded_at")), name="staffing_figure_times"
            ),
        ]
        indexes = [models.Index(fields=["zone", "year"], condition=Q(superseded_at=None), name="staffing_figure_zone")]

    def __str__(self):
        return f"{self.zone_id} {self.year}: {self.permanent_fte}"


def contribution(figure):
    """The law's reading of a figure: thresholds, gaps and the State's contribution with its rows of calculation."""
    return contribution_of(residents=figure.residents, fte=figure.permanent_fte, year=figure.year)


def contribution_of(*, residents, fte, year):
    return norms.contribution(residents=residents, fte=fte, on=date(year, 12, 31))


def published(*, year) -> dict[int, StaffFigure]:
    """{zone: figure} of a year out of finalised returns: the final one where there is one, else the forecast."""
    rows = StaffFigure.objects.standing().finalised().filter(year=year).select_related("zone", "staffing_return")
    best: dict[int, StaffFigure] = {}
    for row in rows.order_by("-status", "id"):  # forecasts first: the final figure takes their place
        best[row.zone_id] = row
    return best


def published_years() -> list[int]:
    rows = StaffFigure.objects.standing().finalised()
    return list(rows.order_by("year").values_list("year", flat=True).distinct())


def published_of(zone) -> list[StaffFigure]:
    """The figures of a zone year by year, final before forecast in the same year."""
    rows = StaffFigure.objects.standing().finalised().filter(zone=zone).select_related("staffing_return")
    return list(rows.order_by("year", "status"))
