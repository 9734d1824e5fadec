"""The law as the system knows it, for everybody: each number with its days, its source, how sure it is, the functions
that use it and the worked cases that try it; and two calculators."""

import functools
from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accanto.norms import closed_lists, durations, questions, rule_index, staffing, traineeships, worked_cases
from accanto.norms.findings import GRADE_WORDS, Grade, blocks
from accanto.norms.reader import in_force
from accanto.norms.sheet_file import sheets
from accanto.norms.text import shown
from accanto.norms.traineeship_facts import Kind, MonthFacts, TraineeshipFacts
from accanto.norms.vocabulary import EXPECTED, RESULTS, VALUES
from accanto.territory.municipality import search_key
from accanto.web.parts.forms import DayField, EuroField, HoursField, plain_decimal
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.templatetags.parts import local

assert questions  # importing the questions imports every rule, so that the index of the functions is whole

UNITS = {
    "months": _("mesi"),
    "days": _("giorni"),
    "working_days": _("giorni lavorativi"),
    "years": _("anni"),
    "year": _("anno"),
    "hours": _("ore"),
    "hours_per_week": _("ore la settimana"),
    "hours_per_month": _("ore al mese"),
    "percent": _("%"),
    "ratio": _("rapporto"),
    "euro": _("euro"),
    "euro_per_month": _("euro al mese"),
    "euro_per_year": _("euro l’anno"),
    "euro_per_hour": _("euro l’ora"),
    "euro_per_day": _("euro al giorno"),
    "euro_range": _("euro, da e a"),
    "people": _("persone"),
    "residents": _("residenti"),
    "bodies": _("enti"),
    "units": _("unità a tempo pieno"),
    "day_of_month": _("giorno del mese"),
    "month_day": _("giorno dell’anno"),
}
TONES = {
    Grade.VERIFIED: ("ok", "it-check-circle"),
    Grade.SECONDARY: ("progress", "it-link"),
    Grade.UNVERIFIED: ("attention", "it-warning-circle"),
    Grade.DESIGN: ("neutral", "it-tool"),
}


ITALIAN = {english: italian for italian, english in VALUES.items() if isinstance(english, str)} | closed_lists.ITALIAN


def value_text(value, unit=""):
    """A value as a reader of the language expects it, with its unit; what was looked for and not found says so."""
    if value is None:
        return str(_("cercato e non trovato"))
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {value_text(one)}" for key, one in value.items())
    if isinstance(value, tuple):
        return ", ".join(value_text(one) for one in value)
    english = (get_language() or "it").startswith("en")
    words = shown(value, "en" if english else "it")
    if isinstance(value, str):  # the closed lists of the sheets are kept in code words
        words = (words if english else ITALIAN.get(words, words)).replace("_", " ")
    return f"{words} {UNITS[unit]}" if unit in UNITS else words


def grade(found):
    tone, icon = TONES[found]
    return {"word": local(GRADE_WORDS[found].as_dict()), "tone": tone, "icon": icon}


def line(entry, today):
    """A parameter as a row: the value in force today, or the first one to come."""
    dated = entry.on(today) or entry.values[0]
    return {
        "code": entry.code,
        "name": entry.name,
        "description": local(entry.description.as_dict()),
        "value": value_text(dated.value, entry.unit),
        "grade": grade(dated.grade),
        "source": dated.source,
        "link": dated.link,
        "since": dated.since,
    }


def sought(entry, text):
    """Whether every word typed stands in the code, the name, the description or the sources."""
    told = [entry.code, entry.name, entry.description.it, entry.description.en, *(d.source for d in entry.values)]
    hay = search_key(" ".join(told))
    return all(word in hay for word in search_key(text).split())


@login_not_required
@require_safe
def norms(request):
    """Every parameter, by sheet; the filters are in the address, so that a search can be sent to a colleague."""
    today = timezone.localdate()
    regime, wanted, text = (request.GET.get(name, "")[:100] for name in ("regime", "grade", "q"))
    book = sheets()
    found = []
    for sheet in book:
        if regime and sheet.regime != regime:
            continue
        rows = [
            line(entry, today)
            for entry in sheet.parameters
            if (not wanted or (entry.on(today) or entry.values[0]).grade == wanted) and sought(entry, text)
        ]
        if rows:
            found.append(
                {"title": local(sheet.title.as_dict()), "note": sheet.note, "rows": rows, "regime": sheet.regime}
            )
    context = {
        "sheets": found,
        "count": sum(len(sheet["rows"]) for sheet in found),
        "regimes": [(sheet.regime, local(sheet.title.as_dict())) for sheet in book],
        "grades": [(one.value, local(GRADE_WORDS[one].as_dict())) for one in Grade],
        "regime": regime,
        "grade": wanted,
        "q": text,
    }
    return render(request, "norms/norms.html", context)


@login_not_required
@require_safe
def parameter(request, name):
    """One parameter: its values by day, who uses it, the cases that try it."""
    entry = sheets().by_name.get(name)
    if entry is None:
        raise Http404
    today = timezone.localdate()
    in_force_now = entry.on(today)
    context = {
        "entry": entry,
        "title": local(entry.description.as_dict()),
        "values": [
            {
                "since": dated.since,
                "value": value_text(dated.value, entry.unit),
                "grade": grade(dated.grade),
                "sources": dated.sources,
                "read_on": dated.read_on,
                "note": local(dated.note.as_dict()) if dated.note else "",
                "now": dated is in_force_now,
            }
            for dated in reversed(entry.values)
        ],
        "used_by": rule_index.used_by(entry.code),
        "cases": [case_shown(case) for case in cases_by_code().get(entry.code, ())],
    }
    return render(request, "norms/parameter.html", context)


