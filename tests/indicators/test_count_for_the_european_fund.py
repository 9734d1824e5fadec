"""The common indicators of the European fund: what PostgreSQL counts is what the norm says of the same records."""

import datetime as dt
import random
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from accanto.cases import entry_sheet
from accanto.cases import participation_outcome as outcomes
from accanto.cases.participation import Participation
from accanto.cases.participation_outcome import Moment, ParticipationOutcome
from accanto.indicators import esf_outputs, esf_participations, esf_results, esf_table
from accanto.indicators.esf_table import Period
from accanto.norms import esf_plus
from accanto.norms.reader import in_force
from accanto.plan import esf_declaration
from accanto.plan.operation import Operation
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
LEFT = dt.date(2026, 3, 2)
COMPLETE = {"sex": "F", "employment_status": "unemployed", "education": "isced_3_4", "age": 30}


@pytest.fixture
def take_part(anna, mugello):
    """`take_part(entry, **facts)`: one more person with that sheet in the operation of the scene."""
    made = []

    def enter(entry, *, operation=None, starts=LEFT - dt.timedelta(days=60), ends=None):
        case = factories.person_in_charge(mugello, by=anna, family_name=f"Prova{len(made)}")
        row = Participation.objects.create(
            subject=case.subject, zone=case.zone, case=case, operation=operation or factories.operation(mugello),
            starts=starts, ends=ends, entry=entry, recorded_at=timezone.now() - dt.timedelta(days=1),
        )  # fmt: skip
        made.append(row)
        return row

    return enter


def answer(row, moment, by, **said):
    told = {"status": "job", "training": False, "qualification": False, "improvement": "", "known_on": row.ends} | said
    return ParticipationOutcome.objects.create(
        subject_id=row.subject_id, zone_id=row.zone_id, case_id=row.case_id, operation_id=row.operation_id,
        moment=moment, recorded_at=timezone.now(), recorded_by=by.user, **told,
    )  # fmt: skip


def counted(name="esf_outputs", *, first=dt.date(2021, 7, 1), last=None, known=None):
    with connection.cursor() as cursor:
        cursor.execute(
            f"select code, sex, people from {name}(%s, %s, %s)", [first, last or TODAY(), known or timezone.now()]
        )
        found = Counter()
        for code, sex, people in cursor:
            found[code, sex] += people
            found[code] += people
        return found


def test_the_worked_case_of_five_records(take_part):
    for status, months in (("unemployed", 14), ("unemployed", 3), ("inactive", None), ("employed", None)):
        take_part(COMPLETE | {"employment_status": status} | ({"months_unemployed": months} if months else {}))
    take_part(
        {name: value for name, value in COMPLETE.items() if name != "education"} | {"employment_status": "employed"}
    )
    found = counted()
    assert [found[code] for code in ("EECO01", "EECO02", "EECO03", "EECO04", "EECO05")] == [4, 2, 1, 1, 1]
    assert (found["incomplete"], found["lacks_education"], found["lacks_sex"]) == (1, 1, 0)


def test_the_worked_case_of_the_ages(take_part):
    for age in (17, 18, 29, 30, 54, 55):
        take_part(COMPLETE | {"age": age})
    found = counted()
    assert [found[code] for code in ("EECO01", "EECO06", "EECO07", "EECO08")] == [6, 1, 2, 1]


def test_who_refuses_the_special_categories_is_counted_everywhere_else(take_part):
    refused = dict.fromkeys(("disability", "minority", "homeless"), "undeclared")
    take_part(COMPLETE | refused | {"third_country": "yes"})
    found = counted()
    assert [found[code] for code in ("EECO01", "EECO12", "EECO13", "EECO15", "EECO16")] == [1, 0, 1, 0, 0]


def test_a_sex_that_was_not_declared_is_not_transmitted(take_part):
    take_part(COMPLETE | {"sex": "X"})
    found = counted()
    assert (found["EECO01"], found["incomplete"], found["lacks_sex"]) == (0, 1, 1)
    assert entry_sheet.missing(COMPLETE | {"sex": "X"}) == ["sex"]


