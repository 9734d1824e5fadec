"""`accanto serve`: everything that stands between an empty folder and a page that answers."""

import errno
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager

from accanto import __version__
from accanto.console.preparation import Stop, database, itself, step


def serve(options, _rest):
    with ExitStack() as stack:
        stack.enter_context(kept_port(options.host, options.port))
        print(f"Accanto {__version__}", flush=True)
        embedded = stack.enter_context(database())
        if embedded:
            itself("migrate")
            itself("init")
            if not options.no_demo:
                itself("demo")
        static_files()
        refuse_misplaced_demonstration(options.host, embedded)
        os.environ.pop("ACCANTO_OWNER_DATABASE_URL", None)  # those who serve never hold the owner's address
        threading.Thread(target=greet_when_it_answers, args=[options], daemon=True).start()
        run_server(options)
    return 0


@contextmanager
def kept_port(host, port):
    """Ours from before the slow steps: the workers share a port, so two servers begun together would both take it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe, socket.socket(family) as keeper:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE:
                raise Stop(f"su {host}:{port} non si può servire ({problem.strerror}): cambia HOST o PORT.") from None
            raise Stop(f"la porta {port} è occupata: scegline un'altra, per esempio PORT={port + 1} make run") from None
        probe.close()
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        keeper.bind((host, port))
        yield


def static_files():
    """Collect them anew only when the program has changed: it is the slowest step of a second start."""
    from accanto import settings

    newest = max(file.stat().st_mtime_ns for file in (settings.ROOT / "web" / "static").rglob("*") if file.is_file())
    stamp = settings.STATIC_ROOT / ".stamp"
    if stamp.exists() and stamp.read_text() == str(newest):
        return
    with step("fogli di stile e caratteri"):
        subprocess.run([sys.executable, "-m", "django", "collectstatic", "--noinput", "--clear", "-v0"], check=True)
        stamp.write_text(str(newest))


def refuse_misplaced_demonstration(host, embedded):
    """Demonstration data have one-click sign-ins: they may be served only to the machine they are on."""
    if embedded and host in ("127.0.0.1", "::1", "localhost"):
        return
    import django as framework

    framework.setup()
    from accanto.access.installation import is_demonstration

    if is_demonstration():
        raise Stop(
            "questa base dati contiene la regione di dimostrazione, che si serve solo dal server incorporato e su "
            "127.0.0.1: togli HOST, oppure indica una base dati vuota."
        )


def greet_when_it_answers(options):
    """Whoever clicks the address as soon as it is printed finds the page: the workers take some seconds to load."""
    while True:
        try:
            socket.create_connection((options.host, options.port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return greet(options)


def greet(options):
    from accanto.access import demonstration

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accanto.settings")
    print(f"\n  Pronto: http://{options.host}:{options.port}   (Ctrl-C per fermare)")
    entries = demonstration.kept()
    if entries:
        print("  Accessi di dimostrazione (dati sintetici):")
        for entry in entries:
            print(f"    {entry['username']:<24} {entry['password']:<20} {entry['role']}")
    sys.stdout.flush()


def run_server(options):
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "accanto.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=4,
        backpressure=64,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=2,  # without it a SIGTERM while a worker is loading is lost
    ).serve()
