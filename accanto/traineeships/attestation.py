"""What a person takes away from a traineeship: where, when, what they did and what they showed they can do. No act we
could read asks it of an inclusion traineeship (R-ATT-01): it serves the person all the same."""

import hashlib

from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.role import Kind
from accanto.access.subject import StandingRows, SubjectRow, SubjectRows
from accanto.documents.file_type import LARGEST, FileType
from accanto.documents.signature_round import SignaturePaper
from accanto.traineeships import life, signing
from accanto.traineeships.traineeship import State, hold

TO_ATTEST = (State.CONCLUDED, State.INTERRUPTED)


class Attestation(SubjectRow):
    """One that was issued. A mistake is mended by another, which bears its own number and says which it replaces."""

    class Wording(models.TextChoices):
        NEUTRAL = "neutral", _("neutra: non dice che tipo di tirocinio era")
        FULL = "full", _("per esteso: dice che era un tirocinio di inclusione sociale")

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="attestations")
    year = models.PositiveSmallIntegerField(_("anno"))
    number = models.PositiveIntegerField(_("numero"))
    wording = models.CharField(_("come è scritta"), max_length=10, choices=Wording.choices, default=Wording.NEUTRAL)
    activities = models.TextField(_("attività svolte"), blank=True)
    hours = models.DecimalField(_("ore svolte"), max_digits=7, decimal_places=2)
    skills = models.PositiveSmallIntegerField(_("competenze"), default=0)
    sha256 = models.CharField(_("impronta"), max_length=64)
    instead_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("sostituisce"), related_name="+"
    )
    reason = models.CharField(_("perché è rifatta"), max_length=300, blank=True)
    issued_at = models.DateTimeField(_("emessa il"))
    issued_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    handed_on = models.DateField(_("consegnata il"), null=True, blank=True)
    superseded_at = models.DateTimeField(_("sostituita il"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("perché è ritirata"), max_length=300, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("attestazione finale")
        verbose_name_plural = _("attestazioni finali")
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["zone", "subject"], name="traineeships_attestation_of")]
        constraints = [
            models.UniqueConstraint(fields=["zone", "year", "number"], name="traineeships_attestation_number"),
            models.UniqueConstraint(
                fields=["traineeship"], condition=Q(superseded_at=None), name="traineeships_attestation_one"
            ),
            models.CheckConstraint(
                condition=Q(instead_of=None) | ~Q(reason=""), name="traineeships_attestation_again_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(withdrawal_reason="") | Q(superseded_at__isnull=False),
                name="traineeships_attestation_withdrawn",
            ),
        ]

    def __str__(self):
        return self.protocol

    @property
    def protocol(self):
        return f"{self.number}/{self.year}"

    @property
    def is_withdrawn(self):
        return bool(self.withdrawal_reason)


class AttestationPaper(SubjectRow):
    """The bytes: the document as it was made, and the copy signed by hand that came back. PostgreSQL holds that the
    hash is that of the bytes."""

    class Part(models.TextChoices):
        DOCUMENT = "document", _("attestazione")
        SIGNED = "signed", _("copia firmata")

    attestation = models.ForeignKey(Attestation, models.PROTECT, related_name="papers")
    part = models.CharField(_("parte"), max_length=10, choices=Part.choices)
    media_type = models.CharField(_("tipo di file"), max_length=20, choices=FileType.choices)
    sha256 = models.CharField(_("impronta"), max_length=64)
    data = models.BinaryField(_("byte"))

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("carta dell’attestazione")
        verbose_name_plural = _("carte delle attestazioni")
        ordering = ["id"]
        indexes = [models.Index(fields=["zone", "subject"], name="traineeships_attpaper_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(media_type__in=["application/pdf", "image/jpeg", "image/png"]),
                name="traineeships_attestationpaper_type",
            ),
            models.UniqueConstraint(
                fields=["attestation"], condition=Q(part="document"), name="traineeships_attpaper_one_document"
            ),
            models.UniqueConstraint(fields=["attestation", "part", "sha256"], name="traineeships_attpaper_once"),
        ]

    def __str__(self):
        return self.get_part_display()


