"""A list, a day and a file cost the same queries for three people and for thirty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accanto.access.role import Kind
from accanto.cases import case_team


def count(client, method, url, data=None):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert getattr(client, method)(url, data or {}).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", ["people", "my_day", "search"])
@pytest.mark.parametrize("who", ["anna", "operator"])
def test_lists(enter, make_case, anna, operator, name, who):
    def more(numbers):
        for n in numbers:
            case = make_case(n)
            now = timezone.now()
            case_team.add(
                case=case, kind=Kind.EMPLOYMENT_OPERATOR, user=operator.user, starts=case.opened_on, by=anna, now=now
            )

    client = enter({"anna": anna, "operator": operator}[who])
    method, url = ("post" if name == "search" else "get"), reverse(name)
    more(range(3))
    few = count(client, method, url, {"q": "prova"} if name == "search" else None)
    more(range(3, 30))
    assert count(client, method, url, {"q": "prova"} if name == "search" else None) == few


def test_a_file_with_a_long_story(enter, case, anna):
    client = enter(anna)
    url = reverse("person", args=[case.subject_id])
    client.get(url)
    few = count(client, "get", url)
    for _time in range(30):
        case_team.end(
            member=case_team.CaseMember.objects.live().first(), on=timezone.localdate(), by=anna, now=timezone.now()
        )
        case_team.add(
            case=case, kind=Kind.CASE_MANAGER, user=anna.user, starts=case.opened_on, by=anna, now=timezone.now()
        )
    assert count(client, "get", url) == few


def test_a_file_is_read_in_few_statements(enter, case, anna, operator):
    """Most of it in one (`web.file_parts.FILE`). Whoever adds a part adds it there, and not a statement."""
    url = reverse("person", args=[case.subject_id])
    assert count(enter(anna), "get", url) <= 23
    # the rest of the office in one more (`web.my_day.OFFICE`)
    assert count(enter(anna), "get", reverse("my_day")) <= 16
    assert count(enter(operator), "get", reverse("my_day")) <= 16
