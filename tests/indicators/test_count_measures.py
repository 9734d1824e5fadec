"""What the files say of measures: families in P.I.P.P.I., people housed and for how long, users of the centres, and in
how many zones."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.cases import measure as measures
from accanto.indicators import figure, people_housed_six_months, release
from accanto.indicators.catalogue import OF_PERSONS, overview
from accanto.norms.days import last_day
from accanto.norms.reader import in_force
from accanto.plan.fund import FundLine
from accanto.plan.target import Target
from tests import factories

pytestmark = pytest.mark.django_db
CODES = ("pippi_families", "people_in_housing_first", "people_housed_six_months", "service_centre_users")


def ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


@pytest.fixture
def begun(mugello, anna):
    """A measure of somebody new of the zone: `begun("pippi", 30)`, over after so many days if `lasted` is said."""

    def begin(kind, days, *, lasted=None, case=None, zone=mugello, by=anna):
        case = case or factories.person_in_charge(zone, by=by, family_name=f"Qui{days}")
        now = timezone.now()
        row = measures.begin(case=case, kind=kind, title=f"prova {days}", starts=ago(days), by=by, now=now)
        if lasted is not None:
            day = row.starts + dt.timedelta(days=lasted)
            measures.add_step(measure=row, kind="exit", day=day, reason="other", by=by, now=now)
        return row

    return begin


def counted(zone, day=None):
    found = figure.by_zone(
        [OF_PERSONS[code] for code in CODES], day=day or timezone.localdate(), now=timezone.now()
    )  # fmt: skip
    return tuple(found[code].zones.get(zone.pk, figure.NOBODY).value for code in CODES)


def test_each_counts_what_its_card_says(begun, mugello, versilia, bruno):
    first = begun("pippi", 30)
    begun("pippi", 10, case=first.case)  # the same family, once
    begun("pippi", 900, lasted=500)
    begun("housing_first", 400)
    begun("housing_first", 300, lasted=100)  # out before six months, and not there any more
    begun("housing_first", 500, lasted=250)  # out after six months
    begun("service_centre", 20)
    begun("training", 20)
    begun("service_centre", 20, zone=versilia, by=bruno)
    assert counted(mugello) == (2, 1, 2, 1)
    assert counted(versilia) == (0, 0, 0, 1)
    assert counted(mugello, ago(450)) == (1, 1, 0, 0)


def test_six_months_are_those_of_the_sheet_to_the_day(begun, mugello):
    months = in_force(timezone.localdate())["pnrr.housed_months"].integer()
    assert months == people_housed_six_months.MONTHS
    row = begun("housing_first", 400)
    reached = last_day(row.starts, months)
    assert counted(mugello, reached - dt.timedelta(days=1))[2] == 0
    assert counted(mugello, reached)[2] == 1


def test_what_is_withdrawn_counts_no_more(begun, mugello, anna):
    row = begun("housing_first", 400)
    assert counted(mugello)[1] == 1
    before = timezone.now()
    measures.withdraw(measure=row, by=anna, now=timezone.now())
    assert counted(mugello)[1] == 0
    as_known = figure.by_zone([OF_PERSONS["people_in_housing_first"]], day=timezone.localdate(), now=before)
    assert as_known["people_in_housing_first"].zones[mugello.pk].value == 1


def test_a_zone_is_in_with_one_family_and_the_number_stays_withheld(begun, mugello, versilia):
    for n in range(4):  # above the threshold of people, under that of sensitive data
        begun("pippi", 30 + n)
    found = overview(
        ("pippi_families", "pippi_zones"), zones=[mugello.pk, versilia.pk], day=timezone.localdate(),
        now=timezone.now(),
    )  # fmt: skip
    assert (found["pippi_zones"].region.value, found["pippi_zones"].zones[mugello.pk].value) == (1, 1)
    assert found["pippi_zones"].zones[versilia.pk].value is None
    assert found["pippi_families"].zones[mugello.pk].suppressed
    begun("pippi", 50)
    found = overview(("pippi_families",), zones=[mugello.pk], day=timezone.localdate(), now=timezone.now())
    assert found["pippi_families"].zones[mugello.pk].value == 5


def test_a_worker_opens_the_rows_of_her_zone(begun, mugello, anna, enter):
    begun("service_centre", 20)
    page = enter(anna).get(reverse("indicator_records", args=["service_centre_users"])).content.decode()
    assert "Qui20" in page


def test_the_plan_says_how_many_zones_the_files_have(begun, client, officer, enter):
    both = {"it": "P.I.P.P.I. in tutte le zone", "en": "P.I.P.P.I. in all zones"}
    line = FundLine.objects.create(code="pnrr", name="PNRR")
    Target.objects.create(
        code="pippi-zones", fund_line=line, order=3, promised=True, indicator="pnrr_pippi_zones",
        submeasures=["M5C2I1.01.01"], name=both, definition=both, value=28, unit="zones", grade="SECONDARY",
        source="prova",
    )  # fmt: skip
    begun("pippi", 90)
    last_month = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
    release.make(month=last_month, now=timezone.now())
    assert "dai fascicoli: 1 zona" in client.get(reverse("plan")).content.decode()
    page = enter(officer).get(reverse("indicator", args=["pippi_zones"])).content.decode()
    assert "obiettivo 28" in page
