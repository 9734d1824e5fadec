from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows


class AlreadyAnswered(Exception):
    """A referral is answered once."""


class Referrals(SubjectRows):
    def waiting(self):
        return self.filter(outcome=Referral.Outcome.WAITING)


class Referral(SubjectRow):
    """Someone asks the zone's team to look at a person (segnalazione). Services and third-sector bodies refer; the
    citizen has no direct access to the integrated service (SIIL: DGR 544/2023, rule R-SIIL-03)."""

    class Outcome(models.TextChoices):
        WAITING = "", _("in attesa di risposta")
        ACCEPTED = "accepted", _("accolta")
        NOT_ACCEPTED = "not_accepted", _("non accolta")

    class Reason(models.TextChoices):
        OTHER_ZONE = "other_zone", _("è competente un’altra zona")
        ONE_SERVICE = "one_service", _("basta un solo servizio, che se ne occupa")
        ALREADY_FOLLOWED = "already_followed", _("un altro servizio pubblico fa già lo stesso lavoro")
        DECLINED = "declined", _("la persona non vuole")
        NOT_REACHED = "not_reached", _("la persona non è stata raggiunta")
        NO_NEED = "no_need", _("non risulta un bisogno di inclusione sociale o di lavoro")

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="referrals")
    received_on = models.DateField(_("ricevuta il"))
    recorded_at = models.DateTimeField(_("registrata il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    outcome = models.CharField(_("esito"), max_length=20, choices=Outcome.choices, blank=True, default="")
    reason = models.CharField(_("motivo"), max_length=20, choices=Reason.choices, blank=True, default="")
    answered_on = models.DateField(_("risposta il"), null=True, blank=True)

    objects = Referrals.as_manager()

    class Meta:
        verbose_name = _("segnalazione")
        verbose_name_plural = _("segnalazioni")
        ordering = ["-received_on", "-id"]
        indexes = [
            models.Index(fields=["zone", "received_on"], condition=Q(outcome=""), name="cases_referral_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=Q(outcome=""), name="cases_referral_one_waiting"),
            models.CheckConstraint(
                condition=Q(outcome="", answered_on=None) | Q(~Q(outcome=""), answered_on__isnull=False),
                name="cases_referral_answer_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome="not_accepted") & ~Q(reason="") | ~Q(outcome="not_accepted") & Q(reason=""),
                name="cases_referral_reason_where_not_accepted",
            ),
        ]

    def __str__(self):
        return self.get_outcome_display()


class ReferralOrigin(SubjectRow):
    """Who refers and why. Which service it is may by itself reveal health or justice data: the degree of the area."""

    class Channel(models.TextChoices):
        SOCIAL_SERVICE = "social_service", _("servizio sociale del territorio")
        MENTAL_HEALTH = "mental_health", _("salute mentale")
        ADDICTION = "addiction", _("servizio dipendenze")
        DISABILITY = "disability", _("servizio disabilità")
        JUSTICE = "justice", _("istituto penitenziario o esecuzione penale esterna")
        EMPLOYMENT_CENTRE = "employment_centre", _("centro per l’impiego")
        THIRD_SECTOR_BODY = "third_sector_body", _("ente del Terzo settore")
        SCHOOL = "school", _("scuola")
        OTHER = "other", _("altro servizio")

    referral = models.OneToOneField("cases.Referral", models.PROTECT, related_name="origin")
    channel = models.CharField(_("chi segnala"), max_length=20, choices=Channel.choices)
    organisation = models.ForeignKey(
        "access.Organisation", models.PROTECT, null=True, blank=True, verbose_name=_("ente"), related_name="+"
    )
    need = models.TextField(_("perché"), blank=True)

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("origine della segnalazione")
        verbose_name_plural = _("origini delle segnalazioni")

    def __str__(self):
        return self.get_channel_display()


def refer(*, person, channel, need, received_on, by, now, organisation=None):
    """Record a referral that waits for an answer. A second one waiting for the same person is refused by PostgreSQL."""
    referral = Referral.objects.create(
        subject_id=person.subject_id,
        zone_id=person.zone_id,
        person=person,
        received_on=received_on,
        recorded_at=now,
        recorded_by=by.user,
    )
    ReferralOrigin.objects.create(
        subject_id=person.subject_id,
        zone_id=person.zone_id,
        referral=referral,
        channel=channel,
        organisation=organisation,
        need=need.strip(),
    )
    log.act("refer", referral, by=by, now=now)
    return referral


def answer(*, referral, outcome, on, by, now, reason=""):
    """Accept the referral, or not, with a reason from the list. Raises AlreadyAnswered."""
    if referral.outcome:
        raise AlreadyAnswered
    referral.outcome, referral.reason, referral.answered_on = outcome, reason, on
    referral.save(update_fields=["outcome", "reason", "answered_on"])
    log.act("accept" if outcome == Referral.Outcome.ACCEPTED else "decline", referral, by=by, now=now, reason=reason)
    for triage in referral.triages.select_related("received"):
        triage.received.tell(outcome=outcome, on=on, now=now, reason=reason)  # whoever sent it reads the outcome
    return referral


def waiting_in_the_zone(*, beyond=None):
    """For the planner of a zone, who reads no referral: how many wait, the day of the oldest, how many have waited for
    more than `beyond` days (0 where no term is given)."""
    with connection.cursor() as cursor:
        cursor.execute("select * from referrals_waiting(%s)", [beyond])
        return cursor.fetchone()
