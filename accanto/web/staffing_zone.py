"""One zone: its thresholds, its staff year by year, the sums of the decrees and how they divide inside, for everybody;
the division by municipality is read by the zone and by the Region."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accanto.norms import leps_2026
from accanto.norms import staffing as norms
from accanto.norms.full_time import to_four_decimals
from accanto.staffing import decree_sum, staff_figure
from accanto.staffing.decree_sum import DecreeSum
from accanto.staffing.residents import residents_by_municipality, residents_of
from accanto.staffing.staffing_return import StaffingReturn
from accanto.territory.municipality import Municipality
from accanto.territory.zone import Zone
from accanto.web import staff_series
from accanto.web.frame import PLANNERS
from accanto.web.parts import numbers
from accanto.web.parts.table import Column, Table
from accanto.web.plan import sections
from accanto.web.staffing import figure_columns, figures_of, profession_names
from accanto.web.staffing_pages import staffing_pages


@login_not_required
@require_safe
def staffing_zone(request, zone):
    zone = get_object_or_404(Zone, code=zone)
    today = timezone.localdate()
    figures = staff_figure.published_of(zone)
    read = [(figure, staff_figure.contribution(figure)) for figure in figures]
    synthetic = any(figure.synthetic for figure in figures)
    caption = _("Assistenti sociali di %(zone)s, anno per anno") % {"zone": zone.name}
    reckoned = decree_sum.reckonings(zone, figures)
    context = {
        "sections": sections(request, "staffing"),
        "pages": staffing_pages(request, "staffing"),
        "zone": zone,
        "synthetic": synthetic,
        "wanted": _wanted(zone, today),
        "two_series": staff_series.of_zone(request, zone, figures, today=today),
        "table": Table(
            caption,
            [Column(_("Anno")), *figure_columns(max((f.year for f in figures), default=None))[1:]],
            [[str(figure.year), *figures_of(figure, found)] for figure, found in read],
            synthetic=synthetic,
        ),
        "read": [{"figure": figure, "found": found, "year": str(figure.year)} for figure, found in reversed(read)],
        "reckoned": _reckoned(reckoned, synthetic or any(row.synthetic for one in reckoned for row in one.rows)),
        "reckoned_rows": [row for one in reckoned for row in one.rows],
        "reckoned_findings": [(str(one.year), one.findings) for one in reckoned if one.findings],
        "disagreements": [sentence for one in reckoned for sentence in _disagreements(one)],
        "splits": _splits(request, zone),
        "reads_splits": _reads_splits(request, zone),
    }
    return render(request, "staffing/staffing_zone.html", context)


def _wanted(zone, today):
    """How many the thresholds make of the residents, whether or not anybody has sent a return."""
    residents, day, source = residents_of(zone, year=today.year)
    if not residents:
        return None
    names = {"floor": _("soglia da cui comincia il contributo"), "leps": _("livello essenziale (LEPS)"),
             "objective": _("obiettivo ulteriore")}  # fmt: skip
    ratios = norms.residents_per_worker(on=today)
    objectives = leps_2026.service_objectives(residents=residents, on=today)
    rows = [[names[name], numbers.ratio(ratio), residents / ratio] for name, ratio in ratios.items()]
    rows += [
        [profession_names()[one.profession], numbers.ratio(one.residents_per_worker), one.wanted] for one in objectives
    ]
    rows = [[label, ratio, numbers.number(units, 2)] for label, ratio, units in rows]
    return {
        "residents": residents,
        "day": day,
        "source": source,
        "table": Table(
            _("Quanti ne servono in %(zone)s") % {"zone": zone.name},
            [Column(_("Per che cosa")), Column(_("Uno ogni"), "ratio"), Column(_("Tempo pieno"), "number")],
            rows,
        ),
        "cautions": [one.caution for one in objectives],
    }


def _reckoned(reckoned, synthetic):
    """A row a year; a dash where the fact is not there."""
    if not reckoned:
        return None
    return Table(
        _("Somme per anno: spettante, prenotata, liquidabile"),
        [
            Column(_("Anno")),
            Column(_("Dichiarate"), "number"),
            Column(_("Certificate"), "number"),
            Column(_("Spettante"), "euro"),
            Column(_("Prenotata"), "euro"),
            Column(_("Liquidabile"), "euro"),
            Column(_("Torna al Fondo"), "euro"),
        ],
        [
            [
                str(one.year),
                one.declared_fte,
                one.certified_fte,
                one.entitlement,
                one.booked,
                one.payable,
                one.returned,
            ]
            for one in reckoned
        ],
        note=_(
            "Spettante: la formula sulle unità dichiarate nel consuntivo o, se sono meno, su quelle certificate."
            " Liquidabile: la minore fra spettante e prenotata; il resto della prenotata torna al Fondo."
            " Un trattino vuol dire che il dato non c’è, non che è zero. Due decreti sullo stesso anno si sommano."
        ),
        synthetic=synthetic,
    )


def _disagreements(one):
    """Where a decree says another sum than the one reckoned here."""
    payable = _(
        "Per il %(year)s un decreto dice liquidabili %(said)s, il conto fa %(mine)s: controlla unità, residenti e"
        " prenotato."
    )
    returned = _(
        "Per il %(year)s un decreto dice tornati al Fondo %(said)s, il conto fa %(mine)s: controlla unità, residenti e"
        " prenotato."
    )
    for kind, mine, words in (
        (DecreeSum.Kind.PAYABLE, one.payable, payable),
        (DecreeSum.Kind.RETURNED, one.returned, returned),
    ):
        said = one.decreed(kind)
        if said is not None and mine is not None and said != mine:
            yield words % {"year": one.year, "said": numbers.euro(said), "mine": numbers.euro(mine)}


def _reads_splits(request, zone):
    acting = request.acting
    return bool(acting and acting.kind in PLANNERS and (not acting.reads_by_zone or acting.zone_id == zone.pk))


def _splits(request, zone):
    """The zone's contribution among its municipalities, for the years of the last return that has them (AD-03)."""
    if not _reads_splits(request, zone):
        return []
    row = StaffingReturn.objects.filter(zone=zone, rows__superseded_at=None, rows__isnull=False).distinct()
    row = row.order_by("-year").first()
    if row is None:
        return []
    names = dict(Municipality.objects.in_zone(zone).values_list("pk", "name"))
    by_year: dict = {}
    for part in row.rows.standing().order_by("year", "id"):
        by_year.setdefault(part.year, {})[part.municipality_id] = part.permanent_fte
    found = (_split(row, year, fte, zone, names) for year, fte in sorted(by_year.items()))
    return [one for one in found if one]


