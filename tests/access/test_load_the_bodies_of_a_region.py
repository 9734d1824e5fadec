import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accanto.access import pack as bodies
from accanto.access.organisation import Organisation
from accanto.cases import pack as teams
from accanto.territory import pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    pack.load(settings.REGION_PACK, now=timezone.now())
    bodies.load(settings.REGION_PACK, now=timezone.now())


def test_every_zone_has_its_authority_and_every_municipality_is_a_body(region):
    of_kind = Organisation.objects.filter
    assert of_kind(kind=Organisation.Kind.ZONE_AUTHORITY).values("zone").distinct().count() == 28
    assert of_kind(kind=Organisation.Kind.MUNICIPALITY).count() == 273
    assert of_kind(kind=Organisation.Kind.HEALTH_AUTHORITY).count() == 3


def test_loading_twice_changes_nothing(region):
    again = bodies.load(settings.REGION_PACK, now=timezone.now())
    assert (again.added, again.changed) == (0, 0)


def test_anybody_reads_which_zone_teams_have_a_protocol(region, client):
    teams.load(settings.REGION_PACK, now=timezone.now())
    assert teams.load(settings.REGION_PACK, now=timezone.now()) == 6
    page = client.get(reverse("zone_teams")).content.decode()
    assert "6 zone su 28" in page
    assert "firmato il 05/02/2025" in page
    assert "firmato entro il 25/08/2025" in page
    assert page.count("nessun protocollo noto") == 22
