"""What a zone supposes of its social workers to 2030, saved with what it was computed from so that it can be computed
again. What is supposed is never typed where it can be counted: it begins from the contracts as they are written."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts
from accanto.norms import staffing_scenario as norms
from accanto.norms.findings import Finding, Grade, Refused, Severity
from accanto.norms.scenario_findings import objections
from accanto.norms.staffing_scenario import Assumptions, Counted, Movement
from accanto.norms.text import Text
from accanto.staffing import staff_figure, workforce
from accanto.staffing.residents import residents_of


class Scenarios(StandingFacts):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self

    def chosen(self):
        """The one that each zone gives as its own."""
        return self.standing().filter(choices__superseded_at=None, choices__isnull=False)


class Scenario(models.Model):
    """A saved version. Another under the same name takes its place, and stays beside it to be compared."""

    class Basis(models.TextChoices):
        CONTRACTS = "contracts", _("dai contratti")
        RETURN = "return", _("dall’ultimo consuntivo")

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="scenarios", verbose_name=_("zona"))
    name = models.CharField(_("nome"), max_length=80)
    version = models.PositiveSmallIntegerField(_("versione"), default=1)
    basis = models.CharField(_("da dove parte"), max_length=10, choices=Basis.choices)
    counted_on = models.DateField(_("contato il"))
    # what `norms.Assumptions` holds, numbers as words: read with `assumptions_of`
    assumptions = models.JSONField(_("ipotesi"))
    synthetic = models.BooleanField(_("dato sintetico"), default=False)
    author = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(_("salvato il"))
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = Scenarios.as_manager()

    class Meta:
        verbose_name = _("scenario del personale")
        verbose_name_plural = _("scenari del personale")
        ordering = ["zone", "name", "-version"]
        constraints = [
            models.UniqueConstraint(
                "zone", Lower("name"), condition=Q(superseded_at=None), name="staffing_scenario_once"
            ),
            models.UniqueConstraint(fields=["id", "zone"], name="staffing_scenario_of_its_zone"),
            models.CheckConstraint(condition=~Q(name="") & Q(version__gt=0), name="staffing_scenario_named"),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("recorded_at")),
                name="staffing_scenario_times",
            ),
        ]

    def __str__(self):
        return self.name if self.version == 1 else f"{self.name} ({self.version})"


class ScenarioChoice(models.Model):
    """Which scenario a zone gives as its own: the one that the Region sums."""

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="choices", verbose_name=_("scenario"))
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = Scenarios.as_manager()

    class Meta:
        verbose_name = _("scelta di uno scenario")
        verbose_name_plural = _("scelte di scenari")
        ordering = ["zone", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone"], condition=Q(superseded_at=None), name="staffing_scenario_choice_once"
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("recorded_at")),
                name="staffing_scenario_choice_times",
            ),
        ]

    def __str__(self):
        return f"{self.zone_id}: {self.scenario_id}"


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where a scenario of a zone begins today."""

    basis: str
    counted: tuple[Counted, ...]
    residents: int
    residents_on: date
    synthetic: bool


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the zone supposes; units of permanent workers in full-time equivalents, percents a year, euro a year."""

    hires: tuple[Movement, ...] = ()
    retirements: tuple[Movement, ...] = ()
    turnover_percent: Decimal = Decimal(0)
    residents_change_percent: Decimal = Decimal(0)
    cost_per_worker: Decimal | None = None


def start_of(zone, *, today) -> Start | None:
    """From the contracts; where the zone has written none, from its last final figure; None where it has neither, or
    no residents."""
    residents, day, _source = residents_of(zone, year=today.year)
    years = range(today.year, norms.last_year(on=today) + 1)
    if not residents or not years:
        return None
    if workforce.has_contracts(zone):
        counted = workforce.ahead(zone, years=years)
        synthetic = workforce.of_year(zone, year=today.year).synthetic
        return Start(
            basis=Scenario.Basis.CONTRACTS, counted=counted, residents=residents, residents_on=day, synthetic=synthetic
        )
    figure = next((one for one in reversed(staff_figure.published_of(zone)) if one.status == "final"), None)
    if figure is None:
        return None
    units = figure.permanent_fte
    return Start(
        basis=Scenario.Basis.RETURN,
        counted=tuple(Counted(year=year, average=units, at_start=units) for year in years),
        residents=residents,
        residents_on=day,
        synthetic=figure.synthetic,
    )


def supposed(start, plan, *, today) -> Assumptions:
    return Assumptions(
        counted_on=today,
        counted=start.counted,
        residents=start.residents,
        residents_on=start.residents_on,
        **vars(plan),
    )


@transaction.atomic
def save(*, zone, name, plan, by, now, today) -> Scenario:
    """A scenario, counted now. One of the same name is superseded, and what it was chosen for passes to the new one.

    Raises Refused with all that cannot be."""
    start = start_of(zone, today=today)
    if start is None:
        raise Refused([_nothing_to_begin_from()])
    given = supposed(start, plan, today=today)
    found = objections(given)
    if found:
        raise Refused(found)
    _hold(zone)
    name = " ".join(name.split())
    before = Scenario.objects.standing().filter(zone=zone, name__iexact=name).first()
    if before:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
    row = Scenario.objects.create(
        zone=zone, name=name, version=before.version + 1 if before else 1, basis=start.basis, counted_on=today,
        assumptions=written(given), synthetic=start.synthetic, author=by.user if by else None, recorded_at=now,
    )  # fmt: skip
    log.act("save", row, by=by, now=now, version=row.version)
    alone = not ScenarioChoice.objects.standing().filter(zone=zone).exists()
    if alone or (before and before.choices.filter(superseded_at=None).exists()):
        _choose(row, now)
    return row


@transaction.atomic
def choose(*, scenario, by, now):
    """From now on it is the zone's own. Raises Refused where another version has taken its place."""
    _hold(scenario.zone)
    row = _held(scenario)
    _choose(row, now)
    log.act("choose", row, by=by, now=now)


