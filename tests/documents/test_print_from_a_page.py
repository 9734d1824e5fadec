"""What a page shows, on paper: logged as a reading, in Italian, by a name that says nothing, no more than the page."""

import io
import json

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accanto.access.log import Reading
from accanto.access.role import Kind
from accanto.cases import referral as referrals
from accanto.cases.assessment import AssessmentDomain
from accanto.cases.referral import ReferralOrigin
from accanto.web import pdf
from accanto.web.personal_plan import parts_of
from accanto.web.plan_document import plain_plan_data, plan_data
from accanto.web.printed import assessment_data, outcome_data
from tests import factories
from tests.cases.conftest import full_case

SECRETS = ("SEGRETO", "INTIMO", "salute mentale", "mental")


@pytest.fixture
def case(mugello, anna):
    return full_case(mugello, by=anna)


def pages_of(case):
    return {
        "plan_document": case.plans.get().pk,
        "plain_plan_document": case.plans.get().pk,
        "assessment_document": case.assessments.get().pk,
        "outcome_document": case.referral_id,
        "notice_document": case.subject_id,
    }


def test_each_document_is_a_pdf_whose_name_says_nothing_and_is_logged(enter, anna, case):
    client = enter(anna)
    for name, pk in pages_of(case).items():
        answer = client.get(reverse(name, args=[pk]))
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf"), name
        shown = answer["Content-Disposition"].lower()
        assert shown.startswith("inline")
        assert not [word for word in ("ida", "prova", "mental", str(case.subject_id)) if word in shown], name
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
        assert Reading.objects.filter(page=name, subject_ids=[case.subject_id], user_id=anna.user.pk).exists(), name


def test_the_title_and_the_name_of_the_body_are_in_the_document(enter, anna, case):
    answer = enter(anna).get(reverse("plan_document", args=[case.plans.get().pk]))
    with pikepdf.open(io.BytesIO(answer.content)) as found:
        assert str(found.docinfo["/Title"]) == "Progetto personalizzato"
        assert str(found.docinfo["/Author"]) == pdf.body_of(anna, case.zone)


def test_what_is_made_from_synthetic_data_says_so(monkeypatch, anna, case):
    made = {}
    for synthetic in (True, False):
        monkeypatch.setattr(pdf, "data_are_synthetic", lambda synthetic=synthetic: synthetic)
        data = {"title": "x", "facts": [], "paragraphs": [], "signatures": []}
        made[synthetic] = pdf.made("referral_outcome", data, acting=anna, zone=case.zone, moment=timezone.now())
    with pikepdf.open(io.BytesIO(made[True])) as one, pikepdf.open(io.BytesIO(made[False])) as other:
        assert "SINTETICI" in str(one.docinfo["/Keywords"])
        assert "/Keywords" not in other.docinfo


def test_documents_are_in_italian_whatever_the_screen(anna, case):
    plan = case.plans.get()
    parts = parts_of(plan, anna)
    with translation.override("en"):
        full, plain = plan_data(plan, parts), plain_plan_data(plan, parts)
    assert full["signatures"][0]["who"] == "La persona"
    assert full["supports"] == ["Sostegno all’abitare"]
    assert (plain["supports"], plain["support_text"]) == (full["supports"], full["support_text"])
    made = []
    for language in ("it", "en"):
        with translation.override(language):
            made.append(pdf.made("personal_plan", full, acting=anna, zone=case.zone, moment=plan.recorded_at))
    assert made[0] == made[1]
    json.dumps([full, plain])


def test_the_plain_plan_says_mine_and_theirs_and_leaves_out_what_is_done(anna, case):
    plan = case.plans.get()
    parts = parts_of(plan, anna)
    mine, theirs = (plain_plan_data(plan, parts)[side] for side in ("mine", "theirs"))
    assert ([row["text"] for row in mine], theirs) == (["Chiede all’agenzia"], [])
    parts["actions"][0].done_on = timezone.localdate()
    assert plain_plan_data(plan, parts)["mine"] == []


def test_who_referred_is_told_the_outcome_and_nothing_of_the_file(anna, case):
    row = case.referral
    origin = ReferralOrigin.objects.get(referral=row)
    for outcome, reason in (("accepted", ""), ("not_accepted", "other_zone")):
        row.outcome, row.reason = outcome, reason
        told = json.dumps(outcome_data(row, origin, worker="Anna"), ensure_ascii=False)
        assert "Prova" in told
        assert not [word for word in SECRETS if word in told]


def test_a_referral_that_waits_has_no_answer_to_print(enter, anna, mugello):
    waiting = referrals.refer(
        person=factories.person_in_charge(mugello, by=anna).person, channel="school", need="x",
        received_on=timezone.localdate(), by=anna, now=timezone.now(),
    )  # fmt: skip
    assert enter(anna).get(reverse("outcome_document", args=[waiting.pk])).status_code == 404


def test_the_assessment_says_what_was_not_talked_about(anna, case):
    row = case.assessments.get()
    held = {domain.domain: domain for domain in row.domains.all()}
    told = assessment_data(row, [(domain.label, held.get(domain)) for domain in AssessmentDomain.Domain])
    assert len(told["domains"]) == 6
    assert [domain["title"] for domain in told["domains"] if domain["text"]] == [
        "Condizioni personali e funzionamento",
        "Lavoro e profilo di occupabilità",
    ]


def test_an_employment_operator_prints_neither_plan_nor_assessment(enter, mugello, case):
    client = enter(factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello))
    for name, pk in pages_of(case).items():
        assert client.get(reverse(name, args=[pk])).status_code == 404, name
