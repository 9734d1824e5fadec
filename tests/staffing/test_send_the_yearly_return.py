"""The planner of a zone writes, sends and finalises the yearly return before 28 February; the Region reads them all."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.norms.findings import Refused
from accanto.staffing import staffing_return as returns_of
from accanto.staffing.staff_figure import StaffFigure
from accanto.staffing.staffing_return import Entry, StaffingReturn
from accanto.web import staffing_return as page_of_the_return
from tests import factories

ROME = ZoneInfo("Europe/Rome")
IN_FEBRUARY = dt.datetime(2026, 2, 10, 9, tzinfo=ROME)
BOTH = {2025: Entry(permanent_fte=Decimal("20.5"), headcount=21), 2026: Entry(permanent_fte=Decimal(22), headcount=23)}


@pytest.fixture
def counted(mugello):
    factories.residents(mugello, 63_000, dt.date(2024, 12, 31))


@pytest.fixture
def february(monkeypatch):
    """The pages are read on 10 February 2026."""
    clock = SimpleNamespace(now=lambda: IN_FEBRUARY, localdate=timezone.localdate)
    monkeypatch.setattr(page_of_the_return, "timezone", clock)


def draft(zone, by, entries=BOTH, now=IN_FEBRUARY):
    return returns_of.save_draft(zone=zone, year=2026, entries=entries, by=by, now=now)


def page(client, zone="mugello", year=2026):
    return client.get(reverse("staffing_return", args=[zone, year]))


def post(client, zone="mugello", year=2026, **data):
    return client.post(reverse("staffing_return", args=[zone, year]), data)


# --- the acts ---------------------------------------------------------------------------------------------------------


def test_residents_are_kept_with_their_day_and_source(mugello, planner, counted):
    factories.residents(mugello, 64_000, dt.date(2025, 6, 1))
    draft(mugello, planner)
    found = {figure.year: (figure.residents, figure.residents_on) for figure in StaffFigure.objects.all()}
    assert found == {2025: (63_000, dt.date(2024, 12, 31)), 2026: (64_000, dt.date(2025, 6, 1))}
    assert all(figure.residents_source == "prova" for figure in StaffFigure.objects.all())


def test_a_corrected_figure_supersedes_the_one_before(mugello, planner, counted):
    row = draft(mugello, planner)
    draft(mugello, planner, BOTH | {2025: Entry(permanent_fte=Decimal(19), headcount=21)})
    assert [str(f.permanent_fte) for f in row.figures.standing().order_by("year")] == ["19.0000", "22.0000"]
    assert row.figures.count() == 3


def test_sending_wants_both_years(mugello, planner, counted):
    row = draft(mugello, planner, {2025: BOTH[2025], 2026: None})
    with pytest.raises(Refused) as refused:
        returns_of.send(staffing_return=row, by=planner, now=IN_FEBRUARY)
    assert [finding.field for finding in refused.value.findings] == ["2026"]


def test_a_year_not_over_is_not_sent_as_final(mugello, planner, counted):
    autumn = dt.datetime(2025, 11, 21, tzinfo=ROME)
    row = draft(mugello, planner, now=autumn)
    with pytest.raises(Refused, match="non è ancora finito"):
        returns_of.send(staffing_return=row, by=planner, now=autumn)


@pytest.mark.parametrize(
    ("moment", "accepted"),
    [
        (dt.datetime(2026, 2, 28, 23, 59, 59, tzinfo=ROME), True),
        (dt.datetime(2026, 3, 1, 0, 0, tzinfo=ROME), False),
    ],
)
def test_finalised_by_midnight_of_28_february_or_late(mugello, planner, counted, moment, accepted):
    row = returns_of.send(staffing_return=draft(mugello, planner), by=planner, now=IN_FEBRUARY)
    if accepted:
        assert returns_of.finalise(staffing_return=row, by=planner, now=moment).state == "finalised"
    else:
        with pytest.raises(Refused, match="resta fuori dal decreto"):
            returns_of.finalise(staffing_return=row, by=planner, now=moment)
        assert StaffingReturn.objects.get().state == "sent"


def test_saved_and_not_finalised_is_an_alarm_before_the_day_and_out_after_it(mugello, planner, counted):
    row = draft(mugello, planner, now=dt.datetime(2026, 2, 27, tzinfo=ROME))
    state, findings = returns_of.alerts(year=2026, staffing_return=row, now=dt.datetime(2026, 2, 27, 12, tzinfo=ROME))
    assert (state, findings[0].severity) == ("draft", "caution")
    state, findings = returns_of.alerts(year=2026, staffing_return=row, now=dt.datetime(2026, 3, 1, 12, tzinfo=ROME))
    assert (state, findings[0].severity) == ("late", "block")


def test_the_return_that_comes_next():
    assert returns_of.year_due_next(dt.date(2026, 2, 28)) == 2026
    assert returns_of.year_due_next(dt.date(2026, 3, 1)) == 2027
    assert returns_of.due(2026) == dt.date(2026, 2, 28)


# --- the pages --------------------------------------------------------------------------------------------------------


def test_from_draft_to_finalised_through_the_page(mugello, planner, counted, enter, february):
    client = enter(planner)
    assert "63.000 residenti" in page(client).content.decode()
    assert post(client, fte_2025="20,5", heads_2025="21").status_code == 302
    refused = post(client, act="send", fte_2025="20,5", heads_2025="21")
    assert refused.status_code == 422
    assert "Mancano i dati del 2026" in refused.content.decode()
    assert post(client, act="send", fte_2025="20,5", heads_2025="21", fte_2026="22", heads_2026="23").status_code == 302
    assert "Riporta in bozza" in page(client).content.decode()
    assert post(client, act="take_back").status_code == 302
    assert post(client, act="send", fte_2025="20,5", heads_2025="21", fte_2026="22", heads_2026="23").status_code == 302
    assert post(client, act="finalise").status_code == 302
    row = StaffingReturn.objects.get()
    assert row.state == "finalised"
    assert page(client).context["form"] is None
    assert post(client, fte_2025="1", heads_2025="1").status_code == 422
    verbs = list(Act.objects.filter(noun="staffingreturn").order_by("id").values_list("verb", flat=True))
    assert verbs == ["save", "save", "save", "send", "take_back", "save", "send", "finalise"]


def test_all_mistakes_at_once_and_nothing_half_written(mugello, planner, counted, enter, february):
    answer = post(enter(planner), fte_2025="venti", heads_2025="-3", fte_2026="22")
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "con la virgola" in words
    assert "Scrivi anche le persone al 31 dicembre" in words
    assert set(answer.context["form"].errors) == {"fte_2025", "heads_2025", "heads_2026"}
    assert not StaffFigure.objects.exists()


@pytest.mark.parametrize("value", ["\x00", "9" * 400, "NaN", "Infinity", "1e999", "-1", "1,234,5", "<b>", "٣"])
def test_no_input_breaks_the_page(mugello, planner, counted, enter, february, value):
    for name in ("fte_2025", "heads_2025", "fte_2026", "heads_2026", "act"):
        answer = post(enter(planner), **({"fte_2025": "1", "heads_2025": "1"} | {name: value}))
        assert answer.status_code in (302, 404, 422), name


@pytest.mark.parametrize("year", [0, 1900, 2020, 2028, 10**9, 10**30])
def test_a_year_out_of_sense_is_not_there(mugello, planner, enter, february, year):
    assert page(enter(planner), year=year).status_code == 404


def test_another_zone_is_not_there_even_when_it_exists(mugello, planner, other_planner, counted, enter, february):
    row = draft(mugello, planner)
    client = enter(other_planner)
    assert page(client).status_code == 404
    assert post(client, fte_2025="1", heads_2025="1").status_code == 404
    assert "Mugello" not in client.get(reverse("staffing_returns")).content.decode()
    row.refresh_from_db()
    assert row.figures.standing().get(year=2025).permanent_fte == Decimal("20.5")


def test_in_the_database_a_zone_neither_reads_nor_writes_another_zones_draft(
    mugello, planner, other_planner, counted, as_application
):
    draft(mugello, planner)
    for table in ("staffing_staffingreturn", "staffing_stafffigure"):
        with as_application(other_planner) as cursor:
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,)
        with as_application(planner) as cursor:
            cursor.execute(f"select count(*) > 0 from {table}")
            assert cursor.fetchone() == (True,)


def test_the_officer_reads_every_zone_and_writes_none(mugello, versilia, officer, planner, counted, enter, february):
    draft(mugello, planner)
    client = enter(officer)
    words = client.get(reverse("staffing_returns")).content.decode()
    assert "Mugello" in words
    assert "Versilia" in words
    assert "non cominciato" in words
    assert page(client).status_code == 200
    assert page(client).context["form"] is None
    assert post(client, act="send").status_code == 404
    assert page(client, zone="versilia").status_code == 404


def test_a_zone_without_residents_is_told_and_does_not_break(mugello, planner, enter, february):
    answer = post(enter(planner), fte_2025="1", heads_2025="1")
    assert answer.status_code == 422
    assert "Mancano i residenti" in answer.content.decode()


def test_the_list_asks_the_same_queries_for_three_zones_and_for_thirty(officer, enter, django_assert_num_queries):
    client = enter(officer)
    for n in range(3):
        factories.staffing_return(factories.zone(f"zona-{n}"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("staffing_returns"))
    for n in range(3, 30):
        factories.staffing_return(factories.zone(f"zona-{n}"))
    with django_assert_num_queries(len(few)):
        client.get(reverse("staffing_returns"))
