import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.norms import clock
from accanto.norms import traineeships as law
from accanto.norms.findings import Refused, Severity
from accanto.norms.reader import parameter
from accanto.norms.text import Text
from accanto.traineeships.host_closure import HostClosure
from accanto.traineeships.monthly_close import MonthlyClose
from accanto.traineeships.passage import Passage, suspensions
from accanto.traineeships.traineeship import STARTED

WEEK = dt.timedelta(days=7)


class Absence(models.TextChoices):
    """Why there were no hours, in words that never tell the cause: hosts and tutors read the register."""

    JUSTIFIED = "justified", _("assente, giustificata")
    UNJUSTIFIED = "unjustified", _("assente, non giustificata")
    AGREED = "agreed", _("permesso concordato")
    HOST_CLOSED = "host_closed", _("ospitante chiuso")
    HOLIDAY = "holiday", _("festività")


class Correction(models.TextChoices):
    MISTYPED = "mistyped", _("errore di scrittura")
    TOLD_LATER = "told_later", _("saputo dopo")
    CHECKED = "checked", _("controllo del registro")


class AttendanceDays(StandingRows):
    def as_known_at(self, moment):
        """The entries that held at a past moment, whatever was corrected since."""
        return self.filter(Q(superseded_at=None) | Q(superseded_at__gt=moment), recorded_at__lte=moment)


class AttendanceDay(SubjectRow):
    """Hours of one day of one traineeship, as recorded at one moment. A correction is a new row that supersedes."""

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="days")
    day = models.DateField(_("giorno"))
    hours = models.DecimalField(_("ore"), max_digits=4, decimal_places=2)
    # minutes from midnight: in, out, and after a pause in and out again; the hours follow (PostgreSQL holds it too)
    times = ArrayField(models.SmallIntegerField(), verbose_name=_("entrata e uscita"), default=list, blank=True)
    absence = models.CharField(_("assenza"), max_length=20, choices=Absence.choices, blank=True)
    correction = models.CharField(_("motivo della correzione"), max_length=20, choices=Correction.choices, blank=True)
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("corretta il"), null=True, blank=True)
    # of a day written without network: its number on the device, and when by the device's clock, which proves little
    offline_entry = models.UUIDField(_("giornata scritta senza rete"), null=True, blank=True)
    offline_at = models.DateTimeField(_("scritta senza rete il"), null=True, blank=True)

    objects = AttendanceDays.as_manager()

    class Meta:
        verbose_name = _("giornata")
        verbose_name_plural = _("giornate")
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["traineeship", "day"], condition=Q(superseded_at=None), name="traineeships_attendance_one_a_day"
            ),
            models.CheckConstraint(condition=Q(hours__gte=0, hours__lte=24), name="traineeships_attendance_hours"),
            models.CheckConstraint(condition=Q(absence="") | Q(hours=0), name="traineeships_attendance_absent"),
            # what is sent twice is written once
            models.UniqueConstraint(
                fields=["traineeship", "offline_entry"],
                condition=Q(offline_entry__isnull=False),
                name="traineeships_attendance_offline_once",
            ),
            models.CheckConstraint(
                condition=Q(offline_entry=None, offline_at=None)
                | Q(offline_entry__isnull=False, offline_at__isnull=False),
                name="traineeships_attendance_offline_when",
            ),
        ]
        indexes = [models.Index(fields=["zone", "day"], name="traineeships_day_of_zone")]

    def __str__(self):
        return f"{self.day} {self.hours}"

    @property
    def times_shown(self):
        """In and out as they are signed and printed, or nothing where only the hours are known."""
        return clock.written(self.times)

    @property
    def device_findings(self):
        """What the law remarks on the clock of the device. It is never a moment to order by: `recorded_at` is."""
        ahead = clock.minutes_ahead(self.offline_at, self.recorded_at) if self.offline_at else 0
        return list(law.device_clock(ahead, on=self.day))

    @cached_property
    def line(self):
        """What the register says of the day, in the one form that signatures and closes are about."""
        return line_of(self.day, self.hours, self.times, self.absence)


def line_of(day, hours, times, absence):
    return f"{day} {hours:.2f} {clock.written(times) or absence}".rstrip()


@dataclass(frozen=True)
class Entry:
    """A day to be written: in and out, or decimal hours alone; 0 for an absence, which may say of which kind it is."""

    traineeship: object
    day: dt.date
    hours: Decimal
    absence: str = ""
    times: tuple = ()
    offline_entry: object = None
    offline_at: object = None

    @property
    def key(self):
        return self.traineeship.pk, self.day

    @property
    def line(self):
        return line_of(self.day, self.hours, self.times, self.absence)


class DaysRefused(Refused):
    """Days that cannot be written: the findings of each, by (traineeship, day)."""

    def __init__(self, by_day):
        self.by_day = by_day
        super().__init__([finding for findings in by_day.values() for finding in findings])


