"""`accanto`: the one console program. `make` calls it; so does a server in production."""

import argparse
import os
import sys
from pathlib import Path

import accanto
from accanto.console.clock import control, release, remind, seal, tidy
from accanto.console.imports import import_file
from accanto.console.installation import administrator, demo, init, migrate
from accanto.console.preparation import Stop, as_owner, database
from accanto.console.serving import serve

PACKAGE = Path(accanto.__file__).resolve().parent


def main(arguments=None) -> int:
    parser = parser_of_commands()
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command not in ("django", "norms", "bench"):
        parser.error(f"unknown words: {' '.join(rest)}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accanto.settings")
    try:
        return options.run(options, rest) or 0
    except Stop as stop:
        print(f"accanto: {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def port_number(text) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"la porta è un numero da 1 a 65535, non «{text}»: per esempio PORT=8000")
    return int(text)


def parser_of_commands():
    parser = argparse.ArgumentParser(prog="accanto", description="Accanto: dal piano regionale alla persona e ritorno.")
    parser.add_argument("--version", action="version", version=accanto.__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="comando")

    def command(name, run, text):
        sub = commands.add_parser(name, help=text, description=text, add_help=name not in ("django", "norms", "bench"))
        sub.set_defaults(run=run)
        return sub

    serve_parser = command("serve", serve, "avvia il servizio (sul server incorporato, se non ne è indicato un altro)")
    serve_parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    serve_parser.add_argument("--port", type=port_number, default=os.environ.get("PORT") or "8000")
    serve_parser.add_argument("--workers", type=int, default=2)
    serve_parser.add_argument(
        "--no-demo", action="store_true", help="non riempire una base dati vuota con la regione di dimostrazione"
    )
    command("migrate", migrate, "porta la base dati alla versione di questo programma")
    command("init", init, "carica il pacchetto della regione")
    first = command("administrator", administrator, "crea un amministratore e ne stampa la password provvisoria")
    first.add_argument("username", help="nome utente")
    first.add_argument("name", help="nome e cognome")
    demo_parser = command("demo", demo, "riempie una base dati incorporata vuota con la regione di dimostrazione")
    demo_parser.add_argument("--people", type=int, default=3000)
    demo_parser.add_argument("--seed", default="accanto")
    import_parser = command(
        "import",
        import_file,
        "importa estratti (`import pnrr FILE...`) o archivi di persone (`import records FILE...`)",
    )
    import_parser.add_argument("format", choices=["pnrr", "records"], metavar="pnrr|records")
    import_parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
    import_parser.add_argument("--preview", action="store_true", help="mostra che cosa cambierebbe, senza scrivere")
    import_parser.add_argument("--zone", help="di `import records`: il codice della zona")
    import_parser.add_argument(
        "--user", help="di `import records`: il nome utente di chi importa, che lavora nella zona"
    )
    release_parser = command("release", release, "pubblica le figure di un mese finito, che poi non cambiano più")
    release_parser.add_argument("month", nargs="?", metavar="MESE", help="AAAA-MM; senza, l’ultimo mese finito")
    command("norms", norms, "`norms check FILE...` prova i casi d'esempio della legge")
    command("remind", remind, "manda il messaggio del giorno a chi lo vuole: si può ripetere, non parte due volte")
    command("control", control, "cerca le cose insolite nei tirocini di ogni zona: ogni notte, si può ripetere")
    command("tidy", tidy, "cancella le righe degli archivi che nessuno ha finito di importare")
    seal_parser = command("seal", seal, "sigilla il registro degli atti e delle letture, o ne verifica i sigilli")
    seal_parser.add_argument("--verify", action="store_true", help="ricalcola i sigilli e dice che cosa è cambiato")
    seal_parser.add_argument("--expect", metavar="IMPRONTA", help="con --verify: un'impronta conservata altrove")
    command("translations", translations, "compila le traduzioni")
    command("bench", bench, "misura le pagine su una regione sintetica")
    command("django", django, "un comando di Django, come proprietario della base dati")
    return parser


def norms(_options, rest):
    from accanto.norms.__main__ import main as check

    return check(rest)


def translations(_options, _rest):
    """Compile every catalogue, where gettext may not be installed."""
    import polib

    for catalogue in (PACKAGE / "locale").rglob("*.po"):
        polib.pofile(str(catalogue)).save_as_mofile(str(catalogue.with_suffix(".mo")))


def bench(_options, rest):
    """The measures live beside the package, in the folder of the sources."""
    sources = PACKAGE.parent
    if not (sources / "bench" / "measure.py").exists():
        raise Stop("le misure si fanno dalla cartella dei sorgenti: clona il deposito e usa «make bench».")
    sys.path.insert(0, str(sources))
    from bench.measure import main as measure

    measure(rest)


def django(_options, rest):
    with database():
        as_owner()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["accanto django", *rest])
