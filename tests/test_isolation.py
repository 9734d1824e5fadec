"""What PostgreSQL itself lets the application see and do, table by table: no page, no form, no Python in between.

Everything is read from the catalogue, so that a table, a function or a policy added tomorrow is held to it too."""

import datetime as dt
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.utils import timezone

from accanto.access import permissions
from accanto.access.permissions import APPLICATION, DEFINER
from accanto.access.relation import Relation, end_relation, open_relation
from accanto.access.role import ABOUT_SUBJECTS, REACH, RIGHTS, Degree, Kind
from accanto.access.session import Session
from accanto.cases.area import CaseArea
from accanto.documents.document import CLASSES
from accanto.people.registry import Registry
from accanto.traineeships import attendance
from tests import factories
from tests.floors import floor_of, room_of

# The plug-in that counts wrong passwords works before there is a session, and forgets.
COUNTERS = {"axes_accessattempt", "axes_accessattemptexpiration", "axes_accesslog", "axes_accessfailurelog"}
# Besides them: who sits in a zone's team by its protocol, the keys a search is made by, which follow the name, what
# somebody typed and has not sent, which is no part of any file, the copy of a sheet that waits to be
# imported, and whether they want to be reminded.
MAY_DELETE = COUNTERS | {
    "cases_zoneteamseat",
    "people_searchkey",
    "access_draft",
    "access_reminder",
}
MAY_DELETE |= {"exchange_recordrow", "exchange_recordpair"}
# What may change in a fact: that it was superseded, when it ended, when it was agreed or done.
ENDS = {"superseded_at", "superseded_by_id", "ends", "ending", "ended_on", "closed_on", "agreed_on", "done_on"}
# Families of functions made from one text and tested one by one through their catalogue, in the folder named here.
FAMILIES = {"indicator_": "indicators"}
# What is asked for each row by its nature: the number that follows those before it in the same statement.
FOR_EACH_ROW = {"attestation_number"}
OURS = "not exists (select from pg_depend d where d.objid = {} and d.deptype = 'e')"


