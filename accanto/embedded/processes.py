"""Which process is PostgreSQL on a given data folder: the number in a pid file may be anybody's by now."""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

PROC = Path("/proc")


def clean_environment() -> dict[str, str]:
    """Ours, without what could speak to the server in our place: PGHOST, PGDATA, PGOPTIONS and the languages."""
    # C here touches only messages and logs: the letters of the database are chosen by initdb.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def recorded_pid(data: Path) -> int:
    """The number in postmaster.pid, or 0."""
    try:
        return abs(int((data / "postmaster.pid").read_text().split("\n", 1)[0]))
    except (FileNotFoundError, ValueError):
        return 0


def is_postgres_of(pid: int, data: Path) -> bool:
    """Whether the process is alive, is PostgreSQL, and works in that folder (where every process of it stands)."""
    if pid <= 0 or pid == os.getpid():
        return False
    if not (PROC / "self").exists():
        return _is_postgres_of_by_ps(pid, data)
    try:
        state = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
        name = (PROC / str(pid) / "comm").read_text().strip()
        return state not in "ZX" and name.startswith("postgres") and os.path.samefile(PROC / str(pid) / "cwd", data)
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False


def _is_postgres_of_by_ps(pid: int, data: Path) -> bool:
    answer = subprocess.run(["ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, command = answer.stdout.strip().partition(" ")
    return bool(state) and not state.startswith("Z") and "postgres" in command and str(data) in command


def all_of(data: Path) -> list[int]:
    """Every process of PostgreSQL on that folder; none where the system has no /proc."""
    return [int(folder.name) for folder in PROC.glob("[0-9]*") if is_postgres_of(int(folder.name), data)]


def end_orphans(data: Path) -> None:
    """End the processes of a server whose postmaster was killed: they hold its memory and the next one cannot start."""
    if is_postgres_of(recorded_pid(data), data):
        return
    for pid in all_of(data):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGQUIT)
