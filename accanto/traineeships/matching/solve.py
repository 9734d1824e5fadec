"""The assignment that costs least in all, with HiGHS, and the proof of how good it is.

The linear programme of all pairs is solved on a few of them; then every other pair is asked whether it would help, by
the prices found (its reduced cost), and those that would are added until none is left. What comes out is the optimum
over all pairs, though most were never in the programme. People, places and hosts alone make a network, whose optimum is
in whole people. With quotas it may not be: whole numbers are then sought near it, and its value stays the bound that
nobody can beat."""

import os
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np

from accanto.traineeships.matching.costs import BLOCKED, all_costs
from accanto.traineeships.matching.instance import Instance, Quota

FIRST = 12  # pairs of each person in the programme to begin with: the cheapest
CALLED = 8  # and those cheapest by prices called beforehand
MORE = 12  # those added to each person each time
CALLS = 12  # times the prices are called
STEP, DAMPED = 20.0, 0.9  # points by which a price moves at the first call, and how much less at each other
NEAR = 60_000  # pairs among which whole numbers are sought
AT_A_TIME = 512  # people of whom all pairs are looked at together
FEW = 0.15
DUAL, PRIMAL = 1, 4  # the solver's own numbers for its two simplex methods
SMALL = 1e-6
WHOLE = 1e-5
FEASIBLE = 2  # of the solver's statuses of a solution


@dataclass(frozen=True)
class QuotaOutcome:
    """`reached` of the `proposals` in the places of the quota are of its people; `missing` hundredths of a person are
    too few, or too many: 45 % of 21 is 9.45, and with 9 of them 45 hundredths are missing."""

    key: str
    reached: int
    proposals: int
    missing: int


@dataclass(frozen=True)
class Solution:
    """`points` is what the choice costs, of people who have a possible place; `bound` what no choice can be under."""

    assigned: dict[int, int]
    points: int
    bound: float
    quotas: tuple[QuotaOutcome, ...] = ()
    rounds: int = 0
    pairs: int = 0  # possible ones, all weighed
    priced: dict = field(default_factory=dict, compare=False, repr=False)

    @property
    def gap_percent(self) -> float:
        return max(0.0, (self.points - self.bound) / max(abs(self.bound), 1.0) * 100)

    @property
    def proven(self) -> bool:
        """Nothing is better: points are whole numbers."""
        return self.points - self.bound < 1 - WHOLE

    def worse_by(self, person: int, place: int) -> int:
        """At least so many points more, in all, if that pair were imposed (its reduced cost); 0 where none is known."""
        return self.priced["worse"](person, place) if self.priced else 0


class Unsolved(Exception):
    """The solver did not come to an end: its own word is inside."""


def solve(instance: Instance, *, seconds: float = 25.0, gap_percent: float = 0.5, costs=None) -> Solution:
    """`seconds` is the most that the search of whole numbers may take. Raises Unsolved."""
    programme = Programme(instance, all_costs(instance) if costs is None else costs)
    if not programme.possible:
        return Solution({}, programme.points({}), programme.points({}), programme.outcomes({}))
    programme.begin()
    rounds = programme.price_out()
    assigned = programme.whole() or programme.nearest_whole(seconds=seconds, gap=gap_percent / 100)
    return Solution(
        assigned=assigned,
        points=programme.points(assigned),
        bound=programme.bound,
        quotas=programme.outcomes(assigned),
        rounds=rounds,
        pairs=programme.possible,
        priced={"worse": programme.worse_by},
    )


def cheapest(points, rows, count):
    """For each of some people so many places of the fewest points: two arrays, people and places."""
    count = min(count, points.shape[1])
    best = np.argpartition(points, count - 1, axis=1)[:, :count]
    return np.repeat(np.arange(rows.start, rows.stop), count), best.ravel()


@dataclass(frozen=True)
class Row:
    """A quota as the solver reads it: `on` for its people, `off` for the others, in its places."""

    quota: Quota
    group: int
    on: int
    off: int
    low: float
    high: float
    slack: int


@cache
def solver():
    """HiGHS, whose first instance in a process writes its name on the console: there it is nobody's."""
    import ctypes

    import highspy

    flush = getattr(ctypes.CDLL(None), "fflush", None) if os.name == "posix" else None
    if flush is None:
        return highspy
    flush(None)
    console, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        highspy.Highs()
        flush(None)
    finally:
        os.dup2(console, 1)
        os.close(console)
        os.close(nowhere)
    return highspy


