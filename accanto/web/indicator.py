import calendar
import csv
import datetime as dt

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accanto.access.door import for_kinds
from accanto.access.installation import is_demonstration
from accanto.access.role import Kind
from accanto.indicators import figure, groups, publish
from accanto.indicators.card import cards
from accanto.indicators.catalogue import AFTER, OF_PERSONS, beside, overview
from accanto.people.person import Person
from accanto.plan.target import Target
from accanto.territory.zone import Zone
from accanto.web import zone_picture
from accanto.web.dashboard import READERS
from accanto.web.dashboard import figure as key_figure
from accanto.web.parts import charts
from accanto.web.parts.numbers import number, percent
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.templatetags.parts import local

MONTHS = 13  # this one and the twelve before
ROWS = 50
WORKERS = (Kind.SOCIAL_WORKER, Kind.CASE_MANAGER)
COLUMNS = (
    "indicatore", "nome", "unita", "livello", "zona_codice", "zona", "distribuzione", "gruppo", "figura_al", "valore",
    "non_pubblicato", "contata_alle", "dati",
)  # fmt: skip


def card_or_404(code):
    try:
        return cards()[code]
    except KeyError:
        raise Http404 from None


def chosen_zone(request, zones):
    return next((zone for zone in zones if zone.code == request.GET.get("zone")), None)


@for_kinds(*READERS)
def indicator(request, code):
    card, now, today = card_or_404(code), timezone.now(), timezone.localdate()
    zones = list(Zone.objects.all())
    zone = chosen_zone(request, zones)
    known = overview(AFTER if code == AFTER[-1] else (code,), zones=[z.pk for z in zones], day=today, now=now)
    shown = known[code]
    synthetic = is_demonstration() or shown.synthetic
    # what the files say stands beside what the extract says: both go towards the same target
    target = Target.objects.promised().filter(Q(indicator=code) | Q(code=card.target or "")).first()
    here = request.path
    context = {
        "card": card,
        "zone": zone,
        "shown": shown,
        "live": shown.counted_at == now,
        "target": target,
        "region": key_figure(shown, None, [target] if target else [], synthetic),
        "figure": key_figure(shown, zone, [], synthetic) if zone else None,
        "picture": zone_picture.picture(
            card=card, shown=shown, zones=zones, living=zone_picture.residents(today), synthetic=synthetic,
            url=lambda z: f"{here}?zone={z.code}",
            of=known[AFTER[1]] if code == AFTER[-1] else None,
        ),
        "shares": shares(zone, zones, today, now) if code == AFTER[-1] else [],
        "limits": publish.thresholds(today).of(OF_PERSONS[code]) if code in OF_PERSONS else None,
        "export_url": reverse("indicator_csv", args=[code]) + (f"?zone={zone.code}" if zone else ""),
        "records_url": reverse("indicator_records", args=[code])
        if request.acting.kind in WORKERS and code in OF_PERSONS
        else "",
    }  # fmt: skip
    if code in OF_PERSONS:
        context |= trend(card, zone, zones, synthetic, today, now)
        context |= distribution(card, zone, shown, synthetic, today, now)
    return render(request, "indicators/indicator.html", context)


def shares(zone, zones, today, now):
    """Who works, over those six months after the end and over those of whom it is known; where nothing is withheld."""
    shown = overview(AFTER, zones=[z.pk for z in zones], day=today, now=now)
    ended, asked, working = ((one.zones[zone.pk] if zone else one.region) for one in (shown[code] for code in AFTER))
    if working.suppressed or not ended.value:
        return []
    found = [
        _("%(share)s di %(count)s persone arrivate a sei mesi dalla fine")
        % {"share": percent(working.value / ended.value), "count": number(ended.value)}
    ]
    if asked.value:
        said = {"share": percent(working.value / asked.value), "count": number(asked.value)}
        found.append(_("%(share)s di %(count)s persone di cui si sa che cosa fanno, o che non vogliono dirlo") % said)
    return found


