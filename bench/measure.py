"""The measures of the pages: `make bench ONLY=list PEOPLE=100000 SEED=accanto`.

Each page is asked of the production server, with its two workers, the log of readings on and the role of the
application; what is counted is the server's own time. Writes `bench/results.json`; see docs/how-to/measure.md."""

import argparse
import contextlib
import http.client
import json
import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from bench import import_records, load, requests
from bench import matching as bench_matching

DROPPED = 20
RESULTS = Path(__file__).parent / "results.json"
BYPASS = "accanto_bench"  # an equal of the application's role, for which policies do not count
COMPARED = 40  # requests of which the same rows are asked by plain SQL
BOTH_WAYS = 100  # requests of each page with and without policies


@dataclass
class Measured:
    times: list
    queries: list
    marks: list

    @property
    def median(self):
        return statistics.median(self.times)

    @property
    def p95(self):
        return statistics.quantiles(self.times, n=20)[-1]


class Site:
    """The production server on a database, in a process of its own."""

    def __init__(self, url, stopwatch):
        self.url, self.stopwatch = url, Path(stopwatch)
        self.stopwatch.touch()
        self.asked = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def __enter__(self):
        start = "from accanto.console.serving import run_server; import argparse; " + (
            f"run_server(argparse.Namespace(host='127.0.0.1', port={self.port}, workers=2))"
        )
        environment = os.environ | {"ACCANTO_DATABASE_URL": self.url, "ACCANTO_STOPWATCH": str(self.stopwatch)}
        environment.pop("ACCANTO_OWNER_DATABASE_URL", None)
        self.process = subprocess.Popen([sys.executable, "-c", start], env=environment)
        self.connections = [http.client.HTTPConnection("127.0.0.1", self.port, timeout=60) for _n in range(4)]
        for _try in range(300):
            with contextlib.suppress(OSError, http.client.HTTPException):
                self.connections[0].request("GET", "/sign-in/")
                self.connections[0].getresponse().read()
                return self
            self.connections[0].close()
            time.sleep(0.2)
        raise RuntimeError("the server did not start")

    def __exit__(self, *_problem):
        self.process.terminate()
        self.process.wait()

    def ask(self, request, session, *, mark, with_text=False):
        """The page's text. What it took is in the stopwatch's file, under its mark."""
        self.asked += 1
        connection = self.connections[self.asked % len(self.connections)]
        token = "b" * 32
        headers = {"Cookie": f"accanto_session={session}; accanto_csrf={token}", "X-Measure": mark}
        headers |= {"X-Measure-Text": "1"} if with_text else {}
        method, form = "GET", None
        if request.form:
            method, form = "POST", urlencode(request.form)
            headers |= {"X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, request.path, form, headers)
            answer = connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # it was idle for too long, and closed
            connection.close()
            connection.request(method, request.path, form, headers)
            answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            raise RuntimeError(f"{request.path}: the answer is {answer.status}")
        return text

    def lines(self, prefix):
        time.sleep(0.2)  # the last line is written after the last byte
        found = [json.loads(line) for line in self.stopwatch.read_text().splitlines()]
        return {line["name"]: line for line in found if line["name"].startswith(prefix)}


class Bench:
    def __init__(self, server, *, people, seed):
        self.server, self.people, self.seed = server, people, seed
        self.name = load.ready(server, people=people, seed=seed)
        self.folder = Path(tempfile.mkdtemp(prefix="accanto-bench-"))
        self.sessions = {}
        from accanto.console.serving import static_files

        self.owner_url = os.environ["ACCANTO_OWNER_DATABASE_URL"]
        self.app_url = load.at_database(server.app_url, self.name)
        os.environ["ACCANTO_DATABASE_URL"] = self.owner_url
        static_files()
        import django

        django.setup()
        from accanto.access.session import write_key

        write_key()  # the database may have been made under another secret
        self.cursor = psycopg.connect(self.owner_url, autocommit=True).cursor()

    def session(self, user):
        """The token of a session of that user in that role, made without a password."""
        if user not in self.sessions:
            from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

            from accanto.access.session import SessionStore
            from accanto.access.user import User

            session = SessionStore()
            session[SESSION_KEY] = str(user.user_id)
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session[HASH_SESSION_KEY] = User.objects.get(pk=user.user_id).get_session_auth_hash()
            session["role"] = user.role_id
            session.create()
            self.sessions[user] = session.session_key
        return self.sessions[user]

    def rows(self):
        counted = self.cursor.execute(
            "select sum(greatest(reltuples, 0))::bigint from pg_class "
            "where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        return counted.fetchone()[0]

    def page(self, site, name, asked):
        """Server times of the requests, the first ones dropped."""
        marks = [f"{name}.{secrets.token_hex(3)}.{n}" for n in range(len(asked))]
        found = 0
        for mark, request in zip(marks, asked, strict=True):
            text = site.ask(request, self.session(request.user), mark=mark)
            found += request.wanted is not None and f"/people/{request.wanted}/" in text
        lines = site.lines(name)
        kept = [lines[mark] for mark in marks[DROPPED:]]
        measured = Measured([line["ms"] for line in kept], [line["queries"] for line in kept], marks)
        wanted = sum(request.wanted is not None for request in asked)
        return measured, (found, wanted)

    def plain(self, site, name, asked):
        """Milliseconds of the page's own statements, for some requests, asked by the owner: no policy, no page."""
        times = []
        for n, request in enumerate(asked[:COMPARED]):
            mark = f"{name}.text.{n}"
            site.ask(request, self.session(request.user), mark=mark, with_text=True)
            statements = [s for s in site.lines(mark)[mark]["statements"] if is_plain(s)]
            with psycopg.connect(self.owner_url) as connection:
                cursor = connection.cursor()
                cursor.execute("select set_config('accanto.session', %s, true)", [self.session(request.user)])
                for _time in range(2):  # the second time counts
                    begun = time.perf_counter_ns()
                    for statement in statements:
                        cursor.execute(statement)
                        cursor.fetchall()
                    took = (time.perf_counter_ns() - begun) / 1e6
                connection.rollback()
            times.append(took)
        return statistics.median(times)

    def asked(self, name):
        from django.urls import reverse

        cursor, seed = self.cursor, self.seed
        if name == "list":
            return requests.pages(cursor, reverse("people"), seed=seed, name=name)
        if name == "case":
            path = reverse("person", args=[7]).replace("7", "{subject}")
            return requests.pages(cursor, path, seed=seed, name=name)
        if name == "my_day":
            return requests.days(cursor, reverse("my_day"), seed=seed, name=name)
        if name == "search":
            return requests.searches(cursor, reverse("search"), seed=seed, name=name)
        if name == "register":
            return requests.pages(cursor, reverse("week"), seed=seed, name=name, statement=requests.TUTORS)
        return requests.pages(cursor, reverse("dashboard"), seed=seed, name=name, statement=requests.PLANNERS)

    def measure(self, name):
        asked = self.asked(name)
        with Site(self.app_url, self.folder / f"{name}.jsonl") as site:
            measured, (found, wanted) = self.page(site, name, asked)
            plain = self.plain(site, name, asked)
        method = (
            f"server time of {len(asked) - DROPPED} requests of {len({r.user for r in asked})} users, after {DROPPED} "
            "dropped; 2 workers, log of readings on, role of the application"
        )
        more = {"found": found, "wanted": wanted} if wanted else {}
        return {
            "value": round(measured.median, 2),
            "unit": "ms",
            "p95_ms": round(measured.p95, 2),
            "queries": statistics.median(measured.queries),
            "plain_sql_ms": round(plain, 2),
            "times_plain_sql": round(measured.median / plain, 1) if plain else None,
            **more,
            **self.about(method),
        }

    def about(self, method):
        return {
            "people": self.people,
            "seed": self.seed,
            "commit": commit(),
            "rows": self.rows(),
            "method": method,
        }

    def import_100k(self):
        """100,000 rows of a spreadsheet checked, compared with the people of the largest zone, imported; then undone so
        that the region stays as it was. Two results: how long, how much memory."""
        zone_id, zone = self.cursor.execute(
            "select z.id, z.code from people_person p join territory_zone z on z.id = p.zone_id "
            "group by 1, 2 order by count(*) desc, 1 limit 1"
        ).fetchone()
        workers = self.cursor.execute(
            "select u.username from access_role r join access_user u on u.id = r.user_id "
            "and not u.password_is_temporary where r.kind = 'social_worker' and r.zone_id = %s and r.ends is null "
            "order by 1 limit 40",
            [zone_id],
        ).fetchall()
        known = self.cursor.execute(
            "select p.family_name, p.given_name, r.birth_date, r.fiscal_code from people_person p "
            "join people_registry r on r.person_id = p.id where p.zone_id = %s and r.birth_date is not null "
            "order by p.id limit 20000",
            [zone_id],
        ).fetchall()
        file = self.folder / "archivio.xlsx"
        import_records.write_file(file, seed=self.seed, workers=[name for (name,) in workers], known=known)
        command = [sys.executable, "-m", "bench.import_records", str(file), workers[0][0], zone]
        environment = os.environ | {"ACCANTO_DATABASE_URL": self.app_url}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"the import did not come to its end:\n{done.stderr[-3000:]}")
        found = json.loads(done.stdout)
        method = (
            f"{found['rows']} rows of a spreadsheet (XLSX) read, checked, compared and imported, as the application "
            "through row security, by one process and its children; memory: the largest of the process plus the "
            "largest of them"
        )
        more = {"parts": {key: round(found[key], 1) for key in ("checked", "undone")}, "imported": found["imported"]}
        more |= {"compared_by": found["compared_by"], **self.about(method)}
        return {"value": round(found["seconds"], 1), "unit": "s", **more}, {
            "value": found["peak_mib"],
            "unit": "MiB",
            "parts": {"own": found["own_mib"]},
            **self.about(method),
        }

    def monthly_close(self):
        """The registers of whole months closed, zone by zone, until there are ten thousand; nothing of it is kept."""
        command = [sys.executable, "-m", "bench.close_registers"]
        environment = os.environ | {"ACCANTO_DATABASE_URL": self.app_url}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"the close did not come to its end:\n{done.stderr[-3000:]}")
        found = json.loads(done.stdout)
        method = (
            f"{found['closed']} registers closed of {found['looked']} looked at, with {found['days']} days of "
            "presence, zone by zone, as the application through row security; checked, closed and logged, then undone"
        )
        return {"value": round(found["seconds"], 1), "unit": "s", **self.about(method)}

    def documents(self):
        """Attestations issued one by one and a thousand together; nothing of it is kept. Two results."""
        command = [sys.executable, "-m", "bench.documents"]
        environment = os.environ | {"ACCANTO_DATABASE_URL": self.app_url}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"the documents were not made:\n{done.stderr[-3000:]}")
        found = json.loads(done.stdout)
        method = (
            "attestations issued as the application through row security: facts of the register, number, PDF/A-2a and "
            f"PDF/UA-1, bytes, row, log, then undone; {found['single']} one by one, "
        )
        more = f"{found['made']} together by portions, zone by zone ({found['skipped']} skipped)"
        about = self.about(method + more)
        return {
            "value": round(found["median_ms"], 1),
            "unit": "ms",
            "p95_ms": round(found["p95_ms"], 1),
            **about,
        }, {"value": round(found["made"] / found["seconds"], 1), "unit": "/s", **about}

    def rls_cost(self):
        """What policies cost: the same requests to two servers, one of which signs in as a role they do not concern."""
        password = secrets.token_urlsafe(24)
        with psycopg.connect(self.server.superuser_url, autocommit=True) as connection:
            self.drop_bypass(connection)
            connection.execute(
                f"create role {BYPASS} login bypassrls inherit in role accanto_app password '{password}'"
            )
            connection.execute(f"grant connect on database {self.name} to {BYPASS}")
            try:
                return self.rls_cost_with(bypass_url(self.app_url, password))
            finally:
                with psycopg.connect(load.at_database(self.server.superuser_url, self.name), autocommit=True) as inside:
                    inside.execute(f"drop owned by {BYPASS}")
                self.drop_bypass(connection)

    def drop_bypass(self, connection):
        if connection.execute("select 1 from pg_roles where rolname = %s", [BYPASS]).fetchone():
            connection.execute(f"revoke all on database {self.name} from {BYPASS}")
            connection.execute(f"drop role {BYPASS}")

    def rls_cost_with(self, other_url):
        costs = {}
        with Site(self.app_url, self.folder / "on.jsonl") as on, Site(other_url, self.folder / "off.jsonl") as off:
            for name in ("list", "case", "my_day", "search"):
                asked = (self.asked(name) * 2)[: BOTH_WAYS + DROPPED]
                times = {"on": [], "off": []}
                for n, request in enumerate(asked):
                    for site in (on, off) if n % 2 else (off, on):
                        site.ask(request, self.session(request.user), mark=f"{name}.{n}")
                for side, site in (("on", on), ("off", off)):
                    lines = site.lines(f"{name}.")
                    times[side] = [lines[f"{name}.{n}"]["ms"] for n in range(DROPPED, len(asked))]
                costs[name] = percent(times)
        costs["aggregate"] = self.aggregate_cost(other_url)
        return {
            "value": round(statistics.median(costs.values()), 1),
            "unit": "%",
            "parts": {name: round(cost, 1) for name, cost in costs.items()},
            **self.about(
                f"median of list, case, my day, search and the hours of a zone, {BOTH_WAYS} requests each "
                "with policies and without, interleaved; without: an equal role with BYPASSRLS"
            ),
        }

    def aggregate_cost(self, other_url):
        """The hours of the user's own zone in a year, summed by PostgreSQL."""
        drawn, _rng = requests.users(self.cursor, requests.WORKERS, seed=self.seed, name="aggregate")
        statement = (
            "select sum(hours), count(*) from traineeships_attendanceday where zone_id = %s and superseded_at is null "
            "and day > current_date - 365"
        )
        times = {"on": [], "off": []}
        with psycopg.connect(self.app_url) as on, psycopg.connect(other_url) as off:
            for n in range(BOTH_WAYS):
                user = drawn[n % len(drawn)]
                seen = set()
                sides = [("on", on), ("off", off)]
                for side, connection in sides if n % 2 else sides[::-1]:
                    with connection.transaction():
                        connection.execute("select set_config('accanto.session', %s, true)", [self.session(user)])
                        begun = time.perf_counter_ns()
                        seen.add(connection.execute(statement, [user.zone_id]).fetchone())
                        times[side].append((time.perf_counter_ns() - begun) / 1e6)
                if len(seen) > 1:
                    raise RuntimeError("with policies and without the sums differ")
        return percent({side: took[DROPPED:] for side, took in times.items()})


