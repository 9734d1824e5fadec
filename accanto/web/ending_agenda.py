"""What is due after a traineeship: its attestation, what the person does at the end and six months after."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.gathering import ASKING, Given, Part
from accanto.access.role import Degree, Kind
from accanto.norms.days import add_months
from accanto.norms.reader import in_force
from accanto.traineeships import attestation as attestations
from accanto.traineeships import outcome as outcomes
from accanto.traineeships.outcome import Moment
from accanto.traineeships.traineeship import Traineeship
from accanto.web.due import AHEAD, Due, Together, Weight
from accanto.web.outcome import SLUGS
from accanto.web.referral_agenda import FOLLOW_UPS

WITHIN = dt.timedelta(days=10)  # from the end to the attestation in the person's hands: our choice, no term was read
BACK = dt.timedelta(days=180)  # what is older is left to the list of attestations
ASKED_BACK = dt.timedelta(days=90)  # and an outcome nobody asked to the file
MOST = 60
SIX_MONTHS = gettext_lazy("domande sei mesi dopo un tirocinio")


MANAGED = Traineeship.objects.within(ASKING).filter(case__manager=ASKING.user)
PARTS = {
    "traineeships_ended": Part(
        Degree.PARTICIPATION,
        attestations.with_issued(outcomes.with_what_is_known(MANAGED))
        .filter(ends__gte=Given("ended_since"), ends__lte=Given("today"))
        .only("subject", "zone", "case", "state", "ends")
        .order_by("ends", "id"),
        write=True,
    )
}


def days(today):
    return {"ended_since": window(Moment.SIX_MONTHS, today)[0]}


def of_managed(rows, people, today):
    """Of the people one manages."""
    to_attest = [row for row in rows if row.state in attestations.TO_ATTEST and row.ends >= today - BACK]
    return [*attestations_due(to_attest[:MOST], people), *outcomes_due(rows, people, today)]


def of_promoter(*, acting, today):
    """Of the traineeships that the tutor's own body promotes."""
    if acting.kind != Kind.THIRD_SECTOR_TUTOR or not acting.role.organisation_id:
        return []
    rows = Traineeship.objects.for_register(acting).filter(promoter=acting.role.organisation_id).with_person()
    rows = attestations.waiting(rows.filter(ends__gte=today - BACK)).order_by("ends", "id")[:MOST]
    return attestations_due(rows, {row.subject_id: row.person for row in rows})


def of_own(*, acting, today):
    """What the person is asked, in their own words."""
    rows = Traineeship.objects.within(acting).with_person()
    found = []
    for moment in Moment:
        since, until = window(moment, today)
        for row in outcomes.to_ask(rows, moment, ended_since=since, ended_until=until)[:MOST]:
            found.append(
                Due(
                    title=_("Raccontaci che cosa fai adesso, dopo il tirocinio"),
                    what=gettext_lazy("domande sul dopo"),
                    person=row.person,
                    since=outcomes.asked_from(row, moment),
                    url=reverse("traineeship_outcome", args=[row.pk, SLUGS[moment]]),
                    label=_("Rispondi"),
                    weight=Weight.TARGET,
                )
            )
    return found


def attestations_due(rows, people):
    return [
        Due(
            title=_("Attestazione da consegnare") if row.issued else _("Attestazione da preparare"),
            what=gettext_lazy("attestazioni di tirocinio"),
            person=people[row.subject_id],
            when=row.ends + WITHIN,
            since=row.ends,
            url=reverse("attestation", args=[row.pk]),
            label=_("Apri"),
            note=_("%(days)s giorni dalla fine: è una scelta nostra") % {"days": WITHIN.days},
            weight=Weight.TARGET,
            together=Together(_("Attestazioni da preparare e consegnare"), reverse("attestations"), _("Apri")),
        )
        for row in rows
    ]


def window(moment, today):
    """The ends of the traineeships one asks about today: from the first day to three months after the last."""
    if moment == Moment.EXIT:
        return today - ASKED_BACK, today
    months = in_force(today)["esf.long_term_months"].integer()
    return add_months(today, -months) - ASKED_BACK, min(add_months(today + AHEAD, -months), today)


def outcomes_due(rows, people, today):
    found = []
    for moment in Moment:
        since, until = window(moment, today)
        unknown = [row for row in rows if row.is_asked and not getattr(row, f"knows_{moment}")]
        for row in [row for row in unknown if since <= row.ends <= until][:MOST]:
            first = outcomes.asked_from(row, moment)
            coming = first > today
            found.append(
                Due(
                    title=_("Da chiedere: che cosa fa, alla fine del tirocinio")
                    if moment == Moment.EXIT
                    else _("Da chiedere: che cosa fa, sei mesi dopo il tirocinio"),
                    what=gettext_lazy("domande alla fine di un tirocinio") if moment == Moment.EXIT else SIX_MONTHS,
                    person=people[row.subject_id],
                    when=first if coming else outcomes.asked_by(row, moment),
                    url=reverse("traineeship", args=[row.pk])
                    if coming
                    else reverse("traineeship_outcome", args=[row.pk, SLUGS[moment]]),
                    label=_("Vedi") if coming else _("Registra"),
                    is_event=coming,
                    weight=Weight.TARGET,
                )
            )
    return found


def once(dues, ending):
    """The question six months after a closed case is the same: where both are due, the one of the traineeship, whose
    answer is written in the case too."""
    asked = {due.person.subject_id for due in ending if due.what is SIX_MONTHS and not due.is_event}
    return [due for due in dues if due.what is not FOLLOW_UPS or due.person.subject_id not in asked]
