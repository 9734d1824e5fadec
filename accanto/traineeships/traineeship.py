import datetime as dt
from decimal import Decimal
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access.relation import tail
from accanto.access.role import Kind as RoleKind
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.norms.days import is_holiday
from accanto.traineeships.agreement import Party

NONE = Decimal(0)
SOON = dt.timedelta(days=30)


class Kind(models.TextChoices):
    """Two legal regimes, never mixed: each has its own sheet of parameters."""

    TIS = "TIS", _("Tirocinio di inclusione sociale (TIS)")
    TNC = "TNC", _("Tirocinio non curriculare ordinario (TNC)")


class State(models.TextChoices):
    """The states of `norms/states.py`, in their order."""

    DRAFT = "draft", _("bozza")
    PLAN_SIGNED = "plan_signed", _("progetto firmato")
    AGREEMENT_ACTIVE = "agreement_active", _("convenzione attiva")
    NOTICE_SENT = "notice_sent", _("comunicazione inviata")
    RUNNING = "running", _("in corso")
    SUSPENDED = "suspended", _("sospeso")
    EXTENDED = "extended", _("prorogato")
    CONCLUDED = "concluded", _("concluso")
    INTERRUPTED = "interrupted", _("interrotto")
    ATTESTED = "attested", _("attestato")
    WITHDRAWN = "withdrawn", _("ritirato")
    ARCHIVED = "archived", _("archiviato")


TO_START = (State.DRAFT, State.PLAN_SIGNED, State.AGREEMENT_ACTIVE, State.NOTICE_SENT)
OPEN = (State.RUNNING, State.SUSPENDED, State.EXTENDED)
ENDED = (State.CONCLUDED, State.INTERRUPTED, State.ATTESTED, State.ARCHIVED)
STARTED = (*OPEN, *ENDED)


class PromoterType(models.TextChoices):
    """The closed list of who may promote a TIS (R-TIS-07, VERIFIED), and everybody else."""

    ZONE_AUTHORITY = "zone_authority", _("ente di zona (Società della Salute, art. 71 LR 40/2005)")
    SCHOOL = "school", _("scuola che rilascia titoli con valore legale")
    ACCREDITED_EMPLOYMENT_AGENCY = "accredited_employment_agency", _("ente accreditato ai servizi per il lavoro")
    SOCIAL_COOPERATIVE = "social_cooperative", _("cooperativa sociale")
    THIRD_SECTOR = "third_sector", _("altro ente del Terzo settore")
    EMPLOYMENT_CENTRE = "employment_centre", _("centro per l'impiego")
    OTHER = "other", _("nessuno di questi")


class Traineeships(SubjectRows):
    def running(self, day):
        """Begun, and not over, on a day: the suspended ones too."""
        return self.filter(state__in=STARTED, starts__lte=day, ends__gte=day)

    def open_between(self, first, last):
        return self.filter(state__in=STARTED, starts__lte=last, ends__gte=first)

    def to_start(self):
        return self.filter(state__in=TO_START)

    def ended(self):
        return self.filter(state__in=ENDED)

    def for_register(self, acting):
        """A relation opens a person; of that person's traineeships a host sees only those it hosts itself."""
        rows = self.within(acting)
        if acting.kind == RoleKind.HOST_TUTOR:
            rows = rows.filter(
                Q(host_tutor_id=acting.user.pk) | Q(host__organisation_id=acting.role.organisation_id or 0)
            )
        return rows

    def with_person(self):
        # by the subject and not by the case, which tutors and hosts do not see
        return self.select_related("subject__person", "host__organisation", "host_tutor")

    def with_people(self):
        return self.with_person().select_related(
            "host__municipality", "tutor", "host_tutor", "case_manager", "promoter", "agreement", "operation__fund_line"
        )


