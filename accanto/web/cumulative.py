"""Cumulative sums: the series as they stand, and the form that asks why one goes down."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.norms import ledger as law
from accanto.norms.findings import Refused
from accanto.plan import cumulative_figure as figures
from accanto.plan.cumulative_figure import CumulativeFigure, NotInItsPlace
from accanto.plan.movement import Movement
from accanto.plan.operation import Operation
from accanto.web.frame import PLANNERS
from accanto.web.ledger import added, common
from accanto.web.money_pages import asked
from accanto.web.parts import numbers
from accanto.web.parts.forms import DayField, EuroField, PastDayField
from accanto.web.templatetags.parts import local

WHY = (
    ("error", gettext_lazy("Un errore: la somma di prima era sbagliata. Non vale più, e resta scritta.")),
    (
        "late_posting",
        gettext_lazy(
            "Una registrazione in ritardo: questa somma è di un giorno precedente. Va al suo giorno, le altre restano."
        ),
    ),
    (
        "de_commitment",
        gettext_lazy(
            "Un disimpegno: la somma è scesa davvero. La differenza esce dal registro come economia, o come recupero "
            "se era pagata."
        ),
    ),
)  # fmt: skip


class CumulativeForm(forms.Form):
    step = forms.ChoiceField(label=gettext_lazy("Fin dove sono arrivati i soldi"))
    operation = forms.ModelChoiceField(
        Operation.objects.none(), label=gettext_lazy("Di quale operazione"), required=False,
        empty_label=gettext_lazy("nessuna: tutta la zona"),
    )  # fmt: skip
    as_of = PastDayField(label=gettext_lazy("Al giorno"))
    amount = EuroField(label=gettext_lazy("Somma cumulata, in euro"), max_digits=14)
    source = forms.CharField(label=gettext_lazy("Da dove viene"), max_length=200, required=False)
    reason = forms.ChoiceField(
        label=gettext_lazy("La somma è più bassa di prima: perché?"), choices=WHY, required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    belongs_on = DayField(
        label=gettext_lazy("Il giorno a cui appartiene"), required=False,
        help_text=gettext_lazy("Solo per una registrazione in ritardo."),
    )  # fmt: skip
    explanation = forms.CharField(label=gettext_lazy("Spiegazione"), max_length=300, required=False)

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        self.about, self.before = about, None
        self.fields["step"].choices = [(step, local(law.WORDS[step])) for step in law.STEPS]
        self.fields["step"].initial = "paid"
        rows = Operation.objects.filter(zone=about.zone, fund_line=about.line)
        if about.zone is not None and rows:
            self.fields["operation"].queryset = rows
        else:
            del self.fields["operation"]

    def clean(self):
        found = super().clean()
        if {"step", "as_of", "amount"} - found.keys() or found["amount"] is None:
            return found
        self.before = figures.before_of(
            line=self.about.line, zone=self.about.zone, operation=found.get("operation"), step=found["step"],
            as_of=found["as_of"],
        )  # fmt: skip
        self.lower = self.before is not None and found["amount"] < self.before.amount
        if self.lower and found.get("reason"):
            if not found.get("explanation", "").strip():
                self.add_error("explanation", _("Scrivi che cosa è successo: resta accanto alla somma."))
            if found["reason"] == "late_posting" and not found.get("belongs_on") and "belongs_on" not in self.errors:
                self.add_error("belongs_on", _("Di’ a quale giorno appartiene questa somma."))
        return found

    lower = False

    @property
    def asks_why(self):
        """The three are shown when they are needed, not before."""
        return self.is_bound and (self.lower or any(name in self.errors for name in ("reason", "explanation")))


@for_kinds(*PLANNERS)
def cumulative(request):
    about = asked(request)
    rows = CumulativeFigure.objects.within(request.acting).standing().filter(fund_line=about.line, zone=about.zone)
    rows = rows.select_related("zone", "operation").order_by("step", "operation", "-as_of", "-id")
    context = common(request, "cumulative", about) | {
        "rows": sorted(rows[:500], key=lambda row: (law.STEPS.index(row.step), row.operation_id or 0)),
        "new_url": f"{reverse('new_cumulative')}?{about.query}",
    }
    return render(request, "plan/cumulative.html", context)


@for_kinds(*PLANNERS)
@writes
def new_cumulative(request):
    about = asked(request)
    if about.line is None:
        raise Http404
    form = CumulativeForm(
        request.POST if request.method == "POST" else None, about=about, initial={"as_of": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            figures.record(
                line=about.line, zone=about.zone, operation=said.pop("operation", None), by=request.acting,
                now=timezone.now(), **said,
            )  # fmt: skip
        except Refused as refused:
            for finding in refused.findings:
                name = "reason" if finding.field == "decrease_reason" else "amount"
                form.add_error(name, f"{local(finding.sentence)} {local(finding.way_out)} ({finding.code})")
        except (NotInItsPlace, IntegrityError) as lost:
            form.add_error("belongs_on" if said["reason"] == "late_posting" else "amount", _place(lost))
        else:
            messages.success(request, _("Somma registrata."))
            return redirect(f"{reverse('cumulative')}?{about.query}")
    context = common(request, "cumulative", about) | {"form": form, "counted": _counted(request, about)}
    return render(request, "plan/new_cumulative.html", context, status=422 if form.errors else 200)


def _place(lost):
    near = next((one for one in lost.args if one), None) if isinstance(lost, NotInItsPlace) else None
    if near is None:
        return _("In quel giorno la serie non la può tenere: controlla il giorno e la somma.")
    return _("Al %(day)s la serie dice %(sum)s: la somma non ci sta. Correggi il giorno, la somma, o quella.") % {
        "day": numbers.day(near.as_of),
        "sum": numbers.euro(near.amount),
    }


def _counted(request, about):
    """What the ledger itself counts, over the years: what can be counted is not to be guessed."""
    rows = Movement.objects.within(request.acting).of(line=about.line, zone=about.zone)
    mine = added(sums for place, sums in rows.balances().items() if place[0] == (about.zone and about.zone.pk))
    sums = law.reached(mine)
    return [(local(law.WORDS[step]), amount) for step, amount in sums.items() if amount and step in mine]
