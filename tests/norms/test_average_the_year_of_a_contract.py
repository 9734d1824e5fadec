"""Who counts the social workers of a zone: what each contract gives to the year, and why it counts or not."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from accanto.norms import leps_2026
from accanto.norms.days import Period
from accanto.norms.full_time import Contract, contract_share, over_full_time
from accanto.norms.staffing import full_time_equivalents

LONG_AGO = dt.date(2015, 1, 1)
END = dt.date(2026, 12, 31)


def contract(hours=36, first=LONG_AGO, last=None, **more):
    return Contract(weekly_hours=Decimal(hours), first=first, last=last, **more)


def share(year=2026, **more):
    return contract_share(contract(**more), year=year, on=END)


def codes(found):
    return [(finding.code, finding.severity.value) for finding in found.why]


def test_case_18_by_months_and_by_days():
    two = [contract(18), contract(30, dt.date(2026, 4, 1))]
    assert full_time_equivalents(contracts=two, year=2026, on=END)[0] == Decimal("1.125")
    by_days, _found = full_time_equivalents(contracts=two, year=2026, on=END, by="days")
    assert by_days == Decimal(1) / 2 + Decimal(30 * 275) / (36 * 365)


def test_case_20_who_coordinates_counts_whole_and_it_is_said():
    found = share(coordinates=True)
    assert found.by("months") == found.by("days") == 1
    assert ("ST-24", "pass") in codes(found)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"permanent": False}, "ST-20"),
        ({"outsourced": True}, "ST-25"),
        ({"employer": "cooperative"}, "ST-25"),
        ({"employer": "health_authority"}, "ST-22"),
        ({"profession": "educator"}, "ST-02"),
    ],
)
def test_what_does_not_count_says_why_and_keeps_its_time(terms, code):
    found = share(**terms)
    assert not found.counts
    assert found.by("months") == found.by("days") == 0
    assert (found.months, found.days) == (12, 365)
    assert [finding.code for finding in found.why] == [code]


def test_health_authority_staff_count_if_the_cost_is_refunded():
    found = share(employer="health_authority", cost_refunded=True)
    assert found.by("months") == 1
    assert ("AD-08", "pass") in codes(found)


@pytest.mark.parametrize(
    ("kind", "months"), [("unpaid_leave", 9), ("secondment_out", 9), ("maternity", 12), ("illness", 12)]
)
def test_absences_are_taken_off_or_not_and_caution_because_nobody_read_the_rule(kind, months):
    away = Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31))
    found = share(absences=((kind, away),))
    assert found.months == months
    assert [(f.code, f.severity.value, f.grade.value) for f in found.why if f.code == "ST-27"] == [
        ("ST-27", "caution", "UNVERIFIED")
    ]


def test_two_absences_on_the_same_day_take_it_off_once():
    one = ("unpaid_leave", Period(dt.date(2026, 1, 1), dt.date(2026, 2, 28)))
    other = ("secondment_out", Period(dt.date(2026, 2, 1), dt.date(2026, 3, 31)))
    assert share(absences=(one, other)).months == 9
    assert share(absences=(("unpaid_leave", Period(dt.date(2025, 5, 1))),)).days == 0


def test_a_month_begun_is_its_part_of_days_and_a_leap_year_has_one_more():
    assert share(first=dt.date(2026, 6, 16)).months == Fraction(1, 2) + 6
    assert share(year=2024).by("days") == 1
    assert share(first=dt.date(2027, 1, 1)).by("months") == 0


def test_a_year_before_the_law_is_averaged_for_comparison():
    assert contract_share(contract(18), year=2020, on=dt.date(2020, 12, 31)).by("months") == Fraction(1, 2)


def test_contracts_over_full_time_are_told_with_their_days():
    assert over_full_time(contracts=[contract(36)], on=END) is None
    assert over_full_time(contracts=[contract(18), contract(18)], on=END) is None
    told = over_full_time(
        contracts=[contract(20, last=dt.date(2026, 6, 30)), contract(18, dt.date(2026, 3, 1))], on=END
    )
    assert str(told.sentence).startswith("Dal 01/03/2026 al 30/06/2026 più contratti insieme fanno 38 ore")
    assert (told.severity.value, told.grade.value) == ("caution", "UNVERIFIED")


def test_the_ratios_of_the_2026_budget_are_shown_and_never_judge():
    psychologist, educator = leps_2026.service_objectives(residents=60_000, on=END)
    assert (psychologist.wanted, educator.wanted) == (2, 3)
    assert {one.caution.grade.value for one in (psychologist, educator)} == {"UNVERIFIED"}
    assert {one.caution.severity.value for one in (psychologist, educator)} == {"caution"}
    assert leps_2026.service_objectives(residents=60_000, on=dt.date(2025, 12, 31)) == ()
