"""A thing to do, as a day and a person's file show it."""

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum

from django.utils.translation import gettext_lazy

AHEAD = dt.timedelta(days=14)
ANYTHING = gettext_lazy("cose da fare")  # where to name even the kind of thing outside the pages would say too much


class Weight(IntEnum):
    """What follows if it is not done: first what stops a payment or a start, last what is only a target."""

    STOPS, USUAL, TARGET = range(3)


@dataclass(frozen=True)
class Together:
    """One line in a day for many of one kind that are done on one page. How many they are follows the title."""

    title: str
    url: str
    label: str


@dataclass(frozen=True)
class Due:
    """`when` is the day by which; None where nothing sets a day, and then `since` says how long it has waited."""

    title: str
    what: object  # the kind of thing, in words that may leave the pages: no name, no area, no place
    url: str
    label: str
    person: object = None  # none where it is about nobody
    when: dt.date | None = None
    since: dt.date | None = None
    note: str = ""
    is_event: bool = False  # on that day, not by that day
    done_url: str = ""  # where a press says that it is done
    weight: Weight = Weight.USUAL
    together: Together | None = None

    def order(self, today):
        """Overdue first; then what is of today; then what waits without a day; then what is coming. In each what weighs
        more first, then the oldest; of what is coming, what comes first."""
        if self.when is None:
            return (2, self.weight, self.since or today)
        if self.when > today:
            return (3, self.when, self.weight)
        return (0 if self.when < today else 1, self.weight, self.when)
