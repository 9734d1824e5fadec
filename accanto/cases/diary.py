"""What happens with a person between one paper and the next: the diary of the contacts, the notes a worker keeps under
professional secrecy, and the register of when that secrecy was lifted."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow


class Facts(StandingRows):
    """Rows of a day."""

    def newest_first(self):
        return self.order_by("-day", "-id")


class DiaryEntry(SubjectRow):
    """A contact: on which day, how, with whom, what was said. A correction is a row with what it corrects and why."""

    class Kind(models.TextChoices):
        TALK = "talk", _("colloquio")
        PHONE = "phone", _("telefonata")
        HOME_VISIT = "home_visit", _("visita a casa")
        MEETING = "meeting", _("riunione")
        LETTER = "letter", _("lettera o messaggio")
        MISSED = "missed", _("appuntamento mancato")
        OTHER = "other", _("altro")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="diary")
    day = models.DateField(_("giorno"))
    kind = models.CharField(_("come"), max_length=20, choices=Kind.choices)
    who = models.CharField(_("con chi"), max_length=120, blank=True)
    text = models.TextField(_("che cosa"))
    recorded_at = models.DateTimeField(_("registrata il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("corregge"), related_name="corrected_by"
    )
    correction_reason = models.CharField(_("perché la correzione"), max_length=200, blank=True, default="")
    superseded_at = models.DateTimeField(_("corretta il"), null=True, blank=True)

    objects = Facts.as_manager()

    class Meta:
        verbose_name = _("voce del diario")
        verbose_name_plural = _("voci del diario")
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["subject", "-day", "-id"], name="cases_diaryentry_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects=None, correction_reason="") | Q(corrects__isnull=False) & ~Q(correction_reason=""),
                name="cases_diaryentry_corrected_with_reason",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


class ReservedNote(SubjectRow):
    """A note under the professional secrecy of social workers (L. 119/2001 art. 1, R-SEG-01): PostgreSQL shows it to
    who wrote it and to the colleagues they named, and to nobody else, the person's manager and the person included."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    day = models.DateField(_("giorno"))
    text = models.TextField(_("nota"))
    author = models.ForeignKey("access.User", models.PROTECT, verbose_name=_("scritta da"), related_name="+")
    recorded_at = models.DateTimeField(_("registrata il"))
    superseded_at = models.DateTimeField(_("ritirata il"), null=True, blank=True)

    objects = Facts.as_manager()

    class Meta:
        verbose_name = _("nota riservata")
        verbose_name_plural = _("note riservate")
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["subject", "author"], name="cases_reservednote_of_subject")]

    def __str__(self):
        return str(self.pk)


class NoteReader(SubjectRow):
    """A colleague whom the author of a note lets read it, from a moment; seen by the two of them."""

    note = models.ForeignKey("cases.ReservedNote", models.PROTECT, related_name="readers")
    reader = models.ForeignKey("access.User", models.PROTECT, verbose_name=_("chi può leggere"), related_name="+")
    named_by = models.ForeignKey("access.User", models.PROTECT, verbose_name=_("indicato da"), related_name="+")
    named_at = models.DateTimeField(_("dal"))
    superseded_at = models.DateTimeField(_("fino al"), null=True, blank=True)

    objects = Facts.as_manager()

    class Meta:
        verbose_name = _("lettore di una nota")
        verbose_name_plural = _("lettori di una nota")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject"], name="cases_notereader_of_subject"),
            models.Index(fields=["reader", "note"], name="cases_notereader_of_reader"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "reader"], condition=Q(superseded_at=None), name="cases_notereader_once"
            ),
            models.CheckConstraint(condition=~Q(reader=F("named_by")), name="cases_notereader_somebody_else"),
        ]

    def __str__(self):
        return str(self.reader_id)


