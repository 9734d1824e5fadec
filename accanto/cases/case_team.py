from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.relation import WITH_A_TAIL, end_relation, kept_reason, open_relation, tail
from accanto.access.role import REACH, Kind
from accanto.access.subject import SubjectRow, SubjectRows

# what a member may be in a team: offices of the zone, and those whom the membership lets in
MEMBER_KINDS = (
    Kind.CASE_MANAGER,
    Kind.SOCIAL_WORKER,
    Kind.EMPLOYMENT_OPERATOR,
    Kind.THIRD_SECTOR_TUTOR,
    Kind.HOST_TUTOR,
    Kind.HEALTH_WORKER,
    Kind.PERSON,
)


class CaseMembers(SubjectRows):
    def live(self):
        return self.filter(ends=None)

    def with_names(self):
        return self.select_related("user", "organisation")


class CaseMember(SubjectRow):
    """Who works around one person (équipe del caso): a user, or everybody who has that role in an organisation.

    Whoever is not of the zone's offices sees the person through the relation that the membership opens."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="members")
    kind = models.CharField(_("ruolo"), max_length=30, choices=[(kind.value, kind.label) for kind in MEMBER_KINDS])
    user = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey("access.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    relation = models.OneToOneField("access.Relation", models.PROTECT, null=True, blank=True, related_name="+")
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"), null=True, blank=True)

    objects = CaseMembers.as_manager()

    class Meta:
        verbose_name = _("componente dell’équipe")
        verbose_name_plural = _("componenti dell’équipe")
        ordering = ["starts", "id"]
        indexes = [models.Index(fields=["user"], condition=Q(ends=None), name="cases_casemember_of_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "user"], condition=Q(ends=None), name="cases_casemember_user_once"
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "organisation"], condition=Q(ends=None), name="cases_casemember_body_once"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, organisation=None) | Q(user=None, organisation__isnull=False),
                name="cases_casemember_one_holder",
            ),
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="cases_casemember_dates"),
        ]

    def __str__(self):
        return str(self.user or self.organisation)


def add(*, case, kind, starts, by, now, user=None, organisation=None):
    """A user or an organisation joins the team; where its role reaches only related subjects, a relation lets it in."""
    there = (
        CaseMember.objects.of(case.subject_id).live().filter(case=case, kind=kind, user=user, organisation=organisation)
    )
    if found := there.first():
        return found
    relation = None
    if REACH[Kind(kind)] == "subject":
        relation = open_relation(
            subject=case.subject,
            kind=kind,
            user=user,
            organisation=organisation,
            reason=kept_reason(Kind(kind).label),
            starts=starts,
            by=by,
            now=now,
        )
    member = CaseMember.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        kind=kind,
        user=user,
        organisation=organisation,
        relation=relation,
        starts=starts,
    )
    log.act("join", member, by=by, now=now, kind=str(kind), user=user and user.pk)
    return member


def end(*, member, on, by, now, at_once=False):
    """The member leaves. The relation it came with ends the same day, or for who hands over work after the tail; with
    `at_once` that same day for anybody. Leaving before joining is leaving that day."""
    member.ends = max(on, member.starts)
    member.save(update_fields=["ends"])
    if member.relation:
        has_tail = member.kind in WITH_A_TAIL and not at_once
        until = member.ends + tail(member.ends) if has_tail else member.ends
        end_relation(relation=member.relation, on=until, by=by, now=now)
    log.act("leave", member, by=by, now=now, kind=member.kind, user=member.user_id)
    return member


def follows(case_id):
    """Whether PostgreSQL takes the session's user for the manager of that case or somebody of its live team, for a
    public office: who may open its health and justice sections."""
    with connection.cursor() as cursor:
        cursor.execute("select %s = any(app_cases_followed())", [case_id])
        return cursor.fetchone()[0]


def follows_person(subject_id):
    """The same, for what is kept by person."""
    with connection.cursor() as cursor:
        cursor.execute("select %s = any(app_subjects_followed())", [subject_id])
        return cursor.fetchone()[0]
