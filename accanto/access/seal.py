"""The seals of the log: batches of rows, each with a hash that continues the one before.

Who can rewrite the tables can also rewrite the seals that follow: therefore `accanto seal` prints the last hash, to be
kept elsewhere (a protocol, a colleague's drawer), and `accanto seal --verify --expect HASH` wants it back."""

from dataclasses import dataclass

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

BATCH = 50_000
LOWEST_ID = -(2**63)
# The columns by name: one added later does not break the seals made before. Times in UTC, whatever the session's zone.
ROWS = {
    "act": (
        "select id, jsonb_build_array(id, extract(epoch from at), user_id, role_id, verb, noun, object_id, subject_id, "
        "zone_id, detail)::text as line from access_act"
    ),
    "reading": (
        "select id, jsonb_build_array(id, extract(epoch from at), user_id, role_id, page, subject_ids, refused, "
        "detail)::text as line from access_reading"
    ),
}
TABLES = {"act": "access_act", "reading": "access_reading"}


class Seal(models.Model):
    class Log(models.TextChoices):
        ACT = "act", _("atti")
        READING = "reading", _("letture")

    log = models.CharField(_("registro"), max_length=10, choices=Log.choices)
    first = models.BigIntegerField(_("dalla riga"))
    last = models.BigIntegerField(_("alla riga"))
    rows = models.IntegerField(_("righe"))
    hash = models.CharField(_("impronta"), max_length=64)
    made_at = models.DateTimeField(_("fatto il"))

    class Meta:
        verbose_name = _("sigillo")
        verbose_name_plural = _("sigilli")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["log", "last"], name="access_seal_once")]

    def __str__(self):
        return self.hash


@dataclass(frozen=True)
class Broken:
    """A batch that is no longer what was sealed; `found` rows against `expected`."""

    log: str
    first: int
    last: int
    expected: int
    found: int


def seal_log(*, now) -> list[Seal]:
    """Seal what was written since the last time; the new seals. Only the owner may."""
    made = []
    for log, table in TABLES.items():
        with transaction.atomic(), connection.cursor() as cursor:
            # Waits for who is writing, so that no row can later appear below the last one sealed.
            cursor.execute(f"lock table {table} in share mode")
            cursor.execute(f"select max(id) from {table}")
            end = cursor.fetchone()[0] or 0
        before = Seal.objects.filter(log=log).last()
        first, chain = (before.last + 1, before.hash) if before else (1, "")
        while first <= end:
            last = _batch_end(log, first, end)
            rows, chain = _digest(log, first, last, chain)
            made.append(Seal.objects.create(log=log, first=first, last=last, rows=rows, hash=chain, made_at=now))
            first = last + 1
    return made


def verify() -> list[Broken]:
    """Every sealed batch that does not answer to its seal. Empty when nothing sealed was touched."""
    broken, chains, ends = [], dict.fromkeys(TABLES, ""), dict.fromkeys(TABLES, 0)
    for seal in Seal.objects.all():
        rows, found = _digest(seal.log, seal.first, seal.last, chains[seal.log])
        if found != seal.hash or seal.first != ends[seal.log] + 1:
            broken.append(Broken(seal.log, seal.first, seal.last, seal.rows, rows))
        chains[seal.log], ends[seal.log] = seal.hash, seal.last
    return broken


def _batch_end(log, first, end):
    with connection.cursor() as cursor:
        cursor.execute(
            f"select max(id) from (select id from {TABLES[log]} where id between %s and %s order by id limit %s) batch",
            [first, end, BATCH],
        )
        return cursor.fetchone()[0] or end


def _digest(log, first, last, chain):
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), encode(sha256(convert_to(%s || coalesce(string_agg(line, E'\\n' order by id), ''), "
            f"'UTF8')), 'hex') from ({ROWS[log]} where id between %s and %s) batch",
            # the first batch begins below every row, also below those somebody might slip in
            [chain, first if chain else LOWEST_ID, last],
        )
        return cursor.fetchone()
