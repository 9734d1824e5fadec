"""The officer and the planner send what another system wants: prepared, checked, sent, receipted, never changed."""

import datetime as dt
import hashlib

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.cases.participation import Participation
from accanto.exchange import layout as layouts
from accanto.exchange import submission_files as made_of
from accanto.plan.submission import Submission, SubmissionFile
from accanto.staffing import staffing_return as returns
from tests import factories

pytestmark = pytest.mark.django_db
ENTRY = {"sex": "F", "employment_status": "unemployed", "months_unemployed": 14, "education": "isced_3_4", "age": 30}


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def version(today):
    """The last version of the indicators that is over."""
    return next(one for one in made_of.versions("esf", today) if made_of.last_day(one) <= today)


@pytest.fixture
def enter_people(anna, mugello, version):
    def add(count, **changes):
        operation = factories.operation(mugello)
        operation.specific_objective = "h"
        operation.save()
        for n in range(count):
            case = factories.person_in_charge(mugello, by=anna, family_name=f"Prova{n}")
            Participation.objects.create(
                subject=case.subject, zone=case.zone, case=case, operation=operation,
                starts=made_of.last_day(version) - dt.timedelta(days=9), entry=ENTRY | changes,
                recorded_at=timezone.now() - dt.timedelta(hours=1),
            )  # fmt: skip

    return add


def prepare(client, **said):
    assert client.post(reverse("submissions"), said).status_code == 302
    return Submission.objects.latest("id")


def press(client, name, row):
    return client.post(reverse(name, args=[row.pk]), follow=True).content.decode()


def sent(client, **said):
    row = prepare(client, **said)
    press(client, "validate_submission", row)
    press(client, "send_submission", row)
    row.refresh_from_db()
    return row


def test_from_the_facts_to_the_receipt(enter, officer, enter_people, version):
    enter_people(3)
    enter_people(1, sex="X")
    client = enter(officer)
    row = prepare(client, version=version)
    page = client.get(reverse("submission", args=[row.pk])).content.decode()
    assert "1 partecipazioni incomplete" in page
    assert "ricostruito dalle regole" in page
    assert "È il primo" in page
    file = row.files.get(name="indicatori.csv")
    answer = client.get(reverse("submission_file", args=[row.pk, file.pk]))
    assert hashlib.sha256(answer.content).hexdigest() == file.sha256
    assert "3,h,più sviluppata,EECO01,F,contato,3" in answer.content.decode()
    assert "EECR06,M,contato,0" in answer.content.decode()  # zeros are reported too
    press(client, "validate_submission", row)
    assert "Segnare come inviato" in client.get(reverse("send_submission", args=[row.pk])).content.decode()
    press(client, "send_submission", row)
    receipt = reverse("receipt_submission", args=[row.pk])
    assert client.post(receipt, {"protocol": "", "on": "2020-01-01"}).status_code == 422
    assert client.post(receipt, {"protocol": "SFC 12/2026", "on": timezone.localdate().isoformat()}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.receipt_protocol) == ("receipted", "SFC 12/2026")
    verbs = Act.objects.filter(noun="submission", object_id=row.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["prepare", "validate", "send", "receipt"]
    assert "già" in press(client, "discard_submission", row)


def test_a_correction_opens_the_next_one_and_says_what_changed(enter, officer, enter_people, version):
    enter_people(3)
    client = enter(officer)
    first = sent(client, version=version)
    before = {one.name: bytes(one.content) for one in first.files.all()}
    enter_people(2, sex="M")
    second = prepare(client, version=version)
    assert (second.number, second.corrects_id, second.state) == (2, first.pk, "draft")
    page = client.get(reverse("submission", args=[second.pk])).content.decode()
    assert "EECO01 · M · contato" in page
    assert "valore 0 → 2" in page
    assert {one.name: bytes(one.content) for one in first.files.all()} == before
    again = prepare(client, version=version)
    second.refresh_from_db()
    assert second.discarded_at is not None
    assert again.number == 2


def test_all_that_is_missing_is_told_before_sending(enter, planner, mugello, today):
    client = enter(planner)
    row = prepare(client, version=str(today.year))
    page = client.get(reverse("submission", args=[row.pk])).content.decode()
    assert "Manca il codice SIOSS" in page
    assert "non è finalizzato" in page
    assert "Controllato: va bene" not in page
    assert "qualcosa che blocca" in press(client, "validate_submission", row)
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_finalised_return_with_its_code_is_sent_with_the_zone_and_each_year(enter, planner, mugello, today):
    row = factories.staffing_return(mugello)
    row.state, row.sent_at, row.finalised_at = "finalised", timezone.now(), timezone.now()
    row.save()
    client = enter(planner)
    made = sent(client, version=str(row.year), code="R09-0001")
    text = bytes(made.files.get().content).decode()
    assert made.state == "sent"
    assert text.startswith("codice_ambito,ambito,anno,tipo,ente,comune,equivalenti_tempo_pieno")
    years = {str(year) for year in returns.years(row.year)}
    assert {line.split(",")[2] for line in text.splitlines()[1:]} <= years


@pytest.mark.parametrize(
    ("day", "offered"),
    [
        ("2026-11-28", ["202612", "202606", "202512", "202506", "202412"]),
        ("2026-12-31", ["202706", "202612", "202606", "202512", "202506", "202412"]),
    ],
)
def test_the_versions_are_those_of_the_sheet_and_the_next_one_is_there_on_every_day(day, offered):
    assert made_of.versions("esf", dt.date.fromisoformat(day)) == offered
    assert [made_of.due(one) for one in ("202612", "202606")] == [dt.date(2027, 1, 31), dt.date(2026, 7, 31)]


def test_a_version_that_is_not_over_is_stopped(enter, officer, today):
    coming = next(one for one in made_of.versions("esf", today) if made_of.last_day(one) > today)
    row = prepare(enter(officer), version=coming)
    assert {one["code"] for one in row.findings if one["severity"] == "block"} == {"FS-T42", "ACC-ESF-OS"}
    assert enter(officer).post(reverse("submissions"), {"version": "202609"}).status_code == 422  # no indicators then


def test_the_region_reads_a_zone_s_and_moves_none_and_a_zone_reads_its_own(
    enter, officer, planner, other_planner, mugello, version
):
    own, region_s = factories.submission(mugello), factories.submission(None, kind="esf", version=version)
    assert enter(officer).get(reverse("submission", args=[own.pk])).status_code == 200
    assert enter(officer).post(reverse("validate_submission", args=[own.pk])).status_code == 404
    for client in (enter(planner), enter(other_planner)):
        assert client.get(reverse("submission", args=[region_s.pk])).status_code == 404
    assert enter(other_planner).get(reverse("submission", args=[own.pk])).status_code == 404
    file = own.files.get()
    assert enter(other_planner).get(reverse("submission_file", args=[own.pk, file.pk])).status_code == 404
    assert enter(planner).get(reverse("submission_file", args=[own.pk, file.pk])).status_code == 200
    assert enter(planner).get(reverse("submission_file", args=[own.pk, file.pk + 999])).status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "update plan_submissionfile set content = 'x' where submission_id = %s",
        "delete from plan_submissionfile where submission_id = %s",
        "update plan_submission set state = 'draft', sent_at = null, validated_at = null where id = %s",
        "update plan_submission set known_at = now() where id = %s",
        "update plan_submission set sent_at = now() + interval '1 day' where id = %s",
        "update plan_submission set discarded_at = now() where id = %s",
        "delete from plan_submission where id = %s",
        "insert into plan_submissionfile (submission_id, zone_id, name, content, bytes, sha256) "
        "select id, zone_id, 'altro.csv', 'x', 1, encode(sha256('x'), 'hex') from plan_submission where id = %s",
    ],
)
def test_not_even_the_owner_of_the_database_changes_what_was_sent(mugello, statement):
    # refuse_to_change_what_was_sent and refuse_to_change_a_sent_file hold it, whoever writes
    row = factories.submission(mugello, "sent")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [row.pk])
    assert bytes(SubmissionFile.objects.get(submission=row).content).startswith(b"codice_ambito")


