"""The points of all pairs at once: what `reasons.weigh` says of one, for millions of them.

People and places that are alike in one respect share a row of a small table; the tables are then read pair by pair."""

from collections.abc import Iterable, Iterator

import numpy as np

from accanto.traineeships.matching.ground import NEVER
from accanto.traineeships.matching.instance import Instance
from accanto.traineeships.matching.reasons import Why, means_of, reached
from accanto.traineeships.matching.timetable import shifts_of, spare

BLOCKED = 32000  # points of a pair that is not possible
BITS = 62


def all_costs(instance: Instance) -> np.ndarray:
    """[person, place] -> points, or BLOCKED; in the order of the instance."""
    found = np.empty((len(instance.people), len(instance.places)), np.int16)
    for rows, block in blocks(instance):
        found[rows] = block
    return found


def blocks(instance: Instance, size: int = 256) -> Iterator[tuple[slice, np.ndarray]]:
    """The rows of some people at a time, so that memory stays small."""
    tables = Tables(instance)
    for start in range(0, len(instance.people), size):
        rows = slice(start, min(start + size, len(instance.people)))
        yield rows, tables.costs(rows)


def alike(values: Iterable) -> tuple[list, np.ndarray]:
    """The different values, and for each one which of them it is."""
    different: dict = {}
    which = [different.setdefault(value, len(different)) for value in values]
    return list(different), np.array(which, np.intp)


