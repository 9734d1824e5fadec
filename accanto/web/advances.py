"""What an operation is to be sent and when: written with its act, marked when it comes, taken away if it was wrong."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.plan import advance as advances_of
from accanto.plan.act import Act
from accanto.plan.advance import Advance, NoLonger
from accanto.plan.operation import Operation
from accanto.web.acts import ActField
from accanto.web.due import Due
from accanto.web.frame import PLANNERS
from accanto.web.parts import numbers
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.forms import DayField, EuroField, PastDayField
from accanto.web.people import CHOOSE

IN_THE_DAY = dt.timedelta(days=45)  # how early one is told: our choice, no term was read


class AdvanceForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Che cosa è"), choices=[CHOOSE, *Advance.Kind.choices])
    amount = EuroField(label=gettext_lazy("Euro"))
    due = DayField(
        label=gettext_lazy("Da chiedere entro"), required=False,
        help_text=gettext_lazy("Se l’atto lo dice: allora arriva anche nella giornata."),
    )  # fmt: skip
    condition = forms.CharField(
        label=gettext_lazy("A che condizione"), max_length=200, required=False,
        help_text=gettext_lazy("Per esempio: dopo la rendicontazione dell’anticipo."),
    )  # fmt: skip
    act = ActField(label=gettext_lazy("Atto"), required=False, empty_label=gettext_lazy("nessuno"))

    def __init__(self, *args, acting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["act"].queryset = Act.objects.for_office(acting)

    def clean_amount(self):
        if not self.cleaned_data["amount"]:
            raise forms.ValidationError(_("Scrivi una somma maggiore di zero."))
        return self.cleaned_data["amount"]


class ReceivedForm(forms.Form):
    on = PastDayField(label=gettext_lazy("Arrivato il"))


@for_kinds(*PLANNERS)
@writes
def new_advance(request, operation):
    row = get_object_or_404(Operation.objects.within(request.acting), pk=operation)
    form = AdvanceForm(request.POST if request.method == "POST" else None, acting=request.acting)
    if request.method == "POST" and form.is_valid():
        advances_of.expect(operation=row, by=request.acting, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Somma attesa registrata."))
        return redirect("operation", row.pk)
    context = {"form": form, "operation": row}
    return render(request, "plan/new_advance.html", context, status=422 if form.errors else 200)


def _awaited_or_404(request, pk):
    rows = Advance.objects.within(request.acting).awaited().select_related("operation")
    return get_object_or_404(rows, pk=pk)


@for_kinds(*PLANNERS)
@writes
def receive_advance(request, advance):
    row = _awaited_or_404(request, advance)
    form = ReceivedForm(request.POST if request.method == "POST" else None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        return _done(request, row, _("Somma arrivata."), advances_of.receive, **form.cleaned_data)
    sentence = _("%(kind)s di %(sum)s per «%(title)s».") % {
        "kind": row.get_kind_display().capitalize(),
        "sum": numbers.euro(row.amount),
        "title": row.operation.title,
    }
    return _ask(request, row, form, "receive_advance", _("La somma è arrivata?"), sentence, _("È arrivata"))


@for_kinds(*PLANNERS)
@writes
def withdraw_advance(request, advance):
    row = _awaited_or_404(request, advance)
    if request.method == "POST":
        return _done(request, row, _("Somma tolta: resta scritto che c’era."), advances_of.withdraw)
    sentence = _("Non si aspetta più; se cambia, scrivine un’altra con il suo atto.")
    return _ask(
        request, row, None, "withdraw_advance", _("Togliere questa somma attesa?"), sentence, _("Toglila"), danger=True
    )


def _done(request, row, sentence, act, **said):
    try:
        act(advance=row, by=request.acting, now=timezone.now(), **said)
    except NoLonger:
        messages.error(request, _("Qualcuno l’ha appena cambiata: guarda com’è ora."))
    else:
        messages.success(request, sentence)
    return redirect("operation", row.operation_id)


def _ask(request, row, form, name, title, sentence, label, *, danger=False):
    here = reverse("operation", args=[row.operation_id])
    confirm = Confirm(
        title=title, sentence=sentence, url=reverse(name, args=[row.pk]), label=label, cancel_url=here, form=form,
        danger=danger,
    )  # fmt: skip
    return render(request, "confirm.html", {"confirm": confirm}, status=422 if form and form.errors else 200)


def in_the_day(acting, today):
    """Those of the zone to ask for soon, or late."""
    rows = Advance.objects.within(acting).awaited().filter(Q(due__lte=today + IN_THE_DAY))
    return [
        Due(
            title=_("%(kind)s di %(sum)s da chiedere: %(title)s")
            % {
                "kind": row.get_kind_display().capitalize(),
                "sum": numbers.euro(row.amount),
                "title": row.operation.title,
            },
            what=gettext_lazy("somme da chiedere"),
            when=row.due,
            url=reverse("operation", args=[row.operation_id]),
            label=_("Vedi"),
            note=row.condition,
        )
        for row in rows.select_related("operation").order_by("due", "id")[:20]
    ]