class NotToday(Exception):
    """What is asked does not fit the attestation that stands. Its text is a code."""


def waiting(traineeships):
    """Of these, those that ended and whose attestation nobody has handed over; `issued` says whether it is made."""
    return with_issued(traineeships.filter(state__in=TO_ATTEST))


def with_issued(traineeships):
    made = Attestation.objects.standing().filter(traineeship=OuterRef("pk"), subject=OuterRef("subject"))
    return traineeships.annotate(issued=Exists(made))


def numbers(*, zone_id, year, many=1):
    """So many numbers of that zone and year, for this transaction alone: whoever else asks for some waits."""
    with connection.cursor() as cursor:
        cursor.execute("select attestation_number(%s::smallint, %s)", [zone_id, year])
        first = cursor.fetchone()[0]
    return range(first, first + many)


def issue(*, traineeship, number, document, wording, activities, hours, skills, by, now, instead_of=None, reason=""):
    """`document` are the bytes of the PDF, which bears that number. Another that stands is superseded, for a reason."""
    assert len(document) <= LARGEST
    facts = {
        "year": timezone.localdate(now).year,
        "number": number,
        "wording": str(wording),
        "activities": activities.strip(),
        "hours": hours,
        "skills": skills,
        "sha256": hashlib.sha256(document).hexdigest(),
        "instead_of_id": instead_of and instead_of.pk,
        "reason": reason.strip(),
        "issued_at": now,
        "issued_by_id": by.user.pk,
    }
    own = {"subject_id": traineeship.subject_id, "zone_id": traineeship.zone_id}
    row = Attestation(traineeship=traineeship, **own, **facts)
    if by.kind == Kind.THIRD_SECTOR_TUTOR:
        row.pk = _by_promoter(
            "attestation_issue(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            traineeship.pk, row.year, number, row.wording, row.activities, hours, skills, row.reason, document,
        )  # fmt: skip
    else:
        if instead_of:
            Attestation.objects.of(row.subject_id).filter(pk=instead_of.pk).update(superseded_at=now)
            signing.void_what_changed(attestation=instead_of, by=by, now=now)
        row.save(force_insert=True)
        AttestationPaper.objects.create(
            **own, attestation=row, part="document", media_type=FileType.PDF, sha256=row.sha256, data=document
        )
    log.act("issue", row, by=by, now=now, sha256=row.sha256, instead_of=facts["instead_of_id"])
    return row


def issue_together(issued, *, by, now):
    """Many first attestations of one zone, by its offices, in as many statements as one: dictionaries of traineeship,
    number, document, wording, activities, hours and skills."""
    year, made, papers = timezone.localdate(now).year, [], []
    for one in issued:
        own = {"subject_id": one["traineeship"].subject_id, "zone_id": one["traineeship"].zone_id}
        assert len(one["document"]) <= LARGEST
        facts = {name: one[name] for name in ("traineeship", "number", "wording", "activities", "hours", "skills")}
        sha256 = hashlib.sha256(one["document"]).hexdigest()
        made.append(Attestation(**own, **facts, year=year, sha256=sha256, issued_at=now, issued_by_id=by.user.pk))
        paper = AttestationPaper(**own, part="document", media_type=FileType.PDF, sha256=sha256, data=one["document"])
        papers.append(paper)
    Attestation.objects.bulk_create(made)
    for row, paper in zip(made, papers, strict=True):
        paper.attestation_id = row.pk
    AttestationPaper.objects.bulk_create(papers)
    log.acts("issue", [(row, {"sha256": row.sha256, "instead_of": None}) for row in made], by=by, now=now)
    return made


