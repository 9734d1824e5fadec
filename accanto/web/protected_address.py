"""Where somebody under protection lives: for the zone's social workers, the health workers of the case, the person."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.documents import document as documents
from accanto.documents.document import OF_CONTACTS, Document
from accanto.people import protected_address as protection
from accanto.people.person import Person
from accanto.people.protected_address import ProtectedAddress
from accanto.people.registry import Registry
from accanto.territory.municipality import Municipality
from accanto.web.file_index import LINES, Line
from accanto.web.people import FILE_READERS, MunicipalityField

READERS = (Kind.SOCIAL_WORKER, Kind.HEALTH_WORKER, Kind.PERSON)


class Contacts(forms.Form):
    municipality = MunicipalityField(label=gettext_lazy("Comune"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telefono"), max_length=40, required=False)
    email = forms.EmailField(label=gettext_lazy("Posta elettronica"), max_length=254, required=False)


class SealForm(Contacts):
    address = forms.CharField(label=gettext_lazy("Indirizzo"), max_length=200, required=False)
    safely = forms.CharField(
        label=gettext_lazy("Come contattarla in sicurezza"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Per esempio: solo al mattino, mai messaggi scritti, passare dalla struttura."),
    )
    field_order = ("address", "municipality", "phone", "email", "safely")

    def clean(self):
        data = self.cleaned_data
        if not self.errors and not any(data.values()):
            raise ValidationError(_("Scrivi almeno un recapito, o come contattarla."))
        return data


@for_kinds(*READERS)
@writes
def protected_address(request, subject):
    """Read; and by the social worker written, corrected, ended."""
    acting = request.acting
    person = get_object_or_404(Person.objects.within(acting), subject_id=subject)
    rows = ProtectedAddress.objects.within(acting).of(subject).select_related("municipality")
    held = rows.in_force().first()
    form = None
    if acting.may(Degree.PROTECTED, write=True):
        form = SealForm(request.POST or None, initial=beginning(acting, person, held))
    if request.method == "POST":
        if form is None:
            return render(request, "404.html", status=404)
        if form.is_valid():
            with transaction.atomic():
                on, now = timezone.localdate(), timezone.now()
                protection.seal(person=person, on=on, by=acting, now=now, **form.cleaned_data)
                protection.seal_the_tied(person=person, on=on, by=acting, now=now)
            messages.success(request, _("Recapiti riservati: gli altri da ora non vedono né recapiti né comune."))
            return redirect("protected_address", subject)
    context = {
        "person": person,
        "held": held,
        "former": list(rows.exclude(pk=held.pk if held else None).order_by("-recorded_at", "-id")),
        "form": form,
        "own": acting.kind == Kind.PERSON,
        "papers": papers_of(acting, person) if form else [],
        "municipalities": Municipality.objects.values_list("name", flat=True) if form else [],
    }
    return render(request, "people/protected_address.html", context)


def papers_of(acting, person):
    """The documents that others read and that may say where the person lives."""
    rows = Document.objects.within(acting).of(person.subject_id).filter(degree__in=OF_CONTACTS)
    return list(rows.order_by("-day", "-id"))


@for_kinds(Kind.SOCIAL_WORKER)
@writes
@require_POST
def protect_documents(request, subject):
    """The papers chosen go where the protected contacts are."""
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=subject, contacts_sealed=True)
    there = {str(row.pk): row.pk for row in papers_of(request.acting, person)}
    chosen = [there[one] for one in request.POST.getlist("paper") if one in there]
    number = documents.protect(subject_id=person.subject_id, chosen=chosen)
    if number:
        words = ngettext("%(count)s documento reso riservato.", "%(count)s documenti resi riservati.", number)
        messages.success(request, words % {"count": number})
    else:
        messages.info(request, _("Nessun documento spostato: scegline almeno uno."))
    return redirect("protected_address", subject)


def beginning(acting, person, held):
    """What is protected now; the first time, the contacts that everybody sees today."""
    if held:
        return {name: getattr(held, name) for name in SealForm.field_order}
    row = Registry.objects.within(acting).of(person.subject_id).select_related("municipality").first()
    return {"phone": person.phone, "email": person.email, "municipality": row.municipality if row else None}


@for_kinds(Kind.SOCIAL_WORKER)
@writes
def unseal_address(request, subject):
    """The protection ends: only what is written here becomes visible again."""
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=subject, contacts_sealed=True)
    form = Contacts(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            protection.unseal(
                person=person, on=timezone.localdate(), by=request.acting, now=timezone.now(), **form.cleaned_data
            )
        messages.success(request, _("La riservatezza è finita: gli altri vedono i recapiti che hai scritto ora."))
        return redirect("person", subject)
    context = {
        "person": person,
        "form": form,
        "municipalities": Municipality.objects.values_list("name", flat=True),
    }
    return render(request, "people/unseal_address.html", context)


def line(*, acting, person, case, today, rows):
    if acting.kind not in (*FILE_READERS, Kind.PERSON):
        return None
    if acting.kind in READERS and (person.contacts_sealed or acting.kind != Kind.PERSON):
        return Line(
            title=_("Recapiti riservati"),
            text=_("in vigore: gli altri non vedono recapiti né comune") if person.contacts_sealed else _("no"),
            url=reverse("protected_address", args=[person.subject_id]),
        )
    return None


LINES.append(line)
