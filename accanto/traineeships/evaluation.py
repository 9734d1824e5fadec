"""How a traineeship is going, half way and at its end, as each of four parties sees it; nobody reads the others before
the evaluation is closed. No act we could read sets its days or its form: both are a choice of the system."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.role import Kind as RoleKind
from accanto.access.subject import StandingRows, SubjectRow

OPENS_BEFORE = dt.timedelta(days=14)
ITEMS = ("presence", "tasks", "people", "autonomy", "support")


class Moment(models.TextChoices):
    MID = "mid", _("intermedia")
    FINAL = "final", _("finale")


class Party(models.TextChoices):
    TRAINEE = "trainee", _("la persona")
    TUTOR = "tutor", _("tutor del promotore")
    HOST_TUTOR = "host_tutor", _("tutor aziendale")
    CASE_MANAGER = "case_manager", _("servizi")


# for whom each kind of role answers; what is told to them they write down for the person and for the host's tutor
PARTY_OF = {
    RoleKind.PERSON: Party.TRAINEE,
    RoleKind.THIRD_SECTOR_TUTOR: Party.TUTOR,
    RoleKind.HOST_TUTOR: Party.HOST_TUTOR,
    RoleKind.CASE_MANAGER: Party.CASE_MANAGER,
    RoleKind.SOCIAL_WORKER: Party.CASE_MANAGER,
}
TOLD = (Party.TRAINEE, Party.HOST_TUTOR)


class Score(models.IntegerChoices):
    NOT_YET = 1, _("non ancora")
    LITTLE = 2, _("un po’")
    ENOUGH = 3, _("abbastanza")
    MUCH = 4, _("molto")


def score(label):
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, choices=Score.choices, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )


class EvaluationAnswer(SubjectRow):
    """What one party says of one moment. A score that is not there is «non so dire»."""

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="evaluation_answers")
    moment = models.CharField(_("quale valutazione"), max_length=5, choices=Moment.choices)
    party = models.CharField(_("chi risponde"), max_length=12, choices=Party.choices)
    helped = models.BooleanField(_("detta a voce, scritta da altri"), default=False)
    presence = score(_("esserci e arrivare in orario"))
    tasks = score(_("fare i compiti affidati"))
    people = score(_("stare con gli altri"))
    autonomy = score(_("fare da sé"))
    support = score(_("avere l’aiuto che serve"))
    went_well = models.TextField(_("che cosa va bene"), blank=True)
    to_change = models.TextField(_("che cosa cambiare"), blank=True)
    recorded_at = models.DateTimeField(_("scritta il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituita il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("risposta a una valutazione del tirocinio")
        verbose_name_plural = _("risposte alle valutazioni del tirocinio")
        ordering = ["recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["traineeship", "moment", "party"],
                condition=Q(superseded_at=None),
                name="traineeships_evaluationanswer_one",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{item: None}) | Q(**{f"{item}__gte": 1, f"{item}__lte": 4}),
                    name=f"traineeships_evaluationanswer_{item}",
                )
                for item in ITEMS
            ),
        ]

    def __str__(self):
        return f"{self.get_moment_display()} {self.get_party_display()}"


class Evaluation(SubjectRow):
    """An evaluation that was closed: from then on who works with the person reads all the answers side by side, and
    nobody adds to them. Opened again by mistake of who closed it, it is superseded."""

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="evaluations")
    moment = models.CharField(_("quale valutazione"), max_length=5, choices=Moment.choices)
    closed_on = models.DateField(_("chiusa il"))
    summary = models.TextField(_("in sintesi"), blank=True)
    recorded_at = models.DateTimeField(_("scritta il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("riaperta il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("valutazione del tirocinio")
        verbose_name_plural = _("valutazioni del tirocinio")
        ordering = ["closed_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["traineeship", "moment"],
                condition=Q(superseded_at=None),
                name="traineeships_evaluation_closed_once",
            )
        ]

    def __str__(self):
        return str(self.get_moment_display())


class GoalJudgement(SubjectRow):
    """Whether a goal of the plan was reached, as the service in charge judges it; the host reads no personal goal."""

    class Kind(models.TextChoices):
        INCLUSION = "inclusion", _("inclusione")
        AUTONOMY = "autonomy", _("autonomia")
        TRAINING = "training", _("formazione")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("raggiunto")
        PARTLY = "partly", _("in parte")
        NOT_REACHED = "not_reached", _("non raggiunto")

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="goal_judgements")
    moment = models.CharField(_("quale valutazione"), max_length=5, choices=Moment.choices)
    kind = models.CharField(_("tipo di obiettivo"), max_length=10, choices=Kind.choices)
    goal = models.TextField(_("obiettivo"))
    outcome = models.CharField(_("esito"), max_length=12, choices=Outcome.choices)
    words = models.CharField(_("in parole"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("scritto il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("giudizio su un obiettivo")
        verbose_name_plural = _("giudizi sugli obiettivi")
        ordering = ["kind", "id"]

    def __str__(self):
        return self.goal


def answered(traineeships):
    """{(traineeship id, moment): {party}}: who has answered and never what, for who reads the register."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select traineeship_id, moment, party from evaluations_answered(%s)", [[row.pk for row in traineeships]]
        )
        for pk, moment, party in cursor.fetchall():
            found.setdefault((pk, moment), set()).add(party)
    return found


