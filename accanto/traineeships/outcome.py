"""What somebody does after a traineeship: within four weeks of its end, and six months after. The same answer serves
the results of the European fund (FS-04, FS-11) and, where the case is closed, what is asked six months after it."""

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.cases import follow_up as follow_ups
from accanto.cases import participation_outcome
from accanto.cases.follow_up import CaseFollowUp
from accanto.norms import esf_plus
from accanto.traineeships.traineeship import ENDED

BEGINS = follow_ups.BEGINS


class Moment(models.TextChoices):
    EXIT = "exit", _("alla fine")
    SIX_MONTHS = "six_months", _("dopo sei mesi")


class TraineeshipOutcome(SubjectRow):
    """What one did at one of the two moments, where that is known from, and since when. Superseded, never overwritten;
    who would rather not say is an answer too."""

    class Status(models.TextChoices):
        JOB = "job", _("lavora alle dipendenze di qualcuno")
        SELF_EMPLOYED = "self_employed", _("lavora in proprio")
        TRAINING = "training", _("studia o segue un corso")
        TRAINEESHIP = "traineeship", _("fa un altro tirocinio")
        SEARCHING = "searching", _("cerca lavoro")
        INACTIVE = "inactive", _("non lavora e non cerca")
        HEALTH = "health", _("si è fermata per la salute")
        WOULD_NOT_SAY = "would_not_say", _("preferisce non rispondere")
        NOT_REACHED = "not_reached", _("non è stata raggiunta")

    class Contract(models.TextChoices):
        PERMANENT = "permanent", _("a tempo indeterminato")
        FIXED_TERM = "fixed_term", _("a tempo determinato")
        APPRENTICESHIP = "apprenticeship", _("apprendistato")
        AGENCY = "agency", _("in somministrazione, tramite un’agenzia")
        ON_CALL = "on_call", _("a chiamata o occasionale")
        DOMESTIC = "domestic", _("lavoro domestico")
        OTHER = "other", _("un altro contratto, o non si sa")

    class Source(models.TextChoices):
        PHONE = "phone", _("detto al telefono")
        IN_PERSON = "in_person", _("detto di persona")
        OWN_PAGE = "own_page", _("scritto dalla persona nella sua pagina")
        NOTICES = "notices", _("estratto delle comunicazioni obbligatorie")
        EMPLOYMENT_CENTRE = "employment_centre", _("centro per l’impiego")
        CASE = "case", _("esito a sei mesi della presa in carico")
        OTHER = "other", _("un’altra fonte")

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="outcomes")
    moment = models.CharField(_("quando"), max_length=12, choices=Moment.choices)
    status = models.CharField(_("che cosa fa"), max_length=15, choices=Status.choices)
    contract = models.CharField(_("con quale contratto"), max_length=15, choices=Contract.choices, blank=True)
    weekly_hours = models.DecimalField(_("ore la settimana"), max_digits=4, decimal_places=1, null=True, blank=True)
    with_host = models.BooleanField(_("dall’ospitante del tirocinio"), default=False)
    qualification = models.BooleanField(_("ha ottenuto una qualifica"), default=False)
    improved = models.BooleanField(_("lavorava già e ora sta meglio sul lavoro"), default=False)
    source = models.CharField(_("da dove si sa"), max_length=20, choices=Source.choices)
    known_on = models.DateField(_("saputo il"))
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("esito del tirocinio")
        verbose_name_plural = _("esiti dei tirocini")
        ordering = ["-recorded_at", "-id"]
        indexes = [models.Index(fields=["zone", "subject"], name="traineeships_outcome_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["traineeship", "moment"],
                condition=Q(superseded_at=None),
                name="traineeships_outcome_one_standing",
            ),
            models.CheckConstraint(
                condition=Q(status="job") & ~Q(contract="") | ~Q(status="job") & Q(contract="", with_host=False),
                name="traineeships_outcome_contract_of_a_job",
            ),
            models.CheckConstraint(
                condition=Q(weekly_hours=None) | Q(status__in=["job", "self_employed"], weekly_hours__gt=0),
                name="traineeships_outcome_hours_of_work",
            ),
        ]

    def __str__(self):
        return self.get_status_display()

    @property
    def works(self):
        return self.status in WORKING


Status = TraineeshipOutcome.Status
WORKING = (Status.JOB, Status.SELF_EMPLOYED)
UNKNOWN = (Status.WOULD_NOT_SAY, Status.NOT_REACHED)
# the same answer in the words of a closed case, and back where those words are enough
IN_THE_CASE = {
    Status.JOB: CaseFollowUp.Outcome.WORKING,
    Status.SELF_EMPLOYED: CaseFollowUp.Outcome.WORKING,
    Status.TRAINING: CaseFollowUp.Outcome.IN_TRAINING,
    Status.TRAINEESHIP: CaseFollowUp.Outcome.IN_TRAINING,
    Status.SEARCHING: CaseFollowUp.Outcome.NEITHER,
    Status.INACTIVE: CaseFollowUp.Outcome.NEITHER,
    Status.HEALTH: CaseFollowUp.Outcome.NEITHER,
    Status.NOT_REACHED: CaseFollowUp.Outcome.NOT_REACHED,
}
FROM_THE_CASE = {
    CaseFollowUp.Outcome.WORKING: Status.JOB,
    CaseFollowUp.Outcome.IN_TRAINING: Status.TRAINING,
    CaseFollowUp.Outcome.NOT_REACHED: Status.NOT_REACHED,
}
# in the words of the European fund
EVENTS = {
    Status.JOB: "job",
    Status.SELF_EMPLOYED: "job",
    Status.SEARCHING: "searching",
    Status.INACTIVE: "inactive",
    Status.HEALTH: "inactive",
    Status.TRAINING: "training",
}


