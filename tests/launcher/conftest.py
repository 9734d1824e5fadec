"""Homes for real servers. They are made outside pytest's own folder, which root keeps closed to every other account."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from accanto.embedded import Server, processes


@contextlib.contextmanager
def _temporary_home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="acc-"))
    folder.chmod(0o711)
    try:
        yield folder / "home"
    finally:
        server = Server(folder / "home", say=lambda line: None)
        if (server.place.data / "PG_VERSION").exists():
            for pid in processes.all_of(server.place.data):
                os.kill(pid, signal.SIGKILL)
            server.remove()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home() -> Iterator[Path]:
    with _temporary_home() as path:
        yield path


@pytest.fixture(scope="session")
def used_home() -> Iterator[Path]:
    """A home whose first start is done: the tests that do not change its data share it."""
    with _temporary_home() as path:
        server = Server(path, fast=True, say=lambda line: None)
        server.start()
        server.stop()
        yield path


class Program:
    """Another Accanto process, which runs `lines` with `server` started and then waits to be ended."""

    def __init__(self, home: Path, lines: str = "", *, fast: bool = True) -> None:
        script = f"""
            import psycopg, sys
            from pathlib import Path
            from accanto.embedded import Server
            with Server(Path({str(home)!r}), fast={fast}, say=lambda line: None).running() as server:
                {textwrap.indent(textwrap.dedent(lines), " " * 16).strip()}
                print("ready", flush=True)
                sys.stdin.read()
        """
        self.process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )

    def wait_until_ready(self) -> None:
        for line in self.process.stdout:
            if line == "ready\n":
                return
        raise AssertionError("the program ended before it was ready")

    def end(self, number: int) -> int:
        os.killpg(self.process.pid, number)
        return self.leave()

    def leave(self) -> int:
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(timeout=60)


@pytest.fixture
def start_program() -> Iterator[object]:
    programs = []

    def start(*args: object, **options: object) -> Program:
        programs.append(Program(*args, **options))
        return programs[-1]

    yield start
    for program in programs:
        program.process.kill()
        program.leave()
