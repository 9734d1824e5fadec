"""The scenarios of a zone to 2030: tried, saved, compared, one chosen. The zone's planner writes; the Region reads."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.norms import staffing_scenario as norms
from accanto.norms.findings import Refused
from accanto.norms.scenario_findings import objections
from accanto.staffing import scenario as scenarios_of
from accanto.staffing import workforce
from accanto.staffing.contract import Contract
from accanto.staffing.scenario import Scenario, assumptions_of
from accanto.territory.zone import Zone
from accanto.web.frame import PLANNERS
from accanto.web.parts import numbers
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.keyset import whole_number
from accanto.web.parts.table import Column, Table
from accanto.web.plan import sections
from accanto.web.scenario_form import ScenarioForm, initial_of
from accanto.web.scenario_picture import picture, units
from accanto.web.staffing_pages import staffing_pages
from accanto.web.templatetags.parts import local

COMPARED = 3  # side by side


def zone_or_404(request, code):
    """One's own zone, or any for the Region."""
    zones = Zone.objects.filter(pk=request.acting.zone_id) if request.acting.reads_by_zone else Zone.objects.all()
    return get_object_or_404(zones, code=code)


def own_zone_or_404(request, code):
    """Of who plans it."""
    if request.acting.kind != Kind.ZONE_PLANNER:
        raise Http404
    return zone_or_404(request, code)


def scenario_or_404(request, scenario):
    rows = Scenario.objects.within(request.acting).select_related("zone", "author")
    return get_object_or_404(rows, pk=scenario)


def _chosen_of(zone):
    return Scenario.objects.chosen().filter(zone=zone).values_list("pk", flat=True).first()


@for_kinds(*PLANNERS)
def zone_scenarios(request, zone):
    zone, today = zone_or_404(request, zone), timezone.localdate()
    rows = list(Scenario.objects.standing().filter(zone=zone).select_related("author").order_by("name", "id"))
    chosen = _chosen_of(zone)
    may_write = request.acting.kind == Kind.ZONE_PLANNER
    context = {
        "sections": sections(request, "staffing"),
        "pages": staffing_pages(request, "scenarios"),
        "zone": zone,
        "rows": [
            {"row": row, "last": norms.project(assumptions_of(row))[-1], "chosen": row.pk == chosen} for row in rows
        ],
        "comparable": Scenario.objects.filter(zone=zone).count() > 1,
        "synthetic": any(row.synthetic for row in rows),
        "may_write": may_write,
        "start": may_write and not rows and scenarios_of.start_of(zone, today=today),
        "until": str(norms.last_year(on=today)),
    }
    return render(request, "staffing/zone_scenarios.html", context)


@for_kinds(Kind.ZONE_PLANNER)
@writes
def new_scenario(request, zone):
    """The form; under it, once asked, what would come of it. Nothing is saved before it is asked to be."""
    zone, today = own_zone_or_404(request, zone), timezone.localdate()
    start, until = scenarios_of.start_of(zone, today=today), norms.last_year(on=today)
    before = _begun_from(request, zone)
    initial = initial_of(assumptions_of(before), before.name, today=today) if before else {}
    form = ScenarioForm(request.POST if request.method == "POST" else None, today=today, until=until, initial=initial)
    findings, shown = [], None
    if request.method == "POST" and start and form.is_valid():
        given = scenarios_of.supposed(start, form.plan(), today=today)
        findings = objections(given)
        if not findings and request.POST.get("what") == "save":
            return _save(request, zone, form, today)
        if not findings:
            shown = picture(given, title=_title(zone), synthetic=start.synthetic)
    context = {
        "zone": zone,
        "form": form,
        "start": start,
        "began": start and start.counted[0],
        "known": _already_written(zone, today) if start and start.basis == Scenario.Basis.CONTRACTS else [],
        "findings": findings,
        "picture": shown,
        "today": today,
        "until": str(until),
    }
    wrong = form.errors or findings
    return render(request, "staffing/new_scenario.html", context, status=422 if wrong else 200)


def _save(request, zone, form, today):
    try:
        row = scenarios_of.save(
            zone=zone, name=form.cleaned_data["name"], plan=form.plan(), by=request.acting, now=timezone.now(),
            today=today,
        )  # fmt: skip
    except Refused as refused:  # what there was to begin from is gone meanwhile
        messages.error(request, local(refused.findings[0].sentence))
        return redirect("zone_scenarios", zone.code)
    messages.success(request, _("Scenario salvato: «%(name)s».") % {"name": row})
    return redirect("scenario", row.pk)


def _begun_from(request, zone):
    asked = whole_number(request.GET.get("from", ""))
    return get_object_or_404(Scenario, zone=zone, pk=asked) if asked else None


def _title(zone):
    return _("%(zone)s: unità a tempo pieno e soglie") % {"zone": zone.name}


def _already_written(zone, today):
    """The contracts of social workers that say a beginning or an end still to come: not to be written twice."""
    rows = Contract.objects.standing().filter(
        zone=zone, kind=Contract.Kind.PERMANENT, worker__profession="social_worker", worker__withdrawn_at=None
    )
    coming = rows.filter(ends__gte=today) | rows.filter(starts__gt=today)
    return list(coming.select_related("worker").order_by("starts", "id")[:20])


