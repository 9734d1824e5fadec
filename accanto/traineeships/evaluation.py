"""How a traineeship is going, half way and at its end, as each of four parties sees it; nobody reads the others before
the evaluation is closed. No act we could read sets its days or its form: both are a choice of the system."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access.subject import StandingRows, SubjectRow

ITEMS = ("presence", "tasks", "people", "autonomy", "support")


class Moment(models.TextChoices):
    MID = "mid", _("intermedia")
    FINAL = "final", _("finale")


class Party(models.TextChoices):
    TRAINEE = "trainee", _("la persona")
    TUTOR = "tutor", _("tutor del promotore")
    HOST_TUTOR = "host_tutor", _("tutor aziendale")
    CASE_MANAGER = "case_manager", _("servizi")


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
    """{(traineeship id, moment): {party}}: who has answered, never what; PostgreSQL says it to who reads the register."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select traineeship_id, moment, party from evaluations_answered(%s)", [[row.pk for row in traineeships]]
        )
        for pk, moment, party in cursor.fetchall():
            found.setdefault((pk, moment), set()).add(party)
    return found
