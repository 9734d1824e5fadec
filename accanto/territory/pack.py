"""A region pack: the folder that makes the platform a region's own. Here its territory is checked and loaded.

The other apps read their own files of the same folder with `read_csv` and `read_yaml`.
"""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import map as zones_map
from .municipality import Municipality, search_key
from .pack_file import PackError, Problem, Problems, Record, folder, read_csv, read_yaml
from .population import Population
from .zone import Zone

__all__ = [
    "PackError",
    "Problem",
    "Problems",
    "Record",
    "check",
    "folder",
    "load",
    "population_day",
    "read_csv",
    "read_yaml",
]

DECLARED = ("zones", "municipalities", "bounds", "populations", "population_in_use")
ZONE_COLUMNS = ("id", "code", "name", "health_authority", "provinces", "municipalities", "order", "ambito_code")
MUNICIPALITY_COLUMNS = (
    *("istat_code", "name", "province", "cadastral_code", "zone", "area_km2", "altitude_m"),
    *("coastal", "island", "lat", "lon"),
)
POPULATION_COLUMNS = ("istat_code", "date", "residents", "source")


@dataclass(frozen=True)
class Territory:
    """What a sound pack says of the ground, as rows not yet written."""

    zones: tuple[Zone, ...]
    municipalities: tuple[Municipality, ...]
    populations: tuple[Population, ...]


