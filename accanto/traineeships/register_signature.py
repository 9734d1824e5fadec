import hashlib
from functools import cached_property

from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.role import Kind
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.norms.findings import Refused
from accanto.traineeships.attendance import closed_just_now


class ShownHasChanged(Exception):
    """What the page showed is no longer what the register says: it is to be read again before signing."""


class NothingToSign(Exception):
    """All that was recorded is signed already, or nothing is recorded."""


class RegisterSignature(SubjectRow):
    """That somebody confirms some days of a register, as they were shown: the text itself, and its hash.

    It holds for a day as long as the register says of it what was shown; what is corrected is signed again."""

    class Signer(models.TextChoices):
        TRAINEE = "trainee", _("la persona")
        HOST_TUTOR = "host_tutor", _("tutor aziendale")

    class Way(models.TextChoices):
        SESSION = "session", _("con il proprio accesso")
        DRAWN = "drawn", _("disegnata in presenza")
        PAPER = "paper", _("sul registro di carta")

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="signatures")
    signer = models.CharField(_("chi firma"), max_length=10, choices=Signer.choices)
    way = models.CharField(_("come"), max_length=10, choices=Way.choices)
    # of the host's tutor, who may have no account; the person's own name is where names are
    name = models.CharField(_("nome"), max_length=120, blank=True)
    first = models.DateField(_("dal"))
    last = models.DateField(_("al"))
    shown = models.TextField(_("le giornate come sono state mostrate"))
    sha256 = models.CharField(_("impronta"), max_length=64)
    strokes = models.TextField(_("disegno"), blank=True)
    signed_at = models.DateTimeField(_("firmato il"))
    signed_by = models.ForeignKey("access.User", models.PROTECT, verbose_name=_("sessione di"), related_name="+")

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("firma del registro")
        verbose_name_plural = _("firme del registro")
        ordering = ["signed_at", "id"]
        indexes = [models.Index(fields=["zone", "first"], name="traineeships_signature_of_zone")]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="traineeships_signature_dates"),
            models.CheckConstraint(
                condition=Q(way="drawn", strokes__regex=r"^M[0-9]+ [0-9]+([ML][0-9]+ [0-9]+)+$")
                | Q(~Q(way="drawn"), strokes=""),
                name="traineeships_signature_drawing_is_a_path",
            ),
        ]

    def __str__(self):
        return f"{self.get_signer_display()} {self.first} - {self.last}"

    @cached_property
    def lines(self):
        return frozenset(self.shown.splitlines()[1:])


Signer, Way = RegisterSignature.Signer, RegisterSignature.Way


def text_of(traineeship, rows):
    """The days to sign as a text: which register, from when to when, a line a day in their order."""
    rows = sorted(rows, key=lambda row: row.day)
    head = f"Registro {traineeship.pk}, {rows[0].day} - {rows[-1].day}"
    return "\n".join([head, *(row.line for row in rows)])


def mark_of(texts):
    """The hash of everything one page shows: what comes back with the signature."""
    return hashlib.sha256("\n\n".join(texts).encode()).hexdigest()


def sign(*, days, signer, way, mark, by, now, name="", strokes=""):
    """One act signs the days of one register or of many: `days` maps each traineeship to its rows.

    `mark` is that of the page. Raises NothingToSign, ShownHasChanged, or Refused where a month was closed meanwhile."""
    days = {traineeship: rows for traineeship, rows in days.items() if rows}
    if not days:
        raise NothingToSign
    texts = {traineeship: text_of(traineeship, rows) for traineeship, rows in days.items()}
    if mark_of(texts.values()) != mark:
        raise ShownHasChanged
    made = [
        RegisterSignature(
            traineeship=traineeship,
            subject_id=traineeship.subject_id,
            zone_id=traineeship.zone_id,
            signer=signer,
            way=way,
            name=name or (traineeship.host_tutor_shown if signer == Signer.HOST_TUTOR else ""),
            first=min(row.day for row in rows),
            last=max(row.day for row in rows),
            shown=texts[traineeship],
            sha256=hashlib.sha256(texts[traineeship].encode()).hexdigest(),
            strokes=strokes,
            signed_at=now,
            signed_by=by.user,
        )
        for traineeship, rows in days.items()
    ]
    try:
        with transaction.atomic():
            if by.kind == Kind.PERSON:
                for row in made:
                    _as_the_person(row)
            else:
                RegisterSignature.objects.bulk_create(made)
    except IntegrityError as clash:
        if "traineeships_month_is_closed" not in str(clash):
            raise
        raise Refused([closed_just_now(made[0].first)]) from clash
    log.acts("sign", [(row, {"sha256": row.sha256, "signer": row.signer}) for row in made], by=by, now=now)
    return made


def _as_the_person(row):
    """Who is in charge writes nothing else in their file: PostgreSQL has a function for this one thing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select sign_own_register(%s, %s, %s, %s, %s)",
            [row.traineeship_id, row.first, row.last, row.shown, row.sha256],
        )
        row.pk = cursor.fetchone()[0]


def signed(signatures, row, signer):
    """The signature of a signer that holds for a day as the register says it now, or None; the latest where there are
    more."""
    holding = None
    for one in signatures:
        if one.signer == signer and one.first <= row.day <= one.last and row.line in one.lines:
            holding = one
    return holding
