"""Why a proposal was declined, from a closed list, and what each reason teaches the proposals that follow.

A reason says something of the pair, of the place or of the way; none says anything of why the person is in charge."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from accanto.traineeships.matching.instance import Instance
from accanto.traineeships.matching.reasons import means_of, reached


class Decline(StrEnum):
    TOO_FAR = "too_far"  # nor any place as far, for this person
    TIMETABLE = "timetable"  # nor any place with the same hours, for this person
    TASKS = "tasks"  # other places of the same sector weigh more, for this person
    ACCOMMODATION = "accommodation"  # what was missing is not offered there, for anybody
    OTHER_WISH = "other_wish"  # other places of the same host weigh more, for this person
    HOST_SAYS_NO = "host_says_no"  # nor any place of that host, for this person
    PLACE_GONE = "place_gone"  # the place is out, for everybody
    NOT_NOW = "not_now"  # the person is out, until said again
    TEAM_KNOWS = "team_knows"  # nor any place of that host, for this person; why, the list does not ask


@dataclass(frozen=True)
class Declined:
    """`missing` are the needs that the place does not meet, where the reason is ACCOMMODATION."""

    person: int
    place: int
    reason: Decline
    missing: frozenset[str] = frozenset()


def taught(instance: Instance, declines: Iterable[Declined]) -> Instance:
    """The instance with what was declined before. The pair itself never comes back, whatever the reason. Declines of
    people and places that are here no more teach nothing."""
    people, places = dict(instance.person), dict(instance.place)
    blocked, dearer = dict(instance.blocked), dict(instance.dearer)
    out_people, out_places = set(), set()
    for one in declines:
        if one.person not in people or one.place not in places:
            continue
        person, place = people[one.person], places[one.place]
        blocked[one.person, one.place] = str(one.reason)
        match one.reason:
            case Decline.TOO_FAR:
                ways = means_of(person) & reached(place)
                way = instance.ground.way(person.municipality, place.municipality, ways)
                people[person.key] = replace(person, max_minutes=max(0, min(way - 1, instance.longest(person))))
            case Decline.ACCOMMODATION:
                places[place.key] = replace(
                    place, offers=place.offers - one.missing, on_request=place.on_request - one.missing
                )
            case Decline.PLACE_GONE:
                out_places.add(place.key)
            case Decline.NOT_NOW:
                out_people.add(person.key)
            case _:
                for other in alike(instance, place, one.reason):
                    pairs = blocked if one.reason in FORBIDS else dearer
                    pairs.setdefault((person.key, other), str(one.reason))
    return replace(
        instance,
        people=tuple(one for key, one in people.items() if key not in out_people),
        places=tuple(one for key, one in places.items() if key not in out_places),
        blocked=blocked,
        dearer={pair: why for pair, why in dearer.items() if pair not in blocked},
    )


FORBIDS = (Decline.TIMETABLE, Decline.HOST_SAYS_NO, Decline.TEAM_KNOWS)


def alike(instance, place, reason):
    """The keys of the other places that the reason speaks of too."""
    for other in instance.places:
        match reason:
            case Decline.TIMETABLE:
                same = place.works is not None and other.works == place.works
            case Decline.TASKS:
                same = bool(place.sector) and other.sector == place.sector
            case _:
                same = other.host == place.host
        if same and other.key != place.key:
            yield other.key
