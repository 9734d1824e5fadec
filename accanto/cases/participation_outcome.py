"""What a participant does when they leave an operation, and six months after: the results of the European fund (FS-04,
FS-11, AD-35). Of who was in a traineeship of the operation the answer is the traineeship's, and is not asked twice."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.cases.entry_sheet import EmploymentStatus
from accanto.cases.follow_up import BEGINS
from accanto.norms import esf_plus
from accanto.norms.reader import in_force

LATE = dt.timedelta(days=30)  # after the day one asks from: our choice


class Moment(models.TextChoices):
    EXIT = "exit", _("all’uscita")
    SIX_MONTHS = "six_months", _("dopo sei mesi")


class ParticipationOutcome(SubjectRow):
    """The answer at one of the two moments of one operation. Superseded, never overwritten; after a re-entry in the
    same operation the results are those of the final exit (FS-06), and the earlier ones stay on record."""

    class Status(models.TextChoices):
        JOB = "job", _("lavora, anche in proprio")
        SEARCHING = "searching", _("cerca lavoro")
        UNEMPLOYED = "unemployed", _("è disoccupata, iscritta al centro per l’impiego")
        INACTIVE = "inactive", _("non lavora e non cerca")
        WOULD_NOT_SAY = "would_not_say", _("preferisce non rispondere")
        NOT_REACHED = "not_reached", _("non è stata raggiunta")

    class Improvement(models.TextChoices):
        NONE = "", _("no, o non lavorava già all’ingresso")
        STABLE = "stable", _("da un lavoro precario a uno stabile")
        FULL = "full", _("da un lavoro a poche ore a uno pieno")
        SKILLS = "skills", _("un lavoro che chiede più competenze o dà più responsabilità")
        PROMOTION = "promotion", _("una promozione")
        PAY = "pay", _("solo una paga più alta (per il FSE+ non conta)")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="participation_outcomes")
    operation = models.ForeignKey("plan.Operation", models.PROTECT, related_name="participation_outcomes")
    moment = models.CharField(_("quando"), max_length=12, choices=Moment.choices)
    status = models.CharField(_("che cosa fa"), max_length=15, choices=Status.choices)
    training = models.BooleanField(_("studia o si forma"), default=False)
    qualification = models.BooleanField(_("ha ottenuto una qualifica"), default=False)
    improvement = models.CharField(
        _("sta meglio sul lavoro che aveva"), max_length=10, choices=Improvement.choices, blank=True
    )
    known_on = models.DateField(_("saputo il"))
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("esito della partecipazione")
        verbose_name_plural = _("esiti delle partecipazioni")
        ordering = ["-recorded_at", "-id"]
        indexes = [models.Index(fields=["zone", "operation"], name="cases_participationoutcome_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "operation", "moment"],
                condition=Q(superseded_at=None),
                name="cases_participationoutcome_one_standing",
            ),
            models.CheckConstraint(
                condition=Q(improvement="") | Q(moment="six_months", status="job"),
                name="cases_participationoutcome_improves_a_job",
            ),
            models.CheckConstraint(
                condition=Q(moment="exit") | Q(training=False, qualification=False),
                name="cases_participationoutcome_training_at_exit",
            ),
        ]

    def __str__(self):
        return self.get_status_display()


Status, Improvement = ParticipationOutcome.Status, ParticipationOutcome.Improvement
COUNTS_AS_BETTER = (Improvement.STABLE, Improvement.FULL, Improvement.SKILLS, Improvement.PROMOTION)


def days_at_exit(left_on):
    """For how many days after the exit the situation is that of the exit (FS-04)."""
    return in_force(max(left_on, BEGINS))["esf.immediate_days"].integer()


def last_day_at_exit(left_on):
    return left_on + dt.timedelta(days=days_at_exit(left_on))


def asked_from(left_on, moment):
    return left_on if moment == Moment.EXIT else esf_plus.six_months_after(left_on=max(left_on, BEGINS))


def asked_by(left_on, moment):
    """The last day on which the answer is of its moment: four weeks after the exit, or our own month after six."""
    return last_day_at_exit(left_on) if moment == Moment.EXIT else asked_from(left_on, moment) + LATE


def of(participation, acting):
    """{moment: the answer that stands} of a participation."""
    rows = ParticipationOutcome.objects.within(acting).of(participation.subject_id).standing()
    return {row.moment: row for row in rows.filter(operation=participation.operation_id).order_by("id")}


def record(*, participation, moment, by, now, **said):
    """What the person does; what was recorded before is superseded. `said` are status, known_on and, where they apply,
    training, qualification, improvement."""
    forget(participation=participation, moments=[moment], by=by, now=now)
    row = ParticipationOutcome.objects.create(
        subject_id=participation.subject_id,
        zone_id=participation.zone_id,
        case_id=participation.case_id,
        operation_id=participation.operation_id,
        moment=moment,
        recorded_at=now,
        recorded_by=by.user,
        **said,
    )
    log.act("record", row, by=by, now=now, moment=str(moment))
    return row


def forget(*, participation, by, now, moments=tuple(Moment)):
    """What was said of these moments stands no more: it is said anew, or the person came back (FS-06)."""
    rows = ParticipationOutcome.objects.within(by).of(participation.subject_id).standing()
    rows.filter(operation=participation.operation_id, moment__in=moments).update(superseded_at=now)


def labour_status(at_entry):
    """The status of the entry sheet as the law counts it: who has been unemployed for long is unemployed (FS-03)."""
    return "unemployed" if at_entry == EmploymentStatus.LONG_TERM else at_entry


def results(participation, outcomes):
    """The codes of Annex I that the answers give (EECR01 to EECR06); none while the person is in, or where the sheet of
    the first day does not say what they did then."""
    at_entry = participation.entry.get("employment_status")
    if participation.ends is None or not at_entry:
        return []
    at_entry = labour_status(at_entry)
    left_on, found = max(participation.ends, BEGINS), {}
    at_exit, later = outcomes.get(Moment.EXIT), outcomes.get(Moment.SIX_MONTHS)
    if at_exit:
        kinds = [at_exit.status] if at_exit.status in esf_plus.LABOUR_EVENTS else []
        kinds += ["training"] if at_exit.training else []
        kinds += ["qualification"] if at_exit.qualification else []
        events = [esf_plus.Event(day=max(at_exit.known_on, left_on), kind=kind) for kind in kinds]
        found |= esf_plus.immediate_results(status_at_entry=at_entry, left_on=left_on, events=events)
    if later:
        found |= esf_plus.six_months_results(
            status_at_entry=at_entry,
            employed_after=later.status == Status.JOB,
            improved=later.improvement in (*COUNTS_AS_BETTER, Improvement.PAY),
            pay_rise_only=later.improvement == Improvement.PAY,
        )
    return [code for code, counts in found.items() if counts]