def rows(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


# The catalogue does not change while the tests run: each question is asked of it once.


@cache
def tables(kinds="rp"):
    return [
        name
        for (name,) in rows(
            "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace "
            f"and c.relkind = any(%s) and {OURS.format('c.oid')} order by 1",
            list(kinds),
        )
    ]


@cache
def columns(table):
    return {
        name
        for (name,) in rows(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped", table
        )
    }


@cache
def may(right, table, role=APPLICATION):
    return rows("select has_table_privilege(%s, %s, %s)", role, table, right)[0][0]


@cache
def policies():
    return rows(
        "select tablename, policyname, permissive, cmd, roles::text[], coalesce(qual, ''), coalesce(with_check, '') "
        "from pg_policies where schemaname = 'public' order by 1, 2"
    )


@cache
def about_subjects():
    return [table for table in tables() if "subject_id" in columns(table) and not table.startswith("access_act")]


@cache
def degree_of(table):
    """From its reading policy: the degree whose readers see the table."""
    found = [
        re.search(r"app_zones\('(\w+)'", qual)[1]
        for name, policy, _permissive, cmd, _roles, qual, _check in policies()
        if name == table and cmd == "SELECT" and policy == f"{table}_read"
    ]
    return Degree(found[0])


def of_many_degrees(table):
    """Whether each row says its own degree (`secret_by_class`)."""
    return "degree" in columns(table)


@pytest.fixture
def scene(mugello, versilia, anna, bruno, carla, tutor):
    """Somebody in charge in each of two zones, with a row in every room; returns Anna's case and Bruno's."""

    def somebody(worker, zone):
        case = factories.person_in_charge(zone, by=worker)
        own = {"subject": case.subject, "zone": zone}
        Registry.objects.create(person=case.person, **own)
        CaseArea.objects.create(case=case, area=CaseArea.Area.PRISON, **own)
        traineeship = factories.traineeship(case, tutor=tutor if worker == anna else worker, by=worker)
        attendance.record(
            traineeship=traineeship, day=traineeship.starts, hours=Decimal(4), by=worker, now=timezone.now()
        )
        for degree in CLASSES:
            factories.document(case, by=worker, degree=degree)
        return case

    mine, other = somebody(anna, mugello), somebody(bruno, versilia)
    open_relation(
        subject=mine.subject, kind=Kind.PERSON, user=carla.user, reason="il proprio fascicolo", by=anna,
        now=timezone.now(),
    )  # fmt: skip
    return mine, other


def seen(cursor, table, where="true", values=()):
    """How many rows; None where the very table is forbidden."""
    try:
        with transaction.atomic():
            cursor.execute(f"select count(*) from {table} where {where}", values)
            return cursor.fetchone()[0]
    except ProgrammingError as error:
        if "permission denied" in str(error):
            return None
        raise


# --- who sees which rows ---------------------------------------------------------------------------------------------


def test_without_a_session_no_row_about_anybody_is_seen(scene, as_application):
    with as_application(None) as cursor:
        for table in about_subjects():
            assert seen(cursor, table) in (0, None), table


@pytest.mark.parametrize("token", ["x", "' or true --", "\U0001f511", "0" * 64, "a" * 10_000])
def test_a_forged_setting_names_no_session(scene, as_application, token):
    with as_application(None, token=token) as cursor:
        assert seen(cursor, "people_person") == 0


def test_the_hash_of_a_token_is_not_a_token(scene, anna, enter, as_application):
    enter(anna)
    with as_application(None, token=Session.objects.get(user=anna.user).session_key) as cursor:
        assert seen(cursor, "people_person") == 0


def test_anna_sees_her_zone_and_nothing_of_bruno(scene, anna, as_application):
    with as_application(anna) as cursor:
        for table in about_subjects():
            here = seen(cursor, table, "zone_id = %s", [anna.zone_id])
            if here is None:
                continue
            assert seen(cursor, table, "zone_id <> %s", [anna.zone_id]) == 0, table
            everything = rows_of_owner(table, anna.zone_id)
            assert here == everything, table


def rows_of_owner(table, zone):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('role', 'none', true)")
        cursor.execute(f"select count(*) from {table} where zone_id = %s", [zone])
        found = cursor.fetchone()[0]
        cursor.execute("select set_config('role', %s, true)", [APPLICATION])
    return found


def acting_as(kind, scene, mugello):
    """Somebody of that kind in Anna's zone, tied to Anna's case where the kind works by relation."""
    body = factories.organisation("third_sector_body", "Cooperativa del controllo")
    if kind == Kind.HOST_TUTOR:
        body = scene[0].traineeships.get().host.organisation
    by_zone = REACH[kind] == "zone"
    acting = factories.user(
        f"somebody_{kind}", kind, zone=mugello if by_zone else None, organisation=None if by_zone else body
    )
    if kind == Kind.INSPECTOR:
        factories.inspection(scene[0].traineeships.get(), by=acting)
    elif REACH[kind] == "subject":
        open_relation(
            subject=scene[0].subject, kind=kind, user=acting.user, reason="prova", by=acting, now=timezone.now()
        )
    return acting


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_role_sees_its_degrees_and_its_people_only(kind, scene, mugello, as_application):
    acting = acting_as(kind, scene, mugello)
    with as_application(acting) as cursor:
        for table in about_subjects():
            if not may("SELECT", table):
                continue
            count = seen(cursor, table)
            if of_many_degrees(table):
                cursor.execute(f"select distinct degree from {table}")
                # at most: what narrows a class further is held by tests/test_permission_table.py
                assert {degree for (degree,) in cursor.fetchall()} <= set(CLASSES) & set(RIGHTS[kind]), table
                degree = None
            else:
                degree = degree_of(table)
            if degree and degree not in RIGHTS[kind]:
                assert count == 0, f"{kind} sees {table}, which is {degree}"
            elif REACH[kind] == "subject":
                assert seen(cursor, table, "subject_id <> %s", [scene[0].subject_id]) == 0, table
            else:
                assert seen(cursor, table, "zone_id <> %s", [mugello.pk]) == 0, table
        if RIGHTS[kind].get(Degree.CONTACT):
            assert seen(cursor, "people_person") == 1
        if RIGHTS[kind].get(Degree.REGISTER):
            assert seen(cursor, "traineeships_attendanceday") == 1


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_role_writes_only_what_it_may(kind, scene, mugello, as_application):
    acting = acting_as(kind, scene, mugello)
    with as_application(acting) as cursor:
        for degree in Degree:
            writes = "w" in RIGHTS[kind].get(degree, "")
            cursor.execute("select app_may_write(%s), app_zones_writing(%s), app_subjects_writing(%s)", [degree] * 3)
            allowed, zones, subjects = cursor.fetchone()
            assert allowed is writes
            assert bool(zones) is (writes and REACH[kind] != "subject")
            assert subjects == ([scene[0].subject_id] if writes and REACH[kind] == "subject" else [])
            assert not (degree in ABOUT_SUBJECTS and REACH[kind] == "region" and zones)


def test_the_end_of_a_relation_ends_what_it_opened(scene, tutor, anna, as_application, token_of):
    token, now = token_of(tutor), timezone.now()
    with as_application(None, token=token) as cursor:
        cursor.execute("select app_subjects('contact')")
        assert cursor.fetchone() == ([scene[0].subject_id],)
    relation = Relation.objects.get(user=tutor.user)
    relation.starts = timezone.localdate() - dt.timedelta(days=9)
    relation.save()
    end_relation(relation=relation, on=timezone.localdate() - dt.timedelta(days=1), by=anna, now=now)
    with as_application(None, token=token) as cursor:
        for table in about_subjects():
            assert seen(cursor, table) in (0, None), table


def test_a_relation_of_a_body_serves_who_has_that_role_in_it(scene, anna, mugello, as_application):
    body = factories.organisation("third_sector_body", "Cooperativa del controllo")
    inside = factories.user("inside", Kind.THIRD_SECTOR_TUTOR, organisation=body)
    outside = factories.user(
        "outside", Kind.THIRD_SECTOR_TUTOR, organisation=factories.organisation("third_sector_body", "Un'altra")
    )
    host = factories.user("host", Kind.HOST_TUTOR, organisation=body)
    open_relation(
        subject=scene[0].subject, kind=Kind.THIRD_SECTOR_TUTOR, organisation=body, reason="prova", by=anna,
        now=timezone.now(),
    )  # fmt: skip
    for acting, count in ((inside, 1), (outside, 0), (host, 0)):
        with as_application(acting) as cursor:
            assert seen(cursor, "people_person") == count


# --- what cannot be written ------------------------------------------------------------------------------------------


def refused(cursor, statement, values=()):
    try:
        with transaction.atomic():
            cursor.execute(statement, values)
            touched = cursor.rowcount
            cursor.execute("set constraints all immediate")
            return touched == 0
    except DatabaseError:
        return True


RELATION = (
    "insert into access_relation (subject_id, zone_id, kind, user_id, starts, reason) "
    "values (%s, %s, 'third_sector_tutor', %s, '2020-01-01', 'x')"
)


def test_nobody_opens_a_file_of_another_zone_by_writing_a_relation(scene, anna, tutor, as_application):
    mine, other = scene
    with as_application(anna) as cursor:
        assert refused(cursor, RELATION, [other.subject_id, other.zone_id, tutor.user.pk])
        # nor by saying that the other zone's person is of one's own
        assert refused(cursor, RELATION, [other.subject_id, mine.zone_id, tutor.user.pk])
        assert not refused(cursor, RELATION, [mine.subject_id, mine.zone_id, tutor.user.pk])


def test_no_row_about_somebody_lies_about_their_zone(scene):
    for table in about_subjects():
        if not may("INSERT", table):
            continue
        tied = rows(
            "select 1 from pg_constraint where conrelid = %s::regclass and confrelid = 'access_subject'::regclass "
            "and contype = 'f' and cardinality(conkey) = 2",
            table,
        )
        assert tied, f"{table} is not tied to its subject's zone: use secret() in its migration"


def test_tutors_open_no_relations(scene, tutor, as_application):
    with as_application(tutor) as cursor:
        assert refused(cursor, RELATION, [scene[1].subject_id, scene[1].zone_id, tutor.user.pk])
        assert refused(cursor, RELATION, [scene[0].subject_id, scene[0].zone_id, tutor.user.pk])


def test_a_session_written_by_an_injection_signs_nobody_in(scene, bruno, as_application):
    with as_application(None) as cursor:
        assert refused(cursor, "insert into access_session (session_key) values ('x')")
        assert refused(cursor, "select * from access_session")
        assert refused(cursor, "select * from access_sealingkey")
        for mark in ("", "x", "0" * 64):
            cursor.execute(
                "select session_save(%s, 'x', extract(epoch from now())::bigint + 999, %s, %s, %s, true)",
                [f"forged{mark}", bruno.user.pk, bruno.role.pk, mark],
            )
    with as_application(None, token="forged") as cursor:
        cursor.execute("select app_user()")
        assert cursor.fetchone() == (None,)
        assert seen(cursor, "people_person") == 0


@pytest.mark.parametrize(
    "stolen", ["user_id = {bruno}", "role_id = {role}", "expire_date = now() + interval '9 years'"]
)
def test_a_session_changed_by_hand_is_dead(scene, anna, bruno, token_of, as_application, stolen):
    token = token_of(anna)
    with connection.cursor() as cursor:
        cursor.execute("update access_session set " + stolen.format(bruno=bruno.user.pk, role=bruno.role.pk))
    with as_application(None, token=token) as cursor:
        cursor.execute("select app_user()")
        assert cursor.fetchone() == (None,)


def test_an_expired_session_is_dead_and_swept_away(anna, token_of, as_application):
    token = token_of(anna)
    with connection.cursor() as cursor:
        cursor.execute("update access_session set expire_date = now() - interval '1 second'")
    with as_application(None, token=token) as cursor:
        cursor.execute("select app_user(), session_load(%s)", [token])
        assert cursor.fetchone() == (None, None)
        cursor.execute("select session_clear_expired()")
    assert not Session.objects.exists()


def test_who_has_the_token_loads_and_deletes_the_session_and_nobody_else(anna, token_of, as_application):
    token = token_of(anna)
    with as_application(None) as cursor:
        cursor.execute("select session_load('another')")
        assert cursor.fetchone() == (None,)
        cursor.execute("select session_delete('another')")
        cursor.execute("select session_load(%s)", [token])
        assert cursor.fetchone()[0]
        cursor.execute("select session_delete(%s)", [token])
        cursor.execute("select session_load(%s)", [token])
        assert cursor.fetchone() == (None,)


def test_a_page_that_reads_cannot_write(scene, anna, as_application):
    with as_application(anna, writing=False) as cursor:
        for statement in ("update people_person set given_name = 'x'", "set transaction read write"):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement)


