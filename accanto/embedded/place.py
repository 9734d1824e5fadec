"""Under which account the server runs, and where its data, its socket and its programs live.

PostgreSQL refuses to run as root. When Accanto is started by root the server runs as an unprivileged account, which
must reach the data and the programs. We never open a folder we did not make: what cannot be reached moves under
/var/lib.
"""

import hashlib
import os
import pwd
import stat
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from accanto.embedded import binaries as programs
from accanto.embedded.binaries import Binaries
from accanto.embedded.errors import EmbeddedError

ACCOUNTS = ("accanto", "postgres", "nobody")
SHELF = Path("/var/lib/accanto")
RECORD = "place"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET = 103  # bytes of a socket's address on macOS; Linux allows 107


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def process_options(self) -> dict[str, object]:
        return {"user": self.uid, "group": self.gid, "extra_groups": [self.gid]}


@dataclass(frozen=True)
class Place:
    root: Path
    binaries: Binaries
    account: Account | None  # None: the server runs as whoever started Accanto
    notes: tuple[str, ...] = ()

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def sockets(self) -> Path:
        wanted = self.root / "socket"
        if len(os.fsencode(wanted / SOCKET_NAME)) <= LONGEST_SOCKET:
            return wanted
        short = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"accanto-{short}"

    def process_options(self) -> dict[str, object]:
        return self.account.process_options() if self.account else {}

    def give(self, path: Path) -> None:
        """Hand a file or folder that we have just made to the account of the server."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


Reaches = Callable[[Account, Path], bool]


def can_enter(account: Account, path: Path) -> bool:
    """Whether the account can enter the folder: asked of the system itself, so that access lists count too."""
    try:
        answer = subprocess.run(
            ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            check=False,
            **account.process_options(),  # type: ignore[call-overload]
        )
    except PermissionError as problem:
        raise EmbeddedError(
            f"PostgreSQL non può essere eseguito da root e qui root non può diventare l'utente «{account.name}»: "
            "avvia Accanto con un utente ordinario."
        ) from problem
    return bool(answer.returncode == 0)


def choose(
    home: Path,
    *,
    binaries: Binaries,
    uid: int,
    environ: Mapping[str, str] = os.environ,
    reaches: Reaches = can_enter,
    shelf: Path | None = None,
) -> Place:
    """Decide where the server of `home` lives. A decision already taken stands, or the data would seem to be lost."""
    shelf = shelf or SHELF
    own = home / "postgres"
    recorded = _recorded(own)
    root = recorded or own
    if uid != 0:
        _refuse_what_is_of_others(root, uid)
        return Place(root=root, binaries=binaries, account=None)
    account = _owner_of(root / "data") or _account(environ)
    notes = []
    if not reaches(account, _nearest_folder(root)):
        if recorded or (root / "data").exists():
            raise EmbeddedError(
                f"L'utente «{account.name}», che possiede i dati di PostgreSQL in «{root}», non può più raggiungerli: "
                "rendi attraversabili le cartelle che li contengono, oppure avvia Accanto con quell'utente."
            )
        root = shelf / hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
        notes.append(f"i dati stanno in {root}, perché l'utente «{account.name}» non può entrare in {home}")
    if not reaches(account, binaries.folder):
        private = binaries.folder
        binaries = programs.copy_to(shelf, binaries)
        notes.append(f"i programmi sono copiati in {binaries.folder}, perché {private} è privata")
    return Place(root=root, binaries=binaries, account=account, notes=tuple(notes))


def _recorded(own: Path) -> Path | None:
    try:
        return Path((own / RECORD).read_text().strip())
    except FileNotFoundError:
        return None


def _account(environ: Mapping[str, str]) -> Account:
    asked = environ.get("ACCANTO_POSTGRES_USER")
    for name in (asked,) if asked else ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    if asked:
        raise EmbeddedError(
            f"L'utente «{asked}», indicato in ACCANTO_POSTGRES_USER, non esiste o è root: "
            "PostgreSQL ha bisogno di un utente senza privilegi; indicane un altro o crealo con «useradd --system»."
        )
    raise EmbeddedError(
        "PostgreSQL non può essere eseguito da root e qui non c'è un altro utente: crealo con "
        "«useradd --system accanto», oppure avvia Accanto con un utente ordinario."
    )


def _owner_of(data: Path) -> Account | None:
    try:
        uid = data.stat().st_uid
        entry = pwd.getpwuid(uid)
    except (FileNotFoundError, KeyError):
        return None
    return Account(name=entry.pw_name, uid=uid, gid=entry.pw_gid) if uid else None


def _refuse_what_is_of_others(root: Path, uid: int) -> None:
    try:
        owner = (root / "data").stat().st_uid
    except FileNotFoundError:
        return
    except PermissionError:
        owner = -1
    if owner != uid:
        raise EmbeddedError(
            f"I dati di PostgreSQL in «{root}» sono di un altro utente: avvia Accanto come la prima volta "
            "(per esempio con sudo), oppure indica un'altra cartella in ACCANTO_HOME."
        )


def _nearest_folder(path: Path) -> Path:
    while not path.is_dir():
        path = path.parent
    return path


def prepare(place: Place, *, home: Path) -> None:
    """Make the folders of the place: only new ones are given a mode, nothing that exists is opened or closed."""
    own = home / "postgres"
    for folder in (*reversed(own.parents), own):
        _make(folder, 0o711 if place.account else 0o700)
    if place.root != own:
        _make(place.root.parent, 0o755)
        _make(place.root, 0o711)
        record = own / RECORD
        if not record.exists():
            draft = own / f"{RECORD}.{os.getpid()}"
            draft.write_text(f"{place.root}\n")
            draft.rename(record)


def prepare_sockets(place: Place) -> None:
    """Make the private folder of the connections, one start at a time: it is private a moment after it is made."""
    if _make(place.sockets, 0o700):
        place.give(place.sockets)
    found = place.sockets.lstat()
    owner = place.account.uid if place.account else os.getuid()
    # The temporary folder is open to everybody: a socket folder made by another would receive our passwords' proofs.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) & 0o077:
        raise EmbeddedError(
            f"La cartella «{place.sockets}», che deve contenere il collegamento privato con PostgreSQL, "
            "non è privata o è di un altro utente: cancellala e riavvia."
        )


def _make(path: Path, mode: int) -> bool:
    if path.is_dir():
        return False
    try:
        path.mkdir()
    except FileExistsError:
        if path.is_dir():
            return False  # another program that starts with us made it
        raise
    path.chmod(mode)  # whatever the umask
    return True