@transaction.atomic
def withdraw(*, scenario, by, now):
    """It is supposed no more, and stays on record. Where it was the chosen one, the zone has none."""
    _hold(scenario.zone)
    row = _held(scenario)
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])
    ScenarioChoice.objects.standing().filter(scenario=row).update(superseded_at=now)
    log.act("withdraw", row, by=by, now=now)


def _choose(row, now):
    ScenarioChoice.objects.standing().filter(zone_id=row.zone_id).update(superseded_at=now)
    ScenarioChoice.objects.create(zone_id=row.zone_id, scenario=row, recorded_at=now)


def _held(scenario):
    row = Scenario.objects.select_for_update().get(pk=scenario.pk)
    if row.superseded_at:
        raise Refused([_taken_over()])
    return row


def _hold(zone):
    """One hand at a time on the scenarios of a zone, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('staffing_scenario'), %s)", [zone.pk])


# --- on record --------------------------------------------------------------------------------------------------------


def written(given: Assumptions) -> dict:
    return {
        "residents": given.residents,
        "residents_on": given.residents_on.isoformat(),
        "counted": [[one.year, str(one.average), str(one.at_start)] for one in given.counted],
        "hires": [[str(one.units), one.year, one.month] for one in given.hires],
        "retirements": [[str(one.units), one.year, one.month] for one in given.retirements],
        "turnover_percent": str(given.turnover_percent),
        "residents_change_percent": str(given.residents_change_percent),
        "cost_per_worker": None if given.cost_per_worker is None else str(given.cost_per_worker),
    }


def assumptions_of(scenario) -> Assumptions:
    said = scenario.assumptions
    cost = said["cost_per_worker"]
    return Assumptions(
        counted_on=scenario.counted_on,
        counted=tuple(
            Counted(year=year, average=Decimal(average), at_start=Decimal(at_start))
            for year, average, at_start in said["counted"]
        ),
        residents=said["residents"],
        residents_on=date.fromisoformat(said["residents_on"]),
        hires=_movements(said["hires"]),
        retirements=_movements(said["retirements"]),
        turnover_percent=Decimal(said["turnover_percent"]),
        residents_change_percent=Decimal(said["residents_change_percent"]),
        cost_per_worker=None if cost is None else Decimal(cost),
    )


def _movements(rows):
    return tuple(Movement(units=Decimal(units), year=year, month=month) for units, year, month in rows)


def _nothing_to_begin_from():
    return Finding(
        code="ACC-SCENARIO",
        severity=Severity.BLOCK,
        sentence=Text(
            "Non c’è da dove cominciare: né contratti né un consuntivo, o mancano i residenti.",
            "There is nothing to begin from: no contract and no final figure, or the residents are missing.",
        ),
        source="",
        grade=Grade.DESIGN,
        field="name",
        way_out=Text("Scrivi chi lavora nella zona.", "Write who works in the zone."),
    )


def _taken_over():
    return Finding(
        code="ACC-SCENARIO",
        severity=Severity.BLOCK,
        sentence=Text(
            "Un’altra versione ha preso il posto di questo scenario, o è stato ritirato.",
            "Another version has taken the place of this scenario, or it was withdrawn.",
        ),
        source="",
        grade=Grade.DESIGN,
        field="scenario",
        way_out=Text("Apri l’ultima versione.", "Open the last version."),
    )
