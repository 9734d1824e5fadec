"""Traineeship agreements: which wait for whose signature, which hold and until when, how many places are used."""

import datetime as dt
from types import SimpleNamespace

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.door import for_kinds
from accanto.documents.signature_round import Signatory
from accanto.traineeships import agreement as agreements_of
from accanto.traineeships import signing
from accanto.traineeships.agreement import Agreement
from accanto.traineeships.host import Host
from accanto.traineeships.signing import Signing
from accanto.traineeships.traineeship import OPEN, TO_START, Traineeship
from accanto.web.frame import STARTERS, WORKERS
from accanto.web.parts import numbers
from accanto.web.parts.keyset import Page, whole_number

PAGE = 30
SOON = dt.timedelta(days=60)
NAMED = 50  # traineeships of one agreement on its page
HELD = Q(signed_on__isnull=False)
FILTERS = {
    "signing": (gettext_lazy("Alla firma"), lambda today: Q(signed_on=None, collecting=True)),
    "draft": (gettext_lazy("Bozze"), lambda today: Q(signed_on=None, collecting=False)),
    "force": (
        gettext_lazy("In vigore"),
        lambda today: HELD & Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gte=today)),
    ),
    "expiring": (
        format_lazy(gettext_lazy("Scadono entro {days} giorni"), days=SOON.days),
        lambda today: HELD & Q(valid_from__lte=today, valid_to__range=(today, today + SOON)),
    ),
    "over": (gettext_lazy("Scadute"), lambda today: HELD & Q(valid_to__lt=today)),
    "all": (gettext_lazy("Tutte"), lambda today: Q()),
}
BY_END = ("valid_to", "id")
BY_HOST = ("host__organisation__name", "id")


def agreements_for(acting):
    """All of them, with whether a round that this role sees is open on them."""
    rounds = Signing.objects.within(acting).to_finish().filter(agreement=OuterRef("pk"))
    rows = Agreement.objects.annotate(collecting=Exists(rounds))
    return rows.select_related("host__organisation", "host__municipality", "promoter", "body_in_charge")


def of_zone(rows, acting):
    """Those of its hosts and bodies, those of its traineeships, those it is having signed."""
    theirs = Traineeship.objects.within(acting).filter(agreement=OuterRef("pk"))
    begun = Signing.objects.within(acting).filter(agreement=OuterRef("pk"))
    near = Q(host__municipality__zone_id=acting.zone_id) | Q(promoter__zone_id=acting.zone_id)
    return rows.filter(near | Q(body_in_charge__zone_id=acting.zone_id) | Exists(theirs) | Exists(begun))


@for_kinds(*WORKERS)
def agreements(request):
    """Those of the zone, or of one host whoever follows it."""
    acting, today = request.acting, timezone.localdate()
    rows, host, here = agreements_for(acting), None, reverse("agreements") + "?"
    if asked := request.GET.get("host"):
        host = get_object_or_404(Host.objects.with_place(), pk=whole_number(asked) or 0)
        rows, here = rows.filter(host=host), f"{here}host={host.pk}&"
    else:
        rows = of_zone(rows, acting)
    counts = rows.order_by().aggregate(
        **{name: Count("pk", filter=one(today)) for name, (_label, one) in FILTERS.items()}
    )
    show = request.GET.get("show") or ("signing" if counts["signing"] else "all" if host else "force")
    if show not in FILTERS:
        raise Http404
    order = BY_END if show in ("expiring", "over") else BY_HOST
    page = Page.of(request, rows.filter(FILTERS[show][1](today)), order=order, size=PAGE)
    context = {
        "host": host,
        "rows": shown(page.rows, acting, today),
        "filters": [
            (label, f"{here}show={name}", counts[name], name == show) for name, (label, _one) in FILTERS.items()
        ],
        "shown": len(page.rows),
        "total": counts[show],
        "next_url": page.next_url,
        "first_url": f"{here}show={show}" if request.GET.get("after") else "",
        "names_body": acting.kind in STARTERS,
    }
    return render(request, "traineeships/agreements.html", context)


def shown(rows, acting, today):
    """Three queries more, however many they are."""
    used = agreements_of.trainees(rows)
    signatories = Prefetch("round__signatories", Signatory.objects.select_related("signature").order_by("id"))
    unsigned = [row for row in rows if row.signed_on is None]
    open_rounds = Signing.objects.within(acting).to_finish().filter(agreement__in=unsigned)
    found = open_rounds.select_related("round").with_mark_now().prefetch_related(signatories).order_by("id")
    rounds = {one.agreement_id: one for one in found} if unsigned else {}
    return [Shown(row, rounds.get(row.pk), used.get(row.pk, (0, 0)), acting, today) for row in rows]


class Shown:
    """An agreement as a list and its page show it: a word, who is missing, what to do next."""

    def __init__(self, row, one, used, acting, today):
        self.row, self.signing = row, one
        self.running, self.to_start = used
        self.used = sum(used)
        self.is_full = row.places is not None and self.used >= row.places
        self.round_url = ""
        if one and acting.kind in STARTERS:
            self.round_url = reverse("signature_round", args=[one.round_id])
        self.tone, self.word, self.next = self.said(today)

    def said(self, today):
        row, one = self.row, self.signing
        if row.signed_on is None:
            if one is None:
                return "neutral", _("bozza"), _("la tua zona non ne raccoglie le firme: si prepara dal tirocinio")
            if one.mark != one.mark_now:
                return "stopped", _("da rifare"), _("i dati sono cambiati: le firme non valgono")
            if one.round.completed_at:
                return "attention", _("firmata da tutti"), _("registrarla")
            lacking = signing.parties_missing(one.round.signatories.all())
            who = ", ".join(str(party.label) for party in lacking)
            return "progress", _("alla firma"), _("manca la firma di: %(who)s") % {"who": who}
        if row.valid_from > today:
            return "info", _("vale più avanti"), ""
        if row.valid_to and row.valid_to < today:
            return "stopped", _("scaduta"), _("farne una nuova") if self.used else ""
        if row.valid_to and row.valid_to <= today + SOON:
            left = (row.valid_to - today).days
            words = ngettext("scade fra %(left)s giorno", "scade fra %(left)s giorni", left) % {"left": left}
            return "attention", _("in scadenza"), words
        return "ok", _("in vigore"), _("posti finiti: ne serve un’altra") if self.is_full else ""

    @property
    def places(self):
        """«3 su 5»: running and to start, in every zone."""
        if self.row.places is None:
            return _("%(used)s, senza un limite") % {"used": numbers.number(self.used)}
        return _("%(used)s su %(places)s") % {"used": self.used, "places": self.row.places}


@for_kinds(*WORKERS)
def agreement(request, agreement):
    """One agreement and the plans that stand on it: those of the zone by name, the others as a figure."""
    acting, today = request.acting, timezone.localdate()
    row = get_object_or_404(agreements_for(acting), pk=agreement)
    (entry,) = shown([row], acting, today)
    own = Traineeship.objects.within(acting).filter(agreement=row, state__in=(*TO_START, *OPEN))
    mine = list(own.with_person().order_by("ends", "pk")[: NAMED + 1])
    context = {
        "agreement": row,
        "entry": entry,
        "rows": [
            SimpleNamespace(row=one, beyond=bool(row.valid_to and one.ends > row.valid_to)) for one in mine[:NAMED]
        ],
        "elsewhere": max(0, entry.used - own.count()),
        "names_body": acting.kind in STARTERS,
        "signed_by": [agreements_of.Party(party).label for party in row.signed_by],
    }
    return render(request, "traineeships/agreement.html", context)
