"""The monthly close of ten thousand registers, as the application, of all the zones one after the other, month by month
back from the last. What was closed already is reopened first; at the end nothing is kept. Run by `measure`, which says
how many they were where the region has a few less."""

import datetime as dt
import json
import os
import time
from contextlib import suppress

WANTED, ENOUGH, MOST_MONTHS = 10_000, 9_900, 24


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
    from accanto.norms.days import add_months, month_of
    from accanto.traineeships import closing
    from accanto.traineeships.monthly_close import MonthlyClose
    from accanto.traineeships.traineeship import Traineeship

    workers = Role.objects.filter(kind="social_worker", ends=None, user__password_is_temporary=False)
    by_zone = {role.zone_id: role for role in workers.select_related("user", "zone").order_by("-id")}
    now, month = timezone.now(), timezone.localdate().replace(day=1)
    told = {"closed": 0, "looked": 0, "days": 0, "seconds": 0.0}
    for _n in range(MOST_MONTHS):
        month, before = add_months(month, -1), told["closed"]
        for zone, role in sorted(by_zone.items()):
            acting = Acting(user=role.user, role=role)
            session = SessionStore()
            session[SESSION_KEY], session["role"] = str(role.user_id), role.pk
            session.set_expiry(dt.timedelta(hours=1))
            session.create()
            with suppress(Undone), opened(token=session.session_key, writing=True):
                MonthlyClose.objects.standing().filter(zone=zone, month=month).update(
                    reopened_at=now, reopened_by=role.user, reopening_reason="misura"
                )
                begun = time.perf_counter()
                rows = Traineeship.objects.within(acting).open_between(month, month_of(month).last).order_by("id")
                made, left = closing.close_complete(
                    traineeships=list(rows[: WANTED - told["closed"]]), month=month, by=acting, now=now, leave="misura"
                )
                with connection.cursor() as cursor:  # what a page waits for before it answers
                    cursor.execute("set constraints all immediate")
                told["seconds"] += time.perf_counter() - begun
                raise Undone
            session.delete()
            told["closed"] += len(made)
            told["looked"] += len(made) + len(left)
            told["days"] += sum(row.days for row in made)
            if told["closed"] >= WANTED:
                break
        if told["closed"] >= WANTED or told["closed"] == before:  # as many as wanted, or none of that month
            break
    if told["closed"] >= ENOUGH:
        print(json.dumps(told))
        return
    raise SystemExit(f"the region has only {told['closed']} registers to close: make a larger one (--people)")


if __name__ == "__main__":
    main()
