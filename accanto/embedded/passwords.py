"""The passwords of the embedded server, generated once and kept in a file only the person who runs Accanto can read."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from accanto.embedded.cluster import Passwords
from accanto.embedded.errors import EmbeddedError

SUPERUSER = "accanto_superuser"


@dataclass(frozen=True)
class Keyring:
    path: Path
    superuser: str
    owner: str
    app: str
    # What has been prepared in the cluster: a start that was interrupted is taken up again by the next one.
    prepared: int = 0

    @classmethod
    def open(cls, path: Path) -> "Keyring | None":
        try:
            return cls(path=path, **json.loads(path.read_text()))
        except FileNotFoundError:
            return None
        except PermissionError as problem:
            raise EmbeddedError(
                f"Il file «{path}», con le password di PostgreSQL, è di un altro utente: avvia Accanto come la prima "
                "volta (per esempio con sudo), oppure indica un'altra cartella in ACCANTO_HOME."
            ) from problem
        except (ValueError, TypeError) as problem:
            raise EmbeddedError(
                f"Il file «{path}», con le password di PostgreSQL, è rovinato: rimettilo da una copia."
            ) from problem

    @classmethod
    def new(cls, path: Path) -> "Keyring":
        keyring = cls(
            path=path,
            superuser=secrets.token_urlsafe(24),
            owner=secrets.token_urlsafe(24),
            app=secrets.token_urlsafe(24),
        )
        keyring._write()
        return keyring

    def mark_prepared(self, prepared: int) -> "Keyring":
        keyring = replace(self, prepared=prepared)
        keyring._write()
        return keyring

    @property
    def roles(self) -> Passwords:
        return Passwords(owner=self.owner, app=self.app)

    def _write(self) -> None:
        content = asdict(self)
        del content["path"]
        draft = self.path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self.path)
