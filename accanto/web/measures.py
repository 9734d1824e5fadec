"""The measures of a person beside traineeships: when each began, what happens in it, its end, and what it counts for.

The employment operator finds training and active-labour measures here, and does not know of the others."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.door import for_kinds, not_for_you, writes
from accanto.access.role import Degree, Kind
from accanto.cases import measure as measures
from accanto.cases.case import Case
from accanto.cases.case_team import CaseMember
from accanto.cases.measure import STEPS_OF, Measure, MeasureStep
from accanto.people.person import Person
from accanto.plan.operation import Operation
from accanto.web.file_index import LINES, Line
from accanto.web.parts.forms import DayField
from accanto.web.people import WORKERS, past_day

FIRST_DAY = dt.date(2010, 1, 1)
HINTS = {
    Measure.Kind.PIPPI: gettext_lazy("il ciclo, per esempio P.I.P.P.I. 12"),
    Measure.Kind.HOUSING_FIRST: gettext_lazy("il nome dell’alloggio, non l’indirizzo"),
    Measure.Kind.SERVICE_CENTRE: gettext_lazy("quale centro"),
    Measure.Kind.TRAINING: gettext_lazy("il corso"),
    Measure.Kind.ACTIVE_LABOUR: gettext_lazy("per esempio orientamento, accompagnamento al lavoro"),
}


def kinds_for(acting):
    return list(Measure.Kind) if acting.may(Degree.MEASURE) else list(Measure.OF_WORK)


class BeginForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Misura"))
    title = forms.CharField(label=gettext_lazy("Quale"), max_length=200)
    starts = DayField(label=gettext_lazy("Comincia il"))
    provider = forms.CharField(label=gettext_lazy("Chi la realizza"), max_length=200, required=False)
    operation = forms.ModelChoiceField(
        Operation.objects.none(),
        label=gettext_lazy("Progetto che la finanzia"),
        required=False,
        empty_label=gettext_lazy("nessuno, o non so"),
    )
    eligible_class = forms.ChoiceField(
        label=gettext_lazy("Condizione, per housing first e centro servizi"),
        required=False,
        choices=[("", gettext_lazy("non detta")), *Measure.EligibleClass.choices],
    )
    children = forms.IntegerField(
        label=gettext_lazy("Bambini coinvolti, per P.I.P.P.I."),
        min_value=1,
        max_value=20,
        required=False,
        help_text=gettext_lazy("Da 0 a 11 anni."),
    )

    def __init__(self, *args, acting, today, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.found = today, found
        kinds = kinds_for(acting)
        self.fields["kind"].choices = [("", _("scegli")), *((kind.value, kind.label) for kind in kinds)]
        self.fields["title"].help_text = "; ".join(f"{kind.label}: {HINTS[kind]}" for kind in kinds)
        if Measure.Kind.PIPPI in kinds:
            here = Operation.objects.filter(zone_id=acting.zone_id).order_by("-starts", "id")
            self.fields["operation"].queryset = here
        else:
            for name in ("operation", "eligible_class", "children"):
                del self.fields[name]

    def clean_starts(self):
        return past_day(self.cleaned_data["starts"], today=self.today, first=FIRST_DAY)

    def clean(self):
        data = self.cleaned_data
        kind = data.get("kind")
        if data.get("eligible_class") and kind not in (Measure.Kind.HOUSING_FIRST, Measure.Kind.SERVICE_CENTRE):
            self.add_error("eligible_class", _("Vale per housing first e centro servizi: lascia «non detta»."))
        if data.get("children") and kind != Measure.Kind.PIPPI:
            self.add_error("children", _("Vale per P.I.P.P.I.: lascia vuoto."))
        same = (kind, (data.get("title") or "").strip(), data.get("starts"))
        if any((row.kind, row.title, row.starts) == same for row, _steps in self.found):
            self.add_error("title", _("C’è già, dallo stesso giorno."))
        housing = kind == Measure.Kind.HOUSING_FIRST
        if housing and any(row.kind == kind and not measures.exit_of(steps) for row, steps in self.found):
            self.add_error("kind", _("È già ospitata: registra l’uscita, o il passaggio a un altro alloggio."))
        return data

    def more_fields(self):
        return [self[name] for name in ("provider", "operation", "eligible_class", "children") if name in self.fields]


class CorrectForm(BeginForm):
    """The same, of a measure that is there: not its kind nor its first day, which make it another measure."""

    def __init__(self, *args, measure, **kwargs):
        names = ("title", "provider", "operation", "eligible_class", "children")
        initial = {name: getattr(measure, name) for name in names}
        super().__init__(*args, prefix=f"c{measure.pk}", initial=initial, **kwargs)
        self.measure = measure
        del self.fields["kind"], self.fields["starts"]
        self.fields["title"].help_text = HINTS[Measure.Kind(measure.kind)]
        if measure.kind not in (Measure.Kind.HOUSING_FIRST, Measure.Kind.SERVICE_CENTRE):
            self.fields.pop("eligible_class", None)
        if measure.kind != Measure.Kind.PIPPI:
            self.fields.pop("children", None)

    def clean(self):
        same = (self.measure.kind, (self.cleaned_data.get("title") or "").strip(), self.measure.starts)
        others = (row for row, _steps in self.found if row.pk != self.measure.pk)
        if any((row.kind, row.title, row.starts) == same for row in others):
            self.add_error("title", _("C’è già, dallo stesso giorno."))
        return self.cleaned_data


class StepForm(forms.Form):
    step = forms.ChoiceField(label=gettext_lazy("Che cosa"))
    day = DayField(label=gettext_lazy("Il giorno"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Come finisce"),
        required=False,
        choices=[("", gettext_lazy("solo per l’uscita")), *MeasureStep.Reason.choices],
    )

    def __init__(self, *args, measure, steps, today, only_exit=False, **kwargs):
        """`only_exit`: the case is closed, and of its measures only the end is still written."""
        super().__init__(*args, prefix=f"m{measure.pk}", **kwargs)
        self.measure, self.steps, self.today = measure, steps, today
        self.left = measures.exit_of(steps)
        kinds = [kind for kind in STEPS_OF[measure.kind] if not (self.left and kind == MeasureStep.Kind.EXIT)]
        if only_exit:
            kinds = [kind for kind in kinds if kind == MeasureStep.Kind.EXIT]
            self.fields["step"].initial = MeasureStep.Kind.EXIT
        self.fields["step"].choices = [("", _("scegli")), *((kind.value, kind.label) for kind in kinds)]

    def clean_day(self):
        return past_day(self.cleaned_data["day"], today=self.today, first=self.measure.starts)

    def clean(self):
        data = self.cleaned_data
        kind, day, reason = data.get("step"), data.get("day"), data.get("reason")
        if kind == MeasureStep.Kind.EXIT and not reason:
            self.add_error("reason", _("Scrivi come finisce: serve a dire che cosa ne è venuto."))
        if kind and kind != MeasureStep.Kind.EXIT and reason:
            self.add_error("reason", _("Vale solo per l’uscita: lascia vuoto."))
        if kind and day and any((step.kind, step.day) == (kind, day) for step in self.steps):
            self.add_error("step", _("C’è già, per lo stesso giorno."))
        if day and self.left and day > self.left.day:
            self.add_error("day", _("La misura è finita prima: ritira l’uscita se non è vero."))
        last = max((step.day for step in self.steps), default=None)
        if kind == MeasureStep.Kind.EXIT and day and last and day < last:
            self.add_error("day", _("C’è un passo dopo questo giorno: l’uscita viene per ultima."))
        return data


@dataclass
class Shown:
    row: Measure
    steps: list
    left: MeasureStep | None
    findings: list
    form: StepForm | None
    correction: CorrectForm | None


def measures_of(acting, subject):
    rows = Measure.objects.within(acting).of(subject).standing().filter(kind__in=kinds_for(acting))
    steps = {}
    for step in MeasureStep.objects.within(acting).of(subject).standing().order_by("day", "id"):
        steps.setdefault(step.measure_id, []).append(step)
    return [(row, steps.get(row.pk, [])) for row in rows.select_related("operation").order_by("-starts", "-id")]


@for_kinds(*WORKERS, Kind.PERSON)
@writes
def measures_page(request, subject):
    acting, today = request.acting, timezone.localdate()
    person = get_object_or_404(Person.objects.within(acting), subject_id=subject)
    case = Case.objects.within(acting).of(subject).order_by("-opened_on", "-id").first()
    may_write = acting.may(Degree.MEASURE, write=True) or acting.may(Degree.EMPLOYABILITY, write=True)
    may_write = may_write and case is not None
    ended = case is not None and case.closed_on is not None
    found = measures_of(acting, subject)
    form = BeginForm(None, acting=acting, today=today, found=found, initial={"starts": today})
    wrong = {}
    if request.method == "POST":
        if not may_write:
            return not_for_you(request)
        act = ACTS.get(request.POST.get("do"), begin)
        if ended and act not in AFTER_THE_END:
            return not_for_you(request)
        refused = act(request, case, found, today)
        if refused is None:
            return redirect("measures", subject)
        if isinstance(refused, (StepForm, CorrectForm)):
            wrong[type(refused), refused.measure.pk] = refused
        else:
            form = refused
    shown = [
        Shown(
            row=row,
            steps=steps,
            left=measures.exit_of(steps),
            findings=measures.counted(row, steps, on=today),
            form=(wrong.get((StepForm, row.pk)) or step_form(None, case, (row, steps), today))
            if may_write and not (ended and measures.exit_of(steps))
            else None,
            correction=(
                wrong.get((CorrectForm, row.pk)) or CorrectForm(measure=row, acting=acting, today=today, found=found)
            )
            if may_write
            else None,
        )
        for row, steps in found
    ]
    context = {
        "person": person,
        "case": case,
        "measures": shown,
        "form": form,
        "may_write": may_write,
        "ended": ended,
        "sees_all": acting.may(Degree.MEASURE),
        "members": team_of(acting, case, found),
    }
    return render(request, "people/measures.html", context)


def team_of(acting, case, found):
    """Who works around the family, shown with P.I.P.P.I.: it is the team of the case."""
    if case is None or not any(row.kind == Measure.Kind.PIPPI for row, _steps in found):
        return []
    return list(CaseMember.objects.within(acting).of(case.subject_id).live().filter(case=case).with_names())


def begin(request, case, found, today):
    form = BeginForm(request.POST, acting=request.acting, today=today, found=found)
    if not form.is_valid():
        return form
    data = form.cleaned_data
    try:
        with transaction.atomic():
            measures.begin(
                case=case,
                kind=data["kind"],
                title=data["title"],
                starts=data["starts"],
                provider=data["provider"],
                operation=data.get("operation"),
                children=data.get("children"),
                eligible_class=data.get("eligible_class") or "",
                by=request.acting,
                now=timezone.now(),
            )
    except IntegrityError:
        form.add_error("title", _("Qualcuno l’ha appena registrata."))
        return form
    messages.success(request, _("Misura registrata."))
    return None


def chosen(request, found, name="measure"):
    """The measure a form names, with its steps, among those of this person; None if it stands no more."""
    return next(((row, steps) for row, steps in found if str(row.pk) == request.POST.get(name)), None)


def step_form(posted, case, one, today):
    measure, steps = one
    only_exit = case.closed_on is not None
    return StepForm(
        posted, measure=measure, steps=steps, today=today, only_exit=only_exit, initial={"day": case.closed_on or today}
    )


def add_step(request, case, found, today):
    if (one := chosen(request, found)) is None:
        return gone(request)
    form = step_form(request.POST, case, one, today)
    if not form.is_valid():
        return form
    data = form.cleaned_data
    try:
        with transaction.atomic():
            measures.add_step(
                measure=one[0],
                kind=data["step"],
                day=data["day"],
                reason=data["reason"],
                by=request.acting,
                now=timezone.now(),
            )
    except IntegrityError:
        form.add_error("step", _("Qualcuno l’ha appena registrato."))
        return form
    messages.success(request, _("Registrato."))
    return None


def correct(request, case, found, today):
    if (one := chosen(request, found)) is None:
        return gone(request)
    row = one[0]
    form = CorrectForm(request.POST, measure=row, acting=request.acting, today=today, found=found)
    if not form.is_valid():
        return form
    data = form.cleaned_data
    measures.correct(
        measure=row,
        title=data["title"],
        provider=data.get("provider", row.provider),
        operation=data.get("operation", row.operation),
        children=data.get("children", row.children),
        eligible_class=data.get("eligible_class", row.eligible_class),
        by=request.acting,
        now=timezone.now(),
    )
    messages.success(request, _("Corretta: i suoi passi restano."))
    return None


def withdraw(request, case, found, today):
    if (one := chosen(request, found)) is None:
        return gone(request)
    measures.withdraw(measure=one[0], by=request.acting, now=timezone.now())
    messages.success(request, _("Ritirata: resta nella storia e non conta più."))
    return None


def withdraw_step(request, case, found, today):
    named = request.POST.get("named")
    step = next((step for _row, steps in found for step in steps if str(step.pk) == named), None)
    if step is None:
        return gone(request)
    measures.withdraw_step(step=step, by=request.acting, now=timezone.now())
    messages.success(request, _("Ritirato: resta nella storia."))
    return None


def gone(request):
    messages.info(request, _("Non c’è più: qualcuno l’ha già ritirata."))


ACTS = {"step": add_step, "correct": correct, "withdraw": withdraw, "withdraw_step": withdraw_step}
# a measure may last longer than the case, and is counted until its exit
AFTER_THE_END = (add_step, correct, withdraw, withdraw_step)


def index_line(acting, person, case, today, rows):
    if not (acting.may(Degree.MEASURE) or acting.may(Degree.EMPLOYABILITY)):
        return None
    shown = kinds_for(acting)
    kinds = [row.kind for row in rows["measures"] if row.kind in shown]
    may_write = acting.may(Degree.MEASURE, write=True) or acting.may(Degree.EMPLOYABILITY, write=True)
    if not kinds and (case is None or case.closed_on or not may_write):
        return None
    title = _("Misure") if acting.may(Degree.MEASURE) else _("Formazione e politiche attive")
    url = reverse("measures", args=[person.subject_id])
    if not kinds:
        return Line(title, _("Nessuna ancora."), url)
    names = ", ".join(str(Measure.Kind(kind).label) for kind in dict.fromkeys(kinds))
    words = ngettext("%(count)s misura: %(names)s", "%(count)s misure: %(names)s", len(kinds))
    return Line(title, words % {"count": len(kinds), "names": names}, url)


LINES.append(index_line)
