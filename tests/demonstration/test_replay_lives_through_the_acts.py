"""Fifty lives are written twice, line by line as the loader does and by the acts of the upper rooms: the rows must be
the same. What differs is only how they are numbered."""

import json

import pytest
from django.apps import apps
from django.db import connection

from accanto.access.subject import SubjectRow
from accanto.demonstration import history
from accanto.demonstration.chapters import Chapters
from accanto.demonstration.region import Region, Staff
from accanto.demonstration.sheets import Book
from tests.demonstration.replay import Replay
from tests.demonstration.scene import TODAY, WithThePack, ask, undone

SAMPLE = 50
# what the sample must hold to be worth comparing
WHAT_HAPPENS = {
    ("refer", "referral"), ("decline", "referral"), ("open", "case"), ("close", "case"), ("assess", "assessment"),
    ("agree", "personalplan"), ("fulfil", "planaction"), ("enter", "participation"), ("leave", "participation"),
    ("plan", "traineeship"), ("start", "traineeship"), ("suspend", "traineeship"), ("resume", "traineeship"),
    ("extend", "traineeship"), ("close", "traineeship"), ("archive", "traineeship"), ("record", "attendanceday"),
    ("sign", "registersignature"), ("close", "monthlyclose"), ("change", "timetable"),
    ("correct", "attendanceday"), ("determine", "monthallowance"), ("join", "householdmember"), ("note", "careduty"),
    ("tell", "privacynotice"), ("record", "representation"), ("open", "relation"), ("end", "relation"),
    ("extend", "relation"), ("record", "benefitfact"),
    ("begin", "measure"), ("add", "measurestep"), ("leave", "measurestep"), ("describe", "employabilityprofile"),
}  # fmt: skip


def of_one_subject():
    """The tables with rows of one subject, and the columns of each that point at another of them."""
    models = [model for model in apps.get_models() if issubclass(model, SubjectRow)]
    names = {model: model._meta.db_table for model in models}
    return {
        names[model]: {
            field.column: names[field.related_model]
            for field in model._meta.concrete_fields
            if field.related_model in names and field.column != "subject_id"
        }
        for model in models
    }


TABLES = of_one_subject()
NOUNS = {table.rsplit("_", 1)[1]: table for table in TABLES}


def told(subject):
    """All that is written of a subject, with numbers that count from the first of each table."""
    rank = {}
    for table in TABLES:
        numbers = ask(f"select id from {table} where subject_id = %s order by id", subject)
        rank[table] = {pk: n for n, (pk,) in enumerate(numbers)}
    written = {}
    for table, keys in TABLES.items():
        rows = ask(f"select to_jsonb(t) - 'id' - 'subject_id' from {table} t where subject_id = %s", subject)
        rows = [json.loads(row) if isinstance(row, str) else row for (row,) in rows]
        for row in rows:
            for column, target in keys.items():
                row[column] = rank[target].get(row[column])
            if "shown" in row:  # its first line says the number of the register, and the hash is of it too
                row["shown"], row["sha256"] = row["shown"].partition("\n")[2], len(row["sha256"])
        written[table] = sorted(json.dumps(row, sort_keys=True) for row in rows)
    acts = ask("select at, user_id, role_id, verb, noun, zone_id from access_act where subject_id = %s", subject)
    written["access_act"] = sorted((str(at), *rest) for at, *rest in acts)
    return written


def rarity(life):
    """Lives with what seldom happens come first."""
    placement = life.case and life.case.traineeship
    if placement is None:
        return 3 * bool(life.referral and life.referral.outcome == "not_accepted")
    rare = (placement.extended_at, placement.suspended_at, placement.ending_reason, placement.operation is None)
    return sum(map(bool, rare)) + bool(life.case.closed_on) + bool(placement.started_at)


@pytest.mark.single
class ReplayLives(WithThePack):
    def test_fifty_lives_through_the_acts_are_what_the_loader_writes(self):
        with connection.cursor() as cursor:
            region = Region(seed="prova", today=TODAY, people=2000)
            book = Book(cursor.cursor)
            staff = Staff(region, book)
            zone = region.zones[0]
            place = staff.place(zone)
            lives = [
                history.live(seed="prova", today=TODAY, place=place, n=n, script="running" if n < 3 else "")
                for n in range(4 * SAMPLE)
            ]
            lives = sorted(lives, key=rarity, reverse=True)[:SAMPLE]
            book.flush()
            with undone():
                # the loader's own sheets are made where nobody has a file yet
                chapters = Chapters(book)
                copied = [chapters.write(life, place)[0] for life in lives]
                book.flush()
                by_loader = [told(subject) for subject in copied]
            for n, life in enumerate(lives):
                with undone():
                    by_acts = told(Replay(life, place).play())
                for table, rows in by_acts.items():
                    assert by_loader[n][table] == rows, f"life {n}, {table}"

        compared = {(verb, noun) for acts in by_loader for *_when, verb, noun, _zone in acts["access_act"]}
        assert WHAT_HAPPENS - compared == set()
