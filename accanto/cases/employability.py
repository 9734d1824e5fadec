from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow


class Licence(models.TextChoices):
    AM = "AM", "AM"
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"
    FORKLIFT = "forklift", _("carrello elevatore")


class Transport(models.TextChoices):
    CAR = "car", _("auto")
    SCOOTER = "scooter", _("moto o motorino")
    BICYCLE = "bicycle", _("bicicletta")
    PUBLIC = "public", _("mezzi pubblici")


class Shift(models.TextChoices):
    MORNING = "morning", _("mattina")
    AFTERNOON = "afternoon", _("pomeriggio")
    EVENING = "evening", _("sera")
    NIGHT = "night", _("notte")
    WEEKEND = "weekend", _("fine settimana")


class EmployabilityProfile(SubjectRow):
    """What an employment centre asks before it can help (D.Lgs. 147/2017 art. 5 c. 2 c): read and written by its
    operator too. It says what a person can do and when, never why not."""

    class Readiness(models.IntegerChoices):
        """A scale of this system, from the first steps to a job at once."""

        FAR = 1, _("1: prima servono altri passi")
        GUIDANCE = 2, _("2: può cominciare dall’orientamento")
        TRAINING = 3, _("3: può cominciare un corso o un tirocinio")
        SUPPORTED = 4, _("4: può lavorare con un accompagnamento")
        READY = 5, _("5: può lavorare subito")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="employability_profiles")
    licences = ArrayField(models.CharField(max_length=10, choices=Licence.choices), default=list, blank=True)
    transport = ArrayField(models.CharField(max_length=10, choices=Transport.choices), default=list, blank=True)
    shifts = ArrayField(models.CharField(max_length=10, choices=Shift.choices), default=list, blank=True)
    weekly_hours = models.PositiveSmallIntegerField(_("ore alla settimana, al più"), null=True, blank=True)
    skills = models.CharField(_("che cosa sa fare"), max_length=1000, blank=True)
    languages = models.CharField(_("lingue"), max_length=300, blank=True)
    last_job = models.CharField(_("ultimo lavoro"), max_length=200, blank=True)
    last_job_year = models.PositiveSmallIntegerField(_("fino all’anno"), null=True, blank=True)
    wishes = models.CharField(_("che lavoro vorrebbe"), max_length=500, blank=True)
    readiness = models.SmallIntegerField(
        _("quanto è vicina al lavoro"), choices=Readiness.choices, null=True, blank=True
    )
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("corretto il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("profilo di occupabilità")
        verbose_name_plural = _("profili di occupabilità")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(superseded_at=None), name="cases_employabilityprofile_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(readiness=None) | Q(readiness__gte=1, readiness__lte=5),
                name="cases_employabilityprofile_readiness",
            ),
        ]

    def __str__(self):
        return str(self.case_id)

    def words(self):
        """The choices in words: {name of the field: text}, empty where nothing was said."""
        named = (("licences", Licence), ("transport", Transport), ("shifts", Shift))
        return {name: ", ".join(str(kind(value).label) for value in getattr(self, name)) for name, kind in named}


FIELDS = (
    "licences", "transport", "shifts", "weekly_hours", "skills", "languages", "last_job", "last_job_year", "wishes",
    "readiness",
)  # fmt: skip


def describe(*, case, by, now, **profile):
    """Write the profile, superseding the one that stands. `profile` has the names of `FIELDS`."""
    EmployabilityProfile.objects.of(case.subject_id).standing().filter(case=case).update(superseded_at=now)
    row = EmployabilityProfile.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        recorded_at=now,
        recorded_by=by.user,
        **profile,
    )
    log.act("describe", row, by=by, now=now)
    return row
