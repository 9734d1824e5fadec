"""The team meets around one person, or in a sitting that treats several. What is decided reaches who must do it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accanto.access.door import opened
from accanto.access.relation import open_relation
from accanto.access.role import Kind
from accanto.cases import case_team, zone_team
from accanto.cases import meeting as meetings
from accanto.cases.case import Case
from accanto.cases.meeting import Meeting, MeetingAttendee, MeetingDecision, MeetingMinutes, Sitting
from accanto.cases.personal_plan import PlanAction
from accanto.norms.cases import one_body_only
from tests import factories
from tests.cases.scene import Worker

SECRET = "VERBALE RISERVATO"


@pytest.fixture
def team(mugello, anna, operator):
    """The zone's team: Anna of the social service, the operator of the employment centre."""
    for acting in (anna, operator):
        zone_team.join(zone=mugello, role=acting.role, on=dt.date(2025, 2, 5), by=anna, now=timezone.now())
    return team


def called(case, by, **more):
    said = {"day": timezone.localdate(), "begins": None, "place": "sala verde"} | more
    return meetings.call(case=case, **said, by=by, now=timezone.now())


def held(case, by, *decisions, text=SECRET):
    row = called(case, by)
    attendees = [{"user": by.user, "kind": by.kind, "organisation": None}]
    return meetings.hold(
        meeting=row, attendees=attendees, decisions=decisions, text=text, others="", by=by, now=timezone.now()
    )


def decision(party, text="Chiama l’agenzia", user=None, due=None):
    return {"party": party, "text": text, "user": user, "due": due}


def test_a_sitting_treats_two_people_and_each_decision_reaches_who_must_do_it(enter, make_case, anna, operator, team):
    first, second = make_case(1), make_case(2)
    case_team.add(
        case=first,
        kind=Kind.EMPLOYMENT_OPERATOR,
        user=operator.user,
        starts=first.opened_on,
        by=anna,
        now=timezone.now(),
    )
    today = timezone.localdate()
    worker = Worker(enter(anna)).open(reverse("sittings"))
    worker.submit("place", day=today.isoformat(), begins="9.30", place="sala verde")
    worker.submit("case", case=str(first.pk)).submit("case", case=str(second.pk))
    assert [row.case for row in Meeting.objects.order_by("turn")] == [first, second]
    worker.follow("Comincia la seduta")
    assert str(first.person) in worker.page
    keys = [f"u{anna.user.pk}", f"u{operator.user.pk}"]
    worker.submit(
        "what_1", present=keys, what_1="Prepara il curriculum", who_1=keys[1], due_1=today.isoformat(), text=SECRET
    )
    taken = MeetingDecision.objects.get()
    assert (taken.text, taken.user, taken.due) == ("Prepara il curriculum", operator.user, today)
    assert {row.user for row in MeetingAttendee.objects.standing()} == {anna.user, operator.user}
    assert MeetingMinutes.objects.get().text == SECRET
    assert "Prepara il curriculum" in worker.page

    # the second person comes after, with those who were there already ticked
    worker.follow("Continua la seduta")
    assert str(second.person) in worker.page
    assert worker.page.count("checked") == 2
    worker.submit("what_1")

    day = Worker(enter(operator)).open(reverse("my_day"))
    assert "Prepara il curriculum" in day.page
    day.answer = day.client.post(reverse("decision_done", args=[taken.pk]), {"back": "my_day"}, follow=True)
    assert "Fatte oggi" in day.page
    taken.refresh_from_db()
    assert taken.done_on == today
    day.answer = day.client.post(reverse("decision_reopened", args=[taken.pk]), {"back": "my_day"}, follow=True)
    taken.refresh_from_db()
    assert taken.done_on is None


def test_save_and_go_to_the_next_person(enter, make_case, anna):
    now, today = timezone.now(), timezone.localdate()
    sitting = meetings.convene(zone=anna.role.zone, day=today, begins=None, place="", by=anna, now=now)
    first, second = (
        meetings.put_on_agenda(sitting=sitting, case=make_case(n), by=anna, now=now) for n in (1, 2)
    )  # fmt: skip
    data = {"present": f"u{anna.user.pk}", "text": "", "others": "", "next": "1"}
    data |= {f"who_{n}": "person" for n in range(1, 6)}
    answer = enter(anna).post(reverse("record_meeting", args=[first.pk]), data)
    assert answer["Location"] == reverse("record_meeting", args=[second.pk])