def test_the_worked_case_of_the_job_that_lasted_25_days(take_part, anna):
    """Inactive at entry; a job on the day of leaving, unemployed at day 25: what is said last counts."""
    row = take_part(COMPLETE | {"employment_status": "inactive"}, ends=LEFT)
    first = answer(row, Moment.EXIT, anna, status="job")
    first.superseded_at = timezone.now()
    first.save()
    answer(row, Moment.EXIT, anna, status="unemployed", known_on=LEFT + dt.timedelta(days=25))
    found = counted("esf_results")
    assert (found["EECR01"], found["EECR04"]) == (1, 0)


@pytest.mark.parametrize("seed", range(3))
def test_postgresql_counts_as_the_norm_does(take_part, anna, mugello, seed):
    rng, today = random.Random(seed), TODAY()
    line = Operation.objects.filter(pk=factories.operation(mugello).pk)
    line.update(declared_trait=("", "unemployed", "disability")[seed])
    operation = line.get()
    expected = Counter()
    for _n in range(40):
        entry = {
            "sex": rng.choice(("F", "M", "F", "M", "X", "")),
            "employment_status": rng.choice(("unemployed", "long_term_unemployed", "inactive", "employed", "")),
            "education": rng.choice(("isced_0_2", "isced_3_4", "isced_5_8", "")),
            **{name: rng.choice(("yes", "no", "undeclared", "")) for name in entry_sheet.OPTIONAL},
        }
        entry |= {"age": rng.choice((16, 17, 18, 24, 25, 29, 30, 54, 55, 80))} if rng.random() < 0.9 else {}
        entry |= {"months_unemployed": rng.choice((0, 6, 7, 12, 13))} if rng.random() < 0.6 else {}
        left = rng.choice((None, LEFT, today - dt.timedelta(days=20)))
        row = take_part(entry, ends=left)
        record = entry_sheet.record(entry, trait=operation.declared_trait, on=today)
        one = esf_plus.outputs(records=[record], on=today)
        expected.update({code: value for code, value in one.indicators.items() if value})
        expected["incomplete"] += len(one.incomplete)
        if left is None:
            continue
        said = {}
        if rng.random() < 0.8:
            said[Moment.EXIT] = answer(
                row, Moment.EXIT, anna, status=rng.choice(ParticipationOutcome.Status.values),
                training=rng.random() < 0.3, qualification=rng.random() < 0.3,
                known_on=left + dt.timedelta(days=rng.choice((0, 28, 29))),
            )  # fmt: skip
        if left == LEFT and rng.random() < 0.8:
            status = rng.choice(("job", "job", "searching"))
            better = rng.choice(ParticipationOutcome.Improvement.values) if status == "job" else ""
            said[Moment.SIX_MONTHS] = answer(row, Moment.SIX_MONTHS, anna, status=status, improvement=better)
        if not one.incomplete:
            row.entry = row.entry | {"employment_status": record.labour_status}
            expected.update(outcomes.results(row, said))
    found = counted() + counted("esf_results")
    codes = [*esf_table.PEOPLE, *esf_table.RESULTS, "incomplete"]
    assert {code: found[code] for code in codes} == {code: expected[code] for code in codes}
    for code in codes[:-1]:
        assert found[code, "F"] + found[code, "M"] == found[code], code


def test_what_was_not_known_on_a_day_is_not_counted_as_known_that_day(take_part):
    take_part(COMPLETE)
    assert counted(known=timezone.now() - dt.timedelta(days=2))["EECO01"] == 0
    assert counted(last=LEFT - dt.timedelta(days=61))["EECO01"] == 0
    assert counted(last=LEFT - dt.timedelta(days=60))["EECO01"] == 1


def test_an_operation_of_another_fund_is_not_counted(take_part, mugello):
    other = factories.operation(mugello, cup="B14H22000080008", line="fsc-2022")
    other.fund_line.counts_for_targets = False
    other.fund_line.save()
    take_part(COMPLETE, operation=other)
    assert counted()["EECO01"] == 0


def test_one_person_in_two_operations_is_two_participations_and_one_person(take_part, mugello):
    first = take_part(COMPLETE)
    other = factories.operation(mugello, cup="B14H22000080009")
    Participation.objects.create(
        subject_id=first.subject_id, zone_id=first.zone_id, case_id=first.case_id, operation=other,
        starts=first.starts, entry=COMPLETE, recorded_at=first.recorded_at,
    )  # fmt: skip
    assert counted()["EECO01"] == 2
    with connection.cursor() as cursor:
        cursor.execute("select zone_id, people from esf_persons(%s, %s, %s)", ["2021-07-01", TODAY(), timezone.now()])
        assert set(cursor) == {(mugello.pk, 1), (None, 1)}


