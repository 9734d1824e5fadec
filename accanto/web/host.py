"""Who receives trainees: the list, the page of one, its seats, tutors, staff and duties, its links, its closing."""

from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Case, Count, IntegerField, Q, When
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree
from accanto.norms import parties
from accanto.norms.reader import in_force
from accanto.norms.traineeship_facts import Kind as Regime
from accanto.norms.traineeship_facts import TraineeshipFacts
from accanto.territory.municipality import Municipality
from accanto.traineeships import host as hosts_of_the_region
from accanto.traineeships import host_tutor, offer_link, safety_duty, staff_count
from accanto.traineeships import seat as seats
from accanto.traineeships.anomaly import Anomaly
from accanto.traineeships.host import Host
from accanto.traineeships.host_inspection import HostInspection
from accanto.traineeships.place import State, taken_by_place
from accanto.traineeships.safety_duty import SafetyDuty
from accanto.traineeships.seat import Seat
from accanto.traineeships.staff_count import StaffCount
from accanto.traineeships.traineeship import OPEN
from accanto.web import offer_mail
from accanto.web.frame import STARTERS, WORKERS
from accanto.web.law_beside import NearDay
from accanto.web.people import past_day
from accanto.web.place import Shown
from accanto.web.seat import SeatForm, here, tell_moved
from accanto.web.secret_page import address_of
from accanto.web.zone_team import chosen

PAGE = 50


class HostForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Denominazione"), max_length=200)
    tax_code = forms.RegexField(
        r"^(\d{11}|[A-Za-z0-9]{16})$",
        label=gettext_lazy("Codice fiscale o partita IVA"),
        required=False,
        error_messages={"invalid": gettext_lazy("Il codice ha 11 cifre, o 16 lettere e cifre.")},
    )
    type = forms.ChoiceField(label=gettext_lazy("Tipo"), choices=[("", "—"), *Host.Type.choices])
    municipality = forms.ModelChoiceField(label=gettext_lazy("Comune della sede"), queryset=Municipality.objects.none())
    address = forms.CharField(label=gettext_lazy("Indirizzo della sede"), max_length=200, required=False)
    permanent_staff = forms.IntegerField(
        label=gettext_lazy("Dipendenti a tempo indeterminato"), min_value=0, max_value=1_000_000, required=False
    )
    contact_name = forms.CharField(label=gettext_lazy("Referente"), max_length=120, required=False)
    phone = forms.RegexField(
        r"^[0-9+ ./()-]{0,40}$",
        label=gettext_lazy("Telefono"),
        required=False,
        error_messages={"invalid": gettext_lazy("Scrivi il numero con le sole cifre.")},
    )
    email = forms.EmailField(label=gettext_lazy("Posta elettronica"), required=False)

    def __init__(self, *args, acting, known=None, **kwargs):
        super().__init__(*args, **kwargs)
        here = Case(When(zone_id=acting.zone_id, then=0), default=1, output_field=IntegerField())
        self.fields["municipality"].queryset = Municipality.objects.order_by(here, "search_key")
        self.fields["municipality"].empty_label = _("scegli")
        if known:
            del self.fields["name"], self.fields["tax_code"], self.fields["permanent_staff"]


@for_kinds(*WORKERS)
def hosts(request):
    """The hosts of the zone, or of everywhere; those with trainees now say how many."""
    show = request.GET.get("show", "zone")
    show = show if show in ("all", "closed") else "zone"
    rows = Host.objects.with_place().near_first(request.acting.zone_id)
    rows = rows.exclude(closed_on=None) if show == "closed" else rows.receiving()
    if show == "zone":
        rows = rows.filter(municipality__zone_id=request.acting.zone_id)
    after = request.GET.get("from", "")
    start = min(int(after), 100_000) if after.isascii() and after.isdecimal() and len(after) < 7 else 0
    trainees = Count(
        "traineeships", filter=Q(traineeships__state__in=OPEN, traineeships__zone_id=request.acting.zone_id)
    )
    found = list(rows.annotate(trainees=trainees)[start : start + PAGE + 1])
    context = {
        "rows": found[:PAGE],
        "filters": [
            (_("Della zona"), "?show=zone", None, show == "zone"),
            (_("Di tutta la regione"), "?show=all", None, show == "all"),
            (_("Non accolgono più"), "?show=closed", None, show == "closed"),
        ],
        "shown": min(len(found), PAGE),
        "next_url": f"?show={show}&from={start + PAGE}" if len(found) > PAGE else "",
        "previous_url": f"?show={show}&from={max(0, start - PAGE)}" if start else "",
    }
    return render(request, "traineeships/hosts.html", context)


