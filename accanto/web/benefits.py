"""A person's ADI and SFL: every term with what the law says of it, what was done, and the next act with one press."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, not_for_you, writes
from accanto.access.role import Degree, Kind
from accanto.cases import benefit as benefits
from accanto.cases.benefit import FACTS_OF, AlreadyRecorded, Benefit, BenefitFact, BenefitSituation, courses
from accanto.cases.case import Case
from accanto.norms.benefit_course import STATES
from accanto.norms.findings import GRADE_WORDS
from accanto.norms.inclusion_allowance import disadvantage as disadvantage_says
from accanto.people.person import Person
from accanto.people.registry import Registry
from accanto.web.file_index import LINES, Line
from accanto.web.parts import numbers
from accanto.web.parts.forms import DayField
from accanto.web.people import MANAGERS, past_day
from accanto.web.templatetags.parts import local

K = BenefitFact.Kind
ADVICE = "R-ADI-07"
BEGIN = (K.PAD_SIGNED, K.RENEWAL_ASKED)
FURTHEST = dt.timedelta(days=366)
FIRST_DAY = dt.date(2023, 9, 1)  # SFL begins; ADI the January after
TONES = {
    "in_term": "progress",
    "met": "ok",
    "suspended": "stopped",
    "lapsed": "stopped",
    "terms_suspended": "attention",
    "exempt": "neutral",
    "ended": "neutral",
}
# what one press records today, by the act that meets a term
PRESSES = {
    "met": gettext_lazy("Incontro fatto oggi e registrato in GePI"),
    "gepi": gettext_lazy("Registrato oggi in GePI"),
    "service_pact_signed": gettext_lazy("Patto firmato oggi"),
    "confirmed": gettext_lazy("Confermata oggi"),
    "breach_reported": gettext_lazy("Segnalato oggi"),
}
ASKS_DAY = {"convened": gettext_lazy("Convoca per il giorno"), "pad_signed": gettext_lazy("PAD firmato il giorno")}


def choices():
    return [
        (label, [(f"{benefit}-{kind}", K(kind).label) for kind in FACTS_OF[benefit]])
        for benefit, label in Benefit.choices
    ]


class FactForm(forms.Form):
    what = forms.ChoiceField(label=gettext_lazy("Che cosa è successo"))
    day = DayField(label=gettext_lazy("Il giorno"))
    gepi_on = DayField(
        label=gettext_lazy("Registrato in GePI il"),
        required=False,
        help_text=gettext_lazy("Solo per un incontro. È la registrazione che informa l’INPS (R-ADI-06)."),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Motivo dell’assenza"),
        required=False,
        choices=[("", gettext_lazy("nessun giustificato motivo")), *BenefitFact.Reason.choices],
        help_text=gettext_lazy("Solo per un’assenza: senza motivo è decadenza (DL 48/2023 art. 8 c. 6)."),
    )
    unchanged = forms.BooleanField(
        label=gettext_lazy("Il nucleo è rimasto uguale"),
        required=False,
        help_text=gettext_lazy("Solo per un rinnovo: i 120 giorni partono dalla domanda, senza un nuovo PAD."),
    )

    def __init__(self, *args, today, facts, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.facts = today, facts
        self.fields["what"].choices = [("", _("scegli")), *choices()]

    def clean(self):
        data = self.cleaned_data
        if not data.get("what") or not data.get("day"):
            return data
        benefit, _sign, kind = data["what"].partition("-")
        data["benefit"], data["kind"], day = benefit, kind, data["day"]
        self.check_day(kind, day)
        self.check_order(benefit, kind, day)
        self.check_details(kind, day, data)
        return data

    def check_day(self, kind, day):
        last = self.today + FURTHEST if kind == K.CONVENED else self.today
        if day > last:
            self.add_error("day", _("Non può essere dopo il %(day)s.") % {"day": numbers.day(last)})
        if day < FIRST_DAY:
            said = _("ADI e SFL cominciano dopo il %(day)s: controlla l’anno.") % {"day": numbers.day(FIRST_DAY)}
            self.add_error("day", said)

    def check_order(self, benefit, kind, day):
        of_benefit = [fact for fact in self.facts if fact.benefit == benefit]
        if kind not in (*BEGIN, K.FIRST_PAYMENT) and not any(
            fact.kind in BEGIN and fact.day <= day for fact in of_benefit
        ):
            self.add_error(
                "what", _("Prima registra la firma del PAD o il rinnovo: i termini partono da lì (R-ADI-02, R-ADI-24).")
            )
        if kind == K.ABSENT and not any(fact.kind == K.CONVENED and fact.day == day for fact in of_benefit):
            self.add_error(
                "day",
                _("Per quel giorno non c’è una convocazione: registra prima per quando erano convocati (R-ADI-05)."),
            )
        if any(fact.kind == kind and fact.day == day for fact in of_benefit):
            self.add_error("what", _("C’è già, per lo stesso giorno: se è sbagliato, ritiralo e riscrivilo."))

    def check_details(self, kind, day, data):
        recorded = data.get("gepi_on")
        if recorded and kind != K.MET:
            self.add_error("gepi_on", _("Vale solo per un incontro: lascia vuoto."))
        elif recorded and not day <= recorded <= self.today:
            self.add_error("gepi_on", _("Va fra il giorno dell’incontro e oggi."))
        if data.get("reason") and kind != K.ABSENT:
            self.add_error("reason", _("Vale solo per un’assenza: lascia vuoto."))
        if data.get("unchanged") and kind != K.RENEWAL_ASKED:
            self.add_error("unchanged", _("Vale solo per un rinnovo: togli la spunta."))


class SituationForm(forms.Form):
    exempt = forms.BooleanField(
        label=gettext_lazy("Esente dai 90 giorni, con un documento"),
        required=False,
        help_text=gettext_lazy(
            "Disabilità certificata per l’ISEE o percorso di protezione. Il motivo non si scrive qui. "
            "Chi ha 60 anni o più è esente da sé."
        ),
    )
    only_adult_with_minors = forms.BooleanField(
        label=gettext_lazy("Unico adulto con minori in obbligo scolastico"),
        required=False,
        help_text=gettext_lazy(
            "Tiene i 90 giorni anche se esente per età o disabilità; non chi è in un percorso di protezione."
        ),
    )


@dataclass(frozen=True)
class ShownStep:
    """A term as the page shows it; `press` is the label of the button that meets it today, `asks_day` that of the one
    that wants a day."""

    title: str
    word: str
    tone: str
    due: dt.date | None
    overdue: bool
    advised: bool
    sayings: list
    what: str
    press: str = ""
    asks_day: str = ""
    fact: int | None = None  # the meeting that GePI does not know yet


def shown_steps(benefit, course, facts, today):
    found = []
    unrecorded = next((f.pk for f in reversed(facts) if f.kind == K.MET and f.gepi_on is None), None)
    twice = any(step.advised for step in course.steps)  # the advice has a term of its own
    for step in sorted(course.steps, key=lambda step: (not step.pending, step.term.due or dt.date.max)):
        said = [finding for finding in step.term.findings if step.advised or not twice or finding.code != ADVICE]
        overdue = bool(step.pending and step.term.due < today and not step.advised)
        open_still = step.term.status in ("in_term", "suspended", "terms_suspended") or step.name == "new_pad"
        found.append(
            ShownStep(
                title=local(step.title),
                # a term gone by that no rule turns into a suspension is late, whatever the course still says
                word=_("in ritardo") if overdue and step.term.status == "in_term" else local(STATES[step.term.status]),
                tone="attention" if overdue and step.term.status == "in_term" else TONES[step.term.status],
                due=step.term.due,
                overdue=overdue,
                advised=step.advised,
                sayings=[saying(finding) for finding in said],
                what=f"{benefit}-{step.act}",
                press=PRESSES.get(step.act, "") if open_still else "",
                asks_day=ASKS_DAY.get(step.act, "") if open_still else "",
                fact=unrecorded if step.act == "gepi" else None,
            )
        )
    return found


def saying(finding):
    """What a rule says, its article and how it was read."""
    return {
        "sentence": local(finding.sentence),
        "way_out": local(finding.way_out),
        "source": finding.source,
        "code": finding.code,
        "link": finding.link,
        "grade": local(GRADE_WORDS[finding.grade]),
    }


def facts_of(acting, subject):
    rows = BenefitFact.objects.within(acting).of(subject).standing().with_bearing()
    return list(rows.order_by("day", "id"))


@for_kinds(*MANAGERS, Kind.PERSON)
@writes
def benefits_page(request, subject):
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=subject)
    may_write = request.acting.may(Degree.BENEFITS, write=True)
    case = Case.objects.within(request.acting).of(subject).order_by("-opened_on", "-id").first()
    may_write = may_write and case is not None and case.closed_on is None
    today, facts = timezone.localdate(), facts_of(request.acting, subject)
    form = FactForm(None, today=today, facts=facts, initial={"day": today})
    if request.method == "POST":
        if not may_write:
            return not_for_you(request)
        done = ACTS.get(request.POST.get("do"), record_fact)(request, case, facts, today)
        if not isinstance(done, forms.Form):
            return redirect("benefits", subject)
        form = done
    context = page_of(request, person=person, case=case, facts=facts, today=today, form=form, may_write=may_write)
    return render(request, "people/benefits.html", context)


def page_of(request, *, person, case, facts, today, form, may_write):
    found = courses(facts, on=today)
    situations = BenefitSituation.objects.within(request.acting).of(person.subject_id).standing()
    situation = situations.first()
    parts = []
    for benefit, course in found.items():
        own = [fact for fact in facts if fact.benefit == benefit]
        parts.append(
            {
                "label": benefit.label,
                "word": local(STATES[course.state]),
                "tone": TONES[course.state],
                "steps": shown_steps(benefit, course, own, today),
                "missed": benefits.untold_appointment(course, own, on=today),
            }
        )
    return {
        "person": person,
        "case": case,
        "parts": parts,
        "facts": [*reversed(facts)],
        "situation": situation,
        "situation_form": SituationForm(
            initial={
                "exempt": bool(situation and situation.exempt),
                "only_adult_with_minors": bool(situation and situation.only_adult_with_minors),
            },
            prefix="s",
        ),
        "form": form,
        "may_write": may_write,
        "today": today,
    }


def record_fact(request, case, facts, today):
    form = FactForm(request.POST, today=today, facts=facts)
    if not form.is_valid():
        return form
    data = form.cleaned_data
    try:
        with transaction.atomic():
            benefits.record(
                case=case,
                benefit=data["benefit"],
                kind=data["kind"],
                day=data["day"],
                reason=data["reason"],
                unchanged=data["unchanged"],
                gepi_on=data["gepi_on"],
                by=request.acting,
                now=timezone.now(),
            )
    except (AlreadyRecorded, IntegrityError):
        form.add_error("what", _("Qualcuno l’ha appena registrato."))
        return form
    messages.success(request, _("Registrato. I termini sono aggiornati."))
    return None


def chosen_fact(request, facts):
    """The fact a button names, among those of this person that stand; None if it stands no more."""
    return next((fact for fact in facts if str(fact.pk) == request.POST.get("fact")), None)


def gepi_today(request, case, facts, today):
    row = chosen_fact(request, facts)
    if row is None or row.kind != K.MET or row.gepi_on:
        messages.info(request, _("L’incontro è già in GePI, o non c’è più."))
        return
    benefits.enter_in_gepi(row=row, on=today, by=request.acting, now=timezone.now())
    messages.success(request, _("Segnato: registrato in GePI oggi."))


def withdraw_fact(request, case, facts, today):
    row = chosen_fact(request, facts)
    if row is None:
        messages.info(request, _("Non c’è più: qualcuno l’ha già ritirato."))
        return
    benefits.withdraw(row=row, by=request.acting, now=timezone.now())
    messages.success(request, _("Ritirato: resta nella storia, i termini non ne tengono più conto."))


def write_situation(request, case, facts, today):
    form = SituationForm(request.POST, prefix="s")
    form.is_valid()
    benefits.set_situation(case=case, by=request.acting, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Registrato."))


ACTS = {"gepi": gepi_today, "withdraw": withdraw_fact, "situation": write_situation}


# --- the condition of disadvantage ------------------------------------------------------------------------------------

LETTERS = [
    ("", gettext_lazy("scegli")),
    ("a", gettext_lazy("a) disturbi mentali, in carico a servizi sociosanitari")),
    ("b", gettext_lazy("b) in carico e con disabilità certificata, con cure integrate")),
    ("c", gettext_lazy("c) dipendenze, in programmi non residenziali")),
    ("d", gettext_lazy("d) vittima di tratta")),
    ("e", gettext_lazy("e) vittima di violenza di genere")),
    ("f", gettext_lazy("f) ex detenuti nel primo anno, o in misura alternativa o lavoro esterno")),
    ("g", gettext_lazy("g) fragilità sociali, in accoglienza o emergenza abitativa")),
    ("h", gettext_lazy("h) senza dimora, in povertà")),
    ("i", gettext_lazy("i) 18-21 anni, fuori dalla famiglia per provvedimento")),
]
CERTIFIERS = [
    ("", gettext_lazy("non ancora")),
    ("public_health_service", gettext_lazy("servizio sanitario o sociosanitario pubblico")),
    ("public_social_service", gettext_lazy("servizio sociale pubblico")),
    ("third_sector", gettext_lazy("ente del Terzo settore")),
]
YES_NO = [("", gettext_lazy("non so")), ("yes", gettext_lazy("sì")), ("no", gettext_lazy("no"))]


class DisadvantageForm(forms.Form):
    letter = forms.ChoiceField(label=gettext_lazy("Condizione (DM 154/2023 art. 5 c. 3)"), choices=LETTERS)
    in_charge = forms.ChoiceField(
        label=gettext_lazy("C’è un programma di cura in corso"), choices=YES_NO, required=False
    )
    certified_by = forms.ChoiceField(label=gettext_lazy("Chi certifica"), choices=CERTIFIERS, required=False)
    disability_percent = forms.IntegerField(
        label=gettext_lazy("Disabilità certificata, in percento"), min_value=0, max_value=100, required=False
    )
    sentence_ended_on = DayField(label=gettext_lazy("Fine della pena"), required=False)
    outside_measure = forms.BooleanField(
        label=gettext_lazy("Misura alternativa o lavoro esterno in corso"), required=False
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_sentence_ended_on(self):
        day = self.cleaned_data["sentence_ended_on"]
        return day and past_day(day, today=self.today)

    def findings(self, *, today, age):
        if not self.is_valid():
            return []
        data = self.cleaned_data
        return disadvantage_says(
            letter=data["letter"],
            on=today,
            certified_by=data["certified_by"] or None,
            in_charge={"yes": True, "no": False}.get(data["in_charge"]),
            disability_percent=data["disability_percent"],
            sentence_ended_on=data["sentence_ended_on"],
            outside_measure=data["outside_measure"],
            age=age,
        )


@for_kinds(*MANAGERS)
@writes
def disadvantage(request, subject):
    """Whether a condition of disadvantage would hold, and who must certify it. Nothing is kept of what is asked."""
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=subject)
    registry, today = Registry.objects.within(request.acting).of(subject).first(), timezone.localdate()
    form = DisadvantageForm(request.POST or None, today=today)
    found = form.findings(today=today, age=registry.age_on(today) if registry else None) if form.is_bound else []
    context = {"person": person, "form": form, "found": found, "title": _("Che cosa dice la norma")}
    template = "parts/findings_only.html" if "HX-Request" in request.headers else "people/disadvantage.html"
    return render(request, template, context)


# --- the file and the day ---------------------------------------------------------------------------------------------


def index_line(acting, person, case, today, rows):
    if not acting.may(Degree.BENEFITS):
        return None
    facts = rows["benefit_facts"]
    if not facts and (case is None or case.closed_on or not acting.may(Degree.BENEFITS, write=True)):
        return None
    url, title = reverse("benefits", args=[person.subject_id]), _("ADI e SFL")
    if not facts:
        return Line(title, _("Niente di registrato: comincia dalla firma del PAD."), url)
    told, warn = [], False
    for benefit, course in courses(facts, on=today).items():
        words = local(STATES[course.state])
        if step := course.next:
            due = numbers.day(step.term.due)
            words += " · " + _("%(what)s entro il %(day)s") % {"what": local(step.title), "day": due}
            warn = warn or (step.term.due < today and not step.advised)
        warn = warn or course.state in ("suspended", "lapsed")
        told.append(f"{benefit.upper()}: {words}")
    return Line(title, "; ".join(told) or _("Termini non ancora cominciati."), url, warn)


LINES.append(index_line)
