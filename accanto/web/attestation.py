"""The attestation of one traineeship: what lacks, how it will look, the one issued, its delivery to the person; and the
individual dossier."""

from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.documents.file_type import EXTENSIONS, FileType
from accanto.documents.signature_round import Signatory
from accanto.norms.findings import Severity
from accanto.people.registry import Registry
from accanto.traineeships import attestation as attestations
from accanto.traineeships import ending as endings
from accanto.traineeships import signing
from accanto.traineeships.attestation import Attestation, AttestationPaper
from accanto.traineeships.evaluation import Evaluation, EvaluationAnswer, GoalJudgement
from accanto.traineeships.extension import Extension
from accanto.traineeships.seat import Seat
from accanto.traineeships.signing import Signing
from accanto.traineeships.traineeship import ENDED
from accanto.traineeships.traineeship_plan import TraineeshipPlan
from accanto.traineeships.visit import Visit
from accanto.web import ending_papers, pdf
from accanto.web.document import SEALED, UploadedFile
from accanto.web.frame import STARTERS, WORKERS
from accanto.web.law_beside import NearDay, long_text, no_reason
from accanto.web.people import past_day
from accanto.web.traineeship import visible

READERS = (*WORKERS, Kind.THIRD_SECTOR_TUTOR, Kind.PERSON)
ISSUERS = (*STARTERS, Kind.THIRD_SECTOR_TUTOR)
WORDINGS = {
    "superseded": gettext_lazy("Intanto qualcuno l’ha sostituita: guarda quella nuova."),
    "handed": gettext_lazy("Era già consegnata."),
    "signing": gettext_lazy("È alla firma: prima si finisce la raccolta, si registra, o si annulla."),
}


def may_issue(row, acting):
    """The offices of the zone; the tutor whose body promotes this traineeship."""
    if acting.kind in STARTERS:
        return True
    return acting.kind == Kind.THIRD_SECTOR_TUTOR and row.promoter_id == (acting.role.organisation_id or 0)


