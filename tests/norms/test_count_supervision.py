"""Supervision: what is told of a session, the presence the credits ask, the least hours that nobody has read."""

from datetime import date
from decimal import Decimal

import pytest

from accanto.norms import supervision
from accanto.norms.findings import Grade, Severity

DAY = date(2026, 6, 1)


def told(kind, supervisor, *professions):
    return [
        one.field
        for one in supervision.told_of_session(
            kind=kind, supervisor_profession=supervisor, professions=professions, on=DAY
        )
    ]


@pytest.mark.parametrize(
    ("kind", "supervisor", "professions", "fields"),
    [
        ("A1", "social_worker", ["social_worker"] * 6, []),
        ("A1", "psychologist", ["social_worker"] * 6, ["supervisor_profession"]),
        ("A1", "social_worker", ["social_worker", "educator"], ["present"]),
        ("A2", "social_worker", ["social_worker"], []),
        ("A2", "psychologist", ["social_worker", "social_worker"], ["present", "supervisor_profession"]),
        ("A3", "psychologist", ["social_worker", "educator"], []),
        ("A3", "psychologist", ["educator", "educator"], ["present"]),
    ],
)
def test_what_is_told_of_a_session(kind, supervisor, professions, fields):
    assert told(kind, supervisor, *professions) == fields


def test_what_is_told_only_cautions_and_names_the_rule():
    found = supervision.told_of_session(kind="A1", supervisor_profession="educator", professions=["educator"], on=DAY)
    assert {(one.code, one.severity, one.grade) for one in found} == {("AD-52", Severity.CAUTION, Grade.VERIFIED)}


def test_the_least_hours_are_not_known_and_the_caution_says_so():
    found = supervision.hours_not_read(on=DAY)
    assert (found.code, found.severity, found.grade) == ("AD-52", Severity.CAUTION, Grade.UNVERIFIED)


def test_eighty_per_cent_of_the_hours_is_enough_and_a_little_less_is_not():
    def enough(attended):
        return supervision.presence(held=Decimal(30), attended=Decimal(attended), on=DAY).enough

    assert (enough("24"), enough("23.75"), enough("30"), enough("0")) == (True, False, True, False)
    assert supervision.presence(held=Decimal(0), attended=Decimal(0), on=DAY).enough is None
    with pytest.raises(ValueError, match="Attended hours"):
        supervision.presence(held=Decimal(1), attended=Decimal(2), on=DAY)
