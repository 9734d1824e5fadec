"""The assessment in depth: anchors, ICF, the outcome suggested, versions compared; and the employability profile."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.cases import assessment as assessments
from accanto.cases.assessment import Assessment, AssessmentDomain
from accanto.cases.domain_scale import ANCHORS
from accanto.cases.employability import EmployabilityProfile
from tests.cases.scene import Worker


@pytest.fixture
def worker(enter, anna):
    return Worker(enter(anna))


def assess(case, by, *, kind="in_depth", days=0, outcome="complex", **domains):
    day = timezone.localdate() - dt.timedelta(days=days)
    return assessments.assess(
        case=case, kind=kind, day=day, outcome=outcome, domains=domains, by=by, now=timezone.now()
    )  # fmt: skip


def test_the_scale_says_what_each_point_means_in_each_domain(worker, case):
    page = worker.open(reverse("new_assessment", args=[case.pk])).page
    for points in ANCHORS.values():
        for point, words in points.items():
            assert f"{point}: {words}" in page.replace("&#x27;", "'")


def test_an_in_depth_assessment_with_icf_from_the_form_to_its_page(worker, case):
    worker.open(reverse("new_assessment", args=[case.pk]))
    worker.submit(
        "housing_icf",
        kind="in_depth",
        outcome="complex",
        housing_text="in affitto",
        housing_score="2",
        housing_icf="e1, mobilità, d4",
        personal_icf="b1 funzioni mentali",
    )
    row = Assessment.objects.get(kind="in_depth")
    held = {domain.domain: domain.icf for domain in row.domains.all()}
    assert (held["housing"], held["personal"]) == (["e1", "d4"], ["b1"])
    page = worker.open(reverse("assessment", args=[row.pk])).page
    assert "d4 mobilità" in page
    assert f"2: {ANCHORS['housing'][2]}" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"work_icf": "b1"}, "parla di salute"),
        ({"education_icf": "funzioni mentali"}, "parla di salute"),
        ({"housing_icf": "z9, d4"}, "Non è un capitolo"),
        ({"housing_icf": "funzioni"}, "Non è un capitolo"),
        ({"housing_icf": "nul\x00la"}, ""),
        ({"housing_icf": "x" * 5000}, ""),
        ({"housing_score": "9"}, ""),
    ],
)
def test_wrong_codes_are_told_and_nothing_is_written(worker, case, typed, said):
    before = Assessment.objects.count()
    url = reverse("new_assessment", args=[case.pk])
    base = {"kind": "in_depth", "day": timezone.localdate().isoformat(), "outcome": "complex", "work_text": "x"}
    answer = worker.client.post(url, base | typed)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert Assessment.objects.count() == before


def test_postgresql_keeps_health_out_of_what_the_operator_reads(case, anna):
    row = assess(case, anna, work={"text": "x", "icf": ["d8"]})
    domain = row.domains.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        AssessmentDomain.objects.create(
            subject_id=row.subject_id, zone_id=row.zone_id, assessment=row, domain="education", icf=["d8", "b1"],
            recorded_at=timezone.now(), recorded_by=anna.user,
        )  # fmt: skip
    assert domain.icf == ["d8"]


def test_revising_one_domain_keeps_its_chapters(case, anna, enter, operator):
    row = assess(case, anna, work={"text": "prima", "score": 2, "icf": ["d8"]})
    domain = row.domains.get()
    Worker(enter(operator)).open(reverse("revise_domain", args=[domain.pk])).submit("text", text="dopo", score="3")
    new = AssessmentDomain.objects.standing().get(assessment=row)
    assert (new.text, new.score, new.icf) == ("dopo", 3, ["d8"])


def test_the_scores_suggest_an_outcome_and_the_worker_decides(worker, case):
    url = reverse("assessment_findings", args=[case.pk])
    scores = {"work_score": "2", "education_score": "3", "housing_score": "4", "networks_score": "3"}
    said = worker.client.post(url, scores | {"kind": "in_depth"}).content.decode()
    assert "bisogno solo di lavoro" in said
    assert "Decidi tu" in said
    assert "ACC-COMPLEX" in said
    assert "Ambiti non valutati" in said
    said = worker.client.post(url, scores | {"housing_score": "1"}).content.decode()
    assert "bisogno complesso" in said
    worker.open(reverse("new_assessment", args=[case.pk]))
    worker.submit("work_score", outcome="social_only", **scores)
    assert Assessment.objects.standing().get(kind="preliminary").outcome == "social_only"


def test_two_versions_side_by_side(worker, case, anna):
    old = assess(case, anna, days=200, housing={"text": "in macchina", "score": 1}, economic={"text": "niente"})
    assess(case, anna, outcome="social_only", housing={"text": "in affitto", "score": 4}, networks={"score": 3})
    page = worker.open(reverse("assessments", args=[case.pk])).page
    assert "migliora da 1 a 4" in page
    assert "in macchina" in page
    assert "in affitto" in page
    assert "nuova" in page
    assert "non più valutata" in page
    assert "L’esito cambia" in page
    assert 'class="chart-svg chart-radar"' in page
    assert 'class="chart-svg chart-scores"' in page
    assert "data-table" in page
    first = Assessment.objects.get(kind="preliminary")
    answer = worker.client.get(worker.url, {"first": first.pk, "second": old.pk})
    assert "INTIMO" in answer.content.decode()
    assert "in macchina" in answer.content.decode()


@pytest.mark.parametrize("asked", ["0", "999999999999999999999999", "x", "", "\x00"])
def test_a_version_that_is_not_there_gives_the_last_two(worker, case, anna, asked):
    assess(case, anna, housing={"score": 4})
    answer = worker.client.get(reverse("assessments", args=[case.pk]), {"first": asked, "second": asked})
    assert answer.status_code == 200
    assert "chart-radar" in answer.content.decode()


def test_the_comparison_asks_as_many_queries_for_nine_versions_as_for_two(worker, case, anna, same_queries):
    def more():
        for n in range(8):
            assess(case, anna, days=n, housing={"text": str(n), "score": 1 + n % 5}, work={"score": 2})

    assess(case, anna, housing={"score": 4})
    same_queries(lambda: worker.client.get(reverse("assessments", args=[case.pk])), more=more)


def test_the_person_compares_too_and_the_operator_does_not(enter, own, operator, case, anna):
    assess(case, anna, housing={"score": 4})
    url = reverse("assessments", args=[case.pk])
    assert "chart-radar" in enter(own).get(url).content.decode()
    assert enter(operator).get(url).status_code == 404


def test_the_profile_is_kept_by_the_worker_and_the_operator(worker, enter, operator, own, case):
    url = reverse("employability", args=[case.pk])
    worker.open(url).submit(
        "wishes", wishes="Cucina", skills="banco, cassa", readiness="3", licences=["B"], transport=["bicycle"],
        shifts=["morning", "weekend"], weekly_hours="20", last_job="Cameriera", last_job_year="2023",
    )  # fmt: skip
    other = Worker(enter(operator))
    other.open(reverse("person", args=[case.subject_id]))
    assert "3: può cominciare un corso o un tirocinio" in other.page
    other.open(url).submit("wishes", readiness="4")
    rows = EmployabilityProfile.objects.order_by("id")
    assert [(row.readiness, row.wishes, row.superseded_at is None) for row in rows] == [
        (3, "Cucina", False),
        (4, "Cucina", True),
    ]
    assert rows[1].licences == ["B"]
    assert "Cameriera, 2023" in enter(own).get(url).content.decode()  # a year is no quantity: not «2.023»


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"last_job_year": "1800"},
        {"last_job_year": "9" * 50},
        {"weekly_hours": "200"},
        {"licences": "Z"},
        {"wishes": "nul\x00la"},
        {"skills": "x" * 9000},
    ],
)
def test_a_profile_that_cannot_be_is_refused(worker, case, typed):
    answer = worker.client.post(reverse("employability", args=[case.pk]), typed)
    assert answer.status_code == 200
    assert re.search("Correggi|Così non si può salvare", answer.content.decode())
    assert not EmployabilityProfile.objects.exists()


def test_the_person_reads_the_profile_in_words(enter, own, worker, case):
    url = reverse("employability", args=[case.pk])
    worker.open(url).submit("wishes", wishes="Cucina", shifts=["morning"], transport=["car"])
    page = enter(own).get(url).content.decode()
    assert "Cucina" in page
    assert "mattina" in page
    assert "auto" in page
    assert "Registra il profilo" not in page