@pytest.mark.parametrize("changed", [{"state": "sent"}, {"made_by": "somebody else"}, {}])
def test_with_sql_of_one_s_own_a_submission_begins_as_what_oneself_has_prepared(
    planner, officer, mugello, as_application, changed
):
    now = timezone.now()
    said = {"state": "draft", "made_by": planner.user.pk} | changed
    if "made_by" in changed:
        said["made_by"] = officer.user.pk
    times = [now, now] if said["state"] == "sent" else [None, None]
    values = [mugello.pk, said["state"], now, now, said["made_by"], *times]
    statement = (
        "insert into plan_submission (kind, version, number, zone_id, state, known_at, mapping, findings, made_at, "
        "made_by_id, validated_at, sent_at, receipt_protocol, synthetic) "
        "values ('staffing', '2026', 1, %s, %s, %s, 'prova 1', '[]', %s, %s, %s, %s, '', false)"
    )
    with as_application(planner) as cursor, transaction.atomic():
        if changed:
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                cursor.execute(statement, values)
        else:
            cursor.execute(statement, values)


def test_a_file_with_the_fingerprint_of_another_is_refused(mugello):
    row = factories.submission(mugello)
    with pytest.raises(DatabaseError), transaction.atomic():
        SubmissionFile.objects.create(
            submission=row, zone=mugello, name="falso.csv", content=b"x", bytes=1, sha256="0" * 64
        )


def test_the_list_asks_as_much_for_many_as_for_few(enter, planner, mugello, same_queries):
    factories.submission(mugello)

    def more():
        for year in range(2000, 2020):
            factories.submission(mugello, version=str(year))

    same_queries(lambda: enter(planner).get(reverse("submissions")), more=more)


def test_every_layout_can_be_read_and_says_how_sure_it_is():
    for file in sorted(layouts.FOLDER.glob("*.yaml")):
        found = layouts.layout(file.stem)
        assert found.status in layouts.STATUSES
        assert all(any(column.key for column in columns) for columns in found.files.values())
        assert set(found.title) == {"it", "en"}
