"""Where those who work around somebody decide together: a meeting about one person, alone or as a point of a sitting of
the zone's team (SIIL), which treats several people in a row, each with its own decisions.

Who was there and what was decided may be read by all who work on the case, employment centres too; the minutes are as
reserved as the diary. Composition and rhythm of these meetings are written in no act we could read (R-SIIL-11)."""

from django.db import connection, models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.role import Degree, Kind
from accanto.access.subject import StandingRows, SubjectRow, SubjectRows


class Sittings(models.QuerySet):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self

    def standing(self):
        return self.filter(withdrawn_at=None)

    def coming(self, today):
        return self.standing().filter(day__gte=today)


class Sitting(models.Model):
    """A day on which the zone's team meets. About nobody: whom it treats is in the meetings that point here."""

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(_("giorno"))
    begins = models.TimeField(_("ora"), null=True, blank=True)
    place = models.CharField(_("dove"), max_length=120, blank=True)
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("annullata il"), null=True, blank=True)

    objects = Sittings.as_manager()

    class Meta:
        verbose_name = _("seduta dell’équipe di zona")
        verbose_name_plural = _("sedute dell’équipe di zona")
        ordering = ["day", "id"]
        indexes = [models.Index(fields=["zone", "day"], name="cases_sitting_of_zone")]

    def __str__(self):
        return f"{self.day:%d/%m/%Y}"


class Meetings(SubjectRows):
    def standing(self):
        return self.filter(withdrawn_at=None)

    def to_hold(self):
        return self.standing().filter(held_at=None)

    def held(self):
        return self.standing().filter(held_at__isnull=False)


class Meeting(SubjectRow):
    """The team around one person meets; or the zone's team comes to that person in a sitting, whose day it then has."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="meetings")
    sitting = models.ForeignKey(
        "cases.Sitting", models.PROTECT, null=True, blank=True, verbose_name=_("seduta"), related_name="meetings"
    )
    turn = models.PositiveSmallIntegerField(_("ordine"), default=1)
    day = models.DateField(_("giorno"))
    begins = models.TimeField(_("ora"), null=True, blank=True)
    place = models.CharField(_("dove"), max_length=120, blank=True)
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    held_at = models.DateTimeField(_("tenuta il"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("annullata il"), null=True, blank=True)

    objects = Meetings.as_manager()

    class Meta:
        verbose_name = _("riunione d’équipe")
        verbose_name_plural = _("riunioni d’équipe")
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(
                fields=["zone", "day"], condition=Q(held_at=None, withdrawn_at=None), name="cases_meeting_to_hold"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "case"], condition=Q(withdrawn_at=None), name="cases_meeting_once_in_a_sitting"
            )
        ]

    def __str__(self):
        return f"{self.day:%d/%m/%Y}"


class MeetingAttendees(StandingRows):
    def with_names(self):
        return self.select_related("user", "organisation")


class MeetingAttendee(SubjectRow):
    """Who was there, by role and body: a user, or somebody of a body; the person themself has no user here."""

    meeting = models.ForeignKey("cases.Meeting", models.PROTECT, related_name="attendees")
    user = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    # an inspector sits in no meeting about a person
    kind = models.CharField(
        _("ruolo"), max_length=30, choices=[(k.value, k.label) for k in Kind if k != Kind.INSPECTOR]
    )
    organisation = models.ForeignKey("access.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    superseded_at = models.DateTimeField(_("sostituita il"), null=True, blank=True)

    objects = MeetingAttendees.as_manager()

    class Meta:
        verbose_name = _("presenza a una riunione")
        verbose_name_plural = _("presenze a una riunione")
        ordering = ["id"]

    def __str__(self):
        return str(self.user or self.organisation or self.get_kind_display())


class MeetingDecisions(StandingRows):
    def to_do(self):
        return self.standing().filter(done_on=None)


class MeetingDecision(SubjectRow):
    """What was decided: who does what by when. `user` is the colleague who does it, where it is one."""

    class Party(models.TextChoices):
        PERSON = "person", _("la persona")
        MANAGER = "manager", _("il responsabile del caso")
        EMPLOYMENT_CENTRE = "employment_centre", _("il centro per l’impiego")
        COLLEAGUE = "colleague", _("chi è indicato")
        OTHER = "other", _("altri")

    meeting = models.ForeignKey("cases.Meeting", models.PROTECT, related_name="decisions")
    text = models.CharField(_("che cosa si è deciso"), max_length=300)
    party = models.CharField(_("chi lo fa"), max_length=20, choices=Party.choices)
    user = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    due = models.DateField(_("entro"), null=True, blank=True)
    done_on = models.DateField(_("fatto il"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("scritta il"))
    superseded_at = models.DateTimeField(_("tolta il"), null=True, blank=True)

    objects = MeetingDecisions.as_manager()

    class Meta:
        verbose_name = _("decisione di una riunione")
        verbose_name_plural = _("decisioni di una riunione")
        ordering = ["due", "id"]
        indexes = [
            models.Index(
                fields=["zone", "subject", "due"],
                condition=Q(done_on=None, superseded_at=None),
                name="cases_meetingdecision_to_do",
            ),
            models.Index(
                fields=["user", "due"],
                condition=Q(done_on=None, superseded_at=None),
                name="cases_meetingdecision_of_user",
            ),
            models.Index(fields=["zone", "done_on"], name="cases_meetingdecision_done"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(party="colleague", user__isnull=False) | ~Q(party="colleague") & Q(user=None),
                name="cases_meetingdecision_colleague_has_a_name",
            )
        ]

    def __str__(self):
        return self.text

    @property
    def who(self):
        return str(self.user) if self.user_id else self.get_party_display()


class MeetingMinutes(SubjectRow):
    """What was said, and who else was there: reserved as the diary is. A correction supersedes the text before."""

    meeting = models.ForeignKey("cases.Meeting", models.PROTECT, related_name="minutes")
    text = models.TextField(_("verbale"), blank=True)
    others = models.CharField(_("altri presenti"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("scritto il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("verbale di una riunione")
        verbose_name_plural = _("verbali delle riunioni")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(superseded_at=None), name="cases_meetingminutes_one_standing"
            )
        ]

    def __str__(self):
        return self.text[:60]


class MinutesChanged(Exception):
    """Somebody wrote other minutes in the meantime: nothing was written."""

    def __init__(self, minutes):
        self.minutes = minutes
        super().__init__("minutes changed")


def convene(*, zone, day, begins, place, by, now):
    """A sitting of the zone's team; whom it treats is put on its agenda one by one."""
    sitting = Sitting.objects.create(zone=zone, day=day, begins=begins, place=place.strip(), recorded_by=by.user)
    log.act("convene", sitting, by=by, now=now)
    return sitting