@dataclass
class Loaded:
    """What loading did to one table.

    `left` are the rows of the database that the pack no longer has: they stay, because other rows may point at them,
    and somebody must decide.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    left: list[str] = field(default_factory=list)


def population_day():
    """The day whose residents are used where a rule asks for residents and names no day, as the pack in use says."""
    return read_yaml(folder() / "pack.yaml", required=["population_in_use"]).day("population_in_use")


def check(pack_folder, *, today) -> Territory:
    """Reads the territory of a pack without touching the database.

    Raises PackError with all the problems of all its files. Dates after `today` are problems: a population is counted,
    not forecast.
    """
    pack_folder, problems = Path(pack_folder), Problems()
    if not pack_folder.is_dir():
        problems.add(str(pack_folder), _("la cartella non esiste"))
        problems.stop_if_any()
    declared = read_yaml(pack_folder / "pack.yaml", required=DECLARED, problems=problems)
    rows = {
        name: read_csv(pack_folder / f"{name}.csv", required=columns, problems=problems)
        for name, columns in (
            ("zones", ZONE_COLUMNS),
            ("municipalities", MUNICIPALITY_COLUMNS),
            ("populations", POPULATION_COLUMNS),
        )
    }
    drawn = zones_map.read(pack_folder / zones_map.FILE, problems=problems)
    # Files that could not be read would make every line that names them wrong: say the first causes, and only those.
    problems.stop_if_any()
    zones = _zones(rows["zones"], declared)
    municipalities = _municipalities(rows["municipalities"], zones, declared)
    populations = _populations(rows["populations"], {m.istat_code: m for m in municipalities}, declared, today)
    _zones_agree(rows["zones"], rows["municipalities"])
    _map_agrees(drawn, {zone.code for zone in zones}, problems)
    problems.stop_if_any()
    return Territory(tuple(zones), tuple(municipalities), tuple(populations))


def load(pack_folder, *, now) -> dict[str, Loaded]:
    """Brings the zones, the municipalities and their populations to what the pack says; loading twice changes nothing.

    Raises PackError, with nothing written, when the pack is wrong or gives the number of a zone to another one.
    """
    territory = check(pack_folder, today=timezone.localdate(now))
    problems = Problems()
    with transaction.atomic():
        numbers = dict(Zone.objects.values_list("id", "code"))
        codes = {code: number for number, code in numbers.items()}
        for zone in territory.zones:
            if numbers.get(zone.id, zone.code) != zone.code:
                problems.add("zones.csv", _("il numero %(number)s è già della zona «%(code)s»")
                             % {"number": zone.id, "code": numbers[zone.id]}, field="id")  # fmt: skip
            elif codes.get(zone.code, zone.id) != zone.id:
                problems.add("zones.csv", _("la zona «%(code)s» ha già il numero %(number)s, che non cambia")
                             % {"number": codes[zone.code], "code": zone.code}, field="id")  # fmt: skip
        problems.stop_if_any()
        return {
            "zones": _write(Zone, territory.zones, key=("id",)),
            "municipalities": _write(Municipality, territory.municipalities, key=("istat_code",)),
            "populations": _write(Population, territory.populations, key=("municipality_id", "date")),
        }


def _write(model, rows, *, key):
    columns = [f.attname for f in model._meta.concrete_fields if f.attname != "id" or "id" in key]
    present = {tuple(row[name] for name in key): row for row in model.objects.order_by().values(*columns)}
    loaded, to_write = Loaded(), []
    for row in rows:
        before = present.pop(tuple(getattr(row, name) for name in key), None)
        if before is None:
            loaded.added += 1
            to_write.append(row)
        elif before != {name: getattr(row, name) for name in columns}:
            loaded.changed += 1
            to_write.append(row)
        else:
            loaded.unchanged += 1
    model.objects.bulk_create(
        to_write,
        update_conflicts=True,
        unique_fields=[model._meta.get_field(name.removesuffix("_id")).name for name in key],
        update_fields=[f.name for f in model._meta.concrete_fields if f.attname in columns and f.attname not in key],
    )
    loaded.left = [" ".join(str(part) for part in left) for left in sorted(present)]
    return loaded


def _say_twice(records, field_name):
    first = {}
    for record in records:
        value = record[field_name]
        if value and value in first:
            record.wrong(
                field_name, _("«%(value)s» c’è già alla riga %(line)s") % {"value": value, "line": first[value]}
            )
        first.setdefault(value, record.line)


def _say_count(records, declared, name):
    expected = declared.whole(name, least=1)
    if expected is not None and len(records) != expected:
        declared.wrong(name, _("il file %(file)s ha %(found)s righe, qui se ne aspettano %(expected)s")
                       % {"file": f"{name}.csv", "found": len(records), "expected": expected})  # fmt: skip


def _zones(records, declared):
    _say_count(records, declared, "zones")
    for name in ("id", "code", "name", "order"):
        _say_twice(records, name)
    return [
        Zone(
            id=r.whole("id", least=1, most=32767),
            code=r.pattern("code", r"[a-z0-9]+(-[a-z0-9]+)*", example="val-di-nievole"),
            name=r.text("name", longest=120),
            health_authority=r.text("health_authority", longest=120),
            provinces=r.words("provinces"),
            order=r.whole("order", least=1, most=32767),
            ambito_code=r.text("ambito_code", optional=True, longest=20),
        )
        for r in records
    ]


def _municipalities(records, zones, declared):
    _say_count(records, declared, "municipalities")
    for name in ("istat_code", "name", "cadastral_code"):
        _say_twice(records, name)
    by_code = {zone.code: zone for zone in zones}
    bounds = declared.block("bounds")
    south, north = bounds.number("south"), bounds.number("north")
    west, east = bounds.number("west"), bounds.number("east")
    found = []
    for r in records:
        zone = by_code.get(r.one_of("zone", by_code))
        name = r.text("name", longest=120)
        found.append(
            Municipality(
                istat_code=r.pattern("istat_code", r"\d{6}", example="048017") or r["istat_code"],
                name=name,
                search_key=search_key(name or ""),
                province=r.pattern("province", r"[A-Z]{2}", example="FI"),
                cadastral_code=r.pattern("cadastral_code", r"[A-Z]\d{3}", example="D612"),
                zone=zone,
                area_km2=r.number("area_km2", least=0),
                altitude_m=r.whole("altitude_m", optional=True, least=-10, most=5000),
                coastal=r.yes("coastal"),
                island=r.yes("island"),
                lat=r.number("lat", least=south, most=north),
                lon=r.number("lon", least=west, most=east),
            )
        )
    return found


def _populations(records, by_code, declared, today):
    found, lines, sums = [], {}, {}
    for r in records:
        code = r["istat_code"]
        day, residents = r.day("date"), r.whole("residents", least=0)
        if code not in by_code:
            r.wrong("istat_code", _("nessun comune ha il codice «%(code)s» in municipalities.csv") % {"code": code})
            continue
        if day and day > today:
            r.wrong("date", _("%(day)s non è ancora passato") % {"day": f"{day:%d/%m/%Y}"})
        if (code, day) in lines:
            r.wrong("date", _("questo comune ha già una popolazione di quel giorno alla riga %(line)s")
                    % {"line": lines[code, day]})  # fmt: skip
        lines[code, day] = r.line
        if day and residents is not None:
            sums.setdefault(day, []).append(residents)
            source = r.text("source", longest=200)
            found.append(Population(municipality=by_code[code], date=day, residents=residents, source=source))
    expected = {}
    for counted in declared.blocks("populations"):
        day, total = counted.day("date"), counted.whole("total", least=0)
        expected[day] = total
        if day and total is not None and sum(sums.get(day, [])) != total:
            counted.wrong("total", _("i comuni di populations.csv al %(day)s sommano %(found)s")
                          % {"day": f"{day:%d/%m/%Y}", "found": sum(sums.get(day, []))})  # fmt: skip
    if declared.day("population_in_use") not in (None, *sums):
        declared.wrong("population_in_use", _("in populations.csv non c’è nessun comune con questo giorno"))
    for day, numbers in sums.items():
        if day not in expected:
            declared.wrong("populations", _("populations.csv ha anche il giorno %(day)s: aggiungilo con il suo totale")
                           % {"day": f"{day:%d/%m/%Y}"})  # fmt: skip
        if len(numbers) < len(by_code):
            declared.wrong("populations", _("al %(day)s mancano %(missing)s comuni in populations.csv")
                           % {"day": f"{day:%d/%m/%Y}", "missing": len(by_code) - len(numbers)})  # fmt: skip
    return found


def _zones_agree(zones, municipalities):
    """What zones.csv says of itself against the municipalities that name it: two hands wrote them."""
    for zone in zones:
        own = [m for m in municipalities if m["zone"] == zone["code"]]
        if zone.whole("municipalities", least=1) not in (None, len(own)):
            zone.wrong("municipalities", _("in municipalities.csv i comuni di questa zona sono %(found)s")
                       % {"found": len(own)})  # fmt: skip
        provinces = sorted({m["province"] for m in own})
        if own and provinces != sorted(zone["provinces"].split()):
            zone.wrong("provinces", _("in municipalities.csv le province di questa zona sono %(found)s")
                       % {"found": " ".join(provinces)})  # fmt: skip


def _map_agrees(drawn, codes, problems):
    shown = {shape.zone_code for shape in drawn.shapes}
    for code in sorted(codes - shown):
        problems.add(zones_map.FILE, _("manca il disegno della zona «%(code)s»") % {"code": code})
    for code in sorted(shown - codes):
        problems.add(zones_map.FILE, _("la zona «%(code)s» non è in zones.csv") % {"code": code})
