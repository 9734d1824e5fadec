"""What leaves for other systems: prepared, checked, sent, with its receipt; never changed once sent."""

import hashlib

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.norms.findings import Severity


class Submissions(models.QuerySet):
    def within(self, acting):
        """A zone's own; the Region reads every zone's beside its own."""
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self

    def of_scope(self, *, kind, version, zone):
        return self.filter(kind=kind, version=version, zone=zone, discarded_at=None)

    def sent(self):
        return self.filter(state__in=("sent", "receipted"))


class Submission(models.Model):
    """What leaves for another system: files frozen with their fingerprint, of a version and a scope, as known at a
    moment. Once sent it never changes; a correction is the next one."""

    class Kind(models.TextChoices):
        STAFFING = "staffing", _("prospetto degli assistenti sociali per il SIOSS")
        ESF = "esf", _("indicatori del FSE+ per SFC2021")

    class State(models.TextChoices):
        DRAFT = "draft", _("preparato")
        VALIDATED = "validated", _("controllato")
        SENT = "sent", _("inviato")
        RECEIPTED = "receipted", _("con ricevuta")

    kind = models.CharField(_("che invio è"), max_length=10, choices=Kind.choices)
    version = models.CharField(_("versione"), max_length=6)
    number = models.PositiveSmallIntegerField(_("numero"))
    # none: the Region
    zone = models.ForeignKey(
        "territory.Zone", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("zona")
    )
    state = models.CharField(_("stato"), max_length=10, choices=State.choices, default=State.DRAFT)
    known_at = models.DateTimeField(_("come si sapeva il"))
    mapping = models.CharField(_("tracciato"), max_length=80)
    # [{severity, code, sentence, …}] found when it was prepared
    findings = models.JSONField(_("rilievi"), default=list)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("corregge")
    )
    made_at = models.DateTimeField(_("preparato il"))
    made_by = models.ForeignKey("access.User", models.PROTECT, related_name="+", verbose_name=_("preparato da"))
    validated_at = models.DateTimeField(_("controllato il"), null=True, blank=True)
    sent_at = models.DateTimeField(_("inviato il"), null=True, blank=True)
    receipt_protocol = models.CharField(_("protocollo della ricevuta"), max_length=80, blank=True)
    receipt_on = models.DateField(_("giorno della ricevuta"), null=True, blank=True)
    receipted_at = models.DateTimeField(_("ricevuta scritta il"), null=True, blank=True)
    discarded_at = models.DateTimeField(_("scartato il"), null=True, blank=True)
    synthetic = models.BooleanField(_("dato sintetico"), default=False)

    objects = Submissions.as_manager()

    class Meta:
        verbose_name = _("invio")
        verbose_name_plural = _("invii")
        ordering = ["-version", "kind", "zone", "-number", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "version", "zone"],
                condition=Q(state__in=["draft", "validated"], discarded_at=None),
                nulls_distinct=False,
                name="plan_submission_one_open",
            ),
            models.UniqueConstraint(
                fields=["kind", "version", "zone", "number"],
                condition=Q(discarded_at=None),
                nulls_distinct=False,
                name="plan_submission_numbered",
            ),
            models.CheckConstraint(
                condition=Q(kind="staffing", zone__isnull=False) | Q(kind="esf", zone=None),
                name="plan_submission_scope",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", validated_at=None, sent_at=None, receipted_at=None)
                | Q(state="validated", validated_at__isnull=False, sent_at=None, receipted_at=None)
                | Q(state="sent", sent_at__isnull=False, receipted_at=None, discarded_at=None)
                | Q(state="receipted", sent_at__isnull=False, receipted_at__isnull=False, discarded_at=None),
                name="plan_submission_state_and_times",
            ),
            models.CheckConstraint(
                condition=Q(receipted_at=None, receipt_protocol="", receipt_on=None)
                | Q(receipted_at__isnull=False, receipt_on__isnull=False) & ~Q(receipt_protocol=""),
                name="plan_submission_receipt",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.version}.{self.number}"

    @property
    def is_open(self):
        return self.state in (self.State.DRAFT, self.State.VALIDATED) and self.discarded_at is None

    @property
    def is_stopped(self):
        return any(finding["severity"] == Severity.BLOCK for finding in self.findings)

    @property
    def is_sent(self):
        return self.state in (self.State.SENT, self.State.RECEIPTED)


