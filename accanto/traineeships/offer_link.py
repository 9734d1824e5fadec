"""The address by which a company offers places without an account. Only the hash of its secret is kept."""

import datetime as dt
import json
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.secret_link import fingerprint, new_token

VALID_DAYS = 30


class OfferLinks(models.QuerySet):
    def live(self, day):
        return self.filter(revoked_at=None, expires_on__gte=day)

    def with_names(self):
        return self.select_related("host__organisation", "made_by", "revoked_by")


class OfferLink(models.Model):
    """One company, one office, some weeks. GET shows and POST acts; who guesses learns nothing."""

    host = models.ForeignKey("traineeships.Host", models.PROTECT, related_name="offer_links")
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+")
    hash = models.CharField(max_length=64, unique=True)
    to_name = models.CharField(_("a chi"), max_length=120, blank=True)
    email = models.EmailField(_("posta elettronica"), blank=True)
    made_at = models.DateTimeField(_("fatto il"))
    made_by = models.ForeignKey("access.User", models.PROTECT, related_name="+", verbose_name=_("fatto da"))
    expires_on = models.DateField(_("vale fino al"))
    # the one it was asked from, when it had expired
    renews = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(_("revocato il"), null=True, blank=True)
    revoked_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(_("usato l’ultima volta il"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("messaggio partito il"), null=True, blank=True)
    mail_failure = models.CharField(_("perché il messaggio non è partito"), max_length=200, blank=True)

    objects = OfferLinks.as_manager()

    class Meta:
        verbose_name = _("collegamento per offrire posti")
        verbose_name_plural = _("collegamenti per offrire posti")
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["zone", "-made_at"], name="traineeships_offerlink_of_zone")]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="traineeships_offerlink_revoked_by_somebody",
            )
        ]

    def __str__(self):
        return f"{self.host} {timezone.localdate(self.made_at):%d/%m/%Y}"

    def is_live(self, day):
        return self.revoked_at is None and self.expires_on >= day


def make(*, host, by, now, to_name="", email="", days=VALID_DAYS):
    """A new link of the office for a company. Returns the row and the secret, which is kept nowhere."""
    token = new_token()
    row = OfferLink.objects.create(
        host=host,
        zone_id=by.zone_id,
        hash=fingerprint(token),
        to_name=to_name.strip(),
        email=email,
        made_at=now,
        made_by=by.user,
        expires_on=timezone.localdate(now) + dt.timedelta(days=days),
    )
    log.act("make", row, by=by, now=now, host=host.pk)
    return row, token


def revoke(*, link, by, now):
    """It answers no more, as if it had never been; what was offered through it stays."""
    link.revoked_at, link.revoked_by = now, by.user
    link.save(update_fields=["revoked_at", "revoked_by"])
    log.act("revoke", link, by=by, now=now)


# --- by who holds the address, without a session ---------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """What an address opens: the host and the office, or only that it has expired."""

    is_live: bool
    host_id: int | None
    zone_id: int | None
    to_name: str
    expires_on: dt.date


def read(token):
    """What the address opens, or None: an unknown one, a revoked one and one too old say the same."""
    with connection.cursor() as cursor:
        cursor.execute("select * from offer_link_read(%s)", [fingerprint(token)])
        found = cursor.fetchone()
    if found is None:
        return None
    standing, _link, host_id, zone_id, to_name, expires_on = found
    return Held(standing == "live", host_id, zone_id, to_name, expires_on)


def offer_through(token, *, facts, place_id=None):
    """The company offers a place, or corrects one that still waits for the office. Its id, or None where the link
    answers no more, the place is not its own, or too many of its offers wait already."""
    said = {
        **facts,
        "municipality_id": facts["municipality"].pk,
        "seat_id": facts["seat"].pk if facts["seat"] else None,
    }
    said.pop("municipality"), said.pop("seat")
    return _value(
        "select offer_place(%s, %s, %s)", [fingerprint(token), place_id, json.dumps(said, cls=DjangoJSONEncoder)]
    )


def turn_through(token, *, place_id, state):
    """The company pauses, opens again or takes back a place of its own. Whether it did."""
    return _value("select offer_link_turn(%s, %s, %s)", [fingerprint(token), place_id, str(state)])


def renew(token):
    """For who holds an expired link: a new one for the mailbox the office wrote down. (secret, mailbox, host id), or
    None where there is no mailbox, or three have been sent today."""
    new = new_token()
    with connection.cursor() as cursor:
        cursor.execute(
            "select email, host_id from offer_link_renew(%s, %s, %s)",
            [fingerprint(token), fingerprint(new), VALID_DAYS],
        )
        found = cursor.fetchone()
    return (new, *found) if found else None


def mailed(token, *, failure=""):
    """Whether its message left, or why not, in a word without anybody's address."""
    _value("select offer_link_mailed(%s, %s)", [fingerprint(token), failure])


def _value(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]
