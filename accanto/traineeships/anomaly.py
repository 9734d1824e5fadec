import hashlib
import json

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.norms import states
from accanto.norms.findings import Refused, Severity
from accanto.norms.reader import parameter
from accanto.norms.text import Text


class What(models.TextChoices):
    """The words of `norms.control_facts.What`: never an accusation."""

    SAME_TIMES = "same_times", _("mese uguale al minuto")
    LONG_DAY = "long_day", _("giornate lunghe")
    NIGHT = "night", _("ore di notte")
    NO_PAUSE = "no_pause", _("ore senza pausa")
    LONG_WEEK = "long_week", _("settimana oltre il progetto")
    UNPLANNED = "unplanned", _("giorni festivi o liberi")
    HOST_CLOSED = "host_closed", _("ore a ospitante chiuso")
    TWO_PLACES = "two_places", _("due registri alla stessa ora")
    TOGETHER = "together", _("firme quasi insieme")
    AT_ONCE = "at_once", _("mese firmato tutto insieme")
    WRITTEN_LATE = "written_late", _("giornate scritte tardi")
    NO_NOTICE = "no_notice", _("comunicazione che manca")
    NOTICE_LATE = "notice_late", _("comunicazione in ritardo")
    CATEGORY = "category", _("categoria della comunicazione")
    NO_INSURANCE = "no_insurance", _("copertura INAIL")
    NO_LIABILITY = "no_liability", _("polizza di responsabilità civile")
    BEFORE_TRAINING = "before_training", _("ore prima della formazione sulla sicurezza")
    OUTSIDE_AGREEMENT = "outside_agreement", _("ore fuori dalla convenzione")
    PAID_WITHOUT_HOURS = "paid_without_hours", _("pagato senza ore")
    UNPAID = "unpaid", _("ore non pagate")
    REPORTED = "reported", _("segnalazione di qualcuno")


class State(models.TextChoices):
    """Of `norms/states.py`, in their order."""

    OPEN = "open", _("da verificare")
    EXPLAINED = "explained", _("spiegata")
    CONFIRMED = "confirmed", _("confermata")
    CLOSED = "closed", _("chiusa")


class Anomalies(SubjectRows):
    def to_look_at(self):
        return self.filter(state=State.OPEN)

    def reported_by(self, acting):
        """What somebody raised in their own words."""
        return self.filter(what=What.REPORTED, raised_by=acting.user)

    def with_names(self):
        return self.select_related("subject__person", "host__organisation", "traineeship")


