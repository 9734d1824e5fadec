"""How far one municipality is from another, and how long the way takes by each means.

A table of measured minutes is better and is used where there is one. Otherwise the way is the distance as the crow
flies times `DETOUR`, at the `SPEED` of the means: an estimate of this system, without a source, to be read as one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from math import ceil, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np  # the pages read names from here, and do not wait for it

EARTH_KM = 6371.0
DETOUR = 1.3
NEVER = 9999  # minutes: no way there


class Means(StrEnum):
    """Those of the employability profile, and one's feet."""

    FOOT = "foot"
    BICYCLE = "bicycle"
    PUBLIC = "public"
    SCOOTER = "scooter"
    CAR = "car"


MEANS = tuple(Means)
# kilometres an hour door to door, and the minutes lost before and after (waiting, parking)
SPEED = {
    Means.FOOT: (4.5, 0),
    Means.BICYCLE: (13.0, 2),
    Means.PUBLIC: (25.0, 12),
    Means.SCOOTER: (38.0, 3),
    Means.CAR: (45.0, 5),
}
FARTHEST_KM = {Means.FOOT: 3.0, Means.BICYCLE: 12.0}  # longer ways by these means are no ways


@dataclass(frozen=True)
class Municipality:
    code: str
    lat: float
    lon: float
    area_km2: float = 10.0


def mask(means: Iterable[str]) -> int:
    return sum(1 << MEANS.index(Means(one)) for one in set(means))


EVERY_MEANS = mask(MEANS)


@dataclass(frozen=True)
class Ground:
    """`minutes` holds what was measured: (from, to, means) -> minutes one way."""

    municipalities: tuple[Municipality, ...]
    minutes: Mapping[tuple[str, str, str], int] = field(default_factory=dict)

    @cached_property
    def at(self) -> dict[str, int]:
        return {one.code: n for n, one in enumerate(self.municipalities)}

    @cached_property
    def km(self) -> "np.ndarray":
        """By road, estimated. Inside one municipality half the side of a square of its area."""
        import numpy as np

        lat, lon = (np.radians([getattr(one, name) for one in self.municipalities]) for name in ("lat", "lon"))
        half = np.sin((lat[:, None] - lat) / 2) ** 2
        half = half + np.cos(lat)[:, None] * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
        km = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))) * DETOUR
        np.fill_diagonal(km, [sqrt(one.area_km2) / 2 for one in self.municipalities])
        return km

    @cached_property
    def ways(self) -> "np.ndarray":
        """Minutes one way by the best of a set of means: [mask of means, from, to]."""
        import numpy as np

        size = len(self.municipalities)
        single = np.full((len(MEANS), size, size), NEVER, np.int16)
        for n, means in enumerate(MEANS):
            speed, lost = SPEED[means]
            minutes = np.ceil(self.km / speed * 60 + lost)
            minutes = np.where(self.km > FARTHEST_KM.get(means, np.inf), NEVER, minutes)
            single[n] = np.minimum(minutes, NEVER)
        for (start, end, means), known in self.minutes.items():
            if start in self.at and end in self.at:
                single[MEANS.index(Means(means)), self.at[start], self.at[end]] = min(ceil(known), NEVER)
        ways = np.full((EVERY_MEANS + 1, size, size), NEVER, np.int16)
        for means in range(1, EVERY_MEANS + 1):
            lowest = means & -means
            ways[means] = np.minimum(ways[means ^ lowest], single[lowest.bit_length() - 1])
        return ways

    def way(self, start: str, end: str, means: int) -> int:
        """Minutes one way by the best of a mask of means; NEVER where there is none."""
        return int(self.ways[means, self.at[start], self.at[end]])
