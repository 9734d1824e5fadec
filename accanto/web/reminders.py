"""The day of a user outside the pages: a calendar at a secret address and a message a day.

They say what kind of thing is due, how many and when, with a link that asks to sign in: no name, no title of anything,
no place, nothing by which the area of anybody could be guessed."""

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import dataclass

import icalendar
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accanto.access import reminder as reminders
from accanto.access.door import for_kinds, opened, opens_itself, writes
from accanto.access.on_behalf import on_behalf_of
from accanto.access.role import Role
from accanto.access.user import User
from accanto.web import my_day
from accanto.web.secret_page import HOUR, asked_again

ASKED_AN_HOUR = 30  # times a calendar is read, far more than any program needs
UNKNOWN_AN_HOUR = 60  # addresses that are nobody's, from one machine
AHEAD = dt.timedelta(days=7)  # what the message of a day looks forward to


@dataclass(frozen=True)
class Count:
    """How many things of one kind are due on a day; `when` None for what waits without a day."""

    what: str
    when: dt.date | None
    number: int


def counts_of(user, *, today, now):
    """Over all the roles the user has today. Only figures come out of here."""
    found = Counter()
    for role in Role.objects.filter(user=user, kind__in=my_day.REMINDED).on(today).with_place().order_by("id"):
        with on_behalf_of(user, role) as acting:
            for due in my_day.all_dues(acting, today=today, now=now):
                found[str(due.what), due.when] += 1
    return [Count(what, when, number) for (what, when), number in found.items()]


def page_of(user, today):
    """Where what is counted is read: who only refers has no day."""
    has_a_day = Role.objects.filter(user=user, kind__in=my_day.KINDS).on(today).exists()
    return reverse("my_day" if has_a_day else "sent_referrals")


def add(counts):
    """Of many days together: (what, number), the most first."""
    total = Counter()
    for count in counts:
        total[count.what] += count.number
    return total.most_common()


# --- the calendar ---------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
@opens_itself
def calendar(request, token):
    """The feed: an event a day and kind of thing. 404 for an address that is nobody's, 429 for who asks too much."""
    mark = reminders.fingerprint(token)
    stranger = f"calendar-unknown/{request.META.get('REMOTE_ADDR', '')}"
    if cache.get(stranger, 0) >= UNKNOWN_AN_HOUR or asked_again(f"calendar/{mark}") > ASKED_AN_HOUR:
        return HttpResponse(status=429, headers={"Retry-After": str(HOUR)})
    with opened(token=None, writing=False):
        user_id = reminders.calendar_user(token)
        user = User.objects.filter(pk=user_id).first() if user_id else None
    if user is None:
        asked_again(stranger)
        raise Http404
    now = timezone.now()
    with translation.override("it"):
        counts = counts_of(user, today=timezone.localdate(now), now=now)
        text = as_calendar(
            counts, user=user, now=now, url=request.build_absolute_uri(page_of(user, timezone.localdate(now)))
        )
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"},
    )


def as_calendar(counts, *, user, now, url):
    """RFC 5545. What is late or waits without a day stands on today, so that it is seen."""
    feed, today = icalendar.Calendar(), timezone.localdate(now)
    feed.add("prodid", "-//Accanto//La mia giornata//IT")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", "Accanto")
    feed.add("refresh-interval", dt.timedelta(hours=6), {"value": "DURATION"})
    events = Counter()
    for count in counts:
        late = count.when is not None and count.when < today
        words = _("in ritardo, %(what)s") % {"what": count.what} if late else count.what
        events[max(count.when or today, today), words] += count.number
    for (day, words), number in sorted(events.items()):
        event = icalendar.Event()
        event.add("uid", f"{uid(user, day, words)}@accanto")
        event.add("dtstamp", now.astimezone(dt.UTC))
        event.add("dtstart", day)
        event.add("dtend", day + dt.timedelta(days=1))
        event.add("summary", f"{words[:1].upper()}{words[1:]}: {number}")
        event.add("description", _("Apri Accanto per vedere di che cosa si tratta."))
        event.add("url", url)
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        feed.add_component(event)
    return feed.to_ical()


def uid(user, day, words):
    return hashlib.sha256(f"{settings.SECRET_KEY}/{user.pk}/{day}/{words}".encode()).hexdigest()[:32]


