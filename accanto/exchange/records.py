"""Bringing in existing records, a step at a time: map, check, compare, decide, import; and undo.

Each step is one short transaction that takes the batch for itself, so that a page, another page and the console can
push the same batch on, and whoever is stopped in the middle goes on from there."""

import json

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accanto.access import log
from accanto.exchange import linkage
from accanto.exchange.record_batch import RecordBatch, RecordOrigin, RecordPair, RecordRow, Refused
from accanto.exchange.record_columns import BY_NAME, COLUMNS
from accanto.exchange.record_file import wait_for_another_process
from accanto.exchange.record_people import write
from accanto.exchange.record_reader import Reader
from accanto.exchange.workbook import Sheet, written
from accanto.people.person import name_key

CHECKED, IMPORTED, UNDONE = 2_500, 1_000, 500  # rows of a step
State = RecordBatch.State


class WorkedOn(Refused):
    """Somebody has worked on the files of the batch: it is undone no more. `subjects` are the first of them."""

    def __init__(self, count, subjects):
        self.count, self.subjects = count, subjects
        super().__init__(
            _(
                "Su %(count)s schede di questa importazione qualcuno ha già lavorato: non si annulla più. "
                "Le schede sbagliate si correggono o si chiudono una per una."
            )
            % {"count": count}
        )


def taken(batch_id, *, by):
    """The batch, for this transaction alone; None if it is not of the zone."""
    return RecordBatch.objects.within(by).select_for_update().filter(pk=batch_id).first()


def map_columns(*, batch, mapping, manager, by, now):
    """Say which column of the file is what, {column: place}; the check begins (again). Raises Refused."""
    if batch.state not in (State.MAPPING, State.READY, State.CHECKING, State.MATCHING):
        raise Refused(_("L’archivio è già importato: l’abbinamento non si cambia più."))
    missing = [str(column.label) for column in COLUMNS if column.required and column.name not in mapping]
    if missing:
        raise Refused(_("Di’ in quale colonna si trova: %(names)s.") % {"names": ", ".join(missing)})
    places = list(mapping.values())
    if len(places) != len(set(places)):
        raise Refused(_("Una colonna del file è abbinata a due dati: sceglila una volta sola."))
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from exchange_recordpair where batch_id = %s and zone_id = %s", [batch.pk, batch.zone_id]
        )
        cursor.execute(
            "update exchange_recordrow set state = 'read', data = null, errors = '[]', cautions = '[]' "
            "where batch_id = %s and zone_id = %s and state <> 'read'",
            [batch.pk, batch.zone_id],
        )
    batch.mapping, batch.manager, batch.checked, batch.state = mapping, manager, 0, State.CHECKING
    batch.save(update_fields=["mapping", "manager", "checked", "state"])
    log.act("map", batch, by=by, now=now)


def go_on(*, batch, by, now):
    """The next step of a batch that is at work. Whoever calls commits, and calls again while `batch.is_working`."""
    steps = {
        State.CHECKING: check_some,
        State.MATCHING: compare,
        State.IMPORTING: import_some,
        State.UNDOING: undo_some,
    }
    if batch.state in steps:
        steps[State(batch.state)](batch, by=by, now=now)
    return batch


def check_some(batch, *, by, now):
    rows = list(RecordRow.objects.filter(batch=batch, zone_id=batch.zone_id, state="read").order_by("line")[:CHECKED])
    reader = Reader(
        mapping=batch.mapping, zone_id=batch.zone_id, manager_id=batch.manager_id, today=timezone.localdate(now)
    )
    read = [(row.pk, *reader.read(row.cells)) for row in rows]
    mark([(pk, data, errors, cautions) for pk, data, errors, cautions in read], batch)
    batch.checked += len(rows)
    if len(rows) < CHECKED:
        batch.state = State.MATCHING
    batch.save(update_fields=["checked", "state"])


def told_again(rows, batch, *, today):
    """The errors of these rows in the language of who reads now: (row, errors). What is wrong only beside other rows,
    or changed since, stays in the words of then."""
    reader = Reader(mapping=batch.mapping, zone_id=batch.zone_id, manager_id=batch.manager_id, today=today)
    found = []
    for row in rows:
        _data, errors, _cautions = reader.read(row.cells)
        same = [error[0] for error in errors] == [error[0] for error in row.errors]
        found.append((row, errors if same else row.errors))
    return found


