from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.people import link
from accanto.people.person import Person
from accanto.people.registry import Registry


class ProtectedAddresses(StandingRows):
    def in_force(self):
        return self.standing().filter(ends=None)


class ProtectedAddress(SubjectRow):
    """Where a person under protection lives and how to reach them safely. Only the zone's social workers, the health
    workers of the case and the person read it (rulebook 5.4).

    While it is in force the telephone, the e-mail and the municipality are nowhere else: they are moved here, and
    PostgreSQL refuses to write them in the rows that others read."""

    address = models.CharField(_("indirizzo protetto"), max_length=200, blank=True)
    municipality = models.ForeignKey(
        "territory.Municipality", models.PROTECT, null=True, blank=True, verbose_name=_("comune"), related_name="+"
    )
    phone = models.CharField(_("telefono"), max_length=40, blank=True)
    email = models.EmailField(_("posta elettronica"), blank=True)
    safely = models.CharField(_("come contattarla in sicurezza"), max_length=300, blank=True)
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("scritto il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = ProtectedAddresses.as_manager()

    class Meta:
        verbose_name = _("recapiti riservati")
        verbose_name_plural = _("recapiti riservati")
        ordering = ["starts", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(superseded_at=None, ends=None), name="people_protectedaddress_one"
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=models.F("starts")), name="people_protectedaddress_dates"
            ),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)


# How each room above forgets what it keeps of how to reach a person: `forget(subject=…)`, whichever page seals.
FORGETTING = []


def seal(*, person, address, municipality, phone, email, safely, on, by, now):
    """Protect from a day, or correct what is protected: the ordinary contacts and the municipality are emptied, and the
    log keeps none of them."""
    held = ProtectedAddress.objects.of(person.subject_id).in_force().first()
    if held:
        held.superseded_at = now
        held.save(update_fields=["superseded_at"])
    row = ProtectedAddress.objects.create(
        subject_id=person.subject_id,
        zone_id=person.zone_id,
        address=address.strip(),
        municipality=municipality,
        phone=phone.strip(),
        email=email.strip(),
        safely=safely.strip(),
        starts=held.starts if held else on,
        recorded_at=now,
        recorded_by=by.user,
    )
    person.phone, person.email, person.contacts_sealed = "", "", True
    person.save()
    Registry.objects.of(person.subject_id).update(municipality=None, municipality_sealed=True)
    for forget in FORGETTING:
        forget(subject=person.subject_id)
    log.act("correct" if held else "seal", row, by=by, now=now)
    return row


def seal_the_tied(*, person, on, by, now):
    """The other files of the zone of the same human being tell where they are as much as this one: what each holds is
    moved, as it is, to its own protected row."""
    tied = link.linked_to(person).values("subject_id")
    for other in Person.objects.filter(subject_id__in=tied, contacts_sealed=False).order_by("subject_id"):
        row = Registry.objects.of(other.subject_id).select_related("municipality").first()
        seal(
            person=other,
            address="",
            municipality=row.municipality if row else None,
            phone=other.phone,
            email=other.email,
            safely="",
            on=on,
            by=by,
            now=now,
        )


def unseal(*, person, phone, email, municipality, on, by, now):
    """The protection ends on a day; these contacts, and no others, become ordinary again."""
    for held in ProtectedAddress.objects.of(person.subject_id).in_force():
        held.ends = max(on, held.starts)
        held.save(update_fields=["ends"])
        log.act("end", held, by=by, now=now)
    person.phone, person.email, person.contacts_sealed = phone.strip(), email.strip(), False
    person.save()
    Registry.objects.of(person.subject_id).update(municipality=municipality, municipality_sealed=False)
