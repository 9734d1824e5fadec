from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access.role import Degree
from accanto.access.subject import SubjectRow, SubjectRows


class Content(SubjectRow):
    """The bytes of a document, in PostgreSQL: backup, failover and secrecy hold for them as for every row.

    A table of its own, so that lists never load them. PostgreSQL itself holds that the hash is that of the bytes and
    that class and hash are those of the document (see the migration)."""

    document = models.OneToOneField("documents.Document", models.PROTECT, related_name="content")
    # no document is of the controls or of who works in a zone: they are rows
    degree = models.CharField(
        _("classe di riservatezza"),
        max_length=20,
        choices=[(one.value, one.label) for one in Degree if one not in (Degree.CONTROL, Degree.WORKFORCE)],
    )
    sha256 = models.CharField(_("impronta"), max_length=64)
    data = models.BinaryField(_("byte"))

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("contenuto del documento")
        verbose_name_plural = _("contenuti dei documenti")
        indexes = [models.Index(fields=["zone", "subject"], name="documents_content_of_subject")]

    def __str__(self):
        return self.sha256
