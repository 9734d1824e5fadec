"""Attestations issued as the application: one by one, each in a transaction of its own, and a thousand in portions as
«prepara tutte» does, zone by zone. Number, PDF/A and PDF/UA, bytes, row and log; nothing of it is kept. Run by
`measure`."""

import datetime as dt
import json
import os
import statistics
import time
from contextlib import suppress

SINGLE, DROPPED, BATCH = 60, 10, 1_000


class Undone(Exception):
    """Nothing of a measure is kept."""


def main():
    os.environ.pop("ACCANTO_OWNER_DATABASE_URL", None)
    import django

    django.setup()
    from django.contrib.auth import SESSION_KEY
    from django.db import connection
    from django.utils import timezone

    from accanto.access.door import opened
    from accanto.access.role import Acting, Role
    from accanto.access.session import SessionStore
    from accanto.traineeships import attestation as attestations
    from accanto.traineeships import ending as endings
    from accanto.traineeships.traineeship import Traineeship
    from accanto.web.attestation import issue_one
    from accanto.web.attestations import CHUNK, issue_all

    workers = Role.objects.filter(kind="social_worker", ends=None, user__password_is_temporary=False)
    by_zone = {role.zone_id: role for role in workers.select_related("user", "zone").order_by("-id")}
    now = timezone.now()
    today = timezone.localdate(now)
    times, told = [], {"made": 0, "skipped": 0, "seconds": 0.0}
    for _zone, role in sorted(by_zone.items()):
        acting = Acting(user=role.user, role=role)
        session = SessionStore()
        session[SESSION_KEY], session["role"] = str(role.user_id), role.pk
        session.set_expiry(dt.timedelta(hours=1))
        session.create()

        def portions(take, acting=acting, session=session):
            """Each portion in a transaction of its own, as a request of the page; then undone."""
            after = 0
            while True:
                with suppress(Undone), opened(token=session.session_key, writing=True):
                    rows = attestations.waiting(Traineeship.objects.within(acting)).filter(issued=False, pk__gt=after)
                    rows = list(rows.with_people().select_related("zone").order_by("pk")[:CHUNK])
                    if not rows or not take(rows):
                        return
                    after = rows[-1].pk
                    raise Undone

        def one_by_one(rows, acting=acting):
            for row in rows:
                begun = time.perf_counter()
                ending = endings.of([row], acting=acting, today=today)[row.pk]
                issue_one(ending, standing=None, acting=acting, now=now, activities="Cura del verde", wording="neutral")
                times.append((time.perf_counter() - begun) * 1000)
            return len(times) < SINGLE + DROPPED

        def together(rows, acting=acting):
            begun = time.perf_counter()
            made, skipped = issue_all(rows, acting=acting, now=now)
            with connection.cursor() as cursor:  # what a page waits for before it answers
                cursor.execute("set constraints all immediate")
            told["seconds"] += time.perf_counter() - begun
            told["made"] += len(made)
            told["skipped"] += len(skipped)
            return told["made"] < BATCH

        if len(times) < SINGLE + DROPPED:
            portions(one_by_one)
        if told["made"] < BATCH:
            portions(together)
        session.delete()
        if told["made"] >= BATCH and len(times) >= SINGLE:
            break
    kept = times[DROPPED:]
    print(
        json.dumps(
            told
            | {
                "median_ms": statistics.median(kept),
                "p95_ms": statistics.quantiles(kept, n=20)[-1],
                "single": len(kept),
            }
        )
    )


if __name__ == "__main__":
    main()
