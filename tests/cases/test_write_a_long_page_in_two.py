"""Two workers save the same page, and a browser closes in the middle of one: nobody's words are lost."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accanto.access import draft as drafts
from accanto.access.draft import Draft
from accanto.access.role import Kind
from accanto.cases.assessment import Assessment
from accanto.cases.personal_plan import PersonalPlan
from accanto.people.person import Person
from tests import factories
from tests.cases.scene import Worker


@pytest.fixture
def worker(enter, anna):
    return Worker(enter(anna))


@pytest.fixture
def elena(enter, mugello):
    """Elena works with Anna."""
    return Worker(enter(factories.user("elena", Kind.CASE_MANAGER, zone=mugello)))


def typed_of(draft):
    return {name: values[-1] for name, values in draft.typed.items()}


def test_what_only_the_first_changed_stands_and_the_second_is_told(worker, elena, case):
    url = reverse("registry", args=[case.subject_id])
    worker.open(url)
    elena.open(url).submit("phone", phone="055 99")
    worker.submit("family_name", family_name="Provolini")
    person = Person.objects.get()
    assert (person.family_name, person.phone) == ("Prova", "055 99"), "nothing is saved before it has been seen"
    assert "055 99" in worker.page
    assert "Provolini" in worker.page
    worker.submit("family_name")
    person.refresh_from_db()
    assert (person.family_name, person.phone) == ("Provolini", "055 99")


@pytest.mark.parametrize(("choice", "stands"), [("mine", "055 11"), ("theirs", "055 99")])
def test_where_both_wrote_the_second_chooses(worker, elena, case, choice, stands):
    url = reverse("registry", args=[case.subject_id])
    worker.open(url)
    elena.open(url).submit("phone", phone="055 99")
    worker.submit("phone", phone="055 11")
    assert Person.objects.get().phone == "055 99"
    assert "055 11" in worker.page
    assert "055 99" in worker.page
    worker.submit("phone", **{"choose-phone": choice})
    assert Person.objects.get().phone == stands


def test_a_third_change_while_one_chooses_is_seen_too(worker, elena, case):
    url = reverse("registry", args=[case.subject_id])
    worker.open(url)
    elena.open(url).submit("phone", phone="055 99")
    worker.submit("phone", phone="055 11")
    elena.open(url).submit("phone", email="elena@example.org", phone="055 99")
    worker.submit("phone", **{"choose-phone": "mine"})
    assert Person.objects.get().phone == "055 99"
    assert "elena@example.org" in worker.page
    elena.open(url).submit("phone", phone="055 77")
    worker.submit("phone")
    assert Person.objects.get().phone == "055 77", "what was chosen before this change was not chosen against it"
    worker.submit("phone", **{"choose-phone": "mine"})
    person = Person.objects.get()
    assert (person.phone, person.email) == ("055 11", "elena@example.org")


def test_a_second_assessment_does_not_bury_the_first(worker, elena, case):
    url = reverse("new_assessment", args=[case.pk])
    worker.open(url)
    elena.open(url).submit("personal_text", housing_text="Ha lo sfratto a marzo")
    worker.submit("personal_text", personal_text="Dorme poco")
    assert "Ha lo sfratto a marzo" in worker.page
    assert "Dorme poco" in worker.page
    worker.submit("personal_text")
    held = Assessment.objects.standing().get().domains.in_bulk(field_name="id").values()
    texts = {row.domain: row.text for row in held if row.superseded_at is None}
    assert (texts["housing"], texts["personal"]) == ("Ha lo sfratto a marzo", "Dorme poco")


def test_a_mark_that_somebody_touched_counts_as_none_and_breaks_nothing(worker, elena, case):
    url = reverse("registry", args=[case.subject_id])
    for seen in ("", "x", "\x00", "a:b:c", "9" * 5000):
        worker.open(url).submit("phone", seen=seen, phone="055 3")
        assert worker.status in (200, 302)


def test_a_page_left_in_the_middle_finds_what_was_typed(worker, case, anna):
    url, keep = reverse("write_plan", args=[case.pk]), reverse("draft", args=["write_plan", case.pk])
    sent = {
        "own_words_1": "Vorrei un orto",
        "supports": ["housing", "training"],
        "seen": "",
        "csrfmiddlewaretoken": "x",
    }
    assert worker.client.post(keep, sent).status_code == 204
    page = worker.open(url).page
    assert "Vorrei un orto" in page
    assert "Qui c’è quello che avevi scritto" in page
    draft = Draft.objects.get()
    assert draft.typed["supports"] == ["housing", "training"]
    assert "csrfmiddlewaretoken" not in draft.typed


def test_the_page_sent_throws_its_draft_away(worker, case):
    url, keep = reverse("write_plan", args=[case.pk]), reverse("draft", args=["write_plan", case.pk])
    worker.client.post(keep, {"own_words_1": "Vorrei un orto"})
    worker.open(url).submit("own_words_1", reason="ha trovato un orto", action_due_1=timezone.localdate().isoformat())
    assert PersonalPlan.objects.filter(goals__own_words="Vorrei un orto").exists()
    assert not Draft.objects.exists()


def test_a_draft_thrown_away_is_gone(worker, case):
    keep = reverse("draft", args=["write_plan", case.pk])
    worker.client.post(keep, {"own_words_1": "Vorrei un orto"})
    assert worker.client.post(keep, {"discard": "1"}).status_code == 204
    assert "Vorrei un orto" not in worker.open(reverse("write_plan", args=[case.pk])).page


def test_a_draft_begun_before_somebody_saved_shows_what_they_changed(worker, elena, case):
    url, keep = reverse("registry", args=[case.subject_id]), reverse("draft", args=["registry", case.subject_id])
    seen = worker.open(url).value_of("seen")
    worker.client.post(keep, {"phone": "055 11", "seen": seen})
    elena.open(url).submit("phone", phone="055 99")
    worker.open(url).submit("phone")
    assert "055 99" in worker.page
    assert Person.objects.get().phone == "055 99"


def test_a_draft_is_of_who_typed_it_and_of_nobody_else(worker, elena, case, anna, as_application, mugello):
    worker.client.post(reverse("draft", args=["write_plan", case.pk]), {"own_words_1": "Vorrei un orto"})
    assert "Vorrei un orto" not in elena.open(reverse("write_plan", args=[case.pk])).page
    with as_application(anna) as cursor:
        cursor.execute("select count(*) from access_draft")
        assert cursor.fetchone()[0] == 1
    for other in (None, factories.user("ugo", Kind.CASE_MANAGER, zone=mugello)):
        with as_application(other) as cursor:
            cursor.execute("select count(*) from access_draft")
            assert cursor.fetchone()[0] == 0
            cursor.execute("delete from access_draft")
    assert Draft.objects.exists()


def test_what_has_waited_too_long_is_not_found_again(worker, case, anna):
    now = timezone.now()
    drafts.keep(
        page="write_plan", about=case.pk, typed={"own_words_1": ["Vecchio"]}, by=anna, now=now - dt.timedelta(31)
    )
    assert "Vecchio" not in worker.open(reverse("write_plan", args=[case.pk])).page
    worker.client.post(reverse("draft", args=["registry", case.subject_id]), {"phone": "1"})
    assert [row.page for row in Draft.objects.all()] == ["registry"]


def test_odd_drafts_are_refused_or_kept_and_never_break_a_page(worker, case):
    keep = reverse("draft", args=["write_plan", case.pk])
    assert worker.client.post(keep, {"own_words_1": "x" * 70_000}).status_code == 413
    form = "application/x-www-form-urlencoded"
    # the names are kept too
    assert worker.client.post(keep, "x" * 70_000 + "=a", content_type=form).status_code == 413
    assert worker.client.post(keep, "nu%00ll=a", content_type=form).status_code == 204
    assert worker.client.post(reverse("draft", args=["people", 1]), {"a": "b"}).status_code == 404
    assert worker.client.post(reverse("draft", args=["write_plan", 10**30]), {"a": "b"}).status_code == 404
    odd = {
        "own_words_1": "nul\x00la",
        "due_1": "ieri",
        "party_1": "\ud83d".encode("utf-8", "ignore"),
        "review_on": "99/99/9999",
    }
    assert worker.client.post(keep, odd).status_code == 204
    assert worker.open(reverse("write_plan", args=[case.pk])).status == 200
    with connection.cursor() as cursor:
        cursor.execute("select typed::text from access_draft")
        assert "nulla" in cursor.fetchone()[0]
