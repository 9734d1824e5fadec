import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import shares, test_isolation, test_permission_table

ROOT = Path(__file__).parents[2]


def load(name):
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def check():
    return load("check")


def python(code):
    return [sys.executable, "-c", code]


def test_every_check_runs_and_the_end_says_how_to_mend(check, monkeypatch, capsys):
    rows = [
        check.Check("first", python("print('line 7 is wrong'); raise SystemExit(1)"), "correct line 7."),
        check.Check("second", python(""), "nothing."),
        check.Check("third", python("raise SystemExit(1)"), "run the third."),
        check.Check("fourth", python("raise SystemExit(1)"), "later.", when=lambda: False),
    ]
    monkeypatch.setattr(check, "CHECKS", rows)
    assert check.main([]) == 1
    out = capsys.readouterr().out
    assert "line 7 is wrong" in out
    assert out.rstrip().splitlines()[-3:] == ["Da sistemare:", "  first: correct line 7.", "  third: run the third."]
    assert check.main(["second"]) == 0


def test_mending_runs_only_what_can_mend(check, monkeypatch, tmp_path):
    mark = tmp_path / "mended"
    rows = [
        check.Check("first", python("raise SystemExit(1)"), "", (python(f"open({str(mark)!r}, 'w')"),)),
        check.Check("second", python("raise SystemExit(1)"), "by hand."),
    ]
    monkeypatch.setattr(check, "CHECKS", rows)
    assert check.main(["--fix"]) == 0
    assert mark.exists()


def test_a_stale_page_is_named(tmp_path, monkeypatch, capsys):
    generated = load("generated")
    monkeypatch.setattr(generated, "DOCS", tmp_path)
    monkeypatch.setattr(generated, "make", lambda folder: (folder / "states.md").write_text("today"))
    assert generated.update() == 0
    assert generated.check() == 0
    (tmp_path / "states.md").write_text("yesterday")
    assert generated.check() == 1
    assert "docs/states.md" in capsys.readouterr().out


def test_tests_without_a_browser_say_what_to_install(monkeypatch, capsys, tmp_path):
    tests = load("test")
    monkeypatch.delenv("ACCANTO_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tests.main([]) == 1
    assert "apt install chromium" in capsys.readouterr().err
    monkeypatch.setenv("ACCANTO_CHROMIUM", "no-such-browser")
    assert tests.main([]) == 1
    assert "ACCANTO_CHROMIUM" in capsys.readouterr().err


def test_tests_use_the_browser_they_are_given(monkeypatch, tmp_path):
    tests = load("test")
    browser = tmp_path / "chromium"
    browser.write_text("")
    browser.chmod(0o755)
    monkeypatch.delenv("ACCANTO_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tests.find_browser() == str(browser)


@pytest.mark.parametrize(("answers", "told"), [((0, 5), 0), ((5, 0), 0), ((5, 1), 1), ((0, 1), 1), ((5, 5), 5)])
def test_a_server_that_had_nothing_to_do_has_not_failed(monkeypatch, tmp_path, answers, told):
    tests = load("test")
    asked = []

    def pytest(arguments, environment, output=None):
        asked.append(arguments)
        return SimpleNamespace(wait=lambda: answers["second" in arguments])

    monkeypatch.setattr(tests, "pytest", pytest)
    monkeypatch.setattr(tests, "find_browser", lambda: "chromium")
    (tmp_path / "postgres").touch()
    monkeypatch.setattr(tests, "OLDEST_POSTGRESQL", tmp_path)
    assert tests.main(["-k", "x"]) == told
    assert [words[:4] for words in asked] == [["-k", "x", "--share", "second"], ["-k", "x", "--share", "first"]]


def test_what_speaks_to_postgresql_is_made_on_both_servers():
    reader = shares.Reader()
    speaking = [test_isolation.test_a_forged_setting_names_no_session, test_isolation.rows, test_isolation.refused]
    assert all(reader.speaks(function) for function in speaking)
    assert reader.speaks(test_permission_table.test_postgresql_lets_each_role_write_what_the_table_says)
    assert not reader.speaks(test_permission_table.test_the_pages_let_each_role_write_what_the_table_says)
    assert {shares.share_of(path) for path in (ROOT / "tests").rglob("test_*.py")} == {"first", "second"}
