"""The employability profile of somebody in charge, drawn by their own numbers."""

import datetime as dt
import random
from dataclasses import dataclass

from accanto.demonstration.life import at, days, working

HAVE_ONE = 0.45
JOBS = ("addetta alle pulizie", "magazziniere", "aiuto cuoca", "operaio edile", "cassiera", "bracciante agricolo")
WISHES = ("in cucina", "all’aperto", "a contatto con le persone", "in magazzino", "vicino a casa")
SKILLS = (
    "usa bene il computer di base",
    "guida il muletto",
    "cucina per molte persone",
    "cura il verde",
    "sa stare alla cassa",
)
LANGUAGES = ("italiano madrelingua", "italiano B1", "italiano A2, francese B2", "italiano B1, arabo madrelingua")


@dataclass(slots=True)
class Profile:
    day: dt.date
    at: dt.datetime
    said: dict  # as `employability.describe` takes it


def draw(life, *, today):
    """A few weeks after the case began, for nearly half of the cases; None for the others."""
    case, rng = life.case, random.Random(f"{life.fiscal_code}/profile")
    day = working(case.opened_on + days(rng.randrange(15, 60)))
    if rng.random() >= HAVE_ONE or not case.opened_on < day < (case.closed_on or today):
        return None
    return Profile(
        day,
        at(day, 15, rng.randrange(60)),
        {
            "licences": ["B"] if rng.random() < 0.5 else [],
            "transport": rng.choice((["public"], ["car"], ["bicycle", "public"], ["scooter"])),
            "shifts": rng.choice((["morning"], ["morning", "afternoon"], ["afternoon", "evening"])),
            "weekly_hours": rng.choice((20, 25, 30, 36)),
            "skills": rng.choice(SKILLS),
            "languages": rng.choice(LANGUAGES),
            "last_job": rng.choice(JOBS),
            "last_job_year": case.opened_on.year - rng.randrange(1, 9),
            "wishes": rng.choice(WISHES),
            "readiness": rng.choice((1, 2, 2, 3, 3, 4, 5)),
        },
    )
