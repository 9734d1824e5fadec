"""The zone's plan of supervision, a kind a year: the Piano Operativo Analitico of the LEPS, not the POA of the PIS."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts
from accanto.norms.findings import Refused
from accanto.norms.text import Text
from accanto.staffing.worker import impossible

MOST_HOURS = 5000  # a year, of a kind: more is a slip of the pen


class SupervisionKind(models.TextChoices):
    GROUP = "A1", _("A1, gruppo di assistenti sociali")
    INDIVIDUAL = "A2", _("A2, individuale")
    TEAM = "A3", _("A3, organizzativa di équipe")


class SupervisionPlans(StandingFacts):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self

    def held(self):
        """Those that stand and were not withdrawn."""
        return self.standing().filter(withdrawn=False)


class SupervisionPlan(models.Model):
    """How many hours of a kind a zone plans for a year, and by which act. Corrected or withdrawn by another row, which
    says why. It names nobody: the Region reads it."""

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    year = models.PositiveSmallIntegerField(_("anno"))
    kind = models.CharField(_("tipo"), max_length=2, choices=SupervisionKind.choices)
    hours = models.DecimalField(_("ore previste"), max_digits=6, decimal_places=2)
    act = models.CharField(_("piano operativo analitico (POA)"), max_length=200, blank=True)
    # one for each kind, before the sessions: who gives it was not read
    accreditation = models.CharField(_("accreditamento"), max_length=120, blank=True)
    synthetic = models.BooleanField(_("dato sintetico"), default=False)
    reason = models.CharField(_("perché è cambiato"), max_length=300, blank=True)
    withdrawn = models.BooleanField(_("ritirato"), default=False)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = SupervisionPlans.as_manager()

    class Meta:
        verbose_name = _("piano di supervisione")
        verbose_name_plural = _("piani di supervisione")
        ordering = ["-year", "zone", "kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "year", "kind"], condition=Q(superseded_at=None), name="staffing_supervision_plan_once"
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=MOST_HOURS), name="staffing_supervision_plan_hours"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | ~Q(reason=""), name="staffing_supervision_plan_says_why"
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("recorded_at")),
                name="staffing_supervision_plan_times",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.year}"


@dataclass(frozen=True, kw_only=True)
class PlanTerms:
    """What a plan says."""

    hours: Decimal
    act: str = ""
    accreditation: str = ""


@transaction.atomic
def write(*, zone, year, kind, terms, by, now, reason="", synthetic=False) -> SupervisionPlan:
    """The plan of a kind and a year; where there is one already, it is corrected and `reason` says why. Raises Refused
    where the reason is missing."""
    before = _held(zone, year, kind)
    if before and not before.withdrawn and not reason.strip():
        raise Refused([no_reason()])
    row = _replace(
        before, zone=zone, year=year, kind=kind, now=now, reason=reason.strip(), synthetic=synthetic, **vars(terms)
    )
    log.act("correct" if before else "write", row, by=by, now=now, year=year, kind=kind)
    return row


@transaction.atomic
def withdraw(*, plan, reason, by, now):
    """Not carried out, or written by mistake: another row says so. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused([no_reason()])
    before = _held(plan.zone, plan.year, plan.kind)
    if before is None or before.withdrawn:
        raise Refused([changed_meanwhile()])
    row = _replace(
        before, zone=before.zone, year=before.year, kind=before.kind, now=now, reason=reason.strip(), withdrawn=True,
        hours=before.hours, act=before.act, accreditation=before.accreditation,
    )  # fmt: skip
    log.act("withdraw", row, by=by, now=now, year=row.year, kind=row.kind)


def _held(zone, year, kind):
    """The standing row, with the zone's plans held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('staffing_supervisionplan'), %s)", [zone.pk])
    return SupervisionPlan.objects.standing().filter(zone=zone, year=year, kind=kind).first()


def _replace(before, **said):
    now = said.pop("now")
    if before:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
        said["synthetic"] = said.get("synthetic") or before.synthetic
    return SupervisionPlan.objects.create(**said, recorded_at=now)


def no_reason():
    return impossible(
        "reason",
        Text("Manca il perché.", "The reason is missing."),
        Text("Scrivi che cosa è cambiato: resta accanto a com’era.", "Write what has changed: it stays beside it."),
    )


def changed_meanwhile():
    return impossible(
        "supervision",
        Text("È già stato corretto o ritirato.", "It was corrected or withdrawn already."),
        Text("Ricarica la pagina.", "Reload the page."),
    )
