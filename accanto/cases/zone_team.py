from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.role import Kind

# whose work the team is made of (R-SIIL-11)
MEMBER_KINDS = (
    Kind.SOCIAL_WORKER,
    Kind.CASE_MANAGER,
    Kind.EMPLOYMENT_OPERATOR,
    Kind.HEALTH_WORKER,
    Kind.THIRD_SECTOR_TUTOR,
)


class AlreadyThere(Exception):
    """The seat, or the member, is in the team already."""


class ZoneTeams(models.QuerySet):
    def by_protocol(self, day):
        """Stable on a day: a zone may write its seats and members before its protocol is signed."""
        signed = Q(protocol_on__lte=day) | Q(protocol_on=None, known_by__isnull=False)
        return self.filter(signed)


class ZoneTeam(models.Model):
    """The social and employment team of a zone (équipe SIIL), stable once a protocol between the zone
    and the territorial structure of the regional employment agency is signed (R-SIIL-04, R-SIIL-07). About
    nobody: a public fact."""

    zone = models.OneToOneField("territory.Zone", models.PROTECT, related_name="team")
    protocol_on = models.DateField(_("protocollo del"), null=True, blank=True)
    # where no source gives the day of the signature: the day by which the protocol is reported as signed
    known_by = models.DateField(_("firmato entro il"), null=True, blank=True)
    source = models.CharField(_("fonte"), max_length=300, blank=True)

    objects = ZoneTeams.as_manager()

    class Meta:
        verbose_name = _("équipe di zona")
        verbose_name_plural = _("équipe di zona")
        ordering = ["zone"]

    def __str__(self):
        return str(self.zone)


class ZoneTeamSeat(models.Model):
    """Where the team receives people; a zone has many seats (R-SIIL-15)."""

    team = models.ForeignKey("cases.ZoneTeam", models.CASCADE, related_name="seats")
    name = models.CharField(_("sede"), max_length=120)
    municipality = models.ForeignKey(
        "territory.Municipality", models.PROTECT, null=True, blank=True, verbose_name=_("comune"), related_name="+"
    )

    class Meta:
        verbose_name = _("sede dell’équipe")
        verbose_name_plural = _("sedi dell’équipe")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="cases_zoneteamseat_once")]

    def __str__(self):
        return self.name


class ZoneTeamMember(models.Model):
    """A worker of the team, in the role and for the body they work in it (R-SIIL-11)."""

    team = models.ForeignKey("cases.ZoneTeam", models.CASCADE, related_name="members")
    user = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    kind = models.CharField(
        _("ruolo"), max_length=30, choices=[(kind.value, kind.label) for kind in MEMBER_KINDS], blank=True
    )
    organisation = models.ForeignKey(
        "access.Organisation", models.PROTECT, null=True, blank=True, verbose_name=_("ente"), related_name="+"
    )
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"), null=True, blank=True)

    class Meta:
        verbose_name = _("componente dell’équipe di zona")
        verbose_name_plural = _("componenti dell’équipe di zona")
        ordering = ["starts", "id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], condition=Q(ends=None), name="cases_zoneteammember_once")
        ]

    def __str__(self):
        return str(self.user)


def team_of(zone):
    """The team of a zone, begun the first time somebody writes something of it. There is one (R-SIIL-04)."""
    return ZoneTeam.objects.get_or_create(zone=zone)[0]


def sign(*, zone, on, source, by, now):
    """The protocol by which the team is stable, with its day and the act."""
    team = team_of(zone)
    team.protocol_on, team.source = on, source.strip()
    team.save(update_fields=["protocol_on", "source"])
    log.act("sign", team, by=by, now=now, on=on)
    return team


def open_seat(*, zone, name, by, now, municipality=None):
    """Raises AlreadyThere."""
    team, name = team_of(zone), name.strip()
    if team.seats.filter(name__iexact=name).exists():
        raise AlreadyThere
    seat = ZoneTeamSeat.objects.create(team=team, name=name, municipality=municipality)
    log.act("open", seat, by=by, now=now)
    return seat


def close_seat(*, seat, by, now):
    log.act("end", seat, by=by, now=now, name=seat.name)
    seat.delete()


def join(*, zone, role, on, by, now):
    """Somebody joins the team in one of their roles, from a day. Raises AlreadyThere."""
    team = team_of(zone)
    if team.members.filter(user=role.user, ends=None).exists():
        raise AlreadyThere
    member = ZoneTeamMember.objects.create(
        team=team, user=role.user, kind=role.kind, organisation=role.organisation, starts=on
    )
    log.act("join", member, by=by, now=now, user=role.user_id, kind=role.kind)
    return member


def leave(*, member, on, by, now):
    """The last day in the team; leaving before joining is leaving that day."""
    member.ends = max(on, member.starts)
    member.save(update_fields=["ends"])
    log.act("leave", member, by=by, now=now, user=member.user_id)
    return member
