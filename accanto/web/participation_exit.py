"""A person leaves a financed operation, comes back into it, and what they do then: the results of the European fund."""

from functools import wraps

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.cases import participation as participations
from accanto.cases import participation_outcome as outcomes
from accanto.cases.participation import Participation
from accanto.cases.participation_outcome import Improvement, Moment, Status
from accanto.traineeships.outcome import TraineeshipOutcome
from accanto.web.law_beside import NearDay
from accanto.web.outcome import RESULTS
from accanto.web.parts.forms import DayField
from accanto.web.people import MANAGERS, past_day


class StatusForm(forms.Form):
    """What the person does at one moment. `first` is the day from which it is asked."""

    status = forms.ChoiceField(label=gettext_lazy("Che cosa fa"), choices=Status.choices, widget=forms.RadioSelect)
    training = forms.BooleanField(label=gettext_lazy("Studia o si forma"), required=False)
    qualification = forms.BooleanField(label=gettext_lazy("Ha ottenuto una qualifica"), required=False)
    improvement = forms.ChoiceField(
        label=gettext_lazy("Lavorava già all’ingresso, e ora sta meglio sul lavoro?"),
        choices=Improvement.choices,
        required=False,
    )
    known_on = NearDay(label=gettext_lazy("Saputo il"))

    def __init__(self, *args, moment, first, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.moment, self.first, self.today = moment, first, today
        if moment == Moment.EXIT:
            del self.fields["improvement"]
        else:
            del self.fields["training"], self.fields["qualification"]

    def clean_known_on(self):
        return past_day(self.cleaned_data["known_on"], today=self.today, first=self.first)

    def clean(self):
        data = super().clean()
        if "improvement" in self.fields and data.get("status") != Status.JOB:
            data["improvement"] = ""
        return data


class ExitForm(StatusForm):
    """The day one leaves, and what is known of that day already: it may be left for later."""

    ends = DayField(label=gettext_lazy("Esce il"))
    field_order = ("ends", "status", "training", "qualification", "known_on")

    def __init__(self, *args, participation, today, **kwargs):
        super().__init__(*args, moment=Moment.EXIT, first=participation.starts, today=today, **kwargs)
        self.participation = participation
        self.fields["status"].required = False
        self.fields["status"].choices = [("", _("non si sa ancora")), *Status.choices]
        self.fields["known_on"].required = False

    def clean_known_on(self):
        day = self.cleaned_data["known_on"]
        return past_day(day, today=self.today, first=self.first) if day else None

    def clean_ends(self):
        ends, last = self.cleaned_data["ends"], self.participation.operation.ends
        ends = past_day(ends, today=self.today, first=self.participation.starts)
        if ends > last:
            raise forms.ValidationError(_("L’operazione finisce il %(day)s.") % {"day": last.strftime("%d/%m/%Y")})
        return ends

    def clean(self):
        data = super().clean()
        if not data.get("status"):
            data["training"] = data["qualification"] = False
        elif not data.get("known_on") and "known_on" not in self.errors:
            data["known_on"] = self.today
        ends, known = data.get("ends"), data.get("known_on")
        if ends and known and data.get("status") and known < ends:
            self.add_error("known_on", _("Si chiede che cosa fa dopo l’uscita: un giorno non prima di quello."))
        return data

    def said(self):
        data = self.cleaned_data
        return {name: data[name] for name in ("status", "training", "qualification", "known_on")}


def of_participation(view):
    """The view of one participation, held until the answer is written. One that another has taken the place of leads to
    the person: so does a second press."""

    @wraps(view)
    def found(request, participation):
        rows = Participation.objects.within(request.acting).select_related("operation", "case__person")
        if request.method == "POST":
            rows = rows.select_for_update(of=("self",))
        row = get_object_or_404(rows, pk=participation)
        if row.superseded_at is None:
            return view(request, row)
        messages.info(request, _("È già stato scritto: la partecipazione è questa."))
        return redirect("person", row.subject_id)

    return found


# the same answer, given of a traineeship of the operation: nobody is asked twice
OF_A_TRAINEESHIP = {
    "job": {"status": Status.JOB},
    "self_employed": {"status": Status.JOB},
    "training": {"status": Status.INACTIVE, "training": True},
    "traineeship": {"status": Status.INACTIVE, "training": True},
    "searching": {"status": Status.SEARCHING},
    "inactive": {"status": Status.INACTIVE},
    "health": {"status": Status.INACTIVE},
    "would_not_say": {"status": Status.WOULD_NOT_SAY},
    "not_reached": {"status": Status.NOT_REACHED},
}


def said_of_a_traineeship(row, acting):
    """What was said at the end of the last traineeship of this operation, in the words of the participation."""
    rows = TraineeshipOutcome.objects.within(acting).of(row.subject_id).standing().filter(moment=Moment.EXIT)
    said = rows.filter(traineeship__operation=row.operation_id).order_by("-traineeship__ends", "-id").first()
    if said is None:
        return {}
    return OF_A_TRAINEESHIP[said.status] | {"qualification": said.qualification, "known_on": said.known_on}


def standing_words(answers):
    return [(moment.label, answers[moment]) for moment in Moment if moment in answers]


def results_of(row, answers):
    """[(code, words)] of what the answers count for."""
    return [(code, RESULTS[code]) for code in outcomes.results(row, answers)]


@for_kinds(*MANAGERS)
@writes
@of_participation
def leave_operation(request, row):
    """The day one leaves, with what one does then where it is known; said again it is a correction."""
    today = timezone.localdate()
    answers = outcomes.of(row, request.acting)
    at_exit = answers.get(Moment.EXIT)
    initial = {"ends": row.ends or min(today, row.operation.ends), "status": ""}
    initial |= {} if at_exit else said_of_a_traineeship(row, request.acting)
    if at_exit:
        names = ("status", "training", "qualification", "known_on")
        initial |= {name: getattr(at_exit, name) for name in names}
    form = ExitForm(request.POST or None, participation=row, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        now, ends = timezone.now(), form.cleaned_data["ends"]
        if ends != row.ends:
            row = participations.leave(row=row, on=ends, by=request.acting, now=now)
        if form.cleaned_data["status"]:
            outcomes.record(participation=row, moment=Moment.EXIT, by=request.acting, now=now, **form.said())
            messages.success(request, _("Uscita registrata."))
        else:
            outcomes.forget(participation=row, moments=[Moment.EXIT], by=request.acting, now=now)
            last = outcomes.last_day_at_exit(ends).strftime("%d/%m/%Y")
            messages.warning(
                request,
                _("Uscita registrata. Manca che cosa fa: conta la situazione fino al %(day)s.") % {"day": last},
            )
        return redirect("person", row.subject_id)
    context = {
        "participation": row,
        "person": row.case.person,
        "form": form,
        "until": outcomes.last_day_at_exit(row.ends) if row.ends else None,
        "days": outcomes.days_at_exit(row.ends or today),
        "answers": standing_words(answers),
        "results": results_of(row, answers),
    }
    return render(request, "people/participation_exit.html", context, status=422 if form.errors else 200)


@for_kinds(*MANAGERS)
@writes
@require_POST
@of_participation
def back_in_operation(request, row):
    """The person enters the same operation again, or the exit was a mistake."""
    if row.ends is None:
        raise Http404
    if row.operation.ends < timezone.localdate():
        messages.warning(request, _("L’operazione è finita: non ci si rientra. Se il giorno è sbagliato, correggilo."))
        return redirect("leave_operation", row.pk)
    participations.come_back(row=row, by=request.acting, now=timezone.now())
    messages.success(
        request, _("Di nuovo dentro: resta l’ingresso del primo giorno, e i risultati si chiedono all’uscita.")
    )
    return redirect("person", row.subject_id)


@for_kinds(*MANAGERS)
@writes
@of_participation
def after_operation(request, row):
    """What somebody does six months after they left."""
    today = timezone.localdate()
    if row.ends is None:
        raise Http404
    answers = outcomes.of(row, request.acting)
    later, first = answers.get(Moment.SIX_MONTHS), outcomes.asked_from(row.ends, Moment.SIX_MONTHS)
    initial = {"known_on": today}
    if later:
        initial = {name: getattr(later, name) for name in ("status", "improvement", "known_on")}
    form = StatusForm(request.POST or None, moment=Moment.SIX_MONTHS, first=first, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        outcomes.record(
            participation=row, moment=Moment.SIX_MONTHS, by=request.acting, now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Risposta registrata."))
        return redirect("person", row.subject_id)
    context = {
        "participation": row,
        "person": row.case.person,
        "form": None if first > today else form,
        "first": first,
        "answers": standing_words(answers),
        "results": results_of(row, answers),
        "six_months": True,
    }
    return render(request, "people/participation_exit.html", context, status=422 if form.errors else 200)
