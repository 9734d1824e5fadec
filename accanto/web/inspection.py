"""Inspections of a host: who plans the zone opens one, the inspector begins it at the gate and writes the report, who
follows the people reads it."""

import datetime as dt
from collections import defaultdict
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.access.user import User
from accanto.norms import parties
from accanto.norms.reader import in_force
from accanto.norms.traineeship_facts import Kind as Regime
from accanto.norms.traineeship_facts import TraineeshipFacts
from accanto.plan.parameter import local_values
from accanto.traineeships import host as hosts
from accanto.traineeships import host_inspection as acts
from accanto.traineeships import host_tutor
from accanto.traineeships.anomaly import Anomaly, State
from accanto.traineeships.host import Host
from accanto.traineeships.host_inspection import HostInspection, InspectionCheck
from accanto.traineeships.safety_duty import SafetyDuty
from accanto.traineeships.traineeship import OPEN
from accanto.web.controls import TONES as ANOMALY_TONES
from accanto.web.frame import STARTERS
from accanto.web.gate import at_the_gate
from accanto.web.host import shown_duty
from accanto.web.law_beside import NearDay, no_reason
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.keyset import Page
from accanto.web.people import past_day

READERS = (*STARTERS, Kind.ZONE_PLANNER, Kind.INSPECTOR)
SEES_PEOPLE = (*STARTERS, Kind.INSPECTOR)
PAGE, ANOMALIES = 30, 50
LONGEST = dt.timedelta(days=90)  # of an inspection: it is not a standing access
WORDS = {
    "coming": (gettext_lazy("da cominciare"), "info"),
    "open": (gettext_lazy("in corso"), "progress"),
    "over": (gettext_lazy("finita senza verbale"), "stopped"),
    "reported": (gettext_lazy("verbale chiuso"), "ok"),
}


class OpenForm(forms.Form):
    inspector = forms.ModelChoiceField(label=gettext_lazy("Ispettore"), queryset=User.objects.none())
    reason = forms.ChoiceField(label=gettext_lazy("Motivo"), choices=[("", "—"), *HostInspection.Reason.choices])
    act = forms.CharField(label=gettext_lazy("Atto o protocollo"), max_length=120, required=False)
    words = forms.CharField(
        label=gettext_lazy("Nota per l’ispettore"),
        max_length=300,
        required=False,
        validators=[no_reason],
        help_text=gettext_lazy("Sull’ospitante, mai sulle persone."),
    )
    starts = NearDay(label=gettext_lazy("Dal"))
    ends = NearDay(
        label=gettext_lazy("Al"),
        help_text=format_lazy(
            gettext_lazy("Al massimo {days} giorni; poi si proroga o se ne apre un’altra."), days=LONGEST.days
        ),
    )
    announced = forms.BooleanField(label=gettext_lazy("L’ospitante è stato avvertito"), required=False)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        inspectors = User._meta.get_field("roles").related_model.objects.on(today).filter(kind=Kind.INSPECTOR)
        found = User.objects.filter(is_active=True, pk__in=inspectors.values("user_id"))
        self.fields["inspector"].queryset = found.order_by("name", "pk")
        self.fields["inspector"].empty_label = _("scegli")

    def clean(self):
        data = self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts and starts < self.today:
            self.add_error("starts", _("Un’ispezione non comincia nel passato."))
        if starts and ends and ends < starts:
            self.add_error("ends", _("Finisce prima di cominciare: correggi uno dei due giorni."))
        elif starts and ends and ends > starts + LONGEST:
            self.add_error("ends", _("Più di %(days)s giorni: scegli un giorno più vicino.") % {"days": LONGEST.days})
        return data


@for_kinds(*READERS)
def inspections(request):
    """Those of the zone, or one's own; the latest first."""
    rows, today = HostInspection.objects.within(request.acting).with_names(), timezone.localdate()
    page = Page.of(request, rows, order=("-starts", "-id"), size=PAGE)
    context = {
        "rows": [(row, *WORDS[row.standing(today)]) for row in page.rows],
        "shown": len(page.rows),
        "next_url": page.next_url,
        "first_url": reverse("inspections") if request.GET.get("after") else "",
        "is_planner": request.acting.kind == Kind.ZONE_PLANNER,
        "is_inspector": request.acting.kind == Kind.INSPECTOR,
    }
    return render(request, "controls/inspections.html", context)


