"""What services and bodies have referred to the zone: the list, and whom each referral is about."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.cases import received_referral as received_referrals
from accanto.cases.received_referral import AlreadySorted, NotUndone, ReceivedReferral
from accanto.cases.referral import Referral
from accanto.people.fiscal_code import WrongFiscalCode
from accanto.people.person import Person
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.people import MANAGERS
from accanto.web.referral_wait import in_list, table_of_list
from accanto.web.same_person import candidates
from accanto.web.transfer import received_waiting, table_of_received

SHOWN = 100
CHOOSE = ("", gettext_lazy("scegli"))


def tabs(acting, chosen):
    """The stages a referral goes through, each with how many are in it, and the chosen one's rows."""
    stages = {
        "sort": (_("Da smistare"), ReceivedReferral.objects.within(acting).to_sort().select_related("organisation")),
        "answer": (
            _("Da rispondere"),
            Referral.objects.within(acting).waiting().select_related("person").order_by("received_on", "id"),
        ),
        "list": (_("In lista d’attesa"), in_list(acting)),
        "transfers": (_("Da altre zone"), received_waiting(acting)),
    }
    chosen = chosen if chosen in stages else "sort"
    counts = {name: rows.order_by().count() for name, (_label, rows) in stages.items()}
    words = [
        (label, f"{reverse('referrals')}?show={name}", counts[name], name == chosen)
        for name, (label, _rows) in stages.items()
    ]
    return words, chosen, stages[chosen]


@for_kinds(*MANAGERS)
def referrals(request):
    """The referrals that wait for the zone, oldest first."""
    words, chosen, (label, rows) = tabs(request.acting, request.GET.get("show"))
    rows = list(rows[: SHOWN + 1])
    table = TABLES[chosen](label, rows[:SHOWN])
    context = {"filters": words, "chosen": chosen, "table": table, "rows": rows, "more": len(rows) > SHOWN}
    return render(request, "referrals/referrals.html", context)


def table_to_sort(label, rows):
    columns = [Column(_("Persona")), Column(_("Chi segnala")), Column(_("Inviata il"), "day"), Column(_("La persona"))]
    return Table(
        caption=label,
        columns=columns,
        rows=[
            [
                Cell(f"{row.family_name} {row.given_name}", url=reverse("received_referral", args=[row.pk])),
                str(row.organisation),
                row.sent_on,
                str(row.get_agreement_display()),
            ]
            for row in rows
        ],
    )


def table_to_answer(label, rows):
    return Table(
        caption=label,
        columns=[Column(_("Persona")), Column(_("Ricevuta il"), "day")],
        rows=[
            [
                Cell(f"{row.person.family_name} {row.person.given_name}", url=reverse("referral", args=[row.pk])),
                row.received_on,
            ]
            for row in rows
        ],
    )


TABLES = {"sort": table_to_sort, "answer": table_to_answer, "list": table_of_list, "transfers": table_of_received}


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Perché non si accoglie"),
        choices=[CHOOSE, *ReceivedReferral.Reason.choices],
        help_text=gettext_lazy("Chi ha segnalato legge questo motivo e nient’altro."),
    )


@for_kinds(*MANAGERS)
@writes
def received_referral(request, received):
    """Whom it is about: one of the zone's people, or somebody new; or it is declined, and the sender reads why."""
    rows = ReceivedReferral.objects.within(request.acting).with_body().select_related("triage__referral__person")
    row = get_object_or_404(rows, pk=received)
    sorted_as = getattr(row, "triage", None)
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    form = DeclineForm(request.POST if asked == "decline" else None)
    if asked == "unsort":
        return unsorted(request, row)
    if asked in ("known", "new", "decline") and (sorted_as or row.outcome):
        messages.info(request, _("Questa segnalazione è già stata smistata."))
        return redirect("received_referral", row.pk)
    done = None
    if asked == "known":
        done = known(request, row)
    elif asked == "new":
        done = new(request, row)
    elif asked == "decline" and form.is_valid():
        done = declined(request, row, form)
    if done:
        return done
    looked_for = request.POST.get("look", "").replace("\x00", " ").strip()[:100]
    waiting = not sorted_as and not row.outcome
    context = {
        "received": row,
        "sorted_as": sorted_as,
        # what was written here before stays, and is shown no more
        "sealed": bool(sorted_as and sorted_as.referral.person.contacts_sealed),
        "waiting": waiting,
        "may_be_unsorted": bool(sorted_as) and received_referrals.may_be_unsorted(sorted_as),
        "candidates": candidates(request.acting, row, looked_for) if waiting else [],
        "looked_for": looked_for,
        "form": form,
    }
    return render(request, "referrals/received.html", context)


def unsorted(request, row):
    try:
        received_referrals.unsort(received=row)
    except NotUndone:
        messages.info(request, _("Non si può più: a questa segnalazione si è già risposto, o il caso è aperto."))
    else:
        messages.success(request, _("La segnalazione torna ad aspettare: nel fascicolo di prima non ne resta niente."))
    return redirect("received_referral", row.pk)


def known(request, row):
    chosen = request.POST.get("subject", "")
    chosen = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=chosen)
    try:
        with transaction.atomic():
            referral = received_referrals.recognise(received=row, person=person, by=request.acting, now=timezone.now())
    except (AlreadySorted, IntegrityError):
        messages.info(request, _("Qualcuno ha appena smistato questa segnalazione."))
        return redirect("received_referral", row.pk)
    if referral.outcome:
        messages.success(request, _("La persona è già in carico: la segnalazione è nel suo fascicolo, accolta."))
        return redirect("person", person.subject_id)
    messages.success(request, _("La segnalazione è nel fascicolo. Ora puoi rispondere."))
    return redirect("referral", referral.pk)


def new(request, row):
    try:
        with transaction.atomic():
            referral = received_referrals.register_new(received=row, by=request.acting, now=timezone.now())
    except WrongFiscalCode as mistake:
        messages.error(request, _("Il codice fiscale inviato è sbagliato: %(mistake)s") % {"mistake": mistake})
    except AlreadySorted:
        messages.info(request, _("Qualcuno ha appena smistato questa segnalazione."))
    except IntegrityError:
        messages.error(request, _("Questo codice fiscale è già di una persona della zona: scegli «È questa persona»."))
    else:
        messages.success(request, _("Persona registrata. Ora puoi rispondere alla segnalazione."))
        return redirect("referral", referral.pk)
    return redirect("received_referral", row.pk)


def declined(request, row, form):
    try:
        received_referrals.decline(
            received=row,
            reason=form.cleaned_data["reason"],
            on=timezone.localdate(),
            by=request.acting,
            now=timezone.now(),
        )
    except AlreadySorted:
        messages.info(request, _("Qualcuno ha appena smistato questa segnalazione."))
        return redirect("received_referral", row.pk)
    messages.success(request, _("Risposta registrata: chi ha segnalato la legge."))
    return redirect("referrals")
