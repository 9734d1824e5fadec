import os
import shutil
from pathlib import Path

import pytest

from accanto.embedded import EmbeddedError, Server, binaries, data, place, processes
from accanto.embedded.binaries import Binaries
from accanto.embedded.place import Account, choose

SYSTEM = Binaries(folder=Path("/usr/lib/postgresql/15/bin"), version="15.18", packaged=False)
NOBODY = {"ACCANTO_POSTGRES_USER": "nobody"}


def open_to_all(account: Account, path: Path) -> bool:
    return True


def test_an_ordinary_user_keeps_the_data_at_home(tmp_path):
    chosen = choose(tmp_path, binaries=SYSTEM, uid=1000)
    assert chosen.root == tmp_path / "postgres"
    assert chosen.account is None
    assert chosen.process_options() == {}


def test_root_lends_the_server_to_an_unprivileged_account(tmp_path):
    chosen = choose(tmp_path, binaries=SYSTEM, uid=0, environ=NOBODY, reaches=open_to_all)
    assert chosen.root == tmp_path / "postgres"
    assert chosen.account.name == "nobody"
    assert chosen.process_options()["user"] != 0
    assert chosen.notes == ()


def test_a_private_home_of_root_sends_the_data_elsewhere_and_says_so(tmp_path):
    shelf = tmp_path / "shelf"
    chosen = choose(
        tmp_path / "home",
        binaries=SYSTEM,
        uid=0,
        environ=NOBODY,
        reaches=lambda account, path: path == SYSTEM.folder,
        shelf=shelf,
    )
    assert chosen.root.parent == shelf
    assert "non può entrare" in chosen.notes[0]


def test_a_decision_taken_stands_when_the_folders_open_later(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "home" / "postgres").mkdir(parents=True)
    (tmp_path / "home" / "postgres" / "place").write_text(f"{elsewhere}\n")
    chosen = choose(tmp_path / "home", binaries=SYSTEM, uid=0, environ=NOBODY, reaches=open_to_all)
    assert chosen.root == elsewhere


def test_private_programs_of_the_system_cannot_be_copied(tmp_path):
    with pytest.raises(EmbeddedError, match="ACCANTO_PG_BIN"):
        choose(
            tmp_path,
            binaries=SYSTEM,
            uid=0,
            environ=NOBODY,
            reaches=lambda account, path: path != SYSTEM.folder,
            shelf=tmp_path,
        )


def test_an_account_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(EmbeddedError, match="«nessuno-di-noi»"):
        choose(tmp_path, binaries=SYSTEM, uid=0, environ={"ACCANTO_POSTGRES_USER": "nessuno-di-noi"})


def test_root_itself_cannot_run_the_server(tmp_path):
    with pytest.raises(EmbeddedError, match="è root"):
        choose(tmp_path, binaries=SYSTEM, uid=0, environ={"ACCANTO_POSTGRES_USER": "root"})


def test_data_of_another_user_are_refused(tmp_path):
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    with pytest.raises(EmbeddedError, match="di un altro utente"):
        choose(tmp_path, binaries=SYSTEM, uid=os.getuid() + 1)


def test_a_long_path_gets_a_short_private_socket(tmp_path):
    long = tmp_path / ("x" * 90)
    chosen = choose(long, binaries=SYSTEM, uid=1000)
    assert len(os.fsencode(chosen.sockets / place.SOCKET_NAME)) <= place.LONGEST_SOCKET
    assert chosen.sockets != choose(tmp_path / ("y" * 90), binaries=SYSTEM, uid=1000).sockets


def test_a_socket_folder_open_to_others_is_refused(tmp_path):
    chosen = choose(tmp_path, binaries=SYSTEM, uid=1000)
    chosen.sockets.mkdir(parents=True)
    chosen.sockets.chmod(0o755)
    with pytest.raises(EmbeddedError, match="non è privata"):
        place.prepare_sockets(chosen)


@pytest.mark.skipif(os.getuid() != 0, reason="only root moves the data and lends the server to another account")
def test_root_in_a_private_folder_serves_without_opening_it(tmp_path, monkeypatch, request):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    shelf = Path(os.path.realpath("/var/tmp")) / f"accanto-test-{os.getpid()}"
    monkeypatch.setattr(place, "SHELF", shelf)
    request.addfinalizer(lambda: shutil.rmtree(shelf, ignore_errors=True))
    packaged = binaries.find(environ={})
    package = packaged.folder.parent.parent
    site = private / "site"
    shutil.copytree(package, site / package.name, symlinks=True)
    shutil.copytree(package.parent / f"{package.name}.libs", site / f"{package.name}.libs")
    monkeypatch.setattr(binaries, "_packaged_folder", lambda: site / package.name / "pginstall" / "bin")
    monkeypatch.delenv("ACCANTO_PG_BIN", raising=False)

    lines = []
    server = Server(private / "home", fast=True, say=lines.append)
    server.start()
    assert server.place.root.parent == shelf
    assert server.place.binaries.folder.is_relative_to(shelf)
    assert len(lines) == 2, lines
    assert private.stat().st_mode & 0o777 == 0o700
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    server.stop()

    # The home is deleted and made again at the same place: a fresh start, and the old data are set aside.
    shutil.rmtree(private / "home")
    fresh = Server(private / "home", fast=True, say=lines.append)
    fresh.start()
    assert fresh.is_running()
    assert "messi da parte" in lines[2]

    # And again, while its server still runs: whoever deleted the home has deleted its passwords.
    survivors = processes.all_of(fresh.place.data)
    assert survivors
    os.close(fresh._in_use)
    fresh._in_use = None
    shutil.rmtree(private / "home")
    time_machine = Server(private / "home", fast=True, say=lines.append)
    time_machine.start()
    assert time_machine.is_running()
    time_machine.stop()
    assert processes.all_of(time_machine.place.data) == []


def test_too_little_space_is_told_before_anything_is_made(home, monkeypatch):
    monkeypatch.setattr(data, "NEEDED_BYTES", 10**18)
    server = Server(home, fast=True, say=lambda line: None)
    with pytest.raises(EmbeddedError, match="Non c'è spazio sul disco"):
        server.start()
    assert not server.place.data.exists()


def test_missing_programs_are_named(tmp_path):
    with pytest.raises(EmbeddedError, match="mancano i programmi di PostgreSQL initdb, postgres, pg_isready"):
        Server(tmp_path, bin=tmp_path).start()


def test_data_of_another_version_are_not_touched(used_home):
    mark = Server(used_home).place.data / "PG_VERSION"
    right = mark.read_text()
    mark.write_text("14\n")
    try:
        with pytest.raises(EmbeddedError, match="sono di PostgreSQL 14"):
            Server(used_home, fast=True, say=lambda line: None).start()
    finally:
        mark.write_text(right)


def test_a_folder_that_cannot_be_written_is_named():
    if os.getuid() == 0:
        where = Path("/proc/accanto")
    else:
        where = Path("/accanto-home")
    with pytest.raises(EmbeddedError, match="ACCANTO_HOME"):
        Server(where, say=lambda line: None).start()
