"""One day of one register: in and out, to add it where nothing was planned, or to correct it with a reason."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.norms import clock
from accanto.traineeships import attendance, register
from accanto.traineeships.attendance import Absence, AttendanceDay, Correction
from accanto.web.frame import TUTORS
from accanto.web.law_beside import tell
from accanto.web.limits import beside_hours
from accanto.web.parts.forms import HoursField, TimeField
from accanto.web.traineeship import visible

TIMES = ("first_in", "first_out", "second_in", "second_out")


def minutes_of(time, *, out=False):
    """Minutes from midnight; who goes out at midnight goes out as the day ends."""
    minutes = time.hour * 60 + time.minute
    return clock.DAY if out and minutes == 0 else minutes


def time_of(minutes):
    return dt.time(minutes // 60 % 24, minutes % 60)


class TimesForm(forms.Form):
    """In and out, twice where there is a pause; for any form in which a day is told."""

    first_in = TimeField(label=gettext_lazy("Entrata"), required=False)
    first_out = TimeField(label=gettext_lazy("Uscita"), required=False)
    second_in = TimeField(label=gettext_lazy("Entrata dopo la pausa"), required=False)
    second_out = TimeField(label=gettext_lazy("Uscita dopo la pausa"), required=False)

    def clean(self):
        data = super().clean()
        times = []
        for came, went in (TIMES[:2], TIMES[2:]):
            if data.get(came) is None and data.get(went) is None:
                continue
            for name, other in ((came, went), (went, came)):
                if data.get(name) is None and name not in self.errors and other not in self.errors:
                    self.add_error(name, _("Manca l’altra metà: scrivi sia l’entrata sia l’uscita."))
            if data.get(came) is not None and data.get(went) is not None:
                times += [minutes_of(data[came]), minutes_of(data[went], out=True)]
        if not self.errors and not clock.in_order(times):
            self.add_error(
                "first_out" if len(times) == 2 or times[0] >= times[1] else "second_in",
                _("Le uscite vengono dopo le entrate: un turno oltre la mezzanotte continua nel giorno dopo."),
            )
        data["times"] = tuple(times)
        return data


class DayForm(TimesForm):
    hours = HoursField(label=gettext_lazy("Ore, se l’orario non si sa"), required=False)
    absence = forms.ChoiceField(
        label=gettext_lazy("Presenza"), choices=[("", gettext_lazy("presente")), *Absence.choices], required=False
    )
    correction = forms.ChoiceField(label=gettext_lazy("Perché si corregge"), choices=[("", "—"), *Correction.choices])

    def __init__(self, *args, corrects, **kwargs):
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["correction"]

    def clean(self):
        data = super().clean()
        times, absence = data.get("times", ()), data.get("absence")
        if self.errors:
            return data
        if not absence and not times and not data.get("hours"):
            self.add_error("hours", _("Scrivi entrata e uscita, o le ore, o scegli il motivo dell’assenza."))
        if not absence and times and data.get("hours") and data["hours"] != clock.hours(times):
            self.add_error("hours", _("Le ore seguono dall’orario: lasciale vuote, o togli entrata e uscita."))
        return data


@for_kinds(*TUTORS, Kind.SOCIAL_WORKER, Kind.CASE_MANAGER)
@writes
def attendance_day(request, traineeship, day):
    row = visible(request, traineeship)
    day = day_from(day)
    if not row.starts <= day <= row.ends:
        raise Http404
    now = timezone.now()
    (here,) = register.read([row], day, day, acting=request.acting, today=timezone.localdate(now))
    said = here.days[0]
    history = list(
        AttendanceDay.objects.within(request.acting)
        .of(row.subject_id)
        .filter(traineeship=row, day=day)
        .select_related("recorded_by")
        .order_by("-recorded_at", "-pk")
    )
    standing = said.row
    form = DayForm(
        request.POST if request.method == "POST" else None, corrects=bool(standing), initial=initial_of(said)
    )
    found = []
    back = reverse("month_register", args=[row.pk, f"{day:%Y-%m}"])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        times = () if data["absence"] else data["times"]
        try:
            done = attendance.record(
                traineeship=row,
                day=day,
                hours=Decimal(0) if data["absence"] else None if times else data["hours"],
                times=times,
                absence=data["absence"],
                correction=data.get("correction", ""),
                by=request.acting,
                now=now,
            )
        except attendance.DaysRefused as refused:
            found = refused.findings
            tell(form, found, {"day": "hours", "times": "first_in"})
        else:
            changed = done.pk != (standing and standing.pk)
            messages.success(request, _("Giornata registrata.") if changed else _("Non è cambiato niente."))
            if changed and (said.trainee or said.host_tutor):
                messages.warning(request, _("La giornata era firmata: com’è ora va firmata di nuovo."))
            return redirect(back)
    context = {
        "traineeship": row,
        "day": day,
        "form": form,
        "found": found,
        "history": history,
        "standing": standing,
        "said": said,
        "back": back,
        "planned": said.planned,
        "limits": beside_hours(request.acting, [row.subject_id], day, day)[row.subject_id],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "traineeships/attendance_day.html", context, status=status)


def initial_of(said):
    """What stands, or what is usual, or the hours of the plan."""
    row = said.row
    times = row.times if row else said.times
    found = {name: time_of(minutes) for name, minutes in zip(TIMES, times, strict=False)}
    if row:
        return found | {"hours": None if row.times else row.hours or None, "absence": row.absence}
    return found if times else {"hours": said.planned or None}


def day_from(text):
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    return day
