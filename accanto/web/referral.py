"""From the first word about a person to the answer of the zone's team."""

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.organisation import Organisation
from accanto.access.role import Degree, Kind
from accanto.cases import referral as referrals
from accanto.cases.case import Case
from accanto.cases.received_referral import ReceivedReferral
from accanto.cases.referral import Referral, ReferralOrigin
from accanto.cases.referral_wait import ReferralWait
from accanto.people import fiscal_code, registry
from accanto.people import person as people
from accanto.people.person import Person
from accanto.people.registry import Registry
from accanto.people.search import code_in
from accanto.territory.municipality import Municipality
from accanto.web.duplicates import alike_in, looked_at, remember_different, same_person_context
from accanto.web.file_index import LINES, Line
from accanto.web.parts import numbers
from accanto.web.parts.forms import DayField
from accanto.web.people import MANAGERS, WORKERS, MunicipalityField, past_day
from accanto.web.writing import Writing

BODIES = (Organisation.Kind.THIRD_SECTOR_BODY, Organisation.Kind.HEALTH_AUTHORITY, Organisation.Kind.EMPLOYMENT_CENTRE)


def fiscal_code_field(help_text=""):
    """Checked while one types: the form says where to ask (`hx-post`), its page has the place of the answer."""
    return forms.CharField(
        label=gettext_lazy("Codice fiscale"),
        max_length=30,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "hx-trigger": "change",
                "hx-target": "#fiscal-code-says",
                "hx-include": "closest form",
            }
        ),
    )


