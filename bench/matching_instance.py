"""People and places of an invented region, drawn by a seed: what the assignment is measured on.

Municipalities are those of the region pack, with their points; people and places are spread by residents. Nobody is
real."""

import csv
import random
from collections import Counter
from functools import cache
from pathlib import Path

from accanto.traineeships.matching.ground import Ground, Means, Municipality
from accanto.traineeships.matching.instance import Instance, Person, Place, Quota, Shift, Span

PEOPLE, PLACES = 7500, 3000
REGION = Path(__file__).parent.parent / "regions" / "toscana"
POINT = ("lat", "lon", "area_km2")
HOUR = 60
AREAS = ("mental_health", "disability", "disadvantage", "prison")
SECTORS = ("agriculture", "care", "catering", "cleaning", "crafts", "culture", "office", "retail", "warehouse")
NEEDS = ("breaks", "quiet", "step_free", "short_instructions", "tutor_beside", "seated", "lighter_tasks")
SKILLS = ("B", "forklift", "computer", "italian_b1", "kitchen", "till", "pruning")
WEEKS = tuple(
    tuple(Span(day, begins * HOUR, ends * HOUR) for day in days)
    for days, begins, ends in (
        ((0, 1, 2, 3, 4), 8, 12), ((0, 1, 2, 3, 4), 9, 13), ((0, 1, 2, 3, 4), 14, 18), ((0, 2, 4), 8, 14),
        ((0, 1, 3, 4), 9, 15), ((0, 1, 2, 3, 4), 7, 12), ((1, 2, 3, 4, 5), 8, 12), ((2, 3, 4, 5, 6), 17, 22),
        ((0, 1, 2, 3), 8, 13), ((0, 1, 2, 3, 4), 10, 16),
    )
)  # fmt: skip
# when somebody may be out: whole days, mornings, working days only, until early evening
OUTS = tuple(
    tuple(Span(day, begins * HOUR, ends * HOUR) for day in days)
    for days, begins, ends in (
        ((0, 1, 2, 3, 4), 7, 19), ((0, 1, 2, 3, 4, 5), 6, 21), ((0, 1, 2, 3, 4), 8, 14), ((0, 1, 2, 3, 4), 7, 15),
        ((0, 1, 2, 3, 4, 5, 6), 8, 20), ((0, 2, 4), 7, 18),
    )
)  # fmt: skip


