"""The personal plan: writing it with the person, agreeing it, reading it on one printed page, doing it."""

import datetime as dt
from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.cases import personal_plan as plans
from accanto.cases.assessment import Assessment
from accanto.cases.personal_plan import (
    PersonalPlan,
    PlanAction,
    PlanGoal,
    PlanSignature,
    PlanSupport,
)
from accanto.norms import representation as signing
from accanto.norms.cases import plan_signature, plan_signed
from accanto.people import representation as representations
from accanto.people.representation import Power
from accanto.web.law_beside import tell
from accanto.web.parts.forms import DayField
from accanto.web.people import MANAGERS, case_or_404, coming_day, past_day
from accanto.web.plan_evidence import DrawnSignatures, evidence_of, keep_what_proves, to_sign
from accanto.web.representation import age_of, standing_of
from accanto.web.writing import Writing

GOALS, ACTIONS = 4, 6
# how far the first review is proposed; no act gives a term, whoever writes may change it
REVIEW_AFTER = dt.timedelta(days=90)


class PlanForm(forms.Form):
    """One screen: the first goal and the first commitment are open, the others wait folded."""

    reason = forms.CharField(
        label=gettext_lazy("Perché una nuova versione"),
        max_length=300,
        help_text=gettext_lazy("Per esempio: ha trovato casa, cambia l’obiettivo di lavoro."),
    )
    supports = forms.MultipleChoiceField(
        label=gettext_lazy("Che cosa mettono i servizi"),
        choices=PlanSupport.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Scegli almeno un sostegno (D.Lgs. 147/2017 art. 6 c. 2 lett. b).")},
    )
    support_text = forms.CharField(label=gettext_lazy("In che cosa consistono"), max_length=300, required=False)
    review_on = DayField(label=gettext_lazy("Ci rivediamo il"), required=False)

    def __init__(self, *args, today, first_version, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        if first_version:
            del self.fields["reason"]
        for n in range(1, GOALS + 1):
            self.fields[f"own_words_{n}"] = forms.CharField(
                label=gettext_lazy("Con le sue parole"), max_length=2000, required=n == 1,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=gettext_lazy("«Vorrei…»: come l’ha detto, senza termini tecnici.") if n == 1 else "",
            )  # fmt: skip
            self.fields[f"result_{n}"] = forms.CharField(
                label=gettext_lazy("Che cosa sarà cambiato"), max_length=2000, required=n == 1,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=gettext_lazy("Un fatto che si può vedere, non un proposito.") if n == 1 else "",
            )  # fmt: skip
            self.fields[f"due_{n}"] = DayField(label=gettext_lazy("Entro"), required=False)
        for n in range(1, ACTIONS + 1):
            self.fields[f"party_{n}"] = forms.ChoiceField(
                label=gettext_lazy("Chi"), choices=PlanAction.Party.choices, required=n == 1
            )
            self.fields[f"action_{n}"] = forms.CharField(
                label=gettext_lazy("Che cosa fa"), max_length=300, required=n == 1
            )
            self.fields[f"action_due_{n}"] = DayField(label=gettext_lazy("Entro"), required=n == 1)

    def clean(self):
        data = self.cleaned_data
        for n in range(1, GOALS + 1):
            if bool(data.get(f"own_words_{n}")) != bool(data.get(f"result_{n}")) and n > 1:
                self.add_error(
                    f"own_words_{n}", _("Un obiettivo ha le parole della persona e il risultato: manca l’altro.")
                )
        for name in (
            [f"due_{n}" for n in range(1, GOALS + 1)]
            + [f"action_due_{n}" for n in range(1, ACTIONS + 1)]
            + ["review_on"]
        ):
            try:
                coming_day(data.get(name), first=self.today)
            except ValidationError as mistake:
                self.add_error(name, mistake)
        return data

    def goals(self):
        data = self.cleaned_data
        return [
            {"own_words": data[f"own_words_{n}"], "result": data[f"result_{n}"], "due": data[f"due_{n}"]}
            for n in range(1, GOALS + 1)
            if data[f"own_words_{n}"]
        ]

    def actions(self, done):
        """What to do; what was already done in the version before stays done."""
        data = self.cleaned_data
        return [
            {
                "party": data[f"party_{n}"] or PlanAction.Party.PERSON,
                "text": data[f"action_{n}"],
                "due": data[f"action_due_{n}"],
                "done_on": done.get(data[f"action_{n}"]),
            }
            for n in range(1, ACTIONS + 1)
            if data[f"action_{n}"]
        ]

    def chosen_supports(self):
        data = self.cleaned_data
        return [{"kind": kind, "text": data["support_text"]} for kind in data["supports"]]

    def has_more_goals(self):
        return any(field.value() or field.errors for fields in self.goal_groups()[1:] for field in fields)

    def has_more_actions(self):
        """The party always has a value: it alone opens nothing."""
        return any(field.value() or field.errors for fields in self.action_groups()[1:] for field in fields[1:])

    def goal_groups(self):
        return [[self[f"{part}_{n}"] for part in ("own_words", "result", "due")] for n in range(1, GOALS + 1)]

    def action_groups(self):
        return [[self[f"{part}_{n}"] for part in ("party", "action", "action_due")] for n in range(1, ACTIONS + 1)]


def starting_from(plan, acting, *, today):
    """The last version as the beginning of the next; days gone by are asked anew."""

    def still(day):
        return day if day and day >= today else None

    rows = parts_of(plan, acting)
    initial = {"supports": [row.kind for row in rows["supports"]]}
    initial["support_text"] = next((row.text for row in rows["supports"] if row.text), "")
    for n, goal in enumerate(rows["goals"][:GOALS], 1):
        initial |= {f"own_words_{n}": goal.own_words, f"result_{n}": goal.result, f"due_{n}": still(goal.due)}
    for n, action in enumerate(rows["actions"][:ACTIONS], 1):
        initial |= {f"party_{n}": action.party, f"action_{n}": action.text, f"action_due_{n}": still(action.due)}
    return initial


def parts_of(plan, acting):
    """Goals, supports, actions and signatures of a plan: four queries, however long it is."""
    models = {"goals": PlanGoal, "supports": PlanSupport, "actions": PlanAction, "signatures": PlanSignature}
    return {
        name: list(model.objects.within(acting).of(plan.subject_id).filter(plan=plan).order_by("id"))
        for name, model in models.items()
    }


@for_kinds(*MANAGERS)
@writes
def write_plan(request, case):
    """A new version of the plan, beginning from the last. It holds once agreed."""
    row = case_or_404(request, case)
    today = timezone.localdate()
    last = PersonalPlan.objects.within(request.acting).of(row.subject_id).filter(case=row).order_by("-version").first()
    initial = {"review_on": today + REVIEW_AFTER} | (starting_from(last, request.acting, today=today) if last else {})
    # a draft is only being finished: no reason for it is asked
    first_version = last is None or last.agreed_on is None
    writing = Writing(
        request,
        about=row.pk,
        standing=initial,
        form=partial(PlanForm, today=today, first_version=first_version),
    )
    form = writing.form
    if writing.ready():
        data = form.cleaned_data
        held = parts_of(last, request.acting)["actions"] if last else []
        plan = plans.write(
            case=row,
            reason=data.get("reason") or (last.reason if last else _("prima stesura")),
            goals=form.goals(),
            supports=form.chosen_supports(),
            actions=form.actions({action.text: action.done_on for action in held if action.done_on}),
            review_on=data["review_on"],
            by=request.acting,
            now=timezone.now(),
        )
        writing.done()
        messages.success(request, _("Progetto scritto. Rileggilo con la persona e registra le firme."))
        return redirect("agree_plan", plan.pk)
    assessed = Assessment.objects.within(request.acting).of(row.subject_id).standing().filter(case=row)
    first = assessed.order_by("day", "id").first()
    term = []
    if first and not (last and last.agreed_on):
        _due, term = plan_signature(screened_on=first.day, signed_on=None, on=today)
    context = {
        "case": row,
        "person": row.person,
        "form": form,
        "writing": writing,
        "last": last,
        "assessed": first,
        "term": term,
    }
    return render(request, "people/plan_form.html", context)


class AgreeForm(DrawnSignatures):
    agreed_on = DayField(label=gettext_lazy("Concordato il"))
    how = forms.ChoiceField(
        label=gettext_lazy("Come si è firmato"), choices=PlanSignature.How.choices, widget=forms.RadioSelect
    )
    signers = forms.MultipleChoiceField(
        label=gettext_lazy("Chi ha firmato"),
        choices=[choice for choice in PlanSignature.Signer.choices if choice[0] != PlanSignature.Signer.OTHER],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Segna chi ha firmato.")},
    )
    others = forms.CharField(
        label=gettext_lazy("Altre persone che hanno firmato"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Nome e in quale veste."),
    )
    dissent = forms.CharField(
        label=gettext_lazy("Su che cosa la persona non è d’accordo"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Con le sue parole. Non ferma la firma: se ne informa il giudice tutelare."),
    )
    anyway = forms.BooleanField(label=gettext_lazy("Ho letto le avvertenze: registra le firme così"), required=False)

    def __init__(self, *args, today, first, represented_by, age, **kwargs):
        super().__init__(*args, today=today, **kwargs)
        self.first, self.represented_by, self.age = first, represented_by, age
        self.wrong = []
        if not represented_by:
            del self.fields["dissent"]

    def clean(self):
        """Who signed against who should have: it cautions, with the article, and waits for a word more."""
        data = super().clean()
        if not self.errors:
            self.wrong = self.signatures_wrong()
            if self.wrong and not data["anyway"]:
                raise ValidationError(_("Leggi le avvertenze sulle firme, qui sotto: poi correggi o conferma."))
        return data

    def signatures_wrong(self):
        signers = self.cleaned_data["signers"]
        signed = [signing.PERSON] if PlanSignature.Signer.PERSON in signers else []
        if PlanSignature.Signer.REPRESENTATIVE in signers:
            # nobody is written who may sign for them: it is as if somebody without powers had signed
            signed += self.represented_by or [signing.ADMINISTRATOR]
        return representations.signatures(
            representations=self.represented_by,
            power=Power.PERSONAL_PLAN,
            on=self.cleaned_data["agreed_on"],
            age=self.age,
            signed=signed,
        )

    def clean_agreed_on(self):
        return past_day(self.cleaned_data["agreed_on"], today=self.today, first=self.first)

    def clean_signers(self):
        signers = self.cleaned_data["signers"]
        signed = bool({PlanSignature.Signer.PERSON, PlanSignature.Signer.REPRESENTATIVE} & set(signers))
        tell(self, plan_signed(signed=signed, on=self.today), {})
        return signers

    def pairs(self):
        others = self.cleaned_data["others"].strip()
        names = {PlanSignature.Signer.REPRESENTATIVE: ", ".join(row.name for row in self.represented_by)[:120]}
        pairs = [(signer, names.get(signer, "")) for signer in self.cleaned_data["signers"]]
        return pairs + ([(PlanSignature.Signer.OTHER.value, others)] if others else [])


def plan_or_404(request, plan):
    rows = PersonalPlan.objects.within(request.acting).select_related(
        "case__person", "case__manager", "recorded_by", "zone"
    )
    return get_object_or_404(rows, pk=plan)


@for_kinds(*MANAGERS)
@writes
def agree_plan(request, plan):
    """The signatures: by whom, when, how. From then on the plan holds."""
    row = plan_or_404(request, plan)
    if row.agreed_on or row.superseded_at or row.case.closed_on:
        messages.info(request, _("Questa versione non è più da firmare."))
        return redirect("personal_plan", row.pk)
    acting, today = request.acting, timezone.localdate()
    represented_by, age = standing_of(acting, row.subject_id, today), age_of(acting, row.subject_id, today)
    who, by_law = representations.signers(representations=represented_by, power=Power.PERSONAL_PLAN, on=today, age=age)
    parts = parts_of(row, acting)
    form = AgreeForm(
        request.POST or None,
        request.FILES or None,
        shown=to_sign(row, parts, acting, too=signing_too(acting, row)),
        today=today,
        first=row.case.opened_on,
        represented_by=represented_by,
        age=age,
        initial={"agreed_on": today, "how": PlanSignature.How.PAPER, "signers": [*signers_of(who), "manager"]},
    )
    if request.method == "POST" and form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        with transaction.atomic():
            plans.agree(
                plan=row,
                on=data["agreed_on"],
                how=data["how"],
                signers=form.pairs(),
                cautions=[finding.code for finding in form.wrong],
                by=acting,
                now=now,
            )
            keep_what_proves(form, row, by=acting, now=now)
            if data.get("dissent"):
                representations.dissent(
                    person=row.case.person,
                    own_words=data["dissent"],
                    power=Power.PERSONAL_PLAN,
                    on=data["agreed_on"],
                    by=acting,
                    now=now,
                )
                messages.info(request, _("Il dissenso è scritto: resta da informare il giudice tutelare."))
        messages.success(request, _("Progetto firmato: da oggi è quello che vale."))
        return redirect("person", row.subject_id)
    context = {
        "plan": row,
        "person": row.case.person,
        "form": form,
        "represented_by": represented_by,
        "by_law": by_law,
        **parts,
    }
    return render(request, "people/plan_agree.html", context)


def signers_of(who):
    """The boxes of the form for the signers of the law."""
    boxes = [PlanSignature.Signer.PERSON] if signing.PERSON in who else []
    return boxes + ([PlanSignature.Signer.REPRESENTATIVE] if set(who) - {signing.PERSON} else [])


@for_kinds(*MANAGERS, Kind.PERSON)
def plan(request, plan):
    """The plan in plain words on one page, to read together and to print."""
    row = plan_or_404(request, plan)
    versions = PersonalPlan.objects.within(request.acting).of(row.subject_id).filter(case=row.case_id)
    context = {
        "plan": row,
        "person": row.case.person,
        "signing_too": [] if row.agreed_on else signing_too(request.acting, row),
        "versions": versions.order_by("-version"),
        "may_write": request.acting.kind in MANAGERS and row.case.closed_on is None and row.superseded_at is None,
        "may_prove": request.acting.kind in MANAGERS and row.agreed_on is not None,
        "proofs": evidence_of(row, request.acting),
        "unsigned": [] if row.agreed_on else plan_signed(signed=False, on=timezone.localdate()),
        **parts_of(row, request.acting),
    }
    return render(request, "people/plan.html", context)


def signing_too(acting, plan):
    """Who must sign the plan besides the person, by a decree or because they are a minor: a line each on paper."""
    today = timezone.localdate()
    rows = standing_of(acting, plan.subject_id, today)
    age = age_of(acting, plan.subject_id, today)
    who, _findings = representations.signers(representations=rows, power=Power.PERSONAL_PLAN, on=today, age=age)
    return rows if set(who) - {signing.PERSON} else []


@for_kinds(*MANAGERS, Kind.PERSON)
@writes
@require_POST
def action_done(request, action):
    """What was to do is done today: said by who keeps the plan, or by the person of their own commitments."""
    rows = PlanAction.objects.within(request.acting).to_do()
    row = get_object_or_404(rows, pk=action)
    try:
        plans.mark_done(action=row, on=timezone.localdate(), by=request.acting, now=timezone.now())
    except plans.NotYours:
        raise Http404 from None
    messages.success(request, _("Fatto: «%(text)s».") % {"text": row.text})
    return back(request, row)


@for_kinds(*MANAGERS, Kind.PERSON)
@writes
@require_POST
def action_reopened(request, action):
    """It was marked done by mistake."""
    rows = PlanAction.objects.within(request.acting).standing().filter(done_on__isnull=False)
    row = get_object_or_404(rows, pk=action)
    try:
        plans.reopen(action=row, by=request.acting, now=timezone.now())
    except plans.NotYours:
        raise Http404 from None
    messages.success(request, _("Di nuovo da fare: «%(text)s».") % {"text": row.text})
    return back(request, row)


def back(request, row):
    """To the day from where the button was pressed, or to the file."""
    if request.POST.get("back") == "my_day":
        return redirect("my_day")
    return redirect("person", row.subject_id)
