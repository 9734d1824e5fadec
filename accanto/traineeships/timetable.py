from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.norms import clock


class Timetables(SubjectRows):
    def in_order(self):
        return self.order_by("traineeship_id", "valid_from", "id")


class Timetable(SubjectRow):
    """When one usually comes in and goes out, from a day on: what the register proposes to confirm.

    The hours of each day are those of the plan, which stays the rule. Never changed: a new one takes its place."""

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="timetables")
    valid_from = models.DateField(_("dal"))
    # seven lists, from Monday: minutes from midnight, in and out
    week = models.JSONField(_("orario della settimana"))
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    objects = Timetables.as_manager()

    class Meta:
        verbose_name = _("orario abituale")
        verbose_name_plural = _("orari abituali")
        ordering = ["valid_from", "id"]

    def __str__(self):
        return f"{self.valid_from}"


def usual_times(timetables, day, planned):
    """What to propose for a day: its usual in and out, where their hours are those of the plan; else nothing."""
    holding = None
    for one in timetables:
        if one.valid_from <= day:
            holding = one
    times = tuple(holding.week[day.weekday()]) if holding else ()
    return times if times and clock.hours(times) == planned else ()


def set_timetable(*, traineeship, valid_from, week, by, now):
    """`week` is seven lists of minutes, from Monday, each in order."""
    row = Timetable.objects.create(
        traineeship=traineeship,
        subject_id=traineeship.subject_id,
        zone_id=traineeship.zone_id,
        valid_from=valid_from,
        week=[list(times) for times in week],
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("change", row, by=by, now=now, valid_from=valid_from)
    return row
