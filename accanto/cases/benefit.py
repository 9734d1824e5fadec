from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.norms import benefit_course
from accanto.norms.benefit_course import Fact
from accanto.norms.days import age_on


class Benefit(models.TextChoices):
    ADI = "adi", _("Assegno di inclusione (ADI)")
    SFL = "sfl", _("Supporto formazione e lavoro (SFL)")


class BenefitFacts(StandingRows):
    def with_birth_date(self):
        """The age on which the terms depend. By joins: of many people a query for each row would cost more than all
        the rest of a day."""
        return self.annotate(birth_date=F("case__person__registry__birth_date"))

    def with_bearing(self):
        """What else the terms of one person depend on, in the same query: birth date and exemptions."""
        situations = BenefitSituation.objects.standing().filter(subject_id=OuterRef("subject_id"))
        return self.with_birth_date().annotate(
            exempt=Subquery(situations.values("exempt")[:1]),
            only_adult=Subquery(situations.values("only_adult_with_minors")[:1]),
        )


class BenefitFact(SubjectRow):
    """Something that happened with a person's ADI or SFL, on its day. The terms are never stored: they are what the law
    makes of these facts today (`norms.benefit_course`). They hold for the whole household (R-ADI-20)."""

    class Kind(models.TextChoices):
        PAD_SIGNED = "pad_signed", _("firmato il PAD")
        RENEWAL_ASKED = "renewal_asked", _("chiesto il rinnovo")
        FIRST_PAYMENT = "first_payment", _("primo mese pagato")
        CONVENED = "convened", _("convocati per questo giorno")
        MET = "met", _("incontro con i servizi sociali")
        ABSENT = "absent", _("assenti all’incontro")
        SENT_TO_CPI = "sent_to_cpi", _("inviata al Centro per l’impiego")
        SERVICE_PACT_SIGNED = "service_pact_signed", _("firmato il patto di servizio")
        PACT_MEETING = "pact_meeting", _("incontro al Centro per l’impiego")
        CONFIRMED = "confirmed", _("confermata la partecipazione")
        TRAINEESHIP_IN_GEPI = "traineeship_in_gepi", _("tirocinio inserito in GePI")
        BREACH_KNOWN = "breach_known", _("saputo di un fatto da segnalare")
        BREACH_REPORTED = "breach_reported", _("fatto segnalato su SIISL")
        LAPSED = "lapsed", _("decisa la decadenza")
        ENDED = "ended", _("finito per altro motivo")

    class Reason(models.TextChoices):
        """What justifies an absence (R-ADI-19)."""

        ILLNESS = "illness", _("malattia documentata")
        ACCIDENT = "accident", _("infortunio documentato")
        SERVICE_DUTY = "service_duty", _("servizio civile o richiamo")
        PREGNANCY = "pregnancy", _("gravidanza, nell’astensione di legge")
        COURT_SUMMONS = "court_summons", _("convocazione di un tribunale")
        FAMILY_REASONS = "family_reasons", _("gravi motivi familiari documentati")
        LEGAL_LIMITS = "legal_limits_to_movement", _("limiti di legge agli spostamenti")
        FORCE_MAJEURE = "force_majeure", _("altro impedimento provato")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="benefit_facts")
    benefit = models.CharField(_("beneficio"), max_length=3, choices=Benefit.choices)
    kind = models.CharField(_("che cosa"), max_length=20, choices=Kind.choices)
    day = models.DateField(_("giorno"))
    reason = models.CharField(_("motivo dell’assenza"), max_length=30, choices=Reason.choices, blank=True, default="")
    unchanged = models.BooleanField(_("nucleo invariato"), default=False)
    gepi_on = models.DateField(_("registrato in GePI il"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("corretto il"), null=True, blank=True)

    objects = BenefitFacts.as_manager()

    class Meta:
        verbose_name = _("fatto del beneficio")
        verbose_name_plural = _("fatti del beneficio")
        ordering = ["day", "id"]
        indexes = [models.Index(fields=["zone", "subject"], name="cases_benefitfact_zone")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "benefit", "kind", "day"],
                condition=Q(superseded_at=None),
                name="cases_benefitfact_once_a_day",
            ),
            models.CheckConstraint(condition=Q(reason="") | Q(kind="absent"), name="cases_benefitfact_reason"),
            models.CheckConstraint(
                condition=Q(unchanged=False) | Q(kind="renewal_asked"), name="cases_benefitfact_unchanged"
            ),
            models.CheckConstraint(
                condition=Q(gepi_on=None) | Q(kind="met", gepi_on__gte=F("day")), name="cases_benefitfact_gepi"
            ),
        ]

    def __str__(self):
        return f"{self.get_benefit_display()}: {self.get_kind_display()}"

    def as_fact(self):
        return Fact(
            kind=self.kind,
            day=self.day,
            reason=self.reason or None,
            unchanged=self.unchanged,
            recorded_on=self.gepi_on,
        )


