"""Several proposals of a round accepted together: those ticked, or all those shown, listed once more before the act."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.traineeships import matching_acceptance as acceptance
from accanto.traineeships.matching_acceptance import Lack
from accanto.traineeships.matching_round import MatchingProposal
from accanto.web import matching_words as words
from accanto.web.matching import NarrowForm, Shown, narrowed, round_or_404
from accanto.web.parts.keyset import whole_number
from accanto.web.people import MANAGERS

State = MatchingProposal.State
MOST = 5000  # of one act


@for_kinds(*MANAGERS)
@writes
@require_POST
def accept_proposals(request, matching_round):
    """First what will be accepted, and of the others why not; then, confirmed, the act. Nothing is lost: what cannot be
    accepted stays to be decided."""
    row, acting, now = round_or_404(request, matching_round), request.acting, timezone.now()
    rows = chosen(request, row)
    here = reverse("matching_round", args=[row.pk])
    if not rows:
        messages.info(request, _("Segna almeno un abbinamento da accogliere."))
        return redirect(here)
    if "sure" in request.POST:
        accepted, lacks = acceptance.accept_all(proposals=rows, by=acting, now=now)
        say(request, len(accepted), lacks)
        return redirect(here)
    lacks = acceptance.lacking(rows, by=acting, day=timezone.localdate(now))
    context = {
        "round": row,
        "ready": [Shown(one) for one in rows if one.pk not in lacks],
        "left": [(one, words.LACKS[lacks[one.pk]]) for one in rows if one.pk in lacks],
        "ids": " ".join(str(one.pk) for one in rows if one.pk not in lacks),
    }
    return render(request, "traineeships/matching_accept.html", context)


def chosen(request, row):
    """The proposals named: ticked, listed by the page of confirmation, or all those to decide that the list showed."""
    rows = row.proposals.within(request.acting).with_people().select_related("case__manager")
    rows = rows.order_by("subject__person__name_key", "pk")
    if "all" in request.POST:
        narrow = NarrowForm(request.POST, rows=rows)
        if not narrow.is_valid():
            raise Http404
        return list(narrowed(rows, narrow.cleaned_data).filter(state=State.PROPOSED)[:MOST])
    ids = [*request.POST.getlist("proposal"), *request.POST.get("proposals", "").split()][:MOST]
    found = {number for text in ids if (number := whole_number(text))}
    return list(rows.filter(pk__in=found)) if found else []


def say(request, accepted, lacks):
    """How many, and where to read why not: by name, on the page of the round."""
    if accepted:
        words_ = ngettext(
            "%(count)s abbinamento accolto: adesso si scrive il progetto.",
            "%(count)s abbinamenti accolti: adesso si scrivono i progetti.",
            accepted,
        )
        messages.success(request, words_ % {"count": accepted})
    decided = sum(lack in (Lack.DECIDED, Lack.OVER) for lack in lacks.values())
    if decided:
        words_ = ngettext(
            "%(count)s nel frattempo è stato deciso da altri: resta come l’hanno deciso.",
            "%(count)s nel frattempo sono stati decisi da altri: restano come li hanno decisi.",
            decided,
        )
        messages.info(request, words_ % {"count": decided})
    left = len(lacks) - decided
    if left:
        words_ = ngettext(
            "%(count)s non si può accogliere e resta da decidere: qui sotto c’è perché.",
            "%(count)s non si possono accogliere e restano da decidere: qui sotto c’è perché.",
            left,
        )
        messages.warning(request, words_ % {"count": left})
