"""How much of the time is used, counted in three ways; and a new traineeship that begins from the one that ended."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from accanto.norms.days import Period
from accanto.norms.months_used import Per, Stretch, cautions, counts, suspended_days
from accanto.norms.reader import in_force
from accanto.traineeships.models import Traineeship, TraineeshipPlan
from accanto.traineeships.traineeship import State
from tests import factories

DAY = dt.date(2026, 11, 21)


def test_months_are_counted_for_the_person_for_the_plan_and_for_the_host():
    own = Stretch(dt.date(2026, 6, 1), dt.date(2027, 5, 31), host=1)
    others = [
        Stretch(dt.date(2024, 1, 1), dt.date(2024, 12, 31), host=1),
        Stretch(dt.date(2025, 1, 1), dt.date(2025, 6, 30), host=2),
    ]
    found = {one.per: one for one in counts(own, others, day=DAY, numbers=in_force(DAY))}
    assert {per: (one.used, one.planned, one.left, one.left_extended) for per, one in found.items()} == {
        Per.PERSON: (24, 30, -6, 6),
        Per.PLAN: (6, 12, 12, 24),
        Per.HOST: (18, 24, 0, 12),
    }
    assert {finding.severity for finding in cautions(suspended=3, numbers=in_force(DAY))} == {"caution"}
    assert [finding.code for finding in cautions(suspended=0, numbers=in_force(DAY))] == ["R-TIS-31"]


def test_suspended_days_are_those_gone_by():
    periods = [Period(dt.date(2026, 1, 10), dt.date(2026, 1, 12)), Period(dt.date(2026, 11, 20), None)]
    assert suspended_days(periods, first=dt.date(2026, 1, 11), last=DAY) == 2 + 2
    assert suspended_days(periods, first=dt.date(2027, 1, 1), last=DAY) == 0


def test_the_page_shows_the_three_counts_to_who_reads_the_plan(enter, trainees, anna, tutor, sara, hosted):
    row = hosted(trainees(1)[0])
    url = reverse("traineeship", args=[row.pk])
    for acting, shown in ((anna, True), (tutor, True), (sara, False)):
        page = enter(acting).get(url).content.decode()
        assert ("Questo progetto, con le sue proroghe" in page) is shown
        assert ("R-TIS-31" in page) is shown


def test_an_ended_one_is_repeated_with_its_plan_and_only_with_a_new_attestation(enter, scene, anna, today):
    client = enter(anna)
    assert client.post(reverse("plan_traineeship", args=[scene.case.pk]), scene.form).status_code == 302
    ended = Traineeship.objects.get()
    url = reverse("repeat_traineeship", args=[ended.pk])
    assert client.get(url).status_code == 302
    ended.state, ended.starts, ended.ends = State.CONCLUDED, today - dt.timedelta(days=80), today - dt.timedelta(days=3)
    ended.save()
    assert url in client.get(reverse("traineeship", args=[ended.pk])).content.decode()

    page = client.get(url).content.decode()
    assert "Ripete il tirocinio finito il" in page
    assert "Imparare la potatura." in page
    assert scene.form["reason"] not in page
    assert '<option value="yes" selected' in page

    again = scene.form | {"repeats": "yes"}
    refused = client.post(url, again)
    assert refused.status_code == 422
    assert "R-TIS-28" in refused.content.decode()
    assert Traineeship.objects.count() == 1
    # a third-sector body does not attest it; the service in charge does
    attested = {"attested_on": today.isoformat(), "attested_by": scene.tutor.role.organisation_id}
    assert client.post(url, again | attested).status_code == 422
    assert client.post(url, again | attested | {"attested_by": scene.authority.pk}).status_code == 302
    new = Traineeship.objects.exclude(pk=ended.pk).get()
    assert (new.state, new.host_id, TraineeshipPlan.objects.get(traineeship=new).repeats) == (
        "draft",
        ended.host_id,
        True,
    )
    assert factories.Person.objects.count() == 1
    assert timezone.localdate() == today
