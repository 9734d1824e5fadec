"""Somebody prepares a region pack in a spreadsheet and makes mistakes: every mistake is told, each with its place."""

import shutil
from datetime import date

import pytest

from accanto.territory import pack

TODAY = date(2026, 11, 21)


@pytest.fixture
def copied(tmp_path):
    target = tmp_path / "toscana"
    target.mkdir()
    for name in ("pack.yaml", "zones.csv", "municipalities.csv", "populations.csv", "zones_map.json"):
        shutil.copy(pack.folder() / name, target / name)
    return target


def change(folder, name, *pairs):
    text = (folder / name).read_text(encoding="utf-8")
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after, 1)
    (folder / name).write_text(text, encoding="utf-8")


def problems(folder):
    with pytest.raises(pack.PackError) as caught:
        pack.check(folder, today=TODAY)
    return [str(problem) for problem in caught.value.problems]


def test_all_mistakes_of_all_files_are_told_at_once(copied):
    change(copied, "municipalities.csv", ("D612,firenze", "D61,firenzee"), ("44.20763,9.99955", "9.99955,44.20763"))
    change(copied, "populations.csv", ("045001,2020-01-01,10739", "045001,01/01/2020,diecimila"))
    change(copied, "zones.csv", ("2,fiorentina-nord-ovest", "1,fiorentina-nord-ovest"))
    told = problems(copied)
    for expected in (
        "municipalities.csv, riga 2, campo «lat»: 9.99955 non è fra 42.2 e 44.5",
        "municipalities.csv, riga 2, campo «lon»: 44.20763 non è fra 9.6 e 12.4",
        "populations.csv, riga 2, campo «date»: «01/01/2020» non è una data; scrivila come 2024-12-31",
        "zones.csv, riga 3, campo «id»: «1» c’è già alla riga 2",
    ):
        assert expected in told
    assert any("campo «cadastral_code»: «D61» non ha la forma giusta, per esempio D612" in t for t in told)
    assert any("campo «zone»: «firenzee» non è fra i valori ammessi" in t for t in told)
    assert any("campo «residents»: «diecimila» non è un numero" in t for t in told)


def test_a_population_that_does_not_add_up_names_the_day_and_both_totals(copied):
    change(copied, "populations.csv", ("048017,2024-12-31,361705", "048017,2024-12-31,361706"))
    assert problems(copied) == [
        "pack.yaml, riga 17, campo «total»: i comuni di populations.csv al 31/12/2024 sommano 3657717"
    ]


def test_a_population_of_tomorrow_is_refused(copied):
    change(copied, "populations.csv", ("048017,2024-12-31,361705", "048017,2027-01-01,361705"))
    assert any("01/01/2027 non è ancora passato" in told for told in problems(copied))


def test_a_zone_without_a_drawing_is_told(copied):
    change(copied, "zones_map.json", ('"zone":"mugello"', '"zone":"mugelo"'))
    assert problems(copied) == [
        "zones_map.json: manca il disegno della zona «mugello»",
        "zones_map.json: la zona «mugelo» non è in zones.csv",
    ]


def test_missing_files_are_told_together_and_before_everything_else(copied):
    (copied / "zones.csv").unlink()
    (copied / "zones_map.json").write_text("{}")
    assert problems(copied) == [
        "zones.csv: il file manca nella cartella toscana",
        "zones_map.json: non è un disegno delle zone; rifallo con «python -m accanto.territory.outline»",
    ]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    assert problems(tmp_path / "umbria")[0].endswith("umbria: la cartella non esiste")


def test_blocks_of_the_wrong_shape_are_told_not_stumbled_on(copied):
    change(copied, "pack.yaml", ("bounds: {south: 42.2, north: 44.5, west: 9.6, east: 12.4}", "bounds: Toscana"))
    assert "pack.yaml, riga 2, campo «bounds»: qui va un blocco di nomi e valori" in problems(copied)
