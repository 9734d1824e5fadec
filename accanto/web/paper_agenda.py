"""Papers that expire and what is owed to the guardianship judge, around people in charge."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.norms.representation import next_report
from accanto.traineeships import cover
from accanto.traineeships.traineeship import OPEN, SOON
from accanto.web.due import AHEAD, ANYTHING, Due, Weight
from accanto.web.frame import STARTERS

# how early a paper that expires is told: to renew a permit or a decree takes weeks (our choice, no term of law)
PAPERS_AHEAD = dt.timedelta(days=60)


def permits(by_subject, rows, today):
    return [
        Due(
            title=_("Scade il titolo di soggiorno"),
            what=gettext_lazy("documenti che scadono"),
            person=by_subject[row.subject_id].person,
            when=row.permit_expires_on,
            url=reverse("registry", args=[row.subject_id]),
            label=_("Aggiorna"),
            note=_("da rinnovare per tempo"),
        )
        for row in rows["permits"]
        if row.permit_expires_on <= today + PAPERS_AHEAD
    ]


def covers(acting, by_subject, rows, today):
    """The promoter's covers that end before the traineeship they cover, told a month before; once over, until somebody
    writes the renewal (R-INS-01, R-INS-02)."""
    titles = {
        cover.Cover.INAIL: _("Copertura INAIL del tirocinio da rinnovare"),
        cover.Cover.LIABILITY: _("Polizza di responsabilità civile del tirocinio da rinnovare"),
    }
    return [
        Due(
            title=titles[which],
            what=gettext_lazy("coperture da rinnovare"),
            person=by_subject[row.subject_id].person,
            when=last,
            url=reverse("traineeship_step", args=[row.pk, "covers"]),
            label=_("Scrivi il rinnovo"),
            note=_("la rinnova il promotore: chiedila"),
            weight=Weight.STOPS,
        )
        for row in rows["traineeships_started"]
        if row.state in OPEN and acting.kind in STARTERS
        for which, last in cover.too_short(row)
        if last <= today + SOON
    ]


def decrees(by_subject, rows, today):
    """Decrees that end soon, and those that have ended of which nobody has said what happened."""
    found = [
        Due(
            title=_("Finisce il decreto di %(name)s") % {"name": row.name},
            what=gettext_lazy("documenti che scadono"),
            person=by_subject[row.subject_id].person,
            when=row.ends,
            url=reverse("change_representation", args=[row.pk]),
            label=_("Aggiorna"),
            note=row.get_kind_display(),
        )
        for row in rows["representations"]
        if row.decree_on and row.ends and today <= row.ends <= today + PAPERS_AHEAD
    ]
    return found + [
        Due(
            title=_("È scaduto il decreto di %(name)s: che cosa è successo?") % {"name": row.name},
            what=gettext_lazy("documenti che scadono"),
            person=by_subject[row.subject_id].person,
            when=row.ends,
            url=reverse("representation", args=[row.subject_id]),
            label=_("Scrivilo"),
            note=row.get_kind_display(),
        )
        for row in rows["representations"]
        if row.has_lapsed(today)
    ]


def reports_to_the_judge(by_subject, rows, today):
    """The reports that decrees ask of who represents a person (R-ADS-01). The duty is theirs and nobody writes here
    whether they did: the day is told before it comes, and is never late."""
    found = []
    for row in rows["representations"]:
        if not (row.holds_on(today) and row.report_every_months and row.decree_on):
            continue
        day = next_report(starts=row.starts, every_months=row.report_every_months, on=today)
        if day <= today + AHEAD and (row.ends is None or day <= row.ends):
            found.append(
                Due(
                    title=_("Rendiconto al giudice tutelare: lo presenta %(name)s") % {"name": row.name},
                    what=gettext_lazy("documenti che scadono"),
                    person=by_subject[row.subject_id].person,
                    when=day,
                    url=reverse("representation", args=[row.subject_id]),
                    label=_("Vedi"),
                    note=_("secondo il decreto, contato dal suo primo giorno"),
                    is_event=True,
                )
            )
    return found


def dissents(by_subject, rows):
    return [
        Due(
            title=_("Informare il giudice tutelare"),
            what=ANYTHING,
            person=by_subject[row.subject_id].person,
            since=row.said_on,
            url=reverse("representation", args=[row.subject_id]),
            label=_("Leggi il dissenso"),
            note=_("art. 410 c.c."),
        )
        for row in rows["dissents_to_tell"]
    ]
