"""The regional plan, for everybody: targets against results, money with its perimeter, bodies, calls and acts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accanto.access.role import Kind
from accanto.indicators import measure_zones
from accanto.indicators.card import cards
from accanto.indicators.release import Release, ReleasedFigure
from accanto.plan.act import Act
from accanto.plan.body import Body
from accanto.plan.call import Call
from accanto.plan.coverage import coverage
from accanto.plan.fund import FundLine
from accanto.plan.localisation import LINES
from accanto.plan.target import Target
from accanto.territory.zone import Zone
from accanto.web.frame import PLANNERS
from accanto.web.parts.figure import Figure
from accanto.web.parts.numbers import day, number
from accanto.web.templatetags.parts import local

IN_CHARGE = "people_in_charge"


@dataclass(frozen=True)
class Result:
    """How far a target is: a value of a day, or why there is none."""

    value: Any = None
    day: date | None = None
    note: str = ""
    url: str = ""
    synthetic: bool = False


def sections(request, here):
    """The pages of the plan that work for who is asking, as tabs."""
    kind = request.acting and request.acting.kind
    pages = [
        (_("Il piano"), "plan", None),
        (_("I fondi"), "funds", None),
        (_("Gli atti"), "acts", None),
        (_("Assistenti sociali"), "staffing", None),
        (_("Copertura PNRR"), "coverage", None),
        (_("Équipe di zona"), "zone_teams", None),
        (_("Operazioni"), "operations", PLANNERS),
        (_("I soldi"), "ledger", PLANNERS),
        (_("FSE+"), "esf", PLANNERS),
        (_("Invii"), "submissions", PLANNERS),
        (_("Valori locali"), "local_parameters", PLANNERS),
        (_("Importa dal PNRR"), "import_pnrr", {Kind.REGIONAL_OFFICER}),
    ]
    return [(label, reverse(name), name == here) for label, name, kinds in pages if kinds is None or kind in kinds]


def results(targets) -> dict[str, Result]:
    """{indicator: Result} for the page of the plan."""
    return people_results(targets) | pnrr_results(targets)


def from_files() -> dict[str, str]:
    """{code of a target of zones: the indicator that counts them in the files}, beside what the extract says."""
    return {card.target: code for code, card in cards().items() if card.target and code in measure_zones.OF}


def people_results(targets) -> dict[str, Result]:
    """The region's figures of the last monthly release: on a public page no others are shown."""
    release = Release.objects.first()
    if release is None:
        return {}
    wanted = [IN_CHARGE]
    wanted += [target.indicator for target in targets if target.unit == Target.Unit.PEOPLE and target.indicator]
    wanted += from_files().values()
    rows = ReleasedFigure.objects.filter(release=release, indicator__in=wanted, zone=None, breakdown="")
    return {
        row.indicator: Result(
            value=row.value,
            day=row.day or release.day,
            note=_("non pubblicato: numeri troppo piccoli") if row.suppressed else "",
            synthetic=release.synthetic,
        )
        for row in rows
    }


def pnrr_results(targets) -> dict[str, Result]:
    """Zones that an extract names on the lines of each target; a line the extract does not name has no result."""
    found, reached = {}, coverage()
    for target in targets:
        if not target.submeasures:
            continue
        lines = [line for line in target.submeasures if reached.day and reached.in_extract(line)]
        names = ", ".join(str(LINES[line][0]) for line in target.submeasures if line in LINES)
        url = reverse("coverage")
        if not lines:
            found[target.indicator] = Result(
                note=_("Nessuna riga della linea %(lines)s nell’estratto: non vuol dire zero.") % {"lines": names},
                url=url,
            )
            continue
        allowed = _zones_of(target)
        zones = [
            zone
            for zone in reached.zones
            if (allowed is None or zone.pk in allowed) and any(reached.of(zone, line) for line in lines)
        ]
        found[target.indicator] = Result(
            value=len(zones),
            day=reached.day,
            note=_("zone nominate nell’estratto; le altre possono esserci in estratti più recenti"),
            url=url,
        )
    return found


def _zones_of(target):
    """The zones a target is about, where it is not about all of them."""
    if target.derivation and target.derivation.get("count") == "zones_with_municipality_over":
        over = Zone.objects.with_municipality_over(target.derivation["residents"], on=target.derived_on)
        return set(over.values_list("pk", flat=True))
    return None


def _figure(target, found):
    """A target and how far it is, as the card that shows both; without a result the card says why. What the files say
    stands beside what the extract says, and is not added to it."""
    result = found.get(target.indicator) or Result(note=_("non ancora calcolato"))
    files = found.get(from_files().get(target.code, ""))
    note = result.note
    if files and files.value is not None:
        count = int(files.value)
        told = ngettext("dai fascicoli: %(count)s zona al %(day)s", "dai fascicoli: %(count)s zone al %(day)s", count)
        note = "; ".join(part for part in (note, told % {"count": number(count), "day": day(files.day)}) if part)
    unit = str(target.get_unit_display())
    return Figure(
        label=local(target.name),
        value=result.value,
        day=result.day,
        unit=unit if result.value is not None else "",
        target=target.value,
        target_day=target.deadline,
        note=note,
        drill_url=result.url,
        drill_label=_("Zona per zona") if result.url else "",
        synthetic=result.synthetic,
    )


def _everybody_in_charge(result):
    """The figure that stands beside the targets of people, so that nobody takes one for the other."""
    result = result or Result()
    return Figure(
        label=_("Tutte le persone in carico"),
        value=result.value,
        day=result.day,
        unit=_("persone") if result.value is not None else "",
        note=result.note or _("anche chi non partecipa a un’operazione del FSE+: non è il risultato di un obiettivo"),
        synthetic=result.synthetic,
    )


@login_not_required
@require_safe
def plan(request):
    targets = list(Target.objects.select_related("fund_line", "act"))
    found = results(targets)
    context = {
        "sections": sections(request, "plan"),
        "targets": [(target, _figure(target, found)) for target in targets if target.promised],
        "in_charge": _everybody_in_charge(found.get(IN_CHARGE)),
        "prospects": [target for target in targets if not target.promised],
        "funds": [
            {
                "line": line,
                "amounts": own,
                "others": [(line, amount) for amount in line.amounts.all() if not amount.of_the_plan]
                + [(one, amount) for one in within for amount in one.amounts.all()],
            }
            for line, within in FundLine.objects.prefetch_related("amounts", "acts").tree()
            if (own := [amount for amount in line.amounts.all() if amount.of_the_plan])
        ],
        "bodies": Body.objects.all(),
        "calls": Call.objects.select_related("act", "fund_line"),
        "acts": Act.objects.count(),
        "plan_act": Act.objects.filter(targets__promised=True).distinct().first(),
    }
    return render(request, "plan/plan.html", context)
