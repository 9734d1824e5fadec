"""Payment lists: what one payer owes for the months up to one, line by line, and what became of each line.

Nothing of a list changes after it is drawn but its state and the outcome of its lines: PostgreSQL lets the application
write no other column. A draft that is wrong is thrown away and drawn again; a month determined again after its list was
approved makes a line of difference in the next."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.traineeships.allowance import AllowanceTerms, MonthAllowance
from accanto.traineeships.payee import Means, Payee


class PaymentLists(models.QuerySet):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id)

    def live(self):
        return self.exclude(state=PaymentList.State.DISCARDED)


class PaymentList(models.Model):
    """What one payer is to pay for a month of a zone, with the differences and returns of the months before."""

    class State(models.TextChoices):
        DRAFT = "draft", _("bozza")
        APPROVED = "approved", _("approvata")
        SENT = "sent", _("inviata al tesoriere")
        SETTLED = "settled", _("con tutti gli esiti")
        DISCARDED = "discarded", _("scartata")

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    month = models.DateField(_("mese"))
    payer = models.CharField(_("chi paga"), max_length=20, choices=AllowanceTerms.Payer.choices)
    organisation = models.ForeignKey(
        "access.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ente")
    )
    state = models.CharField(_("stato"), max_length=10, choices=State.choices, default=State.DRAFT)
    people = models.PositiveIntegerField(_("persone"))
    total = models.DecimalField(_("totale"), max_digits=12, decimal_places=2)
    drawn_at = models.DateTimeField(_("preparata il"))
    drawn_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    act = models.CharField(_("atto di liquidazione"), max_length=120, blank=True)
    act_on = models.DateField(_("atto del"), null=True, blank=True)
    debtor_name = models.CharField(_("chi ordina il pagamento"), max_length=70, blank=True)
    debtor_iban = models.CharField(_("conto di chi paga"), max_length=34, blank=True)
    approved_at = models.DateTimeField(_("approvata il"), null=True, blank=True)
    approved_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    execution_on = models.DateField(_("da eseguire il"), null=True, blank=True)
    sent_at = models.DateTimeField(_("inviata il"), null=True, blank=True)
    sent_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = PaymentLists.as_manager()

    class Meta:
        verbose_name = _("lista di pagamento")
        verbose_name_plural = _("liste di pagamento")
        ordering = ["-month", "-id"]
        indexes = [models.Index(fields=["zone", "-month", "-id"], name="traineeships_lists_of_zone")]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "month", "payer", "organisation"],
                condition=Q(state="draft"),
                nulls_distinct=False,
                name="traineeships_list_one_draft",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="traineeships_list_first_of_month"),
            models.CheckConstraint(condition=Q(total__gt=0, people__gt=0), name="traineeships_list_pays"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"], approved_at=None, approved_by=None)
                | Q(state__in=["approved", "sent", "settled"], approved_at__isnull=False, approved_by__isnull=False)
                & ~Q(act="")
                & Q(act_on__isnull=False),
                name="traineeships_list_approved_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded", "approved"], sent_at=None, sent_by=None)
                | Q(state__in=["sent", "settled"], sent_at__isnull=False, sent_by__isnull=False),
                name="traineeships_list_sent_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}/{self.pk}"

    @property
    def payer_shown(self):
        return str(self.organisation) if self.organisation_id else self.get_payer_display()


class PaymentLines(SubjectRows):
    def live(self):
        """Those that count as paid or on the way: a returned or discarded line is payable again."""
        return self.filter(is_live=True)

    def with_chain(self):
        return self.select_related("list", "allowance__close", "operation__fund_line", "payee", "statement")


class PaymentLine(SubjectRow):
    """One month of one traineeship on a list: the whole sum, or the difference from what earlier lines hold already.

    The lines of one person on a list go out in one payment, told apart from the others by `code`, which says nothing of
    whose it is: it is what the treasurer answers with and what is published (R-IND-08)."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("in attesa")
        PAID = "paid", _("pagato")
        RETURNED = "returned", _("tornato indietro")
        DISCARDED = "discarded", _("scartato con la bozza")

    list = models.ForeignKey(PaymentList, models.PROTECT, related_name="lines")
    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="payments")
    allowance = models.ForeignKey(MonthAllowance, models.PROTECT, related_name="payments")
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="payments")
    operation = models.ForeignKey("plan.Operation", models.PROTECT, null=True, blank=True, related_name="payments")
    month = models.DateField(_("mese"))
    determined = models.DecimalField(_("determinato"), max_digits=8, decimal_places=2)
    before = models.DecimalField(_("già in pagamento"), max_digits=8, decimal_places=2)
    amount = models.DecimalField(_("importo"), max_digits=8, decimal_places=2)
    code = models.CharField(_("codice"), max_length=16)
    is_live = models.BooleanField(default=True)
    outcome = models.CharField(_("esito"), max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    outcome_on = models.DateField(_("esito del"), null=True, blank=True)
    return_reason = models.CharField(_("perché è tornato"), max_length=200, blank=True)
    outcome_at = models.DateTimeField(_("esito scritto il"), null=True, blank=True)
    outcome_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    statement = models.ForeignKey(
        "traineeships.ExpenditureStatement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("rendiconto"),
    )

    objects = PaymentLines.as_manager()

    class Meta:
        verbose_name = _("riga di pagamento")
        verbose_name_plural = _("righe di pagamento")
        ordering = ["list", "id"]
        indexes = [
            models.Index(fields=["operation", "month"], name="traineeships_line_operation"),
            models.Index(fields=["zone", "month"], name="traineeships_line_of_zone"),
            models.Index(fields=["traineeship", "month"], name="traineeships_line_of_month"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["list", "traineeship", "month"], name="traineeships_line_once_a_list"),
            models.CheckConstraint(
                condition=Q(amount=F("determined") - F("before")) & ~Q(amount=0), name="traineeships_line_difference"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["waiting", "paid"], is_live=True)
                | Q(outcome__in=["returned", "discarded"], is_live=False),
                name="traineeships_line_live",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["waiting", "discarded"], outcome_on=None)
                | Q(outcome="paid", outcome_on__isnull=False)
                | Q(outcome="returned", outcome_on__isnull=False) & ~Q(return_reason=""),
                name="traineeships_line_outcome_told",
            ),
            models.CheckConstraint(
                condition=Q(statement=None) | Q(outcome="paid"), name="traineeships_line_reported_when_paid"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.amount}"

    @property
    def is_difference(self):
        return self.before != 0


