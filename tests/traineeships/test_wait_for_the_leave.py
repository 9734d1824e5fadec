"""Who works under a judicial measure does not begin before the magistrate's act (R-CAR-01), and a change of place or of
hours asks for a new one (R-CAR-02): told to who follows the case, and to nobody else why."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.access.relation import open_relation
from accanto.access.role import Kind
from accanto.cases import case_team, justice
from accanto.traineeships.host import Host, change
from accanto.traineeships.models import Condition, Traineeship
from accanto.traineeships.traineeship import State
from tests import factories

MINE = "Autorizzazione da avere prima dell’inizio"
AGAIN = "Nuova autorizzazione da chiedere"


@pytest.fixture
def draft(enter, scene, anna):
    assert enter(anna).post(reverse("plan_traineeship", args=[scene.case.pk]), scene.form).status_code == 302
    return Traineeship.objects.get()


@pytest.fixture
def ready(draft, enter, anna, today):
    """Everything is there but the start."""
    iso = today.isoformat()
    for slug, data in (
        ("sign", {"on": iso, "signed_by": ["promoter", "host", "body_in_charge", "trainee"]}),
        (
            "agreement",
            {
                "signed_on": iso,
                "signed_by": ["promoter", "host", "body_in_charge"],
                "valid_from": iso,
                "inail_reference": "12",
                "liability_reference": "34",
            },
        ),
        ("notice", {"sent_on": iso, "category": "9", "sent_by": "host"}),
    ):
        assert enter(anna).post(reverse("traineeship_step", args=[draft.pk, slug]), data).status_code == 302
    draft.refresh_from_db()
    return draft


@pytest.fixture
def measure(scene, anna, today):
    def record(**details):
        said = {"kind": "47-ter", "authorised_on": None, "valid_from": None, "valid_to": None} | details
        return justice.record(case=scene.case, day=today, by=anna, now=timezone.now(), **said)

    return record


@pytest.fixture
def dora(mugello):
    """Dora works in the zone, and not on the case."""
    return factories.user("dora", Kind.SOCIAL_WORKER, zone=mugello)


def start(enter, acting, row, **data):
    return enter(acting).post(reverse("traineeship_step", args=[row.pk, "start"]), data)


def day_of(enter, acting):
    return enter(acting).get(reverse("my_day")).content.decode()


def test_without_a_measure_nothing_waits(enter, ready, anna):
    assert MINE not in day_of(enter, anna)
    assert start(enter, anna, ready).status_code == 302


def test_it_does_not_start_before_the_act_of_the_magistrate(enter, ready, measure, anna, today):
    waiting = measure()
    answer = start(enter, anna, ready, leave="Subito.")
    assert answer.status_code == 422
    assert "R-CAR-01" in answer.content.decode()
    assert MINE in day_of(enter, anna)
    assert MINE in enter(anna).get(reverse("person", args=[ready.subject_id])).content.decode()

    page = enter(anna).get(reverse("renew_measure", args=[waiting.pk]))
    assert page.status_code == 200
    said = {"kind": "47-ter", "authorised_on": today.isoformat()}
    assert enter(anna).post(reverse("renew_measure", args=[waiting.pk]), said).status_code == 302
    assert MINE not in day_of(enter, anna)
    assert start(enter, anna, ready).status_code == 302


@pytest.mark.parametrize(
    ("details", "status"),
    [
        ({"valid_to": dt.timedelta(days=-1)}, 302),  # over before the start
        ({"valid_to": dt.timedelta(0)}, 422),  # still in force on the first day
        ({"authorised_on": dt.timedelta(days=-30)}, 302),
        (
            {"authorised_on": dt.timedelta(days=-30), "valid_from": dt.timedelta(days=1)},
            422,
        ),  # holds from the day after
        ({"authorised_on": dt.timedelta(days=-30), "valid_from": dt.timedelta(0)}, 302),
    ],
)
def test_the_measure_counts_on_the_day_of_the_start(enter, ready, measure, anna, details, status):
    measure(**{name: ready.starts + away for name, away in details.items()})
    assert start(enter, anna, ready).status_code == status


def test_of_two_measures_the_leave_that_holds_counts(enter, ready, measure, anna):
    measure(authorised_on=ready.starts - dt.timedelta(days=40))
    measure(authorised_on=ready.starts - dt.timedelta(days=20), valid_from=ready.starts + dt.timedelta(days=90))
    assert MINE not in day_of(enter, anna)
    assert start(enter, anna, ready).status_code == 302


def test_a_measure_withdrawn_asks_for_nothing(enter, ready, measure, anna):
    justice.end(measure=measure(), by=anna, now=timezone.now())
    assert start(enter, anna, ready).status_code == 302


def test_a_change_of_place_or_hours_asks_for_a_new_act(enter, draft, scene, measure, anna, today):
    first = measure(authorised_on=today - dt.timedelta(days=40))
    change_plan = reverse("change_plan", args=[draft.pk])
    assert enter(anna).post(change_plan, scene.form | {"reason": "Altre parole."}).status_code == 302
    assert AGAIN not in day_of(enter, anna)
    assert enter(anna).post(change_plan, scene.form | {"weekly_hours": "15"}).status_code == 302
    assert AGAIN in day_of(enter, anna)
    # the plan can still be corrected meanwhile
    assert enter(anna).post(change_plan, scene.form | {"weekly_hours": "15", "seat": "Serra nuova"}).status_code == 302
    enter(anna).post(reverse("renew_measure", args=[first.pk]), {"kind": "47-ter", "authorised_on": today.isoformat()})
    assert AGAIN not in day_of(enter, anna)


def test_it_does_not_start_on_a_changed_programme_unless_somebody_answers_for_it(enter, ready, measure, anna, today):
    measure(authorised_on=today - dt.timedelta(days=40))
    Condition.objects.update(programme_changed_on=today)
    assert "R-CAR-02" in start(enter, anna, ready).content.decode()
    assert start(enter, anna, ready, leave="Il magistrato ha detto che basta il primo.").status_code == 302


def test_when_the_host_moves_those_who_are_there_changed_place(enter, ready, measure, anna, today, as_application):
    measure(authorised_on=today - dt.timedelta(days=40))
    host = Host.objects.get(pk=ready.host_id)
    with as_application(anna):
        change(host=host, phone="055 1", by=anna, now=timezone.now())
    assert AGAIN not in day_of(enter, anna)
    with as_application(anna):
        change(host=host, address="Via Nuova 1", by=anna, now=timezone.now())
    assert AGAIN in day_of(enter, anna)


def test_who_is_not_on_the_case_is_not_told_why(enter, ready, measure, anna, dora, scene):
    measure()
    page = enter(dora).get(reverse("traineeship", args=[ready.pk])).content.decode()
    assert "un passo che spetta all" in page
    refused = start(enter, dora, ready)
    assert refused.status_code == 422
    for text in (page, refused.content.decode()):
        assert "R-CAR" not in text
        assert "354/1975" not in text
    file = enter(dora).get(reverse("person", args=[ready.subject_id])).content.decode()
    assert MINE not in file
    case_team.add(
        case=scene.case,
        kind=Kind.SOCIAL_WORKER,
        user=dora.user,
        starts=timezone.localdate(),
        by=anna,
        now=timezone.now(),
    )
    assert "R-CAR-01" in enter(dora).get(reverse("traineeship", args=[ready.pk])).content.decode()


SAYS = "Manca un passo che spetta all&#x27;ufficio"


def test_the_tutor_is_told_that_a_leave_is_missing_and_never_which(enter, ready, measure, tutor, anna, mugello, today):
    operator = factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
    page = reverse("traineeship", args=[ready.pk])
    assert SAYS not in enter(tutor).get(page).content.decode()
    row = measure()
    told = {}
    for acting in (tutor, operator):
        told[acting.kind] = enter(acting).get(page).content.decode()
        assert SAYS in told[acting.kind]
        for word in ("R-CAR", "magistrat", "carcere", "354", "giudizi", "misura"):
            assert word not in told[acting.kind].lower(), word
    # the same words where it is another paper that is missing
    justice.end(measure=row, by=anna, now=timezone.now())
    ready.plan.repeats = True
    ready.plan.save()
    same = enter(tutor).get(page).content.decode()
    assert SAYS in same


def test_the_host_is_told_nothing_of_leaves(enter, ready, measure, sara, anna, scene):
    measure()
    open_relation(
        subject=ready.subject, kind=Kind.HOST_TUTOR, user=sara.user, reason="prova", by=anna, now=timezone.now()
    )
    assert "autorizzazione" not in enter(sara).get(reverse("traineeship", args=[ready.pk])).content.decode().lower()


def test_postgresql_says_two_facts_to_who_may_know_the_area(ready, measure, anna, bruno, tutor, dora, as_application):
    measure(authorised_on=ready.starts)
    asked = "select needed, given_on from leave_by(%s, %s)"
    for acting, answer in (
        (anna, (True, ready.starts)),
        (dora, (True, ready.starts)),
        (bruno, (False, None)),
        (tutor, (False, None)),
        (None, (False, None)),
    ):
        with as_application(acting) as cursor:
            cursor.execute(asked, [ready.subject_id, ready.starts])
            assert cursor.fetchone() == answer
    for acting, missing in ((anna, False), (tutor, False), (bruno, False), (None, False)):
        with as_application(acting) as cursor:
            cursor.execute("select leave_is_missing(%s)", [ready.pk])
            assert cursor.fetchone() == (missing,)
    Condition.objects.update(programme_changed_on=ready.starts + dt.timedelta(days=1))
    for acting, missing in ((anna, True), (tutor, True), (bruno, False), (None, False)):
        with as_application(acting) as cursor:
            cursor.execute("select leave_is_missing(%s)", [ready.pk])
            assert cursor.fetchone() == (missing,)


def test_an_ended_traineeship_waits_for_nothing(enter, ready, measure, anna):
    measure()
    Traineeship.objects.update(state=State.WITHDRAWN)
    assert MINE not in day_of(enter, anna)


def test_the_accommodations_of_a_plan_do_not_say_why(enter, scene, anna):
    said = scene.form | {"accommodations": "È in semilibertà: esce alle 8"}
    answer = enter(anna).post(reverse("plan_traineeship", args=[scene.case.pk]), said)
    assert answer.status_code == 422
    assert "non deve poter capire il perché" in answer.content.decode()
    assert not Traineeship.objects.exists()
