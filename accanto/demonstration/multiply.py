"""The same histories lived by other people: how a region of a thousand lives becomes one of a million.

PostgreSQL copies every row of the lives that are there, as many times as wanted, with its number and all that it points
at moved on by the same step; names and fiscal codes are drawn anew for each."""

import datetime as dt
import random

from accanto.demonstration import names
from accanto.demonstration.chapters import keys_of, name_key
from accanto.demonstration.sheets import Sheet
from accanto.people.person import Person
from accanto.people.registry import Registry
from accanto.people.search_key import SearchKey

STEP = 100_000_000  # between a number and its copy
WITH_NAMES = ("people_person", "people_registry", "people_searchkey")
# columns that hold the number of a row without being a foreign key
NUMBERS = {"access_act": ("user_id", "role_id", "object_id", "subject_id"), "access_reading": ("user_id", "role_id")}
# what must be unique in the whole region
DISTINCT = {
    "access_user": {"username": "t.username || '.' || k"},
    "access_organisation": {"name": "left(t.name, 180) || ', ' || k"},
    "access_reading": {"subject_ids": "array(select id + k * {step}::bigint from unnest(t.subject_ids) id)"},
}


def statement(cursor, table, first, tables):
    """The INSERT that copies the rows of a table. `first` gives the first number of the lives in each table: what has a
    smaller one was there before them and is pointed at as it is."""
    cursor.execute(
        "select a.attname, coalesce(f.confrelid::regclass::text, '') from pg_attribute a "
        "left join pg_constraint f on f.conrelid = a.attrelid and f.contype = 'f' and f.conkey = array[a.attnum] "
        "where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum",
        [table],
    )
    targets = {}
    for column, target in cursor.fetchall():
        targets[column] = targets.get(column) or target
    columns, values = [], []
    for column, target in targets.items():
        columns.append(f'"{column}"')
        moved = f't."{column}" + k * {STEP}::bigint'
        if column in DISTINCT.get(table, {}):
            values.append(DISTINCT[table][column].format(step=STEP))
        elif column == "id" or column in NUMBERS.get(table, ()):
            values.append(moved)
        elif target in tables:
            values.append(f'case when t."{column}" >= {first[target]} then {moved} else t."{column}" end')
        else:
            values.append(f't."{column}"')
    return (
        f"insert into {table} ({', '.join(columns)}) select {', '.join(values)} "
        f"from {table} t, generate_series(%s::int, %s::int) k where t.id >= {first[table]} and t.id < {STEP}"
    )


def other_people(cursor, *, seed, copies, first):
    """Persons, registry data and search keys of the copies, in the same sheets as the others."""
    rows = cursor.execute(
        "select p.id, p.subject_id, p.zone_id, p.phone, r.id, r.birth_date, r.sex, r.municipality_id "
        "from people_person p join people_registry r on r.person_id = p.id "
        "where p.id >= %s and p.id < %s order by p.id",
        [first["people_person"], STEP],
    ).fetchall()
    codes = {zone: set() for _id, _subject, zone, *_rest in rows}
    for zone, code in cursor.execute("select zone_id, fiscal_code from people_registry").fetchall():
        codes.setdefault(zone, set()).add(code)
    whose = ("subject_id", "zone_id")
    people = Sheet(Person, [*whose, "given_name", "family_name", "name_key", "phone"])
    registries = Sheet(
        Registry, [*whose, "person_id", "fiscal_code", "birth_date", "birth_place", "sex", "municipality_id"]
    )
    keys = Sheet(SearchKey, [*whose, "key"], first=STEP)
    for k in range(1, copies):
        rng, step = random.Random(f"{seed}/copy/{k}"), k * STEP
        for person, subject, zone, phone, registry, birth_date, sex, town in rows:
            given, family, born_in = names.draw(rng, sex=sex, from_abroad=rng.random() < 0.22)
            birth_date += dt.timedelta(days=k)
            code = names.fiscal_code(given=given, family=family, birth_date=birth_date, sex=sex, place=born_in)
            while code in codes[zone]:
                birth_date += dt.timedelta(days=1)
                code = names.fiscal_code(given=given, family=family, birth_date=birth_date, sex=sex, place=born_in)
            codes[zone].add(code)
            people.next, registries.next = person + step, registry + step
            people.add(subject + step, zone, given, family, name_key(given, family), phone)
            registries.add(subject + step, zone, person + step, code, birth_date, names.place_name(born_in), sex, town)
            for key in keys_of(given, family):
                keys.add(subject + step, zone, key)
        for sheet in (people, registries, keys):
            with cursor.copy(sheet.statement) as copy:
                copy.write("".join(sheet.lines))
            sheet.lines = []
