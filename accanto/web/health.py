"""Health: written by the health workers of the team, read by who follows the case."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.cases import case_team
from accanto.cases import health as facts
from accanto.cases.health import HealthFact
from accanto.web.file_index import LINES, Line
from accanto.web.law_beside import NearDay
from accanto.web.people import CHOOSE, MANAGERS, case_or_404, past_day


class HealthForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Che cosa"), choices=[CHOOSE, *HealthFact.Kind.choices])
    text = forms.CharField(label=gettext_lazy("Testo"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    day = NearDay(label=gettext_lazy("Giorno"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self):
        return past_day(self.cleaned_data["day"], today=self.today)


def is_sealed(acting, case):
    """For the offices of the zone, a section of who follows the case; the others see it by their relation or not."""
    return acting.reads_by_zone and not case_team.follows(case.pk)


@for_kinds(*MANAGERS, Kind.HEALTH_WORKER, Kind.PERSON)
@writes
def health(request, case):
    row = case_or_404(request, case, still_open=False)
    acting, today = request.acting, timezone.localdate()
    form = None
    may_write = acting.may(Degree.HEALTH, write=True) and row.closed_on is None
    if may_write:
        form = HealthForm(request.POST or None, today=today, initial={"day": today})
        if request.method == "POST" and form.is_valid():
            facts.record(case=row, **form.cleaned_data, by=acting, now=timezone.now())
            messages.success(request, _("Registrato."))
            return redirect("health", row.pk)
    rows = HealthFact.objects.within(acting).of(row.subject_id).standing().newest_first()
    context = {
        "case": row,
        "person": row.person,
        "is_own": acting.kind == Kind.PERSON,
        "sealed": is_sealed(acting, row),
        "rows": list(rows.select_related("recorded_by")),
        "form": form,
        "may_write": may_write,
    }
    return render(request, "people/health.html", context)


@for_kinds(Kind.HEALTH_WORKER)
@writes
@require_POST
def withdraw_health(request, fact):
    row = get_object_or_404(HealthFact.objects.within(request.acting).standing(), pk=fact)
    facts.withdraw(fact=row, by=request.acting, now=timezone.now())
    messages.success(request, _("Ritirato: resta scritto che c’era."))
    return redirect("health", row.case_id)


def health_line(*, acting, person, case, today, rows):
    if case is None or not acting.may(Degree.HEALTH):
        return None
    count = len(rows["health_facts"])
    if count:
        text = ngettext("%(count)s annotazione", "%(count)s annotazioni", count) % {"count": count}
    elif acting.reads_by_zone and case.manager_id != acting.user.pk:
        text = _("la apre solo chi segue il caso")
    else:
        text = _("ancora niente")
    return Line(title=_("Salute"), text=text, url=reverse("health", args=[case.pk]))


LINES.append(health_line)
