from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts
from accanto.norms import full_time
from accanto.norms.findings import Finding, Refused
from accanto.norms.text import Text
from accanto.staffing.worker import impossible

MOST_HOURS = 60  # a week: more is a slip of the pen


class Contracts(StandingFacts):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self.none()

    def running(self, day):
        return self.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)

    def in_year(self, year):
        """Those with a day in it."""
        return self.filter(Q(ends=None) | Q(ends__gte=date(year, 1, 1)), starts__lte=date(year, 12, 31))


class Contract(models.Model):
    """A contract as it is: who employs, how, for whom and how long. Corrected by another row, never overwritten."""

    class Employer(models.TextChoices):
        MUNICIPALITY = "municipality", _("comune")
        ZONE_BODY = "zone_body", _("ente dell’ambito")
        HEALTH_AUTHORITY = "health_authority", _("azienda USL")
        COOPERATIVE = "cooperative", _("cooperativa o altro affidatario")

    class Kind(models.TextChoices):
        PERMANENT = "permanent", _("tempo indeterminato")
        FIXED_TERM = "fixed_term", _("tempo determinato")
        AGENCY = "agency", _("somministrazione")
        OUTSOURCED = "outsourced", _("servizio affidato a terzi")

    worker = models.ForeignKey("staffing.Worker", models.PROTECT, related_name="contracts", verbose_name=_("operatore"))
    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    employer = models.CharField(_("chi lo impiega"), max_length=20, choices=Employer.choices)
    kind = models.CharField(_("tipo"), max_length=20, choices=Kind.choices)
    # the one on whose account the work is; none: the whole ambito, on the zone body's account
    municipality = models.ForeignKey(
        "territory.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("comune")
    )
    weekly_hours = models.DecimalField(_("ore la settimana"), max_digits=4, decimal_places=2)
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"), null=True, blank=True)
    cost_refunded = models.BooleanField(_("costo rimborsato all’azienda USL"), default=False)
    coordinates = models.BooleanField(_("fa anche coordinamento"), default=False)
    cost_source = models.CharField(_("da dove viene il costo"), max_length=120, blank=True)
    act = models.CharField(_("atto"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = Contracts.as_manager()

    class Meta:
        verbose_name = _("contratto di lavoro")
        verbose_name_plural = _("contratti di lavoro")
        ordering = ["starts", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="staffing_contract_dates"),
            models.CheckConstraint(
                condition=Q(weekly_hours__gt=0, weekly_hours__lte=MOST_HOURS), name="staffing_contract_hours"
            ),
            models.CheckConstraint(
                condition=Q(employer="cooperative", kind="outsourced")
                | (~Q(employer="cooperative") & ~Q(kind="outsourced")),
                name="staffing_contract_outsourced_is_of_a_third_party",
            ),
            models.CheckConstraint(
                condition=Q(employer="municipality", municipality__isnull=False)
                | Q(employer="zone_body", municipality=None)
                | Q(employer__in=["health_authority", "cooperative"]),
                name="staffing_contract_on_whose_account",
            ),
            models.CheckConstraint(
                condition=Q(cost_refunded=False) | Q(employer="health_authority"),
                name="staffing_contract_refunded_to_whom",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("recorded_at")),
                name="staffing_contract_times",
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "worker"], condition=Q(superseded_at=None), name="staffing_contract_zone"),
            models.Index(fields=["worker"], name="staffing_contract_worker"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.weekly_hours} h, {self.starts:%d/%m/%Y}"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a contract says."""

    employer: str
    kind: str
    weekly_hours: Decimal
    starts: date
    municipality: object = None
    ends: date | None = None
    cost_refunded: bool = False
    coordinates: bool = False
    cost_source: str = ""
    act: str = ""


def as_law(contract, absences=()) -> full_time.Contract:
    """The contract as the rule on full-time equivalents takes it. `absences` are (kind, period) of its worker."""
    return full_time.Contract(
        weekly_hours=contract.weekly_hours,
        first=contract.starts,
        last=contract.ends,
        permanent=contract.kind == Contract.Kind.PERMANENT,
        employer=contract.employer,
        cost_refunded=contract.cost_refunded,
        outsourced=contract.kind == Contract.Kind.OUTSOURCED,
        absences=tuple(absences),
        profession=contract.worker.profession,
        coordinates=contract.coordinates,
    )