@for_kinds(*PLANNERS)
def scenario(request, scenario):
    row = scenario_or_404(request, scenario)
    may_write = request.acting.kind == Kind.ZONE_PLANNER
    versions = Scenario.objects.filter(zone=row.zone, name__iexact=row.name).exclude(pk=row.pk).order_by("-version")
    context = {
        "row": row,
        "zone": row.zone,
        "picture": picture(assumptions_of(row), title=_title(row.zone), synthetic=row.synthetic),
        "chosen": _chosen_of(row.zone) == row.pk,
        "versions": list(versions),
        "may_write": may_write and not row.superseded_at,
        "moved": _moved(row) if may_write and not row.superseded_at else None,
    }
    return render(request, "staffing/scenario.html", context)


def _moved(row):
    """What the contracts make today of the last year, where it is no longer what the scenario began from."""
    if row.basis != Scenario.Basis.CONTRACTS:
        return None
    then = assumptions_of(row).counted
    today = workforce.ahead(row.zone, years=[one.year for one in then])
    return {"then": then[-1].average, "now": today[-1].average} if today != then else None


@for_kinds(*PLANNERS)
def compare_scenarios(request, zone):
    """Versions side by side: those asked for or, at first, the chosen one and the last saved."""
    zone = zone_or_404(request, zone)
    rows = list(Scenario.objects.filter(zone=zone).order_by("superseded_at", "name", "-version", "id"))
    rows.sort(key=lambda row: (row.superseded_at is not None, row.name.casefold(), -row.version))
    asked = {number for word in request.GET.getlist("with") if (number := whole_number(word))}
    chosen = _chosen_of(zone)
    shown = [row for row in rows if row.pk in asked][:COMPARED]
    if not shown:
        shown = sorted(rows, key=lambda row: row.pk != chosen)[:2]
    read = [(row, norms.project(assumptions_of(row))) for row in shown]
    context = {
        "sections": sections(request, "staffing"),
        "pages": staffing_pages(request, "scenarios"),
        "zone": zone,
        "rows": [(row, row in shown, row.pk == chosen) for row in rows],
        "pictures": [
            {
                "row": row,
                "picture": picture(assumptions_of(row), title=f"{row}: {_title(zone)}", synthetic=row.synthetic),
            }
            for row in shown
        ],
        "table": _side_by_side(read),
        "most": COMPARED,
        "too_many": len(asked) > COMPARED,
    }
    return render(request, "staffing/compare_scenarios.html", context)


def _side_by_side(read):
    columns, rows = [Column(_("Anno e che cosa"))], []
    columns += [Column(str(row)) for row, _years in read]
    years = sorted({one.year for _row, found in read for one in found})
    for year in years:
        of_year = [next((one for one in found if one.year == year), None) for _row, found in read]
        for label, show in (
            (_("%(year)s, tempo pieno"), lambda one: units(one.fte)),
            (_("%(year)s, rapporto"), lambda one: numbers.ratio(one.contribution.residents_per_worker)),
            (_("%(year)s, contributo"), lambda one: numbers.euro(one.contribution.amount)),
            (_("%(year)s, resta all’ente"), lambda one: numbers.euro(one.hires_net)),
        ):
            rows.append([label % {"year": year}, *(show(one) if one else None for one in of_year)])
    return Table(_("Gli scenari a confronto"), columns, rows, synthetic=any(row.synthetic for row, _found in read))


def _done(request, act, row, sentence):
    try:
        act(scenario=row, by=request.acting, now=timezone.now())
    except Refused as refused:
        messages.info(request, local(refused.findings[0].sentence))
    else:
        messages.success(request, sentence)
    return redirect("zone_scenarios", row.zone.code)


@for_kinds(Kind.ZONE_PLANNER)
@writes
def choose_scenario(request, scenario):
    row = scenario_or_404(request, scenario)
    if request.method == "POST":
        done = _("«%(name)s» è ora lo scenario della zona.") % {"name": row}
        return _done(request, scenarios_of.choose, row, done)
    confirm = Confirm(
        title=_("«%(name)s» è lo scenario della zona?") % {"name": row},
        sentence=_("È quello che la Regione somma con quelli delle altre zone. Si può cambiare quando si vuole."),
        url=reverse("choose_scenario", args=[row.pk]),
        label=_("Sceglilo"),
        cancel_url=reverse("scenario", args=[row.pk]),
    )
    return render(request, "confirm.html", {"confirm": confirm})


@for_kinds(Kind.ZONE_PLANNER)
@writes
def withdraw_scenario(request, scenario):
    row = scenario_or_404(request, scenario)
    if request.method == "POST":
        done = _("«%(name)s» è ritirato: si può ancora confrontare.") % {"name": row}
        return _done(request, scenarios_of.withdraw, row, done)
    consequences = [_("Non si può scegliere più; resta fra le versioni da confrontare.")]
    if _chosen_of(row.zone) == row.pk:
        consequences.append(_("La zona resta senza uno scenario scelto, e la Regione non la somma."))
    confirm = Confirm(
        title=_("Ritirare «%(name)s»?") % {"name": row},
        sentence=_("Se solo qualcosa è cambiato, salva una versione nuova: prende il suo posto da sola."),
        consequences=consequences,
        url=reverse("withdraw_scenario", args=[row.pk]),
        label=_("Ritiralo"),
        cancel_url=reverse("scenario", args=[row.pk]),
        danger=True,
    )
    return render(request, "confirm.html", {"confirm": confirm})
