"""The file that existing records come in: looked at, read by another process, its rows set down to wait as they are."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access import log
from accanto.exchange.record_batch import RecordBatch, Refused
from accanto.exchange.record_columns import proposed

LARGEST = 25 * 1024 * 1024  # bytes of the file
UNPACKED = 600 * 1024 * 1024  # bytes of what a workbook unpacks to
STAGED = 5_000  # rows written at a time


def begin(file, *, file_name, by, now):
    """A batch with the rows of a file (an object that can be read and has a `size`), to be mapped. Raises Refused."""
    if file.size > LARGEST:
        raise Refused(_("Il file supera i 25 MB: dividilo in più file."))
    wait_for_another_process()
    digest = hashlib.sha256()
    with tempfile.TemporaryFile() as copy:
        while piece := file.read(1 << 20):
            digest.update(piece)
            copy.write(piece)
        kind = kind_of(copy)
        copy.flush()
        os.lseek(copy.fileno(), 0, os.SEEK_SET)  # where the other process begins to read
        rows = spreadsheet(copy, kind)
        head = next(rows)
        batch = RecordBatch.objects.create(
            zone_id=by.zone_id,
            file_name=file_name.replace("\x00", "")[:200] or "archivio",
            sha256=digest.hexdigest(),
            columns=head["columns"],
            mapping=proposed(head["columns"]),
            notice=head["notice"],
            rows=0,
            created_at=now,
            created_by=by.user,
        )
        stage(batch, rows)
    log.act("stage", batch, by=by, now=now, rows=batch.rows)
    return batch


def wait_for_another_process():
    """PostgreSQL ends who says nothing for a minute in the middle of a transaction: here it is told to be patient."""
    with connection.cursor() as cursor:
        cursor.execute("set local idle_in_transaction_session_timeout = '10min'")


def kind_of(file):
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if not head:
        raise Refused(_("Il file è vuoto: scegli quello con le persone."))
    if head[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(file) as archive:
                if sum(part.file_size for part in archive.infolist()) > UNPACKED:
                    raise Refused(_("Il foglio di calcolo è troppo grande: dividilo in più file."))
        except zipfile.BadZipFile:
            raise Refused(_("Il foglio di calcolo è rovinato: aprilo, salvalo di nuovo e rimandalo.")) from None
        return "workbook"
    if head[:4] == b"\xd0\xcf\x11\xe0":
        return "workbook"
    if head[:4] == b"%PDF":
        raise Refused(_("È un PDF: serve un foglio di calcolo (XLSX, ODS) o un file CSV."))
    return "text"


SENTENCES = {
    "encrypted": gettext_lazy("Il foglio di calcolo è protetto da password: toglila e rimandalo."),
    "broken": gettext_lazy(
        "Il file non si legge: serve un foglio di calcolo (XLSX, ODS, XLS) o un file CSV. Aprilo, salvalo di nuovo e "
        "rimandalo."
    ),
    "columns": gettext_lazy("Ci sono più di 80 colonne: tieni quelle che servono."),
    "rows": gettext_lazy("Ci sono più di 120.000 righe: dividi il file."),
    "empty": gettext_lazy("Il file ha al più i nomi delle colonne e nessuna riga: scegli quello con le persone."),
    "quotes": gettext_lazy("Le virgolette non si chiudono: chiudile, e raddoppia quelle dentro il testo."),
}


def spreadsheet(file, kind):
    """The head of a file, then its rows [line, cells]; read by another process. Raises Refused."""
    script = Path(__file__).with_name("spreadsheet.py")
    reader = subprocess.Popen(
        [sys.executable, "-I", str(script), kind],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", "")},
    )
    ended = False
    try:
        for line in reader.stdout:
            found = json.loads(line)
            if isinstance(found, dict) and "unreadable" in found:
                reason, _space, where = found["unreadable"].partition(" ")
                sentence = str(SENTENCES[reason])
                raise Refused(
                    _("Riga %(line)s: %(sentence)s") % {"line": where, "sentence": sentence} if where else sentence
                )
            if isinstance(found, dict) and "end" in found:
                ended = True
                break
            yield found
    finally:
        reader.stdout.close()
        reader.kill()
        reader.wait()
    if not ended:
        raise Refused(_("Il file è troppo grande per essere letto, o è rovinato: salvalo di nuovo o dividilo."))


def stage(batch, rows):
    """Write the rows as they were read, some thousands at a time."""
    waiting = []
    count = 0

    def write():
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into exchange_recordrow (batch_id, zone_id, line, cells, errors, cautions, state) "
                "select %s, %s, v.line, v.cells::jsonb, '[]', '[]', 'read' "
                "from unnest(%s::integer[], %s::text[]) v(line, cells)",
                [batch.pk, batch.zone_id, [line for line, _cells in waiting], [json.dumps(c) for _line, c in waiting]],
            )

    for row in rows:
        waiting.append(row)
        if len(waiting) == STAGED:
            write()
            count += len(waiting)
            waiting = []
    if waiting:
        write()
    batch.rows = count + len(waiting)
    batch.save(update_fields=["rows"])
