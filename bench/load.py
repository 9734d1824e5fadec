"""A region of any size for the measures: `python -m bench.load --people 1000000 --seed accanto`.

It is made once on the embedded server of ACCANTO_HOME and kept there as the database `bench_<people>_<seed>`. Up to
five thousand lives are told one by one, like the demonstration's. Above, PostgreSQL copies those as many times as it
takes, and every copy gets a name and a fiscal code of its own (see `accanto/demonstration/multiply.py`)."""

import argparse
import datetime as dt
import math
import os
import queue
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg

from bench import pay

TOLD = 5_000  # lives told one by one
MANY = 200_000  # people above which registers are shorter
SHORT_REGISTER = 45  # days
# those of the tables, and those that point at them
KEYS = """
select c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid) from pg_constraint c
where c.contype = 'f' and (c.conrelid::regclass::text = any(%s) or c.confrelid::regclass::text = any(%s)) order by 1, 2
"""
GUARDED = (
    "traineeships_attendanceday",
    "traineeships_registersignature",
    "traineeships_monthallowance",
    "traineeships_paymentlist",
    "traineeships_paymentline",
)
TABLES = """
select oid::regclass::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
order by relpages desc
"""
INDEXES = """
select i.indrelid::regclass::text, x.relname, coalesce(pg_get_constraintdef(c.oid), ''), pg_get_indexdef(i.indexrelid)
from pg_index i join pg_class x on x.oid = i.indexrelid left join pg_constraint c on c.conindid = i.indexrelid
  and c.contype in ('p', 'u', 'x')
where i.indrelid::regclass::text = any(%s) order by 1, 2
"""


class Loader:
    def __init__(self, url):
        self.url = url

    @contextmanager
    def step(self, text):
        print(f"  {text} …", end=" ", flush=True)
        begun = time.monotonic()
        yield
        print(f"{time.monotonic() - begun:.1f} s", flush=True)

    def connect(self):
        connection = psycopg.connect(self.url, autocommit=True)
        connection.execute("set synchronous_commit = off")
        connection.execute("set maintenance_work_mem = '400MB'")
        return connection

    def together(self, statements):
        """Statements that do not need one another, two at a time: the machine has at least two processors."""
        connections = queue.SimpleQueue()
        for _n in range(2):
            connections.put(self.connect())

        def run(statement):
            connection = connections.get()
            try:
                connection.execute(*statement)
            finally:
                connections.put(connection)

        try:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(run, statements))
        finally:
            for _n in range(2):
                connections.get().close()

    def load(self, *, people, seed, today, now):
        from accanto.demonstration import build

        copies = math.ceil(people / TOLD)
        days_back = SHORT_REGISTER if people > MANY else None
        with self.step(f"{people // copies} vite"):
            _rows, first = build.fill(
                seed=seed, people=people // copies, today=today, now=now, passwords=False,
                days_back=days_back, releases=0,
            )  # fmt: skip
        if copies > 1:
            self.multiply(copies=copies, seed=seed, first=first, today=today)
        with self.step("statistiche"), self.connect() as connection:
            tables = connection.execute(TABLES).fetchall()
            self.together((f"vacuum analyze {table}", None) for (table,) in tables)

    def multiply(self, *, copies, seed, first, today):
        from accanto.demonstration import multiply

        tables = sorted({*first, *pay.TABLES})
        with self.connect() as connection:
            cursor = connection.cursor()
            size = {table: cursor.execute(f"select count(*) from {table}").fetchone()[0] for table in tables}
            statements = [
                (multiply.statement(cursor, table, first, tables), [1, copies - 1])
                for table in sorted(first, key=lambda table: -size[table])
                if table not in multiply.WITH_NAMES
            ]
            keys = cursor.execute(KEYS, [tables, tables]).fetchall()
            keys.sort(key=lambda key: -size.get(key[0], 0))
            indexes = cursor.execute(INDEXES, [tables]).fetchall()
            indexes.sort(key=lambda index: -size[index[0]])
            with self.step("indici da parte"), connection.transaction():
                for table, name, _definition in keys:
                    cursor.execute(f'alter table {table} drop constraint "{name}"')
                # what guards a fact while it is written has looked at the lives that are copied
                for table in GUARDED:
                    cursor.execute(f"alter table {table} disable trigger user")
                for table, name, constraint, _definition in indexes:
                    cursor.execute(
                        f'alter table {table} drop constraint "{name}"' if constraint else f'drop index "{name}"'
                    )
            with self.step(f"{copies} copie"), ThreadPoolExecutor() as pool:
                named = pool.submit(multiply.other_people, cursor, seed=seed, copies=copies, first=first)
                self.together(statements)
                named.result()
            with self.step("pagamenti"):
                last = today.replace(day=1) - dt.timedelta(days=1)
                pay.months_before(cursor, last.replace(day=1))
            with self.step("indici"):
                self.together(
                    (f'alter table {table} add constraint "{name}" {constraint}' if constraint else definition, None)
                    for table, name, constraint, definition in indexes
                )
            with self.step("chiavi"):
                # declared one at a time, for they lock both tables; then checked together, for that locks nobody out
                for table, name, definition in keys:
                    cursor.execute(f'alter table {table} add constraint "{name}" {definition} not valid')
                self.together(
                    (f'alter table {table} validate constraint "{name}"', None) for table, name, _definition in keys
                )
            for table in GUARDED:
                cursor.execute(f"alter table {table} enable trigger user")
            for table in tables:
                cursor.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))")


