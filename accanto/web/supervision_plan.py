"""The plan of a kind of supervision for a year: written, corrected and withdrawn with the reason."""

from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.norms import supervision as norms
from accanto.norms.findings import Refused
from accanto.staffing import supervision_plan as plans
from accanto.staffing.supervision_plan import MOST_HOURS, PlanTerms, SupervisionKind, SupervisionPlan
from accanto.web.contracts import told
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.forms import HoursField
from accanto.web.supervision import years
from accanto.web.templatetags.parts import local


def overview(year):
    return f"{reverse('supervision')}?year={year}"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Perché"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Resta scritto accanto a com’era prima."),
    )


class PlanForm(forms.Form):
    hours = HoursField(
        label=gettext_lazy("Ore previste nell’anno"),
        min_value=Decimal("0.01"),
        max_value=MOST_HOURS,
        max_digits=6,
        error_messages={"max_value": gettext_lazy("Sono troppe per un anno: il massimo è %(limit_value)s.")},
    )
    act = forms.CharField(
        label=gettext_lazy("Piano operativo analitico (POA) o atto"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Quello della supervisione, non la programmazione del Piano integrato di salute."),
    )
    accreditation = forms.CharField(
        label=gettext_lazy("Accreditamento per i crediti formativi"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Si chiede prima, uno per ogni tipo di supervisione."),
    )


def plan_or_404(request, year, kind):
    """The standing plan, or None where the year and the kind may have one."""
    if kind not in SupervisionKind.values or year not in years(timezone.localdate()):
        raise Http404
    rows = SupervisionPlan.objects.within(request.acting).held()
    return rows.filter(year=year, kind=kind).first()


@for_kinds(Kind.ZONE_PLANNER)
@writes
def edit_supervision_plan(request, year, supervision_kind):
    kind = supervision_kind
    before = plan_or_404(request, year, kind)
    initial = {name: getattr(before, name) for name in PlanTerms.__dataclass_fields__} if before else {}
    form = PlanForm(request.POST if request.method == "POST" else None, initial=initial)
    if before:
        form.fields["reason"] = ReasonForm.base_fields["reason"]
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        terms = PlanTerms(**{name: found[name] for name in PlanTerms.__dataclass_fields__})
        try:
            plans.write(
                zone=request.acting.role.zone, year=year, kind=kind, terms=terms, reason=found.get("reason", ""),
                by=request.acting, now=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            told(form, refused)
        else:
            messages.success(
                request, _("Piano corretto: com’era prima resta scritto.") if before else _("Piano scritto.")
            )
            return redirect(overview(year))
    rows = SupervisionPlan.objects.within(request.acting).filter(year=year, kind=kind).exclude(superseded_at=None)
    context = {
        "form": form,
        "plan": before,
        "year": str(year),
        "kind": SupervisionKind(kind).label,
        "code": kind,
        "earlier": list(rows.order_by("-id")),
        "findings": [norms.hours_not_read(on=timezone.localdate())],
        "overview": overview(year),
    }
    return render(request, "staffing/edit_supervision_plan.html", context, status=422 if form.errors else 200)


@for_kinds(Kind.ZONE_PLANNER)
@writes
def withdraw_supervision_plan(request, year, supervision_kind):
    kind = supervision_kind
    row = plan_or_404(request, year, kind)
    if row is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            plans.withdraw(plan=row, reason=form.cleaned_data["reason"], by=request.acting, now=timezone.now())
        except Refused as refused:
            messages.info(request, local(refused.findings[0].sentence))
        else:
            messages.success(request, _("Piano ritirato: resta scritto che c’era, e perché."))
        return redirect(overview(year))
    confirm = Confirm(
        title=_("Ritirare il piano %(kind)s del %(year)s?") % {"kind": kind, "year": year},
        sentence=_("Se solo le ore sono cambiate, torna indietro e correggilo. Gli incontri già scritti restano."),
        url=reverse("withdraw_supervision_plan", args=[year, kind]),
        label=_("Ritiralo"),
        cancel_url=overview(year),
        danger=True,
        form=form,
    )
    return render(request, "confirm.html", {"confirm": confirm}, status=422 if form.errors else 200)
