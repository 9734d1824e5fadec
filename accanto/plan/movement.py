"""The ledger of a fund line: every movement of euro from a step of the chain to another, as a double entry.

A row is never changed nor taken away: what was wrong is reversed by another row. PostgreSQL looks at the end of every
transaction that no step holds less than nothing, whoever wrote."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, models, transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.norms import ledger as law
from accanto.norms.findings import Refused, blocks
from accanto.norms.text import Text

ZERO = Decimal(0)
A_MOMENT = dt.timedelta(seconds=20)


def place_in_words(zone, operation):
    return operation.title if operation else zone.name if zone else str(_("Regione"))


class Movements(models.QuerySet):
    def within(self, acting):
        """Those of one's zone, and those among the Region's own sums; all of them for who reads the region."""
        if not acting.reads_by_zone:
            return self
        own = Q(zone=acting.zone_id) | Q(from_zone=acting.zone_id)
        return self.filter(own | Q(zone=None, from_zone=None))

    def of(self, *, line=None, year=None, zone=None, operation=None):
        """Of what is given; the lines within a line are lines of their own."""
        given = {"fund_line": line, "year": year, "operation": operation}
        rows = self.filter(**{name: value for name, value in given.items() if value is not None})
        return rows.filter(Q(zone=zone) | Q(from_zone=zone)) if zone is not None else rows

    def balances(self, *by):
        """{(place, …): {account: euro}}: what stands in each account of each place. A place is (zone, operation) and,
        at the front, what else the fields in `by` say."""
        found: dict[tuple, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
        for sign, account, zone, operation in (
            (1, "given", "zone", "operation"),
            (-1, "taken", "from_zone", "from_operation"),
        ):
            rows = self.order_by().values_list(*by, zone, operation, account).annotate(sum=Sum("amount"))
            for *place, name, amount in rows:
                found[tuple(place)][name] += sign * amount
        return {place: dict(accounts) for place, accounts in found.items()}

    def newest_first(self):
        return self.order_by("-day", "-id")


class Movement(models.Model):
    """So many euro `taken` from a step and `given` to another, of one fund line and year of competence.

    Where they arrive is `zone` and `operation`; where they come from, `from_zone` and `from_operation`, is the same
    place or one above it: the Region's own sums (no zone), a zone's that are of no operation yet."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("ordinario")
        ECONOMY = "economy", _("economia")
        REVOCATION = "revocation", _("revoca")
        RECOVERY = "recovery", _("recupero")
        CORRECTION = "correction", _("storno")

    class Source(models.TextChoices):
        PAYMENT_LIST = "payment_list", _("lista di pagamento")
        STATEMENT = "statement", _("spesa rendicontata")

    fund_line = models.ForeignKey("plan.FundLine", models.PROTECT, related_name="movements", verbose_name=_("linea"))
    year = models.PositiveSmallIntegerField(_("anno di competenza"))
    zone = models.ForeignKey(
        "territory.Zone", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("zona")
    )
    operation = models.ForeignKey(
        "plan.Operation", models.PROTECT, null=True, blank=True, related_name="movements", verbose_name=_("operazione")
    )
    from_zone = models.ForeignKey(
        "territory.Zone", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dalla zona")
    )
    from_operation = models.ForeignKey(
        "plan.Operation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dall’operazione")
    )
    taken = models.CharField(_("da"), max_length=20)
    given = models.CharField(_("a"), max_length=20)
    amount = models.DecimalField(_("euro"), max_digits=14, decimal_places=2)
    day = models.DateField(_("giorno"))
    kind = models.CharField(_("tipo"), max_length=12, choices=Kind.choices)
    allocation = models.ForeignKey(
        "plan.Allocation", models.PROTECT, null=True, blank=True, related_name="movements", verbose_name=_("riparto")
    )
    cup = models.CharField(_("CUP"), max_length=15, blank=True)
    chapter = models.CharField(_("capitolo"), max_length=30, blank=True)
    peg = models.CharField(_("PEG"), max_length=30, blank=True)
    act = models.ForeignKey(
        "plan.Act", models.PROTECT, null=True, blank=True, related_name="movements", verbose_name=_("atto")
    )
    explanation = models.CharField(_("spiegazione"), max_length=300, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("storna")
    )
    # of those that come from the payments: one sum for an operation, never a person's
    source_kind = models.CharField(_("viene da"), max_length=20, choices=Source.choices, blank=True)
    source_id = models.BigIntegerField(_("numero"), null=True, blank=True)
    synthetic = models.BooleanField(_("dato sintetico"), default=False)
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = Movements.as_manager()

    class Meta:
        verbose_name = _("movimento")
        verbose_name_plural = _("movimenti")
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["fund_line", "year", "zone"], name="plan_movement_of_zone"),
            models.Index(fields=["operation", "day"], name="plan_movement_of_operation"),
            models.Index(fields=["source_kind", "source_id"], name="plan_movement_source"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="plan_movement_of_something"),
            models.CheckConstraint(
                condition=Q(taken__in=law.ACCOUNTS, given__in=law.ACCOUNTS) & ~Q(taken=F("given")),
                name="plan_movement_between_two_accounts",
            ),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="plan_movement_year"),
            # down from the Region to a zone to an operation; up only to undo
            models.CheckConstraint(
                condition=Q(reverses=None)
                & (Q(from_zone=None) | Q(from_zone=F("zone")))
                & (Q(from_operation=None) | Q(from_operation=F("operation")))
                | Q(reverses__isnull=False)
                & (Q(zone=None) | Q(zone=F("from_zone")))
                & (Q(operation=None) | Q(operation=F("from_operation"))),
                name="plan_movement_goes_down",
            ),
            models.CheckConstraint(
                condition=(Q(operation=None) | Q(zone__isnull=False))
                & (Q(from_operation=None) | Q(from_zone__isnull=False)),
                name="plan_movement_operation_has_a_zone",
            ),
            models.CheckConstraint(
                condition=Q(kind="ordinary", reverses=None) & ~Q(given__in=list(law.KIND_OF))
                | Q(kind="economy", given="economy", reverses=None)
                | Q(kind="revocation", given="revoked", reverses=None)
                | Q(kind="recovery", given="recovered", reverses=None)
                | Q(kind="correction") & (Q(reverses__isnull=False) | ~Q(source_kind="")),
                name="plan_movement_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="ordinary") | ~Q(explanation="") | ~Q(source_kind=""), name="plan_movement_explained"
            ),
            models.CheckConstraint(
                condition=Q(source_kind="", source_id=None) & (Q(recorded_by__isnull=False) | Q(synthetic=True))
                | ~Q(source_kind="") & Q(source_id__isnull=False, reverses=None),
                name="plan_movement_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(cup="") | Q(cup__regex=r"^[A-Z]\d{2}[A-Z]\d{11}$"), name="plan_movement_cup"
            ),
        ]

    def __str__(self):
        return f"{self.taken} → {self.given}: {self.amount}"

    @property
    def taken_word(self) -> Text:
        return law.WORDS[self.taken]

    @property
    def given_word(self) -> Text:
        return law.WORDS[self.given]

    @property
    def when(self):
        """The year as a word: a template would write it as a quantity, 2.026."""
        return str(self.year)

    @property
    def where(self):
        return place_in_words(self.zone, self.operation)

    @property
    def where_from(self):
        return place_in_words(self.from_zone, self.from_operation)

    @property
    def may_be_reversed(self):
        """What payments wrote follows the payments, and a reversal is not reversed: one records again."""
        return self.kind != self.Kind.CORRECTION and not self.source_kind


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where money stands: the Region (no zone), a zone, or an operation of it."""

    zone_id: int | None = None
    operation_id: int | None = None

    @property
    def key(self):
        return self.zone_id, self.operation_id


def alone(line_id):
    """Movements of a line are written one at a time; PostgreSQL takes the same lock when it looks at the balances."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(-6, %s)", [line_id])


