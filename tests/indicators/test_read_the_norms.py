"""Anyone looks up a number of the law and tries two rules."""

import re

import pytest
from django.urls import reverse

from accanto.norms.sheet_file import sheets
from accanto.web import norms

pytestmark = pytest.mark.django_db


def text(client, name, query="", *args):
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_parameter_is_on_the_page_with_its_grade(client):
    page = text(client, "norms")
    for entry in sheets().parameters():
        assert reverse("norm", args=[entry.name]) in page


def test_search_by_words_topic_and_grade(client):
    page = text(client, "norms", "?q=durata+massima&regime=tis")
    assert "R-TIS-26" in page
    assert "ST-02" not in page
    unread = text(client, "norms", "?grade=UNVERIFIED")
    assert "letto nell&#x27;atto</span>" not in unread
    assert "Nessun valore" in text(client, "norms", "?q=zzzzz")


@pytest.mark.parametrize("query", ["?q=%00", "?regime=x&grade=y", "?q=" + "a" * 5000])
def test_a_strange_search_is_answered(client, query):
    text(client, "norms", query)


def test_each_parameter_has_its_page(client):
    for entry in sheets().parameters():
        text(client, "norm", "", entry.name)
    assert client.get("/norms/nothing.here/").status_code == 404


def test_the_cases_of_a_rule_are_read_in_italian(client):
    page = text(client, "norm", "", "tis.max_months")
    assert "blocca" in page
    assert "blocks" not in page


def test_the_contribution_of_the_rulebook(client):
    page = text(client, "staffing_calculator", "?residents=130000&fte=32,5")
    assert "370.000,00" in page
    assert "229.615,38" in text(client, "staffing_calculator", "?residents=100000&fte=22,25")


@pytest.mark.parametrize("residents", ["130000", "130.000", "130 000", "130’000"])
def test_residents_are_read_as_people_write_them(client, residents):
    assert "370.000,00" in text(client, "staffing_calculator", f"?residents={residents}&fte=32,5")


@pytest.mark.parametrize(
    "query",
    [
        "?residents=130.5&fte=1",
        "?residents=1e400&fte=1",
        "?residents=0&fte=1",
        "?residents=x&fte=",
        "?residents=5&fte=-1",
        "?residents=5&fte=NaN",
        "?residents=9&fte=1e999",
        "?fte=%00",
    ],
)
def test_the_contribution_of_nonsense(client, query):
    assert 'id="amount"' not in text(client, "staffing_calculator", query)


def test_the_twenty_fifth_month_is_stopped(client):
    dates = "?kind=TIS&mode=hourly&start=15/01/2026&end={}"
    assert "tone-stopped" not in text(client, "traineeship_calculator", dates.format("14/01/2028"))
    beyond = text(client, "traineeship_calculator", dates.format("15/01/2028"))
    assert "tone-stopped" in beyond
    assert "R-TIS-26" in beyond or "R-TIS-28" in beyond


def test_an_allowance_that_cannot_be_computed_is_not_zero(client):
    page = text(client, "traineeship_calculator", "?kind=TIS&mode=monthly&start=01/10/2026&end=31/03/2027&hours=80")
    assert "ACC-AMOUNT" in page
    assert '<span id="amount">–</span>' in page


def test_the_allowance_of_a_month(client):
    page = text(
        client, "traineeship_calculator", "?kind=TIS&mode=hourly&start=01/10/2026&end=31/03/2027&hours=80&rate=3"
    )
    assert "240,00" in page


@pytest.mark.parametrize(
    "query",
    [
        "?start=31/02/2026&end=x",
        "?kind=XYZ",
        "?start=01/01/0001&end=31/12/9999&kind=TIS&mode=hourly",
        "?start=01/03/2026&end=01/01/2026&kind=TNC&mode=monthly&monthly=500&hours=900",
        "?hours=%00&rate=%00",
        "?start=01/01/2026&end=01/06/2026&kind=TNC&mode=monthly&monthly=99999999&hours=1&planned=0",
    ],
)
def test_a_traineeship_of_nonsense(client, query):
    text(client, "traineeship_calculator", query)


def test_the_closed_lists_are_read_in_italian():
    """A letter, a number or a sentence is its own word; a code word has an Italian one."""
    alone = {"sostegno"}
    missing = set()
    for entry in sheets().parameters():
        for dated in entry.values:
            words = dated.value if isinstance(dated.value, tuple) else [dated.value]
            missing |= {
                word
                for word in words
                if isinstance(word, str) and re.fullmatch(r"[a-z][a-z0-9_]+", word) and word not in norms.ITALIAN
            }
    assert missing <= alone