def test_what_the_door_said_is_forgotten_when_it_closes(anna, as_application):
    with as_application(anna):
        pass
    with as_application(anna, writing=False):
        pass
    assert rows("select coalesce(current_setting('accanto.session', true), ''), current_setting('role')") == [
        ("", "none")
    ]


# --- the catalogue ---------------------------------------------------------------------------------------------------


def test_the_application_owns_nothing_is_member_of_nothing_and_overrides_nothing(db):
    owned = rows(
        "select relname::text from pg_class where relowner = %s::regrole union all "
        "select proname::text from pg_proc where proowner = %s::regrole union all "
        "select nspname::text from pg_namespace where nspowner = %s::regrole",
        *[APPLICATION] * 3,
    )
    assert owned == []
    for role in (APPLICATION, DEFINER):
        assert rows("select 1 from pg_auth_members where member = %s::regrole", role) == []
        powers = "rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication"
        assert rows(f"select {powers} from pg_roles where rolname = %s", role) == [(False,)]
    assert rows("select rolcanlogin from pg_roles where rolname = %s", DEFINER) == [(False,)]
    assert rows("select has_schema_privilege(%s, 'public', 'CREATE')", APPLICATION) == [(False,)]


def test_the_application_empties_no_table_and_deletes_only_counters(db):
    for table in tables():
        for right in ("TRUNCATE", "REFERENCES", "TRIGGER"):
            assert not may(right, table), f"{right} on {table}"
        assert not may("DELETE", table) or table in MAY_DELETE, f"DELETE on {table}"


