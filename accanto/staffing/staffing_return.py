"""The yearly return of the social workers of a zone (art. 1, c. 798 L. 178/2020): the year that closed and the forecast
of the one that begins."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.norms import staffing as norms
from accanto.norms.findings import Finding, Grade, Refused, Severity
from accanto.norms.text import Text
from accanto.staffing.residents import day_in_year, residents_of
from accanto.staffing.return_row import ReturnRow
from accanto.staffing.staff_figure import StaffFigure


class StaffingReturns(models.QuerySet):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self


class StaffingReturn(models.Model):
    """One for each zone and year, in three states. Only a finalised one has reached the ministry: one sent and not
    finalised is an alarm (ST-11)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("bozza")
        SENT = "sent", _("inviato")
        FINALISED = "finalised", _("finalizzato")

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="staffing_returns", verbose_name=_("zona"))
    year = models.PositiveSmallIntegerField(_("anno del prospetto"))
    state = models.CharField(_("stato"), max_length=10, choices=State.choices, default=State.DRAFT)
    begun_at = models.DateTimeField(_("cominciato il"))
    sent_at = models.DateTimeField(_("inviato il"), null=True, blank=True)
    finalised_at = models.DateTimeField(_("finalizzato il"), null=True, blank=True)
    # AD-03: then the whole contribution is the lead body's
    all_delegated = models.BooleanField(_("tutte le funzioni sociali sono delegate all’ente capofila"), default=False)
    synthetic = models.BooleanField(_("dato sintetico"), default=False)

    objects = StaffingReturns.as_manager()

    class Meta:
        verbose_name = _("prospetto degli assistenti sociali")
        verbose_name_plural = _("prospetti degli assistenti sociali")
        ordering = ["-year", "zone"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "year"], name="staffing_return_once_a_year"),
            models.UniqueConstraint(fields=["id", "zone"], name="staffing_return_of_its_zone"),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None, finalised_at=None)
                | Q(state="sent", sent_at__isnull=False, finalised_at=None)
                | Q(state="finalised", sent_at__isnull=False, finalised_at__gte=F("sent_at")),
                name="staffing_return_state_and_times",
            ),
        ]

    def __str__(self):
        return f"{self.zone} {self.year}"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the zone declares of one year: full-time equivalents averaged over it, and heads at its 31 December."""

    permanent_fte: Decimal
    headcount: int
    reading: str = ""  # how it was averaged from the contracts; empty: written by hand
    synthetic: bool = False  # of contracts that nobody has


def due(year) -> date:
    """The last day for the return of a year: 28 February (ST-07)."""
    return day_in_year("staffing.return_due", year)


def year_due_next(today) -> int:
    """The year of the return whose last day comes next."""
    return today.year if today <= due(today.year) else today.year + 1


def years(year) -> dict[int, str]:
    """The years a return speaks of, with the status of their figures."""
    return {year - 1: StaffFigure.Status.FINAL, year: StaffFigure.Status.FORECAST}


def objections_to_sending(*, staffing_return, now):
    """All that stands in the way of sending, as findings."""
    present = set(staffing_return.figures.standing().values_list("year", flat=True))
    found = []
    for year, status in years(staffing_return.year).items():
        if year not in present:
            words = {"it": "consuntivo", "en": "final"} if status == "final" else {"it": "previsione", "en": "forecast"}
            found.append(
                Finding(
                    code="ST-15",
                    severity=Severity.BLOCK,
                    sentence=Text(
                        "Mancano i dati del {year} ({words}).", "The figures of {year} ({words}) are missing."
                    ).filled(year=str(year), words=Text(**words)),
                    source="DM 15/2021, art. 1",
                    grade=Grade.VERIFIED,
                    field=str(year),
                    way_out=Text("Scrivili e salva la bozza.", "Write them and save the draft."),
                )
            )
    if timezone.localdate(now).year < staffing_return.year:
        found.append(
            Finding(
                code="ST-15",
                severity=Severity.BLOCK,
                sentence=Text(
                    "Il {year} non è ancora finito: non può essere un consuntivo.",
                    "{year} is not over yet: its figures cannot be final.",
                ).filled(year=str(staffing_return.year - 1)),
                source="DM 15/2021, art. 1",
                grade=Grade.VERIFIED,
                field="state",
                way_out=Text(
                    "Tieni la bozza e inviala dal 1° gennaio {year}.",
                    "Keep the draft and send it from 1 January {year}.",
                ).filled(year=str(staffing_return.year)),
            )
        )
    return found


def alerts(*, year, staffing_return, now):
    """What to tell of a zone's return of a year, None where it has not begun one: `(state, findings)` of the law."""
    return norms.return_state(
        year=year,
        now=now,
        saved_at=staffing_return.begun_at if staffing_return else None,
        finalised_at=staffing_return.finalised_at if staffing_return else None,
    )


