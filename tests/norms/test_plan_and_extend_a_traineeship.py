"""Months, terms and findings of a traineeship, beyond the worked cases."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accanto.norms import days, states, traineeships
from accanto.norms.days import Period
from accanto.norms.findings import Finding, Severity, blocks, of_severity
from accanto.norms.reader import LocalValue
from accanto.norms.text import Text
from accanto.norms.traineeships import DayFacts, Kind, TraineeshipFacts

SOME_DAYS = st.dates(date(2020, 6, 1), date(2030, 12, 31))
REGULAR = TraineeshipFacts(
    start=date(2026, 1, 15),
    end=date(2026, 7, 14),
    taken_in_charge_on=date(2025, 10, 1),
    taken_in_charge_by="social_service",
    personal_path=True,
    integrated_phase_on=date(2025, 11, 20),
    integrated_services=("social_service", "employment_centre"),
    adi=False,
    promoter_type="social_cooperative",
    host_type="private_employer",
    host_tutor=True,
    case_manager=True,
    plan_reason=True,
    inclusion_goals=True,
    training_goals=True,
    plan_signed_on=date(2025, 12, 15),
    plan_signed_by=("promoter", "host", "body_in_charge", "trainee"),
    agreement_signed_on=date(2025, 12, 10),
    agreement_signed_by=("promoter", "host", "body_in_charge"),
    inail=True,
    liability_cover=True,
    notice_sent_on=date(2026, 1, 12),
    notice_category="09",
)
BEFORE = date(2026, 1, 14)


def codes(found: list[Finding], severity: Severity) -> set[str]:
    return {finding.code for finding in of_severity(found, severity)}


def started(on: date = BEFORE, **changed: object) -> list[Finding]:
    return traineeships.start(replace(REGULAR, **changed), on=on)  # type: ignore[arg-type]


def test_a_regular_traineeship_may_begin() -> None:
    found = started()
    assert not blocks(found)
    assert not codes(found, Severity.AUTHORISE) | codes(found, Severity.CAUTION)


def test_with_no_facts_everything_missing_is_said_at_once() -> None:
    found = traineeships.start(TraineeshipFacts(), on=BEFORE)
    missing = {"ACC-DATES", "R-TIS-06", "R-TIS-07", "R-TIS-08", "R-TIS-10", "R-TIS-13", "R-TIS-15", "R-TIS-16"}
    assert missing | {"R-TIS-21", "R-TIS-22"} == codes(found, Severity.BLOCK)
    assert all(finding.way_out and finding.field for finding in of_severity(found, Severity.BLOCK))


def test_an_end_before_the_start() -> None:
    assert codes(started(end=date(2026, 1, 14)), Severity.BLOCK) == {"ACC-DATES"}
    assert codes(started(start=None), Severity.BLOCK) == {"ACC-DATES"}


@pytest.mark.parametrize("cover", ["inail_to", "liability_to"])
def test_a_cover_lasts_as_long_as_the_traineeship_or_it_is_said(cover: str) -> None:
    code = "R-INS-01" if cover == "inail_to" else "R-INS-02"
    first, last = REGULAR.start, REGULAR.end
    assert first is not None
    assert last is not None
    for day, severity in (
        (None, None),  # nobody wrote it
        (last, None),
        (last - timedelta(days=1), Severity.CAUTION),
        (first, Severity.CAUTION),
        (first - timedelta(days=1), Severity.AUTHORISE),  # as if it were not there
    ):
        found = [finding for finding in started(**{cover: day}) if finding.code == code]
        assert [finding.severity for finding in found] == ([severity] if severity else []), day
        assert all(finding.way_out and finding.field for finding in found)
    later = replace(REGULAR, new_end=last + timedelta(days=30), **{cover: last})  # type: ignore[arg-type]
    extended = traineeships.extend(later, on=last)
    assert code in codes(extended, Severity.CAUTION)


@given(start=SOME_DAYS, months=st.integers(1, 60))
def test_months_are_start_plus_months_less_a_day(start: date, months: int) -> None:
    last = days.last_day(start, months)
    assert last + timedelta(days=1) == days.add_months(start, months)
    assert days.months_touched(start, last) == months
    assert days.months_touched(start, last + timedelta(days=1)) == months + 1


@given(start=SOME_DAYS)
def test_the_twenty_fourth_month_passes_and_the_twenty_fifth_blocks(start: date) -> None:
    last = days.last_day(start, 24)
    changed = {"start": start, "taken_in_charge_on": start, "integrated_phase_on": start}
    assert "R-TIS-26" not in codes(started(end=last, **changed), Severity.BLOCK)
    assert "R-TIS-26" in codes(started(end=last + timedelta(days=1), **changed), Severity.BLOCK)


def extended(on: date = date(2027, 12, 1), **changed: object) -> list[Finding]:
    facts = replace(REGULAR, end=date(2028, 1, 14), **changed)  # type: ignore[arg-type]
    return traineeships.extend(facts, on=on)


def test_even_a_short_extension_needs_the_attestation() -> None:
    facts = replace(REGULAR, new_end=date(2026, 10, 14))
    assert codes(traineeships.extend(facts, on=date(2026, 7, 1)), Severity.BLOCK) == {"R-TIS-28"}
    attested = replace(facts, attestation_on=date(2026, 6, 1), attestation_by="public_social_service")
    found = traineeships.extend(attested, on=date(2026, 7, 1))
    assert not blocks(found)
    assert "R-TIS-26" in codes(found, Severity.PASS)


@pytest.mark.parametrize("body", ["promoter", "host", "third_sector", None])
def test_who_may_not_attest(body: str | None) -> None:
    found = extended(new_end=date(2029, 1, 14), attestation_on=date(2027, 11, 1), attestation_by=body)
    assert "R-TIS-28" in codes(found, Severity.BLOCK)


def test_thirty_six_months_and_a_day() -> None:
    attested = {"attestation_on": date(2027, 11, 1), "attestation_by": "public_health_service"}
    assert not blocks(extended(new_end=date(2029, 1, 14), **attested))
    assert codes(extended(new_end=date(2029, 1, 15), **attested), Severity.BLOCK) == {"R-TIS-27"}


def test_an_extension_that_does_not_extend() -> None:
    attested = {"attestation_on": date(2027, 11, 1), "attestation_by": "public_health_service"}
    assert "ACC-DATES" in codes(extended(new_end=date(2028, 1, 14), **attested), Severity.BLOCK)
    assert "ACC-DATES" in codes(extended(new_end=None, **attested), Severity.BLOCK)


def test_days_of_suspension_only_caution() -> None:
    found = started(end=date(2028, 2, 10), suspensions=(Period(date(2027, 3, 1), date(2027, 3, 31)),))
    assert not blocks(found)
    assert "R-TIS-34" in codes(found, Severity.CAUTION)


def test_a_repetition_needs_the_attestation() -> None:
    assert codes(started(repeats_previous=True, previous_months=6), Severity.BLOCK) == {"R-TIS-28"}
    assert "R-TIS-31" in codes(started(previous_months=6), Severity.CAUTION)


def test_signatures_after_the_start_ask_for_leave() -> None:
    assert codes(started(agreement_signed_on=date(2026, 2, 1)), Severity.AUTHORISE) == {"R-TIS-20"}
    assert codes(started(agreement_signed_by=("promoter", "host")), Severity.AUTHORISE) == {"R-TIS-20"}


def test_the_notice_comes_before_the_start_and_asks_for_leave_after() -> None:
    unsent = {"notice_sent_on": None, "notice_category": None}
    assert "R-CO-03" in codes(started(**unsent), Severity.CAUTION)
    assert "R-CO-03" in codes(started(on=date(2026, 1, 15), **unsent), Severity.AUTHORISE)
    public = started(on=date(2026, 2, 20), host_type="public_body", **unsent)
    assert "R-CO-05" in codes(public, Severity.CAUTION)
    assert "R-CO-05" in codes(started(on=date(2026, 2, 21), host_type="public_body", **unsent), Severity.AUTHORISE)


def test_a_wrong_category_blocks_for_adi_and_asks_for_leave_otherwise() -> None:
    assert codes(started(notice_category="8"), Severity.AUTHORISE) == {"R-CO-02"}
    assert codes(started(notice_category="9"), Severity.AUTHORISE) == set()
    assert codes(started(notice_category="8", adi=True, gepi_entered=True), Severity.BLOCK) == {"R-CO-02"}


def test_gepi_before_and_after_the_start() -> None:
    assert "R-IND-06" in codes(started(adi=True), Severity.CAUTION)
    assert "R-IND-06" in codes(started(on=date(2026, 1, 15), adi=True), Severity.AUTHORISE)
    assert "R-IND-06" in codes(started(adi=None), Severity.CAUTION)


def test_the_leave_names_neither_the_area_nor_the_measure() -> None:
    found = started(needs_authorisation=True)
    assert codes(found, Severity.BLOCK) == {"R-CAR-01"}
    sentence = of_severity(found, Severity.BLOCK)[0].sentence.it.lower()
    assert not [word for word in ("carcer", "deten", "pena", "magistrat", "giudizi") if word in sentence]
    given_ = started(needs_authorisation=True, authorisation_date=date(2026, 1, 10))
    assert not blocks(given_)
    changed = started(
        needs_authorisation=True, authorisation_date=date(2026, 1, 10), programme_changed_on=date(2026, 1, 12)
    )
    assert codes(changed, Severity.AUTHORISE) == {"R-CAR-02"}


def test_a_short_tis_and_a_minor_only_caution() -> None:
    assert "R-TIS-30" in codes(started(end=date(2026, 2, 20)), Severity.CAUTION)
    found = started(age=16)
    assert "R-TIS-17" in codes(found, Severity.CAUTION)
    assert not blocks(found)


def test_the_ordinary_regime_has_its_own_numbers() -> None:
    facts = TraineeshipFacts(kind=Kind.TNC, start=date(2026, 1, 15), end=date(2026, 7, 15), inail=True, age=17)
    found = traineeships.start(facts, on=BEFORE)
    assert not blocks(found)
    assert {"R-TNC-02", "R-TIS-17"} <= codes(found, Severity.AUTHORISE)
    assert "R-TIS-26" not in {finding.code for finding in found}


def test_a_host_limit_set_by_a_zone_speaks_for_the_zone() -> None:
    local = {"tis.host_limit": LocalValue(value=2, speaker=Text("la zona", "the zone"), act="regolamento")}
    found = traineeships.start(replace(REGULAR, host_trainees=2, host_permanent_staff=4), on=BEFORE, local=local)
    assert codes(found, Severity.BLOCK) == {"R-LIM-01"}
    assert of_severity(found, Severity.BLOCK)[0].speaker.it == "la zona"


def test_of_two_tutors_it_is_said_which_has_how_many() -> None:
    for kind in Kind:
        facts = replace(REGULAR, kind=kind, promoter_tutor_trainees=21, host_tutor_trainees=4)
        said = [finding.sentence.it for finding in traineeships.start(facts, on=BEFORE) if finding.code == "R-TIS-12"]
        assert len(said) == 2
        for tutor, count in (("tutor aziendale", 4), ("tutor del promotore", 21)):
            assert [sentence for sentence in said if f"il {tutor} segue" in sentence and f": {count}" in sentence]


def test_closing_as_planned_and_early() -> None:
    done = replace(REGULAR, ended_on=date(2026, 7, 14), register_signed=True, final_report=True)
    found = traineeships.close(done, on=date(2026, 7, 14))
    assert not blocks(found)
    assert "R-CO-07" in codes(found, Severity.PASS)
    early = replace(done, ended_on=date(2026, 5, 4), register_signed=False, final_report=False)
    found = traineeships.close(early, on=date(2026, 5, 4))
    assert {"R-CO-03", "R-TIS-35", "R-ATT-01"} <= codes(found, Severity.CAUTION)
    assert codes(found, Severity.AUTHORISE) == {"R-TIS-36"}
    late = traineeships.close(replace(done, ended_on=date(2026, 8, 1)), on=date(2026, 7, 20))
    assert codes(late, Severity.BLOCK) == {"ACC-DATES", "ACC-FUTURE"}


def test_an_early_end_notified_late_still_says_the_term() -> None:
    deadline = traineeships.notice_deadline(
        event="end", event_on=date(2026, 12, 20), host_type="private_employer", planned_end=date(2027, 1, 31)
    )
    assert deadline.last_day == date(2026, 12, 28)  # Christmas, Saint Stephen and a Sunday in between
    assert deadline.late_on(date(2026, 12, 29))


def test_a_term_on_a_saturday_does_not_roll_and_cautions() -> None:
    deadline = traineeships.notice_deadline(
        event="extension", event_on=date(2026, 11, 16), host_type="private_employer"
    )
    assert deadline.last_day == date(2026, 11, 21)
    assert "R-CO-03" in codes(list(deadline.findings), Severity.CAUTION)


def test_force_majeure_gives_five_days_to_a_start() -> None:
    deadline = traineeships.notice_deadline(event="start", event_on=date(2026, 3, 16), force_majeure=True)
    assert deadline.last_day == date(2026, 3, 21)
    with pytest.raises(ValueError, match="is not one of"):
        traineeships.notice_deadline(event="begin", event_on=date(2026, 3, 16))


@given(event_on=SOME_DAYS, event=st.sampled_from(["extension", "change", "end"]))
def test_a_private_term_is_five_days_or_a_holiday_later(event_on: date, event: str) -> None:
    last = traineeships.notice_deadline(event=event, event_on=event_on, host_type="private_employer").last_day
    assert last is not None
    assert not days.is_holiday(last)
    assert last >= event_on + timedelta(days=5)
    assert all(days.is_holiday(event_on + timedelta(days=n)) for n in range(5, (last - event_on).days))


A_DAY = DayFacts(
    day=date(2026, 3, 3),
    hours=Decimal(4),
    start=date(2026, 1, 15),
    end=date(2026, 7, 14),
    state="running",
    planned_hours=Decimal(4),
    weekly_hours=Decimal(20),
    agreement_signed_on=date(2025, 12, 10),
    plan_signed_on=date(2025, 12, 15),
    notice_sent_on=date(2026, 1, 12),
    host_type="private_employer",
)


def recorded(**changed: object) -> list[Finding]:
    return traineeships.record_day(replace(A_DAY, **changed), on=date(2026, 3, 3))  # type: ignore[arg-type]


@pytest.mark.parametrize("hours", ["0", "-1", "24.5", "NaN", "Infinity", None])
def test_impossible_hours(hours: str | None) -> None:
    found = recorded(hours=Decimal(hours) if hours else None)
    assert codes(found, Severity.BLOCK) == {"ACC-HOURS"}


def test_a_day_of_absence_has_no_hours() -> None:
    assert not blocks(recorded(present=False, hours=None))
    assert codes(recorded(present=False), Severity.BLOCK) == {"ACC-HOURS"}


def test_days_that_need_a_look() -> None:
    assert codes(recorded(planned_hours=Decimal(0)), Severity.CAUTION) == {"ACC-PLANNED"}
    assert codes(recorded(day=date(2026, 3, 1), planned_hours=None), Severity.CAUTION) == {"ACC-PLANNED"}
    closed = recorded(closures=(Period(date(2026, 3, 1), date(2026, 3, 8)),))
    assert codes(closed, Severity.CAUTION) == {"ACC-PLANNED"}
    suspended = recorded(suspensions=(Period(date(2026, 3, 1)),))
    assert codes(suspended, Severity.BLOCK) == {"ACC-STATE"}
    assert codes(recorded(state="suspended"), Severity.BLOCK) == {"ACC-STATE"}


def test_a_cap_of_the_project_blocks_and_the_laws_silence_does_not() -> None:
    assert not blocks(recorded(hours_in_month=Decimal(200)))
    local = {"tis.monthly_hours_max": LocalValue(value=125, speaker=Text("il progetto", "the project"), act="progetto")}
    facts = replace(A_DAY, hours_in_month=Decimal(123))
    found = traineeships.record_day(facts, on=date(2026, 3, 3), local=local)
    assert codes(found, Severity.BLOCK) == {"R-TIS-32"}
    way_out = of_severity(found, Severity.BLOCK)[0].way_out
    assert way_out is not None
    assert "2 ore" in way_out.it


def test_a_day_without_the_notice() -> None:
    assert codes(recorded(notice_sent_on=None), Severity.AUTHORISE) == {"R-CO-03"}
    assert codes(recorded(notice_sent_on=None, host_type="public_body"), Severity.CAUTION) == {"R-CO-05"}


def test_states_reach_the_end_and_refuse_in_words() -> None:
    for machine in states.MACHINES.values():
        reached, queue = {machine.first}, [machine.first]
        while queue:
            for passage in states.passages(machine, queue.pop()):
                assert passage.to in machine.states
                if passage.to not in reached:
                    reached.add(passage.to)
                    queue.append(passage.to)
        assert reached == set(machine.states)
    refused = states.refusal("traineeship", "concluded", "running")
    assert refused is not None
    assert refused.severity is Severity.BLOCK
    assert states.refusal("traineeship", "running", "extended") is None
    assert states.may_pass("case", "closed", "in_charge")
    with pytest.raises(LookupError, match="is not a state of case"):
        states.passages("case", "lost")


@given(walk=st.lists(st.integers(0, 9), max_size=12))
def test_any_walk_stays_in_the_table(walk: list[int]) -> None:
    for machine in states.MACHINES.values():
        state = machine.first
        for step in walk:
            ways = states.passages(machine, state)
            if not ways:
                assert state in machine.final
                break
            state = ways[step % len(ways)].to
            assert state in machine.states
