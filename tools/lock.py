"""Renew requirements/*.txt from pyproject.toml, with hashes and without the address of any registry.

Needs uv (`pip install uv`). The other locks are constrained by the first, so that all fit one environment.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMON = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header"]
LOCKS = {
    "requirements/run.txt": [],
    "requirements/linkage.txt": ["--extra", "linkage", "-c", "requirements/run.txt"],
    "requirements/test.txt": ["--extra", "test", "-c", "requirements/run.txt"],
}


def main() -> int:
    uv = shutil.which("uv")
    if not uv:
        print("accanto: per rinnovare i blocchi serve uv: installalo con «pip install uv» e ripeti.", file=sys.stderr)
        return 1
    for lock, words in LOCKS.items():
        command = [
            uv,
            "pip",
            "compile",
            "pyproject.toml",
            *words,
            *COMMON,
            "--no-annotate",
            "--upgrade",
            "-q",
            "-o",
            lock,
        ]
        print(f"  {lock} …", flush=True)
        if code := subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
