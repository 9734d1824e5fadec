"""Who manages people in ADI sees their traineeships on one line, and ticks together those entered in GePI."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.cases import benefit as benefits
from accanto.cases.benefit import Benefit, BenefitFact
from accanto.cases.case import Case


@pytest.fixture
def in_adi(trainees, anna, today):
    """Three trainees whose households receive the ADI."""
    rows = trainees(3)
    for row in rows:
        Case.objects.filter(pk=row.case_id).update(manager=anna.user)
        row.case.refresh_from_db()
        benefits.record(
            case=row.case, benefit=Benefit.ADI, kind=BenefitFact.Kind.PAD_SIGNED, day=today - dt.timedelta(days=60),
            by=anna, now=timezone.now(),
        )  # fmt: skip
    return rows


def test_many_are_one_line_of_the_day_and_are_ticked_together(enter, anna, in_adi, today):
    day = enter(anna).get(reverse("my_day")).content.decode()
    assert f'href="{reverse("gepi_entries")}"' in day
    page = enter(anna).get(reverse("gepi_entries")).content.decode()
    assert page.count('type="checkbox" id="gepi-') == 3
    two = [str(row.subject_id) for row in in_adi[:2]]
    enter(anna).post(reverse("gepi_entries"), {"subject": two})
    enter(anna).post(reverse("gepi_entries"), {"subject": two})  # pressed twice
    facts = BenefitFact.objects.standing().filter(kind=BenefitFact.Kind.TRAINEESHIP_IN_GEPI)
    assert sorted(str(fact.subject_id) for fact in facts) == sorted(two)
    assert {fact.day for fact in facts} == {today}
    assert enter(anna).get(reverse("gepi_entries")).content.decode().count('id="gepi-') == 1


def test_nobody_ticks_for_a_colleague_or_for_somebody_who_is_not_there(enter, anna, bruno, in_adi):
    for other in (str(in_adi[0].subject_id), "0", "x", "9" * 30):
        enter(bruno).post(reverse("gepi_entries"), {"subject": other})
    assert not BenefitFact.objects.filter(kind=BenefitFact.Kind.TRAINEESHIP_IN_GEPI).exists()
    assert "Nessun tirocinio da inserire" in enter(bruno).get(reverse("gepi_entries")).content.decode()
