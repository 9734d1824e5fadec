from dataclasses import dataclass
from decimal import Decimal

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts
from accanto.norms import staffing as norms
from accanto.norms.findings import Finding
from accanto.norms.full_time import first_day
from accanto.staffing.staff_figure import contribution_of
from accanto.staffing.workforce import last_day

ZERO = Decimal("0.00")


class DecreeSums(StandingFacts):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self


class DecreeSum(models.Model):
    """A row of a table of a ministry's decree about one zone and one year, copied by hand: the tables are annexes that
    no program has read. Public, as the decrees are."""

    class Kind(models.TextChoices):
        BOOKED = "booked", _("prenotata")
        PAYABLE = "payable", _("liquidabile")
        RETURNED = "returned", _("tornata al Fondo")
        REDUCED = "reduced", _("ridotta per certificazione")

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="decree_sums", verbose_name=_("zona"))
    year = models.PositiveSmallIntegerField(_("anno"))
    kind = models.CharField(_("tipo"), max_length=10, choices=Kind.choices)
    decree = models.CharField(_("decreto"), max_length=120)
    decree_table = models.CharField(_("tabella"), max_length=60, blank=True)
    link = models.URLField(_("collegamento"), max_length=300, blank=True)
    # of a reduction: the certified ones
    fte = models.DecimalField(_("unità a tempo pieno"), max_digits=9, decimal_places=4, null=True, blank=True)
    amount = models.DecimalField(_("euro"), max_digits=12, decimal_places=2)
    synthetic = models.BooleanField(_("dato sintetico"), default=False)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = DecreeSums.as_manager()

    class Meta:
        verbose_name = _("somma di un decreto")
        verbose_name_plural = _("somme dei decreti")
        ordering = ["-year", "zone", "kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "year", "kind", "decree", "decree_table"],
                condition=Q(superseded_at=None),
                name="staffing_decree_sum_once",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="staffing_decree_sum_not_negative"),
            models.CheckConstraint(condition=Q(fte=None) | Q(fte__gte=0), name="staffing_decree_sum_units"),
            models.CheckConstraint(
                condition=~Q(kind="reduced") | Q(fte__isnull=False), name="staffing_decree_sum_certified"
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("recorded_at")),
                name="staffing_decree_sum_times",
            ),
        ]

    def __str__(self):
        return f"{self.zone_id} {self.year} {self.kind}: {self.amount}"


@transaction.atomic
def enter(*, zone, year, kind, decree, amount, by, now, decree_table="", link="", fte=None) -> DecreeSum:
    """A row of a decree. The same row entered again, with another sum, supersedes the one before."""
    same = {"zone": zone, "year": year, "kind": kind, "decree": decree.strip(), "decree_table": decree_table.strip()}
    DecreeSum.objects.standing().filter(**same).update(superseded_at=now)
    row = DecreeSum.objects.create(**same, link=link, fte=fte, amount=amount, recorded_at=now)
    log.act("enter", row, by=by, now=now, year=year, kind=kind, amount=amount)
    return row


@transaction.atomic
def withdraw(*, decree_sum, by, now):
    """Copied wrong, or written again by a later decree: it stands no more, and stays on record."""
    decree_sum.superseded_at = now
    decree_sum.save(update_fields=["superseded_at"])
    log.act("withdraw", decree_sum, by=by, now=now)


@dataclass(frozen=True, kw_only=True)
class Reckoning:
    """A year of a zone: what its staff entitles it to, what was booked, and what of it is paid or goes back. None where
    the fact is not there: nothing is taken for zero."""

    year: int
    rows: tuple[DecreeSum, ...]
    declared_fte: Decimal | None
    certified_fte: Decimal | None
    entitlement: Decimal | None
    booked: Decimal | None
    payable: Decimal | None
    returned: Decimal | None
    findings: tuple[Finding, ...]

    def decreed(self, kind) -> Decimal | None:
        """What the decrees say, all together."""
        own = [row.amount for row in self.rows if row.kind == kind]
        return sum(own, ZERO) if own else None


def reckon(*, year, figure, rows) -> Reckoning:
    """`figure` is the zone's final one of the year, or None; `rows` the standing rows of decrees about the year."""
    booked = sum((row.amount for row in rows if row.kind == DecreeSum.Kind.BOOKED), ZERO)
    known = any(row.kind == DecreeSum.Kind.BOOKED for row in rows)
    certified = min((row.fte for row in rows if row.kind == DecreeSum.Kind.REDUCED), default=None)
    entitlement = payable = returned = None
    findings: tuple[Finding, ...] = ()
    if figure:
        fte = norms.effective_fte(declared=figure.permanent_fte, certified=certified)
        entitlement = contribution_of(residents=figure.residents, fte=fte, year=year).amount
        if known:
            payable, returned, findings = norms.payable(entitlement=entitlement, booked=booked, on=last_day(year))
    return Reckoning(
        year=year,
        rows=tuple(rows),
        declared_fte=figure.permanent_fte if figure else None,
        certified_fte=certified,
        entitlement=entitlement,
        booked=booked if known else None,
        payable=payable,
        returned=returned,
        findings=findings,
    )


def reckonings(zone, figures) -> list[Reckoning]:
    """Newest first, the years of the zone that have a final figure or a row of a decree. `figures` are the zone's."""
    final = {figure.year: figure for figure in figures if figure.status == "final"}
    rows: dict[int, list[DecreeSum]] = {}
    for row in DecreeSum.objects.standing().filter(zone=zone).order_by("kind", "id"):
        rows.setdefault(row.year, []).append(row)
    law = first_day().year
    years = sorted({year for year in (*final, *rows) if year >= law}, reverse=True)
    return [reckon(year=year, figure=final.get(year), rows=rows.get(year, [])) for year in years]
