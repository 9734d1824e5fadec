"""What is due of the financed operations people take part in: data of the first day, exits, what they do after."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.cases import participation_outcome as outcomes
from accanto.cases.entry_sheet import LABELS, to_collect
from accanto.cases.participation_outcome import Moment
from accanto.web.due import AHEAD, Due, Weight

BACK = dt.timedelta(days=90)  # after its last day, an answer nobody gave is left to the file
WORDS = gettext_lazy("uscite dalle operazioni")


def of_cases(by_subject, rows, today):
    """`rows` are those of `agenda.DUES`."""
    answered = {(row.subject_id, row.operation_id, row.moment) for row in rows["participation_outcomes"]}
    found = []
    for row in rows["participations"]:
        person = by_subject[row.subject_id].person
        found += incomplete(row, person)
        if row.ends is None:
            found += exit_to_write(row, person, today)
        elif not asked_of_a_traineeship(row, rows["traineeships_started"]):
            asked = [moment for moment in Moment if (row.subject_id, row.operation_id, moment) not in answered]
            found += [due for moment in asked for due in question(row, person, moment, today)]
    return found


def incomplete(row, person):
    lacking = to_collect(row.entry)
    if not lacking:
        return []
    return [
        Due(
            title=_("Scheda d’ingresso incompleta"),
            what=gettext_lazy("schede d’ingresso"),
            weight=Weight.TARGET,
            person=person,
            since=row.starts,
            url=reverse("participation", args=[row.pk]),
            label=_("Completa"),
            note=_("manca: %(names)s") % {"names": ", ".join(str(LABELS[name]) for name in lacking)},
        )
    ]


def exit_to_write(row, person, today):
    if row.operation_ends >= today:
        return []
    return [
        Due(
            title=_("Uscita dall’operazione da scrivere"),
            what=WORDS,
            person=person,
            since=row.operation_ends,
            url=reverse("leave_operation", args=[row.pk]),
            label=_("Registrala"),
            note=_("l’operazione è finita"),
        )
    ]


def question(row, person, moment, today):
    """What to ask of who left, from its first day to three months after the last."""
    first, last = outcomes.asked_from(row.ends, moment), outcomes.asked_by(row.ends, moment)
    if not first - AHEAD <= today <= last + BACK:
        return []
    coming = first > today
    return [
        Due(
            title=_("Da chiedere: che cosa fa, all’uscita da un’operazione")
            if moment == Moment.EXIT
            else _("Da chiedere: che cosa fa, sei mesi dopo un’operazione"),
            what=WORDS,
            person=person,
            when=first if coming else last,
            url=reverse("leave_operation" if moment == Moment.EXIT else "after_operation", args=[row.pk]),
            label=_("Vedi") if coming else _("Registra"),
            note="" if coming else _("quel che fa entro quel giorno conta per il FSE+"),
            is_event=coming,
            weight=Weight.TARGET,
        )
    ]


def asked_of_a_traineeship(row, traineeships):
    """Whether a traineeship ended about when the person left: the same question is asked of it."""
    near = outcomes.last_day_at_exit(row.ends) - row.ends
    return any(one.subject_id == row.subject_id and abs(one.ends - row.ends) <= near for one in traineeships)
