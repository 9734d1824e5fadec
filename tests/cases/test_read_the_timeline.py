"""The timeline says what happened without repeating itself: the weeks of a register are told by the month."""

import datetime as dt

from django.utils import timezone

from accanto.web import story


def act(verb, noun, day, **detail):
    at = timezone.make_aware(dt.datetime.fromisoformat(f"{day}T16:30"))
    who = {"name": "Tutor", "kind": "third_sector_tutor", "organisation": "Cooperativa"}
    return {"at": at, "verb": verb, "noun": noun, "detail": detail, **who}


def test_the_weeks_of_a_month_are_one_event_with_its_days():
    weeks = [
        act("record", "attendanceday", "2026-11-13", days={"2026-11-12": "4", "2026-11-13": "4"}),
        act("determine", "monthallowance", "2026-11-09"),
        act("record", "attendanceday", "2026-11-06", days={"2026-11-05": "4"}),
        act("record", "attendanceday", "2026-10-30", days={"2026-10-30": "4"}),
    ]
    events = story.told(weeks)
    assert [(event.title, event.text) for event in events] == [
        ("Registrate giornate di tirocinio", "3 giornate, dal 05/11/2026 al 13/11/2026"),
        ("Determinata l’indennità di un mese", ""),
        ("Registrate giornate di tirocinio", "30/10/2026"),
    ]


def test_a_correction_is_not_lost_among_the_weeks():
    acts = [
        act("correct", "attendanceday", "2026-11-13", days={"2026-11-05": "3"}),
        act("record", "attendanceday", "2026-11-06", days={"2026-11-05": "4"}),
    ]
    assert [event.title for event in story.told(acts)] == [
        "Corretto il registro del tirocinio",
        "Registrate giornate di tirocinio",
    ]


def test_the_same_act_of_the_same_day_is_counted():
    acts = [act("fulfil", "planaction", "2026-11-13")] * 2
    assert [event.text for event in story.told(acts)] == ["2 volte"]