class IssueForm(forms.Form):
    activities = long_text(
        gettext_lazy("Che cosa ha fatto"),
        required=True,
        validators=[no_reason],
        help_text=gettext_lazy("Lo leggerà chi assume: compiti, strumenti, con chi. Mai perché faceva il tirocinio."),
    )
    wording = forms.ChoiceField(
        label=gettext_lazy("Come è scritta"),
        choices=Attestation.Wording.choices,
        initial=Attestation.Wording.NEUTRAL,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("La sceglie la persona: chiedile. Le parole «inclusione sociale» dicono già qualcosa."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Perché si rifà"),
        max_length=300,
        help_text=gettext_lazy("Quella di prima resta, segnata come sostituita."),
        error_messages={"required": gettext_lazy("Scrivi perché si rifà: quella di prima resta, con il motivo.")},
    )
    handed_on = NearDay(
        label=gettext_lazy("Consegnata alla persona il"),
        required=False,
        help_text=gettext_lazy("Vuoto se va ancora firmata: la consegna si registra dopo, con la copia firmata."),
    )

    def __init__(self, *args, ending, standing, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.ending, self.today = ending, today
        if standing is None:
            del self.fields["reason"]

    def clean_handed_on(self):
        on = self.cleaned_data["handed_on"]
        return past_day(on, today=self.today, first=self.ending.traineeship.ends) if on else None

    def clean(self):
        """What stands in a skill is read by employers as much as the rest."""
        data = self.cleaned_data
        words = ending_papers.telling_words(self.ending.skills)
        if words:
            self.add_error(
                None,
                _("Nelle competenze «%(words)s» fa capire il perché: correggi la competenza, poi torna qui.")
                % {"words": ", ".join(words)},
            )
        return data


def default_activities(row, standing):
    if standing:
        return standing.activities
    plan = TraineeshipPlan.objects.filter(traineeship=row).only("subject", "zone", "activities").first()
    return plan.activities if plan else ""


def what_is_known(request, row, *, today):
    ending = endings.of([row], acting=request.acting, today=today)[row.pk]
    rows = Attestation.objects.within(request.acting).of(row.subject_id).filter(traineeship=row)
    rows = list(attestations.in_order(rows.select_related("issued_by", "instead_of")))
    return ending, rows, next((one for one in rows if one.superseded_at is None), None)


def form_of(request, row, ending, standing, today):
    return IssueForm(
        request.POST if request.method == "POST" else None,
        ending=ending,
        standing=standing,
        today=today,
        initial={
            "activities": default_activities(row, standing),
            "wording": standing.wording if standing else Attestation.Wording.NEUTRAL,
        },
    )


def live_signings(rows, acting):
    """{attestation id: Signing}: the round of each that is open, that all have signed, or that was registered, with
    `is_open` and `lacking`. As many queries however many they are."""
    signatories = Prefetch("round__signatories", Signatory.objects.select_related("signature").order_by("id"))
    found = Signing.objects.within(acting).filter(
        attestation__in=[row.pk for row in rows], subject__in={row.subject_id for row in rows}, round__voided_at=None
    )
    found = found.select_related("round").with_mark_now().order_by("id")
    if acting.kind in STARTERS:  # the names are for who collects the signatures
        found = found.prefetch_related(signatories)
    live = {one.attestation_id: one for one in found if one.registered_at or one.mark == one.mark_now}
    for one in live.values():
        one.is_open = one.round.state == "open"
        one.lacking = []
        if one.is_open and acting.kind in STARTERS:
            one.lacking = [party.label for party in signing.parties_missing(one.round.signatories.all())]
    return live


@for_kinds(*READERS)
@writes
def attestation(request, traineeship):
    """What lacks and the form for who issues it; for the person and the others, the ones issued."""
    now = timezone.now()
    today, acting = timezone.localdate(now), request.acting
    row = visible(request, traineeship)
    ending, rows, standing = what_is_known(request, row, today=today)
    issuing = may_issue(row, acting)
    form = form_of(request, row, ending, standing, today) if issuing and row.state in ENDED else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if standing and "reason" not in request.POST:  # the form was of before it was issued: pressed twice
            messages.info(request, _("È già emessa: è quella qui sotto."))
            return redirect("attestation", row.pk)
        if form.is_valid():
            try:
                with transaction.atomic():
                    made = issue_one(ending, standing=standing, acting=acting, now=now, **form.cleaned_data)
            except IntegrityError:
                messages.info(request, _("Qualcuno l’ha appena emessa: è quella qui sotto."))
            else:
                messages.success(request, _("Attestazione n. %(number)s emessa.") % {"number": made.protocol})
            return redirect("attestation", row.pk)
    activities = form["activities"].value() or "" if form else default_activities(row, standing)
    papers = {}
    kept = AttestationPaper.objects.within(acting).of(row.subject_id).filter(attestation__traineeship=row)
    for paper in kept.defer("data").order_by("id"):
        papers.setdefault(paper.attestation_id, []).append(paper)
    signings = live_signings(rows, acting) if rows else {}
    found = ending.findings(on=today, activities=activities) if issuing else []
    context = {
        "traineeship": row,
        "ending": ending,
        "lines": [(one, papers.get(one.pk, []), signings.get(one.pk)) for one in rows],
        "to_hand": standing if standing and issuing and not standing.handed_on else None,
        "signing": signings.get(standing.pk) if standing else None,
        "standing": standing,
        "found": [one for one in found if one.severity is not Severity.PASS],
        "form": form,
        "is_over": row.state in ENDED,
        "issuing": issuing,
        "in_office": acting.kind in STARTERS,
        "is_own": acting.kind == Kind.PERSON,
        "body_tells": issuing and ending_papers.body_tells(row),
    }
    return render(request, "traineeships/attestation.html", context, status=422 if form and form.errors else 200)


def issue_one(ending, *, standing, acting, now, activities, wording, reason="", handed_on=None):
    """The number, the document that bears it, the row; and the delivery, where the person has it already."""
    row, year = ending.traineeship, timezone.localdate(now).year
    number = attestations.numbers(zone_id=row.zone_id, year=year)[0]
    document = ending_papers.made_attestation(
        ending,
        protocol=f"{number}/{year}",
        wording=wording,
        activities=activities,
        registry=Registry.objects.within(acting).of(row.subject_id).first(),
        seats=Seat.objects.filter(host=row.host_id).with_place().order_by("id"),
        instead_of=standing.protocol if standing else "",
        acting=acting,
        moment=now,
    )
    made = attestations.issue(
        traineeship=row,
        number=number,
        document=document,
        wording=wording,
        activities=activities,
        hours=ending.hours,
        skills=len(ending.skills),
        instead_of=standing,
        reason=reason,
        by=acting,
        now=now,
    )
    if handed_on:
        attestations.hand_over(attestation=made, on=handed_on, by=acting, now=now)
    return made


@for_kinds(*ISSUERS)
@require_POST
def attestation_preview(request, traineeship):
    """How it would look, with what is typed now. Nothing is written, and the paper says so."""
    now = timezone.now()
    row = visible(request, traineeship)
    if not may_issue(row, request.acting):
        raise Http404
    ending, _rows, standing = what_is_known(request, row, today=timezone.localdate(now))
    wording = request.POST.get("wording", "")
    made = ending_papers.made_attestation(
        ending,
        protocol="",
        wording=wording if wording in Attestation.Wording.values else Attestation.Wording.NEUTRAL,
        activities=request.POST.get("activities", "")[:4000].strip(),
        registry=Registry.objects.within(request.acting).of(row.subject_id).first(),
        seats=Seat.objects.filter(host=row.host_id).with_place().order_by("id"),
        instead_of=standing.protocol if standing else "",
        acting=request.acting,
        moment=now,
    )
    return pdf.shown(made, "anteprima-attestazione")


@for_kinds(*READERS)
def attestation_paper(request, attestation_paper):
    """The bytes: of the attestation, or of the signed copy that came back."""
    row = get_object_or_404(AttestationPaper.objects.within(request.acting), pk=attestation_paper)
    if row.part == AttestationPaper.Part.DOCUMENT:
        return pdf.shown(bytes(row.data), f"attestazione-{row.attestation_id}")
    answer = HttpResponse(bytes(row.data), content_type=row.media_type)
    name = f"attestazione-firmata-{row.pk}.{EXTENSIONS[FileType(row.media_type)]}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Security-Policy"] = SEALED
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


class HandOverForm(forms.Form):
    on = NearDay(label=gettext_lazy("Consegnata il"))
    file = UploadedFile(label=gettext_lazy("Copia firmata"), required=False)

    def __init__(self, *args, first, today, **kwargs):
        super().__init__(*args, initial={"on": today}, **kwargs)
        self.first, self.today = first, today

    def clean_on(self):
        return past_day(self.cleaned_data["on"], today=self.today, first=self.first)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Che cosa c’è di sbagliato"),
        max_length=300,
        error_messages={"required": gettext_lazy("Scrivi perché: l’attestazione resta, segnata come ritirata.")},
    )


