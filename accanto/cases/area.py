from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access.subject import SubjectRow, SubjectRows


class CaseArea(SubjectRow):
    """Why the services follow the person, in the four areas of the plan. By itself a special-category datum (GDPR
    art. 9 and 10): a table of its own, that tutors, hosts and employment centres never see."""

    class Area(models.TextChoices):
        MENTAL_HEALTH = "mental_health", _("salute mentale")
        DISABILITY = "disability", _("disabilità")
        DISADVANTAGE = "disadvantage", _("svantaggio ed esclusione sociale")
        PRISON = "prison", _("area carcere")

    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="area")
    area = models.CharField(_("area"), max_length=20, choices=Area.choices)

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("area del caso")
        verbose_name_plural = _("aree dei casi")

    def __str__(self):
        return self.get_area_display()
