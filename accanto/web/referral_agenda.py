"""What is due in a zone before somebody is in charge and after: referrals, the waiting list, transfers, the question
six months after the end."""

import datetime as dt

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.gathering import ASKING, Given, Part
from accanto.access.role import Degree
from accanto.cases.case import Case
from accanto.cases.follow_up import due_on, months, still_to_ask
from accanto.cases.received_referral import ReceivedReferral
from accanto.cases.referral import Referral
from accanto.cases.referral_wait import ReferralWait
from accanto.cases.transfer import CaseTransfer
from accanto.norms.days import add_months
from accanto.web.due import Due
from accanto.web.duplicates import ENQUIRIES, enquiries_due

FOLLOW_UP_WITHIN = dt.timedelta(days=30)  # to ask, before it is late
FOLLOW_UPS = gettext_lazy("domande dopo la chiusura")
MOST_REFERRALS = 20


PARTS = {
    "referrals_to_sort": Part(
        Degree.CASE,
        ReceivedReferral.objects.within(ASKING).to_sort().order_by("sent_at", "id").values("sent_at"),
        most=1,
        write=True,
    ),
    "referrals_waiting": Part(
        Degree.CASE,
        Referral.objects.within(ASKING).waiting().order_by("received_on", "id"),
        most=MOST_REFERRALS,
        write=True,
    ),
    # what other zones hand over, and what of one's own they have taken over and is still open here
    "transfers": Part(
        Degree.CASE,
        CaseTransfer.objects.within(ASKING)
        .filter(
            Q(side=CaseTransfer.Side.RECEIVED, outcome=CaseTransfer.Outcome.WAITING)
            | Q(side=CaseTransfer.Side.SENT, outcome=CaseTransfer.Outcome.ACCEPTED)
            & Q(case__closed_on=None, case__manager=ASKING.user)
        )
        .annotate(zone_name=F("other_zone__name"))
        .order_by("proposed_at", "id"),
        most=MOST_REFERRALS,
        write=True,
    ),
    "waiting_list": Part(
        Degree.CASE,
        ReferralWait.objects.within(ASKING)
        .live()
        .annotate(answered_on=F("referral__answered_on"))
        .order_by("referral__answered_on", "id"),
        most=1,
        write=True,
    ),
    "follow_ups": Part(
        Degree.CASE,
        still_to_ask(
            Case.objects.within(ASKING).managed_by(ASKING.user),
            closed_since=Given("closed_since"),
            closed_until=Given("closed_until"),
        ),
        most=MOST_REFERRALS,
        write=True,
    ),
    "enquiries": ENQUIRIES,
}


def days(today):
    """Six months after the closure one asks; what nobody asked within three months more is left to the file."""
    six = months(today)
    return {"closed_since": add_months(today, -six - 3), "closed_until": add_months(today, -six)}


def of_zone(rows, people):
    return [
        *referrals_to_sort(rows["referrals_to_sort"]),
        *referrals_waiting(rows["referrals_waiting"], people),
        *transfers_to_answer(rows["transfers"], people),
        *waiting_list(rows["waiting_list"], people),
        *follow_ups_due(rows["follow_ups"], people),
        *enquiries_due(rows["enquiries"], people),
    ]


def referrals_waiting(rows, people):
    return [
        Due(
            title=_("Segnalazione in attesa di risposta"),
            what=gettext_lazy("segnalazioni in attesa"),
            person=people[row.subject_id],
            since=row.received_on,
            url=reverse("referral", args=[row.pk]),
            label=_("Rispondi"),
        )
        for row in rows
    ]


def referrals_to_sort(rows):
    """One line for all that services and bodies sent, however many: they are sorted on their own page."""
    return [
        Due(
            title=_("Segnalazioni di servizi ed enti da smistare"),
            what=gettext_lazy("smistamento di segnalazioni"),
            person=None,
            since=timezone.localdate(oldest.sent_at),
            url=reverse("referrals"),
            label=_("Smista"),
        )
        for oldest in rows
    ]


def waiting_list(rows, people):
    """One line for the whole list, with who has waited longest."""
    return [
        Due(
            title=_("In lista d’attesa, prima di tutti"),
            what=gettext_lazy("liste d’attesa"),
            person=people[first.subject_id],
            since=first.answered_on,
            url=f"{reverse('referrals')}?show=list",
            label=_("Guarda la lista"),
            note=str(first),
        )
        for first in rows
    ]


def transfers_to_answer(rows, people):
    return [
        Due(
            title=_("Passaggio accolto da %(zone)s: il caso qui si chiude") % {"zone": row.zone_name},
            what=gettext_lazy("passaggi tra zone"),
            person=people[row.subject_id],
            since=row.answered_on,
            url=reverse("close_case", args=[row.case_id]),
            label=_("Chiudi il caso"),
        )
        if row.side == CaseTransfer.Side.SENT
        else Due(
            title=_("%(zone)s propone di passarvi %(name)s") % {"zone": row.zone_name, "name": row},
            what=gettext_lazy("passaggi tra zone"),
            person=None,
            since=timezone.localdate(row.proposed_at),
            url=reverse("received_transfer", args=[row.pk]),
            label=_("Rispondi"),
        )
        for row in rows
    ]


def follow_ups_due(rows, people):
    """Of the cases one managed."""
    return [
        Due(
            title=_("Da chiedere: che cosa fa, sei mesi dopo la chiusura"),
            what=FOLLOW_UPS,
            person=people[case.subject_id],
            when=due_on(case) + FOLLOW_UP_WITHIN,
            url=reverse("follow_up", args=[case.pk]),
            label=_("Registra"),
        )
        for case in rows
    ]


def answers_told(*, acting, today):
    """The answers of yesterday to what one referred oneself: each is told once, on the day after."""
    number = ReceivedReferral.objects.within(acting).filter(sent_by=acting.user).told_on(today - dt.timedelta(days=1))
    return [
        Due(
            title=_("Una zona ha risposto a una segnalazione"),
            what=gettext_lazy("segnalazioni con una risposta"),
            url=reverse("sent_referrals"),
            label=_("Leggi"),
        )
    ] * number.count()