class SubmissionFile(models.Model):
    """One file of a submission, its bytes and their fingerprint (SHA-256)."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="files", verbose_name=_("invio"))
    zone = models.ForeignKey("territory.Zone", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("nome"), max_length=80)
    content = models.BinaryField(_("contenuto"))
    bytes = models.PositiveIntegerField(_("byte"))
    sha256 = models.CharField(_("impronta"), max_length=64)

    class Meta:
        verbose_name = _("file di un invio")
        verbose_name_plural = _("file degli invii")
        ordering = ["submission", "name"]
        constraints = [models.UniqueConstraint(fields=["submission", "name"], name="plan_submission_file_once")]

    def __str__(self):
        return self.name


State = Submission.State


class Stopped(Exception):
    """What was found when it was prepared stops it: the facts are corrected, and it is prepared again."""


class NotInThatState(Exception):
    """Somebody has already checked, sent or discarded it."""


@transaction.atomic
def prepare(*, kind, version, zone, files, findings, mapping, known_at, by, now, synthetic=False) -> Submission:
    """Freeze the files ({name: bytes}) of a version and a scope. One prepared before and not sent is discarded; one
    that was sent stays as it is, and this corrects it."""
    standing = Submission.objects.of_scope(kind=kind, version=version, zone=zone)
    standing.filter(state__in=(State.DRAFT, State.VALIDATED)).update(discarded_at=now)
    last = standing.sent().order_by("-number").first()
    row = Submission.objects.create(
        kind=kind,
        version=version,
        zone=zone,
        number=last.number + 1 if last else 1,
        corrects=last,
        known_at=known_at,
        mapping=mapping,
        findings=[finding.as_dict() for finding in findings],
        made_at=now,
        made_by=by.user,
        synthetic=synthetic,
    )
    for name, content in files.items():
        SubmissionFile.objects.create(
            submission=row,
            zone=zone,
            name=name,
            content=content,
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
    log.act("prepare", row, by=by, now=now, version=version, number=row.number)
    return row


@transaction.atomic
def validate(*, submission, by, now) -> Submission:
    """From prepared to checked. Raises Stopped where a finding stands in the way, NotInThatState."""
    row = _held(submission, State.DRAFT)
    if row.is_stopped:
        raise Stopped
    row.state, row.validated_at = State.VALIDATED, now
    row.save(update_fields=["state", "validated_at"])
    log.act("validate", row, by=by, now=now)
    return row


@transaction.atomic
def send(*, submission, by, now) -> Submission:
    """From checked to sent: from now on it never changes. Raises NotInThatState."""
    row = _held(submission, State.VALIDATED)
    row.state, row.sent_at = State.SENT, now
    row.save(update_fields=["state", "sent_at"])
    log.act("send", row, by=by, now=now, files=list(row.files.values_list("sha256", flat=True)))
    return row


@transaction.atomic
def receipt(*, submission, protocol, on, by, now) -> Submission:
    """What the other system answered: protocol and day. Raises NotInThatState."""
    row = _held(submission, State.SENT)
    row.state, row.receipt_protocol, row.receipt_on, row.receipted_at = State.RECEIPTED, protocol, on, now
    row.save(update_fields=["state", "receipt_protocol", "receipt_on", "receipted_at"])
    log.act("receipt", row, by=by, now=now, protocol=protocol)
    return row


@transaction.atomic
def discard(*, submission, by, now):
    """Prepared for nothing: it stays on record, and is not sent. Raises NotInThatState."""
    row = _held(submission, State.DRAFT, State.VALIDATED)
    row.discarded_at = now
    row.save(update_fields=["discarded_at"])
    log.act("discard", row, by=by, now=now)


def last_sent_before(submission):
    """What it is compared with: the one it corrects, or the last one of its kind and scope that was sent before."""
    if submission.corrects_id:
        return submission.corrects
    rows = Submission.objects.filter(kind=submission.kind, zone=submission.zone_id).sent()
    return rows.filter(version__lt=submission.version).order_by("-version", "-number").first()


def _held(submission, *states):
    row = Submission.objects.select_for_update().get(pk=submission.pk)
    if row.state not in states or row.discarded_at:
        raise NotInThatState
    return row
