import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.role import RIGHTS, Degree, Kind
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.norms.reader import in_force

# those who hand over their work: the person themself, referrers and persons of trust have nothing to hand over
WITH_A_TAIL = (Kind.THIRD_SECTOR_TUTOR, Kind.HOST_TUTOR, Kind.HEALTH_WORKER)


def tail(day):
    """How long after their last day those who worked with somebody still see them: the sheet's days (ACC-TAIL)."""
    return dt.timedelta(days=in_force(day)["register.access_tail_days"].integer())


class Relations(SubjectRows):
    def on(self, day):
        return self.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)


class Relation(SubjectRow):
    """The declared tie that opens a file to someone outside the zone's offices: a tutor, a host, the person themself.

    It serves one kind of role, for one user or for everybody who has that role in an organisation, and its end ends
    the access. It may be narrower than the kind: with `degrees`, only those, as the person chose."""

    kind = models.CharField(_("ruolo"), max_length=30, choices=Kind.choices)
    user = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey("access.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"), null=True, blank=True)
    reason = models.CharField(_("motivo"), max_length=200)
    # None is all that the kind reads and writes
    degrees = ArrayField(
        models.CharField(max_length=20, choices=Degree.choices), verbose_name=_("solo questo"), null=True, blank=True
    )

    objects = Relations.as_manager()

    class Meta:
        verbose_name = _("relazione")
        verbose_name_plural = _("relazioni")
        ordering = ["starts", "id"]
        indexes = [
            models.Index(
                fields=["user", "kind"], include=["subject", "starts", "ends", "degrees"], name="access_relation_user"
            ),
            models.Index(
                fields=["organisation", "kind"],
                include=["subject", "starts", "ends", "degrees"],
                name="access_relation_body",
            ),
            models.Index(fields=["zone", "subject"], name="access_relation_zone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, organisation=None) | Q(user=None, organisation__isnull=False),
                name="access_relation_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=models.F("starts")), name="access_relation_dates"
            ),
            # nothing at all is no relation
            models.CheckConstraint(condition=Q(degrees=None) | ~Q(degrees=[]), name="access_relation_something"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.reason}"

    @property
    def reads(self):
        """The degrees that it opens to read, in the order of the rights of its kind."""
        of_kind = [Degree(degree) for degree, may in RIGHTS[Kind(self.kind)].items() if "r" in may]
        return of_kind if self.degrees is None else [degree for degree in of_kind if degree in self.degrees]


def kept_reason(words):
    """A reason of ours as it is kept: in Italian whatever the writer's language, so that every reader gets theirs."""
    with translation.override("it"):
        return str(words)


def open_relation(
    *, subject, kind, reason, by, now, user=None, organisation=None, starts=None, ends=None, degrees=None
):
    """Declare the tie and log it. `starts` is a day, today if not given; `degrees` narrows what the kind may."""
    relation = Relation.objects.create(
        subject=subject,
        zone_id=subject.zone_id,
        kind=kind,
        user=user,
        organisation=organisation,
        starts=starts or timezone.localdate(now),
        ends=ends,
        reason=reason,
        degrees=degrees,
    )
    log.act("open", relation, by=by, now=now)
    return relation


def end_relation(*, relation, on, by, now):
    """The access ends with the given day; the row stays, so that one can always tell who could see and why."""
    relation.ends = max(on, relation.starts)
    relation.save(update_fields=["ends"])
    log.act("end", relation, by=by, now=now)
