"""What the pack of Tuscany says holds together: counts, sums, names, and every reference from one file to another."""

import json
from collections import Counter
from datetime import date

import pytest

from accanto.territory import map as zones_map
from accanto.territory import outline, pack

FOLDER = pack.folder()
GRADES = {"VERIFIED", "SECONDARY", "UNVERIFIED"}


@pytest.fixture(scope="module")
def territory():
    return pack.check(FOLDER, today=date(2026, 11, 21))


@pytest.fixture(scope="module")
def zone_codes(territory):
    return {zone.code for zone in territory.zones}


@pytest.fixture(scope="module")
def act_codes():
    return {act["code"] for act in pack.read_yaml(FOLDER / "acts.yaml")["acts"]}


def graded(value):
    """Every block that has a grade, however deep."""
    if isinstance(value, dict):
        if "grade" in value:
            yield value
        for inner in value.values():
            yield from graded(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from graded(inner)


def test_there_are_28_zones_and_273_municipalities_and_each_has_its_zone(territory):
    assert (len(territory.zones), len(territory.municipalities)) == (28, 273)
    of_authority = Counter(zone.health_authority.removeprefix("Azienda USL Toscana ") for zone in territory.zones)
    assert of_authority == {"Centro": 8, "Nord Ovest": 10, "Sud Est": 10}
    assert {m.zone.code for m in territory.municipalities} == {zone.code for zone in territory.zones}
    assert Counter(m.province for m in territory.municipalities) == {
        "AR": 36, "FI": 41, "GR": 28, "LI": 19, "LU": 33, "MS": 17, "PI": 37, "PO": 7, "PT": 20, "SI": 35,
    }  # fmt: skip


def test_no_two_zones_or_municipalities_can_be_mistaken_for_each_other(territory):
    keys = [m.search_key for m in territory.municipalities]
    assert len(set(keys)) == len(keys)
    assert len({zone.name.casefold() for zone in territory.zones}) == 28


def test_residents_of_five_days_stay_within_one_in_a_hundred_of_the_published_totals():
    declared = pack.read_yaml(FOLDER / "pack.yaml").blocks("populations")
    assert [str(counted["date"]) for counted in declared] == [
        "2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01", "2024-12-31",
    ]  # fmt: skip
    for counted in declared:
        assert abs(counted["total"] / counted["published"] - 1) < 0.01


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2022, 1, 1), date(2024, 12, 31)])
def test_service_centre_zones_come_from_the_residents_of_a_day(territory, day):
    above = {
        p.municipality.zone.code: p.municipality.name
        for p in territory.populations
        if p.date == day and p.residents > 75_000
    }
    assert above == {
        "firenze": "Firenze",
        "pratese": "Prato",
        "livornese": "Livorno",
        "aretina": "Arezzo",
        "pistoiese": "Pistoia",
        "pisana": "Pisa",
        "piana-di-lucca": "Lucca",
        "amiata-grossetana-colline-metallifere-grossetana": "Grosseto",
    }


def test_ages_never_exceed_the_residents_of_their_day(territory):
    residents = {p.municipality.istat_code: p.residents for p in territory.populations if p.date == date(2023, 1, 1)}
    for row in pack.read_csv(FOLDER / "ages.csv", required=["istat_code", "date", "under_18", "aged_65_and_over"]):
        assert row["date"] == "2023-01-01"
        assert row.whole("under_18") + row.whole("aged_65_and_over") < residents[row["istat_code"]]


def test_the_map_is_the_one_drawn_from_the_boundaries_and_is_light():
    boundaries = json.loads((FOLDER / "zones.geojson").read_text(encoding="utf-8"))
    drawn = outline.as_text(outline.draw(boundaries, source=boundaries["source"]))
    kept = (FOLDER / zones_map.FILE).read_text(encoding="utf-8")
    assert kept == drawn, "rerun: python -m accanto.territory.outline regions/toscana"
    assert len(kept.encode()) <= 60_000


