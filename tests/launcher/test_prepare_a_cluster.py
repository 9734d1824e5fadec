import os
import subprocess
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo

from accanto.embedded import EmbeddedError, Passwords, Server, cluster_sql, prepare_cluster

DEPLOY = Path(__file__).parents[2] / "docs" / "how-to" / "deploy.md"


@pytest.fixture(scope="module")
def server(used_home):
    server = Server(used_home, fast=True, say=lambda line: None)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def superuser(server):
    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        yield connection


def test_the_application_is_nobody_but_itself(server, superuser):
    assert superuser.execute("select 1 from pg_auth_members where member = 'accanto_app'::regrole").fetchall() == []
    powers = (
        "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = %s"
    )
    for role in ("accanto_app", "accanto_owner", "accanto_definer"):
        assert not any(superuser.execute(powers, [role]).fetchone()), role


def test_the_application_creates_nothing(server):
    with psycopg.connect(server.app_url, autocommit=True) as connection:
        for attempt in ("create table t (n int)", "create temp table t (n int)", "create schema s"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(attempt)


def test_nobody_signs_in_as_the_definer(server):
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(conninfo.make_conninfo(server.app_url, user="accanto_definer", password="x"))


def test_the_owner_gives_functions_to_the_definer_and_may_replace_them(server):
    with psycopg.connect(server.owner_url) as connection:
        connection.execute("create function seen() returns int security definer language sql as 'select 1'")
        connection.execute("alter function seen() owner to accanto_definer")
        connection.execute("create or replace function seen() returns int security definer language sql as 'select 2'")
        connection.execute("drop function seen()")
        connection.rollback()


def test_the_extensions_are_there(superuser):
    found = {name for (name,) in superuser.execute("select extname from pg_extension").fetchall()}
    assert {"pg_trgm", "unaccent", "btree_gist"} <= found


def test_a_second_database_for_tests_is_prepared_by_the_same_function(server, superuser):
    for _ in range(2):
        prepare_cluster(server.superuser_url, database="second")
    owner = "select pg_get_userbyid(datdba) from pg_database where datname = 'second'"
    assert superuser.execute(owner).fetchone() == ("accanto_owner",)
    with psycopg.connect(conninfo.make_conninfo(server.app_url, dbname="second")) as connection:
        assert connection.execute("select similarity('però', 'pero') > 0").fetchone() == (True,)
    superuser.execute("drop database second")


def test_the_administrator_of_a_rented_server_is_enough(server, superuser):
    """Such an administrator makes roles and databases but is no superuser."""
    superuser.execute("create role rented login createrole createdb password 'rented'")
    superuser.execute("grant accanto_definer, accanto_owner to rented with admin option")
    rented = conninfo.make_conninfo(server.superuser_url, user="rented", password="rented", dbname="postgres")
    try:
        prepare_cluster(rented, database="rented")
        with psycopg.connect(conninfo.make_conninfo(server.owner_url, dbname="rented")) as connection:
            connection.execute("create table t (n int)")
            connection.rollback()
    finally:
        superuser.execute("drop database if exists rented")
        superuser.execute("revoke accanto_definer, accanto_owner from rented cascade")
        superuser.execute("drop role rented")


def test_a_role_with_too_much_power_is_refused(server, superuser):
    superuser.execute("alter role accanto_app bypassrls")
    try:
        with pytest.raises(EmbeddedError, match="alter role accanto_app nosuperuser nobypassrls"):
            prepare_cluster(server.superuser_url)
    finally:
        superuser.execute("alter role accanto_app nobypassrls")


def test_an_application_role_that_belongs_to_another_is_refused(server, superuser):
    superuser.execute("grant pg_read_all_data to accanto_app")
    try:
        with pytest.raises(EmbeddedError, match="revoke pg_read_all_data from accanto_app"):
            prepare_cluster(server.superuser_url)
    finally:
        superuser.execute("revoke pg_read_all_data from accanto_app")


def test_a_name_that_is_no_identifier_is_refused(server):
    with pytest.raises(EmbeddedError, match="nome di un database"):
        prepare_cluster(server.superuser_url, database='a"; drop database accanto; --')


def test_the_script_for_administrators_makes_what_the_function_makes(server, superuser, tmp_path):
    """The script is run as a whole by psql on roles with other names, then compared with ours."""
    script = cluster_sql(database="typed", owner_password="o", app_password="a").replace("accanto_", "typed_")
    file = tmp_path / "script.sql"
    file.write_text(script)
    psql = server.place.binaries.program("psql")
    subprocess.run(
        [psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", file, server.superuser_url],
        check=True,
        cwd="/",
        env={**os.environ, "PGAPPNAME": "script"},
        stdout=subprocess.DEVNULL,
    )
    shape = """
        select array[(select datacl::text from pg_database where datname = current_database()),
                     (select nspacl::text from pg_namespace where nspname = 'public'),
                     (select string_agg(extname, ',' order by extname) from pg_extension)]"""
    try:
        shapes = []
        for name in ("accanto", "typed"):
            with psycopg.connect(server.superuser_url, dbname=name) as connection:
                found = connection.execute(shape).fetchone()[0]
                shapes.append([text.replace("typed_", "").replace("accanto_", "") for text in found])
        assert shapes[0] == shapes[1]
    finally:
        superuser.execute("drop database if exists typed")
        for role in ("typed_owner", "typed_app", "typed_definer"):
            superuser.execute(f"drop role if exists {role}")


def test_the_guide_shows_that_script():
    script = cluster_sql(owner_password="<password-owner>", app_password="<password-app>")
    assert script in DEPLOY.read_text()


def test_new_passwords_are_never_the_same():
    assert Passwords.new() != Passwords.new()
