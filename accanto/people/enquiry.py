"""Whether somebody is already known to the service of another zone, and the question put to it.

The answer names a service and nothing else, only to who writes the whole fiscal code, only so many times, each of them
in the log; never of a person whose address is protected. What the other service knows it says itself, if the person
agrees."""

from dataclasses import dataclass

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.territory.zone import Zone

AN_HOUR, A_DAY = 20, 60  # questions a user may put; `people/migrations` says the same to PostgreSQL


class Enquiries(SubjectRows):
    def received(self):
        return self.filter(side=Enquiry.Side.RECEIVED)

    def sent(self):
        return self.filter(side=Enquiry.Side.SENT)

    def waiting(self):
        return self.received().filter(answer="")

    def news(self):
        """Answers that nobody here has read."""
        return self.sent().exclude(answer="").filter(seen_at=None)


class Enquiry(SubjectRow):
    """A question between two services about one person, as each of the two zones has it: two rows with one key."""

    class Side(models.TextChoices):
        SENT = "sent", _("mandata")
        RECEIVED = "received", _("ricevuta")

    class Answer(models.TextChoices):
        WAITING = "", _("in attesa di risposta")
        YES = "yes", _("sì, la seguiamo e ne possiamo parlare")
        NO = "no", _("no")

    key = models.UUIDField()
    side = models.CharField(max_length=10, choices=Side.choices)
    other_zone = models.ForeignKey("territory.Zone", models.PROTECT, verbose_name=_("zona"), related_name="+")
    why = models.CharField(_("perché si chiede"), max_length=300)
    asked_at = models.DateTimeField(_("chiesto il"))
    asked_by = models.ForeignKey("access.User", models.PROTECT, verbose_name=_("chiesto da"), related_name="+")
    answer = models.CharField(_("risposta"), max_length=10, choices=Answer.choices, blank=True, default="")
    answered_at = models.DateTimeField(_("risposto il"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "access.User", models.PROTECT, null=True, blank=True, verbose_name=_("risponde"), related_name="+"
    )
    agreed_on = models.DateField(_("la persona è d’accordo dal"), null=True, blank=True)
    seen_at = models.DateTimeField(_("letta il"), null=True, blank=True)

    objects = Enquiries.as_manager()

    class Meta:
        verbose_name = _("domanda fra servizi")
        verbose_name_plural = _("domande fra servizi")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["zone"], condition=Q(answer=""), name="people_enquiry_waiting"),
            models.Index(fields=["subject"], name="people_enquiry_of"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key", "side"], name="people_enquiry_two_sides"),
            models.CheckConstraint(
                condition=~Q(answer="yes") | Q(agreed_on__isnull=False), name="people_enquiry_yes_if_the_person_agrees"
            ),
        ]

    def __str__(self):
        return self.get_answer_display()


class TooManyError(Exception):
    """The user has asked as often as one may; later they may again."""


def known_elsewhere(code):
    """The other zones whose service knows who has this fiscal code. Raises TooManyError."""
    with connection.cursor() as cursor:
        cursor.execute("select refused, zone_id from people_known_elsewhere(%s)", [code.replace("\x00", "")[:40]])
        found = cursor.fetchall()
    if any(refused for refused, _zone in found):
        raise TooManyError
    return list(Zone.objects.filter(pk__in=[zone for _refused, zone in found]).order_by("name", "pk"))


def ask(*, person, why, by, now):
    """Put the question to the services that know the person by their fiscal code: how many were asked. Raises
    TooManyError."""
    with connection.cursor() as cursor:
        cursor.execute("select enquiry_ask(%s, %s)", [person.subject_id, why.strip()[:300]])
        asked = cursor.fetchone()[0]
    if asked is None:
        raise TooManyError
    if asked:
        log.act("enquire", person, by=by, now=now, services=asked)
    return asked


def answer(*, enquiry, answer, agreed_on, by, now):
    """Answer for this service. A yes wants the day the person agreed, and ties the two files."""
    with connection.cursor() as cursor:
        cursor.execute("select enquiry_answer(%s, %s, %s)", [enquiry.pk, str(answer), agreed_on])
    log.act("answer", enquiry, by=by, now=now, answer=str(answer))


def read(*, enquiry, by, now):
    """Somebody here has read the answer."""
    enquiry.seen_at = now
    enquiry.save(update_fields=["seen_at"])


@dataclass(frozen=True)
class Asking:
    """How often somebody asked about people of other zones."""

    name: str
    organisation: str
    asked: int
    told: int
    refused: int


def who_asked(*, since):
    """For the data-protection officer: who asked since a moment, the most first. Empty for the others."""
    with connection.cursor() as cursor:
        cursor.execute("select name, organisation, asked, told, refused from who_asked_elsewhere(%s)", [since])
        return [Asking(*row) for row in cursor]
