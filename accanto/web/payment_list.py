"""One payment list: its totals by fund line, CUP and act, its lines, its steps, its files, its outcomes."""

from collections import defaultdict
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree
from accanto.exchange import treasurer
from accanto.norms import iban as ibans
from accanto.norms.days import working_days_after
from accanto.norms.findings import Severity
from accanto.norms.payments import IBAN_SENTENCES
from accanto.traineeships import payment
from accanto.traineeships.adi_effects import effects
from accanto.traineeships.payment import NotNow, Outcome, PaymentLine, PaymentList
from accanto.web.frame import STARTERS
from accanto.web.law_beside import NearDay
from accanto.web.payments import TONES
from accanto.web.templatetags.parts import local

SHOWN = 300  # payments on one page; the files have them all
FILES = {"treasurer": "csv", "sepa": "xml", "published": "csv"}


class IbanField(forms.CharField):
    """Kept in capital letters without spaces; its check digits are looked at while there is time to read them again."""

    def __init__(self, **kwargs):
        super().__init__(max_length=42, **kwargs)

    def clean(self, value):
        number = ibans.compact(super().clean(value))
        if number and (wrong := ibans.wrong_with(number)):
            raise ValidationError(local(IBAN_SENTENCES[wrong]))
        return number


class ApproveForm(forms.Form):
    act = forms.CharField(
        label=gettext_lazy("Atto di liquidazione"),
        max_length=120,
        help_text=gettext_lazy("Per esempio: Determina 123/2026."),
    )
    act_on = NearDay(label=gettext_lazy("Atto del"))
    debtor_name = forms.CharField(label=gettext_lazy("Chi ordina il pagamento"), max_length=70)
    debtor_iban = IbanField(
        label=gettext_lazy("Conto di chi paga (IBAN)"), help_text=gettext_lazy("Quello del tesoriere.")
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_act_on(self):
        day = self.cleaned_data["act_on"]
        if day > self.today:
            raise ValidationError(_("L’atto non può essere di un giorno che deve venire."))
        return day


class SendForm(forms.Form):
    execution_on = NearDay(label=gettext_lazy("Da eseguire il"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_execution_on(self):
        day = self.cleaned_data["execution_on"]
        if day < self.today:
            raise ValidationError(_("Il giorno è passato: scegli oggi o un giorno dopo."))
        return day


class OutcomesForm(forms.Form):
    """From the treasurer's table, or for all those that wait, or for one."""

    table = forms.FileField(
        label=gettext_lazy("Tabella degli esiti (CSV)"),
        help_text=gettext_lazy("La tabella per il tesoriere con le colonne esito, data e motivo riempite."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )


class TypedForm(forms.Form):
    code = forms.ChoiceField(label=gettext_lazy("Quale pagamento"))
    outcome = forms.ChoiceField(
        label=gettext_lazy("Esito"),
        choices=[("paid", gettext_lazy("pagato")), ("returned", gettext_lazy("tornato indietro"))],
        widget=forms.RadioSelect,
    )
    on = NearDay(label=gettext_lazy("Il"))
    reason = forms.CharField(
        label=gettext_lazy("Perché è tornato"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Per esempio: conto chiuso, intestatario diverso."),
    )

    def __init__(self, *args, waiting, paid, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        every = [("all", _("tutti quelli in attesa"))] if waiting else []
        self.fields["code"].choices = [
            *every,
            *((one.code, f"{one.code}, {one.first.subject.person}") for one in [*waiting, *paid]),
        ]

    def clean(self):
        data = super().clean()
        if data.get("on") and data["on"] > self.today:
            self.add_error("on", _("Il giorno deve ancora venire."))
        if data.get("outcome") == "returned" and not data.get("reason", "").strip():
            self.add_error("reason", _("Scrivi perché è tornato: serve a chi corregge le coordinate."))
        return data


def found_list(request, drawn):
    rows = PaymentList.objects.within(request.acting)
    rows = rows.select_related("organisation", "zone", "drawn_by", "approved_by", "sent_by")
    return get_object_or_404(rows, pk=drawn)


def lines_of(acting, drawn):
    rows = PaymentLine.objects.within(acting).filter(list=drawn)
    rows = rows.select_related("subject__person", "traineeship", "operation__fund_line", "payee")
    return list(rows.order_by("subject__person__family_name", "subject__person__given_name", "code", "month"))


@for_kinds(*STARTERS)
@writes
def payment_list(request, drawn):
    acting, now = request.acting, timezone.now()
    today, row = timezone.localdate(now), found_list(request, drawn)
    may_write = acting.may(Degree.PAYMENT, write=True)
    lines = lines_of(acting, row)
    payments = payment.payments_of(lines)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    if request.method == "POST" and not may_write:
        raise Http404
    forms_ = forms_of(request, row, payments, step, today) if may_write else {}
    mistakes = []
    if step:
        try:
            done, mistakes = take(request, row, step, forms_, payments, now)
        except NotNow:
            messages.warning(request, _("Intanto la lista è cambiata: guardala com’è adesso."))
            done = True
        if done:
            return redirect("payment_list", row.pk)
    adi = effects(lines, by=acting, on=today) if acting.may(Degree.BENEFITS) else []
    context = {
        "drawn": row,
        "tone": TONES[row.state],
        "totals": payment.totals(lines, act=row.act),
        "payments": payments[:SHOWN],
        "hidden": max(0, len(payments) - SHOWN),
        "differences": sum(line.is_difference for line in lines),
        "waiting": sum(one.first.outcome == PaymentLine.Outcome.WAITING for one in payments),
        "back": sum(one.first.outcome == PaymentLine.Outcome.RETURNED for one in payments),
        "transfers": any(one.is_transfer for one in payments),
        "adi": [(line, said) for line, said in adi if any(one.severity is not Severity.PASS for one in said)],
        "adi_untouched": sum(all(one.severity is Severity.PASS for one in said) for _line, said in adi),
        "forms": forms_,
        "mistakes": mistakes,
        "may_write": may_write,
        "has_files": row.state not in (PaymentList.State.DRAFT, PaymentList.State.DISCARDED),
    }
    return render(request, "payments/payment_list.html", context, status=422 if step else 200)


def forms_of(request, row, payments, step, today):
    """The forms of the steps that the state allows, bound where one was sent."""

    def given(name):
        return request.POST if step == name else None

    if row.state == PaymentList.State.DRAFT:
        before = PaymentList.objects.within(request.acting).filter(payer=row.payer, organisation=row.organisation_id)
        before = before.exclude(debtor_iban="").order_by("-id").first()
        place = str(row.organisation or request.acting.role.organisation or row.zone)[:70]
        initial = {
            "act_on": today,
            "debtor_name": before.debtor_name if before else place,
            "debtor_iban": before.debtor_iban if before else "",
        }
        return {"approve": ApproveForm(given("approve"), today=today, initial=initial)}
    if row.state == PaymentList.State.APPROVED:
        return {"send": SendForm(given("send"), today=today, initial={"execution_on": working_days_after(today, 1)})}
    if row.state in (PaymentList.State.SENT, PaymentList.State.SETTLED):
        waiting = [one for one in payments if one.first.outcome == PaymentLine.Outcome.WAITING]
        paid = [one for one in payments if one.first.outcome == PaymentLine.Outcome.PAID]
        found = {"typed": TypedForm(given("typed"), waiting=waiting, paid=paid, today=today, initial={"on": today})}
        if waiting:
            found["outcomes"] = OutcomesForm(given("outcomes"), request.FILES if step == "outcomes" else None)
        return found
    return {}


def take(request, row, step, forms_, payments, now):
    """Do the step. Returns whether it was done, and what is wrong with the file of outcomes."""
    acting = request.acting
    if step == "discard":
        payment.discard(drawn=row, by=acting, now=now)
        messages.success(request, _("Bozza scartata: i suoi mesi sono di nuovo da mettere in lista."))
        return True, []
    form = forms_.get(step)
    if form is None:
        raise NotNow
    if not form.is_valid():
        return False, []
    if step == "approve":
        payment.approve(drawn=row, by=acting, now=now, **form.cleaned_data)
        messages.success(request, _("Lista approvata: da qui non cambia più."))
    elif step == "send":
        payment.send(drawn=row, by=acting, now=now, **form.cleaned_data)
        messages.success(request, _("Lista segnata come inviata. Quando arrivano gli esiti, scrivili qui."))
    else:
        told, mistakes = outcomes_from(step, form, payments, timezone.localdate(now))
        if mistakes:
            return False, mistakes
        changed = payment.record_outcomes(drawn=row, outcomes=told, by=acting, now=now)
        sentence = ngettext("%(count)s esito scritto.", "%(count)s esiti scritti.", changed)
        messages.success(request, sentence % {"count": changed})
    return True, []


def outcomes_from(step, form, payments, today):
    if step == "outcomes":
        read = treasurer.read_outcomes(
            form.cleaned_data["table"].read(treasurer.BIGGEST + 1), codes={one.code for one in payments}, today=today
        )
        return read.outcomes, read.mistakes
    data = form.cleaned_data
    codes = [data["code"]]
    if data["code"] == "all":
        codes = [one.code for one in payments if one.first.outcome == PaymentLine.Outcome.WAITING]
    return [Outcome(code, data["outcome"] == "paid", data["on"], data["reason"]) for code in codes], []


@for_kinds(*STARTERS)
def payment_file(request, drawn, file):
    """The list for the treasurer, for the bank, or as it is published; only once it is approved."""
    acting, row = request.acting, found_list(request, drawn)
    if file not in FILES or row.state in (PaymentList.State.DRAFT, PaymentList.State.DISCARDED):
        raise Http404
    lines = lines_of(acting, row)
    if file == "treasurer":
        data, kind = treasurer.as_table(row, lines), "text/csv; charset=utf-8"
    elif file == "published":
        data = treasurer.as_published(row, lines, yearly=of_the_year(acting, row, lines), on=timezone.localdate())
        kind = "text/csv; charset=utf-8"
    else:
        try:
            data, kind = treasurer.as_sepa_order(row, lines, at=timezone.now()), "application/xml"
        except ValueError:
            messages.info(request, _("In questa lista nessuno è pagato con un bonifico: usa la tabella."))
            return redirect(reverse("payment_list", args=[row.pk]))
    answer = HttpResponse(data, content_type=kind)
    name = f"{row.month:%Y-%m}-{row.pk}-{file}.{FILES[file]}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def of_the_year(acting, row, lines):
    """{subject: what the year's lists hold for them}, for the sum above which a grant is published."""
    rows = PaymentLine.objects.within(acting).live().filter(month__year=row.month.year)
    found = defaultdict(Decimal)
    for subject, amount in rows.filter(subject__in={line.subject_id for line in lines}).values_list(
        "subject_id", "amount"
    ):
        found[subject] += amount
    return found
