"""What the minutes of a meeting, or of a sitting that treats several people, say on paper: to each reader what the page
of each meeting shows them, and nothing more."""

from django.utils.text import capfirst

from accanto.access.role import Degree, Kind
from accanto.web import pdf
from accanto.web.parts import numbers
from accanto.web.plan_document import day


@pdf.in_italian
def meeting_minutes_data(row, parts, acting):
    """One meeting. `parts` as `meeting.parts_of` gives them: the minutes are None for who may not read them."""
    what = "della seduta dell’équipe di zona (SIIL)" if row.sitting_id else "della riunione d’équipe"
    return {
        "title": f"{kind_of_paper(acting)} {what}",
        "lead": str(row.case.person),
        "facts": when_and_where(row),
        "treated": [treated(parts, acting, person="")],
        "signatures": signatures([parts]),
    }


@pdf.in_italian
def sitting_minutes_data(row, meetings, parts, acting):
    """A sitting: `meetings` are those this reader sees, with their persons; `parts` those of the held ones, by id."""
    held = [meeting for meeting in meetings if meeting.held_at]
    left = [str(meeting.case.person) for meeting in meetings if not meeting.held_at]
    return {
        "title": f"{kind_of_paper(acting)} della seduta dell’équipe di zona (SIIL)",
        "lead": "",
        "facts": [*when_and_where(row), ["Non ancora trattati", ", ".join(left)]],
        "treated": [treated(parts[meeting.pk], acting, person=str(meeting.case.person)) for meeting in held],
        "signatures": signatures([parts[meeting.pk] for meeting in held]),
    }


def kind_of_paper(acting):
    """Who may not read what was said is told who was there and what was decided."""
    return "Verbale" if acting.may(Degree.DIARY) else "Decisioni"


def when_and_where(row):
    return [["Giorno", day(row.day)], ["Ora", f"{row.begins:%H:%M}" if row.begins else ""], ["Dove", row.place]]


def treated(parts, acting, *, person):
    minutes = parts["minutes"]
    present = [attendee_words(attendee, acting) for attendee in parts["attendees"]]
    written = f"Scritto da {minutes.recorded_by}, {numbers.moment(minutes.recorded_at)}." if minutes else ""
    return {
        "person": person,
        "present": [*present, minutes.others] if minutes and minutes.others else present,
        "decisions": [
            {
                "text": decision.text,
                "who": capfirst(decision.who),
                "due": day(decision.due),
                "done": f"fatto il {day(decision.done_on)}" if decision.done_on else "",
            }
            for decision in parts["decisions"]
        ],
        "text": minutes.text if minutes else "",
        "written": written,
    }


def attendee_words(attendee, acting):
    """As the page names them: which health service somebody is of may tell the area by itself."""
    if attendee.kind == Kind.PERSON:
        return "La persona"
    body = attendee.organisation if attendee.user_id and acting.may(Degree.AREA) else None
    return ", ".join(str(word) for word in (attendee, attendee.get_kind_display(), body) if word)


def signatures(many_parts):
    """A line to sign on for each who wrote minutes that this reader may read."""
    writers = dict.fromkeys(str(parts["minutes"].recorded_by) for parts in many_parts if parts["minutes"])
    return [{"who": "Chi ha scritto il verbale", "name": name} for name in writers]
