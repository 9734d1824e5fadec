"""Notes under professional secrecy. Who may not read them sees no trace of them: not here, not in the file, not in the
story of what happened."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.access.user import User
from accanto.cases import diary as diaries
from accanto.cases.diary import NoteReader, ReservedNote
from accanto.web.file_index import LINES, Line
from accanto.web.law_beside import NearDay
from accanto.web.people import MANAGERS, case_or_404, past_day, workers_of_zone


class ReadersField(forms.ModelMultipleChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            User.objects.none(),
            label=gettext_lazy("Chi altro può leggerla"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=gettext_lazy("Nessuno, se non scegli: né il responsabile del caso, né la persona."),
            **kwargs,
        )


class ReadersForm(forms.Form):
    readers = ReadersField()

    def __init__(self, *args, acting, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        colleagues = workers_of_zone(acting.zone_id, kinds=MANAGERS, today=today)
        self.fields["readers"].queryset = colleagues.exclude(pk=acting.user.pk)


class NoteForm(ReadersForm):
    field_order = ["text", "day", "readers"]
    text = forms.CharField(label=gettext_lazy("Nota"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    day = NearDay(label=gettext_lazy("Giorno"))

    def clean_day(self):
        return past_day(self.cleaned_data["day"], today=self.today)


@for_kinds(*MANAGERS)
@writes
def reserved_notes(request, case):
    """The notes one wrote of this person, and those colleagues let one read; and a new one."""
    row = case_or_404(request, case, still_open=False)
    acting, today = request.acting, timezone.localdate()
    form = NoteForm(request.POST or None, acting=acting, today=today, initial={"day": today})
    if request.method == "POST" and form.is_valid():
        diaries.write_note(case=row, **form.cleaned_data, by=acting, now=timezone.now())
        messages.success(request, _("Nota scritta. La leggi tu, e chi hai scelto."))
        return redirect("reserved_notes", row.pk)
    notes = list(
        ReservedNote.objects.within(acting).of(row.subject_id).standing().newest_first().select_related("author")
    )
    readers = NoteReader.objects.within(acting).of(row.subject_id).standing().select_related("reader")
    names = {}
    for reader in readers.order_by("reader__name", "id"):
        names.setdefault(reader.note_id, []).append(str(reader.reader))
    context = {
        "case": row,
        "person": row.person,
        "form": form,
        "notes": [(note, names.get(note.pk, []), note.author_id == acting.user.pk) for note in notes],
    }
    return render(request, "people/reserved_notes.html", context)


def own_note(request, note):
    notes = ReservedNote.objects.within(request.acting).standing().filter(author=request.acting.user)
    return get_object_or_404(notes.select_related("case__person"), pk=note)


@for_kinds(*MANAGERS)
@writes
def note_readers(request, note):
    row = own_note(request, note)
    standing = NoteReader.objects.within(request.acting).of(row.subject_id).standing().filter(note=row)
    form = ReadersForm(
        request.POST if request.method == "POST" else None,
        acting=request.acting,
        today=timezone.localdate(),
        initial={"readers": list(standing.values_list("reader_id", flat=True))},
    )
    if request.method == "POST" and form.is_valid():
        readers = form.cleaned_data["readers"]
        diaries.name_readers(note=row, readers=readers, by=request.acting, now=timezone.now())
        messages.success(request, _("Registrato chi può leggerla."))
        return redirect("reserved_notes", row.case_id)
    context = {"person": row.case.person, "form": form, "title": _("Chi legge la nota"), "label": _("Registra")}
    return render(request, "people/form.html", context)


@for_kinds(*MANAGERS)
@writes
@require_POST
def withdraw_note(request, note):
    row = own_note(request, note)
    diaries.withdraw_note(note=row, by=request.acting, now=timezone.now())
    messages.success(request, _("Nota ritirata."))
    return redirect("reserved_notes", row.case_id)


def notes_line(*, acting, person, case, today, rows):
    """Only for who may read at least one."""
    if case is None or acting.kind == Kind.PERSON or not acting.may(Degree.DIARY):
        return None
    count = len(rows["reserved_notes"])
    if not count:
        return None
    text = ngettext("%(count)s nota che puoi leggere", "%(count)s note che puoi leggere", count) % {"count": count}
    return Line(title=_("Note riservate"), text=text, url=reverse("reserved_notes", args=[case.pk]))


LINES.append(notes_line)
