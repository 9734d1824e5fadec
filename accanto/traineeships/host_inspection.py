from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.role import Kind
from accanto.access.subject import SubjectRow, SubjectRows

# kept in Italian, as every reason of a relation that the program writes
INSPECTION_REASON = "ispezione presso l’ospitante"


class HostInspections(models.QuerySet):
    def within(self, acting):
        """Those of the zone, or one's own."""
        if acting.kind == Kind.INSPECTOR:
            return self.filter(inspector=acting.user)
        return self.filter(zone_id=acting.zone_id)

    def going_on(self, day):
        return self.filter(ended_at=None, starts__lte=day, ends__gte=day)

    def with_names(self):
        return self.select_related("host__organisation", "host__municipality", "inspector", "zone", "opened_by")


class HostInspection(models.Model):
    """An inspection (ispezione) of one host in one zone, by an inspector, for some days: it opens nothing before its
    first day, and what it opens ends with it. About the host; who is there is in its checks."""

    class Reason(models.TextChoices):
        SAMPLE = "sample", _("a campione, dal programma dei controlli")
        ANOMALIES = "anomalies", _("per le anomalie trovate")
        REPORT = "report", _("per una segnalazione")
        FOLLOW_UP = "follow_up", _("per verificare ciò che si era chiesto")
        OTHER = "other", _("altro motivo")

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+")
    host = models.ForeignKey("traineeships.Host", models.PROTECT, related_name="inspections")
    inspector = models.ForeignKey("access.User", models.PROTECT, verbose_name=_("ispettore"), related_name="+")
    reason = models.CharField(_("motivo"), max_length=20, choices=Reason.choices)
    words = models.CharField(_("nota"), max_length=300, blank=True)
    act = models.CharField(_("atto o protocollo"), max_length=120, blank=True)
    announced = models.BooleanField(_("annunciata all'ospitante"), default=False)
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"))
    opened_at = models.DateTimeField(_("aperta il"))
    opened_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(_("cominciata il"), null=True, blank=True)
    ended_at = models.DateTimeField(_("finita prima, il"), null=True, blank=True)
    visited_on = models.DateField(_("giorno della visita"), null=True, blank=True)
    received_by = models.CharField(_("ricevuti da"), max_length=120, blank=True)
    found = models.TextField(_("che cosa si è trovato"), blank=True)
    closed_at = models.DateTimeField(_("verbale chiuso il"), null=True, blank=True)

    objects = HostInspections.as_manager()

    class Meta:
        verbose_name = _("ispezione")
        verbose_name_plural = _("ispezioni")
        ordering = ["-starts", "-id"]
        indexes = [
            models.Index(fields=["zone", "-starts", "-id"], name="traineeships_inspection_zone"),
            models.Index(fields=["inspector", "-starts", "-id"], name="traineeships_inspection_mine"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="traineeships_inspection_dates"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(visited_on__isnull=False) & ~Q(found=""),
                name="traineeships_inspection_closed_with_a_report",
            ),
        ]

    def __str__(self):
        return f"{self.host} {self.starts:%d/%m/%Y}"

    def standing(self, day):
        """In one word: coming, open, over or reported."""
        if self.closed_at:
            return "reported"
        if self.ended_at or self.ends < day:
            return "over"
        return "coming" if self.starts > day else "open"