def test_nothing_is_granted_to_everybody(db):
    for table in tables("rpvmS"):
        assert rows(
            "select 1 from pg_class, aclexplode(relacl) a where oid = %s::regclass and a.grantee = 0", table
        ) == [], table  # fmt: skip


def test_facts_are_superseded_and_never_overwritten(db):
    for table in tables():
        names = columns(table)
        if {"recorded_at", "superseded_at"} <= names:
            asked = "select has_column_privilege(%s, %s, %s, 'UPDATE')"
            changing = {name for name in names if rows(asked, APPLICATION, table, name)[0][0]}
            assert changing <= ENDS, f"{table}: {changing - ENDS} can be overwritten"


def test_every_table_the_application_writes_is_under_row_security(db):
    for table in tables():
        if table in COUNTERS:
            continue
        writes = any(
            rows("select has_any_column_privilege(%s, %s, %s)", APPLICATION, table, right)[0][0]
            for right in ("INSERT", "UPDATE")
        )
        secure = rows("select relrowsecurity, relforcerowsecurity from pg_class where oid = %s::regclass", table)[0]
        assert not writes or secure == (True, False), f"{table}: use secret(), of_zone() or written_by()"


def test_every_table_about_somebody_is_secret_and_indexed(db):
    for table in about_subjects():
        assert rows("select relrowsecurity from pg_class where oid = %s::regclass", table) == [(True,)], table
        if may("SELECT", table) and not of_many_degrees(table):
            assert degree_of(table) in ABOUT_SUBJECTS
        first = {
            name
            for (name,) in rows(
                "select a.attname from pg_index i "
                "join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] "
                "where i.indrelid = %s::regclass",
                table,
            )
        }
        assert first & {"subject_id", "zone_id"}, f"{table} has no index that begins with zone or subject"