def bits(sets: Iterable[frozenset[str]], names: dict[str, int]) -> np.ndarray:
    """Each set as numbers, a bit a name: [word, set]. Names that nobody asks for have no bit."""
    sets = list(sets)
    found = np.zeros((max(1, -(-len(names) // BITS)), len(sets)), np.int64)
    for n, some in enumerate(sets):
        for name in some:
            if name in names:
                word, bit = divmod(names[name], BITS)
                found[word, n] |= 1 << bit
    return found


def named(sides: Iterable[frozenset[str]]) -> dict[str, int]:
    return {name: n for n, name in enumerate(sorted({str(name) for some in sides for name in some}))}


def lacking(asked: np.ndarray, there: np.ndarray) -> np.ndarray:
    """How many of the bits asked are not there, pair by pair: both [word, person, place], either of one alone."""
    return np.bitwise_count(asked & ~there).sum(axis=0, dtype=np.int32)


class Tables:
    def __init__(self, instance: Instance):
        self.instance = instance
        people, places, ground = instance.people, instance.places, instance.ground
        weights = instance.weights
        self.from_ = np.array([ground.at[one.municipality] for one in people], np.intp)
        self.to = np.array([ground.at[one.municipality] for one in places], np.intp)
        self.means = np.array([means_of(one) for one in people], np.intp)
        self.reached = np.array([reached(one) for one in places], np.intp)
        self.longest = np.array([instance.longest(one) for one in people], np.int16)
        self.km_most = np.array([np.inf if one.max_km is None else one.max_km for one in people])
        self.hours_most = np.array([32000 if one.hours_most is None else one.hours_most for one in people], np.int16)
        self.hours_least = np.array([one.hours_least for one in places], np.int16)

        outs, self.out = alike(one.out for one in people)
        works, self.work = alike((one.works, one.hours_least) for one in places)
        self.spare = np.array([[spare(out, *work) for work in works] for out in outs], np.int16).reshape(
            len(outs), len(works)
        )

        limits, self.limit = alike((one.only_in, one.never_in) for one in people)
        self.allowed = np.array(
            [
                [(only is None or one.code in only) and one.code not in never for one in ground.municipalities]
                for only, never in limits
            ],
            bool,
        ).reshape(len(limits), len(ground.municipalities))

        shifts = named(shifts_of(one.works) for one in places)
        self.shifts = bits((one.shifts or frozenset(shifts) for one in people), shifts)
        self.works_in = bits((shifts_of(one.works) for one in places), shifts)

        needs = named(one.needs for one in people)
        self.needs = bits((one.needs for one in people), needs)
        self.offers = bits((one.offers for one in places), needs)
        self.possible = bits((one.offers | one.on_request for one in places), needs)

        skills = named(one.requires | one.likes for one in places)
        self.has = bits((one.has for one in people), skills)
        self.requires = bits((one.requires for one in places), skills)
        self.likes = bits((one.likes for one in places), skills)

        sectors, self.sector = alike(one.sector for one in places)
        tastes, self.taste = alike((one.wishes, one.refuses) for one in people)
        self.sector_points = np.array(
            [[taste(weights, wishes, sector) for sector in sectors] for wishes, _refuses in tastes], np.int32
        ).reshape(len(tastes), len(sectors))
        self.refused = np.array(
            [[bool(sector) and sector in refuses for sector in sectors] for _wishes, refuses in tastes], bool
        ).reshape(len(tastes), len(sectors))

        index_of_person = {one.key: n for n, one in enumerate(people)}
        index_of_place = {one.key: n for n, one in enumerate(places)}
        self.declined: dict[int, list[int]] = {}
        self.dearer: dict[int, list[int]] = {}
        for pairs, found in ((instance.dearer, self.dearer), (instance.blocked, self.declined)):
            for person, place in pairs:
                if person in index_of_person and place in index_of_place:
                    found.setdefault(index_of_person[person], []).append(index_of_place[place])

    def ways(self, rows: slice) -> np.ndarray:
        """Minutes one way by the best means that each has and that reaches each place."""
        ways = self.instance.ground.ways[self.means[rows, None] & self.reached, self.from_[rows, None], self.to]
        return ways.astype(np.int32)

    def forbids(self, rows: slice, ways: np.ndarray) -> Iterator[tuple[Why, np.ndarray]]:
        """Each thing that can forbid a pair, and which pairs of some people it forbids."""
        ground = self.instance.ground
        none = ways >= NEVER
        yield Why.NO_WAY, none
        far = ways > self.longest[rows, None]
        yield Why.TOO_FAR, ~none & (far | (ground.km[self.from_[rows, None], self.to] > self.km_most[rows, None]))
        yield Why.TIMETABLE, ~none & (ways > self.spare[self.out[rows, None], self.work])
        yield Why.MUNICIPALITY, ~self.allowed[self.limit[rows, None], self.to]
        yield Why.SHIFT, lacking(self.works_in[:, None, :], self.shifts[:, rows, None]) > 0
        yield Why.HOURS, self.hours_least > self.hours_most[rows, None]
        yield Why.NEED, lacking(self.needs[:, rows, None], self.possible[:, None, :]) > 0
        yield Why.REQUIREMENT, lacking(self.requires[:, None, :], self.has[:, rows, None]) > 0
        yield Why.SECTOR_REFUSED, self.refused[self.taste[rows, None], self.sector]
        yield Why.DECLINED, self.marked(rows, self.declined)

    def marked(self, rows: slice, pairs: dict[int, list[int]]) -> np.ndarray:
        found = np.zeros((rows.stop - rows.start, len(self.to)), bool)
        for row in range(rows.start, rows.stop):
            found[row - rows.start, pairs.get(row, [])] = True
        return found

    def costs(self, rows: slice) -> np.ndarray:
        weights = self.instance.weights
        ways = self.ways(rows)
        points = weights.minute * ways
        points += weights.need_on_request * lacking(self.needs[:, rows, None], self.offers[:, None, :])
        points += weights.skill_lacking * lacking(self.likes[:, None, :], self.has[:, rows, None])
        points += self.sector_points[self.taste[rows, None], self.sector]
        points += weights.learned * self.marked(rows, self.dearer)
        for _why, no in self.forbids(rows, ways):
            points[no] = BLOCKED
        return np.minimum(points, BLOCKED).astype(np.int16)


def taste(weights, wishes, sector) -> int:
    if sector in wishes:
        return min(weights.wished_after * wishes.index(sector), weights.not_wished)
    return weights.not_wished if wishes else 0
