from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log


class Operations(models.QuerySet):
    def running(self, day):
        return self.filter(starts__lte=day, ends__gte=day)

    def within(self, acting):
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self


class Operation(models.Model):
    """A financed project (CUP) of a zone on a fund line, from a day to another, with its terms for the allowance."""

    class AllowanceMode(models.TextChoices):
        HOURLY = "hourly", _("a ore, con il massimo mensile")
        MONTHLY = "monthly", _("somma mensile concordata")

    class Objective(models.TextChoices):
        INCLUSION = "h", _("h: inclusione attiva e lavoro per chi è svantaggiato")
        SERVICES = "k", _("k: accesso a servizi di qualità")

    class Trait(models.TextChoices):
        UNEMPLOYED = "unemployed", _("essere disoccupato e iscritto come tale")
        INACTIVE = "inactive", _("essere inattivo")
        DISABILITY = "disability", _("avere una disabilità certificata")
        THIRD_COUNTRY = "third_country", _("avere la cittadinanza di un Paese terzo")
        MINORITY = "minority", _("essere di una minoranza")
        HOMELESS = "homeless", _("essere senza dimora o in esclusione abitativa")

    cup = models.CharField(_("CUP"), max_length=15, unique=True)
    title = models.CharField(_("titolo"), max_length=200)
    fund_line = models.ForeignKey("plan.FundLine", models.PROTECT, related_name="operations", verbose_name=_("linea"))
    call_code = models.CharField(_("avviso"), max_length=40, blank=True)
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="operations", verbose_name=_("zona"))
    act = models.ForeignKey(
        "plan.Act", models.PROTECT, null=True, blank=True, related_name="operations", verbose_name=_("atto")
    )
    # of the European fund: one operation stands in one specific objective (Reg. (EU) 2021/1057, art. 4)
    specific_objective = models.CharField(_("obiettivo specifico"), max_length=1, choices=Objective.choices, blank=True)
    activity = models.CharField(_("attività"), max_length=20, blank=True)
    # FS-09: all who enter have it, because only who has it may enter
    declared_trait = models.CharField(_("requisito per entrare"), max_length=20, choices=Trait.choices, blank=True)
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"))
    allowance_mode = models.CharField(
        _("come si calcola l'indennità"), max_length=10, choices=AllowanceMode.choices, default=AllowanceMode.HOURLY
    )
    hourly_rate = models.DecimalField(_("euro l'ora"), max_digits=6, decimal_places=2, null=True, blank=True)
    monthly_hours_max = models.DecimalField(
        _("ore al mese al massimo"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    synthetic = models.BooleanField(_("dato sintetico"), default=False)

    objects = Operations.as_manager()

    class Meta:
        verbose_name = _("operazione")
        verbose_name_plural = _("operazioni")
        ordering = ["zone", "starts", "id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "zone"], name="plan_operation_of_its_zone"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="plan_operation_dates"),
            models.CheckConstraint(
                condition=~Q(allowance_mode="hourly") | Q(hourly_rate__gt=0), name="plan_operation_rate_where_hourly"
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.cup})"


TERMS = (
    "cup",
    "title",
    "fund_line_id",
    "call_code",
    "zone_id",
    "act_id",
    "specific_objective",
    "activity",
    "declared_trait",
    "starts",
    "ends",
    "allowance_mode",
    "hourly_rate",
    "monthly_hours_max",
)


def objective_of(activity):
    """The specific objective that the code of an activity names: «3.h.1» is of h. Empty where it names none."""
    parts = activity.lower().split(".")
    return parts[1] if len(parts) > 1 and parts[1] in Operation.Objective.values else ""


@transaction.atomic
def open_operation(*, by, now, **terms) -> Operation:
    """Enter a financed operation: cup, title, fund_line, call_code, zone, starts, ends and the terms of the allowance
    (euro an hour, hours a month)."""
    operation = Operation.objects.create(**terms)
    log.act("open", operation, by=by, now=now, cup=operation.cup)
    return operation


@transaction.atomic
def amend(*, operation, by, now, **terms) -> Operation:
    """Change its terms; the log keeps what they were. Allowances already closed keep the terms they were made with."""
    before = {name: getattr(operation, name) for name in TERMS}
    for name, value in terms.items():
        setattr(operation, name, value)
    changed = {name: str(before[name]) for name in TERMS if getattr(operation, name) != before[name]}
    if changed:
        operation.save(update_fields=[name.removesuffix("_id") for name in changed])
        log.act("amend", operation, by=by, now=now, before=changed)
    return operation
