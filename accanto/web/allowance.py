"""The allowance of a month: what it comes to and why, line by line; and its determination."""

from types import SimpleNamespace

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Degree, Kind
from accanto.norms.days import month_of
from accanto.norms.findings import Refused, Severity
from accanto.traineeships import allowance
from accanto.traineeships.allowance import AllowanceTerms, MonthAllowance
from accanto.traineeships.attendance import AttendanceDay
from accanto.web.frame import STARTERS
from accanto.web.traineeship import month_from, sees_money, visible

UNITS = {
    "hours": gettext_lazy("ore"),
    "months": gettext_lazy("mese"),
    "days": gettext_lazy("giorni"),
    "percent": "%",
    "euro_per_month": gettext_lazy("euro al mese"),
    "hours_per_month": gettext_lazy("ore al mese"),
}


@for_kinds(*STARTERS, Kind.THIRD_SECTOR_TUTOR, Kind.PERSON)
@writes
def month_allowance(request, traineeship, month):
    acting, now = request.acting, timezone.now()
    row, first = visible(request, traineeship), month_from(month)
    last = month_of(first).last
    if not row.starts.replace(day=1) <= first <= row.ends:
        raise Http404
    refused = []
    if request.method == "POST":
        if not acting.may(Degree.PAYMENT, write=True):
            raise Http404
        try:
            allowance.determine(traineeship=row, month=first, by=acting, now=now)
        except Refused as stopped:
            refused = stopped.findings
        else:
            messages.success(request, _("Indennità del mese determinata."))
            return redirect("month_allowance", row.pk, month)
    days = AttendanceDay.objects.within(acting).of(row.subject_id).standing()
    days = list(days.filter(traineeship=row, day__range=(first, last)))
    terms = AllowanceTerms.objects.within(acting).filter(traineeship=row).first()
    if not sees_money(acting, terms):
        raise Http404
    found = allowance.compute(traineeship=row, terms=terms, month=first, days=days, passages=row.passages.all())
    history = list(
        MonthAllowance.objects.within(acting)
        .of(row.subject_id)
        .filter(traineeship=row, month=first)
        .select_related("computed_by")
        .order_by("-computed_at", "-pk")
    )
    standing = next((one for one in history if one.superseded_at is None), None)
    context = {
        "traineeship": row,
        "month": first,
        "amount": found.amount,
        "rows": [SimpleNamespace(line=line, unit=UNITS.get(line.unit, "")) for line in found.rows],
        "found": refused or found.findings,
        "is_blocked": any(finding.severity is Severity.BLOCK for finding in found.findings),
        "standing": standing,
        "moved": standing is not None and standing.amount != found.amount,
        "history": history[1:] if standing else history,
        "can_determine": acting.may(Degree.PAYMENT, write=True),
        "payer": terms.get_payer_display() if terms and terms.payer else "",
    }
    return render(request, "traineeships/allowance.html", context, status=422 if refused else 200)
