import datetime as dt

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.cases.case import Case
from accanto.norms.days import add_months
from accanto.norms.reader import in_force

BEGINS = dt.date(2021, 7, 1)  # the first day of the sheet: who was closed before is asked as from then
# nobody is asked what they do after a mistake or a death; who has moved is asked by the zone that follows them
NOT_ASKED = (Case.ClosingReason.DIED, Case.ClosingReason.MISTAKE, Case.ClosingReason.MOVED)


class CaseFollowUp(SubjectRow):
    """What somebody does six months after the end of their case (esito a sei mesi). Recorded once, and corrected by
    another row that supersedes the first."""

    class Outcome(models.TextChoices):
        WORKING = "working", _("lavora")
        IN_TRAINING = "in_training", _("è in formazione o in tirocinio")
        NEITHER = "neither", _("nessuna di queste")
        NOT_REACHED = "not_reached", _("non è stata raggiunta")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="follow_ups")
    day = models.DateField(_("sentita il"))
    outcome = models.CharField(_("che cosa fa"), max_length=20, choices=Outcome.choices)
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("esito a sei mesi")
        verbose_name_plural = _("esiti a sei mesi")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(superseded_at=None), name="cases_followup_one_standing"
            )
        ]

    def __str__(self):
        return self.get_outcome_display()


def months(day):
    """How many months after the closure one asks: as the longer-term results of participants (FS-11)."""
    return in_force(max(day, BEGINS))["esf.long_term_months"].integer()


def due_on(case):
    """The day from which to ask."""
    return add_months(case.closed_on, months(case.closed_on))


def still_to_ask(cases, *, closed_since, closed_until):
    """Of these cases, those closed between two days of which nobody has asked yet."""
    asked = CaseFollowUp.objects.standing().filter(case=OuterRef("pk"), subject=OuterRef("subject"))
    closed = cases.filter(closed_on__gte=closed_since, closed_on__lte=closed_until)
    return closed.exclude(closing_reason__in=NOT_ASKED).filter(~Exists(asked)).order_by("closed_on", "id")


def record(*, case, day, outcome, by, now):
    """The outcome at six months; what was recorded before is superseded."""
    before = CaseFollowUp.objects.of(case.subject_id).standing().filter(case=case).first()
    if before:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
    row = CaseFollowUp.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        day=day,
        outcome=outcome,
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("follow_up", row, by=by, now=now, outcome=str(outcome), instead_of=before and before.pk)
    return row