def hand_over(*, attestation, on, by, now, file=None):
    """The person has it, with the signed copy (`file_type.LookedAt`) where there is one: it is attested."""
    if attestation.superseded_at or attestation.handed_on:
        raise NotToday("superseded" if attestation.superseded_at else "handed")
    if being_signed(attestation):
        raise NotToday("signing")
    if by.kind == Kind.THIRD_SECTOR_TUTOR:
        done = _by_promoter(
            "attestation_hand_over(%s, %s, %s, %s)",
            attestation.pk, on, file and file.data, file.media_type.value if file else "",
        )  # fmt: skip
        if done is None:
            raise NotToday("handed")
        attestation.handed_on = on
        log.act("attest", attestation.traineeship, by=by, now=now, on=on)
        return
    # of two who write it at once the second waits here, and finds it done
    standing = Attestation.objects.of(attestation.subject_id).standing().filter(pk=attestation.pk, handed_on=None)
    if not standing.update(handed_on=on):
        raise NotToday("handed")
    attestation.handed_on = on
    if file:
        AttestationPaper.objects.create(
            subject_id=attestation.subject_id, zone_id=attestation.zone_id, attestation=attestation, part="signed",
            media_type=file.media_type, sha256=file.sha256, data=file.data,
        )  # fmt: skip
    hold(attestation.traineeship)  # it may have been attested elsewhere meanwhile
    if attestation.traineeship.state in TO_ATTEST:
        life.attest(traineeship=attestation.traineeship, on=on, by=by, now=now)
    else:
        log.act("hand_over", attestation, by=by, now=now, on=on)


def being_signed(attestation):
    """The round of it that is open, or that everybody has signed and nobody has registered; or None."""
    rows = signing.of(attestation=attestation).to_finish().select_related("round").order_by("-id")
    return next((one for one in rows if signing.holds(one)), None)


def keep_signed(*, signing_of_it, document, by, now):
    """Everybody has signed: `document`, with the page of the signatures, is the copy the person takes away; so is each
    paper that came back signed by hand."""
    attestation, round = signing_of_it.attestation, signing_of_it.round
    own = {"subject_id": attestation.subject_id, "zone_id": attestation.zone_id, "attestation": attestation}
    copies = [(FileType.PDF, document)]
    papers = SignaturePaper.objects.filter(round=round, part=SignaturePaper.Part.SIGNED)
    copies += [(paper.media_type, bytes(paper.data)) for paper in papers.order_by("id")]
    for media_type, data in copies:
        AttestationPaper.objects.create(
            **own, part="signed", media_type=media_type, sha256=hashlib.sha256(data).hexdigest(), data=data
        )
    signing.registered(signing=signing_of_it, now=now)
    log.act("sign", attestation, by=by, now=now, round=round.pk, sha256=hashlib.sha256(document).hexdigest())


def withdraw(*, attestation, reason, by, now):
    """It says something wrong and nothing takes its place yet: it stays, with the reason, and the traineeship waits for
    its attestation again."""
    if attestation.superseded_at:
        raise NotToday("superseded")
    attestation.superseded_at, attestation.withdrawal_reason = now, reason.strip()
    standing = Attestation.objects.of(attestation.subject_id).standing().filter(pk=attestation.pk)
    if not standing.update(superseded_at=now, withdrawal_reason=attestation.withdrawal_reason):
        raise NotToday("superseded")
    log.act("withdraw", attestation, by=by, now=now)
    signing.void_what_changed(attestation=attestation, by=by, now=now)
    hold(attestation.traineeship)
    if attestation.traineeship.state == State.ATTESTED:
        life.wait_for_attestation(traineeship=attestation.traineeship, by=by, now=now)


def in_order(rows):
    return rows.order_by(F("superseded_at").desc(nulls_first=True), "-id")


def _by_promoter(call, *values):
    with connection.cursor() as cursor:
        cursor.execute(f"select {call}", values)
        return cursor.fetchone()[0]
