"""What the assignment is asked: people, places, limits of hosts, quotas and the weights of each thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from accanto.traineeships.matching.ground import Ground, Means


class Span(NamedTuple):
    """Minutes of a weekday, Monday 0: when somebody may be out, or when one works at a place."""

    weekday: int
    begins: int
    ends: int


class Shift(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"
    WEEKEND = "weekend"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody ready for a traineeship, as far as a place may ask. `area` serves the figures of fairness alone: no
    weight, constraint or explanation reads it."""

    key: int
    municipality: str
    zone: int = 0
    sex: str = ""
    area: str = ""
    means: frozenset[Means] = frozenset()
    max_minutes: int | None = None
    max_km: float | None = None
    # when they may be away from home, the way included; None: always. The reason is not here and is not asked
    out: tuple[Span, ...] | None = None
    only_in: frozenset[str] | None = None  # municipalities
    never_in: frozenset[str] = frozenset()
    shifts: frozenset[Shift] = frozenset()  # empty: any
    hours_most: int | None = None
    needs: frozenset[str] = frozenset()
    has: frozenset[str] = frozenset()  # licences, skills
    wishes: tuple[str, ...] = ()  # sectors, the dearest first
    refuses: frozenset[str] = frozenset()  # sectors
    priority: int = 0


@dataclass(frozen=True, kw_only=True)
class Place:
    key: int
    host: int
    municipality: str
    zone: int = 0
    openings: int = 1
    sector: str = ""
    # the timetable; None: agreed with the person
    works: tuple[Span, ...] | None = None
    hours_least: int = 0
    reached_by: frozenset[Means] | None = None  # None: by any means
    offers: frozenset[str] = frozenset()
    on_request: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    likes: frozenset[str] = frozenset()  # skills welcome, not asked


@dataclass(frozen=True, kw_only=True)
class Quota:
    """At least, or at most, so many of the proposals in `places` (None: in all) go to `people`: a number, or a share of
    those proposals, in per cent. What cannot be met is told and costs `Weights.quota_missed` a person."""

    key: str
    people: frozenset[int]
    places: frozenset[int] | None = None
    least: int | None = None
    most: int | None = None
    least_percent: int | None = None
    most_percent: int | None = None


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Points: what makes a pair worse. One is a minute of the way. They are choices of the team, not of any law."""

    minute: int = 1
    need_on_request: int = 15
    not_wished: int = 30
    wished_after: int = 10  # for each wish that comes before
    skill_lacking: int = 10
    learned: int = 25
    # how much it costs to leave somebody without a place: more than any pair of those allowed
    unplaced: int = 600
    priority: int = 300
    # less than that: nobody is left without a place only to keep a share
    quota_missed: int = 500
    longest_minutes: int = 90

    def __post_init__(self):
        if self.quota_missed % 100:
            raise ValueError("quota_missed is in whole hundreds, so that shares of people cost whole points")


@dataclass(frozen=True, kw_only=True)
class Instance:
    people: tuple[Person, ...]
    places: tuple[Place, ...]
    ground: Ground
    room: Mapping[int, int] = field(default_factory=dict)  # host -> how many more it may receive; absent: no limit
    quotas: tuple[Quota, ...] = ()
    weights: Weights = Weights()
    # (person, place) -> why not, and what makes it dearer: from declines of before
    blocked: Mapping[tuple[int, int], str] = field(default_factory=dict)
    dearer: Mapping[tuple[int, int], str] = field(default_factory=dict)

    @cached_property
    def person(self) -> dict[int, Person]:
        return {one.key: one for one in self.people}

    @cached_property
    def place(self) -> dict[int, Place]:
        return {one.key: one for one in self.places}

    def unplaced_cost(self, person: Person) -> int:
        return self.weights.unplaced + self.weights.priority * person.priority

    def longest(self, person: Person) -> int:
        """Minutes one way that this person may be asked."""
        own = self.weights.longest_minutes if person.max_minutes is None else person.max_minutes
        return min(own, self.weights.longest_minutes)
