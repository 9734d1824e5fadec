"""Why this place and not that one; what leaves somebody without any. Values that a page puts in words.

Nothing here says who has the place in the end: others are a number of points."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from accanto.traineeships.matching.costs import BLOCKED, Tables
from accanto.traineeships.matching.ground import NEVER
from accanto.traineeships.matching.instance import Instance, Person, Place
from accanto.traineeships.matching.reasons import Reason, Verdict, Why, cost, weigh
from accanto.traineeships.matching.solve import Solution

MOST_ASKED = 40  # possible places whose price is asked, of somebody left without


@dataclass(frozen=True)
class Pair:
    """`points` None: not possible. `worse_by`: the least by which the whole proposal would be worse with this pair."""

    place: int
    verdict: Verdict
    points: int | None
    worse_by: int
    reasons: list[Reason]

    @property
    def blocks(self):
        return [one for one in self.reasons if one.blocks]


@dataclass(frozen=True)
class Without:
    """Of somebody without a place: how many are possible in themselves, how many each thing forbids, and how many it
    alone forbids: what one would gain by that one change."""

    possible: int
    forbidden: dict[Why, int]
    alone: dict[Why, int]
    least_worse_by: int | None


@dataclass(frozen=True)
class Room:
    """What is left once a proposal is made."""

    place: Counter
    host: Counter

    @classmethod
    def after(cls, instance: Instance, assigned: dict[int, int]):
        hosts = Counter(instance.place[place].host for place in assigned.values())
        return cls(Counter(assigned.values()), hosts)

    def at(self, instance: Instance, place: Place) -> int:
        free = place.openings - self.place[place.key]
        if place.host in instance.room:
            free = min(free, instance.room[place.host] - self.host[place.host])
        return free


def pairs_of(instance: Instance, solution: Solution, person: Person, places: Iterable[int]) -> list[Pair]:
    """Some places for somebody, best first: the one chosen, the possible ones, the others."""
    room = Room.after(instance, solution.assigned)
    chosen = solution.assigned.get(person.key)
    found = []
    for place in (instance.place[key] for key in places):
        reasons = weigh(instance, person, place)
        points = cost(reasons)
        if place.key == chosen:
            verdict = Verdict.CHOSEN
        elif points is None:
            verdict = Verdict.BLOCKED
        else:
            verdict = Verdict.DEARER if room.at(instance, place) > 0 else Verdict.TAKEN
        worse = 0 if verdict in (Verdict.CHOSEN, Verdict.BLOCKED) else solution.worse_by(person.key, place.key)
        found.append(Pair(place.key, verdict, points, worse, reasons))
    return sorted(found, key=best_first)


def best_first(pair):
    way = next((one.values["minutes"] for one in pair.reasons if one.why in (Why.WAY, Why.TOO_FAR)), NEVER)
    return pair.verdict != Verdict.CHOSEN, len(pair.blocks), pair.points or 0, way, pair.place


def worth_a_word(tables: Tables, costs: np.ndarray, row: int, *, possible: int, blocked: int) -> list[int]:
    """The places somebody would ask about: the possible ones that cost least, and the nearest of the others."""
    ways = tables.ways(slice(row, row + 1))[0]
    can = costs[row] < BLOCKED
    keys = [one.key for one in tables.instance.places]
    cheapest = sorted(np.flatnonzero(can), key=lambda n: (costs[row, n], keys[n]))[:possible]
    nearest = sorted(np.flatnonzero(~can & (ways < NEVER)), key=lambda n: (ways[n], keys[n]))[:blocked]
    return [keys[n] for n in (*cheapest, *nearest)]


def without(tables: Tables, solution: Solution, row: int) -> Without:
    """What leaves the person of that row of the tables without a place."""
    rows = slice(row, row + 1)
    forbids = {why: no[0] for why, no in tables.forbids(rows, tables.ways(rows))}
    together = sum(no.astype(np.int16) for no in forbids.values())
    person = tables.instance.people[row]
    possible = [tables.instance.places[n].key for n in np.flatnonzero(together == 0)]
    worse = [solution.worse_by(person.key, place) for place in possible[:MOST_ASKED]]
    counted = ({why: int((no & mask).sum()) for why, no in forbids.items()} for mask in (True, together == 1))
    forbidden, alone = ({why: n for why, n in sorted(one.items(), key=most_first) if n} for one in counted)
    return Without(len(possible), forbidden, alone, min(worse, default=None))


def most_first(pair):
    return -pair[1], pair[0]