def percent(times):
    return (statistics.median(times["on"]) / statistics.median(times["off"]) - 1) * 100


def is_plain(statement):
    """The statements that read: not those of the session, of the door and of the log."""
    begins = statement.lstrip().lower()
    return begins.startswith(("select", "with")) and not any(
        word in begins for word in ("set_config", "session_", "log_reading", "access_session")
    )


def bypass_url(url, password):
    head, tail = url.split("@", 1)
    return f"postgresql://{BYPASS}:{password}@{tail}" if head else url


def first_run():
    """Seconds from an empty folder to the line that says the site is ready, with the demonstration of 3,000; and of the
    second start."""
    home = Path(tempfile.mkdtemp(prefix="accanto-first-run-"))
    took = []
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ACCANTO_")}
    environment |= {"ACCANTO_HOME": str(home / "var"), "PYTHONUNBUFFERED": "1"}
    try:
        for port in (8911, 8912):
            begun = time.monotonic()
            command = [sys.executable, "-m", "accanto", "serve", "--port", str(port)]
            process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
            for line in process.stdout:
                if "Pronto" in line:
                    took.append(time.monotonic() - begun)
                    break
            process.terminate()
            process.communicate()
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if len(took) < 2:
        raise RuntimeError("the first run did not come to its end")
    return {
        "value": round(took[0], 1),
        "unit": "s",
        "second_start_s": round(took[1], 1),
        "people": 3000,
        "seed": "accanto",
        "commit": commit(),
        "rows": None,
        "method": "from an empty folder, nothing to download, to the line that says the site is ready",
    }


