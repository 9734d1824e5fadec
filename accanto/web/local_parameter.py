"""The values that zones and calls set in place of the law's: with their act, never looser than a law that was read."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.norms.findings import Refused
from accanto.norms.reader import parameter
from accanto.norms.sheet_file import sheets
from accanto.plan import parameter as local
from accanto.plan.act import Act
from accanto.plan.call import Call
from accanto.plan.parameter import LocalParameter
from accanto.territory.zone import Zone
from accanto.web.acts import ActField
from accanto.web.operation import call_in_words
from accanto.web.parts.forms import DayField
from accanto.web.plan import sections


def _choices():
    language = get_language() or "it"
    return [(entry.name, entry.description.in_language(language)) for entry in local.may_be_local()]


class LocalParameterForm(forms.Form):
    name = forms.ChoiceField(label=gettext_lazy("Che cosa"), choices=_choices)
    speaker = forms.ChoiceField(label=gettext_lazy("Chi lo stabilisce"))
    value = forms.CharField(
        label=gettext_lazy("Valore"), max_length=30, help_text=gettext_lazy("Un numero, oppure sì o no.")
    )
    starts = DayField(label=gettext_lazy("Dal"))
    ends = DayField(label=gettext_lazy("Al"), required=False)
    act = ActField(
        label=gettext_lazy("Atto"),
        empty_label=gettext_lazy("scegli"),
        help_text=gettext_lazy("Se non c’è, registralo prima: il collegamento è qui sotto."),
    )

    def __init__(self, *args, acting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["act"].queryset = Act.objects.for_office(acting)
        zones = Zone.objects.filter(pk=acting.zone_id) if acting.reads_by_zone else Zone.objects.all()
        calls = [] if acting.reads_by_zone else Call.objects.all()
        self.speakers = {f"zone:{zone.pk}": {"zone": zone} for zone in zones}
        self.speakers |= {f"call:{call.pk}": {"call": call} for call in calls}
        self.fields["speaker"].choices = [
            (key, call_in_words(who["call"]) if "call" in who else str(who["zone"]))
            for key, who in self.speakers.items()
        ]

    def clean(self):
        found = super().clean()
        if found.get("starts") and found.get("ends") and found["ends"] < found["starts"]:
            self.add_error("ends", ValidationError(_("La fine viene prima dell’inizio: correggi uno dei due giorni.")))
        return found


@for_kinds(Kind.REGIONAL_OFFICER, Kind.ZONE_PLANNER)
@writes
def local_parameters(request):
    """The list, and the form under it."""
    form, findings = LocalParameterForm(request.POST or None, acting=request.acting), []
    if request.method == "POST" and form.is_valid():
        terms = dict(form.cleaned_data)
        who = form.speakers[terms.pop("speaker")]
        try:
            local.set_value(**terms, **who, by=request.acting, now=timezone.now())
        except Refused as refused:
            findings = refused.findings
            form.add_error("value", _("Questo valore non si può stabilire: leggi perché qui accanto."))
        else:
            messages.success(request, _("Valore locale registrato."))
            return redirect("local_parameters")
    today = timezone.localdate()
    standing = LocalParameter.objects.standing().select_related("zone", "call", "act")
    rows = []
    for row in standing:
        entry = sheets().by_name.get(row.name)
        if entry:
            rows.append((row, entry, parameter(row.name, max(row.starts, today)), _may_withdraw(row, request.acting)))
    context = {
        "sections": sections(request, "local_parameters"),
        "rows": rows,
        "form": form,
        "findings": findings,
    }
    return render(request, "plan/local_parameters.html", context, status=422 if form.errors else 200)


def _may_withdraw(row, acting):
    return row.zone_id == acting.zone_id if acting.reads_by_zone else True


@for_kinds(Kind.REGIONAL_OFFICER, Kind.ZONE_PLANNER)
@writes
@require_POST
def withdraw_local_parameter(request, parameter):
    rows = LocalParameter.objects.standing()
    row = get_object_or_404(
        rows.filter(zone=request.acting.zone_id) if request.acting.reads_by_zone else rows, pk=parameter
    )
    local.withdraw(parameter=row, by=request.acting, now=timezone.now())
    messages.success(request, _("Il valore locale non vale più: torna a valere la norma."))
    return redirect("local_parameters")
