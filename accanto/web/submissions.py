"""What leaves for other systems: prepared, checked, sent, with its receipt; what changed since the last one sent."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.exchange import submission_files as made_of
from accanto.exchange.layout import Change, changes, layout
from accanto.norms.findings import from_dict
from accanto.plan import submission as submissions_of
from accanto.plan.submission import Submission, SubmissionFile
from accanto.web.frame import PLANNERS
from accanto.web.parts import numbers
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.forms import PastDayField
from accanto.web.parts.keyset import Page
from accanto.web.plan import sections

SHOWN = 60  # changes on the page; the files say them all


def kind_of(acting):
    """What a role sends: the Region its indicators, a zone its return."""
    return Submission.Kind.ESF if acting.kind == Kind.REGIONAL_OFFICER else Submission.Kind.STAFFING


class PrepareForm(forms.Form):
    version = forms.ChoiceField(label=gettext_lazy("Versione"))
    code = forms.CharField(
        label=gettext_lazy("Codice SIOSS dell’ambito"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("È nell’elenco degli ambiti del SIOSS."),
    )

    def __init__(self, *args, acting, today, **kwargs):
        super().__init__(*args, **kwargs)
        kind = kind_of(acting)
        self.fields["version"].choices = [(one, one) for one in made_of.versions(kind, today)]
        if kind == Submission.Kind.ESF:
            del self.fields["code"]
            over = [one for one in made_of.versions(kind, today) if made_of.last_day(one) <= today]
            self.fields["version"].initial = over[0] if over else None
            self.fields["version"].help_text = _("Anno e mese: 12 si invia entro gennaio, 06 entro luglio (art. 42).")
        else:
            self.fields["code"].initial = acting.role.zone.ambito_code
            self.fields["version"].initial = str(today.year)
            self.fields["version"].help_text = _("L’anno del prospetto.")


class ReceiptForm(forms.Form):
    protocol = forms.CharField(label=gettext_lazy("Protocollo o numero della ricevuta"), max_length=80)
    on = PastDayField(label=gettext_lazy("Giorno della ricevuta"))

    def __init__(self, *args, sent_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.sent_on = sent_on

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on < self.sent_on:
            raise forms.ValidationError(
                _("L’invio è del %(day)s: la ricevuta non può venire prima.") % {"day": numbers.day(self.sent_on)}
            )
        return on


@for_kinds(*PLANNERS)
@writes
def submissions(request):
    """The list, and what prepares another."""
    now, acting = timezone.now(), request.acting
    kind, today = kind_of(acting), timezone.localdate(now)
    form = PrepareForm(request.POST if request.method == "POST" else None, acting=acting, today=today)
    if request.method == "POST" and form.is_valid():
        version, code = form.cleaned_data["version"], form.cleaned_data.get("code", "").strip()
        zone = None if kind == Submission.Kind.ESF else acting.role.zone
        made = made_of.make(kind=kind, version=version, zone=zone, code=code, acting=acting, now=now)
        row = submissions_of.prepare(
            kind=kind, version=version, zone=zone, files=made.files, findings=made.findings,
            mapping=str(made.layout), known_at=now, by=acting, now=now, synthetic=made.synthetic,
        )  # fmt: skip
        messages.success(request, _("Invio preparato: leggi i rilievi, poi controllalo."))
        return redirect("submission", row.pk)
    page = Page.of(request, Submission.objects.within(acting).select_related("zone"), order=("-made_at", "id"))
    context = {
        "sections": sections(request, "submissions"),
        "form": form,
        "what": Submission.Kind(kind).label,
        "rows": page.rows,
        "page": page,
        "due": [(one, made_of.due(one)) for one in made_of.versions(kind, today)]
        if kind == Submission.Kind.ESF
        else [],
    }
    return render(request, "plan/submissions.html", context, status=422 if form.errors else 200)


def _one(request, pk):
    rows = Submission.objects.within(request.acting).select_related("zone", "made_by", "corrects")
    return get_object_or_404(rows, pk=pk)


def _may_write(request, row):
    return row.kind == kind_of(request.acting) and (row.zone_id is None or row.zone_id == request.acting.zone_id)


def _mine(request, pk):
    """One that the role may move; a zone's is moved by who plans it only."""
    return get_object_or_404(Submission.objects.within(request.acting).filter(kind=kind_of(request.acting)), pk=pk)


@for_kinds(*PLANNERS)
def submission(request, submission):
    row = _one(request, submission)
    before = submissions_of.last_sent_before(row)
    differences, most = _differences(row, before)
    context = {
        "sections": sections(request, "submissions"),
        "submission": row,
        "files": row.files.defer("content"),
        "findings": [from_dict(one) for one in row.findings],
        "before": before,
        "differences": differences,
        "most": most,
        "corrections": row.corrections.filter(discarded_at=None).order_by("number"),
        "may_write": _may_write(request, row),
    }
    return render(request, "plan/submission.html", context)


