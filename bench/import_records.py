"""What the import of a large spreadsheet takes: `python -m bench.import_records FILE USER ROLE`, in a process of its
own, whose memory is then known, as the application through row security. Prints seconds, mebibytes and counts as JSON.

`bench/measure.py` writes the file and calls it."""

import argparse
import datetime as dt
import json
import os
import random
import resource
import time
from pathlib import Path

ROWS = 100_000
BROKEN, KNOWN, CODED = 0.01, 0.03, 0.6  # shares of the rows: with an error; already in the zone; with a fiscal code


def write_file(path, *, seed, workers, known, rows=ROWS):
    """A spreadsheet like those that zones keep. `workers` are user names, `known` people of the zone:
    (family name, given name, birth date, fiscal code)."""
    from accanto.demonstration import names
    from accanto.exchange.workbook import Sheet, written

    rng = random.Random(f"{seed}/import")
    head = ["ID", "Cognome", "Nome", "Codice fiscale", "Nato il", "Telefono", "In carico dal", "Responsabile", "Area"]
    head += ["Data progetto"]
    lines = []
    for n in range(rows):
        sex = rng.choice("FM")
        given, family, place = names.draw(rng, sex=sex, from_abroad=rng.random() < 0.25)
        born = dt.date(1948, 1, 1) + dt.timedelta(days=rng.randrange(21_000))
        code = ""
        if rng.random() < CODED:
            code = names.fiscal_code(given=given, family=family, birth_date=born, sex=sex, place=place)
        if known and rng.random() < KNOWN:
            family, given, born, code = rng.choice(known)
            code = rng.choice(["", code])
        opened = dt.date(2023, 1, 1) + dt.timedelta(days=rng.randrange(900))
        line = [f"A{n}", family, given, code, f"{born:%d/%m/%Y}", f"055 {rng.randrange(10**6)}", f"{opened:%d/%m/%Y}"]
        line += [rng.choice(workers), rng.choice(["", "disabilità", "salute mentale"])]
        line += [f"{opened + dt.timedelta(days=40):%d/%m/%Y}" if rng.random() < 0.5 else ""]
        if rng.random() < BROKEN:
            line[rng.choice([1, 4, 6])] = "31/02/1980"[: rng.choice([0, 10])] or "?"
        lines.append(line)
    path.write_bytes(written([Sheet("Persone", head, lines)]))


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="bench.import_records", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("username")
    parser.add_argument("zone")
    options = parser.parse_args(arguments)
    os.environ.pop("ACCANTO_OWNER_DATABASE_URL", None)
    import django

    django.setup()
    from accanto.exchange import record_run, records

    took = {}
    with record_run.Run(record_run.acting(username=options.username, zone_code=options.zone)) as run:
        begun = time.monotonic()
        batch = run.begin(options.file)
        took["checked"] = time.monotonic() - begun
        batch = run.do(records.start, batch)
        took["seconds"] = time.monotonic() - begun
        peak = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        begun = time.monotonic()
        counts = {"rows": batch.rows, "imported": batch.imported, "compared_by": batch.compared_by}
        run.do(records.undo, batch)
        took["undone"] = time.monotonic() - begun
    print(json.dumps(took | counts | {"peak_mib": round(sum(peak), 1), "own_mib": round(peak[0], 1)}))


if __name__ == "__main__":
    main()
