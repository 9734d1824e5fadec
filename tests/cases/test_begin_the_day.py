"""Each role begins its day by what is due: the tutors by their register, the offices by their terms and figures."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accanto.access.relation import open_relation
from accanto.access.role import Kind, Role
from accanto.cases import referral
from accanto.cases.zone_team import ZoneTeam
from accanto.people import person as people
from accanto.plan import parameter
from accanto.plan.operation import Operation
from accanto.traineeships import attendance
from accanto.web import office_agenda
from accanto.web.due import Due, Together, Weight
from accanto.web.my_day import PARTS, SHOWN, gathered, in_parts
from tests import factories
from tests.cases.conftest import full_case


def day_of(client):
    answer = client.get(reverse("my_day"))
    assert answer.status_code == 200
    return answer.content.decode()


def asked(client):
    day_of(client)
    with CaptureQueriesContext(connection) as found:
        day_of(client)
    return len(found)


def waiting(zone, *, by, days, n=0):
    now = timezone.now()
    person = people.register(zone_id=zone.pk, given_name=f"Ugo{n}", family_name="Attende", by=by, now=now)
    received = timezone.localdate() - dt.timedelta(days=days)
    return referral.refer(person=person, channel="school", need="x", received_on=received, by=by, now=now)


# --- tutors ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def host_tutor(db):
    return factories.user("sara", Kind.HOST_TUTOR, organisation=factories.organisation("host", "Vivaio di prova"))


def test_a_tutor_finds_the_days_to_confirm_and_no_area(enter, mugello, anna, tutor):
    case = factories.person_in_charge(mugello, by=anna, given_name="Dario")
    row = factories.traineeship(case, tutor=tutor, by=anna)
    page = day_of(enter(tutor))
    assert "Dario" in page
    assert "da confermare" in page
    assert "Hai un tirocinante" in page
    today = timezone.localdate()
    for n in range(1, 29):
        day = today - dt.timedelta(days=n)
        if row.planned_hours(day):
            attendance.record(traineeship=row, day=day, hours=Decimal(4), by=tutor, now=timezone.now())
    assert "da confermare" not in day_of(enter(tutor))


def test_the_end_of_a_traineeship_is_told_to_both_tutors(enter, mugello, anna, tutor, host_tutor):
    case = factories.person_in_charge(mugello, by=anna, given_name="Dario")
    row = factories.traineeship(case, tutor=tutor, by=anna)
    row.ends, row.host_tutor = timezone.localdate() + dt.timedelta(days=5), host_tutor.user
    row.save()
    open_relation(
        subject=case.subject, kind=Kind.HOST_TUTOR, user=host_tutor.user, reason="tutor", by=anna, now=timezone.now()
    )
    for acting in (tutor, host_tutor):
        assert "Finisce il tirocinio" in day_of(enter(acting))


def test_a_tutor_s_day_asks_the_same_queries_for_three_and_for_thirty(enter, mugello, anna, tutor, same_queries):
    def trainees(count):
        for n in range(count):
            case = factories.person_in_charge(mugello, by=anna, given_name=f"N{n}")
            factories.traineeship(case, tutor=tutor, by=anna)

    trainees(3)
    client = enter(tutor)
    same_queries(lambda: day_of(client), more=lambda: trainees(27))


# --- offices ---------------------------------------------------------------------------------------------------------


def test_the_planner_reads_how_long_the_queue_is_and_nobody_s_name(enter, mugello, versilia, anna, bruno, planner):
    assert "aspetta" not in day_of(enter(planner))
    for n, days in enumerate((40, 3)):
        waiting(mugello, by=anna, days=days, n=n)
    waiting(versilia, by=bruno, days=90)
    page = day_of(enter(planner))
    assert "2 segnalazioni aspettano una risposta" in page
    assert "la più vecchia da 40 giorni" in page
    assert "Attende" not in page


def test_the_term_the_zone_gave_itself_is_told_with_the_queue(enter, mugello, anna, planner):
    parameter.set_value(
        name="siil.first_meeting_days", value="30", starts=dt.date(2024, 1, 1), zone=mugello, by=planner,
        act=factories.act("9", kind="CONVENZIONE"), now=timezone.now(),
    )  # fmt: skip
    for n, days in enumerate((40, 3)):
        waiting(mugello, by=anna, days=days, n=n)
    assert "1 oltre i 30 giorni" in day_of(enter(planner))


def test_only_a_planner_gets_the_length_of_the_queue(mugello, versilia, anna, planner, other_planner, as_application):
    waiting(mugello, by=anna, days=10)
    for acting, expected in ((planner, 1), (other_planner, 0), (anna, 0), (None, 0)):
        with as_application(acting) as cursor:
            cursor.execute("select waiting from referrals_waiting(null)")
            assert cursor.fetchone() == (expected,)


def test_the_planner_is_reminded_of_the_return_and_of_the_protocol(enter, mugello, planner, monkeypatch):
    page = day_of(enter(planner))
    assert "non ha un protocollo noto" in page
    assert "Prospetto degli assistenti sociali" in page
    ZoneTeam.objects.create(zone=mugello, protocol_on=dt.date(2025, 2, 5))
    for year, _last in office_agenda.years_asked(timezone.localdate()):
        factories.staffing_return(mugello, year, "finalised")
    page = day_of(enter(planner))
    assert "protocollo" not in page
    assert "Prospetto degli assistenti sociali" not in page


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (dt.date(2026, 2, 28), [2025, 2026]),
        (dt.date(2026, 3, 1), [2026]),
        (dt.date(2026, 11, 30), [2026, 2027]),
        (dt.date(2026, 11, 29), [2026]),
    ],
)
def test_which_returns_are_asked_for_on_a_day(today, years):
    assert [year for year, _last in office_agenda.years_asked(today)] == years


def test_the_officer_reads_zones_and_never_people(enter, mugello, versilia, anna, officer):
    waiting(mugello, by=anna, days=40)
    ZoneTeam.objects.create(zone=mugello, protocol_on=dt.date(2025, 2, 5))
    page = day_of(enter(officer))
    assert "Équipe di zona senza un protocollo noto: 1 su 2" in page
    assert "zone su 2" in page
    assert "segnalazion" not in page
    assert "Attende" not in page


def test_the_offices_ask_the_same_queries_whatever_they_watch_over(enter, mugello, anna, planner, officer):
    today = timezone.localdate()

    def more(numbers):
        for n in numbers:
            waiting(mugello, by=anna, days=n, n=n)
            operation = factories.operation(mugello, cup=f"B14H2200008{n:04}")
            Operation.objects.filter(pk=operation.pk).update(ends=today + dt.timedelta(days=20))

    more(range(3))
    few = [asked(enter(acting)) for acting in (planner, officer)]
    more(range(3, 20))
    assert [asked(enter(acting)) for acting in (planner, officer)] == few


def test_the_protector_reads_how_many_refusals_there_were(enter, mugello, anna, bruno, protector):
    case = factories.person_in_charge(mugello, by=anna)
    assert enter(bruno).get(reverse("person", args=[case.subject_id])).status_code == 404
    page = day_of(enter(protector))
    assert "1 apertura rifiutata" in page
    assert "Dario" not in page


def test_the_administrator_sees_roles_that_end_and_users_without_one(enter, administrator, anna, bruno, users):
    soon = timezone.localdate() + dt.timedelta(days=3)
    Role.objects.filter(user=anna.user).update(ends=soon)
    users.register(username="nessun.ruolo")
    page = day_of(enter(administrator))
    assert "Finisce il ruolo di Anna" in page
    assert "nessun.ruolo" in page
    assert "Bruno" not in page


def test_who_has_no_day_has_no_page(enter, db):
    for kind in (Kind.REFERRER, Kind.ADVOCATE):
        assert enter(factories.user(f"x_{kind}", kind)).get(reverse("my_day")).status_code == 404


def test_what_is_of_today_comes_after_what_is_late_and_before_the_rest():
    today = timezone.localdate()

    def due(days):
        return Due(title="x", what="x", url="/", label="x", when=today + dt.timedelta(days=days))

    waits = Due(title="x", what="x", url="/", label="x")
    found = in_parts([due(3), due(0), waits, due(-1), replace(waits, weight=Weight.STOPS)], today=today)
    days = {name: [one.when and (one.when - today).days for one in found[name]] for name in PARTS}
    assert days == {"stops": [None], "overdue": [-1], "now": [0], "waiting": [None], "coming": [3]}
    assert list(found) == [*PARTS, "hidden"]


def test_what_is_not_shown_is_counted_though_it_is_all_of_one_part():
    today = timezone.localdate()
    late = [Due(title="x", what="x", url="/", label="x", when=today - dt.timedelta(days=1))] * (SHOWN + 7)
    assert in_parts(late, today=today)["hidden"] == 7


def test_what_stops_a_payment_or_a_start_comes_before_a_target():
    today = timezone.localdate()

    def due(title, weight, days):
        day = None if days is None else today + dt.timedelta(days=days)
        return Due(title=title, what="x", url="/", label="x", when=day, weight=weight)

    dues = [
        due("target", Weight.TARGET, -90),
        due("usual", Weight.USUAL, -60),
        due("stops", Weight.STOPS, -1),
        due("waits", Weight.USUAL, None),
        due("waits, stops", Weight.STOPS, None),
        due("later, stops", Weight.STOPS, 9),
        due("sooner", Weight.TARGET, 2),
    ]
    assert [one.title for one in sorted(dues, key=lambda one: one.order(today))] == [
        "stops", "usual", "target", "waits, stops", "waits", "sooner", "later, stops",
    ]  # fmt: skip


def test_what_is_done_on_one_page_is_one_line_of_the_day_and_two_stay_two():
    today = dt.date(2026, 11, 28)
    month = Together("Registri da chiudere, ottobre 2026", "/close/", "Chiudili")
    names = ["Ada", "Bea", "Ciro", "Dino"]
    rows = [
        Due("Registro", "registri", f"/{name}/", "Apri", person=name, since=today, together=month) for name in names
    ]
    other = Due("Altro", "altro", "/x/", "Apri", since=today)

    (one, left) = gathered([*rows, other], today=today)

    assert (one.title, one.url, one.person) == ("Registri da chiudere, ottobre 2026: 4", "/close/", None)
    assert one.note == "Ada, Bea e altre 2"
    assert left is other
    assert gathered(rows[:2], today=today) == rows[:2]


def test_a_long_day_is_narrowed_to_a_kind_or_to_a_person(enter, anna, mugello, monkeypatch):
    first, second = (full_case(mugello, by=anna, n=n) for n in range(2))
    client, day = enter(anna), reverse("my_day")
    assert 'name="who"' not in client.get(day).content.decode()
    monkeypatch.setattr("accanto.web.my_day.LONG", 1)
    page = client.get(day).content.decode()
    assert "Ida0" in page
    assert "Tutta la giornata" not in page
    page = client.get(day, {"who": first.subject_id}).content.decode()
    assert f'href="{reverse("person", args=[first.subject_id])}"' in page
    assert f'href="{reverse("person", args=[second.subject_id])}"' not in page
    assert "Tutta la giornata" in page
    assert "Chiede all’agenzia" not in client.get(day, {"what": "verifiche di progetto"}).content.decode()
    assert "Chiede all’agenzia" in client.get(day, {"what": "x" * 3000, "who": "nul\x00la"}).content.decode()
