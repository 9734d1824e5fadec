"""The payments of the demonstration's zone: where each trainee is paid, a list a month and payer, what came back. The
accounts are of no bank: 99999 is nobody's code."""

import datetime as dt
import random

from schwifty import IBAN

from accanto.demonstration.life import at
from accanto.norms.days import add_months, month_of
from accanto.plan.operation import Operation
from accanto.traineeships import expenditure_statement, owed, payee, payment
from accanto.traineeships.allowance import AllowanceTerms, MonthAllowance
from accanto.traineeships.payment import Outcome
from accanto.traineeships.traineeship import Traineeship

TREASURER = str(IBAN.generate("IT", bank_code="99999", branch_code="99999", account_code="000000000001"))
PAYERS = (AllowanceTerms.Payer.OPERATION, AllowanceTerms.Payer.BODY_IN_CHARGE)
CASH, UNKNOWN = 9, 17  # one in so many is paid at the desk, or has not said where yet


def pay(zone, by, *, today):
    """The months up to the one before last are paid, the last one waits to be put on a list."""
    coordinates(zone, by)
    months = MonthAllowance.objects.standing().filter(zone=zone, close__isnull=False).order_by("month")
    first = months.values_list("month", flat=True).first()
    last = add_months(today.replace(day=1), -2)
    month = first
    while month and month <= last:
        for n, payer in enumerate(PAYERS):
            a_list(zone, month, payer, by, n=n, waits=month == last)
        month = add_months(month, 1)
    for operation in Operation.objects.filter(traineeships__zone=zone).distinct().order_by("pk"):
        report(operation, by, today)


def coordinates(zone, by):
    people = {}
    rows = Traineeship.objects.filter(zone=zone, allowances__isnull=False).select_related("subject__person")
    for row in rows.order_by("subject_id").distinct():
        people.setdefault(row.subject_id, row)
    for n, row in enumerate(people.values(), 1):
        told = {"person": row.person, "by": by, "now": at(row.starts, 11)}
        if n % UNKNOWN == 0:
            continue
        if n % CASH == 0:
            payee.set_payee(means="cash_desk", **told)
            continue
        number = IBAN.generate("IT", bank_code="99999", branch_code="99999", account_code=f"{n:012}")
        payee.set_payee(means="iban", iban=str(number), **told)


def a_list(zone, month, payer, by, *, n, waits):
    """Drawn on the tenth of the month after, approved and sent within the week, its outcomes after ten days."""
    day = month_of(month).last + dt.timedelta(days=10)
    rng = random.Random(f"{zone.code} {month} {payer}")
    try:
        drawn = owed.draw(
            zone_id=zone.pk, month=month, payer=payer, by=by, now=at(day, 9),
            make_code=lambda: "".join(rng.choices(owed.LETTERS, k=12)),
        )  # fmt: skip
    except owed.NothingToPay:
        return
    payment.approve(
        drawn=drawn, act=f"Determina {day.month * 10 + n}/{day.year} (dato sintetico)", act_on=day,
        debtor_name=f"Società della Salute, zona {zone.name}"[:70], debtor_iban=TREASURER, by=by, now=at(day, 12),
    )  # fmt: skip
    payment.send(drawn=drawn, execution_on=day + dt.timedelta(days=3), by=by, now=at(day, 15))
    if waits:
        return
    codes = sorted({line.code for line in drawn.lines.all()})
    told = day + dt.timedelta(days=4)
    # every quarter one account turns out to be closed: it is paid again by the next list
    back = codes[:1] if month.month % 3 == 0 and n == 0 else []
    outcomes = [Outcome(code, code not in back, told, "conto chiuso" if code in back else "") for code in codes]
    payment.record_outcomes(drawn=drawn, outcomes=outcomes, by=by, now=at(told, 10))


def report(operation, by, today):
    """Once, up to the end of the year before."""
    on = dt.date(today.year, 1, 31) if today > dt.date(today.year, 1, 31) else dt.date(today.year - 1, 1, 31)
    try:
        expenditure_statement.report(
            operation=operation, reference=f"DDR 1/{on.year} (dato sintetico)", presented_on=on, by=by, now=at(on, 12)
        )
    except expenditure_statement.NothingToReport:
        return
