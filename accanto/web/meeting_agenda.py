"""Meetings to hold and what they decided, around people in charge."""

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.gathering import ASKING, Among, Given, Part
from accanto.access.role import Degree, Kind
from accanto.cases.meeting import MeetingDecision
from accanto.web.due import AHEAD, Due, Together
from accanto.web.frame import WORKERS

# what one is given to do because of what one is, and not by name
PARTY_OF = {
    Kind.EMPLOYMENT_OPERATOR: MeetingDecision.Party.EMPLOYMENT_CENTRE,
    Kind.PERSON: MeetingDecision.Party.PERSON,
}


def decisions(acting, by_subject, rows, today):
    """What was decided in meetings and is still to do."""
    shown = [row for row in rows["decisions_to_do"] if row.due is None or row.due <= today + AHEAD]
    shown = own(shown, acting)
    prefetch_related_objects(shown, "user")
    return [decision_due(row, by_subject[row.subject_id].person, acting) for row in shown]


PARTS = {
    # what one was given to do by name about people somebody else answers for
    "decisions_of_others": Part(
        Degree.CASE,
        MeetingDecision.objects.within(ASKING)
        .to_do()
        .filter(user=ASKING.user)
        .exclude(Among("subject_id", Given("subjects")))
        .order_by("due", "id"),
        most=60,
    )
}


def of_others(rows, people, acting):
    found = []
    for row in rows:
        row.user = acting.user
        found.append(decision_due(row, people[row.subject_id], acting))
    return found


def own(rows, acting):
    """Who writes the case sees to all; the others to what they were given to do, by name or by what they are."""
    if acting.may(Degree.CASE, write=True):
        return rows
    party = PARTY_OF.get(acting.kind)
    return [row for row in rows if row.user_id == acting.user.pk or row.party == party]


def decision_due(row, person, acting):
    return Due(
        title=row.text,
        what=gettext_lazy("decisioni di riunioni"),
        person=person,
        when=row.due,
        since=timezone.localdate(row.recorded_at),
        url=reverse("meeting", args=[row.meeting_id]),
        label=_("Fatto"),
        note=_("deciso in riunione")
        if acting.kind == Kind.PERSON
        else _("deciso in riunione: %(who)s") % {"who": row.who},
        done_url=reverse("decision_done", args=[row.pk]),
    )


def meetings(acting, by_subject, rows, today):
    """Meetings to come, and those held of which nothing is written."""
    may_write = acting.may(Degree.CASE, write=True)
    found = []
    for row in rows["meetings_to_hold"]:
        past = row.day < today
        if row.day > today + AHEAD or (past and not may_write):
            continue
        found.append(
            Due(
                title=_("Riunione senza verbale") if past else _("Riunione"),
                what=gettext_lazy("riunioni"),
                person=by_subject[row.subject_id].person,
                when=None if past else row.day,
                since=row.day,
                url=reverse("record_meeting" if may_write and row.day <= today else "meeting", args=[row.pk]),
                label=_("Scrivila") if may_write and row.day <= today else _("Vedi"),
                note=_("seduta dell’équipe di zona") if row.sitting_id else "",
                is_event=True,
                together=Together(
                    _("Persone nella seduta dell’équipe di zona"),
                    reverse("sitting", args=[row.sitting_id]),
                    _("Vedi"),
                )
                if row.sitting_id and row.day >= today and acting.kind in WORKERS
                else None,
            )
        )
    return found
