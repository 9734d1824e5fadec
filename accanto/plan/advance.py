"""What an operation is to be sent, and when: the advance, the instalments and the balance, as its act says them."""

from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts


class Advances(StandingFacts):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self

    def awaited(self):
        return self.standing().filter(received_on=None)

    def total(self):
        return self.aggregate(sum=Sum("amount"))["sum"] or 0


class Advance(models.Model):
    """A sum awaited for an operation. Receiving it supersedes the row by one that says the day."""

    class Kind(models.TextChoices):
        ADVANCE = "advance", _("anticipo")
        INSTALMENT = "instalment", _("acconto")
        BALANCE = "balance", _("saldo")

    operation = models.ForeignKey(
        "plan.Operation", models.PROTECT, related_name="advances", verbose_name=_("operazione")
    )
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    kind = models.CharField(_("che cosa è"), max_length=12, choices=Kind.choices)
    amount = models.DecimalField(_("euro"), max_digits=14, decimal_places=2)
    due = models.DateField(_("da chiedere entro"), null=True, blank=True)
    condition = models.CharField(_("a che condizione"), max_length=200, blank=True)
    act = models.ForeignKey("plan.Act", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("atto"))
    received_on = models.DateField(_("arrivato il"), null=True, blank=True)
    synthetic = models.BooleanField(_("dato sintetico"), default=False)
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = Advances.as_manager()

    class Meta:
        verbose_name = _("anticipo")
        verbose_name_plural = _("anticipi")
        ordering = ["operation", "due", "id"]
        indexes = [models.Index(fields=["zone", "due"], name="plan_advance_of_zone")]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="plan_advance_of_something")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"


class NoLonger(Exception):
    """Somebody received it, changed it or took it away in the meantime."""


@transaction.atomic
def expect(*, operation, kind, amount, by, now, due=None, condition="", act=None) -> Advance:
    row = Advance.objects.create(
        operation=operation, zone_id=operation.zone_id, kind=kind, amount=amount, due=due, condition=condition.strip(),
        act=act, recorded_at=now, recorded_by=by.user,
    )  # fmt: skip
    log.act("expect", row, by=by, now=now, operation=operation.pk, amount=str(amount))
    return row


@transaction.atomic
def receive(*, advance, on, by, now) -> Advance:
    """The sum came on that day. Raises NoLonger."""
    _supersede(advance, now=now)
    row = Advance.objects.create(
        operation_id=advance.operation_id, zone_id=advance.zone_id, kind=advance.kind, amount=advance.amount,
        due=advance.due, condition=advance.condition, act=advance.act, received_on=on, synthetic=advance.synthetic,
        recorded_at=now, recorded_by=by.user,
    )  # fmt: skip
    log.act("receive", row, by=by, now=now, on=on)
    return row


@transaction.atomic
def withdraw(*, advance, by, now):
    """It was a mistake: it is awaited no more, and stays on record. Raises NoLonger."""
    _supersede(advance, now=now)
    log.act("withdraw", advance, by=by, now=now)


def _supersede(advance, *, now):
    if not Advance.objects.awaited().filter(pk=advance.pk).update(superseded_at=now):
        raise NoLonger
