"""A traineeship about to begin is in the day of who follows the person, and one that should have begun is late."""

import datetime as dt

import pytest
from django.urls import reverse

from accanto.cases.case import Case
from accanto.traineeships.traineeship import State


@pytest.mark.parametrize(
    ("state", "days", "told"),
    [
        (State.AGREEMENT_ACTIVE, 5, True),
        (State.DRAFT, 14, True),
        (State.NOTICE_SENT, -2, True),
        (State.AGREEMENT_ACTIVE, 15, False),
        (State.RUNNING, 0, False),
        (State.WITHDRAWN, 5, False),
    ],
)
def test_what_begins_within_two_weeks_is_told(trainees, enter, anna, today, state, days, told):
    row = trainees(1)[0]
    row.state, row.starts = state, today + dt.timedelta(days=days)
    row.ends = row.starts + dt.timedelta(days=90)
    row.save()
    Case.objects.filter(pk=row.case_id).update(manager=anna.user)
    page = enter(anna).get(reverse("my_day")).content.decode()
    assert ("Comincia il tirocinio: controlla che cosa manca" in page) == told