def asked_from(traineeship, moment):
    """The first day one asks: the end itself, or six months after (FS-11)."""
    return participation_outcome.asked_from(traineeship.ends, moment)


def asked_by(traineeship, moment):
    """The last day on which the answer is of its moment: four weeks after the end (FS-04), or our own month."""
    return participation_outcome.asked_by(traineeship.ends, moment)


def to_ask(traineeships, moment, *, ended_since, ended_until):
    """Of these, those that ended between two days of whom nobody has recorded what they did."""
    rows = with_what_is_known(traineeships).filter(ends__gte=ended_since, ends__lte=ended_until)
    return rows.filter(is_asked=True, **{f"knows_{moment}": False}).order_by("ends", "id")


def with_what_is_known(traineeships):
    """Those that ended, each with `is_asked`, `knows_exit`, `knows_six_months`. Nobody is asked after a death or a case
    opened by mistake; who has moved, by the zone that follows them."""
    known = TraineeshipOutcome.objects.standing().filter(traineeship=OuterRef("pk"), subject=OuterRef("subject"))
    return traineeships.filter(state__in=ENDED).annotate(
        is_asked=~Q(case__closing_reason__in=follow_ups.NOT_ASKED),
        **{f"knows_{moment}": Exists(known.filter(moment=moment)) for moment in Moment.values},
    )


def standing(traineeship, moment):
    rows = TraineeshipOutcome.objects.of(traineeship.subject_id).standing()
    return rows.filter(traineeship=traineeship, moment=moment).select_related("recorded_by").first()


def record(*, traineeship, moment, by, now, **said):
    """What the person does; what was recorded before is superseded. Six months after a closed case its own question has
    the same answer: it is written there too, unless somebody has asked already."""
    before = standing(traineeship, moment)
    if before:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
    row = TraineeshipOutcome.objects.create(
        traineeship=traineeship,
        subject_id=traineeship.subject_id,
        zone_id=traineeship.zone_id,
        moment=moment,
        recorded_at=now,
        recorded_by=by.user,
        **said,
    )
    log.act("record", row, by=by, now=now, moment=str(moment), instead_of=before and before.pk)
    if asks_of_the_case(traineeship.case, row):
        follow_ups.record(case=traineeship.case, day=row.known_on, outcome=IN_THE_CASE[row.status], by=by, now=now)
    return row


def asks_of_the_case(case, row):
    """Whether this answer is also that of a closed case of which nobody has asked."""
    return (
        row.moment == Moment.SIX_MONTHS
        and row.status in IN_THE_CASE
        and case.closed_on is not None
        and case.closing_reason not in follow_ups.NOT_ASKED
        and follow_ups.due_on(case) <= row.known_on
        and not CaseFollowUp.objects.of(case.subject_id).standing().filter(case=case).exists()
    )


def answer_own(*, traineeship, moment, status, contract, by, now):
    """Whoever is in charge writes it in their own page, once: later they tell who follows them. False where somebody
    has recorded it meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("select outcome_answer(%s, %s, %s, %s)", [traineeship.pk, str(moment), status, contract])
        made = cursor.fetchone()[0]
    if made is None:
        return False
    row = TraineeshipOutcome(pk=made, subject_id=traineeship.subject_id, zone_id=traineeship.zone_id)
    log.act("record", row, by=by, now=now, moment=str(moment))
    return True


def results(*, status_at_entry, left_on, outcomes):
    """The codes of the results of the European fund that these answers give, for a participation that began with that
    status and ended on that day (EECR01 to EECR06)."""
    at_exit = [row for row in outcomes if row.moment == Moment.EXIT]
    events = [
        esf_plus.Event(day=max(row.known_on, left_on), kind=EVENTS[row.status])
        for row in at_exit
        if row.status in EVENTS
    ]
    events += [
        esf_plus.Event(day=max(row.known_on, left_on), kind="qualification") for row in at_exit if row.qualification
    ]
    status_at_entry = participation_outcome.labour_status(status_at_entry)
    found = esf_plus.immediate_results(status_at_entry=status_at_entry, left_on=left_on, events=events)
    later = next((row for row in outcomes if row.moment == Moment.SIX_MONTHS), None)
    if later:
        found |= esf_plus.six_months_results(
            status_at_entry=status_at_entry,
            employed_after=later.works,
            improved=later.works and later.improved,
            pay_rise_only=False,
        )
    return [code for code, counts in found.items() if counts]
