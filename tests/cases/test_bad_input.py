"""No page answers 500, whatever a form is sent: empty, huge, wrong, null bytes, unknown ids, ids of others."""

import pytest
from django.urls import reverse

from accanto.cases.assessment import AssessmentDomain
from accanto.cases.case_team import CaseMember
from accanto.cases.personal_plan import PersonalPlan, PlanAction
from accanto.cases.referral import Referral

VALUES = [
    "",
    "x" * 20000,
    "\x00",
    "-1",
    "9" * 40,
    "2026-13-45",
    "0001-01-01",
    "9999-12-31",
    "'; drop table",
    "🙂",
    "[]",
]
FIELDS = [
    "q", "begun_from", "family_name", "given_name", "fiscal_code", "birth_date", "sex", "municipality",
    "phone", "email", "channel", "organisation", "need", "received_on", "reason", "area", "manager",
    "opened_on", "closed_on", "outcome", "member", "kind", "day", "work_text", "work_score", "work_note",
    "text", "score", "note", "supports", "support_text", "review_on", "own_words_1", "result_1", "due_1",
    "own_words_2", "party_1", "action_1", "action_due_1", "agreed_on", "how", "signers", "others",
    "operation", "starts", "employment_status", "education", "disability", "back", "subject",
]  # fmt: skip


@pytest.fixture
def pages(make_case):
    case, other = make_case(), make_case(1, agreed=False)
    referral = Referral.objects.get(subject=case.subject)
    return [
        reverse("search"), reverse("new_referral"), reverse("fiscal_code"),
        reverse("registry", args=[case.subject_id]), reverse("another_referral", args=[case.subject_id]),
        reverse("take_charge", args=[case.subject_id]), reverse("referral", args=[referral.pk]),
        reverse("change_area", args=[case.pk]), reverse("hand_over", args=[case.pk]), reverse("team", args=[case.pk]),
        reverse("new_assessment", args=[case.pk]), reverse("write_plan", args=[case.pk]),
        reverse("new_participation", args=[case.pk]), reverse("entry_findings", args=[case.pk]),
        reverse("revise_domain", args=[AssessmentDomain.objects.filter(domain="work").first().pk]),
        reverse("agree_plan", args=[PersonalPlan.objects.get(case=other).pk]), reverse("close_case", args=[case.pk]),
    ]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_a_field_full_of_nonsense(enter, anna, pages, value):
    client = enter(anna)
    for url in pages:
        answer = client.post(url, dict.fromkeys(FIELDS, value))
        assert answer.status_code in (200, 302, 404), (url, value[:20])


def test_unknown_and_foreign_ids(enter, anna, bruno, make_case, versilia):
    elsewhere = make_case(zone=versilia, by=bruno)
    here = make_case(1)
    client = enter(anna)
    member = CaseMember.objects.get(case=elsewhere)
    action = PlanAction.objects.get(subject=elsewhere.subject)
    assert client.post(reverse("leave_team", args=[here.pk, member.pk])).status_code == 404
    assert client.post(reverse("action_done", args=[action.pk])).status_code == 404
    for name in (
        "person",
        "referral",
        "personal_plan",
        "team",
        "assessment",
        "participation",
        "revise_domain",
        "agree_plan",
    ):
        for unknown in (0, 10**12, 10**30):
            assert client.get(reverse(name, args=[unknown])).status_code == 404, (name, unknown)


@pytest.mark.parametrize("key", ["show", "after", "before"])
@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 40, "\x00", "1"])
def test_addresses_made_by_hand(enter, anna, case, key, value):
    assert enter(anna).get(reverse("people"), {key: value}).status_code == 200