def _split(row, year, fte, zone, names):
    residents, day, source = residents_by_municipality(zone, year=year)
    if not residents:
        return None
    lead = fte.pop(None, Decimal(0))
    found = norms.split(
        residents=residents,
        own_fte=fte,
        lead_fte=lead,
        on=date(year, 12, 31),
        all_delegated=row.all_delegated,
        lead=_("Ente dell’ambito"),
    )
    if row.all_delegated:
        columns = [Column(_("A chi")), Column(_("Quota"), "euro")]
        rows = [[name, amount] for name, amount in found.amounts.items()]
    else:
        columns = [
            Column(_("Comune")),
            Column(_("Residenti"), "number"),
            Column(_("Propri"), "number"),
            Column(_("Con la parte dell’ente"), "number"),
            Column(_("Da solo avrebbe"), "euro"),
            Column(_("Quota"), "euro"),
        ]
        order = sorted(residents, key=lambda code: names.get(code, code))
        rows = [
            [
                names.get(code, code),
                residents[code],
                fte.get(code, 0),
                to_four_decimals(found.attributed_fte[code]),
                found.alone[code],
                found.amounts[code],
            ]
            for code in order
        ]
    return {
        "year": str(year),
        "return": row,
        "lead": lead,
        "day": day,
        "source": source,
        "unallocated": found.unallocated,
        "findings": found.findings,
        "table": Table(
            _("Divisione del contributo del %(year)s") % {"year": year}, columns, rows, synthetic=row.synthetic
        ),
    }