def test_the_operator_reads_decisions_and_never_the_minutes(enter, case, anna, operator):
    row = held(case, anna, decision("manager"))
    page = enter(operator).get(reverse("meeting", args=[row.pk])).content.decode()
    assert "Chiama l’agenzia" in page
    assert SECRET not in page
    assert "Il verbale" in page  # sealed, and said so
    assert enter(operator).get(reverse("record_meeting", args=[row.pk])).status_code == 404
    with opened(token=enter(operator).session.session_key, writing=False), connection.cursor() as cursor:
        cursor.execute("select (select count(*) from cases_meeting), (select count(*) from cases_meetingminutes)")
        assert cursor.fetchone() == (1, 0)


def test_the_person_reads_what_was_said_and_does_their_part(enter, case, anna, own):
    row = held(case, anna, decision("person", "Porta il documento"), decision("manager", "Telefona"))
    client = enter(own)
    page = client.get(reverse("meeting", args=[row.pk])).content.decode()
    assert SECRET in page
    day = client.get(reverse("my_day")).content.decode()
    assert "Porta il documento" in day
    assert "Chiede all’agenzia" in day  # the commitment of the plan
    assert "Telefona" not in day
    mine, other = (MeetingDecision.objects.get(party=party) for party in ("person", "manager"))
    assert client.post(reverse("decision_done", args=[mine.pk])).status_code == 302
    assert client.post(reverse("decision_done", args=[other.pk])).status_code == 404
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.done_on, other.done_on) == (timezone.localdate(), None)


def test_the_person_says_that_their_commitment_is_done_and_undoes_it(enter, case, own):
    action = PlanAction.objects.get(party="person")
    client = enter(own)
    page = client.post(reverse("action_done", args=[action.pk]), {"back": "my_day"}, follow=True).content.decode()
    assert "Non è fatto" in page
    action.refresh_from_db()
    assert action.done_on == timezone.localdate()
    client.post(reverse("action_reopened", args=[action.pk]), {"back": "my_day"})
    action.refresh_from_db()
    assert action.done_on is None


def test_nobody_marks_what_is_of_others(enter, case, anna, operator, own, bruno, as_application):
    """own_decision_done and own_action_done: PostgreSQL itself asks whose it is."""
    row = held(case, anna, decision("manager"), decision("employment_centre", "Cerca"), decision("person", "Porta"))
    manager, centre, person = (
        MeetingDecision.objects.get(meeting=row, party=party) for party in ("manager", "employment_centre", "person")
    )
    action = PlanAction.objects.get(party="person")
    PlanAction.objects.filter(pk=action.pk).update(done_on=None)
    today = timezone.localdate()
    allowed = {operator: {centre.pk}, own: {person.pk}, bruno: set(), anna: set()}
    for acting, mine in allowed.items():
        with as_application(acting) as cursor:
            for one in (manager, centre, person):
                cursor.execute("select own_decision_done(%s, %s)", [one.pk, today])
                assert cursor.fetchone()[0] is (one.pk in mine), (acting.kind, one.party)
            cursor.execute("select own_action_done(%s, %s)", [action.pk, today])
            assert cursor.fetchone()[0] is (acting == own)
    with as_application(None) as cursor:
        cursor.execute("select own_decision_done(%s, %s), own_action_done(%s, null)", [manager.pk, today, action.pk])
        assert cursor.fetchone() == (False, False)


def test_a_health_worker_of_the_team_reads_its_decisions_and_not_the_minutes(enter, case, anna):
    doctor = factories.user("doctor", Kind.HEALTH_WORKER)
    row = held(case, anna, decision("colleague", "Fissa la visita", user=doctor.user))
    assert enter(doctor).get(reverse("meeting", args=[row.pk])).status_code == 404
    open_relation(
        subject=case.subject, kind=Kind.HEALTH_WORKER, user=doctor.user, reason="équipe", by=anna, now=timezone.now()
    )
    client = enter(doctor)
    page = client.get(reverse("meeting", args=[row.pk])).content.decode()
    assert "Fissa la visita" in page
    assert SECRET not in page
    assert "Fissa la visita" in client.get(reverse("my_day")).content.decode()
    assert client.post(reverse("decision_done", args=[MeetingDecision.objects.get().pk])).status_code == 302