def standing_at(*, line, year, place) -> dict[str, Decimal]:
    """{account: euro} of a place; of those that the session may see."""
    rows = Movement.objects.filter(fund_line=line, year=year).filter(
        Q(zone=place.zone_id, operation=place.operation_id)
        | Q(from_zone=place.zone_id, from_operation=place.operation_id)
    )
    return rows.balances().get(place.key, {})


def objections(*, line, year, taken, given, amount, source, day) -> list:
    """What is against a movement, all of it; `source` is the place the money is taken from."""
    there = standing_at(line=line, year=year, place=source).get(taken, ZERO)
    return law.movement(taken=taken, given=given, amount=amount, available=there, on=day)


class JustPosted(Exception):
    """The movement that is already there is the exception's first argument."""


@transaction.atomic
def post(*, line, year, taken, given, amount, day, source, target, by, now, **more) -> Movement:
    """Move a sum from a place and step to another. Raises Refused with all the findings.

    A commitment of an operation whose payments came before it covers them at once, by a movement of its own. Raises
    JustPosted where the same person wrote the same a moment ago: a button pressed twice."""
    alone(line.pk)
    same = {"fund_line": line, "year": year, "taken": taken, "given": given, "amount": amount, "day": day,
            "zone": target.zone_id, "operation": target.operation_id, "from_zone": source.zone_id,
            "from_operation": source.operation_id, "recorded_by": by.user if by else None}  # fmt: skip
    if by and (twin := Movement.objects.filter(**same, recorded_at__gt=now - A_MOMENT).last()):
        raise JustPosted(twin)
    found = objections(line=line, year=year, taken=taken, given=given, amount=amount, source=source, day=day)
    if blocks(found):
        raise Refused(found)
    row = _write(
        fund_line=line, year=year, taken=taken, given=given, amount=amount, day=day, source=source, target=target,
        kind=law.KIND_OF.get(given, Movement.Kind.ORDINARY), by=by, now=now, **more,
    )  # fmt: skip
    if given == "committed":
        owed = -standing_at(line=line, year=year, place=target).get(law.UNCOVERED, ZERO)
        if owed > 0:
            _write(
                fund_line=line, year=year, taken="committed", given=law.UNCOVERED, amount=min(owed, amount), day=day,
                source=target, target=target, kind=Movement.Kind.ORDINARY, by=by, now=now, cup=row.cup, act=row.act,
                explanation=str(_("Copre quanto le liste di pagamento hanno liquidato prima dell’impegno")),
                synthetic=row.synthetic,
            )  # fmt: skip
    return row