def mark(found, batch):
    """Write what was understood of each row: (id, data, errors, cautions)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update exchange_recordrow r set data = v.data::jsonb, errors = v.errors::jsonb, "
            "cautions = v.cautions::jsonb, state = case when v.errors = '[]' then 'sound' else 'broken' end "
            "from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) v(id, data, errors, cautions) "
            "where r.id = v.id and r.zone_id = %s",
            [
                [one[0] for one in found],
                *[[json.dumps(one[n], ensure_ascii=False) for one in found] for n in (1, 2, 3)],
                batch.zone_id,
            ],
        )


def compare(batch, *, by, now):
    """Rows that repeat one another, then those whose person the zone may know."""
    wait_for_another_process()
    rows = list(
        RecordRow.objects.filter(batch=batch, zone_id=batch.zone_id)
        .sound()
        .order_by("line")
        .values_list("pk", "line", "data", "cautions")
    )
    first_code, first_name, repeated = {}, {}, []
    for pk, line, data, cautions in rows:
        code, name = data["fiscal_code"], (name_key(data["given_name"], data["family_name"]), data["birth_date"])
        if code and first_code.setdefault(code, line) != line:
            sentence = _("Lo stesso codice fiscale è già nella riga %(line)s.") % {"line": first_code[code]}
            error = ["fiscal_code", sentence, _("Tieni una riga sola per persona, o correggi il codice.")]
            repeated.append((pk, data, [error], cautions))
        elif first_name.setdefault(name, line) != line and name[1]:
            sentence = _(
                "Stesso nome e stessa data di nascita della riga %(line)s: se è la stessa persona togli una delle due."
            )
            repeated.append((pk, data, [], [*cautions, ["family_name", sentence % {"line": first_name[name]}]]))
    if repeated:
        mark(repeated, batch)
    out = {pk for pk, _data, errors, _cautions in repeated if errors}
    wanted = [(pk, data) for pk, _line, data, _cautions in rows if pk not in out]
    batch.compared_by, pairs = linkage.compare(rows=wanted, zone_id=batch.zone_id)
    RecordPair.objects.bulk_create(
        [
            RecordPair(
                subject_id=subject,
                zone_id=batch.zone_id,
                batch=batch,
                row_id=row,
                score=score,
                why=why,
                verdict=RecordPair.Verdict.SAME if why == RecordPair.Why.CODE else "",
            )
            for row, subject, score, why in pairs
        ],
        batch_size=5000,
    )
    batch.state = State.READY
    batch.save(update_fields=["state", "compared_by"])


def decide(*, pair, verdict, by, now):
    """Whether the row and the person of the zone are the same. Raises Refused."""
    if pair.batch.state != State.READY:
        raise Refused(_("L’importazione è già cominciata: non si decide più."))
    if pair.why == RecordPair.Why.CODE and verdict != RecordPair.Verdict.SAME:
        raise Refused(
            _("Il codice fiscale è lo stesso: è la stessa persona. Se il codice è sbagliato, correggilo nel file.")
        )
    pair.verdict = verdict
    pair.save(update_fields=["verdict"])
    log.act("compare", pair, by=by, now=now, verdict=str(verdict))
    if verdict == RecordPair.Verdict.SAME:
        # a row is one person
        others = RecordPair.objects.filter(row_id=pair.row_id, zone_id=pair.zone_id).exclude(pk=pair.pk)
        others.exclude(why="code").update(verdict=RecordPair.Verdict.DIFFERENT)


def start(*, batch, by, now):
    """Begin to import the sound rows on which nothing is left to decide. Raises Refused."""
    if batch.state != State.READY:
        raise Refused(_("Non c’è niente da importare adesso."))
    if not RecordRow.objects.filter(batch=batch, zone_id=batch.zone_id).decided().exists():
        raise Refused(_("Nessuna riga è pronta: correggi gli errori o decidi sui doppioni."))
    batch.state = State.IMPORTING
    batch.imported_at = batch.imported_at or now
    batch.save(update_fields=["state", "imported_at"])
    log.act("start_import", batch, by=by, now=now)


def import_some(batch, *, by, now):
    rows = list(RecordRow.objects.filter(batch=batch, zone_id=batch.zone_id).decided().order_by("line")[:IMPORTED])
    if rows:
        write(batch, rows, by=by, now=now)
        forget(batch, rows=[row.pk for row in rows])
    if len(rows) < IMPORTED:
        waiting = RecordRow.objects.filter(batch=batch, zone_id=batch.zone_id).sound().exists()
        batch.state = State.READY if waiting else State.DONE
        log.act("end_import", batch, by=by, now=now, rows=batch.imported)
    batch.save(update_fields=["state", "imported", "people", "cases"])


# --- afterwards -----------------------------------------------------------------------------------------------------


def worked_on(batch):
    """(how many files of the batch somebody has worked on since, the first subjects)."""
    with connection.cursor() as cursor:
        cursor.execute("select subject_id from records_worked_on(%s)", [batch.pk])
        subjects = [row[0] for row in cursor]
    return len(subjects), subjects[:20]


def undo(*, batch, by, now):
    """Begin to take away everything the batch wrote. Raises WorkedOn, Refused."""
    if batch.state not in (State.DONE, State.READY, State.IMPORTING) or not batch.imported:
        raise Refused(_("Non c’è niente da annullare."))
    count, subjects = worked_on(batch)
    if count:
        raise WorkedOn(count, subjects)
    batch.state = State.UNDOING
    batch.save(update_fields=["state"])
    log.act("start_undo", batch, by=by, now=now)


def undo_some(batch, *, by, now):
    origins = list(RecordOrigin.objects.filter(batch=batch, zone_id=batch.zone_id).order_by("line", "id")[:UNDONE])
    if origins:
        log.acts(
            "undo_import", [(origin, {"batch": batch.pk, "line": origin.line}) for origin in origins], by=by, now=now
        )
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                # every key that points at what goes is looked up, by its index even where a table is new and unmeasured
                cursor.execute("set local enable_seqscan = off")
                cursor.execute("set local statement_timeout = '2min'")
                cursor.execute("select records_undo(%s, %s)", [batch.pk, [origin.pk for origin in origins]])
                cursor.execute("set constraints all immediate")
        except IntegrityError:
            raise WorkedOn(1, []) from None
    if len(origins) < UNDONE:
        batch.state = State.UNDONE
        forget(batch)
        log.act("end_undo", batch, by=by, now=now)
    batch.imported -= len(origins)
    batch.save(update_fields=["state", "imported"])


def drop(*, batch, by, now):
    """Give up what was not imported: the waiting rows are deleted."""
    if batch.state in (State.IMPORTING, State.UNDOING, State.UNDONE, State.DROPPED):
        raise Refused(_("Adesso non si può lasciare: aspetta che finisca."))
    forget(batch)
    batch.state = State.DONE if batch.imported else State.DROPPED
    batch.save(update_fields=["state"])
    log.act("drop", batch, by=by, now=now)


def drop_abandoned(*, now):
    """Give up what nobody finished within the days of `KEPT`, in any zone: for the owner. The batches dropped."""
    dropped = []
    for pk in RecordBatch.objects.abandoned(now).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            # taken up, or dropped, by somebody in the meantime
            batch = RecordBatch.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
            if batch and RecordBatch.objects.abandoned(now).filter(pk=pk).exists():
                drop(batch=batch, by=None, now=now)
                dropped.append(batch)
    return dropped


def forget(batch, *, rows=None):
    """Delete the waiting rows, all of them or those given, with the pairs they are in."""
    with connection.cursor() as cursor:
        for table, column in (("exchange_recordpair", "row_id"), ("exchange_recordrow", "id")):
            which = "" if rows is None else f" and {column} = any(%s)"
            values = [batch.pk, batch.zone_id] + ([] if rows is None else [rows])
            cursor.execute(f"delete from {table} where batch_id = %s and zone_id = %s{which}", values)


def broken_rows(batch) -> bytes:
    """The rows to mend as a spreadsheet like the one that came, with what is wrong in the last columns."""
    rows = RecordRow.objects.filter(batch=batch, zone_id=batch.zone_id).broken().order_by("line")
    width = len(batch.columns)
    lines = []
    for cells, errors, line in rows.values_list("cells", "errors", "line"):
        said = "\n".join(f"{label_of(name)}: {sentence} {way_out}" for name, sentence, way_out in errors)
        lines.append([*cells[:width], *[""] * (width - len(cells)), str(line), said])
    head = [*batch.columns, _("Riga di prima"), _("Da correggere")]
    return written([Sheet(_("Da correggere"), head, lines, [*[18] * width, 12, 80])])


def label_of(name):
    return str(BY_NAME[name].label) if name in BY_NAME else name
