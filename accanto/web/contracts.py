"""The contracts and the absences of a worker: written, corrected, taken away; what was written stays on record."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.norms.findings import Refused
from accanto.norms.reader import parameter
from accanto.staffing import absence as absences
from accanto.staffing import contract as contracts
from accanto.staffing.absence import Absence
from accanto.staffing.contract import MOST_HOURS, Contract, Terms
from accanto.territory.municipality import Municipality
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.forms import DayField, HoursField
from accanto.web.people import CHOOSE
from accanto.web.templatetags.parts import local
from accanto.web.workers import worker_or_404


class WorkingDay(DayField):
    """A day of somebody's working life, which may have begun long ago."""

    default_validators = [
        MinValueValidator(dt.date(1970, 1, 1), gettext_lazy("Controlla l’anno: il giorno è troppo lontano.")),
        MaxValueValidator(dt.date(2100, 12, 31), gettext_lazy("Controlla l’anno: il giorno è troppo lontano.")),
    ]


class ContractForm(forms.Form):
    employer = forms.ChoiceField(label=gettext_lazy("Chi lo impiega"), choices=[CHOOSE, *Contract.Employer.choices])
    kind = forms.ChoiceField(label=gettext_lazy("Tipo di contratto"), choices=[CHOOSE, *Contract.Kind.choices])
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label=gettext_lazy("Per quale comune"),
        required=False,
        empty_label=gettext_lazy("tutto l’ambito"),
        help_text=gettext_lazy("Se lo impiega un comune, quel comune. Chi è dell’ente d’ambito è di tutto l’ambito."),
    )
    weekly_hours = HoursField(
        label=gettext_lazy("Ore la settimana"),
        min_value=Decimal("0.01"),
        max_value=MOST_HOURS,
        max_digits=4,
        error_messages={"max_value": gettext_lazy("Un contratto non ha più di %(limit_value)s ore la settimana.")},
    )
    starts = WorkingDay(label=gettext_lazy("Dal"))
    ends = WorkingDay(
        label=gettext_lazy("Al"), required=False, help_text=gettext_lazy("L’ultimo giorno. Vuoto: dura ancora.")
    )
    cost_refunded = forms.BooleanField(
        label=gettext_lazy("È dell’azienda USL e il suo costo le è rimborsato"),
        required=False,
        help_text=gettext_lazy("Il personale ASL conta solo se il costo lo sostiene davvero chi lo usa."),
    )
    coordinates = forms.BooleanField(
        label=gettext_lazy("Fa anche coordinamento o pianificazione"),
        required=False,
        help_text=gettext_lazy("Conta comunque per tutto il tempo."),
    )
    cost_source = forms.CharField(
        label=gettext_lazy("Da dove viene il costo"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Per esempio: bilancio dell’ente, Fondo povertà, PN Inclusione."),
    )
    act = forms.CharField(
        label=gettext_lazy("Atto"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Per esempio: determina n. 12 del 03/02/2026."),
    )

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = Municipality.objects.in_zone(zone)
        full = parameter("staffing.full_time_hours", timezone.localdate())
        if full.known:
            self.fields["weekly_hours"].help_text = _("Del contratto: %(hours)s è il tempo pieno.") % {
                "hours": full.integer()
            }


class AbsenceForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Che cosa"), choices=[CHOOSE, *Absence.Kind.choices])
    starts = WorkingDay(label=gettext_lazy("Dal"))
    ends = WorkingDay(
        label=gettext_lazy("Al"), required=False, help_text=gettext_lazy("L’ultimo giorno. Vuoto: non si sa ancora.")
    )


def told(form, refused):
    """What stops the act, beside the field it is about."""
    for finding in refused.findings:
        words = f"{local(finding.sentence)} {local(finding.way_out)}".strip()
        form.add_error(finding.field if finding.field in form.fields else None, words)


def contract_or_404(request, contract):
    rows = Contract.objects.within(request.acting).standing().select_related("worker__zone", "municipality")
    return get_object_or_404(rows, pk=contract)


def absence_or_404(request, absence):
    rows = Absence.objects.within(request.acting).standing().select_related("worker__zone")
    return get_object_or_404(rows, pk=absence)


@for_kinds(Kind.ZONE_PLANNER)
@writes
def new_contract(request, worker):
    return _write_contract(request, worker_or_404(request, worker), None)


@for_kinds(Kind.ZONE_PLANNER)
@writes
def correct_contract(request, contract):
    """A mistake, or a last day: the row before stays on record."""
    row = contract_or_404(request, contract)
    return _write_contract(request, row.worker, row)


def _write_contract(request, worker, before):
    initial = {name: getattr(before, name) for name in Terms.__dataclass_fields__} if before else {}
    form = ContractForm(request.POST if request.method == "POST" else None, zone=worker.zone, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = {"terms": Terms(**form.cleaned_data), "by": request.acting, "now": timezone.now()}
        try:
            if before:
                contracts.correct(contract=before, **said)
            else:
                contracts.record(worker=worker, **said)
        except Refused as refused:
            told(form, refused)
        else:
            messages.success(
                request,
                _("Contratto corretto: com’era prima resta scritto.")
                if before
                else _("Contratto scritto: il prospetto lo conta da solo."),
            )
            return redirect("worker", worker.pk)
    context = {"worker": worker, "form": form, "contract": before}
    return render(request, "staffing/edit_contract.html", context, status=422 if form.errors else 200)


@for_kinds(Kind.ZONE_PLANNER)
@writes
def withdraw_contract(request, contract):
    row = contract_or_404(request, contract)
    if request.method == "POST":
        try:
            contracts.withdraw(contract=row, by=request.acting, now=timezone.now())
        except Refused as refused:  # another hand, meanwhile
            messages.info(request, local(refused.findings[0].sentence))
        else:
            messages.success(request, _("Contratto ritirato: non conta più, e resta scritto che c’era."))
        return redirect("worker", row.worker_id)
    confirm = Confirm(
        title=_("Questo contratto non c’è mai stato?"),
        sentence=_("Se invece è finito, torna indietro e scrivi il suo ultimo giorno."),
        consequences=[_("Non conta più in nessun anno dei prospetti ancora in bozza.")],
        url=reverse("withdraw_contract", args=[row.pk]),
        label=_("Ritiralo"),
        cancel_url=reverse("worker", args=[row.worker_id]),
        danger=True,
    )
    return render(request, "confirm.html", {"confirm": confirm})


@for_kinds(Kind.ZONE_PLANNER)
@writes
def new_absence(request, worker):
    row = worker_or_404(request, worker)
    return _write_absence(request, row, None)


@for_kinds(Kind.ZONE_PLANNER)
@writes
def correct_absence(request, absence):
    """A mistake, or the day of the return."""
    row = absence_or_404(request, absence)
    return _write_absence(request, row.worker, row)


def _write_absence(request, worker, before):
    initial = {"kind": before.kind, "starts": before.starts, "ends": before.ends} if before else {}
    form = AbsenceForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            absences.record(
                worker=worker, **form.cleaned_data, by=request.acting, now=timezone.now(), instead_of=before
            )
        except Refused as refused:
            told(form, refused)
        else:
            messages.success(request, _("Assenza scritta."))
            return redirect("worker", worker.pk)
    context = {"worker": worker, "form": form, "absence": before}
    return render(request, "staffing/edit_absence.html", context, status=422 if form.errors else 200)


@for_kinds(Kind.ZONE_PLANNER)
@writes
def withdraw_absence(request, absence):
    row = absence_or_404(request, absence)
    if request.method == "POST":
        try:
            absences.withdraw(absence=row, by=request.acting, now=timezone.now())
        except Refused as refused:
            messages.info(request, local(refused.findings[0].sentence))
        else:
            messages.success(request, _("Assenza ritirata."))
        return redirect("worker", row.worker_id)
    confirm = Confirm(
        title=_("Questa assenza non c’è mai stata?"),
        sentence=_("Se invece è finita, torna indietro e scrivi il suo ultimo giorno."),
        url=reverse("withdraw_absence", args=[row.pk]),
        label=_("Ritirala"),
        cancel_url=reverse("worker", args=[row.worker_id]),
        danger=True,
    )
    return render(request, "confirm.html", {"confirm": confirm})
