"""What each zone has spent of a line in a year, how much of two years before was reported, and the picture of where the
money goes."""

from decimal import Decimal

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accanto.access.door import for_kinds
from accanto.norms import ledger as law
from accanto.norms import money
from accanto.plan import movement as movements_of
from accanto.plan.call import Call
from accanto.plan.movement import Movement
from accanto.plan.operation import Operation
from accanto.territory.zone import Zone
from accanto.web.frame import PLANNERS
from accanto.web.ledger import added, common
from accanto.web.money_pages import asked
from accanto.web.parts import numbers
from accanto.web.parts.flow import Stream, flow, grouped
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.templatetags.parts import local

SHOWN = ("allocated", "committed", "liquidated", "paid", "reported", "certified")


@for_kinds(*PLANNERS)
def expenditure(request):
    about = asked(request)
    rows = Movement.objects.within(request.acting).of(line=about.line, year=about.year, zone=about.zone)
    by_zone = _by_zone(rows.balances(), about)
    context = common(request, "expenditure", about) | {
        "table": _table(about, by_zone, synthetic=rows.filter(synthetic=True).exists()) if by_zone else None,
        "gate": _gate(about),
        "before": str(about.year - 2),
    }
    return render(request, "plan/expenditure.html", context)


def _by_zone(balances, about):
    """{zone: {account: euro}} of its own sums and its operations'; the Region's own apart."""
    found = {}
    for (zone, _operation), sums in balances.items():
        if about.zone is None or zone == about.zone.pk:
            found.setdefault(zone, []).append(sums)
    return {zone: added(all_) for zone, all_ in found.items() if zone is not None}


def _table(about, by_zone, *, synthetic):
    sums = {zone: law.reached(one) | {"out": sum(law.exits(one).values(), Decimal(0))} for zone, one in by_zone.items()}
    whole = {name: sum((one[name] for one in sums.values()), Decimal(0)) for name in (*law.STEPS, "out")}
    shown = [name for name in (*SHOWN, "out") if whole[name]]
    words = law.WORDS | {"out": _("uscite")}
    columns = [Column(_("Zona")), *(Column(local(words[name]).capitalize(), "euro") for name in shown)]
    columns.append(Column(_("Parte rendicontata"), "percent"))
    rows = []
    for zone in Zone.objects.filter(pk__in=by_zone):
        query = f"line={about.line.code}&year={about.year}" + ("" if about.fixed else f"&zone={zone.code}")
        own = sums[zone.pk]
        name = Cell(zone.name, url=f"{reverse('ledger')}?{query}")
        rows.append([name, *(own[name] for name in shown), _share(own)])
    total = [_("Insieme"), *(whole[name] for name in shown), _share(whole)] if len(rows) > 1 else []
    return Table(
        _("La spesa per zona, %(year)s") % {"year": about.year},
        columns,
        rows,
        total=total,
        synthetic=synthetic,
        note=_(
            "Somme al netto di economie, revoche e recuperi, che sono le uscite; la parte è il rendicontato "
            "sull’assegnato. Le zone sono in ordine geografico e non di risultato."
        ),
    )


def _share(sums):
    return float(sums["reported"] / sums["allocated"]) if sums["allocated"] > 0 else None


def _gate(about):
    """How much of the sums of two years before the region reported: it warns and shows, and stops nothing (FU-09)."""
    if about.line is None:
        return None
    sums = law.reached(movements_of.line_totals(line=about.line, year=about.year - 2).everything)
    return money.gate(reported=sums["reported"], assigned=sums["allocated"], on=timezone.localdate())


# --- where the money goes ---


def how_far():
    """{account: the words of where it stands}, in the order in which money moves backwards: spent first."""
    words = {
        _("rendicontato"): ("reimbursed", "certified", "checked", "reported"),
        _("pagato, da rendicontare"): ("paid",),
        _("liquidato, da pagare"): ("ordered", "liquidated"),
        _("impegnato, da liquidare"): ("committed",),
        _("da impegnare"): ("earmarked", "established", "allocated"),
        _("da assegnare alle zone"): ("budgeted",),
        _("uscito: economie, revoche, recuperi"): ("economy", "revoked", "recovered"),
    }
    return {account: said for said, accounts in words.items() for account in accounts}


def short_euro(amount):
    """In millions where they are: there is little room."""
    if amount >= 1_000_000:
        return _("%(sum)s mln €") % {"sum": numbers.number((amount / 1_000_000).quantize(Decimal("0.01")))}
    return f"{numbers.number(amount.quantize(Decimal(1)))} €"


@for_kinds(*PLANNERS)
def money_flow(request):
    about = asked(request)
    rows = Movement.objects.within(request.acting).of(line=about.line, year=about.year, zone=about.zone)
    streams = _streams(rows.balances(), about)
    context = common(request, "money_flow", about) | {"picture": None}
    if streams:
        synthetic = rows.filter(synthetic=True).exists()
        caption = _("Dove vanno i soldi, %(year)s") % {"year": about.year}
        context |= {
            "picture": flow(
                whole=local(about.line.names),
                levels=[_("zona"), _("misura"), _("dove sono")],
                streams=grouped(streams, _others),
                title=caption,
                show=short_euro,
                synthetic=synthetic,
            ),
            "table": Table(
                caption,
                [Column(_("Zona")), Column(_("Misura")), Column(_("Dove sono")), Column(_("Euro"), "euro")],
                [[*one.through, one.amount] for one in streams],
                total=[_("Insieme"), "", "", sum((one.amount for one in streams), Decimal(0))],
                synthetic=synthetic,
            ),
        }
    return render(request, "plan/money_flow.html", context)


def _others(count):
    return ngettext("l’altra", "le altre %(count)s", count) % {"count": count}


def _streams(balances, about):
    """By zone, measure and how far the money has come, in the order of the zones. The measure is the call; of one zone
    alone, the operation."""
    calls = {call.code: local(call.name) for call in Call.objects.all()}
    named = {
        one.pk: one.title if about.zone else calls.get(one.call_code) or one.title for one in _operations(balances)
    }
    zones, far = dict(Zone.objects.values_list("pk", "name")), how_far()
    order = {None: -1} | {pk: n for n, pk in enumerate(zones)}
    words = list(dict.fromkeys(far.values()))
    sums = {}
    for (zone, operation), accounts in balances.items():
        if about.zone is not None and zone != about.zone.pk:
            continue
        for account, amount in accounts.items():
            if account in far and amount > 0:
                place = (order[zone], zones.get(zone) or _("Regione"), named.get(operation) or _("nessuna operazione"))
                key = (*place, words.index(far[account]))
                sums[key] = sums.get(key, Decimal(0)) + amount
    return [
        Stream((zone, measure, words[step]), sums[key]) for key in sorted(sums) for _n, zone, measure, step in [key]
    ]


def _operations(balances):
    return Operation.objects.filter(pk__in={place[1] for place in balances if place[1]})