def attestation_or_404(request, attestation):
    rows = Attestation.objects.within(request.acting).select_related("traineeship")
    row = get_object_or_404(rows, pk=attestation)
    row.traineeship = visible(request, row.traineeship_id)
    if not may_issue(row.traineeship, request.acting):
        raise Http404
    return row


def small_form(request, row, form, *, title, lead, label):
    context = {
        "traineeship": row.traineeship,
        "step": SimpleNamespace(title=title, lead=lead, label=label),
        "form": form,
        "found": [],
        "back": reverse("attestation", args=[row.traineeship_id]),
        "can_check": False,
    }
    return render(request, "traineeships/step.html", context, status=422 if form.errors else 200)


@for_kinds(*ISSUERS)
@writes
def hand_attestation(request, attestation):
    """The person has it: from here on the traineeship is attested."""
    row = attestation_or_404(request, attestation)
    now = timezone.now()
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = HandOverForm(*posted, first=timezone.localdate(row.issued_at), today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        try:
            attestations.hand_over(attestation=row, **form.cleaned_data, by=request.acting, now=now)
        except attestations.NotToday as told:
            messages.info(request, WORDINGS[str(told)])
        else:
            messages.success(request, _("Consegna registrata: il tirocinio è attestato."))
        return redirect("attestation", row.traineeship_id)
    return small_form(
        request, row, form, title=_("Consegna dell’attestazione n. %(number)s") % {"number": row.protocol},
        lead=_("Se è firmata a mano, conserva qui la copia firmata; quella firmata con il codice c’è già."),
        label=_("Registra la consegna"),
    )  # fmt: skip


@for_kinds(*STARTERS)
@writes
def withdraw_attestation(request, attestation):
    """It is wrong, and nothing takes its place yet."""
    row = attestation_or_404(request, attestation)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            attestations.withdraw(attestation=row, **form.cleaned_data, by=request.acting, now=timezone.now())
        except attestations.NotToday as told:
            messages.info(request, WORDINGS[str(told)])
        else:
            messages.success(request, _("Attestazione ritirata: il tirocinio aspetta di nuovo la sua."))
        return redirect("attestation", row.traineeship_id)
    return small_form(
        request, row, form, title=_("Ritiro dell’attestazione n. %(number)s") % {"number": row.protocol},
        lead=_("Resta nell’elenco, con il motivo; quella giusta si emette dopo, con un numero suo."), label=_("Ritira"),
    )  # fmt: skip


@for_kinds(*READERS)
def dossier_document(request, traineeship):
    """All that is written of a traineeship, but why: for the person and for who works with them."""
    acting, now = request.acting, timezone.now()
    row = visible(request, traineeship)
    of = {"traineeship": row}

    def rows(model):
        return model.objects.within(acting).of(row.subject_id).filter(**of)

    data = ending_papers.dossier_data(
        endings.of([row], acting=acting, today=timezone.localdate(now))[row.pk],
        plan=rows(TraineeshipPlan).first() if acting.may(Degree.TRAINEESHIP_PLAN) else None,
        passages=list(row.passages.order_by("on", "id")),
        extensions=list(rows(Extension).order_by("recorded_at", "id")),
        visits=list(rows(Visit).standing().select_related("visitor").order_by("day", "id")),
        answers=list(rows(EvaluationAnswer).standing().order_by("id")),
        evaluations=list(rows(Evaluation).standing().order_by("id")),
        judgements=list(rows(GoalJudgement).standing().order_by("id")),
        seats=Seat.objects.filter(host=row.host_id).with_place().order_by("id"),
    )
    made = pdf.made("dossier", data, acting=acting, zone=row.zone, moment=now)
    return pdf.shown(made, "dossier-individuale")
