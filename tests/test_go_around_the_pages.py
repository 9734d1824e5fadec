"""Somebody with a session of their own speaks to PostgreSQL without our pages: what they may not do, they may not."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accanto.access.relation import open_relation
from accanto.access.role import REACH, Kind
from accanto.cases import kept_contacts, transfer
from accanto.cases.transfer import CaseTransfer
from accanto.traineeships.host import change
from accanto.traineeships.traineeship_plan import Condition
from accanto.web.dashboard import READERS
from tests import factories


@pytest.fixture
def of_two_hosts(mugello, anna, tutor):
    """Two traineeships of one person, at two hosts."""
    case = factories.person_in_charge(mugello, by=anna)
    rows = [factories.traineeship(case, tutor=tutor, by=anna, host=name) for name in ("Vivaio", "Forno")]
    for row in rows:
        row.days.create(
            subject_id=row.subject_id, zone_id=row.zone_id, day=row.starts, hours=4, recorded_at=timezone.now(),
            recorded_by=anna.user,
        )  # fmt: skip
    return rows


def test_a_host_reads_and_writes_the_register_of_its_own_trainees_only(of_two_hosts, anna, as_application):
    """`app_traineeships_hosted` narrows what the relation with the person opens."""
    own, other = of_two_hosts
    host = factories.user("ospite", Kind.HOST_TUTOR, organisation=own.host.organisation)
    open_relation(
        subject=own.subject, kind=Kind.HOST_TUTOR, organisation=own.host.organisation,
        starts=own.starts, reason="tirocinio", by=anna, now=timezone.now(),
    )  # fmt: skip
    with as_application(host) as cursor:
        for table, column in (("traineeships_traineeship", "id"), ("traineeships_attendanceday", "traineeship_id")):
            cursor.execute(f"select {column} from {table}")
            assert {pk for (pk,) in cursor.fetchall()} == {own.pk}
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            cursor.execute(
                "insert into traineeships_attendanceday (traineeship_id, subject_id, zone_id, day, hours, absence, "
                "correction, recorded_at, recorded_by_id) values (%s, %s, %s, %s, 1, '', '', now(), %s)",
                [other.pk, other.subject_id, other.zone_id, other.starts + dt.timedelta(days=1), host.user.pk],
            )


def test_a_host_that_moves_changes_the_programme_of_every_zone(of_two_hosts, anna, bruno, as_application):
    row = of_two_hosts[0]
    Condition.objects.create(traineeship=row, subject_id=row.subject_id, zone_id=row.zone_id)
    with as_application(bruno):
        change(host=row.host, address="Via Nuova 1", by=bruno, now=timezone.now())
    assert Condition.objects.get(traineeship=row).programme_changed_on == timezone.localdate()


@pytest.mark.parametrize("function", ["contacts_forget(%s)", "seat_moved(%s, null, current_date)"])
def test_acts_of_the_database_are_for_who_may_do_them(of_two_hosts, tutor, as_application, function):
    with as_application(tutor) as cursor, pytest.raises(DatabaseError, match="only who"), transaction.atomic():
        cursor.execute(f"select {function}", [of_two_hosts[0].subject_id])


def test_what_was_proposed_to_another_zone_forgets_contacts_that_are_sealed(
    mugello, versilia, anna, bruno, as_application
):
    case = factories.person_in_charge(mugello, by=anna)
    case.person.phone, case.person.email = "333 1234567", "dario@example.org"
    case.person.save()
    with as_application(anna):
        transfer.propose(case=case, to=versilia, note="Abita lì", by=anna, now=timezone.now())
    assert CaseTransfer.objects.filter(phone="333 1234567").count() == 2
    with as_application(bruno), pytest.raises(DatabaseError, match="only who protects"), transaction.atomic():
        kept_contacts.forget(subject=case.subject_id)
    with as_application(anna):
        kept_contacts.forget(subject=case.subject_id)
    assert {(row.phone, row.email) for row in CaseTransfer.objects.all()} == {("", "")}


def test_twenty_questions_an_hour_are_twenty_in_one_transaction_too(anna, as_application):
    with as_application(anna) as cursor:
        answers = []
        for _n in range(22):
            cursor.execute("select refused from people_known_elsewhere('RSSMRA80A01D612X')")
            answers += [refused for (refused,) in cursor.fetchall()]
    assert sum(answers) == 2


@pytest.mark.parametrize("kind", list(Kind))
def test_figures_are_counted_for_who_has_a_dashboard(kind, mugello, anna, as_application):
    """`app_reads_figures`: they are not suppressed yet. The kinds it names are those the page lets in."""
    factories.person_in_charge(mugello, by=anna)
    acting = factories.user("somebody", kind, zone=mugello if REACH[kind] == "zone" else None)
    with as_application(acting) as cursor:
        cursor.execute("select sum(people) from indicator_people_in_charge(current_date, now())")
        assert cursor.fetchone()[0] == (1 if kind in READERS else None)
