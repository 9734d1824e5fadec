"""The financed operations: the list, one operation, and the form that enters or changes it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.norms.reader import in_force
from accanto.plan import operation as operations_of
from accanto.plan.act import Act
from accanto.plan.advance import Advance
from accanto.plan.call import Call
from accanto.plan.fund import FundLine
from accanto.plan.movement import Movement
from accanto.plan.operation import Operation
from accanto.plan.parameter import local_values
from accanto.territory.zone import Zone
from accanto.traineeships import expenditure_statement
from accanto.web import operation_money
from accanto.web.acts import ActField
from accanto.web.money_pages import CupField
from accanto.web.parts.forms import DayField, EuroField, HoursField
from accanto.web.plan import sections
from accanto.web.templatetags.parts import local

PAGE = 50


def call_in_words(call):
    """Its name and activity: the code is the sheet's, and says nothing to who reads."""
    return f"{local(call.name)} ({call.activity})"


class CallField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return call_in_words(obj)


class OperationForm(forms.Form):
    cup = CupField(
        label=gettext_lazy("CUP"),
        help_text=gettext_lazy("15 caratteri: una lettera, due cifre, una lettera, undici cifre."),
        max_length=20,
    )
    title = forms.CharField(label=gettext_lazy("Titolo"), max_length=200)
    fund_line = forms.ModelChoiceField(
        # an operation stands on a whole line: the plan's targets of persons are of those
        FundLine.objects.filter(parent=None),
        label=gettext_lazy("Linea di finanziamento"),
        empty_label=gettext_lazy("scegli"),
    )
    call = CallField(
        Call.objects.all(),
        label=gettext_lazy("Avviso"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("nessuno"),
    )
    zone = forms.ModelChoiceField(
        Zone.objects.all(), label=gettext_lazy("Zona-distretto"), empty_label=gettext_lazy("scegli")
    )
    specific_objective = forms.ChoiceField(
        label=gettext_lazy("Obiettivo specifico del FSE+"),
        choices=[("", gettext_lazy("nessuno: non è del FSE+")), *Operation.Objective.choices],
        required=False,
    )
    activity = forms.CharField(
        label=gettext_lazy("Attività"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Per esempio 3.h.1. Se la lasci vuota è quella dell’avviso."),
    )
    declared_trait = forms.ChoiceField(
        label=gettext_lazy("Requisito che tutti devono avere per entrare"),
        choices=[("", gettext_lazy("nessuno di questi")), *Operation.Trait.choices],
        required=False,
        help_text=gettext_lazy("Chi entra lo ha anche se la scheda non lo dice, e conta così per il FSE+ (FS-09)."),
    )
    act = ActField(
        label=gettext_lazy("Atto che la finanzia"),
        required=False,
        empty_label=gettext_lazy("non ancora indicato"),
    )
    starts = DayField(label=gettext_lazy("Dal"))
    ends = DayField(label=gettext_lazy("Al"))
    allowance_mode = forms.ChoiceField(
        label=gettext_lazy("Come si calcola l’indennità"),
        choices=Operation.AllowanceMode.choices,
        widget=forms.RadioSelect,
        initial=Operation.AllowanceMode.HOURLY,
    )
    hourly_rate = EuroField(
        label=gettext_lazy("Euro l’ora"),
        required=False,
        max_digits=6,
        help_text=gettext_lazy("Serve se l’indennità si calcola a ore."),
    )
    monthly_hours_max = HoursField(
        label=gettext_lazy("Ore al mese, al massimo"),
        required=False,
        max_value=744,
        max_digits=6,
        error_messages={"max_value": gettext_lazy("In un mese non ci sono più di %(limit_value)s ore.")},
    )

    def __init__(self, *args, acting, operation=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.operation = operation
        self.fields["act"].queryset = Act.objects.for_office(acting)
        if acting.reads_by_zone:
            self.fields["zone"].queryset = Zone.objects.filter(pk=acting.zone_id)
            self.fields["zone"].initial = acting.zone_id

    def clean_cup(self):
        cup = self.cleaned_data["cup"]
        twin = Operation.objects.filter(cup=cup).exclude(pk=self.operation.pk if self.operation else None).first()
        if twin:
            raise ValidationError(
                _("Questo CUP è già dell’operazione «%(title)s», zona %(zone)s: apri quella, o controlla il codice.")
                % {"title": twin.title, "zone": twin.zone.name}
            )
        return cup

    def clean(self):
        found = super().clean()
        if self.operation and (
            Movement.objects.filter(operation=self.operation).exists()
            or Advance.objects.filter(operation=self.operation).exists()
        ):
            for name in ("fund_line", "zone"):
                if found.get(name) and found[name].pk != getattr(self.operation, f"{name}_id"):
                    self.add_error(
                        name,
                        _(
                            "Ci sono movimenti o somme attese: linea e zona non cambiano più. Se i soldi "
                            "sono di un’altra, storna i movimenti e inserisci un’altra operazione."
                        ),
                    )
        starts, ends = found.get("starts"), found.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("La fine viene prima dell’inizio: correggi uno dei due giorni."))
        hourly = found.get("allowance_mode") == Operation.AllowanceMode.HOURLY
        if hourly and not found.get("hourly_rate") and "hourly_rate" not in self.errors:
            self.add_error("hourly_rate", _("Con l’indennità a ore serve l’importo di un’ora, maggiore di zero."))
        fund, call = found.get("fund_line"), found.get("call")
        if fund and call and call.fund_line_id != fund.pk:
            self.add_error(
                "call",
                _("L’avviso è della linea «%(line)s»: scegli quella linea o un altro avviso.")
                % {"line": call.fund_line},
            )
        self._objective(found, call)
        return found

    def _objective(self, found, call):
        """The activity is the call's where none is written, and names its objective."""
        found["activity"] = (found.get("activity") or (call.activity if call else "")).strip()
        named, said = operations_of.objective_of(found["activity"]), found.get("specific_objective")
        if named and said and named != said:
            self.add_error(
                "specific_objective",
                _("L’attività %(activity)s è dell’obiettivo %(objective)s: correggi uno dei due.")
                % {"activity": found["activity"], "objective": named},
            )
        found["specific_objective"] = said or named

    def terms(self):
        terms = dict(self.cleaned_data)
        call = terms.pop("call")
        terms["call_code"] = call.code if call else ""
        return terms


def _cautions(operation, today):
    """What the law says of the terms of an operation: the most a month of it can pay, and where the ceiling cuts."""
    numbers = in_force(
        max(operation.starts, min(today, operation.ends)),
        local=local_values(on=today, zone=operation.zone, call_code=operation.call_code),
        call=operation.call_code or None,
    )
    ceiling = numbers["tis.allowance_max"]
    rate, hours = operation.hourly_rate, operation.monthly_hours_max
    most = rate * hours if rate and hours and operation.allowance_mode == Operation.AllowanceMode.HOURLY else None
    return {"ceiling": ceiling, "most": most, "cut": most is not None and ceiling.known and most > ceiling.decimal()}


@for_kinds(Kind.REGIONAL_OFFICER, Kind.ZONE_PLANNER)
def operations(request):
    today = timezone.localdate()
    rows = Operation.objects.within(request.acting).select_related("zone", "fund_line")
    running = request.GET.get("state") != "all"
    shown = list((rows.running(today) if running else rows)[: PAGE * 4])
    context = {
        "sections": sections(request, "operations"),
        "operations": shown,
        "filters": [
            (_("In corso"), "?state=running", rows.running(today).count(), running),
            (_("Tutte"), "?state=all", rows.count(), not running),
        ],
        "calls": dict(Call.objects.values_list("code", "activity")),
    }
    return render(request, "plan/operations.html", context)


@for_kinds(Kind.REGIONAL_OFFICER, Kind.ZONE_PLANNER)
def operation(request, operation):
    rows = Operation.objects.within(request.acting).select_related("zone", "fund_line", "act")
    row = get_object_or_404(rows, pk=operation)
    today, sums = timezone.localdate(), expenditure_statement.operation_sums(row.pk)
    context = {
        "sections": sections(request, "operations"),
        "operation": row,
        "advances": list(row.advances.standing().select_related("act")),
        "money": operation_money.of_operation(row, sums, today=today),
        "call": Call.objects.filter(code=row.call_code).first() if row.call_code else None,
        "terms": _cautions(row, today),
        "sums": sums,
    }
    return render(request, "plan/operation.html", context)


@for_kinds(Kind.REGIONAL_OFFICER, Kind.ZONE_PLANNER)
@writes
def edit_operation(request, operation=None):
    row = get_object_or_404(Operation.objects.within(request.acting), pk=operation) if operation else None
    form = OperationForm(
        request.POST or None, acting=request.acting, operation=row, initial=_initial(row) if row else None
    )
    if request.method == "POST" and form.is_valid():
        now, terms = timezone.now(), form.terms()
        if row:
            operations_of.amend(operation=row, by=request.acting, now=now, **terms)
            messages.success(request, _("Operazione aggiornata."))
        else:
            row = operations_of.open_operation(by=request.acting, now=now, **terms)
            messages.success(request, _("Operazione inserita."))
        return redirect("operation", row.pk)
    status = 422 if request.method == "POST" else 200
    context = {"sections": sections(request, "operations"), "form": form, "operation": row}
    return render(request, "plan/edit_operation.html", context, status=status)


def _initial(row):
    names = (
        "cup",
        "title",
        "fund_line",
        "zone",
        "specific_objective",
        "activity",
        "declared_trait",
        "starts",
        "ends",
        "allowance_mode",
        "hourly_rate",
        "monthly_hours_max",
    )
    act = row.act.code if row.act_id else None
    return {name: getattr(row, name) for name in names} | {"call": row.call_code, "act": act}
