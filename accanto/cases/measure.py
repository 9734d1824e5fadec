from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.norms import measures as rules


class Measure(SubjectRow):
    """Something done with a person or a family beside the traineeship, from its first day. What happens in it, its end
    too, are `MeasureStep`s: the row itself never changes. Training and active-labour measures are read and written by
    the employment operator too; of the others they do not know that they exist."""

    class Kind(models.TextChoices):
        PIPPI = "pippi", _("P.I.P.P.I.")
        HOUSING_FIRST = "housing_first", _("housing first")
        SERVICE_CENTRE = "service_centre", _("centro servizi")
        TRAINING = "training", _("formazione")
        ACTIVE_LABOUR = "active_labour", _("politica attiva del lavoro")

    # the same two in the policy of the table (migration 0013)
    OF_WORK = (Kind.TRAINING, Kind.ACTIVE_LABOUR)

    class EligibleClass(models.TextChoices):
        """Whom line 1.3 is for (PN-02)."""

        HOMELESS = "a", _("a) senza dimora")
        DORMITORY = "b", _("b) ospite di un dormitorio pubblico")
        RECEPTION = "c", _("c) senza dimora in accoglienza")
        LEAVING = "d", _("d) esce da un’istituzione senza una casa")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="measures")
    kind = models.CharField(_("misura"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("quale"), max_length=200)
    provider = models.CharField(_("chi la realizza"), max_length=200, blank=True)
    operation = models.ForeignKey(
        "plan.Operation",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("progetto che la finanzia"),
        related_name="measures",
    )
    children = models.PositiveSmallIntegerField(_("bambini coinvolti"), null=True, blank=True)
    eligible_class = models.CharField(
        _("condizione (PNRR 1.3)"), max_length=1, choices=EligibleClass.choices, blank=True, default=""
    )
    starts = models.DateField(_("comincia il"))
    recorded_at = models.DateTimeField(_("registrata il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("corretta il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("misura")
        verbose_name_plural = _("misure")
        ordering = ["-starts", "-id"]
        indexes = [models.Index(fields=["zone", "subject"], name="cases_measure_zone")]
        constraints = [
            models.UniqueConstraint(fields=["id", "kind"], name="cases_measure_of_one_kind"),
            models.UniqueConstraint(
                fields=["subject", "kind", "title", "starts"],
                condition=Q(superseded_at=None),
                name="cases_measure_once",
            ),
            models.CheckConstraint(condition=Q(children=None) | Q(kind="pippi"), name="cases_measure_children"),
            models.CheckConstraint(
                condition=Q(eligible_class="") | Q(kind__in=["housing_first", "service_centre"]),
                name="cases_measure_eligible_class",
            ),
        ]

    def __str__(self):
        return self.title


class MeasureStep(SubjectRow):
    """A dated moment of a measure: a phase, a device, an assessment, a service used, the exit."""

    class Kind(models.TextChoices):
        PREPARATION = "preparation", _("fase: preparazione")
        IMPLEMENTATION = "implementation", _("fase: attuazione")
        CONCLUSION = "conclusion", _("fase: conclusione")
        FIRST_ASSESSMENT = "first_assessment", _("valutazione iniziale")
        MIDDLE_ASSESSMENT = "middle_assessment", _("valutazione intermedia")
        LAST_ASSESSMENT = "last_assessment", _("valutazione finale")
        HOME_EDUCATION = "home_education", _("dispositivo: educativa domiciliare")
        GROUPS = "groups", _("dispositivo: gruppi di genitori e bambini")
        SCHOOL = "school", _("dispositivo: partenariato scuola-servizi")
        SOLIDARITY = "solidarity", _("dispositivo: vicinanza solidale")
        MOVED = "moved", _("passaggio a un altro alloggio")
        NIGHT = "night", _("accoglienza notturna")
        HEALTH = "health", _("presidio sanitario")
        MEALS = "meals", _("pasti")
        POST = "post", _("fermo posta")
        MEDIATION = "mediation", _("mediazione culturale")
        COUNSELLING = "counselling", _("ascolto e orientamento")
        JOB_GUIDANCE = "job_guidance", _("orientamento al lavoro")
        LEGAL = "legal", _("consulenza legale")
        GOODS = "goods", _("distribuzione di beni")
        QUALIFIED = "qualified", _("ottenuta una qualifica")
        EXIT = "exit", _("uscita")

    class Reason(models.TextChoices):
        COMPLETED = "completed", _("conclusa")
        HOUSED = "housed", _("ha una casa sua")
        JOB = "job", _("ha un lavoro")
        WITHDREW = "withdrew", _("si è ritirata")
        OTHER = "other", _("altro")

    measure = models.ForeignKey("cases.Measure", models.PROTECT, related_name="steps")
    # repeated from the measure and tied to it (migration 0013): the policy of the row reads it
    measure_kind = models.CharField(max_length=20, choices=Measure.Kind.choices)
    kind = models.CharField(_("che cosa"), max_length=20, choices=Kind.choices)
    day = models.DateField(_("giorno"))
    reason = models.CharField(_("come finisce"), max_length=20, choices=Reason.choices, blank=True, default="")
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("corretto il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("passo della misura")
        verbose_name_plural = _("passi della misura")
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "kind", "day"], condition=Q(superseded_at=None), name="cases_measurestep_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["measure"],
                condition=Q(superseded_at=None, kind="exit"),
                name="cases_measurestep_one_exit",
            ),
            models.CheckConstraint(
                condition=Q(kind="exit") & ~Q(reason="") | ~Q(kind="exit") & Q(reason=""),
                name="cases_measurestep_exit_has_a_reason",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


S = MeasureStep.Kind
STEPS_OF = {
    Measure.Kind.PIPPI: [
        S.PREPARATION, S.IMPLEMENTATION, S.CONCLUSION, S.FIRST_ASSESSMENT, S.MIDDLE_ASSESSMENT, S.LAST_ASSESSMENT,
        S.HOME_EDUCATION, S.GROUPS, S.SCHOOL, S.SOLIDARITY, S.EXIT,
    ],
    Measure.Kind.HOUSING_FIRST: [S.MOVED, S.EXIT],
    Measure.Kind.SERVICE_CENTRE: [
        S.NIGHT, S.HEALTH, S.MEALS, S.POST, S.MEDIATION, S.COUNSELLING, S.JOB_GUIDANCE, S.LEGAL, S.GOODS, S.EXIT,
    ],
    Measure.Kind.TRAINING: [S.QUALIFIED, S.EXIT],
    Measure.Kind.ACTIVE_LABOUR: [S.JOB_GUIDANCE, S.EXIT],
}  # fmt: skip


def exit_of(steps):
    """The step that ends a measure, or None."""
    return next((step for step in steps if step.kind == S.EXIT), None)


def running(*, case, acting):
    """The measures of a case that nobody has ended, those this role may read."""
    left = MeasureStep.objects.within(acting).standing().filter(measure=OuterRef("pk"), kind=S.EXIT)
    rows = Measure.objects.within(acting).of(case.subject_id).standing().filter(~Exists(left), case=case)
    return list(rows.order_by("starts", "id"))


def last_day(measure):
    """The day of what was last written of it: it does not end before."""
    steps = MeasureStep.objects.of(measure.subject_id).standing().filter(measure=measure)
    return steps.aggregate(last=models.Max("day"))["last"] or measure.starts


def counted(measure, steps, *, on):
    """What the PNRR counts of it, and how long it may last (PN-02): the findings of the law, none for most kinds."""
    left = exit_of(steps)
    return rules.counted(
        kind=measure.kind,
        starts=measure.starts,
        ends=left and left.day,
        eligible_class=measure.eligible_class or None,
        children=measure.children,
        on=on,
    )


def begin(*, case, kind, title, starts, by, now, provider="", operation=None, children=None, eligible_class=""):
    """A measure from its first day. PostgreSQL refuses the same one of the same day twice."""
    row = Measure.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        kind=kind,
        title=title.strip(),
        provider=provider.strip(),
        operation=operation,
        children=children,
        eligible_class=eligible_class,
        starts=starts,
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("begin", row, by=by, now=now)
    return row


def add_step(*, measure, kind, day, by, now, reason=""):
    """A moment of the measure. PostgreSQL refuses a second exit, and the same moment of the same day."""
    row = MeasureStep.objects.create(
        subject_id=measure.subject_id,
        zone_id=measure.zone_id,
        measure=measure,
        measure_kind=measure.kind,
        kind=kind,
        day=day,
        reason=reason,
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("leave" if kind == S.EXIT else "add", row, by=by, now=now)
    return row


def correct(*, measure, by, now, title, provider, operation, children, eligible_class):
    """What was written wrong of it, without losing what happened: a new row takes its place, and its steps are written
    again under that. Kind and first day are the measure itself: another one is begun, and this withdrawn."""
    steps = list(MeasureStep.objects.of(measure.subject_id).standing().filter(measure=measure).order_by("day", "id"))
    MeasureStep.objects.filter(pk__in=[step.pk for step in steps]).update(superseded_at=now)
    measure.superseded_at = now
    measure.save(update_fields=["superseded_at"])
    shared = {
        "subject_id": measure.subject_id,
        "zone_id": measure.zone_id,
        "recorded_at": now,
        "recorded_by": by.user,
    }
    new = Measure.objects.create(
        case=measure.case,
        kind=measure.kind,
        starts=measure.starts,
        title=title.strip(),
        provider=provider.strip(),
        operation=operation,
        children=children,
        eligible_class=eligible_class,
        **shared,
    )
    for step in steps:
        told = {"kind": step.kind, "day": step.day, "reason": step.reason}
        MeasureStep.objects.create(measure=new, measure_kind=new.kind, **told, **shared)
    log.act("correct", new, by=by, now=now, instead_of=measure.pk)
    return new


def withdraw(*, measure, by, now):
    """Written by mistake: the measure and its steps stand no more, and stay in the history."""
    MeasureStep.objects.of(measure.subject_id).standing().filter(measure=measure).update(superseded_at=now)
    measure.superseded_at = now
    measure.save(update_fields=["superseded_at"])
    log.act("withdraw", measure, by=by, now=now)


def withdraw_step(*, step, by, now):
    step.superseded_at = now
    step.save(update_fields=["superseded_at"])
    log.act("withdraw", step, by=by, now=now)
