"""What is due for the tutors of traineeships: days of the register to confirm, traineeships that begin or end."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.role import Kind
from accanto.traineeships import register
from accanto.traineeships.register_signature import Signer
from accanto.traineeships.traineeship import OPEN, State, Traineeship
from accanto.web import course_agenda, ending_agenda
from accanto.web.due import AHEAD, Due, Together, Weight

BACK = dt.timedelta(days=28)  # how far back days are looked for; before it the month is closed by others
MOST = 200


def of_trainees(*, acting, today):
    """As many queries, however many trainees there are."""
    rows = Traineeship.objects.for_register(acting).with_person()
    here = list(rows.open_between(today - BACK, today + AHEAD).order_by("ends", "id")[:MOST])
    starting = rows.filter(state=State.NOTICE_SENT, starts__lte=today + AHEAD).order_by("starts", "id")[:MOST]
    found = to_confirm(acting, here, today)
    found += course_agenda.of_trainees(acting, here, today)
    found += [
        Due(
            title=_("Finisce il tirocinio"),
            what=gettext_lazy("tirocini che finiscono"),
            person=row.person,
            when=row.ends,
            url=reverse("traineeship", args=[row.pk]),
            label=_("Vedi"),
            is_event=True,
        )
        for row in here
        if row.state in OPEN and today <= row.ends <= today + AHEAD
    ]
    found += [
        Due(
            title=_("Comincia il tirocinio"),
            what=gettext_lazy("tirocini che cominciano"),
            person=row.person,
            when=row.starts,
            url=reverse("traineeship", args=[row.pk]),
            label=_("Vedi"),
            is_event=True,
        )
        for row in starting
        if row.starts >= today
    ]
    found += ending_agenda.of_promoter(acting=acting, today=today)
    return sorted(found, key=lambda due: (due.order(today), str(due.person))), len(here)


def to_confirm(acting, here, today):
    """A line a trainee with the planned days gone by of which the register says nothing; and, for the host's tutor,
    one with the days to sign."""
    found = []
    for one in register.read(here, today - BACK, today - dt.timedelta(days=1), acting=acting, today=today, names=False):
        lacking = [day.day for day in one.days if day.state == "open" and not day.closed]
        if lacking:
            words = ngettext("%(count)s giornata da confermare", "%(count)s giornate da confermare", len(lacking))
            found.append(
                Due(
                    title=words % {"count": len(lacking)},
                    what=gettext_lazy("registri da confermare"),
                    weight=Weight.STOPS,
                    person=one.traineeship.person,
                    since=lacking[0],
                    url=reverse("week", args=[monday_of(lacking[0])]),
                    label=_("Registro"),
                    together=Together(
                        _("Registri con giornate da confermare"),
                        reverse("week", args=[monday_of(lacking[0])]),
                        _("Registro"),
                    ),
                )
            )
        if acting.kind == Kind.HOST_TUTOR and (unsigned := one.to_sign(Signer.HOST_TUTOR)):
            found.append(
                to_sign(unsigned, person=one.traineeship.person, url=reverse("week", args=[monday_of(unsigned[0].day)]))
            )
    return found


def of_own(*, acting, today):
    """What the person has to sign of their own register."""
    rows = Traineeship.objects.for_register(acting).open_between(today - BACK, today).with_person().order_by("id")
    found = register.read(rows, today - BACK, today, acting=acting, today=today, names=False)
    return [
        to_sign(
            unsigned,
            person=one.traineeship.person,
            url=reverse("sign_register", args=[one.traineeship.pk, monday_of(unsigned[0].day)]),
        )
        for one in found
        if (unsigned := one.to_sign(Signer.TRAINEE))
    ]


def to_sign(rows, *, person, url):
    words = ngettext("%(count)s giornata da firmare", "%(count)s giornate da firmare", len(rows))
    return Due(
        title=words % {"count": len(rows)},
        what=gettext_lazy("registri da firmare"),
        person=person,
        since=rows[0].day,
        url=url,
        label=_("Firma"),
    )


def monday_of(day):
    return (day - dt.timedelta(days=day.weekday())).isoformat()
