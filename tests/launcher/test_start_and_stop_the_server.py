import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from accanto.embedded import EmbeddedError, Server, processes


def silent(line: str) -> None:
    pass


def pid_of(home: Path) -> int:
    return processes.recorded_pid(Server(home).place.data)


def alive(home: Path) -> list[int]:
    return processes.all_of(Server(home).place.data)


def query(server: Server, text: str) -> object:
    with psycopg.connect(server.superuser_url) as connection:
        return connection.execute(text).fetchone()[0]


def test_the_first_start_makes_everything_and_the_second_finds_it(home):
    lines = []
    first = Server(home, fast=True, say=lines.append)
    first.start()
    assert first.is_running()
    assert query(first, "show fsync") == "off"
    query_all = "create table kept (n int); insert into kept values (7)"
    with psycopg.connect(first.owner_url, autocommit=True) as connection:
        connection.execute(query_all)
    first.start()
    first.stop()
    assert not first.is_running()
    assert alive(home) == []

    again = Server(home, say=silent)
    began = time.monotonic()
    again.start()
    assert time.monotonic() - began < 10
    assert query(again, "show fsync") == "on"
    assert query(again, "select n from kept") == 7
    again.stop()
    again.stop()


def test_nobody_enters_without_a_password_or_from_the_network(used_home):
    server = Server(used_home, fast=True, say=silent)
    server.start()
    assert query(server, "show listen_addresses") == ""
    assert query(server, "show password_encryption") == "scram-sha-256"
    for wrong in ("", "guess"):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.app_url, password=wrong, passfile=os.devnull)
    keys = used_home / "postgres" / "passwords.json"
    assert keys.stat().st_mode & 0o077 == 0
    assert server.place.sockets.stat().st_mode & 0o077 == 0
    assert server.place.data.stat().st_mode & 0o077 == 0
    server.stop()


def test_values_of_rows_stay_out_of_the_log(used_home):
    server = Server(used_home, fast=True, say=silent)
    server.start()
    with psycopg.connect(server.owner_url) as connection:
        connection.execute("create temp table card (code text primary key)")
        connection.execute("insert into card values ('SECRETCODE')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into card values (%s)", ["SECRETCODE"])
    server.stop()
    log = (server.place.root / "server.log").read_text()
    assert "duplicate key" in log
    assert "SECRETCODE" not in log


def test_letters_with_accents_are_letters_on_every_version(used_home):
    server = Server(used_home, fast=True, say=silent)
    server.start()
    assert query(server, "select lower('NICOLÒ') || upper('è')") == "nicolòÈ"
    assert query(server, "select pg_encoding_to_char(encoding) from pg_database where datname = 'accanto'") == "UTF8"
    server.stop()


def test_two_first_starts_at_once_share_one_server(home, start_program):
    one, other = start_program(home), start_program(home)
    one.wait_until_ready()
    other.wait_until_ready()
    assert len([pid for pid in alive(home) if pid == pid_of(home)]) == 1
    assert one.leave() == 0
    assert Server(home).is_running()
    assert other.leave() == 0
    assert alive(home) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_program_asked_to_end_takes_the_server_along(used_home, start_program, number):
    program = start_program(used_home)
    program.wait_until_ready()
    program.end(number)
    assert alive(used_home) == []


def test_a_killed_program_leaves_a_server_that_the_next_adopts_and_stops(used_home, start_program):
    program = start_program(used_home)
    program.wait_until_ready()
    pid = pid_of(used_home)
    program.end(signal.SIGKILL)
    assert pid in alive(used_home)
    server = Server(used_home, fast=True, say=silent)
    server.start()
    assert pid_of(used_home) == pid
    server.stop()
    assert alive(used_home) == []


def test_nothing_acknowledged_is_lost_when_everything_is_killed(home, start_program):
    writes = """
        with psycopg.connect(server.owner_url, autocommit=True) as connection:
            connection.execute("create table kept (n int)")
            for n in range(300):
                connection.execute("insert into kept values (%s)", [n])
        """
    program = start_program(home, writes, fast=False)
    program.wait_until_ready()
    for pid in alive(home):
        os.kill(pid, signal.SIGKILL)
    program.end(signal.SIGKILL)

    server = Server(home, say=silent)
    server.start()
    assert query(server, "select count(*) from kept") == 300
    server.stop()


def test_a_killed_postmaster_is_started_again_by_the_program_that_lives(used_home):
    server = Server(used_home, fast=True, say=silent)
    server.start()
    os.kill(pid_of(used_home), signal.SIGKILL)
    time.sleep(0.1)
    assert not server.is_running()
    server.start()
    assert query(server, "select 1") == 1
    server.stop()


def test_a_pid_file_that_names_another_living_process_stops_nobody(used_home):
    server = Server(used_home, fast=True, say=silent)
    account = server.place.process_options()
    with subprocess.Popen(["sleep", "60"], **account) as stranger:
        for path in (server.place.data / "postmaster.pid", server.place.sockets / ".s.PGSQL.5432.lock"):
            path.write_text(f"{stranger.pid}\n{server.place.data}\n1700000000\n5432\n{server.place.sockets}\n\n0 0\n")
        server.start()
        assert query(server, "select 1") == 1
        server.stop()
        assert stranger.poll() is None
        stranger.kill()


def test_a_restart_serves_again(used_home):
    server = Server(used_home, fast=True, say=silent)
    server.start()
    before = pid_of(used_home)
    server.restart()
    assert query(server, "select 1") == 1
    assert pid_of(used_home) != before
    server.stop()


def test_an_interrupted_first_start_is_begun_again(home):
    server = Server(home, fast=True, say=silent)
    (home / "postgres" / "data.new").mkdir(parents=True)
    (home / "postgres" / "data.new" / "half").write_text("")
    home.chmod(0o711)
    (home / "postgres").chmod(0o711)
    server.start()
    assert query(server, "select 1") == 1
    server.stop()


def test_data_that_have_vanished_are_not_replaced_by_empty_ones(used_home):
    place = Server(used_home).place
    away = place.data.rename(place.root / "away")
    try:
        with pytest.raises(EmbeddedError, match="non ci sono più"):
            Server(used_home, fast=True, say=silent).start()
        assert not place.data.exists()
    finally:
        away.rename(place.data)


def test_a_setting_postgresql_refuses_is_told_in_one_sentence(used_home):
    settings = Server(used_home).place.data / "postgresql.conf"
    good = settings.read_text()
    settings.write_text(f"{good}\nmax_connections = banana\n")
    try:
        with pytest.raises(EmbeddedError, match=r"non è partito: «.*configuration file"):
            Server(used_home, fast=True, say=silent).start()
        assert alive(used_home) == []
    finally:
        settings.write_text(good)
