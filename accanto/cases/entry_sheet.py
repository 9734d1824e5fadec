"""The entry sheet of a participant: the common output data of FSE+ (Reg. (EU) 2021/1057, Annex I), as they are on the
first day. Data of point 1.1 are required, and may be collected later; those of 1.2 may always be left undeclared, and
the special categories among them nobody is pressed to give."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.norms import esf_plus


class Sex(models.TextChoices):
    FEMALE = "F", _("donna")
    MALE = "M", _("uomo")
    UNDECLARED = "X", _("non dichiarato")  # an answer, and a record without it is not transmitted (AD-31)


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
    "months_unemployed": _("mesi senza lavoro"),
    "education": _("titolo di studio"),
    "age": _("età"),
} | OPTIONAL


GENDERS = {Sex.FEMALE: "female", Sex.MALE: "male"}
OUT_OF_WORK = (EmploymentStatus.UNEMPLOYED, EmploymentStatus.LONG_TERM)
# the levels of ISCED 2011 that the norm asks for, one for each group of the sheet
LEVELS = {Education.PRIMARY: 2, Education.SECONDARY: 4, Education.TERTIARY: 8}
ANSWERS = {Answer.YES: True, Answer.NO: False}


def fill(*, age, months_unemployed=None, **answers):
    """The sheet as it is frozen: known keys only, the age in whole years on the first day; missing answers stay out."""
    sheet = {name: answers[name] for name in REQUIRED if answers.get(name)}
    sheet |= {name: answers.get(name) or Answer.UNDECLARED.value for name in OPTIONAL}
    if months_unemployed is not None and sheet.get("employment_status") in OUT_OF_WORK:
        sheet["months_unemployed"] = months_unemployed
    return sheet | ({"age": age} if age is not None else {})


def missing(sheet):
    """The names of the required data that are not there yet. A sex that was not declared is missing too: the record
    stands, and is not transmitted (AD-31)."""
    lacking = [name for name in (*REQUIRED, "age") if sheet.get(name) in (None, "")]
    return ["sex", *lacking] if sheet.get("sex") == Sex.UNDECLARED else lacking


def to_collect(sheet):
    """Those one may still ask for: who would rather not declare the sex is not asked again."""
    return [name for name in missing(sheet) if not sheet.get(name)]


def record(sheet, *, trait="", on):
    """The sheet in the words of the norm, for an operation that only people of a trait may enter (FS-09)."""
    status = sheet.get("employment_status") or None
    said = esf_plus.Participation(
        gender=GENDERS.get(sheet.get("sex")),
        labour_status="unemployed" if status == EmploymentStatus.LONG_TERM else status,
        months_unemployed=sheet.get("months_unemployed"),
        said_long_term=True if status == EmploymentStatus.LONG_TERM else None,
        age=sheet.get("age"),
        education=LEVELS.get(sheet.get("education")),
        **{name: ANSWERS.get(sheet.get(name)) for name in OPTIONAL},
    )
    return esf_plus.declared(said, trait, on=on)
