"""Loaded before anything else (`-p tests.server`): gives the tests a PostgreSQL of their own and its address.

The tests sign in as the owner, who builds the scene; the door then takes the role of the application, so that what a
page sees in a test is what it sees in production."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_server = None


def start():
    from accanto.embedded import Server

    home = Path(tempfile.mkdtemp(prefix="accanto-test-"))
    home.chmod(0o755)
    server = Server(home, fast=True)
    server.start()
    import psycopg

    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        connection.execute("alter role accanto_owner createdb")
        connection.execute("grant accanto_app to accanto_owner")
        # A test leaves only dead rows behind: statistics taken of them say that tables are empty, and a plan made on
        # that reads a table once for every row of another (on PostgreSQL 15 ten seconds for what takes one ms).
        connection.execute("alter system set autovacuum = off")
        connection.execute("select pg_reload_conf()")
    os.environ["ACCANTO_DATABASE_URL"] = server.owner_url
    os.environ["ACCANTO_HOME"] = str(home / "home")
    return server


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    global _server
    if not os.environ.get("ACCANTO_TEST_DATABASE_URL"):
        _server = start()
    else:
        os.environ["ACCANTO_DATABASE_URL"] = os.environ["ACCANTO_TEST_DATABASE_URL"]
        os.environ["ACCANTO_HOME"] = tempfile.mkdtemp(prefix="accanto-test-")
    Path(os.environ["ACCANTO_HOME"], "static").mkdir(parents=True)
    os.environ["ACCANTO_SECRET_KEY"] = "a secret for the tests only"
    os.environ["ACCANTO_DOOR_ROLE"] = "accanto_app"
    os.environ["ACCANTO_STATIC_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    if _server:
        _server.stop()
        _server.remove()
        shutil.rmtree(_server.home, ignore_errors=True)
