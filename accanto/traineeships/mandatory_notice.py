from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access.subject import SubjectRow, SubjectRows


class MandatoryNotices(SubjectRows):
    def due(self):
        return self.filter(sent_on=None).exclude(due_on=None)


class MandatoryNotice(SubjectRow):
    """A mandatory notice (CO) of the host, or of the promoter it has delegated (R-CO-01, R-CO-08), and its last day."""

    class Event(models.TextChoices):
        START = "start", _("avvio")
        EXTENSION = "extension", _("proroga")
        END = "end", _("cessazione")

    class Sender(models.TextChoices):
        HOST = "host", _("soggetto ospitante")
        PROMOTER = "promoter", _("promotore delegato")

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="notices")
    event = models.CharField(_("evento"), max_length=10, choices=Event.choices)
    event_on = models.DateField(_("del"))
    due_on = models.DateField(_("entro il"), null=True, blank=True)
    sent_on = models.DateField(_("inviata il"), null=True, blank=True)
    category = models.CharField(_("categoria del tirocinante"), max_length=4, blank=True)
    reference = models.CharField(_("protocollo"), max_length=80, blank=True)
    sent_by = models.CharField(_("inviata da"), max_length=10, choices=Sender.choices, blank=True)

    objects = MandatoryNotices.as_manager()

    class Meta:
        verbose_name = _("comunicazione obbligatoria")
        verbose_name_plural = _("comunicazioni obbligatorie")
        ordering = ["event_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["traineeship", "event", "event_on"], name="traineeships_notice_once_an_event"
            )
        ]

    def __str__(self):
        return f"{self.event} {self.event_on}"
