"""When a trainee usually comes in and goes out: what the register proposes, to confirm a week with one press."""

from decimal import Decimal

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.norms import clock
from accanto.traineeships.timetable import Timetable, set_timetable
from accanto.web.frame import STARTERS, TUTORS
from accanto.web.law_beside import NearDay
from accanto.web.parts import numbers
from accanto.web.parts.forms import WorkedField
from accanto.web.traineeship import visible


class TimetableForm(forms.Form):
    """A line a day, as 9-13 or 8:30-12:30, 14-17; empty where one does not work. The hours are those of the plan."""

    valid_from = NearDay(label=gettext_lazy("Vale dal"))

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        for n in range(7):
            planned = row.hours_by_weekday[n] if row.hours_by_weekday else None
            help_text = _("%(hours)s ore nel progetto") % {"hours": numbers.number(planned)} if planned else ""
            self.fields[f"day_{n}"] = WorkedField(label=WEEKDAYS[n], required=False, help_text=help_text)
            self.fields[f"day_{n}"].widget.attrs.pop("inputmode", None)

    def clean(self):
        data = super().clean()
        self.week = []
        for n in range(7):
            worked, name = data.get(f"day_{n}"), f"day_{n}"
            planned = self.row.hours_by_weekday[n] if self.row.hours_by_weekday else None
            self.week.append(list(worked.times) if worked else [])
            if worked and not worked.times:
                self.add_error(name, _("Scrivi entrata e uscita, per esempio 9-13."))
            elif worked and planned is not None and worked.hours != planned:
                said = {"hours": numbers.number(worked.hours), "planned": numbers.number(planned)}
                self.add_error(
                    name,
                    _("Sono %(hours)s ore, il progetto ne prevede %(planned)s: cambia l’orario, o il progetto.") % said,
                )
        total = sum((clock.hours(times) for times in self.week), Decimal(0))
        if not self.errors and not total:
            self.add_error("day_0", _("Scrivi l’orario di almeno un giorno."))
        if not self.errors and not self.row.hours_by_weekday and total > self.row.weekly_hours:
            said = {"hours": numbers.number(total), "planned": numbers.number(self.row.weekly_hours)}
            self.add_error(None, _("Nella settimana sono %(hours)s ore, il progetto ne prevede %(planned)s.") % said)
        first = data.get("valid_from")
        if first and not self.row.starts <= first <= self.row.ends:
            self.add_error("valid_from", _("Questo giorno è fuori dal tirocinio."))
        return data


@for_kinds(*TUTORS, *STARTERS)
@writes
def timetable(request, traineeship):
    row = visible(request, traineeship)
    today = timezone.localdate()
    known = list(
        Timetable.objects.within(request.acting)
        .of(row.subject_id)
        .filter(traineeship=row)
        .select_related("recorded_by")
        .order_by("-valid_from", "-id")[:20]
    )
    standing = known[0] if known else None
    initial = {"valid_from": row.starts if standing is None else min(max(today, row.starts), row.ends)}
    if standing:
        initial |= {f"day_{n}": clock.short(times) for n, times in enumerate(standing.week)}
    form = TimetableForm(request.POST if request.method == "POST" else None, row=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_timetable(
            traineeship=row,
            valid_from=form.cleaned_data["valid_from"],
            week=form.week,
            by=request.acting,
            now=timezone.now(),
        )
        messages.success(request, _("Orario scritto: il registro lo propone, e si conferma con una pressione."))
        return redirect("traineeship", row.pk)
    context = {
        "traineeship": row,
        "form": form,
        "known": [(one, words_of(one.week)) for one in known],
    }
    return render(request, "traineeships/timetable.html", context, status=422 if form.errors else 200)


def words_of(week):
    return "; ".join(f"{WEEKDAYS[n]} {clock.written(times)}" for n, times in enumerate(week) if times)