@cache
def municipalities():
    """Of the region pack: code, zone, latitude, longitude, area in km², residents last counted."""
    with (REGION / "populations.csv").open(encoding="utf-8", newline="") as file:
        residents = {row["istat_code"]: int(row["residents"]) for row in sorted(csv.DictReader(file), key=by_day)}
    with (REGION / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        return [
            (code := row["istat_code"], row["zone"], *(float(row[name]) for name in POINT), residents[code])
            for row in csv.DictReader(file)
        ]


def by_day(row):
    return row["date"]


@cache
def ground():
    return Ground(tuple(Municipality(code, lat, lon, area) for code, _zone, lat, lon, area, _n in municipalities()))


def some(rng, names, chances):
    return frozenset(rng.sample(names, rng.choices(range(len(chances)), chances)[0]))


def draw(*, people=PEOPLE, places=PLACES, seed="accanto", plain=False, max_km=None, zone=None):
    """`plain`: only how far and how many. Otherwise every constraint, and the quotas of `quotas`. With the code of a
    zone everything is there."""
    rng = random.Random(f"{seed}/matching")
    rows = [row for row in municipalities() if zone in (None, row[1])]
    zones = {code: n for n, code in enumerate(sorted({row[1] for row in rows}), 1)}
    where = rng.choices(rows, [row[5] for row in rows], k=people)
    # one place in three is where people are fewer: the fields, the small works
    seats = [rng.choices(rows, [row[5] if rng.random() < 0.67 else row[4] for row in rows])[0] for _n in range(places)]
    if plain:
        means = frozenset({Means.CAR})
        them = tuple(
            Person(key=n, municipality=row[0], zone=zones[row[1]], means=means, max_km=max_km)
            for n, row in enumerate(where)
        )
        those = tuple(
            Place(key=n, host=n, municipality=row[0], zone=zones[row[1]], openings=openings(rng))
            for n, row in enumerate(seats)
        )
        return Instance(people=them, places=those, ground=ground())
    them = tuple(person(rng, n, row, zones) for n, row in enumerate(where))
    those = tuple(place(rng, n, row, zones) for n, row in enumerate(seats))
    offered = Counter()
    for one in those:
        offered[one.host] += one.openings
    room = {host: max(1, count - rng.randrange(3)) for host, count in offered.items() if rng.random() < 0.4}
    declined = {
        (rng.randrange(people), rng.randrange(places)): rng.choice(("tasks", "too_far", "host_refuses"))
        for _n in range(people // 5)
    }
    asked = quotas(them, those)
    return Instance(people=them, places=those, ground=ground(), room=room, quotas=asked, blocked=declined)


def openings(rng):
    return rng.choices((1, 2, 3, 4, 5, 8), (20, 25, 20, 15, 13, 7))[0]


def person(rng, n, row, zones):
    area = rng.choices(AREAS, (35, 25, 30, 10))[0]
    wishes = tuple(rng.sample(SECTORS, rng.choices((0, 1, 2, 3), (40, 25, 20, 15))[0]))
    return Person(
        key=n,
        municipality=row[0],
        zone=zones[row[1]],
        sex="F" if rng.random() < 0.42 else "M",
        area=area,
        means=frozenset(
            rng.choice(((), ("public",), ("car",), ("bicycle", "public"), ("scooter",), ("car", "public")))
        ),
        max_minutes=rng.choice((None, None, 30, 45, 60)),
        # some have limits of timetable, and not only those of one area
        out=rng.choice(OUTS) if rng.random() < (0.9 if area == "prison" else 0.12) else None,
        never_in=frozenset({rng.choice(sorted(zones))}) if rng.random() < 0.02 else frozenset(),
        shifts=frozenset(rng.choice(((), (), (Shift.MORNING,), (Shift.MORNING, Shift.AFTERNOON), tuple(Shift)))),
        hours_most=rng.choice((None, 20, 25, 30)),
        needs=some(rng, NEEDS, (55, 25, 15, 5)),
        has=some(rng, SKILLS, (30, 30, 20, 12, 8)),
        wishes=wishes,
        refuses=frozenset({rng.choice(SECTORS)} - set(wishes)) if rng.random() < 0.15 else frozenset(),
        priority=rng.choices((0, 1, 2), (75, 20, 5))[0],
    )


def place(rng, n, row, zones):
    works = rng.choice(WEEKS) if rng.random() < 0.7 else None
    offers = some(rng, NEEDS, (20, 25, 25, 20, 10))
    return Place(
        key=n,
        host=n - n % rng.choice((1, 1, 1, 2, 3)),
        municipality=row[0],
        zone=zones[row[1]],
        openings=openings(rng),
        sector=rng.choice(SECTORS),
        works=works,
        hours_least=sum(span.ends - span.begins for span in works) // HOUR if works else rng.choice((15, 20, 25)),
        reached_by=frozenset({Means.CAR, Means.SCOOTER, Means.BICYCLE}) if rng.random() < 0.2 else None,
        offers=offers,
        on_request=frozenset(NEEDS) - offers if rng.random() < 0.6 else frozenset(),
        requires=some(rng, SKILLS[:3], (80, 18, 2)),
        likes=some(rng, SKILLS, (50, 35, 15)),
    )


def quotas(people, places):
    """In each zone at least 45 % of the proposals to women, who are fewer than that; at a place of many openings no
    area takes more than three fifths of them; at least a twentieth of all the proposals to one area."""
    women = frozenset(one.key for one in people if one.sex == "F")
    found = [
        Quota(
            key=f"women/{zone}",
            people=women,
            places=frozenset(one.key for one in places if one.zone == zone),
            least_percent=45,
        )
        for zone in sorted({one.zone for one in places})
    ]
    of_area = {area: frozenset(one.key for one in people if one.area == area) for area in AREAS}
    found += [
        Quota(
            key=f"{area}/{one.key}", people=of_area[area], places=frozenset({one.key}), most=-(-one.openings * 3 // 5)
        )
        for one in places
        if one.openings >= 3
        for area in AREAS[:2]
    ]
    found.append(Quota(key="prison", people=of_area["prison"], least_percent=5))
    return tuple(found)
