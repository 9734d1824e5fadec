"""What there is in a territory and what is missing: services, associations, needs. Companies and open places stand
beside them in the directory, from their own tables. Nobody is named in it but who answers the telephone."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access import log


class Kind(models.TextChoices):
    SERVICE = "service", _("servizio")
    ASSOCIATION = "association", _("associazione")
    NEED = "need", _("bisogno del territorio")


class Topic(models.TextChoices):
    WORK = "work", _("lavoro")
    TRAINING = "training", _("formazione e lingua")
    HOUSING = "housing", _("casa")
    FOOD = "food", _("cibo e beni")
    HEALTH = "health", _("salute")
    FAMILY = "family", _("famiglia e bambini")
    RIGHTS = "rights", _("documenti e diritti")
    TRANSPORT = "transport", _("trasporti")
    COMMUNITY = "community", _("cultura, sport, socialità")


class DirectoryEntries(models.QuerySet):
    def standing(self, day):
        return self.filter(models.Q(ended_on=None) | models.Q(ended_on__gt=day))


class DirectoryEntry(models.Model):
    kind = models.CharField(_("tipo"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("nome"), max_length=160)
    text = models.TextField(_("che cosa offre, o che cosa manca"), max_length=1500, blank=True)
    topics = ArrayField(models.CharField(max_length=20, choices=Topic.choices), verbose_name=_("temi"))
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+")
    municipality = models.ForeignKey(
        "territory.Municipality",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("comune"),
        related_name="+",
    )
    address = models.CharField(_("indirizzo"), max_length=200, blank=True)
    hours = models.CharField(_("quando è aperto"), max_length=200, blank=True)
    phone = models.CharField(
        _("telefono"), max_length=40, blank=True, validators=[RegexValidator(r"^[0-9+ ./()-]*$", _("Solo cifre."))]
    )
    email = models.EmailField(_("posta elettronica"), blank=True)
    website = models.URLField(_("sito"), blank=True)
    checked_on = models.DateField(_("verificato il"))
    checked_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    ended_on = models.DateField(_("non più dal"), null=True, blank=True)
    synthetic = models.BooleanField(_("dato sintetico"), default=False)

    objects = DirectoryEntries.as_manager()

    class Meta:
        verbose_name = _("voce della mappa del territorio")
        verbose_name_plural = _("voci della mappa del territorio")
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["zone", "kind"], name="traineeships_directory_of_zone")]

    def __str__(self):
        return self.name


def write(*, zone_id, by, now, today, entry=None, **facts):
    """A new entry, or one corrected: either way somebody has checked it today."""
    row = entry or DirectoryEntry(zone_id=zone_id)
    for name, value in facts.items():
        setattr(row, name, value)
    row.checked_on, row.checked_by = today, by.user
    row.save()
    log.act("change" if entry else "write", row, by=by, now=now)
    return row


def end(*, entry, on, by, now):
    """It is there no more, or the need has been met; the row stays."""
    entry.ended_on = on
    entry.save(update_fields=["ended_on"])
    log.act("end", entry, by=by, now=now)
