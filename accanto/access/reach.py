"""What a user's roles of today reach, as figures: for who gives roles and for who watches over the data. Nobody's name,
and of nobody in charge the number."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True)
class Group:
    """How many people a role reaches for one reason. `by` is «zone», «user» or «body»; `until` the last day known."""

    by: str
    reason: str
    people: int
    until: date | None
    degrees: tuple  # what it is narrowed to; empty for all that the role reads


def of_user(user):
    """Role id -> its groups, the largest first; empty unless an administrator or the data-protection officer asks."""
    found = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute("select role_id, reached_by, reason, people, until, degrees from user_reach(%s)", [user.pk])
        for role_id, by, reason, people, until, degrees in cursor.fetchall():
            found[role_id].append(Group(by, reason, people, until, tuple(degrees or ())))
    return {role: sorted(groups, key=lambda group: (-group.people, group.reason)) for role, groups in found.items()}
