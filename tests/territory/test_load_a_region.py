"""The administrator brings a region into the database, and again when the pack changes."""

import shutil
from datetime import UTC, date, datetime

import pytest

from accanto.territory import pack
from accanto.territory.models import Municipality, Population, Zone

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
DAY = date(2024, 12, 31)

pytestmark = pytest.mark.django_db


@pytest.fixture
def tuscany():
    return pack.load(pack.folder(), now=NOW)


@pytest.fixture
def own_copy(tmp_path):
    target = tmp_path / "toscana"
    shutil.copytree(pack.folder(), target)
    return target


def rewrite(file, before, after):
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def counts(loaded):
    return {name: (done.added, done.changed, done.unchanged) for name, done in loaded.items()}


def test_loading_twice_changes_nothing(tuscany):
    assert counts(tuscany) == {"zones": (28, 0, 0), "municipalities": (273, 0, 0), "populations": (1365, 0, 0)}
    again = pack.load(pack.folder(), now=NOW)
    assert counts(again) == {"zones": (0, 0, 28), "municipalities": (0, 0, 273), "populations": (0, 0, 1365)}


def test_a_corrected_pack_changes_only_what_was_corrected(tuscany, own_copy):
    rewrite(own_copy / "zones.csv", "mugello,Mugello", "mugello,Zona del Mugello")
    again = pack.load(own_copy, now=NOW)
    assert counts(again)["zones"] == (0, 1, 27)
    assert Zone.objects.get(code="mugello").name == "Zona del Mugello"


def test_a_day_taken_out_of_the_pack_is_named_and_stays(tuscany, own_copy):
    kept = (own_copy / "populations.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (own_copy / "populations.csv").write_text("".join(r for r in kept if ",2021-01-01," not in r), encoding="utf-8")
    total = '  - {date: 2021-01-01, total: 3668333, published: 3692865, published_for: "31/12/2020, altra serie"}\n'
    rewrite(own_copy / "pack.yaml", total, "")
    again = pack.load(own_copy, now=NOW)
    assert len(again["populations"].left) == 273
    assert "048017 2021-01-01" in again["populations"].left
    assert Population.objects.count() == 1365


def test_the_number_of_a_zone_is_never_given_to_another(tuscany, own_copy):
    rewrite(own_copy / "zones.csv", "4,mugello,", "99,mugello,")
    with pytest.raises(pack.PackError, match="la zona «mugello» ha già il numero 4, che non cambia"):
        pack.load(own_copy, now=NOW)


def test_a_broken_pack_writes_nothing(own_copy):
    rewrite(own_copy / "populations.csv", "048017,2024-12-31,361705", "048017,2024-12-31,molti")
    with pytest.raises(pack.PackError):
        pack.load(own_copy, now=NOW)
    assert not Zone.objects.exists()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("firenze", "Firenze"),
        ("COLLE DI VAL D’ELSA", "Colle di Val d'Elsa"),
        ("colle val", None),
        ("citta", None),
        ("  forte  dei ", "Forte dei Marmi"),
        ("-", None),
    ],
)
def test_a_municipality_is_found_as_people_type_it(tuscany, typed, found):
    first = Municipality.objects.named_like(typed).first()
    assert (first and first.name) == found


def test_names_that_begin_with_the_text_come_first(tuscany):
    names = [m.name for m in Municipality.objects.named_like("monte")]
    begins = [name.casefold().startswith("monte") for name in names]
    assert begins == sorted(begins, reverse=True)
    assert True in begins
    assert False in begins


def test_residents_of_zones_are_of_one_day_and_sum_to_the_region(tuscany):
    of_zone = Population.objects.on(DAY).by_zone()
    assert len(of_zone) == 28
    assert sum(of_zone.values()) == Population.objects.on(DAY).total() == 3_657_716
    annotated = {zone.pk: zone.residents for zone in Zone.objects.with_residents(on=DAY)}
    assert annotated == of_zone
    assert Population.objects.on(date(2024, 1, 1)).total() is None
    assert Population.objects.latest_date(date(2022, 6, 30)) == date(2022, 1, 1)
    assert Population.objects.latest_date(date(2019, 12, 31)) is None


def test_zones_that_need_a_service_centre_are_derived(tuscany):
    assert Zone.objects.with_municipality_over(75_000, on=pack.population_day()).count() == 8
    assert not Zone.objects.with_municipality_over(75_000, on=date(2024, 1, 1)).exists()


def test_municipalities_of_a_zone_and_zones_of_a_health_authority(tuscany):
    elba = Zone.objects.get(code="elba")
    assert all(m.island for m in Municipality.objects.in_zone(elba))
    assert Zone.objects.of_health_authority("Azienda USL Toscana Centro").count() == 8
    assert [zone.id for zone in Zone.objects.all()] == list(range(1, 29))