# which facts each of the two has, in the order in which they happen
FACTS_OF = {
    Benefit.ADI: [kind for kind in BenefitFact.Kind if kind != BenefitFact.Kind.CONFIRMED],
    Benefit.SFL: [
        BenefitFact.Kind.PAD_SIGNED,
        BenefitFact.Kind.SERVICE_PACT_SIGNED,
        BenefitFact.Kind.CONFIRMED,
        BenefitFact.Kind.LAPSED,
        BenefitFact.Kind.ENDED,
    ],
}


OVER = ("lapsed", "ended")


class BenefitSituation(SubjectRow):
    """Who keeps the 90 days (R-ADI-09, R-ADI-23). That somebody is exempt, never why: the document says it."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="benefit_situations")
    exempt = models.BooleanField(_("esente dai 90 giorni, con documento"), default=False)
    only_adult_with_minors = models.BooleanField(_("unico adulto con minori in obbligo scolastico"), default=False)
    recorded_at = models.DateTimeField(_("registrata il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("corretta il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("situazione per il beneficio")
        verbose_name_plural = _("situazioni per il beneficio")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(superseded_at=None), name="cases_benefitsituation_one_standing"
            )
        ]

    def __str__(self):
        return str(self.subject_id)


def courses(rows, *, on, exempt=None, only_adult=None):
    """{benefit: Course} of one person from their standing facts, in the order of the benefits. The exemptions are those
    the facts bring (`with_bearing`), or those given."""
    rows = list(rows)
    if not rows:
        return {}
    if exempt is None:
        exempt, only_adult = bool(rows[0].exempt), bool(rows[0].only_adult)
    told = {benefit: [row.as_fact() for row in rows if row.benefit == benefit] for benefit in Benefit}
    birth_date = rows[0].birth_date
    found = {
        Benefit.ADI: benefit_course.allowance(
            facts=told[Benefit.ADI],
            on=on,
            age=age_on(birth_date, on) if birth_date else None,
            exempt=exempt,
            only_adult_with_minors=bool(only_adult),
        ),
        Benefit.SFL: benefit_course.training_support(facts=told[Benefit.SFL], on=on),
    }
    return {benefit: course for benefit, course in found.items() if course is not None}


def receives(benefit, rows, *, on):
    """Whether these facts (`with_bearing`) say that the person has the benefit, suspended or not."""
    course = courses(rows, on=on).get(benefit)
    return course is not None and course.state not in OVER


def untold_appointment(course, rows, *, on):
    """The last appointment until a day, of these facts of one benefit, with neither a meeting nor an absence written:
    somebody must say how it went. None where no meeting is wanted any more."""
    if course is None or not any(step.name in ("first_meeting", "check") and step.pending for step in course.steps):
        return None
    convened = [row for row in rows if row.kind == BenefitFact.Kind.CONVENED and row.day <= on]
    if not convened:
        return None
    last, told = convened[-1], (BenefitFact.Kind.MET, BenefitFact.Kind.ABSENT)
    return None if any(row.kind in told and row.day >= last.day for row in rows) else last


class AlreadyRecorded(Exception):
    """The same fact of the same day stands already."""


def record(*, case, benefit, kind, day, by, now, reason="", unchanged=False, gepi_on=None):
    """Write what happened on a day. Raises AlreadyRecorded."""
    standing = BenefitFact.objects.of(case.subject_id).standing()
    if standing.filter(benefit=benefit, kind=kind, day=day).exists():
        raise AlreadyRecorded
    row = BenefitFact.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        benefit=benefit,
        kind=kind,
        day=day,
        reason=reason,
        unchanged=unchanged,
        gepi_on=gepi_on,
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("record", row, by=by, now=now)
    return row


def enter_in_gepi(*, row, on, by, now):
    """A meeting already written here was entered in GePI on a day (R-ADI-06): a row that says so supersedes it."""
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])
    new = BenefitFact.objects.create(
        subject_id=row.subject_id,
        zone_id=row.zone_id,
        case_id=row.case_id,
        benefit=row.benefit,
        kind=row.kind,
        day=row.day,
        gepi_on=on,
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("enter_in_gepi", new, by=by, now=now, instead_of=row.pk)
    return new


def withdraw(*, row, by, now):
    """What was written by mistake stands no more; it stays in the history."""
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])
    log.act("withdraw", row, by=by, now=now)
    return row


def set_situation(*, case, exempt, only_adult_with_minors, by, now):
    """Write or correct the exemptions; the log keeps that they changed and not how."""
    BenefitSituation.objects.of(case.subject_id).standing().update(superseded_at=now)
    row = BenefitSituation.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        exempt=exempt,
        only_adult_with_minors=only_adult_with_minors,
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("set_situation", row, by=by, now=now)
    return row
