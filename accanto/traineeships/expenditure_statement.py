"""The expenditure of operations as it was reported, and the sums that lead to it."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.traineeships.payment import PaymentLine, alone


class ExpenditureStatements(models.QuerySet):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id)


class ExpenditureStatement(models.Model):
    """The expenditure of an operation as it was reported: the last ring of the chain."""

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    operation = models.ForeignKey("plan.Operation", models.PROTECT, related_name="statements")
    reference = models.CharField(_("rendiconto"), max_length=120)
    presented_on = models.DateField(_("presentato il"))
    amount = models.DecimalField(_("importo"), max_digits=12, decimal_places=2)
    recorded_at = models.DateTimeField(_("scritto il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    objects = ExpenditureStatements.as_manager()

    class Meta:
        verbose_name = _("spesa rendicontata")
        verbose_name_plural = _("spese rendicontate")
        ordering = ["-presented_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(reference=""), name="traineeships_statement_of_something"
            )
        ]

    def __str__(self):
        return self.reference


class NothingToReport(Exception):
    """No paid line of the operation is still to be reported."""


@transaction.atomic
def report(*, operation, reference, presented_on, by, now) -> ExpenditureStatement:
    """Put all that was paid for an operation, and not reported yet, in one statement of expenditure."""
    alone(operation.zone_id)
    lines = PaymentLine.objects.within(by).filter(
        operation=operation, outcome=PaymentLine.Outcome.PAID, statement=None, outcome_on__lte=presented_on
    )
    rows = list(lines.order_by("id"))
    amount = sum((line.amount for line in rows), Decimal(0))
    if amount <= 0:
        raise NothingToReport
    made = ExpenditureStatement.objects.create(
        zone_id=operation.zone_id, operation=operation, reference=reference.strip(), presented_on=presented_on,
        amount=amount, recorded_at=now, recorded_by=by.user,
    )  # fmt: skip
    PaymentLine.objects.within(by).filter(pk__in=[line.pk for line in rows]).update(statement=made)
    with connection.cursor() as cursor:
        cursor.execute("select ledger_of_statement(%s, %s)", [made.pk, now])
    log.act("report", made, by=by, now=now, operation=operation.pk, amount=amount)
    return made


@dataclass(frozen=True)
class OperationSums:
    """Sums of an operation in euro, each part of the one before: determined on closed months, on approved lists, paid,
    reported. Of nobody in particular: who plans reads them too."""

    determined: Decimal
    listed: Decimal
    paid: Decimal
    reported: Decimal


def operation_sums(operation_id) -> OperationSums | None:
    """None where the session may not know them."""
    with connection.cursor() as cursor:
        cursor.execute("select determined, listed, paid, reported from operation_sums(%s)", [operation_id])
        found = cursor.fetchone()
    return OperationSums(*found) if found else None
