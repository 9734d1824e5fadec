"""The waiting list: why an accepted referral waits, another reason, out of the list."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.door import for_kinds, writes
from accanto.cases import referral_wait as waits
from accanto.cases.case import Case
from accanto.cases.referral import AlreadyAnswered, Referral
from accanto.cases.referral_wait import NoLongerWaiting, ReferralWait
from accanto.web.file_index import LINES, Line
from accanto.web.parts.numbers import day as shown_day
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.people import MANAGERS

CHOOSE = ("", gettext_lazy("scegli"))
# those the program writes by itself
BY_ITSELF = (ReferralWait.Ending.STARTED, ReferralWait.Ending.OTHER_REASON)


class ReasonForm(forms.Form):
    reason = forms.ChoiceField(label=gettext_lazy("Perché aspetta"), choices=[CHOOSE, *ReferralWait.Reason.choices])


class LeaveForm(forms.Form):
    ending = forms.ChoiceField(
        label=gettext_lazy("Perché esce dalla lista"),
        choices=[CHOOSE, *(choice for choice in ReferralWait.Ending.choices if choice[0] not in BY_ITSELF)],
    )


def days_waited(day, today):
    days = (today - day).days
    return ngettext("%(days)s giorno", "%(days)s giorni", days) % {"days": days}


def in_list(acting):
    """The accepted referrals that wait, those accepted first first."""
    rows = ReferralWait.objects.within(acting).live().select_related("referral__person")
    return rows.order_by("referral__answered_on", "id")


def table_of_list(label, rows):
    today = timezone.localdate()
    return Table(
        caption=label,
        columns=[Column(_("Persona")), Column(_("Accolta il"), "day"), Column(_("Aspetta da")), Column(_("Perché"))],
        rows=[
            [
                Cell(
                    f"{row.referral.person.family_name} {row.referral.person.given_name}",
                    url=reverse("referral", args=[row.referral_id]),
                ),
                row.referral.answered_on,
                days_waited(row.referral.answered_on, today),
                str(row.get_reason_display()),
            ]
            for row in rows
        ],
    )


def line(*, acting, person, case, today, rows):
    if acting.kind not in MANAGERS or (case and case.closed_on is None):
        return None
    wait = ReferralWait.objects.within(acting).of(person.subject_id).live().first()
    if wait is None:
        return None
    return Line(
        title=_("Lista d’attesa"),
        text=_("%(reason)s, dal %(day)s") % {"reason": wait, "day": shown_day(wait.starts)},
        url=reverse("referral_wait", args=[wait.referral_id]),
        warn=True,
    )


LINES.append(line)


@for_kinds(*MANAGERS)
@writes
def referral_wait(request, referral):
    """Into the list, with the reason; once there another reason, or out of it."""
    row = get_object_or_404(Referral.objects.within(request.acting).select_related("person"), pk=referral)
    wait = ReferralWait.objects.within(request.acting).live().of(row.subject_id).filter(referral=row).first()
    if wait is None and (row.outcome or in_charge(request, row)):
        messages.info(request, _("Questa segnalazione non è in lista d’attesa."))
        return redirect("referral", row.pk)
    asked = "leave" if "ending" in request.POST else "wait" if request.method == "POST" else ""
    form = ReasonForm(request.POST if asked == "wait" else None, initial={"reason": wait.reason if wait else ""})
    leaving = LeaveForm(request.POST if asked == "leave" else None)
    now, today = timezone.now(), timezone.localdate()
    try:
        if asked == "wait" and form.is_valid():
            act = {"reason": form.cleaned_data["reason"], "on": today, "by": request.acting, "now": now}
            with transaction.atomic():
                if wait:
                    waits.change_reason(wait=wait, **act)
                else:
                    waits.put_in_list(referral=row, **act)
            messages.success(request, _("La persona è in lista d’attesa, con il suo motivo."))
            return redirect("referral", row.pk)
        if asked == "leave" and wait and leaving.is_valid():
            ending = leaving.cleaned_data["ending"]
            waits.leave(wait=wait, ending=ending, on=today, by=request.acting, now=now)
            messages.success(request, _("La persona non è più in lista d’attesa."))
            return redirect("person", row.subject_id)
    except (AlreadyAnswered, NoLongerWaiting, IntegrityError):
        messages.info(request, _("Qualcuno ha appena risposto a questa segnalazione."))
        return redirect("referral", row.pk)
    context = {"referral": row, "person": row.person, "wait": wait, "form": form, "leaving": leaving}
    return render(request, "referrals/wait.html", context)


def in_charge(request, row):
    return Case.objects.within(request.acting).of(row.subject_id).open().exists()
