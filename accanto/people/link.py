"""Two files of one human being tied together, and untied: each keeps its own data, and counts of people count it once.

The tie is a number the files share. Each zone writes and reads the tie of its own files only: across zones it says that
the person is known elsewhere too, and not as whom."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows


class NotTiedError(Exception):
    """The two files are not of one zone, are the same file, or are not tied."""


class Links(SubjectRows):
    def live(self):
        return self.filter(ended_at=None)


class Link(SubjectRow):
    """The membership of one file in a cluster. Undone, it stays with its end and the reason."""

    # negative: beside the ids of subjects it is never one of them
    cluster = models.BigIntegerField()
    shown_first = models.BooleanField(_("mostrata per prima"), default=False)
    across = models.BooleanField(_("con un’altra zona"), default=False)
    reason = models.CharField(_("perché"), max_length=200)
    recorded_at = models.DateTimeField(_("collegata il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("separata il"), null=True, blank=True)
    ended_reason = models.CharField(_("perché separata"), max_length=200, blank=True)

    objects = Links.as_manager()

    class Meta:
        verbose_name = _("collegamento fra schede")
        verbose_name_plural = _("collegamenti fra schede")
        ordering = ["recorded_at", "id"]
        indexes = [models.Index(fields=["zone", "cluster"], name="people_link_cluster")]
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=Q(ended_at=None), name="people_link_one"),
            models.UniqueConstraint(
                fields=["zone", "cluster"],
                condition=Q(ended_at=None, shown_first=True),
                name="people_link_one_shown_first",
            ),
            models.CheckConstraint(condition=Q(cluster__lt=0), name="people_link_cluster_is_no_subject"),
        ]

    def __str__(self):
        return self.reason


def linked_to(person):
    """The other files of the zone that are of the same human being."""
    own = Link.objects.of(person.subject_id).live().values("cluster")
    return Link.objects.live().filter(zone_id=person.zone_id, cluster__in=own).exclude(subject_id=person.subject_id)


def tie(*, person, other, first, reason, by, now):
    """Say that two files of a zone are of one human being, and which is shown first. Raises NotTiedError."""
    if person.zone_id != other.zone_id or person.subject_id == other.subject_id:
        raise NotTiedError
    both = {person.subject_id: person, other.subject_id: other}
    live = {row.subject_id: row for row in Link.objects.live().filter(subject_id__in=both, zone_id=person.zone_id)}
    clusters = sorted({row.cluster for row in live.values()}, reverse=True)
    cluster = clusters[0] if clusters else -secrets.randbelow(2**62) - 1
    moving = Link.objects.live().filter(zone_id=person.zone_id, cluster__in=clusters[1:])
    joining = [(row.subject_id, row.across) for row in moving]
    moving.update(ended_at=now, ended_reason=reason[:200], shown_first=False)
    joining += [(subject, False) for subject in both if subject not in live]
    for subject, across in joining:
        Link.objects.create(
            subject_id=subject,
            zone_id=person.zone_id,
            cluster=cluster,
            across=across,
            reason=reason.strip()[:200],
            recorded_at=now,
            recorded_by=by.user,
        )
    put_first(zone_id=person.zone_id, cluster=cluster, subject=first.subject_id)
    for one, its in ((person, other), (other, person)):
        log.act("link", one, by=by, now=now, to=its.subject_id, first=first.subject_id)


def show_first(*, person, by, now):
    """Of the files tied together, this is the one to read. Raises NotTiedError."""
    row = Link.objects.of(person.subject_id).live().first()
    if row is None:
        raise NotTiedError
    put_first(zone_id=person.zone_id, cluster=row.cluster, subject=person.subject_id)
    log.act("show_first", person, by=by, now=now)


def put_first(*, zone_id, cluster, subject):
    rows = Link.objects.live().filter(zone_id=zone_id, cluster=cluster)
    rows.exclude(subject_id=subject).update(shown_first=False)
    rows.filter(subject_id=subject).update(shown_first=True)


def untie(*, person, reason, by, now):
    """The file is of somebody else after all: it stands alone again. Who would be left tied to nobody is untied too.
    Raises NotTiedError."""
    row = Link.objects.of(person.subject_id).live().first()
    if row is None:
        raise NotTiedError
    rest = list(Link.objects.live().filter(zone_id=person.zone_id, cluster=row.cluster).exclude(pk=row.pk))
    ending = [row, *(rest if len(rest) == 1 and not rest[0].across else [])]
    Link.objects.filter(pk__in=[one.pk for one in ending]).update(
        ended_at=now, ended_reason=reason.strip()[:200], shown_first=False
    )
    log.act("unlink", person, by=by, now=now)
    for one in ending[1:]:
        log.act("unlink", one.subject.person, by=by, now=now)
    if len(rest) > 1 and row.shown_first:
        put_first(zone_id=person.zone_id, cluster=row.cluster, subject=rest[0].subject_id)
