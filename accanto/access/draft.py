import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

# how long an unfinished page waits for who began it, and how much it may hold
KEPT = dt.timedelta(days=30)
LONGEST = 60_000  # characters of all that was typed, the names of the fields too


class Draft(models.Model):
    """What somebody has typed on a page and not yet sent. Theirs alone: PostgreSQL shows it to nobody else, and it is
    no part of anybody's file until it is sent."""

    user = models.ForeignKey("access.User", models.CASCADE, related_name="+")
    page = models.CharField(_("pagina"), max_length=60)
    about = models.BigIntegerField(_("di che cosa"))
    typed = models.JSONField(_("testo"))
    saved_at = models.DateTimeField(_("salvata il"))

    class Meta:
        verbose_name = _("bozza")
        verbose_name_plural = _("bozze")
        constraints = [models.UniqueConstraint(fields=["user", "page", "about"], name="access_draft_once")]

    def __str__(self):
        return self.page


class TooLong(Exception):
    """More than a draft holds: the page says to save now."""


def keep(*, page, about, typed, by, now):
    """Write what is typed now over what was. `typed` maps a field to its list of values. Raises TooLong."""
    if sum(len(name) + sum(map(len, values)) for name, values in typed.items()) > LONGEST:
        raise TooLong
    Draft.objects.filter(user=by.user, saved_at__lt=now - KEPT).delete()
    Draft.objects.update_or_create(user=by.user, page=page, about=about, defaults={"typed": typed, "saved_at": now})


def find(*, page, about, by, now):
    """The draft of a page, or None; what has waited too long is as if it were not there."""
    return Draft.objects.filter(user=by.user, page=page, about=about, saved_at__gte=now - KEPT).first()


def drop(*, page, about, by):
    """The page was sent, or its draft is not wanted."""
    Draft.objects.filter(user=by.user, page=page, about=about).delete()
