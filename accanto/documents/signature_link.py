"""The personal address by which somebody without an account signs: GET shows, a code goes by another way, POST signs.

Behind it are functions of PostgreSQL with the least rights (see the migration): who guesses learns nothing."""

import datetime as dt
import re
from dataclasses import dataclass

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.secret_link import code_mark, fingerprint, new_code, new_token
from accanto.documents.signature_round import RoundRow, Signatory, Signature, whose

VALID = dt.timedelta(days=7)  # of a link
CODE_MINUTES = 15
WRONG_CODES = 5  # then the link signs no more


class SignatureLink(RoundRow):
    """One signatory, some days. A new one takes the place of the one before."""

    signatory = models.ForeignKey(Signatory, models.PROTECT, related_name="links")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("fatto il"))
    made_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField(_("vale fino al"))
    # the code is said by who made the link, face to face, and no message carries it
    in_person = models.BooleanField(_("codice dato di persona"), default=False)
    code_hash = models.CharField(max_length=64, blank=True)
    code_channel = models.CharField(max_length=10, choices=Signature.Channel.choices, blank=True)
    code_until = models.DateTimeField(null=True, blank=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(_("messaggio partito il"), null=True, blank=True)
    mail_failure = models.CharField(_("perché il messaggio non è partito"), max_length=200, blank=True)
    revoked_at = models.DateTimeField(_("revocato il"), null=True, blank=True)

    class Meta:
        verbose_name = _("collegamento per firmare")
        verbose_name_plural = _("collegamenti per firmare")
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["zone", "subject"], name="documents_link_of_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["signatory"], condition=Q(revoked_at=None), name="documents_link_one_of_each"
            ),
            models.CheckConstraint(condition=Q(wrong_codes__lte=WRONG_CODES), name="documents_link_few_wrong_codes"),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_locked(self):
        return self.wrong_codes >= WRONG_CODES


def make(*, signatory, by, now, in_person=False):
    """A new link, the ones before revoked. Returns row, secret and, face to face, the code; neither is kept."""
    revoke(signatory=signatory, by=by, now=now)
    token, code, facts = new_token(), "", {}
    if in_person:
        code = new_code()
        facts = {
            "in_person": True,
            "code_hash": code_mark(token, code),
            "code_channel": Signature.Channel.IN_PERSON,
            "code_until": now + dt.timedelta(minutes=CODE_MINUTES),
            "codes_sent": 1,
        }
    row = SignatureLink.objects.create(
        **whose(signatory),
        signatory=signatory,
        hash=fingerprint(token),
        made_at=now,
        made_by=by.user,
        expires_at=now + (dt.timedelta(minutes=CODE_MINUTES) if in_person else VALID),
        **facts,
    )
    log.act("make", row, by=by, now=now, in_person=in_person)
    return row, token, code


def revoke(*, signatory, by, now):
    """It answers no more, as if it had never been."""
    for row in SignatureLink.objects.filter(signatory=signatory, revoked_at=None):
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        log.act("revoke", row, by=by, now=now)


# --- by who holds the address, without a session ---------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """What an address opens. `standing`: open, signed, void, delegation (it is over), expired, locked."""

    standing: str
    round_id: int | None
    title: str
    party: str
    name: str
    quality: str
    delegated_by: str
    office: str
    sha256: str
    annex_sha256: str
    expires_at: dt.datetime
    signed_at: dt.datetime | None
    in_person: bool
    code_live: bool
    code_channel: str
    has_email: bool
    has_phone: bool
    tries_left: int
    waiting: list


def read(token):
    """None for an address that is nobody's, revoked, or too old to be told anything."""
    with connection.cursor() as cursor:
        cursor.execute("select * from signature_link_read(%s)", [fingerprint(token)])
        found = cursor.fetchone()
    return Held(*found) if found else None


def paper(token, part):
    """The bytes of the document or of the annex, or None where they are not to be seen."""
    data = _value("select signature_link_paper(%s, %s)", [fingerprint(token), part])
    return None if data is None else bytes(data)


def ask_code(token, *, sms):
    """A code that holds some minutes: (code, channel, address), or None where none may be sent now. `sms`: whether
    messages to phones leave at all."""
    code = new_code()
    with connection.cursor() as cursor:
        cursor.execute(
            "select channel, address from signature_link_code(%s, %s, %s)",
            [fingerprint(token), code_mark(token, code), sms],
        )
        found = cursor.fetchone()
    return (code, *found) if found else None


def renew(token):
    """For who holds an expired or locked link: a new one, for the mailbox on file: (secret, mailbox); or None."""
    new = new_token()
    email = _value("select signature_link_renew(%s, %s)", [fingerprint(token), fingerprint(new)])
    return (new, email) if email else None


def mailed(token, *, failure=""):
    _value("select signature_link_mailed(%s, %s)", [fingerprint(token), failure])


def typed(code):
    """The digits of what somebody typed, with spaces or without."""
    return re.sub(r"\D", "", code)[:12]


def _value(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone()
        return found[0] if found else None
