"""The days a host is closed: written once, they are in all its registers."""

from django import forms
from django.contrib import messages
from django.db import connection
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.traineeships import host_closure
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.host import Host
from accanto.traineeships.host_closure import HostClosure
from accanto.web.frame import STARTERS, TUTORS
from accanto.web.law_beside import NearDay

LONGEST = 366  # days of one closure


class ClosureForm(forms.Form):
    first = NearDay(label=gettext_lazy("Chiuso dal"))
    last = NearDay(label=gettext_lazy("Al"), help_text=gettext_lazy("Compreso. Per un giorno solo: lo stesso giorno."))
    reason = forms.ChoiceField(label=gettext_lazy("Perché"), choices=HostClosure.Reason.choices)

    def __init__(self, *args, host, **kwargs):
        super().__init__(*args, **kwargs)
        self.host = host

    def clean(self):
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if not first or not last:
            return data
        if last < first:
            self.add_error("last", _("La chiusura finirebbe prima di cominciare: correggi uno dei due giorni."))
        elif (last - first).days >= LONGEST:
            self.add_error("last", _("Più di un anno: controlla l’anno. Se l’ospitante non riapre, chiudi i tirocini."))
        elif self.host.closures.standing().touching(first, last).exists():
            self.add_error("first", _("In quei giorni c’è già una chiusura: togli quella, o cambia i giorni."))
        return data


def host_or_404(host):
    """A host whose closures the acting role may write: its own, its trainees', its zone's. PostgreSQL says which."""
    with connection.cursor() as cursor:
        cursor.execute("select app_hosts_closing()")
        if host not in cursor.fetchone()[0]:
            raise Http404
    return get_object_or_404(Host.objects.with_place(), pk=host)


@for_kinds(*TUTORS, *STARTERS)
@writes
def host_closures(request, host):
    row = host_or_404(host)
    today = timezone.localdate()
    form = ClosureForm(request.POST if request.method == "POST" else None, host=row, initial={"first": today})
    if request.method == "POST" and form.is_valid():
        closure = host_closure.close_host(host=row, by=request.acting, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Chiusura scritta: è in tutti i registri di questo ospitante."))
        worked = (
            AttendanceDay.objects.within(request.acting)
            .standing()
            .filter(traineeship__host=row, day__range=(closure.first, closure.last), hours__gt=0)
            .count()
        )
        if worked:
            sentence = ngettext(
                "In quei giorni è già scritta %(count)s giornata di presenza: controllala.",
                "In quei giorni sono già scritte %(count)s giornate di presenza: controllale.",
                worked,
            )
            messages.warning(request, sentence % {"count": worked})
        return redirect("host_closures", row.pk)
    rows = row.closures.standing().select_related("recorded_by").order_by("-first", "-id")[:100]
    context = {"host": row, "rows": list(rows), "form": form, "sees_hosts": request.acting.kind in STARTERS}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "traineeships/host_closures.html", context, status=status)


@for_kinds(*TUTORS, *STARTERS)
@writes
@require_POST
def withdraw_closure(request, closure):
    """It was a mistake: the registers ask for those days again."""
    row = get_object_or_404(HostClosure.objects.standing(), pk=closure)
    host_or_404(row.host_id)
    host_closure.withdraw(closure=row, by=request.acting, now=timezone.now())
    messages.success(request, _("Chiusura tolta: i registri chiedono di nuovo quei giorni."))
    return redirect("host_closures", row.host_id)