@transaction.atomic
def save_draft(*, zone, year, entries, by, now) -> StaffingReturn:
    """Write the zone's draft: `entries` is {year: Entry or None}. Earlier figures are superseded, not overwritten.

    Raises Refused where the return has left the draft state, or where the zone's residents are not loaded."""
    hold(zone, year)
    counted = {one: residents_of(zone, year=one) for one in years(year)}
    if any(entries.get(one) and not residents for one, (residents, _day, _source) in counted.items()):
        raise Refused([_no_residents()])
    row = StaffingReturn.objects.filter(zone=zone, year=year).first()
    if row is None:
        invented = any(entry and entry.synthetic for entry in entries.values())
        row = StaffingReturn.objects.create(zone=zone, year=year, begun_at=now, synthetic=invented)
    elif row.state != StaffingReturn.State.DRAFT:
        raise Refused([_wrong_state(row, StaffingReturn.State.DRAFT)])
    standing = {figure.year: figure for figure in row.figures.standing()}
    for figure_year, status in years(year).items():
        entry, before = entries.get(figure_year), standing.get(figure_year)
        residents, day, source = counted[figure_year]
        if not (entry and entry.reading):
            ReturnRow.objects.standing().filter(staffing_return=row, year=figure_year).update(superseded_at=now)
        said = entry and (entry.permanent_fte, entry.headcount, entry.reading, residents, day)
        if before and said == _said(before):
            continue
        if before:
            before.superseded_at = now
            before.save(update_fields=["superseded_at"])
        if entry:
            StaffFigure.objects.create(
                staffing_return=row,
                zone=zone,
                year=figure_year,
                status=status,
                residents=residents,
                residents_on=day,
                residents_source=source,
                permanent_fte=entry.permanent_fte,
                headcount=entry.headcount,
                reading=entry.reading,
                synthetic=row.synthetic or entry.synthetic,
                recorded_at=now,
            )
    log.act("save", row, by=by, now=now, year=year)
    return row


def _said(figure):
    return figure.permanent_fte, figure.headcount, figure.reading, figure.residents, figure.residents_on


def hold(zone, year):
    """One hand at a time on a zone's return of a year, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [zone.pk, year])


@transaction.atomic
def say_all_delegated(*, staffing_return, all_delegated, by, now):
    """Whether all social functions are delegated to the lead body (AD-03). Raises Refused once it is no draft."""
    row = _held(staffing_return)
    _must_be(row, StaffingReturn.State.DRAFT)
    if row.all_delegated != all_delegated:
        row.all_delegated = all_delegated
        row.save(update_fields=["all_delegated"])
        log.act("say_all_delegated", row, by=by, now=now, all_delegated=all_delegated)
    return row


def send(*, staffing_return, by, now):
    """From draft to sent. Raises Refused with all that is missing."""
    row = _held(staffing_return)
    _must_be(row, StaffingReturn.State.DRAFT)
    objections = objections_to_sending(staffing_return=row, now=now)
    if objections:
        raise Refused(objections)
    row.state, row.sent_at = StaffingReturn.State.SENT, now
    row.save(update_fields=["state", "sent_at"])
    log.act("send", row, by=by, now=now)
    return row


def take_back(*, staffing_return, by, now):
    """From sent to draft, to correct it before it is finalised."""
    row = _held(staffing_return)
    _must_be(row, StaffingReturn.State.SENT)
    row.state, row.sent_at = StaffingReturn.State.DRAFT, None
    row.save(update_fields=["state", "sent_at"])
    log.act("take_back", row, by=by, now=now)
    return row


def finalise(*, staffing_return, by, now):
    """From sent to finalised. Raises Refused after 24:00 of the last day (AD-02)."""
    row = _held(staffing_return)
    _must_be(row, StaffingReturn.State.SENT)
    _state, findings = norms.return_state(year=row.year, now=now, saved_at=row.begun_at, finalised_at=now)
    stopping = [finding for finding in findings if finding.severity is Severity.BLOCK]
    if stopping:
        raise Refused(stopping)
    row.state, row.finalised_at = StaffingReturn.State.FINALISED, now
    row.save(update_fields=["state", "finalised_at"])
    log.act("finalise", row, by=by, now=now)
    return row


def _held(staffing_return):
    """The row as it is now, held until the transaction ends: two hands may press two buttons."""
    return StaffingReturn.objects.select_for_update().get(pk=staffing_return.pk)


def _must_be(row, state):
    if row.state != state:
        raise Refused([_wrong_state(row, state)])


def _no_residents():
    return Finding(
        code="ST-28",
        severity=Severity.BLOCK,
        sentence=Text(
            "Mancano i residenti della zona: senza, soglie e contributo non si calcolano.",
            "The residents of the zone are missing: without them thresholds and contribution cannot be computed.",
        ),
        source="",
        grade=Grade.DESIGN,
        field="residents",
        way_out=Text(
            "Chiedi all'amministratore di caricare il pacchetto della regione.",
            "Ask the administrator to load the region pack.",
        ),
    )


def _wrong_state(row, state):
    word = {
        "draft": Text("una bozza", "a draft"),
        "sent": Text("inviato", "sent"),
        "finalised": Text("finalizzato", "finalised"),
    }
    return Finding(
        code="ST-11",
        severity=Severity.BLOCK,
        sentence=Text("Il prospetto è {is_now}, non {wanted}.", "The return is {is_now}, not {wanted}.").filled(
            is_now=word[row.state], wanted=word[state]
        ),
        source="DM 22/09/2022",
        grade=Grade.SECONDARY,
        field="state",
        way_out=Text("Ricarica la pagina: qualcuno lo ha già fatto.", "Reload the page: somebody has already done it."),
    )
