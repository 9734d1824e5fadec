"""The list of traineeships: what needs me first, filters as words, pages by key."""

import datetime as dt
from types import SimpleNamespace

from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access.door import for_kinds
from accanto.access.role import Degree, Kind
from accanto.traineeships.traineeship import ENDED, OPEN, SOON, TO_START, State, Traineeship
from accanto.web.close_registers import CLOSERS
from accanto.web.frame import STARTERS, TUTORS, WORKERS
from accanto.web.traineeship import TONES

PAGE = 30
FILTERS = {
    "running": (_("In corso"), lambda today: Q(state__in=OPEN)),
    "ending": (_("Finiscono entro 30 giorni"), lambda today: Q(state__in=OPEN, ends__range=(today, today + SOON))),
    "over": (_("Finiti, da chiudere"), lambda today: Q(state__in=OPEN, ends__lt=today)),
    "to-start": (_("Da avviare"), lambda today: Q(state__in=TO_START)),
    "suspended": (_("Sospesi"), lambda today: Q(state=State.SUSPENDED)),
    "ended": (_("Finiti"), lambda today: Q(state__in=ENDED)),
    "withdrawn": (_("Ritirati"), lambda today: Q(state=State.WITHDRAWN)),
    "all": (_("Tutti"), lambda today: Q()),
}


@for_kinds(*WORKERS, *TUTORS, Kind.PERSON)
def traineeships(request):
    today = timezone.localdate()
    name = request.GET.get("show", "running" if request.acting.kind != Kind.PERSON else "all")
    if name not in FILTERS:
        raise Http404
    rows = Traineeship.objects.for_register(request.acting)
    counting = {key.replace("-", "_"): Count("pk", filter=one(today)) for key, (_label, one) in FILTERS.items()}
    counts = rows.aggregate(**counting)
    chosen = rows.filter(FILTERS[name][1](today))
    if after := request.GET.get("after"):
        chosen = chosen.filter(later_than(after))
    found = list(chosen.with_people().order_by("-starts", "-pk")[: PAGE + 1])
    here = reverse("traineeships")
    context = {
        "rows": [
            SimpleNamespace(
                row=row,
                tone=TONES[row.state],
                next=next_step(row, today),
                starts_later=row.state in OPEN and row.starts > today,
            )
            for row in found[:PAGE]
        ],
        "filters": [
            (label, f"{here}?show={key}", counts[key.replace("-", "_")], key == name)
            for key, (label, _one) in FILTERS.items()
        ],
        "total": counts[name.replace("-", "_")],
        "shown": min(len(found), PAGE),
        "next_url": f"{here}?show={name}&after={key_of(found[PAGE - 1])}" if len(found) > PAGE else "",
        "first_url": f"{here}?show={name}" if after else "",
        "is_own": request.acting.kind == Kind.PERSON,
        "sees_week": request.acting.kind in TUTORS,
        "may_close": request.acting.kind in CLOSERS,
        "sees_attestations": request.acting.kind in STARTERS,
        "sees_controls": request.acting.may(Degree.CONTROL) and request.acting.reads_by_zone,
        "sees_agreements": request.acting.kind in WORKERS,
        "sees_payments": request.acting.may(Degree.PAYMENT) and request.acting.reads_by_zone,
    }
    return render(request, "traineeships/traineeships.html", context)


def key_of(row):
    return f"{row.starts:%Y%m%d}-{row.pk}"


def later_than(key):
    day, _dash, pk = key.partition("-")
    try:
        day, pk = dt.datetime.strptime(day, "%Y%m%d").date(), int(pk)  # noqa: DTZ007 (a day, not a moment)
    except ValueError:
        raise Http404 from None
    if not 0 < pk < 2**63:
        raise Http404
    return Q(starts__lt=day) | Q(starts=day, pk__lt=pk)


def next_step(row, today):
    """What is next and by when, in a few words."""
    match row.state:
        case State.DRAFT:
            return _("raccogliere le firme del progetto")
        case State.PLAN_SIGNED:
            return _("collegare la convenzione")
        case State.AGREEMENT_ACTIVE:
            return _("comunicazione prima dell’inizio")
        case State.NOTICE_SENT:
            return _("avviare")
        case State.SUSPENDED:
            return _("riprendere o chiudere")
        case State.RUNNING | State.EXTENDED if row.ends < today:
            return _("chiudere: la fine è passata")
        case State.RUNNING | State.EXTENDED if row.ends <= today + SOON:
            return _("decidere: proroga o fine")
        case State.CONCLUDED | State.INTERRUPTED:
            return _("consegnare l’attestazione")
        case _other:
            return ""
