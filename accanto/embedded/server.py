"""The embedded server: one per home, shared by every process that uses that home, stopped by the last one to leave.

Three locks of the operating system say what is true, because they vanish with whoever holds them and pid files do not:
`start.lock` is held while somebody starts or stops the server; `users.lock` is shared by the processes that use it;
`alive.lock` is inherited by every process of PostgreSQL, so that it is free only when none of them is left.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg

from accanto.embedded import binaries as programs
from accanto.embedded import data, locks, processes
from accanto.embedded import place as places
from accanto.embedded.cluster import APP, OWNER, prepare_cluster
from accanto.embedded.errors import EmbeddedError
from accanto.embedded.passwords import SUPERUSER, Keyring
from accanto.embedded.place import Place

DATABASE = "accanto"
PREPARED = 1  # raise it when prepare_cluster changes: the next start prepares again
REPORT_EVERY = 5.0  # seconds between two lines while waiting
ORPHANS_AFTER = 5.0  # seconds given to what is left of a killed server to go by itself
FAST_SHUTDOWN_WITHIN = 60.0  # seconds, then the immediate shutdown, which loses nothing but needs a recovery


def _print(line: str) -> None:
    print(line, flush=True)


class _Postmaster(subprocess.Popen[bytes]):
    """Our child may outlive us on purpose, when others use it: forgetting it is no leak to warn about."""

    def __del__(self) -> None:
        pass


class Server:
    """The PostgreSQL server of a home folder. `fast` gives durability away for speed: for tests only."""

    def __init__(self, home: Path, *, fast: bool = False, bin: Path | None = None, say: data.Say = _print) -> None:
        self.home = Path(home).absolute()
        self.fast = fast
        self.say = say
        self._chosen_bin = bin
        self._place: Place | None = None
        self._keyring: Keyring | None = None
        self._in_use: int | None = None
        self._process: _Postmaster | None = None
        self._log_start = 0
        self._starter = 0

    @property
    def place(self) -> Place:
        if self._place is None:
            found = programs.find(self._chosen_bin)
            self._place = places.choose(self.home, binaries=found, uid=os.getuid())
        return self._place

    @property
    def superuser_url(self) -> str:
        return self._url(SUPERUSER, self._passwords().superuser)

    @property
    def owner_url(self) -> str:
        return self._url(OWNER, self._passwords().owner)

    @property
    def app_url(self) -> str:
        return self._url(APP, self._passwords().app)

    def start(self) -> None:
        """Start the server, or join the one that runs; return when it answers. Doing it twice changes nothing."""
        if self._in_use is not None and self.is_running():
            return
        with _explained(self.home):
            places.prepare(self.place, home=self.home)
            with self._starting():
                places.prepare_sockets(self.place)
                self._join()
                try:
                    self._start_or_adopt()
                    self._prepare()
                except BaseException:
                    if self._leave():
                        self._shut_down()
                    raise
        self._starter = os.getpid()
        atexit.register(self.stop)

    def stop(self) -> None:
        """Leave the server, and shut it down if nobody else uses it. In a forked child it does nothing."""
        if self._in_use is None or self._starter != os.getpid():
            return
        atexit.unregister(self.stop)
        with self._starting():
            if self._leave():
                self._shut_down()

    def restart(self) -> None:
        """Shut down and start again, whoever else uses the server."""
        places.prepare(self.place, home=self.home)
        with self._starting():
            self._shut_down()
        self.start()

    def remove(self) -> None:
        """Stop, and delete the data wherever they are. For the tests, which leave nothing behind."""
        self.stop()
        for folder in {self.place.root, self.place.sockets, self.home / "postgres"}:
            shutil.rmtree(folder, ignore_errors=True)

    def is_running(self) -> bool:
        """Whether the server accepts connections now."""
        return self._answer() == 0

    @contextlib.contextmanager
    def running(self) -> Iterator["Server"]:
        """Start, and stop on the way out, also when the process is asked to end by SIGTERM or a closed terminal."""
        with _signals_as_exits():
            self.start()
            try:
                yield self
            finally:
                self.stop()

    # Starting

    def _start_or_adopt(self) -> None:
        alive = self._open("alive.lock")
        try:
            self._process = None
            if Keyring.open(data.keys_path(self.home)) is None and not self._nobody_is_alive():
                self._end_the_unknown()
            if locks.try_exclusive(alive) and not self._strangers():
                self._keyring = data.ensure(self.place, home=self.home, fast=self.fast, say=self.say)
                self._launch(alive)
        finally:
            os.close(alive)
        self._wait_until_it_answers()

    def _end_the_unknown(self) -> None:
        """The home was deleted while its server, whose data are elsewhere, went on: nobody has its passwords."""
        alone = self._leave()
        self._join()
        if not alone:
            raise EmbeddedError(
                f"La cartella «{self.home}» è stata cancellata mentre un altro processo di Accanto la usava: "
                "chiudi quel processo e riavvia."
            )
        self._shut_down()

    def _strangers(self) -> bool:
        """Whether somebody started PostgreSQL on our data by hand, without our lock."""
        return processes.is_postgres_of(processes.recorded_pid(self.place.data), self.place.data)

    def _launch(self, alive: int) -> None:
        # No process of ours is alive, so what these files say is of the past, whoever has taken that number since.
        for stale in (
            self.place.data / "postmaster.pid",
            self.place.sockets / places.SOCKET_NAME,
            self.place.sockets / f"{places.SOCKET_NAME}.lock",
        ):
            stale.unlink(missing_ok=True)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.place.sockets),
            "unix_socket_permissions": "0700",
            **(_FAST if self.fast else {}),
        }
        log = self._log_path()
        if log.exists() and log.stat().st_size > 10_000_000:
            log.replace(log.with_suffix(".old"))
        command = [self.place.binaries.program("postgres"), "-D", str(self.place.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._log_start = os.fstat(descriptor).st_size
            # A session of its own: Ctrl-C reaches us and not the server, which we stop after our last request.
            self._process = _Postmaster(
                command,
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                cwd="/",
                env=processes.clean_environment(),
                start_new_session=True,
                pass_fds=[alive],
                **self.place.process_options(),  # type: ignore[call-overload]
            )
        finally:
            os.close(descriptor)

    def _wait_until_it_answers(self) -> None:
        """Wait as long as the server lives: a recovery after a crash may take minutes and must not be interrupted."""
        began = reported = time.monotonic()
        while (answer := self._answer()) != 0:
            now = time.monotonic()
            ours = self._process
            if ours is not None and ours.poll() is not None:
                raise EmbeddedError(self._why_it_died())
            if ours is None and self._nobody_is_alive():
                # The server we were about to join has gone meanwhile: start ours.
                self._start_or_adopt()
                return
            if ours is None and answer == 2 and now - began > ORPHANS_AFTER:
                processes.end_orphans(self.place.data)
            if now - reported >= REPORT_EVERY:
                self.say(f"PostgreSQL si sta riprendendo dopo un'interruzione: {now - began:.0f} secondi finora…")
                reported = now
            time.sleep(0.03 if now - began < 2 else 0.3)

    def _answer(self) -> int:
        """What pg_isready says: 0 it accepts, 1 it is starting or recovering, 2 nobody answers."""
        command = [self.place.binaries.program("pg_isready"), "-q", "-t", "10", "-h", str(self.place.sockets)]
        return subprocess.run(
            [*command, "-p", "5432", "-d", "postgres", "-U", SUPERUSER],
            env=processes.clean_environment(),
            cwd="/",
            check=False,
        ).returncode

    def _why_it_died(self) -> str:
        with open(self._log_path(), errors="replace") as log:
            log.seek(self._log_start)
            lines = [line.strip() for line in log if line.strip()]
        if any("No space left on device" in line for line in lines):
            return data.no_space(self.place.root)
        fatal = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines or ["nessuna spiegazione"]
        return (
            f"PostgreSQL non è partito: «{fatal[-1]}». Il diario del server è in {self._log_path()}; "
            "se i dati sono di prova, cancella la cartella indicata in ACCANTO_HOME e riavvia."
        )

    # Preparing

    def _prepare(self) -> None:
        keyring = self._passwords()
        if keyring.prepared == PREPARED:
            return
        maintenance = self._url(SUPERUSER, keyring.superuser, "postgres")
        try:
            prepare_cluster(maintenance, database=DATABASE, passwords=keyring.roles)
        except psycopg.Error as problem:
            raise EmbeddedError(
                f"PostgreSQL è partito ma non riesce a preparare ruoli e database: «{str(problem).strip()}»; "
                f"il diario del server è in {self._log_path()}."
            ) from problem
        self._keyring = keyring.mark_prepared(PREPARED)

    # Stopping

    def _shut_down(self) -> None:
        pid = processes.recorded_pid(self.place.data)
        if self._process is not None and self._process.poll() is None:
            pid = self._process.pid
        elif not processes.is_postgres_of(pid, self.place.data):
            return
        began = time.monotonic()
        asked = signal.SIGINT
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, asked)
        while not self._nobody_is_alive():
            if self._process is not None:
                self._process.poll()
            if asked is signal.SIGINT and time.monotonic() - began > FAST_SHUTDOWN_WITHIN:
                asked = signal.SIGQUIT
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, asked)
            time.sleep(0.02)
        if self._process is not None:
            self._process.wait()
            self._process = None

    # Locks

    def _open(self, name: str) -> int:
        return locks.open_lock(self.place.root / name)

    def _starting(self) -> contextlib.AbstractContextManager[None]:
        return locks.held(
            self.place.root / "start.lock",
            on_wait=lambda: self.say("un altro avvio di PostgreSQL è in corso, aspetto che finisca…"),
        )

    def _join(self) -> None:
        if self._in_use is None:
            self._in_use = self._open("users.lock")
            fcntl.flock(self._in_use, fcntl.LOCK_SH)

    def _leave(self) -> bool:
        """Stop being a user, and tell whether there are no others. The caller holds `start.lock`."""
        descriptor, self._in_use = self._in_use, None
        if descriptor is None:
            return False
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        alone = locks.try_exclusive(descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)
        return alone

    def _nobody_is_alive(self) -> bool:
        descriptor = self._open("alive.lock")
        try:
            return locks.try_exclusive(descriptor) and not self._strangers()
        finally:
            os.close(descriptor)

    # Small things

    def _passwords(self) -> Keyring:
        if self._keyring is None:
            self._keyring = Keyring.open(data.keys_path(self.home))
        if self._keyring is None:
            raise EmbeddedError(f"In «{self.home}» PostgreSQL non è ancora stato preparato: avvia prima Accanto.")
        return self._keyring

    def _url(self, role: str, password: str, database: str = DATABASE) -> str:
        sockets = quote(str(self.place.sockets), safe="")
        return f"postgresql://{role}:{quote(password, safe='')}@/{database}?host={sockets}&port=5432"

    def _log_path(self) -> Path:
        return self.place.root / "server.log"


_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextlib.contextmanager
def _explained(home: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as problem:
        raise EmbeddedError(
            f"Non ho il permesso di scrivere in «{problem.filename or home}»: "
            "indica in ACCANTO_HOME una cartella in cui puoi scrivere."
        ) from problem
    except OSError as problem:
        if problem.errno == 28:  # no space left on device
            raise EmbeddedError(data.no_space(home)) from problem
        raise EmbeddedError(
            f"PostgreSQL non può usare la cartella «{home}» ({problem}): indica un'altra cartella in ACCANTO_HOME."
        ) from problem


@contextlib.contextmanager
def _signals_as_exits() -> Iterator[None]:
    """Without this, SIGTERM would end Python on the spot and leave the server behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: object) -> None:
        sys.exit(128 + number)

    ours = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
