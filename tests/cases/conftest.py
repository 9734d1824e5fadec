import datetime as dt

import pytest
from django.utils import timezone

from accanto.access.relation import open_relation
from accanto.access.role import Kind
from accanto.cases import assessment, personal_plan, referral
from accanto.cases.case import open_case, set_area
from accanto.people import person as people
from accanto.people import registry
from tests import factories


@pytest.fixture
def operator(mugello):
    return factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello)


def full_case(zone, *, by, n=0, agreed=True):
    """A person with everything around: registry, referral, case, area, assessment, plan."""
    now, today = timezone.now(), timezone.localdate()
    person = people.register(zone_id=zone.pk, given_name=f"Ida{n}", family_name="Prova", by=by, now=now, phone="055 1")
    registry.record(person=person, by=by, now=now, birth_date=dt.date(1980, 1, 1), sex="F")
    asked = referral.refer(person=person, channel="mental_health", need="SEGRETO", received_on=today, by=by, now=now)
    case = open_case(person=person, manager=by.user, on=today, referral=asked, by=by, now=now)
    set_area(case=case, area="mental_health", by=by, now=now)
    domains = {
        "personal": {"text": "INTIMO", "score": 2, "note": ""},
        "work": {"text": "MAGAZZINIERA", "score": 4, "note": ""},
    }
    assessment.assess(
        case=case, kind="preliminary", day=today, outcome="complex", domains=domains, by=by, now=now
    )  # fmt: skip
    plan = personal_plan.write(
        case=case,
        reason="prima stesura",
        goals=[{"own_words": "Vorrei una casa mia", "result": "Un contratto d’affitto", "due": None}],
        supports=[{"kind": "housing", "text": ""}],
        actions=[
            {"party": "person", "text": "Chiede all’agenzia", "due": today - dt.timedelta(days=1), "done_on": None}
        ],
        review_on=today + dt.timedelta(days=5),
        by=by,
        now=now,
    )
    if agreed:
        personal_plan.agree(plan=plan, on=today, how="paper", signers=[("person", "")], by=by, now=now)
    return case


@pytest.fixture
def make_case(mugello, anna):
    def make(n=0, **kwargs):
        return full_case(kwargs.pop("zone", mugello), by=kwargs.pop("by", anna), n=n, **kwargs)

    return make


@pytest.fixture
def case(make_case):
    return make_case()


@pytest.fixture
def own(case, anna, carla):
    """Carla reads her own file."""
    open_relation(
        subject=case.subject,
        kind=Kind.PERSON,
        user=carla.user,
        reason="il proprio fascicolo",
        by=anna,
        now=timezone.now(),
    )
    return carla
