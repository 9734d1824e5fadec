"""The waiting list of a zone: referrals accepted whose team has not started yet, each with why it waits."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.cases import referral as referrals
from accanto.cases.referral import Referral


class NoLongerWaiting(Exception):
    """The referral has left the waiting list, or never was in it."""


class ReferralWaits(SubjectRows):
    def live(self):
        return self.filter(ends=None)


class ReferralWait(SubjectRow):
    """A referral waits for one reason, from a day to another; another reason is another row."""

    class Reason(models.TextChoices):
        TEAM_FULL = "team_full", _("l’équipe non ha posto")
        NO_WORKER = "no_worker", _("manca un operatore da assegnare")
        PERSON_NOT_READY = "person_not_ready", _("la persona chiede di aspettare")
        OTHER_FIRST = "other_first", _("prima finisce un altro intervento")
        PAPERS = "papers", _("si aspetta un documento o un’autorizzazione")
        NO_MEASURE = "no_measure", _("non c’è ancora una misura adatta")

    class Ending(models.TextChoices):
        STARTED = "started", _("presa in carico")
        OTHER_REASON = "other_reason", _("aspetta per un altro motivo")
        DECLINED = "declined", _("la persona non vuole più")
        NOT_REACHED = "not_reached", _("la persona non è più raggiungibile")
        OTHER_SERVICE = "other_service", _("se ne occupa un altro servizio")
        MOVED = "moved", _("è andata in un’altra zona")

    referral = models.ForeignKey("cases.Referral", models.PROTECT, related_name="waits")
    reason = models.CharField(_("perché aspetta"), max_length=20, choices=Reason.choices)
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"), null=True, blank=True)
    ending = models.CharField(_("come finisce"), max_length=20, choices=Ending.choices, blank=True, default="")
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    objects = ReferralWaits.as_manager()

    class Meta:
        verbose_name = _("attesa di una segnalazione accolta")
        verbose_name_plural = _("lista d’attesa")
        ordering = ["starts", "id"]
        indexes = [models.Index(fields=["zone", "starts"], condition=Q(ends=None), name="cases_wait_live")]
        constraints = [
            models.UniqueConstraint(fields=["referral"], condition=Q(ends=None), name="cases_wait_one_live"),
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=models.F("starts")), name="cases_wait_dates"),
            models.CheckConstraint(
                condition=Q(ends=None, ending="") | Q(ends__isnull=False) & ~Q(ending=""),
                name="cases_wait_ended_somehow",
            ),
        ]

    def __str__(self):
        return self.get_reason_display()


def put_in_list(*, referral, reason, on, by, now):
    """Accept the referral, whose team starts later. Raises `referral.AlreadyAnswered`."""
    referrals.answer(referral=referral, outcome=Referral.Outcome.ACCEPTED, on=on, by=by, now=now)
    return _wait(referral, reason, on=on, by=by, now=now)


def change_reason(*, wait, reason, on, by, now):
    """The same wait for another reason, from a day."""
    if reason == wait.reason:
        return wait
    leave(wait=wait, ending=ReferralWait.Ending.OTHER_REASON, on=on, by=by, now=now)
    return _wait(wait.referral, reason, on=on, by=by, now=now)


def leave(*, wait, ending, on, by, now):
    """Out of the list, on a day, in a way of the list. Raises NoLongerWaiting."""
    if wait.ends:
        raise NoLongerWaiting
    wait.ends, wait.ending = max(on, wait.starts), ending
    wait.save(update_fields=["ends", "ending"])
    log.act("leave", wait, by=by, now=now, ending=ending)
    return wait


def of_referral(referral):
    """The live wait of a referral, or None."""
    return ReferralWait.objects.of(referral.subject_id).live().filter(referral=referral).first()


def of_person(subject_id):
    """The live wait of a person with its referral, or None."""
    return ReferralWait.objects.of(subject_id).live().select_related("referral").first()


def _wait(referral, reason, *, on, by, now):
    row = ReferralWait.objects.create(
        subject_id=referral.subject_id,
        zone_id=referral.zone_id,
        referral=referral,
        reason=reason,
        starts=on,
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("wait", row, by=by, now=now, reason=reason)
    return row
