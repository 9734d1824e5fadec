"""One anomaly: the facts, what the law names, who said what of it; and the page by which somebody raises one."""

import datetime as dt
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.norms import control_papers, states
from accanto.norms.control_facts import What as Rule
from accanto.norms.findings import GRADE_WORDS, Grade, Refused
from accanto.traineeships import anomaly as anomalies
from accanto.traineeships.anomaly import Anomaly, State, What
from accanto.traineeships.host_inspection import InspectionCheck
from accanto.web.controls import TONES
from accanto.web.frame import STARTERS
from accanto.web.law_beside import NearDay, no_reason
from accanto.web.parts.numbers import day as day_words
from accanto.web.templatetags.parts import local
from accanto.web.traineeship import REPORTERS, visible

READERS = (*STARTERS, Kind.INSPECTOR)
# whose move it is, first of all
WHO = {
    **dict.fromkeys(
        (What.SAME_TIMES, What.LONG_DAY, What.NIGHT, What.NO_PAUSE, What.LONG_WEEK, What.UNPLANNED, What.WRITTEN_LATE),
        gettext_lazy("chi tiene il registro (tutor), poi il responsabile del caso"),
    ),
    **dict.fromkeys(
        (What.HOST_CLOSED, What.REPORTED, What.TWO_PLACES, What.TOGETHER, What.AT_ONCE),
        gettext_lazy("il responsabile del caso, che sente la persona; se serve, un’ispezione"),
    ),
    **dict.fromkeys(
        (What.NO_NOTICE, What.NOTICE_LATE, What.CATEGORY, What.BEFORE_TRAINING), gettext_lazy("l’ospitante")
    ),
    **dict.fromkeys(
        (What.NO_INSURANCE, What.NO_LIABILITY, What.OUTSIDE_AGREEMENT), gettext_lazy("il promotore e l’ospitante")
    ),
    **dict.fromkeys(
        (What.PAID_WITHOUT_HOURS, What.UNPAID), gettext_lazy("chi paga l’indennità, con il responsabile del caso")
    ),
}
MONEY = (What.PAID_WITHOUT_HOURS, What.UNPAID)


