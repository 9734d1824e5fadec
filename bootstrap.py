"""Prepare the environment of Accanto, then run one of its programs: `python3 bootstrap.py accanto serve`.

Standard library only, and readable by any Python 3.6, so that one too old can still say so. Nothing is done twice:
each step leaves its mark in .venv and is passed over until what it depends on changes.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "accanto-stamp.json")
PIP_LOG = os.path.join(VENV, "pip.log")
MEGABYTE = 1024 * 1024
# Measured on the locked dependencies, with what pip needs while it unpacks.
NEEDED_SPACE = {"run": 500 * MEGABYTE, "test": 1400 * MEGABYTE}


class Stop(Exception):
    """One sentence that says what is wrong and what to do."""


def main(arguments):
    extra = "run"
    if arguments[:1] == ["--tests"]:
        extra, arguments = "test", arguments[1:]
    try:
        refuse_windows()
        use_a_newer_python_if_this_is_old()
        with one_at_a_time():
            prepare(extra)
    except Stop as stop:
        print(f"accanto: {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if not arguments:
        return 0
    environment = dict(os.environ, VIRTUAL_ENV=VENV)
    environment["PATH"] = os.path.join(VENV, "bin") + os.pathsep + os.environ.get("PATH", os.defpath)
    environment.pop("PYTHONHOME", None)
    program = os.path.join(VENV, "bin", arguments[0])
    sys.stdout.flush()
    # The program takes our place: Ctrl-C and signals reach it and nobody stands between.
    os.execve(program, [program, *arguments[1:]], environment)


def refuse_windows():
    if os.name == "nt":
        raise Stop("su Windows Accanto gira dentro WSL: installalo con «wsl --install» e ripeti il comando lì.")


def use_a_newer_python_if_this_is_old():
    if sys.version_info >= OLDEST:
        return
    for name in NEWER:
        found = shutil.which(name)
        if found and version_of(found):
            os.execv(found, [found, os.path.abspath(__file__), *sys.argv[1:]])
    raise Stop(
        "serve Python 3.11 o successivo e questo è il {}.{}: installalo (per esempio «apt install python3.11 "
        "python3.11-venv») e ripeti il comando.".format(*sys.version_info[:2])
    )


def version_of(python):
    """For example "3.11", or nothing: a name can be there and lead nowhere, as version managers' stubs do."""
    question = [python, "-c", "import sys; print('{}.{}'.format(*sys.version_info[:2]))"]
    try:
        return subprocess.check_output(question, stderr=subprocess.DEVNULL).decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


