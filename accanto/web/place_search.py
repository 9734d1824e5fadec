"""What a person asks of a place, in hours and lists: the page from which a search for places begins."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, not_for_you, writes
from accanto.cases.limits import FunctionalLimit
from accanto.territory.municipality import Municipality
from accanto.traineeships import place_search as searches
from accanto.traineeships.place import WEEK, Setting
from accanto.traineeships.place_search import NEEDS, PlaceSearch
from accanto.web.file_index import LINES, Line
from accanto.web.parts import numbers
from accanto.web.people import MANAGERS, WORKERS, MunicipalityField, case_or_404
from accanto.web.place_form import DAYS, Clock, choices

NAMES = 600  # letters of a list of municipalities
WISHES = 3


class MunicipalitiesField(forms.CharField):
    """Names of municipalities between commas; the value is their codes."""

    def __init__(self, **kwargs):
        super().__init__(max_length=NAMES, required=False, **kwargs)

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        named = dict(Municipality.objects.filter(pk__in=value).values_list("pk", "name"))
        return ", ".join(named.get(code, code) for code in value)

    def clean(self, value):
        found, one = [], MunicipalityField(required=False)
        wrong = []
        for name in dict.fromkeys(part.strip() for part in super().clean(value).split(",") if part.strip()):
            try:
                found.append(one.clean(name).pk)
            except ValidationError as error:
                wrong.append(f"«{name}»: {' '.join(error.messages)}")
        if wrong:
            raise ValidationError(wrong)
        return list(dict.fromkeys(found))


class SearchForm(forms.Form):
    max_minutes = forms.IntegerField(
        label=gettext_lazy("Viaggio, al più, in minuti"),
        min_value=1,
        max_value=240,
        required=False,
        help_text=gettext_lazy("Solo andata. Se lasci vuoto non si propone niente oltre i 90 minuti."),
    )
    only_in = MunicipalitiesField(
        label=gettext_lazy("Solo in questi comuni"), help_text=gettext_lazy("I nomi, separati da una virgola.")
    )
    never_in = MunicipalitiesField(label=gettext_lazy("Mai in questi comuni"))
    needs = choices(
        gettext_lazy("Che cosa le serve sul posto"),
        NEEDS,
        gettext_lazy("Ciò che il luogo deve avere, o che l’ospitante può fare: mai perché."),
    )
    first_wish = forms.ChoiceField(label=gettext_lazy("Dove vorrebbe, prima di tutto"), required=False)
    second_wish = forms.ChoiceField(label=gettext_lazy("Poi"), required=False)
    third_wish = forms.ChoiceField(label=gettext_lazy("E poi"), required=False)
    refuses = choices(gettext_lazy("Dove non vuole"), Setting.choices)
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priorità per l’équipe"),
        choices=PlaceSearch.Priority.choices,
        coerce=int,
        required=False,
        empty_value=0,
        help_text=gettext_lazy("Conta dove i posti non bastano: scegli «urgente» di rado."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first_wish", "second_wish", "third_wish"):
            self.fields[name].choices = [("", "—"), *Setting.choices]
        for number, name in enumerate(DAYS):
            self.fields[f"from_{number}"] = Clock(label=_("%(day)s, dalle") % {"day": name})
            self.fields[f"to_{number}"] = Clock(label=_("%(day)s, alle") % {"day": name})

    @property
    def by_day(self):
        return [(name, self[f"from_{number}"], self[f"to_{number}"]) for number, name in enumerate(DAYS)]

    def clean(self):
        data = self.cleaned_data
        for number in range(WEEK):
            first, last = data.get(f"from_{number}"), data.get(f"to_{number}")
            if f"from_{number}" in self.errors or f"to_{number}" in self.errors:
                continue
            if (first is None) != (last is None):
                self.add_error(f"to_{number}", _("Scrivi da che ora a che ora, o niente."))
            elif first is not None and last <= first:
                self.add_error(f"to_{number}", _("Deve essere dopo l’ora d’inizio."))
        wishes = [data.get(name) for name in ("first_wish", "second_wish", "third_wish") if data.get(name)]
        if len(set(wishes)) < len(wishes):
            self.add_error("second_wish", _("Scegli ogni ambito una volta sola."))
        if both := set(wishes) & set(data.get("refuses", [])):
            words = ", ".join(str(dict(Setting.choices)[one]) for one in sorted(both))
            self.add_error("refuses", _("È anche fra quelli dove vorrebbe: %(words)s.") % {"words": words})
        if set(data.get("only_in") or ()) & set(data.get("never_in") or ()):
            self.add_error("never_in", _("Un comune non può essere in tutti e due gli elenchi."))
        return data

    def asked(self):
        """As `place_search.describe` takes it."""
        data = self.cleaned_data
        begins, ends = ([data[f"{word}_{number}"] for number in range(WEEK)] for word in ("from", "to"))
        said = any(moment is not None for moment in begins)
        wishes = (data["first_wish"], data["second_wish"], data["third_wish"])
        return {
            "max_minutes": data["max_minutes"],
            "out_from": begins if said else [],
            "out_to": ends if said else [],
            "only_in": data["only_in"],
            "never_in": data["never_in"],
            "needs": data["needs"],
            "wishes": [one for one in wishes if one],
            "refuses": data["refuses"],
            "priority": data["priority"] or 0,
        }


def initial_of(search):
    if search is None:
        return {}
    values = {name: getattr(search, name) for name in searches.FIELDS}
    for number, (first, last) in enumerate(zip(search.out_from, search.out_to, strict=True)):
        values[f"from_{number}"], values[f"to_{number}"] = first, last
    values |= dict(zip(("first_wish", "second_wish", "third_wish"), search.wishes, strict=False))
    return values


def standing_search(acting, case):
    rows = PlaceSearch.objects.within(acting).of(case.subject_id).standing().filter(case=case)
    return rows.select_related("recorded_by").first()


@for_kinds(*WORKERS)
@writes
def place_search(request, case):
    row = case_or_404(request, case, still_open=False)
    may_write = request.acting.kind in MANAGERS and row.closed_on is None
    if request.method == "POST" and not may_write:
        return not_for_you(request)
    search, today = standing_search(request.acting, row), timezone.localdate()
    form = SearchForm(request.POST if request.method == "POST" else None, initial=initial_of(search))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                searches.describe(case=row, by=request.acting, now=timezone.now(), **form.asked())
        except IntegrityError:
            form.add_error(None, _("Qualcuno l’ha scritta in questo momento: riapri la pagina."))
        else:
            messages.success(request, _("Ricerca registrata: vale dai prossimi abbinamenti."))
            return redirect("place_search", row.pk)
    limits = FunctionalLimit.objects.within(request.acting).of(row.subject_id).standing().filter(case=row)
    spoken = [
        limit
        for limit in limits.filter(kind__in=("timetable", "place"), valid_from__lte=today)
        if limit.valid_to is None or limit.valid_to >= today
    ]
    context = {
        "case": row,
        "person": row.person,
        "search": search,
        "pairs": definitions_of(search) if search else [],
        "spoken": spoken,
        "form": form,
        "may_write": may_write,
    }
    return render(request, "traineeships/place_search.html", context, status=422 if form.errors else 200)


def definitions_of(search):
    """What is asked, for who reads it and does not write it."""
    places = dict(Municipality.objects.filter(pk__in=[*search.only_in, *search.never_in]).values_list("pk", "name"))
    settings, needs = dict(Setting.choices), dict(NEEDS)
    hours = [
        f"{DAYS[number]} {first:%-H:%M}–{last:%-H:%M}"
        for number, (first, last) in enumerate(zip(search.out_from, search.out_to, strict=True))
        if first is not None
    ]
    return [
        (_("Viaggio, al più, in minuti"), str(search.max_minutes or "–")),
        (_("Può stare fuori"), ", ".join(hours) or _("a qualunque ora")),
        (_("Solo in questi comuni"), ", ".join(places.get(code, code) for code in search.only_in) or "–"),
        (_("Mai in questi comuni"), ", ".join(places.get(code, code) for code in search.never_in) or "–"),
        (_("Che cosa le serve sul posto"), ", ".join(str(needs[one]) for one in search.needs) or "–"),
        (_("Dove vorrebbe"), ", ".join(str(settings[one]) for one in search.wishes) or "–"),
        (_("Dove non vuole"), ", ".join(str(settings[one]) for one in search.refuses) or "–"),
        (_("Priorità per l’équipe"), search.get_priority_display()),
    ]


def index_line(acting, person, case, today, rows):
    if acting.kind not in WORKERS or case is None:
        return None
    search = next((row for row in rows["place_searches"] if row.case_id == case.pk), None)
    may_write = acting.kind in MANAGERS and case.closed_on is None
    if search is None and not may_write:
        return None
    url = reverse("place_search", args=[case.pk])
    if search is None:
        return Line(_("Ricerca di un posto"), _("Ore, luoghi e preferenze da cui si propongono i posti."), url)
    return Line(
        _("Ricerca di un posto"),
        _("Scritta il %(day)s.") % {"day": numbers.day(timezone.localdate(search.recorded_at))},
        url,
    )


LINES.append(index_line)
