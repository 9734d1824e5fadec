"""What is asked: fifty users and different subjects, drawn by the seed; the largest zone and a worker with seventy
cases are always among them."""

import random
import unicodedata
from dataclasses import dataclass, field

USERS = 50
ASKED = 200
WORKERS = """
select c.manager_id, r.id, c.zone_id, count(*), array_agg(c.subject_id order by c.subject_id)
from cases_case c join access_role r on r.user_id = c.manager_id and r.kind = 'social_worker' and r.zone_id = c.zone_id
where c.closed_on is null group by 1, 2, 3 having count(*) >= 5 order by 1
"""
OPERATORS = """
select m.user_id, r.id, m.zone_id, count(*), '{}'::bigint[]
from cases_casemember m join access_role r on r.user_id = m.user_id and r.kind = m.kind and r.zone_id = m.zone_id
where m.kind = 'employment_operator' and m.ends is null group by 1, 2, 3 order by 1
"""
TUTORS = """
select t.tutor_id, r.id, t.zone_id, count(*), '{}'::bigint[]
from traineeships_traineeship t join access_role r on r.user_id = t.tutor_id and r.kind = 'third_sector_tutor'
where t.state in ('running', 'extended') group by 1, 2, 3 having count(*) >= 3 order by 1
"""
PLANNERS = """
select user_id, id, coalesce(zone_id, 0), 0, '{}'::bigint[] from access_role
where kind in ('zone_planner', 'regional_officer') order by 1
"""


@dataclass(frozen=True)
class User:
    user_id: int
    role_id: int
    zone_id: int
    size: int
    subjects: tuple = ()


@dataclass(frozen=True)
class Request:
    user: User
    path: str
    form: dict = field(default_factory=dict)
    wanted: int | None = None  # the subject a search must find


def users(cursor, statement, *, seed, name):
    """Fifty of them, or as many as there are."""
    found = [User(*row[:4], tuple(row[4])) for row in cursor.execute(statement).fetchall()]
    rng = random.Random(f"{seed}/bench/{name}")
    drawn = rng.sample(found, min(USERS, len(found)))
    zone = {}
    for user in found:
        zone[user.zone_id] = zone.get(user.zone_id, 0) + user.size
    largest = max(zone, key=zone.get)
    for must in (
        next((user for user in found if user.size >= 70), max(found, key=lambda user: user.size)),
        next(user for user in found if user.zone_id == largest),
    ):
        if must not in drawn:
            drawn[rng.randrange(len(drawn))] = must
    return drawn, rng


def pages(cursor, path, *, seed, name, statement=WORKERS, asked=ASKED):
    """`path` may hold {subject}, one of the user's own."""
    drawn, rng = users(cursor, statement, seed=seed, name=name)
    return [
        Request(user, path.format(subject=rng.choice(user.subjects)) if "{subject}" in path else path)
        for user in (drawn[n % len(drawn)] for n in range(asked))
    ]


def days(cursor, path, *, seed, name):
    """Of five days three are of social workers, one of an employment operator, one of a tutor."""
    of = {
        WORKERS: pages(cursor, path, seed=seed, name=name, asked=ASKED * 3 // 5),
        OPERATORS: pages(cursor, path, seed=seed, name=name, statement=OPERATORS, asked=ASKED // 5),
        TUTORS: pages(cursor, path, seed=seed, name=name, statement=TUTORS, asked=ASKED // 5),
    }
    turns = (WORKERS, OPERATORS, WORKERS, TUTORS, WORKERS)
    return [of[turns[n % 5]].pop(0) for n in range(ASKED)]


def searches(cursor, path, *, seed, name):
    """Two hundred texts: forty beginnings of three letters, forty full names, forty with the accents wrong, forty with
    a letter wrong, forty that are nobody."""
    drawn, rng = users(cursor, WORKERS, seed=seed, name=name)
    asked = []
    for n in range(ASKED):
        user = drawn[n % len(drawn)]
        subject = rng.choice(user.subjects)
        given, family = cursor.execute(
            "select given_name, family_name from people_person where subject_id = %s", [subject]
        ).fetchone()
        kind = ("prefix", "full", "accent", "typo", "miss")[n % 5]
        text = {
            "prefix": family[:3],
            "full": f"{given} {family}",
            "accent": f"{accents_wrong(family)} {accents_wrong(given)}",
            "typo": f"{given} {typo(rng, family)}",
            "miss": f"{family[::-1]}q {given[::-1]}w",
        }[kind]
        asked.append(Request(user, path, {"q": text}, wanted=subject if kind in ("full", "accent", "typo") else None))
    return asked


def accents_wrong(name):
    """Without those it has, with one it has not."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return bare if bare != name else bare[:-1] + bare[-1].translate(str.maketrans("aeiou", "àèìòù"))


def typo(rng, name):
    at = rng.randrange(2, max(3, len(name) - 1))
    return name[:at] + name[at + 1 :] if rng.random() < 0.5 else name[:at] + "k" + name[at + 1 :]
