"""Skills: proposed from the training goals, each with its evidence; corrected, taken away, read by who follows one."""

import pytest
from django.urls import reverse

from accanto.traineeships.models import TraineeshipPlan
from accanto.traineeships.skill import Skill, has_shape

ESCO = "http://data.europa.eu/esco/skill/0a6a2d5d-8f8e-4c8b-9d1c-2f7f1a0c3b4e"


@pytest.fixture
def row(trainees, hosted):
    row = hosted(trainees(1)[0])
    own = {"subject": row.subject, "zone": row.zone}
    TraineeshipPlan.objects.create(
        traineeship=row, inclusion_goals="Uscire", training_goals="Rinvasare le piante\nAnnaffiare", **own
    )
    return row


@pytest.fixture
def form(today):
    return {
        "title": "Rinvasare le piante", "level": "alone", "evidence": "Ha rinvasato cento gerani in una mattina",
        "seen_on": today.isoformat(), "seen_by": "Sara Esempio, tutor aziendale", "seen_in": "mid",
        "vocabulary": "esco", "code": ESCO,
    }  # fmt: skip


def test_a_goal_of_the_plan_becomes_a_skill_with_its_evidence(enter, row, form, tutor, anna, carla, sara, herself):
    herself(row)
    client, url = enter(tutor), reverse("skills", args=[row.pk])
    page = client.get(url).content.decode()
    assert "?goal=0" in page
    assert "Uscire" not in page
    assert 'value="Rinvasare le piante"' in client.get(url, {"goal": "0"}).content.decode()
    for odd in ("9", "-1", "x", "9" * 40):
        assert 'value="Rinvasare le piante"' not in client.get(url, {"goal": odd}).content.decode()
    assert client.post(url, form).status_code == 302
    skill = Skill.objects.of(row.subject_id).standing().get()
    assert (skill.title, skill.level, skill.code, skill.traineeship_id) == (form["title"], "alone", ESCO, row.pk)
    page = client.get(url).content.decode()
    assert "cento gerani" in page
    # the goal that a skill says already is proposed no more
    assert page.count("L’ha mostrato") == 1
    for acting in (anna, carla):
        assert "cento gerani" in enter(acting).get(url).content.decode()
    assert 'name="evidence"' not in enter(carla).get(url).content.decode()
    assert enter(sara).get(url).status_code == 404

    assert client.post(reverse("change_skill", args=[skill.pk]), form | {"level": "with_help"}).status_code == 302
    changed = Skill.objects.standing().get()
    assert changed.level == "with_help"
    withdraw = reverse("withdraw_skill", args=[changed.pk])
    assert 'class="crumbs"' in client.get(withdraw).content.decode()
    assert client.post(withdraw, {"reason": "per la diagnosi"}).status_code == 422
    assert client.post(withdraw, {"reason": "era un altro tirocinante"}).status_code == 302
    assert not Skill.objects.standing().exists()
    assert "era un altro tirocinante" in client.get(url).content.decode()
    assert Skill.objects.count() == 3


def test_all_that_is_wrong_is_told_at_once_and_a_code_has_the_shape_of_its_vocabulary(enter, row, form, tutor, today):
    client, url = enter(tutor), reverse("skills", args=[row.pk])
    page = client.post(url, {"vocabulary": "boh"}).content.decode()
    for sentence in (
        "Scrivi che cosa sa fare.",
        "Scegli come lo fa.",
        "senza, non si può attestare",
        "Scrivi chi l’ha",
    ):
        assert sentence in page, sentence
    for wrong in (
        {"code": "S1.2"}, {"code": ""}, {"vocabulary": "own"}, {"vocabulary": "atlante"},
        {"seen_on": "2099-01-01"}, {"title": "nul\x00la"}, {"evidence": "x" * 5000}, {"evidence": "dopo il carcere"},
    ):  # fmt: skip
        assert client.post(url, form | wrong).status_code == 422, wrong
    assert not Skill.objects.exists()
    assert has_shape("atlante", "ADA.02.01.05")
    assert has_shape("own", "")
    assert not has_shape("atlante", "ADA")
    assert not has_shape("esco", ESCO + "/../x")
