"""An allocation as a page shows it, saved or only tried: quotas, cents left over, the year before, bars, tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accanto.norms import split as law
from accanto.plan import allocation as allocations
from accanto.web.parts import numbers
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.parts.zone_bars import ZoneBar, zone_bars

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What the template is given. `zones` of `all_zones` have a quota."""

    shared: Decimal
    zones: int
    all_zones: int
    quotas: Table
    bars: Any
    criteria: Table | None = None
    changes: Table | None = None
    before: Any = None
    of_other_days: tuple = ()
    residues: list[str] = field(default_factory=list)
    first_without: str = ""
    by_name: bool = False


def tried(given, done) -> Picture:
    """Of a split that nobody has saved yet."""
    parts: dict[str, dict[str, Decimal]] = {zone: {} for zone in done.quotas}
    for part in done.parts:
        parts[part.zone][part.criterion] = part.amount
    return _picture(given=given, parts=parts, residues=done.residues)


def saved(row) -> Picture:
    """Of one on record. Who got the cents and why is worked out again from its bases: arithmetic does not change."""
    given = allocations.given_by(row)
    residues = given.split().residues if given.criteria else ()
    return _picture(given=given, parts=row.parts(), residues=residues, synthetic=row.synthetic)


def _picture(*, given, parts, residues, synthetic=False):
    order = [name for name in allocations.zone_names().values() if name in parts]
    before = allocations.year_before(given)
    was = before.parts() if before else {}
    changes = {one.zone: one for one in law.compare(now=parts, before=was)} if before else {}
    quotas = {name: sum(parts[name].values(), Decimal(0)) for name in order}
    year = str(before.year) if before else ""
    caption = _("Quote delle zone, %(year)s") % {"year": given.year}
    synthetic = synthetic or bool(before and before.synthetic)
    return Picture(
        shared=sum(quotas.values(), Decimal(0)),
        zones=len(order),
        all_zones=len(allocations.zone_names()),
        quotas=_quotas(caption, order, quotas, changes, residues, year, synthetic),
        bars=zone_bars(
            bars=[ZoneBar(name, quotas[name], changes[name].before if changes else None) for name in order],
            title=caption,
            before=year,
            show=numbers.euro,
            synthetic=synthetic,
        ),
        criteria=_criteria(given, order, parts, synthetic) if given.criteria else None,
        changes=_changes(order, changes, year, synthetic) if changes and given.criteria else None,
        before=before,
        of_other_days=_days(given, before),
        residues=[
            _("%(zone)s (%(rest)s di centesimo)") % {"zone": one.zone, "rest": _rest(one.remainder)} for one in residues
        ],
        first_without=_rest(residues[0].next_best) if residues and residues[0].next_best else "",
        by_name=any(one.by_name for one in residues),
    )


def _rest(fraction):
    return numbers.number((Decimal(fraction.numerator) / Decimal(fraction.denominator)).quantize(Decimal("0.0001")))


def _quotas(caption, order, quotas, changes, residues, year, synthetic):
    lucky = {one.zone for one in residues}
    columns = [Column(_("Zona")), Column(_("Quota"), "euro")]
    if year:
        columns += [Column(year, "euro"), Column(_("Differenza"), "euro"), Column("%", "number")]
    rows = []
    for name in order:
        row = [name, Cell(quotas[name], note=_("+ 1 cent.") if name in lucky else "")]
        if year:
            one = changes[name]
            row += [one.before, one.difference, one.percent and one.percent.quantize(HUNDREDTH)]
        rows.append(row)
    whole = sum(quotas.values(), Decimal(0))
    total = [_("%(count)s zone") % {"count": len(order)}, whole]
    if year:
        known = [one for one in changes.values() if one.before is not None]
        was = sum((one.before for one in known), Decimal(0))
        full = len(known) == len(order)
        total += [was, whole - was, ((whole - was) * 100 / was).quantize(HUNDREDTH)] if full and was else [None] * 3
    return Table(caption, columns, rows, total=total, synthetic=synthetic)


def _criteria(given, order, parts, synthetic):
    """The quantity of each zone by each criterion, and the euro it brings."""
    numbers_of = {name: pk for pk, name in allocations.zone_names().items()}
    columns = [Column(_("Zona"))]
    for one in given.criteria:
        weight = numbers.number(one.weight)
        columns += [Column(one.name, "number"), Column(_("Euro per «%(name)s», %(weight)s %%")
                                                       % {"name": one.name, "weight": weight}, "euro")]  # fmt: skip
    rows = []
    for name in order:
        row = [name]
        for one in given.criteria:
            row += [one.quantities[numbers_of[name]], parts[name].get(one.name)]
        rows.append(row)
    total: list[Any] = [_("Insieme")]
    for one in given.criteria:
        total += [sum(one.quantities.values(), Decimal(0)),
                  sum((parts[name].get(one.name, Decimal(0)) for name in order), Decimal(0))]  # fmt: skip
    return Table(
        _("Le basi di ogni criterio e quanto portano"),
        columns,
        rows,
        total=total,
        synthetic=synthetic,
        note=_(
            "Ogni riga fa la quota della zona, al centesimo; la somma di una colonna può scostarsi di qualche centesimo"
            " dalla parte del criterio, perché si arrotonda per zona."
        ),
    )


def _changes(order, changes: Mapping, year, synthetic):
    names = list(dict.fromkeys(name for one in changes.values() for name in one.by_criterion if name))
    return Table(
        _("Da che cosa viene la differenza dal %(year)s") % {"year": year},
        [Column(_("Zona")), Column(_("Differenza"), "euro"), *(Column(name, "euro") for name in names)],
        [[zone, changes[zone].difference, *(changes[zone].by_criterion.get(name) for name in names)] for zone in order],
        synthetic=synthetic,
        note=_("Un criterio che c’è in uno solo dei due anni conta zero nell’altro."),
    )


def _days(given, before):
    """Residents counted on two days come from two series: (now, then) where the comparison must say so."""
    if before is None:
        return ()
    then = {one.base_day for one in before.criteria.all() if one.kind == "residents"}
    now = {one.base_day for one in given.criteria if one.kind == "residents"}
    return (min(now), min(then)) if now and then and now != then else ()
