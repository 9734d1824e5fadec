"""Functional limits, constraints and accommodations: what the employment centre, the tutors and the host may know."""

from collections import defaultdict
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.cases import justice
from accanto.cases import limits as acts
from accanto.cases.justice import JusticeMeasure
from accanto.cases.limits import Accommodation, FunctionalLimit
from accanto.web.file_index import LINES, Line
from accanto.web.law_beside import NearDay, no_reason
from accanto.web.parts.confirm import Confirm
from accanto.web.people import CHOOSE, MANAGERS, WORKERS, case_or_404

WRITERS = (*MANAGERS, Kind.HEALTH_WORKER)


class LimitForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Che cosa riguarda"))
    text = forms.CharField(
        label=gettext_lazy("In parole semplici"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[no_reason],
    )
    valid_from = NearDay(label=gettext_lazy("Dal"))
    valid_to = NearDay(label=gettext_lazy("Al, se si sa"), required=False)

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [CHOOSE, *kinds]

    def clean(self):
        data = self.cleaned_data
        if data.get("valid_from") and data.get("valid_to") and data["valid_to"] < data["valid_from"]:
            self.add_error("valid_to", _("Finisce prima di cominciare: correggi uno dei due giorni."))
        return data


# what the form writes -> the act, the table, the word
SHEETS = {
    "limit": (acts.set_limit, FunctionalLimit, Degree.LIMITS),
    "accommodation": (acts.set_accommodation, Accommodation, Degree.ACCOMMODATIONS),
}


def standing(acting, subject_id, model):
    rows = model.objects.within(acting).of(subject_id).standing().select_related("recorded_by")
    rows = list(rows.order_by("kind", "id"))
    for row in rows:
        row.may_withdraw = may_withdraw(row, acting)
    return rows


def may_withdraw(row, acting):
    """Timetable and place may stand for the act of a judge, which a health worker does not read: what others wrote of
    them only who keeps the case withdraws. All of them alike, so that nothing is told by the difference."""
    of_others = row.kind in (FunctionalLimit.Kind.TIMETABLE, FunctionalLimit.Kind.PLACE) and (
        row.recorded_by_id != acting.user.pk
    )
    return acting.kind in MANAGERS or not of_others


def of_an_act(row, acting):
    """What who keeps a case reads before taking away a timetable or a place: of the measure it stands for where they
    read it, of what it may stand for where another wrote it; else nothing."""
    field = next((name for name, kind in justice.SHARED.items() if kind == row.kind), None)
    if field is None:
        return ""
    measures = JusticeMeasure.objects.within(acting).of(row.subject_id).standing()
    if measures.filter(**{field: row.text}).exists():
        return _(
            "È scritto in un provvedimento ancora in vigore: se è cambiato quello, registra il nuovo atto o ritira il "
            "provvedimento, e il limite lo segue da sé."
        )
    if row.recorded_by_id == acting.user.pk:
        return ""
    return _("L’ha scritto %(name)s. Orario e luogo possono dipendere da un atto che non leggi: prima chiedi.") % {
        "name": row.recorded_by
    }


def ask_again(request, row, warning):
    return Confirm(
        title=_("Non vale più: %(text)s") % {"text": row.text},
        sentence=warning,
        consequences=[
            _("Da subito non lo legge più chi lavora con la persona fuori dal servizio."),
        ],
        url=request.path,
        label=_("Ritiralo lo stesso"),
        cancel_url=reverse("limits", args=[row.case_id]),
        danger=True,
        form=SureForm(initial={"sure": "1"}),
    )


class SureForm(forms.Form):
    sure = forms.CharField(widget=forms.HiddenInput)


@for_kinds(*WORKERS, Kind.HEALTH_WORKER, Kind.PERSON)
@writes
def limits(request, case):
    """Limits and accommodations on one page; what is written is told to whom it will be shown."""
    row = case_or_404(request, case, still_open=False)
    acting, today = request.acting, timezone.localdate()
    sheets = {}
    for name, (act, model, degree) in SHEETS.items():
        if not acting.may(degree):
            continue
        form = None
        if acting.may(degree, write=True) and row.closed_on is None:
            posted = request.method == "POST" and request.POST.get("what") == name
            form = LimitForm(
                request.POST if posted else None, kinds=model.Kind.choices, prefix=name, initial={"valid_from": today}
            )
            if posted and form.is_valid():
                act(case=row, **form.cleaned_data, by=acting, now=timezone.now())
                messages.success(request, _("Registrato."))
                return redirect("limits", row.pk)
        sheets[name] = {"rows": standing(acting, row.subject_id, model), "form": form}
    context = {"case": row, "person": row.person, "today": today, "is_own": acting.kind == Kind.PERSON}
    return render(request, "people/limits.html", context | {"limit": None, "accommodation": None} | sheets)


@dataclass
class Beside:
    """What who writes somebody's hours must know: the words on the timetable, and the others."""

    timetable: list = field(default_factory=list)
    others: list = field(default_factory=list)


def beside_hours(acting, subjects, first, last):
    """{subject id: Beside} for the days from the first to the last, as far as the acting role reads it. A limit that
    stands in words warns nobody by itself: it is read where the hours are written."""
    found = defaultdict(Beside)
    for _act, model, degree in SHEETS.values():
        if acting.may(degree):
            rows = model.objects.within(acting).standing().between(first, last).filter(subject__in=subjects)
            for row in rows.order_by("kind", "id"):
                row.holds_from = row.valid_from if row.valid_from > first else None
                row.holds_to = row.valid_to if row.valid_to and row.valid_to < last else None
                here = found[row.subject_id]
                (here.timetable if row.kind == model.Kind.TIMETABLE else here.others).append(row)
    return found


def withdraw(request, sheet, pk):
    _act, model, degree = SHEETS[sheet]
    row = get_object_or_404(model.objects.within(request.acting).standing(), pk=pk)
    if not request.acting.may(degree, write=True):
        raise Http404
    if not may_withdraw(row, request.acting):
        raise Http404
    if "sure" not in request.POST and (warning := of_an_act(row, request.acting)):
        return render(request, "confirm.html", {"confirm": ask_again(request, row, warning)})
    acts.withdraw(row=row, by=request.acting, now=timezone.now())
    messages.success(request, _("Ritirato: da oggi non vale più."))
    return redirect("limits", row.case_id)


@for_kinds(*WRITERS)
@writes
@require_POST
def withdraw_limit(request, limit):
    return withdraw(request, "limit", limit)


@for_kinds(*WRITERS)
@writes
@require_POST
def withdraw_accommodation(request, accommodation):
    return withdraw(request, "accommodation", accommodation)


def limits_line(*, acting, person, case, today, rows):
    if case is None or not acting.may(Degree.LIMITS):
        return None
    count = len(rows["limits"])
    text = _("nessun limite scritto")
    if count:
        text = ngettext("%(count)s limite o vincolo", "%(count)s limiti o vincoli", count) % {"count": count}
    return Line(title=_("Limiti e accomodamenti"), text=text, url=reverse("limits", args=[case.pk]))


LINES.append(limits_line)
