"""Existing records come in: a file is chosen, its columns matched, all that is wrong shown, doubles decided on; then it
is imported and, as long as nobody has worked on what came of it, taken back whole."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.exchange import record_columns, record_file, records
from accanto.exchange.record_batch import KEPT, RecordBatch, RecordPair, RecordRow, Refused
from accanto.people.person import Person
from accanto.people.registry import Registry
from accanto.web.file_index import LINES, Line
from accanto.web.parts.keyset import whole_number
from accanto.web.people import MANAGERS, workers_of_zone

SHOWN, SAMPLE, DECIDED = 100, 5, 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = RecordBatch.State


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Il file con le persone"),
        help_text=gettext_lazy("XLSX, ODS, XLS o CSV, fino a 25 MB e 120.000 righe."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.xls,.csv,.txt"}),
        error_messages={
            "required": gettext_lazy("Scegli il file da importare."),
            "empty": gettext_lazy("Il file è vuoto: scegli quello con le persone."),
        },
    )


class MappingForm(forms.Form):
    """Which column of the file holds what."""

    def __init__(self, *args, batch, today, manager=None, **kwargs):
        places = [(str(n), head or _("colonna %(n)s") % {"n": n + 1}) for n, head in enumerate(batch.columns)]
        initial = {name: str(place) for name, place in batch.mapping.items()}
        super().__init__(*args, initial=initial | {"manager_of_all": batch.manager_id or manager}, **kwargs)
        for column in record_columns.COLUMNS:
            self.fields[column.name] = forms.ChoiceField(
                label=column.label,
                help_text=column.help,
                required=column.required,
                choices=[("", _("non c’è")), *places],
                error_messages={"required": gettext_lazy("Scegli la colonna: senza non si sa chi è la persona.")},
            )
        self.fields["manager_of_all"] = forms.ModelChoiceField(
            workers_of_zone(batch.zone_id, kinds=MANAGERS, today=today),
            label=_("Responsabile per le righe che non lo dicono"),
            required=False,
            empty_label=_("nessuno: quelle righe sono da correggere"),
        )

    def clean(self):
        used: dict[str, str] = {}
        for column in record_columns.COLUMNS:
            place = self.cleaned_data.get(column.name)
            if place and used.setdefault(place, column.name) != column.name:
                other = record_columns.BY_NAME[used[place]].label
                self.add_error(column.name, _("La colonna è già abbinata a «%(other)s».") % {"other": other})
        return self.cleaned_data

    def mapping(self):
        return {
            column.name: int(self.cleaned_data[column.name])
            for column in record_columns.COLUMNS
            if self.cleaned_data[column.name]
        }


@for_kinds(*MANAGERS)
@writes
def record_batches(request):
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            with transaction.atomic():
                batch = record_file.begin(file, file_name=file.name, by=request.acting, now=timezone.now())
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("record_batch", batch.pk)
    context = {"form": form, "batches": RecordBatch.objects.within(request.acting).select_related("created_by")[:30]}
    return render(request, "records/batches.html", context, status=422 if form.errors else 200)


@for_kinds(*MANAGERS)
def record_template(request):
    return download(record_columns.template(), "accanto-persone.xlsx")


def download(content, name):
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@for_kinds(*MANAGERS)
@writes
def record_batch(request, batch):
    """One page for a batch, whatever point it has come to."""
    found = get_object_or_404(RecordBatch.objects.within(request.acting), pk=batch)
    form = None
    if request.method == "POST":
        found = records.taken(found.pk, by=request.acting)
        answer, form = act(request, found)
        if answer:
            return answer
    if found.state == State.MAPPING or form or ("map" in request.GET and found.state == State.READY):
        return mapping_page(request, found, form)
    if found.is_working:
        return render(request, "records/working.html", {"batch": found, **progress(found)})
    return render(request, "records/batch.html", {"batch": found, **looked_at(request, found)})


def act(request, batch):
    """What was pressed: (an answer, None), or (None, the form to mend)."""
    what, now = request.POST.get("do", ""), timezone.now()
    acts = {"import": records.start, "undo": records.undo, "drop": records.drop}
    try:
        with transaction.atomic():
            if what == "map":
                form = MappingForm(request.POST, batch=batch, today=timezone.localdate())
                if not form.is_valid():
                    return None, form
                manager = form.cleaned_data["manager_of_all"]
                records.map_columns(batch=batch, mapping=form.mapping(), manager=manager, by=request.acting, now=now)
            elif what == "undo" and "sure" not in request.POST:
                messages.error(request, _("Per annullare l’importazione spunta la casella di conferma."))
            elif what in acts:
                acts[what](batch=batch, by=request.acting, now=now)
    except records.WorkedOn as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('record_batch', args=[batch.pk])}?worked_on"), None
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("record_batch", batch.pk), None


def mapping_page(request, batch, form):
    form = form or MappingForm(batch=batch, today=timezone.localdate(), manager=request.acting.user.pk)
    sample = RecordRow.objects.filter(batch=batch, zone_id=batch.zone_id).order_by("line")[:SAMPLE]
    width = range(len(batch.columns))
    context = {
        "batch": batch,
        "form": form,
        "sample": [(row.line, [row.cells[n] if n < len(row.cells) else "" for n in width]) for row in sample],
        "matched": len(batch.mapping),
    }
    return render(request, "records/mapping.html", context, status=422 if form.errors else 200)


def progress(batch):
    label, done, of = {
        State.CHECKING: (_("Controllo delle righe"), batch.checked, batch.rows),
        State.MATCHING: (_("Confronto con le persone della zona"), batch.rows, batch.rows),
        State.IMPORTING: (_("Importazione"), batch.imported, batch.rows),
        State.UNDOING: (_("Annullamento: schede ancora da togliere"), batch.imported, batch.rows),
    }[State(batch.state)]
    return {"label": label, "done": done, "of": of}


@for_kinds(*MANAGERS)
@writes
@require_POST
def record_step(request, batch):
    """The next piece of work of a batch; the page asks for it again and again, and shows how far it has come."""
    found = records.taken(batch, by=request.acting) if batch < 2**63 else None
    if found is None:
        return render(request, "404.html", status=404)
    try:
        with transaction.atomic():
            records.go_on(batch=found, by=request.acting, now=timezone.now())
    except records.WorkedOn as refused:
        messages.error(request, str(refused))
        found.refresh_from_db()
        found.state = State.DONE
        found.save(update_fields=["state"])
    if request.headers.get("HX-Request") and found.is_working:
        return render(request, "records/progress.html", {"batch": found, **progress(found)})
    answer = redirect("record_batch", found.pk)
    if request.headers.get("HX-Request"):
        answer = HttpResponse(headers={"HX-Redirect": reverse("record_batch", args=[found.pk])})
    return answer


def looked_at(request, batch):
    """What there is to look at before, and after, the import."""
    rows = RecordRow.objects.filter(batch=batch, zone_id=batch.zone_id)
    undecided = Exists(RecordPair.objects.filter(row=OuterRef("pk"), verdict=""))
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    waiting = rows.sound().filter(undecided).count()
    after = whole_number(request.GET.get("after", ""), at_most=2**31 - 1) or 0
    broken = list(rows.broken().filter(line__gt=after).order_by("line")[: SHOWN + 1])
    told = records.told_again(broken[:SHOWN], batch, today=timezone.localdate()) if broken else []
    pairs = RecordPair.objects.within(request.acting).filter(batch=batch)
    people = []
    if "worked_on" in request.GET:
        _count, subjects = records.worked_on(batch)
        people = Person.objects.within(request.acting).filter(subject_id__in=subjects)
    return {
        "sound": counts.get("sound", 0),
        "ready": counts.get("sound", 0) - waiting,
        "waiting": waiting,
        "broken": counts.get("broken", 0),
        "errors": [
            (row.line, records.label_of(name), sentence, way_out)
            for row, errors in told
            for name, sentence, way_out in errors
        ],
        "next": broken[SHOWN - 1].line if len(broken) > SHOWN else None,
        "cautions": [
            (row.line, records.label_of(name), sentence)
            for row in rows.sound().exclude(cautions=[]).order_by("line")[:SHOWN]
            for name, sentence in row.cautions
        ],
        "known": pairs.filter(why=RecordPair.Why.CODE).count(),
        "alike": pairs.filter(why=RecordPair.Why.LIKENESS).exists(),
        "worked_on": people,
        "kept": KEPT.days,
        "may_undo": batch.imported and batch.state in (State.DONE, State.READY),
    }


@for_kinds(*MANAGERS)
def record_broken_rows(request, batch):
    found = get_object_or_404(RecordBatch.objects.within(request.acting), pk=batch)
    return download(records.broken_rows(found), "righe-da-correggere.xlsx")


@for_kinds(*MANAGERS)
@writes
def record_pairs(request, batch):
    """The rows that may be somebody the zone knows, side by side with them, the likeliest first."""
    found = get_object_or_404(RecordBatch.objects.within(request.acting), pk=batch)
    alike = RecordPair.objects.within(request.acting).filter(batch=found, why=RecordPair.Why.LIKENESS)
    if request.method == "POST":
        pair = get_object_or_404(alike.select_related("batch"), pk=whole_number(request.POST.get("pair", "")) or 0)
        verdict = request.POST.get("verdict", "")
        if verdict in RecordPair.Verdict.values:
            try:
                records.decide(pair=pair, verdict=verdict, by=request.acting, now=timezone.now())
            except Refused as refused:
                messages.error(request, str(refused))
        return redirect("record_pairs", found.pk)
    undecided = alike.filter(verdict="")
    shown = list(undecided.select_related("row").order_by("-score", "pk")[:DECIDED])
    shown += list(alike.exclude(verdict="").select_related("row").order_by("-score", "pk")[: DECIDED - len(shown)])
    subjects = [pair.subject_id for pair in shown]
    people = {row.subject_id: row for row in Person.objects.within(request.acting).filter(subject_id__in=subjects)}
    registry = Registry.objects.within(request.acting).filter(subject_id__in=subjects).select_related("municipality")
    registry = {row.subject_id: row for row in registry}
    context = {
        "batch": found,
        "left": undecided.count(),
        "pairs": [
            (pair, said(pair.row.data), people[pair.subject_id], registry.get(pair.subject_id) or Registry())
            for pair in shown
        ],
    }
    return render(request, "records/pairs.html", context)


def said(data):
    """What a row says of the person, as the page shows it."""
    born = data["birth_date"]
    return data | {"born": timezone.datetime.fromisoformat(born).date() if born else None}


def origin_line(*, acting, person, case, today, rows):
    """Where an imported file comes from."""
    if acting.kind not in MANAGERS:
        return None
    if not rows["origins"]:
        return None
    row = rows["origins"][0]
    told = {"line": row.line, "file": row.batch.file_name, "reference": row.reference}
    text = _("riga %(line)s di «%(file)s»") % told
    if row.reference:
        text = _("%(text)s, numero %(reference)s") % {"text": text, "reference": row.reference}
    return Line(_("Importata da un archivio precedente"), text, reverse("record_batch", args=[row.batch_id]))


LINES.append(origin_line)