def text_of(shape, **words):
    """A policy as we write it and as PostgreSQL writes it back, made comparable."""
    return re.sub(r"[\s()]+", "", re.sub(r"::[a-z]+(\[\])?", "", shape.format(**words))).lower()


def plain(policy):
    policy = re.sub(r"\bas (app_\w+)", "", policy, flags=re.IGNORECASE)
    return re.sub(r"[\s()]+", "", re.sub(r"::[a-z]+(\[\])?", "", policy)).lower()


def test_rows_about_people_have_policies_of_two_shapes_and_no_third(db):
    for table, name, permissive, cmd, roles, qual, check in policies():
        if roles != [APPLICATION] or table not in about_subjects():
            continue
        if permissive == "RESTRICTIVE":  # what narrows a degree only takes away
            continue
        read_by = permissions.VISIBLE if cmd == "SELECT" else permissions.WRITABLE
        for text, shape in ((qual, read_by), (check, permissions.WRITABLE)):
            if not text:
                continue
            degree = re.search(r"app_\w+\('(\w+)'", text)[1]
            expected = text_of(shape, degree=degree, subject="subject_id")
            # `also_visible` and `secret_by_class` may put a condition on the row itself before the shape
            own_condition = plain(text).removesuffix(expected)
            if of_many_degrees(table):
                assert own_condition == f"degree='{degree}'and", f"{name} on {table} is not of the class it names"
            assert plain(text).endswith(expected), f"{name} on {table}: {text}"
            assert "app_" not in own_condition
            assert "select" not in own_condition


def test_each_class_of_a_document_has_its_policies_and_a_row_of_no_class_is_nobodys(db):
    for table in about_subjects():
        if of_many_degrees(table):
            named = {
                (cmd, re.search(r"app_\w+\('(\w+)'", qual or check)[1])
                for name, _policy, permissive, cmd, roles, qual, check in policies()
                if name == table and roles == [APPLICATION] and permissive == "PERMISSIVE"
            }
            for cmd in ("SELECT", "INSERT"):
                assert {degree for one, degree in named if one == cmd} == set(CLASSES), f"{cmd} on {table}"


