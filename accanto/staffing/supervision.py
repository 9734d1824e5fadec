"""The sessions of supervision and who was there: workers by name, for who plans the zone only; the Region counts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection, models, transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts
from accanto.norms import supervision as norms
from accanto.norms.findings import Refused
from accanto.norms.text import Text
from accanto.staffing.supervision_plan import SupervisionKind, changed_meanwhile, no_reason
from accanto.staffing.worker import Worker, impossible

LONGEST = 24  # hours of one session


class SupervisionSessions(StandingFacts):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self.none()

    def held(self):
        """Those that stand and were not withdrawn."""
        return self.standing().filter(withdrawn=False)

    def in_year(self, year):
        return self.filter(day__year=year)

    def with_counts(self):
        """With `there` and `missing`, how many of the group."""
        standing = Q(attendances__superseded_at=None)
        return self.annotate(
            there=Count("attendances", filter=standing & Q(attendances__present=True)),
            missing=Count("attendances", filter=standing & Q(attendances__present=False)),
        )


class SupervisionSession(models.Model):
    """A session that was held. Corrected or withdrawn by another row, which says why and stays beside it."""

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    kind = models.CharField(_("tipo"), max_length=2, choices=SupervisionKind.choices)
    day = models.DateField(_("giorno"))
    hours = models.DecimalField(_("ore"), max_digits=4, decimal_places=2)
    supervisor = models.CharField(_("supervisore"), max_length=120)
    supervisor_profession = models.CharField(
        _("professione del supervisore"), max_length=20, choices=Worker.Profession.choices
    )
    external = models.BooleanField(_("supervisore esterno"), default=False)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    reason = models.CharField(_("perché è cambiata"), max_length=300, blank=True)
    withdrawn = models.BooleanField(_("ritirata"), default=False)
    synthetic = models.BooleanField(_("dato sintetico"), default=False)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = SupervisionSessions.as_manager()

    class Meta:
        verbose_name = _("incontro di supervisione")
        verbose_name_plural = _("incontri di supervisione")
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "zone"], name="staffing_supervision_session_of_its_zone"),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=LONGEST), name="staffing_supervision_session_hours"
            ),
            models.CheckConstraint(condition=~Q(supervisor=""), name="staffing_supervision_session_by_somebody"),
            models.CheckConstraint(
                condition=Q(corrects=None, reason="", withdrawn=False) | (Q(corrects__isnull=False) & ~Q(reason="")),
                name="staffing_supervision_session_says_why",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("recorded_at")),
                name="staffing_supervision_session_times",
            ),
        ]
        indexes = [models.Index(fields=["zone", "day"], condition=Q(superseded_at=None), name="staffing_superv_zone")]

    def __str__(self):
        return f"{self.kind}, {self.day:%d/%m/%Y}"


class SupervisionAttendance(models.Model):
    """Somebody of the group of a session, who was there or was not."""

    session = models.ForeignKey(SupervisionSession, models.PROTECT, related_name="attendances")
    worker = models.ForeignKey("staffing.Worker", models.PROTECT, related_name="supervisions")
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    present = models.BooleanField(_("presente"))
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = SupervisionSessions.as_manager()

    class Meta:
        verbose_name = _("presenza alla supervisione")
        verbose_name_plural = _("presenze alla supervisione")
        ordering = ["session", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "worker"], condition=Q(superseded_at=None), name="staffing_supervision_once_each"
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("recorded_at")),
                name="staffing_supervision_attendance_times",
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "worker"], condition=Q(superseded_at=None), name="staffing_superv_worker")
        ]

    def __str__(self):
        return f"{self.session_id}: {self.worker_id}"


@dataclass(frozen=True, kw_only=True)
class SessionTerms:
    """What is written of a session; `present` and `missing` are workers of the group."""

    kind: str
    day: date
    hours: Decimal
    supervisor: str
    supervisor_profession: str
    external: bool = False
    present: Sequence = ()
    missing: Sequence = ()


@transaction.atomic
def record(*, zone, terms, by, now, today) -> SupervisionSession:
    """A session that was held. Raises Refused with all that cannot be."""
    _check(zone, terms, today)
    row = _write(zone, terms, now)
    log.act("record", row, by=by, now=now, kind=row.kind)
    return row


@transaction.atomic
def correct(*, session, terms, reason, by, now, today) -> SupervisionSession:
    """What was written wrong: the row before stays, with who was in it. Raises Refused with all that cannot be."""
    before = _held(session)
    _check(before.zone, terms, today, reason=reason)
    _supersede(before, now)
    row = _write(before.zone, terms, now, corrects=before, reason=reason.strip())
    log.act("correct", row, by=by, now=now, kind=row.kind, before=before.pk)
    return row


@transaction.atomic
def withdraw(*, session, reason, by, now):
    """It was not held: another row says why, and nobody was there. Raises Refused without a reason."""
    before = _held(session)
    if not reason.strip():
        raise Refused([no_reason()])
    _supersede(before, now)
    row = SupervisionSession.objects.create(
        zone=before.zone, kind=before.kind, day=before.day, hours=before.hours, supervisor=before.supervisor,
        supervisor_profession=before.supervisor_profession, external=before.external, synthetic=before.synthetic,
        corrects=before, reason=reason.strip(), withdrawn=True, recorded_at=now,
    )  # fmt: skip
    log.act("withdraw", row, by=by, now=now, before=before.pk)
    return row


def _held(session):
    row = SupervisionSession.objects.select_for_update(of=("self",)).select_related("zone").get(pk=session.pk)
    if row.superseded_at or row.withdrawn:
        raise Refused([changed_meanwhile()])
    return row


def _supersede(row, now):
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])
    row.attendances.standing().update(superseded_at=now)


def _write(zone, terms, now, **more):
    row = SupervisionSession.objects.create(
        zone=zone, kind=terms.kind, day=terms.day, hours=terms.hours, supervisor=terms.supervisor.strip(),
        supervisor_profession=terms.supervisor_profession, external=terms.external, recorded_at=now,
        synthetic=any(one.synthetic for one in terms.present), **more,
    )  # fmt: skip
    SupervisionAttendance.objects.bulk_create(
        SupervisionAttendance(session=row, worker=worker, zone=zone, present=present, recorded_at=now)
        for present, workers in ((True, terms.present), (False, terms.missing))
        for worker in workers
    )
    return row


def _check(zone, terms, today, *, reason=None):
    found = []
    if terms.day > today:
        found.append(
            impossible(
                "day",
                Text("Il giorno deve ancora venire.", "The day is still to come."),
                Text("Scrivi l’incontro quando si è tenuto.", "Write the session once it has been held."),
            )
        )
    if not 0 < terms.hours <= LONGEST:
        found.append(
            impossible(
                "hours",
                Text(
                    "Le ore di un incontro vanno da più di 0 a {most}.", "Hours go from more than 0 to {most}."
                ).filled(most=LONGEST),
                Text("Correggi le ore.", "Correct the hours."),
            )
        )
    if not terms.present:
        found.append(
            impossible(
                "present",
                Text("Non c’era nessuno.", "Nobody was there."),
                Text("Segna chi c’era; se non si è tenuto, non scriverlo.", "Mark who was there, or do not write it."),
            )
        )
    if {one.pk for one in terms.present} & {one.pk for one in terms.missing}:
        found.append(
            impossible(
                "missing",
                Text("Qualcuno è segnato sia presente sia assente.", "Somebody is marked both there and missing."),
                Text("Togli una delle due.", "Take one of the two away."),
            )
        )
    if any(one.zone_id != zone.pk or one.withdrawn_at for one in (*terms.present, *terms.missing)):
        found.append(
            impossible(
                "present",
                Text("Qualcuno non lavora nella zona.", "Somebody does not work in the zone."),
                Text("Scegli fra gli operatori della zona.", "Choose among the workers of the zone."),
            )
        )
    if reason is not None and not reason.strip():
        found.append(no_reason())
    if found:
        raise Refused(found)


def told_of(session, members) -> tuple:
    """What is unusual in a session; `members` are the workers of its group."""
    return norms.told_of_session(
        kind=session.kind, supervisor_profession=session.supervisor_profession,
        professions=[one.profession for one in members], on=session.day,
    )  # fmt: skip


# --- sums -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OfWorker:
    """The hours of one worker in a year: those attended, by kind, and the presence in the sessions of the group."""

    worker: Worker
    by_kind: dict
    presence: norms.Presence


def by_worker(zone, *, year, on) -> list[OfWorker]:
    """Those who were in a group in the year, by code; one query."""
    rows = SupervisionAttendance.objects.standing().filter(
        zone=zone, session__day__year=year, session__superseded_at=None, session__withdrawn=False
    )
    attended, held, found = defaultdict(lambda: defaultdict(Decimal)), defaultdict(Decimal), {}
    for row in rows.select_related("worker", "session").order_by("worker__code", "id"):
        found[row.worker_id] = row.worker
        held[row.worker_id] += row.session.hours
        if row.present:
            attended[row.worker_id][row.session.kind] += row.session.hours
    return [
        OfWorker(
            worker=worker,
            by_kind=dict(attended[pk]),
            presence=norms.presence(held=held[pk], attended=sum(attended[pk].values(), Decimal(0)), on=on),
        )
        for pk, worker in found.items()
    ]


@dataclass(frozen=True, kw_only=True)
class OfKind:
    """Sessions of a kind in a zone and a year: how many, their hours, how many workers were at one at least."""

    sessions: int
    hours: Decimal
    people: int


@dataclass(frozen=True, kw_only=True)
class Covered:
    """Workers of a profession with a contract in the year, and how many of them were at a session at least."""

    workers: int
    supervised: int

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.supervised) / self.workers if self.workers else None


def counts(year) -> dict[int, dict[str, OfKind]]:
    """{zone: {kind: OfKind}} of the zones whose staffing one reads: numbers, and nobody's name."""
    found: dict[int, dict[str, OfKind]] = defaultdict(dict)
    for zone, kind, sessions, hours, people in _ask("select * from app_supervision_counts(%s)", year):
        found[zone][kind] = OfKind(sessions=sessions, hours=hours, people=people)
    return found


def coverage(year) -> dict[int, dict[str, Covered]]:
    """{zone: {profession: Covered}} of the zones whose staffing one reads."""
    found: dict[int, dict[str, Covered]] = defaultdict(dict)
    for zone, profession, workers, supervised in _ask("select * from app_supervision_coverage(%s)", year):
        found[zone][profession] = Covered(workers=workers, supervised=supervised)
    return found


def _ask(statement, year):
    with connection.cursor() as cursor:
        cursor.execute(statement, [year])
        return cursor.fetchall()
