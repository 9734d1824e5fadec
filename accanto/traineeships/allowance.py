import datetime as dt
from decimal import Decimal

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow, SubjectRows
from accanto.norms import traineeships as law
from accanto.norms.days import month_of
from accanto.norms.findings import Severity, allow
from accanto.norms.reader import LocalValue, parameter
from accanto.norms.text import Text
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.monthly_close import MonthlyClose
from accanto.traineeships.passage import suspensions


class AllowanceTerms(SubjectRow):
    """How the allowance of one traineeship is worked out: the operation's terms, or those agreed in the plan."""

    class Mode(models.TextChoices):
        HOURLY = "hourly", _("a ore, con il massimo mensile")
        MONTHLY = "monthly", _("somma mensile concordata")
        TOP_UP = "top_up", _("integrazione fino a una somma")

    class Payer(models.TextChoices):
        BODY_IN_CHARGE = "body_in_charge", _("ente che ha in carico la persona")
        PROMOTER = "promoter", _("soggetto promotore")
        OPERATION = "operation", _("operazione finanziata")
        HOST = "host", _("soggetto ospitante")

    traineeship = models.OneToOneField("traineeships.Traineeship", models.PROTECT, related_name="terms")
    mode = models.CharField(_("come si calcola"), max_length=10, choices=Mode.choices, default=Mode.MONTHLY)
    hourly_rate = models.DecimalField(_("euro l'ora"), max_digits=6, decimal_places=2, null=True, blank=True)
    monthly_amount = models.DecimalField(_("euro al mese"), max_digits=8, decimal_places=2, null=True, blank=True)
    monthly_hours_max = models.DecimalField(
        _("ore al mese al massimo"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    payer = models.CharField(_("chi paga"), max_length=20, choices=Payer.choices, blank=True)

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("accordo sull'indennità")
        verbose_name_plural = _("accordi sull'indennità")

    def __str__(self):
        return self.get_mode_display()


class MonthAllowances(StandingRows):
    def to_list(self):
        """Determined on a close that still stands, and not wholly on a list."""
        return self.standing().filter(is_listed=False, close__isnull=False, close__reopened_at=None)


class MonthAllowance(SubjectRow):
    """What a month comes to, as determined at one moment, with its rows of calculation. A new determination supersedes
    it; what was determined can always be shown again."""

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="allowances")
    month = models.DateField(_("mese"))
    # the closed register it was determined on; without one it is an estimate, and is not paid
    close = models.ForeignKey(
        "traineeships.MonthlyClose", models.PROTECT, null=True, blank=True, related_name="allowances"
    )
    hours = models.DecimalField(_("ore"), max_digits=6, decimal_places=2)
    amount = models.DecimalField(_("indennità"), max_digits=8, decimal_places=2)
    rows = models.JSONField(_("righe del calcolo"), default=list)
    findings = models.JSONField(_("rilievi"), default=list)
    computed_at = models.DateTimeField(_("determinata il"))
    computed_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituita il"), null=True, blank=True)
    # whether the live lines of payment hold all of it. It spares reading every month ever paid to find those that are
    # not: where it is false they are added up (see owed.py), where it is true PostgreSQL has looked
    is_listed = models.BooleanField(_("in lista di pagamento"), default=False)

    objects = MonthAllowances.as_manager()

    class Meta:
        verbose_name = _("indennità del mese")
        verbose_name_plural = _("indennità dei mesi")
        ordering = ["month", "id"]
        indexes = [
            models.Index(
                fields=["zone", "computed_at"],
                condition=Q(superseded_at=None, is_listed=False, close__isnull=False),
                name="traineeships_allowance_to_list",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["traineeship", "month"],
                condition=Q(superseded_at=None),
                name="traineeships_allowance_one_a_month",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="traineeships_allowance_first_of_month"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="traineeships_allowance_amount"),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.amount}"


def terms_of(traineeship, terms):
    """The terms of the operation that pays; where it has none, those of the plan: (mode, rate, monthly sum, hours)."""
    operation = traineeship.operation if traineeship.operation_id else None
    if operation and operation.allowance_mode == AllowanceTerms.Mode.HOURLY and operation.hourly_rate:
        return operation.allowance_mode, operation.hourly_rate, None, operation.monthly_hours_max
    if terms is None:
        return None, None, None, None
    return terms.mode, terms.hourly_rate, terms.monthly_amount, terms.monthly_hours_max


def compute(*, traineeship, terms, month, days, passages=()):
    """What a month comes to by the law (R-IND-01, R-FSE-12, R-TIS-33): amount in euro, rows and findings.

    `month` is its first day; `days` are the standing days of the register in it, `passages` the changes of state."""
    mode, rate, sum_agreed, hours_max = terms_of(traineeship, terms)
    last = month_of(month).last
    done = sum((day.hours for day in days), Decimal(0))
    local = {}
    if hours_max is not None:
        operation = traineeship.operation if traineeship.operation_id else None
        speaker = Text("l'operazione", "the operation") if operation else Text("il progetto", "the plan")
        local["tis.monthly_hours_max"] = LocalValue(
            value=hours_max, speaker=speaker, act=f"CUP {operation.cup}" if operation else str(_("Progetto firmato"))
        )
    planned = (month + dt.timedelta(days=n) for n in range((last - month).days + 1))
    return law.month_allowance(
        law.MonthFacts(
            kind=law.Kind(traineeship.kind),
            month=month,
            start=traineeship.starts,
            end=traineeship.ends,
            allowance_mode=mode,
            hours_done=done,
            planned_hours=sum((traineeship.planned_hours(day) for day in planned), Decimal(0)),
            allowance_hourly=rate,
            allowance_monthly=sum_agreed,
            suspensions=suspensions(passages),
        ),
        local=local,
    )


def determine(*, traineeship, month, by, now):
    """Fix what a month comes to with the register as it stands now, superseding an earlier determination.

    Raises `Refused` where something needed is missing, or the month is not over. Before the register is closed it is an
    estimate that is not paid."""
    today = timezone.localdate(now)
    days = list(
        AttendanceDay.objects.standing()
        .of(traineeship.subject_id)
        .filter(traineeship=traineeship, day__range=(month, month_of(month).last))
    )
    terms = AllowanceTerms.objects.within(by).filter(traineeship=traineeship).first()
    found = compute(traineeship=traineeship, terms=terms, month=month, days=days, passages=traineeship.passages.all())
    findings = list(found.findings)
    if month_of(month).last >= today and traineeship.ends >= today:
        findings.append(
            parameter("register.no_future_days", today).finding(
                Severity.BLOCK,
                Text("Il mese non è ancora finito.", "The month is not over yet."),
                field="month",
                way_out=Text("Determina l'indennità dal primo giorno del mese dopo.", "Determine it once it is over."),
            )
        )
    allow([finding for finding in findings if finding.severity is Severity.BLOCK])
    close = MonthlyClose.objects.standing().of(traineeship.subject_id).filter(traineeship=traineeship, month=month)
    hours = sum((day.hours for day in days), Decimal(0))
    with transaction.atomic():
        (row,) = fix(
            [unsaved(traineeship, month, found, hours=hours, close=close.first(), findings=findings, by=by, now=now)],
            by=by,
            now=now,
        )
    return row


def unsaved(traineeship, month, found, *, hours, close, findings, by, now):
    """The determination of a month as a row, with its rows of calculation, to be written by `fix`."""
    return MonthAllowance(
        traineeship=traineeship,
        subject_id=traineeship.subject_id,
        zone_id=traineeship.zone_id,
        month=month,
        close=close,
        hours=hours,
        amount=found.amount,
        rows=[
            {
                "label": line.label.as_dict(),
                "quantity": str(line.quantity),
                "unit": line.unit,
                "amount": str(line.amount),
                "code": line.code,
                "source": line.source,
            }
            for line in found.rows
        ],
        findings=[finding.as_dict() for finding in findings],
        computed_at=now,
        computed_by=by.user,
    )


def fix(rows, *, by, now):
    """Write determinations of one month, each in place of the standing one of its traineeship."""
    if not rows:
        return []
    before = MonthAllowance.objects.within(by).standing()
    before.filter(traineeship__in=[row.traineeship_id for row in rows], month=rows[0].month).update(superseded_at=now)
    MonthAllowance.objects.bulk_create(rows)
    log.acts("determine", [(row, {"month": row.month, "amount": row.amount}) for row in rows], by=by, now=now)
    return rows
