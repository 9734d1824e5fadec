"""What happens with somebody's ADI or SFL, drawn by their own numbers: the rest of the life stays as it was."""

import datetime as dt
import random
from dataclasses import dataclass

from accanto.demonstration.life import at, days, working
from accanto.norms.days import age_on

HAVE_ADI, HAVE_SFL = 0.4, 0.08


@dataclass(slots=True)
class BenefitFact:
    benefit: str
    kind: str
    day: dt.date
    at: dt.datetime
    gepi_on: dt.date | None = None


def draw(life, *, today):
    """The facts of an open or closed case, from the first to the last."""
    case, rng = life.case, random.Random(f"{life.fiscal_code}/benefits")
    last, chance = case.closed_on or today, rng.random()
    in_adi = bool(case.traineeship and case.traineeship.adi) or chance < HAVE_ADI
    if in_adi:
        told = adi(rng, life, last=last)
    elif chance < HAVE_ADI + HAVE_SFL:
        told = sfl(rng, case.opened_on, last=last)
    else:
        return []
    facts = []
    for benefit, kind, day in told:
        if case.opened_on < day < last:
            moment = at(day, 12, rng.randrange(60))
            facts.append(BenefitFact(benefit, kind, day, moment, day if kind == "met" else None))
    return facts


def adi(rng, life, *, last):
    """PAD, a call, the first meeting, an update before every 90 days; now and then somebody is late."""
    pad = working(life.case.opened_on + days(rng.randrange(3, 30)))
    yield "adi", "pad_signed", pad
    met = working(pad + days(rng.randrange(20, 110)))
    yield "adi", "convened", met
    yield "adi", "met", met
    if age_on(life.birth_date, last) >= 60:
        return
    if rng.random() < 0.25:
        yield "adi", "sent_to_cpi", working(met + days(1))
        if rng.random() < 0.8:
            yield "adi", "service_pact_signed", working(met + days(rng.randrange(10, 60)))
    while (met := working(met + days(rng.randrange(70, 94)))) < last:
        yield "adi", "met", met


def sfl(rng, begins, *, last):
    pad = working(begins + days(rng.randrange(3, 30)))
    yield "sfl", "pad_signed", pad
    day = working(pad + days(rng.randrange(10, 40)))
    yield "sfl", "service_pact_signed", day
    while (day := working(day + days(rng.randrange(60, 92)))) < last:
        yield "sfl", "confirmed", day
