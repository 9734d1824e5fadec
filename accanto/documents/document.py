import re

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.role import Degree
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.documents.content import Content
from accanto.documents.file_type import LARGEST, FileType

# What a document may be about: every degree about somebody, but for what the system writes by itself.
CLASSES = [
    degree
    for degree in Degree
    if degree
    not in (
        Degree.STAFFING,
        Degree.WORKFORCE,
        Degree.PROGRAMME,
        Degree.ACCESS,
        Degree.READINGS,
        Degree.RELATION,
        Degree.REGISTER,
        Degree.PAYMENT,
        Degree.CONTROL,
    )
]

# «progetto di tirocinio», «progetto formativo», «PFI»: reasons and goals are in it, which the class of the traineeship
# would open to the host and to persons of trust
TRAINEESHIP_PLAN = re.compile(r"\b(progett|pian)\w* .*\b(tirocin|formativ)|\bpfi\b", re.IGNORECASE)


def class_of(degree, title):
    """The class a document is kept in, whatever was chosen: a traineeship plan has its own, closed to more people."""
    if degree == Degree.PLACEMENT and TRAINEESHIP_PLAN.search(title):
        return Degree.TRAINEESHIP_PLAN
    return degree


class AlreadyThere(Exception):
    """The same bytes are already among the standing documents of this person, in the same class."""


class AlreadyWithdrawn(Exception):
    """A document is withdrawn once."""


class Documents(SubjectRows):
    def standing(self):
        return self.filter(withdrawn_at=None)


class Document(SubjectRow):
    """A file kept about somebody: what it is, its day, how secret it is. Its bytes are in `Content`.

    The class is one of the degrees, and PostgreSQL shows the row, title included, to those who read that degree only.
    Nothing is deleted: what was uploaded by mistake is withdrawn, with a reason."""

    degree = models.CharField(_("classe di riservatezza"), max_length=20, choices=[(d.value, d.label) for d in CLASSES])
    title = models.CharField(_("che cos’è"), max_length=120)
    day = models.DateField(_("data del documento"))
    media_type = models.CharField(_("tipo di file"), max_length=20, choices=FileType.choices)
    size = models.PositiveIntegerField(_("byte"))
    sha256 = models.CharField(_("impronta"), max_length=64)
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("ritirato il"), null=True, blank=True)
    withdrawn_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.CharField(_("perché è ritirato"), max_length=300, blank=True)

    objects = Documents.as_manager()

    class Meta:
        verbose_name = _("documento")
        verbose_name_plural = _("documenti")
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["zone", "subject"], name="documents_document_of_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=LARGEST), name="documents_document_size"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason=""),
                name="documents_document_withdrawn_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["subject", "degree", "sha256"],
                condition=Q(withdrawn_at=None),
                name="documents_document_once",
            ),
            # what lets the bytes point at all three together, so that they lie neither about class nor about hash
            models.UniqueConstraint(fields=["id", "degree", "sha256"], name="documents_document_of_its_content"),
        ]

    def __str__(self):
        return self.title


def keep(*, subject_id, zone_id, degree, title, day, file, by, now):
    """Keep a file that `file_type.look_at` has accepted, in the class it belongs to. Raises AlreadyThere."""
    degree = class_of(degree, title)
    whose = {"subject_id": subject_id, "zone_id": zone_id, "degree": degree}
    if Document.objects.of(subject_id).standing().filter(degree=degree, sha256=file.sha256).exists():
        raise AlreadyThere
    row = Document(
        **whose,
        title=title.strip(),
        day=day,
        media_type=file.media_type,
        size=len(file.data),
        sha256=file.sha256,
        recorded_at=now,
        recorded_by=by.user,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        # somebody pressed twice, or two workers at once
        if "documents_document_once" not in str(error):
            raise
        raise AlreadyThere from None
    Content.objects.create(**whose, document=row, sha256=file.sha256, data=file.data)
    log.act("keep", row, by=by, now=now, sha256=row.sha256, size=row.size)
    return row


# classes that many read, whose papers may say where somebody lives
OF_CONTACTS = (Degree.CONTACT, Degree.REGISTRY)


def protect(*, subject_id, chosen):
    """Move documents of `OF_CONTACTS` to the class of protected addresses, bytes and all; how many were moved.
    PostgreSQL does it, for who protects contacts only, and logs it."""
    with connection.cursor() as cursor:
        cursor.execute("select documents_protect(%s, %s::bigint[])", [subject_id, chosen])
        return cursor.fetchone()[0]


def withdraw(*, document, reason, by, now):
    """The document counts no more; it stays, with the reason. Raises AlreadyWithdrawn."""
    if document.withdrawn_at:
        raise AlreadyWithdrawn
    document.withdrawn_at, document.withdrawn_by, document.withdrawal_reason = now, by.user, reason.strip()
    document.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    log.act("withdraw", document, by=by, now=now)
    return document
