"""A document to be signed by many: its bytes, who must sign, who has. Nothing counts before the last signature."""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows, read_in_this_request
from accanto.documents.file_type import LARGEST, FileType


class RoundRow(SubjectRow):
    """About somebody, or about nobody: an agreement between bodies is of its zone alone."""

    subject = models.ForeignKey("access.Subject", models.PROTECT, related_name="+", null=True, blank=True)

    objects = SubjectRows.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        row = super().from_db(db, field_names, values)
        if readings := read_in_this_request.get():
            readings.discard(None)  # nobody was read
        return row


class SignatureRounds(SubjectRows):
    def standing(self):
        return self.filter(voided_at=None)


class SignatureRound(RoundRow):
    """The hash of the document is what everybody signs. Where a part of it is not for all who sign, it is an annex, and
    its hash is written in the document: who reads the annex and who does not sign the same thing."""

    class Void(models.TextChoices):
        CHANGED = "changed", _("i dati sono cambiati dopo che il documento era pronto")
        WITHDRAWN = "withdrawn", _("l’ufficio ha annullato la raccolta delle firme")

    title = models.CharField(_("che cosa si firma"), max_length=120)
    sha256 = models.CharField(_("impronta"), max_length=64)
    annex_sha256 = models.CharField(_("impronta dell’allegato"), max_length=64, blank=True)
    opened_at = models.DateTimeField(_("pronto dal"))
    opened_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    completed_at = models.DateTimeField(_("firmato da tutti il"), null=True, blank=True)
    voided_at = models.DateTimeField(_("annullato il"), null=True, blank=True)
    void_reason = models.CharField(_("perché è annullato"), max_length=20, choices=Void.choices, blank=True)

    objects = SignatureRounds.as_manager()

    class Meta:
        verbose_name = _("raccolta di firme")
        verbose_name_plural = _("raccolte di firme")
        ordering = ["-opened_at", "-id"]
        indexes = [models.Index(fields=["zone", "subject"], name="documents_round_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(voided_at=None, void_reason="")
                | Q(voided_at__isnull=False, completed_at=None) & ~Q(void_reason=""),
                name="documents_round_void_or_complete",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def state(self):
        return "void" if self.voided_at else "complete" if self.completed_at else "open"


class SignaturePaper(RoundRow):
    """The bytes: the document, its annex, the signed paper that came back. A table of its own, so that lists never load
    them; PostgreSQL holds that the hash is that of the bytes."""

    class Part(models.TextChoices):
        DOCUMENT = "document", _("documento")
        ANNEX = "annex", _("allegato riservato")
        SIGNED = "signed", _("documento firmato tornato")

    round = models.ForeignKey(SignatureRound, models.PROTECT, related_name="papers")
    part = models.CharField(_("parte"), max_length=10, choices=Part.choices)
    media_type = models.CharField(_("tipo di file"), max_length=20, choices=FileType.choices)
    sha256 = models.CharField(_("impronta"), max_length=64)
    data = models.BinaryField(_("byte"))

    class Meta:
        verbose_name = _("carta da firmare")
        verbose_name_plural = _("carte da firmare")
        ordering = ["id"]
        indexes = [models.Index(fields=["zone", "subject"], name="documents_paper_of_subject")]
        constraints = [
            models.UniqueConstraint(fields=["round", "part", "sha256"], name="documents_paper_once"),
            models.UniqueConstraint(
                fields=["round", "part"], condition=~Q(part="signed"), name="documents_paper_of_each_part_one"
            ),
        ]

    def __str__(self):
        return self.get_part_display()


class Signatory(RoundRow):
    """Somebody who must sign, for a party. A party has signed when all its signatories have."""

    round = models.ForeignKey(SignatureRound, models.PROTECT, related_name="signatories")
    party = models.CharField(_("parte che firma"), max_length=20)
    name = models.CharField(_("nome e cognome"), max_length=120)
    quality = models.CharField(_("in quale veste"), max_length=120, blank=True)
    # a delegation is of somebody and ends: after its last day it signs nothing
    delegated_by = models.CharField(_("delegato da"), max_length=120, blank=True)
    delegated_until = models.DateField(_("delega valida fino al"), null=True, blank=True)
    email = models.EmailField(_("posta elettronica"), blank=True)
    phone = models.CharField(_("cellulare"), max_length=40, blank=True)
    sees_annex = models.BooleanField(_("legge l’allegato riservato"), default=True)

    class Meta:
        verbose_name = _("firmatario")
        verbose_name_plural = _("firmatari")
        ordering = ["id"]
        indexes = [models.Index(fields=["zone", "subject"], name="documents_signatory_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(delegated_by="", delegated_until=None)
                | Q(delegated_until__isnull=False) & ~Q(delegated_by=""),
                name="documents_signatory_delegation_ends",
            )
        ]

    def __str__(self):
        return self.name

    def may_sign_on(self, day):
        return self.delegated_until is None or self.delegated_until >= day


class Signature(RoundRow):
    """What proves that somebody signed: never changed. `agent` says what kind of device, and no more of it."""

    class How(models.TextChoices):
        LINK = "link", _("con il collegamento personale e il codice")
        DRAWN = "drawn", _("disegnata su uno schermo, in presenza")
        PAPER = "paper", _("su carta o con un PDF firmato")

    class Channel(models.TextChoices):
        EMAIL = "email", _("posta elettronica")
        SMS = "sms", _("SMS")
        IN_PERSON = "in_person", _("dato di persona")

    round = models.ForeignKey(SignatureRound, models.PROTECT, related_name="signatures")
    signatory = models.OneToOneField(Signatory, models.PROTECT, related_name="signature")
    how = models.CharField(_("come"), max_length=10, choices=How.choices)
    signed_at = models.DateTimeField(_("firmato il"))
    sha256 = models.CharField(_("impronta del documento"), max_length=64)
    annex_sha256 = models.CharField(_("impronta dell’allegato"), max_length=64, blank=True)
    channel = models.CharField(_("codice arrivato per"), max_length=10, choices=Channel.choices, blank=True)
    sent_to = models.CharField(_("codice mandato a"), max_length=120, blank=True)
    agent = models.CharField(_("dispositivo"), max_length=60, blank=True)
    strokes = models.TextField(_("disegno"), blank=True)
    paper = models.ForeignKey(SignaturePaper, models.PROTECT, null=True, blank=True, related_name="+")
    # of who collected it; nobody for a link
    recorded_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("firma")
        verbose_name_plural = _("firme")
        ordering = ["signed_at", "id"]
        indexes = [models.Index(fields=["zone", "subject"], name="documents_signature_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(how="link", strokes="", paper=None, recorded_by=None) & ~Q(channel="")
                | Q(how="drawn", paper=None, channel="", recorded_by__isnull=False)
                & Q(strokes__regex=r"^M[0-9]+ [0-9]+([ML][0-9]+ [0-9]+)+$")
                | Q(how="paper", paper__isnull=False, strokes="", channel="", recorded_by__isnull=False),
                name="documents_signature_is_proved",
            )
        ]

    def __str__(self):
        return self.get_how_display()


class NotSignable(Exception):
    """The round is void or complete, this one has signed already, or the delegation is over. Its text is a code."""


def whose(row):
    return {"subject_id": row.subject_id, "zone_id": row.zone_id}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def open_round(*, zone_id, subject_id, title, document, annex, signatories, by, now):
    """`document` and `annex` (or None) are bytes of PDF; `signatories` dictionaries of the columns of `Signatory`."""
    own = {"zone_id": zone_id, "subject_id": subject_id}
    row = SignatureRound.objects.create(
        **own,
        title=title,
        sha256=sha256(document),
        annex_sha256=sha256(annex) if annex else "",
        opened_at=now,
        opened_by=by.user,
    )
    Part = SignaturePaper.Part
    for part, data in ((Part.DOCUMENT, document), (Part.ANNEX, annex)):
        if data:
            assert len(data) <= LARGEST
            SignaturePaper.objects.create(
                **own, round=row, part=part, media_type=FileType.PDF, sha256=sha256(data), data=data
            )
    Signatory.objects.bulk_create(Signatory(**own, round=row, **facts) for facts in signatories)
    log.act("open", row, by=by, now=now, sha256=row.sha256)
    return row


def void(*, round, reason, by, now):
    """What was signed stays as it was signed, and holds no more."""
    round.voided_at, round.void_reason = now, reason
    round.save(update_fields=["voided_at", "void_reason"])
    log.act("void", round, by=by, now=now, reason=str(reason))


def draw(*, signatory, path, by, now, day, agent=""):
    """Signed on the screen of who collects it, the signatory being there."""
    return _sign(signatory, Signature.How.DRAWN, by=by, now=now, day=day, strokes=path, agent=agent)


def keep_paper(*, round, file, signatories, by, now, day):
    """One signed file (`file_type.LookedAt`) that comes back, with the signatures of some or all of those missing."""
    paper, _new = SignaturePaper.objects.get_or_create(
        round=round,
        part=SignaturePaper.Part.SIGNED,
        sha256=file.sha256,
        defaults={"media_type": file.media_type, "data": file.data, **whose(round)},
    )
    return [_sign(signatory, Signature.How.PAPER, by=by, now=now, day=day, paper=paper) for signatory in signatories]


def _sign(signatory, how, *, by, now, day, **proof):
    row = SignatureRound.objects.select_for_update().get(pk=signatory.round_id)
    if row.state != "open":
        raise NotSignable(row.state)
    if Signature.objects.filter(signatory=signatory).exists():
        raise NotSignable("already")
    if not signatory.may_sign_on(day):
        raise NotSignable("delegation")
    signature = Signature.objects.create(
        **whose(row),
        round=row,
        signatory=signatory,
        how=how,
        signed_at=now,
        sha256=row.sha256,
        annex_sha256=row.annex_sha256 if signatory.sees_annex else "",
        recorded_by=by.user,
        **proof,
    )
    log.act("sign", signature, by=by, now=now, round=row.pk, how=str(how), sha256=row.sha256)
    if not row.signatories.filter(signature=None).exists():
        row.completed_at = now
        row.save(update_fields=["completed_at"])
    return signature


def missing(signatories):
    """Those who have not signed, of rows loaded with `select_related("signature")`."""
    return [one for one in signatories if not hasattr(one, "signature")]
