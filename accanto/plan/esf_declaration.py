from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts

# AD-33: of these the beneficiary may make an informed estimate, so as not to ask people what they need not say (FS-10)
ESTIMATED = ("EECO12", "EECO13", "EECO14", "EECO15", "EECO16", "EECO17")
# AD-34, FS-12: bodies and firms an operation supports, which are no participants
BODIES = ("EECO18", "EECO19")


class EsfDeclarations(StandingFacts):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self


class EsfDeclaration(models.Model):
    """A common indicator of an operation that is not counted from its participants: an informed estimate, or the bodies
    and firms it supports. Cumulative, as of a day; shown beside what is counted, and never added to it."""

    class Code(models.TextChoices):
        DISABILITY = "EECO12", _("persone con disabilità")
        THIRD_COUNTRY = "EECO13", _("cittadini di Paesi terzi")
        FOREIGN = "EECO14", _("persone di origine straniera")
        MINORITY = "EECO15", _("minoranze, comprese le comunità marginalizzate")
        HOMELESS = "EECO16", _("persone senza dimora o in esclusione abitativa")
        RURAL = "EECO17", _("persone di zone rurali")
        PUBLIC = "EECO18", _("amministrazioni e servizi pubblici sostenuti")
        FIRMS = "EECO19", _("micro, piccole e medie imprese sostenute")

    operation = models.ForeignKey("plan.Operation", models.PROTECT, related_name="esf_declarations")
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    code = models.CharField(_("indicatore"), max_length=6, choices=Code.choices)
    women = models.PositiveIntegerField(_("donne"), null=True, blank=True)
    men = models.PositiveIntegerField(_("uomini"), null=True, blank=True)
    value = models.PositiveIntegerField(_("in tutto"))
    day = models.DateField(_("al giorno"))
    how = models.CharField(_("come si sa"), max_length=300)
    recorded_at = models.DateTimeField(_("scritto il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+", verbose_name=_("scritto da"))
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = EsfDeclarations.as_manager()

    class Meta:
        verbose_name = _("valore dichiarato per il FSE+")
        verbose_name_plural = _("valori dichiarati per il FSE+")
        ordering = ["operation", "code", "-day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "code", "day"], condition=Q(superseded_at=None), name="plan_esf_declaration_once"
            ),
            models.CheckConstraint(
                condition=Q(code__in=BODIES, women=None, men=None)
                | Q(code__in=ESTIMATED, women__isnull=False, men__isnull=False, value=F("women") + F("men")),
                name="plan_esf_declaration_adds_up",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.value}"

    @property
    def is_estimate(self):
        return self.code in ESTIMATED


@transaction.atomic
def declare(*, operation, code, day, how, by, now, value=None, women=None, men=None) -> EsfDeclaration:
    """The value of an indicator up to a day: women and men of an estimate, how many bodies or firms. The same indicator
    of the same day, declared again, supersedes the one before."""
    rows = EsfDeclaration.objects.standing().filter(operation=operation, code=code, day=day)
    rows.update(superseded_at=now)
    row = EsfDeclaration.objects.create(
        operation=operation,
        zone_id=operation.zone_id,
        code=code,
        women=women,
        men=men,
        value=women + men if code in ESTIMATED else value,
        day=day,
        how=how,
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("declare", row, by=by, now=now, operation=operation.pk, code=code)
    return row


@transaction.atomic
def withdraw(*, declaration, by, now):
    """It was wrong: it stands no more, and stays on record."""
    declaration.superseded_at = now
    declaration.save(update_fields=["superseded_at"])
    log.act("withdraw", declaration, by=by, now=now)