class Traineeship(SubjectRow):
    """A traineeship of a person in charge at a host, as far as a tutor and the host may know it: names, places, dates,
    hours, accommodations. The reasons and goals are in `TraineeshipPlan`, the money in `AllowanceTerms`, what depends
    on the area in `Condition`."""

    kind = models.CharField(_("tipo"), max_length=3, choices=Kind.choices, default=Kind.TIS)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="traineeships")
    host = models.ForeignKey("traineeships.Host", models.PROTECT, related_name="traineeships")
    seat = models.CharField(_("sede del tirocinio"), max_length=200, blank=True)
    # the row of the host's own list it was chosen from, for who counts; the text is what was signed, and stays
    listed_seat = models.ForeignKey(
        "traineeships.Seat",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("sede dell’elenco"),
        related_name="traineeships",
    )
    # the place it fills, where it came from one that was offered
    place = models.ForeignKey(
        "traineeships.Place",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("posto"),
        related_name="traineeships",
    )
    operation = models.ForeignKey(
        "plan.Operation",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("operazione"),
        related_name="traineeships",
    )
    agreement = models.ForeignKey(
        "traineeships.Agreement", models.PROTECT, null=True, blank=True, related_name="traineeships"
    )
    promoter = models.ForeignKey(
        "access.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("soggetto promotore"),
        related_name="+",
    )
    promoter_type = models.CharField(_("in che veste"), max_length=40, choices=PromoterType.choices, blank=True)
    case_manager = models.ForeignKey(
        "access.User", models.PROTECT, null=True, blank=True, verbose_name=_("case manager"), related_name="+"
    )
    tutor = models.ForeignKey(
        "access.User", models.PROTECT, null=True, blank=True, verbose_name=_("tutor"), related_name="+"
    )
    host_tutor = models.ForeignKey(
        "access.User", models.PROTECT, null=True, blank=True, verbose_name=_("tutor aziendale"), related_name="+"
    )
    listed_host_tutor = models.ForeignKey(
        "traineeships.HostTutor",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("tutor aziendale dell’elenco"),
        related_name="traineeships",
    )
    host_tutor_name = models.CharField(_("nome del tutor aziendale"), max_length=120, blank=True)
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"))
    weekly_hours = models.DecimalField(_("ore la settimana"), max_digits=5, decimal_places=2)
    # from Monday to Sunday; empty where only the sum is known
    hours_by_weekday = ArrayField(
        models.DecimalField(max_digits=4, decimal_places=2), default=list, blank=True, verbose_name=_("orario")
    )
    accommodations = models.TextField(_("accorgimenti e limiti di orario o luogo"), blank=True)
    inail_reference = models.CharField(_("posizione INAIL"), max_length=80, blank=True)
    # the last day of each cover, where it is known
    inail_to = models.DateField(_("copertura INAIL fino al"), null=True, blank=True)
    liability_reference = models.CharField(_("polizza di responsabilità civile"), max_length=80, blank=True)
    liability_to = models.DateField(_("polizza fino al"), null=True, blank=True)
    safety_training_on = models.DateField(_("formazione sulla sicurezza"), null=True, blank=True)
    plan_signed_on = models.DateField(_("progetto firmato il"), null=True, blank=True)
    plan_signed_by = ArrayField(
        models.CharField(max_length=20, choices=Party.choices), default=list, blank=True, verbose_name=_("firmato da")
    )
    notice_sent_on = models.DateField(_("comunicazione di avvio inviata il"), null=True, blank=True)
    state = models.CharField(_("stato"), max_length=20, choices=State.choices, default=State.DRAFT)
    synthetic = models.BooleanField(_("dato sintetico"), default=False)

    objects = Traineeships.as_manager()

    class Meta:
        verbose_name = _("tirocinio")
        verbose_name_plural = _("tirocini")
        ordering = ["-starts", "-id"]
        indexes = [
            models.Index(fields=["zone", "-starts", "-id"], name="traineeships_of_zone"),
            models.Index(fields=["zone", "state", "ends"], name="traineeships_by_end"),
            models.Index(fields=["place", "state"], condition=Q(place__isnull=False), name="traineeships_of_place"),
            models.Index(fields=["listed_seat"], condition=Q(listed_seat__isnull=False), name="traineeships_of_seat"),
            models.Index(
                fields=["listed_host_tutor"],
                condition=Q(listed_host_tutor__isnull=False),
                name="traineeships_of_listed_tutor",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="traineeships_traineeship_dates"),
            models.CheckConstraint(
                condition=Q(weekly_hours__gte=0, weekly_hours__lte=168), name="traineeships_traineeship_weekly_hours"
            ),
            models.CheckConstraint(
                condition=Q(hours_by_weekday__len=0) | Q(hours_by_weekday__len=7), name="traineeships_traineeship_week"
            ),
            models.CheckConstraint(
                condition=(Q(inail_to=None) | ~Q(inail_reference=""))
                & (Q(liability_to=None) | ~Q(liability_reference="")),
                name="traineeships_traineeship_cover_named",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.starts:%d/%m/%Y}"

    @property
    def person(self):
        return self.subject.person

    @cached_property
    def has_host_tutor(self):
        return bool(self.host_tutor_id or self.host_tutor_name.strip())

    @property
    def host_tutor_shown(self):
        return str(self.host_tutor) if self.host_tutor_id else self.host_tutor_name

    @property
    def tutors_until(self):
        """They still confirm the last days of the register and correct them."""
        return self.ends + tail(self.ends)

    def planned_hours(self, day):
        """The hours the plan gives that day: none on Sundays without hours of their own and on national holidays.
        Where only the weekly sum is known it is shared out from Monday to Friday."""
        if not self.starts <= day <= self.ends:
            return NONE
        if day.weekday() != 6 and is_holiday(day):
            return NONE
        if self.hours_by_weekday:
            return self.hours_by_weekday[day.weekday()]
        return (self.weekly_hours / 5).quantize(Decimal("0.01")) if day.weekday() < 5 else NONE


def hold(traineeship):
    """Its row, until the transaction ends: whoever else wants to move it waits. State and end are those of now."""
    row = Traineeship.objects.select_for_update().values_list("state", "ends")
    traineeship.state, traineeship.ends = row.get(pk=traineeship.pk)