def _write(*, source, target, by, now, **said):
    row = Movement.objects.create(
        zone_id=target.zone_id, operation_id=target.operation_id, from_zone_id=source.zone_id,
        from_operation_id=source.operation_id, recorded_at=now, recorded_by=by.user if by else None, **said,
    )  # fmt: skip
    if by:
        log.act(
            "move", row, by=by, now=now, line=row.fund_line.code, year=row.year, amount=str(row.amount),
            passage=f"{row.taken} {row.given}",
        )  # fmt: skip
    return row


class NotToBeReversed(Exception):
    """It was reversed already, or it follows the payments."""


@transaction.atomic
def reverse(*, movement, explanation, day, by, now) -> Movement:
    """Undo a movement by one that goes back: both stay. Raises Refused where the money has gone further since."""
    alone(movement.fund_line_id)
    if not movement.may_be_reversed or Movement.objects.filter(reverses=movement).exists():
        raise NotToBeReversed
    here = Place(zone_id=movement.zone_id, operation_id=movement.operation_id)
    there = Place(zone_id=movement.from_zone_id, operation_id=movement.from_operation_id)
    standing = standing_at(line=movement.fund_line, year=movement.year, place=here)
    found = law.reversal(
        given=movement.given, amount=movement.amount, available=standing.get(movement.given, ZERO), on=day
    )
    if blocks(found):
        raise Refused(found)
    return _write(
        fund_line=movement.fund_line, year=movement.year, taken=movement.given, given=movement.taken,
        amount=movement.amount, day=day, source=here, target=there, kind=Movement.Kind.CORRECTION, reverses=movement,
        explanation=explanation.strip(), cup=movement.cup, chapter=movement.chapter, peg=movement.peg,
        synthetic=movement.synthetic, by=by, now=now,
    )  # fmt: skip


@dataclass(frozen=True)
class LineTotals:
    """What stands in each account of a line in a year, over the whole region; of no zone in particular."""

    region: dict[str, Decimal]  # the Region's own sums, not given to any zone yet
    everything: dict[str, Decimal]  # of the accounts that money ever came to, empty ones too


def line_totals(*, line, year) -> LineTotals:
    """For who reads the programme: a planner too, who sees the movements of one zone. Empty for the others."""
    with connection.cursor() as cursor:
        cursor.execute("select account, region, everything from ledger_totals(%s, %s)", [line.pk, year])
        rows = cursor.fetchall()
    return LineTotals(
        region={account: own for account, own, _all in rows if own},
        everything={account: all_ for account, _own, all_ in rows},
    )