class SecretDisclosure(SubjectRow):
    """A secret told to somebody: to whom, what in general, for which of the five reasons of the code, and when the
    person was told, or why not yet (social workers' code 2020 art. 33, R-SEG-02)."""

    class Reason(models.TextChoices):
        """The closed list of `secrecy.exceptions`; a test compares them."""

        SERIOUS_RISK = "serious_risk", _("rischio grave per la persona o per altri")
        REPRESENTATIVES_REQUEST = "representatives_request", _("richiesta scritta e motivata di chi la rappresenta")
        PERSON_WILL = "person_will", _("volontà della persona, espressa in modo formale")
        WORKER_SAFETY = "worker_safety", _("sicurezza di chi lavora")
        OWN_DEFENCE = "own_defence", _("propria difesa")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    day = models.DateField(_("giorno"))
    told_to = models.CharField(_("a chi"), max_length=200)
    what = models.TextField(_("che cosa, in generale"))
    reason = models.CharField(_("per quale ragione"), max_length=30, choices=Reason.choices)
    person_told_on = models.DateField(_("la persona lo sa dal"), null=True, blank=True)
    not_told_because = models.CharField(_("perché la persona non lo sa ancora"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("registrata il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("corretta il"), null=True, blank=True)

    objects = Facts.as_manager()

    class Meta:
        verbose_name = _("rivelazione di un segreto")
        verbose_name_plural = _("rivelazioni di segreti")
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["subject"], name="cases_disclosure_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(person_told_on__isnull=False, not_told_because="")
                | Q(person_told_on=None) & ~Q(not_told_because=""),
                name="cases_disclosure_person_told_or_why_not",
            ),
        ]

    def __str__(self):
        return self.get_reason_display()


class NotTheAuthor(Exception):
    """Only who wrote a reserved note names its readers, or withdraws it."""


def write_down(*, case, day, kind, text, by, now, who=""):
    """A contact goes into the diary."""
    row = DiaryEntry.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        day=day,
        kind=kind,
        who=who.strip(),
        text=text.strip(),
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("write", row, by=by, now=now, kind=str(kind))
    return row


def correct(*, entry, day, kind, text, reason, by, now, who=""):
    """Another row takes the place of a contact written wrong; the first stays, and says by which it was corrected."""
    entry.superseded_at = now
    entry.save(update_fields=["superseded_at"])
    row = DiaryEntry.objects.create(
        subject_id=entry.subject_id,
        zone_id=entry.zone_id,
        case_id=entry.case_id,
        day=day,
        kind=kind,
        who=who.strip(),
        text=text.strip(),
        recorded_at=now,
        recorded_by=by.user,
        corrects=entry,
        correction_reason=reason.strip(),
    )
    log.act("correct", row, by=by, now=now, instead_of=entry.pk)
    return row


def write_note(*, case, day, text, readers, by, now):
    """A note under professional secrecy. `readers` are the colleagues who may read it. The line of the log is told only
    to its author: that a note exists is itself secret."""
    note = ReservedNote.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        day=day,
        text=text.strip(),
        author=by.user,
        recorded_at=now,
    )
    log.act("write", note, by=by, now=now, sealed=True)
    name_readers(note=note, readers=readers, by=by, now=now)
    return note


def name_readers(*, note, readers, by, now):
    """From now the note is read by these colleagues, and by no other. Raises NotTheAuthor."""
    if note.author_id != by.user.pk:
        raise NotTheAuthor
    wanted = {reader.pk for reader in readers if reader.pk != by.user.pk}
    standing = NoteReader.objects.of(note.subject_id).standing().filter(note=note)
    there = {row.reader_id: row for row in standing}
    for reader, row in there.items():
        if reader not in wanted:
            row.superseded_at = now
            row.save(update_fields=["superseded_at"])
    for reader in sorted(wanted - set(there)):
        NoteReader.objects.create(
            subject_id=note.subject_id,
            zone_id=note.zone_id,
            note=note,
            reader_id=reader,
            named_by=by.user,
            named_at=now,
        )
    if wanted != set(there):
        log.act("name_readers", note, by=by, now=now, sealed=True, readers=sorted(wanted))


def withdraw_note(*, note, by, now):
    """The note no longer holds. Only its author still reads it. Raises NotTheAuthor."""
    if note.author_id != by.user.pk:
        raise NotTheAuthor
    name_readers(note=note, readers=[], by=by, now=now)
    note.superseded_at = now
    note.save(update_fields=["superseded_at"])
    log.act("withdraw", note, by=by, now=now, sealed=True)


def disclose(*, case, day, told_to, what, reason, by, now, person_told_on=None, not_told_because=""):
    """Write in the register that a secret was told, and for which of the five reasons (R-SEG-02)."""
    row = SecretDisclosure.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        day=day,
        told_to=told_to.strip(),
        what=what.strip(),
        reason=reason,
        person_told_on=person_told_on,
        not_told_because="" if person_told_on else not_told_because.strip(),
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("disclose", row, by=by, now=now)
    return row


def person_told(*, disclosure, on, by, now):
    """The person was told of a disclosure, on a day: the row is superseded by one that says so."""
    disclosure.superseded_at = now
    disclosure.save(update_fields=["superseded_at"])
    return disclose(
        case=disclosure.case,
        day=disclosure.day,
        told_to=disclosure.told_to,
        what=disclosure.what,
        reason=disclosure.reason,
        person_told_on=on,
        by=by,
        now=now,
    )
