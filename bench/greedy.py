"""The baseline beside the optimum: in the order of their numbers, each person takes the nearest free place.

It keeps every constraint but the quotas, which it does not know."""

from collections import Counter

import numpy as np

from accanto.traineeships.matching.costs import BLOCKED


def nearest_free(instance, costs, minutes=None):
    """Person -> place. Nearest by `minutes` where given, or by the points of the pair."""
    by = costs if minutes is None else minutes
    left = np.array([one.openings for one in instance.places])
    hosts = [one.host for one in instance.places]
    of_host: dict[int, list[int]] = {}
    for n, host in enumerate(hosts):
        of_host.setdefault(host, []).append(n)
    taken, assigned = Counter(), {}
    for n in np.argsort([one.key for one in instance.people], kind="stable"):
        possible = np.flatnonzero((costs[n] < BLOCKED) & (left > 0))
        if not len(possible):
            continue
        place = possible[np.argmin(by[n, possible])]
        host = hosts[place]
        assigned[instance.people[n].key] = instance.places[place].key
        left[place] -= 1
        taken[host] += 1
        if taken[host] >= instance.room.get(host, 10**9):
            left[of_host[host]] = 0
    return assigned
