"""Two people press at the same moment, each with a connection of their own: one act is done, the other is told."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.role import write_rights
from accanto.access.session import write_key
from accanto.traineeships import attestation as attestations
from accanto.traineeships.agreement import Agreement
from accanto.traineeships.models import Passage, Traineeship, TraineeshipPlan
from accanto.traineeships.place import promised_by_place
from accanto.traineeships.traineeship import State
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 60  # seconds; the machine may be busy


@pytest.fixture(autouse=True)
def rights(transactional_db):
    """A test that commits empties every table when it ends: who may see what is written again before the next."""
    write_rights()
    write_key()


@contextmanager
def held(statement, *values):
    """What the statement locks is of a third connection, until the block ends."""
    third = connection.copy()
    try:
        third.set_autocommit(False)
        with third.cursor() as cursor:
            cursor.execute(statement, values)
        yield
        third.rollback()
    finally:
        third.close()


def at_once(*presses, row):
    """What each press answers. All of them have read the page, and wait for the same row, before the first goes on."""

    def alone(press):
        try:
            return press()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(presses)) as pool:
        with held(f"select from {row._meta.db_table} where id = %s for update", row.pk):
            going = [pool.submit(alone, press) for press in presses]
            wait_for(len(presses), going)
        return [one.result(timeout=LONG) for one in going]


def wait_for(number, going):
    until = time.monotonic() + LONG
    with connection.cursor() as cursor:
        while time.monotonic() < until and not any(one.done() for one in going):
            cursor.execute(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0] == number:
                return
            time.sleep(0.05)
    raise AssertionError([one.result() if one.done() else "waits for nothing" for one in going])


@pytest.fixture
def running(trainees):
    return trainees(1)[0]


@pytest.fixture
def issued(running, tutor, anna, today):
    """Ended, promoted by the tutor's body, with an attestation that nobody has handed over."""
    running.starts, running.ends, running.state = (
        today - dt.timedelta(days=80), today - dt.timedelta(days=20), State.CONCLUDED,
    )  # fmt: skip
    running.promoter = tutor.role.organisation
    running.save()
    return factories.attestation(running, by=anna)


def texts(answers):
    return [answer.content.decode() for answer in answers]


def test_a_step_pressed_twice_is_taken_once(running, enter, anna, today):
    url = reverse("traineeship_step", args=[running.pk, "suspend"])
    said = {"on": (today - dt.timedelta(days=3)).isoformat(), "reason": "other"}
    one, two = enter(anna), enter(anna)
    answers = at_once(lambda: one.post(url, said), lambda: two.post(url, said), row=running)
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    told = next(text for text in texts(answers) if text)
    assert "Da «sospeso» non si passa a «sospeso»" in told
    assert "ACC-STATE" in told
    assert Passage.objects.filter(traineeship=running).count() == 1


def test_two_different_steps_are_not_both_taken(running, enter, anna, today):
    one, two = enter(anna), enter(anna)
    on = (today - dt.timedelta(days=1)).isoformat()
    suspend = {"on": today.isoformat(), "reason": "other"}
    end = {"ended_on": on, "reason": "person", "leave": "Registro su carta."}
    urls = [reverse("traineeship_step", args=[running.pk, slug]) for slug in ("suspend", "close")]
    answers = at_once(lambda: one.post(urls[0], suspend), lambda: two.post(urls[1], end), row=running)
    passed = list(Passage.objects.filter(traineeship=running).order_by("id").values_list("before", "after"))
    # whichever was first: an ended one is not suspended, a suspended one may end and says from what
    assert passed in (
        [("running", "interrupted")],
        [("running", "suspended"), ("suspended", "interrupted")],
    )
    assert {answer.status_code for answer in answers} <= {302, 422}
    running.refresh_from_db()
    assert running.state == State.INTERRUPTED


def test_a_new_agreement_is_not_written_for_a_step_that_was_not_taken(running, enter, anna, tutor, today, mugello):
    body = factories.organisation("zone_authority", "Società della Salute di prova", zone=mugello)
    Traineeship.objects.update(state=State.PLAN_SIGNED, promoter=tutor.role.organisation)
    running.refresh_from_db()
    own = {"subject": running.subject, "zone": running.zone}
    TraineeshipPlan.objects.create(traineeship=running, body_in_charge=body, **own)
    url, iso = reverse("traineeship_step", args=[running.pk, "agreement"]), today.isoformat()
    said = {"signed_on": iso, "signed_by": ["promoter", "host", "body_in_charge"], "valid_from": iso}
    one, two = enter(anna), enter(anna)
    answers = at_once(lambda: one.post(url, said), lambda: two.post(url, said), row=running)
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    assert Agreement.objects.count() == 1


def test_the_tutor_who_presses_twice_hands_over_once(issued, enter, tutor, today):
    url = reverse("hand_attestation", args=[issued.pk])
    one, two = enter(tutor), enter(tutor)
    said = {"on": today.isoformat()}
    answers = at_once(lambda: one.post(url, said, follow=True), lambda: two.post(url, said, follow=True), row=issued)
    assert [answer.status_code for answer in answers] == [200, 200]
    assert sorted("Era già consegnata." in text for text in texts(answers)) == [False, True]
    assert Passage.objects.filter(traineeship=issued.traineeship_id).count() == 1
    issued.refresh_from_db()
    assert issued.handed_on == today


