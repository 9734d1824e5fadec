"""What services and third-sector bodies write to the team of a zone, and what the zone makes of it (R-SIIL-03)."""

import datetime as dt

from django.db import DatabaseError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.cases import referral as referrals
from accanto.cases.case import Case
from accanto.cases.referral import Referral, ReferralOrigin
from accanto.cases.referral_wait import ReferralWait
from accanto.people import registry

MOST_IN_A_DAY = 40  # of one user in 24 hours, also in `referral_send`: a desk never writes as many by hand
AT_ONCE = dt.timedelta(minutes=5)
TOO_MANY = "AC001"  # the SQLSTATE of `referral_send`


class TooMany(Exception):
    """Too many referrals in 24 hours from the same user."""


class AlreadySorted(Exception):
    """Somebody has already said who a referral is about, or declined it."""


class NotUndone(Exception):
    """Too late to say that a referral is not about the person it was sorted to."""


class ReceivedReferrals(SubjectRows):
    def to_sort(self):
        """Nobody has said yet who they are about."""
        return self.filter(outcome=Referral.Outcome.WAITING, triage=None)

    def told_on(self, day):
        """Those whose sender was told the outcome on that day."""
        first = timezone.make_aware(dt.datetime.combine(day, dt.time()))
        return self.filter(told_at__gte=first, told_at__lt=first + dt.timedelta(days=1))

    def with_body(self):
        return self.select_related("organisation", "sent_by", "zone")


class ReceivedReferral(SubjectRow):
    """A referral as its sender wrote it, with the outcome the sender is told (segnalazione ricevuta).

    Its subject is its own and has no person until the zone says so: the sender, tied to it by a relation, sees this row
    and nothing else, and nothing here tells whether the zone knew the person."""

    class Followed(models.TextChoices):
        YES = "yes", _("sì")
        NO = "no", _("no")
        UNKNOWN = "unknown", _("non lo so")

    class Agreement(models.TextChoices):
        AGREES = "agrees", _("lo sa ed è d’accordo")
        UNDECIDED = "undecided", _("lo sa, deve ancora decidere")
        UNAWARE = "unaware", _("non lo sa ancora")

    class Reason(models.TextChoices):
        """What the sender is told: fewer reasons than the zone has, some of which say that the person was known."""

        OTHER_ZONE = "other_zone", _("è competente un’altra zona")
        NOT_SUITABLE = "not_suitable", _("il servizio integrato non è la risposta adatta, se ne occupano altri servizi")
        DECLINED = "declined", _("la persona non vuole")
        NOT_REACHED = "not_reached", _("la persona non è stata raggiunta")
        NOT_ENOUGH = "not_enough", _("con questi dati non si capisce chi è la persona")

    organisation = models.ForeignKey(
        "access.Organisation", models.PROTECT, verbose_name=_("ente che segnala"), related_name="+"
    )
    sent_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("inviata il"))
    channel = models.CharField(_("servizio"), max_length=20, choices=ReferralOrigin.Channel.choices)
    given_name = models.CharField(_("nome"), max_length=80)
    family_name = models.CharField(_("cognome"), max_length=80)
    fiscal_code = models.CharField(_("codice fiscale"), max_length=16, blank=True)
    birth_date = models.DateField(_("data di nascita"), null=True, blank=True)
    phone = models.CharField(_("telefono"), max_length=40, blank=True)
    email = models.EmailField(_("posta elettronica"), blank=True)
    need = models.TextField(_("perché"))
    followed = models.CharField(_("già in carico a un servizio"), max_length=10, choices=Followed.choices)
    agreement = models.CharField(_("la persona"), max_length=10, choices=Agreement.choices)
    outcome = models.CharField(
        _("esito"), max_length=20, choices=Referral.Outcome.choices, blank=True, default=Referral.Outcome.WAITING
    )
    reason = models.CharField(_("motivo"), max_length=20, choices=Reason.choices, blank=True, default="")
    answered_on = models.DateField(_("risposta il"), null=True, blank=True)
    # when it was written here: `answered_on` is the day of the answer, which may be written later
    told_at = models.DateTimeField(null=True, blank=True)

    objects = ReceivedReferrals.as_manager()

    class Meta:
        verbose_name = _("segnalazione ricevuta")
        verbose_name_plural = _("segnalazioni ricevute")
        ordering = ["sent_at", "id"]
        indexes = [
            models.Index(fields=["zone", "sent_at"], condition=Q(outcome=""), name="cases_received_waiting"),
            models.Index(fields=["organisation", "sent_at"], name="cases_received_of_body"),
            models.Index(fields=["sent_by", "sent_at"], name="cases_received_of_user"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answered_on=None) | Q(~Q(outcome=""), answered_on__isnull=False),
                name="cases_received_answer_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome="not_accepted") & ~Q(reason="") | ~Q(outcome="not_accepted") & Q(reason=""),
                name="cases_received_reason_where_not_accepted",
            ),
        ]

    def __str__(self):
        return f"{self.given_name} {self.family_name}"

    @property
    def sent_on(self):
        return timezone.localdate(self.sent_at)

    def tell(self, *, outcome, on, now, reason=""):
        """What the sender is told; `reason` is one of `Reason`, or one of those of the zone."""
        if outcome == Referral.Outcome.NOT_ACCEPTED and reason not in self.Reason.values:
            reason = self.Reason.NOT_SUITABLE
        self.outcome, self.reason, self.answered_on, self.told_at = outcome, reason, on, now
        self.save(update_fields=["outcome", "reason", "answered_on", "told_at"])