def matching(*, seed):
    """The assignment of people to places and its greedy baseline, in a process of their own: their memory is theirs."""
    command = [sys.executable, "-m", "bench.matching", "--seed", seed]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the assignment did not come to its end:\n{done.stderr[-3000:]}")
    return bench_matching.results(json.loads(done.stdout.splitlines()[-1]), seed=seed, commit=commit())


def commit():
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=Path(__file__).parent
    )
    return done.stdout.strip()


NAMES = {
    "list": "list.median_ms",
    "case": "case.median_ms",
    "search": "search.median_ms",
    "register": "register.median_ms",
    "dashboard": "dashboard.warm_ms",
    "my_day": "my_day.median_ms",
    "rls": "rls.cost_percent",
    "close": "monthly_close_10k.seconds",
    "documents": "document.median_ms",
    "import": "import_100k.seconds",
    "first_run": "first_run.seconds",
    "matching": "matching.plain_seconds",
}


PAIRS = {
    "import": ("import_100k.peak_mib", Bench.import_100k),
    "documents": ("documents.per_second", Bench.documents),
}


def chosen(only):
    """Names of the table above, or those of the results; several with commas; all where none is given."""
    if not only:
        return list(NAMES)
    # the assignment gives all its results together
    wanted = ["matching" if word.startswith("matching.") else word for word in only.split(",")]
    found = [short for short, name in NAMES.items() if short in wanted or name in wanted]
    if len(found) < len(wanted):
        raise SystemExit(f"measures: {', '.join(NAMES)}")
    return found


