"""The diary of a person: written in a moment, read from the newest; the register of the secrets told to somebody."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.cases import diary as diaries
from accanto.cases.diary import DiaryEntry, SecretDisclosure
from accanto.web.file_index import LINES, Line
from accanto.web.law_beside import NearDay
from accanto.web.parts import numbers
from accanto.web.parts.keyset import whole_number
from accanto.web.people import CHOOSE, MANAGERS, case_or_404, past_day

PAGE, MOST_FOUND = 40, 100


class EntryForm(forms.Form):
    """One screen, three things to say: how, with whom, what. The day is today until somebody says another."""

    kind = forms.ChoiceField(label=gettext_lazy("Come"), choices=DiaryEntry.Kind.choices)
    day = NearDay(label=gettext_lazy("Giorno"))
    who = forms.CharField(label=gettext_lazy("Con chi"), max_length=120, required=False)
    text = forms.CharField(
        label=gettext_lazy("Che cosa"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Scrivi in una frase che cosa è successo.")},
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self):
        return past_day(self.cleaned_data["day"], today=self.today)


class CorrectionForm(EntryForm):
    reason = forms.CharField(
        label=gettext_lazy("Perché la correggi"),
        max_length=200,
        help_text=gettext_lazy("La voce di prima resta, con questo motivo."),
    )


@for_kinds(*MANAGERS, Kind.PERSON)
@writes
def diary(request, case):
    row = case_or_404(request, case, still_open=False)
    acting, today = request.acting, timezone.localdate()
    form = None
    if acting.may(Degree.DIARY, write=True) and row.closed_on is None:
        form = EntryForm(request.POST or None, today=today, initial={"day": today})
        if request.method == "POST" and form.is_valid():
            diaries.write_down(case=row, **form.cleaned_data, by=acting, now=timezone.now())
            messages.success(request, _("Scritto nel diario."))
            return redirect("diary", row.pk)
    rows = DiaryEntry.objects.within(acting).of(row.subject_id)
    corrected = request.GET.get("show") == "corrected"
    rows = (rows.exclude(superseded_at=None) if corrected else rows.standing()).newest_first()
    if last_seen := whole_number(request.GET.get("before", "")):
        mark = rows.filter(pk=last_seen).values_list("day", "pk").first()
        if mark:
            rows = rows.filter(Q(day__lt=mark[0]) | Q(day=mark[0], pk__lt=mark[1]))
    entries = list(rows.select_related("recorded_by", "corrects")[: PAGE + 1])
    here = reverse("diary", args=[row.pk])
    kept = "show=corrected&" if corrected else ""
    context = {
        "entries": entries[:PAGE],
        "next_url": f"{here}?{kept}before={entries[PAGE - 1].pk}" if len(entries) > PAGE else "",
        "corrected": corrected,
        "form": form,
    }
    return render(request, "people/diary.html", context | around(request, row))


def around(request, row):
    acting = request.acting
    return {
        "case": row,
        "person": row.person,
        "is_own": acting.kind == Kind.PERSON,
        "may_write": acting.may(Degree.DIARY, write=True) and row.closed_on is None,
        "typed": "",
        "found": None,
    }


@for_kinds(*MANAGERS, Kind.PERSON)
@require_POST
def search_diary(request, case):
    """Words of the diary of one person. A POST that writes nothing, so that no address holds what was looked for."""
    row = case_or_404(request, case, still_open=False)
    typed = request.POST.get("q", "").replace("\x00", " ").strip()[:100]
    if not typed:
        return redirect("diary", row.pk)
    rows = DiaryEntry.objects.within(request.acting).of(row.subject_id).standing().newest_first()
    found = rows.filter(Q(text__icontains=typed) | Q(who__icontains=typed)).select_related("recorded_by", "corrects")
    entries = list(found[:MOST_FOUND])
    context = around(request, row) | {"typed": typed, "found": len(entries), "entries": entries}
    return render(
        request, "people/diary.html", context | {"form": None, "next_url": "", "corrected": False, "may_write": False}
    )


@for_kinds(*MANAGERS)
@writes
def correct_entry(request, entry):
    rows = DiaryEntry.objects.within(request.acting).standing().select_related("case__person")
    row = get_object_or_404(rows.filter(case__closed_on=None), pk=entry)
    form = CorrectionForm(
        request.POST or None,
        today=timezone.localdate(),
        initial={"kind": row.kind, "day": row.day, "who": row.who, "text": row.text},
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                diaries.correct(entry=row, **form.cleaned_data, by=request.acting, now=timezone.now())
        except IntegrityError:
            messages.info(request, _("Qualcuno ha appena corretto questa voce: guarda com’è adesso."))
        else:
            messages.success(request, _("Voce corretta."))
        return redirect("diary", row.case_id)
    context = {"person": row.case.person, "form": form, "title": _("Correggi una voce del diario")}
    return render(request, "people/form.html", context | {"label": _("Correggi")})


class DisclosureForm(forms.Form):
    day = NearDay(label=gettext_lazy("Giorno"))
    told_to = forms.CharField(label=gettext_lazy("A chi"), max_length=200)
    what = forms.CharField(
        label=gettext_lazy("Che cosa, in generale"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("L’argomento, non il contenuto: questa riga la leggono anche i colleghi."),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Per quale ragione"), choices=[CHOOSE, *SecretDisclosure.Reason.choices],
        error_messages={"required": gettext_lazy("Scegli una delle cinque ragioni del codice (art. 33).")},
    )  # fmt: skip
    person_told_on = NearDay(label=gettext_lazy("La persona lo sa dal"), required=False)
    not_told_because = forms.CharField(
        label=gettext_lazy("Oppure: perché non lo sa ancora"), max_length=300, required=False
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self):
        return past_day(self.cleaned_data["day"], today=self.today)

    def clean_person_told_on(self):
        return past_day(self.cleaned_data["person_told_on"], today=self.today)

    def clean(self):
        data = self.cleaned_data
        if "person_told_on" in self.errors:
            return data
        if not data.get("person_told_on") and not data.get("not_told_because", "").strip():
            self.add_error(
                "person_told_on",
                _("Le eccezioni al segreto si spiegano alla persona (R-SEG-02): scrivi quando, o perché non ancora."),
            )
        return data


class ToldForm(forms.Form):
    on = NearDay(label=gettext_lazy("La persona lo sa dal"))

    def __init__(self, *args, today, first, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.first = today, first

    def clean_on(self):
        return past_day(self.cleaned_data["on"], today=self.today, first=self.first)


@for_kinds(*MANAGERS, Kind.PERSON)
@writes
def disclosures(request, case):
    """The register of the secrets told: to whom, what in general, why, and that the person knows."""
    row = case_or_404(request, case, still_open=False)
    acting, today = request.acting, timezone.localdate()
    form = None
    if acting.may(Degree.DIARY, write=True):
        form = DisclosureForm(request.POST or None, today=today, initial={"day": today})
        if request.method == "POST" and form.is_valid():
            diaries.disclose(case=row, **form.cleaned_data, by=acting, now=timezone.now())
            messages.success(request, _("Scritto nel registro."))
            return redirect("disclosures", row.pk)
    rows = SecretDisclosure.objects.within(acting).of(row.subject_id).standing().newest_first()
    context = {"rows": list(rows.select_related("recorded_by")), "form": form}
    return render(request, "people/disclosures.html", context | around(request, row))


@for_kinds(*MANAGERS)
@writes
def disclosure_told(request, disclosure):
    rows = SecretDisclosure.objects.within(request.acting).standing().filter(person_told_on=None)
    row = get_object_or_404(rows.select_related("case__person"), pk=disclosure)
    today = timezone.localdate()
    form = ToldForm(request.POST or None, today=today, first=row.day, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        diaries.person_told(disclosure=row, on=form.cleaned_data["on"], by=request.acting, now=timezone.now())
        messages.success(request, _("Registrato: la persona lo sa."))
        return redirect("disclosures", row.case_id)
    context = {"person": row.case.person, "form": form, "title": _("La persona è stata informata")}
    return render(request, "people/form.html", context | {"label": _("Registra")})


def diary_line(*, acting, person, case, today, rows):
    if case is None or not acting.may(Degree.DIARY):
        return None
    days = [row.day for row in rows["diary"]]  # a hundred at most
    if not days:
        text = _("ancora niente: scrivi il primo contatto") if acting.kind != Kind.PERSON else _("ancora niente")
    else:
        text = ngettext("%(count)s contatto, l’ultimo il %(day)s", "%(count)s contatti, l’ultimo il %(day)s", len(days))
        text %= {"count": len(days) if len(days) < 100 else _("più di 99"), "day": numbers.day(days[0])}
    title = _("Il mio diario") if acting.kind == Kind.PERSON else _("Diario")
    return Line(title=title, text=text, url=reverse("diary", args=[case.pk]))


LINES.append(diary_line)