def test_what_a_traineeship_answered_when_the_person_left_is_the_answer(take_part, anna, tutor):
    from accanto.traineeships.outcome import TraineeshipOutcome

    row = take_part(COMPLETE, ends=LEFT)
    traineeship = factories.traineeship(row.case, tutor=tutor, by=anna)
    traineeship.state, traineeship.ends = "concluded", LEFT - dt.timedelta(days=5)
    traineeship.starts = LEFT - dt.timedelta(days=50)
    traineeship.save()
    for moment in ("exit", "six_months"):
        TraineeshipOutcome.objects.create(
            traineeship=traineeship, subject_id=row.subject_id, zone_id=row.zone_id, moment=moment, status="job",
            contract="other", source="phone", known_on=LEFT, recorded_at=timezone.now(), recorded_by=anna.user,
        )  # fmt: skip
    found = counted("esf_results")
    assert (found["EECR04"], found["EECR05"], found["left"], found["answered_exit"]) == (1, 1, 1, 1)
    answer(row, Moment.EXIT, anna, status="inactive")
    assert counted("esf_results")["EECR04"] == 0


def test_a_planner_has_the_sums_of_their_own_zone_and_the_region_of_all(
    take_part, planner, other_planner, officer, anna, mugello, as_application
):
    take_part(COMPLETE)
    for acting, people in ((planner, 1), (officer, 1), (other_planner, 0), (anna, 0), (None, 0)):
        with as_application(acting) as cursor:
            cursor.execute(
                "select coalesce(sum(people), 0) from esf_outputs('2021-07-01', '2030-01-01', now()) "
                "where code = 'EECO01'"
            )
            assert cursor.fetchone()[0] == people
            cursor.execute("select app_esf_zones()")
            assert (mugello.pk in (cursor.fetchone()[0] or [])) == bool(people)
            for name in ("esf_results", "esf_persons"):
                cursor.execute(f"select coalesce(sum(people), 0) from {name}('2021-07-01', '2030-01-01', now())")
                assert bool(cursor.fetchone()[0]) == (name == "esf_persons" and bool(people))


def test_what_is_declared_stands_beside_what_is_counted_and_is_not_added(take_part, planner, mugello):
    take_part(COMPLETE | {"disability": "yes"})
    operation, now, today = factories.operation(mugello), timezone.now(), TODAY()
    said = {"operation": operation, "by": planner, "now": now, "how": "Registro dell’ente"}
    esf_declaration.declare(code="EECO12", day=today, women=3, men=4, **said)
    esf_declaration.declare(code="EECO18", day=today, value=2, **said)
    later = esf_declaration.declare(code="EECO18", day=today, value=5, **said | {"now": timezone.now()})
    found = esf_table.tables(planner, period=Period(dt.date(2021, 7, 1), today, timezone.now()))
    rows = found.of()
    disability, bodies = found.line(rows, "EECO12"), found.line(rows, "EECO18")
    assert (disability.total, disability.estimate) == (1, 7)
    assert (bodies.total, bodies.women) == (later.value, None)
    before = esf_table.tables(planner, period=Period(dt.date(2021, 7, 1), today, now))
    assert before.line(rows, "EECO18").total == 2


def test_the_numbers_in_the_functions_are_those_of_the_sheets():
    numbers = in_force(TODAY())
    bands = numbers["esf.age_bands"].table()
    held = {"child_below": esf_participations.CHILD_BELOW, "young_max": esf_participations.YOUNG_MAX}
    assert bands == held | {"older_min": esf_participations.OLDER_MIN}
    assert numbers["esf.long_term_unemployed_months"].integer() == esf_participations.LONG_TERM_MONTHS
    assert numbers["esf.long_term_unemployed_months_young"].integer() == esf_participations.LONG_TERM_MONTHS_YOUNG
    assert numbers["esf.immediate_days"].integer() == esf_results.DAYS
    assert numbers["esf.long_term_months"].integer() == esf_results.MONTHS
    assert numbers["esf.complete_record"].words() == ("gender", "labour_status", "age", "education")
    assert [*esf_outputs.COUNTED, *esf_table.BODIES] == list(numbers["esf.output_codes"].words())
    assert set(esf_plus.TRAITS.items()) == set(esf_participations.TRAITS.items())
