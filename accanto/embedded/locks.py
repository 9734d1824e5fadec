"""Locks of the operating system on a file: they vanish with the last process that holds them, however it ended."""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path


def open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def try_exclusive(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def held(path: Path, *, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock alone; `on_wait` is called once when somebody else has it."""
    descriptor = open_lock(path)
    try:
        if not try_exclusive(descriptor):
            on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
