"""Loads the published figures on the staff of the whole region: universes and series. Loading twice changes nothing."""

from pathlib import Path

from django.db import transaction

from accanto.plan.pack import bring
from accanto.staffing.series import RegionalFigure, Universe
from accanto.territory.pack import Loaded, Problems, read_csv, read_yaml

COLUMNS = ("profession", "year", "date", "value", "unit", "universe", "status", "stated_on", "source", "note")


def load(pack_folder, *, now) -> dict[str, Loaded]:
    """Raises PackError, with nothing written, naming every line and field that is wrong."""
    folder, problems = Path(pack_folder), Problems()
    words = read_yaml(folder / "staffing_universes.yaml", required=["universes"], problems=problems)
    records = read_csv(folder / "staffing_series.csv", required=COLUMNS, problems=problems)
    problems.stop_if_any()
    universes = words.block("universes") or {}
    described = [
        Universe(code=code, order=order, description=dict(universes.both(code) or {}))
        for order, code in enumerate(universes, 1)
    ]
    figures = [
        RegionalFigure(
            order=order,
            profession=r.text("profession", longest=40),
            year=r.whole("year", optional=True, least=1990, most=2100),
            date=r.day("date", optional=True),
            value=r.number("value", least=0),
            unit=r.one_of("unit", list(RegionalFigure.Unit)),
            status=r.one_of("status", list(RegionalFigure.Status)),
            stated_on=r.day("stated_on"),
            source=r.text("source", longest=300),
            note=r.text("note", optional=True, longest=300),
        )
        for order, r in enumerate(records, 1)
    ]
    named = [r.one_of("universe", universes) for r in records]
    problems.stop_if_any()
    with transaction.atomic():
        loaded, rows = bring(Universe, described)
        for figure, code in zip(figures, named, strict=True):
            figure.universe = rows[code]
        return {
            "universes": loaded,
            "regional_figures": bring(RegionalFigure, figures, key="order", forget=True)[0],
        }
