"""The monthly close of many registers at once: of the zone, of an operation, of a host, or of one's own trainees."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.norms.days import month_of
from accanto.traineeships import closing
from accanto.traineeships.traineeship import Traineeship
from accanto.web.parts import numbers

CLOSERS = (Kind.SOCIAL_WORKER, Kind.CASE_MANAGER, Kind.THIRD_SECTOR_TUTOR)
MONTHS = 12  # how far back one chooses
SHOWN = 100  # registers that lack something, on one page


class ChooseForm(forms.Form):
    """Which registers. It comes in the address: a month, and the numbers of a host and of an operation."""

    month = forms.ChoiceField(label=gettext_lazy("Mese"))
    host = forms.ChoiceField(label=gettext_lazy("Ospitante"), required=False)
    operation = forms.ChoiceField(label=gettext_lazy("Operazione"), required=False)

    def __init__(self, *args, months, hosts, operations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(f"{month:%Y-%m}", numbers.spelled(month, "F Y")) for month in months]
        self.fields["host"].choices = [("", _("tutti")), *hosts]
        self.fields["operation"].choices = [("", _("tutte")), *operations]


class BulkForm(forms.Form):
    leave = forms.CharField(
        label=gettext_lazy("Chiudi anche quelli senza tutte le firme, perché"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Resta scritto in ogni registro, con il tuo nome. Vuoto: restano aperti."),
    )


def months_before(today):
    """The months that are over, the last one first; and this one, for the traineeships that end inside it."""
    month = today.replace(day=1)
    found = []
    for _n in range(MONTHS + 1):
        found.append(month)
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return [*found[1:], found[0]]


@for_kinds(*CLOSERS)
@writes
def close_registers(request):
    now = timezone.now()
    acting, today = request.acting, timezone.localdate(now)
    months = months_before(today)
    everything = Traineeship.objects.for_register(acting).open_between(months[-2], today)
    hosts = everything.values_list("host_id", "host__organisation__name").order_by(
        "host__organisation__name", "host_id"
    )
    operations = everything.exclude(operation=None).values_list("operation_id", "operation__cup", "operation__title")
    choose = ChooseForm(
        {"month": f"{months[0]:%Y-%m}", **request.GET.dict()},
        months=months,
        hosts=[(str(pk), name) for pk, name in hosts.distinct()],
        operations=[(str(pk), f"{title} ({cup})") for pk, cup, title in operations.order_by("operation_id").distinct()],
    )
    bulk = BulkForm(request.POST if request.method == "POST" else None)
    month, rows = months[0], everything.none()
    if choose.is_valid():
        month = dt.date.fromisoformat(f"{choose.cleaned_data['month']}-01")
        rows = registers_of(acting, month, choose.cleaned_data)
    if request.method == "POST" and choose.is_valid() and bulk.is_valid():
        closed, left = closing.close_complete(
            traineeships=list(rows), month=month, by=acting, now=now, leave=bulk.cleaned_data["leave"].strip()
        )
        say(request, len(closed), sum(not one.is_closed for one in left))
        return redirect(f"{reverse('close_registers')}?{request.GET.urlencode()}".rstrip("?"))
    looked = list(closing.look(rows, month, by=acting, today=today))
    lacking = [one for one in looked if not one.is_ready and not one.is_closed]
    ready = [one for one in looked if one.is_ready]
    context = {
        "choose": choose,
        "bulk": bulk,
        "month": month,
        "slug": f"{month:%Y-%m}",
        "total": len(looked),
        "closed": sum(one.is_closed for one in looked),
        "ready": len(ready),
        "ready_rows": ready[:SHOWN],
        "only_unsigned": sum(one.needs_a_reason and not one.is_blocked for one in looked),
        "lacking": lacking[:SHOWN],
        "hidden": max(0, len(lacking) - SHOWN),
    }
    return render(request, "traineeships/close_registers.html", context, status=200 if choose.is_valid() else 422)


def registers_of(acting, month, chosen):
    """The traineeships that were running in that month, of one host or one operation where these are chosen."""
    rows = Traineeship.objects.for_register(acting).open_between(month, month_of(month).last).with_person()
    if chosen["host"]:
        rows = rows.filter(host_id=chosen["host"])
    if chosen["operation"]:
        rows = rows.filter(operation_id=chosen["operation"])
    return rows.order_by("subject__person__family_name", "subject__person__given_name", "pk")


def say(request, closed, left):
    if closed:
        sentence = ngettext("%(count)s registro chiuso.", "%(count)s registri chiusi.", closed)
        messages.success(request, sentence % {"count": closed})
    else:
        messages.info(request, _("Nessun registro era pronto da chiudere."))
    if left:
        sentence = ngettext(
            "%(count)s resta aperto: qui sotto c’è che cosa manca.",
            "%(count)s restano aperti: qui sotto c’è che cosa manca a ciascuno.",
            left,
        )
        messages.warning(request, sentence % {"count": left})
