"""Somebody of the services or of the promoter goes to see how a traineeship is going: the day, which the host knows
too, and what came out of it, which the host does not read."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.role import Kind
from accanto.access.subject import StandingRows, SubjectRow, SubjectRows

VISITORS = (Kind.THIRD_SECTOR_TUTOR, Kind.CASE_MANAGER, Kind.SOCIAL_WORKER, Kind.EMPLOYMENT_OPERATOR)


class Visits(StandingRows):
    def to_make(self):
        return self.standing().filter(held_at=None)

    def held(self):
        return self.standing().filter(held_at__isnull=False)


class Visit(SubjectRow):
    """A day of visit, planned or held. What is wrong is superseded or withdrawn with its reason, never overwritten."""

    class Mode(models.TextChoices):
        AT_HOST = "at_host", _("nella sede dell’ospitante")
        OFFICE = "office", _("in ufficio")
        PHONE = "phone", _("al telefono")
        VIDEO = "video", _("in videochiamata")

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="visits")
    day = models.DateField(_("giorno"))
    begins = models.TimeField(_("ora"), null=True, blank=True)
    mode = models.CharField(_("dove"), max_length=10, choices=Mode.choices, default=Mode.AT_HOST)
    visitor = models.ForeignKey("access.User", models.PROTECT, verbose_name=_("chi va"), related_name="+")
    kind = models.CharField(_("in che veste"), max_length=30, choices=Kind.choices)
    held_at = models.DateTimeField(_("fatta, scritta il"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("scritta il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituita il"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("perché è tolta"), max_length=200, blank=True)

    objects = Visits.as_manager()

    class Meta:
        verbose_name = _("visita di tutoraggio")
        verbose_name_plural = _("visite di tutoraggio")
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(
                fields=["zone", "day"], condition=Q(held_at=None, superseded_at=None), name="traineeships_visit_to_make"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawal_reason="") | Q(superseded_at__isnull=False), name="traineeships_visit_withdrawn"
            )
        ]

    def __str__(self):
        return f"{self.day:%d/%m/%Y}"


class VisitNote(SubjectRow):
    """Whom one met and what came out. Not for the host."""

    class Met(models.TextChoices):
        TRAINEE = "trainee", _("la persona")
        HOST_TUTOR = "host_tutor", _("il tutor aziendale")
        HOST_OTHERS = "host_others", _("altri dell’ospitante")

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="note")
    # that of the visit: the row itself says whether the employment centre may write it
    kind = models.CharField(_("in che veste"), max_length=30, choices=Kind.choices)
    met = ArrayField(models.CharField(max_length=12, choices=Met.choices), verbose_name=_("chi si è incontrato"))
    text = models.TextField(_("che cosa è emerso"))
    recorded_at = models.DateTimeField(_("scritta il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("nota di una visita")
        verbose_name_plural = _("note delle visite")

    def __str__(self):
        return str(self.visit_id)

    @property
    def met_shown(self):
        return [self.Met(who).label for who in self.met]


class VisitTasks(StandingRows):
    def to_do(self):
        return self.standing().filter(done_on=None)


class VisitTask(SubjectRow):
    """What was agreed in a visit: who does what by when, until it is done."""

    class Party(models.TextChoices):
        TUTOR = "tutor", _("il tutor del promotore")
        CASE_MANAGER = "case_manager", _("il responsabile del caso")
        EMPLOYMENT_OPERATOR = "employment_operator", _("il centro per l’impiego")
        TRAINEE = "trainee", _("la persona")
        HOST = "host", _("l’ospitante")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="tasks")
    # that of the visit: the row itself says whether the employment centre may write it
    kind = models.CharField(_("in che veste"), max_length=30, choices=Kind.choices)
    text = models.CharField(_("che cosa si è concordato"), max_length=300)
    party = models.CharField(_("chi lo fa"), max_length=20, choices=Party.choices)
    due = models.DateField(_("entro"), null=True, blank=True)
    done_on = models.DateField(_("fatto il"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("scritto il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("tolto il"), null=True, blank=True)

    objects = VisitTasks.as_manager()

    class Meta:
        verbose_name = _("cosa concordata in una visita")
        verbose_name_plural = _("cose concordate nelle visite")
        ordering = ["due", "id"]
        indexes = [
            models.Index(
                fields=["zone", "subject"],
                condition=Q(done_on=None, superseded_at=None),
                name="traineeships_visittask_to_do",
            )
        ]

    def __str__(self):
        return self.text


def plan(*, traineeship, day, mode, visitor, by, now, begins=None):
    """A visit to come, at an agreed day. The host and the person know of it; there is no note yet."""
    kind = kind_of(visitor, traineeship, by)
    row = _row(traineeship, day=day, begins=begins, mode=mode, visitor=visitor, kind=kind, by=by, now=now)
    log.act("plan", row, by=by, now=now, day=day)
    return row


@transaction.atomic
def record(*, traineeship, day, mode, visitor, met, text, by, now, agreed=(), instead_of=None):
    """A visit that was made: with its note and what was agreed, (text, party, due) each.

    `instead_of` is the visit it was planned as, or the one it corrects: what was agreed there is superseded with it."""
    if instead_of is not None:
        _supersede(instead_of, now=now)
    same = instead_of is not None and instead_of.visitor_id == visitor.pk
    kind = instead_of.kind if same else kind_of(visitor, traineeship, by)
    row = _row(traineeship, day=day, mode=mode, visitor=visitor, kind=kind, by=by, now=now, held_at=now)
    who = {
        "subject_id": row.subject_id,
        "zone_id": row.zone_id,
        "kind": kind,
        "recorded_at": now,
        "recorded_by": by.user,
    }
    VisitNote.objects.create(visit=row, met=list(met), text=text.strip(), **who)
    VisitTask.objects.bulk_create(
        VisitTask(visit=row, text=what.strip(), party=party, due=due, **who) for what, party, due in agreed
    )
    log.act("record", row, by=by, now=now, day=day, instead_of=instead_of.pk if instead_of else None)
    return row


@transaction.atomic
def move(*, visit, day, mode, begins, by, now):
    """Another day or place for a visit not made yet."""
    _supersede(visit, now=now)
    same = {"visitor": visit.visitor, "kind": visit.kind}
    row = _row(visit.traineeship, day=day, begins=begins, mode=mode, **same, by=by, now=now)
    log.act("move", row, by=by, now=now, before=visit.day, day=day)
    return row


@transaction.atomic
def withdraw(*, visit, reason, by, now):
    """It will not be made, or it was written by mistake. The reason stands in a row that holds no more than the one it
    takes away: nothing written changes."""
    _supersede(visit, now=now)
    _row(
        visit.traineeship,
        day=visit.day,
        begins=visit.begins,
        mode=visit.mode,
        visitor=visit.visitor,
        kind=visit.kind,
        held_at=visit.held_at,
        superseded_at=now,
        withdrawal_reason=reason.strip(),
        by=by,
        now=now,
    )
    log.act("withdraw", visit, by=by, now=now, day=visit.day)


def fulfil(*, task, by, now):
    """What was agreed is done today."""
    task.done_on = timezone.localdate(now)
    task.save(update_fields=["done_on"])
    log.act("fulfil", task, by=by, now=now)


def reopen(*, task, by, now):
    """It was marked done by mistake."""
    task.done_on = None
    task.save(update_fields=["done_on"])
    log.act("reopen", task, by=by, now=now)


@dataclass(frozen=True)
class Agreed:
    """What a host took upon itself in a visit, as its own people read it: of the visit they know the day alone."""

    traineeship: int
    visited_on: dt.date
    text: str
    due: dt.date | None


def agreed_with_host(traineeships):
    """What the host has still to do of what was agreed, for who is of the host: those with a day first."""
    with connection.cursor() as cursor:
        cursor.execute("select traineeship_id, visited_on, agreed, due from agreed_with_host(%s)", [list(traineeships)])
        return [Agreed(*row) for row in cursor.fetchall()]


def kind_of(visitor, traineeship, by):
    """In which role somebody goes: one's own, or that by which the traineeship names them."""
    if visitor.pk == by.user.pk:
        return by.kind
    return Kind.THIRD_SECTOR_TUTOR if visitor.pk == traineeship.tutor_id else Kind.CASE_MANAGER


def _row(traineeship, *, by, now, **visit):
    return Visit.objects.create(
        traineeship=traineeship,
        subject_id=traineeship.subject_id,
        zone_id=traineeship.zone_id,
        recorded_at=now,
        recorded_by=by.user,
        **visit,
    )


def _supersede(visit, *, now):
    visit.superseded_at = now
    visit.save(update_fields=["superseded_at"])
    VisitTask.objects.of(visit.subject_id).filter(visit=visit).to_do().update(superseded_at=now)
