"""A person's entry into a financed operation, with the sheet frozen on that day."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.cases import entry_sheet
from accanto.cases import participation as participations
from accanto.cases.participation import Participation
from accanto.norms.findings import Severity
from accanto.people.registry import Registry
from accanto.plan.operation import Operation
from accanto.web.call_findings import eligibility
from accanto.web.parts.forms import DayField
from accanto.web.people import MANAGERS, case_or_404, past_day
from accanto.web.templatetags.parts import local

LATER = ("", gettext_lazy("non ancora raccolto"))


class EntryForm(forms.Form):
    operation = forms.ModelChoiceField(
        Operation.objects.none(), label=gettext_lazy("Operazione"), empty_label=gettext_lazy("scegli")
    )
    starts = DayField(label=gettext_lazy("Entra il"))
    sex = forms.ChoiceField(label=gettext_lazy("Sesso"), choices=[LATER, *entry_sheet.Sex.choices], required=False)
    employment_status = forms.ChoiceField(
        label=gettext_lazy("Condizione occupazionale"),
        choices=[LATER, *entry_sheet.EmploymentStatus.choices],
        required=False,
    )
    months_unemployed = forms.IntegerField(
        label=gettext_lazy("Da quanti mesi è senza lavoro"),
        help_text=gettext_lazy("Se è disoccupata: dice se lo è da molto. Se non si sa, lascia vuoto."),
        required=False,
        min_value=0,
        max_value=720,
    )
    education = forms.ChoiceField(
        label=gettext_lazy("Titolo di studio"), choices=[LATER, *entry_sheet.Education.choices], required=False
    )

    def __init__(self, *args, zone_id, today, first, operation=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.first = today, first
        operations = Operation.objects.filter(zone_id=zone_id).order_by("-starts", "id")
        self.fields["operation"].queryset = operations.filter(starts__lte=today, ends__gte=first)
        if operation:
            del self.fields["operation"]
        if self.initial.get("employment_status") != entry_sheet.EmploymentStatus.LONG_TERM:
            # whether it is for long is said by the months
            choices = self.fields["employment_status"].choices
            self.fields["employment_status"].choices = [
                one for one in choices if one[0] != entry_sheet.EmploymentStatus.LONG_TERM
            ]
        for name, label in entry_sheet.OPTIONAL.items():
            self.fields[name] = forms.ChoiceField(
                label=label.capitalize(),
                choices=entry_sheet.Answer.choices,
                required=False,
                initial=entry_sheet.Answer.UNDECLARED,
            )
        self.the_operation = operation

    def clean_starts(self):
        return past_day(self.cleaned_data["starts"], today=self.today, first=self.first)

    def clean(self):
        data = self.cleaned_data
        operation, starts = self.the_operation or data.get("operation"), data.get("starts")
        if operation and starts and not operation.starts <= starts <= operation.ends:
            bounds = {"first": operation.starts.strftime("%d/%m/%Y"), "last": operation.ends.strftime("%d/%m/%Y")}
            self.add_error("starts", _("L’operazione va dal %(first)s al %(last)s.") % bounds)
        return data

    def sheet(self, registry):
        data = self.cleaned_data
        names = (*entry_sheet.REQUIRED, *entry_sheet.OPTIONAL, "months_unemployed")
        age = registry.age_on(data["starts"]) if registry else None
        return entry_sheet.fill(age=age, **{name: data.get(name) for name in names})

    def optional_fields(self):
        return [self[name] for name in entry_sheet.OPTIONAL]


def registry_of(request, subject):
    return Registry.objects.within(request.acting).of(subject).first()


def refuse(form, found):
    """What the call does not admit stops the entry: all of it at once, each with its source and the way out."""
    for finding in found:
        if finding.severity is Severity.BLOCK:
            parts = [local(finding.sentence), local(finding.way_out), f"({finding.source}, {finding.code})"]
            form.add_error(None, " ".join(part for part in parts if part))


def finish(request, form, row, registry):
    lacking = entry_sheet.missing(form.sheet(registry))
    if lacking:
        names = ", ".join(str(entry_sheet.LABELS[name]) for name in lacking)
        messages.warning(
            request,
            _("Ingresso registrato, scheda incompleta. Manca: %(names)s. La trovi fra le cose da fare.")
            % {"names": names},
        )
    else:
        messages.success(request, _("Ingresso registrato."))
    return redirect("person", row.subject_id)


@for_kinds(*MANAGERS)
@writes
def new_participation(request, case):
    row = case_or_404(request, case)
    registry, today = registry_of(request, row.subject_id), timezone.localdate()
    initial = {"starts": today, "sex": registry.sex if registry else ""}
    form = EntryForm(
        request.POST or None, zone_id=request.acting.zone_id, today=today, first=row.opened_on, initial=initial
    )
    operations = list(form.fields["operation"].queryset[:2])
    if len(operations) == 1:
        form.initial["operation"] = operations[0].pk
    found = []
    if request.method == "POST" and form.is_valid():
        found = eligibility(form, case=row, registry=registry, today=today)
        refuse(form, found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                participations.enter(
                    case=row,
                    operation=data["operation"],
                    starts=data["starts"],
                    entry=form.sheet(registry),
                    by=request.acting,
                    now=timezone.now(),
                )
        except (participations.AlreadyIn, IntegrityError):
            form.add_error("operation", _("La persona partecipa già a questa operazione."))
        else:
            return finish(request, form, row, registry)
    context = {
        "case": row,
        "person": row.person,
        "form": form,
        "operations": operations,
        "findings": found or eligibility(form, case=row, registry=registry, today=today),
    }
    return render(request, "people/participation_form.html", context)


@for_kinds(*MANAGERS)
@writes
def participation_findings(request, case):
    """What the call says of the answers so far, beside the form."""
    row = case_or_404(request, case)
    registry, today = registry_of(request, row.subject_id), timezone.localdate()
    form = EntryForm(request.POST or None, zone_id=request.acting.zone_id, today=today, first=row.opened_on)
    form.is_valid()
    found = eligibility(form, case=row, registry=registry, today=today)
    return render(request, "parts/findings_only.html", {"found": found, "title": _("Che cosa dice l’avviso")})


@for_kinds(*MANAGERS)
@writes
def participation(request, participation):
    """The frozen sheet; what was recorded wrong, or not at all, is corrected by another row that supersedes it."""
    rows = Participation.objects.within(request.acting).standing().select_related("operation", "case__person")
    row = get_object_or_404(rows, pk=participation)
    registry, today = registry_of(request, row.subject_id), timezone.localdate()
    form = EntryForm(
        request.POST or None,
        zone_id=row.zone_id,
        today=today,
        first=row.case.opened_on,
        operation=row.operation,
        initial={"starts": row.starts} | row.entry,
    )
    found = []
    if request.method == "POST" and form.is_valid():
        found = eligibility(form, case=row.case, registry=registry, today=today, operation=row.operation)
        refuse(form, found)
    if request.method == "POST" and form.is_valid():
        participations.correct(
            row=row,
            entry=form.sheet(registry),
            starts=form.cleaned_data["starts"],
            by=request.acting,
            now=timezone.now(),
        )
        return finish(request, form, row, registry)
    context = {"participation": row, "case": row.case, "person": row.case.person, "form": form}
    context["findings"] = found or eligibility(
        form, case=row.case, registry=registry, today=today, operation=row.operation
    )
    return render(request, "people/participation_form.html", context)
