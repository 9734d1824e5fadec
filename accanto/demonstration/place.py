"""Where a life is set: the zone with its towns, the people who work there, the bodies, hosts and operation."""

import bisect
import datetime as dt
import itertools
from dataclasses import dataclass, field
from decimal import Decimal

FULL = 70  # open cases of one social worker, at most
TRAINEES = 12  # running traineeships of one tutor, at most


@dataclass(slots=True, frozen=True)
class Worker:
    """A user with the role they act in."""

    user_id: int
    role_id: int
    name: str


@dataclass(slots=True, frozen=True)
class Operation:
    id: int
    cup: str
    starts: dt.date
    ends: dt.date
    hourly_rate: Decimal
    monthly_hours_max: Decimal


@dataclass(slots=True)
class Host:
    id: int
    organisation_id: int
    type: str
    municipality: str
    address: str
    tutor: Worker | None = None
    trainees: int = 0
    agreement_id: int | None = None


@dataclass(slots=True)
class Place:
    zone_id: int
    code: str
    name: str
    municipalities: list  # ISTAT codes
    weights: list  # residents of each, running total
    authority_id: int
    employment_centre_id: int
    operation: Operation
    worker_of: object  # number -> Worker, made where there is none yet
    tutor_of: object
    host_of: object
    full: int = FULL
    codes: set = field(default_factory=set)
    open_cases: int = 0
    running: int = 0
    placements: int = 0

    def draw_municipality(self, rng):
        return self.municipalities[bisect.bisect(self.weights, rng.random() * self.weights[-1])]

    def new_code(self, code):
        """Whether nobody has this fiscal code here yet; it is taken from now on."""
        before = len(self.codes)
        self.codes.add(code)
        return len(self.codes) > before

    def any_worker(self, rng):
        return self.worker_of(rng.randrange(1 + self.open_cases // self.full))

    def manager(self, rng, *, still_open):
        """Who has room; a closed case was anybody's."""
        if not still_open:
            return self.any_worker(rng)
        self.open_cases += 1
        return self.worker_of((self.open_cases - 1) // self.full)

    def tutor(self, rng, *, running):
        """The first twelve running traineeships are of the first tutor, and so on; the others are of the rest."""
        if not running:
            return self.tutor_of(1 + rng.randrange(1 + self.running // TRAINEES))
        self.running += 1
        return self.tutor_of((self.running - 1) // TRAINEES)

    def host(self):
        """Two or three trainees to each host, one after the other."""
        self.placements += 1
        return self.host_of(self.placements // 3 if self.placements % 7 else self.placements // 7)


def shares(total, weights):
    """Whole numbers in proportion to the weights that sum to `total`; the largest remainders take what is left."""
    exact = {key: total * weight / sum(weights.values()) for key, weight in weights.items()}
    found = {key: int(value) for key, value in exact.items()}
    most_left = sorted(exact, key=lambda key: (found[key] - exact[key], key))
    for key in itertools.islice(most_left, total - sum(found.values())):
        found[key] += 1
    return found
