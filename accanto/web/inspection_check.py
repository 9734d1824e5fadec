"""One trainee in an inspection: papers, register and signatures, payments, what is unusual; and what was seen."""

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, not_for_you, writes
from accanto.access.role import Kind
from accanto.norms.days import add_months
from accanto.traineeships import host_inspection as acts
from accanto.traineeships import register
from accanto.traineeships.anomaly import Anomaly, State, What
from accanto.traineeships.host_inspection import InspectionCheck
from accanto.traineeships.mandatory_notice import MandatoryNotice
from accanto.web import pdf
from accanto.web.controls import TONES as ANOMALY_TONES
from accanto.web.frame import STARTERS
from accanto.web.gate import at_the_gate
from accanto.web.inspection import SEES_PEOPLE, inspection_or_404, opens_people, payments_of
from accanto.web.law_beside import no_reason
from accanto.web.parts import numbers

MONTHS = 6  # of the register, from today back
MOST_ANOMALIES = 50  # on the paper


class CheckForm(forms.Form):
    presence = forms.ChoiceField(
        label=gettext_lazy("C’è?"), choices=InspectionCheck.Presence.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Scegli se c’era.")},
    )  # fmt: skip
    does_what_planned = forms.ChoiceField(
        label=gettext_lazy("Fa ciò che dice il progetto?"), choices=[("", "—"), *InspectionCheck.Match.choices],
        required=False, help_text=gettext_lazy("Il progetto firmato è presso l’ospitante: fattelo mostrare."),
    )  # fmt: skip
    tutor_there = forms.ChoiceField(
        label=gettext_lazy("Il tutor aziendale c’è?"), choices=[("", "—"), *InspectionCheck.Match.choices],
        required=False,
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("Che cosa si è visto"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_reason],
        help_text=gettext_lazy("Che cosa faceva, con chi, dove. Mai perché è seguita dai servizi."),
    )


