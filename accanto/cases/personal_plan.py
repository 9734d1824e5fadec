from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.role import Degree
from accanto.access.subject import StandingRows, SubjectRow, SubjectRows


class Plans(StandingRows):
    def agreed(self):
        return self.filter(agreed_on__isnull=False)


class PersonalPlan(SubjectRow):
    """What the person and the services agree to do (D.Lgs. 147/2017 art. 6). Never overwritten: each writing is a
    version with its reason, and an agreed one holds until the next is agreed."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField(_("versione"))
    reason = models.CharField(_("perché questa versione"), max_length=300)
    review_on = models.DateField(_("verifica il"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("scritto il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    agreed_on = models.DateField(_("concordato il"), null=True, blank=True)
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = Plans.as_manager()

    class Meta:
        verbose_name = _("progetto personalizzato")
        verbose_name_plural = _("progetti personalizzati")
        ordering = ["-version", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="cases_personalplan_version"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(superseded_at=None, agreed_on__isnull=False),
                name="cases_personalplan_one_agreed",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(superseded_at=None, agreed_on=None), name="cases_personalplan_one_draft"
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.version}"


class PlanGoal(SubjectRow):
    """A goal in the person's own words and the concrete change that will show it (art. 6 c. 3)."""

    plan = models.ForeignKey("cases.PersonalPlan", models.PROTECT, related_name="goals")
    own_words = models.TextField(_("con le parole della persona"))
    result = models.TextField(_("il risultato concreto"))
    due = models.DateField(_("entro"), null=True, blank=True)

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("obiettivo")
        verbose_name_plural = _("obiettivi")
        ordering = ["id"]

    def __str__(self):
        return self.result


class PlanSupport(SubjectRow):
    """What the services put in: a support of art. 7 c. 1, or of the place."""

    class Kind(models.TextChoices):
        SECRETARIAT = "secretariat", _("segretariato sociale")
        SOCIAL_SERVICE = "social_service", _("servizio sociale professionale")
        TRAINEESHIP = "traineeship", _("tirocinio di inclusione sociale")
        EDUCATION = "education", _("sostegno socio-educativo")
        HOME_CARE = "home_care", _("assistenza domiciliare")
        PARENTING = "parenting", _("sostegno alla genitorialità e mediazione familiare")
        CULTURAL_MEDIATION = "cultural_mediation", _("mediazione culturale")
        EMERGENCY = "emergency", _("pronto intervento sociale")
        EMPLOYMENT_SERVICE = "employment_service", _("servizi per il lavoro")
        TRAINING = "training", _("formazione")
        HOUSING = "housing", _("sostegno all’abitare")
        OTHER = "other", _("altro")

    plan = models.ForeignKey("cases.PersonalPlan", models.PROTECT, related_name="supports")
    kind = models.CharField(_("sostegno"), max_length=20, choices=Kind.choices)
    text = models.CharField(_("in che cosa consiste"), max_length=300, blank=True)

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("sostegno")
        verbose_name_plural = _("sostegni")
        ordering = ["id"]

    def __str__(self):
        return self.text or self.get_kind_display()


class PlanActions(StandingRows):
    def to_do(self):
        return self.standing().filter(done_on=None)


class PlanAction(SubjectRow):
    """Who does what by when: the person's commitments and the services' own."""

    class Party(models.TextChoices):
        PERSON = "person", _("la persona")
        MANAGER = "manager", _("il responsabile del caso")
        EMPLOYMENT_CENTRE = "employment_centre", _("il centro per l’impiego")
        THIRD_SECTOR = "third_sector", _("l’ente del Terzo settore")
        OTHER = "other", _("altri")

    plan = models.ForeignKey("cases.PersonalPlan", models.PROTECT, related_name="actions")
    party = models.CharField(_("chi"), max_length=20, choices=Party.choices)
    text = models.CharField(_("che cosa fa"), max_length=300)
    due = models.DateField(_("entro"), null=True, blank=True)
    done_on = models.DateField(_("fatto il"), null=True, blank=True)
    superseded_at = models.DateTimeField(_("sostituita il"), null=True, blank=True)

    objects = PlanActions.as_manager()

    class Meta:
        verbose_name = _("impegno")
        verbose_name_plural = _("impegni")
        ordering = ["due", "id"]
        indexes = [
            models.Index(
                fields=["zone", "subject", "due"],
                condition=Q(done_on=None, superseded_at=None),
                name="cases_planaction_to_do",
            ),
            models.Index(fields=["zone", "done_on"], condition=Q(done_on__isnull=False), name="cases_planaction_done"),
        ]

    def __str__(self):
        return self.text