def record(*, traineeship, day, by, now, hours=None, times=(), absence="", correction=""):
    """Write a day: in and out in minutes from midnight (`times`), or decimal hours alone, 0 for an absence.

    Raises `DaysRefused`. A day already recorded with other hours or times needs the reason of the correction; the same
    change nothing."""
    hours = clock.hours(times) if hours is None else Decimal(hours)
    entry = Entry(traineeship, day, hours, absence, tuple(times))
    return record_all(entries=[entry], by=by, now=now, correction=correction).rows[entry.key]


@dataclass(frozen=True)
class Recorded:
    """What standing row each day has now, how many are new, and what the law remarks on."""

    rows: dict
    new: int
    remarks: dict


def record_all(*, entries, by, now, correction=""):
    """Write many days of many traineeships: all or none, in a number of queries that does not grow with them."""
    entries = list(entries)
    if not entries:
        return Recorded({}, 0, {})
    today = timezone.localdate(now)
    known = standing_of(entries, by)
    around = _Around(_suspensions(entries, by), _closures(entries), _closed(entries, by), _elsewhere(entries))
    refused, remarks, to_write, to_supersede = {}, {}, [], []
    for entry in entries:
        before = known.get(entry.key)
        if before and (before.hours, before.absence, tuple(before.times)) == (entry.hours, entry.absence, entry.times):
            continue
        findings = law.record_day(
            _facts(entry, known, entries, around, already=bool(before and not correction), now=now), on=today
        )
        if any(finding.severity is Severity.BLOCK for finding in findings):
            refused[entry.key] = findings
            continue
        remarks[entry.key] = [finding for finding in findings if finding.severity is not Severity.PASS]
        to_write.append(
            AttendanceDay(
                traineeship=entry.traineeship,
                subject_id=entry.traineeship.subject_id,
                zone_id=entry.traineeship.zone_id,
                day=entry.day,
                hours=entry.hours,
                times=list(entry.times),
                absence=entry.absence,
                correction=correction if before else "",
                recorded_at=now,
                recorded_by=by.user,
                offline_entry=entry.offline_entry,
                offline_at=entry.offline_at,
            )
        )
        if before:
            to_supersede.append(before)
    if refused:
        raise DaysRefused(refused)
    # in one order for everybody: each zone and month has a lock that the close of a month waits for
    to_write.sort(key=lambda row: (row.zone_id, row.day, row.traineeship_id))
    rows = _save(to_write, to_supersede, now, today)
    _log(rows, known, correction, by=by, now=now)
    return Recorded({**known, **{(row.traineeship_id, row.day): row for row in rows}}, len(rows), remarks)


def _save(rows, superseded, now, today):
    try:
        with transaction.atomic():
            if superseded:
                pks, subjects = [row.pk for row in superseded], {row.subject_id for row in superseded}
                AttendanceDay.objects.filter(pk__in=pks, subject_id__in=subjects).update(superseded_at=now)
            return AttendanceDay.objects.bulk_create(rows)
    except IntegrityError as clash:
        if "traineeships_month_is_closed" in str(clash):
            raise DaysRefused(
                {(row.traineeship_id, row.day): [closed_just_now(row.day)] for row in rows[:1]}
            ) from clash
        if "traineeships_attendance_one_a_day" not in str(clash):
            raise
        once = parameter("register.one_entry_per_day", today).finding(
            Severity.BLOCK,
            Text(
                "Qualcun altro ha registrato in questo momento una di queste giornate.",
                "Somebody else recorded one of these days just now.",
            ),
            field="day",
            way_out=Text("Ricarica la pagina e controlla.", "Load the page again and check."),
        )
        raise DaysRefused({(row.traineeship_id, row.day): [once] for row in rows[:1]}) from clash


def closed_just_now(day):
    return parameter("register.closed_months_stay", day).finding(
        Severity.BLOCK,
        Text("Il mese del {day} è stato chiuso in questo momento.", "The month of {day} was closed just now.").filled(
            day=day
        ),
        field="day",
        way_out=Text(
            "Chiedi all'ufficio di riaprirlo, con il motivo.", "Ask the office to reopen it, with the reason."
        ),
    )


def _log(rows, known, correction, *, by, now):
    """One line for each person: the days, their hours and what they stand in place of."""
    by_traineeship = {}
    for row in rows:
        by_traineeship.setdefault(row.traineeship_id, []).append(row)
    log.acts(
        "correct" if correction else "record",
        [
            (
                days[0],
                {
                    "days": {str(row.day): str(row.hours) for row in days},
                    "instead_of": {
                        str(row.day): str(known[key].hours)
                        for row in days
                        if (key := (row.traineeship_id, row.day)) in known
                    },
                },
            )
            for days in by_traineeship.values()
        ],
        by=by,
        now=now,
    )


@dataclass(frozen=True)
class _Around:
    """What stands around the days to be written: by traineeship, host, (traineeship, month) and (subject, day)."""

    suspensions: dict
    closures: dict
    closed: set
    elsewhere: dict