def test_the_map_has_a_shape_and_a_place_for_the_label_of_every_zone(zone_codes):
    shown = zones_map.zone_map()
    width, height = map(int, shown.view_box.split()[2:])
    assert {shape.zone_code for shape in zones_map.zone_shapes()} == zone_codes
    assert all(0 < shape.x < width and 0 < shape.y < height and shape.d.startswith("M") for shape in shown.shapes)
    assert "CC BY 4.0" in shown.source


def test_every_zone_has_one_authority_and_unknown_ones_are_not_given_a_name(zone_codes):
    found = pack.read_yaml(FOLDER / "organisations.yaml")
    authorities = found.blocks("zone_authorities")
    assert Counter(a["zone"] for a in authorities) == Counter(zone_codes)
    assert len({a["code"] for a in authorities}) == 28
    for authority in authorities:
        assert authority["form"] in {"consortium", "agreement", "unknown"}
        if authority["form"] == "unknown":
            assert authority["grade"] == "UNVERIFIED"
            assert authority["name"].startswith("Zona-distretto ")
            assert authority["note"]
    assert len(found.blocks("health_authorities")) == 3


def test_the_health_authorities_of_zones_and_organisations_have_the_same_names(territory):
    named = {a["name"] for a in pack.read_yaml(FOLDER / "organisations.yaml").blocks("health_authorities")}
    assert {zone.health_authority for zone in territory.zones} == named


@pytest.mark.parametrize(
    ("name", "column", "empty"),
    [
        ("employment_centres.csv", "zone", False),
        ("siil_protocols.csv", "zone", False),
        ("poverty_context.csv", "zone", True),
        ("fse/projects.csv", "zone", False),
        ("pnrr/pnrr_m5_localisations_toscana.csv", "zone_id", True),
        ("pnrr/pnrr_m5c2_projects_toscana.csv", "zone_ids", True),
    ],
)
def test_every_zone_named_in_a_table_is_a_zone(zone_codes, name, column, empty):
    rows = pack.read_csv(FOLDER / name, required=[column])
    named = {code for row in rows for code in row[column].split()}
    assert named <= zone_codes
    assert empty or all(row[column] for row in rows)


def test_employment_centres_stand_in_their_municipality_s_zone(territory):
    zone_of = {m.istat_code: m.zone.code for m in territory.municipalities}
    rows = pack.read_csv(FOLDER / "employment_centres.csv", required=["code", "kind", "istat_code", "zone", "parent"])
    codes = {row["code"] for row in rows}
    assert len(codes) == len(rows)
    assert all(zone_of[row["istat_code"]] == row["zone"] for row in rows)
    assert {row["parent"] for row in rows} <= codes | {""}
    assert Counter(row["kind"] for row in rows) == {"centre": 29, "service_point": 2, "desk": 25}


def test_funds_targets_calls_and_notices_name_acts_that_are_listed(act_codes):
    funds = pack.read_yaml(FOLDER / "funds.yaml").blocks("funds")
    targets = pack.read_yaml(FOLDER / "targets.yaml")
    calls = pack.read_yaml(FOLDER / "calls.yaml").blocks("calls")
    notices = pack.read_csv(FOLDER / "fse/notices.csv", required=["code", "act"])
    named = {code for fund in funds for code in fund["acts"]} | {targets["act"]}
    named |= {call["act"] for call in calls} | {notice["act"] for notice in notices}
    assert named - {None, ""} <= act_codes
    fund_codes = {fund["code"] for fund in funds}
    assert {target["fund"] for target in targets.blocks("targets")} | {call["fund"] for call in calls} == {
        "esf-plus-priority-3",
        "pnrr-mission-5",
    }
    assert "esf-plus-priority-3" in fund_codes
    projects = pack.read_csv(FOLDER / "fse/projects.csv", required=["notice"])
    assert {row["notice"] for row in projects} - {""} <= {notice["code"] for notice in notices}