class IdentityFields(forms.Form):
    """Who the person is: the fiscal code, where there is one, fills in birth, place and sex."""

    family_name = forms.CharField(label=gettext_lazy("Cognome"), max_length=80)
    given_name = forms.CharField(label=gettext_lazy("Nome"), max_length=80)
    fiscal_code = fiscal_code_field(help_text=gettext_lazy("Riempie da solo data, luogo di nascita e sesso."))
    birth_date = DayField(label=gettext_lazy("Data di nascita"), required=False)
    sex = forms.ChoiceField(
        label=gettext_lazy("Sesso"),
        required=False,
        choices=[("", gettext_lazy("dal codice fiscale")), *Registry.Sex.choices],
    )
    municipality = MunicipalityField(
        label=gettext_lazy("Comune di residenza"), required=False, help_text=gettext_lazy("Bastano le prime lettere.")
    )
    phone = forms.CharField(label=gettext_lazy("Telefono"), max_length=40, required=False)
    email = forms.EmailField(label=gettext_lazy("Posta elettronica"), max_length=254, required=False)

    def __init__(self, *args, zone_id, today, subject=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone_id, self.today, self.subject, self.code = zone_id, today, subject, None
        self.fields["fiscal_code"].widget.attrs["hx-post"] = reverse("fiscal_code")

    def clean_fiscal_code(self):
        typed = self.cleaned_data["fiscal_code"]
        if not typed:
            return ""
        try:
            self.code = fiscal_code.read(typed)
        except fiscal_code.WrongFiscalCode as mistake:
            raise ValidationError(str(mistake)) from None
        holder = registry.holder_of(fiscal_code=self.code.code, zone_id=self.zone_id, but=self.subject)
        if holder:
            raise ValidationError(already_known(holder.person))
        return self.code.code

    def clean_birth_date(self):
        return past_day(self.cleaned_data["birth_date"], today=self.today)

    def clean(self):
        if self.code and not self.code.provisional:
            self.warnings = fiscal_code.cautions(
                self.code,
                given_name=self.cleaned_data.get("given_name", ""),
                family_name=self.cleaned_data.get("family_name", ""),
                birth_date=self.cleaned_data.get("birth_date"),
                sex=self.cleaned_data.get("sex", ""),
            )
        else:
            self.warnings = []
        return self.cleaned_data

    def registry_data(self):
        """What goes in the registry: typed data first, then what the code says."""
        data, code = self.cleaned_data, self.code
        return {
            "fiscal_code": data["fiscal_code"],
            "birth_date": data["birth_date"] or (code and code.birth_date),
            "birth_place": (code and code.birth_place) or "",
            "sex": data["sex"] or (code.sex if code else ""),
            "municipality": data["municipality"],
        }

    def contact_data(self):
        return {name: self.cleaned_data[name] for name in ("given_name", "family_name", "phone", "email")}


class OriginFields(forms.Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("Chi segnala"), choices=[("", gettext_lazy("scegli")), *ReferralOrigin.Channel.choices]
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(kind__in=BODIES),
        label=gettext_lazy("Ente"),
        required=False,
        empty_label=gettext_lazy("non in elenco"),
    )
    need = forms.CharField(
        label=gettext_lazy("Perché"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("In due righe: che cosa chiede la persona e che cosa vede chi segnala."),
    )
    received_on = DayField(label=gettext_lazy("Ricevuta il"))

    def clean_received_on(self):
        return past_day(self.cleaned_data["received_on"], today=self.today)


class NewReferral(OriginFields, IdentityFields):
    """Who refers after who the person is: fields come in the reverse order of the bases."""


class AnotherReferral(OriginFields):
    """For somebody the zone already knows: nothing of who they are is asked again."""

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today


def already_known(person):
    return format_html(
        '{} <a href="{}">{}</a>',
        _("Questo codice fiscale è già nella zona: apri il fascicolo di"),
        reverse("person", args=[person.subject_id]),
        person,
    )


def warn(request, form):
    for _field, sentence in form.warnings:
        messages.warning(request, sentence)


def names_in(text):
    """A guess at surname and name, in the order lists use, to be corrected by hand; or the fiscal code looked for."""
    if code := code_in(text):
        return {"fiscal_code": code}
    family, _space, given = text.replace("\x00", " ").strip()[:100].rpartition(" ")
    return {"family_name": (family or given).title(), "given_name": given.title() if family else ""}


@for_kinds(*MANAGERS)
@writes
def new_referral(request):
    """A referral for somebody not yet known. A search that found nobody begins it with the name it was given."""
    today = timezone.localdate()
    begun = "begun_from" in request.POST
    writing = Writing(
        request,
        proposed={"received_on": today} | (names_in(request.POST["begun_from"]) if begun else {}),
        form=partial(NewReferral, zone_id=request.acting.zone_id, today=today),
        begins=begun,
    )
    form = writing.form
    alike = alike_in(request) if form.is_bound else []
    if form.is_bound and form.is_valid() and not looked_at(request, alike):
        form.add_error(None, _("Forse è già nella zona: guarda le persone qui sotto, o di’ che non è nessuna di loro."))
    elif writing.ready():
        try:
            with transaction.atomic():
                referral = receive(form, by=request.acting, now=timezone.now())
                remember_different(referral.person, alike, by=request.acting, now=timezone.now())
        except IntegrityError:
            # somebody else wrote the same fiscal code in the meantime
            form.add_error("fiscal_code", _("Qualcuno ha appena registrato questo codice fiscale: cerca la persona."))
        else:
            writing.done()
            warn(request, form)
            messages.success(request, _("Segnalazione registrata. Ora puoi rispondere."))
            return redirect("referral", referral.pk)
    context = {"form": form, "writing": writing, "municipalities": Municipality.objects.values_list("name", flat=True)}
    context |= same_person_context(request, alike)
    return render(request, "people/new_referral.html", context)


def receive(form, *, by, now):
    person = people.register(zone_id=by.zone_id, by=by, now=now, **form.contact_data())
    registry.record(person=person, by=by, now=now, **form.registry_data())
    return refer_with(form, person=person, by=by, now=now)


def refer_with(form, *, person, by, now):
    origin = {name: form.cleaned_data[name] for name in ("channel", "need", "received_on", "organisation")}
    return referrals.refer(person=person, by=by, now=now, **origin)


@for_kinds(*MANAGERS)
@writes
def another_referral(request, subject):
    """A referral for somebody the zone knows, who has neither one waiting nor an open case."""
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=subject)
    waiting = Referral.objects.within(request.acting).of(subject).waiting().first()
    if waiting:
        return redirect("referral", waiting.pk)
    if Case.objects.within(request.acting).of(subject).open().exists():
        messages.info(request, _("La persona è già in carico: non serve una segnalazione."))
        return redirect("person", subject)
    today = timezone.localdate()
    form = AnotherReferral(request.POST or None, today=today, initial={"received_on": today})
    if request.method == "POST" and form.is_valid():
        referral = refer_with(form, person=person, by=request.acting, now=timezone.now())
        messages.success(request, _("Segnalazione registrata. Ora puoi rispondere."))
        return redirect("referral", referral.pk)
    return render(request, "people/form.html", {
        "person": person, "form": form, "title": _("Nuova segnalazione"), "label": _("Registra la segnalazione"),
    })  # fmt: skip


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Perché non si accoglie"), choices=[("", gettext_lazy("scegli")), *Referral.Reason.choices]
    )


