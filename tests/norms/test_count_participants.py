"""ESF+ counting, the terms of ADI, calls: what the worked cases do not reach."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accanto.norms import calls, cases, codesign, esf_plus, pnrr
from accanto.norms import inclusion_allowance as adi
from accanto.norms.esf_plus import Event, Participation, Stay
from accanto.norms.findings import Severity, blocks

DAY = date(2026, 3, 1)
RECORDS = st.builds(
    Participation,
    gender=st.sampled_from([None, *esf_plus.GENDERS]),
    labour_status=st.sampled_from([None, *esf_plus.LABOUR]),
    months_unemployed=st.none() | st.integers(0, 60),
    age=st.none() | st.integers(0, 99),
    education=st.none() | st.integers(0, 8),
    disability=st.none() | st.booleans(),
    minority=st.none() | st.booleans(),
)


@given(records=st.lists(RECORDS, max_size=12))
def test_the_parts_add_up_to_the_total(records: list[Participation]) -> None:
    counts = esf_plus.outputs(records=records, on=DAY)
    n = counts.indicators
    assert n["EECO01"] + len(counts.incomplete) == len(records)
    assert n["EECO02"] + n["EECO04"] + n["EECO05"] == n["EECO01"]
    assert n["EECO09"] + n["EECO10"] + n["EECO11"] == n["EECO01"]
    assert n["EECO03"] <= n["EECO02"]
    assert n["EECO06"] + n["EECO07"] + n["EECO08"] <= n["EECO01"]
    older = esf_plus.outputs(records=records, on=DAY, reading="2014-20").indicators
    assert older["EECO01"] == len(records)
    assert {code: count for code, count in older.items() if code != "EECO01"} == {
        code: count for code, count in n.items() if code != "EECO01"
    }


@given(days=st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["job", "searching", "unemployed", "inactive"]))))
def test_searching_and_working_exclude_each_other(days: list[tuple[int, str]]) -> None:
    events = [Event(day=date.fromordinal(DAY.toordinal() + day), kind=kind) for day, kind in days]
    result = esf_plus.immediate_results(status_at_entry="inactive", left_on=DAY, events=events)
    assert result["EECR01"] + result["EECR04"] <= 1


def test_six_months_after() -> None:
    def after(status: str, **changed: bool) -> dict[str, int]:
        facts = {"employed_after": True, "improved": True, "pay_rise_only": False} | changed
        return esf_plus.six_months_results(status_at_entry=status, **facts)

    assert after("unemployed") == {"EECR05": 1, "EECR06": 0}
    assert after("employed") == {"EECR05": 0, "EECR06": 1}
    assert after("employed", pay_rise_only=True) == {"EECR05": 0, "EECR06": 0}
    assert esf_plus.six_months_after(left_on=date(2026, 8, 31)) == date(2027, 2, 28)


def test_leaving_and_coming_back_is_one_record_and_another_operation_another() -> None:
    merged = esf_plus.merged(
        [
            Stay(operation="x", entered_on=date(2025, 1, 1), left_on=date(2025, 3, 1)),
            Stay(operation="x", entered_on=date(2025, 6, 1), left_on=date(2025, 9, 1)),
            Stay(operation="y", entered_on=date(2025, 7, 1)),
        ]
    )
    assert merged == [
        Stay(operation="x", entered_on=date(2025, 1, 1), left_on=date(2025, 9, 1)),
        Stay(operation="y", entered_on=date(2025, 7, 1), left_on=None),
    ]


def test_a_call_looks_at_work_and_charge_and_only_cautions_on_the_list() -> None:
    facts = {"employment_status": "unemployed", "in_charge": True, "target": "SM", "age": 30}
    assert not blocks(calls.eligible(call="fse_2024_3h1", on=DAY, **facts))  # type: ignore[arg-type]
    assert blocks(calls.eligible(call="fse_2024_3h1", on=DAY, **{**facts, "in_charge": False}))  # type: ignore[arg-type]
    other = calls.eligible(call="fse_2024_3h1", on=DAY, **{**facts, "target": "X"})  # type: ignore[arg-type]
    assert [finding.severity for finding in other if finding.field == "target"] == [Severity.CAUTION]
    minor = calls.eligible(call="fse_2024_3h1", on=DAY, **{**facts, "target": "MIN16", "age": 16})  # type: ignore[arg-type]
    assert "age" in {finding.field for finding in minor}
    assert [f.severity for f in calls.eligible(call="3k7", on=DAY, **facts)] == [Severity.CAUTION]  # type: ignore[arg-type]


def test_the_2022_call_had_ten_bodies_at_most() -> None:
    found = calls.admissible(call="call_2022", on=date(2022, 8, 1), members=11, already_constituted=False)
    assert [finding.severity for finding in found] == [Severity.AUTHORISE, Severity.AUTHORISE]
    assert calls.admissible(call="call_2022", on=date(2022, 8, 1), members=10, already_constituted=True) == []


def test_a_meeting_after_the_term_restarts_the_payment() -> None:
    term = adi.first_meeting(on=date(2026, 7, 1), signed_on=date(2026, 1, 10), met_on=date(2026, 6, 1))
    assert (term.status, term.due, term.suspended_from) == ("met", date(2026, 5, 10), date(2026, 6, 1))
    with pytest.raises(ValueError, match="give one"):
        adi.first_meeting(on=DAY)
    assert adi.payment_month(recorded_on=date(2026, 6, 20)) == date(2026, 6, 1)
    assert adi.payment_month(recorded_on=date(2026, 6, 21)) == date(2026, 7, 1)
    assert adi.report_by(known_on=date(2026, 6, 20)) == date(2026, 6, 30)


def test_a_service_pact_meeting_restarts_the_ninety_days() -> None:
    term = adi.next_check(
        last_meeting_on=date(2026, 1, 10),
        service_pact_meeting_on=date(2026, 3, 1),
        activatable=True,
        age=30,
        on=date(2026, 4, 20),
    )
    assert (term.status, term.due) == ("in_term", date(2026, 5, 30))


def test_a_late_call_of_a_household_is_advised_not_imposed() -> None:
    term = adi.first_meeting(on=date(2026, 3, 20), signed_on=date(2026, 1, 10))
    assert term.status == "in_term"
    assert "R-ADI-07" in {finding.code for finding in term.findings if finding.severity is Severity.CAUTION}


def test_thresholds_of_the_day() -> None:
    assert adi.isee_within(benefit="adi", isee=Decimal(10_000), on=DAY).severity is Severity.PASS
    assert adi.isee_within(benefit="adi", isee=Decimal(10_000), on=date(2024, 6, 1)).severity is Severity.CAUTION
    assert adi.home_exemption(home_value=Decimal(100_000), municipality="Prato", children=3, on=DAY) == (
        Decimal(96_500),
        Decimal(3_500),
    )


def test_a_plan_signed_late_only_cautions() -> None:
    due, found = cases.plan_signature(screened_on=date(2026, 3, 2), signed_on=date(2026, 4, 1), on=date(2026, 4, 1))
    assert due == date(2026, 3, 30)
    assert [finding.severity for finding in found] == [Severity.CAUTION]
    missing = cases.missing_domains(assessed={"work", "housing"}, on=DAY)
    assert "istruzione" in missing[0].sentence.it


def test_codesign_beyond_the_worked_cases() -> None:
    assert not blocks(codesign.notice(published_on=date(2026, 3, 1), closes_on=date(2026, 3, 21)))
    lacking = codesign.notice(published_on=date(2026, 3, 1), closes_on=date(2026, 3, 31), contents=["purposes"])
    assert blocks(lacking)
    sections = codesign.partner(in_register=True, on=DAY, sections=["volunteer_body", "social_promotion_body"])
    assert blocks(sections)
    assert not blocks(codesign.partner(in_register=True, on=DAY, sections=["volunteer_body", "network"]))
    assert not blocks(codesign.grant_payment(yearly_total=Decimal(1000), published_on=None, pays_on=DAY))
    due, _ = codesign.impact_assessment(
        entrusted=True, asked=True, months=24, amount=Decimal(2_000_000), beyond_region=False, on=DAY
    )
    assert due is False


def test_a_person_still_housed_counts_after_six_months() -> None:
    def housed(on: date) -> bool:
        return pnrr.counted(
            housed_from=date(2025, 9, 2), housed_to=None, uses_station=False, eligible_class="b", on=on
        ).housed

    assert housed(date(2026, 3, 1))
    assert not housed(date(2026, 2, 28))
