"""The case over time: its team, its manager, the assessment corrected, the plan revised, the end."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.access.relation import Relation, tail
from accanto.access.role import Kind
from accanto.cases import case_team
from accanto.cases.assessment import Assessment, AssessmentDomain
from accanto.cases.case import Case
from accanto.cases.case_team import CaseMember
from accanto.cases.participation import Participation
from accanto.cases.personal_plan import PersonalPlan, PlanAction
from accanto.plan.fund import FundLine
from accanto.plan.operation import Operation
from tests import factories
from tests.cases.scene import Worker


@pytest.fixture
def worker(enter, anna):
    return Worker(enter(anna))


def test_a_tutor_in_the_team_sees_the_person_until_they_leave(enter, worker, case, tutor):
    url = reverse("team", args=[case.pk])
    worker.open(url).submit("member", member=f"third_sector_tutor-u{tutor.user.pk}")
    member = CaseMember.objects.get(kind=Kind.THIRD_SECTOR_TUTOR)
    assert member.relation.subject_id == case.subject_id
    assert "Tutor" in worker.page
    worker.client.post(reverse("leave_team", args=[case.pk, member.pk]))
    member.refresh_from_db()
    assert member.ends == timezone.localdate()
    until = timezone.localdate() + tail(timezone.localdate())
    assert Relation.objects.get(pk=member.relation_id).ends == until
    assert until - timezone.localdate() == dt.timedelta(days=30)
    assert f"{until:%d/%m/%Y}" in worker.open(reverse("who_can_see", args=[case.subject_id])).page


def test_who_must_not_see_the_person_any_more_loses_access_with_the_day(worker, case, tutor):
    worker.open(reverse("team", args=[case.pk])).submit("member", member=f"third_sector_tutor-u{tutor.user.pk}")
    member = CaseMember.objects.get(kind=Kind.THIRD_SECTOR_TUTOR)
    worker.client.post(reverse("leave_team", args=[case.pk, member.pk]), {"at_once": "1"})
    assert Relation.objects.get(pk=member.relation_id).ends == timezone.localdate()


def test_the_person_has_nothing_to_hand_over(case, anna, carla):
    now, today = timezone.now(), timezone.localdate()
    member = case_team.add(case=case, kind=Kind.PERSON, user=carla.user, starts=today, by=anna, now=now)
    case_team.end(member=member, on=today, by=anna, now=now)
    assert member.relation.ends == today


def test_the_manager_is_changed_and_not_removed(worker, case, mugello):
    other = factories.user("elena", Kind.CASE_MANAGER, zone=mugello)
    manager = CaseMember.objects.get(kind=Kind.CASE_MANAGER)
    assert worker.client.post(reverse("leave_team", args=[case.pk, manager.pk])).status_code == 404
    worker.open(reverse("hand_over", args=[case.pk])).submit("manager", manager=str(other.user.pk))
    case.refresh_from_db()
    assert case.manager == other.user
    assert CaseMember.objects.live().get(kind=Kind.CASE_MANAGER).user == other.user


def test_somebody_of_another_zone_cannot_be_manager(worker, case, bruno):
    worker.open(reverse("hand_over", args=[case.pk])).submit("manager", manager=str(bruno.user.pk))
    case.refresh_from_db()
    assert case.manager.username == "anna"


def test_closing_ends_team_and_accesses(worker, case, tutor):
    worker.open(reverse("team", args=[case.pk])).submit("member", member=f"third_sector_tutor-u{tutor.user.pk}")
    worker.open(reverse("close_case", args=[case.pk])).submit("closed_on", reason="goals_reached", outcome="job")
    case.refresh_from_db()
    assert (case.closed_on, case.closing_outcome) == (timezone.localdate(), "job")
    assert not CaseMember.objects.live().exists()
    assert not Relation.objects.filter(ends=None).exists()
    assert worker.client.get(reverse("write_plan", args=[case.pk])).status_code == 404


def test_a_case_with_a_running_traineeship_is_not_closed(worker, case, tutor, anna):
    factories.traineeship(case, tutor=tutor, by=anna)
    worker.open(reverse("close_case", args=[case.pk])).submit("closed_on", reason="withdrew", outcome="none")
    assert "tirocinio in corso" in worker.page
    assert Case.objects.get().closed_on is None


def test_a_new_assessment_supersedes_and_overwrites_nothing(worker, case):
    worker.open(reverse("new_assessment", args=[case.pk]))
    assert "INTIMO" in worker.page
    worker.submit("outcome", work_text="CAMERIERA")
    assert Assessment.objects.count() == 2
    assert Assessment.objects.standing().count() == 1
    standing = {row.domain: row.text for row in AssessmentDomain.objects.standing()}
    assert standing == {"personal": "INTIMO", "work": "CAMERIERA"}
    former = Assessment.objects.exclude(superseded_at=None).get()
    assert "MAGAZZINIERA" in worker.open(reverse("assessment", args=[former.pk])).page


def test_an_assessment_without_a_word_is_refused(worker, case):
    data = {"kind": "preliminary", "day": timezone.localdate().isoformat(), "outcome": "complex"}
    page = worker.client.post(reverse("new_assessment", args=[case.pk]), data).content.decode()
    assert "Scrivi almeno una delle sei dimensioni" in page


def test_a_new_version_of_the_plan_wants_its_reason_and_holds_when_signed(worker, case):
    soon = (timezone.localdate() + dt.timedelta(days=9)).isoformat()
    worker.open(reverse("write_plan", args=[case.pk])).submit("own_words_1", action_due_1=soon)
    assert "Perché una nuova versione" in worker.page
    assert PersonalPlan.objects.count() == 1
    worker.submit("own_words_1", reason="Ha trovato casa")
    first, second = PersonalPlan.objects.order_by("version")
    assert (first.superseded_at, second.agreed_on) == (None, None)
    worker.submit("signers")
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.superseded_at
    assert second.agreed_on
    assert PlanAction.objects.to_do().count() == 1
    page = worker.open(reverse("personal_plan", args=[second.pk])).page
    assert "Ha trovato casa" in page
    assert "prima stesura" in page


def test_a_draft_written_again_is_the_same_plan_to_sign(worker, make_case):
    case = make_case(agreed=False)
    soon = (timezone.localdate() + dt.timedelta(days=9)).isoformat()
    worker.open(reverse("write_plan", args=[case.pk])).submit("own_words_1", result_1="Due stanze", action_due_1=soon)
    draft = PersonalPlan.objects.standing().get()
    assert (draft.version, draft.agreed_on) == (2, None)
    worker.submit("signers")
    assert PersonalPlan.objects.standing().agreed().get() == draft


def test_without_the_person_the_plan_is_not_agreed(worker, make_case):
    plan = PersonalPlan.objects.get(case=make_case(agreed=False))
    worker.open(reverse("agree_plan", args=[plan.pk])).submit("signers", signers=["manager"])
    assert "Senza la firma della persona" in worker.page
    plan.refresh_from_db()
    assert plan.agreed_on is None


def test_a_commitment_is_done_with_one_press(worker, case):
    action = PlanAction.objects.get()
    assert "Chiede all’agenzia" in worker.open(reverse("my_day")).page
    worker.client.post(reverse("action_done", args=[action.pk]), {"back": "my_day"})
    action.refresh_from_db()
    assert action.done_on == timezone.localdate()
    page = worker.open(reverse("my_day")).page
    assert reverse("action_done", args=[action.pk]) not in page
    assert "Fatte oggi" in page
    worker.client.post(reverse("action_reopened", args=[action.pk]), {"back": "my_day"})
    assert reverse("action_done", args=[action.pk]) in worker.open(reverse("my_day")).page


@pytest.fixture
def operation(mugello):
    line = FundLine.objects.create(code="pr-fse", name="PR FSE+")
    day = timezone.localdate()
    return Operation.objects.create(
        cup="D59G23000000001", title="Prova di zona", fund_line=line, zone=mugello, hourly_rate=4,
        starts=day - dt.timedelta(days=400), ends=day + dt.timedelta(days=400), call_code="fse_2024_3h1",
    )  # fmt: skip


def test_an_incomplete_entry_is_let_in_and_listed(worker, case, operation):
    worker.open(reverse("new_participation", args=[case.pk])).submit("starts", employment_status="unemployed")
    row = Participation.objects.get()
    assert row.operation == operation
    assert row.entry["sex"] == "F"
    assert row.entry["disability"] == "undeclared"
    assert row.entry["age"] > 40
    assert "Manca: titolo di studio" in worker.page
    assert "Scheda d’ingresso incompleta" in worker.open(reverse("my_day")).page
    worker.open(reverse("participation", args=[row.pk])).submit("starts", education="isced_3_4")
    corrected = Participation.objects.standing().get()
    assert corrected.entry["education"] == "isced_3_4"
    row.refresh_from_db()
    assert "education" not in row.entry
    assert "Scheda d’ingresso incompleta" not in worker.open(reverse("my_day")).page


def test_the_call_refuses_who_has_a_job_and_says_why(worker, case, operation):
    worker.open(reverse("new_participation", args=[case.pk])).submit("starts", employment_status="employed")
    assert "disoccupate o inoccupate" in worker.page
    assert not Participation.objects.exists()


def test_one_enters_an_operation_once(worker, case, operation):
    for _time in range(2):
        worker.open(reverse("new_participation", args=[case.pk])).submit("starts", employment_status="unemployed")
    assert "partecipa già" in worker.page
    assert Participation.objects.count() == 1
