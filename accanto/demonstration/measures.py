"""The measures beside a traineeship, drawn by the person's own numbers: the rest of the life stays as it was."""

import datetime as dt
import random
from dataclasses import dataclass, field

from accanto.demonstration.life import at, days, working

# of a hundred cases: who has each, and what it is called
SHARES = (
    ("pippi", 5, "P.I.P.P.I. 12"),
    ("housing_first", 4, "Alloggio Le Querce"),
    ("service_centre", 6, "Centro servizi"),
    ("training", 18, ""),
    ("active_labour", 16, "Orientamento e accompagnamento al lavoro"),
)
COURSES = ("Addetto alla cucina", "Operatore del verde", "Italiano per il lavoro", "Competenze digitali di base")
SERVICES = ("meals", "goods", "counselling", "health", "post", "legal")


@dataclass(slots=True)
class Step:
    kind: str
    day: dt.date
    at: dt.datetime
    reason: str = ""


@dataclass(slots=True)
class Measure:
    kind: str
    title: str
    starts: dt.date
    at: dt.datetime
    children: int | None = None
    eligible_class: str = ""
    steps: list = field(default_factory=list)


def draw(life, *, today):
    case, rng = life.case, random.Random(f"{life.fiscal_code}/measures")
    last, found = case.closed_on or today, []
    for kind, share, title in SHARES:
        starts = working(case.opened_on + days(rng.randrange(10, 120)))
        chance, course = rng.random(), rng.choice(COURSES)
        if chance * 100 >= share or starts >= last or starts <= case.opened_on:
            continue
        measure = Measure(kind, title or course, starts, at(starts, 13, rng.randrange(60)))
        if kind == "pippi":
            measure.children = rng.randrange(1, 4)
        if kind in ("housing_first", "service_centre"):
            measure.eligible_class = rng.choice("abc")
        told = sorted({(day, name, reason) for name, day, reason in steps(rng, kind, starts) if starts < day < last})
        measure.steps = [Step(name, day, at(day, 14, rng.randrange(60)), reason) for day, name, reason in told]
        found.append(measure)
    return sorted(found, key=lambda measure: measure.at)


def steps(rng, kind, starts):
    """(what, day, reason), the exit last; what has not come yet is left out by who asks."""
    if kind == "pippi":
        for name, after in (
            ("first_assessment", 20), ("home_education", 30), ("implementation", 60), ("groups", 90),
            ("middle_assessment", 240), ("last_assessment", 480), ("exit", 540),
        ):  # fmt: skip
            yield name, working(starts + days(after)), "completed" if name == "exit" else ""
    elif kind == "housing_first":
        yield "exit", working(starts + days(rng.randrange(120, 760))), rng.choice(("housed", "other"))
    elif kind == "service_centre":
        for name in rng.sample(SERVICES, 3):
            yield name, working(starts + days(rng.randrange(3, 60))), ""
    else:
        length = rng.randrange(40, 160)
        if kind == "training" and rng.random() < 0.6:
            yield "qualified", working(starts + days(length - 7)), ""
        yield "exit", working(starts + days(length)), rng.choice(("completed", "completed", "withdrew"))
