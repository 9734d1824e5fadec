"""The yearly returns of the social workers: the zone writes, sends and finalises its own; the Region reads them all."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.norms.findings import Refused, Severity
from accanto.staffing import staff_figure
from accanto.staffing import staffing_return as returns_of
from accanto.staffing.staffing_return import Entry, StaffingReturn
from accanto.territory.zone import Zone
from accanto.web.parts.forms import HoursInput, plain_decimal
from accanto.web.parts.keyset import whole_number
from accanto.web.plan import sections

EARLIEST, YEARS_AHEAD = 2021, 1


class UnitsField(forms.DecimalField):
    """Full-time equivalents with the comma: 12,5."""

    widget = HoursInput
    default_error_messages = {
        "invalid": gettext_lazy("Scrivi le unità a tempo pieno con la virgola, per esempio 12,5."),
        "min_value": gettext_lazy("Le unità non possono essere meno di zero."),
        "max_value": gettext_lazy("Sono troppe per una zona: il massimo è %(limit_value)s. Controlla la virgola."),
        "max_decimal_places": gettext_lazy("Bastano due cifre dopo la virgola."),
    }

    def to_python(self, value):
        return super().to_python(plain_decimal(value) if isinstance(value, str) else value)


class ReturnForm(forms.Form):
    """Two figures for each of the two years; a draft may have one year only, never half of it."""

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, **kwargs)
        self.years = returns_of.years(year)
        for one, status in self.years.items():
            words = _("media") if status == "final" else _("media prevista")
            self.fields[f"fte_{one}"] = UnitsField(
                label=_("A tempo indeterminato nel %(year)s, %(words)s in tempo pieno") % {"year": one, "words": words},
                min_value=0,
                max_value=2000,
                max_digits=7,
                decimal_places=2,
                required=False,
            )
            self.fields[f"heads_{one}"] = forms.IntegerField(
                label=_("Persone al 31/12/%(year)s") % {"year": one},
                min_value=0,
                max_value=5000,
                required=False,
                error_messages={"invalid": _("Scrivi un numero intero di persone.")},
            )

    def clean(self):
        found = super().clean()
        for year in self.years:
            fte, heads = f"fte_{year}", f"heads_{year}"
            if fte in self.errors or heads in self.errors:
                continue
            if found[fte] is None and found[heads] is not None:
                self.add_error(fte, _("Scrivi anche la media in tempo pieno, o lascia vuoto tutto l’anno."))
            if found[heads] is None and found[fte] is not None:
                self.add_error(heads, _("Scrivi anche le persone al 31 dicembre, o lascia vuoto tutto l’anno."))
        return found

    def entries(self):
        data = self.cleaned_data
        return {
            year: None
            if data[f"fte_{year}"] is None
            else Entry(permanent_fte=data[f"fte_{year}"], headcount=data[f"heads_{year}"])
            for year in self.years
        }

    def groups(self):
        """(year, whether it is the closed one, its two fields) in the order of the page."""
        return [
            (year, status == "final", [self[f"fte_{year}"], self[f"heads_{year}"]])
            for year, status in self.years.items()
        ]


@for_kinds(Kind.REGIONAL_OFFICER, Kind.ZONE_PLANNER)
def staffing_returns(request):
    """Where each zone stands with the return whose day comes next; a zone sees its own."""
    now = timezone.now()
    next_year = returns_of.year_due_next(timezone.localdate(now))
    rows = StaffingReturn.objects.within(request.acting).select_related("zone")
    years = sorted({next_year, *rows.order_by("year").values_list("year", flat=True).distinct()}, reverse=True)
    asked = request.GET.get("year", "")
    year = whole_number(asked) if whole_number(asked) in years else next_year
    begun = {row.zone_id: row for row in rows.filter(year=year)}
    zones = Zone.objects.filter(pk=request.acting.zone_id) if request.acting.reads_by_zone else Zone.objects.all()
    shown = []
    for zone in zones:
        row = begun.get(zone.pk)
        state, findings = returns_of.alerts(year=year, staffing_return=row, now=now)
        # who has not begun before the last day is told once, above the table
        told = state != "finalised" and (row or state != "missing" or findings[0].severity is Severity.BLOCK)
        shown.append({"zone": zone, "row": row, "alert": findings[0] if told else None})
    context = {
        "sections": sections(request, "staffing_returns"),
        "year": str(year),
        "due": returns_of.due(year),
        "days_left": (returns_of.due(year) - timezone.localdate(now)).days,
        "years": [(str(one), f"?year={one}", None, one == year) for one in years],
        "rows": shown,
        "finalised": sum(1 for one in shown if one["row"] and one["row"].state == "finalised"),
        "may_write": request.acting.kind == Kind.ZONE_PLANNER,
    }
    return render(request, "staffing/staffing_returns.html", context)


@for_kinds(Kind.REGIONAL_OFFICER, Kind.ZONE_PLANNER)
@writes
def staffing_return(request, zone, year):
    now = timezone.now()
    planner = request.acting.kind == Kind.ZONE_PLANNER
    zones = Zone.objects.filter(pk=request.acting.zone_id) if planner else Zone.objects.all()
    zone = get_object_or_404(zones, code=zone)
    if not EARLIEST <= year <= timezone.localdate(now).year + YEARS_AHEAD:
        raise Http404
    row = StaffingReturn.objects.within(request.acting).filter(zone=zone, year=year).first()
    if row is None and not planner:
        raise Http404
    editable = planner and (row is None or row.state == StaffingReturn.State.DRAFT)
    refusals, wrong = [], False
    form = ReturnForm(initial=_initial(row), year=year) if editable else None
    if request.method == "POST":
        if not planner:
            raise Http404
        act = request.POST.get("act", "save")
        try:
            if act == "save" or (act == "send" and editable):
                form = ReturnForm(request.POST, year=year)
                wrong = not form.is_valid()
                if not wrong:
                    row = returns_of.save_draft(
                        zone=zone, year=year, entries=form.entries(), by=request.acting, now=now
                    )
            if act != "save" and not wrong:
                _pass(act, row, by=request.acting, now=now)
            if not wrong:
                messages.success(request, DONE.get(act, DONE["save"]))
                return redirect("staffing_return", zone.code, year)
        except Refused as refused:
            refusals = refused.findings
            row = StaffingReturn.objects.within(request.acting).filter(zone=zone, year=year).first()
            editable = row is None or row.state == StaffingReturn.State.DRAFT
            form = form or (ReturnForm(initial=_initial(row), year=year) if editable else None)
    _state, alerts = returns_of.alerts(year=year, staffing_return=row, now=now)
    context = {
        "sections": sections(request, "staffing_returns"),
        "zone": zone,
        "year": str(year),
        "due": returns_of.due(year),
        "row": row,
        "form": form if editable else None,
        "groups": _groups(form, zone) if editable else [],
        "refusals": refusals,
        "alerts": alerts,
        "read": _read(row),
        "planner": planner,
    }
    return render(request, "staffing/staffing_return.html", context, status=422 if wrong or refusals else 200)


DONE = {
    "save": gettext_lazy("Bozza salvata."),
    "send": gettext_lazy("Prospetto inviato: ora va finalizzato, o resta fuori dal decreto."),
    "take_back": gettext_lazy("Il prospetto è di nuovo una bozza."),
    "finalise": gettext_lazy("Prospetto finalizzato."),
}


def _pass(act, row, *, by, now):
    acts = {"send": returns_of.send, "take_back": returns_of.take_back, "finalise": returns_of.finalise}
    if act not in acts or row is None:
        raise Http404
    acts[act](staffing_return=row, by=by, now=now)


def _initial(row):
    if row is None:
        return {}
    found = {}
    for figure in row.figures.standing():
        found |= {f"fte_{figure.year}": figure.permanent_fte, f"heads_{figure.year}": figure.headcount}
    return found


def _groups(form, zone):
    groups = []
    for year, closed, fields in form.groups():
        residents, day, source = returns_of.residents_of(zone, year=year)
        groups.append(
            {
                "year": str(year),
                "closed": closed,
                "fields": fields,
                "residents": residents,
                "day": day,
                "source": source,
            }
        )
    return groups


def _read(row):
    if row is None:
        return []
    return [
        (str(figure.year), figure, staff_figure.contribution(figure))
        for figure in row.figures.standing().order_by("year")
    ]
