"""The data-protection officer reads the log, the owner seals it, and whoever touches it is found out."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access import log, seal
from accanto.access.log import Act, Reading
from accanto.access.relation import open_relation
from accanto.access.role import Kind
from tests import factories


@pytest.fixture
def case(mugello, anna):
    return factories.person_in_charge(mugello, by=anna, given_name="Dario", family_name="Segreto")


def test_the_officer_sees_who_opened_and_who_was_refused_but_not_whom(case, anna, bruno, carla, protector, enter):
    subject, now = case.subject, timezone.now()
    open_relation(subject=subject, kind=Kind.PERSON, user=carla.user, reason="il proprio fascicolo", by=anna, now=now)
    for someone in (anna, bruno, carla):
        enter(someone).get(reverse("person", args=[subject.pk]))
    page = enter(protector).get(reverse("log")).content.decode()
    assert "Anna" in page
    assert "Bruno" in page
    assert "rifiutata" in page
    assert "carla" not in page
    assert "una persona in carico" in page
    assert "Segreto" not in page
    refusals = enter(protector).get(reverse("log"), {"refused": "on"}).content.decode()
    assert "Bruno" in refusals
    assert ">Anna<" not in refusals


def test_the_log_is_filtered_by_role_and_day(case, anna, protector, enter):
    enter(anna).get(reverse("person", args=[case.subject_id]))
    client, today = enter(protector), timezone.localdate()
    assert (
        "Anna" in client.get(reverse("log"), {"kind": "social_worker", "since": today, "until": today}).content.decode()
    )
    assert "Anna" not in client.get(reverse("log"), {"kind": "host_tutor"}).content.decode()
    before = today - dt.timedelta(days=1)
    assert "Anna" not in client.get(reverse("log"), {"until": before}).content.decode()


def test_every_page_opened_has_a_name_in_words(case, anna, protector, enter):
    client = enter(anna)
    for name, about in (("team", case.pk), ("close_case", case.pk), ("justice", case.pk)):
        assert client.get(reverse(name, args=[about])).status_code == 200
    page = enter(protector).get(reverse("log")).content.decode()
    assert "<code>" not in page
    for words in ("l’équipe", "la chiusura del caso", "una pagina del fascicolo"):
        assert words in page


def test_a_long_log_goes_on(anna, protector, enter):
    rows = [Reading(at=timezone.now(), user_id=anna.user.pk, role_id=anna.role.pk, page=f"page{n:03}", subject_ids=[1])
            for n in range(60)]  # fmt: skip
    Reading.objects.bulk_create(rows)
    client = enter(protector)

    def pages(**asked):
        return [row["page"] for row in client.get(reverse("log"), asked).context["rows"]]

    assert "page059" in pages()
    assert "page009" not in pages()
    last = Reading.objects.get(page="page010")
    assert "page009" in pages(before=last.pk)


@pytest.mark.parametrize("odd", ["", "x", "nul\x00la", "-1", "9" * 40, "0001-01-01", "9999-12-31"])
def test_no_filter_of_the_log_breaks(protector, enter, odd):
    asked = dict.fromkeys(["kind", "since", "until", "refused", "before"], odd)
    assert enter(protector).get(reverse("log"), asked).status_code == 200


def test_only_the_officer_gets_the_log_out_of_postgresql(case, anna, administrator, officer, protector, as_application):
    Reading.objects.create(at=timezone.now(), user_id=anna.user.pk, page="x", subject_ids=[case.subject_id])
    for acting in (anna, administrator, officer, None):
        with as_application(acting) as cursor:
            cursor.execute("select count(*) from log_page(null, false, '', null, null, 10)")
            assert cursor.fetchone() == (0,)
            cursor.execute("select count(*) from log_seals()")
            assert cursor.fetchone() == (0,)
    with as_application(protector):
        assert len(log.page()) == 1
        assert {row["log"] for row in log.seals()} == {"act", "reading"}


def test_acts_and_readings_of_a_person_are_for_who_may_read_them(case, anna, bruno, tutor, officer, as_application):
    subject = case.subject_id
    Reading.objects.create(at=timezone.now(), user_id=anna.user.pk, page="x", subject_ids=[subject])
    for acting, count in ((anna, 1), (bruno, 0), (tutor, 0), (officer, 0), (None, 0)):
        with as_application(acting):
            assert len(log.readings_of(subject)) == count
            assert bool(log.acts_on(subject)) is bool(count)


def test_nobody_reads_or_changes_the_tables_of_the_log(anna, protector, as_application):
    for acting in (anna, protector):
        for table in ("access_act", "access_reading", "access_seal"):
            for statement in ("select * from {}", "delete from {}", "update {} set id = id", "truncate {}"):
                with (
                    pytest.raises(DatabaseError, match="permission denied"),
                    transaction.atomic(),
                    as_application(acting) as cursor,
                ):
                    cursor.execute(statement.format(table))


def test_the_author_and_the_time_of_a_line_are_not_the_callers_to_choose(anna, bruno, case, as_application):
    long_ago = timezone.now() - dt.timedelta(days=900)
    Act.objects.all().delete()
    with as_application(anna) as cursor:
        log.act("pretend", case, by=bruno, now=long_ago)
        cursor.execute("select log_reading(%s, 'pretend', array[1::bigint], false, '{}')", [long_ago])
    for row in (Act.objects.get(), Reading.objects.get(page="pretend")):
        assert row.user_id == anna.user.pk
        assert row.role_id == anna.role.pk
        assert row.at.date() == timezone.now().date()


def test_without_a_live_session_nothing_is_written(case, as_application):
    for statement in (
        "select log_act(now(), 1, 1, 'x', 'x', 1, 1, 1::smallint, '{}')",
        "select log_reading(now(), 'x', array[1::bigint], false, '{}')",
    ):
        with (
            pytest.raises(DatabaseError, match="no live session"),
            transaction.atomic(),
            as_application(None) as cursor,
        ):
            cursor.execute(statement)


def lines(anna, count=5):
    Reading.objects.bulk_create(
        Reading(at=timezone.now(), user_id=anna.user.pk, page=f"page{n}", subject_ids=[n]) for n in range(count)
    )


def test_a_sealed_log_that_nobody_touched_is_whole(anna, case, monkeypatch):
    monkeypatch.setattr(seal, "BATCH", 2)
    lines(anna)
    made = seal.seal_log(now=timezone.now())
    assert [batch.rows for batch in made if batch.log == "reading"] == [2, 2, 1]
    assert seal.verify() == []
    assert seal.seal_log(now=timezone.now()) == []
    lines(anna, 1)
    assert len(seal.seal_log(now=timezone.now())) == 1
    with connection.cursor() as cursor:
        cursor.execute("set local timezone = 'Asia/Tokyo'")
    assert seal.verify() == []


@pytest.mark.parametrize(
    "tampering",
    [
        "update access_reading set user_id = 0 where page = 'page1'",
        "update access_reading set at = at - interval '1 day' where page = 'page3'",
        "delete from access_reading where page = 'page2'",
        "insert into access_reading (id, at, page, subject_ids, refused, detail) "
        "values (-5, now(), 'x', '{}', false, '{}')",
        "update access_act set detail = '{\"hours\": 9}'",
        "delete from access_seal where id = (select min(id) from access_seal where log = 'reading')",
        "update access_seal set hash = repeat('0', 64) where id = (select min(id) from access_seal)",
    ],
)
def test_tampering_is_found_out(anna, case, monkeypatch, tampering):
    monkeypatch.setattr(seal, "BATCH", 2)
    lines(anna)
    seal.seal_log(now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(tampering)
    assert seal.verify()