def test_the_four_fund_lines_have_the_amounts_of_the_plan_and_say_what_of():
    funds = pack.read_yaml(FOLDER / "funds.yaml").blocks("funds")
    assert [[amount["amount"] for amount in fund["amounts"]] for fund in funds if fund["amounts"]] == [
        [27_500_000, 5_000_000], [27_000_000], [77_000_000], [41_000_000],
    ]  # fmt: skip
    every = [row for fund in funds for name in ("amounts", "other_figures") for row in fund.blocks(name)]
    assert all(all(amount.both("perimeter").values()) for amount in every)
    assert all(row.get("source") for fund in funds for row in fund.blocks("other_figures"))


def test_targets_have_a_value_or_where_it_comes_from():
    targets = pack.read_yaml(FOLDER / "targets.yaml").blocks("targets")
    assert [target.get("value") for target in targets] == [15_000, 7_500, None, 20, None, None]
    assert all(("value" in target) != ("value_from" in target) for target in targets)
    assert len({target["indicator"] for target in targets}) == len(targets)


def test_nothing_of_activity_3k7_is_taken_for_certain():
    calls = {call["activity"]: call for call in pack.read_yaml(FOLDER / "calls.yaml").blocks("calls")}
    assert {block["grade"] for block in graded(calls["3.k.7"])} == {"UNVERIFIED"}
    assert all(block["value"] is None for block in graded(calls["3.k.7"]))
    assert calls["3.h.1"]["act"] == "dd-12541-2024"


@pytest.mark.parametrize("name", ["acts", "bodies", "funds", "targets", "calls", "organisations"])
def test_grades_are_three_words_and_codes_are_not_doubled(name):
    content = pack.read_yaml(FOLDER / f"{name}.yaml")
    assert {block["grade"] for block in graded(content)} <= GRADES
    for value in content.values():
        if isinstance(value, list):
            codes = [block["code"] for block in value if "code" in block]
            assert len(set(codes)) == len(codes)


def test_staffing_figures_say_their_universe_and_the_800_have_no_year():
    known = pack.read_yaml(FOLDER / "staffing_universes.yaml", required=["universes", "statuses"])
    rows = pack.read_csv(FOLDER / "staffing_series.csv", required=["year", "value", "universe", "status", "source"])
    assert {row["universe"] for row in rows} <= set(known["universes"])
    assert {row["status"] for row in rows} <= set(known["statuses"])
    series = [
        (r["year"], r["value"], r["status"]) for r in rows if r["universe"] in ("sioss_ambiti", "permanent_report")
    ]
    assert series == [
        ("2020", "546", "final"),
        ("2021", "568", "final"),
        ("2022", "732", "forecast"),
        ("2024", "781", "reported"),
        ("", "800", "prospect"),
    ]


def test_only_certain_days_of_signature_are_given():
    rows = pack.read_csv(FOLDER / "siil_protocols.csv", required=["zone", "signed_on", "known_by"])
    assert {row["zone"]: row["signed_on"] for row in rows} == {
        "val-di-nievole": "2025-02-05",
        "valli-etrusche": "",
        "valdarno": "",
        "lunigiana": "2025-07-15",
        "alta-val-di-cecina-val-d-era": "",
        "empolese-valdarno-valdelsa": "2025-08-25",
    }
    assert all(row["signed_on"] or row["known_by"] for row in rows)


def test_every_file_of_the_pack_is_explained_and_has_its_licence():
    explained = (FOLDER / "README.md").read_text(encoding="utf-8")
    licences = (FOLDER / "LICENSES.md").read_text(encoding="utf-8")
    for file in sorted(FOLDER.rglob("*")):
        if file.is_file() and file.suffix != ".md":
            name = file.relative_to(FOLDER).as_posix()
            assert f"`{name}`" in explained
            assert f"`{name}`" in licences
