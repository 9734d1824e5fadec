"""What an operation declares for the European fund without counting it: informed estimates, bodies and firms helped."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.plan import esf_declaration as declarations
from accanto.plan.esf_declaration import BODIES, EsfDeclaration
from accanto.plan.operation import Operation
from accanto.web.frame import PLANNERS
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.forms import PastDayField
from accanto.web.people import CHOOSE
from accanto.web.plan import sections

MOST = 100_000


class DeclarationForm(forms.Form):
    code = forms.ChoiceField(
        label=gettext_lazy("Indicatore"),
        choices=[CHOOSE, *((code, f"{code}: {words}") for code, words in EsfDeclaration.Code.choices)],
    )
    women = forms.IntegerField(label=gettext_lazy("Donne"), required=False, min_value=0, max_value=MOST)
    men = forms.IntegerField(label=gettext_lazy("Uomini"), required=False, min_value=0, max_value=MOST)
    value = forms.IntegerField(label=gettext_lazy("Quanti enti o imprese"), required=False, min_value=0, max_value=MOST)
    day = PastDayField(label=gettext_lazy("Dall’inizio al"))
    how = forms.CharField(
        label=gettext_lazy("Come si sa"),
        max_length=300,
        help_text=gettext_lazy("Da quale registro, o con quale metodo è stimato. Nessun nome di persone."),
    )

    def clean(self):
        found = super().clean()
        wanted = ("value",) if found.get("code") in BODIES else ("women", "men")
        for name in ("women", "men", "value"):
            if name not in wanted:
                found[name] = None
            elif found.get(name) is None and name not in self.errors and found.get("code"):
                self.add_error(name, _("Scrivi quanti, anche zero."))
        return found


@for_kinds(*PLANNERS)
@writes
def declare_esf(request, operation):
    rows = Operation.objects.within(request.acting).filter(fund_line__counts_for_targets=True).select_related("zone")
    row = get_object_or_404(rows, pk=operation)
    form = DeclarationForm(request.POST if request.method == "POST" else None, initial={"day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        declarations.declare(operation=row, **form.cleaned_data, by=request.acting, now=timezone.now())
        messages.success(request, _("Valore scritto: nelle tabelle sta accanto a quel che è contato, e non si somma."))
        return redirect("declare_esf", row.pk)
    said = EsfDeclaration.objects.within(request.acting).standing().filter(operation=row).select_related("recorded_by")
    context = {
        "sections": sections(request, "esf"),
        "operation": row,
        "form": form,
        "declarations": said.order_by("code", "-day", "-id"),
    }
    return render(request, "plan/declare_esf.html", context, status=422 if form.errors else 200)


@for_kinds(*PLANNERS)
@writes
def withdraw_esf(request, declaration):
    rows = EsfDeclaration.objects.within(request.acting).standing().select_related("operation")
    row = get_object_or_404(rows, pk=declaration)
    back = reverse("declare_esf", args=[row.operation_id])
    if request.method == "POST":
        declarations.withdraw(declaration=row, by=request.acting, now=timezone.now())
        messages.success(request, _("Valore ritirato: resta scritto che c’era."))
        return redirect(back)
    confirm = Confirm(
        title=_("Togliere %(code)s di «%(operation)s»?") % {"code": row.code, "operation": row.operation.title},
        sentence=_("Se è cambiato, scrivi il valore nuovo con il suo giorno: questo resta per il giorno di prima."),
        url=reverse("withdraw_esf", args=[row.pk]),
        label=_("Ritiralo"),
        cancel_url=back,
        danger=True,
    )
    return render(request, "confirm.html", {"confirm": confirm})
