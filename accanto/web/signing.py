"""A round of signatures, of a plan, an agreement or an attestation: who has signed, who is missing, what to do next."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.door import for_kinds, writes
from accanto.cases.plan_evidence import NoSignature, path_of
from accanto.documents import signature_link as links
from accanto.documents import signature_round as rounds
from accanto.documents.file_type import EXTENSIONS, FileType
from accanto.documents.signature_link import SignatureLink
from accanto.documents.signature_round import NotSignable, Signatory, SignaturePaper, SignatureRound
from accanto.norms.findings import Refused
from accanto.traineeships import attestation as attestations
from accanto.traineeships import life, signing
from accanto.traineeships.agreement import Party
from accanto.traineeships.signing import Signing
from accanto.web import ending_papers, pdf, signing_mail, signing_papers
from accanto.web.document import SEALED, UploadedFile
from accanto.web.frame import STARTERS
from accanto.web.law_beside import NearDay, told_to_who_follows
from accanto.web.secret_page import address_of, leaves_nothing
from accanto.web.traineeship import SIGNING_WORDS, standing_of, visible

REFUSALS = {
    "void": gettext_lazy("Questa raccolta di firme è annullata."),
    "complete": gettext_lazy("Hanno già firmato tutti."),
    "already": gettext_lazy("Questa persona ha già firmato."),
    "delegation": gettext_lazy("La delega è finita: prepara di nuovo il documento con quella valida."),
}


def send_link(request, signatory):
    """A new link by e-mail; why it did not leave, or nothing."""
    row, token, _code = links.make(signatory=signatory, by=request.acting, now=timezone.now())
    office = str(request.acting.role.organisation or request.acting.role.zone)
    failure = signing_mail.invite(request, token, to=signatory.email, office=office, expires_at=row.expires_at)
    links.mailed(token, failure=failure)
    return failure


# --- who has signed --------------------------------------------------------------------------------------------------


def signing_or_404(request, collection, *, held=False):
    """The round; `held` while something is done to it: of two presses the second sees what the first has done."""
    rows = Signing.objects.within(request.acting).with_rounds()
    if held:
        rows = rows.select_for_update(of=("self",))
    return get_object_or_404(rows, round_id=collection)


def signatories_of(one):
    rows = Signatory.objects.filter(round=one.round_id).select_related("signature__recorded_by", "signature__paper")
    return list(rows.order_by("id"))


class PaperForm(forms.Form):
    file = UploadedFile(label=gettext_lazy("Il documento firmato"))
    day = NearDay(label=gettext_lazy("Firmato il"))
    who = forms.MultipleChoiceField(label=gettext_lazy("Chi lo ha firmato"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, lacking, today, **kwargs):
        super().__init__(*args, initial={"day": today, "who": [str(one.pk) for one in lacking]}, **kwargs)
        self.today = today
        self.fields["who"].choices = [(str(one.pk), f"{one.name} ({Party(one.party).label})") for one in lacking]
        self.fields["who"].error_messages["required"] = _("Segna chi ha firmato.")

    def clean_day(self):
        if self.cleaned_data["day"] > self.today:
            raise forms.ValidationError(_("Questo giorno non è ancora arrivato."))
        return self.cleaned_data["day"]


@for_kinds(*STARTERS)
@writes
def signature_round(request, collection):
    """The page of one round: document, signatories, what to do about those who are missing."""
    one = signing_or_404(request, collection, held=request.method == "POST")
    signatories = signatories_of(one)
    lacking = rounds.missing(signatories)
    today = timezone.localdate()
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    paper = PaperForm(
        request.POST if asked == "paper" else None,
        request.FILES if asked == "paper" else None,
        lacking=lacking,
        today=today,
    )
    found = []
    if asked == "paper" and paper.is_valid():
        return keep_paper(request, one, lacking, paper.cleaned_data)
    if asked in ACTS:
        answer = ACTS[asked](request, one, lacking)
        if isinstance(answer, HttpResponse):
            return answer
        found = answer
    return render_round(request, one, signatories, paper=paper, found=found, status=422 if asked else 200)


def render_round(request, one, signatories, *, paper, found, status):
    live = {
        link.signatory_id: link for link in SignatureLink.objects.filter(signatory__round=one.round_id, revoked_at=None)
    }
    now, today = timezone.now(), timezone.localdate()
    tone, word = SIGNING_WORDS[standing_of(one)]
    holds = one.round.voided_at is None and signing.holds(one)
    lacking = rounds.missing(signatories)
    context = {
        "signing": one,
        "round": one.round,
        "tone": tone,
        "word": word,
        "is_open": holds and one.round.state == "open",
        "is_complete": holds and one.round.state == "complete",
        "changed": not holds and one.round.void_reason != SignatureRound.Void.WITHDRAWN,
        "lines": [Line(row, live.get(row.pk), now, today) for row in signatories],
        "waiting": [party.label for party in signing.parties_missing(signatories)],
        "lacking": lacking,
        "to_remind": len(reached(lacking)),
        "reminded": any(one.pk in live for one in lacking),
        "papers": list(SignaturePaper.objects.filter(round=one.round_id).defer("data").order_by("id")),
        "paper": paper,
        "found": found,
        "about": one.traineeship,
    }
    return render(request, "traineeships/signature_round.html", context, status=status)


class Line:
    """One signatory on the page."""

    def __init__(self, row, link, now, today):
        self.row, self.party = row, Party(row.party).label
        self.signature = getattr(row, "signature", None)
        self.device = signing_papers.device_words(self.signature.agent) if self.signature else ""
        self.delegation_over = not self.signature and not row.may_sign_on(today)
        self.link, self.link_words = link, ""
        if link and not self.signature:
            if link.is_locked:
                self.link_words = _("collegamento bloccato: cinque codici sbagliati")
            elif link.expires_at <= now:
                self.link_words = _("collegamento scaduto")
            elif link.mail_failure:
                self.link_words = _("messaggio non partito")
            elif link.mailed_at:
                self.link_words = _("collegamento mandato")
            else:
                self.link_words = _("collegamento aperto di persona")


def lacking_one(request, lacking):
    found = next((one for one in lacking if str(one.pk) == request.POST.get("signatory")), None)
    if found is None:
        raise Http404
    return found


def must_be_open(one):
    if one.round.state != "open" or not signing.holds(one):
        raise Http404


def send_again(request, one, lacking):
    must_be_open(one)
    signatory = lacking_one(request, lacking)
    if not signatory.email:
        raise Http404
    if send_link(request, signatory):
        messages.warning(request, _("Il messaggio non è partito: riprova più tardi, o falla firmare di persona."))
    else:
        messages.success(request, _("Collegamento mandato. Quello di prima non vale più."))
    return redirect("signature_round", one.round_id)


def remind(request, one, lacking):
    """All who are missing and have a mailbox, at once."""
    must_be_open(one)
    to_write = reached(lacking)
    failed = sum(bool(send_link(request, signatory)) for signatory in to_write)
    if sent := len(to_write) - failed:
        words = ngettext("Collegamento mandato a %(count)s persona.", "Collegamenti mandati a %(count)s persone.", sent)
        messages.success(request, words % {"count": sent} + " " + _("Quelli di prima non valgono più."))
    if failed:
        messages.warning(request, _("Messaggi non partiti: %(failed)s. Si possono rimandare.") % {"failed": failed})
    return redirect("signature_round", one.round_id)


def reached(lacking):
    """Of those missing, whom a message reaches and who may still sign."""
    return [signatory for signatory in lacking if signatory.email and signatory.may_sign_on(timezone.localdate())]


def revoke_link(request, one, lacking):
    links.revoke(signatory=lacking_one(request, lacking), by=request.acting, now=timezone.now())
    messages.success(request, _("Il collegamento non risponde più."))
    return redirect("signature_round", one.round_id)


def here_with_code(request, one, lacking):
    """Face to face, without e-mail: an address to open on the device the person signs on, and the code said aloud."""
    must_be_open(one)
    signatory = lacking_one(request, lacking)
    _row, token, code = links.make(signatory=signatory, by=request.acting, now=timezone.now(), in_person=True)
    context = {
        "round": one.round,
        "signatory": signatory,
        "url": address_of(request, "sign", token),
        "code": f"{code[:3]} {code[3:]}",
        "minutes": links.CODE_MINUTES,
    }
    return leaves_nothing(render(request, "traineeships/sign_here.html", context))


def cancel(request, one, lacking):
    if one.registered_at:
        raise Http404
    signing.cancel(signing=one, by=request.acting, now=timezone.now())
    messages.success(
        request, _("Raccolta annullata: i collegamenti non firmano più. Puoi preparare il documento nuovo.")
    )
    if one.attestation_id:
        return redirect("attestation", one.traineeship_id)
    if one.traineeship_id:
        return redirect("traineeship", one.traineeship_id)
    return redirect("signature_round", one.round_id)


def register(request, one, lacking):
    """Everybody has signed: from the day of the last signature it is so for the traineeship, or for the agreement."""
    if one.round.state != "complete" or one.registered_at or not signing.holds(one):
        raise Http404
    now = timezone.now()
    on = signing.last_day(one)
    if one.attestation_id:
        return register_attestation(request, one, now=now)
    if one.agreement_id:
        signing.register_agreement(signing=one, by=request.acting, now=now, on=on)
        messages.success(request, _("Convenzione registrata: ora si può collegare ai progetti."))
        return redirect("signature_round", one.round_id)
    try:
        life.sign_plan(
            traineeship=one.traineeship, on=on, signed_by=signing.signed_parties(one), by=request.acting, now=now
        )
    except Refused as refused:
        return told_to_who_follows(refused.findings, case_id=one.traineeship.case_id)
    messages.success(request, _("Progetto firmato: registrato nel tirocinio."))
    return redirect("traineeship", one.traineeship_id)


def register_attestation(request, one, *, now):
    """The copy with the page of the signatures is kept beside the document: the person reads it from now on."""
    attestation, signatories = one.attestation, signatories_of(one)
    attestation.traineeship = visible(request, attestation.traineeship_id)
    paper = SignaturePaper.objects.get(round=one.round_id, part=SignaturePaper.Part.DOCUMENT)
    copy = ending_papers.made_signed_copy(attestation, bytes(paper.data), one.round, signatories, acting=request.acting)
    with transaction.atomic():
        attestations.keep_signed(signing_of_it=one, document=copy, by=request.acting, now=now)
    messages.success(request, _("Attestazione firmata: la copia con le firme è qui sotto. Ora si consegna."))
    return redirect("attestation", attestation.traineeship_id)


ACTS = {
    "send": send_again,
    "remind": remind,
    "revoke": revoke_link,
    "here": here_with_code,
    "cancel": cancel,
    "register": register,
}


def keep_paper(request, one, lacking, said):
    must_be_open(one)
    chosen = [row for row in lacking if str(row.pk) in said["who"]]
    try:
        with transaction.atomic():
            rounds.keep_paper(
                round=one.round,
                file=said["file"],
                signatories=chosen,
                by=request.acting,
                now=timezone.now(),
                day=said["day"],
            )
    except NotSignable as refused:
        messages.warning(request, REFUSALS[str(refused)])
    else:
        messages.success(request, _("Documento firmato registrato, con la sua impronta."))
    return redirect("signature_round", one.round_id)


class DrawForm(forms.Form):
    shown = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    drawn = forms.CharField(max_length=200_000, required=False, widget=forms.HiddenInput)
    read = forms.BooleanField(
        label=gettext_lazy("Ha letto il documento, o qualcuno glielo ha letto, e lo firma"),
        error_messages={"required": gettext_lazy("Prima si legge il documento: poi segna la casella.")},
    )

    def clean_drawn(self):
        try:
            return path_of(self.cleaned_data["drawn"])
        except NoSignature:
            raise forms.ValidationError(_("Manca la firma: si fa nel riquadro, grande.")) from None


@for_kinds(*STARTERS)
@writes
def draw_signature(request, collection, signatory):
    """In presence: the signature drawn on the screen, beside the document that is signed."""
    one = signing_or_404(request, collection)
    must_be_open(one)
    row = next((row for row in rounds.missing(signatories_of(one)) if row.pk == signatory), None)
    if row is None:
        raise Http404
    form = DrawForm(request.POST or None, initial={"shown": one.round.sha256})
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            with transaction.atomic():
                rounds.draw(
                    signatory=row,
                    path=form.cleaned_data["drawn"],
                    by=request.acting,
                    now=now,
                    day=timezone.localdate(now),
                )
        except NotSignable as refused:
            messages.warning(request, REFUSALS[str(refused)])
        else:
            messages.success(request, _("Firma registrata."))
        return redirect("signature_round", one.round_id)
    context = {"signing": one, "round": one.round, "signatory": row, "party": Party(row.party).label, "form": form}
    context["papers"] = [
        paper
        for paper in SignaturePaper.objects.filter(round=one.round_id)
        .exclude(part="signed")
        .defer("data")
        .order_by("id")
        if row.sees_annex or paper.part == SignaturePaper.Part.DOCUMENT
    ]
    return render(request, "traineeships/draw_signature.html", context, status=422 if form.errors else 200)


@for_kinds(*STARTERS)
def signature_file(request, collection, paper):
    """The bytes: of the document, of its annex, of a signed paper that came back."""
    one = signing_or_404(request, collection)
    row = get_object_or_404(SignaturePaper, round=one.round_id, pk=paper)
    if row.part != SignaturePaper.Part.SIGNED:
        return pdf.shown(bytes(row.data), f"{row.part}-{one.round_id}")
    answer = HttpResponse(bytes(row.data), content_type=row.media_type)
    answer["Content-Disposition"] = f'attachment; filename="firmato-{row.pk}.{EXTENSIONS[FileType(row.media_type)]}"'
    answer["Content-Security-Policy"] = SEALED
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@for_kinds(*STARTERS)
def signature_evidence(request, collection):
    """The page that goes beside the document: who signed, when, how, which bytes."""
    one = signing_or_404(request, collection)
    data = signing_papers.evidence_data(one.round, signatories_of(one))
    made = pdf.made("signature_evidence", data, acting=request.acting, zone=one.zone, moment=timezone.now())
    return pdf.shown(made, "prove-delle-firme")
