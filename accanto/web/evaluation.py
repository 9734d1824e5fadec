"""The evaluations of a traineeship: each party's own form, who is missing, the closing, the answers side by side."""

from dataclasses import dataclass
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.traineeships import evaluation as acts
from accanto.traineeships.evaluation import (
    ITEMS,
    PARTY_OF,
    TOLD,
    Evaluation,
    EvaluationAnswer,
    GoalJudgement,
    Moment,
    Party,
    Score,
)
from accanto.traineeships.traineeship_plan import TraineeshipPlan
from accanto.web.evaluation_picture import picture_of
from accanto.web.frame import STARTERS, TUTORS, WORKERS
from accanto.web.law_beside import long_text, no_reason
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.numbers import day as day_words
from accanto.web.traineeship import begun, crumbs_to

READERS = (*WORKERS, *TUTORS, Kind.PERSON)
CLOSERS = (*STARTERS, Kind.THIRD_SECTOR_TUTOR)
# how each item is asked: of the person, and of who speaks of them
ASKED = {
    "presence": (
        gettext_lazy("Ci sono e arrivo in orario"),
        gettext_lazy("C’è e arriva in orario"),
    ),
    "tasks": (gettext_lazy("So fare le cose che mi chiedono"), gettext_lazy("Sa fare le cose che si chiedono")),
    "people": (gettext_lazy("Sto bene con le persone che lavorano lì"), gettext_lazy("Sta bene con chi lavora lì")),
    "autonomy": (gettext_lazy("Riesco a fare da solo o da sola"), gettext_lazy("Riesce a fare da sé")),
    "support": (gettext_lazy("Ho l’aiuto che mi serve"), gettext_lazy("Ha l’aiuto che serve")),
}
WORDS = {
    "went_well": (gettext_lazy("Che cosa ti piace?"), gettext_lazy("Che cosa va bene")),
    "to_change": (gettext_lazy("Che cosa vuoi cambiare?"), gettext_lazy("Che cosa cambiare")),
}


class AnswerForm(forms.Form):
    """Five sentences to say how much, and two to finish; nothing is compulsory but to say something."""

    def __init__(self, *args, party, own, **kwargs):
        super().__init__(*args, **kwargs)
        of_the_person = party == Party.TRAINEE
        n = 0 if of_the_person else 1
        for item in ITEMS:
            self.fields[item] = forms.TypedChoiceField(
                label=ASKED[item][n],
                choices=[("", _("non so dire")), *Score.choices],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )
        # what somebody says of themselves they may say as they like; of another nobody says why they are followed
        free = of_the_person and own
        for name, labels in WORDS.items():
            self.fields[name] = long_text(labels[n], validators=[] if free else [no_reason])

    def clean(self):
        data = super().clean()
        if not self.errors and not any(data.get(name) for name in (*ITEMS, *WORDS)):
            raise forms.ValidationError(_("Rispondi almeno a una domanda."))
        return data


@dataclass
class Side:
    """One party of an evaluation: whether it has answered and, where one may read it, what."""

    party: Party
    answered: bool
    answer: EvaluationAnswer | None
    may_answer: bool
    own: bool

    @property
    def label(self):
        return self.party.label

    @property
    def scores(self):
        return [(name, Score(value).label if value else None) for name, value in self.values]

    @property
    def values(self):
        return [
            (EvaluationAnswer._meta.get_field(item).verbose_name, getattr(self.answer, item) if self.answer else None)
            for item in ITEMS
        ]


@dataclass
class OneEvaluation:
    """One of the two of a traineeship, as the acting role may see it."""

    moment: Moment
    due: object
    opens: object
    closed: Evaluation | None
    sides: list
    judged: list
    today: object

    @property
    def is_open(self):
        return self.closed is None and self.opens <= self.today

    @property
    def missing(self):
        return [side.label for side in self.sides if not side.answered]

    @property
    def state(self):
        """(tone, words)"""
        if self.closed:
            return ("ok", _("chiusa il %(day)s") % {"day": day_words(self.closed.closed_on)})
        if not self.is_open:
            return ("neutral", _("si compila dal %(day)s") % {"day": day_words(self.opens)})
        if self.due < self.today:
            return ("attention", _("da chiudere: era per il %(day)s") % {"day": day_words(self.due)})
        return ("progress", _("aperta, per il %(day)s") % {"day": day_words(self.due)})


