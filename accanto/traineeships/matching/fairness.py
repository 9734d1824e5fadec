"""Who a proposal places and who it leaves, group by group. What the groups are is of the caller, who reads no more than
the acting role may: by area only where the area is read."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """`with_choice` have at least one possible place; `minutes` is the mean way of who is placed, None of nobody."""

    key: object
    ready: int
    with_choice: int
    placed: int
    minutes: float | None

    @property
    def percent(self) -> int:
        """Of those ready, how many in a hundred are placed."""
        return round(100 * self.placed / self.ready)


def groups(rows: Iterable[tuple[object, bool, int | None]]) -> list[Group]:
    """Of each person: their group, whether any place is possible, the minutes of the way to the one they are given
    (None without). In the order of the keys."""
    found: dict[object, list[tuple[bool, int | None]]] = {}
    for key, choice, minutes in rows:
        found.setdefault(key, []).append((choice, minutes))
    result = []
    for key, people in sorted(found.items(), key=lambda one: str(one[0])):
        ways = [minutes for _choice, minutes in people if minutes is not None]
        mean = round(sum(ways) / len(ways), 1) if ways else None
        result.append(Group(key, len(people), sum(choice for choice, _minutes in people), len(ways), mean))
    return result
