import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.relation import end_relation, kept_reason, open_relation
from accanto.access.role import Degree, Kind
from accanto.access.subject import SubjectRow, SubjectRows

# What the person may let be seen, each choice with what stands before it: without a name there is nobody to help.
CHOICES = {
    "contact": [Degree.CONTACT],
    "plan": [Degree.CONTACT, Degree.PLAN],
    "plan_and_work": [Degree.CONTACT, Degree.PLAN, Degree.PLACEMENT],
}

REASON = _("invito della persona")


class Invitations(SubjectRows):
    def live(self, day):
        return self.filter(Q(ends=None) | Q(ends__gte=day))

    def with_names(self):
        return self.select_related("relation__user", "relation__organisation")


class Invitation(SubjectRow):
    """The person invites somebody they trust, or an association, and says in their own words why and what may be seen.
    What opens the file is the relation, which is no wider than that choice and ends with it."""

    class Shown(models.TextChoices):
        CONTACT = "contact", _("solo nome e recapiti")
        PLAN = "plan", _("recapiti e progetto")
        PLAN_AND_WORK = "plan_and_work", _("recapiti, progetto e tirocini")

    relation = models.OneToOneField("access.Relation", models.PROTECT, related_name="invitation")
    own_words = models.TextField(_("con le parole della persona"))
    shown = models.CharField(_("che cosa può vedere"), max_length=20, choices=Shown.choices)
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("scritto il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    objects = Invitations.as_manager()

    class Meta:
        verbose_name = _("invito")
        verbose_name_plural = _("inviti")
        ordering = ["starts", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=models.F("starts")), name="people_invitation_dates"
            )
        ]

    def __str__(self):
        return str(self.relation.user or self.relation.organisation)


def invite(*, person, own_words, shown, starts, by, now, user=None, organisation=None, ends=None):
    """The person lets a user, or who is an advocate of an organisation, see what they chose, from a day to another.
    What they had let the same one see until then ends the day before (not before it began): the last word holds."""
    before = Invitation.objects.of(person.subject_id).live(starts).with_names()
    for earlier in before.filter(relation__user=user, relation__organisation=organisation).order_by("id"):
        withdraw(invitation=earlier, on=starts - dt.timedelta(days=1), by=by, now=now)
    relation = open_relation(
        subject=person.subject,
        kind=Kind.ADVOCATE,
        user=user,
        organisation=organisation,
        reason=kept_reason(REASON),
        starts=starts,
        ends=ends,
        degrees=[degree.value for degree in CHOICES[shown]],
        by=by,
        now=now,
    )
    row = Invitation.objects.create(
        subject_id=person.subject_id,
        zone_id=person.zone_id,
        relation=relation,
        own_words=own_words.strip(),
        shown=shown,
        starts=starts,
        ends=ends,
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("invite", row, by=by, now=now)
    return row


def withdraw(*, invitation, on, by, now):
    """The person changed their mind: the last day on which the file opens."""
    invitation.ends = max(on, invitation.starts)
    invitation.save(update_fields=["ends"])
    end_relation(relation=invitation.relation, on=on, by=by, now=now)
    log.act("withdraw", invitation, by=by, now=now)
    return invitation
