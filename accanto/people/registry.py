from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.people import fiscal_code as codes
from accanto.people import person as people


class Registry(SubjectRow):
    """Registry data of a person. The fiscal code is unique in the zone only: across zones it would reveal that
    somebody is in charge elsewhere."""

    class Sex(models.TextChoices):
        FEMALE = "F", _("donna")
        MALE = "M", _("uomo")
        UNDECLARED = "X", _("non dichiarato")

    class Permit(models.TextChoices):
        """Why somebody from outside the European Union may stay, in the groups that change what can be done."""

        WORK = "work", _("lavoro o attesa occupazione")
        FAMILY = "family", _("motivi familiari")
        STUDY = "study", _("studio")
        LONG_TERM = "long_term", _("soggiornante di lungo periodo UE")
        INTERNATIONAL = "international", _("protezione internazionale")
        SPECIAL = "special", _("protezione speciale o altri casi di protezione")
        ASYLUM = "asylum", _("richiesta di asilo")
        MINOR = "minor", _("minore età o affidamento")
        OTHER = "other", _("altro")
        NONE = "none", _("non c’è o è in corso")

    class Contact(models.TextChoices):
        PHONE = "phone", _("per telefono")
        MESSAGE = "message", _("con un messaggio")
        EMAIL = "email", _("per posta elettronica")
        LETTER = "letter", _("per lettera")
        SOMEBODY = "somebody", _("attraverso un’altra persona")
        IN_PERSON = "in_person", _("di persona, al servizio")

    person = models.OneToOneField("people.Person", models.PROTECT, related_name="registry")
    fiscal_code = models.CharField(_("codice fiscale"), max_length=16, blank=True, db_collation="C")
    birth_date = models.DateField(_("data di nascita"), null=True, blank=True)
    birth_place = models.CharField(_("luogo di nascita"), max_length=120, blank=True)
    sex = models.CharField(_("sesso"), max_length=1, choices=Sex.choices, blank=True)
    municipality = models.ForeignKey(
        "territory.Municipality",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("comune di residenza"),
        related_name="+",
    )
    # under protection: it is in `protected_address`, and here none may be written
    municipality_sealed = models.BooleanField(_("comune riservato"), default=False)
    citizenship = models.CharField(_("cittadinanza"), max_length=80, blank=True)
    permit = models.CharField(_("titolo di soggiorno"), max_length=20, choices=Permit.choices, blank=True)
    permit_expires_on = models.DateField(_("scade il"), null=True, blank=True)
    contact_how = models.CharField(_("come preferisce"), max_length=20, choices=Contact.choices, blank=True)
    contact_note = models.CharField(_("quando e come non cercarla"), max_length=200, blank=True)
    language = models.CharField(_("lingua in cui capisce meglio"), max_length=60, blank=True)
    needs_mediation = models.BooleanField(_("serve un mediatore o un interprete"), default=False)

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("anagrafica")
        verbose_name_plural = _("anagrafiche")
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "fiscal_code"],
                condition=~models.Q(fiscal_code=""),
                name="people_registry_fiscal_code_once_in_a_zone",
            ),
            models.CheckConstraint(
                condition=models.Q(municipality_sealed=False) | models.Q(municipality=None),
                name="people_registry_sealed_municipality_is_elsewhere",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "subject", "permit_expires_on"],
                condition=models.Q(permit_expires_on__isnull=False),
                name="people_registry_permits",
            )
        ]

    def __str__(self):
        return self.fiscal_code

    def age_on(self, day):
        """Whole years on a day, None where the birth date is not known."""
        born = self.birth_date
        return born and day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def holder_of(*, fiscal_code, zone_id, but=None):
    """Who in the zone already has that fiscal code, or None; `but` is a subject to leave out."""
    if not fiscal_code:
        return None
    found = Registry.objects.filter(zone_id=zone_id, fiscal_code=fiscal_code).select_related("person")
    return found.exclude(subject_id=but).first()


# what `record` writes besides; what is not named stays as it was
STAY_AND_WORDS = (
    "citizenship",
    "permit",
    "permit_expires_on",
    "contact_how",
    "contact_note",
    "language",
    "needs_mediation",
)


def data_of(*, fiscal_code, birth_date=None):
    """What goes in the registry of somebody of whom only this is known: the code says birth, place and sex, where it is
    a whole one. Raises WrongFiscalCode."""
    if not fiscal_code:
        return {"birth_date": birth_date}
    code = codes.read(fiscal_code)
    return {
        "fiscal_code": code.code,
        "birth_date": birth_date or code.birth_date,
        "birth_place": code.birth_place,
        "sex": code.sex,
    }


def record(*, person, by, now, fiscal_code="", birth_date=None, birth_place="", sex="", municipality=None, **more):
    """Write the registry data of a person, the first time or over what was there; the log says which changed. `more`
    are the columns of `STAY_AND_WORDS`. A municipality under protection stays where it is."""
    row = Registry.objects.filter(subject_id=person.subject_id).first()
    new = row is None
    row = row or Registry(person=person, subject_id=person.subject_id, zone_id=person.zone_id)
    row.municipality_sealed = person.contacts_sealed
    written = {
        "fiscal_code": fiscal_code,
        "birth_date": birth_date,
        "birth_place": birth_place,
        "sex": sex,
        "municipality_id": municipality.pk if municipality and not person.contacts_sealed else None,
    }
    written |= {name: more[name] for name in STAY_AND_WORDS if name in more}
    changed = [name for name, value in written.items() if new or getattr(row, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, written[name])
    row.save()
    log.act("register" if new else "correct", row, by=by, now=now, changed=changed)
    return row


def register_as_told(*, told, by, now):
    """Somebody whom another service has told of, on the subject of what it wrote (a referral, a transfer): the person,
    and the registry data where there are any. Raises WrongFiscalCode."""
    names = ("zone_id", "subject", "given_name", "family_name", "phone", "email")
    person = people.register(**{name: getattr(told, name) for name in names}, by=by, now=now)
    if told.fiscal_code or told.birth_date:
        data = data_of(fiscal_code=told.fiscal_code, birth_date=told.birth_date)
        record(person=person, by=by, now=now, **data)
    return person