def alone(zone_id):
    """Lists of a zone are drawn one at a time; PostgreSQL takes the same lock when it adds up (see the migration)."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [-1, zone_id])


def into_the_ledger(drawn, *, now):
    """The plan's ledger says what the list says, one sum for an operation: asked again, it has nothing to add."""
    with connection.cursor() as cursor:
        cursor.execute("select ledger_of_list(%s, %s)", [drawn.pk, now])


class NotNow(Exception):
    """The list is not in the state that this step begins from: somebody else moved it, or it is over."""


def _move(row, before, after, *, by, now, verb, **values):
    moved = PaymentList.objects.within(by).filter(pk=row.pk, state=before).update(state=after, **values)
    if not moved:
        raise NotNow
    row.refresh_from_db()
    log.act(verb, row, by=by, now=now, **{name: str(values[name]) for name in ("act", "act_on") if name in values})


@transaction.atomic
def approve(*, drawn, act, act_on, debtor_name, debtor_iban, by, now):
    """By the act that liquidates the sum. From here on nothing of the list changes."""
    _move(
        drawn, PaymentList.State.DRAFT, PaymentList.State.APPROVED, by=by, now=now, verb="approve",
        act=act.strip(), act_on=act_on, debtor_name=debtor_name.strip(), debtor_iban=debtor_iban, approved_at=now,
        approved_by=by.user,
    )  # fmt: skip
    into_the_ledger(drawn, now=now)


@transaction.atomic
def discard(*, drawn, by, now):
    """Throw a draft away: its months are payable again. The list and its lines stay, as discarded."""
    _move(drawn, PaymentList.State.DRAFT, PaymentList.State.DISCARDED, by=by, now=now, verb="discard")
    lines = PaymentLine.objects.within(by).filter(list=drawn)
    _owed_again(lines, by=by)
    lines.update(outcome=PaymentLine.Outcome.DISCARDED, is_live=False)


