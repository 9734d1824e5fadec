"""Cumulative sums as they are told on a day: a lower one than stands asks whether the one before was an error, whether
it is of an earlier day and comes late, or whether money was given up."""

from decimal import Decimal

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts
from accanto.norms import ledger, money
from accanto.norms.findings import Refused, blocks
from accanto.norms.states import MONEY
from accanto.plan import movement as movements
from accanto.plan.movement import Place

PAID = ledger.STEPS[ledger.STEPS.index("paid") :]  # what was paid is recovered, the rest is saved


class CumulativeFigures(StandingFacts):
    def within(self, acting):
        return self.filter(Q(zone=acting.zone_id) | Q(zone=None)) if acting.reads_by_zone else self

    def series(self, *, line, zone, operation, step):
        """The figures of one thing at one step that hold now, in the order of their days."""
        rows = self.standing().filter(fund_line=line, zone=zone, operation=operation, step=step)
        return rows.order_by("as_of", "id")


class CumulativeFigure(models.Model):
    """How much had come so far by a day, of a line, a zone or an operation, since it began."""

    class Reason(models.TextChoices):
        ERROR = "error", _("la somma di prima era un errore")
        LATE_POSTING = "late_posting", _("è di un giorno precedente, registrata in ritardo")
        DE_COMMITMENT = "de_commitment", _("è un disimpegno: la somma è scesa davvero")

    fund_line = models.ForeignKey("plan.FundLine", models.PROTECT, related_name="cumulative", verbose_name=_("linea"))
    zone = models.ForeignKey(
        "territory.Zone", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("zona")
    )
    operation = models.ForeignKey(
        "plan.Operation", models.PROTECT, null=True, blank=True, related_name="cumulative", verbose_name=_("operazione")
    )
    step = models.CharField(_("passo"), max_length=20)
    as_of = models.DateField(_("al giorno"))
    amount = models.DecimalField(_("somma cumulata"), max_digits=14, decimal_places=2)
    decrease_reason = models.CharField(_("perché è scesa"), max_length=20, choices=Reason.choices, blank=True)
    explanation = models.CharField(_("spiegazione"), max_length=300, blank=True)
    movement = models.OneToOneField(
        "plan.Movement", models.PROTECT, null=True, blank=True, related_name="cumulative", verbose_name=_("movimento")
    )
    source = models.CharField(_("fonte"), max_length=200, blank=True)
    synthetic = models.BooleanField(_("dato sintetico"), default=False)
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = CumulativeFigures.as_manager()

    class Meta:
        verbose_name = _("somma cumulata")
        verbose_name_plural = _("somme cumulate")
        ordering = ["fund_line", "zone", "operation", "step", "as_of", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund_line", "zone", "operation", "step", "as_of"],
                condition=Q(superseded_at=None),
                nulls_distinct=False,
                name="plan_cumulative_once_a_day",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="plan_cumulative_possible"),
            models.CheckConstraint(condition=Q(step__in=list(ledger.STEPS)), name="plan_cumulative_step"),
            models.CheckConstraint(
                condition=Q(operation=None) | Q(zone__isnull=False), name="plan_cumulative_operation_has_a_zone"
            ),
            models.CheckConstraint(
                condition=Q(decrease_reason="", movement=None)
                | Q(decrease_reason__in=["error", "late_posting"], movement=None) & ~Q(explanation="")
                | Q(decrease_reason="de_commitment", movement__isnull=False) & ~Q(explanation=""),
                name="plan_cumulative_decrease_explained",
            ),
        ]

    def __str__(self):
        return f"{self.step} {self.as_of} {self.amount}"

    @property
    def where(self):
        return movements.place_in_words(self.zone, self.operation)

    @property
    def step_word(self):
        return MONEY.states[self.step]


class NotInItsPlace(Exception):
    """Of the day it is said to be of, the sums before and after do not hold it between them: (before, after)."""


def before_of(*, line, zone, operation, step, as_of):
    """The figure that stands on a day: the last one not after it."""
    rows = CumulativeFigure.objects.series(line=line, zone=zone, operation=operation, step=step)
    return rows.filter(as_of__lte=as_of).last()


def exit_of(step):
    return "recovered" if step in PAID else "economy"


@transaction.atomic
def record(
    *, line, zone, operation, step, as_of, amount, by, now, reason="", explanation="", belongs_on=None, source=""
) -> CumulativeFigure:
    """Write a cumulative sum. Raises Refused where it is lower and nobody said why, and NotInItsPlace.

    An error: the higher sums before it stand no more. A late posting: it is of `belongs_on`, and the others stay. A
    de-commitment: the difference leaves the ledger by a saving, or by a recovery where it was paid."""
    movements.alone(line.pk)
    told = {"line": line, "zone": zone, "operation": operation, "step": step}
    before = before_of(**told, as_of=as_of)
    found = money.cumulative(before=before and before.amount, amount=amount, reason=reason, on=as_of)
    if blocks(found):
        raise Refused(found)
    lower = before is not None and amount < before.amount
    given_up, reason = None, reason if lower else ""
    if lower and reason == CumulativeFigure.Reason.ERROR:
        _series(told).filter(as_of__lte=as_of, amount__gt=amount).update(superseded_at=now)
    elif lower and reason == CumulativeFigure.Reason.LATE_POSTING:
        as_of = belongs_on
        _fits(told, as_of, amount)
    elif lower:
        if before.as_of == as_of:
            raise NotInItsPlace(before, None)
        place = Place(zone_id=zone and zone.pk, operation_id=operation and operation.pk)
        given_up = movements.post(
            line=line, year=as_of.year, taken=step, given=exit_of(step), amount=before.amount - amount, day=as_of,
            source=place, target=place, explanation=explanation.strip(), cup=operation.cup if operation else "",
            by=by, now=now,
        )  # fmt: skip
    _series(told).filter(as_of=as_of).update(superseded_at=now)
    after = _series(told).filter(as_of__gt=as_of).first()
    if after is not None and after.amount < amount and not after.decrease_reason:
        raise NotInItsPlace(None, after)
    row = CumulativeFigure.objects.create(
        fund_line=line, zone=zone, operation=operation, step=step, as_of=as_of, amount=amount, decrease_reason=reason,
        explanation=explanation.strip() if reason else "", movement=given_up, source=source.strip(), recorded_at=now,
        recorded_by=by.user,
    )  # fmt: skip
    log.act("tell", row, by=by, now=now, line=line.code, step=step, amount=str(amount), why=reason)
    return row


def _series(told):
    return CumulativeFigure.objects.series(**told)


def _fits(told, day, amount: Decimal):
    if day is None:
        raise NotInItsPlace(None, None)
    before, after = _series(told).filter(as_of__lt=day).last(), _series(told).filter(as_of__gt=day).first()
    if (before and before.amount > amount) or (after and after.amount < amount):
        raise NotInItsPlace(before if before and before.amount > amount else None, after)
