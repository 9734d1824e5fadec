"""One month of one traineeship from the signed plan to the reported euro, on one page; and an operation's money with
the way back to each month of it."""

from decimal import Decimal

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.norms.days import month_of
from accanto.plan.operation import Operation
from accanto.traineeships import expenditure_statement
from accanto.traineeships.allowance import AllowanceTerms, MonthAllowance
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.expenditure_statement import ExpenditureStatement
from accanto.traineeships.monthly_close import MonthlyClose
from accanto.traineeships.payment import PaymentLine, PaymentList
from accanto.web.allowance import UNITS
from accanto.web.frame import STARTERS
from accanto.web.law_beside import NearDay
from accanto.web.person_payments import OUTCOME_TONES
from accanto.web.traineeship import month_from, sees_money, visible

SHOWN = 200


@for_kinds(*STARTERS, Kind.THIRD_SECTOR_TUTOR, Kind.PERSON)
def payment_chain(request, traineeship, month):
    """Signed plan, days confirmed, month closed, determination with its rows, payment, fund line, CUP and act,
    statement: each ring with who and when, or what is missing."""
    acting = request.acting
    row, first = visible(request, traineeship), month_from(month)
    terms = AllowanceTerms.objects.within(acting).filter(traineeship=row).first()
    if not row.starts.replace(day=1) <= first <= row.ends or not sees_money(acting, terms):
        raise Http404
    own = {"traineeship": row, "month": first}
    days = AttendanceDay.objects.within(acting).of(row.subject_id).standing().select_related("recorded_by")
    days = list(days.filter(traineeship=row, day__range=(first, month_of(first).last)).order_by("day"))
    close = MonthlyClose.objects.within(acting).of(row.subject_id).standing().filter(**own)
    determined = MonthAllowance.objects.within(acting).of(row.subject_id).standing().filter(**own)
    determined = determined.select_related("computed_by").first()
    lines = (
        PaymentLine.objects.within(acting)
        .of(row.subject_id)
        .filter(**own)
        .select_related("operation__fund_line", "payee", "outcome_by")
        .order_by("id")
    )
    lines = list(lines)
    # the lists and statements are of the offices: the others read what their own lines say
    lists, statements = {}, {}
    if acting.reads_by_zone:
        lists = PaymentList.objects.within(acting).select_related("approved_by").in_bulk({one.list_id for one in lines})
        statements = ExpenditureStatement.objects.within(acting).in_bulk(
            {one.statement_id for one in lines if one.statement_id}
        )
    context = {
        "traineeship": row,
        "month": first,
        "slug": month,
        "days": days,
        "hours": sum((day.hours for day in days), Decimal(0)),
        "close": close.select_related("closed_by").first(),
        "determined": determined,
        "rows": [line | {"unit": UNITS.get(line["unit"], "")} for line in determined.rows] if determined else [],
        "on_the_close": bool(determined and determined.close_id),
        "lines": [
            {
                "line": line,
                "list": lists.get(line.list_id),
                "statement": statements.get(line.statement_id),
                "tone": OUTCOME_TONES[line.outcome],
            }
            for line in lines
        ],
        "held": sum((line.amount for line in lines if line.is_live), Decimal(0)),
        "payer": terms.get_payer_display() if terms and terms.payer else "",
        "sees_office": acting.kind in STARTERS,
        "sees_plan": acting.may(Degree.TRAINEESHIP_PLAN),
    }
    return render(request, "payments/payment_chain.html", context)


class ReportForm(forms.Form):
    reference = forms.CharField(
        label=gettext_lazy("Rendiconto"),
        max_length=120,
        help_text=gettext_lazy("Come si chiama la domanda di rimborso: per esempio DDR 3/2026."),
    )
    presented_on = NearDay(label=gettext_lazy("Presentato il"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_presented_on(self):
        day = self.cleaned_data["presented_on"]
        if day > self.today:
            raise forms.ValidationError(_("Il giorno deve ancora venire."))
        return day


@for_kinds(*STARTERS)
@writes
def operation_payments(request, operation):
    """From the sums of an operation to its months, and from each of them to the days."""
    acting, now = request.acting, timezone.now()
    today = timezone.localdate(now)
    row = get_object_or_404(Operation.objects.within(acting).select_related("fund_line", "zone"), pk=operation)
    may_write = acting.may(Degree.PAYMENT, write=True)
    form = ReportForm(request.POST if request.method == "POST" else None, today=today, initial={"presented_on": today})
    if request.method == "POST":
        if not may_write:
            raise Http404
        if form.is_valid():
            try:
                expenditure_statement.report(operation=row, by=acting, now=now, **form.cleaned_data)
            except expenditure_statement.NothingToReport:
                form.add_error(None, _("Fino a quel giorno non c’è niente di pagato da rendicontare."))
            else:
                messages.success(request, _("Spesa rendicontata: ogni suo euro porta alle giornate."))
                return redirect("operation_payments", row.pk)
    lines = PaymentLine.objects.within(acting).live().filter(operation=row)
    month = month_from(request.GET["month"]) if "month" in request.GET else None
    context = {
        "operation": row,
        "sums": expenditure_statement.operation_sums(row.pk),
        "months": list(
            lines.order_by("-month")
            .values("month")
            .annotate(
                people=Count("subject_id", distinct=True),
                listed=Sum("amount"),
                paid=Sum("amount", filter=Q(outcome="paid"), default=Decimal(0)),
                reported=Sum("amount", filter=Q(statement__isnull=False), default=Decimal(0)),
            )
        ),
        "month": month,
        "lines": [
            (line, *OUTCOME_TONES[line.outcome])
            for line in lines.filter(month=month).select_related("subject__person").order_by("id")[:SHOWN]
        ]
        if month
        else [],
        "statements": list(ExpenditureStatement.objects.within(acting).filter(operation=row)[:50]),
        "form": form if may_write else None,
    }
    return render(request, "payments/operation_payments.html", context, status=422 if form.errors else 200)
