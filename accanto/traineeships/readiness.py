"""Who is ready for a traineeship, what is missing to the others, and what a proposal is made from: people, places and
limits as the solver reads them."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q

from accanto.cases.employability import EmployabilityProfile
from accanto.cases.limits import Accommodation, FunctionalLimit
from accanto.cases.personal_plan import PlanSignature, PlanSupport
from accanto.territory.municipality import Municipality
from accanto.traineeships import host as hosts
from accanto.traineeships.agreement import Agreement
from accanto.traineeships.matching import instance as solver
from accanto.traineeships.matching.ground import Ground, Means
from accanto.traineeships.matching.ground import Municipality as Point
from accanto.traineeships.matching.instance import Instance, Shift, Span
from accanto.traineeships.place import Place, Transport, promised_by_place, taken_by_place
from accanto.traineeships.place_search import PlaceSearch
from accanto.traineeships.traineeship import OPEN, TO_START, Traineeship

READY = EmployabilityProfile.Readiness.TRAINING
MIDNIGHT = 24 * 60
LIMIT = "limit:"  # a kind of limit, among the needs: a place may say it takes account of it
# who consents to a traineeship by signing the plan that foresees it
CONSENTS = (PlanSignature.Signer.PERSON, PlanSignature.Signer.REPRESENTATIVE)


class Missing(StrEnum):
    """Why somebody who could begin a traineeship is in no proposal yet."""

    CONSENT = "consent"  # no agreed plan, signed by them, foresees a traineeship
    MUNICIPALITY = "municipality"
    SEALED = "sealed"  # where they live is under protection: no search by distance says where they are not
    HOURS = "hours"  # a limit of timetable stands in words only
    PLACES = "places"  # a limit of place is newer than the search


@dataclass
class Ready:
    """Somebody near enough to work, and what is missing; nothing: they are in the next proposal."""

    case: object
    person: object
    profile: EmployabilityProfile
    search: PlaceSearch | None
    limits: list
    missing: list[Missing] = field(default_factory=list)


def of_zone(*, by, day):
    """Those of the zone with a profile that says «training» or more, an open case, and no traineeship to start or
    running: by name, ready or not. Six queries, whatever their number."""
    plans = PlanSupport.objects.within(by).filter(
        plan__case=OuterRef("case_id"), plan__superseded_at=None, plan__agreed_on__isnull=False
    )
    foreseen = plans.filter(kind=PlanSupport.Kind.TRAINEESHIP, plan__signatures__signer__in=CONSENTS)
    at_work = Traineeship.objects.within(by).filter(subject_id=OuterRef("subject_id"), state__in=(*TO_START, *OPEN))
    profiles = list(
        EmployabilityProfile.objects.within(by)
        .standing()
        .filter(readiness__gte=READY, case__closed_on=None)
        .filter(~Exists(at_work))
        .annotate(consents=Exists(foreseen))
        .select_related("case", "subject__person__registry")
        .order_by("subject__person__name_key", "pk")
    )
    cases = [row.case_id for row in profiles]
    searches = {row.case_id: row for row in PlaceSearch.objects.within(by).standing().filter(case__in=cases)}
    limits = defaultdict(list)
    standing = FunctionalLimit.objects.within(by).standing().filter(case__in=cases, valid_from__lte=day)
    for row in standing.filter(Q(valid_to=None) | Q(valid_to__gte=day)).order_by("pk"):
        limits[row.case_id].append(row)
    return [
        with_what_is_missing(
            Ready(row.case, row.subject.person, row, searches.get(row.case_id), limits[row.case_id]), row.consents
        )
        for row in profiles
    ]


def with_what_is_missing(one, consents):
    if not consents:
        one.missing.append(Missing.CONSENT)
    registry = getattr(one.person, "registry", None)
    if registry is None or registry.municipality_id is None:
        sealed = bool(registry and registry.municipality_sealed)
        one.missing.append(Missing.SEALED if sealed else Missing.MUNICIPALITY)
    kinds = defaultdict(list)
    for limit in one.limits:
        kinds[limit.kind].append(limit)
    hours, places = kinds[FunctionalLimit.Kind.TIMETABLE], kinds[FunctionalLimit.Kind.PLACE]
    if hours and (one.search is None or not one.search.out_from or older(one.search, hours)):
        one.missing.append(Missing.HOURS)
    if places and (one.search is None or older(one.search, places)):
        one.missing.append(Missing.PLACES)
    return one


def older(search, limits):
    return any(search.recorded_at < limit.recorded_at for limit in limits)


# what the solver reads


@lru_cache(maxsize=2)
def ground_of(rows):
    return Ground(tuple(Point(*row) for row in rows))


def ground():
    rows = Municipality.objects.order_by("pk").values_list("istat_code", "lat", "lon", "area_km2")
    return ground_of(tuple((code, float(lat), float(lon), float(area)) for code, lat, lon, area in rows))


def minutes(moment):
    return moment.hour * 60 + moment.minute


def spans(begins, ends):
    """Arrays of hours from Monday to Sunday as spans; None where they are empty. What ends at midnight or after it
    ends with the day: the rest of a night is not looked at."""
    if not begins:
        return None
    found = []
    for weekday, (first, last) in enumerate(zip(begins, ends, strict=True)):
        if first is not None and last is not None:
            end = minutes(last)
            found.append(Span(weekday, minutes(first), end if end > minutes(first) else MIDNIGHT))
    return tuple(found)


def person_of(ready, skills):
    """`skills` are the words that places ask for; one has those found in what the profile says."""
    profile, search, registry = ready.profile, ready.search, ready.person.registry
    told = " ".join((profile.skills, profile.languages, profile.last_job)).casefold()
    has = {skill for skill in skills if skill in told} | {str(licence) for licence in profile.licences}
    asked = {}
    if search is not None:
        asked = {
            "max_minutes": search.max_minutes,
            "out": spans(search.out_from, search.out_to),
            "only_in": frozenset(search.only_in) or None,
            "never_in": frozenset(search.never_in),
            "wishes": tuple(search.wishes),
            "refuses": frozenset(search.refuses),
            "priority": search.priority,
        }
    suited = {LIMIT + limit.kind for limit in ready.limits}
    return solver.Person(
        key=ready.case.pk,
        municipality=registry.municipality_id,
        zone=ready.case.zone_id,
        sex=registry.sex,
        means=frozenset(Means(one) for one in profile.transport),
        shifts=frozenset(Shift(one) for one in profile.shifts),
        hours_most=profile.weekly_hours,
        needs=frozenset(search.needs if search else ()) | suited,
        has=frozenset(has),
        **asked,
    )


BY_BUS = {Transport.BUS, Transport.TRAIN, Transport.SHUTTLE}
OWN = frozenset({Means.CAR, Means.SCOOTER, Means.BICYCLE, Means.FOOT})
ANY_LIMIT = frozenset(LIMIT + kind for kind in FunctionalLimit.Kind.values)
AT_WORK = frozenset(Accommodation.Kind.values)


def place_of(row, left):
    """What the building has is there or is not; what a workplace does, and the limits it minds, can be asked for."""
    offers = frozenset(row.access) | frozenset(row.accommodations) | {LIMIT + kind for kind in row.suits}
    ways = set(row.transport)
    return solver.Place(
        key=row.pk,
        host=row.host_id,
        municipality=row.municipality_id,
        zone=row.municipality.zone_id,
        openings=left,
        sector=row.setting,
        works=spans(row.begins_at, row.ends_at),
        hours_least=int(row.weekly_hours),
        reached_by=OWN | ({Means.PUBLIC} if ways & BY_BUS else set()) if ways else None,
        offers=offers,
        on_request=(AT_WORK | ANY_LIMIT) - offers,
        likes=frozenset(skill.casefold() for skill in row.skills),
    )


def open_places(*, day, proposed=(), but=None):
    """The open places with an opening left, of any zone, and how many: accepted proposals whose plan is still to write
    take one too, whatever their zone. `proposed` are places given to others in a round; `but` is a place of whoever
    asks, whose own promise leaves it free for them."""
    taken, promised = taken_by_place(), Counter(proposed)
    for place, _host, number in promised_by_place():
        promised[place] += number
    promised[but] -= 1
    rows = Place.objects.open_on(day).with_host().order_by("pk")
    left = ((row, row.openings - taken.get(row.pk, 0) - promised[row.pk]) for row in rows)
    return [(row, free) for row, free in left if free > 0]


def room_of(rows, *, day):
    """Host -> how many more it may receive, where its agreements in force say how many. The law's number for a TIS was
    not found (R-LIM-01): none is invented here."""
    agreed = defaultdict(list)
    inside = Agreement.objects.in_force(day).filter(host__in={row.host_id for row in rows}, valid_from__lte=day)
    for host, places in inside.order_by("pk").values_list("host_id", "places"):
        agreed[host].append(places)
    limited = {host: sum(places) for host, places in agreed.items() if None not in places}
    there = hosts.trainees([row.host for row in rows if row.host_id in limited]) if limited else {}
    promised = Counter()
    for _place, host, number in promised_by_place() if limited else ():
        promised[host] += number
    return {host: max(0, places - sum(there.get(host, (0, 0))) - promised[host]) for host, places in limited.items()}


def instance_of(ready, places, *, room):
    """What is asked of the solver, for people of whom nothing is missing."""
    skills = {skill.casefold() for row, _left in places for skill in row.skills}
    return Instance(
        people=tuple(person_of(one, skills) for one in ready),
        places=tuple(place_of(row, left) for row, left in places),
        ground=ground(),
        room=room,
    )


def said_since(ready, moment):
    """Whether profile or search were written again after a moment: a «not now» of before holds no more."""
    return any(row is not None and row.recorded_at > moment for row in (ready.profile, ready.search))
