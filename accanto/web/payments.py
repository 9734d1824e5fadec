"""The money of a month: determine what is closed, see what is owed and since when, draw a list for each payer."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.organisation import Organisation
from accanto.access.role import Degree
from accanto.norms import payments as law
from accanto.norms.days import month_of
from accanto.plan.operation import Operation
from accanto.plan.parameter import local_values
from accanto.traineeships import determination, owed
from accanto.traineeships.allowance import AllowanceTerms
from accanto.traineeships.payment import PaymentLine, PaymentList
from accanto.traineeships.traineeship import Traineeship
from accanto.web.close_registers import months_before
from accanto.web.frame import STARTERS
from accanto.web.parts import numbers
from accanto.web.traineeship import month_from

SHOWN = 100  # rows of people on one page
LISTS = 24
TONES = {
    PaymentList.State.DRAFT: ("neutral", "it-pencil"),
    PaymentList.State.APPROVED: ("info", "it-check"),
    PaymentList.State.SENT: ("progress", "it-upload"),
    PaymentList.State.SETTLED: ("ok", "it-check-circle"),
    PaymentList.State.DISCARDED: ("stopped", "it-close"),
}


class ChooseForm(forms.Form):
    """Which registers. It comes in the address: a month, an operation, who pays."""

    month = forms.ChoiceField(label=gettext_lazy("Mese"))
    operation = forms.ChoiceField(label=gettext_lazy("Operazione"), required=False)
    payer = forms.ChoiceField(label=gettext_lazy("Chi paga"), required=False)

    def __init__(self, *args, months, operations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(f"{month:%Y-%m}", numbers.spelled(month, "F Y")) for month in months]
        self.fields["operation"].choices = [("", _("tutte")), *operations]
        self.fields["payer"].choices = [("", _("tutti")), *AllowanceTerms.Payer.choices]


def chosen(request, today):
    months = months_before(today)
    operations = Operation.objects.within(request.acting).order_by("title", "id")
    return ChooseForm(
        {"month": f"{months[0]:%Y-%m}", **request.GET.dict()},
        months=months,
        operations=[(str(row.pk), str(row)) for row in operations],
    )


@for_kinds(*STARTERS)
def payments(request):
    """What is owed up to a month, to be put on a list for each payer; what waits; the lists."""
    acting, today = request.acting, timezone.localdate()
    months = months_before(today)
    month = months[0]
    if given := request.GET.get("month"):
        month = month_from(given)
    rows = owed.owed(by=acting, upto=month)
    paid, left = owed.sort_out(rows)
    left = by_person(left)
    context = {
        "month": month,
        "slug": f"{month:%Y-%m}",
        "months": [(numbers.spelled(one, "F Y"), f"?month={one:%Y-%m}", None, one == month) for one in months[:6]],
        "owed": by_payer(paid),
        "left": left[:SHOWN],
        "hidden": sum(len(one.months) for one in left[SHOWN:]),
        "lists": [(row, *TONES[row.state]) for row in lists_of(acting)[:LISTS]],
        "waiting": waiting(acting, rows, today),
        "returned": returned(acting),
        "may_write": acting.may(Degree.PAYMENT, write=True),
        "operations": list(paid_operations(acting)),
    }
    return render(request, "payments/payments.html", context)


def by_person(left):
    """The months left out, one line for each person and reason: they are mended together."""
    found = {}
    for one, findings in left:
        key = one.traineeship.subject_id, tuple(finding.code for finding in findings)
        line = found.setdefault(
            key, SimpleNamespace(traineeship=one.traineeship, months=[], amount=Decimal(0), findings=findings)
        )
        line.months.append(numbers.spelled(one.allowance.month, "F Y"))
        line.amount += one.amount
    return list(found.values())


def lists_of(acting):
    rows = PaymentList.objects.within(acting).live().select_related("organisation")
    return rows.order_by("-month", "-id")


def paid_operations(acting):
    lines = PaymentLine.objects.within(acting).live().filter(operation=OuterRef("pk"))
    return Operation.objects.within(acting).filter(Exists(lines)).order_by("title", "id")


def by_payer(rows):
    """A line for each payer: who, of how many people, how much, and what the button sends."""
    found = {}
    for row in rows:
        one = found.setdefault(row.payer, {"people": set(), "amount": Decimal(0)})
        one["people"].add(row.traineeship.subject_id)
        one["amount"] += row.amount
    names = dict(Organisation.objects.filter(pk__in=[pk for _payer, pk in found if pk]).values_list("pk", "name"))
    labels = dict(AllowanceTerms.Payer.choices)
    return [
        {
            "payer": payer,
            "organisation": pk or "",
            "label": names.get(pk) or labels.get(payer, payer),
            "people": len(one["people"]),
            "amount": one["amount"],
        }
        for (payer, pk), one in sorted(found.items(), key=lambda item: (item[0][0], item[0][1] or 0))
    ]


def waiting(acting, rows, today):
    """How long the oldest determined month has waited, how many are late, and what the law says of it. A zone that gave
    itself a term has one; otherwise nobody has."""
    on_lists = (
        PaymentLine.objects.within(acting)
        .filter(outcome=PaymentLine.Outcome.WAITING)
        .order_by("allowance__computed_at")
        .values_list("allowance__computed_at", flat=True)
    )
    moments = [*(row.allowance.computed_at for row in rows if row.amount > 0), *on_lists]
    days = sorted(timezone.localdate(moment) for moment in moments)
    if not days:
        return None
    local = local_values(on=today, zone=acting.role.zone)
    told = {day: law.lateness(determined_on=day, on=today, local=local) for day in dict.fromkeys(days)}
    return {
        "months": len(days),
        "oldest": told[days[0]],
        "since": days[0],
        "late": sum(told[day].is_late for day in days),
        "findings": told[days[0]].findings,
    }


def returned(acting):
    """Payments that came back in the last months, to be looked at: the coordinates are probably wrong."""
    rows = PaymentLine.objects.within(acting).filter(outcome=PaymentLine.Outcome.RETURNED)
    back = timezone.localdate() - dt.timedelta(days=90)
    return list(rows.filter(outcome_on__gte=back).select_related("subject__person").order_by("-outcome_on", "-id")[:20])


@for_kinds(*STARTERS)
@writes
def determine_month(request):
    """Determine the closed registers of a month, an operation, a payer: those that lack something are named."""
    now = timezone.now()
    acting, today = request.acting, timezone.localdate(now)
    choose = chosen(request, today)
    looked, month = [], months_before(today)[0]
    if choose.is_valid():
        month = dt.date.fromisoformat(f"{choose.cleaned_data['month']}-01")
        rows = list(registers_of(acting, month, choose.cleaned_data["operation"]))
        looked = list(determination.look(rows, month, by=acting))
        if payer := choose.cleaned_data["payer"]:
            looked = [one for one in looked if one.payer == payer]
    if request.method == "POST":
        if not acting.may(Degree.PAYMENT, write=True):
            raise Http404
        made, left = determination.determine_complete(
            traineeships=[one.traineeship for one in looked], month=month, by=acting, now=now
        )
        say(request, len(made), len(left))
        return redirect(f"{reverse('determine_month')}?{request.GET.urlencode()}".rstrip("?"))
    ready = [one for one in looked if one.is_ready]
    lacking = [one for one in looked if not one.is_ready and not one.is_determined]
    context = {
        "choose": choose,
        "month": month,
        "slug": f"{month:%Y-%m}",
        "total": len(looked),
        "determined": sum(one.is_determined for one in looked),
        "ready": len(ready),
        "amount": sum((one.found.amount for one in ready), Decimal(0)),
        "lacking": lacking[:SHOWN],
        "hidden": max(0, len(lacking) - SHOWN),
        "may_write": acting.may(Degree.PAYMENT, write=True),
    }
    return render(request, "payments/determine_month.html", context, status=200 if choose.is_valid() else 422)


def registers_of(acting, month, operation):
    rows = Traineeship.objects.within(acting).open_between(month, month_of(month).last).with_person()
    if operation:
        rows = rows.filter(operation_id=operation)
    rows = rows.select_related("subject__person", "host__organisation", "operation")
    return rows.order_by("subject__person__family_name", "subject__person__given_name", "pk")


def say(request, made, left):
    if made:
        sentence = ngettext("%(count)s mese determinato.", "%(count)s mesi determinati.", made)
        messages.success(request, sentence % {"count": made})
    else:
        messages.info(request, _("Niente di nuovo da determinare."))
    if left:
        sentence = ngettext(
            "%(count)s resta da determinare: qui sotto c’è che cosa manca.",
            "%(count)s restano da determinare: qui sotto c’è che cosa manca a ciascuno.",
            left,
        )
        messages.warning(request, sentence % {"count": left})


@for_kinds(*STARTERS)
@writes
@require_POST
def draw_list(request):
    """A draft of what one payer owes; where there is one already, that one."""
    acting = request.acting
    month, payer = month_from(request.POST.get("month", "")), request.POST.get("payer", "")
    body = request.POST.get("organisation", "")
    if not acting.may(Degree.PAYMENT, write=True) or payer not in AllowanceTerms.Payer.values:
        raise Http404
    if body and not (body.isascii() and body.isdecimal() and len(body) < 18):
        raise Http404
    asked = {"zone_id": acting.zone_id, "month": month, "payer": payer, "organisation_id": int(body) if body else None}
    back = f"{reverse('payments')}?month={month:%Y-%m}"
    try:
        with transaction.atomic():
            drawn = owed.draw(by=acting, now=timezone.now(), **asked)
    except owed.NothingToPay:
        messages.info(request, _("Per questo pagatore non c’è niente da mettere in lista."))
        return redirect(back)
    except IntegrityError:
        drawn = PaymentList.objects.within(acting).filter(state=PaymentList.State.DRAFT, **asked).first()
        if drawn is None:
            messages.warning(request, _("Intanto qualcosa è cambiato: riprova."))
            return redirect(back)
        messages.info(request, _("C’è già una bozza: approvala, o scartala e preparane un’altra."))
    else:
        messages.success(request, _("Lista preparata: controllala, poi approvala con l’atto."))
    return redirect("payment_list", drawn.pk)
