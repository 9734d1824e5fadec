"""Visits planned, made, moved, corrected and taken away; what was agreed; who reads the days and who the notes."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.access.role import Kind
from accanto.traineeships.visit import Visit, VisitNote, VisitTask
from accanto.web.my_day import all_dues
from tests import factories

LONG = "x" * 5000


@pytest.fixture
def row(trainees, hosted):
    return hosted(trainees(1)[0])


@pytest.fixture
def operator(mugello):
    centre = factories.organisation("employment_centre", "Centro per l'impiego di prova", zone=mugello)
    return factories.user("ida", Kind.EMPLOYMENT_OPERATOR, zone=mugello, organisation=centre)


@pytest.fixture
def visited(enter, row, tutor, today):
    """The tutor writes a visit of today, with something agreed for herself and the next one."""

    def write(by=tutor, url=None, **more):
        data = {
            "day": today.isoformat(), "mode": "at_host", "visitor": by.user.pk, "met": ["trainee", "host_tutor"],
            "text": "Impara in fretta NOTA", "agreed_1": "Portare i guanti", "party_1": "tutor",
            "due_1": (today + dt.timedelta(days=3)).isoformat(),
            "next_day": (today + dt.timedelta(days=9)).isoformat(),
        }  # fmt: skip
        return enter(by).post(url or reverse("new_visit", args=[row.pk]), data | more)

    return write


def titles(acting, today):
    return [due.title for due in all_dues(acting, today=today, now=timezone.now())]


def test_a_visit_leaves_a_note_a_thing_to_do_and_the_next_one_in_the_day(enter, row, visited, tutor, sara, anna, today):
    assert visited().status_code == 302
    held, planned = Visit.objects.held().get(), Visit.objects.to_make().get()
    assert (held.kind, held.visitor_id, held.note.met) == (tutor.kind, tutor.user.pk, ["trainee", "host_tutor"])
    assert planned.day == today + dt.timedelta(days=9)
    assert {act.verb for act in Act.objects.filter(noun="visit")} == {"record", "plan"}
    assert {"Portare i guanti", "Visita di tutoraggio"} <= set(titles(tutor, today))
    # the host expects the visit, and is not told what was agreed
    assert "Visita di tutoraggio" in titles(sara, today)
    assert "Portare i guanti" not in titles(sara, today)
    page = enter(tutor).get(reverse("my_day")).content.decode()
    task = VisitTask.objects.get()
    assert reverse("visit_task_done", args=[task.pk]) in page

    assert enter(tutor).post(reverse("visit_task_done", args=[task.pk]), {"back": "my_day"})["Location"] == reverse(
        "my_day"
    )
    assert "Portare i guanti" not in titles(tutor, today)
    enter(tutor).post(reverse("visit_task_reopened", args=[task.pk]))
    assert "Portare i guanti" in titles(tutor, today)


def test_the_host_reads_the_days_and_not_what_was_said(enter, row, visited, sara, anna, carla, herself, as_application):
    herself(row)
    visited()
    url = reverse("visits", args=[row.pk])
    for acting, reads in ((sara, False), (anna, True), (carla, True)):
        page = enter(acting).get(url).content.decode()
        assert "nella sede dell’ospitante" in page
        assert ("NOTA" in page and "Portare i guanti" in page) is reads, acting.user
    with as_application(sara) as cursor:
        for table, seen in (("visit", 2), ("visitnote", 0), ("visittask", 0), ("evaluation", 0), ("skill", 0)):
            cursor.execute(f"select count(*) from traineeships_{table}")
            assert cursor.fetchone() == (seen,), table
    assert enter(sara).post(url, {"day": "2030-01-01", "mode": "phone", "visitor": sara.user.pk}).status_code == 200
    assert Visit.objects.count() == 2


def test_what_the_host_agreed_to_do_reaches_its_own_people_and_nothing_else_of_the_visit(
    enter, row, visited, tutor, sara, anna, today, as_application
):
    late = (today - dt.timedelta(days=1)).isoformat()
    visited(agreed_1="Comprare le scarpe", party_1="host", due_1=late, agreed_2="Sentire il medico", party_2="tutor")
    visit = Visit.objects.held().get()
    (due,) = [due for due in all_dues(sara, today=today, now=timezone.now()) if "scarpe" in due.title]
    assert (due.when.isoformat(), due.since, due.done_url) == (late, visit.day, "")
    assert "Sentire il medico" not in titles(sara, today)
    host = enter(sara)
    for page in ("my_day", "traineeship"):
        text = host.get(reverse(page, args=[row.pk] if page == "traineeship" else [])).content.decode()
        assert "Comprare le scarpe" in text
        assert "medico" not in text
        assert "NOTA" not in text
    # others read it where the visit is; theirs is no section of its own
    assert "Che cosa avete concordato" in text
    assert "Che cosa avete concordato" not in enter(anna).get(reverse("traineeship", args=[row.pk])).content.decode()
    # it is marked done by who makes visits, and leaves the day of the host
    task = VisitTask.objects.get(party="host")
    assert host.post(reverse("visit_task_done", args=[task.pk])).status_code == 404
    with as_application(sara) as cursor:
        cursor.execute("select * from agreed_with_host(%s)", [[row.pk]])
        assert cursor.fetchall() == [(row.pk, visit.day, "Comprare le scarpe", today - dt.timedelta(days=1))]
        cursor.execute("select count(*) from traineeships_visittask")
        assert cursor.fetchone() == (0,)
        cursor.execute("update traineeships_visittask set done_on = current_date")
        assert cursor.rowcount == 0
    for other in (tutor, anna, factories.user("olga", Kind.HOST_TUTOR, organisation=sara.role.organisation)):
        with as_application(other) as cursor:
            cursor.execute("select * from agreed_with_host(%s)", [[row.pk]])
            assert cursor.fetchall() == [], other.user
    enter(tutor).post(reverse("visit_task_done", args=[task.pk]))
    assert "Comprare le scarpe" not in titles(sara, today)


def test_another_hosts_tutor_does_not_know_even_the_days(row, visited, anna, today, enter, as_application):
    visited()
    other = factories.user("olga", Kind.HOST_TUTOR, organisation=factories.organisation("host", "Un altro"))
    factories.open_relation(
        subject=row.subject, kind=other.kind, user=other.user, reason="prova", by=anna, now=timezone.now()
    )
    assert enter(other).get(reverse("visits", args=[row.pk])).status_code == 404
    with as_application(other) as cursor:
        cursor.execute("select count(*) from traineeships_visit")
        assert cursor.fetchone() == (0,)


def test_a_planned_visit_is_moved_made_corrected_and_taken_away_and_nothing_is_overwritten(
    enter, row, visited, tutor, anna, today
):
    client, soon = enter(tutor), today + dt.timedelta(days=5)
    data = {"day": soon.isoformat(), "begins": "9.30", "mode": "office", "visitor": tutor.user.pk}
    assert client.post(reverse("visits", args=[row.pk]), data).status_code == 302
    first = Visit.objects.to_make().get()
    later = {"day": today.isoformat(), "mode": "phone"}
    assert client.post(reverse("move_visit", args=[first.pk]), later).status_code == 302
    moved = Visit.objects.to_make().get()
    assert (moved.day, moved.mode) == (today, "phone")

    assert visited(url=reverse("write_visit", args=[moved.pk]), next_day="").status_code == 302
    made = Visit.objects.standing().get()
    assert made.held_at
    assert "NOTA" in client.get(reverse("write_visit", args=[made.pk])).content.decode()
    # Anna corrects the words; the visit stays of who made it, and its things to do are asked once
    visited(by=anna, url=reverse("write_visit", args=[made.pk]), visitor=tutor.user.pk, text="Corretta", next_day="")
    corrected = Visit.objects.standing().get()
    assert (corrected.kind, corrected.visitor_id, corrected.note.text) == (tutor.kind, tutor.user.pk, "Corretta")
    assert VisitTask.objects.to_do().count() == 1

    url = reverse("withdraw_visit", args=[corrected.pk])
    assert 'class="crumbs"' in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "era un'altra persona"}).status_code == 302
    assert not Visit.objects.standing().exists()
    assert not VisitTask.objects.to_do().exists()
    assert VisitNote.objects.count() == 2
    assert Visit.objects.count() == 5
    assert "era un&#x27;altra persona" in client.get(reverse("visits", args=[row.pk])).content.decode()


def test_a_visit_that_was_not_made_on_its_day_is_asked_for(row, tutor, sara, anna, enter, today):
    visit = factories.visits.plan(
        traineeship=row, day=today - dt.timedelta(days=2), mode="phone", visitor=tutor.user, by=anna, now=timezone.now()
    )
    dues = [due for due in all_dues(tutor, today=today, now=timezone.now()) if "Visita" in due.title]
    assert [(due.title, due.url) for due in dues] == [
        ("Visita da scrivere o spostare", reverse("write_visit", args=[visit.pk]))
    ]
    # who manages the case sees it late too; the host does not
    assert "Visita da scrivere o spostare" in titles(anna, today)
    assert not [title for title in titles(sara, today) if "Visita" in title]


def test_the_calendar_of_a_visit_names_nobody(row, tutor, today, enter):
    day = today + dt.timedelta(days=3)
    factories.visits.plan(traineeship=row, day=day, mode="phone", visitor=tutor.user, by=tutor, now=timezone.now())
    (due,) = [due for due in all_dues(tutor, today=today, now=timezone.now()) if "Visita" in due.title]
    assert (str(due.what), due.is_event, due.when) == ("visite di tutoraggio", True, day)


def test_the_employment_centre_writes_the_visits_it_makes_and_no_others(
    enter, row, visited, operator, anna, tutor, today, as_application
):
    visited()
    of_tutor = Visit.objects.held().get()
    assert enter(operator).get(reverse("write_visit", args=[of_tutor.pk])).status_code == 404
    assert visited(by=operator, agreed_1="Sentire l’azienda", party_1="employment_operator").status_code == 302
    own = Visit.objects.held().exclude(pk=of_tutor.pk).get()
    assert own.kind == Kind.EMPLOYMENT_OPERATOR
    # of a person whose team it is not in, the centre finds its own visits in the day
    assert "Visita di tutoraggio" in titles(operator, today)
    with as_application(operator) as cursor:
        cursor.execute(
            "update traineeships_visit set superseded_at = now() where id = any(%s)", [[of_tutor.pk, own.pk]]
        )
        assert cursor.rowcount == 1
    with as_application(anna) as cursor:
        cursor.execute(
            "update traineeships_visit set superseded_at = now() where id = any(%s)", [[of_tutor.pk, own.pk]]
        )
        assert cursor.rowcount == 2


def test_all_mistakes_are_told_together_and_words_that_tell_why_are_refused(enter, row, visited, tutor, today):
    client, url = enter(tutor), reverse("new_visit", args=[row.pk])
    page = client.post(url, {"agreed_2": "", "party_2": "host", "party_1": "boh", "due_3": "31/31/2026"})
    text = page.content.decode()
    assert page.status_code == 422
    for sentence in ("Scrivi il giorno.", "Segna almeno una persona.", "Scrivi in due righe", "Scrivi che cosa si è"):
        assert sentence in text, sentence
    for odd in ("nul\x00la", LONG, "va al Ser.D il martedì", "la diagnosi è cambiata"):
        assert visited(text=odd).status_code == 422, odd[:30]
        assert visited(agreed_1=odd).status_code == 422, odd[:30]
    for day in (today + dt.timedelta(days=1), "0202-01-01", "boh"):
        assert visited(day=day).status_code == 422
    assert visited(visitor=10**12).status_code == 422
    assert not Visit.objects.exists()
    past = {"day": (today - dt.timedelta(days=1)).isoformat(), "mode": "phone", "visitor": tutor.user.pk}
    assert client.post(reverse("visits", args=[row.pk]), past).status_code == 422


def test_the_day_of_a_tutor_asks_the_same_queries_with_many_trainees(
    enter, trainees, hosted, tutor, anna, sara, today, same_queries
):
    def more(first, count):
        for row in trainees(count, first=first):
            hosted(row)
            factories.visits.record(
                traineeship=row, day=today, mode="phone", visitor=tutor.user, met=["trainee"], text="va",
                agreed=[("fare", "tutor", None), ("chiamare", "case_manager", None), ("dare", "host", None)],
                by=tutor, now=timezone.now(),
            )  # fmt: skip
            factories.visits.plan(
                traineeship=row, day=today, mode="phone", visitor=anna.user, by=anna, now=timezone.now()
            )

    more(0, 2)
    clients = [enter(tutor), enter(anna), enter(sara)]
    same_queries(lambda: [client.get(reverse("my_day")) for client in clients], more=lambda: more(2, 5))