@for_kinds(Kind.ZONE_PLANNER)
@writes
def new_inspection(request, host):
    row, today = get_object_or_404(Host.objects.with_place(), pk=host), timezone.localdate()
    form = OpenForm(
        request.POST if request.method == "POST" else None, today=today,
        initial={"starts": today, "ends": today + dt.timedelta(days=14), "reason": "anomalies"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        made = acts.open_inspection(host=row, by=request.acting, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Ispezione aperta: l’ispettore la trova nella sua giornata."))
        return redirect("inspection", made.pk)
    context = {"host": row, "form": form, "nobody": not form.fields["inspector"].queryset.exists()}
    return render(request, "controls/new_inspection.html", context, status=422 if form.errors else 200)


def inspection_or_404(request, pk):
    return get_object_or_404(HostInspection.objects.within(request.acting).with_names(), pk=pk)


def opens_people(row, acting, today):
    """What was opened to the inspector ends with the last day: the report stays, the people do not."""
    return acting.kind != Kind.INSPECTOR or (row.ended_at is None and row.starts <= today <= row.ends)


@for_kinds(*READERS)
def inspection(request, inspection):
    """At the gate: who should be there now, what is unusual, the papers of the host; then the report."""
    acting, today = request.acting, timezone.localdate()
    row = inspection_or_404(request, inspection)
    standing = row.standing(today)
    opens = opens_people(row, acting, today)
    people = at_the_gate(row, acting=acting, now=timezone.now()) if acting.kind in SEES_PEOPLE and opens else []
    is_its_inspector = acting.kind == Kind.INSPECTOR and standing == "open"
    context = {
        "inspection": row,
        "standing": standing,
        "word": WORDS[standing],
        "sees_people": acting.kind in SEES_PEOPLE,
        "opens": opens,
        "people": people,
        "expected": sum(1 for one in people if one.now),
        "anomalies": anomalies_of(row, acting, people) if acting.kind in SEES_PEOPLE and opens else [],
        "is_inspector": is_its_inspector,
        "may_move": acting.kind == Kind.ZONE_PLANNER and standing in ("coming", "open"),
        "may_print": acting.kind in SEES_PEOPLE and opens and row.begun_at is not None,
        "checked": sum(1 for one in people if one.check.checked_at),
        **host_context(row, people, today),
    }
    return render(request, "controls/inspection.html", context)


def anomalies_of(row, acting, people):
    """Of who is looked at, those not closed; the latest first."""
    rows = Anomaly.objects.within(acting).filter(traineeship__in=[one.check.traineeship_id for one in people])
    rows = rows.exclude(state=State.CLOSED).with_names().order_by("-last", "-pk")[:ANOMALIES]
    return [(one, ANOMALY_TONES[one.state]) for one in rows]


def host_context(row, people, today):
    """What is known of the host by itself: seats, tutors, staff, safety, how many it has beside its employees, and how
    many the busiest of its tutors follows among those that the reader sees."""
    host = row.host
    followed = host_tutor.most_followed(one.traineeship for one in people if one.traineeship.state in OPEN)
    running, to_start = hosts.trainees([host]).get(host.pk, (0, 0))
    duties = {duty.kind: duty for duty in host.safety_duties.standing().order_by("kind", "id")}
    count = host.staff_counts.standing().order_by("-counted_on", "-id").first()
    facts = TraineeshipFacts(
        kind=Regime.TIS,
        host_trainees=running,
        host_permanent_staff=host.permanent_staff,
        host_tutor_trainees=followed or None,
    )
    local = local_values(on=today, zone=row.zone)
    return {
        "host": host,
        "running": running,
        "to_start": to_start,
        "found": list(parties.numbers_per_host(facts, in_force(today, local=local))),
        "seats": list(host.seats.filter(closed_on=None).with_place().order_by("name", "pk")),
        "tutors": list(host.tutors.still_there().order_by("name", "pk")),
        "count": count,
        "duties": [shown_duty(kind, duties.get(kind.value), today) for kind in SafetyDuty.Kind],
    }


@for_kinds(Kind.INSPECTOR)
@writes
@require_POST
def begin_inspection(request, inspection):
    """Opens who is at the host to the inspector, from now to the end; pressed again, who has started meanwhile."""
    row = inspection_or_404(request, inspection)
    if row.standing(timezone.localdate()) != "open":
        raise Http404
    opened = acts.begin(inspection=row, by=request.acting, now=timezone.now())
    words = ngettext("%(count)s tirocinante da verificare.", "%(count)s tirocinanti da verificare.", opened)
    messages.success(request, words % {"count": opened} if opened else _("Nessun altro da aggiungere."))
    return redirect("inspection", row.pk)


class EndForm(forms.Form):
    ends = NearDay(label=gettext_lazy("Ultimo giorno"), help_text=gettext_lazy("Ieri o prima: finisce subito."))

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row

    def clean_ends(self):
        ends = self.cleaned_data["ends"]
        if ends > self.row.starts + LONGEST:
            raise forms.ValidationError(
                _("Più di %(days)s giorni dall’inizio: apri un’altra ispezione.") % {"days": LONGEST.days}
            )
        return ends


@for_kinds(Kind.ZONE_PLANNER)
@writes
def move_inspection(request, inspection):
    """Longer, shorter, or over: what it opens follows."""
    row, today = inspection_or_404(request, inspection), timezone.localdate()
    if row.standing(today) not in ("coming", "open"):
        raise Http404
    form = EndForm(request.POST if request.method == "POST" else None, row=row, initial={"ends": row.ends})
    if request.method == "POST" and form.is_valid():
        try:
            acts.move_end(inspection=row, ends=form.cleaned_data["ends"], by=request.acting, now=timezone.now())
        except acts.ClosedAlready:
            messages.info(request, _("L’ispezione era già finita."))
        else:
            messages.success(request, _("Fatto: ciò che l’ispezione apre finisce con lei."))
        return redirect("inspection", row.pk)
    confirm = Confirm(
        title=_("Fino a quando dura l’ispezione presso %(host)s?") % {"host": row.host},
        sentence=_("Dal giorno dopo, l’ispettore non vede più né le persone né i registri. Il verbale chiuso resta."),
        url=reverse("move_inspection", args=[row.pk]),
        label=_("Cambia la fine"),
        cancel_url=reverse("inspection", args=[row.pk]),
        form=form,
    )
    return render(request, "confirm.html", {"confirm": confirm}, status=422 if form.errors else 200)


class CloseForm(forms.Form):
    visited_on = NearDay(label=gettext_lazy("Giorno della visita"))
    received_by = forms.CharField(label=gettext_lazy("Ricevuti da"), max_length=120, required=False)
    found = forms.CharField(
        label=gettext_lazy("Che cosa si è trovato"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        validators=[no_reason],
        help_text=gettext_lazy(
            "Fatti, documenti visti, dichiarazioni. Non i nomi: sono nelle verifiche, una per persona."
        ),
        error_messages={"required": gettext_lazy("Scrivi che cosa si è trovato, anche se è tutto in ordine.")},
    )

    def __init__(self, *args, row, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.row, self.today = row, today

    def clean_visited_on(self):
        day = past_day(self.cleaned_data["visited_on"], today=self.today)
        if day < self.row.starts:
            raise forms.ValidationError(_("La visita viene prima dell’ispezione: controlla il giorno."))
        return day


@for_kinds(Kind.INSPECTOR)
@writes
def close_inspection(request, inspection):
    """The report: written once, then only read."""
    row, today = inspection_or_404(request, inspection), timezone.localdate()
    if row.standing(today) != "open" or row.begun_at is None:
        raise Http404
    form = CloseForm(
        request.POST if request.method == "POST" else None, row=row, today=today, initial={"visited_on": today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            acts.close_report(inspection=row, by=request.acting, now=timezone.now(), **form.cleaned_data)
        except acts.ClosedAlready:
            messages.info(request, _("Il verbale era già chiuso."))
        else:
            messages.success(request, _("Verbale chiuso: da adesso si legge e si stampa, non si cambia."))
        return redirect("inspection", row.pk)
    checks = InspectionCheck.objects.within(request.acting).filter(inspection=row)
    told = checks.aggregate(all=Count("pk"), done=Count("pk", filter=Q(checked_at__isnull=False)))
    context = {"inspection": row, "form": form, "left": told["all"] - told["done"]}
    return render(request, "controls/close_inspection.html", context, status=422 if form.errors else 200)


def payments_of(row):
    """{traineeship: its months of money}"""
    found = defaultdict(list)
    for pk, month, hours, amount, paid, paid_on in acts.payments(row):
        found[pk].append(SimpleNamespace(month=month, hours=hours, amount=amount, paid=paid, paid_on=paid_on))
    return found
