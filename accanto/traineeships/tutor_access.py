"""The relations by which a traineeship opens the person to its tutors, until a tail of days after its end."""

from django.utils import timezone

from accanto.access import log
from accanto.access.relation import Relation, end_relation, open_relation, tail
from accanto.access.role import Kind

TUTOR_REASON = "tutor del tirocinio"
HOST_REASON = "tutor aziendale del tirocinio"


def of_the_promoter(traineeship, *, by, now):
    _open(traineeship, Kind.THIRD_SECTOR_TUTOR, traineeship.tutor, TUTOR_REASON, by=by, now=now)


def of_the_host(traineeship, *, by, now):
    _open(traineeship, Kind.HOST_TUTOR, traineeship.host_tutor, HOST_REASON, by=by, now=now)


def follow_the_end(traineeship, before, *, by, now):
    """Later with an extension, earlier with an interruption: `before` is the end there was."""
    for relation in _relations(traineeship, before + tail(before)):
        if traineeship.ends > before:
            relation.ends = traineeship.tutors_until
            relation.save(update_fields=["ends"])
            log.act("extend", relation, by=by, now=now)
        else:
            end_relation(relation=relation, on=traineeship.tutors_until, by=by, now=now)


def end(traineeship, *, on, by, now):
    for relation in _relations(traineeship, traineeship.tutors_until):
        end_relation(relation=relation, on=on, by=by, now=now)


def _relations(traineeship, ends):
    return Relation.objects.of(traineeship.subject_id).filter(reason__in=(TUTOR_REASON, HOST_REASON), ends=ends)


def _open(traineeship, kind, user, reason, *, by, now):
    today = timezone.localdate(now)
    if user is None or traineeship.tutors_until < today:
        return
    same = Relation.objects.of(traineeship.subject_id).filter(user=user, kind=kind, reason=reason).on(today)
    if not same.filter(ends__gte=traineeship.tutors_until).exists():
        open_relation(
            subject=traineeship.subject,
            kind=kind,
            user=user,
            reason=reason,
            starts=today,
            ends=traineeship.tutors_until,
            by=by,
            now=now,
        )
