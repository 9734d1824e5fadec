"""What is owed and not yet on a list, and the draft that is drawn of it."""

import secrets
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from accanto.access import log
from accanto.norms import payments as law
from accanto.norms.findings import Severity
from accanto.traineeships.allowance import AllowanceTerms, MonthAllowance
from accanto.traineeships.determination import payer_of
from accanto.traineeships.payee import Payee
from accanto.traineeships.payment import PaymentLine, PaymentList, alone

# no letters or digits that are read for one another: codes are typed and told by telephone
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Owed:
    """A month determined on a closed register, and what earlier lines hold of it already."""

    allowance: MonthAllowance
    before: Decimal
    payer: tuple  # (payer, organisation id)
    payee: Payee | None

    @property
    def traineeship(self):
        return self.allowance.traineeship

    @property
    def amount(self):
        return self.allowance.amount - self.before


def owed(*, by, upto):
    """The months determined on a close that still stands whose lines do not add up to what was determined, up to one
    (its first day). As many queries however many they are."""
    held = (
        PaymentLine.objects.within(by)
        .live()
        .filter(traineeship=OuterRef("traineeship_id"), month=OuterRef("month"))
        .order_by()
        .values("traineeship_id")
        .annotate(sum=Sum("amount"))
    )
    rows = (
        MonthAllowance.objects.within(by)
        .to_list()
        .filter(month__lte=upto)
        .annotate(before=Coalesce(Subquery(held.values("sum")), Decimal(0)))
        .exclude(amount=F("before"))
        .defer("rows", "findings")
        .select_related("traineeship__subject__person", "traineeship__operation__fund_line", "traineeship__promoter")
    )
    lacking = list(
        rows.order_by(
            "traineeship__subject__person__family_name",
            "traineeship__subject__person__given_name",
            "traineeship_id",
            "month",
        )
    )
    mine = {row.traineeship_id for row in lacking}
    terms = {
        row.traineeship_id: row for row in AllowanceTerms.objects.within(by).filter(traineeship__in=mine).order_by("id")
    }
    payees = Payee.objects.within(by).standing().filter(subject__in={row.subject_id for row in lacking}).order_by("id")
    payees = {row.subject_id: row for row in payees}
    return [
        Owed(
            allowance=row,
            before=row.before,
            payer=payer_key(row.traineeship, terms.get(row.traineeship_id)),
            payee=payees.get(row.subject_id),
        )
        for row in lacking
    ]


def payer_key(traineeship, terms):
    """(who pays, the body's id where it is a body that one list must name)."""
    payer = payer_of(traineeship, terms)
    return payer, traineeship.promoter_id if payer == AllowanceTerms.Payer.PROMOTER else None


def sort_out(rows):
    """Those that can be paid together, by traineeship, and those left out with why: (paid, [(owed, findings)]).

    A sum to be recovered comes off the first months that cover it; until then all the person's months stay out."""
    by_traineeship = defaultdict(list)
    for row in rows:
        by_traineeship[row.traineeship.pk].append(row)
    paid, left = [], []
    for own in by_traineeship.values():
        total = sum((row.amount for row in own), Decimal(0))
        found = law.payable(month=own[0].allowance.month, has_payee=own[0].payee is not None, amount=total)
        if any(finding.severity is Severity.BLOCK for finding in found):
            left += [(row, found) for row in own]
        else:
            paid += own
    return paid, left


class NothingToPay(Exception):
    """No month of this payer is payable."""


def new_code():
    return "".join(secrets.choice(LETTERS) for _n in range(12))


@transaction.atomic
def draw(*, zone_id, month, payer, organisation_id=None, by, now, make_code=new_code) -> PaymentList:
    """A draft with all that this payer owes up to that month; a code for each payment from `make_code`. Raises
    NothingToPay, and IntegrityError where there is a draft already."""
    alone(zone_id)
    with connection.cursor() as cursor:  # a list is added up when all its lines are written
        cursor.execute("set constraints traineeships_paymentlist_adds_up deferred")
    mine = [row for row in owed(by=by, upto=month) if row.payer == (payer, organisation_id)]
    paid, _left = sort_out(mine)
    if not paid:
        raise NothingToPay
    made = PaymentList.objects.create(
        zone_id=zone_id,
        month=month,
        payer=payer,
        organisation_id=organisation_id,
        people=len({row.traineeship.subject_id for row in paid}),
        total=sum((row.amount for row in paid), Decimal(0)),
        drawn_at=now,
        drawn_by=by.user,
    )
    codes = defaultdict(make_code)
    lines = PaymentLine.objects.bulk_create(
        PaymentLine(
            list=made,
            subject_id=row.traineeship.subject_id,
            zone_id=row.traineeship.zone_id,
            traineeship=row.traineeship,
            allowance=row.allowance,
            payee=row.payee,
            operation_id=row.traineeship.operation_id,
            month=row.allowance.month,
            determined=row.allowance.amount,
            before=row.before,
            amount=row.amount,
            code=codes[row.traineeship.pk],
        )
        for row in paid
    )
    MonthAllowance.objects.within(by).filter(pk__in=[row.allowance.pk for row in paid]).update(is_listed=True)
    log.act("draw", made, by=by, now=now, month=month, payer=payer, total=made.total)
    log.acts("list", [(line, {"list": made.pk, "amount": line.amount}) for line in lines], by=by, now=now)
    return made
