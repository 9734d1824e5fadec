"""The figures everybody may read: fixed once a month, never changed, each release with the fingerprint of what it
says."""

import calendar
import csv
import hashlib
import io

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access.installation import is_demonstration
from accanto.indicators import figure, publish
from accanto.indicators.card import cards
from accanto.indicators.catalogue import OF_PERSONS, overview
from accanto.territory.zone import Zone

COLUMNS = (
    "mese", "indicatore", "nome", "unita", "zona_codice", "zona", "distribuzione", "gruppo", "figura_al", "valore",
    "non_pubblicato", "soglia_persone", "dati",
)  # fmt: skip


class ReleaseError(ValueError):
    """The release cannot be made; the sentence says why and what to do."""


class Release(models.Model):
    """A month's figures, as they were known when the release was made."""

    month = models.DateField(_("mese"), unique=True)  # its first day
    day = models.DateField(_("figure al"))
    released_at = models.DateTimeField(_("pubblicata il"))
    threshold = models.PositiveSmallIntegerField(_("persone al minimo"))
    sensitive_threshold = models.PositiveSmallIntegerField(_("persone al minimo per area"))
    sha256 = models.CharField(_("impronta"), max_length=64)
    synthetic = models.BooleanField(_("dati sintetici"), default=False)

    class Meta:
        verbose_name = _("pubblicazione mensile")
        verbose_name_plural = _("pubblicazioni mensili")
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(condition=models.Q(month__day=1), name="indicators_release_month_is_a_first_day"),
            models.CheckConstraint(condition=models.Q(day__gte=models.F("month")), name="indicators_release_day"),
        ]

    def __str__(self):
        return f"{self.month:%m/%Y}"


class ReleasedFigure(models.Model):
    """One published cell. Without a zone it is the region's; without a breakdown it is the total."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="figures")
    indicator = models.CharField(_("indicatore"), max_length=60)
    zone = models.ForeignKey("territory.Zone", models.PROTECT, null=True, blank=True, related_name="+")
    breakdown = models.CharField(_("distribuzione"), max_length=10, blank=True)
    category = models.CharField(_("gruppo"), max_length=20, blank=True)
    day = models.DateField(_("figura al"), null=True)
    value = models.DecimalField(_("valore"), max_digits=16, decimal_places=2, null=True)
    suppressed = models.BooleanField(_("non pubblicato"), default=False)

    class Meta:
        verbose_name = _("figura pubblicata")
        verbose_name_plural = _("figure pubblicate")
        ordering = ["release", "indicator", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "indicator", "zone", "breakdown", "category"],
                nulls_distinct=False,
                name="indicators_figure_once",
            ),
            models.CheckConstraint(
                condition=models.Q(suppressed=False) | models.Q(value=None),
                name="indicators_figure_suppressed_is_empty",
            ),
        ]

    def __str__(self):
        return f"{self.indicator} {self.value}"


def make(*, month, now):
    """The release of a month that is over, with the facts as known now. One made before is given back as it is: what
    was published never changes. Runs as the owner. Errors: ReleaseError where the month is not over."""
    first = month.replace(day=1)
    day = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if day >= timezone.localdate(now):
        raise ReleaseError(
            _("Il mese %(month)s non è finito: le figure si pubblicano dal primo giorno del mese dopo.")
            % {"month": f"{first:%m/%Y}"}
        )
    before = Release.objects.filter(month=first).first()
    if before:
        return before
    limits = publish.thresholds(day)
    with transaction.atomic():
        release = Release.objects.create(
            month=first,
            day=day,
            released_at=now,
            threshold=limits.people,
            sensitive_threshold=limits.sensitive,
            synthetic=is_demonstration(),
        )
        ReleasedFigure.objects.bulk_create(_figures(release, limits, now))
        release.sha256 = hashlib.sha256(as_csv(release).encode()).hexdigest()
        release.save(update_fields=["sha256"])
    return release


def _figures(release, limits, now):
    zones = list(Zone.objects.values_list("pk", flat=True))

    def cell(shown, published, zone=None, breakdown="", category=""):
        return ReleasedFigure(
            release=release, indicator=shown.code, zone_id=zone, breakdown=breakdown, category=category, day=shown.day,
            value=published.value, suppressed=published.suppressed,
        )  # fmt: skip

    for code, shown in overview(zones=zones, day=release.day, now=now).items():
        yield cell(shown, shown.region)
        for zone, published in shown.zones.items():
            yield cell(shown, published, zone=zone)
        if code not in OF_PERSONS:
            continue
        # groups for the whole region only: by zone they would be few persons, month after month
        parts = figure.broken_down(OF_PERSONS[code], day=release.day, now=now)
        for way in OF_PERSONS[code].breakdowns:
            groups = publish.by_group(parts, way, shown, limits=limits.of(OF_PERSONS[code]))
            for (zone, group), published in groups.items():
                if zone is None:
                    yield cell(shown, published, breakdown=way, category=group)


def as_csv(release):
    """The release as open data: the text whose SHA-256 the release bears. Codes, decimal points, days as ISO 8601."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    known = cards()
    for row in release.figures.select_related("zone").order_by("id"):
        card = known[row.indicator]
        counted = OF_PERSONS.get(row.indicator)
        sensitive = row.breakdown in publish.SENSITIVE or (counted is not None and counted.sensitive)
        writer.writerow(
            [
                f"{release.month:%Y-%m}",
                row.indicator,
                card.name["it"],
                card.unit["it"],
                row.zone.code if row.zone else "",
                row.zone.name if row.zone else "",
                row.breakdown,
                row.category,
                row.day.isoformat() if row.day else "",
                "" if row.value is None else f"{row.value.normalize():f}",
                "sì" if row.suppressed else "",
                (release.sensitive_threshold if sensitive else release.threshold)
                if row.indicator in OF_PERSONS
                else "",
                "dati sintetici" if release.synthetic else "",
            ]
        )
    return out.getvalue()
