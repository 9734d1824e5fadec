from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.cases import participation_outcome


class Participation(SubjectRow):
    """A person's part in a financed operation: what the plan's targets count. The entry data are those of the first day
    and are never updated (FS-02); a correction supersedes the row."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="participations")
    operation = models.ForeignKey("plan.Operation", models.PROTECT, related_name="participations")
    starts = models.DateField(_("entra il"))
    ends = models.DateField(_("esce il"), null=True, blank=True)
    entry = models.JSONField(_("dati all'ingresso"), default=dict)
    recorded_at = models.DateTimeField(_("registrata il"))
    superseded_at = models.DateTimeField(_("corretta il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("partecipazione")
        verbose_name_plural = _("partecipazioni")
        ordering = ["starts", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "operation"],
                condition=Q(superseded_at=None),
                name="cases_participation_once_in_an_operation",
            ),
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="cases_participation_dates"),
        ]

    def __str__(self):
        return f"{self.operation_id} {self.starts}"


class AlreadyIn(Exception):
    """The person already takes part in that operation."""


def enter(*, case, operation, starts, entry, by, now):
    """The person enters an operation with the entry data of that day, complete or not. Raises AlreadyIn."""
    standing = Participation.objects.of(case.subject_id).standing()
    if standing.filter(operation=operation).exists():
        raise AlreadyIn
    row = Participation.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        operation=operation,
        starts=starts,
        entry=entry,
        recorded_at=now,
    )
    log.act("enter", row, by=by, now=now, operation=operation.pk)
    return row


def _instead(row, *, now, **changes):
    """Another row in the place of one, that differs in this: what was known before can be asked again."""
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])
    said = {"starts": row.starts, "ends": row.ends, "entry": row.entry} | changes
    return Participation.objects.create(
        subject_id=row.subject_id,
        zone_id=row.zone_id,
        case_id=row.case_id,
        operation_id=row.operation_id,
        recorded_at=now,
        **said,
    )


def correct(*, row, entry, starts, by, now):
    """The entry data were recorded wrong: the row is superseded by another with those that were true that day."""
    new = _instead(row, now=now, entry=entry, starts=starts)
    log.act("correct", new, by=by, now=now, instead_of=row.pk)
    return new


def leave(*, row, on, by, now):
    """The person leaves the operation on a day, or left on another day than was written: what was said of that one is
    asked anew."""
    new = _instead(row, now=now, ends=on)
    if row.ends:
        participation_outcome.forget(participation=new, by=by, now=now)
    log.act("leave", new, by=by, now=now, instead_of=row.pk)
    return new


def come_back(*, row, by, now):
    """The person enters the same operation again: one record, with the entry of the first day; what was said of the
    exit stands no more, for the results are those of the final one (FS-06)."""
    new = _instead(row, now=now, ends=None)
    participation_outcome.forget(participation=new, by=by, now=now)
    log.act("come_back", new, by=by, now=now, instead_of=row.pk)
    return new
