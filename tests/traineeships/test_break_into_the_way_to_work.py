"""Who holds a live session and writes to PostgreSQL by hand: what hangs on whose traineeship, the numbers of the
attestations, what an inspector may touch, what counts may not tell."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accanto.access.relation import Relation
from accanto.access.role import Kind
from accanto.traineeships import attestation as attestations
from accanto.traineeships import payment
from accanto.traineeships.attestation import Attestation
from accanto.traineeships.host_inspection import HostInspection
from accanto.traineeships.payee import Payee
from accanto.traineeships.traineeship import State, Traineeship
from accanto.web.attestations import issue_all
from accanto.web.inspection import LONGEST
from tests import factories
from tests.test_isolation import columns, refused

PAPERS = ("visit", "evaluation", "evaluationanswer", "goaljudgement", "skill", "attestation", "traineeshipoutcome")
OFFLINE = (
    "insert into traineeships_attendanceday (subject_id, zone_id, traineeship_id, day, hours, times, absence, "
    "correction, recorded_at, recorded_by_id, superseded_at, offline_entry, offline_at) values (%s, %s, %s, "
    "current_date, 1, '{}', '', '', now(), app_user(), now(), gen_random_uuid(), now())"
)


@pytest.fixture
def mine(trainees, tutor, anna):
    (row,) = trainees(1)
    row.state, row.promoter = State.CONCLUDED, tutor.role.organisation
    row.save()
    factories.course_papers(row, by=anna)
    factories.anomaly(row)
    return row


@pytest.fixture
def other(versilia, bruno, tutor):
    """Bruno's, of another zone, with nothing written yet."""
    return factories.traineeship(factories.person_in_charge(versilia, by=bruno), tutor=tutor, by=bruno, host="Altrove")


def planted(cursor, table, source, **changed):
    """A row of `source` written again with other values."""
    names = sorted(columns(table) - {"id"})
    said = ", ".join(changed.get(name, name) for name in names)
    return not refused(
        cursor, f"insert into {table} ({', '.join(names)}) select {said} from {table} where subject_id = %s", [source]
    )


def test_nothing_is_hung_on_the_traineeship_of_another(mine, other, anna, tutor, as_application):
    factories.attestation(mine, by=anna)
    factories.outcome(mine, by=anna)
    with as_application(tutor) as cursor:
        cursor.execute(
            "insert into traineeships_evaluationanswer (subject_id, zone_id, traineeship_id, moment, party, helped, "
            "went_well, to_change, recorded_at, recorded_by_id) values (%s, %s, %s, 'final', 'tutor', false, 'x', '', "
            "now(), app_user())",
            [mine.subject_id, mine.zone_id, mine.pk],
        )
    for acting in (anna, tutor):
        with as_application(acting) as cursor:
            for noun in PAPERS:
                changed = {"traineeship_id": str(other.pk)} | ({"number": "77"} if noun == "attestation" else {})
                assert not planted(cursor, f"traineeships_{noun}", mine.subject_id, **changed), (acting, noun)
            for row in (other, mine):
                assert refused(cursor, OFFLINE, [mine.subject_id, mine.zone_id, row.pk]) is (row == other), acting
    with as_application(anna) as cursor:  # of one's own it is written
        assert planted(cursor, "traineeships_visit", mine.subject_id, superseded_at="null")


PAID = """
with drawn as (
  insert into traineeships_paymentlist (zone_id, month, payer, state, people, total, drawn_at, drawn_by_id, act,
    debtor_name, debtor_iban)
  values (%(zone)s, %(month)s, 'promoter', 'draft', 1, %(amount)s, now(), app_user(), '', '', '') returning id)
insert into traineeships_paymentline (list_id, subject_id, zone_id, traineeship_id, allowance_id, payee_id, month,
  determined, before, amount, code, is_live, outcome, return_reason)
select id, %(subject)s, %(zone)s, %(traineeship)s, %(allowance)s, %(payee)s, %(month)s, %(amount)s, 0, %(amount)s,
  'PROVA2345678', true, 'waiting', '' from drawn
"""


def test_no_payment_is_planted_on_the_traineeship_of_another_zone(mine, other, anna, bruno, as_application):
    """All the rest of the line is as PostgreSQL wants it: their own month, the sum determined, a draft, one's payee."""
    said = {}
    for row, by in ((mine, anna), (other, bruno)):
        drawn = factories.payment_list(row, by=by)
        line = drawn.lines.get()
        payment.discard(drawn=drawn, by=by, now=timezone.now())
        said[row] = {
            "subject": mine.subject_id, "zone": mine.zone_id, "traineeship": row.pk, "allowance": line.allowance_id,
            "payee": Payee.objects.filter(subject=mine.subject).get().pk, "month": line.month, "amount": line.amount,
        }  # fmt: skip
    with as_application(anna) as cursor:
        cursor.execute("set constraints traineeships_paymentlist_adds_up deferred")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            cursor.execute(PAID, said[other])
        cursor.execute(PAID, said[mine])
        assert cursor.rowcount == 1


def test_numbers_of_attestations_are_not_skipped_and_nothing_is_handed_over_tomorrow(mine, tutor, as_application):
    year = timezone.localdate().year
    issue = "select attestation_issue(%s, %s, %s, 'neutral', '', 1, 0, '', 'x')"
    with as_application(tutor) as cursor:
        assert refused(cursor, issue, [mine.pk, year, 2_000_000_000])
        cursor.execute(issue, [mine.pk, year, 1])
        (made,) = cursor.fetchone()
        assert refused(cursor, "select attestation_hand_over(%s, '2999-01-01', null, '')", [made])


