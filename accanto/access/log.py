"""The two logs, of acts and of readings. The application can only add to them, through functions that take the name of
the author from the live session; it has no right on the tables themselves."""

import json
import logging

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)


class Act(models.Model):
    """What someone did. Ids without foreign keys: the trace outlives what it speaks of."""

    at = models.DateTimeField(_("quando"))
    user_id = models.BigIntegerField(null=True)
    role_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=40)
    noun = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)
    zone_id = models.SmallIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("atto registrato")
        verbose_name_plural = _("atti registrati")
        indexes = [models.Index(fields=["subject_id", "at"], name="access_act_subject")]

    def __str__(self):
        return f"{self.verb} {self.noun}"


class Reading(models.Model):
    """Who opened which page, and about whom. One row a page, with all its subjects; refusals are rows too."""

    at = models.DateTimeField(_("quando"))
    user_id = models.BigIntegerField(null=True)
    role_id = models.BigIntegerField(null=True)
    page = models.CharField(max_length=60)
    subject_ids = ArrayField(models.BigIntegerField())
    refused = models.BooleanField(default=False)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("lettura")
        verbose_name_plural = _("letture")
        indexes = [
            GinIndex(fields=["subject_ids"], name="access_reading_subjects"),
            models.Index(fields=["at"], name="access_reading_at"),
        ]

    def __str__(self):
        return self.page


def act(verb, row, *, by, now, **detail):
    """Add to the log of acts, inside the transaction of the act itself. `detail` holds ids and figures, no names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select log_act(%s, %s, %s, %s, %s, %s, %s, %s::smallint, %s)",
            [
                now,
                by.user.pk if by else None,
                by.role.pk if by else None,
                verb,
                row._meta.model_name,
                row.pk,
                getattr(row, "subject_id", None),
                getattr(row, "zone_id", None),
                json.dumps(detail, default=str),
            ],
        )


def acts(verb, rows_and_details, *, by, now):
    """One line for each (row, detail) of an act done on many rows at once, in one query."""
    rows_and_details = list(rows_and_details)
    if not rows_and_details:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "select log_act(%s, %s, %s, %s, %s, v.id, v.subject, v.zone, v.detail) "
            "from unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::text[]) v(id, subject, zone, detail)",
            [
                now,
                by.user.pk if by else None,
                by.role.pk if by else None,
                verb,
                rows_and_details[0][0]._meta.model_name,
                [row.pk for row, _ in rows_and_details],
                [getattr(row, "subject_id", None) for row, _ in rows_and_details],
                [getattr(row, "zone_id", None) for row, _ in rows_and_details],
                [json.dumps(detail, default=str) for _, detail in rows_and_details],
            ],
        )


def reading(*, page, subjects, now, refused=False, **detail):
    """Add one page to the log of readings; the author is the live session's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select log_reading(%s, %s, %s::bigint[], %s, %s)",
            [now, page, sorted(subjects), refused, json.dumps(detail, default=str)],
        )


def readings_of(subject_id, *, limit=200):
    """Who opened this subject's file: dicts with at, name, kind, organisation, page; newest first.

    Empty unless the acting role may read the readings of that subject."""
    return _rows("select at, name, kind, organisation, page from readings_of(%s, %s)", [subject_id, limit])


def acts_on(subject_id, *, limit=200):
    """What was done about this subject: dicts with at, name, kind, verb, noun, object_id, detail; newest first."""
    rows = _rows("select * from acts_on(%s, %s)", [subject_id, limit])
    return [row | {"detail": json.loads(row["detail"])} for row in rows]


def page(*, before=None, only_refused=False, kind="", since=None, until=None, limit=50):
    """Readings and refusals for the data-protection officer, newest first: dicts with id, at, name, kind, organisation,
    page, refused, subjects (how many). `since` and `until` are moments, the second excluded; `before` an id."""
    return _rows(
        "select * from log_page(%s::bigint, %s, %s, %s::timestamptz, %s::timestamptz, %s)",
        [before, only_refused, kind, since, until, limit],
    )


def seals():
    """For each of the two logs: when it was last sealed and how many rows wait. Empty for who may not watch over it."""
    return _rows("select * from log_seals()", [])


def _rows(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor]