def test_policies_ask_functions_once_a_query_and_no_setting(db):
    for table, name, _permissive, _cmd, roles, qual, check in policies():
        if roles == [DEFINER]:
            continue
        assert roles == [APPLICATION], f"{name} on {table} is for {roles}"
        for text in (qual, check):
            assert "current_setting" not in text
            outside = re.sub(r"\( SELECT app_\w+\([^()]*\) AS \w+\)", "", text)
            outside = re.sub(r"\( SELECT s\.\w+\s+FROM app_session\(\) s\([^()]*\)\)", "", outside)
            called = set(re.findall(r"(\w+)\(", outside)) - {"ANY", "AND", "OR", "NOT"} - FOR_EACH_ROW
            assert not called, f"{name} on {table} calls {called} for each row: put it inside (select …)"


@cache
def functions():
    return rows(
        "select p.proname, p.proowner::regrole::text, p.prosecdef, coalesce(p.proconfig, '{}'), "
        "coalesce((select array_agg(a.grantee::regrole::text) "
        "from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
        "where a.privilege_type = 'EXECUTE'), '{}'), p.oid::regprocedure::text "
        f"from pg_proc p where p.pronamespace = 'public'::regnamespace and {OURS.format('p.oid')} order by 1"
    )


def test_functions_that_look_over_the_policies_are_of_the_role_that_owns_nothing_else(db):
    for _name, owner, definer, config, grantees, signature in functions():
        assert "-" not in grantees, f"{signature} may be executed by everybody"
        if definer:
            assert owner == DEFINER, signature
            assert config == ["search_path=pg_catalog, public, pg_temp"], signature
            assert set(grantees) <= {DEFINER, APPLICATION}, signature


def test_functions_that_look_over_the_policies_have_a_test_each(db):
    here = Path(__file__).parent
    text = "\n".join(file.read_text() for file in here.rglob("test_*.py"))
    untested = {name for name, _owner, definer, *_rest in functions() if definer and name not in text}
    for prefix, folder in FAMILIES.items():
        if list((here / folder).glob("test_*.py")):
            untested = {name for name in untested if not name.startswith(prefix)}
    assert not untested, f"no test names {untested}"


def test_views_of_rows_about_people_look_with_the_rights_of_who_asks(db):
    for view in tables("vm"):
        if not may("SELECT", view):
            continue
        invoker = rows(
            "select 'security_invoker=true' = any(coalesce(reloptions, '{}')) from pg_class where oid = %s::regclass",
            view,
        )
        if columns(view) & {"subject_id", "person_id", "case_id", "traineeship_id"}:
            assert invoker == [(True,)], view


def test_foreign_keys_views_and_policies_only_go_down_the_floors(db):
    pairs = rows(
        "select conrelid::regclass::text, confrelid::regclass::text, 'foreign key' "
        "from pg_constraint where contype = 'f' "
        "union select v.ev_class::regclass::text, d.refobjid::regclass::text, 'view' from pg_rewrite v "
        "join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = v.oid "
        "where d.refclassid = 'pg_class'::regclass and d.refobjid <> v.ev_class "
        "union select p.polrelid::regclass::text, d.refobjid::regclass::text, 'policy' from pg_policy p "
        "join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid "
        "where d.refclassid = 'pg_class'::regclass and d.refobjid <> p.polrelid"
    )
    for upper, lower, what in pairs:
        above, below = room_of(upper), room_of(lower)
        if above and below:
            assert floor_of(above) >= floor_of(below), f"the {what} of {upper} goes up to {lower}"


def test_nobody_reads_people_region_wide(db):
    assert not [
        kind for kind, degrees in RIGHTS.items() if REACH[kind] == "region" and set(degrees) & set(ABOUT_SUBJECTS)
    ]
    with pytest.raises(DatabaseError, match="region_wide"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update access_right set reach = 'region' where degree = 'contact'")
