"""The skills a person showed in a traineeship, each with what shows it; the training goals of the plan propose them."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.traineeships import skill as acts
from accanto.traineeships.evaluation import GoalJudgement, Moment, goals_of
from accanto.traineeships.skill import Skill
from accanto.traineeships.traineeship_plan import TraineeshipPlan
from accanto.web.frame import STARTERS, WORKERS
from accanto.web.law_beside import NearDay, long_text, no_reason
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.keyset import whole_number
from accanto.web.traineeship import begun, crumbs_to, visible
from accanto.web.visits import ReasonForm

WRITERS = (*STARTERS, Kind.THIRD_SECTOR_TUTOR)
READERS = (*WORKERS, Kind.THIRD_SECTOR_TUTOR, Kind.PERSON)
TITLE_LONG = 200


class SkillForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Che cosa sa fare"),
        max_length=TITLE_LONG,
        help_text=gettext_lazy(
            "In parole che capisce anche chi leggerà l’attestazione: «rinvasa e annaffia le piante»."
        ),
        validators=[no_reason],
        error_messages={"required": gettext_lazy("Scrivi che cosa sa fare.")},
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Come lo fa"),
        choices=Skill.Level.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Scegli come lo fa.")},
    )
    evidence = long_text(
        gettext_lazy("Che cosa ha fatto, che lo mostra"),
        required=True,
        validators=[no_reason],
    )
    seen_where = forms.CharField(label=gettext_lazy("Dove"), max_length=120, required=False, validators=[no_reason])
    seen_on = NearDay(label=gettext_lazy("Visto il"))
    seen_by = forms.CharField(
        label=gettext_lazy("Visto da"),
        max_length=160,
        help_text=gettext_lazy("Nome e ruolo di chi l’ha visto fare."),
        validators=[no_reason],
        error_messages={"required": gettext_lazy("Scrivi chi l’ha visto.")},
    )
    seen_in = forms.ChoiceField(
        label=gettext_lazy("In quale valutazione"),
        required=False,
        choices=[("", gettext_lazy("fuori dalle valutazioni")), *Moment.choices],
    )
    vocabulary = forms.ChoiceField(
        label=gettext_lazy("Vocabolario"),
        choices=Skill.Vocabulary.choices,
        help_text=gettext_lazy("Se conosci il codice; altrimenti lascia «parole nostre»."),
    )
    code = forms.CharField(
        label=gettext_lazy("Codice"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("ESCO: l’indirizzo http://data.europa.eu/esco/skill/…  Atlante: ADA.02.01.05"),
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["evidence"].error_messages["required"] = _("Scrivi che cosa ha fatto: senza, non si può attestare.")

    def clean_seen_on(self):
        day = self.cleaned_data["seen_on"]
        if day > self.today:
            raise forms.ValidationError(_("Non è ancora arrivato: scrivi il giorno in cui l’ha fatto."))
        return day

    def clean(self):
        data = super().clean()
        vocabulary, code = data.get("vocabulary"), data.get("code", "")
        if vocabulary and "code" not in self.errors and not acts.has_shape(vocabulary, code):
            self.add_error("code", WRONG_CODE[vocabulary])
        return data


WRONG_CODE = {
    Skill.Vocabulary.OWN: gettext_lazy("Le parole nostre non hanno codice: toglilo, o scegli il vocabolario."),
    Skill.Vocabulary.ESCO: gettext_lazy(
        "Il codice ESCO è un indirizzo che comincia con http://data.europa.eu/esco/skill/. "
        "Se non lo sai scegli «parole nostre»."
    ),
    Skill.Vocabulary.ATLANTE: gettext_lazy(
        "Il codice dell’Atlante comincia con ADA, per esempio ADA.02.01.05. Se non lo sai scegli «parole nostre»."
    ),
}


def proposed(row, acting, written):
    """The training goals of the plan of which no skill says the same."""
    plan = TraineeshipPlan.objects.within(acting).of(row.subject_id).filter(traineeship=row).first()
    known = {skill.title.casefold() for skill in written}
    goals = [goal for kind, goal in goals_of(plan) if kind == GoalJudgement.Kind.TRAINING] if plan else []
    return [goal for goal in goals if goal[:TITLE_LONG].casefold() not in known]


@for_kinds(*READERS)
@writes
def skills(request, traineeship):
    acting, now = request.acting, timezone.now()
    today = timezone.localdate(now)
    row = begun(request, traineeship)
    rows = Skill.objects.within(acting).of(row.subject_id).filter(traineeship=row).select_related("recorded_by")
    rows = list(rows.order_by("seen_on", "id"))
    standing = [one for one in rows if one.superseded_at is None]
    goals, form = proposed(row, acting, standing), None
    if acting.kind in WRITERS:
        sent = request.POST if request.method == "POST" else None
        form = SkillForm(sent, today=today, initial=begins_with(request, goals, row, today))
        if sent is not None and form.is_valid():
            acts.record(traineeship=row, by=acting, now=now, **form.cleaned_data)
            messages.success(request, _("Competenza scritta."))
            return redirect("skills", row.pk)
    context = {
        "traineeship": row,
        "skills": standing,
        "taken_away": [one for one in rows if one.withdrawal_reason] if form else [],
        "goals": list(enumerate(goals)) if form else [],
        "form": form,
        "chosen": bool(form) and not form.is_bound and "title" in form.initial,
        "is_own": acting.kind == Kind.PERSON,
    }
    return render(request, "course/skills.html", context, status=422 if form and form.is_bound else 200)


def begins_with(request, goals, row, today):
    """The first values: those of the goal whose number stands in the address, which holds no word of it."""
    initial = {"seen_on": min(today, row.ends), "seen_where": row.seat[:120] or str(row.host)[:120]}
    initial |= {"seen_by": row.host_tutor_shown, "vocabulary": Skill.Vocabulary.OWN}
    asked = whole_number(request.GET.get("goal", ""), at_most=len(goals) - 1)
    if asked is not None:
        initial["title"] = goals[asked][:TITLE_LONG]
    return initial


def skill_or_404(request, pk):
    row = get_object_or_404(Skill.objects.within(request.acting).standing(), pk=pk)
    row.traineeship = visible(request, row.traineeship_id)
    return row


FIELDS = ("title", "level", "evidence", "seen_where", "seen_on", "seen_by", "seen_in", "vocabulary", "code")


@for_kinds(*WRITERS)
@writes
def change_skill(request, skill):
    acting, now = request.acting, timezone.now()
    row = skill_or_404(request, skill)
    initial = {name: getattr(row, name) for name in FIELDS}
    form = SkillForm(request.POST if request.method == "POST" else None, today=timezone.localdate(now), initial=initial)
    if form.is_bound and form.is_valid():
        acts.record(traineeship=row.traineeship, instead_of=row, by=acting, now=now, **form.cleaned_data)
        messages.success(request, _("Competenza corretta."))
        return redirect("skills", row.traineeship_id)
    context = {"traineeship": row.traineeship, "skill": row, "form": form}
    return render(request, "course/skill.html", context, status=422 if form.is_bound else 200)


@for_kinds(*WRITERS)
@writes
def withdraw_skill(request, skill):
    row = skill_or_404(request, skill)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        acts.withdraw(skill=row, reason=form.cleaned_data["reason"], by=request.acting, now=timezone.now())
        messages.success(request, _("Competenza tolta."))
        return redirect("skills", row.traineeship_id)
    confirm = Confirm(
        title=_("Togli: %(title)s") % {"title": row.title},
        sentence=_("Non sarà nell’attestazione. Nel fascicolo resta che c’era, e perché è stata tolta."),
        url=request.path,
        label=_("Togli"),
        cancel_url=reverse("skills", args=[row.traineeship_id]),
        danger=True,
        form=form,
        crumbs=[*crumbs_to(row.traineeship), (_("Competenze"), reverse("skills", args=[row.traineeship_id]))],
    )
    return render(request, "confirm.html", {"confirm": confirm}, status=422 if form.is_bound else 200)
