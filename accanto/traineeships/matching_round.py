"""A round of matching: the proposal made on a day for the people of a zone, pair by pair, and what the team says of it.
Nothing of a traineeship is written by it: an accepted pair is where the writing of a plan begins."""

import datetime as dt
from dataclasses import replace

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.traineeships import readiness
from accanto.traineeships.matching import decline as lessons
from accanto.traineeships.matching.decline import Declined
from accanto.traineeships.matching.instance import Quota
from accanto.traineeships.place import left_in
from accanto.traineeships.place_search import NEEDS

MEMORY = dt.timedelta(days=365)  # how long a decline teaches
POSSIBLE, BLOCKED = 6, 4  # places beside the one proposed of which the reasons are kept
SECONDS = 20
WOMEN = "women"


class MatchingRounds(models.QuerySet):
    def of_zone(self, zone_id):
        return self.filter(zone_id=zone_id)

    def going_on(self):
        return self.filter(ended_at=None)


class MatchingRound(models.Model):
    """About nobody: how many there were, how good the proposal is and what proves it."""

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("fatta il"))
    made_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("sostituita il"), null=True, blank=True)
    people = models.PositiveIntegerField(_("persone pronte"))
    openings = models.PositiveIntegerField(_("posti liberi"))
    pairs = models.PositiveIntegerField(_("abbinamenti possibili"))
    placed = models.PositiveIntegerField(_("proposte"))
    points = models.PositiveIntegerField(_("punti"))
    bound = models.FloatField(_("nessuna proposta può averne meno di"))
    women_percent = models.PositiveSmallIntegerField(_("quota di donne, per cento"), null=True, blank=True)
    women_missing = models.PositiveIntegerField(_("centesimi di persona che mancano alla quota"), default=0)

    objects = MatchingRounds.as_manager()

    class Meta:
        verbose_name = _("ricerca di abbinamenti")
        verbose_name_plural = _("ricerche di abbinamenti")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone"], condition=Q(ended_at=None), name="traineeships_matchinground_one_going_on"
            ),
            models.CheckConstraint(
                condition=Q(women_percent=None) | Q(women_percent__lte=100), name="traineeships_matchinground_percent"
            ),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.made_at):%d/%m/%Y}"

    @property
    def gap_percent(self):
        return max(0.0, (self.points - self.bound) / max(abs(self.bound), 1.0) * 100)

    @property
    def is_proven(self):
        return self.points - self.bound < 0.99999


class Reason(models.TextChoices):
    """The closed list of `matching.decline`, in words."""

    TOO_FAR = "too_far", _("è troppo lontano")
    TIMETABLE = "timetable", _("l’orario non va bene")
    TASKS = "tasks", _("le attività non sono adatte")
    ACCOMMODATION = "accommodation", _("manca qualcosa che le serve")
    OTHER_WISH = "other_wish", _("la persona preferisce altro")
    HOST_SAYS_NO = "host_says_no", _("l’ospitante non è disponibile per questa persona")
    PLACE_GONE = "place_gone", _("il posto non c’è più")
    NOT_NOW = "not_now", _("la persona non è pronta adesso")
    TEAM_KNOWS = "team_knows", _("l’équipe sa che qui non va bene")


class Proposals(SubjectRows):
    def with_people(self):
        return self.select_related("subject__person", "place__host__organisation", "place__municipality", "traineeship")

    def accepted(self):
        return self.filter(state=MatchingProposal.State.ACCEPTED)

    def still_to_write(self):
        """Accepted, and no plan has been written from it yet."""
        return self.accepted().filter(traineeship=None, place__isnull=False)

    def declined_since(self, moment):
        return self.filter(state=MatchingProposal.State.DECLINED, decided_at__gte=moment)


