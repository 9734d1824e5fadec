"""The sittings of the zone's team (SIIL): when it meets, whom it treats, one after the other."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.cases import meeting as meetings
from accanto.cases.case import Case
from accanto.cases.meeting import Meeting, Sitting
from accanto.web.law_beside import no_reason
from accanto.web.meeting import PLACE_HELP
from accanto.web.parts.forms import DayField, TimeField
from accanto.web.people import MANAGERS, WORKERS, coming_day

MOST_CASES = 300


class SittingForm(forms.Form):
    day = DayField(label=gettext_lazy("Giorno"))
    begins = TimeField(label=gettext_lazy("Ora"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Dove"), max_length=120, required=False, help_text=PLACE_HELP, validators=[no_reason]
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self):
        return coming_day(self.cleaned_data["day"], first=self.today)


@for_kinds(*WORKERS)
@writes
def sittings(request):
    """The next sittings of the zone and the last ones, and convening one."""
    acting, today = request.acting, timezone.localdate()
    form = None
    if acting.kind in MANAGERS:
        form = SittingForm(request.POST or None, today=today)
        if request.method == "POST" and form.is_valid():
            row = meetings.convene(zone=acting.role.zone, **form.cleaned_data, by=acting, now=timezone.now())
            messages.success(request, _("Seduta convocata. Ora chi si tratta."))
            return redirect("sitting", row.pk)
    rows = Sitting.objects.within(acting).standing()
    context = {
        "coming": rows.filter(day__gte=today).order_by("day", "id")[:20],
        "past": rows.filter(day__lt=today).order_by("-day", "-id")[:20],
        "form": form,
        "today": today,
    }
    return render(request, "people/sittings.html", context)


class AgendaForm(forms.Form):
    """One more person on the agenda: of the people one follows, who is not on it yet."""

    case = forms.ModelChoiceField(Case.objects.none(), label=gettext_lazy("Di chi si parla"), empty_label=None)

    def __init__(self, *args, acting, there, **kwargs):
        super().__init__(*args, **kwargs)
        cases = Case.objects.within(acting).open().managed_by(acting.user).exclude(pk__in=there)
        cases = cases.select_related("person").order_by("person__family_name", "person__given_name", "id")
        self.fields["case"].queryset = cases
        self.fields["case"].choices = [(case.pk, str(case.person)) for case in cases[:MOST_CASES]]


def sitting_or_404(request, sitting):
    return get_object_or_404(Sitting.objects.within(request.acting).standing(), pk=sitting)


def treated_in(sitting, acting):
    """The meetings of a sitting that this role sees, in order, with the person and the manager of each."""
    rows = Meeting.objects.within(acting).standing().filter(sitting=sitting)
    return rows.select_related("case__person", "case__manager").order_by("turn", "id")


@for_kinds(*WORKERS)
@writes
def sitting(request, sitting):
    """The agenda of a sitting: who is treated, in order, and what was decided for each."""
    acting, today = request.acting, timezone.localdate()
    row = sitting_or_404(request, sitting)
    treated = list(treated_in(row, acting).prefetch_related("decisions__user"))
    form = None
    if acting.kind in MANAGERS:
        form = AgendaForm(request.POST or None, acting=acting, there=[meeting.case_id for meeting in treated])
        if request.method == "POST" and form.is_valid():
            case = form.cleaned_data["case"]
            meetings.put_on_agenda(sitting=row, case=case, by=acting, now=timezone.now())
            messages.success(request, _("All’ordine del giorno: %(person)s.") % {"person": case.person})
            return redirect("sitting", row.pk)
    for meeting in treated:
        meeting.shown = [decision for decision in meeting.decisions.all() if decision.superseded_at is None]
    first = next((meeting for meeting in treated if meeting.held_at is None), None)
    context = {
        "sitting": row,
        "treated": treated,
        "form": form,
        "may_write": acting.kind in MANAGERS,
        "begin": first if row.day <= today and acting.kind in MANAGERS else None,
        "today": today,
        "any_to_hold": first is not None,
        "any_held": any(meeting.held_at for meeting in treated),
    }
    return render(request, "people/sitting.html", context)


@for_kinds(*MANAGERS)
@writes
def move_sitting(request, sitting):
    """Another day, hour or place, for the sitting and for whom it has not treated yet."""
    row, today = sitting_or_404(request, sitting), timezone.localdate()
    initial = {"day": row.day, "begins": row.begins, "place": row.place}
    form = SittingForm(request.POST or None, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        meetings.move(sitting=row, **form.cleaned_data, by=request.acting, now=timezone.now())
        messages.success(request, _("Seduta spostata."))
        return redirect("sitting", row.pk)
    return render(request, "people/sitting_form.html", {"sitting": row, "form": form})


@for_kinds(*MANAGERS)
@writes
@require_POST
def withdraw_sitting(request, sitting):
    """The sitting is not held; one that has treated somebody stays."""
    row = sitting_or_404(request, sitting)
    if row.meetings.held().exists():
        messages.error(request, _("La seduta ha già trattato qualcuno: non si annulla."))
        return redirect("sitting", row.pk)
    meetings.call_off(sitting=row, by=request.acting, now=timezone.now())
    messages.success(request, _("Seduta annullata."))
    return redirect("sittings")
