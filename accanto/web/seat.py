"""The other seats of a host: corrected, moved, closed, with who is there named before."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Case, IntegerField, Q, When
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.door import for_kinds, writes
from accanto.territory.municipality import Municipality
from accanto.traineeships import seat as seats
from accanto.traineeships.seat import Seat
from accanto.traineeships.traineeship import OPEN, TO_START, Traineeship
from accanto.web.frame import WORKERS


class SeatForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Nome della sede"), max_length=120)
    municipality = forms.ModelChoiceField(label=gettext_lazy("Comune"), queryset=Municipality.objects.none())
    address = forms.CharField(label=gettext_lazy("Indirizzo"), max_length=200, required=False)
    arrival = forms.CharField(label=gettext_lazy("Come si arriva"), max_length=200, required=False)

    def __init__(self, *args, zone_id, **kwargs):
        super().__init__(*args, **kwargs)
        near = Case(When(zone_id=zone_id, then=0), default=1, output_field=IntegerField())
        self.fields["municipality"].queryset = Municipality.objects.order_by(near, "search_key")
        self.fields["municipality"].empty_label = _("scegli")


def here(request, host, seat=None):
    """The traineeships of the office's own zone at a host, or at one of its other seats: those to speak with."""
    rows = Traineeship.objects.within(request.acting).filter(host=host, state__in=(*TO_START, *OPEN))
    if seat is not None:
        # as `seat_moved`: by the list, then by the place, and where neither says it by the words of a plan
        name = seat.name.replace("%", "").replace("_", "")
        by_words = Q(place__seat=seat) | Q(place__seat=None, seat__icontains=name)
        rows = rows.filter(Q(listed_seat=seat) | Q(by_words, listed_seat=None))
    return list(rows.with_person().order_by("ends", "pk")[:50])


def tell_moved(request, told):
    if not told:
        messages.success(request, _("Dati salvati."))
        return
    words = ngettext(
        "Dati salvati. Il programma di %(count)s tirocinio è cambiato: il suo fascicolo dice che cosa rifare.",
        "Dati salvati. Il programma di %(count)s tirocini è cambiato: i loro fascicoli dicono che cosa rifare.",
        told,
    )
    messages.warning(request, words % {"count": told})


@for_kinds(*WORKERS)
@writes
def change_seat(request, seat):
    """Correct, move or close one of the other seats; who is there is named before."""
    row = get_object_or_404(Seat.objects.still_used().select_related("host__organisation", "municipality"), pk=seat)
    back = reverse("host", args=[row.host_id])
    initial = {name: getattr(row, name) for name in SeatForm.base_fields}
    closing = request.method == "POST" and request.POST.get("do") == "close"
    form = SeatForm(
        request.POST if request.method == "POST" and not closing else None,
        zone_id=request.acting.zone_id,
        initial=initial,
    )
    now = timezone.now()
    if closing:
        places, there = seats.close(seat=row, on=timezone.localdate(now), by=request.acting, now=now)
        messages.success(
            request,
            _("Sede chiusa: %(places)s posti ritirati, %(there)s tirocini da spostare o chiudere.")
            % {"places": places, "there": there},
        )
        return redirect(back)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                told = seats.change(seat=row, by=request.acting, now=now, **form.cleaned_data)
        except IntegrityError:
            form.add_error("name", _("Un’altra sede di questo ospitante si chiama già così."))
        else:
            tell_moved(request, told)
            return redirect(back)
    context = {"seat": row, "form": form, "back_url": back, "rows": here(request, row.host, row)}
    return render(request, "traineeships/seat.html", context, status=422 if form.errors else 200)
