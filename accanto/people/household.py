from dataclasses import dataclass

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow, SubjectRows
from accanto.people.search_key import folded

ADULT = 18  # years; the age at which the rules of signatures too (R-ADS-04) stop speaking of minors
LONGEST_NAME = 160


class Household(SubjectRow):
    """Who lives together. It is of the person in whose file it was begun: kinship is told with respect to them."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="households")
    recorded_at = models.DateTimeField(_("scritto il"))

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("nucleo familiare")
        verbose_name_plural = _("nuclei familiari")
        ordering = ["id"]

    def __str__(self):
        return str(self.person)


class HouseholdMembers(StandingRows):
    def on(self, day):
        return self.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)

    def living_with(self, subject_id, day):
        """The members, on a day, of the household in which somebody with a file lives that day: one query."""
        own = HouseholdMember.objects.standing().on(day).filter(subject_id=subject_id, person__isnull=False)
        return self.standing().on(day).filter(household_id__in=own.values("household_id"))

    def with_people(self):
        return self.select_related("person__registry")

    def with_household(self):
        """For who may read the file it is in: to the others these rows would disappear."""
        return self.select_related("household__person")

    def with_care(self):
        """`cared_for` where somebody must look after them, as far as the acting role may know."""
        care = CareDuty.objects.standing().filter(member=OuterRef("pk"), needs_care=True)
        return self.annotate(cared_for=Exists(care))


class HouseholdMember(SubjectRow):
    """Somebody in a household from a day to another. Who has a file in the zone is in rows of their own file, the
    others (a child, a partner) are only named, in the file of the person the household is of.

    A person is in one household at a time: PostgreSQL refuses two."""

    class Kinship(models.TextChoices):
        REFERENCE = "reference", _("persona di riferimento")
        SPOUSE = "spouse", _("coniuge o unita civilmente")
        PARTNER = "partner", _("convivente")
        CHILD = "child", _("figlia o figlio")
        PARENT = "parent", _("madre o padre")
        SIBLING = "sibling", _("sorella o fratello")
        GRANDCHILD = "grandchild", _("nipote di nonni")
        GRANDPARENT = "grandparent", _("nonna o nonno")
        RELATIVE = "relative", _("altra o altro parente")
        FOSTERED = "fostered", _("minore in affidamento")
        OTHER = "other", _("vive insieme, senza parentela")

    household = models.ForeignKey("people.Household", models.PROTECT, related_name="members")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="memberships")
    name = models.CharField(_("nome e cognome"), max_length=LONGEST_NAME, blank=True)
    name_key = models.CharField(max_length=170, db_collation="C", editable=False, blank=True)
    birth_date = models.DateField(_("data di nascita"), null=True, blank=True)
    kinship = models.CharField(_("parentela"), max_length=20, choices=Kinship.choices)
    dependant = models.BooleanField(_("a carico"), default=False)
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("scritto il"))
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = HouseholdMembers.as_manager()

    class Meta:
        verbose_name = _("componente del nucleo")
        verbose_name_plural = _("componenti del nucleo")
        ordering = ["starts", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="") | Q(person=None) & ~Q(name=""),
                name="people_householdmember_known_or_named",
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")), name="people_householdmember_dates"
            ),
            ExclusionConstraint(
                name="people_householdmember_one_at_a_time",
                expressions=[
                    ("subject", "="),
                    (Func(F("starts"), F("ends"), Value("[]"), function="daterange"), "&&"),
                ],
                condition=Q(person__isnull=False, superseded_at=None),
            ),
            ExclusionConstraint(
                name="people_householdmember_named_once",
                expressions=[
                    ("household", "="),
                    ("name_key", "="),
                    (Func(F("starts"), F("ends"), Value("[]"), function="daterange"), "&&"),
                ],
                condition=Q(person=None, superseded_at=None),
            ),
        ]

    def __str__(self):
        return self.name or str(self.person)

    @property
    def born(self):
        """From the registry where they have a file that the acting role may read."""
        if self.birth_date or self.person is None:
            return self.birth_date
        return getattr(getattr(self.person, "registry", None), "birth_date", None)

    def age_on(self, day):
        born = self.born
        return born and day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def is_minor(self, day):
        age = self.age_on(day)
        return age is not None and age < ADULT


class CareDuty(SubjectRow):
    """What a member of the household asks of the others: care, school. It tells of private life and is read with the
    assessment, of which it is part (D.Lgs. 147/2017 art. 5 c. 2 lett. f): not by employment centres."""

    class School(models.TextChoices):
        ATTENDS = "attends", _("va a scuola")
        DOES_NOT = "does_not", _("dovrebbe andarci e non ci va")
        NOT_DUE = "not_due", _("non è in età di scuola")

    member = models.ForeignKey("people.HouseholdMember", models.PROTECT, related_name="care_duties")
    needs_care = models.BooleanField(_("ha bisogno di chi se ne occupi"), default=False)
    carers = models.CharField(_("chi se ne occupa, e quando"), max_length=200, blank=True)
    school = models.CharField(_("scuola"), max_length=10, choices=School.choices, blank=True)
    recorded_at = models.DateTimeField(_("scritto il"))
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("carico di cura")
        verbose_name_plural = _("carichi di cura")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(superseded_at=None), name="people_careduty_one_standing"
            )
        ]

    def __str__(self):
        return str(self.member)


@dataclass
class AlreadyThere(Exception):
    """They are already in a household on those days, in `member` where it could be found. Nothing was written."""

    member: HouseholdMember | None = None


def begin(*, person, starts, by, now):
    """The household of a person, with them alone in it from a day. Raises AlreadyThere."""
    household = Household.objects.create(
        subject_id=person.subject_id, zone_id=person.zone_id, person=person, recorded_at=now
    )
    log.act("begin", household, by=by, now=now)
    member = _write(
        household,
        {
            "person": person,
            "name": "",
            "birth_date": None,
            "kinship": HouseholdMember.Kinship.REFERENCE,
            "dependant": False,
            "starts": starts,
            "ends": None,
        },
        now=now,
    )
    log.act("join", member, by=by, now=now)
    return household


def join(*, household, kinship, starts, by, now, person=None, name="", birth_date=None, dependant=False):
    """Somebody lives in the household from a day: a person with a file, or a name. Raises AlreadyThere."""
    member = _write(
        household,
        {
            "person": person,
            "name": name.strip(),
            "birth_date": birth_date,
            "kinship": kinship,
            "dependant": dependant,
            "starts": starts,
            "ends": None,
        },
        now=now,
    )
    log.act("join", member, by=by, now=now)
    return member


CORRECTED = ("name", "birth_date", "kinship", "dependant", "starts", "ends")


def correct(*, member, by, now, **values):
    """What was written of a member was not right: a new row takes its place, with its duties of care. Raises
    AlreadyThere."""
    changed = [name for name in CORRECTED if name in values and getattr(member, name) != values[name]]
    if not changed:
        return member
    held = {name: values.get(name, getattr(member, name)) for name in CORRECTED} | {"person": member.person}
    with transaction.atomic():
        HouseholdMember.objects.filter(pk=member.pk).update(superseded_at=now)
        row = _write(member.household, held, now=now)
        for care in CareDuty.objects.of(member.subject_id).standing().filter(member=member):
            CareDuty.objects.filter(pk=care.pk).update(superseded_at=now)
            care.pk, care.member, care.recorded_at, care._state.adding = None, row, now, True
            care.save()
    log.act("correct", row, by=by, now=now, changed=changed)
    return row


def leave(*, member, on, by, now):
    """The last day in the household; not before the first."""
    member.ends = max(on, member.starts)
    member.save(update_fields=["ends"])
    log.act("leave", member, by=by, now=now)
    return member


def note_care(*, member, needs_care, carers, school, by, now):
    """What the member asks of the others, from now; what was written before stays in the history."""
    held = CareDuty.objects.of(member.subject_id).standing().filter(member=member).first()
    said = {"needs_care": needs_care, "carers": carers.strip(), "school": school}
    if held and all(getattr(held, name) == value for name, value in said.items()):
        return held
    if held:
        held.superseded_at = now
        held.save(update_fields=["superseded_at"])
    elif not any(said.values()):
        return None
    care = CareDuty.objects.create(
        subject_id=member.subject_id, zone_id=member.zone_id, member=member, recorded_at=now, **said
    )
    log.act("note", care, by=by, now=now)
    return care


def _write(household, values, *, now):
    person = values["person"]
    whose = person.subject_id if person else household.subject_id
    try:
        with transaction.atomic():
            return HouseholdMember.objects.create(
                subject_id=whose,
                zone_id=household.zone_id,
                household=household,
                name_key="" if person else folded(values["name"])[:170],
                recorded_at=now,
                **values,
            )
    except IntegrityError:
        raise AlreadyThere(_there_already(household, values)) from None


def _there_already(household, values):
    """Which membership is in the way, of the same person anywhere or of the same name here."""
    rows = HouseholdMember.objects.standing().filter(Q(ends=None) | Q(ends__gte=values["starts"]))
    if values["ends"]:
        rows = rows.filter(starts__lte=values["ends"])
    if values["person"]:
        rows = rows.filter(subject_id=values["person"].subject_id, person__isnull=False)
    else:
        rows = rows.filter(household=household, name_key=folded(values["name"])[:170], person=None)
    return rows.select_related("household__person", "person").order_by("starts", "id").first()