class WordForm(forms.Form):
    after = forms.ChoiceField(
        label=gettext_lazy("Che cosa decidi"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Scegli che cosa decidi.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Perché"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_reason],
        help_text=gettext_lazy("Che cosa hai visto o sentito, e da chi. Lo legge anche chi fa un’ispezione."),
        error_messages={"required": gettext_lazy("Scrivi perché: resta accanto all’anomalia, con il tuo nome.")},
    )

    def __init__(self, *args, state, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["after"].choices = [
            (passage.to, local(passage.word).capitalize()) for passage in states.passages(states.ANOMALY, state)
        ]


@for_kinds(*READERS)
@writes
def anomaly_page(request, anomaly):
    row = get_object_or_404(Anomaly.objects.within(request.acting).with_names(), pk=anomaly)
    form = WordForm(request.POST if request.method == "POST" else None, state=row.state)
    if request.method == "POST" and form.is_valid():
        try:
            anomalies.say(anomaly=row, by=request.acting, now=timezone.now(), **form.cleaned_data)
        except (anomalies.MovedMeanwhile, Refused):
            messages.info(request, _("Qualcun altro si era appena espresso: rileggi."))
        else:
            messages.success(request, _("Scritto."))
        return redirect("anomaly", row.pk)
    source, grade = row.finding.get("source", ""), row.finding.get("grade", "")
    context = {
        "anomaly": row,
        "tone": TONES[row.state],
        "who": WHO[row.what],
        "sanctions": [
            SimpleNamespace(finding=one.finding, grade=local(GRADE_WORDS[one.finding.grade]))
            for one in control_papers.possible_sanctions(what=Rule(row.what), days=row.days, on=row.last)
        ],
        "source": source,
        "grade": local(GRADE_WORDS[Grade(grade)]) if grade else "",
        "facts": facts_of(row),
        "links": links_of(request, row),
        "steps": list(row.steps.within(request.acting).select_related("recorded_by").order_by("recorded_at", "id")),
        "states": dict(State.choices),
        "form": form,
        "back_url": back_of(request, row),
        "back_name": row.subject.person if request.acting.kind == Kind.INSPECTOR else _("Controlli"),
    }
    return render(request, "controls/anomaly.html", context, status=422 if form.errors else 200)


def facts_of(row):
    """The evidence in words: the days in the way of the country, the rest as it was compared."""
    days = [dt.date.fromisoformat(text) for text in row.evidence.get("days", "").split()]
    found = [
        (
            _("Periodo"),
            f"{day_words(row.first)} – {day_words(row.last)}" if row.first != row.last else day_words(row.first),
        )
    ]
    if len(days) > 1 and row.what not in MONEY:
        found.append((_("Giornate"), ", ".join(f"{day:%d/%m}" for day in days)))
    for name, label in (("times", _("Entrata e uscita")), ("hours", _("Ore")), ("planned", _("Ore previste"))):
        if row.evidence.get(name):
            found.append((label, row.evidence[name]))
    if row.evidence.get("same_session"):
        found.append((_("Stessa sessione"), _("sì") if row.evidence["same_session"] == "True" else _("no")))
    return found


def links_of(request, row):
    """Where the facts stand, as far as the reader may open them."""
    acting, month = request.acting, f"{row.first:%Y-%m}"
    found = []
    if row.first.replace(day=1) >= row.traineeship.starts.replace(day=1):
        found.append((_("Il registro del mese"), reverse("month_register", args=[row.traineeship_id, month])))
    if acting.kind in STARTERS:
        found.append((_("Il tirocinio"), reverse("traineeship", args=[row.traineeship_id])))
        found.append((_("L’ospitante"), reverse("host", args=[row.host_id])))
        if row.what in MONEY and acting.may(Degree.PAYMENT):
            found.append((_("La catena dei pagamenti"), reverse("payment_chain", args=[row.traineeship_id, month])))
    return found


def back_of(request, row):
    if request.acting.kind != Kind.INSPECTOR:
        return reverse("controls")
    checks = InspectionCheck.objects.within(request.acting).filter(traineeship_id=row.traineeship_id)
    check = checks.order_by("-pk").values_list("pk", flat=True).first()
    return reverse("inspection_check", args=[check]) if check else reverse("inspections")


class ReportForm(forms.Form):
    first = NearDay(label=gettext_lazy("Dal"))
    last = NearDay(label=gettext_lazy("Al"))
    words = forms.CharField(
        label=gettext_lazy("Che cosa succede"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[no_reason],
        help_text=gettext_lazy(
            "Per esempio: da sola alla cassa mentre chi ci lavora è in ferie. Non scrivere della salute o della storia."
        ),
    )

    def __init__(self, *args, today, starts, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.begins = today, starts

    def clean(self):
        data = self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and first < self.begins:
            self.add_error("first", _("Il tirocinio comincia il %(day)s.") % {"day": day_words(self.begins)})
        if last and last > self.today:
            self.add_error("last", _("Questo giorno non è ancora arrivato."))
        if first and last and last < first:
            self.add_error("last", _("Finisce prima di cominciare: correggi uno dei due giorni."))
        return data


@for_kinds(*REPORTERS)
@writes
def report_anomaly(request, traineeship):
    """Whoever is beside the trainee, and the trainee, may say that they stand in for staff. The host is not told."""
    row, today = visible(request, traineeship), timezone.localdate()
    form = ReportForm(
        request.POST if request.method == "POST" else None, today=today, starts=row.starts,
        initial={"first": today, "last": today},
    )  # fmt: skip
    back = reverse("traineeship", args=[row.pk])
    if request.method == "POST" and form.is_valid():
        made = anomalies.report(traineeship=row, by=request.acting, now=timezone.now(), **form.cleaned_data)
        messages.success(
            request,
            _("Segnalato: lo legge il servizio sociale della zona, non l’ospitante.")
            if made and request.acting.kind != Kind.PERSON
            else _("Segnalato: lo legge il servizio sociale della zona, non l’ospitante. Qui sotto vedi a che punto è.")
            if made
            else _("Era già stato segnalato con le stesse parole."),
        )
        return redirect(back)
    context = {"traineeship": row, "form": form, "back_url": back, "is_own": request.acting.kind == Kind.PERSON}
    return render(request, "controls/report.html", context, status=422 if form.errors else 200)
