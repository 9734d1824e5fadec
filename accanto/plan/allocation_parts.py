"""What an allocation is made of: criteria with the base of each zone, quotas, reserves. Written once, with it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AllocationCriterion(models.Model):
    """One criterion of a split: its weight in percent, what its base is, of which day and from where."""

    class Kind(models.TextChoices):
        RESIDENTS = "residents", _("residenti")
        TABLE = "table", _("tabella")

    allocation = models.ForeignKey(
        "plan.Allocation", models.CASCADE, related_name="criteria", verbose_name=_("riparto")
    )
    order = models.PositiveSmallIntegerField(_("ordine"))
    name = models.CharField(_("criterio"), max_length=80)
    weight = models.DecimalField(_("peso, in percento"), max_digits=7, decimal_places=4)
    kind = models.CharField(_("base"), max_length=10, choices=Kind.choices)
    base_day = models.DateField(_("base del giorno"), null=True, blank=True)
    base_source = models.CharField(_("fonte della base"), max_length=200)

    class Meta:
        verbose_name = _("criterio di riparto")
        verbose_name_plural = _("criteri di riparto")
        ordering = ["allocation", "order"]
        constraints = [
            models.UniqueConstraint(fields=["allocation", "order"], name="plan_criterion_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="plan_criterion_weight"),
        ]

    def __str__(self):
        return f"{self.name} {self.weight} %"


class AllocationBase(models.Model):
    """The quantity of a zone by a criterion, and the euro it brings."""

    criterion = models.ForeignKey(AllocationCriterion, models.CASCADE, related_name="bases", verbose_name=_("criterio"))
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    quantity = models.DecimalField(_("quantità"), max_digits=18, decimal_places=4)
    amount = models.DecimalField(_("euro"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("base di un criterio")
        verbose_name_plural = _("basi dei criteri")
        ordering = ["criterion", "zone"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "zone"], name="plan_base_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0, amount__gte=0), name="plan_base_possible"),
        ]

    def __str__(self):
        return f"{self.zone} {self.quantity}"


class AllocationQuota(models.Model):
    """What a zone gets, in euro; `residual_cents` of it were left over and came by the largest remainder."""

    allocation = models.ForeignKey("plan.Allocation", models.CASCADE, related_name="quotas", verbose_name=_("riparto"))
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    amount = models.DecimalField(_("euro"), max_digits=14, decimal_places=2)
    residual_cents = models.PositiveSmallIntegerField(_("centesimi residui"), default=0)

    class Meta:
        verbose_name = _("quota di una zona")
        verbose_name_plural = _("quote delle zone")
        ordering = ["allocation", "zone"]
        constraints = [
            models.UniqueConstraint(fields=["allocation", "zone"], name="plan_quota_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="plan_quota_possible"),
        ]

    def __str__(self):
        return f"{self.zone} {self.amount}"


class AllocationReserve(models.Model):
    """A sum for a purpose: taken off before the split, or a part of the quotas that must go to it."""

    class Purpose(models.TextChoices):
        INFORMATICS = "informatics", _("adeguamento informatico")
        EMERGENCY = "emergency", _("pronto intervento sociale")
        CARE_LEAVERS = "care_leavers", _("neomaggiorenni")
        HOMELESS = "homeless", _("persone senza dimora")
        OTHER = "other", _("altro")

    allocation = models.ForeignKey(
        "plan.Allocation", models.CASCADE, related_name="reserves", verbose_name=_("riparto")
    )
    purpose = models.CharField(_("per che cosa"), max_length=20, choices=Purpose.choices)
    amount = models.DecimalField(_("euro"), max_digits=14, decimal_places=2)
    taken_before = models.BooleanField(_("tolta prima di dividere"))

    class Meta:
        verbose_name = _("riserva di un riparto")
        verbose_name_plural = _("riserve dei riparti")
        ordering = ["allocation", "purpose"]
        constraints = [
            models.UniqueConstraint(fields=["allocation", "purpose"], name="plan_reserve_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="plan_reserve_of_something"),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()} {self.amount}"
