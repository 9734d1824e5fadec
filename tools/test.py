"""Every test, on the embedded PostgreSQL and, where the system has it, on PostgreSQL 15 too. `make test` calls it.

With two servers the tests that speak to PostgreSQL themselves are made on both, every other on one (`tests/shares.py`).

Words after the program's name go to pytest: `make test ARGS="tests/launcher -k kill"`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OLDEST_POSTGRESQL = Path(os.environ.get("ACCANTO_OLDEST_PG_BIN", "/usr/lib/postgresql/15/bin"))
NOTHING = 5  # what pytest answers where it had no test to make


class Stop(Exception):
    """One sentence that says what is wrong and what to do."""


def main(arguments: list[str]) -> int:
    try:
        browser = find_browser() or install_browser()
    except Stop as stop:
        print(f"accanto: {stop}", file=sys.stderr)
        return 1
    environment = {**os.environ, "ACCANTO_CHROMIUM": browser}
    environment.pop("ACCANTO_PG_BIN", None)
    with tempfile.TemporaryFile("w+") as report:
        older = None
        if (OLDEST_POSTGRESQL / "postgres").is_file():
            # The two runs go together, one a core, and should end together: to the first the journeys in a browser and
            # what is long, to the second the walks over every page; it tells at the end what it found.
            environment_15 = {**environment, "ACCANTO_PG_BIN": str(OLDEST_POSTGRESQL)}
            second = ["--share", "second", "-m", "not browser and not single"]
            older = pytest([*arguments, *second], environment_15, report)
        first = ["--share", "first", "-m", "not walk"] if older else []
        outcomes = {"PostgreSQL incorporato": pytest([*arguments, *first], environment).wait()}
        if older:
            outcomes["PostgreSQL 15"] = older.wait()
            report.seek(0)
            print(f"\nPostgreSQL 15:\n{report.read()}")
        else:
            print(f"\nPostgreSQL 15 non è in {OLDEST_POSTGRESQL}: prove fatte solo su quello incorporato.")
    if set(outcomes.values()) != {NOTHING}:  # of the few that were asked for, one of the two may have none
        outcomes = {name: code for name, code in outcomes.items() if code != NOTHING}
    for name, code in outcomes.items():
        print(f"  {name}: {'riuscite' if code == 0 else f'non riuscite (pytest {code})'}")
    return max(outcomes.values())


def pytest(arguments: list[str], environment: dict[str, str], output=None) -> subprocess.Popen:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)


def find_browser() -> str | None:
    asked = os.environ.get("ACCANTO_CHROMIUM")
    if asked:
        found = shutil.which(asked)
        if not found:
            raise Stop(f"ACCANTO_CHROMIUM indica «{asked}», che non è un programma: correggilo o toglilo.")
        return found
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def install_browser() -> str:
    if os.getuid() == 0 and shutil.which("apt-get"):
        print("  installo Chromium (serve alle prove nel browser) …", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "chromium"]):
            done = subprocess.run(["apt-get", *words], env=quiet, stdout=subprocess.DEVNULL, check=False)
            if done.returncode:
                break
        if browser := find_browser():
            return browser
    raise Stop(
        "le prove nel browser hanno bisogno di Chromium, che qui non c'è e non posso installare: installalo "
        "(«sudo apt install chromium») oppure indica il programma in ACCANTO_CHROMIUM, poi ripeti «make test»."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