@for_kinds(*WORKERS)
@writes
def new_host(request):
    form = HostForm(request.POST if request.method == "POST" else None, acting=request.acting)
    if request.method == "POST" and form.is_valid():
        host = hosts_of_the_region.register(by=request.acting, now=timezone.now(), **form.cleaned_data)
        if host:
            messages.success(
                request, _("Ospitante aggiunto: ora si può scegliere nei progetti e invitare a offrire posti.")
            )
            return redirect("host", host.pk)
        form.add_error("name", _("Un ospitante con questo nome c’è già: cercalo nell’elenco di tutta la regione."))
    return form_page(request, form, _("Nuovo ospitante"), reverse("hosts"))


@for_kinds(*WORKERS)
@writes
def change_host(request, host):
    """Where the seat moves, what it means for who is there is said first, and done after a second word."""
    row = get_object_or_404(Host.objects.with_place(), pk=host)
    back = reverse("host", args=[row.pk])
    names = [name for name in HostForm.base_fields if name not in ("name", "tax_code", "permanent_staff")]
    initial = {name: getattr(row, name) for name in names}
    form = HostForm(
        request.POST if request.method == "POST" else None, acting=request.acting, known=row, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        moves = data["municipality"] != row.municipality or data["address"] != row.address
        affected = sum(hosts_of_the_region.trainees([row]).get(row.pk, (0, 0)))
        if moves and affected and request.POST.get("confirm") != "yes":
            return moving_page(request, row, affected, back)
        told = hosts_of_the_region.change(host=row, by=request.acting, now=timezone.now(), **data)
        tell_moved(request, told)
        return redirect(back)
    return form_page(request, form, str(row), back)


def moving_page(request, host, affected, back):
    """The same fields again, hidden, under what will happen."""
    fields = [(name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "confirm")]
    context = {"host": host, "affected": affected, "fields": fields, "back_url": back, "rows": here(request, host)}
    return render(request, "traineeships/seat_moves.html", context)


def form_page(request, form, title, back):
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "heading": title, "back_url": back}
    return render(request, "traineeships/host_form.html", context, status=status)


# --- one host --------------------------------------------------------------------------------------------------------


class TutorForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Nome e cognome"), max_length=120)
    post = forms.CharField(label=gettext_lazy("Mansione"), max_length=120, required=False)
    seat = forms.ModelChoiceField(label=gettext_lazy("Sede"), queryset=Seat.objects.none(), required=False)
    phone = forms.RegexField(
        r"^[0-9+ ./()-]{0,40}$",
        label=gettext_lazy("Telefono"),
        required=False,
        error_messages={"invalid": gettext_lazy("Scrivi il numero con le sole cifre.")},
    )
    email = forms.EmailField(label=gettext_lazy("Posta elettronica"), required=False)

    def __init__(self, *args, host, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seat"].queryset = host.seats.still_used().with_place()
        self.fields["seat"].empty_label = _("quella principale")


class StaffForm(forms.Form):
    counted_on = NearDay(label=gettext_lazy("Alla data del"))
    permanent = forms.IntegerField(
        label=gettext_lazy("Dipendenti a tempo indeterminato"), min_value=0, max_value=1_000_000
    )
    fixed_term = forms.IntegerField(
        label=gettext_lazy("A tempo determinato"), min_value=0, max_value=1_000_000, required=False
    )
    coverage = forms.ChoiceField(
        label=gettext_lazy("Collocamento mirato (L. 68/1999)"), choices=StaffCount.Coverage.choices, initial="unknown"
    )
    coverage_declared_on = NearDay(label=gettext_lazy("Dichiarazione dell’ospitante del"), required=False)
    source = forms.CharField(label=gettext_lazy("Da dove si sa"), max_length=200, required=False)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_counted_on(self):
        return past_day(self.cleaned_data["counted_on"], today=self.today)


class DutyForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Adempimento"), choices=[("", "—"), *SafetyDuty.Kind.choices])
    standing_as = forms.ChoiceField(
        label=gettext_lazy("Come si sa"), choices=SafetyDuty.Standing.choices, widget=forms.RadioSelect
    )
    reference = forms.CharField(label=gettext_lazy("Documento o nome"), max_length=200, required=False)
    dated = NearDay(label=gettext_lazy("Del"), required=False)
    valid_to = NearDay(label=gettext_lazy("Vale fino al, se lo dice"), required=False)

    def clean(self):
        data = self.cleaned_data
        if data.get("dated") and data.get("valid_to") and data["valid_to"] < data["dated"]:
            self.add_error("valid_to", _("Finisce prima di cominciare: correggi uno dei due giorni."))
        return data


class LinkForm(forms.Form):
    to_name = forms.CharField(label=gettext_lazy("A chi, nell’azienda"), max_length=120, required=False)
    email = forms.EmailField(
        label=gettext_lazy("Posta elettronica"),
        required=False,
        help_text=gettext_lazy("Senza, il collegamento si copia e si manda a mano, e non si rinnova da solo."),
    )


@for_kinds(*WORKERS)
@writes
def host_page(request, host):
    """Everything about one host, each thing kept from its own section."""
    row, today = get_object_or_404(Host.objects.with_place(), pk=host), timezone.localdate()
    forms_of = forms_for(request, row, today=today)
    if request.method == "POST" and (done := keep(request, row, forms_of, today=today)):
        return done
    wrong = any(form.errors for form in forms_of.values() if form.is_bound)
    running, to_start = hosts_of_the_region.trainees([row]).get(row.pk, (0, 0))
    taken = taken_by_place()
    used = hosts_of_the_region.trainees_of_its_lists(row)
    tutors = row.tutors.still_there().select_related("seat__municipality").order_by("name", "pk")
    duties = {duty.kind: duty for duty in row.safety_duties.standing().order_by("kind", "id")}
    places = row.places.with_host().exclude(state__in=[State.WITHDRAWN, State.DECLINED]).order_by("-offered_at", "-pk")
    counts = list(row.staff_counts.standing().order_by("-counted_on", "-id")[:6])
    links = row.offer_links.filter(zone_id=request.acting.zone_id).with_names().order_by("-made_at", "-pk")[:20]
    context = {
        "host": row,
        "found": list(limits(row, running, today)),
        "running": running,
        "to_start": to_start,
        "rows": here(request, row),
        "places": [Shown(place, taken.get(place.pk, 0), today) for place in places[:50]],
        "seats": [(seat, used["seat", seat.pk]) for seat in row.seats.with_place().order_by("name", "pk")],
        "tutors": [(tutor, used["tutor", tutor.pk]) for tutor in tutors],
        "count": counts[0] if counts else None,
        "earlier": counts[1:],
        "duties": [shown_duty(kind, duties.get(kind.value), today) for kind in SafetyDuty.Kind],
        "links": [(link, standing_of(link, today)) for link in links],
        "forms": forms_of,
        "can_close": request.acting.kind in STARTERS,
        **controlled(row, request.acting),
    }
    return render(request, "traineeships/host.html", context, status=422 if wrong else 200)


def controlled(host, acting):
    """Anomalies that wait, and inspections, of this zone; for who follows people."""
    if not acting.may(Degree.CONTROL):
        return {"to_look_at": None, "inspections": []}
    return {
        "to_look_at": Anomaly.objects.within(acting).to_look_at().filter(host=host).count(),
        "inspections": list(HostInspection.objects.within(acting).filter(host=host).order_by("-starts", "-pk")[:6]),
    }


def limits(host, running, today):
    """How many trainees beside how many employees: no limit was found for TIS (R-LIM-01), so it is said and stops
    nobody."""
    facts = TraineeshipFacts(kind=Regime.TIS, host_trainees=running, host_permanent_staff=host.permanent_staff)
    return parties.numbers_per_host(facts, in_force(today))


def shown_duty(kind, duty, today):
    if duty is None:
        word, tone = _("non si sa"), "attention"
    elif duty.valid_to and duty.valid_to < today:
        word, tone = _("scaduto"), "stopped"
    else:
        word, tone = duty.get_standing_as_display(), "ok" if duty.standing_as == "shown" else "neutral"
    return SimpleNamespace(
        label=kind.label,
        word=word,
        tone=tone,
        reference=duty.reference if duty else "",
        dated=duty.dated if duty else None,
        valid_to=duty.valid_to if duty else None,
    )


def standing_of(link, today):
    if link.revoked_at:
        return _("revocato"), "stopped"
    if link.expires_on < today:
        return _("scaduto"), "neutral"
    return _("vale"), "ok"


def forms_for(request, host, *, today):
    """Bound only the one that was sent."""
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    data = {name: request.POST if asked == name else None for name in ("seat", "tutor", "staff", "duty", "link")}
    return {
        "seat": SeatForm(data["seat"], zone_id=request.acting.zone_id, prefix="seat"),
        "tutor": TutorForm(data["tutor"], host=host, prefix="tutor"),
        "staff": StaffForm(data["staff"], today=today, initial={"counted_on": today}, prefix="staff"),
        "duty": DutyForm(data["duty"], initial={"standing_as": "shown"}, prefix="duty"),
        "link": LinkForm(data["link"], initial={"to_name": host.contact_name, "email": host.email}, prefix="link"),
    }


def keep(request, host, forms_of, *, today):
    """Do what was asked: the page again, or None where a form has something to mend."""
    asked, by = request.POST.get("do", ""), {"by": request.acting, "now": timezone.now()}
    form = forms_of.get(asked)
    if form is not None and not form.is_valid():
        return None
    try:
        with transaction.atomic():
            match asked:
                case "seat":
                    seats.add(host=host, **form.cleaned_data, **by)
                case "tutor":
                    host_tutor.add(host=host, **form.cleaned_data, **by)
                case "staff":
                    staff_count.count(host=host, **form.cleaned_data, **by)
                case "duty":
                    safety_duty.record(host=host, **form.cleaned_data, **by)
                case "link" if host.closed_on is None:
                    return invite(request, host, form, **by)
                case "end_tutor":
                    host_tutor.end(tutor=chosen(request, host.tutors.still_there()), on=today, **by)
                case "revoke":
                    own = host.offer_links.filter(zone_id=request.acting.zone_id, revoked_at=None)
                    offer_link.revoke(link=chosen(request, own), **by)
                    messages.success(request, _("Revocato: da adesso quel collegamento non risponde più."))
                    return redirect("host", host.pk)
                case _other:
                    return None
    except IntegrityError:
        messages.info(request, _("C’era già: qualcuno l’ha appena scritto."))
    else:
        messages.success(request, _("Registrato."))
    return redirect("host", host.pk)


def invite(request, host, form, *, by, now):
    """Make a link, send it where there is a mailbox, and show it this once."""
    link, token = offer_link.make(host=host, **form.cleaned_data, by=by, now=now)
    context = {
        "host": host,
        "link": link,
        "outcome": offer_mail.invite(request, token, link),
        "url": address_of(request, "offer", token),
    }
    return render(request, "traineeships/offer_link_once.html", context)


@for_kinds(*WORKERS)
@writes
def close_host(request, host):
    """It takes nobody more. Who is there stays until somebody decides: the page names them first."""
    row, today = get_object_or_404(Host.objects.with_place().receiving(), pk=host), timezone.localdate()
    form = ClosingForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        hosts_of_the_region.close(host=row, on=data["on"], words=data["words"], by=request.acting, now=timezone.now())
        messages.success(request, _("Segnato: non accoglie più. Posti e collegamenti di questa zona sono finiti."))
        return redirect("host", row.pk)
    running, to_start = hosts_of_the_region.trainees([row]).get(row.pk, (0, 0))
    context = {
        "host": row,
        "form": form,
        "running": running,
        "to_start": to_start,
        "rows": here(request, row),
        "places": row.places.filter(state__in=["offered", "open", "paused"]).count(),
        "links": row.offer_links.filter(zone_id=request.acting.zone_id).live(today).count(),
    }
    return render(request, "traineeships/host_closing.html", context, status=422 if form.errors else 200)


class ClosingForm(forms.Form):
    on = NearDay(label=gettext_lazy("Non accoglie più dal"))
    words = forms.CharField(label=gettext_lazy("Perché, se si sa"), max_length=300, required=False)


@for_kinds(*WORKERS)
@writes
@require_POST
def reopen_host(request, host):
    row = get_object_or_404(Host.objects.exclude(closed_on=None), pk=host)
    hosts_of_the_region.reopen(host=row, by=request.acting, now=timezone.now())
    messages.success(request, _("Accoglie di nuovo. I suoi posti si riaprono uno per uno."))
    return redirect("host", row.pk)
