"""The evaluations of a traineeship: each answers alone, who is missing is named, once closed all is read; the goals."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.access.role import Kind
from accanto.traineeships import evaluation as acts
from accanto.traineeships.evaluation import Evaluation, EvaluationAnswer, GoalJudgement
from accanto.traineeships.models import TraineeshipPlan
from accanto.web.my_day import all_dues
from tests import factories


@pytest.fixture
def row(trainees, hosted, herself, today):
    """Half way today: sixty days gone by, sixty to go."""
    row = herself(hosted(trainees(1)[0]))
    row.ends = today + (today - row.starts)
    row.save()
    own = {"subject": row.subject, "zone": row.zone}
    TraineeshipPlan.objects.create(
        traineeship=row,
        inclusion_goals="- Uscire ogni giorno\n\n- Chiamare se manca",
        training_goals="Rinvasare",
        **own,
    )
    return row


@pytest.fixture
def herself(herself):
    return lambda row: herself(row) or row


def url_of(row, party, moment="mid"):
    return reverse("evaluation_answer", args=[row.pk, moment, party])


def titles(acting, today):
    return [str(due.title) for due in all_dues(acting, today=today, now=timezone.now())]


MID = "Come va il tirocinio: valutazione intermedia"
CLOSE = "Valutazione intermedia da chiudere"


@pytest.fixture
def answers(enter, row, carla, tutor, sara, anna):
    """Each says theirs, with a word of their own."""

    def give(*parties):
        who = {"trainee": carla, "tutor": tutor, "host_tutor": sara, "case_manager": anna}
        for n, party in enumerate(parties or who, 1):
            data = {"presence": n, "tasks": 4, "people": "", "went_well": f"PAROLE_{party}"}
            assert enter(who[party]).post(url_of(row, party), data).status_code == 302, party

    return give


def test_each_reads_their_own_alone_until_it_is_closed(enter, row, answers, carla, tutor, sara, anna, today):
    everybody = {"trainee": carla, "tutor": tutor, "host_tutor": sara, "case_manager": anna}
    for acting in everybody.values():
        assert MID in titles(acting, today), acting.user
    answers()
    page = reverse("evaluations", args=[row.pk])
    for party, acting in everybody.items():
        assert MID not in titles(acting, today)
        text = enter(acting).get(page).content.decode()
        assert [other for other in everybody if f"PAROLE_{other}" in text] == [party]
    assert CLOSE in titles(tutor, today)
    assert CLOSE in titles(anna, today)
    assert CLOSE not in titles(sara, today)

    assert (
        enter(tutor).post(reverse("close_evaluation", args=[row.pk, "mid"]), {"summary": "SINTESI"}).status_code == 302
    )
    assert {str(CLOSE)} & set(titles(anna, today)) == set()
    for party, acting in everybody.items():
        text = enter(acting).get(page).content.decode()
        read = [other for other in everybody if f"PAROLE_{other}" in text]
        assert read == (["host_tutor"] if party == "host_tutor" else list(everybody)), party
        assert ("SINTESI" in text, "chart-evaluation" in text) == ((party != "host_tutor"),) * 2
    verbs = {(act.verb, act.noun) for act in Act.objects.filter(subject_id=row.subject_id)}
    assert {("answer", "evaluationanswer"), ("close", "evaluation")} <= verbs


def test_postgresql_shows_each_party_its_own_and_lets_nobody_answer_for_another(
    row, answers, carla, tutor, sara, anna, mugello, as_application
):
    answers()
    operator = factories.user("ida", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
    seen = {carla: ["trainee"], tutor: ["tutor"], sara: ["host_tutor"], anna: ["case_manager"], operator: []}
    parties = list(acts.Party.values)

    def read(cursor):
        cursor.execute("select party from traineeships_evaluationanswer order by id")
        return [party for (party,) in cursor.fetchall()]

    for acting, own in seen.items():
        with as_application(acting) as cursor:
            assert read(cursor) == own, acting.kind
            cursor.execute("select app_evaluating_as()")
            assert cursor.fetchone() == (own[0] if own else None,)
            cursor.execute("select party from evaluations_answered(%s) order by party", [[row.pk]])
            assert [party for (party,) in cursor.fetchall()] == sorted(parties)
            for party in parties:
                # of who told it by voice, the tutor and the services write it down; of the others nobody
                for helped in (False, True):
                    told = helped and party in ("trainee", "host_tutor") and acting in (tutor, anna)
                    mine = [party] == own and acting != carla
                    refused = refused_to_write(cursor, row, party, helped, acting)
                    assert refused is not (told or mine), (acting.kind, party, helped)
    factories.evaluation(row, by=anna)
    for acting in seen:
        with as_application(acting) as cursor:
            assert read(cursor) == (["host_tutor"] if acting == sara else parties), acting.kind
            cursor.execute("select count(*) from traineeships_evaluation")
            assert cursor.fetchone() == (0 if acting == sara else 1,)
            # that it is closed the host knows, of what it hosts
            cursor.execute("select moment from evaluations_closed(%s)", [[row.pk]])
            assert cursor.fetchall() == [("mid",)]


def refused_to_write(cursor, row, party, helped, acting):
    try:
        with transaction.atomic():
            cursor.execute(
                "insert into traineeships_evaluationanswer (subject_id, zone_id, traineeship_id, moment, party, "
                "helped, went_well, to_change, recorded_at, recorded_by_id) "
                "values (%s, %s, %s, 'final', %s, %s, '', '', now(), %s)",
                [row.subject_id, row.zone_id, row.pk, party, helped, acting.user.pk],
            )
            transaction.set_rollback(True)
    except DatabaseError as error:
        return "row-level security" in str(error)
    return False


def test_after_the_closing_nobody_answers_and_an_opened_one_goes_on(
    enter, row, answers, carla, tutor, anna, sara, today
):
    answers("tutor")
    client, page = enter(anna), reverse("evaluations", args=[row.pk])
    confirm = client.get(reverse("close_evaluation", args=[row.pk, "mid"])).content.decode()
    assert "Manca la risposta di: la persona, tutor aziendale, servizi." in confirm
    for above in (reverse("traineeships"), reverse("traineeship", args=[row.pk]), page):
        assert f'<li><a href="{above}">' in confirm, "where it is"
    client.post(reverse("close_evaluation", args=[row.pk, "mid"]))
    assert client.post(reverse("close_evaluation", args=[row.pk, "mid"])).status_code == 302
    assert Evaluation.objects.count() == 1
    assert "non ha risposto" in client.get(page).content.decode()
    for acting, party in ((carla, "trainee"), (sara, "host_tutor")):
        assert enter(acting).post(url_of(row, party), {"tasks": 3}).status_code == 302
        assert MID not in titles(acting, today)
    assert "chiusa il" in enter(sara).get(page).content.decode()
    # who had the page open meanwhile is stopped by PostgreSQL (refuse_answers_to_closed_evaluations)
    with pytest.raises(acts.EvaluationIsClosed):
        acts.answer(traineeship=row, moment="mid", party="case_manager", by=anna, now=timezone.now(), tasks=2)
    assert EvaluationAnswer.objects.count() == 1

    assert enter(tutor).post(reverse("reopen_evaluation", args=[row.pk, "mid"])).status_code == 302
    answers("trainee")
    assert EvaluationAnswer.objects.standing().count() == 2
    assert Evaluation.objects.count() == 1


def test_what_is_said_by_voice_is_written_down_and_gives_way_to_ones_own_word(enter, row, answers, carla, tutor, sara):
    data = {"presence": 2, "went_well": "ADICE"}
    for party in ("trainee", "host_tutor"):
        assert enter(tutor).post(url_of(row, party), data).status_code == 302
    assert set(EvaluationAnswer.objects.values_list("party", "helped").order_by()) == {
        ("trainee", True), ("host_tutor", True),
    }  # fmt: skip
    # the tutor writes for nobody else, and the host for nobody but itself
    for acting, party in (
        (tutor, "case_manager"),
        (sara, "trainee"),
        (sara, "tutor"),
        (carla, "tutor"),
        (tutor, "boh"),
    ):
        assert enter(acting).post(url_of(row, party), data).status_code == 404
    page = enter(carla).get(reverse("evaluations", args=[row.pk])).content.decode()
    assert "a voce, scritta da Tutor" in page
    answers("trainee", "host_tutor")
    assert set(EvaluationAnswer.objects.standing().values_list("party", "helped").order_by()) == {
        ("trainee", False), ("host_tutor", False),
    }  # fmt: skip
    # and then nobody writes in their place
    assert enter(tutor).post(url_of(row, "trainee"), data).status_code == 404
    with pytest.raises(acts.AnsweredByAnother):
        acts.answer(traineeship=row, moment="mid", party="trainee", by=tutor, now=timezone.now(), tasks=1)


def test_only_the_person_answers_by_their_own_function(row, carla, tutor, as_application):
    statement = "select answer_own_evaluation(%s, 'mid', '{1,2,3,4,null}', 'va', '')"
    for acting, pk in ((tutor, row.pk), (carla, 10**9)):
        with (
            as_application(acting) as cursor,
            pytest.raises(DatabaseError, match=r"answers here|no such"),
            transaction.atomic(),
        ):
            cursor.execute(statement, [pk])
    with as_application(carla) as cursor:
        cursor.execute(statement, [row.pk])
        cursor.execute(
            "select scores.* from (select presence, support, helped from traineeships_evaluationanswer) scores"
        )
        assert cursor.fetchall() == [(1, None, False)]
    with pytest.raises(IntegrityError), transaction.atomic():
        EvaluationAnswer.objects.update(tasks=5)


def test_a_form_wants_something_said_and_of_another_not_why(enter, row, carla, sara, tutor):
    for acting, party in ((carla, "trainee"), (sara, "host_tutor")):
        answer = enter(acting).post(url_of(row, party), {})
        assert answer.status_code == 422
        assert "Rispondi almeno a una domanda." in answer.content.decode()
        for odd in ({"tasks": "9"}, {"tasks": "x"}, {"went_well": "nul\x00la"}, {"to_change": "x" * 5000}):
            assert enter(acting).post(url_of(row, party), odd).status_code == 422, odd
    why = {"went_well": "è più tranquilla da quando va al CSM"}
    assert enter(sara).post(url_of(row, "host_tutor"), why).status_code == 422
    assert enter(tutor).post(url_of(row, "trainee"), why).status_code == 422
    # of oneself one says what one likes
    assert enter(carla).post(url_of(row, "trainee"), why).status_code == 302


def test_the_final_one_waits_for_the_end_and_both_days_follow_an_extension(enter, row, tutor, today):
    assert (acts.due_on(row, "mid"), acts.due_on(row, "final")) == (today, row.ends)
    answer = enter(tutor).get(url_of(row, "tutor", "final"), follow=True)
    assert "si compila dal" in answer.content.decode()
    assert enter(tutor).post(url_of(row, "tutor", "final"), {"tasks": 3}).status_code == 302
    assert not EvaluationAnswer.objects.exists()
    row.ends += dt.timedelta(days=40)
    row.save()
    assert acts.due_on(row, "mid") == today + dt.timedelta(days=20)
    assert MID not in titles(tutor, today)


def test_the_goals_of_the_plan_are_judged_one_by_one_by_the_services(enter, row, anna, tutor, sara, carla, today):
    url = reverse("judge_goals", args=[row.pk, "mid"])
    assert enter(tutor).get(url).status_code == 404
    page = enter(anna).get(url).content.decode()
    for goal in ("Uscire ogni giorno", "Chiamare se manca", "Rinvasare"):
        assert goal in page
    wrong = enter(anna).post(url, {"outcome_0": "boh", "words_1": "senza esito", "words_2": "la terapia"})
    assert wrong.status_code == 422
    assert "Scegli come è andata" in wrong.content.decode()
    assert enter(anna).post(url, {"outcome_0": "partly", "words_0": "tre giorni su cinque"}).status_code == 302
    enter(anna).post(url, {"outcome_0": "reached", "outcome_2": "not_reached"})
    assert list(GoalJudgement.objects.standing().values_list("kind", "goal", "outcome").order_by("id")) == [
        ("inclusion", "Uscire ogni giorno", "reached"), ("training", "Rinvasare", "not_reached"),
    ]  # fmt: skip
    assert GoalJudgement.objects.count() == 3
    for acting, reads in ((carla, True), (tutor, True), (sara, False)):
        text = enter(acting).get(reverse("evaluations", args=[row.pk])).content.decode()
        assert ("Uscire ogni giorno" in text) is reads, acting.kind
        text = enter(acting).get(reverse("traineeship", args=[row.pk])).content.decode()
        assert ("Uscire ogni giorno" in text) is reads, acting.kind
