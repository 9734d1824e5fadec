"""The data folder of the embedded server: made once, whole or not at all, and never made again over lost data."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from accanto.embedded import processes
from accanto.embedded.binaries import Binaries
from accanto.embedded.errors import EmbeddedError
from accanto.embedded.passwords import SUPERUSER, Keyring
from accanto.embedded.place import Place

NEEDED_BYTES = 300 * 1024 * 1024

SETTINGS = """
# Written by Accanto at the first start; these lines may be changed.
shared_buffers = 256MB
max_connections = 60
jit = off
password_encryption = scram-sha-256
log_line_prefix = '%m [%p] '
log_checkpoints = off
# Personal data stay out of the log: no statement, no value of a row that breaks a constraint.
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
"""

WHO_MAY_CONNECT = """\
# Only through the private socket, and always with a password.
local all all scram-sha-256
"""

Say = Callable[[str], None]


def keys_path(home: Path) -> Path:
    return home / "postgres" / "passwords.json"


def no_space(folder: Path) -> str:
    return (
        f"Non c'è spazio sul disco di «{folder}»: a PostgreSQL servono almeno {NEEDED_BYTES // 1024**2} MB liberi; "
        "libera spazio oppure indica una cartella su un altro disco in ACCANTO_HOME."
    )


def ensure(place: Place, *, home: Path, fast: bool, say: Say) -> Keyring:
    """The passwords of the data that are there, or of those made now. Nobody else may be starting the server."""
    keyring = Keyring.open(keys_path(home))
    if (place.data / "PG_VERSION").exists():
        if keyring is not None:
            _check_version(place)
            return keyring
        _set_aside(place, home=home, say=say)
    elif keyring is not None and keyring.prepared:
        raise EmbeddedError(
            f"I dati di PostgreSQL che stavano in «{place.data}» non ci sono più: rimettili da una copia oppure, "
            f"se erano di prova, cancella «{home / 'postgres'}» e riavvia."
        )
    for note in place.notes:
        say(note)
    if shutil.disk_usage(place.root).free < NEEDED_BYTES:
        raise EmbeddedError(no_space(place.root))
    keyring = keyring or Keyring.new(keys_path(home))
    # Made under another name and renamed when complete, so that an interrupted start leaves nothing by halves.
    draft = place.root / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    place.give(draft)
    _initdb(draft, place=place, password=keyring.superuser, fast=fast)
    (draft / "pg_hba.conf").write_text(WHO_MAY_CONNECT)
    with open(draft / "postgresql.conf", "a") as file:
        file.write(SETTINGS)
    draft.rename(place.data)
    return keyring


def _initdb(draft: Path, *, place: Place, password: str, fast: bool) -> None:
    # By a file: the account of the server could not open a pipe of ours, and an argument could be read by everybody.
    note = place.root / "first-password"
    note.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(password)
        place.give(note)
        command = [place.binaries.program("initdb"), "-D", str(draft), "-E", "UTF8", "-U", SUPERUSER]
        command += [f"--pwfile={note}", "--auth-local=scram-sha-256", "--auth-host=reject"]
        command += ["--data-checksums", "--lc-messages=C", *(["--no-sync"] if fast else [])]
        _try_locales(command, place=place)
    finally:
        note.unlink(missing_ok=True)


def _try_locales(command: list[str], *, place: Place) -> None:
    complaint = ""
    for locale in _locales(place.binaries):
        outcome = subprocess.run(
            [*command, *locale],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            env=processes.clean_environment(),
            check=False,
            **place.process_options(),  # type: ignore[call-overload]
        )
        if outcome.returncode == 0:
            return
        if "No space left on device" in outcome.stderr:
            raise EmbeddedError(no_space(place.root))
        complaint = next((line for line in outcome.stderr.splitlines() if "error" in line), outcome.stderr.strip())
        if "locale" not in outcome.stderr:
            break
    raise EmbeddedError(
        f"PostgreSQL non riesce a preparare i dati in «{place.data}»: «{complaint}»; "
        "togli la causa e riavvia: nulla è stato lasciato a metà."
    )


def _locales(binaries: Binaries) -> list[list[str]]:
    """The sort order is the same on every system where the server allows it; the letters are those of Unicode."""
    letters = [["--locale=C.UTF-8"], ["--locale=C", "--lc-ctype=en_US.UTF-8"], ["--locale=C"]]
    if binaries.major >= 17:
        return [["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *choice] for choice in letters]
    return letters


def _check_version(place: Place) -> None:
    of_data = int((place.data / "PG_VERSION").read_text())
    if of_data != place.binaries.major:
        raise EmbeddedError(
            f"I dati in «{place.data}» sono di PostgreSQL {of_data} e i programmi sono della versione "
            f"{place.binaries.version}: indica in ACCANTO_PG_BIN i programmi della {of_data}, "
            "oppure un'altra cartella in ACCANTO_HOME."
        )


def _set_aside(place: Place, *, home: Path, say: Say) -> None:
    """Data whose passwords are gone: their home was deleted and made again at the same place."""
    if place.root == home / "postgres":
        raise EmbeddedError(
            f"Ci sono i dati di PostgreSQL in «{place.data}» ma non le password in «{keys_path(home)}»: "
            "rimetti quel file da una copia oppure, se i dati sono di prova, cancella la cartella."
        )
    aside = place.root / f"data.{place.data.stat().st_mtime_ns}"
    place.data.rename(aside)
    say(f"i dati di un'installazione cancellata sono messi da parte in {aside}; si possono togliere")