@for_kinds(*SEES_PEOPLE)
@writes
def inspection_check(request, check):
    acting, today = request.acting, timezone.localdate()
    row = get_object_or_404(
        InspectionCheck.objects.within(acting).select_related(
            "inspection__host__organisation", "subject__person", "traineeship__host__organisation",
            "traineeship__host_tutor", "traineeship__tutor", "traineeship__promoter", "traineeship__agreement",
        ),
        pk=check,
    )  # fmt: skip
    may_write = acting.kind == Kind.INSPECTOR and row.inspection.standing(today) == "open"
    if request.method == "POST" and not may_write:
        return not_for_you(request)
    names = ("presence", "does_what_planned", "tutor_there", "words")
    form = CheckForm(
        request.POST if request.method == "POST" else None, initial={name: getattr(row, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        try:
            acts.check(row=row, by=acting, now=timezone.now(), **form.cleaned_data)
        except acts.ClosedAlready:
            messages.info(request, _("Il verbale è chiuso: non si cambia più."))
        else:
            messages.success(request, _("Scritto: %(person)s.") % {"person": row.subject.person})
        return redirect("inspection", row.inspection_id)
    placed = row.traineeship
    first = max(placed.starts.replace(day=1), add_months(today.replace(day=1), 1 - MONTHS))
    last = min(today, placed.ends)
    (here,) = register.read([placed], first, max(first, last), acting=acting, today=today)
    anomalies = Anomaly.objects.within(acting).filter(traineeship=placed).exclude(state=State.CLOSED)
    notices = MandatoryNotice.objects.within(acting).filter(traineeship=placed).order_by("event_on", "id")
    context = {
        "check": row,
        "inspection": row.inspection,
        "traineeship": placed,
        "person": row.subject.person,
        "notices": list(notices),
        "months": months_of(placed, here, today),
        "payments": payments_of(row.inspection).get(placed.pk, []) if acting.kind == Kind.INSPECTOR else [],
        "is_inspector": acting.kind == Kind.INSPECTOR,
        "anomalies": [(one, ANOMALY_TONES[one.state]) for one in anomalies.order_by("-last", "-pk")],
        "form": form if may_write else None,
        "sees_traineeship": acting.kind in STARTERS,
    }
    return render(request, "controls/inspection_check.html", context, status=422 if form.errors else 200)


def months_of(placed, here, today):
    """A line a month: hours, who signed of the days written, whether it is closed. The latest first."""
    by_month = {}
    for day in here.days:
        if day.row:
            by_month.setdefault(day.day.replace(day=1), []).append(day)
    closed = {one.month for one in here.closes if one.reopened_at is None}
    return [
        {
            "month": month,
            "slug": f"{month:%Y-%m}",
            "hours": sum(day.row.hours for day in days),
            "days": len([day for day in days if day.row.hours]),
            "trainee": sum(1 for day in days if day.trainee),
            "host_tutor": sum(1 for day in days if day.host_tutor),
            "written": len(days),
            "is_closed": month in closed,
        }
        for month, days in sorted(by_month.items(), reverse=True)
    ]


# --- on paper --------------------------------------------------------------------------------------------------------


@for_kinds(*SEES_PEOPLE)
def inspection_document(request, inspection):
    """The report as a PDF: draft until it is closed. Names are those the reader sees today, and the inspector none
    after the last day: a report without them would say that nobody was there."""
    row, acting = inspection_or_404(request, inspection), request.acting
    if row.begun_at is None or not opens_people(row, acting, timezone.localdate()):
        return not_for_you(request)
    people = at_the_gate(row, acting=acting, now=timezone.now())
    anomalies = to_print(
        row, Anomaly.objects.within(acting).filter(traineeship__in=[one.traineeship.pk for one in people])
    )
    made = pdf.made(
        "inspection",
        report_data(row, people, anomalies, every_one=acting.kind == Kind.INSPECTOR),
        acting=acting,
        zone=row.zone,
        moment=timezone.now(),
    )
    return pdf.shown(made, "verbale-ispezione")


def to_print(row, anomalies):
    """Those to be checked, as they were when the report was closed: what became of them since does not change it.

    The host signs this paper: what somebody reported of it is not there, nor that they did."""
    found = anomalies.exclude(what=What.REPORTED)
    if row.closed_at:
        before = Q(state=State.CLOSED, state_at__lte=row.closed_at)
        found = found.filter(found_at__lte=row.closed_at).exclude(before)
    else:
        found = found.exclude(state=State.CLOSED)
    return list(found.with_names().order_by("-last", "-pk")[:MOST_ANOMALIES])


@pdf.in_italian
def report_data(row, people, anomalies, *, every_one=True):
    host = row.host
    address = ", ".join(part for part in (host.address, str(host.municipality)) if part)
    return {
        "title": "Verbale di ispezione" if row.closed_at else "Verbale di ispezione (bozza)",
        "lead": f"{host}, {address}",
        "facts": [
            ["Zona", str(row.zone)],
            ["Ispettore", str(row.inspector)],
            ["Motivo", capfirst(row.get_reason_display())],
            ["Atto", row.act],
            ["Periodo", f"dal {numbers.day(row.starts)} al {numbers.day(row.ends)}"],
            ["Ospitante avvertito", "sì" if row.announced else "no"],
            ["Giorno della visita", numbers.day(row.visited_on) if row.visited_on else ""],
            ["Ricevuti da", row.received_by],
            ["Verbale chiuso il", numbers.moment(row.closed_at) if row.closed_at else ""],
        ],
        "people": [
            [
                str(one.person),
                capfirst(one.check.get_presence_display()) if one.check.presence else "Non verificato",
                one.check.get_does_what_planned_display() if one.check.does_what_planned else "–",
                one.check.get_tutor_there_display() if one.check.tutor_there else "–",
                one.check.words or "–",
            ]
            for one in people
        ],
        "not_all": "" if every_one else "Ci sono soltanto le persone che può vedere chi ha stampato il verbale.",
        "found": row.found,
        "anomalies": [f"{one.subject.person}: {one.finding['sentence']['it']} ({one.code})" for one in anomalies],
        "signatures": [
            {"who": "L’ispettore", "name": str(row.inspector)},
            {"who": "Per l’ospitante", "name": row.received_by},
        ],
    }
