from django.db import models
from django.utils.translation import gettext_lazy as _


class Grade(models.TextChoices):
    """How sure a fact of the plan is. The sheets of the law have the same words; what is UNVERIFIED never blocks."""

    VERIFIED = "VERIFIED", _("letto nell'atto")
    SECONDARY = "SECONDARY", _("letto in una fonte che lo riporta")
    UNVERIFIED = "UNVERIFIED", _("non letto o non trovato")
