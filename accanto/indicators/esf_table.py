"""The tables of the European fund's common indicators: every code for every operation, zero where nobody is counted,
and beside them what the beneficiaries declare. Nothing is known here but sums."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.indicators import esf_outputs, esf_results
from accanto.norms import disclosure
from accanto.plan.esf_declaration import BODIES, EsfDeclaration
from accanto.plan.operation import Operation

WORDS = {
    "EECO01": _("partecipanti in tutto"),
    "EECO02": _("disoccupati, anche di lunga durata"),
    "EECO03": _("disoccupati di lunga durata (fra quelli di EECO02)"),
    "EECO04": _("inattivi"),
    "EECO05": _("occupati, anche in proprio"),
    "EECO06": _("minori di 18 anni"),
    "EECO07": _("giovani da 18 a 29 anni"),
    "EECO08": _("55 anni e oltre"),
    "EECO09": _("fino alla licenza media (ISCED 0-2)"),
    "EECO10": _("diploma o qualifica (ISCED 3-4)"),
    "EECO11": _("titolo universitario o terziario (ISCED 5-8)"),
    **dict(EsfDeclaration.Code.choices),
    "EECR01": _("entro quattro settimane cercano lavoro, e prima non lo cercavano"),
    "EECR02": _("entro quattro settimane studiano o si formano"),
    "EECR03": _("entro quattro settimane hanno ottenuto una qualifica"),
    "EECR04": _("entro quattro settimane lavorano, anche in proprio"),
    "EECR05": _("dopo sei mesi lavorano, anche in proprio"),
    "EECR06": _("dopo sei mesi stanno meglio sul lavoro che avevano"),
}
PEOPLE = tuple(esf_outputs.COUNTED)
RESULTS = tuple(esf_results.COUNTED)
CODES = (*PEOPLE, *BODIES, *RESULTS)
SEXES = ("F", "M")
BEGINS = dt.date(2021, 7, 1)  # the first day of the sheets of the regulation
# a small number of these tells more of the person (DI-02): special categories, minors, who has no home
SENSITIVE = ("EECO06", "EECO12", "EECO15", "EECO16")


@dataclass(frozen=True)
class Period:
    """From a day to another, as it was known at a moment."""

    first: dt.date
    last: dt.date
    known: dt.datetime


@dataclass(frozen=True)
class Line:
    """One indicator. `women` and `men` are counted, and None for bodies and firms; `estimate` is what beneficiaries
    declare instead, which is never added up with what is counted."""

    code: str
    women: int | None
    men: int | None
    total: int
    estimate: int | None = None


class Tables:
    """What was counted in a period, and what was declared, for the operations one may read."""

    def __init__(self, period, operations, cells, declared, persons):
        self.period, self.operations = period, list(operations)
        self._cells, self._declared, self._persons = cells, declared, persons

    def of(self, *, objective=None, zone=None, operation=None) -> list[Operation]:
        """The operations of a specific objective (empty: of none), a zone or alone; None does not narrow."""
        return [
            row
            for row in self.operations
            if (objective is None or row.specific_objective == objective)
            and (zone is None or row.zone_id == zone)
            and (operation is None or row.pk == operation)
        ]

    def count(self, operations: Iterable[Operation], code, sex=None) -> int:
        sexes = (*SEXES, "") if sex is None else (sex,)
        return sum(self._cells.get((row.pk, code, one), 0) for row in operations for one in sexes)

    def declared(self, operations: Iterable[Operation], code):
        """The declarations of an indicator, one an operation: the last of the period."""
        return [found for row in operations if (found := self._declared.get((row.pk, code)))]

    def line(self, operations, code) -> Line:
        said = self.declared(operations, code)
        if code in BODIES:
            return Line(code, None, None, sum(one.value for one in said))
        women, men = (self.count(operations, code, sex) for sex in SEXES)
        return Line(code, women, men, women + men, sum(one.value for one in said) if said else None)

    def lines(self, operations, codes=CODES) -> list[Line]:
        return [self.line(operations, code) for code in codes]

    def persons(self, *, objective=None, zone=None) -> int:
        """How many persons the participations are (FS-07): files of one person are one."""
        return self._persons.get((zone, objective or None), 0)


def tables(acting, *, period) -> Tables:
    """Everything that one may read of a period: the Region of all zones, a planner of their own."""
    rows = Operation.objects.within(acting).filter(fund_line__counts_for_targets=True)
    operations = rows.select_related("zone", "fund_line").order_by("zone", "starts", "id")
    cells, asked = {}, [period.first, period.last, period.known]
    with connection.cursor() as cursor:
        for name in ("esf_outputs", "esf_results"):
            cursor.execute(f"select operation_id, code, sex, people from {name}(%s, %s, %s)", asked)
            cells |= {(operation, code, sex): people for operation, code, sex, people in cursor}
        cursor.execute("select zone_id, specific_objective, people, whole from esf_persons(%s, %s, %s)", asked)
        # `whole` says what a row is not narrowed by: 2 is the zone, 1 the objective
        persons = {
            (zone, objective): people
            for zone, objective, people, whole in cursor
            if objective is not None or whole % 2 == 1
        }
    return Tables(period, operations, cells, _declarations(acting, period), persons)


def _declarations(acting, period):
    """{(operation, code): the declaration of the latest day of the period, as then known}."""
    rows = EsfDeclaration.objects.within(acting).filter(
        Q(superseded_at=None) | Q(superseded_at__gt=period.known),
        day__range=(period.first, period.last),
        recorded_at__lte=period.known,
    )
    return {(row.operation_id, row.code): row for row in rows.order_by("day", "id")}


def is_small(code, people, *, on) -> bool:
    """Whether a count may be transmitted and not published: fewer people than the sheet's threshold (DI-01, DI-02)."""
    return 0 < people < disclosure.threshold(sensitive=code in SENSITIVE, on=on)