def closed_days(traineeships):
    """{(traineeship id, moment): the day it was closed}, which the host too may know, who reads no more of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select traineeship_id, moment, closed_on from evaluations_closed(%s)", [[row.pk for row in traineeships]]
        )
        return {(pk, moment): day for pk, moment, day in cursor.fetchall()}


class EvaluationIsClosed(Exception):
    """Nobody adds to an evaluation that was closed: it is opened again first."""


class AnsweredByAnother(Exception):
    """That party has answered by themselves: nobody answers again in their place."""


def half_way(traineeship):
    return traineeship.starts + (traineeship.ends - traineeship.starts) / 2


def due_on(traineeship, moment):
    """Half way between the first and the last day, and the last day: a choice of the system, not of a law."""
    return half_way(traineeship) if moment == Moment.MID else traineeship.ends


def opens_on(traineeship, moment):
    """From when one may answer: the days ahead that a day of work shows."""
    return max(due_on(traineeship, moment) - OPENS_BEFORE, traineeship.starts)


def expected(traineeship):
    """Whose answer is waited for, in their order: a traineeship without a promoter's tutor does not wait for one."""
    return [party for party in Party if party != Party.TUTOR or traineeship.tutor_id]


def goals_of(plan):
    """(kind, goal) for each line of the goals of a plan, in their order."""
    found = []
    for kind in GoalJudgement.Kind:
        for line in getattr(plan, f"{kind}_goals").splitlines():
            if goal := line.strip(" \t-•*·–"):
                found.append((kind, goal))
    return found


def answer(*, traineeship, moment, party, by, now, went_well="", to_change="", **scores):
    """What a party says; it takes the place of what that same party said before. `helped` follows from who writes: the
    tutor of the promoter and the services write down what the person, or the host's tutor, tells them."""
    scores = [scores.get(item) for item in ITEMS]
    try:
        with transaction.atomic():
            if by.kind == RoleKind.PERSON:
                row = _as_the_person(traineeship, moment, scores, went_well.strip(), to_change.strip())
            else:
                row = _written(traineeship, moment, party, scores, went_well.strip(), to_change.strip(), by, now)
    except IntegrityError as clash:
        if "traineeships_evaluation_is_closed" in str(clash):
            raise EvaluationIsClosed from clash
        if "traineeships_evaluationanswer_one" in str(clash):
            raise AnsweredByAnother from clash
        raise
    log.act("answer", row, by=by, now=now, moment=str(moment), party=str(party))
    return row


def _as_the_person(traineeship, moment, scores, went_well, to_change):
    """Who is in charge writes nothing else in their file: PostgreSQL has a function for this one thing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select answer_own_evaluation(%s, %s, %s::smallint[], %s, %s)",
            [traineeship.pk, moment, scores, went_well, to_change],
        )
        return EvaluationAnswer(pk=cursor.fetchone()[0], subject_id=traineeship.subject_id, zone_id=traineeship.zone_id)


def _written(traineeship, moment, party, scores, went_well, to_change, by, now):
    before = EvaluationAnswer.objects.standing().of(traineeship.subject_id)
    before = before.filter(traineeship=traineeship, moment=moment, party=party)
    helped = PARTY_OF.get(by.kind) != party
    if helped and before.filter(helped=False).exists():
        raise AnsweredByAnother
    before.update(superseded_at=now)
    return EvaluationAnswer.objects.create(
        traineeship=traineeship,
        subject_id=traineeship.subject_id,
        zone_id=traineeship.zone_id,
        moment=moment,
        party=party,
        helped=helped,
        went_well=went_well,
        to_change=to_change,
        recorded_at=now,
        recorded_by=by.user,
        **dict(zip(ITEMS, scores, strict=True)),
    )


def close(*, traineeship, moment, by, now, summary=""):
    """From now on who works with the person reads all the answers; who has not answered stays missing."""
    try:
        with transaction.atomic():
            row = Evaluation.objects.create(
                traineeship=traineeship,
                subject_id=traineeship.subject_id,
                zone_id=traineeship.zone_id,
                moment=moment,
                closed_on=timezone.localdate(now),
                summary=summary.strip(),
                recorded_at=now,
                recorded_by=by.user,
            )
    except IntegrityError as clash:
        if "traineeships_evaluation_closed_once" not in str(clash):
            raise
        raise EvaluationIsClosed from clash
    log.act("close", row, by=by, now=now, moment=str(moment))
    return row


def reopen(*, evaluation, by, now):
    """Somebody is still to answer, or to correct themselves."""
    evaluation.superseded_at = now
    evaluation.save(update_fields=["superseded_at"])
    log.act("reopen", evaluation, by=by, now=now, moment=evaluation.moment)


@transaction.atomic
def judge(*, traineeship, moment, judgements, by, now):
    """(kind, goal, outcome, words) for each goal judged; those of the same moment before are superseded."""
    own = {"traineeship": traineeship, "subject_id": traineeship.subject_id, "zone_id": traineeship.zone_id}
    standing = GoalJudgement.objects.standing().of(traineeship.subject_id)
    standing = standing.filter(traineeship=traineeship, moment=moment)
    before = list(standing.order_by("id"))
    standing.update(superseded_at=now)
    made = [
        GoalJudgement(
            moment=moment,
            kind=kind,
            goal=goal,
            outcome=outcome,
            words=words.strip(),
            recorded_at=now,
            recorded_by=by.user,
            **own,
        )
        for kind, goal, outcome, words in judgements
    ]
    GoalJudgement.objects.bulk_create(made)
    # taken back, they leave a line too
    told = [(row, row.outcome) for row in made] or [(row, "") for row in before]
    log.acts("judge", [(row, {"moment": str(moment), "outcome": said}) for row, said in told], by=by, now=now)
    return made
