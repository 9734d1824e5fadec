"""A page that a secret address opens to somebody without an account: how often it may be asked, what its answer must
not leave behind it, how the address is written."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

HOUR = 3600
UNKNOWN_AN_HOUR = 60  # addresses that are nobody's, from one machine


def asked_again(key):
    """How many times within the hour, this one included."""
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # it has just expired
        return 1


def too_much():
    return HttpResponse(_("Troppe richieste: riprova fra un’ora."), status=429, headers={"Retry-After": str(HOUR)})


def nobody_s(request, room):
    """The answer to an address that is nobody's, or was revoked: always the same. 429 for who tries many."""
    if asked_again(f"{room}-unknown/{request.META.get('REMOTE_ADDR', '')}") > UNKNOWN_AN_HOUR:
        return too_much()
    return render(request, "nobody_s.html", status=404)


def leaves_nothing(answer):
    """No copy in the browser or on the way, and the address goes to no other site. Not «no-referrer»: browsers would
    then send the form from nowhere, and it would be refused as forged."""
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def address_of(request, name, token):
    path = reverse(name, args=[token])
    return f"{settings.SITE}{path}" if settings.SITE else request.build_absolute_uri(path)
