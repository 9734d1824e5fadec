"""Looking for what is unusual: found once, explained, not found again on the same facts; mended where the facts are;
who reads it, and who may only report."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.access.relation import open_relation
from accanto.access.role import Kind
from accanto.console import main
from accanto.norms import control_facts, states
from accanto.norms.days import add_months, month_of
from accanto.traineeships import anomaly as anomalies
from accanto.traineeships import control_search, controls
from accanto.traineeships.anomaly import Anomaly, AnomalyStep, State, What
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.control_search import ControlSearch
from accanto.traineeships.host_closure import close_host
from accanto.traineeships.traineeship import Traineeship
from accanto.web.anomaly import WHO
from tests import factories


@pytest.fixture
def month():
    """The first day of the month that is over."""
    return add_months(timezone.localdate().replace(day=1), -1)


@pytest.fixture
def odd(mugello, anna, tutor, month):
    """A traineeship of two months whose last whole month has twenty days alike, in order but for that: covers, notice,
    training and agreement are there."""
    case = factories.person_in_charge(mugello, by=anna)
    row = factories.traineeship(case, tutor=tutor, by=anna)
    before = month - dt.timedelta(days=10)
    agreement = row.host.agreements.create(
        promoter=tutor.role.organisation, body_in_charge=tutor.role.organisation, signed_on=before, valid_from=before
    )
    Traineeship.objects.filter(pk=row.pk).update(
        starts=month, agreement=agreement, inail_reference="INAIL", liability_reference="RC", safety_training_on=month,
        notice_sent_on=before, weekly_hours=Decimal(168), hours_by_weekday=[Decimal(4)] * 7,
    )  # fmt: skip
    write(row, [month + dt.timedelta(days=n) for n in range(20)], by=anna)
    row.refresh_from_db()
    return row


def write(row, days, *, by, times=(540, 780)):
    AttendanceDay.objects.bulk_create(
        AttendanceDay(
            subject_id=row.subject_id, zone_id=row.zone_id, traineeship=row, day=day, hours=Decimal(4),
            times=list(times), recorded_at=at(day), recorded_by=by.user,
        )
        for day in days
    )  # fmt: skip


def at(day):
    return dt.datetime.combine(day, dt.time(18), tzinfo=timezone.get_current_timezone())


def look(anna):
    return controls.search(zone=anna.role.zone, by=anna, now=timezone.now())


def test_what_is_unusual_is_found_once_explained_and_not_found_again(odd, anna, month, enter):
    client = enter(anna)
    client.post(reverse("look_now"))
    (row,) = Anomaly.objects.all()
    assert (row.what, row.code, row.days, row.first) == (What.SAME_TIMES, "ACC-SAME", 20, month)
    assert Act.objects.filter(verb="find", noun="anomaly", object_id=row.pk).exists()
    assert "1 anomalia da verificare" in client.get(reverse("my_day")).content.decode()
    here = reverse("anomaly", args=[row.pk])
    page = client.get(here).content.decode()
    assert "non è un’accusa" in page
    assert "scelta del sistema" in page
    assert client.post(here, {"after": "explained", "words": " "}).status_code == 422
    assert client.post(here, {"after": "archived", "words": "x"}).status_code == 422
    assert client.post(here, {"after": "explained", "words": "È in depressione"}).status_code == 422
    client.post(here, {"after": "explained", "words": "È il turno del reparto."})
    assert look(anna).found == 0
    row.refresh_from_db()
    assert row.state == State.EXPLAINED
    # other facts are another anomaly: a day more
    write(odd, [month + dt.timedelta(days=20)], by=anna)
    assert look(anna).found == 1
    assert set(Anomaly.objects.values_list("state", flat=True)) == {State.OPEN, State.EXPLAINED}
    client.post(here, {"after": "confirmed", "words": "Sentita la persona: non era così."})
    client.post(here, {"after": "closed", "words": "Registro corretto."})
    client.post(here, {"after": "open", "words": "Chiusa per errore."})
    assert [step.after for step in AnomalyStep.objects.filter(anomaly=row)] == [
        "explained", "confirmed", "closed", "open",
    ]  # fmt: skip


def test_where_the_facts_are_mended_it_closes_by_itself_and_says_so(odd, anna, month):
    look(anna)
    day = AttendanceDay.objects.get(traineeship=odd, day=month)
    AttendanceDay.objects.filter(pk=day.pk).update(superseded_at=timezone.now())
    write(odd, [month], by=anna, times=(555, 795))
    done = look(anna)
    assert (done.found, done.mended) == (0, 1)
    step = AnomalyStep.objects.get()
    assert (step.anomaly.state, step.after, step.words) == (State.CLOSED, "closed", controls.MENDED)


def test_hours_while_the_host_is_closed_show_the_possible_fine_with_its_arithmetic(odd, anna, month, enter):
    close_host(host=odd.host, first=month, last=month + dt.timedelta(days=2), reason="holidays", by=anna, now=at(month))
    look(anna)
    row = Anomaly.objects.get(what=What.HOST_CLOSED)
    assert (row.code, row.days) == ("R-PRO-01", 3)
    page = enter(anna).get(reverse("anomaly", args=[row.pk])).content.decode()
    assert "3 giorni × 50,00 € = 150,00 €" in page
    assert "decide l&#x27;autorità" in page
    assert "INL, nota 530" in page


def test_papers_that_are_missing_are_said_once_however_many_days_are_worked(odd, anna, month):
    Traineeship.objects.filter(pk=odd.pk).update(inail_reference="", safety_training_on=None, agreement=None)
    look(anna)
    missing = {What.NO_INSURANCE, What.BEFORE_TRAINING, What.OUTSIDE_AGREEMENT}
    assert set(Anomaly.objects.exclude(what=What.SAME_TIMES).values_list("what", flat=True)) == missing
    write(odd, [month + dt.timedelta(days=21)], by=anna, times=(540, 780))
    look(anna)
    assert Anomaly.objects.filter(what__in=missing).count() == 3


def test_unpaid_hours_are_found_after_sixty_days_and_not_before(odd, anna, month):
    over = month_of(month).last
    for days, count in ((60, 0), (61, 1)):
        controls.search(zone=anna.role.zone, by=None, now=at(over + dt.timedelta(days=days)))
        assert Anomaly.objects.filter(what=What.UNPAID).count() == count
    assert Anomaly.objects.get(what=What.UNPAID).code == "R-IND-07"


def test_who_is_beside_the_trainee_reports_and_the_host_does_not(odd, tutor, anna, carla, enter, as_application):
    today = timezone.localdate()
    host = factories.user("ospite", Kind.HOST_TUTOR, organisation=odd.host.organisation)
    for acting in (carla, host):
        open_relation(
            subject=odd.subject, kind=acting.kind, user=acting.user, reason="prova", by=anna, now=timezone.now()
        )
    page = reverse("report_anomaly", args=[odd.pk])
    said = {"first": odd.starts, "last": today, "words": "Sono da sola alla cassa."}
    for wrong in ({"first": odd.starts - dt.timedelta(days=1)}, {"last": today + dt.timedelta(days=1)}, {"words": ""}):
        assert enter(carla).post(page, said | wrong).status_code == 422
    assert Anomaly.objects.count() == 0
    for acting in (carla, tutor, tutor):  # the same words twice are one
        assert enter(acting).post(page, said | {"words": f"{acting.kind} lo dice"}).status_code == 302
    assert enter(host).get(page).status_code == 404
    assert enter(host).post(page, said).status_code == 404
    with as_application(host) as cursor:
        cursor.execute("select count(*) from traineeships_anomaly")
        assert cursor.fetchone() == (0,)
        with pytest.raises(DatabaseError, match="no such traineeship"), transaction.atomic():
            cursor.execute(
                "select raise_anomaly(%s, 'x', current_date, current_date, 1, '{}', '{}', repeat('0', 64))", [odd.pk]
            )
    reports = list(Anomaly.objects.order_by("id"))
    assert [row.raised_by for row in reports] == [carla.user, tutor.user]
    assert all(row.what == What.REPORTED and row.state == State.OPEN for row in reports)
    assert "lo dice" in enter(anna).get(reverse("anomaly", args=[reports[0].pk])).content.decode()
    look(anna)  # the machine does not close what somebody said
    assert Anomaly.objects.filter(what=What.REPORTED, state=State.OPEN).count() == 2


def test_a_trainee_who_reported_reads_their_words_and_how_far_it_is_and_nothing_else(
    odd, tutor, anna, carla, enter, same_queries
):
    open_relation(
        subject=odd.subject, kind=carla.kind, user=carla.user, reason="il proprio", by=anna, now=timezone.now()
    )
    said = {"first": odd.starts, "last": timezone.localdate()}
    client, own = enter(carla), reverse("traineeship", args=[odd.pk])
    assert "Ciò che hai segnalato" not in client.get(own).content.decode()
    enter(tutor).post(reverse("report_anomaly", args=[odd.pk]), said | {"words": "PAROLE DEL TUTOR"})
    look(anna)  # what the machine finds is no report
    assert "Ciò che hai segnalato" not in client.get(own).content.decode()
    client.post(reverse("report_anomaly", args=[odd.pk]), said | {"words": "Apro io il negozio"})
    row = Anomaly.objects.get(what=What.REPORTED, raised_by=carla.user)
    for after, word in ((None, "ricevuta"), ("confirmed", "esaminata"), ("closed", "chiusa"), ("open", "ricevuta")):
        if after:
            anomalies.say(anomaly=row, after=after, words="SENTITO IL CAPO", by=anna, now=timezone.now())
        ((_at, words, state, _tone),) = client.get(own).context["reports"]
        assert (words, str(state)) == ("Apro io il negozio", word)
    text = client.get(own).content.decode()
    for hidden in ("SENTITO IL CAPO", "PAROLE DEL TUTOR", "sostituire personale", "mese uguale al minuto"):
        assert hidden not in text
    assert client.get(reverse("anomaly", args=[row.pk])).status_code == 404
    # whoever else reads the page does not find it
    for acting in (anna, tutor):
        assert "Apro io il negozio" not in enter(acting).get(own).content.decode()

    def more():
        for n in range(5):
            client.post(reverse("report_anomaly", args=[odd.pk]), said | {"words": f"ancora {n}"})
        client.get(own)  # what was announced is read

    same_queries(lambda: client.get(own), more=more)


def test_the_planner_reads_figures_by_host_and_nobodys_name(
    odd, anna, planner, other_planner, bruno, enter, as_application
):
    look(anna)
    row = Anomaly.objects.get()
    page = enter(planner).get(reverse("controls")).content.decode()
    assert "Vivaio di prova" in page
    assert "mese uguale al minuto" in page
    assert "Dario" not in page
    assert "1 anomalia da verificare" in enter(planner).get(reverse("my_day")).content.decode()
    with as_application(planner) as cursor:
        cursor.execute("select host_id, what, found from controls_by_host()")
        assert cursor.fetchall() == [(odd.host_id, "same_times", 1)]
        cursor.execute("select count(*) from traineeships_anomaly")
        assert cursor.fetchone() == (0,)
    assert "Vivaio" not in enter(other_planner).get(reverse("controls")).content.decode()
    assert enter(bruno).get(reverse("anomaly", args=[row.pk])).status_code == 404
    with as_application(anna) as cursor:
        cursor.execute("select count(*) from controls_by_host()")
        assert cursor.fetchone() == (0,)


def test_two_people_do_not_decide_over_each_other(odd, anna):
    look(anna)
    mine, other = Anomaly.objects.get(), Anomaly.objects.get()
    anomalies.say(anomaly=mine, after="explained", words="uno", by=anna, now=timezone.now())
    with pytest.raises(anomalies.MovedMeanwhile):
        anomalies.say(anomaly=other, after="closed", words="due", by=anna, now=timezone.now())


def test_the_list_goes_page_by_page_and_asks_the_same_queries(odd, anna, enter, same_queries):
    client, here = enter(anna), reverse("controls")
    factories.anomaly(odd)

    def many():
        for n in range(35):
            factories.anomaly(odd, first=odd.starts + dt.timedelta(days=n + 1), what="long_day")

    same_queries(lambda: client.get(here), more=many)
    first = client.get(here).context
    second = client.get(here + first["next_url"]).context
    shown = [row.pk for context in (first, second) for row, _tone in context["rows"]]
    assert len(shown) == len(set(shown)) == 36
    assert [row.what for row, _tone in client.get(here + "?what=unpaid").context["rows"]] == ["unpaid"]
    assert client.get(here + "?show=no").status_code == 404
    assert client.get(here + f"?host={odd.host_id}&show=closed").context["rows"] == []


def test_the_search_asks_the_same_queries_for_one_and_for_many(odd, anna, mugello, tutor, same_queries):
    def more():
        for _n in range(4):
            case = factories.person_in_charge(mugello, by=anna)
            factories.traineeship(case, tutor=tutor, by=anna)
        look(anna)

    look(anna)
    same_queries(lambda: look(anna), more=more)


def test_every_word_of_the_rules_has_its_own_and_somebody_whose_move_it_is():
    assert set(What.values) == {str(one) for one in control_facts.What} == {str(what) for what in WHO}
    assert State.values == list(states.ANOMALY.states)


def test_the_clock_looks_in_every_zone(odd, monkeypatch, capsys):
    from contextlib import nullcontext

    monkeypatch.setattr("accanto.console.clock.database", nullcontext)
    monkeypatch.setattr("accanto.console.clock.as_owner", lambda: None)
    assert main(["control"]) == 0
    assert "Mugello: 1 tirocini; anomalie nuove 1" in capsys.readouterr().out


@pytest.fixture
def three_odd(odd, anna, tutor):
    """Three traineeships in which there is something to find, looked at one at a time."""
    for n in range(2):
        case = factories.person_in_charge(odd.zone, by=anna, given_name=f"Ugo {n}")
        other = factories.traineeship(case, tutor=tutor, by=anna)
        Traineeship.objects.filter(pk=other.pk).update(starts=odd.starts, hours_by_weekday=[Decimal(4)] * 7)
        write(other, [odd.starts + dt.timedelta(days=n) for n in range(20)], by=anna)
    return odd


def test_a_whole_zone_is_looked_at_a_piece_a_request_and_goes_on_where_it_was(
    three_odd, anna, bruno, enter, monkeypatch
):
    monkeypatch.setattr(controls, "AT_ONCE", 1)
    client, here = enter(anna), reverse("look_now")
    assert f'href="{here}"' in client.get(reverse("controls")).content.decode()
    assert "Nessuno ha ancora chiesto" in client.get(here).content.decode()
    assert client.post(here).url == here
    search = ControlSearch.objects.get()
    assert (search.total, search.looked, search.ended_at) == (3, 1, None)
    # the page says how far it is, what it found, and asks for the next piece; whoever opens it later goes on from there
    page = client.get(here).content.decode()
    assert "1 su 3 tirocini" in page
    assert "mese uguale al minuto" in page.lower()
    colleague = enter(factories.user("alba", Kind.CASE_MANAGER, zone=three_odd.zone))
    piece = colleague.post(here, {"next": 1}, headers={"HX-Request": "true"}).content.decode()
    assert "2 su 3 tirocini" in piece
    assert "<html" not in piece
    # who asks while it is under way does not begin another
    assert client.post(here).status_code == 302
    assert ControlSearch.objects.get().looked == 3
    end = client.post(here, {"next": 1}, headers={"HX-Request": "true"})
    assert end.headers["HX-Redirect"] == here
    search = ControlSearch.objects.get()
    assert search.ended_at
    assert search.found == Anomaly.objects.count() == Act.objects.filter(verb="find", noun="anomaly").count()
    assert [act.detail["looked"] for act in Act.objects.filter(verb="end", noun="controlsearch")] == [3]
    page = client.get(here).content.decode()
    assert "chiesta da Anna" in page
    assert f"<dd>{search.found}</dd>" in page
    # a late «next» of another window begins nothing
    client.post(here, {"next": 1})
    assert ControlSearch.objects.get().begun_at == search.begun_at
    # elsewhere nobody sees it
    assert "Nessuno ha ancora chiesto" in enter(bruno).get(here).content.decode()


def test_a_piece_asks_the_same_however_many_traineeships_the_zone_has(odd, anna, tutor, monkeypatch, same_queries):
    monkeypatch.setattr(controls, "AT_ONCE", 2)
    names = iter(range(99))

    def some():
        for _n in range(8):
            case = factories.person_in_charge(odd.zone, by=anna, given_name=f"Ugo {next(names)}")
            factories.traineeship(case, tutor=tutor, by=anna)

    def first_piece():
        ControlSearch.objects.all().delete()
        control_search.begin(by=anna, now=timezone.now())
        control_search.go_on(by=anna, now=timezone.now())

    some()
    same_queries(first_piece, more=some)


def test_a_search_left_half_way_long_ago_begins_again_and_says_so(three_odd, anna, enter, monkeypatch):
    monkeypatch.setattr(controls, "AT_ONCE", 1)
    client, here = enter(anna), reverse("look_now")
    client.post(here)
    long_ago = timezone.now() - control_search.LEFT - dt.timedelta(minutes=1)
    ControlSearch.objects.update(begun_at=long_ago)
    page = client.get(here).content.decode()
    assert "tirocini guardati 1 su 3" in page
    client.post(here)
    search = ControlSearch.objects.get()
    assert search.begun_at > long_ago
    assert search.looked == 1


def test_the_night_and_a_press_find_one_thing_once(three_odd, anna, enter, monkeypatch):
    monkeypatch.setattr(controls, "AT_ONCE", 1)
    client, here = enter(anna), reverse("look_now")
    client.post(here)
    controls.search(zone=anna.role.zone, by=None, now=timezone.now())
    found = Anomaly.objects.count()
    for _n in range(3):
        client.post(here, {"next": 1})
    assert ControlSearch.objects.get().ended_at
    assert Anomaly.objects.count() == found


def test_nobody_writes_the_search_of_another_zone(anna, bruno, carla, as_application):
    control_search.begin(by=anna, now=timezone.now())
    for acting in (bruno, carla):
        with as_application(acting) as cursor:
            cursor.execute("select count(*) from traineeships_controlsearch")
            assert cursor.fetchone() == (0,)
            cursor.execute("update traineeships_controlsearch set looked = 9")
            assert cursor.rowcount == 0
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                cursor.execute(
                    "insert into traineeships_controlsearch (zone_id, begun_at, begun_by_id, reached, total, looked, "
                    "found, mended) values (%s, now(), %s, 0, 0, 0, 0, 0)",
                    [anna.zone_id, acting.user.pk],
                )
