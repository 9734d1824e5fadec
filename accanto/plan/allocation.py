"""A sum of a fund line split among the zones: total, criteria with their bases, reserves, quotas to the cent.

A row is never overwritten: a draft saved anew takes the place of the one before, adopting makes the row that stands,
and what was adopted changes only by another that corrects it with its own act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection, models, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts
from accanto.norms import split as law
from accanto.norms.findings import Refused, blocks
from accanto.plan.allocation_parts import (
    AllocationBase,
    AllocationCriterion,
    AllocationQuota,
    AllocationReserve,
)
from accanto.plan.bilingual import BilingualField
from accanto.plan.fund import FundLine
from accanto.plan.grade import Grade
from accanto.territory.population import Population
from accanto.territory.zone import Zone

SERVICES_QUOTA = "poverty-services-quota"  # the line that has limits of its own on informatics (FU-06)


class Allocations(StandingFacts):
    def adopted(self):
        return self.filter(state="adopted")

    def drafts(self):
        return self.standing().filter(state="draft")

    def of_the_same_money(self, *, fund_line, year, perimeter):
        """Those that speak of the same sum: capitals in the perimeter's words make no other sum."""
        return self.filter(fund_line=fund_line, year=year, perimeter__iexact=" ".join(perimeter.split()))

    def with_sums(self):
        """With `shared`, what the zones have, and how many they are."""
        return self.annotate(shared=Sum("quotas__amount"), zones=models.Count("quotas"))


