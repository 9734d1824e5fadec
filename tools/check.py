"""Run every check and say, at the end, how to mend what failed. `make check` calls it, `make fix` calls it with --fix.

To add a check, add a row: its name, the command, the sentence that says how to mend it, and the command that mends it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Command = list[str]
MAKE_FIX = "esegui «make fix» e guarda le differenze con «git diff»."


@dataclass(frozen=True)
class Check:
    name: str
    command: Command
    mend: str
    fix: tuple[Command, ...] = ()
    # A check of something that is not there yet says so and does not fail.
    when: Callable[[], bool] = lambda: True


def templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "accanto").rglob("templates/**/*.html"))


def accanto(*words: str) -> Command:
    return [sys.executable, "-m", "accanto", *words]


def tool(name: str, *words: str) -> Command:
    return [sys.executable, str(ROOT / "tools" / f"{name}.py"), *words]


def exists(path: str) -> Callable[[], bool]:
    return (ROOT / path).exists


CHECKS = [
    Check("forma del codice", ["ruff", "format", "--check", "-q", "."], MAKE_FIX, (["ruff", "format", "-q", "."],)),
    Check(
        "errori frequenti",
        ["ruff", "check", "-q", "."],
        MAKE_FIX + " Quello che resta si corregge a mano.",
        (["ruff", "check", "-q", "--fix", "."], ["ruff", "format", "-q", "."]),
    ),
    Check(
        "tipi", ["mypy", "--no-error-summary"], "correggi i tipi nelle righe indicate.", when=exists("accanto/norms")
    ),
    Check(
        "piani dell'edificio",
        ["lint-imports", "--no-cache"],
        "un modulo importa da un piano più alto: sposta il pezzo o passa il dato come argomento (docs/adr).",
        when=lambda: "[tool.importlinter]" in (ROOT / "pyproject.toml").read_text(),
    ),
    Check(
        "forma delle pagine",
        ["djade", "--target-version", "5.2", "--check", *templates()],
        MAKE_FIX,
        (["djade", "--target-version", "5.2", *templates()],),
        when=lambda: bool(templates()),
    ),
    Check(
        "migrazioni",
        accanto("django", "makemigrations", "--check", "--dry-run"),
        "un modello è cambiato senza migrazione: esegui «.venv/bin/accanto django makemigrations» e rileggila.",
    ),
    Check("documenti generati", tool("generated", "check"), MAKE_FIX, (tool("generated", "update"),)),
    Check(
        "casi d'esempio della legge",
        [sys.executable, "-m", "accanto.norms", "check"],
        "un caso d'esempio e la regola non dicono la stessa cosa: leggi la differenza e correggi chi sbaglia.",
        when=exists("accanto/norms/worked_cases.py"),
    ),
    Check("file di terzi", tool("vendor_static", "--check"), "rimetti i file con «tools/vendor_static.py»."),
    Check(
        "traduzioni",
        tool("translations", "check"),
        "scrivi l'inglese che manca in accanto/locale/en/LC_MESSAGES/django.po, dopo «make fix».",
        (tool("translations", "update"), accanto("translations")),
        when=exists("accanto/locale"),
    ),
]


def main(arguments: list[str]) -> int:
    fixing = "--fix" in arguments
    chosen = [word for word in arguments if not word.startswith("-")]
    checks = [check for check in CHECKS if not chosen or any(word in check.name for word in chosen)]
    if fixing:
        for check in checks:
            if check.fix and check.when():
                print(f"  {check.name} …", flush=True)
                for command in check.fix:
                    run(command, quiet=False)
        return 0
    broken = []
    for check in checks:
        if not check.when():
            print(f"  {check.name}: ancora da scrivere", flush=True)
            continue
        print(f"  {check.name} …", end=" ", flush=True)
        begun = time.monotonic()
        code, output = run(check.command)
        print(f"{'bene' if code == 0 else 'NON va bene'} ({time.monotonic() - begun:.1f} s)", flush=True)
        if code:
            broken.append(check)
            print(output.rstrip())
    if broken:
        print("\nDa sistemare:")
        for check in broken:
            print(f"  {check.name}: {check.mend}")
    return 1 if broken else 0


def run(command: Command, *, quiet: bool = True) -> tuple[int, str]:
    # The checks keep a server of their own, so that they never touch the data of whoever calls them.
    environment = {**os.environ, "ACCANTO_HOME": str(ROOT / "var" / "check")}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout or ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
