"""Existing records that a zone brings in from a spreadsheet: its rows wait here until somebody has looked at them, and
each person and case that comes of them keeps where it came from.

The waiting rows are a copy of personal data: they are deleted as soon as they are imported or given up."""

import datetime as dt

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accanto.access.subject import SubjectRow, SubjectRows

# how long the waiting rows of a file are kept for somebody to finish (our choice, no term of law)
KEPT = dt.timedelta(days=30)


class Refused(Exception):
    """The sentence of what is wrong with the file, or with what is asked, and how to mend it."""


class Batches(models.QuerySet):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id)

    def abandoned(self, now):
        """Those of which rows still wait and that nobody took up for so long: neither read, nor imported."""
        since = now - KEPT
        waiting = Exists(RecordRow.objects.filter(batch=OuterRef("pk"), zone=OuterRef("zone")))
        late = Q(created_at__lt=since) & (Q(imported_at=None) | Q(imported_at__lt=since))
        at_work = (RecordBatch.State.IMPORTING, RecordBatch.State.UNDOING)
        return self.filter(late, waiting).exclude(state__in=at_work)


class RecordBatch(models.Model):
    """One spreadsheet of one zone, from the choice of the file to its end; a restart goes on from here."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("da abbinare")
        CHECKING = "checking", _("in controllo")
        MATCHING = "matching", _("confronto con le persone della zona")
        READY = "ready", _("da guardare")
        IMPORTING = "importing", _("importazione in corso")
        DONE = "done", _("importata")
        UNDOING = "undoing", _("annullamento in corso")
        UNDONE = "undone", _("annullata")
        DROPPED = "dropped", _("lasciata")

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+")
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    notice = models.CharField(_("nota di lettura"), max_length=300, blank=True)
    columns = models.JSONField(_("colonne"), default=list)
    mapping = models.JSONField(_("abbinamento"), default=dict)
    manager = models.ForeignKey(
        "access.User", models.PROTECT, null=True, blank=True, verbose_name=_("responsabile"), related_name="+"
    )
    state = models.CharField(_("stato"), max_length=10, choices=State.choices, default=State.MAPPING)
    rows = models.PositiveIntegerField(_("righe"))
    checked = models.PositiveIntegerField(_("righe controllate"), default=0)
    imported = models.PositiveIntegerField(_("righe importate"), default=0)
    people = models.PositiveIntegerField(_("persone nuove"), default=0)
    cases = models.PositiveIntegerField(_("prese in carico"), default=0)
    compared_by = models.CharField(_("confronto"), max_length=10, blank=True)
    created_at = models.DateTimeField(_("caricata il"))
    created_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(_("importata il"), null=True, blank=True)

    objects = Batches.as_manager()

    class Meta:
        verbose_name = _("archivio importato")
        verbose_name_plural = _("archivi importati")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["zone", "created_at"], name="exchange_recordbatch_zone")]

    def __str__(self):
        return self.file_name

    @property
    def is_working(self):
        """Whether there is something to do that asks nobody anything."""
        return self.state in ("checking", "matching", "importing", "undoing")


class RecordRows(models.QuerySet):
    def sound(self):
        return self.filter(state=RecordRow.State.SOUND)

    def broken(self):
        return self.filter(state=RecordRow.State.BROKEN)

    def undecided(self):
        return self.sound().filter(Exists(RecordPair.objects.filter(row=OuterRef("pk"), verdict="")))

    def decided(self):
        """Those that may be imported: nobody has still to say whether the person is known."""
        return self.sound().exclude(Exists(RecordPair.objects.filter(row=OuterRef("pk"), verdict="")))


class RecordRow(models.Model):
    """A row of the file as it was read, what was understood of it and what is wrong with it."""

    class State(models.TextChoices):
        READ = "read", _("letta")
        SOUND = "sound", _("sana")
        BROKEN = "broken", _("da correggere")

    batch = models.ForeignKey(RecordBatch, models.CASCADE, related_name="staged")
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+")
    line = models.PositiveIntegerField(_("riga"))
    cells = models.JSONField(_("celle"))
    data = models.JSONField(_("dati"), null=True)
    errors = models.JSONField(_("errori"), default=list)  # [[field, sentence, way out]]
    cautions = models.JSONField(_("avvertenze"), default=list)  # [[field, sentence]]
    state = models.CharField(_("stato"), max_length=10, choices=State.choices, default=State.READ)

    objects = RecordRows.as_manager()

    class Meta:
        verbose_name = _("riga da importare")
        verbose_name_plural = _("righe da importare")
        ordering = ["line"]
        indexes = [
            models.Index(fields=["batch", "state", "line"], name="exchange_recordrow_state"),
            models.Index(fields=["zone", "batch"], name="exchange_recordrow_zone"),
        ]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="exchange_recordrow_once")]

    def __str__(self):
        return f"{self.batch_id}/{self.line}"


class RecordPair(SubjectRow):
    """A row and somebody of the zone who may be the same person: proposed, then accepted or refused by who imports."""

    class Why(models.TextChoices):
        CODE = "code", _("stesso codice fiscale")
        LIKENESS = "likeness", _("dati molto simili")

    class Verdict(models.TextChoices):
        OPEN = "", _("da decidere")
        SAME = "same", _("è la stessa persona")
        DIFFERENT = "different", _("è un’altra persona")

    batch = models.ForeignKey(RecordBatch, models.CASCADE, related_name="pairs")
    row = models.ForeignKey(RecordRow, models.CASCADE, related_name="pairs")
    score = models.FloatField(_("quanto è probabile"))
    why = models.CharField(_("perché"), max_length=10, choices=Why.choices)
    verdict = models.CharField(_("decisione"), max_length=10, choices=Verdict.choices, blank=True, default="")

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("possibile doppione di una riga")
        verbose_name_plural = _("possibili doppioni di righe")
        ordering = ["-score", "id"]
        indexes = [models.Index(fields=["zone", "batch"], name="exchange_recordpair_zone")]
        constraints = [
            models.UniqueConstraint(fields=["row", "subject"], name="exchange_recordpair_once"),
            # two persons of a zone cannot have one code
            models.CheckConstraint(
                condition=~Q(why="code", verdict="different"), name="exchange_recordpair_one_code_one_person"
            ),
        ]

    def __str__(self):
        return self.get_verdict_display()


class RecordOrigin(SubjectRow):
    """Where a person, or a case of somebody already known, came from: which file, which row, which number there."""

    batch = models.ForeignKey(RecordBatch, models.PROTECT, related_name="origins")
    line = models.PositiveIntegerField(_("riga"))
    reference = models.CharField(_("numero nel vecchio archivio"), max_length=60, blank=True)
    new_person = models.BooleanField(_("persona nuova"))
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(_("importata il"))

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("origine di una scheda")
        verbose_name_plural = _("origini delle schede")
        ordering = ["line", "id"]
        indexes = [models.Index(fields=["zone", "batch"], name="exchange_recordorigin_zone")]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="exchange_recordorigin_once")]

    def __str__(self):
        return f"{self.batch_id}/{self.line}"
