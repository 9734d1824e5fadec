"""The traineeships of people in ADI that GePI does not know yet: those of one's own cases, ticked together once they
are entered there (R-IND-06)."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.cases import benefit as benefits
from accanto.cases.benefit import AlreadyRecorded, Benefit, BenefitFact
from accanto.web import agenda
from accanto.web.benefit_agenda import together_in_gepi
from accanto.web.my_day import MOST_CASES, my_cases


def waiting(acting, today):
    """[(case, since)], the longest wait first: what the day tells as one line."""
    cases = list(my_cases(acting).order_by("opened_on", "id")[:MOST_CASES])
    by_subject = {case.subject_id: case for case in cases}
    dues = agenda.of_cases(acting=acting, cases=cases, today=today)
    rows = [(by_subject[due.person.subject_id], due.since) for due in dues if due.together == together_in_gepi()]
    return sorted(rows, key=lambda row: (row[1], row[0].pk))


@for_kinds(Kind.CASE_MANAGER, Kind.SOCIAL_WORKER)
@writes
def gepi_entries(request):
    acting, today = request.acting, timezone.localdate()
    rows = waiting(acting, today)
    if request.method == "POST":
        ticked = set(request.POST.getlist("subject"))
        chosen = [case for case, _since in rows if str(case.subject_id) in ticked]
        written = 0
        with transaction.atomic():
            for case in dict.fromkeys(chosen):
                try:
                    benefits.record(
                        case=case, benefit=Benefit.ADI, kind=BenefitFact.Kind.TRAINEESHIP_IN_GEPI, day=today, by=acting,
                        now=timezone.now(),
                    )  # fmt: skip
                    written += 1
                except AlreadyRecorded:
                    continue  # pressed twice
        sentence = ngettext(
            "%(count)s tirocinio segnato: inserito in GePI oggi.",
            "%(count)s tirocini segnati: inseriti in GePI oggi.",
            written,
        )
        messages.success(request, sentence % {"count": written})
        return redirect("my_day" if written == len(rows) else "gepi_entries")
    return render(request, "people/gepi_entries.html", {"rows": rows})
