"""Measures of the judicial authority: opened by who follows the case only (GDPR art. 10)."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.cases import justice as measures
from accanto.cases.justice import JusticeMeasure
from accanto.web.file_index import LINES, Line
from accanto.web.health import is_sealed
from accanto.web.law_beside import NearDay, long_text, no_reason
from accanto.web.people import CHOOSE, MANAGERS, case_or_404, past_day

FIELDS = ["kind", "authorised_on", "valid_from", "valid_to", "timetable_limits", "place_limits", "note"]


class MeasureForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Misura"), choices=[CHOOSE, *JusticeMeasure.Kind.choices])
    authorised_on = NearDay(
        label=gettext_lazy("Provvedimento del magistrato del"),
        required=False,
        help_text=gettext_lazy("Vuoto finché non c’è: fino ad allora un tirocinio non comincia (R-CAR-01)."),
    )
    valid_from = NearDay(label=gettext_lazy("In vigore dal"), required=False)
    valid_to = NearDay(label=gettext_lazy("Fino al"), required=False)
    timetable_limits = forms.CharField(
        label=gettext_lazy("Limiti di orario"),
        max_length=300,
        required=False,
        validators=[no_reason],
        help_text=gettext_lazy("Li leggono anche centro per l’impiego, tutor e ospitante, senza il perché."),
    )
    place_limits = forms.CharField(
        label=gettext_lazy("Limiti di luogo"),
        max_length=300,
        required=False,
        validators=[no_reason],
        help_text=gettext_lazy("Li leggono anche centro per l’impiego e tutor, senza il perché."),
    )
    note = long_text(gettext_lazy("Annotazioni, solo per chi segue il caso"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_authorised_on(self):
        return past_day(self.cleaned_data["authorised_on"], today=self.today)

    def clean(self):
        data = self.cleaned_data
        if data.get("valid_from") and data.get("valid_to") and data["valid_to"] < data["valid_from"]:
            self.add_error("valid_to", _("Finisce prima di cominciare: correggi uno dei due giorni."))
        return data


@for_kinds(*MANAGERS, Kind.PERSON)
@writes
def justice(request, case):
    row = case_or_404(request, case, still_open=False)
    acting, today = request.acting, timezone.localdate()
    sealed = is_sealed(acting, row)
    may_write = acting.may(Degree.JUSTICE, write=True) and row.closed_on is None and not sealed
    form = None
    if may_write:
        form = MeasureForm(request.POST or None, today=today)
        if request.method == "POST" and form.is_valid():
            measures.record(case=row, day=today, **form.cleaned_data, by=acting, now=timezone.now())
            messages.success(request, _("Registrato. I limiti di orario e di luogo sono tra i vincoli della persona."))
            return redirect("justice", row.pk)
    rows = JusticeMeasure.objects.within(acting).of(row.subject_id).select_related("recorded_by").order_by("-id")
    rows = list(rows)
    context = {
        "case": row,
        "person": row.person,
        "is_own": acting.kind == Kind.PERSON,
        "sealed": sealed,
        "rows": [one for one in rows if one.superseded_at is None],
        "former": [one for one in rows if one.superseded_at is not None],
        "form": form,
        "may_write": may_write,
        "reads_only": not acting.may(Degree.JUSTICE, write=True) and acting.reads_by_zone,
        "today": today,
    }
    return render(request, "people/justice.html", context)


def standing_measure(request, measure):
    rows = JusticeMeasure.objects.within(request.acting).standing().filter(case__closed_on=None)
    return get_object_or_404(rows.select_related("case__person"), pk=measure)


@for_kinds(Kind.SOCIAL_WORKER)
@writes
def renew_measure(request, measure):
    """A new act of the magistrate takes the place of the one before: its day closes what waited for it (R-CAR-02)."""
    row = standing_measure(request, measure)
    today = timezone.localdate()
    initial = {name: getattr(row, name) for name in FIELDS if name != "authorised_on"}
    form = MeasureForm(request.POST or None, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        measures.record(
            case=row.case, day=today, instead_of=row, **form.cleaned_data, by=request.acting, now=timezone.now()
        )
        messages.success(request, _("Nuovo provvedimento registrato."))
        return redirect("justice", row.case_id)
    context = {"person": row.case.person, "form": form, "title": _("Nuovo provvedimento"), "label": _("Registra")}
    return render(request, "people/form.html", context)


@for_kinds(Kind.SOCIAL_WORKER)
@writes
@require_POST
def end_measure(request, measure):
    row = standing_measure(request, measure)
    measures.end(measure=row, by=request.acting, now=timezone.now())
    messages.success(request, _("La misura non è più in vigore."))
    return redirect("justice", row.case_id)


def justice_line(*, acting, person, case, today, rows):
    if case is None or not acting.may(Degree.JUSTICE):
        return None
    count = len(rows["justice_measures"])
    if acting.kind == Kind.PERSON and not count:
        return None
    if count:
        text = ngettext("%(count)s misura in corso", "%(count)s misure in corso", count) % {"count": count}
    elif acting.reads_by_zone and case.manager_id != acting.user.pk:
        text = _("la apre solo chi segue il caso")
    else:
        text = _("nessuna misura")
    return Line(title=_("Provvedimenti giudiziari"), text=text, url=reverse("justice", args=[case.pk]))


LINES.append(justice_line)
