"""Zones covered by the PNRR and residents for a social worker: no row is not zero, and no zone stands for another."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from accanto.indicators.catalogue import overview
from accanto.plan.localisation import Localisation
from accanto.plan.target import Target
from accanto.staffing.staff_figure import StaffFigure
from accanto.staffing.staffing_return import StaffingReturn
from accanto.territory.population import Population
from tests import factories

pytestmark = pytest.mark.django_db
EXTRACT = dt.date(2023, 3, 1)
CODES = ("pnrr_pippi_zones", "pnrr_service_centre_zones", "residents_per_social_worker")


def row(submeasure, zone, n=1):
    return Localisation.objects.create(
        submeasure=submeasure, cup=f"J11B2200000000{n}", province_name="FIRENZE", zone=zone,
        municipality_as_published=f"COMUNE {n}", extraction_date=EXTRACT, recorded_at=timezone.now(),
    )  # fmt: skip


def shown(*zones, day=None):
    return overview(CODES, zones=[z.pk for z in zones], day=day or timezone.localdate(), now=timezone.now())


def test_zones_are_counted_and_not_projects(mugello, versilia):
    row("M5C2I1.01.01", mugello, 1)
    row("M5C2I1.01.01", mugello, 2)
    found = shown(mugello, versilia)["pnrr_pippi_zones"]
    assert (found.region.value, found.day) == (1, EXTRACT)
    assert found.zones[mugello.pk].value == 2
    assert found.zones[versilia.pk].value is None


def test_a_line_the_extract_has_not_is_unknown(mugello):
    row("M5C2I1.01.01", mugello)
    found = shown(mugello)["pnrr_service_centre_zones"]
    assert found.region.value is None
    assert not found.region.suppressed


def test_service_centres_are_of_the_zones_the_plan_speaks_of(mugello, versilia):
    big, small = factories.municipality(mugello), factories.municipality(versilia)
    day = dt.date(2024, 12, 31)
    Population.objects.create(municipality=big, date=day, residents=80_000, source="prova")
    Population.objects.create(municipality=small, date=day, residents=75_000, source="prova")
    both = {"it": "Centro servizi", "en": "Service centre"}
    Target.objects.create(
        code="centres", order=5, promised=True, indicator="pnrr_service_centre_zones", name=both, definition=both,
        value=1, unit="zones", grade="SECONDARY", source="prova", derived_on=day,
        derivation={"count": "zones_with_municipality_over", "residents": 75000},
    )  # fmt: skip
    row("M5C2I1.03.02", mugello, 1)
    row("M5C2I1.03.02", versilia, 2)
    assert shown(mugello, versilia)["pnrr_service_centre_zones"].region.value == 1


def staff(zone, year, fte, status="final", state="finalised"):
    now = timezone.now()
    sent = {"sent": {"sent_at": now}, "finalised": {"sent_at": now, "finalised_at": now}}.get(state, {})
    found = StaffingReturn.objects.create(zone=zone, year=year + 1, state=state, begun_at=now, **sent)
    return StaffFigure.objects.create(
        staffing_return=found, zone=zone, year=year, status=status, residents=50_000, residents_on=dt.date(year, 1, 1),
        residents_source="prova", permanent_fte=Decimal(fte), headcount=10, recorded_at=now,
    )  # fmt: skip


def test_the_last_closed_year_of_finalised_returns(mugello, versilia):
    staff(mugello, 2021, 10)
    staff(versilia, 2021, 5)
    staff(versilia, 2023, 50, state="sent")
    found = shown(mugello, versilia)["residents_per_social_worker"]
    assert found.day == dt.date(2021, 12, 31)
    assert found.zones[mugello.pk].value == 5000
    assert found.zones[versilia.pk].value == 10_000
    assert round(found.region.value) == 6667


def test_without_returns_there_is_no_figure(mugello):
    found = shown(mugello)["residents_per_social_worker"]
    assert (found.region.value, found.day) == (None, None)