def test_a_meeting_of_one_body_is_recorded_with_a_notice(enter, case, anna, team, operator):
    row = called(case, anna)
    worker = Worker(enter(anna)).open(reverse("record_meeting", args=[row.pk]))
    worker.submit("what_1", present=[f"u{anna.user.pk}", "person"])
    assert "R-SIIL-11" in worker.page
    assert Meeting.objects.held().get() == row
    found = one_body_only(bodies={"SdS", "CPI"}, on=timezone.localdate())
    assert found == []
    (one,) = one_body_only(bodies={"SdS"}, on=timezone.localdate())
    assert (one.severity, one.code) == ("caution", "R-SIIL-11")


def test_two_write_the_same_minutes_and_nobody_s_words_are_lost(enter, case, anna):
    row = called(case, anna)
    page = Worker(enter(anna)).open(reverse("record_meeting", args=[row.pk]))
    meetings.hold(meeting=row, attendees=[], decisions=[], text="PRIMO TESTO", others="", by=anna, now=timezone.now())
    page.submit("what_1", present=[f"u{anna.user.pk}"], text="SECONDO TESTO", what_1="Una cosa")
    assert "Mentre scrivevi" in page.page
    assert "PRIMO TESTO" in page.page
    assert "SECONDO TESTO" in page.page
    assert not MeetingDecision.objects.exists()
    page.submit("what_1", present=[f"u{anna.user.pk}"], text="PRIMO TESTO e SECONDO TESTO")
    assert MeetingMinutes.objects.standing().get().text == "PRIMO TESTO e SECONDO TESTO"
    assert MeetingMinutes.objects.count() == 2
    assert MeetingDecision.objects.get().text == "Una cosa"


def test_a_decision_written_by_mistake_is_taken_off_and_stays_on_record(enter, case, anna):
    row = held(case, anna, decision("manager", "SBAGLIATA"))
    page = Worker(enter(anna)).open(reverse("record_meeting", args=[row.pk]))
    page.submit("drop", drop=[str(MeetingDecision.objects.get().pk)])
    assert MeetingDecision.objects.get().superseded_at
    assert "SBAGLIATA" not in Worker(enter(anna)).open(reverse("meeting", args=[row.pk])).page


def test_what_is_wrong_is_said_all_at_once_and_nothing_is_written(enter, case, anna):
    row = called(case, anna)
    page = Worker(enter(anna)).open(reverse("record_meeting", args=[row.pk]))
    yesterday = (timezone.localdate() - dt.timedelta(days=1)).isoformat()
    page.submit("what_1", present=[], what_1="Cosa", due_1=yesterday, due_2="2026-02-30", what_2="x" * 301)
    for sentence in ("Segna chi c’è", "Non può essere prima del", "Scrivi il giorno come"):
        assert sentence in page.page, sentence
    assert not MeetingDecision.objects.exists()
    assert Meeting.objects.get().held_at is None
    wrong = Worker(enter(anna)).open(reverse("person_meetings", args=[case.subject_id]))
    wrong.submit("place", begins="25:99")
    assert "Scrivi l’ora come 9:30" in wrong.page
    assert "Scrivi il giorno, oppure scegli una seduta" in wrong.page


def test_a_meeting_to_come_is_in_the_day_and_cannot_be_written_yet(enter, case, anna):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    row = called(case, anna, day=tomorrow)
    client = enter(anna)
    assert reverse("meeting", args=[row.pk]) in client.get(reverse("my_day")).content.decode()
    assert client.get(reverse("record_meeting", args=[row.pk])).status_code == 302
    Meeting.objects.update(day=tomorrow - dt.timedelta(days=3))
    page = client.get(reverse("my_day")).content.decode()
    assert "Riunione senza verbale" in page
    assert reverse("record_meeting", args=[row.pk]) in page


