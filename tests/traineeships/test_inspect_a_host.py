"""An inspection of a host: opened by who plans the zone, begun at the gate, reported once; what it opens, and to whom,
and that its end ends it."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.access.relation import Relation
from accanto.access.role import Kind
from accanto.traineeships import host_inspection
from accanto.traineeships.anomaly import Anomaly
from accanto.traineeships.host_inspection import HostInspection, InspectionCheck
from accanto.web.inspection_check import report_data, to_print
from tests import factories
from tests.test_isolation import refused


@pytest.fixture
def inspector(db):
    body = factories.organisation("region", "Regione di prova")
    return factories.user("ispettrice", Kind.INSPECTOR, organisation=body)


@pytest.fixture
def hosted(mugello, anna, tutor):
    """Two trainees at the nursery, one of them at the bakery too, and one of another zone at the nursery."""
    rows = {}
    for name in ("Ada", "Ugo"):
        case = factories.person_in_charge(mugello, by=anna, given_name=name)
        rows[name] = factories.traineeship(case, tutor=tutor, by=anna)
    rows["bakery"] = factories.traineeship(rows["Ada"].case, tutor=tutor, by=anna, host="Forno di prova")
    return rows


@pytest.fixture
def opened(hosted, planner, inspector):
    now, today = timezone.now(), timezone.localdate()
    return host_inspection.open_inspection(
        host=hosted["Ada"].host, inspector=inspector.user, reason="sample", starts=today,
        ends=today + dt.timedelta(days=5), by=planner, now=now,
    )  # fmt: skip


def begin(client, row):
    return client.post(reverse("begin_inspection", args=[row.pk]), follow=True)


def test_from_the_planner_to_the_closed_report(hosted, planner, inspector, enter):
    today = timezone.localdate()
    planning, gate = enter(planner), enter(inspector)
    page = reverse("new_inspection", args=[hosted["Ada"].host_id])
    wrong = planning.post(
        page, {"inspector": inspector.user.pk, "starts": today, "ends": today + dt.timedelta(days=99)}
    )
    assert wrong.status_code == 422
    assert "90 giorni" in wrong.content.decode()
    said = {"inspector": inspector.user.pk, "reason": "sample", "starts": today, "ends": today}
    answer = planning.post(page, said, follow=True)
    row = HostInspection.objects.get()
    assert "Dario" not in answer.content.decode()

    assert "Vivaio di prova" in gate.get(reverse("my_day")).content.decode()
    here = reverse("inspection", args=[row.pk])
    assert "Ada" not in gate.get(here).content.decode()
    shown = begin(gate, row).content.decode()
    assert "Ada Prova" in shown
    assert "Ugo Prova" in shown

    check = InspectionCheck.objects.get(traineeship=hosted["Ada"])
    one = reverse("inspection_check", args=[check.pk])
    assert gate.post(one, {"words": "x"}).status_code == 422
    gate.post(one, {"presence": "absent", "tutor_there": "no", "words": "Nessuno al banco."})
    report = reverse("close_inspection", args=[row.pk])
    assert "Una persona" not in gate.get(report).content.decode()
    assert gate.post(report, {"visited_on": today}).status_code == 422
    gate.post(report, {"visited_on": today, "received_by": "Il titolare", "found": "Manca il registro."})
    row.refresh_from_db()
    assert (row.closed_at is not None, row.found) == (True, "Manca il registro.")

    # closed: read and printed, not changed
    assert gate.post(one, {"presence": "present"}).status_code == 404
    assert gate.get(report).status_code == 404
    assert InspectionCheck.objects.get(pk=check.pk).presence == "absent"
    closed = gate.get(here).content.decode()
    assert "Non verificato" in closed  # Ugo, and no longer «to do»
    assert "dovrebbe esserci adesso" not in closed
    printed = gate.get(reverse("inspection_document", args=[row.pk]))
    assert printed.content.startswith(b"%PDF")
    assert "Ada" not in printed["Content-Disposition"]
    verbs = set(Act.objects.filter(noun="hostinspection").values_list("verb", flat=True))
    assert verbs == {"open", "begin", "report"}


def test_it_opens_the_trainees_of_that_host_and_zone_and_nothing_of_why(
    hosted, opened, inspector, enter, as_application
):
    factories.secrets(hosted["Ada"].case, by=factories.user("ida", Kind.SOCIAL_WORKER, zone=opened.zone))
    with as_application(inspector) as cursor:  # opened and not begun: nothing
        cursor.execute("select count(*) from people_person")
        assert cursor.fetchone() == (0,)
    begin(enter(inspector), opened)
    with as_application(inspector) as cursor:
        cursor.execute("select app_traineeships_inspected(), app_inspections_open()")
        mine, still_open = cursor.fetchone()
        assert set(mine) == {hosted["Ada"].pk, hosted["Ugo"].pk}
        assert still_open == [opened.pk]
        for table in ("traineeships_traineeship", "people_person"):
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (2,), table
        for table in (
            "cases_casearea", "cases_healthfact", "cases_functionallimit", "cases_accommodation", "people_registry",
            "traineeships_traineeshipplan", "traineeships_condition", "traineeships_payee", "documents_document",
        ):  # fmt: skip
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,), table
    assert enter(inspector).get(reverse("month_register", args=[hosted["bakery"].pk, "2026-01"])).status_code == 404


def test_money_is_told_as_sums_and_never_the_account(hosted, opened, anna, inspector, enter, as_application):
    """`inspection_payments`: month, determined and paid."""
    factories.payment_list(hosted["Ada"], by=anna)
    begin(enter(inspector), opened)
    with as_application(inspector):
        ((traineeship, _month, _hours, amount, paid, _on),) = host_inspection.payments(opened)
    assert (traineeship, amount, paid) == (hosted["Ada"].pk, 400, 0)
    check = InspectionCheck.objects.get(traineeship=hosted["Ada"])
    page = enter(inspector).get(reverse("inspection_check", args=[check.pk])).content.decode()
    assert "400,00" in page
    assert factories.IBAN not in page


def test_another_inspector_another_planner_another_zone_find_nothing(
    hosted, opened, inspector, other_planner, bruno, enter, as_application
):
    begin(enter(inspector), opened)
    stranger = factories.user("estraneo", Kind.INSPECTOR, organisation=inspector.role.organisation)
    for acting in (stranger, other_planner, bruno):
        assert enter(acting).get(reverse("inspection", args=[opened.pk])).status_code == 404
        with as_application(acting) as cursor:
            cursor.execute("select count(*) from traineeships_hostinspection")
            assert cursor.fetchone() == (0,)
            with pytest.raises(DatabaseError, match="yours"), transaction.atomic():
                cursor.execute("select begin_inspection(%s, 'x')", [opened.pk])
            cursor.execute("select follow_inspection(%s)", [opened.pk])
            assert cursor.fetchone() == (0,)
            cursor.execute("select count(*) from inspection_payments(%s)", [opened.pk])
            assert cursor.fetchone() == (0,)


def test_its_end_ends_what_it_opened(hosted, opened, planner, inspector, enter, as_application):
    begin(enter(inspector), opened)
    today = timezone.localdate()
    later = today + dt.timedelta(days=20)
    planning, end = enter(planner), reverse("move_inspection", args=[opened.pk])
    planning.post(end, {"ends": later})
    assert set(Relation.objects.filter(kind=Kind.INSPECTOR).values_list("ends", flat=True)) == {later}
    planning.post(end, {"ends": today - dt.timedelta(days=1)})
    opened.refresh_from_db()
    assert (opened.ends, opened.ended_at is None) == (today, False)
    with as_application(inspector) as cursor:
        for table in ("traineeships_traineeship", "traineeships_attendanceday", "traineeships_inspectioncheck"):
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,), table
    page = enter(inspector).get(reverse("inspection", args=[opened.pk])).content.decode()
    assert "Ada" not in page
    assert "finita" in page
    Relation.objects.filter(kind=Kind.INSPECTOR).update(
        starts=today - dt.timedelta(days=9), ends=today - dt.timedelta(days=1)
    )
    with as_application(inspector) as cursor:
        cursor.execute("select count(*) from people_person")
        assert cursor.fetchone() == (0,)


def test_inspectors_write_only_what_they_saw_and_a_closed_report_stays(
    hosted, opened, inspector, enter, as_application
):
    """`refuse_changed_reports` holds the end of an inspection and a closed report."""
    begin(enter(inspector), opened)
    with as_application(inspector) as cursor:
        for statement in (
            "insert into access_relation (subject_id, zone_id, kind, user_id, starts, reason) select subject_id, "
            "zone_id, 'inspector', app_user(), current_date, 'x' from traineeships_traineeship limit 1",
            "update traineeships_hostinspection set ends = ends + 30",
            "update traineeships_traineeship set state = 'withdrawn'",
            "insert into traineeships_hostinspection (zone_id, host_id, inspector_id, reason, words, act, announced, "
            "starts, ends, opened_at, opened_by_id, received_by, found) select zone_id, host_id, inspector_id, reason, "
            "words, act, announced, starts, ends, opened_at, opened_by_id, '', '' from traineeships_hostinspection",
        ):
            assert refused(cursor, statement), statement
    HostInspection.objects.filter(pk=opened.pk).update(closed_at=timezone.now(), visited_on=opened.starts, found="a")
    with as_application(inspector) as cursor:
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            cursor.execute("update traineeships_hostinspection set found = 'b'")
        cursor.execute("update traineeships_inspectioncheck set words = 'dopo'")
        assert cursor.rowcount == 0


def test_the_gate_asks_the_same_queries_for_many(hosted, opened, inspector, mugello, anna, tutor, enter, same_queries):
    client = enter(inspector)
    begin(client, opened)

    def many():
        for n in range(6):
            case = factories.person_in_charge(mugello, by=anna, given_name=f"Altra {n}")
            factories.traineeship(case, tutor=tutor, by=anna)
        begin(client, opened)

    same_queries(lambda: client.get(reverse("inspection", args=[opened.pk])), more=many)


def test_the_person_reads_that_an_inspection_saw_them(hosted, opened, inspector, anna, carla, enter):
    begin(enter(inspector), opened)
    page = enter(anna).get(reverse("who_can_see", args=[hosted["Ada"].subject_id])).content.decode()
    assert "ispezione presso l’ospitante" in page


def test_a_report_not_closed_is_a_draft_on_paper(opened):
    data = report_data(opened, [], [])
    assert data["title"] == "Verbale di ispezione (bozza)"
    assert data["people"] == []


def test_the_paper_the_host_signs_tells_no_report_and_does_not_change_once_closed(hosted, opened, inspector, enter):
    now, row, hour = timezone.now(), hosted["Ada"], dt.timedelta(hours=1)

    def found(what, at, **facts):
        made = factories.anomaly(row, what=what, **facts)
        Anomaly.objects.filter(pk=made.pk).update(found_at=at, state_at=at)
        return made

    to_check = found("unpaid", now - hour)
    found("night", now - hour, state="closed")
    found("reported", now - hour, words="Da sola alla cassa.", raised_by=inspector.user)
    assert to_print(opened, Anomaly.objects.all()) == [to_check]
    opened.closed_at = now
    Anomaly.objects.filter(pk=to_check.pk).update(state="closed", state_at=now + hour)
    found("long_day", now + hour)
    assert to_print(opened, Anomaly.objects.all()) == [to_check]

    # the days over, it opens nobody: then it says nothing, rather than that nobody was there
    gate = enter(inspector)
    begin(gate, opened)
    page = reverse("inspection_document", args=[opened.pk])
    assert gate.get(page).status_code == 200
    HostInspection.objects.filter(pk=opened.pk).update(ended_at=now)
    assert gate.get(page).status_code == 404
