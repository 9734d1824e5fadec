"""Every part of the screens on one page, with invented data: where a part is looked at before it is used.

Its sentences are not marked for translation: only who builds the pages reads them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accanto.norms.findings import Finding, Grade, Severity
from accanto.norms.text import Text
from accanto.web.parts import charts, numbers, scores
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.figure import Figure
from accanto.web.parts.forms import DayField, EuroField, HoursField
from accanto.web.parts.table import Cell, Column, Table

HERE = "#"
ACCEPTED = {"start": date(2026, 11, 23), "hours": Decimal("4.50"), "allowance": Decimal("500")}
REFUSED = {"start": "31/02/2026", "hours": "25", "allowance": "molto"}


class SampleForm(forms.Form):
    start = DayField(label="Inizio", help_text="Il primo giorno dal tutor aziendale.")
    end = DayField(label="Fine")
    hours = HoursField(label="Ore al giorno", help_text="Per esempio 4,5.")
    allowance = EuroField(label="Indennità del mese", required=False)
    kind = forms.ChoiceField(
        label="Che cosa si propone",
        choices=[("tis", "Tirocinio di inclusione sociale"), ("course", "Corso breve")],
        widget=forms.RadioSelect,
    )
    supports = forms.MultipleChoiceField(
        label="Sostegni",
        choices=[("travel", "Abbonamento del bus"), ("language", "Lezioni di italiano")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    zone = forms.ChoiceField(label="Zona", choices=[("", "—"), ("n", "Zona Nord"), ("s", "Zona Sud")], required=True)
    notes = forms.CharField(label="Nelle parole della persona", widget=forms.Textarea(attrs={"rows": 3}))
    informed = forms.BooleanField(label="La persona ha ricevuto l’informativa privacy")


@dataclass(frozen=True)
class SampleShape:
    zone_code: str
    d: str
    x: float
    y: float


def sample_findings() -> list[Finding]:
    said = {"source": "Esempio, art. 1", "grade": Grade.VERIFIED}
    return [
        Finding(
            code="ES-01",
            severity=Severity.PASS,
            sentence=Text("La durata sta nei limiti.", "The length is within the limit."),
            **said,
        ),
        Finding(
            code="ES-02",
            severity=Severity.BLOCK,
            sentence=Text("Manca la firma del tutor aziendale.", "The host tutor has not signed."),
            way_out=Text("Fai firmare il progetto prima dell’inizio.", "Have the plan signed before the start."),
            link=HERE,
            **said,
        ),
        Finding(
            code="ES-03",
            severity=Severity.AUTHORISE,
            sentence=Text("La proroga chiede un’attestazione.", "The extension needs an attestation."),
            way_out=Text(
                "Chiedi l’attestazione al servizio che ha in carico la persona.", "Ask the service in charge."
            ),
            **said,
        ),
        Finding(
            code="ES-04",
            severity=Severity.CAUTION,
            sentence=Text("La soglia di presenza non è definita.", "The attendance threshold is not defined."),
            source="Esempio, art. 4",
            grade=Grade.UNVERIFIED,
        ),
    ]


def sample_zones() -> tuple[list[SampleShape], dict[str, charts.ZoneValue]]:
    shapes, values = [], {}
    figures = [120, 340, 95, None, 610, 220, 180, None, 430, 275, 55, 390]
    for n, figure in enumerate(figures):
        column, row = n % 4, n // 4
        x, y = 30 + column * 130 + (row % 2) * 60, 30 + row * 115
        d = f"M{x} {y + 30}L{x + 65} {y}L{x + 130} {y + 30}L{x + 130} {y + 115}L{x + 65} {y + 145}L{x} {y + 115}Z"
        code = f"z{n + 1}"
        shapes.append(SampleShape(code, d, x + 65, y + 75))
        values[code] = charts.ZoneValue(f"Zona {n + 1}", figure, suppressed=n == 7, url=HERE if n == 0 else "")
    return shapes, values


def sample_trend() -> list[tuple[date, int]]:
    return [
        (date(2026, month, 1), value) for month, value in enumerate([410, 455, 470, 520, 515, 560, 640, 705, 781], 1)
    ]


def sample_scores():
    """Two versions of an assessment, and its scores in time."""
    axes = ["persona", "economia", "lavoro", "formazione", "casa", "reti"]
    versions = [
        scores.Version("Analisi preliminare, 10/01/2026", [2, 2, 1, 3, None, 4]),
        scores.Version("Quadro approfondito, 15/06/2026", [3, 2, 3, 3, 2, 4]),
    ]
    days = [date(2026, 1, 10), date(2026, 6, 15)]
    panels = [
        (axis, [(day, version.values[n]) for day, version in zip(days, versions, strict=True) if version.values[n]])
        for n, axis in enumerate(axes)
    ]
    return {
        "radar": scores.radar(axes=axes, versions=versions, top=5, title="Punteggi di due versioni", synthetic=True),
        "radar_table": Table(
            "Punteggi di due versioni",
            [Column("Dimensione"), *(Column(version.name, "number") for version in versions)],
            [[axis, *(version.values[n] for version in versions)] for n, axis in enumerate(axes)],
            synthetic=True,
        ),
        "score_panels": scores.score_panels(panels=panels, top=5, title="Punteggi nel tempo", synthetic=True),
        "score_panels_table": Table(
            "Punteggi nel tempo",
            [Column("Dimensione"), Column("Giorno", "day"), Column("Punteggio", "number")],
            [[axis, when, value] for axis, points in panels for when, value in points],
            synthetic=True,
        ),
    }


@require_http_methods(["GET", "POST"])
def gallery(request):
    """`?state=wrong` shows the form refused, `?state=saved` a message; `?confirm=1` the page that asks again."""
    if request.headers.get("HX-Request"):
        left = [
            finding
            for finding in sample_findings()
            if request.POST.get("start") or finding.severity is not Severity.BLOCK
        ]
        return render(request, "parts/findings_only.html", {"found": left, "title": "Che cosa dice la legge"})
    state = "wrong" if request.method == "POST" else request.GET.get("state")
    frame = {} if getattr(request, "frame", None) is not None else {"frame": sample_frame()}
    if "confirm" in request.GET:
        return render(request, "confirm.html", {"confirm": sample_confirm(), **frame})
    if state == "saved":
        messages.success(request, "Giornata segnata.")
    return render(request, "parts/gallery.html", {**sample_context(wrong=state == "wrong"), **frame})


def sample_confirm() -> Confirm:
    return Confirm(
        title="Chiudere il tirocinio?",
        sentence="Il tirocinio finisce il 21/11/2026 e non si potranno più segnare giornate.",
        consequences=["Il registro del mese si chiude.", "Parte la comunicazione obbligatoria di cessazione."],
        url=HERE,
        label="Chiudi il tirocinio",
        cancel_url=HERE,
        danger=True,
    )


def sample_context(*, wrong: bool = False) -> dict:
    shapes, values = sample_zones()
    trend = sample_trend()
    zone_rows = [[v.name, Cell(v.value, suppressed=v.suppressed)] for v in values.values()]
    targets = [
        charts.Bar("Persone con un percorso", 3120, 15000),
        charts.Bar("Tirocini avviati", 1460, 7500),
        charts.Bar("Assistenti sociali", 781, 732, "oltre l’obiettivo"),
    ]
    panels = [
        ("Donne", [("18-29", 120), ("30-54", 310), ("55+", 90)]),
        ("Uomini", [("18-29", 140), ("30-54", 280), ("55+", None)]),
    ]
    return {
        "form": SampleForm(REFUSED) if wrong else SampleForm(initial=ACCEPTED),
        "second_form": SampleForm(prefix="second"),
        "findings": sample_findings(),
        "figures": [
            Figure(
                "Persone in carico",
                27350,
                date(2026, 10, 31),
                unit="persone",
                trend=trend,
                definition_url=HERE,
                drill_url=HERE,
                synthetic=True,
            ),
            Figure(
                "Residenti per assistente sociale",
                4690,
                date(2026, 10, 31),
                kind="ratio",
                target=5000,
                target_day=date(2027, 12, 31),
                trend=trend,
                definition_url=HERE,
            ),
            Figure("Fondi impegnati", Decimal("27500000"), date(2026, 9, 30), kind="euro", definition_url=HERE),
            Figure("Tirocini di persone detenute", 2, date(2026, 9, 30), suppressed=True, definition_url=HERE),
        ],
        "map": charts.choropleth(
            shapes=shapes,
            view_box=(0, 0, 640, 420),
            values=values,
            unit="persone",
            title="Persone in tirocinio per zona",
            synthetic=True,
        ),
        "map_table": Table(
            "Persone in tirocinio per zona", [Column("Zona"), Column("Persone", "number")], zone_rows, synthetic=True
        ),
        "bars": charts.target_bars(bars=targets, title="Obiettivi e risultati", synthetic=True),
        "bars_table": Table(
            "Obiettivi e risultati",
            [Column("Che cosa"), Column("Risultato", "number"), Column("Obiettivo", "number")],
            [[b.label, b.value, b.target] for b in targets],
            synthetic=True,
        ),
        "line": charts.line(points=trend, title="Assistenti sociali, mese per mese", target=732, unit="persone"),
        "line_table": Table(
            "Assistenti sociali, mese per mese",
            [Column("Giorno"), Column("Persone", "number")],
            [[numbers.day(when), value] for when, value in trend],
        ),
        "multiples": charts.small_multiples(panels=panels, title="Persone per età e sesso", synthetic=True),
        "multiples_table": Table(
            "Persone per età e sesso",
            [Column("Gruppo"), Column("Età"), Column("Persone", "number")],
            [[name, age, Cell(v, suppressed=v is None)] for name, rows in panels for age, v in rows],
            synthetic=True,
        ),
        **sample_scores(),
        "table": Table(
            "Tirocini della settimana",
            [
                Column("Persona", sort_url=HERE, sorted="ascending"),
                Column("Ospite", sort_url=HERE),
                Column("Ore", "number"),
                Column("Indennità", "euro"),
            ],
            [
                [Cell("Anna Prova", url=HERE), "Cooperativa Esempio", Decimal("20.5"), Decimal("500")],
                [Cell("Bruno Prova", url=HERE), "Vivaio Esempio", Decimal("18"), Decimal("450.50")],
                [Cell("Carla Prova", url=HERE), "Officina Esempio", None, None],
            ],
            total=["Totale", "", Decimal("38.5"), Decimal("950.50")],
            synthetic=True,
        ),
        "filters": [("Tutti", HERE, 48, True), ("Da firmare", HERE, 6, False), ("In scadenza", HERE, 3, False)],
        "tabs": [("In breve", HERE, True), ("Registro", HERE, False), ("Documenti", HERE, False)],
        "steps": ["Persona", "Bisogni", "Obiettivi", "Firma"],
        "events": [
            SimpleNamespace(
                when=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
                title="Quattro ore in vivaio",
                who="Tutor di prova",
                icon="it-clock",
                text="Come previsto.",
                url=HERE,
            ),
            SimpleNamespace(
                when=date(2026, 11, 2), title="Progetto firmato", who="Assistente di prova", icon="it-pencil"
            ),
            SimpleNamespace(when=date(2026, 10, 12), title="Presa in carico", who="Assistente di prova"),
        ],
        "pairs": [
            ("Inizio", numbers.day(date(2026, 11, 23))),
            ("Indennità", numbers.euro(500)),
            ("Tutor aziendale", ""),
        ],
        "icons": ["it-calendar", "it-user", "it-clock", "it-locked", "it-file", "it-map-marker", "it-chart-line"],
    }


def sample_frame() -> SimpleNamespace:
    """The frame of somebody invented, so that the parts can be seen where no frame is given."""
    words = [
        ("La mia giornata", "it-calendar"),
        ("Persone", "it-user"),
        ("Tirocini", "it-clock"),
        ("Opportunità", "it-map-marker"),
        ("Coprogettazione", "it-exchange-circle"),
        ("Piano", "it-chart-line"),
        ("Valutazione", "it-presentation"),
        ("Norme", "it-bookmark"),
    ]
    return SimpleNamespace(
        user_name="Paola Prova",
        role_label="Assistente sociale",
        organisation="Società di prova, Zona Nord",
        roles=[
            SimpleNamespace(id=1, label="Assistente sociale" + ", Zona Nord", current=True),
            SimpleNamespace(id=2, label="Programmazione di zona" + ", Zona Nord", current=False),
        ],
        menu=[(label, HERE, name, n == 2) for n, (label, name) in enumerate(words)],
        can_search=True,
        synthetic=True,
        language="it",
    )
