"""The person invites whom they trust, and says what may be seen: PostgreSQL holds it."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.relation import Relation, open_relation
from accanto.access.role import Kind
from accanto.cases import personal_plan
from accanto.cases.case import Case
from accanto.people import advocacy
from accanto.people.advocacy import Invitation
from tests import factories

TODAY = timezone.localdate()
FORM = {"username": "lucia", "shown": "plan", "own_words": "Voglio Lucia con me", "starts": TODAY.isoformat()}


@pytest.fixture
def lucia(db):
    return factories.user("lucia", Kind.ADVOCATE, name="Lucia Fidata")


@pytest.fixture
def plan(ida, anna):
    return personal_plan.write(
        case=Case.objects.get(subject=ida.subject),
        reason="prima stesura",
        goals=[{"own_words": "Vorrei una casa mia", "result": "Un contratto", "due": None}],
        supports=[{"kind": "housing", "text": ""}],
        actions=[{"party": "person", "text": "Telefona", "due": TODAY, "done_on": None}],
        review_on=None,
        by=anna,
        now=timezone.now(),
    )


@pytest.fixture
def invite(anna, ida, lucia):
    def call(shown="plan", **more):
        more = more if more.get("organisation") else {"user": lucia.user} | more
        return advocacy.invite(
            person=ida, own_words="Mi fido", shown=shown, starts=TODAY, by=anna, now=timezone.now(), **more
        )

    return call


def seen(cursor, table):
    cursor.execute(f"select count(*) from {table}")
    return cursor.fetchone()[0]


def test_the_worker_writes_the_invitation_with_the_words_of_the_person(enter, anna, ida, lucia, plan):
    enter(anna).post(reverse("advocates", args=[ida.subject_id]), FORM)
    row = Invitation.objects.get()
    assert (row.own_words, row.relation.degrees) == ("Voglio Lucia con me", ["contact", "plan"])
    client = enter(lucia)
    home = client.get(reverse("home"), follow=True)
    assert home.request["PATH_INFO"] == reverse("invited")
    assert "Ida Prova" in home.content.decode()
    page = client.get(reverse("invited_file", args=[ida.subject_id])).content.decode()
    assert "Vorrei una casa mia" in page
    assert "055 123" in page
    assert "la persona ha scelto di mostrarti altro" in page  # the traineeships


@pytest.mark.parametrize(("shown", "plans", "placements"), [("contact", 0, 0), ("plan", 1, 0), ("plan_and_work", 1, 1)])
def test_postgresql_opens_what_was_chosen_and_no_more(
    anna, ida, lucia, plan, tutor, invite, as_application, shown, plans, placements
):
    factories.traineeship(plan.case, tutor=tutor, by=anna)
    invite(shown)
    with as_application(lucia) as cursor:
        assert seen(cursor, "people_person") == 1
        assert seen(cursor, "cases_personalplan") == plans
        assert seen(cursor, "cases_plangoal") == plans
        assert seen(cursor, "traineeships_traineeship") == placements
        for table in ("people_registry", "cases_case", "people_representation", "access_relation", "people_invitation"):
            assert seen(cursor, table) == 0, table
        for degree, opened in (("contact", True), ("plan", plans == 1), ("case", False)):
            cursor.execute("select app_subjects(%s), app_subjects_writing(%s)", [degree, degree])
            assert cursor.fetchone() == ([ida.subject_id] if opened else [], [])


def test_only_contacts_means_no_plan_on_the_page(enter, ida, lucia, plan, invite):
    invite("contact")
    page = enter(lucia).get(reverse("invited_file", args=[ida.subject_id])).content.decode()
    assert "055 123" in page
    assert "Vorrei una casa mia" not in page
    for name in ("person", "household", "representation", "who_can_see", "advocates", "protected_address"):
        assert enter(lucia).get(reverse(name, args=[ida.subject_id])).status_code == 404, name
    assert enter(lucia).get(reverse("personal_plan", args=[plan.pk])).status_code == 404


def test_an_association_is_invited_and_who_advocates_there_sees(anna, ida, lucia, invite, as_application):
    body = factories.organisation("third_sector_body", "Associazione di prova")
    inside = factories.user("inside", Kind.ADVOCATE, organisation=body)
    tutor_inside = factories.user("tutor_inside", Kind.THIRD_SECTOR_TUTOR, organisation=body)
    invite(organisation=body)
    for acting, count in ((inside, 1), (lucia, 0), (tutor_inside, 0)):
        with as_application(acting) as cursor:
            assert seen(cursor, "people_person") == count


def test_the_end_of_the_invitation_ends_what_is_seen(enter, anna, ida, lucia, invite, as_application):
    row = invite()
    enter(anna).post(reverse("withdraw_invitation", args=[row.pk]))
    row.refresh_from_db()
    assert (row.ends, row.relation.ends) == (TODAY, TODAY)
    yesterday = TODAY - dt.timedelta(days=1)
    Relation.objects.filter(pk=row.relation_id).update(starts=yesterday, ends=yesterday)
    with as_application(lucia) as cursor:
        assert seen(cursor, "people_person") == 0
    assert enter(lucia).get(reverse("invited_file", args=[ida.subject_id])).status_code == 404
    assert "Nessuno ti ha ancora invitato" in enter(lucia).get(reverse("invited")).content.decode()


def test_the_last_word_of_the_person_holds(anna, ida, lucia, plan, invite, as_application):
    first = invite("plan")
    yesterday = TODAY - dt.timedelta(days=1)
    for row in (first, first.relation):
        row.starts = yesterday
        row.save()
    invite("contact")
    first.refresh_from_db()
    assert (first.ends, first.relation.ends) == (yesterday, yesterday)
    with as_application(lucia) as cursor:
        assert seen(cursor, "people_person") == 1
        assert seen(cursor, "cases_personalplan") == 0


def test_a_relation_widened_by_hand_is_refused(anna, ida, lucia, invite, as_application):
    """The columns that say how wide it is cannot change; and nothing at all is no relation."""
    invite("contact")
    with as_application(anna) as cursor, pytest.raises(Exception, match="permission denied"), transaction.atomic():
        cursor.execute("update access_relation set degrees = null")
    with pytest.raises(IntegrityError, match="something"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update access_relation set degrees = '{}'")


def test_degrees_beyond_the_kind_open_nothing(anna, ida, lucia, as_application):
    open_relation(
        subject=ida.subject, kind=Kind.ADVOCATE, user=lucia.user, reason="prova", degrees=["area", "registry"],
        by=anna, now=timezone.now(),
    )  # fmt: skip
    with as_application(lucia) as cursor:
        for table in ("people_person", "people_registry", "cases_casearea"):
            assert seen(cursor, table) == 0


def test_who_can_see_says_what_each_invited_sees(enter, anna, own, ida, invite):
    invite("contact")
    for acting in (anna, own):
        page = enter(acting).get(reverse("who_can_see", args=[ida.subject_id])).content.decode()
        assert "Lucia Fidata" in page
        told = page[page.index("Lucia Fidata") :]
        assert "nome e recapiti." in told[: told.index("</li>")]


def test_the_person_reads_whom_they_invited(enter, own, ida, invite):
    invite()
    client = enter(own)
    page = client.get(reverse("advocates", args=[ida.subject_id])).content.decode()
    assert "Lucia Fidata" in page
    assert "«Mi fido»" in page
    assert "Lucia Fidata" in client.get(reverse("person", args=[ida.subject_id])).content.decode()
    assert client.post(reverse("advocates", args=[ida.subject_id]), FORM).status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"username": "nessuno"}, "Nessuna persona di fiducia"),
        ({"username": "anna"}, "Nessuna persona di fiducia"),
        ({"username": ""}, "Scegli un’associazione"),
        ({"username": "nul\x00la"}, ""),
        ({"own_words": ""}, "obbligatorio"),
        ({"shown": "area"}, ""),
        ({"organisation": "9" * 30}, ""),
        ({"ends": "1999-01-01"}, "prima del"),
        ({"starts": "9999-12-31"}, "dopo oggi"),
    ],
)
def test_what_cannot_be_is_said_and_nobody_enters(enter, anna, ida, lucia, change, said):
    answer = enter(anna).post(reverse("advocates", args=[ida.subject_id]), FORM | change)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Relation.objects.filter(kind=Kind.ADVOCATE).exists()


def test_the_list_of_the_advocate_asks_the_same_queries(enter, anna, lucia, make_person, same_queries):
    def more(numbers=range(20)):
        for n in numbers:
            advocacy.invite(
                person=make_person(f"Eva{n}"), user=lucia.user, own_words="x", shown="contact", starts=TODAY, by=anna,
                now=timezone.now(),
            )  # fmt: skip

    more(range(30, 32))
    client = enter(lucia)
    same_queries(lambda: client.get(reverse("invited")), more=more)
