"""A new traineeship of somebody who did one: its plan begins from the one that ended, and asks the attestation that the
public service in charge still needs them to (R-TIS-28)."""

import datetime as dt

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accanto.access.door import for_kinds, writes
from accanto.traineeships import facts
from accanto.traineeships.traineeship import ENDED
from accanto.web.frame import STARTERS
from accanto.web.host_offers import SOONEST
from accanto.web.traineeship import visible
from accanto.web.traineeship_plan import Edit, blank, case_for

# what is proposed again; why this one is needed, and who attests it, is written anew
OF_THE_TRAINEESHIP = (
    "kind", "seat", "listed_seat", "host_tutor_name", "listed_host_tutor", "host_tutor", "promoter", "promoter_type",
    "tutor", "case_manager", "weekly_hours", "hours_by_weekday", "accommodations",
)  # fmt: skip
OF_THE_PLAN = (
    "body_in_charge", "integrated_on", "integrated_with", "inclusion_goals", "autonomy_goals", "training_goals",
    "activities",
)  # fmt: skip
OF_THE_TERMS = ("mode", "hourly_rate", "monthly_amount", "payer")


@for_kinds(*STARTERS)
@writes
def repeat_traineeship(request, traineeship):
    earlier = visible(request, traineeship)
    case = case_for(request, earlier.case_id)
    if earlier.state not in ENDED:
        messages.info(request, _("Si ripete un tirocinio finito: questo si può prorogare."))
        return redirect("traineeship", earlier.pk)
    if case.closed_on is not None:
        messages.info(request, _("Il caso è chiuso: prima si riprende in carico la persona."))
        return redirect("person", case.subject_id)
    sheets = blank(case, request.acting)
    begin_again(sheets, facts.sheets_of(earlier, acting=request.acting), today=timezone.localdate())
    url = reverse("plan_findings", args=[case.pk])
    return Edit(request, sheets, about=case.pk, findings_url=url, again=earlier).answer()


def begin_again(sheets, before, *, today):
    """What the ended one says already; the days and the operation only where they can still hold."""
    earlier = before.traineeship
    row = sheets.traineeship
    for name in OF_THE_TRAINEESHIP:
        setattr(row, name, getattr(earlier, name))
    if earlier.host.closed_on is None:
        row.host = earlier.host
    if earlier.operation_id and earlier.operation.ends >= today:
        row.operation = earlier.operation
    row.starts = max(earlier.ends + dt.timedelta(days=1), today + SOONEST)
    for part, old, names in (
        (sheets.plan, before.plan, OF_THE_PLAN),
        (sheets.terms, before.terms, OF_THE_TERMS),
    ):
        for name in names if old else ():
            setattr(part, name, getattr(old, name))
    sheets.plan.repeats = True
