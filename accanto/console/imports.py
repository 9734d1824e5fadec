"""`accanto import`: extracts of the PNRR, and existing records of a zone."""

import os

from accanto.console.preparation import Stop, as_owner, database


def import_file(options, _rest):
    """Each file is imported whole or not at all; the program ends with 1 if one was refused."""
    for file in options.files:
        if not file.is_file():
            raise Stop(f"il file «{file}» non c'è: controlla il percorso.")
    if options.format == "records":
        return import_records(options)
    with database():
        as_owner()
        from django.utils import timezone, translation

        from accanto.exchange import pnrr

        refused = 0
        for file in options.files:
            with translation.override("it"):
                now = timezone.now()
                content = file.read_bytes()
                found = pnrr.preview(content, file_name=file.name, today=timezone.localdate(now))
                if found.importable and not options.preview:
                    found = pnrr.bring_in(content, file_name=file.name, by=None, now=now)
                refused += bool(found.errors)
                say_import(found, wrote=not options.preview)
    return 1 if refused else 0


def import_records(options):
    """Existing records of a zone, as the application in the name of a user: what is refused to them is refused."""
    if not options.zone or not options.user:
        raise Stop("di' la zona e chi importa: `accanto import records FILE --zone CODICE --user NOME_UTENTE`.")
    with database():
        os.environ.pop("ACCANTO_OWNER_DATABASE_URL", None)
        import django as framework

        framework.setup()
        from django.utils import translation

        from accanto.exchange import record_run, records
        from accanto.exchange.record_batch import Refused

        refused = 0
        with translation.override("it"):
            try:
                by = record_run.acting(username=options.user, zone_code=options.zone)
            except record_run.NobodyError:
                raise Stop(
                    f"«{options.user}» oggi non è assistente sociale né responsabile del caso nella zona "
                    f"«{options.zone}»."
                ) from None
            with record_run.Run(by) as run:
                for file in options.files:
                    try:
                        batch = run.begin(file)
                        if not options.preview:
                            batch = run.do(records.start, batch)
                        broken, waiting = run.left(batch)
                        for line, column, sentence, way_out in broken:
                            print(f"  riga {line}, {column}: {sentence} {way_out}")
                        to_mend = len({line for line, *_rest in broken})
                        print(
                            f"{file.name}: {batch.rows} righe, {batch.imported} importate ({batch.people} persone "
                            f"nuove, {batch.cases} prese in carico), {to_mend} da correggere, {waiting} da decidere."
                        )
                        refused += bool(broken)
                    except Refused as mistake:
                        print(f"{file.name}: {mistake}")
                        refused += 1
    return 1 if refused else 0


def say_import(found, *, wrote):
    if found.errors:
        print(f"{found.file_name}: {len(found.errors)} errori, niente è stato importato.")
        for error in found.errors:
            place = f"riga {error.line}" if error.line else "file"
            field = f", campo «{error.field}»" if error.field else ""
            print(f"  {place}{field}: {error.sentence} {error.way_out}")
        return
    done = found.difference
    words = "importate" if wrote else "da importare"
    print(
        f"{found.file_name}: {len(done.new)} righe nuove e {len(done.changed)} cambiate {words}, "
        f"{done.unchanged} già uguali, {found.left_out} di altre misure lasciate fuori."
    )
