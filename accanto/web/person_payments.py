"""What a person was paid and is to be paid, and where the money goes."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.norms.findings import Refused, Severity
from accanto.people.person import Person
from accanto.people.representation import Representation
from accanto.traineeships import payee as payees
from accanto.traineeships.payee import Means, Payee
from accanto.traineeships.payment import PaymentLine
from accanto.web.frame import STARTERS
from accanto.web.templatetags.parts import local

READERS = (*STARTERS, Kind.THIRD_SECTOR_TUTOR, Kind.PERSON)
OUTCOME_TONES = {
    PaymentLine.Outcome.WAITING: ("progress", "it-clock"),
    PaymentLine.Outcome.PAID: ("ok", "it-check-circle"),
    PaymentLine.Outcome.RETURNED: ("attention", "it-warning-circle"),
    PaymentLine.Outcome.DISCARDED: ("stopped", "it-close"),
}


class PayeeForm(forms.Form):
    means = forms.ChoiceField(label=gettext_lazy("Come si paga"), choices=Means.choices, widget=forms.RadioSelect)
    iban = forms.CharField(
        label=gettext_lazy("IBAN"),
        max_length=42,
        required=False,
        help_text=gettext_lazy("In Italia 27 caratteri; gli spazi non contano."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reference = forms.CharField(
        label=gettext_lazy("Numero della carta o sportello"), max_length=80, required=False,
    )  # fmt: skip
    holder = forms.ChoiceField(label=gettext_lazy("A chi è intestato"))

    def __init__(self, *args, person, representations, **kwargs):
        super().__init__(*args, **kwargs)
        own = ("", _("%(person)s (la persona stessa)") % {"person": person})
        self.fields["holder"].choices = [own, *((str(row.pk), str(row)) for row in representations)]
        self.fields["holder"].required = False


@for_kinds(*READERS)
@writes
def person_payments(request, subject):
    acting, now = request.acting, timezone.now()
    person = get_object_or_404(Person.objects.within(acting), subject_id=subject)
    held = Payee.objects.within(acting).of(subject).standing().select_related("recorded_by").first()
    lines = (
        PaymentLine.objects.within(acting)
        .of(subject)
        .exclude(outcome=PaymentLine.Outcome.DISCARDED)
        .select_related("operation", "payee")
        .order_by("-month", "-id")
    )
    lines = list(lines[:200])
    if acting.kind == Kind.THIRD_SECTOR_TUTOR and held is None and not lines:
        raise Http404
    form, found = None, []
    if acting.may(Degree.PAYMENT, write=True):
        representations = Representation.objects.within(acting).of(subject).standing().on(timezone.localdate(now))
        representations = list(representations.prefetch_related("powers").order_by("id"))
        form = PayeeForm(
            request.POST if request.method == "POST" else None,
            person=person,
            representations=representations,
            initial=initial_of(held),
        )
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and (found := save(form, person, representations, by=acting, now=now)) is None:
            messages.success(request, _("Coordinate scritte: valgono per le prossime liste."))
            return redirect("person_payments", subject)
    context = {
        "person": person,
        "own": acting.kind == Kind.PERSON,
        "held": held,
        "lines": [(line, *OUTCOME_TONES[line.outcome]) for line in lines],
        "found": [one for one in found or [] if one.severity is Severity.CAUTION],
        "form": form,
        "former": list(
            Payee.objects.within(acting).of(subject).exclude(superseded_at=None).order_by("-superseded_at")[:10]
        ),
        "sees_file": acting.kind in (*STARTERS, Kind.PERSON),
    }
    return render(request, "payments/person_payments.html", context, status=422 if form and form.errors else 200)


def initial_of(held):
    if held is None:
        return {"means": Means.IBAN}
    return {
        "means": held.means,
        "iban": held.iban,
        "reference": held.reference,
        "holder": str(held.representation_id or ""),
    }


def save(form, person, representations, *, by, now):
    """None when it is written; otherwise the findings, put by their fields."""
    data = form.cleaned_data
    holder = next((row for row in representations if str(row.pk) == data["holder"]), None)
    try:
        payees.set_payee(
            person=person, means=data["means"], iban=data["iban"], reference=data["reference"], representation=holder,
            by=by, now=now,
        )  # fmt: skip
    except Refused as refused:
        for finding in refused.findings:
            if finding.severity is Severity.BLOCK:
                way_out = local(finding.way_out) if finding.way_out else ""
                form.add_error(finding.field, f"{local(finding.sentence)} {way_out} ({finding.code})")
        return refused.findings
    return None