def _owed_again(lines, *, by):
    """The months of these lines are to be put on a list."""
    same = lines.filter(traineeship=OuterRef("traineeship_id"), month=OuterRef("month"))
    MonthAllowance.objects.within(by).standing().filter(Exists(same)).update(is_listed=False)


@transaction.atomic
def send(*, drawn, execution_on, by, now):
    """The file has gone to the treasurer."""
    _move(
        drawn, PaymentList.State.APPROVED, PaymentList.State.SENT, by=by, now=now, verb="send",
        execution_on=execution_on, sent_at=now, sent_by=by.user,
    )  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What the treasurer says of one payment (`code`): paid, or returned and why; `on` is the day it happened."""

    code: str
    paid: bool
    on: object
    reason: str = ""


@transaction.atomic
def record_outcomes(*, drawn, outcomes, by, now):
    """Write what became of payments; the same again changes nothing. A paid one may still come back; a returned one is
    payable again by the next list, and stays returned. Returns how many payments changed. Raises NotNow."""
    if not PaymentList.objects.within(by).filter(
        pk=drawn.pk, state__in=[PaymentList.State.SENT, PaymentList.State.SETTLED]
    ):
        raise NotNow
    alone(drawn.zone_id)
    lines = defaultdict(list)
    for line in PaymentLine.objects.within(by).filter(list=drawn).order_by("id"):
        lines[line.code].append(line)
    changed = []
    for told in outcomes:
        after = PaymentLine.Outcome.PAID if told.paid else PaymentLine.Outcome.RETURNED
        own = lines[told.code]
        if not own or own[0].outcome in (after, PaymentLine.Outcome.RETURNED):
            continue
        if any(line.statement_id for line in own):
            raise NotNow
        for line in own:
            line.outcome, line.outcome_on, line.return_reason = after, told.on, told.reason.strip()[:200]
            line.is_live, line.outcome_at, line.outcome_by = told.paid, now, by.user
        changed.append(own)
    fresh = [line for own in changed for line in own]
    back = [line.pk for line in fresh if line.outcome == PaymentLine.Outcome.RETURNED]
    if back:
        _owed_again(PaymentLine.objects.within(by).filter(pk__in=back), by=by)
    PaymentLine.objects.bulk_update(
        fresh, ["outcome", "outcome_on", "return_reason", "is_live", "outcome_at", "outcome_by"], batch_size=1000
    )
    log.acts("outcome", [(line, {"outcome": line.outcome, "on": line.outcome_on}) for line in fresh], by=by, now=now)
    waiting = PaymentLine.objects.within(by).filter(list=drawn, outcome=PaymentLine.Outcome.WAITING).exists()
    if not waiting:
        PaymentList.objects.within(by).filter(pk=drawn.pk).update(state=PaymentList.State.SETTLED)
    drawn.refresh_from_db()
    if changed:
        into_the_ledger(drawn, now=now)
    return len(changed)


@dataclass
class Total:
    """A total of a list by fund line, CUP and act."""

    line: str
    cup: str
    act: str
    people: set
    amount: Decimal = Decimal(0)


def totals(lines, *, act=""):
    """By fund line and CUP, in their order; they add up to the list's total."""
    found = {}
    for line in lines:
        operation = line.operation
        key = (operation.fund_line.order, operation.cup) if operation else (10**6, "")
        one = found.setdefault(
            key,
            Total(
                line=operation.fund_line.names if operation else {"it": "fondi propri", "en": "own funds"},
                cup=operation.cup if operation else "",
                act=act,
                people=set(),
            ),
        )
        one.people.add(line.subject_id)
        one.amount += line.amount
    return [found[key] for key in sorted(found)]


@dataclass(frozen=True)
class Payment:
    """The lines of one traineeship on a list, which go out together."""

    code: str
    lines: tuple

    @property
    def amount(self):
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def first(self):
        return self.lines[0]

    @property
    def is_transfer(self):
        return self.first.payee.means == Means.IBAN


def payments_of(lines):
    """In the order of the lines."""
    own = {}
    for line in lines:
        own.setdefault(line.code, []).append(line)
    return [Payment(code, tuple(rows)) for code, rows in own.items()]
