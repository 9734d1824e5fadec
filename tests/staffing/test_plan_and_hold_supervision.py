"""The planner of a zone plans supervision, writes who was there, corrects and withdraws with the reason; the Region
reads numbers and nobody's name."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.role import Kind
from accanto.norms.findings import Refused
from accanto.staffing import supervision, supervision_plan
from accanto.staffing.supervision import SupervisionAttendance, SupervisionSession
from accanto.staffing.supervision_plan import SupervisionPlan
from tests import factories
from tests.staffing.test_read_the_staff_of_the_zones import text_of

TODAY = timezone.localdate()
YEAR = TODAY.year
SECRET = ("staffing_supervisionsession", "staffing_supervisionattendance")


@pytest.fixture
def group(mugello, planner):
    """Three social workers, each with a contract of another kind, and an educator of a cooperative."""
    found = []
    for more in ({}, {"kind": "fixed_term"}, {"kind": "agency"}):
        found.append(factories.worker(mugello, by=planner))
        factories.contract(found[-1], by=planner, **more)
    found.append(factories.worker(mugello, profession="educator", by=planner))
    factories.contract(found[-1], employer="cooperative", kind="outsourced", by=planner)
    return found


def said(group, **more):
    return {
        "kind": "A1", "day": TODAY.strftime("%d/%m/%Y"), "hours": "2,5", "supervisor": "Lea Prova",
        "supervisor_profession": "social_worker", "external": "on", "present": [one.pk for one in group[:2]],
        "missing": [group[2].pk],
    } | more  # fmt: skip


def fields(refused):
    return {one.field for one in refused.value.findings}


# --- the acts ---------------------------------------------------------------------------------------------------------


def test_a_plan_is_corrected_with_its_reason_and_the_one_before_stays(mugello, planner):
    first = factories.supervision_plan(mugello, by=planner)
    terms = supervision_plan.PlanTerms(hours=Decimal(30))
    again = {"zone": mugello, "year": YEAR, "kind": "A1", "terms": terms, "by": planner, "now": timezone.now()}
    with pytest.raises(Refused) as refused:
        supervision_plan.write(**again)
    assert fields(refused) == {"reason"}
    second = supervision_plan.write(**again, reason="meno ore")
    first.refresh_from_db()
    assert first.superseded_at
    assert SupervisionPlan.objects.held().get() == second
    supervision_plan.withdraw(plan=second, reason="non si fa", by=planner, now=timezone.now())
    assert not SupervisionPlan.objects.held().exists()
    assert SupervisionPlan.objects.standing().get().reason == "non si fa"
    with pytest.raises(Refused, match="già stato corretto"):
        supervision_plan.withdraw(plan=second, reason="ancora", by=planner, now=timezone.now())
    assert supervision_plan.write(**again | {"now": timezone.now()})  # after a withdrawal a new one asks for no reason


def test_a_session_corrected_or_withdrawn_leaves_the_sums_and_stays_on_record(mugello, planner, group):
    row = factories.supervision_session(mugello, present=group[:2], hours="3", by=planner)
    terms = supervision.SessionTerms(
        kind="A1", day=TODAY, hours=Decimal(2), supervisor="Lea Prova", supervisor_profession="social_worker",
        present=group[:1], missing=group[1:2],
    )  # fmt: skip
    told = {"by": planner, "now": timezone.now(), "today": TODAY}
    with pytest.raises(Refused) as refused:
        supervision.correct(session=row, terms=terms, reason=" ", **told)
    assert fields(refused) == {"reason"}
    second = supervision.correct(session=row, terms=terms, reason="ore sbagliate", **told)
    assert [one.by_kind for one in supervision.by_worker(mugello, year=YEAR, on=TODAY)] == [{"A1": 2}, {}]
    with pytest.raises(Refused, match="già stato corretto"):
        supervision.withdraw(session=row, reason="no", by=planner, now=timezone.now())
    gone = supervision.withdraw(session=second, reason="rinviato", by=planner, now=timezone.now())
    assert (gone.corrects, gone.withdrawn, gone.reason) == (second, True, "rinviato")
    assert supervision.by_worker(mugello, year=YEAR, on=TODAY) == []
    assert SupervisionSession.objects.count() == 3
    with pytest.raises(Refused, match="già stato corretto"):
        supervision.withdraw(session=gone, reason="no", by=planner, now=timezone.now())


def test_all_that_cannot_be_is_told_at_once(mugello, versilia, planner, group):
    with pytest.raises(Refused) as refused:
        factories.supervision_session(
            mugello, day=TODAY + dt.timedelta(days=1), hours="25", present=[group[0], factories.worker(versilia)],
            missing=[group[0]], by=planner,
        )  # fmt: skip
    assert fields(refused) == {"day", "hours", "missing", "present"}
    assert not SupervisionSession.objects.exists()


def test_presence_counts_the_hours_of_ones_own_group(mugello, planner, group):
    for n in range(4):
        factories.supervision_session(
            mugello,
            hours="3",
            present=group[:1] + (group[1:2] if n else []),
            missing=[] if n else group[1:2],
            by=planner,
        )
    factories.supervision_session(mugello, kind="A2", hours="1", present=group[2:3], by=planner)
    found = {one.worker: one.presence for one in supervision.by_worker(mugello, year=YEAR, on=TODAY)}
    assert (found[group[0]].share, found[group[0]].enough) == (1, True)
    assert (found[group[1]].attended, found[group[1]].held, found[group[1]].enough) == (9, 12, False)
    assert found[group[2]].held == 1


def test_a_session_and_who_was_there_are_of_the_zone(mugello, versilia, planner, group):
    row = factories.supervision_session(mugello, present=group[:1], by=planner)

    def lie(zone, worker):
        SupervisionAttendance.objects.create(
            session=row, worker=worker, zone=zone, present=True, recorded_at=timezone.now()
        )
        connection.check_constraints()

    for zone, worker in ((mugello, factories.worker(versilia)), (versilia, group[1])):
        with pytest.raises(IntegrityError, match="of_its_zone"), transaction.atomic():
            lie(zone, worker)


# --- what the Region counts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(Kind))
def test_app_supervision_counts_and_app_supervision_coverage_answer_who_reads_the_staffing(
    mugello, planner, group, as_application, kind
):
    factories.supervision_session(mugello, present=group[:2], hours="3", by=planner)
    factories.supervision_session(mugello, present=group[1:3], missing=group[:1], hours="1.5", by=planner)
    gone = factories.supervision_session(mugello, present=group[3:], kind="A3", by=planner)
    supervision.withdraw(session=gone, reason="rinviato", by=planner, now=timezone.now())
    somebody = factories.user(f"somebody_{kind}", kind, zone=mugello)
    reads = kind in (Kind.ZONE_PLANNER, Kind.REGIONAL_OFFICER)
    with as_application(somebody) as cursor:
        cursor.execute("select * from app_supervision_counts(%s)", [YEAR])
        assert cursor.fetchall() == ([(mugello.pk, "A1", 2, Decimal("4.50"), 3)] if reads else [])
        cursor.execute("select * from app_supervision_coverage(%s) order by profession", [YEAR])
        expected = [(mugello.pk, "educator", 1, 0), (mugello.pk, "social_worker", 3, 3)]
        assert cursor.fetchall() == (expected if reads else [])
        cursor.execute("select * from app_supervision_counts(%s)", [YEAR - 1])
        assert cursor.fetchall() == []


def test_another_zone_counts_nothing_of_this_one(mugello, planner, other_planner, group, as_application):
    factories.supervision_session(mugello, present=group[:2], by=planner)
    with as_application(other_planner) as cursor:
        for name in ("app_supervision_counts", "app_supervision_coverage"):
            cursor.execute(f"select count(*) from {name}(%s)", [YEAR])
            assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("kind", list(Kind))
def test_in_the_database_names_are_read_by_the_planner_of_the_zone_only(mugello, planner, group, as_application, kind):
    factories.supervision_plan(mugello, by=planner)
    factories.supervision_session(mugello, present=group[:1], by=planner)
    somebody = factories.user(f"somebody_{kind}", kind, zone=mugello)
    with as_application(somebody) as cursor:
        for table in SECRET:
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (int(kind == Kind.ZONE_PLANNER),), table
        cursor.execute("select count(*) from staffing_supervisionplan")
        assert cursor.fetchone() == (int(kind in (Kind.ZONE_PLANNER, Kind.REGIONAL_OFFICER)),)
        cursor.execute("update staffing_supervisionplan set superseded_at = now() + interval '1 day'")
        assert cursor.rowcount == int(kind == Kind.ZONE_PLANNER)


def test_in_the_database_nothing_is_overwritten(mugello, planner, group, as_application):
    factories.supervision_plan(mugello, by=planner)
    factories.supervision_session(mugello, present=group[:1], by=planner)
    for statement in (
        "update staffing_supervisionplan set hours = 1",
        "update staffing_supervisionsession set hours = 1",
        "update staffing_supervisionattendance set present = false",
        "delete from staffing_supervisionattendance",
    ):
        with pytest.raises(DatabaseError), as_application(planner) as cursor:
            cursor.execute(statement)


# --- the pages --------------------------------------------------------------------------------------------------------


def test_from_nobody_to_the_plan_the_session_and_the_sums(mugello, planner, enter):
    client = enter(planner)
    words = text_of(client.get(reverse("supervision")))
    assert "Prima serve chi lavora nella zona" in words
    assert "Le ore minime di supervisione sono state cercate e non trovate" in words
    assert "fonte non verificata: avverte e non blocca" in words
    assert "Il piano dell’anno" in words


def test_the_plan_is_written_and_corrected_on_its_page(mugello, planner, group, enter):
    client, address = enter(planner), reverse("edit_supervision_plan", args=[YEAR, "A1"])
    assert client.post(address, {"hours": "24", "act": "POA 2026"}).status_code == 302
    assert client.post(address, {"hours": "30", "act": "POA 2026"}).status_code == 422
    answer = client.post(address, {"hours": "30", "act": "POA 2026", "reason": "un incontro in più"}, follow=True)
    assert "A1, gruppo di assistenti sociali 30 –" in text_of(answer)
    assert "1 com’era scritto prima" in text_of(client.get(address))
    withdraw = reverse("withdraw_supervision_plan", args=[YEAR, "A1"])
    assert client.post(withdraw, {"reason": ""}).status_code == 422
    assert client.post(withdraw, {"reason": "non finanziato"}).status_code == 302
    assert client.get(withdraw).status_code == 404
    assert not SupervisionPlan.objects.held().exists()


def test_a_session_is_written_corrected_and_withdrawn(mugello, planner, group, enter):
    client = enter(planner)
    answer = client.post(reverse("new_supervision_session"), said(group))
    row = SupervisionSession.objects.get()
    assert answer["Location"] == reverse("supervision_session", args=[row.pk])
    assert (row.hours, row.external) == (Decimal("2.5"), True)
    words = text_of(client.get(reverse("supervision")))
    for told in (
        "A1, gruppo di assistenti sociali – 2,5 1 2",
        "Ci sono incontri A1 senza un piano",
        "assistente sociale 3 2 67%",
        "AS-0003 – – – 2,5 0% no",
        "almeno il 80 %",
    ):
        assert told in words, told
    correct = reverse("correct_supervision_session", args=[row.pk])
    assert client.get(correct).context["form"].initial["missing"] == [group[2].pk]
    assert client.post(correct, said(group, hours="3")).status_code == 422
    assert client.post(correct, said(group, hours="3", reason="erano tre")).status_code == 302
    assert client.get(correct).status_code == 404  # it is the new one that is corrected
    assert "Com’è scritto ora" in text_of(client.get(reverse("supervision_session", args=[row.pk])))
    row = SupervisionSession.objects.held().get()
    withdraw = reverse("withdraw_supervision_session", args=[row.pk])
    assert client.post(withdraw, {"reason": " "}).status_code == 422
    assert client.post(withdraw, {"reason": "rinviato"}).status_code == 302
    gone = SupervisionSession.objects.standing().get()
    words = text_of(client.get(reverse("supervision_session", args=[gone.pk])))
    assert "Ritirato: non conta nelle somme." in words
    assert "Perché: rinviato" in words


def test_what_is_unusual_is_told_and_not_refused(mugello, planner, group, enter):
    client = enter(planner)
    mixed = said(group, kind="A2", supervisor_profession="psychologist", present=[group[0].pk, group[3].pk])
    words = text_of(client.post(reverse("new_supervision_session"), mixed, follow=True))
    assert "Il supervisore è di un&#x27;altra professione" in words
    assert "A2 è individuale: qui ci sono più persone." in words
    assert "AD-52" in words


def test_each_mistake_is_told_beside_its_field(mugello, planner, group, enter):
    client, address = enter(planner), reverse("new_supervision_session")
    answer = client.post(address, said(group, missing=[group[0].pk], day="01/01/2099"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"missing", "day"}
    answer = client.post(address, {"day": "ieri"})
    assert set(answer.context["form"].errors) == {
        "kind", "day", "hours", "supervisor", "supervisor_profession", "present",
    }  # fmt: skip


def test_the_region_reads_numbers_of_every_zone_and_nobody_s_name(mugello, versilia, planner, group, officer, enter):
    client = enter(officer)
    assert "Nessuna zona ha ancora scritto un piano" in text_of(client.get(reverse("supervision")))
    factories.supervision_plan(mugello, by=planner)
    row = factories.supervision_session(mugello, present=group[:2], hours="3", by=planner)
    few = factories.worker(versilia)
    factories.contract(few)
    factories.supervision_session(versilia, present=[few])
    words = text_of(client.get(reverse("supervision")))
    assert "Mugello 40 1 3 – – 3 2 67%" in words
    assert "Versilia – 1 2 – – – non pubblicato – non pubblicato – non pubblicato" in words  # one worker: a person
    assert "AS-0001" not in words
    assert "Supervisore di prova" not in words
    for name, args in (
        ("supervision_session", [row.pk]), ("new_supervision_session", []), ("edit_supervision_plan", [YEAR, "A1"]),
        ("withdraw_supervision_plan", [YEAR, "A1"]), ("correct_supervision_session", [row.pk]),
        ("withdraw_supervision_session", [row.pk]),
    ):  # fmt: skip
        assert client.get(reverse(name, args=args)).status_code == 404, name
        assert client.post(reverse(name, args=args), said(group)).status_code == 404, name


def test_another_zone_finds_nothing(mugello, planner, other_planner, group, enter):
    row = factories.supervision_session(mugello, present=group[:2], by=planner)
    factories.supervision_plan(mugello, by=planner)
    client = enter(other_planner)
    for name in ("supervision_session", "correct_supervision_session", "withdraw_supervision_session"):
        assert client.get(reverse(name, args=[row.pk])).status_code == 404, name
    assert client.get(reverse("withdraw_supervision_plan", args=[YEAR, "A1"])).status_code == 404
    answer = client.post(reverse("new_supervision_session"), said(group))
    assert set(answer.context["form"].errors) == {"present", "missing"}  # nobody of another zone can be chosen


@pytest.mark.parametrize("year", [0, 1999, YEAR + 2, 10**18])
def test_a_plan_of_a_year_out_of_sense_or_of_no_kind_is_not_there(planner, enter, year):
    client = enter(planner)
    assert client.get(reverse("edit_supervision_plan", args=[year, "A1"])).status_code == 404
    assert client.get(reverse("edit_supervision_plan", args=[YEAR, "A9"])).status_code == 404


@pytest.mark.parametrize("value", ["\x00", "9" * 400, "NaN", "<b>", "٣", "-1"])
def test_no_input_breaks_the_forms(mugello, planner, group, enter, value):
    client = enter(planner)
    forms = {
        reverse("new_supervision_session"): said(group),
        reverse("edit_supervision_plan", args=[YEAR, "A2"]): {"hours": "24", "act": "", "accreditation": ""},
    }
    for address, what in forms.items():
        for name in what:
            assert client.post(address, what | {name: value}).status_code in (302, 422), (address, name)
    for asked in ("year", "after"):
        assert client.get(f"{reverse('supervision')}?{asked}={value}".replace("\x00", "%00")).status_code == 200


def test_the_pages_ask_the_same_queries_for_three_and_for_thirty(mugello, planner, officer, group, enter, same_queries):
    mine, region = enter(planner), enter(officer)

    def more(count):
        for _ in range(count):
            factories.supervision_session(mugello, present=group[:2], missing=group[2:], by=planner)
            worker = factories.worker(mugello, by=planner)
            factories.contract(worker, by=planner)
            factories.supervision_session(mugello, present=[worker, group[0]], by=planner)

    more(3)
    row = SupervisionSession.objects.order_by("id").first()
    same_queries(
        lambda: [
            mine.get(reverse("supervision")),
            mine.get(reverse("supervision_session", args=[row.pk])),
            mine.get(reverse("new_supervision_session")),
            region.get(reverse("supervision")),
        ],
        more=lambda: more(12),
    )