def test_a_meeting_already_held_is_written_afterwards(enter, case, anna):
    today = timezone.localdate()
    Case.objects.update(opened_on=today - dt.timedelta(days=9))
    page = Worker(enter(anna)).open(reverse("person_meetings", args=[case.subject_id]))
    page.submit("place", day=(today - dt.timedelta(days=10)).isoformat())
    assert "Non può essere prima del" in page.page
    assert not Meeting.objects.exists()
    page.submit("place", day=(today - dt.timedelta(days=2)).isoformat())
    row = Meeting.objects.get()
    assert page.url == reverse("record_meeting", args=[row.pk])
    page.submit("what_1", what_1="Chiama l’agenzia")
    row.refresh_from_db()
    assert row.held_at


def test_a_sitting_is_moved_with_its_agenda_and_called_off(enter, make_case, anna):
    now, today = timezone.now(), timezone.localdate()
    sitting = meetings.convene(zone=anna.role.zone, day=today, begins=None, place="", by=anna, now=now)
    row = meetings.put_on_agenda(sitting=sitting, case=make_case(1), by=anna, now=now)
    later = today + dt.timedelta(days=7)
    page = Worker(enter(anna)).open(reverse("sitting", args=[sitting.pk])).follow("Sposta")
    page.submit("place", day=later.isoformat())
    row.refresh_from_db()
    assert row.day == later
    page.client.post(reverse("withdraw_sitting", args=[sitting.pk]))
    row.refresh_from_db()
    assert row.withdrawn_at
    assert not Sitting.objects.standing().exists()


def test_a_sitting_of_another_zone_is_not_there(enter, case, anna, bruno):
    row = factories.meeting(case, by=anna)
    client = enter(bruno)
    for name, pk in (("sitting", row.sitting_id), ("move_sitting", row.sitting_id), ("meeting", row.pk)):
        assert client.get(reverse(name, args=[pk])).status_code == 404, name
    posted = client.post(reverse("person_meetings", args=[case.subject_id]), {"sitting": row.sitting_id})
    assert posted.status_code == 404
    # nor does the form of another zone's sitting take Anna's case
    now = timezone.now()
    own = meetings.convene(zone=bruno.role.zone, day=timezone.localdate(), begins=None, place="", by=bruno, now=now)
    client.post(reverse("sitting", args=[own.pk]), {"case": case.pk})
    assert not Meeting.objects.filter(sitting=own).exists()


def test_the_same_queries_however_many_people_and_decisions(enter, make_case, anna, operator):
    now, today = timezone.now(), timezone.localdate()
    sitting = meetings.convene(zone=anna.role.zone, day=today, begins=None, place="", by=anna, now=now)
    numbers = iter(range(100))

    def more(count):
        for _n in range(count):
            case = make_case(next(numbers))
            case_team.add(case=case, kind=Kind.EMPLOYMENT_OPERATOR, user=operator.user, starts=today, by=anna, now=now)
            row = meetings.put_on_agenda(sitting=sitting, case=case, by=anna, now=now)
            decisions = [decision("manager"), decision("colleague", user=operator.user, due=today)]
            attendees = [{"user": anna.user, "kind": anna.kind, "organisation": None}]
            meetings.hold(meeting=row, attendees=attendees, decisions=decisions, text="x", others="", by=anna, now=now)
            called(case, anna)

    pages = [
        (acting, url)
        for acting in (anna, operator)
        for url in (reverse("sitting", args=[sitting.pk]), reverse("my_day"))
    ]
    more(3)
    few = [asked(enter(acting), url) for acting, url in pages]
    more(12)
    assert [asked(enter(acting), url) for acting, url in pages] == few


def asked(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_neither_a_decision_nor_a_place_tells_the_employment_centre_why(enter, make_case, anna, team):
    case = make_case(1)
    row = called(case, anna)
    said = {"present": [f"u{anna.user.pk}"], "what_1": "Sentire il CSM", "who_1": "manager"}
    page = enter(anna).post(reverse("record_meeting", args=[row.pk]), said).content.decode()
    assert "«CSM»" in page
    assert not MeetingDecision.objects.exists()
    tomorrow = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
    for name, subject in (("person_meetings", [case.subject_id]), ("sittings", [])):
        page = enter(anna).post(reverse(name, args=subject), {"day": tomorrow, "place": "al Ser.D"}).content.decode()
        assert "«Ser.D»" in page, name
    assert Meeting.objects.get() == row
    assert not Sitting.objects.exists()
