"""The acceptance of the whole shape, which stays for ever: the tutor records 4 hours; the region's figure rises by 4;
Bruno, of another zone, gets 404; the person's readings list the tutor."""

import re
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Reading
from accanto.access.relation import open_relation
from accanto.access.role import Kind
from accanto.traineeships import attendance
from tests import factories


def region_hours(client):
    page = client.get(reverse("dashboard")).content.decode()
    return Decimal(re.search(r'id="hours"[^>]*>([\d.,]+)<', page)[1].replace(".", "").replace(",", "."))


def test_a_day_recorded_by_the_tutor_reaches_the_region_and_the_person(
    enter, mugello, anna, bruno, carla, tutor, officer
):
    now = timezone.now()
    names = ("Primo", "Secondo", "Terzo", "Quarto")  # hours of fewer than three people are not published
    cases = [factories.person_in_charge(mugello, by=anna, family_name=name) for name in names]
    traineeships = [factories.traineeship(case, tutor=tutor, by=anna) for case in cases]
    for traineeship in traineeships[1:]:
        attendance.record(traineeship=traineeship, day=traineeship.starts, hours=Decimal(6), by=tutor, now=now)
    subject = cases[0].subject
    open_relation(subject=subject, kind=Kind.PERSON, user=carla.user, reason="il proprio fascicolo", by=anna, now=now)
    before = region_hours(enter(officer))

    today = timezone.localdate(now)
    answer = enter(tutor).post(reverse("week"), {f"hours-{traineeships[0].pk}-{today.isoformat()}": "4"})

    assert answer.status_code == 302
    assert region_hours(enter(officer)) == before + 4
    assert enter(bruno).get(reverse("person", args=[subject.pk])).status_code == 404
    assert Reading.objects.filter(user_id=bruno.user.pk, refused=True, detail__asked={"subject": subject.pk}).exists()
    own_file = enter(carla).get(reverse("person", args=[subject.pk])).content.decode()
    assert "Tutor" in own_file
    assert "Cooperativa di prova" in own_file
