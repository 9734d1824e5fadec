"""A zone or a call sets a value in place of the law's: with its act, and never looser than a law that was read."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.norms.reader import in_force
from accanto.plan.call import Call
from accanto.plan.fund import FundLine
from accanto.plan.parameter import LocalParameter, local_values, may_be_local
from tests import factories

TODAY = dt.date(2026, 11, 21)


def wanted(zone, **changes):
    return {
        "name": "tis.max_months",
        "speaker": f"zone:{zone.pk}",
        "value": "12",
        "starts": "2026-01-01",
        "act": factories.act("1", zone=zone).code,
    } | changes


def test_a_stricter_value_speaks_for_its_zone_and_for_no_other(enter, planner, mugello, versilia):
    law = in_force(TODAY)["tis.max_months"].integer()
    assert enter(planner).post(reverse("local_parameters"), wanted(mugello)).status_code == 302
    here = in_force(TODAY, local=local_values(on=TODAY, zone=mugello))["tis.max_months"]
    there = in_force(TODAY, local=local_values(on=TODAY, zone=versilia))["tis.max_months"]
    assert (here.integer(), there.integer()) == (12, law)
    assert "Mugello" in str(here.speaker)
    assert here.source == "Delibera SdS di prova n. 1 del 10/12/2025"
    assert "Delibera SdS" in enter(planner).get(reverse("local_parameters")).content.decode()


def test_a_looser_value_is_refused_where_the_law_was_read_in_its_act(enter, planner, mugello):
    answer = enter(planner).post(reverse("local_parameters"), wanted(mugello, value="60"))
    assert answer.status_code == 422
    assert "può essere solo più severo" in answer.content.decode()
    assert not LocalParameter.objects.exists()


def test_a_value_set_anew_supersedes_and_a_withdrawn_one_stands_no_more(enter, planner, mugello):
    client = enter(planner)
    client.post(reverse("local_parameters"), wanted(mugello))
    client.post(reverse("local_parameters"), wanted(mugello, value="10"))
    assert local_values(on=TODAY, zone=mugello)["tis.max_months"].value == 10
    row = LocalParameter.objects.standing().get()
    assert LocalParameter.objects.count() == 2
    client.post(reverse("withdraw_local_parameter", args=[row.pk]))
    assert local_values(on=TODAY, zone=mugello) == {}
    assert LocalParameter.objects.count() == 2


def test_where_zone_and_call_speak_the_stricter_is_heard(mugello):
    fund = FundLine.objects.create(code="esf", name="FSE+")
    call = Call.objects.create(code="prova", order=1, activity="3.h.1", activity_grade="VERIFIED", fund_line=fund)
    for value, who in (("12", {"zone": mugello}), ("9", {"call": call})):
        LocalParameter.objects.create(
            name="tis.max_months", value=value, starts=TODAY, act=factories.act("2"), recorded_at=timezone.now(), **who
        )
    assert local_values(on=TODAY, zone=mugello, call_code="prova")["tis.max_months"].value == 9
    assert local_values(on=TODAY, zone=mugello)["tis.max_months"].value == 12
    assert local_values(on=TODAY - dt.timedelta(days=1), zone=mugello) == {}


def test_a_planner_speaks_only_for_the_own_zone(enter, planner, versilia):
    answer = enter(planner).post(reverse("local_parameters"), wanted(versilia))
    assert answer.status_code == 422
    theirs = factories.local_parameter(versilia)
    assert enter(planner).post(reverse("withdraw_local_parameter", args=[theirs.pk])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.superseded_at is None


@pytest.mark.parametrize("value", ["", "\x00", "9" * 400, "NaN", "forse", "1e999", "-3", "2026-02-30"])
def test_no_input_breaks_the_page(enter, planner, mugello, value):
    for name in wanted(mugello):
        answer = enter(planner).post(reverse("local_parameters"), wanted(mugello, **{name: value}))
        assert answer.status_code in (302, 422), name


def test_only_parameters_with_a_direction_may_be_set():
    assert {entry.stricter for entry in may_be_local()} == {"lower", "higher", "true"}
