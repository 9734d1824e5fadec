"""The search as the application role: names half typed, unaccented, mistyped, in any order; only who may be seen."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accanto.access.door import opened
from accanto.people import person as people
from accanto.people import registry
from accanto.people.search import find
from accanto.people.search_key import keys_of, sound, words

NAMES = [
    ("Dario", "Prova"), ("Nicolò", "D'Angelo"), ("Maria Grazia", "De Luca"), ("Chiara", "Ferrari"), ("Zoë", "Müller"),
    ("Giuseppe", "Esposito"), ("Fatima", "El Amrani"), ("Anna", "Bianchi"), ("Gianluca", "Ròssi"), ("Mario", "Russo"),
]  # fmt: skip


@pytest.fixture
def names(mugello, anna):
    now = timezone.now()
    made = [
        people.register(zone_id=mugello.pk, given_name=given, family_name=family, by=anna, now=now)
        for given, family in NAMES
    ]
    registry.record(person=made[0], fiscal_code="PRVDRA90E03D612Y", by=anna, now=now, birth_date=dt.date(1990, 5, 3))
    return {person.subject_id: str(person) for person in made}


@pytest.fixture
def search(enter, names):
    def as_seen_by(acting, text):
        token = enter(acting).session.session_key
        with opened(token=token, writing=False):
            return [names[subject] for subject in find(text)]

    return as_seen_by


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("pro", "Dario Prova"),
        ("PROVA DARIO", "Dario Prova"),
        ("dario prova", "Dario Prova"),
        ("da prov", "Dario Prova"),
        ("PRVDRA90E03D612Y", "Dario Prova"),
        ("prvdra90", "Dario Prova"),
        ("prv dra 90e03 d612y", "Dario Prova"),
        ("nicolo dangelo", "Nicolò D'Angelo"),
        ("d'angelo", "Nicolò D'Angelo"),
        ("D’ANGELO Nicolo'", "Nicolò D'Angelo"),
        ("de luca", "Maria Grazia De Luca"),
        ("luca maria", "Maria Grazia De Luca"),
        ("deluca grazia", "Maria Grazia De Luca"),
        ("maria grazia de luca", "Maria Grazia De Luca"),
        ("kiara ferari", "Chiara Ferrari"),
        ("ferrai", "Chiara Ferrari"),
        ("ferrqri", "Chiara Ferrari"),
        ("muller", "Zoë Müller"),
        ("espostio", "Giuseppe Esposito"),
        ("esposito giusepe", "Giuseppe Esposito"),
        ("el amrani", "Fatima El Amrani"),
        ("amrani fatima", "Fatima El Amrani"),
        ("biacnhi", "Anna Bianchi"),
        ("anna tianchi", "Anna Bianchi"),
        ("rossi", "Gianluca Ròssi"),
    ],
)
def test_the_first_result_is_the_one_meant(search, anna, typed, expected):
    assert search(anna, typed)[0] == expected


@pytest.mark.parametrize(
    "typed", ["", "  ", "pr", "%", "%%%", "___", "\x00\x00\x00", "'; select 1 --", "🙂🙂🙂", "x" * 5000]
)
def test_what_is_no_name_finds_nobody_and_breaks_nothing(search, anna, typed):
    assert search(anna, typed) == []


def test_another_zone_finds_nobody(search, anna, bruno):
    assert search(anna, "dario prova")
    assert search(bruno, "dario prova") == []
    assert search(bruno, "PRVDRA90E03D612Y") == []


def test_a_tutor_finds_only_who_has_a_relation_and_never_by_fiscal_code(search, anna, tutor):
    assert search(tutor, "dario prova") == []


def test_a_corrected_name_is_found_by_the_new_name_only(search, anna, names):
    person = people.Person.objects.get(family_name="Russo")
    people.rename(
        person=person, given_name="Mario", family_name="Verdi", phone="", email="", by=anna, now=timezone.now()
    )
    assert search(anna, "verdi") == ["Mario Russo"]
    assert "Mario Russo" not in search(anna, "russo")


@pytest.mark.usefixtures("names")
def test_the_search_reads_a_range_of_its_index(mugello):
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into access_subject (zone_id, created_at) select %s, now() from generate_series(1, 4000)",
            [mugello.pk],
        )
        cursor.execute(
            "insert into people_searchkey (subject_id, zone_id, key) "
            "select id, zone_id, md5(id::text) || ' x' from access_subject where zone_id = %s",
            [mugello.pk],
        )
        cursor.execute("analyze people_searchkey")
        cursor.execute(
            "explain select subject_id from people_searchkey "
            "where zone_id = %s and key >= 'pro' and key < 'pro' || chr(1114111) and key like 'pro%%' "
            "order by key limit 400",
            [mugello.pk],
        )
        plan = "\n".join(row[0] for row in cursor)
    assert "people_searchkey_zone" in plan
    assert "Seq Scan" not in plan


def test_words_and_sounds():
    assert words("De Luca, Anna") == ["deluca", "anna"]
    assert words("D’Angelo") == ["dangelo"]
    assert sound("ferarri") == sound("ferrari")
    assert sound("chiara") == sound("kiara")
    assert keys_of("Anna", "Rossi") == ["anna rossi", "rossi anna", "~an rs", "~rs an"]


def test_the_likest_are_shown_while_one_types(enter, anna, bruno, names):
    def typed(acting, text):
        answer = enter(acting).post(reverse("search"), {"q": text}, headers={"HX-Request": "true"})
        return answer.content.decode()

    found = typed(anna, "da prov")
    assert "Prova Dario" in found
    assert "<html" not in found
    assert typed(anna, "da").strip() == ""  # less than three letters say nothing
    assert "premi Invio" in typed(anna, "zzzqqq")
    assert "Prova" not in typed(bruno, "da prov")
    now = timezone.now()
    for n in range(8):
        people.register(zone_id=anna.zone_id, given_name=f"Dario{n}", family_name="Prova", by=anna, now=now)
    found = typed(anna, "prova")
    assert found.count("<li>") == 6
    assert "per vederle tutte" in found
