from contextvars import ContextVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access.role import Degree
from accanto.access.standing import StandingFacts

# The subjects whose rows the present request has loaded; the door empties it into the log of readings.
read_in_this_request: ContextVar[set[int] | None] = ContextVar("read_in_this_request", default=None)
# Whether PostgreSQL knows a session now: without one only the owner reads, whom no relation narrows.
session_is_known: ContextVar[bool] = ContextVar("session_is_known", default=False)


class Subject(models.Model):
    """Somebody as one zone knows them. Every secret row points here; relations to it open the file.

    The same human in two zones is two subjects: each zone is its own data controller."""

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("creato il"))

    class Meta:
        verbose_name = _("soggetto")
        verbose_name_plural = _("soggetti")
        indexes = [models.Index(fields=["zone", "id"], name="access_subject_zone")]
        # what lets every secret row point at subject and zone together, so that no row lies about its zone
        constraints = [models.UniqueConstraint(fields=["id", "zone"], name="access_subject_of_one_zone")]

    def __str__(self):
        return str(self.pk)


class Reached(models.Func):
    """Whether the acting role has a relation to that subject. Every relation opens the contacts, whatever else."""

    template = "%(expressions)s = any((select app_subjects('contact'))::bigint[])"
    output_field = models.BooleanField()


class SubjectRows(models.QuerySet):
    def within(self, acting):
        """The same filter the policy applies, said again so that PostgreSQL can use the index of the zone or of the
        subject: the policy says «or», and to PostgreSQL that may be everybody (measured at a million people: a zone's
        list takes 24 to 62 ms without it and 0.2 ms with it, the traineeships of one person 92 ms and 2 ms)."""
        if acting.reads_by_zone:
            return self.filter(zone_id=acting.zone_id)
        if session_is_known.get() and acting.may(Degree.CONTACT):
            return self.filter(Reached("subject_id"))
        return self

    def of(self, subject_id):
        return self.filter(subject_id=subject_id)


class StandingRows(StandingFacts, SubjectRows):
    """Rows about subjects of which some stand and some are superseded."""


class SubjectRow(models.Model):
    """A row about one subject. Loading it is a reading, and is written down: no view can forget to."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", db_index=False)

    objects = SubjectRows.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        row = super().from_db(db, field_names, values)
        readings = read_in_this_request.get()
        if readings is not None and "subject_id" in row.__dict__:
            readings.add(row.subject_id)
        return row
