from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access.standing import StandingFacts


class ReturnRows(StandingFacts):
    def changed_by_hand(self):
        return self.exclude(reason="")


class ReturnRow(models.Model):
    """The part of a return that is one municipality's, or the zone body's: DM 15/2021 wants the whole ambito and each
    municipality. What the contracts make stands beside what was declared; where they differ the reason is kept.

    Read by the zone and by the Region, and not by all: where a municipality has one social worker it is about them."""

    staffing_return = models.ForeignKey(
        "staffing.StaffingReturn", models.PROTECT, related_name="rows", verbose_name=_("prospetto")
    )
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    year = models.PositiveSmallIntegerField(_("anno"))
    # none: the zone body
    municipality = models.ForeignKey(
        "territory.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("comune")
    )
    computed_fte = models.DecimalField(_("tempo pieno, dai contratti"), max_digits=9, decimal_places=4)
    computed_headcount = models.PositiveIntegerField(_("persone al 31 dicembre, dai contratti"))
    permanent_fte = models.DecimalField(_("tempo pieno dichiarato"), max_digits=9, decimal_places=4)
    headcount = models.PositiveIntegerField(_("persone al 31 dicembre dichiarate"))
    reason = models.CharField(_("perché è diverso dai contratti"), max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = ReturnRows.as_manager()

    class Meta:
        verbose_name = _("riga del prospetto")
        verbose_name_plural = _("righe del prospetto")
        ordering = ["year", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["staffing_return", "year", "municipality"],
                condition=Q(superseded_at=None),
                nulls_distinct=False,
                name="staffing_return_row_once",
            ),
            models.CheckConstraint(
                condition=Q(permanent_fte__gte=0, computed_fte__gte=0), name="staffing_return_row_possible"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") | Q(permanent_fte=F("computed_fte"), headcount=F("computed_headcount")),
                name="staffing_return_row_says_why_it_differs",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("recorded_at")),
                name="staffing_return_row_times",
            ),
        ]

    def __str__(self):
        return f"{self.zone_id} {self.year} {self.municipality_id or ''}: {self.permanent_fte}"
