"""Synthetic workers, contracts and sums of decrees for some zones of the demonstration: they make exactly the synthetic
figures of the last finalised return. Nobody here exists, and each row says that it is synthetic."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from accanto.norms.allowances import cents
from accanto.staffing import workforce
from accanto.staffing.absence import Absence
from accanto.staffing.contract import Contract
from accanto.staffing.decree_sum import DecreeSum
from accanto.staffing.demonstration import share_out
from accanto.staffing.residents import residents_by_municipality
from accanto.staffing.return_row import ReturnRow
from accanto.staffing.staff_figure import StaffFigure, contribution
from accanto.staffing.worker import PREFIXES, Worker
from accanto.territory.zone import Zone

FULL = Decimal(36)
# of a hundred social workers: who employs them
EMPLOYERS = {"municipality": 55, "zone_body": 35, "health_authority": 10}
DECREE = "Decreto inventato per la dimostrazione"
# what does not count for the return, in every zone: profession, kind, employer, source of the cost
BESIDE = (
    ("social_worker", "fixed_term", "zone_body", "PN Inclusione"),
    ("social_worker", "fixed_term", "zone_body", "Fondo povertà, quota servizi"),
    ("social_worker", "outsourced", "cooperative", "bilancio dell’ente"),
    ("social_worker", "permanent", "health_authority", "bilancio dell’azienda USL"),
    ("psychologist", "permanent", "health_authority", "bilancio dell’azienda USL"),
    ("psychologist", "fixed_term", "zone_body", "PN Inclusione"),
    ("educator", "outsourced", "cooperative", "bilancio dell’ente"),
    ("educator", "outsourced", "cooperative", "bilancio dell’ente"),
)


@dataclass
class Book:
    """What is to be written of one zone, in the order of the codes."""

    zone: Zone
    at: datetime
    workers: list = field(default_factory=list)
    contracts: list = field(default_factory=list)
    absences: list = field(default_factory=list)

    def engage(self, profession, *, hours, starts, ends=None, employer, **more):
        worker = self.expect(profession)
        self.contracts.append(
            Contract(
                worker=worker, zone=self.zone, weekly_hours=hours, starts=starts, ends=ends, employer=employer,
                recorded_at=self.at, **({"kind": "permanent", "act": "Determina inventata"} | more),
            )
        )  # fmt: skip
        return worker

    def expect(self, profession):
        """Somebody hired whose contract nobody has written yet."""
        n = sum(1 for one in self.workers if one.profession == profession) + 1
        code = f"{PREFIXES[Worker.Profession(profession)]}-{n:04d}"
        worker = Worker(zone=self.zone, code=code, profession=profession, synthetic=True, entered_at=self.at)
        self.workers.append(worker)
        return worker

    def away(self, worker, kind, starts, ends):
        self.absences.append(
            Absence(worker=worker, zone=self.zone, kind=kind, starts=starts, ends=ends, recorded_at=self.at)
        )

    def write(self):
        Worker.objects.bulk_create(self.workers)
        Contract.objects.bulk_create(self.contracts)
        Absence.objects.bulk_create(self.absences)


@transaction.atomic
def demonstration_contracts(seed, *, zones):
    """For the zones named by code, after the synthetic returns; run by the owner, once. One seed writes one region."""
    year = StaffFigure.objects.filter(status="final").order_by("-year").values_list("year", flat=True).first()
    figures = StaffFigure.objects.filter(status="final", year=year, zone__code__in=zones).select_related("zone")
    for figure in figures.order_by("zone"):
        book = _engage(figure, random.Random(f"{seed} contracts {figure.zone.code}"))
        book.write()
        _fill(figure)
        _decrees(figure, random.Random(f"{seed} decrees {figure.zone.code}"))


def _engage(figure, rng):
    """Heads and full-time equivalents, to the hundredth, are those of the figure."""
    book = Book(zone=figure.zone, at=figure.recorded_at)
    year, heads = figure.year, figure.headcount
    hours = [FULL] * heads
    over = figure.permanent_fte - heads
    part, place = -over, 0
    while part > 0 and place < heads:  # part-time, by halves and then what is left
        less = min(part, Decimal("0.5"))
        hours[-1 - place] = FULL * (1 - less)
        part, place = part - less, place + 1
    of = iter(_accounts(figure, heads, rng))
    for n in range(heads):
        starts = date(rng.randint(2004, year - 2), rng.randint(1, 12), 1)
        book.engage(
            "social_worker", hours=hours[n], starts=starts, coordinates=n == 0, cost_source="bilancio dell’ente",
            **next(of),
        )  # fmt: skip
    while over > 0:  # who left half way through the year is in the average, and not in the heads
        more = min(over, Decimal("0.5"))
        book.engage(
            "social_worker", hours=FULL * 2 * more, starts=date(year - 9, 3, 1), ends=date(year, 6, 30),
            employer="zone_body", cost_source="bilancio dell’ente",
        )  # fmt: skip
        over -= more
    if heads > 3:
        one, other, third = (one for one in book.workers[1:4])
        book.away(one, "maternity", date(year, 9, 1), date(year + 1, 1, 31))
        book.away(other, "illness", date(year, 2, 5), date(year, 2, 20))
        book.away(third, "unpaid_leave", date(year + 1, 3, 1), date(year + 1, 8, 31))
    town = {"municipality_id": next(iter(_accounts(figure, 1, rng)))["municipality_id"]}
    for n in range(2):  # hired since
        book.engage(
            "social_worker", hours=FULL, starts=date(year + 1, 3 + 4 * n, 1), employer="zone_body",
            cost_source="Fondo povertà, c. 797",
        )  # fmt: skip
    for profession, kind, employer, source in BESIDE:
        book.engage(
            profession, hours=Decimal(rng.choice((18, 24, 30, 36))), starts=date(year - 1, rng.randint(1, 12), 1),
            ends=date(year + 2, 12, 31) if kind == "fixed_term" else None, employer=employer, kind=kind,
            cost_source=source, **(town if employer == "cooperative" else {}),
        )  # fmt: skip
    book.expect("educator")
    return book


def _accounts(figure, heads, rng):
    """Who employs each, and for which municipality, the larger ones first."""
    residents, _day, _source = residents_by_municipality(figure.zone, year=figure.year)
    by_employer = share_out(heads, {name: Fraction(weight) for name, weight in EMPLOYERS.items()})
    towns = share_out(by_employer["municipality"], {code: Fraction(count) for code, count in residents.items()})
    found = [
        {"employer": "municipality", "municipality_id": code} for code, count in towns.items() for _ in range(count)
    ]
    found += [{"employer": "zone_body", "municipality_id": None}] * by_employer["zone_body"]
    found += [{"employer": "health_authority", "municipality_id": None, "cost_refunded": True}] * by_employer[
        "health_authority"
    ]
    rng.shuffle(found)
    return found


def _fill(figure):
    """The rows of the return that these contracts make."""
    made = workforce.of_year(figure.zone, year=figure.year)
    assert (made.fte, made.heads) == (figure.permanent_fte, figure.headcount), figure.zone
    figure.reading = made.reading
    figure.save(update_fields=["reading"])
    ReturnRow.objects.bulk_create(
        ReturnRow(
            staffing_return_id=figure.staffing_return_id, zone_id=figure.zone_id, year=figure.year,
            municipality_id=place, computed_fte=made.at(place).fte, computed_headcount=made.at(place).heads,
            permanent_fte=made.at(place).fte, headcount=made.at(place).heads, recorded_at=figure.recorded_at,
        )
        for place in made.places
    )  # fmt: skip


def _decrees(figure, rng):
    """What a decree would have booked and then paid of the figure's year, and booked of the year after."""
    due = contribution(figure).amount
    booked = cents(due * rng.randint(85, 115) / 100)
    moment = datetime(figure.year + 1, 6, 30, 10, tzinfo=UTC)
    for year, kind, table, amount in (
        (figure.year, "booked", "Tabella inventata 1", booked),
        (figure.year, "payable", "Tabella inventata 2", min(due, booked)),
        (figure.year + 1, "booked", "Tabella inventata 3", cents(due * rng.randint(100, 120) / 100)),
    ):
        DecreeSum.objects.create(
            zone=figure.zone, year=year, kind=kind, decree=DECREE, decree_table=table, amount=amount, synthetic=True,
            recorded_at=moment,
        )  # fmt: skip