class PlanSignature(SubjectRow):
    """A signature as it was given: by whom, when and how. Names are those of the file; only others are written here."""

    class Signer(models.TextChoices):
        PERSON = "person", _("la persona")
        REPRESENTATIVE = "representative", _("chi la rappresenta")
        MANAGER = "manager", _("il responsabile del caso")
        EMPLOYMENT_OPERATOR = "employment_operator", _("l’operatore del centro per l’impiego")
        OTHER = "other", _("altri")

    class How(models.TextChoices):
        PAPER = "paper", _("su carta")
        IN_PRESENCE = "in_presence", _("a voce, in presenza")
        DRAWN = "drawn", _("disegnata su uno schermo")

    plan = models.ForeignKey("cases.PersonalPlan", models.PROTECT, related_name="signatures")
    signer = models.CharField(_("chi firma"), max_length=20, choices=Signer.choices)
    name = models.CharField(_("nome"), max_length=120, blank=True)
    how = models.CharField(_("come"), max_length=20, choices=How.choices)
    signed_on = models.DateField(_("il"))

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("firma")
        verbose_name_plural = _("firme")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "signer"], condition=~Q(signer="other"), name="cases_plansignature_once"
            )
        ]

    def __str__(self):
        return self.get_signer_display()


class NothingToSign(Exception):
    """The plan is no draft: it was agreed already, or another version took its place."""


def write(*, case, reason, goals, supports, actions, review_on, by, now):
    """A new version, still to be agreed; a draft it replaces is superseded, an agreed plan still holds.

    `goals` are dicts with own_words, result, due; `supports` with kind, text; `actions` with party, text, due and,
    where an earlier version had it done, done_on."""
    last = PersonalPlan.objects.of(case.subject_id).filter(case=case).order_by("-version").first()
    supersede(PersonalPlan.objects.of(case.subject_id).standing().filter(case=case, agreed_on=None), now=now)
    plan = PersonalPlan.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        version=last.version + 1 if last else 1,
        reason=reason.strip(),
        review_on=review_on,
        recorded_at=now,
        recorded_by=by.user,
    )
    whose = {"subject_id": plan.subject_id, "zone_id": plan.zone_id, "plan": plan}
    PlanGoal.objects.bulk_create(PlanGoal(**whose, **goal) for goal in goals)
    PlanSupport.objects.bulk_create(PlanSupport(**whose, **support) for support in supports)
    PlanAction.objects.bulk_create(PlanAction(**whose, **action) for action in actions)
    log.act("write", plan, by=by, now=now, version=plan.version)
    return plan


def agree(*, plan, on, how, signers, by, now, cautions=()):
    """The draft is agreed on a day and signed; the version that held until then is superseded. `signers` are pairs of
    signer and name (empty where the file has it); `cautions` the codes of the rules about signatures that were read and
    gone past. Raises NothingToSign."""
    if plan.agreed_on or plan.superseded_at:
        raise NothingToSign
    supersede(
        PersonalPlan.objects.of(plan.subject_id).standing().agreed().filter(case_id=plan.case_id).exclude(pk=plan.pk),
        now=now,
    )
    plan.agreed_on = on
    plan.save(update_fields=["agreed_on"])
    PlanSignature.objects.bulk_create(
        PlanSignature(
            subject_id=plan.subject_id, zone_id=plan.zone_id, plan=plan, signer=signer, name=name, how=how, signed_on=on
        )
        for signer, name in signers
    )
    taken_on = {"cautions": sorted(set(cautions))} if cautions else {}
    log.act("agree", plan, by=by, now=now, version=plan.version, how=str(how), **taken_on)
    return plan


def supersede(plans, *, now):
    """The plans hold no more, nor do their actions that are still to do."""
    ids = list(plans.values_list("pk", flat=True))
    if ids:
        PlanAction.objects.standing().filter(plan__in=ids).update(superseded_at=now)
        PersonalPlan.objects.filter(pk__in=ids).update(superseded_at=now)


class NotYours(Exception):
    """The action is for somebody else, and this role does not write plans."""


def mark_done(*, action, on, by, now):
    """What was to do was done on a day: said by who keeps the plan, or by the person of what they had to do. Raises
    NotYours."""
    _set_done(action, on, by=by)
    log.act("fulfil", action, by=by, now=now)
    return action


def reopen(*, action, by, now):
    """It was marked done by mistake. Raises NotYours."""
    _set_done(action, None, by=by)
    log.act("reopen", action, by=by, now=now)
    return action


def _set_done(action, day, *, by):
    action.done_on = day
    if by.may(Degree.PLAN, write=True):
        action.save(update_fields=["done_on"])
        return
    with connection.cursor() as cursor:
        cursor.execute("select own_action_done(%s, %s)", [action.pk, day])
        if not cursor.fetchone()[0]:
            raise NotYours
