"""The administrator loads the region's plan; whoever reads it finds its targets, its money and what is not known."""

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accanto.indicators.release import Release, ReleasedFigure
from accanto.plan import pack as plan_pack
from accanto.plan.act import Act
from accanto.plan.allocation import Allocation
from accanto.plan.body import Body
from accanto.plan.call import Call
from accanto.plan.fund import FundLine
from accanto.plan.target import Target
from accanto.staffing import pack as staffing_pack
from accanto.staffing.series import RegionalFigure
from accanto.territory import pack
from accanto.territory.pack import PackError


@pytest.fixture
def toscana(db):
    now = timezone.now()
    pack.load(settings.REGION_PACK, now=now)
    return plan_pack.load(settings.REGION_PACK, now=now) | staffing_pack.load(settings.REGION_PACK, now=now)


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ").split())


def test_the_plan_holds_what_the_region_presented(toscana):
    assert Body.objects.count() == 5
    own = FundLine.objects.filter(amounts__of_the_plan=True).distinct()
    assert list(own.values_list("code", flat=True)) == [
        "poverty-fund",
        "fnps-fras",
        "esf-plus-priority-3",
        "pnrr-mission-5",
    ]
    plans_own = {
        line.code: [amount.amount for amount in line.amounts.all() if amount.of_the_plan]
        for line in own.prefetch_related("amounts")
    }
    million = Decimal(1_000_000)
    assert plans_own == {
        "poverty-fund": [Decimal("27.5") * million, 5 * million],
        "fnps-fras": [27 * million],
        "esf-plus-priority-3": [77 * million],
        "pnrr-mission-5": [41 * million],
    }
    assert Act.objects.get(code="dgr-557-2022").date.isoformat() == "2022-05-16"


def test_the_targets_of_people_count_the_esf_line_and_no_other(toscana):
    assert list(FundLine.objects.filter(counts_for_targets=True).values_list("code", flat=True)) == [
        "esf-plus-priority-3"
    ]
    values = dict(Target.objects.promised().values_list("indicator", "value"))
    assert values["esf_people"] == 15_000
    assert values["esf_people_in_traineeship"] == 7_500
    assert values["pnrr_pippi_zones"] == 28
    assert values["pnrr_housing_first_zones"] == 20


def test_the_lines_within_a_line_have_their_amounts_and_no_line_has_one_that_nobody_found(toscana):
    tree = {line.code: {one.code: one for one in within} for line, within in FundLine.objects.tree()}
    assert {code: len(within) for code, within in tree.items()} == {
        "poverty-fund": 4, "fnps-fras": 2, "esf-plus-priority-3": 2, "pnrr-mission-5": 7, "fsc-2022": 0,
    }  # fmt: skip
    assert list(tree["esf-plus-priority-3"]["esf-plus-3-k-7"].amounts.all()) == []
    quota = tree["poverty-fund"]["poverty-services-quota"].amounts
    assert {row.first_year: row.amount for row in quota.filter(act__code="dgr-557-2022")} == {
        2021: 26_433_000, 2022: 23_899_000, 2023: 18_423_000,
    }  # fmt: skip
    assert sum(row.amount for row in quota.filter(act__code="di-500-2025")) == Decimal("1376516359.72")
    assert not FundLine.objects.filter(parent__isnull=False, amounts__of_the_plan=True).exists()


def test_the_one_allocation_that_was_found_is_of_15_zones_and_the_others_are_not_filled(toscana):
    found = Allocation.objects.with_sums().get()
    assert (found.fund_line.code, found.year, found.zones) == ("fnps", 2020, 15)
    assert (found.total, found.shared) == (Decimal("26128137.67"), Decimal("17178665.66"))
    assert found.total - found.shared == Decimal("8949472.01")
    assert (found.grade, found.state, found.recorded_by) == ("SECONDARY", "adopted", None)
    assert found.quotas.get(zone__code="valli-etrusche").amount == Decimal("963913.83")


