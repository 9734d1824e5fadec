"""The page of a company without an account: it holds a secret address, and by it offers places. GET shows and POST
acts, so that a program that opens the links of messages does nothing."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accanto.access.door import opened, opens_itself
from accanto.access.organisation import Organisation
from accanto.territory.zone import Zone
from accanto.traineeships import offer_link as links
from accanto.traineeships.host import Host
from accanto.traineeships.place import Place, State
from accanto.web import offer_mail
from accanto.web.place import TONES, week_of
from accanto.web.place_form import PlaceForm
from accanto.web.secret_page import address_of, asked_again, leaves_nothing, nobody_s, too_much

SENT_AN_HOUR = 60  # forms sent through one link
RENEWED_AN_HOUR = 5  # times an expired page is asked for a new link


@login_not_required
@opens_itself
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request, token):
    """404 for an address that is nobody's, revoked, or too old, 410 for one that has expired, 429 for who asks too
    much. Nobody learns anything of another one."""
    with opened(token=None, writing=False):
        held = links.read(token)
    if held is None:
        return nobody_s(request, "offer")
    mark = f"offer/{links.fingerprint(token)}"
    if request.method == "POST" and asked_again(mark) > SENT_AN_HOUR:
        return too_much()
    return leaves_nothing(company_page(request, token, held) if held.is_live else expired_page(request, token, mark))


def expired_page(request, token, mark):
    """It says only that it has expired. A new one goes to the mailbox the office wrote down, whoever asks; the answer
    is the same whether or not there is one."""
    asked = request.method == "POST" and request.POST.get("do") == "renew"
    if asked and cache.get(f"{mark}/renew", 0) < RENEWED_AN_HOUR:
        asked_again(f"{mark}/renew")
        with opened(token=None, writing=True):
            found = links.renew(token)
        if found:
            send_renewed(request, *found)
    return render(request, "traineeships/offer_expired.html", {"asked": asked}, status=200 if asked else 410)


def send_renewed(request, new, email, host_id):
    with opened(token=None, writing=False):
        host, held = str(Host.objects.with_place().get(pk=host_id)), links.read(new)
        sender = office_of(held.zone_id)
    mail = offer_mail.invitation(
        url=address_of(request, "offer", new), to=email, host=host, expires_on=held.expires_on, sender=sender
    )
    failure = offer_mail.leave(mail)
    with opened(token=None, writing=True):
        links.mailed(new, failure=failure)


def office_of(zone_id):
    body = Organisation.objects.filter(kind=Organisation.Kind.ZONE_AUTHORITY, zone_id=zone_id).order_by("pk").first()
    return str(body or Zone.objects.get(pk=zone_id))


def company_page(request, token, held):
    writing = request.method == "POST"
    with opened(token=None, writing=writing):
        host = Host.objects.with_place().get(pk=held.host_id)
        own = list(
            Place.objects.filter(host=host, zone_id=held.zone_id, offered_through__isnull=False)
            .select_related("municipality", "seat", "host__municipality")
            .order_by("-offered_at", "-pk")[:60]
        )
        asked = request.POST.get("place", "") if writing else request.GET.get("place", "")
        chosen = next((row for row in own if str(row.pk) == asked), None)
        if asked and (chosen is None or (chosen.state != State.OFFERED and "turn" not in request.POST)):
            raise Http404
        if writing and "turn" in request.POST:
            turned = request.POST["turn"]
            done = chosen and turned in State and links.turn_through(token, place_id=chosen.pk, state=turned)
            return redirect(reverse("offer", args=[token]) + ("?done=turned" if done else "?done=not"))
        form = PlaceForm(
            request.POST if writing else None,
            host=host,
            today=timezone.localdate(),
            zone_id=held.zone_id,
            place=chosen,
        )
        if writing and form.is_valid():
            found = links.offer_through(token, facts=form.facts(), place_id=chosen.pk if chosen else None)
            done = ("changed" if chosen else "offered") if found else "not"
            return redirect(reverse("offer", args=[token]) + f"?done={done}")
        context = {
            "host": host,
            "office": office_of(held.zone_id),
            "to_name": held.to_name,
            "expires_on": held.expires_on,
            "own": [Offered(row) for row in own],
            "chosen": chosen,
            "form": form,
            "writes": writing or chosen is not None or not own or "new" in request.GET,
            "done": request.GET.get("done", ""),
        }
        return render(request, "traineeships/offer.html", context, status=422 if form.errors else 200)


class Offered:
    """A place as the company that offered it sees it."""

    def __init__(self, row):
        self.row, self.tone, self.week = row, TONES[row.state], week_of(row)
        self.waits_for_them = row.state == State.OFFERED and bool(row.office_words)

    @property
    def word(self):
        if self.waits_for_them:
            return _("vi abbiamo chiesto una cosa")
        return {
            State.OFFERED: _("lo stiamo leggendo"),
            State.OPEN: _("aperto"),
            State.PAUSED: _("in pausa"),
            State.WITHDRAWN: _("ritirato"),
            State.DECLINED: _("non accolto"),
        }[self.row.state]

    @property
    def turns(self):
        return {
            State.OFFERED: [("withdrawn", _("Ritira"))],
            State.OPEN: [("paused", _("Metti in pausa")), ("withdrawn", _("Ritira"))],
            State.PAUSED: [("open", _("Riapri")), ("withdrawn", _("Ritira"))],
        }.get(self.row.state, [])