@for_kinds(*MANAGERS)
@writes
def referral(request, referral):
    """A referral and its answer: take in charge, or not, with the reason."""
    row = get_object_or_404(Referral.objects.within(request.acting).select_related("person"), pk=referral)
    form = DeclineForm(request.POST or None)
    if request.method == "POST":
        if row.outcome:
            messages.info(request, _("A questa segnalazione si è già risposto."))
            return redirect("referral", row.pk)
        if form.is_valid():
            referrals.answer(
                referral=row,
                outcome=Referral.Outcome.NOT_ACCEPTED,
                reason=form.cleaned_data["reason"],
                on=timezone.localdate(),
                by=request.acting,
                now=timezone.now(),
            )
            messages.success(request, _("Risposta registrata: segnalazione non accolta."))
            return redirect("person", row.subject_id)
    origin = ReferralOrigin.objects.within(request.acting).of(row.subject_id).filter(referral=row)
    context = {
        "referral": row,
        "person": row.person,
        "origin": origin.select_related("organisation").first(),
        "received": ReceivedReferral.objects.within(request.acting).filter(triage__referral=row).with_body(),
        "form": form,
        "wait": ReferralWait.objects.within(request.acting).of(row.subject_id).live().filter(referral=row).first(),
        "in_charge": Case.objects.within(request.acting).of(row.subject_id).open().exists(),
    }
    return render(request, "people/referral.html", context)


@for_kinds(*WORKERS, Kind.REFERRER)
@require_POST
def fiscal_code_says(request):
    """While one types: what the code says, or what is wrong with it. Writes nothing. Who refers reads no registry, and
    so learns nothing of whom the zone knows."""
    context = {"code": None, "mistake": ""}
    if typed := request.POST.get("fiscal_code", "").strip()[:40]:
        try:
            context["code"] = fiscal_code.read(typed)
        except fiscal_code.WrongFiscalCode as mistake:
            context["mistake"] = mistake
        else:
            zone, reads = request.acting.zone_id, request.acting.may(Degree.REGISTRY)
            holder = registry.holder_of(fiscal_code=context["code"].code, zone_id=zone) if reads else None
            shown = str(holder.subject_id) if holder else ""
            context["holder"] = holder.person if holder and shown != request.POST.get("subject", "") else None
    return render(request, "people/fiscal_code.html", context)


def referral_line(*, acting, person, case, today, rows):
    """Why they came and what was answered: one looks for it long after the taking in charge."""
    if acting.kind not in MANAGERS or not rows["referrals"]:
        return None
    row = rows["referrals"][0]
    told = {"day": numbers.day(row.received_on), "outcome": row.get_outcome_display()}
    text = _("ricevuta il %(day)s, %(outcome)s") % told
    return Line(title=_("Segnalazione"), text=text, url=reverse("referral", args=[row.pk]), warn=not row.outcome)


LINES.append(referral_line)