def test_postgresql_gives_the_number_to_the_offices_of_the_zone_too(mine, anna, mugello, as_application):
    """One by one and many in a statement: the number that follows and no other, in the year of today."""
    factories.attestation(mine, by=anna)
    year, names = timezone.localdate().year, sorted(columns("traineeships_attestation") - {"id"})
    again = (
        "insert into traineeships_attestation ({names}) select {said} from traineeships_attestation a, {rows} where "
        "a.number = 1 order by v.number"
    )

    def numbered(*numbers, year=year):
        said = {name: f"a.{name}" for name in names}
        said |= {"number": "v.number", "year": str(year), "superseded_at": "now()"}
        rows = ", ".join(f"({number})" for number in numbers)
        return again.format(
            names=", ".join(names), said=", ".join(said[name] for name in names), rows=f"(values {rows}) v(number)"
        )

    with as_application(anna) as cursor:
        for wrong in (numbered(3), numbered(2_000_000_000), numbered(2, 4), numbered(1, year=year + 1), numbered(0)):
            assert refused(cursor, wrong), wrong
        assert not refused(cursor, numbered(2))
        assert not refused(cursor, numbered(3, 4, 5))
        assert refused(cursor, "update traineeships_attestation set number = 9")
        with pytest.raises(DatabaseError, match="in the year in which it is issued"), transaction.atomic():
            cursor.execute("select attestation_number(%s::smallint, %s)", [mugello.pk, year + 1])


def test_of_two_who_prepare_or_hand_over_at_once_the_second_writes_nothing(mine, anna):
    """What each has read before is old: the second finds it done."""
    now, today = timezone.now(), timezone.localdate()
    read = [Traineeship.objects.with_people().select_related("zone").get(pk=mine.pk) for _who in "ab"]
    assert [len(issue_all([row], acting=anna, now=now)[0]) for row in read] == [1, 0]
    first, second = (Attestation.objects.select_related("traineeship").get() for _who in "ab")
    attestations.hand_over(attestation=first, on=today, by=anna, now=now)
    with pytest.raises(attestations.NotToday, match="handed"):
        attestations.hand_over(attestation=second, on=today, by=anna, now=now)
    assert mine.passages.count() == 1


def test_an_inspector_rewrites_no_anomaly_and_adds_nobody_to_the_inspection(mine, anna, tutor, planner, as_application):
    elsewhere = factories.traineeship(mine.case, tutor=tutor, by=anna, host="Forno di prova")
    factories.evaluation(elsewhere, by=anna)
    inspector = factories.user(
        "ispettrice", Kind.INSPECTOR, organisation=factories.organisation("region", "Regione di prova")
    )
    row = factories.inspection(mine, by=planner, inspector=inspector)
    with as_application(inspector) as cursor:
        assert not planted(cursor, "traineeships_anomaly", mine.subject_id, fingerprint="'altra'")
        assert not planted(cursor, "traineeships_inspectioncheck", mine.subject_id, traineeship_id=str(elsewhere.pk))
        for column in ("evidence = '{}'", "finding = '{}'", "days = 9"):
            assert refused(cursor, f"update traineeships_anomaly set {column}")
        cursor.execute("update traineeships_anomaly set state = 'confirmed'")
        assert cursor.rowcount == 1
        for asked in ("evaluations_answered", "evaluations_closed"):
            cursor.execute(f"select * from {asked}(%s)", [[mine.pk, elsewhere.pk]])
            assert cursor.fetchall() == [], asked
    # nor does who plans the zone make of it a standing access, or begin again what is reported
    far = "update traineeships_hostinspection set ends = '2999-01-01'"
    with as_application(planner) as cursor:
        assert not refused(cursor, far)
        cursor.execute("select follow_inspection(%s)", [row.pk])
    relation = Relation.objects.get(kind=Kind.INSPECTOR)
    assert relation.ends == row.starts + LONGEST
    HostInspection.objects.update(ends=row.ends, visited_on=row.starts, found="x", closed_at=timezone.now())
    with as_application(planner) as cursor:
        assert refused(cursor, far)


def test_who_answered_does_not_take_it_back_when_the_evaluation_is_closed(mine, anna, as_application):
    with as_application(anna) as cursor:
        cursor.execute(
            "insert into traineeships_evaluationanswer (subject_id, zone_id, traineeship_id, moment, party, helped, "
            "went_well, to_change, recorded_at, recorded_by_id) values (%s, %s, %s, 'final', 'case_manager', false, "
            "'x', '', now(), app_user())",
            [mine.subject_id, mine.zone_id, mine.pk],
        )
        cursor.execute(
            "insert into traineeships_evaluation (subject_id, zone_id, traineeship_id, moment, closed_on, summary, "
            "recorded_at, recorded_by_id) values (%s, %s, %s, 'final', current_date, '', now(), app_user())",
            [mine.subject_id, mine.zone_id, mine.pk],
        )
        with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
            cursor.execute("update traineeships_evaluationanswer set superseded_at = now()")


def test_a_difference_of_counts_does_not_tell_where_somebody_of_another_zone_is(other, anna, bruno, as_application):
    """`trainees_around`: leaving out one trainee, only their own zone sees the figure change."""
    for acting, left in ((anna, 1), (bruno, 0)):
        with as_application(acting) as cursor:
            cursor.execute("select host from trainees_around(%s, %s, null, null, null)", [other.pk, other.host_id])
            assert cursor.fetchone() == (left,), acting
