from dataclasses import dataclass, field

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.plan.localisation import Localisation
from accanto.plan.pnrr_project import PnrrProject

OUR_OWN = {"id", "recorded_at", "superseded_at"}
ONE_AT_A_TIME = 20230301  # the key of the lock that imports take


class Extract(models.Model):
    """An import that wrote something: which file, of which day, and how many rows it brought. Importing the same file
    again writes nothing, and leaves none of these."""

    class Kind(models.TextChoices):
        LOCALISATIONS = "localisations", _("universo delle localizzazioni")
        PROJECTS = "projects", _("progetti validati")

    kind = models.CharField(_("che cosa contiene"), max_length=20, choices=Kind.choices)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("impronta"), max_length=64)
    day = models.DateField(_("estratto del"), null=True, blank=True)
    rows_new = models.PositiveIntegerField(_("righe nuove"))
    rows_changed = models.PositiveIntegerField(_("righe cambiate"))
    rows_unchanged = models.PositiveIntegerField(_("righe uguali"))
    rows_elsewhere = models.PositiveIntegerField(_("righe di altre misure, lasciate fuori"))
    imported_at = models.DateTimeField(_("importato il"))

    class Meta:
        verbose_name = _("importazione")
        verbose_name_plural = _("importazioni")
        ordering = ["-imported_at", "-id"]

    def __str__(self):
        return f"{self.file_name} ({timezone.localdate(self.imported_at):%d/%m/%Y})"


@dataclass
class Difference:
    """What a file would do to the table: rows to add, rows that differ, rows already there, and rows that the table has
    for the same extract and the file has not. These stay, because somebody must decide."""

    new: list = field(default_factory=list)
    changed: list = field(default_factory=list)  # (the row that stands, the row of the file, the names that differ)
    unchanged: int = 0
    older: int = 0  # the table already has the same project as published later
    absent: list = field(default_factory=list)

    @property
    def writes(self):
        return bool(self.new or self.changed)


def _key(row):
    if isinstance(row, Localisation):
        return row.extraction_date, row.submeasure, row.cup, row.province_name, row.municipality_as_published
    return row.submeasure, row.cup, row.local_code


def compare(*, kind, rows) -> Difference:
    """Rows are unsaved Localisation or PnrrProject rows, of one kind."""
    model = {Extract.Kind.LOCALISATIONS: Localisation, Extract.Kind.PROJECTS: PnrrProject}[Extract.Kind(kind)]
    names = [f.attname for f in model._meta.concrete_fields if f.attname not in OUR_OWN]
    standing = model.objects.standing()
    if model is Localisation:
        standing = standing.filter(extraction_date__in={row.extraction_date for row in rows})
    present = {_key(row): row for row in standing}
    found = Difference()
    for row in rows:
        before = present.pop(_key(row), None)
        differing = [] if before is None else [n for n in names if getattr(before, n) != getattr(row, n)]
        if before is None:
            found.new.append(row)
        elif not differing:
            found.unchanged += 1
        elif model is PnrrProject and row.updated < before.updated:
            found.older += 1
        else:
            found.changed.append((before, row, differing))
    found.absent = list(present.values())
    return found


@transaction.atomic
def bring_in(*, kind, rows, file_name, sha256, day, elsewhere, by, now) -> Difference:
    """Write what is new and supersede what changed. The same rows a second time write nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    found = compare(kind=kind, rows=rows)
    if not found.writes:
        return found
    model = type(rows[0])
    model.objects.filter(pk__in=[before.pk for before, _row, _names in found.changed]).update(superseded_at=now)
    wanted = found.new + [row for _before, row, _names in found.changed]
    for row in wanted:
        row.recorded_at = now
    model.objects.bulk_create(wanted)
    extract = Extract.objects.create(
        kind=kind,
        file_name=file_name[:200],
        sha256=sha256,
        day=day,
        rows_new=len(found.new),
        rows_changed=len(found.changed),
        rows_unchanged=found.unchanged,
        rows_elsewhere=elsewhere,
        imported_at=now,
    )
    log.act("import", extract, by=by, now=now, new=extract.rows_new, changed=extract.rows_changed)
    return found
