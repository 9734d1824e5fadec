"""What is due in a zone before somebody is in charge and after: referrals, the waiting list, transfers, the question
six months after the end."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.cases.case import Case
from accanto.cases.follow_up import due_on, months, still_to_ask
from accanto.cases.received_referral import ReceivedReferral
from accanto.cases.referral import Referral
from accanto.cases.transfer import CaseTransfer
from accanto.norms.days import add_months
from accanto.web.due import Due
from accanto.web.duplicates import enquiries_due
from accanto.web.referral_wait import in_list

FOLLOW_UP_WITHIN = dt.timedelta(days=30)  # to ask, before it is late
FOLLOW_UPS = gettext_lazy("domande dopo la chiusura")
MOST_REFERRALS = 20


def of_zone(*, acting, today):
    """A query or two for each kind of thing, however many there are."""
    return [
        *referrals_to_sort(acting),
        *referrals_waiting(acting),
        *transfers_to_answer(acting),
        *waiting_list(acting, today),
        *follow_ups_due(acting, today),
        *enquiries_due(acting),
    ]


def referrals_waiting(acting):
    rows = Referral.objects.within(acting).waiting().select_related("person").order_by("received_on", "id")
    return [
        Due(
            title=_("Segnalazione in attesa di risposta"),
            what=gettext_lazy("segnalazioni in attesa"),
            person=row.person,
            since=row.received_on,
            url=reverse("referral", args=[row.pk]),
            label=_("Rispondi"),
        )
        for row in rows[:MOST_REFERRALS]
    ]


def referrals_to_sort(acting):
    """One line for all that services and bodies sent, however many: they are sorted on their own page."""
    oldest = ReceivedReferral.objects.within(acting).to_sort().first()
    if oldest is None:
        return []
    return [
        Due(
            title=_("Segnalazioni di servizi ed enti da smistare"),
            what=gettext_lazy("smistamento di segnalazioni"),
            person=None,
            since=oldest.sent_on,
            url=reverse("referrals"),
            label=_("Smista"),
        )
    ]


def waiting_list(acting, today):
    """One line for the whole list, with who has waited longest."""
    first = in_list(acting).first()
    if first is None:
        return []
    return [
        Due(
            title=_("In lista d’attesa, prima di tutti"),
            what=gettext_lazy("liste d’attesa"),
            person=first.referral.person,
            since=first.referral.answered_on,
            url=f"{reverse('referrals')}?show=list",
            label=_("Guarda la lista"),
            note=str(first),
        )
    ]


def transfers_to_answer(acting):
    """What other zones hand over, and what of one's own they have taken over and is still open here."""
    rows = CaseTransfer.objects.within(acting).select_related("other_zone", "case__person")
    waiting = Q(side=CaseTransfer.Side.RECEIVED, outcome=CaseTransfer.Outcome.WAITING)
    taken = Q(side=CaseTransfer.Side.SENT, outcome=CaseTransfer.Outcome.ACCEPTED, case__closed_on=None)
    rows = rows.filter(waiting | taken & Q(case__manager=acting.user)).order_by("proposed_at", "id")
    return [
        Due(
            title=_("Passaggio accolto da %(zone)s: il caso qui si chiude") % {"zone": row.other_zone},
            what=gettext_lazy("passaggi tra zone"),
            person=row.case.person,
            since=row.answered_on,
            url=reverse("close_case", args=[row.case_id]),
            label=_("Chiudi il caso"),
        )
        if row.side == CaseTransfer.Side.SENT
        else Due(
            title=_("%(zone)s propone di passarvi %(name)s") % {"zone": row.other_zone, "name": row},
            what=gettext_lazy("passaggi tra zone"),
            person=None,
            since=timezone.localdate(row.proposed_at),
            url=reverse("received_transfer", args=[row.pk]),
            label=_("Rispondi"),
        )
        for row in rows[:MOST_REFERRALS]
    ]


def follow_ups_due(acting, today):
    """Six months after the closure of the cases one managed; those nobody asked within three months more are left to
    the file."""
    since, until = add_months(today, -months(today) - 3), add_months(today, -months(today))
    cases = Case.objects.within(acting).managed_by(acting.user).select_related("person")
    return [
        Due(
            title=_("Da chiedere: che cosa fa, sei mesi dopo la chiusura"),
            what=FOLLOW_UPS,
            person=case.person,
            when=due_on(case) + FOLLOW_UP_WITHIN,
            url=reverse("follow_up", args=[case.pk]),
            label=_("Registra"),
        )
        for case in still_to_ask(cases, closed_since=since, closed_until=until)[:MOST_REFERRALS]
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