# --- the message of a day -------------------------------------------------------------------------------------------


@dataclass
class Told:
    """What a run did; `unsure` were begun by a run that was cut short, and may have left."""

    sent: int = 0
    nothing: int = 0
    failed: int = 0
    unsure: int = 0


def send_digests(*, now, site):
    """One message a day to who wants it and has something due. What failed is tried again at the next run; nothing
    leaves twice. `site` is the address of the service, without a slash at its end."""
    today, told = timezone.localdate(now), Told()
    wanted = reminders.digests_of(today)
    users = User.objects.in_bulk([user_id for user_id, _state in wanted])
    connection = get_connection()
    for user_id, state in wanted:
        if state == "sent":
            continue
        if state == "sending":
            told.unsure += 1
            continue
        user = users[user_id]
        with translation.override("it"):
            counts = counts_of(user, today=today, now=now)
            message = digest(user, counts, today=today, site=site)
        if message is None:
            told.nothing += 1
        elif reminders.begin_digest(user_id=user_id, day=today):
            failure = send(message, connection)
            reminders.end_digest(user_id=user_id, day=today, failure=failure)
            told.failed += bool(failure)
            told.sent += not failure
    connection.close()
    return told


def send(message, connection):
    """Why it did not leave, in a word without anybody's address; nothing where it left."""
    message.connection = connection
    try:
        message.send()
    except (OSError, ValueError) as problem:  # what smtplib raises is an OSError too
        connection.close()
        code = getattr(problem, "smtp_code", None)
        return f"{type(problem).__name__} {code}" if code else type(problem).__name__
    return ""


def digest(user, counts, *, today, site):
    """The message, or None where nothing is due in these days."""
    late = [count for count in counts if count.when and count.when < today]
    now_due = [count for count in counts if count.when == today]
    coming = [count for count in counts if count.when and today < count.when <= today + AHEAD]
    waiting = [count for count in counts if count.when is None]
    if not (late or now_due or coming or waiting):
        return None
    lines = [_("Buongiorno, ecco che cosa c’è oggi in Accanto."), ""]
    for title, found in (
        (_("Scadute"), late),
        (_("Per oggi"), now_due),
        (_("Nei prossimi sette giorni"), coming),
        (_("Aspettano te"), waiting),
    ):
        if found:
            lines += [f"{title}:", *(f"  - {what}: {number}" for what, number in add(found)), ""]
    lines += [
        _("Per vedere di chi si tratta entra in Accanto: %(url)s") % {"url": site + page_of(user, today)},
        "",
        _("Ricevi questo messaggio perché lo hai chiesto. Per non riceverlo più: %(url)s")
        % {"url": site + reverse("reminders")},
    ]
    number = sum(count.number for count in late + now_due)
    subject = ngettext("Accanto: %(count)s cosa per oggi", "Accanto: %(count)s cose per oggi", number)
    return EmailMessage(
        subject=subject % {"count": number} if number else _("Accanto: la tua giornata"),
        body="\n".join(lines),
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


# --- the page -------------------------------------------------------------------------------------------------------


@for_kinds(*my_day.REMINDED)
@writes
def own_reminders(request):
    """Asking for the calendar's address, renewing or withdrawing it; asking for the message of each day."""
    by, now = request.acting, timezone.now()
    if request.method == "POST":
        asked = request.POST.get("do", "")
        if asked == "calendar":
            url = request.build_absolute_uri(reverse("calendar", args=[reminders.renew_calendar(by=by, now=now)]))
            return render(request, "access/calendar_once.html", {"url": url})
        if asked == "withdraw":
            reminders.withdraw_calendar(by=by, now=now)
            messages.success(request, _("L’indirizzo del calendario non risponde più."))
        elif asked == "digest" and request.user.email:
            reminders.want_digest(wanted=True, by=by, now=now)
            messages.success(request, _("Riceverai un messaggio al giorno, quando c’è qualcosa."))
        elif asked == "no_digest":
            reminders.want_digest(wanted=False, by=by, now=now)
            messages.success(request, _("Non riceverai più il messaggio."))
        return redirect("reminders")
    return render(request, "access/reminders.html", {"own": reminders.own(request.user)})
