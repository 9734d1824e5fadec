"""One person, two files: seen while one types, gone through as a short list, looked at side by side, tied and untied;
and whether the service of another zone knows the person, asked of the service itself."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.gathering import ASKING, Part
from accanto.access.role import Degree
from accanto.cases.case import Case
from accanto.people import duplicate, enquiry, fiscal_code, link
from accanto.people import protected_address as protection
from accanto.people.duplicate import Comparison
from accanto.people.enquiry import Enquiry
from accanto.people.link import Link
from accanto.people.person import Person
from accanto.people.registry import Registry, holder_of
from accanto.web.due import Due
from accanto.web.file_index import LINES, Line
from accanto.web.law_beside import no_reason
from accanto.web.parts.forms import DayField
from accanto.web.parts.keyset import whole_number
from accanto.web.people import MANAGERS, past_day

SHOWN = 20  # pairs of the list on one page


def day_typed(text):
    try:
        return DayField(required=False).clean(text[:20])
    except ValidationError:
        return None


def alike_in(request):
    """Who of the zone may be who is being typed in."""
    typed = {name: request.POST.get(name, "").replace("\x00", " ")[:80] for name in ("family_name", "given_name")}
    if not all(typed.values()):
        return []
    born = day_typed(request.POST.get("birth_date", ""))
    code = code_typed(request)
    return duplicate.alike(acting=request.acting, birth_date=born or (code.birth_date if code else None), **typed)


def code_typed(request):
    try:
        return fiscal_code.read(request.POST.get("fiscal_code", "")[:40])
    except fiscal_code.WrongFiscalCode:
        return None


@for_kinds(*MANAGERS)
@require_POST
def same_person(request):
    """While one types: who in the zone may be the same person, and whether one may ask beyond it. Writes nothing."""
    return render(request, "people/same_person.html", same_person_context(request, alike_in(request)))


def same_person_context(request, found):
    code = code_typed(request)
    holder = holder_of(fiscal_code=code.code, zone_id=request.acting.zone_id) if code else None
    return {
        "found": with_cases(request.acting, found) if found else [],
        "sure": any(one.sure for one in found),
        "different": "different" in request.POST,
        "may_ask": code is not None and holder is None,
    }


def looked_at(request, found):
    """Whether somebody may be registered: nobody is surely alike, or it was said that they are different people."""
    return "different" in request.POST or not any(one.sure for one in found)


def remember_different(person, found, *, by, now):
    """Whom the worker has just said to be somebody else is not proposed again."""
    for one in found:
        if one.sure:
            duplicate.compare(person=person, other=one.person, verdict="different", by=by, now=now)


def with_cases(acting, found):
    subjects = [one.person.subject_id for one in found]
    rows = Case.objects.within(acting).filter(subject_id__in=subjects).select_related("manager")
    cases = {case.subject_id: case for case in rows.order_by("opened_on", "id")}
    return [(one, cases.get(one.person.subject_id)) for one in found]


@for_kinds(*MANAGERS)
@writes
@require_POST
def known_elsewhere(request):
    """The one thing said of people of other zones: which service knows who has this fiscal code. Each question is
    logged and there are only so many."""
    code, zones, too_many = code_typed(request), [], False
    if code:
        try:
            zones = enquiry.known_elsewhere(code.code)
        except enquiry.TooManyError:
            too_many = True
    return render(request, "people/known_elsewhere.html", {"code": code, "zones": zones, "too_many": too_many})


@for_kinds(*MANAGERS)
@writes
def duplicates(request):
    """The pairs of the zone that may be one person, the likeliest first, and what to do of each."""
    acting = request.acting
    if request.method == "POST":
        one, other = (person_or_404(request, request.POST.get(name, "")) for name in ("one", "other"))
        verdict = request.POST.get("verdict", "")
        if verdict in Comparison.Verdict.values and one != other:
            duplicate.compare(person=one, other=other, verdict=verdict, by=acting, now=timezone.now())
        return redirect("duplicates")
    pairs = duplicate.queue(acting.zone_id)
    shown = pairs[:SHOWN]
    subjects = {subject for pair in shown for subject in (pair.one, pair.other)}
    people = {row.subject_id: row for row in Person.objects.within(acting).filter(subject_id__in=subjects)}
    rows = Registry.objects.within(acting).filter(subject_id__in=subjects).select_related("municipality")
    registry = {row.subject_id: row for row in rows}
    context = {
        "count": len(pairs),
        "most": duplicate.MOST,
        "pairs": [
            (
                pair,
                duplicate.WHY[pair.why],
                [(people[s], registry.get(s) or Registry()) for s in (pair.one, pair.other)],
            )
            for pair in shown
        ],
    }
    return render(request, "people/duplicates.html", context)


def person_or_404(request, text):
    return get_object_or_404(Person.objects.within(request.acting), subject_id=whole_number(text) or 0)


class TieForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Perché sono la stessa persona"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Per esempio: visto il documento, il codice era scritto male."),
    )
    first = forms.ChoiceField(label=gettext_lazy("Quale scheda si mostra per prima"), widget=forms.RadioSelect)

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first"].choices = choices


class UntieForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Perché si separano"), max_length=200)


@for_kinds(*MANAGERS)
@writes
def side_by_side(request, subject, other):
    """Two files of the zone beside each other: all that tells whether they are one person, and the tie between them."""
    acting, now = request.acting, timezone.now()
    person = get_object_or_404(Person.objects.within(acting), subject_id=subject)
    second = get_object_or_404(Person.objects.within(acting).exclude(subject_id=subject), subject_id=other)
    tied = link.linked_to(person).filter(subject_id=second.subject_id).exists()
    choices = [(str(one.subject_id), label(one, n)) for n, one in enumerate((person, second), 1)]
    tie, untie = TieForm(choices=choices, initial={"first": str(subject)}), UntieForm()
    what = request.POST.get("do", "")
    if request.method == "POST" and what == "tie" and not tied:
        tie = TieForm(request.POST, choices=choices)
        sealed = next((one for one in (person, second) if one.contacts_sealed), None)
        if sealed and not acting.may(Degree.PROTECTED, write=True):
            # what protects the one must protect the other, and who ties them could not write it
            tie.add_error(
                None, _("Una delle due schede ha recapiti riservati: le collega un assistente sociale della zona.")
            )
        elif tie.is_valid():
            first = person if tie.cleaned_data["first"] == str(subject) else second
            link.tie(person=person, other=second, first=first, reason=tie.cleaned_data["reason"], by=acting, now=now)
            if sealed:
                protection.seal_the_tied(person=sealed, on=timezone.localdate(now), by=acting, now=now)
            messages.success(request, _("Le due schede sono collegate: restano entrambe e contano per una persona."))
            return redirect("side_by_side", subject, other)
    elif request.method == "POST" and what == "untie" and tied:
        untie = UntieForm(request.POST)
        if untie.is_valid():
            link.untie(person=second, reason=untie.cleaned_data["reason"], by=acting, now=now)
            messages.success(request, _("Le due schede sono separate."))
            return redirect("side_by_side", subject, other)
    elif request.method == "POST" and what == "first" and tied:
        link.show_first(person=second if request.POST.get("first") == str(other) else person, by=acting, now=now)
        return redirect("side_by_side", subject, other)
    elif request.method == "POST":
        return redirect("side_by_side", subject, other)
    links = {row.subject_id: row for row in Link.objects.within(acting).live().filter(subject_id__in=(subject, other))}
    context = {
        "person": person,
        "second": second,
        "tied": tied,
        "columns": [column(acting, one, links.get(one.subject_id)) for one in (person, second)],
        "tie": tie,
        "untie": untie,
    }
    return render(request, "people/side_by_side.html", context, status=422 if tie.errors or untie.errors else 200)


def label(person, n):
    return _("scheda %(n)s: %(name)s") % {"n": n, "name": f"{person.family_name} {person.given_name}"}


def column(acting, person, tie):
    row = Registry.objects.within(acting).of(person.subject_id).select_related("municipality").first() or Registry()
    cases = Case.objects.within(acting).of(person.subject_id).select_related("manager").order_by("-opened_on", "-id")
    return {"person": person, "registry": row, "case": cases.first(), "link": tie}


# --- other zones -----------------------------------------------------------------------------------------------------


class AskForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Perché chiedi"),
        max_length=300,
        help_text=gettext_lazy("Lo legge il servizio dell’altra zona. Non scrivere della salute né della situazione."),
        validators=[no_reason],
    )


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("Risposta"), choices=Enquiry.Answer.choices[1:], widget=forms.RadioSelect
    )
    agreed_on = DayField(
        label=gettext_lazy("La persona è d’accordo dal"),
        required=False,
        help_text=gettext_lazy("Si risponde sì solo se la persona è d’accordo che i due servizi si parlino."),
    )

    def clean(self):
        agreed = self.cleaned_data.get("agreed_on")
        if self.cleaned_data.get("answer") == Enquiry.Answer.YES and not agreed and "agreed_on" not in self.errors:
            self.add_error("agreed_on", _("Per un sì scrivi da quando la persona è d’accordo; altrimenti rispondi no."))
        if agreed:
            try:
                past_day(agreed, today=timezone.localdate())
            except ValidationError as mistake:
                self.add_error("agreed_on", mistake)
        return self.cleaned_data


@for_kinds(*MANAGERS)
@writes
def enquiries(request, subject):
    """What services of other zones asked and were asked about a person."""
    acting, now = request.acting, timezone.now()
    person = get_object_or_404(Person.objects.within(acting), subject_id=subject)
    rows = Enquiry.objects.within(acting).of(subject).select_related("other_zone", "asked_by", "answered_by")
    ask, form = AskForm(), AnswerForm()
    row = Registry.objects.within(acting).of(subject).exclude(fiscal_code="").first()
    what = request.POST.get("do", "")
    if request.method == "POST" and what == "ask" and row:
        ask = AskForm(request.POST)
        if ask.is_valid() and asked(request, person, ask.cleaned_data["why"], now):
            return redirect("enquiries", subject)
    elif request.method == "POST" and what == "answer":
        waiting = get_object_or_404(rows.waiting(), pk=whole_number(request.POST.get("enquiry", "")) or 0)
        form = AnswerForm(request.POST)
        if form.is_valid():
            enquiry.answer(enquiry=waiting, by=acting, now=now, **form.cleaned_data)
            messages.success(request, _("Risposta mandata."))
            return redirect("enquiries", subject)
    elif request.method == "POST" and what == "read":
        news = get_object_or_404(rows.news(), pk=whole_number(request.POST.get("enquiry", "")) or 0)
        enquiry.read(enquiry=news, by=acting, now=now)
        return redirect("enquiries", subject)
    context = {
        "person": person,
        "has_code": row is not None,
        "received": list(rows.received()),
        "sent": list(rows.sent()),
        "ask": ask,
        "form": form,
    }
    return render(request, "people/enquiries.html", context, status=422 if ask.errors or form.errors else 200)


def asked(request, person, why, now):
    try:
        count = enquiry.ask(person=person, why=why, by=request.acting, now=now)
    except enquiry.TooManyError:
        messages.error(request, _("Hai già fatto molte domande: riprova più tardi. Il limite protegge le persone."))
        return False
    if count:
        sentence = ngettext("Chiesto a %(count)s servizio.", "Chiesto a %(count)s servizi.", count) % {"count": count}
        messages.success(request, sentence)
    else:
        messages.info(request, _("Nessun altro servizio risulta conoscerla, o lo si è già chiesto."))
    return True


def of_others():
    """The open cases of the same person that somebody else manages."""
    cases = Case.objects.within(ASKING).open().filter(subject_id=OuterRef("subject_id"))
    return cases.exclude(manager=ASKING.user)


# what waits between services: questions about one's own cases or nobody's, and answers to read
ENQUIRIES = Part(
    Degree.CASE,
    Enquiry.objects.within(ASKING)
    .filter(
        Q(side=Enquiry.Side.RECEIVED, answer="") & ~Exists(of_others())
        | Q(side=Enquiry.Side.SENT, seen_at=None, asked_by=ASKING.user) & ~Q(answer="")
    )
    .annotate(zone_name=F("other_zone__name"))
    .order_by("asked_at", "id"),
    most=20,
    write=True,
)


def enquiries_due(rows, people):
    return [
        Due(
            title=_("Il servizio di %(zone)s chiede di una persona") % {"zone": row.zone_name}
            if row.side == Enquiry.Side.RECEIVED
            else _("Il servizio di %(zone)s ha risposto") % {"zone": row.zone_name},
            what=gettext_lazy("domande fra servizi"),
            person=people[row.subject_id],
            since=timezone.localdate(row.answered_at or row.asked_at),
            url=reverse("enquiries", args=[row.subject_id]),
            label=_("Rispondi") if row.side == Enquiry.Side.RECEIVED else _("Leggi"),
        )
        for row in rows
    ]


def link_line(*, acting, person, case, today, rows):
    """The other files of the same human being."""
    if acting.kind not in MANAGERS:
        return None
    if not rows["links"]:
        return None
    others = list(link.linked_to(person).select_related("subject__person").order_by("-shown_first", "id"))
    if not others:
        return None
    names = ", ".join(str(row.subject.person) for row in others)
    text = _("%(names)s: si legge prima quella") if others[0].shown_first else _("%(names)s: questa si legge per prima")
    url = reverse("side_by_side", args=[person.subject_id, others[0].subject_id])
    return Line(_("Schede collegate"), text % {"names": names}, url)


def enquiry_line(*, acting, person, case, today, rows):
    """What is going on with the services of other zones."""
    if acting.kind not in MANAGERS:
        return None
    enquiries = rows["enquiries"]
    prefetch_related_objects(enquiries, "other_zone")
    waiting = next((row for row in enquiries if row.side == "received" and not row.answer), None)
    url = reverse("enquiries", args=[person.subject_id])
    if waiting:
        sentence = _("il servizio di %(zone)s chiede: aspetta una risposta") % {"zone": waiting.other_zone}
        return Line(_("Altri servizi"), sentence, url, warn=True)
    if enquiries:
        told = {"zone": enquiries[0].other_zone, "answer": enquiries[0].get_answer_display()}
        return Line(_("Altri servizi"), _("%(zone)s: %(answer)s") % told, url)
    return Line(_("Altri servizi"), _("chiedi se la conosce un’altra zona"), url)


LINES += [link_line, enquiry_line]
