"""What the assignment of 7,500 people to 3,000 places takes, beside the greedy baseline, in one run of its own process:
`python -m bench.matching`. Writes what it found as JSON, the names of the measures as keys."""

import argparse
import json
import resource
import time

from bench import greedy, matching_instance
from bench.matching_instance import PEOPLE, PLACES

MAX_KM = 20  # by road: a limit of the plain measure, as a short way of everybody


def measure(*, people=PEOPLE, places=PLACES, seed="accanto"):
    begun = time.monotonic()
    from accanto.traineeships.matching import costs, solve

    loading = time.monotonic() - begun
    found = {}
    for name, plain in (("plain", True), ("quota", False)):
        instance = matching_instance.draw(
            people=people, places=places, seed=seed, plain=plain, max_km=MAX_KM if plain else None
        )
        begun, worked = time.monotonic(), time.process_time()
        weighed = costs.all_costs(instance)
        solution = solve.solve(instance, costs=weighed)
        took, worked = time.monotonic() - begun, time.process_time() - worked
        begun = time.monotonic()
        baseline = greedy.nearest_free(instance, weighed)
        greedy_points = solve.Programme(instance, weighed).points(baseline)
        found[name] = {
            "seconds": took,
            "cpu_seconds": worked,
            "loading": loading,
            "points": solution.points,
            "bound": round(solution.bound, 2),
            "gap_percent": solution.gap_percent,
            "proven": solution.proven,
            "placed": len(solution.assigned),
            "people": people,
            "places": places,
            "openings": sum(one.openings for one in instance.places),
            "possible_pairs": solution.pairs,
            "quotas": len(instance.quotas),
            "quotas_missed": sum(one.missing > 0 for one in solution.quotas),
            "greedy_points": greedy_points,
            "greedy_placed": len(baseline),
            "greedy_seconds": time.monotonic() - begun,
            "greedy_ratio": greedy_points / solution.points,
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    return found


def results(found, *, seed, commit):
    """The entries of `bench/results.json`."""

    def entry(value, unit, part, method, **more):
        about = {"people": part["people"], "seed": seed, "commit": commit, "rows": part["places"], "method": method}
        return {"value": round(value, 4), "unit": unit, **more, **about}

    plain, quota = found["plain"], found["quota"]
    same = (
        f"{plain['people']} invented people and {plain['places']} places over the municipalities of the region pack; "
        "weighing of all pairs and solving, reading nothing"
    )
    kept = ("points", "bound", "proven", "placed", "openings", "possible_pairs", "peak_mib", "loading", "cpu_seconds")
    return {
        "matching.plain_seconds": entry(
            plain["seconds"],
            "s",
            plain,
            f"{same}; how far and how many: proven optimum over all pairs",
            parts={key: rounded(plain[key]) for key in kept},
        ),
        "matching.quota_seconds": entry(
            quota["seconds"],
            "s",
            quota,
            f"{same}; every constraint, limits of hosts, {quota['quotas']} quotas; bound of the linear programme",
            parts={key: rounded(quota[key]) for key in (*kept, "quotas", "quotas_missed")},
        ),
        "matching.gap_percent": entry(
            quota["gap_percent"],
            "%",
            quota,
            "(points − bound) / bound of the assignment with quotas; points leave out who has no possible place",
            parts={"plain": rounded(plain["gap_percent"])},
        ),
        "matching.greedy_ratio": entry(
            plain["greedy_ratio"],
            "×",
            plain,
            "points of the greedy baseline (each person, in the order of ids, to the nearest free place) over those of "
            "the optimum, same instance, same run; the baseline knows no quota, and with quotas pays those it misses",
            parts={
                "plain_placed": plain["greedy_placed"],
                "quota": rounded(quota["greedy_ratio"]),
                "quota_placed": quota["greedy_placed"],
            },
        ),
        "matching.peak_mib": entry(
            max(plain["peak_mib"], quota["peak_mib"]), "MiB", quota, "largest resident memory of the process of the run"
        ),
    }


def rounded(value):
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.matching", description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--places", type=int, default=PLACES)
    parser.add_argument("--seed", default="accanto")
    options = parser.parse_args()
    print(json.dumps(measure(people=options.people, places=options.places, seed=options.seed)))
