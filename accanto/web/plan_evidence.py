"""Signing the personal plan on a screen, and the signed paper that comes back: the proofs beside the signatures."""

import hashlib

from django import forms
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree
from accanto.cases import plan_evidence as evidence
from accanto.cases.personal_plan import PersonalPlan, PlanSignature
from accanto.cases.plan_evidence import AlreadyProved, NoSignature, PlanEvidence
from accanto.documents import document as documents
from accanto.documents.document import AlreadyThere, Document
from accanto.documents.file_type import FileType, LookedAt
from accanto.web import pdf
from accanto.web.document import UploadedFile
from accanto.web.parts import numbers
from accanto.web.people import MANAGERS
from accanto.web.plan_document import plan_data

DRAWERS = [signer for signer in PlanSignature.Signer if signer != PlanSignature.Signer.OTHER]


def to_sign(plan, parts, acting, *, too):
    """The document one signs on the screen: always the same bytes for the same version, as of when it was written."""
    data = plan_data(plan, parts, too=too)
    return pdf.made("personal_plan", data, acting=acting, zone=plan.zone, moment=plan.recorded_at)


class DrawnSignatures(forms.Form):
    """The drawings of who signs, and the mark of the document they were shown. Used by the form of the signatures."""

    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    signed_file = UploadedFile(
        label=gettext_lazy("Il progetto firmato su carta"),
        required=False,
        help_text=gettext_lazy("Se c’è: la scansione o la fotografia, in PDF, JPEG o PNG. Si può aggiungere dopo."),
    )

    def __init__(self, *args, shown, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.bytes_shown, self.today = shown, today
        self.mark = hashlib.sha256(shown).hexdigest()
        self.initial["shown"] = self.mark
        for signer in DRAWERS:
            self.fields[f"drawn_{signer}"] = forms.CharField(
                label=signer.label.capitalize(), required=False, max_length=200_000, widget=forms.HiddenInput
            )
        self.paths = {}

    def pads(self):
        """The fields of the drawings, with their labels: the page puts a sheet to sign on beside each."""
        return [(signer.value, self[f"drawn_{signer}"]) for signer in DRAWERS]

    def clean(self):
        data = super().clean()
        if data.get("how") == PlanSignature.How.DRAWN:
            if data.get("shown") != self.mark:
                self.add_error("how", _("Il documento da firmare non è più quello mostrato: rileggetelo e firmate."))
            if data.get("agreed_on") and data["agreed_on"] != self.today:
                self.add_error(
                    "agreed_on", _("Chi firma qui firma oggi: per un altro giorno scegli come si è firmato.")
                )
            self.paths = {signer: path for signer in data.get("signers", ()) if (path := self.path_of(signer))}
        return data

    def path_of(self, signer):
        try:
            return evidence.path_of(self.cleaned_data.get(f"drawn_{signer}") or "")
        except NoSignature:
            who = PlanSignature.Signer(signer).label
            self.add_error(
                "how", _("Manca la firma disegnata di: %(who)s. Firmate nel riquadro, più grande.") % {"who": who}
            )
            return None


def keep_what_proves(form, plan, *, by, now):
    """After the plan is agreed: the document that was shown with the drawings on it, and the signed paper if given."""
    if form.paths:
        title = f"Progetto, versione {plan.version}, come è stato mostrato alla firma"
        shown = LookedAt(form.bytes_shown, FileType.PDF, form.mark)
        document = kept(plan, shown, title=title, by=by, now=now)
        for signature in PlanSignature.objects.of(plan.subject_id).filter(plan=plan, signer__in=form.paths):
            evidence.keep_drawing(
                signature=signature, path=form.paths[signature.signer], shown=document, by=by, now=now
            )
    if form.cleaned_data.get("signed_file"):
        keep_paper(plan, form.cleaned_data["signed_file"], by=by, now=now)


def keep_paper(plan, file, *, by, now):
    title = f"Progetto firmato, versione {plan.version}"
    return evidence.keep_paper(plan=plan, document=kept(plan, file, title=title, by=by, now=now), by=by, now=now)


def kept(plan, file, *, title, by, now):
    """The document, among those of the plan's class; the one there is, if somebody kept the same bytes before."""
    try:
        return documents.keep(
            subject_id=plan.subject_id, zone_id=plan.zone_id, degree=Degree.PLAN, title=title,
            day=timezone.localdate(now), file=file, by=by, now=now,
        )  # fmt: skip
    except AlreadyThere:
        there = Document.objects.of(plan.subject_id).standing()
        return there.get(degree=Degree.PLAN, sha256=file.sha256)


def evidence_of(plan, acting):
    """The proofs of a plan, in the order they were gathered: one query."""
    rows = PlanEvidence.objects.within(acting).of(plan.subject_id).filter(plan=plan)
    return list(rows.select_related("signature", "document", "recorded_by").order_by("id"))


class PaperForm(forms.Form):
    file = UploadedFile(label=gettext_lazy("Il progetto firmato"))


@for_kinds(*MANAGERS)
@writes
def signed_paper(request, plan):
    """The signed paper of an agreed plan, brought back after: kept as proof, with its hash."""
    rows = PersonalPlan.objects.within(request.acting).agreed().select_related("case__person")
    row = get_object_or_404(rows, pk=plan)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                keep_paper(row, form.cleaned_data["file"], by=request.acting, now=timezone.now())
        except AlreadyProved:
            form.add_error("file", _("Questo file è già tra le prove di questo progetto."))
        else:
            messages.success(request, _("Progetto firmato registrato, con la sua impronta."))
            return redirect("personal_plan", row.pk)
    return render(request, "people/signed_paper.html", {"plan": row, "person": row.case.person, "form": form})


@pdf.in_italian
def told(rows):
    """The proofs in words, for the document."""
    sentences = []
    for row in rows:
        moment, who = numbers.moment(row.recorded_at), str(row.recorded_by)
        if row.signature:
            signer = str(row.signature.get_signer_display())
            sentences.append(
                f"Firma ({signer}) disegnata su schermo il {moment}, con la sessione di {who}. "
                f"Documento mostrato, SHA-256: {row.document.sha256}"
            )
        else:
            sentences.append(f"Documento firmato registrato il {moment} da {who}, SHA-256: {row.document.sha256}")
    return sentences


def drawings(rows):
    """The drawings by signer, each a picture by itself."""
    return {row.signature.signer: evidence.svg_of(row.strokes) for row in rows if row.signature}