@transaction.atomic
def record(*, worker, terms, by, now) -> Contract:
    """A contract of a worker. Raises Refused with all that cannot be."""
    terms = _tidy(terms)
    _check(worker, terms)
    row = _write(worker, terms, now)
    log.act("record", row, by=by, now=now, worker=worker.pk)
    return row


@transaction.atomic
def correct(*, contract, terms, by, now) -> Contract:
    """What was written wrong, or has changed (its last day): the row before stays, superseded. Raises Refused."""
    before, terms = _held(contract), _tidy(terms)
    _check(before.worker, terms)
    _supersede(before, now)
    row = _write(before.worker, terms, now)
    log.act("correct", row, by=by, now=now, worker=before.worker_id, before=before.pk)
    return row


@transaction.atomic
def withdraw(*, contract, by, now):
    """It never was: it counts no more, and stays on record."""
    row = _held(contract)
    _supersede(row, now)
    log.act("withdraw", row, by=by, now=now, worker=row.worker_id)


def over_full_time(contracts, *, on) -> Finding | None:
    """What to say of the standing contracts of one worker where together they are more than full time."""
    return full_time.over_full_time(contracts=[as_law(one) for one in contracts], on=on)


def _held(contract):
    """As it is now, held until the transaction ends; raises Refused where another hand has corrected it already."""
    row = Contract.objects.select_for_update(of=("self",)).select_related("worker").get(pk=contract.pk)
    if row.superseded_at:
        raise Refused([impossible("contract", ALREADY, RELOAD)])
    return row


def _supersede(row, now):
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])


def _write(worker, terms, now):
    return Contract.objects.create(worker=worker, zone_id=worker.zone_id, recorded_at=now, **vars(terms))


def _tidy(terms):
    """What the employer decides by itself: the zone body works on its own account, only an ASL is refunded."""
    if terms.employer == Contract.Employer.ZONE_BODY:
        terms = replace(terms, municipality=None)
    if terms.employer != Contract.Employer.HEALTH_AUTHORITY:
        terms = replace(terms, cost_refunded=False)
    return terms


ALREADY = Text("Questo contratto è già stato corretto o ritirato.", "This contract was corrected or withdrawn already.")
RELOAD = Text("Ricarica la pagina dell’operatore.", "Reload the worker's page.")


def _check(worker, terms):
    found = []
    if worker.withdrawn_at:
        found.append(
            impossible(
                "worker",
                Text("L’operatore è stato tolto: era un errore.", "The worker was taken away: it was a mistake."),
                Text("Inseriscilo di nuovo.", "Enter them again."),
            )
        )
    if terms.ends and terms.ends < terms.starts:
        found.append(
            impossible(
                "ends",
                Text("La fine viene prima dell’inizio.", "The end comes before the beginning."),
                Text("Correggi uno dei due giorni.", "Correct one of the two days."),
            )
        )
    if not 0 < terms.weekly_hours <= MOST_HOURS:
        found.append(
            impossible(
                "weekly_hours",
                Text(
                    "Le ore la settimana vanno da più di 0 a {most}.", "Weekly hours go from more than 0 to {most}."
                ).filled(most=MOST_HOURS),
                Text("Scrivi le ore la settimana del contratto.", "Write the weekly hours of the contract."),
            )
        )
    outsourced = terms.kind == Contract.Kind.OUTSOURCED
    if outsourced != (terms.employer == Contract.Employer.COOPERATIVE):
        found.append(
            impossible(
                "kind",
                Text(
                    "Chi lavora per una cooperativa o un altro affidatario è in un servizio affidato a terzi, e nessun"
                    " altro lo è.",
                    "Who works for a cooperative or another contractor is in an outsourced service; nobody else is.",
                ),
                Text("Cambia il tipo, o chi lo impiega.", "Change the kind, or who employs them."),
            )
        )
    if terms.employer == Contract.Employer.MUNICIPALITY and terms.municipality is None:
        found.append(
            impossible(
                "municipality",
                Text("Manca il comune che lo impiega.", "The municipality that employs them is missing."),
                Text("Scegli il comune.", "Choose the municipality."),
            )
        )
    if terms.municipality and terms.municipality.zone_id != worker.zone_id:
        found.append(
            impossible(
                "municipality",
                Text("Il comune è di un’altra zona.", "The municipality is of another zone."),
                Text("Scegli un comune della zona.", "Choose a municipality of the zone."),
            )
        )
    if found:
        raise Refused(found)
