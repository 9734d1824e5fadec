"""The documents kept about a person: the list, a new one, one to open, one withdrawn."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.door import for_kinds, writes
from accanto.access.role import RIGHTS, Degree, Kind
from accanto.cases import case_team
from accanto.cases.referral import Referral
from accanto.documents import document as documents
from accanto.documents import file_type
from accanto.documents.content import Content
from accanto.documents.document import CLASSES, AlreadyThere, AlreadyWithdrawn, Document
from accanto.documents.file_type import EXTENSIONS, LARGEST, FileType
from accanto.norms.functional_words import revealing
from accanto.people.person import Person
from accanto.traineeships.attestation import AttestationPaper
from accanto.traineeships.traineeship import Traineeship
from accanto.web import file_index
from accanto.web.file_index import Line
from accanto.web.parts.forms import DayField
from accanto.web.people import FILE_READERS, MANAGERS, WORKERS, past_day

WRITERS = (*WORKERS, Kind.HEALTH_WORKER)
READERS = (*WRITERS, Kind.THIRD_SECTOR_TUTOR, Kind.HOST_TUTOR, Kind.ADVOCATE, Kind.PERSON)
# a file of a stranger, shown as a picture or handed over: it fetches nothing, runs nothing, is no page of ours
SEALED = "default-src 'none'; sandbox; frame-ancestors 'none'"


# the promoter's tutor reads the first for covers and papers, not whatever is kept under the same word
NOT_THE_DOCUMENTS = {
    (Kind.THIRD_SECTOR_TUTOR, Degree.REGISTRY),
    (Kind.THIRD_SECTOR_TUTOR, Degree.ALLOWANCE),
    # an inspection reads rows: names, days, signatures
    (Kind.INSPECTOR, Degree.CONTACT),
    (Kind.INSPECTOR, Degree.PLACEMENT),
}


def classes_of(acting, *, write=False):
    return [degree for degree in CLASSES if acting.may(degree, write=write)]


def kinds_reading(degree):
    """The kinds of role besides the offices of the social service that read that class."""
    return [
        kind
        for kind in Kind
        if "r" in RIGHTS[kind].get(degree, "") and kind not in MANAGERS and (kind, degree) not in NOT_THE_DOCUMENTS
    ]


def readers_of(degree):
    return ", ".join(str(kind.label) for kind in kinds_reading(degree))


def read_outside(degree):
    """Whether somebody reads that class who must not come to know why the person is followed."""
    return any(kind != Kind.PERSON and not RIGHTS[kind].get(Degree.HEALTH) for kind in kinds_reading(degree))


class UploadedFile(forms.FileField):
    """A file that can be kept: looked at by its bytes, whatever its name says."""

    default_error_messages = {
        "required": gettext_lazy("Scegli il file: PDF, JPEG o PNG."),
        "empty": gettext_lazy("Il file è vuoto: scegline un altro."),
        "max_length": gettext_lazy("Il nome del file è troppo lungo: rinominalo e sceglilo di nuovo."),
    }

    def __init__(self, **kwargs):
        accept = ",".join([*FileType.values, *(f".{extension}" for extension in EXTENSIONS.values())])
        kwargs.setdefault("help_text", gettext_lazy("PDF, JPEG o PNG, fino a 10 MB. Il nome del file non si conserva."))
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), **kwargs)

    def clean(self, value, initial=None):
        file = super().clean(value, initial)
        if not file:
            return None
        try:
            return file_type.look_at(file.read(LARGEST + 1))
        except file_type.Refused as refused:
            raise forms.ValidationError(refused.sentence) from None


class DocumentForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Che cos’è"),
        max_length=120,
        help_text=gettext_lazy("Per esempio: carta d’identità, contratto d’affitto. Lo legge solo chi può aprirlo."),
    )
    degree = forms.ChoiceField(
        label=gettext_lazy("Che cosa contiene"),
        help_text=gettext_lazy("Ne dipende chi lo vede: scegli secondo il dato più delicato che c’è scritto."),
        error_messages={"required": gettext_lazy("Scegli che cosa contiene: ne dipende chi lo vede.")},
    )
    day = DayField(label=gettext_lazy("Data del documento"))
    file = UploadedFile(label=gettext_lazy("File"))

    def __init__(self, *args, acting, today, subject, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        classes = classes_of(acting, write=True)
        if acting.reads_by_zone and not case_team.follows_person(subject):
            classes = [degree for degree in classes if degree not in (Degree.HEALTH, Degree.JUSTICE)]
        self.fields["degree"].choices = [
            ("", _("scegli")),
            *((degree.value, self.label_of(degree)) for degree in classes),
        ]

    @staticmethod
    def label_of(degree):
        readers = readers_of(degree)
        return _("%(degree)s (lo vede anche: %(readers)s)") % {"degree": degree.label, "readers": readers}

    def clean_day(self):
        return past_day(self.cleaned_data["day"], today=self.today)

    def clean(self):
        """A title tells as much as the paper."""
        data = self.cleaned_data
        words = revealing(data.get("title", ""))
        if words and data.get("degree") and read_outside(data["degree"]):
            self.add_error(
                "title",
                _(
                    "«%(words)s» fa capire perché la persona è seguita, e questa classe la legge anche: %(readers)s. "
                    "Scegli una classe più riservata, oppure un altro titolo."
                )
                % {"words": ", ".join(words), "readers": readers_of(data["degree"])},
            )
        return data


def person_or_404(request, subject):
    return get_object_or_404(Person.objects.within(request.acting), subject_id=subject)


def file_url(acting, subject):
    """Where this role reads about the person, for the way back: nothing where it has no page of theirs."""
    if acting.kind in (*FILE_READERS, Kind.PERSON):
        return reverse("person", args=[subject])
    if acting.kind == Kind.ADVOCATE:
        return reverse("invited_file", args=[subject])
    last = (
        Traineeship.objects.within(acting).of(subject).order_by("-starts", "-id").values_list("pk", flat=True).first()
    )
    return reverse("traineeship", args=[last]) if last else ""


def documents_of(acting, subject):
    rows = Document.objects.within(acting).of(subject).select_related("recorded_by", "withdrawn_by")
    return rows.order_by("-day", "-id")


def attestations_of(acting, subject):
    """Those that stand, with their papers: the person looks for them here too."""
    if not acting.may(Degree.TRAINEESHIP_PLAN):
        return []
    rows = AttestationPaper.objects.within(acting).of(subject).filter(attestation__superseded_at=None)
    return list(rows.defer("data").select_related("attestation__traineeship__host__organisation").order_by("-id"))


def answered(acting, person):
    """The last referral that has its answer, to be printed for who referred."""
    rows = Referral.objects.within(acting).of(person.subject_id).exclude(outcome=Referral.Outcome.WAITING)
    return rows.order_by("-answered_on", "-id").first()


@for_kinds(*READERS)
def documents_page(request, subject):
    """The documents the acting role may see; what others may see is not even counted."""
    person = person_or_404(request, subject)
    rows = [row for row in documents_of(request.acting, subject) if may_be_shown(row, request.acting)]
    writable = set(classes_of(request.acting, write=True))
    context = {
        "person": person,
        "standing": [row for row in rows if row.withdrawn_at is None],
        "withdrawn": [row for row in rows if row.withdrawn_at],
        "may_write": bool(writable) and request.acting.kind in WRITERS,
        "attestations": attestations_of(request.acting, subject),
        "file_url": file_url(request.acting, subject),
        "is_own": request.acting.kind == Kind.PERSON,
        "answered": answered(request.acting, person) if request.acting.kind in MANAGERS else None,
    }
    return render(request, "documents/documents.html", context)


@for_kinds(*WRITERS)
@writes
def new_document(request, subject):
    person = person_or_404(request, subject)
    today = timezone.localdate()
    form = DocumentForm(
        request.POST or None,
        request.FILES or None,
        acting=request.acting,
        today=today,
        subject=person.subject_id,
        initial={"day": today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = documents.keep(
                subject_id=person.subject_id,
                zone_id=person.zone_id,
                by=request.acting,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except AlreadyThere:
            form.add_error("file", _("Questo file c’è già, nella stessa classe: aprilo dall’elenco."))
        else:
            messages.success(request, _("Documento registrato: «%(title)s».") % {"title": row.title})
            if row.degree != form.cleaned_data["degree"]:
                closed = _("Sta sotto «%(degree)s», che chi ospita e le persone di fiducia non leggono.")
                messages.info(request, closed % {"degree": Degree(row.degree).label})
            return redirect("documents", subject)
    context = {"person": person, "form": form, "file_url": file_url(request.acting, subject)}
    return render(request, "documents/new_document.html", context)


def may_be_shown(row, acting):
    """A withdrawn one only where one could have withdrawn it, or if it is about oneself: not even its title, which may
    be why it was withdrawn, nor the reason."""
    return row.withdrawn_at is None or acting.may(row.degree, write=True) or acting.kind == Kind.PERSON


def document_or_404(request, document):
    """A document one may see."""
    rows = Document.objects.within(request.acting).select_related("recorded_by", "withdrawn_by")
    row = get_object_or_404(rows, pk=document)
    if not may_be_shown(row, request.acting):
        raise Http404
    return row


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Perché si ritira"),
        max_length=300,
        help_text=gettext_lazy("Per esempio: è di un’altra persona, la classe era sbagliata, ce n’è uno più recente."),
        error_messages={"required": gettext_lazy("Scrivi perché: il documento resta, con il motivo.")},
    )


@for_kinds(*READERS)
@writes
def document_page(request, document):
    """One document: what it is, the picture if it is one, and the form by which it is withdrawn."""
    row = document_or_404(request, document)
    may_withdraw = row.withdrawn_at is None and request.acting.may(row.degree, write=True)
    form = WithdrawForm(request.POST or None) if may_withdraw else None
    if request.method == "POST" and form is None:
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            documents.withdraw(document=row, reason=form.cleaned_data["reason"], by=request.acting, now=timezone.now())
        except AlreadyWithdrawn:
            messages.info(request, _("Il documento era già stato ritirato."))
        else:
            messages.success(request, _("Documento ritirato: resta nell’elenco, con il motivo."))
        return redirect("documents", row.subject_id)
    context = {
        "document": row,
        "person": person_or_404(request, row.subject_id),
        "degree": Degree(row.degree).label,
        "readers": readers_of(row.degree),
        "is_picture": row.media_type != FileType.PDF,
        "file_url": file_url(request.acting, row.subject_id),
        "form": form,
    }
    return render(request, "documents/document.html", context)


@for_kinds(*READERS)
def document_content(request, document):
    """The bytes. A picture may stand in our page; everything is handed over as a file when asked by itself."""
    row = document_or_404(request, document)
    content = get_object_or_404(Content.objects.within(request.acting).of(row.subject_id), document=row)
    answer = HttpResponse(bytes(content.data), content_type=row.media_type)
    name = f"documento-{row.pk}.{EXTENSIONS[FileType(row.media_type)]}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Security-Policy"] = SEALED
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def line(*, acting, person, case, today, rows):
    """The line of the file's index."""
    if acting.kind not in READERS:
        return None
    count = len(rows["documents"])
    text = ngettext("%(count)s documento", "%(count)s documenti", count) % {"count": count}
    if not count:
        text = _("nessuno, per ora")
    return Line(_("Documenti"), text, reverse("documents", args=[person.subject_id]))


file_index.LINES.append(line)