def evaluations_of(row, acting, today):
    """Both, in as many queries whatever was answered."""
    own = {"traineeship": row}
    rows = EvaluationAnswer.objects.within(acting).of(row.subject_id).standing().filter(**own)
    answers = {(one.moment, one.party): one for one in rows.select_related("recorded_by")}
    closed = Evaluation.objects.within(acting).of(row.subject_id).standing().filter(**own)
    closed = {one.moment: one for one in closed.select_related("recorded_by")}
    if acting.kind == Kind.HOST_TUTOR:  # it knows the day, and nothing of what was said
        closed = {moment: Evaluation(closed_on=day) for (_pk, moment), day in acts.closed_days([row]).items()}
    judged = GoalJudgement.objects.within(acting).of(row.subject_id).standing().filter(**own)
    judged = list(judged.order_by("moment", "id")) if acting.kind != Kind.HOST_TUTOR else []
    who_answered = acts.answered([row])
    found = []
    for moment in Moment:
        done = closed.get(moment)
        sides = [
            side_of(party, who_answered.get((row.pk, moment), ()), answers.get((moment, party)), acting, done)
            for party in acts.expected(row)
        ]
        found.append(
            OneEvaluation(
                moment=moment,
                due=acts.due_on(row, moment),
                opens=acts.opens_on(row, moment),
                closed=done,
                sides=sides,
                judged=[one for one in judged if one.moment == moment],
                today=today,
            )
        )
    return found


def side_of(party, who_answered, answer, acting, closed):
    own = PARTY_OF.get(acting.kind) == party
    told = (
        acting.kind in CLOSERS and party in TOLD and not (party in who_answered and (not answer or not answer.helped))
    )
    return Side(party, party in who_answered, answer, may_answer=closed is None and (own or told), own=own)


def moment_or_404(text):
    try:
        return Moment(str(text))
    except ValueError:
        raise Http404 from None


@for_kinds(*READERS)
def evaluations(request, traineeship):
    acting, today = request.acting, timezone.localdate()
    row = begun(request, traineeship)
    found = evaluations_of(row, acting, today)
    sees_all = acting.kind != Kind.HOST_TUTOR
    for one in found:
        # the host and, before the closing, everybody reads their own alone
        one.shown = [
            side for side in one.sides if side.answer and ((sees_all and one.closed) or side.own or side.answer.helped)
        ]
    context = {
        "traineeship": row,
        "evaluations": found,
        "picture": picture_of(row, found) if sees_all else None,
        "sees_all": sees_all,
        "is_own": acting.kind == Kind.PERSON,
        "may_close": acting.kind in CLOSERS,
        "may_judge": acting.kind in STARTERS,
    }
    return render(request, "course/evaluations.html", context)


@for_kinds(*CLOSERS, Kind.HOST_TUTOR, Kind.PERSON)
@writes
def evaluation_answer(request, traineeship, moment, party):
    """The form of one party: their own, or what they say by voice and somebody else writes down."""
    acting, now = request.acting, timezone.now()
    moment = moment_or_404(moment)
    row = begun(request, traineeship)
    one = next(one for one in evaluations_of(row, acting, timezone.localdate(now)) if one.moment == moment)
    side = next((side for side in one.sides if side.party == str(party)), None)
    if side is None or not (side.own or side.may_answer):
        raise Http404
    back = redirect("evaluations", row.pk)
    if not one.is_open:
        messages.info(
            request, _("La valutazione %(which)s: %(state)s.") % {"which": moment.label, "state": one.state[1]}
        )
        return back
    initial = {name: getattr(side.answer, name) for name in (*ITEMS, *WORDS)} if side.answer else {}
    form = AnswerForm(
        request.POST if request.method == "POST" else None, party=side.party, own=side.own, initial=initial
    )
    if form.is_bound and form.is_valid():
        try:
            acts.answer(traineeship=row, moment=moment, party=side.party, by=acting, now=now, **form.cleaned_data)
        except acts.EvaluationIsClosed:
            messages.warning(request, _("Intanto qualcuno ha chiuso la valutazione: la risposta non è stata scritta."))
        except acts.AnsweredByAnother:
            messages.warning(request, _("Intanto ha risposto da sé: vale la sua risposta."))
        else:
            messages.success(request, _("Risposta scritta. Finché la valutazione è aperta puoi cambiarla."))
        return back
    context = {
        "traineeship": row,
        "evaluation": one,
        "side": side,
        "form": form,
        "is_own": acting.kind == Kind.PERSON,
        "readers": readers_of(side),
    }
    return render(request, "course/evaluation_answer.html", context, status=422 if form.is_bound else 200)


def readers_of(side):
    """Who will read these words, said before they are written."""
    if side.party == Party.TRAINEE and side.own:
        return _("Le tue parole le leggono il tutor e i servizi, quando la valutazione è chiusa. L’azienda no.")
    if side.party == Party.TRAINEE:
        return _("Scrivi le parole della persona. Le leggono il tutor e i servizi; l’ospitante no.")
    return _("Quando la valutazione è chiusa la leggono la persona, il tutor e i servizi.")


class CloseForm(forms.Form):
    summary = long_text(
        gettext_lazy("In sintesi, se serve"),
        help_text=gettext_lazy("La leggono la persona, il tutor e i servizi. L’ospitante no."),
        validators=[no_reason],
    )


