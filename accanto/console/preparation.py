"""What every command needs first: a database, as the service or as its owner; and how to say what went wrong."""

import os
import secrets
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path


class Stop(Exception):
    """Something the user can mend; the sentence says what and how."""


@contextmanager
def step(text):
    """One line a step, with how long it took."""
    print(f"  {text} …", end=" ", flush=True)
    begun = time.monotonic()
    yield
    print(f"{time.monotonic() - begun:.1f} s", flush=True)


def home() -> Path:
    return Path(os.environ.get("ACCANTO_HOME") or Path.cwd() / "var").resolve()


@contextmanager
def database():
    """The two addresses in the environment: those given, or the embedded server's while this program runs."""
    if os.environ.get("ACCANTO_DATABASE_URL"):
        yield None
        return
    from accanto.embedded import EmbeddedError, Server

    said = []
    server = Server(home(), say=said.append)
    with ExitStack() as stack:
        try:
            with step("PostgreSQL"):
                stack.enter_context(server.running())
        except EmbeddedError as error:
            print()
            raise Stop(str(error)) from error
        for sentence in said:
            print(f"    {sentence}")
        os.environ |= {
            "ACCANTO_DATABASE_URL": server.app_url,
            "ACCANTO_OWNER_DATABASE_URL": server.owner_url,
            "ACCANTO_EMBEDDED": "1",
            "ACCANTO_SECRET_KEY": os.environ.get("ACCANTO_SECRET_KEY") or kept_secret(),
        }
        yield server


def kept_secret() -> str:
    file = home() / "secret-key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def as_owner() -> None:
    """This process works on the database as its owner from here on."""
    url = os.environ.get("ACCANTO_OWNER_DATABASE_URL")
    if not url:
        raise Stop(
            "ACCANTO_OWNER_DATABASE_URL non è impostata: questo comando lavora come proprietario della base dati."
        )
    os.environ["ACCANTO_DATABASE_URL"] = url
    os.environ.setdefault("ACCANTO_SECRET_KEY", "not used by commands")
    import django as framework

    framework.setup()


def itself(*arguments) -> None:
    """Run one of our own commands in a process of its own, so that the server never holds the owner's address."""
    done = subprocess.run([sys.executable, "-m", "accanto", *arguments])
    if done.returncode:
        raise Stop(f"il passo «accanto {' '.join(arguments)}» non è riuscito: leggi le righe qui sopra.")
