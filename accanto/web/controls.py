"""Controlli: what is unusual in the traineeships of a zone. Who follows people reads each notice; who plans the zone
reads figures by host, and sends an inspector."""

from collections import defaultdict
from types import SimpleNamespace

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.traineeships import anomaly, control_search, controls
from accanto.traineeships.anomaly import Anomaly, State, What
from accanto.traineeships.control_search import ControlSearch
from accanto.traineeships.host import Host
from accanto.traineeships.host_inspection import HostInspection
from accanto.web.frame import STARTERS
from accanto.web.parts.keyset import Page

PAGE = 30
COUNTED = 1000  # a count stops here and says «more than»
TONES = {State.OPEN: "attention", State.EXPLAINED: "info", State.CONFIRMED: "stopped", State.CLOSED: "ok"}
FILTERS = {
    "open": (gettext_lazy("Da verificare"), State.OPEN),
    "explained": (gettext_lazy("Spiegate"), State.EXPLAINED),
    "confirmed": (gettext_lazy("Confermate"), State.CONFIRMED),
    "closed": (gettext_lazy("Chiuse"), State.CLOSED),
}


class NarrowForm(forms.Form):
    """Which ones: it comes in the address."""

    what = forms.ChoiceField(label=gettext_lazy("Che cosa"), required=False)
    host = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [("", _("tutto")), *What.choices]


@for_kinds(*STARTERS, Kind.ZONE_PLANNER)
def controls_page(request):
    if request.acting.kind == Kind.ZONE_PLANNER:
        return by_host(request)
    show = request.GET.get("show", "open")
    if show not in FILTERS:
        raise Http404
    narrow = NarrowForm(request.GET)
    wanted = narrow.cleaned_data if narrow.is_valid() else {}
    what, host = wanted.get("what") or "", wanted.get("host")
    mine = Anomaly.objects.within(request.acting)
    rows = mine.filter(state=FILTERS[show][1])
    rows = rows.filter(what=what) if what else rows
    rows = rows.filter(host_id=host) if host else rows
    page = Page.of(request, rows.with_names(), order=("-last", "-id"), size=PAGE)
    here = reverse("controls")
    kept = (f"&what={what}" if what else "") + (f"&host={host}" if host else "")
    counts = {
        name: None if kept else mine.filter(state=state).order_by()[: COUNTED + 1].count()
        for name, (_label, state) in FILTERS.items()
    }
    context = {
        "rows": [(row, TONES[row.state]) for row in page.rows],
        "filters": [
            (label, f"{here}?show={name}{kept}", counts[name] and min(counts[name], COUNTED), name == show)
            for name, (label, _state) in FILTERS.items()
        ],
        "narrow": narrow,
        "show": show,
        "is_narrow": bool(kept),
        "whole_url": f"{here}?show={show}",
        "host": Host.objects.with_place().filter(pk=host).first() if host else None,
        "shown": len(page.rows),
        "total": counts[show] and min(counts[show], COUNTED),
        "at_least": (counts[show] or 0) > COUNTED,
        "next_url": page.next_url,
        "first_url": f"{here}?show={show}{kept}" if request.GET.get("after") else "",
        "since": controls.since_of(timezone.localdate()),
    }
    return render(request, "controls/controls.html", context)


def by_host(request):
    """Figures: which hosts have something to check, since when; nobody's name and no day."""
    found = defaultdict(lambda: {"open": 0, "confirmed": 0, "rest": 0, "since": None, "what": set()})
    for host, what, state, count, since in anomaly.by_host():
        here = found[host]
        here[state if state in ("open", "confirmed") else "rest"] += count
        if state in (State.OPEN, State.CONFIRMED):
            here["what"].add(str(What(what).label))
            here["since"] = min(filter(None, (here["since"], since)))
    today = timezone.localdate()
    inspected = HostInspection.objects.within(request.acting).filter(ends__gte=today, ended_at=None)
    inspected = dict(inspected.order_by("starts", "id").values_list("host_id", "pk"))
    hosts = Host.objects.with_place().in_bulk(found)
    rows = [
        SimpleNamespace(
            host=hosts[pk],
            open=told["open"],
            confirmed=told["confirmed"],
            rest=told["rest"],
            since=told["since"],
            what=sorted(told["what"]),
            inspection=inspected.get(pk),
        )
        for pk, told in found.items()
        if pk in hosts
    ]
    rows.sort(key=lambda row: (-row.confirmed, -row.open, str(row.host)))
    every = request.GET.get("show") == "all"
    context = {
        "rows": rows if every else [row for row in rows if row.open or row.confirmed],
        "filters": [
            (_("Con qualcosa da verificare"), reverse("controls"), None, not every),
            (_("Tutti"), reverse("controls") + "?show=all", None, every),
        ],
    }
    return render(request, "controls/controls_by_host.html", context)


@for_kinds(*STARTERS)
@writes
def look_now(request):
    """Without waiting for the night: all the traineeships of the zone, a piece a request; the page asks for the next
    again and again, says how far it is and what it found, and whoever opens it later goes on from there."""
    acting, now = request.acting, timezone.now()
    if request.method == "POST":
        if "next" not in request.POST:
            control_search.begin(by=acting, now=now)
        search = control_search.go_on(by=acting, now=now)
        if request.headers.get("HX-Request") and search and search.is_working(now):
            return render(request, "controls/look_progress.html", looking(search, now))
        here = reverse("look_now")
        return HttpResponse(headers={"HX-Redirect": here}) if request.headers.get("HX-Request") else redirect(here)
    search = ControlSearch.objects.within(acting).select_related("begun_by").first()
    return render(request, "controls/look.html", looking(search, now))


def looking(search, now):
    """How far a search is, and what it has found until now, by kind."""
    kinds = search.by_kind() if search else []
    return {
        "search": search,
        "is_working": bool(search) and search.is_working(now),
        "was_left": bool(search) and search.ended_at is None and not search.is_working(now),
        "total": max(search.total, search.looked) if search else 0,
        "kinds": [(what, What(what).label, count) for what, count in kinds],
        "since": controls.since_of(timezone.localdate(now)),
    }
