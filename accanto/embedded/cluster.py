"""The three roles and the database of Accanto, wherever PostgreSQL runs.

accanto_owner owns the database and is used only by `accanto migrate`, `init` and `demo`; accanto_app is what serves and
works, member of nothing; accanto_definer cannot sign in and owns the functions that look over the policies.
"""

import re
import secrets
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from accanto.embedded.errors import EmbeddedError

OWNER, APP, DEFINER = "accanto_owner", "accanto_app", "accanto_definer"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")
OLDEST_SERVER = 150000


@dataclass(frozen=True)
class Passwords:
    owner: str
    app: str

    @classmethod
    def new(cls) -> "Passwords":
        return cls(owner=secrets.token_urlsafe(24), app=secrets.token_urlsafe(24))


def cluster_sql(*, database: str = "accanto", owner_password: str, app_password: str) -> str:
    """The statements of `prepare_cluster` as a psql script, for a database administrator who prefers to read first."""
    return "\n".join(
        [
            f"create role {OWNER} login password {_literal(owner_password)};",
            f"create role {APP} login password {_literal(app_password)};",
            f"create role {DEFINER} nologin;",
            *(f"{statement};" for statement in (_OWNER_MAY_GIVE, *_on_the_cluster(database))),
            f"\\connect {_identifier(database)}",
            *(f"{statement};" for statement in _inside_the_database()),
            "",
        ]
    )


# The owner of a function may give it away only to a role it is a member of.
_OWNER_MAY_GIVE = f"grant {DEFINER} to {OWNER}"


def _on_the_cluster(database: str) -> list[str]:
    name = _identifier(database)
    return [
        f"create database {name} owner {OWNER} template template0 encoding 'UTF8'",
        # PUBLIC could make temporary tables, which a function with a loose search_path would read before ours.
        f"revoke all on database {name} from public",
        f"grant connect on database {name} to {APP}",
    ]


def _inside_the_database() -> list[str]:
    return [
        *(f"create extension if not exists {extension} with schema public" for extension in EXTENSIONS),
        "revoke create on schema public from public",
        f"grant usage on schema public to {APP}",
        # A role can be given a function only where it could have created it.
        f"grant usage, create on schema public to {DEFINER}",
    ]


def prepare_cluster(superuser_url: str, *, database: str = "accanto", passwords: Passwords | None = None) -> None:
    """Create what is missing among roles, database, extensions and grants; what exists and is right is left alone.

    `superuser_url` reaches any existing database as a superuser, or as a role with CREATEROLE and CREATEDB where the
    server is rented. Passwords are set when given, and sent as SCRAM verifiers, so that no server log can hold them.
    Raises EmbeddedError where an existing role has more power than it may have.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if connection.info.server_version < OLDEST_SERVER:
            raise EmbeddedError(
                f"Il server PostgreSQL è la versione {connection.info.server_version // 10000}: "
                "serve la 15 o successiva."
            )
        _make_roles(connection, passwords)
        connection.execute(_OWNER_MAY_GIVE)
        (is_superuser,) = _row(connection, "select rolsuper from pg_roles where rolname = current_user")
        if not is_superuser:
            connection.execute(f"grant {OWNER} to current_user")
        create, *grants = _on_the_cluster(database)
        if not _row(connection, "select 1 from pg_database where datname = %s", database):
            connection.execute(create)
        for statement in grants:
            connection.execute(statement)
    with psycopg.connect(superuser_url, dbname=database, autocommit=True) as connection:
        for statement in _inside_the_database():
            connection.execute(statement)


def _make_roles(connection: psycopg.Connection, passwords: Passwords | None) -> None:
    wanted = [
        (OWNER, "login", passwords.owner if passwords else None),
        (APP, "login", passwords.app if passwords else None),
        (DEFINER, "nologin", None),
    ]
    for role, login, password in wanted:
        if not _row(connection, "select 1 from pg_roles where rolname = %s", role):
            connection.execute(f"create role {role} {login}")
        _refuse_too_much_power(connection, role)
        if password:
            verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
            connection.execute(f"alter role {role} password {_literal(verifier)}")


def _refuse_too_much_power(connection: psycopg.Connection, role: str) -> None:
    (powers,) = _row(
        connection,
        "select rolsuper or rolbypassrls or rolcreaterole or rolreplication from pg_roles where rolname = %s",
        role,
    )
    if powers:
        raise EmbeddedError(
            f"Il ruolo «{role}» esiste già e ha poteri che scavalcano la protezione dei dati: toglili con "
            f"«alter role {role} nosuperuser nobypassrls nocreaterole noreplication»."
        )
    memberships = connection.execute(
        "select roleid::regrole::text from pg_auth_members where member = %s::regrole order by 1", [role]
    ).fetchall()
    excess = [name for (name,) in memberships if not (role == OWNER and name == DEFINER)]
    if excess:
        raise EmbeddedError(
            f"Il ruolo «{role}» non può far parte di altri ruoli, perché ne erediterebbe le letture: "
            f"toglilo con «revoke {', '.join(excess)} from {role}»."
        )


def _row(connection: psycopg.Connection, query: str, *values: object) -> tuple[Any, ...]:
    return connection.execute(query, values).fetchone() or ()


def _identifier(name: str) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
        raise EmbeddedError(
            f"«{name}» non va bene come nome di un database: usa lettere minuscole, cifre e trattini bassi."
        )
    return name


def _literal(text: str) -> str:
    return sql.Literal(text).as_string(None)
