import re

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.traineeships.evaluation import Moment

# The shapes of the codes, not their lists: which codes there are is kept by who publishes them.
ESCO = re.compile(r"https?://data\.europa\.eu/esco/(?:skill|occupation)/[0-9A-Za-z.-]{1,60}")
ATLANTE = re.compile(r"ADA(?:\.[0-9]{1,3}){2,4}")


class Skill(SubjectRow):
    """Something a person showed they can do in a traineeship, with what shows it: no skill without evidence."""

    class Vocabulary(models.TextChoices):
        OWN = "own", _("parole nostre")
        ESCO = "esco", _("ESCO")
        ATLANTE = "atlante", _("Atlante del lavoro")

    class Level(models.TextChoices):
        ALONE = "alone", _("da sé")
        WITH_HELP = "with_help", _("con aiuto")
        BEGUN = "begun", _("ha cominciato")

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="skills")
    title = models.CharField(_("che cosa sa fare"), max_length=200)
    vocabulary = models.CharField(_("vocabolario"), max_length=10, choices=Vocabulary.choices, default=Vocabulary.OWN)
    code = models.CharField(_("codice"), max_length=120, blank=True)
    level = models.CharField(_("come lo fa"), max_length=10, choices=Level.choices)
    evidence = models.TextField(_("che cosa ha fatto"))
    seen_where = models.CharField(_("dove"), max_length=120, blank=True)
    seen_on = models.DateField(_("visto il"))
    seen_by = models.CharField(_("visto da"), max_length=160)
    seen_in = models.CharField(_("nella valutazione"), max_length=5, choices=Moment.choices, blank=True)
    recorded_at = models.DateTimeField(_("scritta il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituita il"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("perché è tolta"), max_length=200, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("competenza")
        verbose_name_plural = _("competenze")
        ordering = ["seen_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(evidence="") & ~Q(seen_by=""), name="traineeships_skill_with_evidence"
            ),
            models.CheckConstraint(
                condition=Q(vocabulary="own", code="") | ~Q(vocabulary="own") & ~Q(code=""),
                name="traineeships_skill_code_of_a_vocabulary",
            ),
            models.CheckConstraint(
                condition=Q(withdrawal_reason="") | Q(superseded_at__isnull=False), name="traineeships_skill_withdrawn"
            ),
        ]

    def __str__(self):
        return self.title


def has_shape(vocabulary, code):
    """Whether a code looks like one of its vocabulary; our own words have none."""
    if vocabulary == Skill.Vocabulary.ESCO:
        return bool(ESCO.fullmatch(code))
    if vocabulary == Skill.Vocabulary.ATLANTE:
        return bool(ATLANTE.fullmatch(code))
    return not code


def record(*, traineeship, by, now, instead_of=None, **seen):
    """Write a skill, or write it again in the place of `instead_of`."""
    if instead_of is not None:
        instead_of.superseded_at = now
        instead_of.save(update_fields=["superseded_at"])
    row = Skill.objects.create(
        traineeship=traineeship,
        subject_id=traineeship.subject_id,
        zone_id=traineeship.zone_id,
        recorded_at=now,
        recorded_by=by.user,
        **seen,
    )
    log.act("record", row, by=by, now=now, instead_of=instead_of.pk if instead_of else None, level=row.level)
    return row


def withdraw(*, skill, reason, by, now):
    """It was not so: it stays in the file as taken away, with the reason, and in no attestation."""
    skill.superseded_at = now
    skill.save(update_fields=["superseded_at"])
    row = Skill.objects.get(pk=skill.pk)
    row.pk, row._state.adding = None, True
    row.recorded_at, row.recorded_by, row.superseded_at, row.withdrawal_reason = now, by.user, now, reason.strip()
    row.save()
    log.act("withdraw", skill, by=by, now=now)
