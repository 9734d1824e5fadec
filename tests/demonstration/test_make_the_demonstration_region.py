import datetime as dt
import hashlib
from zoneinfo import ZoneInfo

import pytest

from accanto.access.installation import Installation, is_demonstration
from accanto.access.role import Kind, Role
from accanto.cases.case import Case
from accanto.cases.participation import Participation
from accanto.demonstration import build, cast
from accanto.people import fiscal_code
from accanto.people.registry import Registry
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.host_tutor import HostTutor
from accanto.traineeships.skill import Skill
from accanto.traineeships.traineeship import OPEN, STARTED, State, Traineeship
from tests.demonstration.scene import NOW, TODAY, WithThePack, ask, fill, undone

EXCEPT = {"access_installation": "made_at", "access_user": "password"}


def fingerprint():
    """Of every row of every table that the making writes."""
    found = hashlib.sha256()
    for (table,) in ask("select tablename from pg_tables where schemaname = 'public' order by 1"):
        left_out = EXCEPT.get(table, "")
        rows = ask(f"select (to_jsonb(t) - %s)::text from {table} t order by 1", left_out)
        found.update("\n".join(row for (row,) in rows).encode())
    return found.hexdigest()


def count_from_the_start():
    """Sequences do not go back with a transaction."""
    for table, column in ask(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'public' and is_identity = 'YES'"
    ):
        ask(
            f"select setval(pg_get_serial_sequence('{table}', '{column}'), "
            f"greatest((select max({column}) from {table}), 1), (select max({column}) from {table}) is not null)"
        )


@pytest.mark.single
class MakeItTwice(WithThePack):
    def test_the_same_seed_and_day_make_the_same_rows(self):
        made = []
        for seed in ("prova", "prova", "altra"):
            with undone():
                count_from_the_start()
                fill(seed=seed, people=280, releases=2)  # a month is published like the next
                made.append(fingerprint())

        assert made[0] == made[1]
        assert made[0] != made[2]


class MakeItOnce(WithThePack):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        fill()

    def test_it_is_marked_and_made_once(self):
        before = fingerprint()

        with pytest.raises(build.NotEmpty):
            fill()

        assert is_demonstration()
        assert Installation.objects.get().seed == f"prova/300/{TODAY}"
        assert fingerprint() == before

    def test_each_zone_has_people_in_proportion_to_its_residents_and_somebody_who_works_there(self):
        people = dict(ask("select zone_id, count(*) from people_person group by 1"))
        workers = dict(ask("select zone_id, count(*) from access_role where kind = 'social_worker' group by 1"))

        assert len(people) == len(workers) == 28
        assert sum(people.values()) == 300
        assert max(people, key=people.get) == 1  # Firenze

    def test_fiscal_codes_pass_every_check_and_agree_with_the_names(self):
        for row in Registry.objects.select_related("person"):
            found = fiscal_code.read(row.fiscal_code)
            disagree = fiscal_code.cautions(
                found,
                given_name=row.person.given_name,
                family_name=row.person.family_name,
                birth_date=row.birth_date,
                sex=row.sex,
            )
            assert disagree == [], row.fiscal_code
            assert (found.birth_place, found.sex) == (row.birth_place, row.sex)
            # six letters where everybody's has digits: never given to anybody
            assert sum(c.isdigit() for c in row.fiscal_code) == 1

    def test_the_tutor_has_twelve_trainees_with_a_register_up_to_last_week(self):
        tutor = Role.objects.get(user__username=cast.CAST["tutor"][0])
        rows = Traineeship.objects.filter(tutor_id=tutor.user_id, state__in=OPEN)

        assert rows.count() == 12
        assert set(rows.values_list("state", flat=True)) <= {State.RUNNING, State.EXTENDED}
        for row in rows:
            last = AttendanceDay.objects.standing().filter(traineeship=row).latest("day").day
            assert (TODAY - last).days <= TODAY.weekday() + 3 + 1

    def test_every_kind_of_role_has_somebody_who_signs_in_and_one_of_them_two_roles(self):
        kinds = set(
            Role.objects.filter(user__username__in=[name for name, _ in cast.CAST.values()]).values_list(
                "kind", flat=True
            )
        )
        roles = Role.objects.filter(user__username="responsabile.caso")

        assert kinds == {kind.value for kind in Kind}
        assert roles.count() == 2

    def test_histories_narrow_as_the_projects_that_were_told_do(self):
        taking_part = Participation.objects.standing().count()
        planned = Case.objects.filter(participations__isnull=False, plans__agreed_on__isnull=False).distinct().count()
        started = Traineeship.objects.filter(operation__isnull=False, state__in=STARTED).count()

        assert 0.65 < planned / taking_part < 0.95  # 60 of 75
        assert 0.35 < started / taking_part < 0.75  # 42 of 75

    def test_the_log_of_readings_is_numbered_in_the_order_of_time(self):
        moments = [at for (at,) in ask("select at from access_reading order by id")]
        assert moments == sorted(moments)

    def test_there_is_something_to_do_today(self):
        assert ask("select count(*) from documents_signatureround where voided_at is null")[0][0] > 1
        assert ask("select count(*) from cases_referral where outcome = ''")[0][0] > 2
        assert (
            ask(
                "select count(*) from cases_planaction where done_on is null and superseded_at is null and due < %s",
                TODAY,
            )[0][0]
            > 2
        )
        assert ask("select count(*) from traineeships_attendanceday where superseded_at is not null")[0][0] > 2

    def test_nothing_was_written_at_a_moment_still_to_come(self):
        """It may be made at night: what it tells of is of the days before."""
        begins = dt.datetime.combine(TODAY, dt.time.min, tzinfo=ZoneInfo("Europe/Rome"))
        for table, column in ask(
            "select table_name, column_name from information_schema.columns where table_schema = 'public' "
            "and data_type = 'timestamp with time zone' and table_name <> 'django_migrations'"
        ):
            ((latest,),) = ask(f"select max({column}) from {table}")
            assert latest is None or latest < begins or latest == NOW, (table, column, latest)

    def test_who_follows_a_trainee_at_work_has_the_same_name_wherever_they_are_named(self):
        current = Traineeship.objects.filter(state__in=OPEN).select_related("host_tutor")
        there = set(HostTutor.objects.still_there().values_list("host_id", "name"))
        listed = {host for host, _name in there}
        assert listed
        for row in current:
            assert row.host_tutor_shown
            assert row.host_id not in listed or (row.host_id, row.host_tutor_shown) in there
        for skill in Skill.objects.select_related("traineeship__host_tutor"):
            assert skill.seen_by.startswith(skill.traineeship.host_tutor_shown), skill.seen_by

    def test_nothing_points_nowhere_and_every_name_can_be_found(self):
        unchecked = "select count(*) from pg_constraint where contype = 'f' and not convalidated"
        without_keys = (
            "select count(*) from people_person p "
            "where not exists (select 1 from people_searchkey k where k.subject_id = p.subject_id)"
        )
        assert ask(unchecked) == ask(without_keys) == [(0,)]
