"""Many proposals of a round accepted in one act: each that could be accepted by itself is, of each that could not it is
said why; in a number of statements that does not grow with them."""

from collections import Counter
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from accanto.access import log
from accanto.traineeships import readiness
from accanto.traineeships.matching_round import MatchingProposal, MatchingRound
from accanto.traineeships.place import hold

State = MatchingProposal.State


class Lack(StrEnum):
    """Why a proposal cannot be accepted now."""

    OVER = "over"  # another round has taken the place of this one
    DECIDED = "decided"  # somebody has said yes or no to it
    NO_ROOM = "no_room"  # its place is closed, or its openings went to others
    CONTENDED = "contended"  # fewer openings are left than the round still proposes there


def lacking(rows, *, by, day):
    """{proposal id: Lack} of those, of one round, that cannot be accepted now: five queries, however many."""
    if not rows:
        return {}
    if MatchingRound.objects.get(pk=rows[0].round_id).ended_at is not None:
        return dict.fromkeys((row.pk for row in rows), Lack.OVER)
    room = {place.pk: left for place, left in readiness.open_places(day=day)}
    proposed = MatchingProposal.objects.within(by).filter(round=rows[0].round_id, state=State.PROPOSED)
    wanted = Counter(proposed.order_by("pk").values_list("place_id", flat=True))
    found = {}
    for row in rows:
        left = room.get(row.place_id, 0)
        if row.state != State.PROPOSED:
            found[row.pk] = Lack.DECIDED
        elif left < wanted[row.place_id]:
            found[row.pk] = Lack.NO_ROOM if left < 1 else Lack.CONTENDED
    return found


@transaction.atomic
def accept_all(*, proposals, by, now):
    """The team says yes to many of one round at once. The ids of those accepted, and {id: Lack} of the others."""
    ids = [row.pk for row in proposals]
    rows = list(MatchingProposal.objects.select_for_update(of=("self",)).within(by).filter(pk__in=ids).order_by("pk"))
    # held first: what another zone has accepted or written meanwhile is counted
    hold({row.place_id for row in rows if row.state == State.PROPOSED})
    lacks = lacking(rows, by=by, day=timezone.localdate(now))
    ready = [row for row in rows if row.pk not in lacks]
    accepted = MatchingProposal.objects.within(by).filter(pk__in=[row.pk for row in ready])
    accepted.update(state=State.ACCEPTED, decided_at=now, decided_by=by.user)
    log.acts("accept", [(row, {"place": row.place_id}) for row in ready], by=by, now=now)
    return [row.pk for row in ready], lacks
