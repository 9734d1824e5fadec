"""The pages of docs/ that are made from data and code: made again, or compared with what is committed.

python tools/generated.py update
python tools/generated.py check
"""

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"

# The module that makes the pages, and the words that make it write them into a folder.
MAKERS = [
    ("accanto.indicators.card", lambda folder: ["-m", "accanto.indicators.card", str(folder / "indicators.md")]),
    ("accanto.norms.pages", lambda folder: ["-m", "accanto.norms", "docs", str(folder)]),
]


def make(folder: Path) -> None:
    for module, words in MAKERS:
        if importlib.util.find_spec(module):
            subprocess.run([sys.executable, *words(folder)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def update() -> int:
    DOCS.mkdir(exist_ok=True)
    make(DOCS)
    return 0


def check() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make(folder)
        stale = [
            page.relative_to(folder)
            for page in sorted(folder.rglob("*"))
            if page.is_file() and not same(page, DOCS / page.relative_to(folder))
        ]
    for page in stale:
        print(f"docs/{page} non è quello che i dati e il codice dicono oggi")
    return 1 if stale else 0


def same(made: Path, committed: Path) -> bool:
    return committed.is_file() and committed.read_bytes() == made.read_bytes()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit({"update": update, "check": check}[sys.argv[1]]())