@contextlib.contextmanager
def one_at_a_time():
    import fcntl

    with open(os.path.abspath(__file__)) as ours:
        try:
            fcntl.flock(ours, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("  un'altra preparazione è in corso, aspetto che finisca …", flush=True)
            fcntl.flock(ours, fcntl.LOCK_EX)
        yield


def prepare(extra):
    stamp = read_stamp()
    # An environment holds absolute paths: moved with its folder, or with its Python gone or renewed, it is made again.
    if stamp.get("root") != ROOT or not stamp.get("python") or stamp["python"] != version_of(PYTHON):
        check_space(extra)
        make_environment()
        stamp = write_stamp({"root": ROOT, "python": version_of(PYTHON)})
    wanted = ["run"] + (["test"] if extra == "test" else [])
    for name in wanted:
        lock = os.path.join(ROOT, "requirements", name + ".txt")
        digest = digest_of(lock)
        if stamp.get(name) != digest:
            check_space(extra)
            install(name, lock)
            stamp = write_stamp(dict(stamp, **{name: digest}))
    project = digest_of(os.path.join(ROOT, "pyproject.toml"))
    if stamp.get("project") != project:
        with step("programma accanto"):
            pip("--no-deps", "--no-build-isolation", "--no-index", "--editable", ROOT)
        write_stamp(dict(stamp, project=project))
    compile_translations()


def make_environment():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Stop(
            "a questo Python manca il modulo venv: installalo, per esempio con «apt install python3-venv» "
            "(o «apt install python{}.{}-venv»), e ripeti il comando.".format(*sys.version_info[:2])
        ) from None
    if os.path.lexists(VENV) and not os.path.exists(os.path.join(VENV, "pyvenv.cfg")) and os.listdir(VENV):
        raise Stop(f"«{VENV}» esiste e non è un ambiente di Python: spostala e ripeti il comando.")
    with step("ambiente di Python {}.{}".format(*sys.version_info[:2])):
        done = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if done.returncode:
            raise Stop("non riesco a creare «{}»: {}".format(VENV, last_line(done.stdout.decode(errors="replace"))))


def install(name, lock):
    packages = sum(1 for line in open_text(lock) if "==" in line and not line.startswith((" ", "#")))
    what = {"run": "librerie", "test": "librerie per le prove"}[name]
    with step(f"{what} ({packages})") as report:
        pip("--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", lock, report=report)


def pip(*words, report=None):
    """Install into our environment, whatever the user's own settings say about where and how to install."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME", "PYTHONPATH")
    }
    command = [PYTHON, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    lines = []
    with open(PIP_LOG, "w") as log:
        process = subprocess.Popen(
            command + list(words),
            env=dict(environment, PIP_USER="0"),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            errors="replace",
        )
        collected = 0
        for line in process.stdout:
            log.write(line)
            lines.append(line)
            collected += line.startswith("Collecting ")
            if report:
                report(collected)
        process.stdout.close()
    if process.wait():
        text = "".join(lines)
        if "No space left" in text:
            raise Stop(no_space())
        errors = [line for line in lines if line.startswith("ERROR")] or lines
        if "No matching distribution" in text and not re.search("Retrying|onnection|resolution", text):
            raise Stop(
                "una libreria non esiste per questo sistema o questo Python ({}): usa Linux con glibc 2.28 o "
                "successiva, oppure macOS, e un Python tra 3.11 e 3.14.".format(last_line("".join(errors)))
            )
        raise Stop(
            "non riesco a installare le librerie ({}): controlla il collegamento alla rete e ripeti il comando, "
            "che riprende da qui; il dettaglio è in {}.".format(last_line("".join(errors)), PIP_LOG)
        )


def compile_translations():
    stale = False
    for folder, _folders, files in os.walk(os.path.join(ROOT, "accanto")):
        for file in files:
            if file.endswith(".po"):
                source = os.path.join(folder, file)
                made = source[:-3] + ".mo"
                stale |= not os.path.exists(made) or os.path.getmtime(made) < os.path.getmtime(source)
    if stale:
        with step("traduzioni"):
            done = subprocess.run([PYTHON, "-m", "accanto", "translations"], cwd=ROOT)
            if done.returncode:
                raise Stop("le traduzioni non si compilano: leggi le righe qui sopra.")


def check_space(extra):
    if shutil.disk_usage(ROOT).free < NEEDED_SPACE[extra]:
        raise Stop(no_space(NEEDED_SPACE[extra]))


def no_space(needed=NEEDED_SPACE["run"]):
    return (
        f"non c'è spazio sul disco di «{ROOT}»: servono almeno {needed // MEGABYTE} MB liberi; "
        "libera spazio e ripeti il comando."
    )


@contextlib.contextmanager
def step(text):
    """One line a step, with how long it took; on a terminal it counts while it works."""
    begun = time.monotonic()
    print(f"  {text} …", end=" ", flush=True)

    def report(count):
        if sys.stdout.isatty():
            print(f"\r  {text} … {count}", end=" ", flush=True)

    try:
        yield report
    except BaseException:
        print(flush=True)
        raise
    print(f"{time.monotonic() - begun:.1f} s", flush=True)


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def open_text(path):
    with open(path) as file:
        return file.read().splitlines()


def last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "nessuna spiegazione"


def read_stamp():
    try:
        with open(STAMP) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def write_stamp(stamp):
    with open(STAMP + ".new", "w") as file:
        json.dump(stamp, file, indent=1)
    os.replace(STAMP + ".new", STAMP)
    return stamp


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as problem:
        space = "non c'è spazio sul disco" if problem.errno == 28 else str(problem)
        sys.exit(f"accanto: {space}: togli la causa e ripeti il comando.")
