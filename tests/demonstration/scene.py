"""The scene of these tests: the pack of the region and, on it, a small demonstration region."""

import datetime as dt
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.test import TestCase

from accanto.access import pack as bodies
from accanto.demonstration import build
from accanto.plan import pack as plan
from accanto.staffing import pack as staffing
from accanto.territory import pack

TODAY = dt.date(2026, 11, 18)  # a Wednesday
NOW = dt.datetime(2026, 11, 18, 9, tzinfo=dt.UTC)


class WithThePack(TestCase):
    """Once for all the tests of a class; what they write is undone."""

    @classmethod
    def setUpTestData(cls):
        for loader in (pack, bodies, plan, staffing):
            loader.load(settings.REGION_PACK, now=NOW)


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fill(*, people=300, seed="prova", today=TODAY, **more):
    return build.fill(seed=seed, people=people, today=today, now=NOW, passwords=False, **more)


def ask(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