def last_day(month):
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def months_to(day):
    """First days of the month of `day` and of the twelve before it."""
    index = day.year * 12 + day.month - 1
    return [dt.date(n // 12, n % 12 + 1, 1) for n in range(index - MONTHS + 1, index + 1)]


def trend(card, zone, zones, synthetic, today, now):
    """The last thirteen months: what there was at the end of each, or what happened in it."""
    measure = OF_PERSONS[card.code]
    until = figure.day_of(measure, today)
    months = months_to(until)
    counted = figure.by_month(measure, first=months[0], last=until, now=now)
    together = [
        counted if other.code == card.code else figure.by_month(other, first=months[0], last=until, now=now)
        for other in beside(card.code)
    ]
    if card.code in AFTER:
        each = [publish.rests([one.get(month, {}) for one in together]) for month in months]
        together += [dict(zip(months, rest, strict=True)) for rest in zip(*each, strict=True)]
    published = publish.by_month(
        counted,
        months,
        [z.pk for z in zones],
        limits=publish.thresholds(today).of(measure),
        beside=together,
    )
    rows, points = [], []
    for month in months:
        region, by_zone = published[month]
        one = by_zone[zone.pk] if zone else region
        day = min(last_day(month), until)
        rows.append([day, Cell(one.value, suppressed=one.suppressed)])
        if not one.suppressed:
            points.append((day, one.value))
    place = zone.name if zone else _("Toscana")
    words = _("%(name)s nel mese, %(place)s") if measure.flow else _("%(name)s a fine mese, %(place)s")
    title = words % {"name": local(card.name), "place": place}
    return {
        "line": charts.line(points=points, title=title, unit=local(card.unit), synthetic=synthetic),
        "line_table": Table(
            caption=title,
            columns=[Column(_("Fino al"), "day"), Column(local(card.unit).capitalize(), "number")],
            rows=rows,
            synthetic=synthetic,
        ),
    }


def distribution(card, zone, shown, synthetic, today, now):
    """The figure by area, sex and age, of the region or of one zone."""
    measure = OF_PERSONS[card.code]
    parts = figure.broken_down(measure, day=today, now=now)
    panels, rows = [], []
    for way in measure.breakdowns:
        cells = publish.by_group(parts, way, shown, limits=publish.thresholds(today).of(measure))
        lines = []
        for (place, group), one in cells.items():
            if place != (zone.pk if zone else None):
                continue
            word = str(groups.WORDS[way][group])
            rows.append([word, str(groups.WAYS[way]), Cell(one.value, suppressed=one.suppressed)])
            lines.append((word, None if one.suppressed else one.value))
        panels.append((str(groups.WAYS[way]), lines))
    words = _("%(name)s per area, sesso ed età, %(place)s")
    if "area" not in measure.breakdowns:
        words = _("%(name)s per sesso ed età, %(place)s")
    if len(measure.breakdowns) == 1:
        words = _("%(name)s per %(way)s, %(place)s")
    title = words % {
        "name": local(card.name),
        "place": zone.name if zone else _("Toscana"),
        "way": str(groups.WAYS[measure.breakdowns[0]]).lower(),
    }
    return {
        "multiples": charts.small_multiples(panels=panels, title=title, columns=1, synthetic=synthetic),
        "multiples_table": Table(
            caption=title,
            columns=[Column(_("Gruppo")), Column(_("Distribuzione")), Column(local(card.unit).capitalize(), "number")],
            rows=rows,
            synthetic=synthetic,
        ),
    }


@for_kinds(*READERS)
def indicator_csv(request, code):
    """The published figure as a file: the zones' rows add up to the region's where nothing is withheld."""
    card, now, today = card_or_404(code), timezone.now(), timezone.localdate()
    zones = list(Zone.objects.all())
    chosen = chosen_zone(request, zones)
    shown = overview((code,), zones=[zone.pk for zone in zones], day=today, now=now)[code]
    synthetic = is_demonstration() or shown.synthetic
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{code}-{today:%Y-%m-%d}.csv"'
    writer = csv.writer(answer, lineterminator="\n")
    writer.writerow(COLUMNS)

    def write(one, zone=None, way="", group=""):
        writer.writerow(
            [
                code, card.name["it"], card.unit["it"], "zona" if zone else "regione",
                zone.code if zone else "", zone.name if zone else "Toscana", way, group,
                shown.day.isoformat() if shown.day else "",
                "" if one.value is None else f"{one.value:.2f}".removesuffix(".00"),
                "sì" if one.suppressed else "", f"{timezone.localtime(shown.counted_at):%Y-%m-%d %H:%M}",
                "dati sintetici" if synthetic else "",
            ]
        )  # fmt: skip

    write(shown.region)
    for zone in zones:
        write(shown.zones[zone.pk], zone)
    if code in OF_PERSONS:
        parts = figure.broken_down(OF_PERSONS[code], day=today, now=now)
        for way in OF_PERSONS[code].breakdowns:
            cells = publish.by_group(parts, way, shown, limits=publish.thresholds(today).of(OF_PERSONS[code]))
            for (place, group), one in cells.items():
                if place == (chosen.pk if chosen else None):
                    write(one, chosen, way, group)
    return answer


@for_kinds(*WORKERS)
def indicator_records(request, code):
    """What the figure of one's own zone counts, row by row."""
    card = card_or_404(code)
    if code not in OF_PERSONS:
        raise Http404
    now, today = timezone.now(), timezone.localdate()
    found = figure.rows_of(
        OF_PERSONS[code], zone=request.acting.zone_id, day=today, now=now, limit=ROWS + 1, before=key(request)
    )
    rows, more = found[:ROWS], len(found) > ROWS
    names = {
        person.subject_id: str(person)
        for person in Person.objects.within(request.acting).filter(subject_id__in={row.subject_id for row in rows})
    }
    table = Table(
        caption=_("Che cosa conta «%(name)s», %(zone)s")
        % {"name": local(card.name), "zone": request.acting.role.zone.name},
        columns=[Column(_("Persona")), Column(_("Dal giorno"), "day"), Column(local(card.unit).capitalize(), "number")],
        rows=[
            [Cell(names.get(row.subject_id, ""), url=reverse("person", args=[row.subject_id])), row.enters, row.value]
            for row in rows
        ],
        synthetic=is_demonstration(),
    )
    following = f"?before={rows[-1].enters:%Y-%m-%d}_{rows[-1].id}" if more else ""
    context = {
        "card": card,
        "table": table,
        "count": len(rows),
        "next_url": following,
        "first": "before" not in request.GET,
    }
    return render(request, "indicators/records.html", context)


def key(request):
    """The row after which to go on, from the address; anything else begins again."""
    day, _sep, number = request.GET.get("before", "").partition("_")
    try:
        found = (dt.date.fromisoformat(day), int(number))
    except ValueError:
        return None
    return found if 0 < found[1] < 2**63 else None