class Allocation(models.Model):
    """The split of a sum of a year. `total` in euro, of the perimeter it says; what is known of an allocation found in
    a source may be of some zones only, and the others are never filled."""

    class State(models.TextChoices):
        DRAFT = "draft", _("bozza")
        ADOPTED = "adopted", _("adottato")

    fund_line = models.ForeignKey(FundLine, models.PROTECT, related_name="allocations", verbose_name=_("linea"))
    year = models.PositiveSmallIntegerField(_("anno"))
    perimeter = models.CharField(_("perimetro"), max_length=200)
    total = models.DecimalField(_("totale in euro"), max_digits=14, decimal_places=2)
    state = models.CharField(_("stato"), max_length=10, choices=State.choices)
    act = models.ForeignKey(
        "plan.Act", models.PROTECT, null=True, blank=True, related_name="allocations", verbose_name=_("atto")
    )
    adopted_on = models.DateField(_("adottato il"), null=True, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("corregge")
    )
    # of those found in a source, which nobody entered here
    grade = models.CharField(_("quanto è certo"), max_length=10, choices=Grade.choices, blank=True)
    source = models.CharField(_("fonte"), max_length=300, blank=True)
    note = BilingualField(_("nota"), blank=True)
    synthetic = models.BooleanField(_("dato sintetico"), default=False)
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    objects = Allocations.as_manager()

    class Meta:
        verbose_name = _("riparto")
        verbose_name_plural = _("riparti")
        ordering = ["fund_line", "-year", "-id"]
        constraints = [
            models.UniqueConstraint(
                "fund_line", "year", Lower("perimeter"), F("state"),
                condition=Q(superseded_at=None), name="plan_allocation_once",
            ),
            models.CheckConstraint(condition=Q(total__gt=0), name="plan_allocation_of_something"),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(act__isnull=False, adopted_on__isnull=False)
                | Q(recorded_by=None) & ~Q(source=""),
                name="plan_allocation_adopted_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by=None) | Q(superseded_at__isnull=False), name="plan_allocation_superseded"
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.fund_line}, {self.year}"

    @property
    def when(self):
        """The year as a word: a template would write it as a quantity, 2.026."""
        return str(self.year)

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_corrected(self):
        return not self.is_draft and self.superseded_at is not None

    @property
    def state_word(self):
        return _("corretto da un altro") if self.is_corrected else self.get_state_display()

    def parts(self) -> dict[str, dict[str, Decimal]]:
        """{zone: {criterion: euro}}; of an allocation whose criteria nobody knows, the whole quota under no name."""
        found: dict[str, dict[str, Decimal]] = {quota.zone.name: {} for quota in self.quotas.all()}
        for criterion in self.criteria.all():
            for base in criterion.bases.all():
                found[base.zone.name][criterion.name] = base.amount
        return {
            quota.zone.name: found[quota.zone.name] or {"": quota.amount} for quota in self.quotas.all()
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """A criterion as somebody gives it; `quantities` by number of zone."""

    name: str
    weight: Decimal
    kind: str
    quantities: Mapping[int, Decimal]
    base_source: str
    base_day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Reserve:
    purpose: str
    amount: Decimal
    taken_before: bool


@dataclass(frozen=True, kw_only=True)
class Given:
    """All that a split is made of."""

    fund_line: FundLine
    year: int
    perimeter: str
    total: Decimal
    criteria: tuple[Criterion, ...]
    reserves: tuple[Reserve, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)

    def split(self) -> law.Split:
        """The quotas by name of zone, with all that is against them."""
        names = self.names or zone_names()
        return law.split(
            total=self.total,
            weights={one.name: one.weight for one in self.criteria},
            bases={
                one.name: {names[zone]: quantity for zone, quantity in one.quantities.items()} for one in self.criteria
            },
            reserved={one.purpose: one.amount for one in self.reserves if one.taken_before},
            destined={one.purpose: one.amount for one in self.reserves if not one.taken_before},
            zones=names.values(),
            on=date(self.year, 12, 31),
            services_quota=self.fund_line.code == SERVICES_QUOTA,
        )


def zone_names() -> dict[int, str]:
    return dict(Zone.objects.values_list("pk", "name"))


def objections(given, *, corrects=None, replaces=None) -> list:
    """What stops another allocation of this money: ACC-ALLOCATED."""
    same = Allocation.objects.standing().of_the_same_money(
        fund_line=given.fund_line, year=given.year, perimeter=given.perimeter
    )
    mine = [row.pk for row in (corrects, replaces) if row is not None]
    states = set(same.exclude(pk__in=mine).values_list("state", flat=True))
    standing = "adopted" if "adopted" in states else "draft" if states else None
    return law.allocated_once(standing=standing, on=date(given.year, 12, 31))


@transaction.atomic
def save_draft(*, given, by, now, act=None, corrects=None, replaces=None, synthetic=False) -> Allocation:
    """Save a split as a draft; `replaces` is the draft it takes the place of. Raises Refused with all the findings."""
    done = given.split()
    found = [*done.findings, *objections(given, corrects=corrects, replaces=replaces)]
    if blocks(found):
        raise Refused(found)
    _look_at_the_end()
    if replaces is not None:
        _supersede(replaces, now=now)
    row = Allocation.objects.create(
        fund_line=given.fund_line,
        year=given.year,
        perimeter=" ".join(given.perimeter.split()),
        total=given.total,
        state=Allocation.State.DRAFT,
        act=act,
        corrects=corrects,
        synthetic=synthetic,
        recorded_at=now,
        recorded_by=by.user if by else None,
    )
    write_quotas(row, given, done)
    if replaces is not None:
        Allocation.objects.filter(pk=replaces.pk).update(superseded_by=row)
    if by:
        log.act("draft", row, by=by, now=now, line=given.fund_line.code, year=given.year, total=str(given.total))
    return row


def write_quotas(row, given, done):
    """The criteria, bases, quotas and reserves of an allocation just made."""
    numbers = {name: pk for pk, name in (given.names or zone_names()).items()}
    for order, one in enumerate(given.criteria, 1):
        criterion = AllocationCriterion.objects.create(
            allocation=row, order=order, name=one.name, weight=one.weight, kind=one.kind,
            base_day=one.base_day, base_source=one.base_source,
        )  # fmt: skip
        AllocationBase.objects.bulk_create(
            AllocationBase(criterion=criterion, zone_id=numbers[part.zone], quantity=part.quantity, amount=part.amount)
            for part in done.parts
            if part.criterion == one.name
        )
    lucky = {residue.zone for residue in done.residues}
    AllocationQuota.objects.bulk_create(
        AllocationQuota(allocation=row, zone_id=numbers[zone], amount=amount, residual_cents=int(zone in lucky))
        for zone, amount in done.quotas.items()
    )
    AllocationReserve.objects.bulk_create(
        AllocationReserve(allocation=row, purpose=one.purpose, amount=one.amount, taken_before=one.taken_before)
        for one in given.reserves
    )


def _look_at_the_end():
    """An allocation and its quotas come one after the other: PostgreSQL adds them up once all are there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "set constraints plan_allocation_adds_up, plan_allocationbase_adds_up, plan_allocationquota_adds_up, "
            "plan_allocationreserve_adds_up, plan_allocation_corrected deferred"
        )


def _supersede(row, *, now):
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])


class NoLongerADraft(Exception):
    """Somebody adopted, changed or discarded it in the meantime."""


@transaction.atomic
def adopt(*, draft, act, adopted_on, by, now) -> Allocation:
    """Adopt a draft with its act: the row that stands. What it corrects stands no more, and stays on record."""
    draft = Allocation.objects.select_for_update().get(pk=draft.pk)
    if not draft.is_draft or draft.superseded_at:
        raise NoLongerADraft
    given = given_by(draft)
    corrects = draft.corrects
    found = [*given.split().findings, *objections(given, corrects=corrects, replaces=draft)]
    if corrects is not None and corrects.superseded_at:
        raise NoLongerADraft
    if blocks(found):
        raise Refused(found)
    _look_at_the_end()
    _supersede(draft, now=now)
    if corrects is not None:
        _supersede(corrects, now=now)
    row = Allocation.objects.create(
        fund_line=draft.fund_line,
        year=draft.year,
        perimeter=draft.perimeter,
        total=draft.total,
        state=Allocation.State.ADOPTED,
        act=act,
        adopted_on=adopted_on,
        corrects=corrects,
        note=draft.note,
        synthetic=draft.synthetic,
        recorded_at=now,
        recorded_by=by.user,
    )
    write_quotas(row, given, given.split())
    replaced = [draft.pk] + ([corrects.pk] if corrects is not None else [])
    Allocation.objects.filter(pk__in=replaced).update(superseded_by=row)
    log.act("adopt", row, by=by, now=now, line=row.fund_line.code, year=row.year, act=act.code)
    return row


@transaction.atomic
def discard(*, draft, by, now):
    """The draft was a mistake: it stands no more, and stays on record."""
    if not draft.is_draft or draft.superseded_at:
        raise NoLongerADraft
    _supersede(draft, now=now)
    log.act("discard", draft, by=by, now=now)


def given_by(row) -> Given:
    """What an allocation was made of, to begin another from it."""
    return Given(
        fund_line=row.fund_line,
        year=row.year,
        perimeter=row.perimeter,
        total=row.total,
        criteria=tuple(
            Criterion(
                name=one.name,
                weight=one.weight,
                kind=one.kind,
                quantities={base.zone_id: base.quantity for base in one.bases.all()},
                base_source=one.base_source,
                base_day=one.base_day,
            )
            for one in row.criteria.prefetch_related("bases")
        ),
        reserves=tuple(
            Reserve(purpose=one.purpose, amount=one.amount, taken_before=one.taken_before) for one in row.reserves.all()
        ),
    )


def year_before(given: Given) -> Allocation | None:
    """The allocation that stands of the same line and perimeter, a year earlier."""
    return (
        Allocation.objects.standing()
        .adopted()
        .of_the_same_money(fund_line=given.fund_line, year=given.year - 1, perimeter=given.perimeter)
        .prefetch_related("quotas__zone", "criteria__bases__zone")
        .first()
    )


def residents_on(day) -> tuple[dict[int, Decimal], str]:
    """The residents of each zone on one of the days they were counted, and their source."""
    counted = Population.objects.on(day)
    sources: Iterable[str] = counted.order_by("source").values_list("source", flat=True).distinct()
    return {zone: Decimal(n) for zone, n in counted.by_zone().items()}, "; ".join(sources)
