"""Handing a person over to another zone, and receiving one."""

from functools import partial

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.cases import transfer as transfers
from accanto.cases.case import Case
from accanto.cases.transfer import AlreadyAnswered, CaseTransfer
from accanto.people.fiscal_code import WrongFiscalCode
from accanto.people.person import Person
from accanto.territory.zone import Zone
from accanto.web.case import TakeChargeForm
from accanto.web.file_index import LINES, Line
from accanto.web.parts.numbers import day as shown_day
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.people import MANAGERS, case_or_404
from accanto.web.same_person import candidates
from accanto.web.writing import Writing

CHOOSE = ("", gettext_lazy("scegli"))
NEW = "new"


def received_waiting(acting):
    return CaseTransfer.objects.within(acting).received().waiting().select_related("other_zone")


def table_of_received(label, rows):
    return Table(
        caption=label,
        columns=[Column(_("Persona")), Column(_("Da quale zona")), Column(_("Proposto il"), "day")],
        rows=[
            [
                Cell(f"{row.family_name} {row.given_name}", url=reverse("received_transfer", args=[row.pk])),
                str(row.other_zone),
                timezone.localdate(row.proposed_at),
            ]
            for row in rows
        ],
    )


def last_sent(acting, case):
    """The last proposal to transfer this case that was not withdrawn, or None."""
    rows = CaseTransfer.objects.within(acting).of(case.subject_id).sent().filter(case=case)
    rows = rows.exclude(outcome=CaseTransfer.Outcome.WITHDRAWN).select_related("other_zone")
    return rows.order_by("-proposed_at", "-id").first()


def line(*, acting, person, case, today, rows):
    if acting.kind not in MANAGERS or case is None:
        return None
    sent = next((row for row in rows["transfers"] if row.case_id == case.pk), None)
    if sent is None:
        return None
    said = {"zone": sent.other_zone, "outcome": sent.get_outcome_display()}
    return Line(
        title=_("Passaggio a un’altra zona"),
        text=_("%(zone)s: %(outcome)s") % said,
        url=reverse("transfer_case", args=[case.pk]),
        warn=sent.outcome == CaseTransfer.Outcome.ACCEPTED and case.closed_on is None,
    )


LINES.append(line)


class ProposeForm(forms.Form):
    to = forms.ModelChoiceField(
        Zone.objects.none(), label=gettext_lazy("A quale zona"), empty_label=gettext_lazy("scegli")
    )
    note = forms.CharField(
        label=gettext_lazy("Notizie di passaggio"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Ciò che serve per cominciare: con chi parlare, che cosa è in corso, le scadenze. È tutto ciò che l’altra "
            "zona legge, con nome, codice fiscale e recapiti: il fascicolo resta qui."
        ),
    )
    knows = forms.BooleanField(
        label=gettext_lazy("La persona sa del passaggio e di ciò che è scritto qui"),
        error_messages={"required": gettext_lazy("Prima parlane con la persona: il passaggio si fa con lei.")},
    )

    def __init__(self, *args, zone_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Zone.objects.exclude(pk=zone_id)


@for_kinds(*MANAGERS)
@writes
def transfer_case(request, case):
    """Propose it, follow the answer, or withdraw it."""
    row = case_or_404(request, case, still_open=False)
    sent = last_sent(request.acting, row)
    waits = sent is not None and not sent.outcome
    form = writing = None
    if not waits and row.closed_on is None and (sent is None or sent.outcome == CaseTransfer.Outcome.DECLINED):
        writing = Writing(request, about=row.pk, form=partial(ProposeForm, zone_id=request.acting.zone_id))
        form = writing.form
    if writing and writing.ready():
        to, note = form.cleaned_data["to"], form.cleaned_data["note"]
        try:
            with transaction.atomic():
                transfers.propose(case=row, to=to, note=note, by=request.acting, now=timezone.now())
        except IntegrityError:
            messages.info(request, _("Qualcuno ha appena proposto questo passaggio."))
        else:
            writing.done()
            messages.success(request, _("Proposta inviata alla zona %(zone)s.") % {"zone": to})
        return redirect("transfer_case", row.pk)
    context = {"case": row, "person": row.person, "sent": sent, "waits": waits, "form": form, "writing": writing}
    return render(request, "transfers/propose.html", context)


@for_kinds(*MANAGERS)
@writes
@require_POST
def withdraw_transfer(request, transfer):
    rows = CaseTransfer.objects.within(request.acting).sent()
    row = get_object_or_404(rows, pk=transfer)
    try:
        transfers.withdraw(transfer=row, by=request.acting, now=timezone.now())
    except AlreadyAnswered:
        messages.info(request, _("L’altra zona ha già risposto."))
    else:
        messages.success(request, _("Proposta ritirata."))
    return redirect("transfer_case", row.case_id)


class AcceptForm(TakeChargeForm):
    """Who it is here, and then what opening a case asks."""

    who = forms.ChoiceField(label=gettext_lazy("Chi è, nella vostra zona"), widget=forms.RadioSelect)
    field_order = ["who", "area", "manager", "opened_on"]

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [
            *((str(one["person"].subject_id), in_words(one)) for one in found),
            (NEW, _("Una persona nuova per la zona")),
        ]


def in_words(one):
    """A candidate in one line: name, birth, place, and what is the same."""
    person, registry = one["person"], one["registry"]
    parts = [f"{person.family_name} {person.given_name}"]
    if registry.birth_date:
        parts.append(shown_day(registry.birth_date))
    if registry.municipality:
        parts.append(str(registry.municipality))
    if one["in_charge"]:
        parts.append(_("in carico: si continua il suo caso"))
    if one["same_code"]:
        parts.append(_("stesso codice fiscale"))
    return " · ".join(parts)


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Perché non si accoglie"), choices=[CHOOSE, *CaseTransfer.Reason.choices]
    )


