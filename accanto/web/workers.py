"""Who works in the zone, with their contracts and absences: for who plans it, and for nobody else."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.norms.findings import Refused
from accanto.norms.full_time import contract_share, to_four_decimals
from accanto.staffing import contract as contracts
from accanto.staffing import worker as workers_of
from accanto.staffing.contract import Contract, as_law
from accanto.staffing.staffing_return import year_due_next
from accanto.staffing.worker import CODE, Worker
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.keyset import Page
from accanto.web.plan import sections
from accanto.web.staffing_pages import staffing_pages


class WorkerForm(forms.Form):
    profession = forms.ChoiceField(
        label=gettext_lazy("Professione"),
        choices=Worker.Profession.choices,
        initial=Worker.Profession.SOCIAL_WORKER,
        widget=forms.RadioSelect,
    )
    code = forms.CharField(
        label=gettext_lazy("Codice, se la zona ne ha già uno"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Vuoto: lo dà il sistema, per esempio AS-0001."),
    )
    name = forms.CharField(
        label=gettext_lazy("Nome, se serve a riconoscerlo"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Lo legge solo chi programma questa zona."),
    )

    def clean_code(self):
        code = self.cleaned_data["code"].strip().upper()
        if code and not CODE.fullmatch(code):
            raise ValidationError(_("Solo lettere, cifre, punti, barre e trattini: per esempio AS-0001."))
        return code


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Nome"), max_length=120, required=False)


def worker_or_404(request, worker):
    return get_object_or_404(Worker.objects.within(request.acting).known().select_related("zone"), pk=worker)


@for_kinds(Kind.ZONE_PLANNER)
def workers(request):
    today = timezone.localdate()
    known = Worker.objects.within(request.acting).known()
    shown = {
        "now": (_("Sotto contratto oggi"), known.under_contract(today)),
        "none": (_("Senza alcun contratto"), known.never_under_contract()),
        "all": (_("Tutti"), known),
    }
    asked = request.GET.get("show", "now")
    asked = asked if asked in shown else "now"
    standing = Contract.objects.standing().select_related("municipality", "worker").order_by("starts", "id")
    rows = shown[asked][1].prefetch_related(Prefetch("contracts", standing, to_attr="standing_contracts"))
    page = Page.of(request, rows, order=("code", "id"))
    context = {
        "sections": sections(request, "staffing"),
        "pages": staffing_pages(request, "workers"),
        "filters": [(label, f"?show={word}", own.count(), word == asked) for word, (label, own) in shown.items()],
        "page": page,
        "rows": [_row(row, today) for row in page.rows],
        "synthetic": any(row.synthetic for row in page.rows),
        "year": str(today.year),
        "return_year": str(year_due_next(today)),
        "zone": request.acting.role.zone,
    }
    return render(request, "staffing/workers.html", context)


def _row(worker, today):
    running = [one for one in worker.standing_contracts if one.starts <= today and (one.ends or today) >= today]
    shown = running or worker.standing_contracts[-1:]
    return {
        "worker": worker,
        "contracts": shown,
        "hours": sum(one.weekly_hours for one in running) if running else None,
        "over": contracts.over_full_time(worker.standing_contracts, on=today),
    }


@for_kinds(Kind.ZONE_PLANNER)
@writes
def new_worker(request):
    """Who they are; then, at once, under which contract."""
    form, findings = WorkerForm(request.POST if request.method == "POST" else None), []
    if request.method == "POST" and form.is_valid():
        try:
            row = workers_of.enter(
                zone=request.acting.role.zone, **form.cleaned_data, by=request.acting, now=timezone.now()
            )
        except Refused as refused:
            findings = refused.findings
            form.add_error("code", str(findings[0].sentence))
        else:
            messages.success(request, _("%(worker)s è inserito: ora scrivi il suo contratto.") % {"worker": row})
            return redirect("new_contract", row.pk)
    context = {"form": form, "findings": findings}
    return render(request, "staffing/new_worker.html", context, status=422 if form.errors else 200)


@for_kinds(Kind.ZONE_PLANNER)
@writes
def worker(request, worker):
    """One worker: the contracts, the absences, and what they make of the year."""
    row, today = worker_or_404(request, worker), timezone.localdate()
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        workers_of.rename(worker=row, name=form.cleaned_data["name"], by=request.acting, now=timezone.now())
        messages.success(request, _("Nome salvato."))
        return redirect("worker", row.pk)
    written = list(row.contracts.select_related("municipality", "worker").order_by("starts", "id"))
    standing = [one for one in written if not one.superseded_at]
    absences = list(row.absences.standing().order_by("starts", "id"))
    over = contracts.over_full_time(standing, on=today)
    context = {
        "worker": row,
        "form": form,
        "contracts": standing,
        "superseded": [one for one in reversed(written) if one.superseded_at],
        "absences": absences,
        "findings": [over] if over else [],
        "years": [_of_year(year, standing, absences) for year in (today.year, today.year - 1)] if standing else [],
    }
    return render(request, "staffing/worker.html", context, status=422 if form.errors else 200)


def _of_year(year, standing, absences):
    away = [(one.kind, one.period) for one in absences]
    shares = [
        (one, contract_share(as_law(one, away), year=year, on=dt.date(year, 12, 31)))
        for one in standing
        if one.starts.year <= year and (one.ends is None or one.ends.year >= year)
    ]
    return {
        "year": str(year),
        "months": to_four_decimals(sum(share.by_months for _one, share in shares)),
        "days": to_four_decimals(sum(share.by_days for _one, share in shares)),
        "why": list(dict.fromkeys(finding for _one, share in shares for finding in share.why)),
    }


@for_kinds(Kind.ZONE_PLANNER)
@writes
def withdraw_worker(request, worker):
    """Written by mistake. Who has left has a last day instead."""
    row = worker_or_404(request, worker)
    if row.contracts.standing().exists():
        raise Http404
    if request.method == "POST":
        workers_of.withdraw(worker=row, by=request.acting, now=timezone.now())
        messages.success(request, _("%(worker)s è tolto dagli elenchi.") % {"worker": row})
        return redirect("workers")
    confirm = Confirm(
        title=_("%(worker)s è stato scritto per errore?") % {"worker": row},
        sentence=_("Esce dagli elenchi e il suo codice non si dà a nessun altro."),
        url=reverse("withdraw_worker", args=[row.pk]),
        label=_("Toglilo"),
        cancel_url=reverse("worker", args=[row.pk]),
        danger=True,
    )
    return render(request, "confirm.html", {"confirm": confirm})