def _around_them(entries):
    """From the first day of the weeks and months of those days to the last."""
    days = [entry.day for entry in entries]
    return min(min(days).replace(day=1), min(days) - dt.timedelta(days=6)), max(days) + dt.timedelta(days=31)


def standing_of(entries, by):
    """(traineeship, day) -> row: what the register says already of those traineeships around those days."""
    rows = (
        AttendanceDay.objects.within(by)
        .standing()
        .filter(
            subject_id__in={entry.traineeship.subject_id for entry in entries},
            traineeship_id__in={entry.traineeship.pk for entry in entries},
            day__range=_around_them(entries),
        )
    )
    return {(row.traineeship_id, row.day): row for row in rows}


def times_elsewhere(subjects, first, last):
    """Of these people, when they are in any register: (subject, day, traineeship, times, hours). Hosts are not told of
    one another, and PostgreSQL gives them these hours alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select subject_id, day, traineeship_id, times, hours from times_elsewhere(%s, %s, %s)",
            [list(subjects), first, last],
        )
        return cursor.fetchall()


def _elsewhere(entries):
    """(subject, day) -> (traineeship, times, hours) of all the registers of a person, those being written too."""
    days, written, found = {entry.day for entry in entries}, {entry.key for entry in entries}, {}
    subjects = {entry.traineeship.subject_id for entry in entries}
    for subject, day, traineeship, times, hours in times_elsewhere(subjects, min(days), max(days)):
        if (traineeship, day) not in written:
            found.setdefault((subject, day), []).append((traineeship, times, hours))
    for entry in entries:
        if entry.hours:
            key = entry.traineeship.subject_id, entry.day
            found.setdefault(key, []).append((entry.traineeship.pk, entry.times, entry.hours))
    return found


def _closures(entries):
    days = [entry.day for entry in entries]
    return HostClosure.objects.standing().periods(
        {entry.traineeship.host_id for entry in entries}, min(days), max(days)
    )


def _closed(entries, by):
    """The (traineeship, first day of the month) that are closed."""
    rows = MonthlyClose.objects.within(by).standing()
    rows = rows.filter(
        subject_id__in={entry.traineeship.subject_id for entry in entries},
        traineeship_id__in={entry.traineeship.pk for entry in entries},
        month__in={entry.day.replace(day=1) for entry in entries},
    )
    return set(rows.values_list("traineeship_id", "month").order_by())


def _suspensions(entries, by):
    rows = Passage.objects.within(by).filter(
        subject_id__in={entry.traineeship.subject_id for entry in entries},
        traineeship_id__in={entry.traineeship.pk for entry in entries},
    )
    by_traineeship = {}
    for row in rows.in_order():
        by_traineeship.setdefault(row.traineeship_id, []).append(row)
    return {pk: suspensions(passages) for pk, passages in by_traineeship.items()}


def _facts(entry, known, entries, around, *, already, now):
    row = entry.traineeship
    others_of_the_day = [
        (clock.written(times), hours)
        for pk, times, hours in around.elsewhere.get((row.subject_id, entry.day), ())
        if pk != row.pk
    ]
    monday = entry.day - dt.timedelta(days=entry.day.weekday())
    others = {key: day.hours for key, day in known.items()} | {
        other.key: other.hours for other in entries if other.day < entry.day
    }
    mine = {day: hours for (pk, day), hours in others.items() if pk == row.pk and day != entry.day}
    return law.DayFacts(
        kind=law.Kind(row.kind),
        day=entry.day,
        hours=entry.hours,
        times=clock.written(entry.times) or None,
        present=entry.hours > 0 and not entry.absence,
        start=row.starts,
        end=row.ends,
        # of a traineeship that is over the days of its own period can still be mended
        state="running" if row.state in STARTED else row.state,
        suspensions=around.suspensions.get(row.pk, ()),
        closures=around.closures.get(row.host_id, ()),
        planned_hours=row.planned_hours(entry.day),
        weekly_hours=row.weekly_hours,
        hours_in_week=sum((h for day, h in mine.items() if monday <= day < monday + WEEK), Decimal(0)),
        hours_in_month=sum(
            (h for day, h in mine.items() if (day.year, day.month) == (entry.day.year, entry.day.month)), Decimal(0)
        ),
        already_recorded=already,
        elsewhere=tuple(times for times, _hours in others_of_the_day),
        hours_elsewhere=sum((hours for _times, hours in others_of_the_day), Decimal(0)),
        month_closed=(row.pk, entry.day.replace(day=1)) in around.closed,
        minutes_ahead=clock.minutes_ahead(entry.offline_at, now) if entry.offline_at else 0,
        # whether the papers were in order is asked once, when it starts
        agreement_signed_on=row.starts,
        plan_signed_on=row.starts,
        notice_sent_on=row.starts,
        host_type=row.host.type,
    )