def test_the_zones_with_a_large_municipality_are_counted_from_the_residents_of_a_day(toscana):
    target = Target.objects.get(code="service-centre-zones")
    assert target.value == 8
    assert target.derived_on.isoformat() == "2024-12-31"


def test_a_call_nobody_has_read_has_no_numbers(toscana):
    call = Call.objects.get(code="3k7")
    assert (call.amount, call.months, call.projects, call.applications_until, call.act) == (None,) * 5
    assert call.activity_grade == "UNVERIFIED"


def test_loading_twice_changes_nothing(toscana):
    before = list(Target.objects.values()) + list(FundLine.objects.values()) + list(RegionalFigure.objects.values())
    again = plan_pack.load(settings.REGION_PACK, now=timezone.now())
    again |= staffing_pack.load(settings.REGION_PACK, now=timezone.now())
    assert {name: (done.added, done.changed) for name, done in again.items()} == dict.fromkeys(again, (0, 0))
    assert (
        list(Target.objects.values()) + list(FundLine.objects.values()) + list(RegionalFigure.objects.values())
        == before
    )


def test_a_broken_pack_is_refused_whole_with_every_problem(toscana, tmp_path):
    for name in ("pack", "acts", "bodies", "funds", "calls", "targets"):
        shutil.copy(Path(settings.REGION_PACK) / f"{name}.yaml", tmp_path)
    bodies = tmp_path / "bodies.yaml"
    bodies.write_text(bodies.read_text().replace("level: zone", "level: province").replace("order: 2", "order: due"))
    targets = tmp_path / "targets.yaml"
    targets.write_text(targets.read_text().replace("value: 15000", "value: molte"))
    before = list(Body.objects.values())
    with pytest.raises(PackError) as refused:
        plan_pack.load(tmp_path, now=timezone.now())
    said = [(problem.file, problem.field) for problem in refused.value.problems]
    assert said == [("bodies.yaml", "order"), ("bodies.yaml", "level"), ("targets.yaml", "value")]
    assert all(problem.line for problem in refused.value.problems)
    assert list(Body.objects.values()) == before


def test_anybody_reads_the_plan_with_perimeters_and_without_inventing(toscana):
    page = text_of(Client().get(reverse("plan")))
    assert "27.500.000,00 €" in page
    assert "77.000.000,00 €" in page
    assert "non l’intera priorità" in page
    assert "419.400.000,00 €" in page
    assert "Cabina di regia tecnica" in page
    assert "Scadenza: nessuna fonte letta la indica" in page


def test_the_targets_of_people_are_compared_with_the_last_release_and_everybody_in_charge_stands_beside(toscana):
    assert "non ancora calcolato" in text_of(Client().get(reverse("plan")))
    today = timezone.localdate()
    release = Release.objects.create(
        month=today.replace(day=1),
        day=today,
        released_at=timezone.now(),
        threshold=3,
        sensitive_threshold=5,
        sha256="x",
    )
    for code, value in (("esf_people", 1234), ("esf_people_in_traineeship", None), ("people_in_charge", 27350)):
        ReleasedFigure.objects.create(release=release, indicator=code, value=value, suppressed=value is None, day=today)
    page = text_of(Client().get(reverse("plan")))
    assert "15.000 persone prese in carico 1.234 persone" in page
    assert "non pubblicato: numeri troppo piccoli" in page
    assert "Tutte le persone in carico 27.350 persone" in page


def test_the_page_asks_the_same_queries_with_more_rows(toscana, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        Client().get(reverse("plan"))
    line = FundLine.objects.first()
    for n in range(30):
        Act.objects.create(code=f"a-{n}", order=100 + n, kind="DD", issuer="x", grade="VERIFIED", content_read="none")
        Target.objects.create(
            code=f"t-{n}", order=100 + n, promised=True, fund_line=line, value=n, unit="people", grade="VERIFIED"
        )
    with django_assert_num_queries(len(few)):
        Client().get(reverse("plan"))