def name_of(people, seed):
    return f"bench_{people}_{re.sub('[^a-z0-9]', '_', seed.lower())}"[:50]


def at_database(url, name):
    """The address of another database of the same server."""
    return re.sub(r"/[^/?]*\?", f"/{name}?", url, count=1)


def ready(server, *, people, seed):
    """The name of the database with that region, made if it is not there. ACCANTO_* of the environment point at it."""
    from accanto.embedded.cluster import prepare_cluster

    name = name_of(people, seed)
    unfinished = f"{name}_unfinished"
    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        there = connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if not there:
            connection.execute(f"drop database if exists {unfinished}")
    if there:
        point_at(server, name)
        return name
    begun = time.monotonic()
    prepare_cluster(server.superuser_url, database=unfinished)
    point_at(server, unfinished)
    for command in ("migrate", "init"):
        subprocess.run([sys.executable, "-m", "accanto", command], check=True)
    from accanto.console.preparation import as_owner

    as_owner()
    from django.db import connection as django_connection
    from django.utils import timezone

    Loader(os.environ["ACCANTO_OWNER_DATABASE_URL"]).load(
        people=people, seed=seed, today=timezone.localdate(), now=timezone.now()
    )
    django_connection.close()
    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        connection.execute(f"alter database {unfinished} rename to {name}")
    django_connection.settings_dict["NAME"] = name
    point_at(server, name)
    print(f"  {name}: {people} persone in {time.monotonic() - begun:.0f} s", flush=True)
    return name


def point_at(server, name):
    from accanto.console.preparation import kept_secret

    os.environ |= {
        "ACCANTO_DATABASE_URL": at_database(server.app_url, name),
        "ACCANTO_OWNER_DATABASE_URL": at_database(server.owner_url, name),
        "ACCANTO_EMBEDDED": "1",
        "ACCANTO_SECRET_KEY": os.environ.get("ACCANTO_SECRET_KEY") or kept_secret(),
        "DJANGO_SETTINGS_MODULE": "accanto.settings",
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="bench.load", description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seed", default="accanto")
    options = parser.parse_args(arguments)
    from accanto.console.preparation import home
    from accanto.embedded import Server

    with Server(home()).running() as server:
        ready(server, people=options.people, seed=options.seed)


if __name__ == "__main__":
    main()
