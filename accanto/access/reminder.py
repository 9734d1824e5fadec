"""How somebody wants to be reminded outside the pages: a calendar at a secret address, an e-mail a day. What leaves
says what kind of thing is due and how many, never about whom; each row is its owner's alone."""

import hashlib
import secrets

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from accanto.access import log


class Reminder(models.Model):
    """One for each user who asked. Of the calendar's address only the hash is kept: nobody reads it back."""

    user = models.OneToOneField("access.User", models.CASCADE, related_name="+")
    calendar_hash = models.CharField(max_length=64, blank=True, default="")
    calendar_made_at = models.DateTimeField(_("calendario dal"), null=True, blank=True)
    digest = models.BooleanField(_("un messaggio al giorno"), default=False)

    class Meta:
        verbose_name = _("promemoria")
        verbose_name_plural = _("promemoria")
        constraints = [
            models.UniqueConstraint(
                fields=["calendar_hash"], condition=~models.Q(calendar_hash=""), name="access_reminder_calendar_once"
            )
        ]

    def __str__(self):
        return str(self.user_id)


class DigestSent(models.Model):
    """The message of a day to a user: begun before it leaves, so that none leaves twice. One begun and not ended may
    have left: it is told, and not sent again."""

    class State(models.TextChoices):
        SENDING = "sending", _("in partenza")
        SENT = "sent", _("partito")
        FAILED = "failed", _("non riuscito")

    user = models.ForeignKey("access.User", models.CASCADE, related_name="+")
    day = models.DateField(_("giorno"))
    state = models.CharField(_("stato"), max_length=10, choices=State.choices)
    at = models.DateTimeField(_("quando"))
    attempts = models.PositiveSmallIntegerField(_("tentativi"), default=1)
    failure = models.CharField(_("perché non è riuscito"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("messaggio del giorno")
        verbose_name_plural = _("messaggi del giorno")
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="access_digestsent_once_a_day")]

    def __str__(self):
        return f"{self.user_id} {self.day}"


def fingerprint(token):
    return hashlib.sha256(token.encode()).hexdigest()


def own(user):
    """What the user asked for; a row not yet written where they asked for nothing."""
    return Reminder.objects.filter(user=user).first() or Reminder(user=user)


def renew_calendar(*, by, now):
    """A new secret address; the one before answers no more. Returns the token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    _write(by, calendar_hash=fingerprint(token), calendar_made_at=now)
    log.act("renew calendar", by.user, by=by, now=now)
    return token


def withdraw_calendar(*, by, now):
    _write(by, calendar_hash="", calendar_made_at=None)
    log.act("withdraw calendar", by.user, by=by, now=now)


def want_digest(*, wanted, by, now):
    _write(by, digest=wanted)
    log.act("ask for digest" if wanted else "stop digest", by.user, by=by, now=now)


def _write(by, **values):
    Reminder.objects.update_or_create(user=by.user, defaults=values)


def calendar_user(token):
    """Whose calendar it is: the id of a user who may sign in today, or None."""
    return _value("select calendar_user(%s)", [fingerprint(token)])


def digests_of(day):
    """Who wants a message and may get one: pairs of user id and what came of today's already ('' for nothing)."""
    with connection.cursor() as cursor:
        cursor.execute("select user_id, state from digests_of(%s)", [day])
        return cursor.fetchall()


def begin_digest(*, user_id, day):
    """Whether it is for this run to send it; asked twice it says yes once."""
    return _value("select digest_begin(%s, %s)", [user_id, day])


def end_digest(*, user_id, day, failure=""):
    _value("select digest_end(%s, %s, %s)", [user_id, day, failure[:200]])


def _value(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]
