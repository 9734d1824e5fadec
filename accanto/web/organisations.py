from django import forms
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access import organisation as organisations_of
from accanto.access.door import for_kinds, writes
from accanto.access.organisation import Organisation
from accanto.access.role import Kind
from accanto.territory.zone import Zone
from accanto.web.parts.keyset import Page
from accanto.web.people import CHOOSE

KINDS_WITH_ZONE = {
    Organisation.Kind.ZONE_AUTHORITY,
    Organisation.Kind.MUNICIPALITY,
    Organisation.Kind.EMPLOYMENT_CENTRE,
}


class OrganisationForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Tipo"), choices=[CHOOSE, *Organisation.Kind.choices])
    name = forms.CharField(label=gettext_lazy("Denominazione"), max_length=200)
    tax_code = forms.RegexField(
        label=gettext_lazy("Codice fiscale dell'ente"),
        regex=r"^\s*(\d{11}|[A-Za-z0-9]{16})\s*$",
        required=False,
        error_messages={
            "invalid": gettext_lazy("Il codice fiscale di un ente ha 11 cifre (16 caratteri se è una ditta).")
        },
    )
    zone = forms.ModelChoiceField(
        label=gettext_lazy("Zona"),
        queryset=Zone.objects.all(),
        required=False,
        empty_label=gettext_lazy("nessuna"),
        help_text=gettext_lazy("Per enti di zona, comuni e centri per l'impiego."),
    )

    def __init__(self, *args, organisation=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        if organisation:
            del self.fields["kind"]

    def clean(self):
        given = self.cleaned_data
        kind = self.organisation.kind if self.organisation else given.get("kind")
        if kind in KINDS_WITH_ZONE and not given.get("zone") and "zone" not in self.errors:
            self.add_error("zone", _("Un ente di questo tipo lavora in una zona: scegli quale."))
        if given.get("name"):
            same = Organisation.objects.filter(kind=kind, name=given["name"].strip())
            if self.organisation:
                same = same.exclude(pk=self.organisation.pk)
            if same.exists():
                self.add_error("name", _("C'è già un ente di questo tipo con questa denominazione."))
        return given


@for_kinds(Kind.ADMINISTRATOR)
def organisations(request):
    kind = request.GET.get("kind", "")
    rows = Organisation.objects.select_related("zone")
    if kind in Organisation.Kind.values:
        rows = rows.filter(kind=kind)
    page = Page.of(request, rows, order=("name", "id"))
    choices = [(_("Tutte"), "?", None, kind not in Organisation.Kind.values)] + [
        (label, f"?kind={value}", None, kind == value) for value, label in Organisation.Kind.choices
    ]
    return render(request, "access/organisations.html", {"page": page, "choices": choices})


@for_kinds(Kind.ADMINISTRATOR)
@writes
def new_organisation(request):
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organisations_of.register(**form.cleaned_data, by=request.acting, now=timezone.now())
        messages.success(request, _("Organizzazione aggiunta."))
        return redirect("organisations")
    return render(request, "access/organisation_form.html", {"form": form, "organisation": None})


@for_kinds(Kind.ADMINISTRATOR)
@writes
def organisation(request, organisation):
    found = get_object_or_404(Organisation.objects.select_related("zone"), pk=organisation)
    initial = {"name": found.name, "tax_code": found.tax_code, "zone": found.zone_id}
    form = OrganisationForm(request.POST or None, organisation=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        organisations_of.correct(organisation=found, **form.cleaned_data, by=request.acting, now=timezone.now())
        messages.success(request, _("Organizzazione corretta."))
        return redirect("organisations")
    today = timezone.localdate()
    working = (
        found.roles.on(today).exclude(Q(kind=Kind.PERSON)).select_related("user").order_by("user__name", "id")[:100]
    )
    return render(request, "access/organisation_form.html", {"form": form, "organisation": found, "working": working})