class InspectionCheck(SubjectRow):
    """One trainee in an inspection: whether they were there, doing what, with which register."""

    class Presence(models.TextChoices):
        PRESENT = "present", _("presente")
        ABSENT_WRITTEN = "absent_written", _("assente, e il registro lo dice")
        ABSENT = "absent", _("assente, e il registro non lo dice")
        NOT_DUE = "not_due", _("non doveva esserci")

    class Match(models.TextChoices):
        YES = "yes", _("sì")
        PARTLY = "partly", _("in parte")
        NO = "no", _("no")

    inspection = models.ForeignKey(HostInspection, models.PROTECT, related_name="checks")
    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="checks")
    # what opened the file to the inspector, and ends with the inspection
    relation = models.ForeignKey("access.Relation", models.PROTECT, related_name="+")
    presence = models.CharField(_("presenza"), max_length=20, choices=Presence.choices, blank=True)
    does_what_planned = models.CharField(
        _("fa ciò che dice il progetto"), max_length=10, choices=Match.choices, blank=True
    )
    tutor_there = models.CharField(_("il tutor aziendale c’è"), max_length=10, choices=Match.choices, blank=True)
    words = models.TextField(_("che cosa si è visto"), blank=True)
    checked_at = models.DateTimeField(_("verificato il"), null=True, blank=True)

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("verifica su un tirocinante")
        verbose_name_plural = _("verifiche sui tirocinanti")
        ordering = ["id"]
        indexes = [models.Index(fields=["zone", "inspection"], name="traineeships_check_of_zone")]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "traineeship"], name="traineeships_check_once"),
        ]

    def __str__(self):
        return f"{self.inspection_id} {self.traineeship_id}"


class ClosedAlready(Exception):
    """The report is closed, or the inspection is over: nothing changes any more."""


@transaction.atomic
def open_inspection(*, host, inspector, reason, starts, ends, by, now, words="", act="", announced=False):
    """For the host and the zone of who plans it. Nothing is opened to the inspector yet: it is when they begin."""
    row = HostInspection.objects.create(
        zone_id=by.zone_id,
        host=host,
        inspector=inspector,
        reason=reason,
        words=words.strip(),
        act=act.strip(),
        announced=announced,
        starts=starts,
        ends=ends,
        opened_at=now,
        opened_by=by.user,
    )
    log.act("open", row, by=by, now=now, host=host.pk, inspector=inspector.pk, starts=starts, ends=ends)
    return row


@transaction.atomic
def begin(*, inspection, by, now):
    """On its days the inspector begins, and their relations to who is at that host are opened, by PostgreSQL itself:
    inspectors write none. Again later, for who has started meanwhile. Returns how many were opened."""
    with connection.cursor() as cursor:
        cursor.execute("select begin_inspection(%s, %s)", [inspection.pk, INSPECTION_REASON])
        (opened,) = cursor.fetchone()
    log.act("begin", inspection, by=by, now=now, opened=opened)
    return opened


@transaction.atomic
def move_end(*, inspection, ends, by, now):
    """Later or earlier, by who opened it: the relations follow. An end before today ends it today, at once."""
    today = timezone.localdate(now)
    over = ends < today
    done = HostInspection.objects.within(by).filter(pk=inspection.pk, ended_at=None, closed_at=None)
    if not done.update(ends=max(today, inspection.starts) if over else ends, ended_at=now if over else None):
        raise ClosedAlready
    inspection.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("select follow_inspection(%s)", [inspection.pk])
    log.act("end" if over else "extend", inspection, by=by, now=now, ends=inspection.ends)


@transaction.atomic
def check(*, row, by, now, **said):
    """What was seen of one trainee; may be corrected until the report is closed."""
    open_ones = InspectionCheck.objects.within(by).filter(pk=row.pk, inspection__closed_at=None)
    if not open_ones.update(checked_at=now, **said):
        raise ClosedAlready
    log.act("check", row, by=by, now=now, presence=said.get("presence", ""))


@transaction.atomic
def close_report(*, inspection, visited_on, received_by, found, by, now):
    """Written once: afterwards it is only read. Raises ClosedAlready."""
    done = HostInspection.objects.within(by).filter(pk=inspection.pk, closed_at=None, begun_at__isnull=False)
    said = {"visited_on": visited_on, "received_by": received_by.strip(), "found": found.strip()}
    if not done.update(closed_at=now, **said):
        raise ClosedAlready
    log.act("report", inspection, by=by, now=now, visited_on=visited_on)


def payments(inspection):
    """Of who is looked at, month by month: (traineeship, month, hours, determined, paid, paid on). Not the accounts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select traineeship_id, month, hours, amount, paid, paid_on from inspection_payments(%s)", [inspection.pk]
        )
        return cursor.fetchall()
