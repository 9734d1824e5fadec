"""What every test may ask for: the same three people, a browser for each, PostgreSQL as the application sees it.

And what finds mistakes before users do: an undefined variable of a template fails, the rows of a queryset nobody has
ordered come in any order, warnings are errors (naive dates among them), the network is closed."""

import gc
import os
import random
from contextlib import contextmanager

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accanto.access import door
from accanto.access.role import Kind, write_rights
from accanto.access.session import SessionStore, write_key
from tests import factories

# Machines are slow or busy: how long an example takes is no mistake. A run of the integration tries the same examples.
hypothesis.settings.register_profile(
    "accanto",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
hypothesis.settings.load_profile("accanto")


class Undefined(str):
    """Given to the template engine in the place of an empty text: it refuses to stand for an undefined variable."""

    def __contains__(self, text):
        return text == "%s" or super().__contains__(text)

    def __mod__(self, variable):
        raise AssertionError(f"the template uses {variable!s}, which the page does not give it")


# What is imported stays: the collector of what nobody holds is not to look at it over and over while the tests run.
gc.set_threshold(50_000, 20, 100)


def pytest_collection_finish(session):
    gc.collect()
    gc.freeze()


# the algorithm of production at its lowest price: what is tested is not how long it takes
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1

# nor how busy the machine is: a statement of a test may wait as long as the test itself (pytest-timeout ends that)
settings.DATABASES["default"]["OPTIONS"]["options"] = "-c statement_timeout=0"

settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("undefined: %s")

_fetch_all = QuerySet._fetch_all


def _fetch_all_in_any_order(rows):
    fetched_before = rows._result_cache is not None
    _fetch_all(rows)
    if not fetched_before and not rows.ordered:
        random.shuffle(rows._result_cache)


QuerySet._fetch_all = _fetch_all_in_any_order


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        write_rights()
        write_key()


@pytest.fixture(autouse=True)
def _nothing_kept():
    """What a test counted is not another test's figure."""
    cache.clear()


@pytest.fixture
def enter():
    """A browser signed in as someone, acting in their role: `enter(anna)`."""

    def sign_in(acting):
        client = Client()
        client.force_login(acting.user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["role"] = acting.role.pk
        session.save()
        return client

    return sign_in


@pytest.fixture
def token_of(db):
    """The token of a live session of someone in their role: `token_of(anna)`."""

    def begin(acting):
        session = SessionStore()
        session[SESSION_KEY], session["role"] = str(acting.user.pk), acting.role.pk
        session.create()
        return session.session_key

    return begin


@pytest.fixture
def as_application(token_of):
    """PostgreSQL as a page of someone sees it, or as nobody does: `with as_application(anna) as cursor:`."""

    @contextmanager
    def act(acting, *, token=None, writing=True):
        token = token or (token_of(acting) if acting else None)
        with door.opened(token=token, writing=writing), connection.cursor() as cursor:
            yield cursor

    return act


@pytest.fixture
def same_queries(db):
    """A page asks the same queries however many rows it shows: `same_queries(open_page, more=add_27_rows)`."""

    def compare(page, *, more):
        page()
        with CaptureQueriesContext(connection) as few:
            page()
        more()
        with CaptureQueriesContext(connection) as many:
            page()
        texts = "\n".join(query["sql"][:160] for query in many.captured_queries)
        assert len(many) == len(few), f"{len(few)} queries with few rows, {len(many)} with many:\n{texts}"

    return compare


@pytest.fixture
def mugello(db):
    return factories.zone("mugello")


@pytest.fixture
def versilia(db):
    return factories.zone("versilia")


@pytest.fixture
def anna(mugello):
    """Anna works here: a social worker of the zone of the scene."""
    return factories.user("anna", Kind.SOCIAL_WORKER, zone=mugello)


@pytest.fixture
def bruno(versilia):
    """Bruno works elsewhere: a social worker of another zone."""
    return factories.user("bruno", Kind.SOCIAL_WORKER, zone=versilia)


@pytest.fixture
def carla(db):
    """Carla is not a worker: the person in charge, who reads her own file."""
    return factories.user("carla", Kind.PERSON, name="")


@pytest.fixture
def tutor(db):
    body = factories.organisation("third_sector_body", "Cooperativa di prova")
    return factories.user("tutor", Kind.THIRD_SECTOR_TUTOR, organisation=body)


@pytest.fixture
def officer(db):
    return factories.user("officer", Kind.REGIONAL_OFFICER)


@pytest.fixture
def administrator(db):
    return factories.user("administrator", Kind.ADMINISTRATOR)


@pytest.fixture
def protector(db):
    """The data-protection officer."""
    return factories.user("protector", Kind.DATA_PROTECTION_OFFICER)


@pytest.fixture
def users():
    return get_user_model().objects


@pytest.fixture
def planner(mugello):
    """The planner of the zone where Anna works."""
    return factories.user("planner", Kind.ZONE_PLANNER, zone=mugello)


@pytest.fixture
def other_planner(versilia):
    """The planner of the zone where Bruno works."""
    return factories.user("other_planner", Kind.ZONE_PLANNER, zone=versilia)
