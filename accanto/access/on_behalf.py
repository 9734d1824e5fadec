"""What a user may see when they are not there: for the calendar and the messages, which leave without them.

A session of theirs is begun and ended for it, so that PostgreSQL decides by the same policies as on their pages; it
lasts a minute, its token never leaves this process, and the site would not sign anybody in with it."""

from contextlib import contextmanager

from django.contrib.auth import SESSION_KEY

from accanto.access.door import opened
from accanto.access.role import Acting
from accanto.access.session import SessionStore
from accanto.access.subject import read_in_this_request

SECONDS = 60


@contextmanager
def on_behalf_of(user, role):
    """A reading transaction as that user in that role; gives the `Acting`. Rows read here are in no log of readings:
    whoever uses this lets out figures, and nothing about anybody."""
    session = SessionStore()
    session[SESSION_KEY], session["role"] = str(user.pk), role.pk
    session.set_expiry(SECONDS)
    session.create()
    mark = read_in_this_request.set(None)
    try:
        with opened(token=session.session_key, writing=False):
            yield Acting(user=user, role=role)
    finally:
        read_in_this_request.reset(mark)
        session.delete()