def keep(name, result):
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results[name] = result
    RESULTS.write_text(json.dumps(dict(sorted(results.items())), indent=1, ensure_ascii=False) + "\n")


def show(name, result):
    more = [
        f"{word} {result[key]}"
        for word, key in (
            ("p95", "p95_ms"),
            ("queries", "queries"),
            ("× plain SQL", "times_plain_sql"),
            ("found", "found"),
            ("of", "wanted"),
            ("parts", "parts"),
            ("second start", "second_start_s"),
        )
        if key in result
    ]
    print(f"{name:<22} {result['value']:>9} {result['unit']:<3} {'  '.join(more)}", flush=True)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="accanto bench", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help=", ".join(NAMES))
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seed", default="accanto")
    options = parser.parse_args(arguments)
    wanted = chosen(options.only)
    if "first_run" in wanted:
        wanted.remove("first_run")
        result = first_run()
        keep(NAMES["first_run"], result)
        show(NAMES["first_run"], result)
    if "matching" in wanted:
        wanted.remove("matching")
        for name, result in matching(seed=options.seed).items():
            keep(name, result)
            show(name, result)
    if not wanted:
        return
    from accanto.console.preparation import home
    from accanto.embedded import Server

    with Server(home()).running() as server:
        bench = Bench(server, people=options.people, seed=options.seed)
        try:
            for short in wanted:
                if short in PAIRS:
                    second, both = PAIRS[short]
                    for name, result in zip((NAMES[short], second), both(bench), strict=True):
                        keep(name, result)
                        show(name, result)
                    continue
                special = {"rls": bench.rls_cost, "close": bench.monthly_close}.get(short)
                result = special() if special else bench.measure(short)
                keep(NAMES[short], result)
                show(NAMES[short], result)
        finally:
            shutil.rmtree(bench.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