def _differences(row, before):
    """[(file, columns, changes)] against the last one sent, and how many there are in all."""
    if before is None:
        return [], 0
    plan = layout(made_of.LAYOUTS[row.kind])
    files = SubmissionFile.objects.filter(submission__in=[row.pk, before.pk]).order_by("id")
    by_name: dict[str, dict] = {}
    for one in files:
        by_name.setdefault(one.name, {})[one.submission_id] = one.content
    found, total = [], 0
    for name, contents in by_name.items():
        columns = plan.files.get(name.rpartition(".")[0], ())
        changed = changes(columns, contents.get(before.pk), contents.get(row.pk))
        total += len(changed)
        if changed:
            heads = [column.head for column in columns if not column.key]
            found.append((name, [_told(heads, change) for change in changed[:SHOWN]], len(changed)))
    return found, total


def _told(heads, change: Change):
    """The row, and value by value what it was and what it is."""
    pairs = zip(
        heads, change.before or [""] * len(heads), change.after or [""] * len(heads), strict=True
    )  # fmt: skip
    return {
        "row": " · ".join(part for part in change.key if part),
        "values": [(head, old, new) for head, old, new in pairs if old != new],
        "is_new": change.before is None,
        "is_gone": change.after is None,
    }


@for_kinds(*PLANNERS)
@writes
@require_POST
def validate_submission(request, submission):
    row = _mine(request, submission)
    try:
        submissions_of.validate(submission=row, by=request.acting, now=timezone.now())
    except submissions_of.Stopped:
        messages.error(request, _("C’è qualcosa che blocca: correggilo e prepara di nuovo."))
    except submissions_of.NotInThatState:
        _gone(request)
    else:
        messages.success(request, _("Controllato: scarica i file, trasmettili e segna l’invio."))
    return redirect("submission", row.pk)


@for_kinds(*PLANNERS)
@writes
def send_submission(request, submission):
    row = _mine(request, submission)
    back = reverse("submission", args=[row.pk])
    if row.state != Submission.State.VALIDATED or row.discarded_at:
        _gone(request)
        return redirect(back)
    if request.method == "POST":
        try:
            submissions_of.send(submission=row, by=request.acting, now=timezone.now())
        except submissions_of.NotInThatState:
            _gone(request)
        else:
            messages.success(request, _("Inviato: i file non cambiano più. Quando arriva, scrivi la ricevuta."))
        return redirect(back)
    confirm = Confirm(
        title=_("Segnare come inviato %(what)s, versione %(version)s?")
        % {"what": row.get_kind_display(), "version": row.version},
        sentence=_(
            "Da questo momento i file restano come sono, con la loro impronta. Una correzione sarà un altro invio."
        ),
        url=reverse("send_submission", args=[row.pk]),
        label=_("Segna l’invio"),
        cancel_url=back,
    )
    return render(request, "confirm.html", {"confirm": confirm})


@for_kinds(*PLANNERS)
@writes
@require_POST
def discard_submission(request, submission):
    row = _mine(request, submission)
    try:
        submissions_of.discard(submission=row, by=request.acting, now=timezone.now())
    except submissions_of.NotInThatState:
        _gone(request)
        return redirect("submission", row.pk)
    messages.success(request, _("Scartato: resta scritto che c’era."))
    return redirect("submissions")


@for_kinds(*PLANNERS)
@writes
def receipt_submission(request, submission):
    row = _mine(request, submission)
    if row.state != Submission.State.SENT:
        messages.error(request, _("La ricevuta si scrive di un invio fatto, una volta."))
        return redirect("submission", row.pk)
    sent_on = timezone.localdate(row.sent_at)
    form = ReceiptForm(
        request.POST if request.method == "POST" else None, sent_on=sent_on, initial={"on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            submissions_of.receipt(submission=row, **form.cleaned_data, by=request.acting, now=timezone.now())
        except submissions_of.NotInThatState:
            _gone(request)
        else:
            messages.success(request, _("Ricevuta scritta."))
        return redirect("submission", row.pk)
    context = {"sections": sections(request, "submissions"), "submission": row, "form": form}
    return render(request, "plan/receipt_submission.html", context, status=422 if form.errors else 200)


@for_kinds(*PLANNERS)
def submission_file(request, submission, paper):
    row = _one(request, submission)
    file = get_object_or_404(SubmissionFile, submission=row, pk=paper)
    answer = HttpResponse(bytes(file.content), content_type="text/csv; charset=utf-8")
    name = f"{row.kind}-{row.version}-{row.number}-{'sintetico-' if row.synthetic else ''}{file.name}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _gone(request):
    messages.error(request, _("Qualcuno lo ha già controllato, inviato o scartato: lo stato è questo."))