@transaction.atomic
def move(*, sitting, day, begins, place, by, now):
    """Another day or place for the sitting, and for all that it has not treated yet."""
    sitting.day, sitting.begins, sitting.place = day, begins, place.strip()
    sitting.save(update_fields=["day", "begins", "place"])
    sitting.meetings.to_hold().update(day=day, begins=begins, place=sitting.place)
    log.act("move", sitting, by=by, now=now)
    return sitting


@transaction.atomic
def call_off(*, sitting, by, now):
    """The sitting is not held: whom it had not treated is on no agenda any more."""
    for meeting in sitting.meetings.to_hold():
        withdraw(meeting=meeting, by=by, now=now)
    sitting.withdrawn_at = now
    sitting.save(update_fields=["withdrawn_at"])
    log.act("withdraw", sitting, by=by, now=now)


def call(*, case, day, begins, place, by, now):
    """A meeting of the team around one person."""
    return _call(case, sitting=None, turn=1, day=day, begins=begins, place=place.strip(), by=by, now=now)


def put_on_agenda(*, sitting, case, by, now):
    """The sitting will treat this person after those already there. Twice is once."""
    there = sitting.meetings.standing().filter(case=case).first()
    if there:
        return there
    last = sitting.meetings.aggregate(last=Max("turn"))["last"] or 0
    return _call(
        case,
        sitting=sitting,
        turn=last + 1,
        day=sitting.day,
        begins=sitting.begins,
        place=sitting.place,
        by=by,
        now=now,
    )


def _call(case, *, by, now, **said):
    meeting = Meeting.objects.create(
        subject_id=case.subject_id, zone_id=case.zone_id, case=case, recorded_by=by.user, **said
    )
    log.act("call", meeting, by=by, now=now)
    return meeting


def withdraw(*, meeting, by, now):
    """The meeting will not be held, or the sitting does not treat this person."""
    meeting.withdrawn_at = now
    meeting.save(update_fields=["withdrawn_at"])
    log.act("withdraw", meeting, by=by, now=now)


@transaction.atomic
def hold(*, meeting, attendees, decisions, text, others, by, now, dropped=(), seen=None):
    """Write what happened: who was there, what was decided, the minutes. Written again, it replaces what was there.

    `attendees` are dicts with user, kind, organisation; `decisions` with party, user, text, due, and are added to those
    already taken; `dropped` are ids of decisions written by mistake. `seen` is the id of the minutes the writer had
    before the eyes (None: none). Raises MinutesChanged where others stand now."""
    own = {"subject_id": meeting.subject_id, "zone_id": meeting.zone_id, "meeting": meeting}
    standing = meeting.minutes.standing().select_related("recorded_by").select_for_update(of=("self",)).first()
    if (standing and standing.pk) != seen:
        raise MinutesChanged(standing)
    if standing is None or (standing.text, standing.others) != (text.strip(), others.strip()):
        meeting.minutes.standing().update(superseded_at=now)
        MeetingMinutes.objects.create(
            **own, text=text.strip(), others=others.strip(), recorded_at=now, recorded_by=by.user
        )
    meeting.attendees.standing().update(superseded_at=now)
    MeetingAttendee.objects.bulk_create(MeetingAttendee(**own, **attendee) for attendee in attendees)
    meeting.decisions.standing().filter(pk__in=dropped).update(superseded_at=now)
    MeetingDecision.objects.bulk_create(MeetingDecision(**own, **decision, recorded_at=now) for decision in decisions)
    meeting.held_at = meeting.held_at or now
    meeting.save(update_fields=["held_at"])
    log.act("hold", meeting, by=by, now=now, decisions=len(decisions), attendees=len(attendees))
    return meeting


class NotYours(Exception):
    """The decision is for somebody else to carry out, and this role does not write about cases."""


def fulfil(*, decision, on, by, now):
    """What was decided was done on a day: by who keeps the case, or by who had to do it. Raises NotYours."""
    _set_done(decision, on, by=by)
    log.act("fulfil", decision, by=by, now=now)


def reopen(*, decision, by, now):
    """It was marked done by mistake. Raises NotYours."""
    _set_done(decision, None, by=by)
    log.act("reopen", decision, by=by, now=now)


def _set_done(decision, day, *, by):
    decision.done_on = day
    if by.may(Degree.CASE, write=True):
        decision.save(update_fields=["done_on"])
        return
    # who only reads the case marks what was given to them, and nothing else: PostgreSQL decides
    with connection.cursor() as cursor:
        cursor.execute("select own_decision_done(%s, %s)", [decision.pk, day])
        if not cursor.fetchone()[0]:
            raise NotYours
