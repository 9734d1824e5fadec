"""The entry sheet of a participant: the common output data of FSE+ (Reg. (EU) 2021/1057, Annex I), as they are on the
first day. Data of point 1.1 are required, and may be collected later; those of 1.2 may always be left undeclared, and
the special categories among them nobody is pressed to give."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    FEMALE = "F", _("donna")
    MALE = "M", _("uomo")
    UNDECLARED = "X", _("non dichiarato")


class EmploymentStatus(models.TextChoices):
    UNEMPLOYED = "unemployed", _("persona disoccupata")
    LONG_TERM = "long_term_unemployed", _("persona disoccupata di lunga durata")
    INACTIVE = "inactive", _("persona inattiva")
    EMPLOYED = "employed", _("persona occupata, anche in proprio")


class Education(models.TextChoices):
    PRIMARY = "isced_0_2", _("fino alla licenza media (ISCED 0-2)")
    SECONDARY = "isced_3_4", _("diploma o qualifica (ISCED 3-4)")
    TERTIARY = "isced_5_8", _("titolo universitario o terziario (ISCED 5-8)")


class Answer(models.TextChoices):
    YES = "yes", _("sì")
    NO = "no", _("no")
    UNDECLARED = "undeclared", _("non dichiarato")


REQUIRED = {"sex": Sex, "employment_status": EmploymentStatus, "education": Education}
OPTIONAL = {
    "disability": _("persona con disabilità"),
    "third_country": _("cittadinanza di un Paese terzo"),
    "foreign_background": _("origine straniera"),
    "minority": _("minoranza, comprese le comunità marginalizzate"),
    "homeless": _("senza dimora o in esclusione abitativa"),
    "rural": _("residenza in zona rurale"),
}
LABELS = {
    "sex": _("sesso"),
    "employment_status": _("condizione occupazionale"),
    "education": _("titolo di studio"),
    "age": _("età"),
} | OPTIONAL


def fill(*, age, **answers):
    """The sheet as it is frozen: known keys only, the age in whole years on the first day; missing answers stay out."""
    sheet = {name: answers[name] for name in REQUIRED if answers.get(name)}
    sheet |= {name: answers.get(name) or Answer.UNDECLARED.value for name in OPTIONAL}
    return sheet | ({"age": age} if age is not None else {})


def missing(sheet):
    """The names of the required data that are not there yet."""
    return [name for name in (*REQUIRED, "age") if sheet.get(name) in (None, "")]
