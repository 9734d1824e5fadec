"""What somebody does six months after the end of their case."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.cases import follow_up as follow_ups
from accanto.cases.follow_up import CaseFollowUp
from accanto.traineeships.outcome import IN_THE_CASE, TraineeshipOutcome
from accanto.web.file_index import LINES, Line
from accanto.web.parts.forms import DayField
from accanto.web.parts.numbers import day as shown_day
from accanto.web.people import MANAGERS, case_or_404, past_day


def line(*, acting, person, case, today, rows):
    if acting.kind not in MANAGERS or case is None or case.closed_on is None:
        return None
    if case.closing_reason in follow_ups.NOT_ASKED:
        return None
    standing = CaseFollowUp.objects.within(acting).of(person.subject_id).standing().filter(case=case).first()
    first = follow_ups.due_on(case)
    if standing:
        text = _("%(outcome)s, il %(day)s") % {"outcome": standing, "day": shown_day(standing.day)}
    else:
        text = _("da chiedere dal %(day)s") % {"day": shown_day(first)}
    return Line(
        title=_("Esito a sei mesi"),
        text=text,
        url=reverse("follow_up", args=[case.pk]),
        warn=standing is None and first <= today,
    )


LINES.append(line)


class FollowUpForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Che cosa fa adesso"), choices=CaseFollowUp.Outcome.choices, widget=forms.RadioSelect
    )
    day = DayField(label=gettext_lazy("Sentita il"))

    def __init__(self, *args, today, first, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.first = today, first

    def clean_day(self):
        return past_day(self.cleaned_data["day"], today=self.today, first=self.first)


def answered(case, first, today):
    """What was said meanwhile of a traineeship of this case: proposed, and not asked twice."""
    said = TraineeshipOutcome.objects.of(case.subject_id).standing().filter(traineeship__case=case, known_on__gte=first)
    last = said.filter(status__in=IN_THE_CASE).order_by("-known_on", "-id").first()
    return {"outcome": IN_THE_CASE[last.status], "day": last.known_on} if last else {"day": today}


@for_kinds(*MANAGERS)
@writes
def follow_up(request, case):
    """Recorded once, six months after the closure; a slip is corrected by another row."""
    row = case_or_404(request, case, still_open=False)
    today = timezone.localdate()
    if row.closed_on is None or row.closing_reason in follow_ups.NOT_ASKED:
        messages.info(request, _("A questa persona non si chiede l’esito a sei mesi."))
        return redirect("person", row.subject_id)
    first = follow_ups.due_on(row)
    if first > today:
        messages.info(request, _("L’esito a sei mesi si chiede dal %(day)s.") % {"day": shown_day(first)})
        return redirect("person", row.subject_id)
    standing = CaseFollowUp.objects.within(request.acting).of(row.subject_id).standing().filter(case=row).first()
    initial = {"outcome": standing.outcome, "day": standing.day} if standing else answered(row, first, today)
    form = FollowUpForm(request.POST or None, today=today, first=first, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                follow_ups.record(case=row, **form.cleaned_data, by=request.acting, now=timezone.now())
        except IntegrityError:
            messages.info(request, _("Qualcuno ha appena registrato l’esito a sei mesi."))
        else:
            messages.success(request, _("Esito a sei mesi registrato."))
        return redirect("person", row.subject_id)
    lead = _("Il caso è chiuso dal %(day)s.") % {"day": shown_day(row.closed_on)}
    if standing:
        lead += " " + _("L’esito è già registrato: se lo correggi resta scritto anche quello di prima.")
    return render(request, "people/form.html", {
        "person": row.person, "form": form, "title": _("Esito a sei mesi"), "label": _("Registra"), "lead": lead,
    })  # fmt: skip
