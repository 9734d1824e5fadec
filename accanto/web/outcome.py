"""What somebody does after a traineeship: written by who follows them, or by themselves in their own page."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.cases.follow_up import CaseFollowUp
from accanto.cases.participation import Participation
from accanto.traineeships import outcome as outcomes
from accanto.traineeships.outcome import Moment, TraineeshipOutcome
from accanto.traineeships.traineeship import ENDED, Traineeship
from accanto.web.frame import STARTERS
from accanto.web.law_beside import NearDay
from accanto.web.parts.forms import HoursField
from accanto.web.parts.numbers import day as shown_day
from accanto.web.people import past_day

MOMENTS = {"exit": Moment.EXIT, "six-months": Moment.SIX_MONTHS}
SLUGS = {moment: slug for slug, moment in MOMENTS.items()}
Status, Contract, Source = TraineeshipOutcome.Status, TraineeshipOutcome.Contract, TraineeshipOutcome.Source
NO_CONTRACT = ("", gettext_lazy("non lavora alle dipendenze"))
# what the answers are in the figures of the European fund (Annex I to Regulation (EU) 2021/1057)
RESULTS = {
    "EECR01": gettext_lazy("entro quattro settimane cerca lavoro, e prima non lo cercava"),
    "EECR02": gettext_lazy("entro quattro settimane studia o si forma"),
    "EECR03": gettext_lazy("entro quattro settimane ha ottenuto una qualifica"),
    "EECR04": gettext_lazy("entro quattro settimane lavora, anche in proprio"),
    "EECR05": gettext_lazy("dopo sei mesi lavora, anche in proprio"),
    "EECR06": gettext_lazy("dopo sei mesi sta meglio sul lavoro che aveva"),
}
# asked of the person themselves, in the second person
OWN_WORDS = {
    Status.JOB: gettext_lazy("Lavoro per qualcuno"),
    Status.SELF_EMPLOYED: gettext_lazy("Lavoro in proprio"),
    Status.TRAINING: gettext_lazy("Studio o seguo un corso"),
    Status.TRAINEESHIP: gettext_lazy("Faccio un altro tirocinio"),
    Status.SEARCHING: gettext_lazy("Cerco lavoro"),
    Status.INACTIVE: gettext_lazy("Adesso non lavoro e non cerco"),
    Status.HEALTH: gettext_lazy("Mi sono fermata o fermato per la salute"),
    Status.WOULD_NOT_SAY: gettext_lazy("Preferisco non rispondere"),
}
BY_OTHERS = [source for source in Source if source != Source.OWN_PAGE]


class OutcomeForm(forms.Form):
    status = forms.ChoiceField(label=gettext_lazy("Che cosa fa"), choices=Status.choices, widget=forms.RadioSelect)
    contract = forms.ChoiceField(
        label=gettext_lazy("Se lavora alle dipendenze: contratto"),
        choices=[NO_CONTRACT, *Contract.choices],
        required=False,
    )
    weekly_hours = HoursField(
        label=gettext_lazy("Ore la settimana"),
        required=False,
        max_value=80,
        max_digits=4,
        decimal_places=1,
        error_messages={"max_value": gettext_lazy("Scrivi le ore di una settimana, per esempio 20.")},
    )
    with_host = forms.BooleanField(label=gettext_lazy("L’ha assunta chi l’ha ospitata"), required=False)
    qualification = forms.BooleanField(label=gettext_lazy("Ha ottenuto una qualifica"), required=False)
    improved = forms.BooleanField(label=gettext_lazy("Lavorava già, e ora sta meglio sul lavoro"), required=False)
    source = forms.ChoiceField(
        label=gettext_lazy("Da dove si sa"),
        choices=[(source.value, source.label) for source in BY_OTHERS],
        widget=forms.RadioSelect,
    )
    known_on = NearDay(label=gettext_lazy("Saputo il"))

    def __init__(self, *args, moment, first, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.first, self.today = first, today
        del self.fields["improved" if moment == Moment.EXIT else "qualification"]

    def clean_known_on(self):
        return past_day(self.cleaned_data["known_on"], today=self.today, first=self.first)

    def clean_weekly_hours(self):
        hours = self.cleaned_data["weekly_hours"]
        if hours is not None and not 0 < hours <= 80:
            raise forms.ValidationError(_("Scrivi le ore di una settimana, per esempio 20."))
        return hours

    def clean(self):
        data = self.cleaned_data
        status = data.get("status")
        if status == Status.JOB:
            if not data.get("contract") and "contract" not in self.errors:
                self.add_error("contract", _("Scegli il contratto; se non si sa, «un altro contratto, o non si sa»."))
        else:
            data["contract"], data["with_host"] = "", False
        if status not in outcomes.WORKING:
            data["weekly_hours"] = None
            data["improved"] = False
        return data


class OwnForm(forms.Form):
    status = forms.ChoiceField(
        label=gettext_lazy("Che cosa fai adesso?"), choices=list(OWN_WORDS.items()), widget=forms.RadioSelect
    )
    contract = forms.ChoiceField(
        label=gettext_lazy("Se lavori per qualcuno: che contratto hai?"),
        choices=[("", gettext_lazy("non lavoro per qualcuno, o non so")), *Contract.choices],
        required=False,
    )

    def clean(self):
        data = self.cleaned_data
        if data.get("status") == Status.JOB:
            data["contract"] = data.get("contract") or Contract.OTHER
        else:
            data["contract"] = ""
        return data


@for_kinds(*STARTERS, Kind.PERSON)
@writes
def traineeship_outcome(request, traineeship, when):
    """One question, asked once: it serves the results of the fund and the closed case too."""
    if when not in MOMENTS:
        raise Http404
    which, today = MOMENTS[when], timezone.localdate()
    rows = Traineeship.objects.within(request.acting).with_person().select_related("case", "subject__person", "host")
    row = get_object_or_404(rows, pk=traineeship)
    if row.state not in ENDED:
        messages.info(request, _("Si chiede quando il tirocinio è finito."))
        return redirect("traineeship", row.pk)
    first = outcomes.asked_from(row, which)
    if first > today:
        messages.info(request, _("Si chiede dal %(day)s.") % {"day": shown_day(first)})
        return redirect("traineeship", row.pk)
    if request.acting.kind == Kind.PERSON:
        return own_answer(request, row, which)
    standing = outcomes.standing(row, which)
    of_the_case = case_answer(row, which, request.acting)
    form = OutcomeForm(
        request.POST if request.method == "POST" else None,
        moment=which,
        first=first,
        today=today,
        initial=initial_of(standing, of_the_case, first, today),
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                outcomes.record(
                    traineeship=row, moment=which, by=request.acting, now=timezone.now(), **form.cleaned_data
                )
        except IntegrityError:
            messages.info(request, _("Qualcuno l’ha appena registrato."))
        else:
            messages.success(request, _("Esito registrato."))
        return redirect("traineeship", row.pk)
    context = {
        "traineeship": row,
        "title": title_of(which),
        "form": form,
        "standing": standing,
        "of_the_case": of_the_case,
        "at_exit": which == Moment.EXIT,
        "until": outcomes.asked_by(row, which),
        "late": outcomes.asked_by(row, which) < today,
        "results": results_of(row, request.acting),
        "former": former_of(row, which, request.acting),
        "back": reverse("traineeship", args=[row.pk]),
    }
    return render(request, "traineeships/outcome.html", context, status=422 if form.errors else 200)


def own_answer(request, row, moment):
    standing = outcomes.standing(row, moment)
    form = OwnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and standing is None and form.is_valid():
        if outcomes.answer_own(
            traineeship=row, moment=moment, **form.cleaned_data, by=request.acting, now=timezone.now()
        ):
            messages.success(request, _("Grazie: l’abbiamo scritto. Se cambia qualcosa, dillo a chi ti segue."))
        else:
            messages.info(request, _("Qualcuno l’aveva appena scritto: se non è giusto, dillo a chi ti segue."))
        return redirect("traineeship", row.pk)
    context = {"traineeship": row, "form": form, "standing": standing, "back": reverse("traineeship", args=[row.pk])}
    return render(request, "traineeships/own_outcome.html", context, status=422 if form.errors else 200)


def title_of(moment):
    return _("Che cosa fa alla fine del tirocinio") if moment == Moment.EXIT else _("Che cosa fa sei mesi dopo")


def case_answer(row, moment, acting):
    """What was already answered for the closed case: proposed here, and not asked twice."""
    if moment != Moment.SIX_MONTHS:
        return None
    return CaseFollowUp.objects.within(acting).of(row.subject_id).standing().filter(case=row.case_id).first()


def initial_of(standing, of_the_case, first, today):
    if standing:
        names = ("status", "contract", "weekly_hours", "with_host", "qualification", "improved", "source", "known_on")
        found = {name: getattr(standing, name) for name in names}
        if standing.source == Source.OWN_PAGE:
            found["source"] = Source.IN_PERSON
        return found
    if of_the_case and of_the_case.outcome in outcomes.FROM_THE_CASE and of_the_case.day >= first:
        return {
            "status": outcomes.FROM_THE_CASE[of_the_case.outcome],
            "source": Source.CASE,
            "known_on": of_the_case.day,
        }
    return {"source": Source.PHONE, "known_on": today}


def former_of(row, moment, acting):
    rows = TraineeshipOutcome.objects.within(acting).of(row.subject_id).filter(traineeship=row, moment=moment)
    return list(rows.exclude(superseded_at=None).select_related("recorded_by").order_by("-recorded_at", "-id"))


def results_of(row, acting):
    """What the answers of this traineeship count for in the operations the person takes part in: (operation, words)."""
    said = list(
        TraineeshipOutcome.objects.within(acting).of(row.subject_id).standing().filter(traineeship=row).order_by("id")
    )
    if not said:
        return []
    parts = Participation.objects.within(acting).of(row.subject_id).standing().select_related("operation")
    found = []
    for part in parts.filter(starts__lte=row.ends, entry__has_key="employment_status").order_by("starts", "id"):
        codes = outcomes.results(
            status_at_entry=part.entry["employment_status"],
            left_on=max(row.ends, outcomes.BEGINS),
            outcomes=said,
        )
        if codes:
            found.append((part.operation, [(code, RESULTS[code]) for code in codes]))
    return found


def lines_of(row, acting, today):
    """For the page of the traineeship: (title, what is known or when it is asked, address or nothing, late)."""
    if row.state not in ENDED:
        return []
    known = {
        one.moment: one
        for one in TraineeshipOutcome.objects.within(acting).of(row.subject_id).standing().filter(traineeship=row)
    }
    found = []
    for moment in Moment:
        first, one = outcomes.asked_from(row, moment), known.get(moment)
        if one:
            text = _("%(what)s (%(source)s, %(day)s)") % {
                "what": capfirst(str(one)), "source": one.get_source_display(), "day": shown_day(one.known_on)
            }  # fmt: skip
        else:
            text = _("da chiedere dal %(day)s") % {"day": shown_day(first)}
        url = reverse("traineeship_outcome", args=[row.pk, SLUGS[moment]]) if first <= today else ""
        found.append((title_of(moment), text, url, one is None and outcomes.asked_by(row, moment) < today))
    return found