@for_kinds(*CLOSERS)
@writes
def close_evaluation(request, traineeship, moment):
    acting, now = request.acting, timezone.now()
    moment = moment_or_404(moment)
    row = begun(request, traineeship)
    one = next(one for one in evaluations_of(row, acting, timezone.localdate(now)) if one.moment == moment)
    if not one.is_open:
        return redirect("evaluations", row.pk)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            acts.close(traineeship=row, moment=moment, by=acting, now=now, **form.cleaned_data)
        except acts.EvaluationIsClosed:
            messages.info(request, _("Intanto l’ha chiusa qualcun altro."))
        else:
            messages.success(request, _("Valutazione chiusa: ora le risposte si leggono una accanto all’altra."))
        return redirect("evaluations", row.pk)
    lacking = ", ".join(str(label) for label in one.missing)
    confirm = Confirm(
        title=_("Chiudi la valutazione %(which)s") % {"which": moment.label},
        sentence=_("Manca la risposta di: %(who)s.") % {"who": lacking} if lacking else _("Hanno risposto tutti."),
        consequences=[
            _("Le risposte si leggono una accanto all’altra: i servizi, il tutor e la persona. L’ospitante la sua."),
            _("Nessuno ne aggiunge o ne cambia più, finché non si riapre."),
        ],
        url=request.path,
        label=_("Chiudi"),
        cancel_url=reverse("evaluations", args=[row.pk]),
        form=form,
        crumbs=[*crumbs_to(row), (_("Valutazioni"), reverse("evaluations", args=[row.pk]))],
    )
    return render(request, "confirm.html", {"confirm": confirm}, status=422 if form.is_bound else 200)


@for_kinds(*CLOSERS)
@writes
@require_POST
def reopen_evaluation(request, traineeship, moment):
    row = begun(request, traineeship)
    rows = Evaluation.objects.within(request.acting).of(row.subject_id).standing()
    found = get_object_or_404(rows, traineeship=row, moment=moment_or_404(moment))
    acts.reopen(evaluation=found, by=request.acting, now=timezone.now())
    messages.success(request, _("Valutazione riaperta: chi deve può rispondere o correggersi."))
    return redirect("evaluations", row.pk)


class JudgeForm(forms.Form):
    """For each goal of the plan whether it was reached, and a few words; what is left empty is not judged yet."""

    def __init__(self, *args, goals, judged, **kwargs):
        super().__init__(*args, **kwargs)
        self.goals = goals
        known = {(one.kind, one.goal): one for one in judged}
        for n, goal in enumerate(goals):
            before = known.get(goal)
            self.fields[f"outcome_{n}"] = forms.ChoiceField(
                label=_("Come è andata"),
                choices=[("", _("non ancora giudicato")), *GoalJudgement.Outcome.choices],
                required=False,
                initial=before.outcome if before else "",
            )
            self.fields[f"words_{n}"] = forms.CharField(
                label=_("In parole, se serve"),
                required=False,
                max_length=300,
                validators=[no_reason],
                initial=before.words if before else "",
            )

    def clean(self):
        data = super().clean()
        for n in range(len(self.goals)):
            if data.get(f"words_{n}") and not data.get(f"outcome_{n}") and f"outcome_{n}" not in self.errors:
                self.add_error(f"outcome_{n}", _("Scegli come è andata, o togli le parole."))
        return data

    def judgements(self):
        data = self.cleaned_data
        return [
            (kind, goal, data[f"outcome_{n}"], data[f"words_{n}"])
            for n, (kind, goal) in enumerate(self.goals)
            if data[f"outcome_{n}"]
        ]

    def rows(self):
        return [
            SimpleNamespace(kind=kind.label, goal=goal, fields=[self[f"outcome_{n}"], self[f"words_{n}"]])
            for n, (kind, goal) in enumerate(self.goals)
        ]


@for_kinds(*STARTERS)
@writes
def judge_goals(request, traineeship, moment):
    """The goals of the plan, one by one, as the service in charge judges them."""
    acting, now = request.acting, timezone.now()
    moment = moment_or_404(moment)
    row = begun(request, traineeship)
    plan = TraineeshipPlan.objects.within(acting).of(row.subject_id).filter(traineeship=row).first()
    standing = GoalJudgement.objects.within(acting).of(row.subject_id).standing()
    judged = list(standing.filter(traineeship=row, moment=moment).order_by("id"))
    goals = acts.goals_of(plan) if plan else []
    form = JudgeForm(request.POST if request.method == "POST" else None, goals=goals, judged=judged)
    if form.is_bound and form.is_valid():
        made = acts.judge(traineeship=row, moment=moment, judgements=form.judgements(), by=acting, now=now)
        if made:
            messages.success(request, _("Obiettivi giudicati."))
        else:
            messages.info(request, _("Nessun obiettivo è giudicato."))
        return redirect("evaluations", row.pk)
    context = {"traineeship": row, "moment": moment, "form": form}
    return render(request, "course/judge_goals.html", context, status=422 if form.is_bound else 200)
