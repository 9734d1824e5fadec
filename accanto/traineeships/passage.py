import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access.subject import SubjectRow, SubjectRows
from accanto.norms.days import Period
from accanto.traineeships.traineeship import State

ONE_DAY = dt.timedelta(days=1)


class Passages(SubjectRows):
    def in_order(self):
        return self.order_by("traineeship_id", "on", "id")


class Passage(SubjectRow):
    """A change of state, from the day it takes effect, with the end date it leaves behind. Never changed: from these
    rows one knows what was planned, running or suspended on any day, as known on any other."""

    traineeship = models.ForeignKey("traineeships.Traineeship", models.PROTECT, related_name="passages")
    before = models.CharField(_("da"), max_length=20, choices=State.choices, blank=True)
    after = models.CharField(_("a"), max_length=20, choices=State.choices)
    on = models.DateField(_("dal"))
    ends_before = models.DateField(_("fine prevista prima"), null=True, blank=True)
    ends_after = models.DateField(_("fine prevista dopo"))
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    objects = Passages.as_manager()

    class Meta:
        verbose_name = _("passaggio di stato")
        verbose_name_plural = _("passaggi di stato")
        ordering = ["on", "id"]

    def __str__(self):
        return f"{self.before} > {self.after} {self.on}"


class PassageReason(SubjectRow):
    """Why it was suspended or interrupted. Illness and maternity are health data: of the degree of the area."""

    class Reason(models.TextChoices):
        MATERNITY = "maternity", _("maternità")
        ILLNESS = "illness", _("malattia lunga")
        ACCIDENT = "accident", _("infortunio")
        HOST_CLOSURE = "host_closure", _("chiusura dell'ospitante")
        PERSON = "person", _("scelta della persona, con motivo")
        SERIOUS_BREACH = "serious_breach", _("inadempienza grave")
        GOALS_OUT_OF_REACH = "goals_out_of_reach", _("obiettivi non raggiungibili")
        JOB_FOUND = "job_found", _("ha trovato lavoro")
        OTHER = "other", _("altro motivo")
        LEAVE = "leave", _("se ne assume la responsabilità")

    SUSPENSION = (Reason.MATERNITY, Reason.ILLNESS, Reason.ACCIDENT, Reason.HOST_CLOSURE, Reason.OTHER)
    INTERRUPTION = (
        Reason.JOB_FOUND,
        Reason.PERSON,
        Reason.ILLNESS,
        Reason.SERIOUS_BREACH,
        Reason.GOALS_OUT_OF_REACH,
        Reason.HOST_CLOSURE,
        Reason.OTHER,
    )

    passage = models.OneToOneField(Passage, models.PROTECT, related_name="reason")
    reason = models.CharField(_("motivo"), max_length=20, choices=Reason.choices)
    note = models.TextField(_("nota"), blank=True)

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("motivo del passaggio")
        verbose_name_plural = _("motivi dei passaggi")

    def __str__(self):
        return self.get_reason_display()


def suspensions(passages):
    """The periods a traineeship was suspended, from its passages in order: the day it resumes is a day of work."""
    found, since = [], None
    for passage in passages:
        if passage.after == State.SUSPENDED:
            since = passage.on
        elif since is not None:
            last = passage.on if passage.after in (State.INTERRUPTED, State.CONCLUDED) else passage.on - ONE_DAY
            if last >= since:
                found.append(Period(since, last))
            since = None
    if since is not None:
        found.append(Period(since, None))
    return tuple(found)
