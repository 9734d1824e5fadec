from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.cases.icf import OF_HEALTH


class Assessment(SubjectRow):
    """What the talk with the person found (D.Lgs. 147/2017 art. 5): a preliminary analysis always, an in-depth one only
    where the conditions need it (c. 3)."""

    class Kind(models.TextChoices):
        PRELIMINARY = "preliminary", _("analisi preliminare")
        IN_DEPTH = "in_depth", _("quadro di analisi approfondito")

    class Outcome(models.TextChoices):
        SOCIAL_ONLY = "social_only", _("bisogno solo sociale")
        WORK_ONLY = "work_only", _("bisogno solo di lavoro")
        COMPLEX = "complex", _("bisogno complesso, serve l’équipe")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="assessments")
    kind = models.CharField(_("tipo"), max_length=20, choices=Kind.choices)
    day = models.DateField(_("giorno"))
    outcome = models.CharField(_("esito"), max_length=20, choices=Outcome.choices)
    recorded_at = models.DateTimeField(_("registrata il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("corretta il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("valutazione")
        verbose_name_plural = _("valutazioni")
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(superseded_at=None), name="cases_assessment_one_standing_a_kind"
            )
        ]

    def __str__(self):
        return self.get_kind_display()


class AssessmentDomain(SubjectRow):
    """One of the six domains of art. 5 c. 2. Work and education are read by the employment operator too."""

    class Domain(models.TextChoices):
        PERSONAL = "personal", _("condizioni personali e funzionamento")
        ECONOMIC = "economic", _("situazione economica")
        WORK = "work", _("lavoro e profilo di occupabilità")
        EDUCATION = "education", _("istruzione e formazione")
        HOUSING = "housing", _("abitazione")
        NETWORKS = "networks", _("famiglia, vicinato e reti")

    EMPLOYABILITY = (Domain.WORK, Domain.EDUCATION)

    class Score(models.IntegerChoices):
        """A scale of this system, not of the law: it orders the talk and compares a person only with themself."""

        SEVERE = 1, _("1: ostacolo grave")
        OBSTACLE = 2, _("2: ostacolo")
        NEUTRAL = 3, _("3: né ostacolo né risorsa")
        RESOURCE = 4, _("4: risorsa")
        STRONG = 5, _("5: risorsa forte")

    assessment = models.ForeignKey("cases.Assessment", models.PROTECT, related_name="domains")
    domain = models.CharField(_("dimensione"), max_length=20, choices=Domain.choices)
    text = models.TextField(_("che cosa emerge"), blank=True)
    score = models.SmallIntegerField(_("da 1 a 5"), choices=Score.choices, null=True, blank=True)
    note = models.TextField(_("nota"), blank=True)
    icf = ArrayField(models.CharField(max_length=2), default=list, blank=True, verbose_name=_("capitoli ICF"))
    recorded_at = models.DateTimeField(_("registrata il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("corretta il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("dimensione della valutazione")
        verbose_name_plural = _("dimensioni della valutazione")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "domain"],
                condition=Q(superseded_at=None),
                name="cases_assessmentdomain_one_standing",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=1, score__lte=5), name="cases_assessmentdomain_score"
            ),
            # the employment operator reads these two domains: no code of the body in them
            models.CheckConstraint(
                condition=~Q(domain__in=["work", "education"]) | ~Q(icf__overlap=list(OF_HEALTH)),
                name="cases_assessmentdomain_no_health_where_others_read",
            ),
        ]

    def __str__(self):
        return self.get_domain_display()


def assess(*, case, kind, day, outcome, domains, by, now):
    """Write an assessment, superseding the standing one of its kind. `domains` maps a domain to a dict with text, score
    (1 to 5 or None), note and codes of ICF chapters; those without any of them are not written."""
    before = Assessment.objects.of(case.subject_id).standing().filter(case=case, kind=kind).first()
    if before:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
        AssessmentDomain.objects.of(case.subject_id).standing().filter(assessment=before).update(superseded_at=now)
    row = Assessment.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        kind=kind,
        day=day,
        outcome=outcome,
        recorded_at=now,
        recorded_by=by.user,
    )
    for domain, found in domains.items():
        if any(found.values()):
            write_domain(assessment=row, domain=domain, by=by, now=now, **found)
    log.act("assess", row, by=by, now=now, kind=str(kind), instead_of=before and before.pk)
    return row


def write_domain(*, assessment, domain, by, now, text="", score=None, note="", icf=()):
    return AssessmentDomain.objects.create(
        subject_id=assessment.subject_id,
        zone_id=assessment.zone_id,
        assessment_id=assessment.pk,
        domain=domain,
        text=text.strip(),
        score=score,
        note=note.strip(),
        icf=list(icf),
        recorded_at=now,
        recorded_by=by.user,
    )


def revise_domain(*, row, text, score, note, by, now, icf=None):
    """Supersede one domain alone, as the employment operator does with work and education."""
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])
    new = AssessmentDomain.objects.create(
        subject_id=row.subject_id,
        zone_id=row.zone_id,
        assessment_id=row.assessment_id,
        domain=row.domain,
        text=text.strip(),
        score=score,
        note=note.strip(),
        icf=row.icf if icf is None else list(icf),
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("revise", new, by=by, now=now, domain=row.domain, instead_of=row.pk)
    return new
