from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access.subject import SubjectRow, SubjectRows


class TraineeshipPlan(SubjectRow):
    """Why this traineeship and what for: the personal plan attached to the agreement, one a trainee (R-TIS-21, 22).
    The host knows the timetable and the accommodations, not the reasons."""

    traineeship = models.OneToOneField("traineeships.Traineeship", models.PROTECT, related_name="plan")
    body_in_charge = models.ForeignKey(
        "access.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("ente che ha in carico la persona"),
        related_name="+",
    )
    integrated_on = models.DateField(_("presa in carico integrata dal"), null=True, blank=True)
    integrated_with = models.ForeignKey(
        "access.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("servizio per il lavoro"),
        related_name="+",
    )
    path_agreed_on = models.DateField(_("percorso personalizzato definito il"), null=True, blank=True)
    repeats = models.BooleanField(_("ripete un tirocinio già fatto"), null=True, blank=True)
    attested_by = models.ForeignKey(
        "access.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("bisogno attestato da"),
        related_name="+",
    )
    attested_on = models.DateField(_("attestazione del"), null=True, blank=True)
    reason = models.TextField(_("motivo del tirocinio"), blank=True)
    inclusion_goals = models.TextField(_("obiettivi di inclusione"), blank=True)
    autonomy_goals = models.TextField(_("obiettivi di autonomia"), blank=True)
    training_goals = models.TextField(_("obiettivi formativi"), blank=True)
    activities = models.TextField(_("attività"), blank=True)
    # what the law leaves to someone who answers for it: the rules, and why it was allowed
    leave_codes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    leave_reason = models.TextField(_("perché si autorizza"), blank=True)

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("progetto di tirocinio")
        verbose_name_plural = _("progetti di tirocinio")

    def __str__(self):
        return str(self.traineeship_id)


class Condition(SubjectRow):
    """What must be so before the start, where asking it would tell the area or a benefit: of the degree of the area."""

    traineeship = models.OneToOneField("traineeships.Traineeship", models.PROTECT, related_name="condition")
    adi = models.BooleanField(_("riceve l'assegno di inclusione (ADI)"), default=False)
    gepi_entered_on = models.DateField(_("inserito in GePI il"), null=True, blank=True)
    needs_authorisation = models.BooleanField(_("serve un'autorizzazione prima dell'inizio"), default=False)
    authorisation_date = models.DateField(_("autorizzazione del"), null=True, blank=True)
    programme_changed_on = models.DateField(_("programma cambiato il"), null=True, blank=True)

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("condizione per l'inizio")
        verbose_name_plural = _("condizioni per l'inizio")

    def __str__(self):
        return str(self.traineeship_id)
