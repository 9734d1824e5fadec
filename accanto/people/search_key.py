"""What a search compares: the words of a name and how they sound, stored as keys when the name is written.

A key is a pair of words of the name in one of their orders, «rossi maria» and «maria rossi»: two words typed in any
order, even only begun, are one range of one index. A second family of keys, marked «~», holds how the words sound in
Italian: consonants only, doubles and mute letters dropped, so that «Ferarri» and «Ferrari» meet."""

import itertools
import re
from functools import lru_cache

from django.db import connection, models

from accanto.access.subject import SubjectRow, SubjectRows
from accanto.territory.municipality import search_key as without_accents

# the longest token worth comparing, and how many words of a name are paired: n words make n(n-1) keys of each family
LONGEST, MOST_WORDS = 30, 5
LETTERS = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
PARTICLES = frozenset(
    [
        "d",
        "de",
        "di",
        "da",
        "del",
        "dal",
        "della",
        "dalla",
        "dello",
        "dei",
        "degli",
        "delle",
        "dell",
        "dall",
        "lo",
        "la",
        "li",
        "le",
        "el",
        "al",
        "ben",
        "van",
        "von",
        "der",
    ]
)
SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        ("sch", "sk"), ("ch", "k"), ("ck", "k"), ("cq", "k"), ("qu", "k"), ("gh", "g"), ("gn", "n"), ("gl(?=i)", "l"),
        ("ph", "f"), ("th", "t"), ("sh", "s"), ("[cqk]", "k"), ("[xz]", "s"), ("[jy]", "i"), ("w", "v"), ("h", ""),
        (r"(.)\1+", r"\1"),
    ]
]  # fmt: skip


class SearchKey(SubjectRow):
    """One key of a person's name. Range scans of (zone, key) find candidates; only those are then compared."""

    # bytes, not an alphabet: a range of the index is then exactly a prefix
    key = models.CharField(max_length=2 * LONGEST + 2, db_collation="C")

    objects = SubjectRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "key"], name="people_searchkey_once")]
        indexes = [models.Index(fields=["zone", "key"], include=["subject"], name="people_searchkey_zone")]

    def __str__(self):
        return self.key


def folded(text):
    """The text without accents, capitals, apostrophes (which join: «D'Angelo» is «dangelo») and signs."""
    return without_accents(re.sub("['’`´]", "", str(text)).replace("\x00", " ").casefold().translate(LETTERS))


def words(text):
    """The words of a name or of a search, particles joined to what they precede: «De Luca Anna» is deluca, anna."""
    found, waiting = [], ""
    for word in folded(text).split():
        if word in PARTICLES:
            waiting += word
        else:
            found.append((waiting + word)[:LONGEST])
            waiting = ""
    return [*found, waiting] if waiting else found


@lru_cache(maxsize=50_000)
def sound(word):
    """How a word sounds, as a prefix-free skeleton: rossi and russo are both «rs», chiara and kiara both «kr»."""
    for pattern, heard in SOUNDS:
        word = pattern.sub(heard, word)
    bare = re.sub("[aeiou]", "", word[1:])
    return (("a" if word[:1] in tuple("aeiou") else word[:1]) + bare) or "a"


def keys_of(given_name, family_name):
    """All the keys of a name, sorted; also for who loads people in bulk (columns subject, zone, key)."""
    spoken = words(f"{family_name} {given_name}")
    # «De Luca» is looked for as «luca» too
    bare = [w for name in (family_name, given_name) for w in folded(name).split() if w not in PARTICLES and len(w) > 1]
    distinct = list(dict.fromkeys(spoken + bare))[:MOST_WORDS]
    pairs = list(itertools.permutations(distinct, 2)) or [(word, "") for word in distinct]
    return sorted(
        {f"{first} {second}".strip() for first, second in pairs}
        | {f"~{sound(first)} {sound(second) if second else ''}" for first, second in pairs}
    )


def write_first_keys(people):
    """The keys of persons just written in bulk, who have none yet."""
    keys = [(person, key) for person in people for key in keys_of(person.given_name, person.family_name)]
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into people_searchkey (subject_id, zone_id, key) "
            "select * from unnest(%s::bigint[], %s::smallint[], %s::text[])",
            [
                [person.subject_id for person, _key in keys],
                [person.zone_id for person, _key in keys],
                [key for _person, key in keys],
            ],
        )


def write_keys(person):
    """Make the stored keys say what the name says now."""
    wanted = set(keys_of(person.given_name, person.family_name))
    there = set(SearchKey.objects.filter(subject_id=person.subject_id).values_list("key", flat=True))
    if there - wanted:
        SearchKey.objects.filter(subject_id=person.subject_id, key__in=there - wanted).delete()
    SearchKey.objects.bulk_create(
        SearchKey(subject_id=person.subject_id, zone_id=person.zone_id, key=key) for key in sorted(wanted - there)
    )