@functools.cache
def cases_by_code():
    """The shipped cases under each code they name, read once by each process."""
    found = {}
    for case in worked_cases.shipped():
        for code in case.codes:
            found.setdefault(code, []).append(case)
    return found


def case_shown(case):
    return {
        "name": case.name,
        "where": case.where,
        "facts": [(key, value_text(value)) for key, value in case.facts.items()],
        "expected": [(expected_word(key), value_text(value)) for key, value in case.expected.items()],
    }


def expected_word(key):
    """What is expected, named as whoever writes a case in the reader's language names it."""
    if (get_language() or "it").startswith("en"):
        return RESULTS.get(key, key)
    return next((word for word, name in EXPECTED.items() if name == key), key)


class ResidentsField(forms.IntegerField):
    """200000, 200.000 and 200 000 are the same number; a number box would take the second for 200."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value):
        return super().to_python(plain_decimal(value) if isinstance(value, str) else value)


class StaffingForm(forms.Form):
    residents = ResidentsField(label=_("Residenti della zona"), min_value=1, max_value=10_000_000)
    fte = forms.DecimalField(
        label=_("Assistenti sociali a tempo indeterminato, in tempo pieno"),
        help_text=_("La media dell’anno: per esempio 22,25."),
        min_value=0,
        max_value=100_000,
        decimal_places=4,
        max_digits=9,
        localize=True,
    )


@login_not_required
@require_safe
def staffing_calculator(request):
    form = StaffingForm(request.GET or None)
    context = {"form": form, "answered": bool(request.GET) and form.is_valid()}
    if context["answered"]:
        on = timezone.localdate()
        found = staffing.contribution(**form.cleaned_data, on=on)
        context |= {
            "found": found,
            "rows": rows_table(found.rows),
            "thresholds": zip(staffing.residents_per_worker(on=on).values(), found.thresholds, strict=True),
        }
    return render(request, "norms/staffing_calculator.html", context)


class MonthHoursField(HoursField):
    def __init__(self, **kwargs):
        most = {"max_value": _("In un mese non ci sono più di %(limit_value)s ore.")}
        super().__init__(max_value=744, max_digits=6, required=False, error_messages=most, **kwargs)


class TraineeshipForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Tipo"),
        choices=[("TIS", _("Tirocinio di inclusione sociale (TIS)")), ("TNC", _("Tirocinio non curriculare (TNC)"))],
    )
    start = DayField(label=_("Primo giorno"))
    end = DayField(label=_("Ultimo giorno previsto"))
    mode = forms.ChoiceField(
        label=_("Indennità"),
        choices=[("hourly", _("a ore, con il massimo mensile")), ("monthly", _("somma mensile concordata"))],
    )
    hours = MonthHoursField(label=_("Ore fatte in un mese"))
    planned = MonthHoursField(label=_("Ore previste in quel mese"))
    rate = EuroField(label=_("Euro l’ora, se a ore"), required=False, max_digits=8)
    monthly = EuroField(label=_("Euro al mese, se concordati"), required=False, max_digits=8)


@login_not_required
@require_safe
def traineeship_calculator(request):
    form = TraineeshipForm(request.GET or None)
    context = {"form": form, "answered": bool(request.GET) and form.is_valid()}
    if context["answered"]:
        data = form.cleaned_data
        facts = TraineeshipFacts(kind=Kind(data["kind"]), start=data["start"], end=data["end"])
        numbers = in_force(data["start"])
        longest = durations.ordinary_longest if facts.kind is Kind.TNC else durations.longest
        found = [*durations.dates_in_order(facts, numbers), *durations.shortest(facts, numbers)]
        if facts.start <= facts.end:
            found += longest(facts, facts.end, numbers)
        context |= {"found": found, "blocked": blocks(found), "allowance": None}
        if data["hours"] is not None or data["monthly"] is not None:
            context["allowance"] = traineeships.month_allowance(
                MonthFacts(
                    kind=facts.kind,
                    month=data["start"],
                    start=data["start"],
                    end=max(data["start"], data["end"]),
                    allowance_mode=data["mode"],
                    hours_done=data["hours"],
                    planned_hours=data["planned"],
                    presence_percent=presence(data["hours"], data["planned"]),
                    allowance_hourly=data["rate"],
                    allowance_monthly=data["monthly"],
                )
            )
            context["allowance_blocked"] = blocks(context["allowance"].findings)
            context["rows"] = rows_table(context["allowance"].rows)
    return render(request, "norms/traineeship_calculator.html", context)


def rows_table(rows):
    """The lines of a computation, each with the rule it comes from."""
    return Table(
        caption=gettext("Come si arriva alla somma"),
        columns=[
            Column(gettext("Voce")),
            Column(gettext("Quantità"), "number"),
            Column(gettext("Euro"), "euro"),
            Column(gettext("Regola")),
        ],
        rows=[
            [local(row.label), row.quantity.quantize(Decimal("0.0001")), row.amount, Cell(row.code, note=row.source)]
            for row in rows
        ],
    )


def presence(done, planned):
    return (done * 100 / planned).quantize(Decimal("0.01")) if done is not None and planned else None
