"""The money of one operation: year by year how far it has come, who pays its cost, and whether the ledger and the
payments say the same."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from accanto.norms import ledger as law
from accanto.norms import money
from accanto.plan.movement import Movement
from accanto.web.ledger import added
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.templatetags.parts import local

SHOWN = ("allocated", "committed", "liquidated", "paid", "reported", "certified")
OF_THE_PROGRAMME = "esf-plus"  # the European part is of these lines only: FSC is not ESF+ (AD-44)


def of_operation(row, sums, *, today):
    """`sums` are those of its payments."""
    balances = Movement.objects.filter(operation=row).balances("year")
    by_year = {}
    for (year, _zone, operation), accounts in balances.items():
        if operation == row.pk:
            by_year.setdefault(year, []).append(accounts)
    years = {year: added(all_) for year, all_ in sorted(by_year.items())}
    whole = added(years.values())
    reached = law.reached(whole)
    cost, last = reached["committed"], max(years, default=today.year)
    european = row.fund_line.code.startswith(OF_THE_PROGRAMME) and cost > 0
    return {
        "table": _table(row, years, reached) if years else None,
        "findings": [
            *law.uncovered(balance=whole, on=today),
            *money.chain(on=today, lump_sums=bool(whole.get(law.LUMP_SUMS)), **reached),
        ],
        "co_financing": money.co_financing(cost=cost, on=today) if european else None,
        "cost": cost,
        "apart": _apart(row, sums),
        "ledger_url": f"{reverse('ledger')}?line={row.fund_line.code}&zone={row.zone.code}&year={last}",
    }


def _table(row, years, reached):
    columns = [Column(_("Anno")), *(Column(local(law.WORDS[step]).capitalize(), "euro") for step in SHOWN)]
    rows = []
    for year, accounts in years.items():
        url = f"{reverse('movements')}?line={row.fund_line.code}&year={year}&operation={row.pk}"
        sums = law.reached(accounts)
        rows.append([Cell(str(year), url=url), *(sums[step] for step in SHOWN)])
    total = [_("Insieme"), *(reached[step] for step in SHOWN)] if len(rows) > 1 else []
    return Table(_("Il registro dell’operazione"), columns, rows, total=total, synthetic=row.synthetic)


def _apart(row, sums):
    """How much the payments and what they wrote in the ledger differ, in euro: {step: difference}, where they do."""
    if sums is None:
        return {}
    wrote = Movement.objects.filter(operation=row).exclude(source_kind="")
    there: dict[str, Decimal] = {}
    for accounts in wrote.balances().values():
        for account, amount in accounts.items():
            there[account] = there.get(account, Decimal(0)) + amount
    reported = there.get("reported", Decimal(0))
    paid = there.get("paid", Decimal(0)) + reported
    listed = there.get("liquidated", Decimal(0)) + paid
    found = {"liquidated": sums.listed - listed, "paid": sums.paid - paid, "reported": sums.reported - reported}
    return {local(law.WORDS[step]): amount for step, amount in found.items() if amount}
