"""Getting a plan, an agreement or an attestation ready to be signed by all: the document, and who signs it."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.norms.functional_words import revealing
from accanto.people.registry import Registry
from accanto.traineeships import attestation as attestations
from accanto.traineeships import signing
from accanto.traineeships.allowance import AllowanceTerms
from accanto.traineeships.attestation import AttestationPaper
from accanto.traineeships.traineeship import State
from accanto.traineeships.traineeship_plan import TraineeshipPlan
from accanto.web import signing_papers
from accanto.web.attestation import attestation_or_404
from accanto.web.frame import STARTERS
from accanto.web.law_beside import NearDay, told_to_who_follows
from accanto.web.signatories_form import NeutralSignatoriesForm, SignatoriesForm, of_attestation, of_bodies, of_person
from accanto.web.signing import send_link
from accanto.web.traineeship import visible


class AgreementFacts(forms.Form):
    valid_from = NearDay(label=gettext_lazy("Vale dal"))
    valid_to = NearDay(label=gettext_lazy("Vale fino al"), required=False)
    places = forms.IntegerField(label=gettext_lazy("Posti"), required=False, min_value=1, max_value=1000)
    reference = forms.CharField(label=gettext_lazy("Protocollo"), max_length=80, required=False)

    def clean(self):
        data = super().clean()
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("La convenzione finirebbe prima di cominciare: correggi una delle due date."))
        return data


def plan_of(row):
    return TraineeshipPlan.objects.filter(traineeship=row).select_related("body_in_charge").first()


@for_kinds(*STARTERS)
@writes
def prepare_plan(request, traineeship):
    """The plan as a document, and who signs it."""
    row, acting, now = visible(request, traineeship), request.acting, timezone.now()
    plan = plan_of(row)
    if row.state != State.DRAFT or plan is None:
        raise Http404
    today = timezone.localdate(now)
    person, findings = of_person(row, acting=acting, today=today)
    form = SignatoriesForm(
        request.POST or None,
        places=[*of_bodies(row, body_in_charge=plan.body_in_charge, acting=acting), *person],
        today=today,
    )
    wrong = what_stops(row, plan)
    if request.method == "POST" and form.is_valid() and not wrong:
        signatories = form.signatories()
        terms = AllowanceTerms.objects.within(acting).filter(traineeship=row).first()
        registry = Registry.objects.within(acting).of(row.subject_id).first()
        document, annex = signing_papers.made_plan(row, plan, terms, registry, signatories, acting=acting, moment=now)
        with transaction.atomic():
            one = signing.begin(
                traineeship=row,
                title="Progetto di tirocinio",
                document=document,
                annex=annex,
                signatories=signatories,
                by=acting,
                now=now,
            )
        return ready(request, one, send=form.cleaned_data["send"])
    return prepare_page(request, row, form, wrong=wrong, findings=findings)


@for_kinds(*STARTERS)
@writes
def prepare_agreement(request, traineeship):
    """The agreement the traineeship will stand on, where there is none yet."""
    row, acting, now = visible(request, traineeship), request.acting, timezone.now()
    plan = plan_of(row)
    if row.agreement_id or row.state not in (State.DRAFT, State.PLAN_SIGNED) or plan is None:
        raise Http404
    posted = request.POST or None
    facts = AgreementFacts(posted, initial={"valid_from": row.starts})
    places = of_bodies(row, body_in_charge=plan.body_in_charge, acting=acting)
    form = SignatoriesForm(posted, places=places, today=timezone.localdate(now))
    wrong = [] if row.promoter_id and plan.body_in_charge_id else [lacks_bodies()]
    if request.method == "POST" and facts.is_valid() & form.is_valid() and not wrong:
        signatories = form.signatories()
        if again := signing.open_agreement(row, by=acting):
            messages.info(request, _("La convenzione con questo ospitante è già alla firma: è questa."))
            return redirect("signature_round", again.round_id)
        with transaction.atomic():
            agreement = signing.draft_agreement(
                traineeship=row, body_in_charge=plan.body_in_charge, by=acting, now=now, **facts.cleaned_data
            )
            document = signing_papers.made_agreement(agreement, signatories, acting=acting, zone=row.zone, moment=now)
            one = signing.begin(
                agreement=agreement,
                title="Convenzione di tirocinio",
                document=document,
                signatories=signatories,
                by=acting,
                now=now,
            )
        return ready(request, one, send=form.cleaned_data["send"])
    return prepare_page(request, row, form, wrong=wrong, facts=facts)


def lacks_bodies():
    return _("Nel progetto mancano il promotore o l’ente in carico: completalo prima.")


def what_stops(row, plan):
    """What must be mended before anybody is asked to sign: who are the parties, and words the host would read."""
    found = [] if row.promoter_id and plan.body_in_charge_id else [lacks_bodies()]
    words = revealing(" ".join([plan.training_goals, plan.activities, row.accommodations, row.seat]))
    if words:
        found.append(
            _(
                "«%(words)s»: gli obiettivi formativi, le attività e gli accorgimenti li legge anche l’ospitante, che "
                "non deve poter capire il perché. Correggi il progetto, poi fallo firmare."
            )
            % {"words": ", ".join(words)}
        )
    return found


@for_kinds(*STARTERS)
@writes
def prepare_attestation(request, attestation):
    """The attestation that was issued, to the byte, and who signs it: who attests, and the host where it does too."""
    one, acting, now = attestation_or_404(request, attestation), request.acting, timezone.now()
    row = one.traineeship
    if one.superseded_at or one.handed_on:
        raise Http404
    again = attestations.being_signed(one)
    done = again if again and again.round.completed_at else None
    done = done or signing.of(attestation=one).within(acting).exclude(registered_at=None).first()
    if done:
        messages.info(request, _("È già firmata da tutti."))
        return redirect("signature_round", done.round_id)
    form = NeutralSignatoriesForm(
        request.POST or None, places=of_attestation(row, acting=acting), today=timezone.localdate(now)
    )
    if request.method == "POST" and form.is_valid():
        paper = AttestationPaper.objects.within(acting).get(attestation=one, part=AttestationPaper.Part.DOCUMENT)
        with transaction.atomic():
            made = signing.begin(
                attestation=one,
                title=f"Attestazione n. {one.protocol}",
                document=bytes(paper.data),
                signatories=form.signatories(),
                by=acting,
                now=now,
            )
        return ready(request, made, send=form.cleaned_data["send"])
    return prepare_page(request, row, form, attestation=one, again=again, wrong=[])


def prepare_page(request, row, form, *, wrong, facts=None, findings=(), attestation=None, again=None):
    context = {
        "traineeship": row,
        "attestation": attestation,
        "again": again,
        "form": form,
        "facts": facts,
        "wrong": wrong,
        "found": told_to_who_follows(findings, case_id=row.case_id),
        "back": reverse("attestation" if attestation else "traineeship", args=[row.pk]),
    }
    refused = request.method == "POST"
    return render(request, "traineeships/prepare_signing.html", context, status=422 if refused else 200)


def ready(request, one, *, send):
    sent = failed = 0
    if send:
        for signatory in one.round.signatories.exclude(email="").order_by("id"):
            failure = send_link(request, signatory)
            sent, failed = sent + (not failure), failed + bool(failure)
    messages.success(request, _("Documento pronto per la firma. Collegamenti mandati: %(sent)s.") % {"sent": sent})
    if failed:
        messages.warning(request, _("Messaggi non partiti: %(failed)s. Si possono rimandare.") % {"failed": failed})
    return redirect("signature_round", one.round_id)
