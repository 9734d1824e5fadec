"""The whole import of a file without pages, for the console and the measures: the same steps, each in a transaction of
the application as the user named, through row security."""

import os

from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from accanto.access import door
from accanto.access.role import Acting, Kind, Role
from accanto.access.session import SessionStore
from accanto.exchange import record_file, records
from accanto.exchange.record_batch import RecordRow


class LocalFile:
    """A file of this machine, as an uploaded one."""

    def __init__(self, file):
        self.read, self.size = file.read, os.fstat(file.fileno()).st_size


class NobodyError(Exception):
    """The user named has no role there by which records are imported."""


def acting(*, username, zone_code):
    """The user in the role they import in. Raises NobodyError."""
    roles = Role.objects.on(timezone.localdate()).filter(
        user__username=username,
        user__is_active=True,
        zone__code=zone_code,
        kind__in=(Kind.SOCIAL_WORKER, Kind.CASE_MANAGER),
    )
    role = roles.select_related("user", "zone").order_by("pk").first()
    if role is None:
        raise NobodyError
    return Acting(user=role.user, role=role)


class Run:
    """A session of that user, as long as the import lasts."""

    def __init__(self, by):
        self.by = by

    def __enter__(self):
        self.session = SessionStore()
        self.session[SESSION_KEY], self.session["role"] = str(self.by.user.pk), self.by.role.pk
        self.session[BACKEND_SESSION_KEY] = ""  # good for PostgreSQL; no browser signs in with it
        self.session.create()
        return self

    def __exit__(self, *_problem):
        self.session.delete()

    def opened(self):
        return door.opened(token=self.session.session_key, writing=True)

    def begin(self, path, *, manager=None, mapping=None):
        """Read the file and map it as proposed, or as said. Raises Refused."""
        with self.opened(), path.open("rb") as file:
            now = timezone.now()
            batch = record_file.begin(LocalFile(file), file_name=path.name, by=self.by, now=now)
            mapping = mapping or batch.mapping
            records.map_columns(batch=batch, mapping=mapping, manager=manager, by=self.by, now=now)
        return self.go_on(batch)

    def do(self, act, batch):
        """`records.start` or `records.undo`, and the steps that follow. Raises Refused."""
        with self.opened():
            batch = records.taken(batch.pk, by=self.by)
            act(batch=batch, by=self.by, now=timezone.now())
        return self.go_on(batch)

    def go_on(self, batch, *, told=lambda batch: None):
        while True:
            with self.opened():
                batch = records.taken(batch.pk, by=self.by)
                if not batch.is_working:
                    return batch
                records.go_on(batch=batch, by=self.by, now=timezone.now())
            told(batch)

    def left(self, batch):
        """[(line, column, sentence, way out)] of the rows to mend, and how many rows wait for a decision."""
        with self.opened():
            rows = RecordRow.objects.filter(batch=batch, zone_id=batch.zone_id)
            broken = [
                (row.line, records.label_of(name), sentence, way_out)
                for row in rows.broken().order_by("line")
                for name, sentence, way_out in row.errors
            ]
            return broken, rows.undecided().count()