class MatchingProposal(SubjectRow):
    """Somebody and the place proposed, or nobody's place and what leaves them without. The reasons are those of the day
    it was made: codes and figures, put in words by the page."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("da decidere")
        WITHOUT = "without", _("senza un posto")
        ACCEPTED = "accepted", _("accolta")
        DECLINED = "declined", _("non accolta")

    round = models.ForeignKey("traineeships.MatchingRound", models.PROTECT, related_name="proposals")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="matching_proposals")
    place = models.ForeignKey("traineeships.Place", models.PROTECT, null=True, blank=True, related_name="+")
    # what the search had proposed, where the team chose another
    first_place = models.ForeignKey("traineeships.Place", models.PROTECT, null=True, blank=True, related_name="+")
    points = models.PositiveSmallIntegerField(_("punti"), null=True, blank=True)
    # [{place, verdict, points, worse_by, reasons: [{why, points, values}]}], the one proposed first
    pairs = models.JSONField(default=list)
    # {possible, forbidden: {why: places}, alone: {why: places}}; empty for who has a place
    without = models.JSONField(default=dict)
    state = models.CharField(_("stato"), max_length=10, choices=State.choices)
    reason = models.CharField(_("perché no"), max_length=20, choices=Reason.choices, blank=True)
    missing = ArrayField(
        models.CharField(max_length=20, choices=NEEDS), default=list, blank=True, verbose_name=_("che cosa manca")
    )
    decided_at = models.DateTimeField(_("deciso il"), null=True, blank=True)
    decided_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    traineeship = models.OneToOneField(
        "traineeships.Traineeship", models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    objects = Proposals.as_manager()

    class Meta:
        verbose_name = _("proposta di abbinamento")
        verbose_name_plural = _("proposte di abbinamento")
        ordering = ["id"]
        indexes = [models.Index(fields=["zone", "state", "decided_at"], name="traineeships_proposal_decided")]
        constraints = [
            models.UniqueConstraint(fields=["round", "case"], name="traineeships_proposal_once"),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="traineeships_proposal_declined_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="without") | Q(place__isnull=False), name="traineeships_proposal_of_a_place"
            ),
        ]

    def __str__(self):
        return self.get_state_display()

    def pair_at(self, place_id):
        return next((pair for pair in self.pairs if pair["place"] == place_id), None)


class NothingToMatch(Exception):
    """Nobody is ready, or no place is open."""


class AlreadyDecided(Exception):
    """Somebody has decided, or another round has begun meanwhile."""


class NoRoom(Exception):
    """The place has no opening left, or is not among those the person can go to."""


def propose(*, zone_id, by, now, women_percent=None):
    """A new round for the zone, in place of the one going on: what nobody decided in it is proposed again or not. What
    was accepted stays, and its people and openings are out of this one. Raises NothingToMatch."""
    from accanto.traineeships.matching import costs as weighing
    from accanto.traineeships.matching import explain, solve

    day = timezone.localdate(now)
    promised = MatchingProposal.objects.within(by).still_to_write().order_by("pk")
    waiting = set(promised.values_list("case_id", flat=True))
    ready = [one for one in readiness.of_zone(by=by, day=day) if not one.missing and one.case.pk not in waiting]
    places = readiness.open_places(day=day)
    if not ready or not places:
        raise NothingToMatch
    room = readiness.room_of([row for row, _left in places], day=day)
    instance = lessons.taught(readiness.instance_of(ready, places, room=room), learnt(ready, by=by, now=now))
    if women_percent:
        women = frozenset(one.key for one in instance.people if one.sex == "F")
        instance = replace(instance, quotas=(Quota(key=WOMEN, people=women, least_percent=women_percent),))
    weighed = weighing.all_costs(instance)
    solution = solve.solve(instance, costs=weighed, seconds=SECONDS)

    MatchingRound.objects.of_zone(zone_id).going_on().update(ended_at=now)
    row = MatchingRound.objects.create(
        zone_id=zone_id,
        made_at=now,
        made_by=by.user,
        people=len(instance.people),
        openings=sum(one.openings for one in instance.places),
        pairs=int((weighed < weighing.BLOCKED).sum()),
        placed=len(solution.assigned),
        points=solution.points,
        bound=solution.bound,
        women_percent=women_percent,
        women_missing=sum(one.missing for one in solution.quotas),
    )
    subjects = {one.case.pk: one.case.subject_id for one in ready}
    tables = weighing.Tables(instance)
    State = MatchingProposal.State
    made = []
    for n, person in enumerate(instance.people):
        place = solution.assigned.get(person.key)
        asked = explain.worth_a_word(tables, weighed, n, possible=POSSIBLE, blocked=BLOCKED)
        asked += [place] if place is not None and place not in asked else []
        pairs = explain.pairs_of(instance, solution, person, asked)
        made.append(
            MatchingProposal(
                subject_id=subjects[person.key],
                zone_id=zone_id,
                round=row,
                case_id=person.key,
                place_id=place,
                points=pairs[0].points if place is not None else None,
                pairs=[as_kept(pair) for pair in pairs],
                without={} if place is not None else without_kept(explain.without(tables, solution, n)),
                state=State.WITHOUT if place is None else State.PROPOSED,
            )
        )
    MatchingProposal.objects.bulk_create(made)
    log.act("propose", row, by=by, now=now, people=row.people, placed=row.placed)
    return row


def as_kept(pair):
    reasons = [{"why": str(one.why), "points": one.points, "values": one.values} for one in pair.reasons]
    return {
        "place": pair.place,
        "verdict": str(pair.verdict),
        "points": pair.points,
        "worse_by": pair.worse_by,
        "reasons": reasons,
    }


def without_kept(found):
    return {
        "possible": found.possible,
        "forbidden": {str(why): count for why, count in found.forbidden.items()},
        "alone": {str(why): count for why, count in found.alone.items()},
    }


def learnt(ready, *, by, now):
    """The declines of a year, as they teach. Who was not ready is again once their profile or search is rewritten."""
    people = {one.case.pk: one for one in ready}
    rows = MatchingProposal.objects.within(by).declined_since(now - MEMORY).order_by("decided_at", "pk")
    for case, place, reason, missing, when in rows.values_list(
        "case_id", "place_id", "reason", "missing", "decided_at"
    ):
        if reason == Reason.NOT_NOW and case in people and readiness.said_since(people[case], when):
            continue
        yield Declined(case, place, lessons.Decline(reason), frozenset(missing))


def decide(proposal, *, among, by, now):
    """The proposal as it is now, kept from others until it is decided. Of a round that is over only what was accepted
    and never written can change. Raises AlreadyDecided."""
    fresh = MatchingProposal.objects.select_for_update(of=("self",)).within(by).get(pk=proposal.pk)
    is_over = MatchingRound.objects.get(pk=fresh.round_id).ended_at is not None
    if fresh.state not in among or fresh.traineeship_id or (is_over and fresh.state != MatchingProposal.State.ACCEPTED):
        raise AlreadyDecided
    fresh.decided_at, fresh.decided_by = now, by.user
    return fresh


def accept(*, proposal, by, now):
    """The team says yes: the plan of the traineeship begins from it. Raises AlreadyDecided, NoRoom."""
    row = decide(proposal, among=(MatchingProposal.State.PROPOSED,), by=by, now=now)
    # held first: what another zone has accepted or written meanwhile is counted
    if left_in(row.place_id, proposal=row) < 1 or row.place_id not in free_places(
        row, by=by, day=timezone.localdate(now)
    ):
        raise NoRoom
    row.state = MatchingProposal.State.ACCEPTED
    row.save(update_fields=["state", "decided_at", "decided_by"])
    log.act("accept", row, by=by, now=now, place=row.place_id)
    return row


def refuse(*, proposal, reason, by, now, missing=()):
    """The team says no, and why, or takes back a yes of which nothing was written; it feeds the next rounds. Raises
    AlreadyDecided."""
    State = MatchingProposal.State
    row = decide(proposal, among=(State.PROPOSED, State.ACCEPTED), by=by, now=now)
    row.state, row.reason = MatchingProposal.State.DECLINED, Reason(reason)
    row.missing = sorted(missing) if row.reason == Reason.ACCOMMODATION else []
    row.save(update_fields=["state", "reason", "missing", "decided_at", "decided_by"])
    log.act("decline", row, by=by, now=now, place=row.place_id)
    return row


def choose(*, proposal, place_id, by, now):
    """Another of the places that were possible for the person, in place of the one proposed, still to accept. Raises
    AlreadyDecided, NoRoom."""
    State = MatchingProposal.State
    row = decide(proposal, among=(State.PROPOSED, State.WITHOUT), by=by, now=now)
    pair = row.pair_at(place_id)
    if pair is None or pair["points"] is None or place_id == row.place_id:
        raise NoRoom
    if place_id not in free_places(row, by=by, day=timezone.localdate(now)):
        raise NoRoom
    row.first_place_id = row.first_place_id or row.place_id
    row.place_id, row.points, row.state = place_id, pair["points"], State.PROPOSED
    row.decided_at = row.decided_by = None
    row.save(update_fields=["first_place", "place", "points", "state", "decided_at", "decided_by"])
    log.act("change", row, by=by, now=now, place=place_id)
    return row


def reconsider(*, proposal, by, now):
    """A decision taken by mistake: to decide again. Not once a plan was written from it. Raises AlreadyDecided."""
    State = MatchingProposal.State
    row = decide(proposal, among=(State.ACCEPTED, State.DECLINED), by=by, now=now)
    if row.round.ended_at:
        raise AlreadyDecided
    row.state, row.reason, row.missing = State.PROPOSED, "", []
    row.decided_at = row.decided_by = None
    row.save(update_fields=["state", "reason", "missing", "decided_at", "decided_by"])
    log.act("reopen", row, by=by, now=now)
    return row


def free_places(proposal, *, by, day):
    """The open places with an opening left for this person: less those taken, those promised by a yes, and those that
    the same round proposes to others."""
    rows = MatchingProposal.objects.within(by).exclude(pk=proposal.pk)
    proposed = rows.filter(round=proposal.round_id, state=MatchingProposal.State.PROPOSED)
    own = proposal.place_id if proposal.state == MatchingProposal.State.ACCEPTED else None
    return {
        row.pk
        for row, _left in readiness.open_places(
            day=day, proposed=proposed.order_by("pk").values_list("place_id", flat=True), but=own
        )
    }


def write_from(*, proposal, traineeship, by, now):
    """The draft that was written from an accepted pair."""
    proposal.traineeship = traineeship
    proposal.save(update_fields=["traineeship"])
    log.act("link", proposal, by=by, now=now, traineeship=traineeship.pk)
