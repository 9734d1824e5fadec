from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access.subject import SubjectRow, SubjectRows


class Extension(SubjectRow):
    """A new end, with the attestation of need by the public service in charge (R-TIS-28). Never changed."""

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="extensions")
    attested_by = models.ForeignKey(
        "access.Organisation", models.PROTECT, verbose_name=_("attestata da"), related_name="+"
    )
    attested_on = models.DateField(_("attestazione del"))
    need = models.TextField(_("bisogno attestato"), blank=True)
    ends_before = models.DateField(_("fine prima"))
    ends_after = models.DateField(_("nuova fine"))
    recorded_at = models.DateTimeField(_("registrata il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("proroga")
        verbose_name_plural = _("proroghe")
        ordering = ["recorded_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_after__gt=F("ends_before")), name="traineeships_extension_later")
        ]

    def __str__(self):
        return f"{self.ends_before} > {self.ends_after}"
