from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.plan.bilingual import BilingualField
from accanto.plan.grade import Grade


class FundLines(models.QuerySet):
    def tree(self):
        """[(line, its lines)] in order: a line is part of another, and its amounts are never added to the other's."""
        rows = list(self.order_by("order", "id"))
        return [(row, [one for one in rows if one.parent_id == row.pk]) for row in rows if row.parent_id is None]


class FundLine(models.Model):
    """A line of money of the plan, or a line within one. What each of its amounts is the whole of is said by the
    amount's perimeter."""

    code = models.SlugField(_("codice"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("ordine"), default=0)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("dentro la linea")
    )
    name = models.CharField(_("nome"), max_length=120)
    name_en = models.CharField(_("nome in inglese"), max_length=120, blank=True)
    acts = models.ManyToManyField("plan.Act", blank=True, related_name="fund_lines", verbose_name=_("atti"))
    # the PNRR lines the money is of, as the extracts call them
    submeasures = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("linee del PNRR")
    )
    note = BilingualField(_("nota"), blank=True)
    # participations in operations of these lines are what the plan's targets of persons count
    counts_for_targets = models.BooleanField(_("conta per gli obiettivi di persone"), default=False)

    objects = FundLines.as_manager()

    class Meta:
        verbose_name = _("linea di finanziamento")
        verbose_name_plural = _("linee di finanziamento")
        ordering = ["order", "id"]

    def __str__(self):
        return self.name

    @property
    def names(self):
        return {"it": self.name, "en": self.name_en or self.name}


class FundAmount(models.Model):
    """A sum in euro and its perimeter. Amounts of two perimeters are never added up nor divided one by the other
    (FU-11: 27.5 M and 23.9 M; FU-31: 77 M is not the whole of priority 3)."""

    fund_line = models.ForeignKey(FundLine, models.CASCADE, related_name="amounts", verbose_name=_("linea"))
    order = models.PositiveSmallIntegerField(_("ordine"))
    # those the Region presented as the plan's; the others are shown beside, to compare
    of_the_plan = models.BooleanField(_("del piano"))
    first_year = models.PositiveSmallIntegerField(_("dal"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("al"), null=True, blank=True)
    amount = models.DecimalField(_("importo in euro"), max_digits=14, decimal_places=2)
    perimeter = BilingualField(_("perimetro"))
    grade = models.CharField(_("quanto è certo"), max_length=10, choices=Grade.choices)
    rule = models.CharField(_("regola"), max_length=20, blank=True)
    source = models.CharField(_("fonte"), max_length=300)
    act = models.ForeignKey(
        "plan.Act", models.PROTECT, null=True, blank=True, related_name="fund_amounts", verbose_name=_("atto")
    )

    class Meta:
        verbose_name = _("importo di una linea")
        verbose_name_plural = _("importi delle linee")
        ordering = ["fund_line", "order"]
        constraints = [
            models.UniqueConstraint(fields=["fund_line", "order"], name="plan_fund_amount_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, last_year__gte=F("first_year")), name="plan_fund_amount_possible"
            ),
        ]

    def __str__(self):
        return f"{self.years} {self.amount}"

    @property
    def years(self):
        """«2022», «2021-2027», or nothing where no source gives them."""
        if self.first_year is None:
            return ""
        return str(self.first_year) if self.first_year == self.last_year else f"{self.first_year}-{self.last_year}"
