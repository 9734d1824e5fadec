"""The days of the money, as the sheets give them: in order, with who acts, the unread ones said to be so."""

from datetime import date

from accanto.norms import deadlines
from accanto.norms.findings import Grade


def days(year):
    return [(f"{one.day:%d/%m/%Y}", one.code) for one in deadlines.between(date(year, 1, 1), date(year, 12, 31))]


def test_the_days_of_2026_are_those_of_the_sheets():
    assert days(2026) == [
        ("31/01/2026", "FS-T42"),
        ("28/02/2026", "ST-07"),
        ("30/04/2026", "FS-T42"),
        ("31/05/2026", "FU-09"),
        ("30/06/2026", "PN-01"),
        ("30/06/2026", "ST-08"),
        ("31/07/2026", "FS-T42"),
        ("30/09/2026", "FS-T42"),
        ("30/11/2026", "FS-T42"),
        ("31/12/2026", "AD-12"),
    ]


def test_a_project_s_end_comes_once_and_the_guarantee_in_the_middle_of_2027():
    assert ("30/06/2027", "AD-12") in days(2027)
    assert "PN-01" not in {code for _day, code in days(2027)}


def test_both_ends_are_in_and_nothing_before_a_rule_began():
    assert len(deadlines.between(date(2026, 2, 28), date(2026, 4, 30))) == 2
    assert days(2015) == []


def test_each_says_who_acts_and_how_sure_it_is():
    rows = {one.code: one for one in deadlines.between(date(2026, 1, 1), date(2026, 12, 31))}
    assert rows["FU-09"].grade is Grade.UNVERIFIED
    assert rows["FU-09"].by == ("zone", "region")
    assert rows["ST-07"].by == ("zone",)
    assert rows["AD-12"].by == ("state",)
    assert all(one.by and one.act and one.source for one in rows.values())