class Anomaly(SubjectRow):
    """Something unusual in a traineeship, to be checked: what was found, on which facts, and what became of it.

    It is found by a rule of `norms.controls`, or raised by somebody who saw it. The same facts (`fingerprint`) are not
    found twice, so that what was explained does not come back."""

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="anomalies")
    host = models.ForeignKey("traineeships.Host", models.PROTECT, related_name="anomalies", db_index=False)
    what = models.CharField(_("che cosa"), max_length=20, choices=What.choices)
    code = models.CharField(_("regola"), max_length=20)
    # {it, en}, way_out, source, grade: as the rule said them
    finding = models.JSONField(_("rilievo"))
    evidence = models.JSONField(_("fatti"), default=dict)
    first = models.DateField(_("dal"))
    last = models.DateField(_("al"))
    days = models.PositiveSmallIntegerField(_("giornate"))
    fingerprint = models.CharField(_("impronta dei fatti"), max_length=64)
    words = models.TextField(_("parole di chi segnala"), blank=True)
    raised_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    found_at = models.DateTimeField(_("trovata il"))
    state = models.CharField(_("stato"), max_length=10, choices=State.choices, default=State.OPEN)
    state_at = models.DateTimeField(_("in questo stato dal"))

    objects = Anomalies.as_manager()

    class Meta:
        verbose_name = _("anomalia")
        verbose_name_plural = _("anomalie")
        ordering = ["-last", "-id"]
        indexes = [
            models.Index(fields=["zone", "state", "-last", "-id"], name="traineeships_anomaly_of_zone"),
            models.Index(fields=["zone", "host", "state"], name="traineeships_anomaly_of_host"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["traineeship", "what", "fingerprint"], name="traineeships_anomaly_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="traineeships_anomaly_dates"),
            models.CheckConstraint(
                condition=Q(what="reported", raised_by__isnull=False) & ~Q(words="")
                | ~Q(what="reported") & Q(raised_by=None, words=""),
                name="traineeships_anomaly_raised_in_words",
            ),
        ]

    def __str__(self):
        return f"{self.get_what_display()} {self.first}"

    @property
    def sentence(self):
        return self.finding["sentence"]


class AnomalyStep(SubjectRow):
    """What somebody said of an anomaly, and the state it led to. Nobody's where the facts were mended by themselves."""

    anomaly = models.ForeignKey(Anomaly, models.PROTECT, related_name="steps")
    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="+")
    before = models.CharField(_("da"), max_length=10, choices=State.choices)
    after = models.CharField(_("a"), max_length=10, choices=State.choices)
    words = models.TextField(_("perché"))
    recorded_at = models.DateTimeField(_("scritto il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("passo di un'anomalia")
        verbose_name_plural = _("passi di un'anomalia")
        ordering = ["recorded_at", "id"]
        indexes = [models.Index(fields=["zone", "anomaly"], name="traineeships_step_of_zone")]

    def __str__(self):
        return f"{self.before} -> {self.after}"


def fingerprint_of(what, evidence):
    text = json.dumps([str(what), dict(evidence)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class MovedMeanwhile(Exception):
    """Somebody else said their word a moment ago: the page is to be read again."""


@transaction.atomic
def say(*, anomaly, after, words, by, now):
    """Explain, confirm, close or open again, always with a reason. Raises Refused where the table of states says no,
    MovedMeanwhile where somebody was quicker."""
    refusal = states.refusal(states.ANOMALY, anomaly.state, after)
    if refusal:
        raise Refused([refusal])
    before = anomaly.state
    moved = Anomaly.objects.within(by).filter(pk=anomaly.pk, state=before).update(state=after, state_at=now)
    if not moved:
        raise MovedMeanwhile
    anomaly.state, anomaly.state_at = after, now
    step = AnomalyStep.objects.create(
        anomaly=anomaly,
        traineeship_id=anomaly.traineeship_id,
        subject_id=anomaly.subject_id,
        zone_id=anomaly.zone_id,
        before=before,
        after=after,
        words=words.strip(),
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("say", anomaly, by=by, now=now, before=before, after=after)
    return step


def told(words, first, last):
    """(finding, evidence) of what somebody reports."""
    finding = parameter("control.reports_are_looked_at", last).finding(
        Severity.CAUTION,
        Text(
            "Qualcuno segnala che il tirocinio, dal {first} al {last}, potrebbe sostituire personale.",
            "Somebody reports that the traineeship, from {first} to {last}, may stand in for staff.",
        ).filled(first=first, last=last),
        field="days",
        way_out=Text(
            "Senti la persona e il tutor. All'ospitante chiedi del lavoro, senza dire chi ha segnalato.",
            "Hear the person and the tutor. Ask the host about the work, without telling who reported.",
        ),
    )
    said = hashlib.sha256(words.strip().encode()).hexdigest()
    return finding, {"first": str(first), "last": str(last), "words": said}


def report(*, traineeship, words, first, last, by, now):
    """Somebody who knows the traineeship says that it may stand in for staff; None where the same was said already.

    PostgreSQL has one function for it, which writes the act too: trainees and tutors write nothing else here, and do
    not read what becomes of it."""
    finding, evidence = told(words, first, last)
    with connection.cursor() as cursor:
        cursor.execute(
            "select raise_anomaly(%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                traineeship.pk,
                words.strip(),
                first,
                last,
                min((last - first).days + 1, 366),
                json.dumps(finding.as_dict()),
                json.dumps(evidence),
                fingerprint_of(What.REPORTED, evidence),
            ],
        )
        return cursor.fetchone()[0]


def by_host():
    """For who plans a zone and reads nobody's name: (host id, what, state, how many, found since)."""
    with connection.cursor() as cursor:
        cursor.execute("select host_id, what, state, found, since from controls_by_host()")
        return cursor.fetchall()
