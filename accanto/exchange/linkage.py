"""Which rows of a file may be persons the zone already has.

The same fiscal code is the same person. For the others the comparison is probabilistic, after Fellegi and Sunter: each
datum that agrees or differs makes it more or less likely that two records are one person. Where the group «linkage» of
the requirements is installed Splink does it, in a process of its own; elsewhere a plainer comparison with fixed weights
does, and the page says which of the two it was."""

import csv
import importlib.util
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from accanto.people.registry import Registry
from accanto.people.search_key import folded, sound

LIKELY = 0.8  # of being the same person, from which a pair is worth somebody's time
MOST = 3  # persons proposed for a row
FIELDS = ("family_name", "given_name", "birth_date", "fiscal_code", "sex", "municipality")
# bits of evidence: (agrees, nearly agrees, differs)
WEIGHTS = {"family_name": (8, 5, -5), "given_name": (6, 3, -4), "birth_date": (13, 6, -6), "fiscal_code": (20, 6, -6)}


def compare(*, rows, zone_id):
    """("splink" or "plain", [(row, subject, score, why)]) for rows (id, data)."""
    known = known_in(zone_id)
    by_code = {person["fiscal_code"]: subject for subject, person in known.items() if person["fiscal_code"]}
    pairs, others = [], []
    for row, data in rows:
        subject = by_code.get(data["fiscal_code"])
        if subject:
            pairs.append((row, subject, 1.0, "code"))
        else:
            others.append((row, record(data)))
    if not known or not others:
        return ("", pairs)
    found = with_splink(others, known) if has_splink() else None
    how = "plain" if found is None else "splink"
    if found is None:
        found = plainly(others, known)
    return how, pairs + best(found)


def best(found):
    """At most `MOST` persons a row, the likeliest."""
    of_row: dict[int, list] = {}
    for row, subject, score in found:
        of_row.setdefault(row, []).append((score, subject))
    return [
        (row, subject, round(score, 4), "likeness")
        for row, persons in sorted(of_row.items())
        for score, subject in sorted(persons, reverse=True)[:MOST]
    ]


def known_in(zone_id):
    """{subject: what is compared} of a zone, as rows that no page shows."""
    columns = ("subject_id", "person__family_name", "person__given_name", "birth_date", "fiscal_code", "sex")
    rows = Registry.objects.filter(zone_id=zone_id).order_by("subject_id").values_list(*columns, "municipality_id")
    return {
        subject: record(dict(zip(FIELDS, (family, given, born and born.isoformat(), code, sex, place), strict=True)))
        for subject, family, given, born, code, sex, place in rows.iterator(chunk_size=5000)
    }


def record(data):
    return {
        "family_name": folded(data["family_name"]).strip(),
        "given_name": folded(data["given_name"]).strip(),
        "birth_date": data["birth_date"] or "",
        "fiscal_code": data["fiscal_code"],
        "sex": data["sex"],
        "municipality": data["municipality"] or "",
    }


# --- the plain comparison --------------------------------------------------------------------------------------------


def plainly(rows, known):
    """(row, subject, probability) of the likely pairs, of those that share a birth date, or nearly, or the name."""
    blocks: dict[tuple, list] = {}
    for subject, person in known.items():
        for block in blocks_of(person):
            blocks.setdefault(block, []).append(subject)
    prior = -math.log2(max(len(known), 2))
    found = []
    for row, data in rows:
        near = {subject for block in blocks_of(data) for subject in blocks.get(block, ())}
        for subject in near:
            bits = prior + evidence(data, known[subject])
            probability = 1 / (1 + 2 ** -max(-60, min(60, bits)))
            if probability >= LIKELY:
                found.append((row, subject, probability))
    return found


def blocks_of(person):
    names = tuple(sorted((person["family_name"], person["given_name"])))
    yield ("name", *names)
    if person["birth_date"]:
        year, month, day = person["birth_date"].split("-")
        yield ("born", year, *sorted((month, day)))


def evidence(one, other):
    """Bits for and against two records being of one person."""
    bits = 0.0
    swapped = one["family_name"] == other["given_name"] and one["given_name"] == other["family_name"]
    for name in ("family_name", "given_name"):
        same, near, differs = WEIGHTS[name]
        if one[name] == other[name] or swapped:
            bits += same
        elif spoken(one[name]) == spoken(other[name]) or begins(one[name], other[name]):
            bits += near
        else:
            bits += differs
    for name in ("birth_date", "fiscal_code"):
        same, near, differs = WEIGHTS[name]
        if one[name] and other[name]:
            apart = distance(one[name], other[name])
            mixed = name == "birth_date" and sorted(one[name].split("-")) == sorted(other[name].split("-"))
            bits += same if not apart else near if apart <= 2 or mixed else differs
    if one["sex"] and other["sex"] and one["sex"] != other["sex"]:
        bits -= 3
    if one["municipality"] and one["municipality"] == other["municipality"]:
        bits += 2
    return bits


def spoken(name):
    return [sound(word) for word in name.split()]


def begins(one, other):
    """Whether one name is the other with something more: «maria» and «maria teresa»."""
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and long.startswith(f"{short} ")


def distance(one, other):
    return abs(len(one) - len(other)) + sum(a != b for a, b in zip(one, other, strict=False))


# --- Splink ----------------------------------------------------------------------------------------------------------


def has_splink():
    return all(importlib.util.find_spec(name) for name in ("splink", "duckdb"))


def with_splink(rows, known):
    """The same, by Splink; None if it could not be done, and the plain comparison is to be made."""
    script = Path(__file__).with_name("linkage_splink.py")
    with tempfile.TemporaryDirectory(prefix="accanto-linkage-") as folder:
        os.chmod(folder, 0o700)
        write(Path(folder, "rows.csv"), rows)
        write(Path(folder, "known.csv"), known.items())
        done = subprocess.run(
            [sys.executable, "-I", str(script), folder, str(LIKELY)],
            capture_output=True,
            env={"PATH": os.environ.get("PATH", ""), "HOME": folder},
            timeout=300,
            check=False,
        )
    if done.returncode:
        return None
    return [tuple(line) for line in json.loads(done.stdout)]


def write(path, records):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["unique_id", *FIELDS, "sounds"])
        for key, person in records:
            sounds = " ".join(sorted(spoken(f"{person['family_name']} {person['given_name']}")))
            writer.writerow([key, *(person[name] for name in FIELDS), sounds])
