"""One allocation: its quotas, what changed from the year before and why; adopting a draft, and the files."""

import csv

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.exchange import workbook
from accanto.norms.findings import Refused
from accanto.plan import allocation as allocations
from accanto.plan.act import Act
from accanto.plan.allocation import Allocation
from accanto.web import allocation_picture
from accanto.web.acts import ActField
from accanto.web.funds import may_split
from accanto.web.parts.forms import PastDayField

FORMULA = tuple("=+-@\t\r")


class AdoptForm(forms.Form):
    act = ActField(label=gettext_lazy("Atto che lo adotta"), empty_label=gettext_lazy("scegli"))
    adopted_on = PastDayField(label=gettext_lazy("Adottato il"))

    def __init__(self, *args, acting, corrects=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.corrects = corrects
        self.fields["act"].queryset = Act.objects.for_office(acting)

    def clean_act(self):
        act = self.cleaned_data["act"]
        if self.corrects and self.corrects.act_id == act.pk:
            raise forms.ValidationError(_("Un riparto adottato si corregge con un altro atto: scegli quello nuovo."))
        return act


def one_or_404(request, pk):
    """A draft is read by who writes it only."""
    rows = Allocation.objects.select_related("fund_line", "act", "corrects", "superseded_by", "recorded_by")
    row = get_object_or_404(rows.prefetch_related("quotas__zone", "criteria__bases__zone", "reserves"), pk=pk)
    if row.is_draft and not may_split(request):
        raise Http404
    return row


@login_not_required
@require_safe
def allocation(request, allocation):
    row = one_or_404(request, allocation)
    drafts = row.corrections.drafts() if may_split(request) else Allocation.objects.none()
    form = None
    if row.is_draft and not row.superseded_at:
        form = AdoptForm(acting=request.acting, initial={"act": row.act and row.act.code}, corrects=row.corrects)
    return _page(request, row, form, drafts.first())


def _page(request, row, form, correction=None, status=200, findings=()):
    context = {
        "allocation": row,
        "line": row.fund_line,
        "picture": allocation_picture.saved(row),
        "reserves": list(row.reserves.all()),
        "criteria": list(row.criteria.all()),
        "form": form,
        "findings": list(findings),
        "correction": correction,
        "may_split": may_split(request),
    }
    return render(request, "plan/allocation.html", context, status=status)


@for_kinds(Kind.REGIONAL_OFFICER)
@writes
@require_POST
def adopt_allocation(request, allocation):
    row = one_or_404(request, allocation)
    form = AdoptForm(request.POST, acting=request.acting, corrects=row.corrects)
    findings = []
    if form.is_valid():
        try:
            made = allocations.adopt(draft=row, **form.cleaned_data, by=request.acting, now=timezone.now())
        except allocations.NoLongerADraft:
            return _gone(request, row)
        except Refused as refused:
            findings = refused.findings
        else:
            messages.success(request, _("Riparto adottato: da ora lo legge chiunque."))
            return redirect("allocation", made.pk)
    return _page(request, row, form, status=422, findings=findings)


@for_kinds(Kind.REGIONAL_OFFICER)
@writes
@require_POST
def discard_allocation(request, allocation):
    row = one_or_404(request, allocation)
    try:
        allocations.discard(draft=row, by=request.acting, now=timezone.now())
    except allocations.NoLongerADraft:
        return _gone(request, row)
    messages.success(request, _("Bozza scartata."))
    return redirect("fund", row.fund_line.code)


def _gone(request, row):
    messages.error(request, _("Questa bozza non c’è più: qualcuno l’ha adottata, cambiata o scartata."))
    return redirect("fund", row.fund_line.code)


@login_not_required
@require_safe
def allocation_file(request, allocation, kind):
    """The quotas as a file (CSV, XLSX), a row a zone, with the bases of each criterion and what they bring."""
    row = one_or_404(request, allocation)
    head, rows = _rows(row)
    name = f"{row.fund_line.code}-{row.year}-{row.pk}"
    if kind == "xlsx":
        sheet = workbook.Sheet(name=str(row.year), head=head, rows=rows, widths=[32, *[18] * (len(head) - 1)])
        answer = HttpResponse(
            workbook.written([sheet]),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    else:
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        writer = csv.writer(answer, lineterminator="\n")
        writer.writerow([_inert(cell) for cell in head])
        writer.writerows([_inert(cell) for cell in line] for line in rows)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _inert(cell):
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _rows(row):
    criteria = list(row.criteria.all())
    head = ["zona", "nome", "anno", "quota", "centesimi_residui"]
    for one in criteria:
        head += [f"base: {one.name}", f"euro: {one.name}"]
    head += ["perimetro", "stato", "atto", "fonte", "avvertenza"]
    bases = {(one.pk, base.zone_id): base for one in criteria for base in one.bases.all()}
    rows = []
    for quota in row.quotas.all():
        line = [quota.zone.code, quota.zone.name, str(row.year), f"{quota.amount:.2f}", str(quota.residual_cents)]
        for one in criteria:
            base = bases[one.pk, quota.zone_id]
            line += [f"{base.quantity.normalize():f}", f"{base.amount:.2f}"]
        line += [
            row.perimeter, str(row.state_word), str(row.act or ""), row.source,
            "dati sintetici" if row.synthetic else "",
        ]  # fmt: skip
        rows.append(line)
    return head, rows
