from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.role import Kind
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.cases import case_team, referral_wait
from accanto.cases.area import CaseArea
from accanto.cases.referral import Referral, answer
from accanto.cases.referral_wait import ReferralWait


class Cases(SubjectRows):
    def in_charge(self, day):
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)

    def open(self):
        return self.filter(closed_on=None)

    def of_subject(self, reference):
        return self.filter(subject_id=reference)

    def managed_by(self, user):
        return self.filter(manager=user)


class Case(SubjectRow):
    """A person taken in charge by the services of a zone, from a day to another (presa in carico)."""

    class ClosingReason(models.TextChoices):
        GOALS_REACHED = "goals_reached", _("obiettivi raggiunti")
        WITHDREW = "withdrew", _("la persona si è ritirata")
        MOVED = "moved", _("trasferimento in un’altra zona")
        OTHER_SERVICE = "other_service", _("passaggio a un altro servizio")
        NOT_REACHED = "not_reached", _("non più raggiungibile")
        DIED = "died", _("decesso")
        # cases opened by mistake are closed so, and never counted among the results
        MISTAKE = "mistake", _("aperta per errore")

    class ClosingOutcome(models.TextChoices):
        """What a path of the integrated service ends in (R-SIIL-05)."""

        JOB = "job", _("un lavoro")
        TRAINEESHIP = "traineeship", _("un tirocinio")
        TRAINING = "training", _("un corso o una borsa di studio")
        OTHER = "other", _("un’altra soluzione")
        NONE = "none", _("nessuna di queste")

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="cases")
    referral = models.OneToOneField(
        "cases.Referral", models.PROTECT, null=True, blank=True, verbose_name=_("segnalazione"), related_name="case"
    )
    # the one before it, closed: a person who comes back keeps their history
    former = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("presa in carico precedente"),
        related_name="later",
    )
    opened_on = models.DateField(_("aperta il"))
    closed_on = models.DateField(_("chiusa il"), null=True, blank=True)
    closing_reason = models.CharField(
        _("motivo della chiusura"), max_length=20, choices=ClosingReason.choices, blank=True, default=""
    )
    closing_outcome = models.CharField(
        _("esito"), max_length=20, choices=ClosingOutcome.choices, blank=True, default=""
    )
    manager = models.ForeignKey(
        "access.User", models.PROTECT, verbose_name=_("responsabile del caso"), related_name="+"
    )

    objects = Cases.as_manager()

    class Meta:
        verbose_name = _("presa in carico")
        verbose_name_plural = _("prese in carico")
        ordering = ["-opened_on", "-id"]
        indexes = [
            models.Index(fields=["manager"], condition=Q(closed_on=None), name="cases_case_of_manager"),
            models.Index(fields=["zone", "closed_on"], name="cases_case_zone"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=Q(closed_on=None), name="cases_case_one_open"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=models.F("opened_on")), name="cases_case_dates"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, closing_reason="", closing_outcome="")
                | Q(closed_on__isnull=False) & ~Q(closing_reason="") & ~Q(closing_outcome=""),
                name="cases_case_closed_with_reason_and_outcome",
            ),
        ]

    def __str__(self):
        return str(self.person)


def last_closed(subject_id):
    """The case that a new one takes up again, or None; not one opened by mistake."""
    closed = Case.objects.of(subject_id).exclude(closed_on=None).exclude(closing_reason=Case.ClosingReason.MISTAKE)
    return closed.order_by("-closed_on", "-id").first()


def open_case(*, person, manager, on, by, now, area="", referral=None, former=None):
    """Take a person in charge from a day; a waiting referral it comes from is thereby accepted, and leaves the waiting
    list. The manager joins the team. `former` is the case, closed, that this one takes up again. Errors: a second open
    case for the same person is refused by PostgreSQL."""
    if referral and not referral.outcome:
        answer(referral=referral, outcome=Referral.Outcome.ACCEPTED, on=max(on, referral.received_on), by=by, now=now)
    elif referral and (wait := referral_wait.of_referral(referral)):
        referral_wait.leave(wait=wait, ending=ReferralWait.Ending.STARTED, on=on, by=by, now=now)
    case = Case.objects.create(
        subject_id=person.subject_id,
        zone_id=person.zone_id,
        person=person,
        referral=referral,
        former=former,
        opened_on=on,
        manager=manager,
    )
    log.act("reopen" if former else "open", case, by=by, now=now)
    if area:
        CaseArea.objects.create(subject_id=case.subject_id, zone_id=case.zone_id, case=case, area=area)
    case_team.add(case=case, kind=Kind.CASE_MANAGER, user=manager, starts=on, by=by, now=now)
    return case


def set_area(*, case, area, by, now):
    """Write or correct the area. The log keeps that it changed and not which it is."""
    CaseArea.objects.update_or_create(
        case=case,
        defaults={"area": area},
        create_defaults={"subject_id": case.subject_id, "zone_id": case.zone_id, "area": area},
    )
    log.act("set_area", case, by=by, now=now)


def change_manager(*, case, manager, on, by, now):
    """Somebody else becomes responsible from a day; the former stays in the team's history."""
    if manager == case.manager:
        return case
    for member in case_team.CaseMember.objects.of(case.subject_id).live().filter(case=case, kind=Kind.CASE_MANAGER):
        case_team.end(member=member, on=on, by=by, now=now)
    before, case.manager = case.manager_id, manager
    case.save(update_fields=["manager"])
    case_team.add(case=case, kind=Kind.CASE_MANAGER, user=manager, starts=on, by=by, now=now)
    log.act("hand_over", case, by=by, now=now, from_user=before, to_user=manager.pk)
    return case


def close_case(*, case, on, reason, outcome, by, now):
    """End the case, its team and the accesses the team gave, on that day."""
    case.closed_on, case.closing_reason, case.closing_outcome = on, reason, outcome
    case.save(update_fields=["closed_on", "closing_reason", "closing_outcome"])
    for member in case_team.CaseMember.objects.of(case.subject_id).live().filter(case=case):
        case_team.end(member=member, on=on, by=by, now=now)
    log.act("close", case, by=by, now=now, reason=reason, outcome=outcome)
    return case
