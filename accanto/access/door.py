"""The one way in. A request is one transaction: read-only unless its view says `@writes`, with the session's token told
to PostgreSQL, which decides from it what can be seen. What was read is then written in a second, short transaction,
before the first byte leaves; if that cannot be done nobody sees anything."""

import logging
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.shortcuts import redirect, render
from django.utils import timezone

from accanto.access import log
from accanto.access.role import Acting, Role
from accanto.access.subject import read_in_this_request, session_is_known

logger = logging.getLogger(__name__)


def writes(view):
    """Mark a view whose POST changes something. Its GET stays read-only."""
    view.writes = True
    return view


def opens_itself(view):
    """Mark a view that answers to no session and opens the door itself, for as long and as whom it needs."""
    view.opens_itself = True
    return view


def for_kinds(*kinds):
    """A page for these kinds of role only; to the others it does not exist (404)."""

    def mark(view):
        view.kinds = frozenset(kinds)
        return view

    return mark


@contextmanager
def session_told(session):
    mark = session_is_known.set(session)
    try:
        yield
    finally:
        session_is_known.reset(mark)


@contextmanager
def opened(*, token, writing):
    """A transaction in which PostgreSQL knows the session. Reading transactions end in a rollback: there is nothing to
    keep, and with it go the local settings, which would survive a mere savepoint."""
    with transaction.atomic(), session_told(bool(token)):
        with connection.cursor() as cursor:
            cursor.execute(
                "select set_config('accanto.session', %s, true), set_config('role', %s, true)"
                + ("" if writing else ", set_config('transaction_read_only', 'on', true)"),
                [token or "", settings.DOOR_ROLE or "none"],
            )
        yield
        if writing:
            with connection.cursor() as cursor:
                cursor.execute("set constraints all immediate")
                cursor.execute("select set_config('accanto.session', '', true), set_config('role', 'none', true)")
        else:
            transaction.set_rollback(True)


def announce(request):
    """Save a session that has just begun and tell it to PostgreSQL, in the transaction of the page that began it."""
    request.session.save()
    with connection.cursor() as cursor:
        cursor.execute("select set_config('accanto.session', %s, true)", [request.session.session_key])
        cursor.execute("select app_user()")
        if cursor.fetchone()[0] != request.user.pk:
            raise ImproperlyConfigured(
                "PostgreSQL does not recognise the sessions of this process: give `accanto migrate` the same "
                "ACCANTO_SECRET_KEY as the service, and run it again."
            )


class DoorMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.acting = None
        read = set()
        mark = read_in_this_request.set(read)
        try:
            response = self.get_response(request)
        finally:
            read_in_this_request.reset(mark)
        response = self.write_down(request, response, read)
        if request.user.is_authenticated:
            # the next person at this computer must not find the page with the back button
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request, view, args, kwargs):
        if getattr(view, "opens_itself", False):
            return None
        request.acting = acting_of(request)
        writing = getattr(view, "writes", False) and request.method not in ("GET", "HEAD", "OPTIONS")
        with opened(token=request.session.session_key, writing=writing):
            response = admit(request, view)(request, *args, **kwargs)
            # a lazy response would render after the door has closed, and see nothing
            if hasattr(response, "render") and callable(response.render):
                response = response.render()
        return response

    def write_down(self, request, response, read):
        match = getattr(request, "resolver_match", None)
        refused = response.status_code == 404 and request.user.is_authenticated and bool(match and match.kwargs)
        if not (read or refused) or not request.user.is_authenticated:
            return response
        page = match.view_name if match else request.path[:60]
        try:
            with opened(token=request.session.session_key, writing=True):
                log.reading(
                    page=page,
                    subjects=() if refused else read,
                    now=timezone.now(),
                    refused=refused,
                    **({"asked": asked(match)} if refused else {}),
                )
        except DatabaseError:
            logger.exception("The log of readings cannot be written: the page %s was withheld", page)
            return render(request, "503.html", status=503)
        return response


def asked(match):
    """What stood in the address, as PostgreSQL can keep it: a stranger may have written anything there."""
    return {
        name: value.replace("\x00", "\ufffd")[:200] if isinstance(value, str) else value
        for name, value in match.kwargs.items()
    }


def acting_of(request):
    """The user and the live role the session acts in, or None. A role that has ended acts no more."""
    request.roles = []
    if not request.user.is_authenticated or request.user.password_is_temporary:
        return None
    request.roles = list(Role.objects.filter(user=request.user).on(timezone.localdate()).with_place())
    chosen = request.session.get("role")
    role = next((role for role in request.roles if role.pk == chosen), None)
    return Acting(user=request.user, role=role) if role else None


def admit(request, view):
    """The view itself, or the answer that this page is not for the acting role."""
    if request.user.is_authenticated and request.user.password_is_temporary and not hasattr(view, "in_no_role"):
        return change_password_first
    kinds = getattr(view, "kinds", None)
    if kinds is None or (request.acting and request.acting.kind in kinds):
        return view
    return not_for_you


def in_no_role(view):
    """Mark a page of the account itself, which opens even before a temporary password has been changed."""
    view.in_no_role = True
    return view


def change_password_first(request, *args, **kwargs):
    return redirect("own_account")


def not_for_you(request, *args, **kwargs):
    return render(request, "404.html", status=404)
