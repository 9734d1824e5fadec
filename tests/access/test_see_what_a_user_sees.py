"""What a user can see: for who gives roles and for who watches over the data, as figures and reasons, nobody's name."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accanto.access import reach
from accanto.access.relation import open_relation
from accanto.access.role import Kind, Role
from accanto.cases import case_team
from accanto.people import advocacy
from tests import factories


@pytest.fixture
def people(mugello, versilia, anna, bruno, tutor):
    """Three people in Anna's zone, one in Bruno's; the tutor follows two of Anna's."""
    cases = [factories.person_in_charge(mugello, by=anna, family_name=f"Segreto{n}") for n in range(3)]
    factories.person_in_charge(versilia, by=bruno, family_name="Altrove")
    for case in cases[:2]:
        factories.traineeship(case, tutor=tutor, by=anna)
    return cases


def page_of(client, acting):
    answer = client.get(reverse("user_reach", args=[acting.user.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_an_office_reaches_its_zone_and_a_tutor_those_it_follows(enter, people, administrator, protector, anna, tutor):
    for viewer in (administrator, protector):
        page = page_of(enter(viewer), anna)
        assert "3 persone" in page
        assert "lavora negli uffici della zona Mugello" in page
        page = page_of(enter(viewer), tutor)
        assert "2 persone" in page
        assert "tutor del tirocinio" in page
        assert "al più tardi fino al" in page
        assert "Segreto" not in page
        assert "area (categoria particolare)" not in page


def test_a_reason_that_somebody_typed_is_not_shown(enter, people, administrator, anna):
    doctor = factories.user("doctor", Kind.HEALTH_WORKER)
    open_relation(
        subject=people[0].subject, kind=Kind.HEALTH_WORKER, user=doctor.user, reason="medico di Dario Segreto0",
        by=anna, now=timezone.now(),
    )  # fmt: skip
    page = page_of(enter(administrator), doctor)
    assert "Una persona" in page
    assert "un motivo scritto nel fascicolo" in page
    assert "Dario" not in page


def test_a_reason_of_ours_is_in_the_reader_s_language_whoever_wrote_it(enter, people, administrator, anna):
    doctor, lucia = factories.user("doctor", Kind.HEALTH_WORKER), factories.user("lucia", Kind.ADVOCATE)
    common = {"starts": timezone.localdate(), "by": anna, "now": timezone.now()}
    with translation.override("en"):
        case_team.add(case=people[0], kind=Kind.HEALTH_WORKER, user=doctor.user, **common)
        advocacy.invite(person=people[0].person, own_words="x", shown="contact", user=lucia.user, **common)
    in_charge = reverse("who_can_see", args=[people[0].subject_id])
    for language, health, invited in (
        ("it", "nell’équipe del caso", "invito della persona"),
        ("en", "in the team of the case", "invitation of the person"),
    ):
        for acting, reason in ((doctor, health), (lucia, invited)):
            client = enter(administrator)
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            assert f"</strong>: {reason}" in page_of(client, acting)
        client = enter(anna)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        page = client.get(in_charge).content.decode()
        assert f": {invited}." in page
        assert f": {health}." in page


def test_a_relation_of_a_body_is_told_as_such_and_one_that_ended_is_not(enter, people, administrator, anna, tutor):
    now, today = timezone.now(), timezone.localdate()
    body = tutor.role.organisation
    common = {"kind": Kind.THIRD_SECTOR_TUTOR, "organisation": body, "reason": "tutor", "by": anna, "now": now}
    open_relation(subject=people[2].subject, **common)
    ended = {"starts": today - dt.timedelta(days=9), "ends": today - dt.timedelta(days=1)}
    open_relation(subject=people[0].subject, **common, **ended)
    page = page_of(enter(administrator), tutor)
    assert f"come tutti quelli che hanno questo ruolo in {body}" in page
    assert page.count("Una persona") == 1


def test_who_has_no_role_or_reads_nobody_is_told_so(enter, people, administrator, officer, anna):
    assert "Nessun dato di persone" in page_of(enter(administrator), officer)
    Role.objects.filter(user=anna.user).update(ends=timezone.localdate() - dt.timedelta(days=1))
    assert "Nessun ruolo oggi" in page_of(enter(administrator), anna)


def test_only_they_may_ask(people, anna, bruno, administrator, protector, officer, tutor, as_application):
    """user_reach: PostgreSQL answers to nobody else."""
    for acting in (anna, bruno, officer, tutor):
        with as_application(acting):
            assert reach.of_user(anna.user) == {}
    with as_application(None):
        assert reach.of_user(anna.user) == {}
    for acting in (administrator, protector):
        with as_application(acting):
            (group,) = reach.of_user(anna.user)[anna.role.pk]
            assert (group.by, group.people) == ("zone", 3)


def test_the_protector_finds_users_and_never_people_in_charge(enter, people, protector, anna, carla):
    client = enter(protector)
    page = client.get(reverse("who_sees")).content.decode()
    assert "Anna" in page
    assert "carla" not in page
    found = client.post(reverse("who_sees"), {"q": "anna"}).content.decode()
    assert reverse("user_reach", args=[anna.user.pk]) in found
    assert "Nessun utente" in client.post(reverse("who_sees"), {"q": "zzz"}).content.decode()


def test_the_same_queries_for_few_and_for_many(enter, people, administrator, mugello, anna, tutor):
    client = enter(administrator)
    page_of(client, tutor)

    def asked():
        with CaptureQueriesContext(connection) as found:
            page_of(client, tutor)
        return len(found)

    few = asked()
    for n in range(12):
        case = factories.person_in_charge(mugello, by=anna, family_name=f"N{n}")
        factories.traineeship(case, tutor=tutor, by=anna)
    assert asked() == few
