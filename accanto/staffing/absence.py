from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts
from accanto.norms.days import Period
from accanto.norms.findings import Refused
from accanto.norms.text import Text
from accanto.staffing.worker import impossible


class Absences(StandingFacts):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self.none()


class Absence(models.Model):
    """Days in which a worker was away, or here by secondment. It tells of health: a table of its own, read by who plans
    the zone only. Whether it takes days off the year's average says the sheet ST-27, which nobody has verified."""

    class Kind(models.TextChoices):
        UNPAID_LEAVE = "unpaid_leave", _("aspettativa non retribuita")
        SECONDMENT_OUT = "secondment_out", _("comando in uscita")
        SECONDMENT_IN = "secondment_in", _("comando in entrata")
        MATERNITY = "maternity", _("maternità")
        ILLNESS = "illness", _("malattia")

    worker = models.ForeignKey("staffing.Worker", models.PROTECT, related_name="absences", verbose_name=_("operatore"))
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    kind = models.CharField(_("che cosa"), max_length=20, choices=Kind.choices)
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"), null=True, blank=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = Absences.as_manager()

    class Meta:
        verbose_name = _("assenza dal lavoro")
        verbose_name_plural = _("assenze dal lavoro")
        ordering = ["starts", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="staffing_absence_dates"),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("recorded_at")), name="staffing_absence_times"
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "worker"], condition=Q(superseded_at=None), name="staffing_absence_zone"),
            models.Index(fields=["worker"], name="staffing_absence_worker"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.starts:%d/%m/%Y}"

    @property
    def period(self) -> Period:
        return Period(self.starts, self.ends)


@transaction.atomic
def record(*, worker, kind, starts, ends, by, now, instead_of=None) -> Absence:
    """An absence, or its correction (the day of the return): the row before stays, superseded. Raises Refused."""
    found = []
    if ends and ends < starts:
        found.append(
            impossible(
                "ends",
                Text("La fine viene prima dell’inizio.", "The end comes before the beginning."),
                Text("Correggi uno dei due giorni.", "Correct one of the two days."),
            )
        )
    others = worker.absences.standing().filter(kind=kind).filter(Q(ends=None) | Q(ends__gte=starts))
    if ends:
        others = others.filter(starts__lte=ends)
    if instead_of:
        others = others.exclude(pk=instead_of.pk)
    if others.exists():
        found.append(
            impossible(
                "starts",
                Text("C’è già un’assenza uguale in questi giorni.", "The same absence is there already in these days."),
                Text("Correggi quella.", "Correct that one."),
            )
        )
    if found:
        raise Refused(found)
    if instead_of:
        _supersede(instead_of, now)
    row = Absence.objects.create(
        worker=worker, zone_id=worker.zone_id, kind=kind, starts=starts, ends=ends, recorded_at=now
    )
    # of what kind it is the log does not say: it would tell of somebody's health
    log.act("record", row, by=by, now=now, worker=worker.pk)
    return row


@transaction.atomic
def withdraw(*, absence, by, now):
    """It never was: it takes nothing off, and stays on record."""
    _supersede(absence, now)
    log.act("withdraw", absence, by=by, now=now, worker=absence.worker_id)


def _supersede(absence, now):
    row = Absence.objects.select_for_update().get(pk=absence.pk)
    if row.superseded_at:
        raise Refused(
            [
                impossible(
                    "absence",
                    Text("Questa assenza è già stata corretta o ritirata.", "This absence was corrected already."),
                    Text("Ricarica la pagina dell’operatore.", "Reload the worker's page."),
                )
            ]
        )
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])
