import datetime as dt

import pytest
from django.utils import timezone

from accanto.access.relation import open_relation
from accanto.access.role import Kind
from accanto.cases.case import open_case
from accanto.people import person as people
from accanto.people import registry
from tests import factories


def somebody(zone, given_name, family_name, *, by, born=dt.date(1985, 3, 2), **contacts):
    now = timezone.now()
    person = people.register(
        zone_id=zone.pk, given_name=given_name, family_name=family_name, by=by, now=now, **contacts
    )
    place = factories.municipality(zone, "Vicchio di prova") if contacts else None
    registry.record(person=person, birth_date=born, municipality=place, by=by, now=now)
    return person


@pytest.fixture
def ida(mugello, anna):
    """In charge in Anna's zone, with contacts and a municipality."""
    person = somebody(mugello, "Ida", "Prova", by=anna, phone="055 123", email="ida@example.org")
    open_case(person=person, manager=anna.user, on=timezone.localdate(), by=anna, now=timezone.now())
    return person


@pytest.fixture
def make_person(mugello, anna):
    def make(given_name, family_name="Prova", **more):
        return somebody(more.pop("zone", mugello), given_name, family_name, by=more.pop("by", anna), **more)

    return make


@pytest.fixture
def own(ida, anna, carla):
    open_relation(
        subject=ida.subject, kind=Kind.PERSON, user=carla.user, reason="il proprio fascicolo", by=anna,
        now=timezone.now(),
    )  # fmt: skip
    return carla


@pytest.fixture
def manager(mugello):
    return factories.user("manager", Kind.CASE_MANAGER, zone=mugello)


@pytest.fixture
def operator(mugello):
    return factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
