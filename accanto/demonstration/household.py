"""With whom invented people live, who represents some of them, what they were told: drawn apart from the rest of a
life, whose draws stay what they were."""

import random

from accanto.demonstration import names
from accanto.demonstration.life import Around, Relative, at, days
from accanto.people.household import ADULT
from accanto.people.privacy_notice import Topic
from accanto.people.registry import STAY_AND_WORDS

# where they are citizens and what they speak, by the State they were born in (codes of `names.ABROAD`)
STATES = {
    "Z330": ("Marocco", "arabo"),
    "Z100": ("Albania", "albanese"),
    "Z129": ("Romania", "romeno"),
    "Z335": ("Nigeria", "inglese"),
    "Z343": ("Senegal", "francese"),
    "Z249": ("Bangladesh", "bengalese"),
    "Z210": ("Cina", "cinese"),
    "Z611": ("Perù", "spagnolo"),
    "Z138": ("Ucraina", "ucraino"),
    "Z352": ("Tunisia", "arabo"),
}
WITHOUT_PERMIT = ("Z129",)  # of the European Union
CONTACTS = ("", "phone", "message", "message", "somebody", "in_person")
NOT_WHEN = ("", "", "", "mai la sera", "non lasciare messaggi in casa", "al lavoro fino alle 14")
# how often: a household is written down, with somebody in it besides the person; an administrator, where there is a
# reason to have one
WRITTEN, IN_COMPANY, ADMINISTRATOR = 0.85, 0.62, 0.12
CARERS = ("la persona, da sola", "la nonna al pomeriggio", "una vicina quando serve", "la persona e il servizio")
COURTS = ("Tribunale di prova, ufficio del giudice tutelare",)
# act by act, as a decree may say
POWERS = (
    {"money": "represents", "benefits": "represents"},
    {"property": "represents", "housing": "assists", "documents": "assists"},
    {"personal_plan": "assists", "money": "represents", "benefits": "represents"},
)


def stay(*, fiscal_code, born_in, today):
    """Citizenship, permit, language and how to be reached: the columns of `STAY_AND_WORDS`."""
    rng = random.Random(f"{fiscal_code}/stay")
    citizenship, language = STATES.get(born_in, ("Italia", ""))
    told = dict(
        zip(STAY_AND_WORDS, (citizenship, "", None, rng.choice(CONTACTS), rng.choice(NOT_WHEN), "", False), strict=True)
    )
    if born_in in STATES:
        told |= {"language": language, "needs_mediation": rng.random() < 0.35}
        if born_in not in WITHOUT_PERMIT and rng.random() < 0.8:
            told["permit"] = rng.choice(("work", "work", "family", "long_term", "international", "special"))
            told["permit_expires_on"] = today + days(rng.randrange(-20, 700))
    return told


def draw(*, seed, place, life, script, administered=False):
    """What the first talk of a case tells, or None where nobody wrote it. `administered` for who must have a support
    administrator."""
    case = life.case
    rng = random.Random(f"{seed}/{place.code}/{life.n}/household")
    sure = script == "running" or administered
    if not sure and rng.random() > WRITTEN:
        return None
    around = Around(at=at(case.opened_on, 15, rng.randrange(60)), since=case.opened_on - days(rng.randrange(90, 2500)))
    around.since = max(around.since, life.birth_date)
    everything = sure or rng.random() < 0.4
    around.told = tuple(Topic.values) if everything else (Topic.PRIVACY.value, Topic.RIGHTS.value)
    around.how = rng.choice(("written", "written", "plain", "spoken"))
    if sure or rng.random() < IN_COMPANY:
        around.relatives = company(rng, life, around, today=case.opened_on)
    with_reason = case.area in ("mental_health", "disability")
    if administered or (with_reason and rng.random() < ADMINISTRATOR):
        given, family, _born_in = names.draw(rng, sex=rng.choice("FM"), from_abroad=False)
        around.administrator, around.court = f"{given} {family}", rng.choice(COURTS)
        around.decree_on = case.opened_on - days(rng.randrange(30, 1200))
        around.powers = POWERS[2] if administered else rng.choice(POWERS)
    return around


def company(rng, life, around, *, today):
    """Children, a partner, a parent: each lives there since the household began, or since they were born."""
    age = (today - life.birth_date).days // 365
    found = []
    children = rng.choice((0, 0, 1, 1, 2, 3)) if age > 20 else 0
    for n in range(children):
        most = max(1, min(24, age - ADULT))
        born = today - days(rng.randrange(100, 366 * most))
        small = (today - born).days < 366 * 11
        found.append(relative(rng, life, n, "child", born, small=small))
    if rng.random() < 0.4 and age > 20:
        born = life.birth_date + days(rng.randrange(-2500, 2500))
        found.append(relative(rng, life, children, rng.choice(("spouse", "partner")), born))
    elif not found or (age < 30 and rng.random() < 0.5):
        born = life.birth_date - days(rng.randrange(20 * 366, 38 * 365))
        old = (today - born).days > 366 * 78
        found.append(relative(rng, life, children, "parent", born, small=old))
    return found


def relative(rng, life, n, kinship, born, *, small=False):
    given, family, _born_in = names.draw(rng, sex=rng.choice("FM"), from_abroad=False)
    if kinship == "child":
        family = life.family_name
    # nobody is named twice in a household
    name = f"{given} {family}" if n == 0 else f"{given} {('Maria', 'Luce', 'Fiore', 'Alba')[n % 4]} {family}"
    return Relative(
        name=name,
        kinship=kinship,
        birth_date=born,
        dependant=kinship in ("child", "parent") and rng.random() < 0.8,
        needs_care=small,
        carers=rng.choice(CARERS) if small else "",
    )