class ReferralTriage(SubjectRow):
    """Whom a received referral is about, as the zone found (smistamento). The sender does not see it."""

    received = models.OneToOneField("cases.ReceivedReferral", models.PROTECT, related_name="triage")
    referral = models.ForeignKey("cases.Referral", models.PROTECT, related_name="triages")
    new_person = models.BooleanField(_("persona nuova per la zona"))
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("smistamento di una segnalazione")
        verbose_name_plural = _("smistamenti delle segnalazioni")

    def __str__(self):
        return str(self.received)


def send(*, zone, channel, given_name, family_name, need, followed, agreement, by, now, fiscal_code="",
         birth_date=None, phone="", email=""):  # fmt: skip
    """Refer somebody to a zone, for the body one acts for. Raises TooMany. The same words sent again at once, by a
    second press of the button, are the referral already sent.

    PostgreSQL writes it, in the name of the live session: a sender may write nothing of their own in any zone."""
    texts = [text.strip() for text in (given_name, family_name, fiscal_code, phone, email, need)]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # the lock of `referral_send`, taken before looking at what was sent
            cursor.execute("select pg_advisory_xact_lock(hashtextextended('referral_send', %s))", [by.user.pk])
            same = dict(zip(("given_name", "family_name", "fiscal_code", "phone", "email", "need"), texts, strict=True))
            sent_now = ReceivedReferral.objects.filter(
                sent_by=by.user, zone=zone, birth_date=birth_date, sent_at__gte=now - AT_ONCE, **same
            )
            if there := sent_now.order_by("-id").first():
                return there
            cursor.execute(
                "select referral_send(%s::smallint, %s, %s, %s, %s, %s, %s, %s, %s::date, %s, %s)",
                [zone.pk, channel, *texts, birth_date, followed, agreement],
            )
            sent = cursor.fetchone()[0]
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == TOO_MANY:
            raise TooMany from None
        raise
    return ReceivedReferral.objects.get(pk=sent)


def send_on(*, received, zone, by, now):
    """The zone answered that another is competent: the same words, to that one. Raises TooMany."""
    told = ("channel", "given_name", "family_name", "fiscal_code", "birth_date", "phone", "email", "need")
    same = {name: getattr(received, name) for name in (*told, "followed", "agreement")}
    return send(zone=zone, by=by, now=now, **same)


def recognise(*, received, person, by, now):
    """It is this person of the zone: the referral goes on their file. Somebody already in charge or already referred
    needs no second answer: the first holds for this one too. Raises AlreadySorted."""
    referral = Referral.objects.of(person.subject_id).waiting().first()
    if referral is None:
        referral = referred(received, person, by=by, now=now)
    triage(received, referral, new_person=False, by=by, now=now)
    if not referral.outcome and Case.objects.of(person.subject_id).open().exists():
        referrals.answer(
            referral=referral, outcome=Referral.Outcome.ACCEPTED, on=timezone.localdate(now), by=by, now=now
        )
    return referral


def register_new(*, received, by, now):
    """Nobody the zone knows: a person is registered with what the sender wrote. Raises AlreadySorted; the fiscal code
    of somebody of the zone is refused by PostgreSQL. Raises WrongFiscalCode for a code that cannot be."""
    refuse_sorted(received)
    person = registry.register_as_told(told=received, by=by, now=now)
    referral = referred(received, person, by=by, now=now)
    triage(received, referral, new_person=True, by=by, now=now)
    return referral


def referred(received, person, *, by, now):
    return referrals.refer(
        person=person,
        channel=received.channel,
        organisation=received.organisation,
        need=received.need,
        received_on=received.sent_on,
        by=by,
        now=now,
    )


def triage(received, referral, *, new_person, by, now):
    refuse_sorted(received)
    row = ReferralTriage.objects.create(
        subject_id=received.subject_id,
        zone_id=received.zone_id,
        received=received,
        referral=referral,
        new_person=new_person,
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("sort", received, by=by, now=now, referral=referral.pk)
    return row


def refuse_sorted(received):
    if received.outcome or ReferralTriage.objects.of(received.subject_id).filter(received=received).exists():
        raise AlreadySorted


def unsort(*, received):
    """It is not this person: it waits to be sorted again, and the file of who it is not about keeps nothing of it.
    Raises NotUndone where it was answered, put in the list or taken in charge since. PostgreSQL does it and logs it."""
    with connection.cursor() as cursor:
        cursor.execute("select referral_unsort(%s)", [received.pk])
        if not cursor.fetchone()[0]:
            raise NotUndone


def may_be_unsorted(triage):
    """The same conditions, for the page that offers it."""
    referral = triage.referral
    return (
        not triage.new_person
        and referral.outcome != Referral.Outcome.NOT_ACCEPTED
        and not Case.objects.of(referral.subject_id).filter(referral=referral).exists()
        and not ReferralWait.objects.of(referral.subject_id).filter(referral=referral).exists()
    )


def decline(*, received, reason, on, by, now):
    """Not accepted before knowing who it is about; `reason` is one of `Reason`. Raises AlreadySorted."""
    refuse_sorted(received)
    received.tell(outcome=Referral.Outcome.NOT_ACCEPTED, reason=reason, on=on, now=now)
    log.act("decline", received, by=by, now=now, reason=reason)
    return received
