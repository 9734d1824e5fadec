"""The minutes on paper: each finds what the page of the meeting shows them, and of a sitting only those they see."""

import io
import json

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accanto.access.log import Reading
from accanto.access.organisation import Organisation
from accanto.access.role import Kind
from accanto.cases import case_team
from accanto.cases import meeting as meetings
from accanto.cases.meeting import Meeting
from accanto.web import printed
from tests import factories

SAID = "VERBALE RISERVATO"


@pytest.fixture
def told(monkeypatch):
    """What the last document said, as it was handed to the renderer."""
    said, render = {}, printed.pdf.made

    def made(template, data, **more):
        said.clear()
        said.update(data)
        return render(template, data, **more)

    monkeypatch.setattr(printed.pdf, "made", made)
    return said


def hold(row, by, *, text=SAID, others="la zia", **more):
    health = factories.organisation(Organisation.Kind.HEALTH_AUTHORITY, "Centro di salute mentale")
    attendees = [
        {"user": None, "kind": Kind.PERSON, "organisation": None},
        {"user": by.user, "kind": by.kind, "organisation": health},
    ]
    decisions = [{"party": "manager", "user": None, "text": f"Telefona per {row.pk}", "due": None}]
    meetings.hold(
        meeting=row, attendees=attendees, decisions=decisions, text=text, others=others, by=by, now=timezone.now(),
        **more,
    )  # fmt: skip
    return row


@pytest.fixture
def sitting(anna):
    return meetings.convene(
        zone=anna.role.zone, day=timezone.localdate(), begins=None, place="sala verde", by=anna, now=timezone.now()
    )


def on_agenda(sitting, case, by):
    return meetings.put_on_agenda(sitting=sitting, case=case, by=by, now=timezone.now())


def called(case, by):
    return meetings.call(
        case=case, day=timezone.localdate(), begins=None, place="sala verde", by=by, now=timezone.now()
    )  # fmt: skip


@pytest.fixture
def held(case, anna):
    return hold(called(case, anna), anna)


def words(told):
    return json.dumps(told, ensure_ascii=False)


def test_the_social_worker_prints_who_was_there_what_was_decided_and_what_was_said(enter, anna, case, held, told):
    client = enter(anna)
    page = client.get(reverse("meeting", args=[held.pk])).content.decode()
    url = reverse("meeting_document", args=[held.pk])
    assert url in page
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'inline; filename="verbale.pdf"'
    with pikepdf.open(io.BytesIO(answer.content)) as found:
        assert str(found.docinfo["/Title"]) == "Verbale della riunione d’équipe"
        assert found.Root.MarkInfo.Marked
    assert told["lead"] == str(case.person)
    assert [said in words(told) for said in (SAID, "la zia", "Telefona", "Centro di salute mentale")] == [True] * 4
    assert [one["name"] for one in told["signatures"]] == [str(anna.user)]
    assert Reading.objects.filter(page="meeting_document", subject_ids=[case.subject_id]).exists()


def test_the_employment_operator_prints_the_decisions_only(enter, mugello, held, told):
    operator = factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
    assert enter(operator).get(reverse("meeting_document", args=[held.pk])).status_code == 200
    assert told["title"] == "Decisioni della riunione d’équipe"
    assert "Telefona" in words(told)
    assert [said in words(told) for said in (SAID, "la zia", "salute mentale")] == [False] * 3
    assert told["signatures"] == []


def test_the_person_prints_their_own_and_strangers_nothing(enter, own, bruno, tutor, held, told):
    url = reverse("meeting_document", args=[held.pk])
    assert enter(own).get(url).status_code == 200
    assert SAID in words(told)
    for stranger in (bruno, tutor):
        assert enter(stranger).get(url).status_code == 404


def test_a_meeting_not_held_yet_has_no_minutes_to_print(enter, anna, case, sitting):
    client, row = enter(anna), on_agenda(sitting, case, anna)
    assert client.get(reverse("meeting_document", args=[row.pk])).status_code == 404
    assert client.get(reverse("sitting_document", args=[sitting.pk])).status_code == 404
    assert reverse("sitting_document", args=[sitting.pk]) not in client.get(
        reverse("sitting", args=[sitting.pk])
    ).content.decode()  # fmt: skip


def test_of_a_sitting_one_prints_all_that_it_treated_and_names_whom_it_left(enter, anna, make_case, sitting, told):
    first, second, third = (make_case(n) for n in (1, 2, 3))
    rows = [on_agenda(sitting, case, anna) for case in (first, second, third)]
    hold(rows[0], anna)
    hold(rows[1], anna, text="", others="")
    url = reverse("sitting_document", args=[sitting.pk])
    client = enter(anna)
    assert url in client.get(reverse("sitting", args=[sitting.pk])).content.decode()
    assert client.get(url).status_code == 200
    assert [one["person"] for one in told["treated"]] == [str(first.person), str(second.person)]
    assert ["Non ancora trattati", str(third.person)] in told["facts"]
    assert [bool(one["text"]) for one in told["treated"]] == [True, False]


def test_a_sitting_shows_the_operator_decisions_only_and_another_zone_nothing(
    enter, anna, bruno, mugello, make_case, sitting, told
):
    hold(on_agenda(sitting, make_case(1), anna), anna)
    url = reverse("sitting_document", args=[sitting.pk])
    operator = factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
    assert enter(operator).get(url).status_code == 200
    assert [said in words(told) for said in ("Telefona", SAID, "la zia")] == [True, False, False]
    assert enter(bruno).get(url).status_code == 404


def test_a_health_worker_of_one_person_never_prints_the_sitting_that_treated_others(
    enter, anna, make_case, mugello, sitting
):
    first, second = make_case(1), make_case(2)
    health = factories.user("health", Kind.HEALTH_WORKER, zone=mugello)
    case_team.add(
        case=first, kind=Kind.HEALTH_WORKER, user=health.user, starts=first.opened_on, by=anna, now=timezone.now()
    )
    rows = [hold(on_agenda(sitting, case, anna), anna) for case in (first, second)]
    client = enter(health)
    answers = [client.get(reverse("meeting_document", args=[row.pk])).status_code for row in rows]
    assert answers == [200, 404]
    assert client.get(reverse("sitting_document", args=[sitting.pk])).status_code == 404


def test_a_decision_taken_back_is_not_printed_and_words_are_italian(enter, anna, held, told):
    taken = held.decisions.get()
    hold(Meeting.objects.get(pk=held.pk), anna, dropped=[taken.pk], seen=held.minutes.get().pk, text="")
    with translation.override("en"):
        assert enter(anna).get(reverse("meeting_document", args=[held.pk])).status_code == 200
    assert len(told["treated"][0]["decisions"]) == 1
    assert told["treated"][0]["decisions"][0]["who"] == "Il responsabile del caso"


def test_a_long_sitting_asks_as_many_queries_as_a_short_one(same_queries, enter, anna, make_case, sitting):
    client, url = enter(anna), reverse("sitting_document", args=[sitting.pk])

    def treat(*people):
        for n in people:
            hold(on_agenda(sitting, make_case(n), anna), anna)

    treat(1)
    same_queries(lambda: client.get(url), more=lambda: treat(2, 3, 4))
