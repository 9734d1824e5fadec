"""What is known of a traineeship when a rule is asked. Every fact may be None: not known, or not there yet.

Each fact has an Italian name too (`vocabulary.py`): worked cases may use either.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from accanto.norms.days import Period


class Kind(StrEnum):
    TIS = "TIS"  # traineeship of social inclusion, DGR 620/2020
    TNC = "TNC"  # ordinary non-curricular traineeship, LR 32/2002


@dataclass(frozen=True, slots=True, kw_only=True)
class TraineeshipFacts:
    """Facts of one traineeship. `None` stands for "not there" where the law asks for a document, a date or a person."""

    kind: Kind = Kind.TIS
    start: date | None = None
    end: date | None = None
    new_end: date | None = None
    ended_on: date | None = None
    suspensions: tuple[Period, ...] = ()
    # the person
    age: int | None = None
    taken_in_charge_on: date | None = None
    taken_in_charge_by: str | None = None  # social_service, health_service; others do not count
    charge_ended_on: date | None = None
    personal_path: bool | None = None
    integrated_phase_on: date | None = None
    integrated_services: tuple[str, ...] = ()
    employment_status: str | None = None
    target: str | None = None
    adi: bool | None = None
    adi_activatable: bool | None = None
    gepi_entered: bool | None = None
    isee: Decimal | None = None
    household_allowances_year: Decimal | None = None
    needs_authorisation: bool | None = False
    authorisation_date: date | None = None
    programme_changed_on: date | None = None
    # the parties
    promoter_type: str | None = None
    host_type: str | None = None
    promoter_is_host: bool | None = None
    host_tutor: bool | None = None
    case_manager: bool | None = None
    host_permanent_staff: int | None = None
    host_trainees: int | None = None
    host_tutor_trainees: int | None = None
    promoter_tutor_trainees: int | None = None
    # the documents
    plan_reason: bool | None = None
    inclusion_goals: bool | None = None
    training_goals: bool | None = None
    trainees_on_plan: int | None = 1
    plan_signed_on: date | None = None
    plan_signed_by: tuple[str, ...] = ()
    agreement_signed_on: date | None = None
    agreement_signed_by: tuple[str, ...] = ()
    agreement_from: date | None = None
    agreement_to: date | None = None
    agreement_places: int | None = None
    place_to: date | None = None  # the last day for which the host offered the place
    agreement_active: int | None = None  # others already active, this one left out
    inail: bool | None = None
    inail_to: date | None = None  # the last day of the cover, where it is known
    liability_cover: bool | None = None
    liability_to: date | None = None
    safety_training: bool | None = None
    notice_sent_on: date | None = None
    notice_category: str | None = None
    end_notice_sent_on: date | None = None
    # duration
    previous_months: int | None = None  # months of TIS the person already had
    repeats_previous: bool | None = None
    attestation_on: date | None = None
    attestation_by: str | None = None
    # hours and money
    weekly_hours: Decimal | None = None
    allowance_mode: str | None = None
    allowance_monthly: Decimal | None = None
    allowance_hourly: Decimal | None = None
    funding: str | None = None
    operation_from: date | None = None
    operation_to: date | None = None
    # at the end
    end_reason: str | None = None
    final_report: bool | None = None
    register_signed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """Facts of one day in the attendance register, the day itself left out of the sums already recorded."""

    kind: Kind = Kind.TIS
    day: date | None = None
    hours: Decimal | None = None
    times: str | None = None  # in and out, as «9:00-13:00 14:00-17:00»; the hours follow from them
    present: bool = True
    start: date | None = None
    end: date | None = None
    state: str | None = None
    suspensions: tuple[Period, ...] = ()
    closures: tuple[Period, ...] = ()
    planned_hours: Decimal | None = None  # of that day; 0 = no work planned, None = not known
    weekly_hours: Decimal | None = None
    hours_in_week: Decimal = Decimal(0)
    hours_in_month: Decimal = Decimal(0)
    already_recorded: bool = False
    # the same day in the other registers of the same person: in and out, or nothing where only the hours are known
    elsewhere: tuple[str, ...] = ()
    hours_elsewhere: Decimal = Decimal(0)
    month_closed: bool = False
    minutes_ahead: int = 0  # of the clock of the device on which it was written without network
    agreement_signed_on: date | None = None
    plan_signed_on: date | None = None
    notice_sent_on: date | None = None
    host_type: str | None = None
    needs_authorisation: bool | None = False
    authorisation_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMonthFacts:
    """Facts of one month of a register, for its close: which days lack what. Days are those of the traineeship."""

    month: date | None = None  # any day of it
    end: date | None = None  # the last day of the traineeship
    open_days: tuple[date, ...] = ()  # planned, gone by, without a word in the register
    without_times: tuple[date, ...] = ()  # hours without in and out
    unsigned_by_trainee: tuple[date, ...] = ()
    unsigned_by_host_tutor: tuple[date, ...] = ()
    twice: tuple[date, ...] = ()  # in another register of the same person at the same hour
    already_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFacts:
    """Facts of one month of a traineeship, for its allowance. Sums in euro, hours with decimals."""

    kind: Kind = Kind.TIS
    month: date | None = None  # any day of it
    start: date | None = None
    end: date | None = None
    allowance_mode: str | None = None  # hourly, monthly, top_up
    hours_done: Decimal | None = None
    planned_hours: Decimal | None = None
    presence_percent: Decimal | None = None
    allowance_hourly: Decimal | None = None
    allowance_monthly: Decimal | None = None
    reduced_to: Decimal | None = None  # ordinary traineeship only
    other_support: Decimal | None = None  # top_up only: what the person already gets in the month
    other_allowances: Decimal | None = None  # courses, workshops in the same month
    suspensions: tuple[Period, ...] = ()
