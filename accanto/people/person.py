from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import Subject, SubjectRow, SubjectRows
from accanto.people import search_key


class Person(SubjectRow):
    """The name and how to reach them: what a tutor or a host may know. One row a subject."""

    subject = models.OneToOneField(Subject, models.PROTECT, related_name="person")
    given_name = models.CharField(_("nome"), max_length=80)
    family_name = models.CharField(_("cognome"), max_length=80)
    # family name first, without accents: the order of the lists and the text the search compares
    name_key = models.CharField(max_length=170, db_collation="C", editable=False)
    phone = models.CharField(_("telefono"), max_length=40, blank=True)
    email = models.EmailField(_("posta elettronica"), blank=True)
    # under protection: they are in `protected_address`, and here nothing may be written
    contacts_sealed = models.BooleanField(_("recapiti riservati"), default=False)

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("persone")
        ordering = ["name_key", "id"]
        indexes = [models.Index(fields=["zone", "name_key", "id"], name="people_person_zone_name")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contacts_sealed=False) | models.Q(phone="", email=""),
                name="people_person_sealed_contacts_are_elsewhere",
            )
        ]

    def __str__(self):
        return f"{self.given_name} {self.family_name}"

    def save(self, **kwargs):
        self.name_key = name_key(self.given_name, self.family_name)
        super().save(**kwargs)


def name_key(given_name, family_name):
    """For who writes persons in bulk, where `save` is not called."""
    return search_key.folded(f"{family_name} {given_name}")[:170]


def register(*, zone_id, given_name, family_name, by, now, phone="", email="", subject=None):
    """A name for a new subject of a zone, or for one without. Names are kept as typed, without spaces around."""
    subject = subject or Subject.objects.create(zone_id=zone_id, created_at=now)
    person = Person.objects.create(
        subject=subject,
        zone_id=zone_id,
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        phone=phone.strip(),
        email=email.strip(),
    )
    search_key.write_keys(person)
    log.act("register", person, by=by, now=now)
    return person


def rename(*, person, given_name, family_name, phone, email, by, now):
    """Correct the name and how to reach them; the log says which of them changed, never what they were. Contacts under
    protection stay where they are."""
    typed = {"given_name": given_name, "family_name": family_name}
    if not person.contacts_sealed:
        typed |= {"phone": phone, "email": email}
    changed = [name for name, value in typed.items() if getattr(person, name) != value.strip()]
    if not changed:
        return person
    for name in changed:
        setattr(person, name, typed[name].strip())
    person.save()
    search_key.write_keys(person)
    log.act("correct", person, by=by, now=now, changed=changed)
    return person