def test_the_office_and_the_tutor_at_once_make_one_passage(issued, enter, anna, tutor, today):
    url, step = reverse("hand_attestation", args=[issued.pk]), [issued.traineeship_id, "attest"]
    office, desk = enter(anna), enter(tutor)
    on = {"on": today.isoformat()}
    answers = at_once(
        lambda: office.post(reverse("traineeship_step", args=step), on), lambda: desk.post(url, on),
        row=issued.traineeship,
    )  # fmt: skip
    assert {answer.status_code for answer in answers} <= {302, 422}
    assert list(Passage.objects.values_list("before", "after")) == [("concluded", "attested")]


def test_an_attestation_is_withdrawn_once(issued, enter, anna, today):
    with transaction.atomic():
        attestations.hand_over(attestation=issued, on=today, by=anna, now=timezone.now())
    url, said = reverse("withdraw_attestation", args=[issued.pk]), {"reason": "È di un’altra persona."}
    one, two = enter(anna), enter(anna)
    answers = at_once(lambda: one.post(url, said, follow=True), lambda: two.post(url, said, follow=True), row=issued)
    assert [answer.status_code for answer in answers] == [200, 200]
    back = [("concluded", "attested"), ("attested", "concluded")]
    assert sorted(Passage.objects.values_list("before", "after")) == sorted(back)


def test_a_plan_signed_meanwhile_is_not_written_over(enter, anna, scene, today):
    """Who was still writing the draft does not turn a signed plan into a draft again."""
    assert enter(anna).post(reverse("plan_traineeship", args=[scene.case.pk]), scene.form).status_code == 302
    row = Traineeship.objects.get()
    writer, signer = enter(anna), enter(anna)
    parties = ["promoter", "host", "body_in_charge", "trainee"]
    sign = reverse("traineeship_step", args=[row.pk, "sign"])
    written, signed = at_once(
        lambda: writer.post(reverse("change_plan", args=[row.pk]), {**scene.form, "reason": "Un altro motivo."}),
        lambda: signer.post(sign, {"on": today.isoformat(), "signed_by": parties}),
        row=row,
    )
    assert signed.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.plan_signed_on) == (State.PLAN_SIGNED, today)
    if written.status_code == 422:  # it came second
        assert "non è più una bozza" in written.content.decode()
        assert row.plan.reason == scene.form["reason"]
    else:
        assert row.plan.reason == "Un altro motivo."


@pytest.fixture
def last_opening(scene, anna):
    """A place for one person at a host that two zones know."""
    return factories.place(scene.host, by=anna)


@pytest.fixture
def elsewhere(versilia, bruno):
    """Somebody Bruno follows, and what his plan says of his own zone."""
    centre = factories.organisation("employment_centre", "Centro per l'impiego altrove", zone=versilia)
    authority = factories.organisation("zone_authority", "Società della Salute altrove", zone=versilia)
    said = {"body_in_charge": authority.pk, "case_manager": bruno.user.pk, "integrated_with": centre.pk}
    return factories.person_in_charge(versilia, by=bruno), said


def test_of_two_plans_that_take_the_last_opening_at_once_one_has_it(enter, anna, bruno, scene, elsewhere, last_opening):
    case, said = elsewhere
    ours, theirs = enter(anna), enter(bruno)
    form = {**scene.form, "place": last_opening.pk}
    answers = at_once(
        lambda: ours.post(reverse("plan_traineeship", args=[scene.case.pk]), form),
        lambda: theirs.post(reverse("plan_traineeship", args=[case.pk]), {**form, **said}),
        row=last_opening,
    )
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    refused = next(text for text in texts(answers) if text)
    assert "«Cura del verde» non è più libero: scegline un altro" in refused
    assert scene.form["reason"] in refused  # nothing that was typed is lost
    assert Traineeship.objects.get().place == last_opening


def test_a_proposal_and_a_plan_do_not_both_take_the_last_opening(enter, anna, bruno, scene, elsewhere, last_opening):
    case, said = elsewhere
    proposal = factories.matching_proposal(scene.case, scene.host, by=anna)
    assert proposal.place == last_opening
    team, desk = enter(anna), enter(bruno)
    accepted, written = at_once(
        lambda: team.post(reverse("matching_proposal", args=[proposal.pk]), {"decide": "accept"}, follow=True),
        lambda: desk.post(
            reverse("plan_traineeship", args=[case.pk]), {**scene.form, **said, "place": last_opening.pk}
        ),
        row=last_opening,
    )
    promised = sum(number for _place, _host, number in promised_by_place())
    assert (promised, Traineeship.objects.filter(place=last_opening).count()) in ((1, 0), (0, 1))
    told = "Quel posto non è più libero" in accepted.content.decode()
    assert (told, written.status_code) in ((False, 422), (True, 302))
    assert told is not bool(promised)
