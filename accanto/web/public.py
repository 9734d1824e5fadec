"""What everybody may read, on a phone too, without signing in: figures come from fixed monthly releases only."""

import datetime as dt

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accanto.access.installation import is_demonstration
from accanto.indicators import groups, results
from accanto.indicators.card import cards
from accanto.indicators.publish import Published, PublishedZones
from accanto.indicators.release import Release, ReleasedFigure
from accanto.plan.target import Target
from accanto.territory.zone import Zone
from accanto.web import target_picture, zone_picture
from accanto.web.parts import charts
from accanto.web.parts.figure import Figure
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.templatetags.parts import local

MONTHS = 24


@login_not_required
@require_safe
def public_home(request):
    release = Release.objects.first()
    found = results.released(release)
    synthetic = is_demonstration()
    bars, table = target_picture.picture(
        targets=list(Target.objects.promised()), results=found, synthetic=synthetic, url=figures_url
    )
    in_charge = found.get("people_in_charge")
    context = {"release": release, "bars": bars, "bars_table": table, "synthetic": synthetic}
    if in_charge:
        context["in_charge"] = Figure(
            label=local(cards()["people_in_charge"].name),
            value=in_charge.value,
            suppressed=in_charge.suppressed,
            day=in_charge.day,
            unit=local(cards()["people_in_charge"].unit),
            definition_url=figures_url("people_in_charge"),
            synthetic=synthetic,
        )
    return render(request, "public_home.html", context)


def figures_url(code):
    return f"{reverse('figures')}?indicator={code}" if code in cards() else ""


def release_or_404(month):
    """The release of «2026-10», or the last one where no month is named; None where none was ever made."""
    if month is None:
        return Release.objects.first()
    try:
        first = dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404 from None
    found = Release.objects.filter(month=first).first()
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
def figures(request, month=None):
    release = release_or_404(month)
    if release is None:
        return render(request, "public/figures.html", {"release": None})
    chosen = request.GET.get("indicator")
    chosen = chosen if chosen in cards() else "people_in_charge"
    card = cards()[chosen]
    zones = list(Zone.objects.all())
    rows = list(ReleasedFigure.objects.filter(release=release, indicator=chosen))
    shown = as_published(release, chosen, rows, zones)
    synthetic = release.synthetic
    context = {
        "release": release,
        "card": card,
        "figure": Figure(
            label=local(card.name),
            value=shown.region.value,
            suppressed=shown.region.suppressed,
            day=shown.day,
            kind="ratio" if card.kind == "ratio" else "number",
            unit=local(card.unit),
            synthetic=synthetic,
        ),
        "choices": [(code, local(one.name)) for code, one in cards().items()],
        "months": list(Release.objects.values_list("month", flat=True)[:MONTHS]),
        "picture": zone_picture.picture(
            card=card, shown=shown, zones=zones, living=zone_picture.residents(release.day), synthetic=synthetic,
            url=lambda zone: "",
        ),
        "groups": group_table(card, rows, synthetic),
        **trend(card, synthetic),
    }  # fmt: skip
    return render(request, "public/figures.html", context)


def as_published(release, code, rows, zones):
    """A released indicator in the shape in which the live ones are drawn."""
    totals = {row.zone_id: row for row in rows if not row.breakdown}

    def one(key):
        row = totals.get(key)
        return Published(row.value, row.suppressed) if row else Published()

    day = totals[None].day if None in totals else None
    return PublishedZones(
        code, day, release.released_at, one(None), {z.pk: one(z.pk) for z in zones}, release.synthetic
    )


def group_table(card, rows, synthetic):
    lines = [
        [
            str(groups.WORDS[row.breakdown][row.category]),
            str(groups.WAYS[row.breakdown]),
            Cell(row.value, suppressed=row.suppressed),
        ]
        for row in rows
        if row.breakdown and not row.zone_id
    ]
    if not lines:
        return None
    return Table(
        caption=_("%(name)s per area, sesso ed età, %(place)s") % {"name": local(card.name), "place": _("Toscana")},
        columns=[Column(_("Gruppo")), Column(_("Distribuzione")), Column(local(card.unit).capitalize(), "number")],
        rows=lines,
        synthetic=synthetic,
    )


def trend(card, synthetic):
    """The region's figure, release after release."""
    totals = ReleasedFigure.objects.filter(indicator=card.code, zone=None, breakdown="").exclude(day=None)
    rows = sorted(totals.order_by("-day")[:MONTHS], key=lambda row: row.day)
    if len({row.day for row in rows}) < 2:
        return {"line": "", "line_table": None}
    title = _("%(name)s, mese per mese") % {"name": local(card.name)}
    return {
        "line": charts.line(
            points=[(row.day, row.value) for row in rows if row.value is not None],
            title=title,
            unit=local(card.unit),
            synthetic=synthetic,
        ),
        "line_table": Table(
            caption=title,
            columns=[Column(_("Giorno"), "day"), Column(local(card.unit).capitalize(), "number")],
            rows=[[row.day, Cell(row.value, suppressed=row.suppressed)] for row in rows],
            synthetic=synthetic,
        ),
    }


@login_not_required
@require_safe
def accessibility(request):
    return render(request, "public/accessibility.html")


@login_not_required
@require_safe
def privacy(request):
    return render(request, "public/privacy.html")