class Programme:
    """Rows: people, places, hosts with a limit, quotas. Columns: what quotas miss, then pairs."""

    def __init__(self, instance: Instance, costs: np.ndarray):
        highspy = solver()
        self.instance, self.costs = instance, costs
        self.n, self.m = costs.shape
        self.possible = int((costs < BLOCKED).sum())
        self.leaving = np.array([instance.unplaced_cost(one) for one in instance.people], np.float64)
        self.some = (costs < BLOCKED).any(axis=1) if self.m else np.zeros(self.n, bool)
        hosts = sorted({one.host for one in instance.places if one.host in instance.room})
        self.host_row = {host: n for n, host in enumerate(hosts)}
        self.hosts = hosts
        self.host_of = np.array([self.host_row.get(one.host, -1) for one in instance.places], np.intp)
        self.quota_rows()
        self.inside = np.zeros((self.n, self.m), bool)
        self.people, self.places = np.zeros(0, np.int32), np.zeros(0, np.int32)
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highspy = highspy

    def quota_rows(self):
        groups: dict[frozenset, int] = {}
        self.rows: list[Row] = []
        inf = float("inf")
        for quota in self.instance.quotas:
            group = groups.setdefault(quota.people, len(groups))
            if quota.least is not None:
                self.rows.append(Row(quota, group, 1, 0, quota.least, inf, 1))
            if quota.most is not None:
                self.rows.append(Row(quota, group, 1, 0, -inf, quota.most, -1))
            if quota.least_percent is not None:
                share = quota.least_percent
                self.rows.append(Row(quota, group, 100 - share, -share, 0, inf, 100))
            if quota.most_percent is not None:
                share = quota.most_percent
                self.rows.append(Row(quota, group, 100 - share, -share, -inf, 0, -100))
        people = [one.key for one in self.instance.people]
        self.member = np.array([[key in group for key in people] for group in groups], bool).reshape(
            len(groups), self.n
        )
        at = {one.key: n for n, one in enumerate(self.instance.places)}
        self.scope = [
            np.arange(self.m)
            if row.quota.places is None
            else np.array(sorted(at[p] for p in row.quota.places if p in at), np.intp)
            for row in self.rows
        ]
        self.rows_at: list[list[int]] = [[] for _place in range(self.m)]
        for n, scope in enumerate(self.scope):
            for place in scope:
                self.rows_at[place].append(n)

    @property
    def first_quota(self):
        return self.n + self.m + len(self.hosts)

    def begin(self):
        """The cheapest pairs of each person, and the columns of what quotas miss."""
        places = np.array([max(one.openings, 0) for one in self.instance.places], np.float64)
        room = np.array([max(self.instance.room[host], 0) for host in self.hosts], np.float64)
        low = np.concatenate([np.zeros(self.n + self.m + len(room)), [row.low for row in self.rows]])
        high = np.concatenate([np.ones(self.n), places, room, [row.high for row in self.rows]])
        lp = self.highspy.HighsLp()
        slacks = len(self.rows)
        lp.num_col_, lp.num_row_ = slacks, len(low)
        lp.col_cost_ = np.full(slacks, float(self.instance.weights.quota_missed))
        lp.col_lower_, lp.col_upper_ = np.zeros(slacks), np.full(slacks, np.inf)
        lp.row_lower_, lp.row_upper_ = low, high
        lp.a_matrix_.format_ = self.highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.arange(slacks + 1)
        lp.a_matrix_.index_ = np.arange(slacks) + self.first_quota
        lp.a_matrix_.value_ = np.array([float(row.slack) for row in self.rows])
        # who has no place costs as much: with it the solver's own value and gap are those that are shown
        lp.offset_ = float(self.leaving[self.some].sum())
        self.highs.passModel(lp)
        called = self.called_prices()
        for rows in self.chunks():
            costs = self.costs[rows] + self.ties(rows)
            for count, points in ((FIRST, costs), (CALLED, costs + called)):
                self.add(*cheapest(points, rows, count))

    def chunks(self):
        return (slice(start, min(start + AT_A_TIME, self.n)) for start in range(0, self.n, AT_A_TIME))

    @cached_property
    def noise(self):
        return np.random.default_rng(0).random((AT_A_TIME, self.m), dtype=np.float32)

    def ties(self, rows):
        """Less than a point, always the same: of places that cost the same not everybody looks at the first ones."""
        return self.noise[: rows.stop - rows.start]

    def called_prices(self):
        """Prices as an auctioneer would call them: up where more people want a place than it takes, down where fewer.
        They only say which pairs are worth having in the programme first."""
        openings = np.array([max(one.openings, 1) for one in self.instance.places], np.float32)
        prices, step = np.zeros(self.m, np.float32), STEP
        for _call in range(CALLS):
            wanted = np.zeros(self.m)
            for rows in self.chunks():
                points = self.costs[rows] + self.ties(rows) + prices
                best = points.argmin(axis=1)
                wants = points[np.arange(len(best)), best] < np.minimum(self.leaving[rows], BLOCKED)
                wanted += np.bincount(best[wants], minlength=self.m)
            prices += (step * np.clip((wanted - openings) / openings, -1, 4)).astype(np.float32)
            prices, step = np.maximum(prices, 0), step * DAMPED
        return prices

    def add(self, people, places):
        """Pairs into the programme; those not possible, or there already, are left out."""
        keep = (self.costs[people, places] < BLOCKED) & ~self.inside[people, places]
        people, places = people[keep].astype(np.int32), places[keep].astype(np.int32)
        if not len(people):
            return 0
        self.inside[people, places] = True
        starts, index, value = self.columns(people, places)
        count = len(people)
        cost = self.costs[people, places] - self.leaving[people]
        self.highs.addCols(count, cost, np.zeros(count), np.ones(count), len(index), starts, index, value)
        self.people, self.places = np.concatenate([self.people, people]), np.concatenate([self.places, places])
        return count

    def columns(self, people, places):
        """Where each pair counts: its person, its place, its host, its quotas."""
        count = len(people)
        column = np.arange(count)
        parts = [(column, people, np.ones(count)), (column, places + self.n, np.ones(count))]
        limited = self.host_of[places] >= 0
        parts.append((column[limited], self.host_of[places[limited]] + self.n + self.m, np.ones(limited.sum())))
        if self.rows:
            many = np.array([len(self.rows_at[place]) for place in places])
            owner = np.repeat(column, many)
            row = np.array([n for place in places for n in self.rows_at[place]], np.intp)
            on, off = (np.array([getattr(one, name) for one in self.rows], np.float64) for name in ("on", "off"))
            group = np.array([one.group for one in self.rows], np.intp)
            value = np.where(self.member[group[row], people[owner]], on[row], off[row])
            there = value != 0
            parts.append((owner[there], row[there] + self.first_quota, value[there]))
        owner, index, value = (np.concatenate([part[n] for part in parts]) for n in range(3))
        order = np.argsort(owner, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=count))])[:count]
        return starts.astype(np.int32), index[order].astype(np.int32), value[order].astype(np.float64)

    def run(self):
        self.highs.run()
        status = self.highs.getModelStatus()
        if status != self.highspy.HighsModelStatus.kOptimal:
            raise Unsolved(self.highs.modelStatusToString(status))

    def price_out(self):
        """Solve, ask every pair, add those that would help; until none does. Returns how many times."""
        rounds = 0
        while True:
            self.run()
            rounds += 1
            self.prices = np.array(self.highs.getSolution().row_dual)
            self.bound = self.highs.getInfo().objective_function_value
            before = len(self.people)
            added = sum(self.add(*self.helpful(rows)) for rows in self.chunks())
            if not added:
                return rounds
            # a few columns more leave the solution feasible: go on from it; after many it is quicker to begin again
            few = added < before * FEW
            self.highs.setOptionValue("simplex_strategy", PRIMAL if few else DUAL)
            if not few:
                self.highs.clearSolver()

    def helpful(self, rows):
        """The pairs of some people outside the programme with the most negative reduced costs."""
        worse = self.reduced(rows)
        worse[self.inside[rows]] = 0
        people, places = cheapest(worse + self.ties(rows) * SMALL, rows, MORE)
        keep = worse[people - rows.start, places] < -SMALL
        return people[keep], places[keep]

    def reduced(self, rows):
        """What imposing each pair would add to the total, at least; pairs that are not possible count BLOCKED."""
        costs = self.costs[rows]
        worse = costs - (self.leaving[rows] + self.prices[: self.n][rows])[:, None] - self.place_prices
        for group, weight in enumerate(self.group_prices):
            members = self.member[group, rows]
            worse[members] -= weight
        worse[costs >= BLOCKED] = BLOCKED
        return worse

    @property
    def place_prices(self):
        """The price of a place, of its host and of the quotas it counts in, whoever goes there."""
        found = self.prices[self.n : self.n + self.m].copy()
        limited = self.host_of >= 0
        found[limited] += self.prices[self.n + self.m :][self.host_of[limited]]
        for n, row in enumerate(self.rows):
            if row.off:
                found[self.scope[n]] += row.off * self.prices[self.first_quota + n]
        return found

    @property
    def group_prices(self):
        """What is added to those for the people of each group."""
        found = np.zeros((len(self.member), self.m))
        for n, row in enumerate(self.rows):
            found[row.group, self.scope[n]] += (row.on - row.off) * self.prices[self.first_quota + n]
        return found

    @cached_property
    def at(self):
        return (
            {one.key: n for n, one in enumerate(self.instance.people)},
            {one.key: n for n, one in enumerate(self.instance.places)},
        )

    def worse_by(self, person, place):
        n, at = self.at[0][person], self.at[1][place]
        return max(0, round(float(self.reduced(slice(n, n + 1))[0, at])))

    def whole(self):
        """The assignment, where the optimum is in whole people; None where it is not."""
        taken = np.array(self.highs.getSolution().col_value)[len(self.rows) :]
        if np.abs(taken - taken.round()).max(initial=0) > WHOLE:
            return None
        return self.read(taken)

    def read(self, taken):
        chosen = np.flatnonzero(taken > 0.5)
        people, places = self.instance.people, self.instance.places
        return {people[self.people[n]].key: places[self.places[n]].key for n in chosen}

    def nearest_whole(self, *, seconds, gap):
        """Whole people near the optimum of the linear programme, where most of them are already. First only the others
        choose again; where that is not near enough, everybody does, among the pairs that cost least by the prices."""
        taken = np.array(self.highs.getSolution().col_value)[len(self.rows) :]
        settled = np.zeros(self.n, bool)
        settled[self.people[taken > 1 - WHOLE]] = True
        worse = np.concatenate([self.reduced(rows).clip(0).astype(np.float32) for rows in self.chunks()])
        possible = self.costs < BLOCKED
        count = min(NEAR, self.possible)
        limit = float(np.partition(worse[possible], count - 1)[count - 1])
        self.add(*np.nonzero((worse <= limit) & possible))
        taken = np.concatenate([taken, np.zeros(len(self.people) - len(taken))])
        columns = np.arange(len(self.rows), len(self.rows) + len(self.people), dtype=np.int32)
        whole = np.full(len(columns), int(self.highspy.HighsVarType.kInteger), np.uint8)
        self.highs.changeColsIntegrality(len(columns), columns, whole)
        low = np.where(settled[self.people], taken.round(), 0.0)
        high = np.where(settled[self.people], taken.round(), 1.0)
        self.highs.changeColsBounds(len(columns), columns, low, high)
        best = self.search(seconds=seconds / 2, gap=gap / 2)
        if best is not None and self.points(best) - self.bound <= gap * self.bound:
            return best
        high = (worse[self.people, self.places] <= limit).astype(float)
        self.highs.changeColsBounds(len(columns), columns, np.zeros(len(columns)), high)
        if best is not None:
            start = self.highspy.HighsSolution()
            start.col_value = self.columns_of(best)
            self.highs.setSolution(start)
        again = self.search(seconds=seconds / 2, gap=gap)
        if again is None and best is None:
            raise Unsolved(self.highs.modelStatusToString(self.highs.getModelStatus()))
        # what uses a pair that was left out costs at least the optimum and that pair's reduced cost
        here = self.highs.getInfo().mip_dual_bound
        self.bound = max(self.bound, min(here, self.bound + limit) if count < self.possible else here)
        return min((one for one in (best, again) if one is not None), key=self.points)

    def search(self, *, seconds, gap):
        """An assignment in whole people, or None where none was found in time."""
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + seconds)
        self.highs.setOptionValue("mip_rel_gap", gap)
        self.highs.run()
        if self.highs.getInfo().primal_solution_status != FEASIBLE:
            return None
        return self.read(np.array(self.highs.getSolution().col_value)[len(self.rows) :])

    def columns_of(self, assigned):
        """What the solver's columns are in an assignment."""
        people, places = self.at
        chosen = {(people[one], places[place]) for one, place in assigned.items()}
        pairs = [float(pair in chosen) for pair in zip(self.people.tolist(), self.places.tolist(), strict=True)]
        missed = []
        for number, row in enumerate(self.rows):
            at = set(self.scope[number].tolist())
            inside = [n for n, place in chosen if place in at]
            value = sum(row.on if self.member[row.group, n] else row.off for n in inside)
            missed.append(max(0.0, row.low - value, value - row.high) / abs(row.slack))
        return missed + pairs

    def points(self, assigned):
        people, places = self.at
        reached = sum(int(self.costs[people[one], places[place]]) for one, place in assigned.items())
        left = sum(
            int(self.leaving[n])
            for n, one in enumerate(self.instance.people)
            if self.some[n] and one.key not in assigned
        )
        missed = self.instance.weights.quota_missed // 100 * sum(one.missing for one in self.outcomes(assigned))
        return reached + left + missed

    def outcomes(self, assigned):
        return tuple(outcome(quota, assigned) for quota in self.instance.quotas)


def outcome(quota: Quota, assigned: dict[int, int]) -> QuotaOutcome:
    inside = [person for person, place in assigned.items() if quota.places is None or place in quota.places]
    reached = sum(person in quota.people for person in inside)
    whole = len(inside)
    hundredths = 0
    if quota.least is not None:
        hundredths += max(0, 100 * (quota.least - reached))
    if quota.most is not None:
        hundredths += max(0, 100 * (reached - quota.most))
    if quota.least_percent is not None:
        hundredths += max(0, quota.least_percent * whole - 100 * reached)
    if quota.most_percent is not None:
        hundredths += max(0, 100 * reached - quota.most_percent * whole)
    return QuotaOutcome(quota.key, reached, whole, hundredths)