@for_kinds(*MANAGERS)
@writes
def received_transfer(request, transfer):
    """What another zone hands over: taken over by opening a case here, or not, with the reason."""
    rows = (
        CaseTransfer.objects.within(request.acting)
        .received()
        .select_related("other_zone", "proposed_by", "case__person")
    )
    row = get_object_or_404(rows, pk=transfer)
    waits = not row.outcome
    found = candidates(request.acting, row) if waits else []
    today = timezone.localdate()
    declining = "reason" in request.POST
    same = next((str(one["person"].subject_id) for one in found if one["same_code"]), NEW)
    form = AcceptForm(
        request.POST if request.method == "POST" and not declining else None,
        zone_id=request.acting.zone_id,
        today=today,
        first=None,
        found=found,
        initial={"who": same, "manager": request.acting.user.pk, "opened_on": today},
    )
    refusal = DeclineForm(request.POST if declining else None)
    if request.method == "POST" and not waits:
        messages.info(request, _("A questo passaggio si è già risposto."))
        return redirect("received_transfer", row.pk)
    done = None
    if declining and refusal.is_valid():
        done = declined(request, row, refusal)
    elif request.method == "POST" and not declining and form.is_valid():
        done = accepted(request, row, form)
    if done:
        return done
    # what the other zone wrote stays, and is shown no more
    sealed = bool(row.case and row.case.person.contacts_sealed)
    context = {"transfer": row, "waits": waits, "form": form, "refusal": refusal, "sealed": sealed}
    return render(request, "transfers/received.html", context)


def declined(request, row, form):
    try:
        transfers.decline(
            transfer=row, reason=form.cleaned_data["reason"], by=request.acting, now=timezone.now()
        )  # fmt: skip
    except AlreadyAnswered:
        messages.info(request, _("A questo passaggio si è già risposto."))
    else:
        messages.success(request, _("Risposta registrata: la zona %(zone)s la legge.") % {"zone": row.other_zone})
    return redirect("received_transfer", row.pk)


def accepted(request, row, form):
    """The answer, or None where the form has something to mend."""
    data, person = form.cleaned_data, None
    if data["who"] != NEW:
        person = get_object_or_404(Person.objects.within(request.acting), subject_id=int(data["who"]))
        before = Case.objects.within(request.acting).of(person.subject_id).exclude(closed_on=None)
        last = before.order_by("-closed_on").first()
        if last and data["opened_on"] < last.closed_on:
            form.add_error(
                "opened_on",
                _("Il caso di prima è chiuso dal %(day)s: questo non può cominciare prima.")
                % {"day": shown_day(last.closed_on)},
            )
            return None
    try:
        with transaction.atomic():
            case = transfers.accept(
                transfer=row,
                person=person,
                manager=data["manager"],
                area=data["area"],
                on=data["opened_on"],
                by=request.acting,
                now=timezone.now(),
            )
    except AlreadyAnswered:
        messages.info(request, _("A questo passaggio si è già risposto."))
        return redirect("received_transfer", row.pk)
    except WrongFiscalCode:
        form.add_error("who", _("Il codice fiscale ricevuto è sbagliato: chiedi all’altra zona di ricontrollarlo."))
        return None
    except IntegrityError:
        form.add_error("who", _("Questo codice fiscale è già di una persona della zona: scegli lei."))
        return None
    messages.success(request, _("La persona è in carico da voi. La zona %(zone)s lo legge.") % {"zone": row.other_zone})
    return redirect("person", case.subject_id)
