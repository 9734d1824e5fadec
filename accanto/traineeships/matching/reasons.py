"""One pair in words that can be counted: what makes it possible, what makes it worse and by how many points.

`costs.py` says the same of all pairs together; a test holds the two to the same answer."""

from dataclasses import dataclass, field
from enum import StrEnum

from accanto.traineeships.matching.ground import EVERY_MEANS, NEVER, Means, mask
from accanto.traineeships.matching.instance import Instance, Person, Place
from accanto.traineeships.matching.timetable import shifts_of, spare


class Why(StrEnum):
    # these forbid the pair
    NO_WAY = "no_way"
    TOO_FAR = "too_far"
    MUNICIPALITY = "municipality"
    TIMETABLE = "timetable"
    SHIFT = "shift"
    HOURS = "hours"
    NEED = "need"
    REQUIREMENT = "requirement"
    SECTOR_REFUSED = "sector_refused"
    DECLINED = "declined"
    # these weigh on it
    WAY = "way"
    NEED_ON_REQUEST = "need_on_request"
    SECTOR = "sector"
    SKILL = "skill"
    LEARNED = "learned"
    # these speak for it, and cost nothing
    NEEDS_MET = "needs_met"
    WISHED = "wished"
    HOURS_FIT = "hours_fit"
    SKILLS_MET = "skills_met"


class Verdict(StrEnum):
    """What becomes of a place, for somebody."""

    CHOSEN = "chosen"
    BLOCKED = "blocked"
    TAKEN = "taken"  # possible, and every opening, or all the room of its host, is given to others
    DEARER = "dearer"  # possible and free, and worse in all


@dataclass(frozen=True)
class Reason:
    """`points` None: the pair is not possible."""

    why: Why
    points: int | None = 0
    values: dict = field(default_factory=dict)

    @property
    def blocks(self):
        return self.points is None


def means_of(person: Person) -> int:
    """Who did not say how they move goes on foot or by public transport."""
    return mask(person.means or {Means.PUBLIC}) | mask({Means.FOOT})


def reached(place: Place) -> int:
    return EVERY_MEANS if place.reached_by is None else mask(place.reached_by) | mask({Means.FOOT})


def weigh(instance: Instance, person: Person, place: Place) -> list[Reason]:
    """Everything that is to be said of a pair, all at once."""
    return [
        *the_way(instance, person, place),
        *the_hours(person, place),
        *the_needs(instance, person, place),
        *the_work(instance, person, place),
        *the_past(instance, person, place),
    ]


def cost(reasons: list[Reason]) -> int | None:
    """The points of a pair; None where something forbids it."""
    return None if any(one.blocks for one in reasons) else sum(one.points for one in reasons)


def the_way(instance, person, place):
    ground, weights = instance.ground, instance.weights
    minutes = ground.way(person.municipality, place.municipality, means_of(person) & reached(place))
    km = float(ground.km[ground.at[person.municipality], ground.at[place.municipality]])
    spared = spare(person.out, place.works, place.hours_least)
    elsewhere = person.only_in is not None and place.municipality not in person.only_in
    if elsewhere or place.municipality in person.never_in:
        yield Reason(Why.MUNICIPALITY, None)
    if minutes >= NEVER:
        yield Reason(Why.NO_WAY, None, {"km": round(km)})
        return
    said = {"minutes": minutes, "km": round(km), "most": instance.longest(person)}
    if minutes > instance.longest(person) or (person.max_km is not None and km > person.max_km):
        yield Reason(Why.TOO_FAR, None, said | {"most_km": person.max_km})
    else:
        yield Reason(Why.WAY, weights.minute * minutes, said)
    if minutes > spared:
        yield Reason(Why.TIMETABLE, None, {"minutes": minutes, "even_next_door": spared < 0})
    elif person.out is not None:
        yield Reason(Why.HOURS_FIT)


def the_hours(person, place):
    missing = shifts_of(place.works) - person.shifts if person.shifts else frozenset()
    if missing:
        yield Reason(Why.SHIFT, None, {"shifts": sorted(missing)})
    if person.hours_most is not None and place.hours_least > person.hours_most:
        yield Reason(Why.HOURS, None, {"asked": place.hours_least, "most": person.hours_most})


def the_needs(instance, person, place):
    missing = person.needs - place.offers - place.on_request
    to_ask = (person.needs & place.on_request) - place.offers
    if missing:
        yield Reason(Why.NEED, None, {"needs": sorted(missing)})
    if to_ask:
        points = instance.weights.need_on_request * len(to_ask)
        yield Reason(Why.NEED_ON_REQUEST, points, {"needs": sorted(to_ask)})
    if person.needs & place.offers and not missing:
        yield Reason(Why.NEEDS_MET, 0, {"needs": sorted(person.needs & place.offers)})


def the_work(instance, person, place):
    weights = instance.weights
    if place.requires - person.has:
        yield Reason(Why.REQUIREMENT, None, {"asked": sorted(place.requires - person.has)})
    if lacking := place.likes - person.has:
        yield Reason(Why.SKILL, weights.skill_lacking * len(lacking), {"skills": sorted(lacking)})
    if place.likes & person.has:
        yield Reason(Why.SKILLS_MET, 0, {"skills": sorted(place.likes & person.has)})
    if place.sector and place.sector in person.refuses:
        yield Reason(Why.SECTOR_REFUSED, None, {"sector": place.sector})
    if place.sector in person.wishes:
        rank = person.wishes.index(place.sector)
        points = min(weights.wished_after * rank, weights.not_wished)
        yield Reason(Why.WISHED, points, {"sector": place.sector, "rank": rank + 1})
    elif person.wishes:
        yield Reason(Why.SECTOR, weights.not_wished, {"sector": place.sector})


def the_past(instance, person, place):
    pair = person.key, place.key
    if pair in instance.blocked:
        yield Reason(Why.DECLINED, None, {"reason": instance.blocked[pair]})
    if pair in instance.dearer:
        yield Reason(Why.LEARNED, instance.weights.learned, {"reason": instance.dearer[pair]})
