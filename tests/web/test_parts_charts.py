"""Pictures say what they show without colour, to whoever cannot see them too."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils import translation

from accanto.web.parts import charts, scores, zone_map

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Zone:
    zone_code: str
    d: str = "M0 0L10 0L10 10Z"
    x: float = 5
    y: float = 5


ZONES = [Zone(code) for code in "abcdef"]
VALUES = {
    "a": charts.ZoneValue("Zona A", 10),
    "b": charts.ZoneValue("Zona B", 1200, url="/zona/b/"),
    "c": charts.ZoneValue("Zona C", 2, suppressed=True),
    "d": charts.ZoneValue("Zona D <&>"),
    "e": charts.ZoneValue("Zona E", Decimal("30.5")),
}
MONTHS = [(date(2026, month, 1), month * 10) for month in range(1, 10)]


@pytest.fixture(autouse=True)
def italian():
    with translation.override("it"):
        yield


def drawn_map(**changes):
    return charts.choropleth(
        **{
            "shapes": ZONES,
            "view_box": (0, 0, 300, 300),
            "values": VALUES,
            "title": "Persone",
            "unit": "persone",
            **changes,
        }
    )


def every_picture():
    yield drawn_map()
    yield drawn_map(values={})
    yield charts.target_bars(
        bars=[charts.Bar("Percorsi", 3120, 15000), charts.Bar("Vuoto", None, 5)], title="Obiettivi"
    )
    yield charts.target_bars(bars=[charts.Bar("Zero", 0, 0)], title="Obiettivi", synthetic=True)
    yield charts.line(points=MONTHS, title="Mesi", target=50)
    yield charts.line(points=MONTHS[:1], title="Un mese")
    yield charts.line(points=[], title="Nessun mese")
    yield charts.spark(points=MONTHS, title="Andamento")
    yield charts.small_multiples(panels=[("Donne", [("18-29", 3), ("30+", None)])], title="Età", synthetic=True)
    yield charts.small_multiples(panels=[], title="Niente")
    yield drawn_radar([1, 2, 3, 4, 5, 1], [2, None, 3, None, 5, 1])
    yield drawn_radar([None] * 6)
    yield scores.score_panels(
        panels=[("Casa", [(date(2026, 1, 1), 1), (date(2026, 3, 1), 5)]), ("Reti", [])], top=5, title="Nel tempo"
    )
    yield scores.score_panels(panels=[("Casa", [])], top=5, title="Niente")


def drawn_radar(*versions, title="Due versioni", **more):
    named = [scores.Version(f"Versione {n}", values) for n, values in enumerate(versions, 1)]
    axes = ["persona", "economia", "lavoro", "formazione", "casa", "reti"]
    return scores.radar(axes=axes, versions=named, top=5, title=title, **more)


def test_two_versions_of_a_radar_differ_without_colour():
    root = ElementTree.fromstring(drawn_radar([1, 2, 3, 4, 5, 1], [2, 2, 3, 4, 5, 2]))
    shapes = [path for path in root.iter(f"{SVG}path") if path.get("fill-opacity")]
    assert [bool(path.get("stroke-dasharray")) for path in shapes] == [False, True]
    assert len(list(root.iter(f"{SVG}circle"))) == len(list(root.iter(f"{SVG}rect"))) == 7  # six values and the key
    assert "Versione 1: persona 1, economia 2" in root.find(f"{SVG}desc").text


def test_a_value_that_is_missing_breaks_the_shape():
    root = ElementTree.fromstring(drawn_radar([1, None, 3, 4, 5, 1]))
    assert not [path for path in root.iter(f"{SVG}path") if path.get("fill-opacity")]
    assert "economia –" in root.find(f"{SVG}desc").text


def test_every_picture_is_well_formed_and_has_its_words():
    for picture in every_picture():
        root = ElementTree.fromstring(picture)
        named = {element.get("id") for element in root.iter() if element.get("id")}
        assert set(root.get("aria-labelledby").split()) <= named
        assert root.find(f"{SVG}title").text
        assert root.find(f"{SVG}desc").text
        assert " style=" not in picture
        assert "nan" not in re.sub(r"<desc.*?</desc>", "", picture).lower().replace("sans", "")


def test_the_map_says_each_zone_in_words():
    said = [title.text for title in ElementTree.fromstring(drawn_map()).iter(f"{SVG}title")]
    assert "Zona B: 1.200 persone" in said
    assert "Zona C: dato non pubblicato, numeri troppo piccoli" in said
    assert "Zona D <&>: nessun dato" in said


def test_a_suppressed_zone_gives_away_nothing():
    shown = drawn_map()
    hidden = drawn_map(values={**VALUES, "c": charts.ZoneValue("Zona C", 999999, suppressed=True)})
    assert shown == hidden


def test_no_zone_is_only_a_colour():
    root = ElementTree.fromstring(drawn_map())
    fills = {path.find(f"{SVG}title").text.split(":")[0]: path.get("fill") for path in root.iter(f"{SVG}path")}
    assert fills["Zona C"].startswith("url(#")
    assert fills["Zona D <&>"] == fills["f"] == zone_map.NO_DATA
    marks = [text.text for text in root.iter(f"{SVG}text")]
    for mark in ("1", "2", "3"):
        assert marks.count(mark) >= 2, "once on the map and once in the legend"


def test_a_zone_that_opens_is_a_link_with_a_name():
    picture = drawn_map()
    assert 'role="group"' in picture, "a picture with links is not one image"
    assert '<a href="/zona/b/" aria-label="Zona B: 1.200 persone"' in picture
    assert 'role="img"' in drawn_map(values={"a": VALUES["a"]})


def test_synthetic_data_say_so_inside_the_picture():
    assert "Dati sintetici" in drawn_map(synthetic=True)
    assert "Dati sintetici" not in drawn_map()


def test_names_cannot_break_out_of_the_picture():
    bad = '<script>"</script>'
    for picture in (
        drawn_map(title=bad, values={"a": charts.ZoneValue(bad, 1, url='"><script>')}),
        charts.target_bars(bars=[charts.Bar(bad, 1, 2, bad)], title=bad),
        charts.small_multiples(panels=[(bad, [(bad, 1)])], title=bad),
        drawn_radar([1] * 6, title=bad),
        scores.score_panels(panels=[(bad, [(date(2026, 1, 1), 1)])], top=5, title=bad),
    ):
        assert "<script" not in picture


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [2, 4, 6, 8, 10]),
        ([5, 5, 5], [5]),
        ([], []),
        ([3], [3]),
        ([0, 0, 0, 9], [0, 9]),
    ],
)
def test_classes_by_quantile(values, expected):
    assert charts.quantile_breaks(values) == expected


def test_each_value_has_one_class():
    assert [charts.class_of(v, [10, 20, 30]) for v in (0, 10, 11, 30, 31)] == [0, 0, 1, 2, 2]


def test_labels_can_be_read_on_their_colour():
    def luminance(colour):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for fill, ink in [*zone_map.RAMP, (zone_map.NO_DATA, zone_map.INK)]:
        light, dark = sorted((luminance(fill), luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, fill


def test_bars_beyond_the_target_stay_on_the_paper():
    picture = charts.target_bars(bars=[charts.Bar("Oltre", 900, 300)], title="Oltre")
    widths = [float(width) for width in re.findall(r'<rect x="1" [^>]*width="([\d.]+)"', picture)]
    assert max(widths) <= 420
    assert "900 su 300" in picture
