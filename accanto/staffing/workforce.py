"""The contracts of a zone in a year, each with what it gives to the year and why: what the yearly return is made of."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q

from accanto.norms import full_time
from accanto.norms import staffing as norms
from accanto.norms.days import Period
from accanto.norms.full_time import ContractShare
from accanto.norms.staffing_scenario import Counted
from accanto.staffing.absence import Absence
from accanto.staffing.contract import Contract, as_law
from accanto.staffing.worker import Worker


@dataclass(frozen=True, kw_only=True)
class Line:
    """One contract in the year. `held` says whether it is in force on the last day of the year."""

    contract: Contract
    share: ContractShare
    law: full_time.Contract
    held: bool

    @property
    def place(self):
        """The municipality on whose account the work is, or None: the zone body."""
        return self.contract.municipality_id


@dataclass(frozen=True, kw_only=True)
class Sum:
    """Of some contracts: full-time equivalents to the fourth decimal, and heads at 31 December."""

    fte: Decimal
    heads: int


@dataclass(frozen=True, kw_only=True)
class Workforce:
    """The social workers of a zone in a year by one reading, `months` or `days`, of the formula nobody has read."""

    year: int
    reading: str
    lines: tuple[Line, ...]

    @property
    def places(self) -> list:
        """Where the contracts that count are: first None, the zone body; then municipalities by number."""
        found = {line.place for line in self.lines if line.share.counts}
        return sorted(found, key=lambda place: place or "")

    def at(self, place) -> Sum:
        return self._sum([line for line in self.lines if line.place == place])

    @property
    def synthetic(self) -> bool:
        return any(line.contract.worker.synthetic for line in self.lines)

    @property
    def heads(self) -> int:
        """Workers who hold a contract that counts on 31 December; one with two contracts is one."""
        return self._sum(self.lines).heads

    @property
    def fte(self) -> Decimal:
        """The sum of the places as they are stored, so that the return adds up."""
        return sum((self.at(place).fte for place in self.places), Decimal(0))

    def fte_of(self, line) -> Decimal:
        return full_time.to_four_decimals(line.share.by(self.reading))

    def _sum(self, lines) -> Sum:
        units, _findings = norms.full_time_equivalents(
            contracts=[line.law for line in lines], year=self.year, on=last_day(self.year), by=self.reading
        )
        heads = {line.contract.worker_id for line in lines if line.share.counts and line.held}
        return Sum(fte=full_time.to_four_decimals(units), heads=len(heads))


def last_day(year) -> date:
    return date(year, 12, 31)


def has_contracts(zone) -> bool:
    """Whether the zone has written any contract of a social worker: its return is then filled from them."""
    return _of_social_workers(zone).exists()


def of_year(zone, *, year, reading="months") -> Workforce:
    """Two queries, whatever the zone holds."""
    lines = []
    for contract, law in _with_absences(zone, _of_social_workers(zone).in_year(year)):
        share = full_time.contract_share(law, year=year, on=last_day(year))
        held = Period(contract.starts, contract.ends).holds(last_day(year))
        lines.append(Line(contract=contract, share=share, law=law, held=held))
    return Workforce(year=year, reading=reading, lines=tuple(lines))


def ahead(zone, *, years) -> tuple[Counted, ...]:
    """What the contracts as they are written today make of each of the years, by months; two queries."""
    still = Q(ends=None) | Q(ends__gte=date(min(years), 1, 1))
    laws = [law for _contract, law in _with_absences(zone, _of_social_workers(zone).filter(still))]
    found = []
    for year in years:
        units, _findings = norms.full_time_equivalents(contracts=laws, year=year, on=last_day(year))
        first = date(year, 1, 1)
        at_start = sum((full_time.units_on(law, day=first, on=last_day(year)) for law in laws), Fraction(0))
        found.append(
            Counted(
                year=year,
                average=full_time.to_four_decimals(units),
                at_start=full_time.to_four_decimals(at_start),
            )
        )
    return tuple(found)


def _with_absences(zone, contracts):
    """(contract, the same as the law takes it), by the code of the worker."""
    rows = contracts.select_related("worker", "municipality").order_by("worker__code", "starts", "id")
    away = defaultdict(list)
    for row in Absence.objects.standing().filter(zone=zone).order_by("starts", "id"):
        away[row.worker_id].append((row.kind, Period(row.starts, row.ends)))
    return [(contract, as_law(contract, away[contract.worker_id])) for contract in rows]


def _of_social_workers(zone):
    return Contract.objects.standing().filter(
        zone=zone, worker__profession=Worker.Profession.SOCIAL_WORKER, worker__withdrawn_at=None
    )
