"""The assessment in six domains and its versions compared; the two domains the employment operator keeps up to date."""

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.door import for_kinds, writes
from accanto.access.installation import is_demonstration
from accanto.access.role import Degree, Kind
from accanto.cases import assessment as assessments
from accanto.cases.assessment import Assessment, AssessmentDomain
from accanto.cases.domain_scale import ANCHORS
from accanto.cases.icf import CHAPTERS, OF_HEALTH
from accanto.norms.cases import missing_domains
from accanto.norms.complexity import suggested
from accanto.people.person import Person
from accanto.web.file_index import LINES, Line
from accanto.web.parts import numbers, scores
from accanto.web.parts.forms import DayField
from accanto.web.parts.table import Column, Table
from accanto.web.people import MANAGERS, case_or_404, past_day
from accanto.web.writing import Writing

LONGEST = 8000
UNSCORED = ("", gettext_lazy("non valutato"))
SHORT = {
    "personal": gettext_lazy("persona"),
    "economic": gettext_lazy("economia"),
    "work": gettext_lazy("lavoro"),
    "education": gettext_lazy("formazione"),
    "housing": gettext_lazy("casa"),
    "networks": gettext_lazy("reti"),
}
PARTS = ("text", "score", "note", "icf")
LAW = {"personal": "personal_social"}  # the sheet's name of a domain, where it is another
HINTS = {
    "personal": gettext_lazy("Come sta, che cosa sa fare da sola, che cosa le pesa."),
    "economic": gettext_lazy("Di che cosa vive la famiglia, debiti, sostegni che riceve."),
    "work": gettext_lazy("Lavori fatti, che cosa vorrebbe fare, limiti di orario e di luogo."),
    "education": gettext_lazy("Titolo di studio, corsi, lingua, patente, uso del computer."),
    "housing": gettext_lazy("Dove vive, con quale titolo, per quanto ancora."),
    "networks": gettext_lazy("Chi le sta vicino, chi dipende da lei, chi può aiutare."),
}


def scores_of(domain):
    """The points of the scale with what each means in that domain."""
    return [UNSCORED, *((point, f"{point}: {words}") for point, words in ANCHORS[domain].items())]


class ChaptersField(forms.CharField):
    """Chapters of the ICF by code or by a word of their title, one after the other with commas: «d8, mobilità»."""

    def __init__(self, *, domain, **kwargs):
        hidden = domain in AssessmentDomain.EMPLOYABILITY
        self.allowed = [code for code in CHAPTERS if not (hidden and code in OF_HEALTH)]
        self.hidden = hidden
        super().__init__(
            label=_("Capitoli ICF, se servono"),
            required=False,
            max_length=300,
            widget=forms.TextInput(attrs={"list": f"icf-{'work' if hidden else 'all'}", "autocomplete": "off"}),
            **kwargs,
        )

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value):
        found, wrong = [], []
        for part in (super().clean(value) or "").split(","):
            words = part.strip().lower()
            if not words:
                continue
            code = words.split()[0].rstrip(":")
            like = [one for one in CHAPTERS if words in str(CHAPTERS[one]).lower()]
            chosen = code if code in CHAPTERS else like[0] if len(like) == 1 else None
            if chosen is None:
                wrong.append(part.strip())
            elif chosen not in self.allowed:
                raise ValidationError(
                    _("%(code)s parla di salute, e questa dimensione la legge anche il centro per l’impiego: scrivilo "
                      "nelle condizioni personali."),
                    params={"code": chosen},
                )  # fmt: skip
            elif chosen not in found:
                found.append(chosen)
        if wrong:
            raise ValidationError(
                _("Non è un capitolo dell’ICF: %(wrong)s. Scrivi un codice come d8, o una parola del titolo."),
                params={"wrong": ", ".join(wrong)[:200]},
            )
        return found


class AssessmentForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Tipo"), choices=Assessment.Kind.choices)
    day = DayField(label=gettext_lazy("Giorno del colloquio"))
    outcome = forms.ChoiceField(
        label=gettext_lazy("Esito"),
        choices=[("", gettext_lazy("scegli")), *Assessment.Outcome.choices],
        help_text=gettext_lazy(
            "Bisogno complesso: valuta l’équipe (D.Lgs. 147/2017 art. 5 c. 3; DL 48/2023 art. 6 c. 2). "
            "Solo lavoro: la persona va al centro per l’impiego (art. 5 c. 5)."
        ),
    )

    def __init__(self, *args, today, first, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.first = today, first
        for value, label in AssessmentDomain.Domain.choices:
            self.fields[f"{value}_text"] = forms.CharField(
                label=label.capitalize(),
                required=False,
                max_length=LONGEST,
                help_text=HINTS[value],
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.fields[f"{value}_score"] = forms.TypedChoiceField(
                label=gettext_lazy("Da 1 a 5"), required=False, choices=scores_of(value), coerce=int, empty_value=None
            )
            self.fields[f"{value}_note"] = forms.CharField(
                label=gettext_lazy("Nota"), required=False, max_length=LONGEST
            )
            self.fields[f"{value}_icf"] = ChaptersField(domain=value)

    def clean_day(self):
        return past_day(self.cleaned_data["day"], today=self.today, first=self.first)

    def clean(self):
        if not self.errors and not any(self.domains().values()):
            raise ValidationError(_("Scrivi almeno una delle sei dimensioni: il resto si può completare dopo."))
        return self.cleaned_data

    def domains(self):
        found = {}
        for value in AssessmentDomain.Domain.values:
            parts = {name: self.cleaned_data.get(f"{value}_{name}") for name in PARTS}
            found[value] = parts if any(parts.values()) else {}
        return found

    def groups(self):
        """The six domains as the page shows them, each with its fields."""
        return [
            (label, [self[f"{value}_{part}"] for part in PARTS]) for value, label in AssessmentDomain.Domain.choices
        ]

    def findings(self, *, on):
        """What the scores suggest, and which domains an in-depth assessment has not looked at yet."""
        found = {domain: parts for domain, parts in self.domains().items() if parts}
        scores = {domain: parts["score"] for domain, parts in found.items() if parts["score"]}
        said = list(suggested(scores=scores, on=on).findings)
        if self.cleaned_data.get("kind") == Assessment.Kind.IN_DEPTH:
            said += missing_domains(assessed={LAW.get(domain, domain) for domain in found}, on=on)
        return said


def domains_of(assessment, acting):
    rows = AssessmentDomain.objects.within(acting).of(assessment.subject_id).standing()
    return {row.domain: row for row in rows.filter(assessment=assessment)}


def starting_from(assessment, acting):
    """The standing assessment as the beginning of the next: nothing is asked twice."""
    initial = {}
    for domain, row in domains_of(assessment, acting).items():
        initial |= {f"{domain}_{part}": getattr(row, part) for part in PARTS[:-1]}
        initial[f"{domain}_icf"] = ", ".join(row.icf)
    return initial


@for_kinds(*MANAGERS)
@writes
def new_assessment(request, case):
    row = case_or_404(request, case)
    today = timezone.localdate()
    standing = Assessment.objects.within(request.acting).of(row.subject_id).standing().filter(case=row)
    last = standing.order_by("-day", "-id").first()
    initial = {"day": today, "kind": Assessment.Kind.PRELIMINARY}
    if last:
        initial |= starting_from(last, request.acting) | {"kind": last.kind, "outcome": last.outcome}
    referral_day = row.referral_id and row.referral.received_on
    first = min(row.opened_on, referral_day) if referral_day else row.opened_on
    writing = Writing(request, about=row.pk, standing=initial, form=partial(AssessmentForm, today=today, first=first))
    form = writing.form
    if writing.ready():
        data = form.cleaned_data
        assessments.assess(
            case=row,
            kind=data["kind"],
            day=data["day"],
            outcome=data["outcome"],
            domains={domain: found for domain, found in form.domains().items() if found},
            by=request.acting,
            now=timezone.now(),
        )
        writing.done()
        messages.success(request, _("Valutazione registrata. Ora il progetto, con le parole della persona."))
        return redirect("write_plan", row.pk)
    context = {
        "case": row,
        "person": row.person,
        "form": form,
        "last": last,
        "writing": writing,
        "chapters": CHAPTERS,
        "findings": form.findings(on=today) if form.is_bound else suggestion_of(form.initial, on=today),
    }
    return render(request, "people/assessment_form.html", context)


def suggestion_of(initial, *, on):
    """What the scores the form begins with suggest; those of a draft are texts."""
    scored = {domain: str(initial.get(f"{domain}_score") or "") for domain in AssessmentDomain.Domain.values}
    scores_now = {domain: int(text) for domain, text in scored.items() if text in {"1", "2", "3", "4", "5"}}
    return suggested(scores=scores_now, on=on).findings


@for_kinds(*MANAGERS)
@writes
def assessment_findings(request, case):
    """What the scores so far suggest, beside the form; the outcome is chosen by who assesses."""
    row, today = case_or_404(request, case), timezone.localdate()
    form = AssessmentForm(request.POST, today=today, first=row.opened_on)
    form.is_valid()
    context = {"found": form.findings(on=today), "title": _("Che cosa suggeriscono i punteggi")}
    return render(request, "parts/findings_only.html", context)


@for_kinds(*MANAGERS, Kind.PERSON)
def assessment(request, assessment):
    row = get_object_or_404(
        Assessment.objects.within(request.acting).select_related("case__person", "recorded_by"), pk=assessment
    )
    rows = AssessmentDomain.objects.within(request.acting).of(row.subject_id).filter(assessment=row)
    held = {domain.domain: domain for domain in rows.order_by("recorded_at", "id")}
    context = {
        "assessment": row,
        "person": row.case.person,
        "domains": [(label, shown_domain(held.get(value))) for value, label in AssessmentDomain.Domain.choices],
    }
    return render(request, "people/assessment.html", context)


def shown_domain(row):
    """A domain with the meaning of its score and the titles of its chapters; None stays None."""
    if row is None:
        return None
    meaning = f"{row.score}: {ANCHORS[row.domain][row.score]}" if row.score else ""
    return {"row": row, "meaning": meaning, "icf": [f"{code} {CHAPTERS[code]}" for code in row.icf if code in CHAPTERS]}


# --- versions ---------------------------------------------------------------------------------------------------------


class Versions:
    """All the assessments of a case, corrected ones too, each with the domains as it last had them."""

    def __init__(self, acting, case):
        rows = Assessment.objects.within(acting).of(case.subject_id).filter(case=case)
        self.rows = list(rows.select_related("recorded_by").order_by("day", "id"))
        self.told = {row.pk: [] for row in self.rows}
        domains = AssessmentDomain.objects.within(acting).of(case.subject_id).filter(assessment__in=self.rows)
        for domain in domains.order_by("recorded_at", "id"):
            self.told[domain.assessment_id].append(domain)

    def held(self, row):
        return {domain.domain: domain for domain in self.told[row.pk]}

    def chosen(self, asked, *, otherwise):
        """The version an address names by its number, or the one proposed."""
        return next((row for row in self.rows if str(row.pk) == asked), otherwise)

    def before(self, row):
        """The version to compare one with: the last of its kind before it, or the last of any kind."""
        earlier = self.rows[: self.rows.index(row)]
        return next((one for one in reversed(earlier) if one.kind == row.kind), earlier[-1] if earlier else row)

    def scores(self):
        """{domain: [(day, score)]}: the day of the talk, or that of the correction of one domain alone."""
        found = {value: {} for value in AssessmentDomain.Domain.values}
        for row in self.rows:
            seen = set()
            for domain in self.told[row.pk]:
                day = timezone.localdate(domain.recorded_at) if domain.domain in seen else row.day
                seen.add(domain.domain)
                if domain.score:
                    found[domain.domain][day] = domain.score
        return {domain: sorted(points.items()) for domain, points in found.items()}


@for_kinds(*MANAGERS, Kind.PERSON)
def assessments_page(request, case):
    """The versions side by side: what changed, the two shapes on one radar, the scores in time."""
    row = case_or_404(request, case, still_open=False)
    versions = Versions(request.acting, row)
    context = {"case": row, "person": row.person, "versions": versions.rows}
    if versions.rows:
        last = versions.rows[-1]
        second = versions.chosen(request.GET.get("second"), otherwise=last)
        first = versions.chosen(request.GET.get("first"), otherwise=versions.before(second))
        context |= comparison(versions, first, second)
    return render(request, "people/assessments.html", context)


def comparison(versions, first, second):
    synthetic = is_demonstration()
    one, other = versions.held(first), versions.held(second)
    same = first == second
    lines = []
    for value, label in AssessmentDomain.Domain.choices:
        old, new = one.get(value), other.get(value)
        lines.append(
            {
                "label": label.capitalize(),
                "old": shown_domain(old),
                "new": shown_domain(new),
                "change": "" if same else change_of(old, new),
            }
        )
    names = [version_name(first), version_name(second)]
    axes = [str(SHORT[value]) for value in AssessmentDomain.Domain.values]
    shapes = [
        scores.Version(name, [held[value].score if value in held else None for value in AssessmentDomain.Domain.values])
        for name, held in zip(names, (one, other), strict=True)
    ]
    shapes = shapes[1:] if same else shapes
    title = _("I punteggi di due versioni") if not same else _("I punteggi")
    table = Table(
        caption=title,
        columns=[Column(_("Dimensione")), *(Column(shape.name, "number") for shape in shapes)],
        rows=[[axis, *(shape.values[n] for shape in shapes)] for n, axis in enumerate(axes)],
        synthetic=synthetic,
    )
    told = versions.scores()
    in_time = _("I punteggi nel tempo")
    return {
        "first": first,
        "second": second,
        "names": names,
        "same": same,
        "lines": lines,
        "outcome_changed": first.outcome != second.outcome,
        "radar": scores.radar(axes=axes, versions=shapes, top=5, title=title, synthetic=synthetic),
        "radar_table": table,
        "in_time": scores.score_panels(
            panels=[(str(SHORT[value]), points) for value, points in told.items()],
            top=5,
            title=in_time,
            synthetic=synthetic,
        ),
        "in_time_table": Table(
            caption=in_time,
            columns=[Column(_("Dimensione")), Column(_("Dal giorno"), "day"), Column(_("Punteggio"), "number")],
            rows=[[str(SHORT[value]), day, score] for value, points in told.items() for day, score in points],
            synthetic=synthetic,
        ),
    }


def version_name(row):
    return f"{row.get_kind_display().capitalize()}, {numbers.day(row.day)}"


def change_of(old, new):
    """What is different, in words; empty where nothing is."""
    if old is None and new is None:
        return ""
    if old is None:
        return _("nuova")
    if new is None:
        return _("non più valutata")
    if old.score and new.score and old.score != new.score:
        words = _("migliora da %(old)s a %(new)s") if new.score > old.score else _("peggiora da %(old)s a %(new)s")
        return words % {"old": old.score, "new": new.score}
    different = (old.text, old.note, old.score, sorted(old.icf)) != (new.text, new.note, new.score, sorted(new.icf))
    return _("riscritta") if different else ""


def index_line(acting, person, case, today, rows):
    if not acting.may(Degree.ASSESSMENT) or case is None:
        return None
    count = sum(row.case_id == case.pk for row in rows["assessment_versions"])
    if not count:
        return None
    words = ngettext("%(count)s versione", "%(count)s versioni, da confrontare", count) % {"count": count}
    return Line(_("Valutazioni nel tempo"), words, reverse("assessments", args=[case.pk]))


LINES.append(index_line)


# --- one domain alone -------------------------------------------------------------------------------------------------


class DomainForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Che cosa emerge"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    score = forms.TypedChoiceField(
        label=gettext_lazy("Da 1 a 5"), required=False, choices=[UNSCORED], coerce=int, empty_value=None
    )
    note = forms.CharField(label=gettext_lazy("Nota"), required=False, max_length=LONGEST)

    def __init__(self, *args, domain, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["score"].choices = scores_of(domain)


@for_kinds(*MANAGERS, Kind.EMPLOYMENT_OPERATOR)
@writes
def revise_domain(request, domain):
    """One domain corrected alone: what was there stays readable under it."""
    rows = AssessmentDomain.objects.within(request.acting).standing()
    row = get_object_or_404(rows.filter(domain__in=AssessmentDomain.EMPLOYABILITY), pk=domain)
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=row.subject_id)
    initial = {part: getattr(row, part) for part in ("text", "score", "note")}
    writing = Writing(request, about=row.pk, standing=initial, form=partial(DomainForm, domain=row.domain))
    form = writing.form
    if writing.ready():
        assessments.revise_domain(row=row, by=request.acting, now=timezone.now(), **form.cleaned_data)
        writing.done()
        messages.success(request, _("Aggiornato. La versione di prima resta nella storia."))
        return redirect("person", row.subject_id)
    context = {"person": person, "form": form, "title": row.get_domain_display().capitalize(), "label": _("Registra")}
    return render(request, "people/form.html", context | {"writing": writing})
