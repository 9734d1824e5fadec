"""What is due around the payments of a zone: months to put in a list, lists to approve, to send, without outcome,
payments that came back. Sums and counts: nobody's name."""

import datetime as dt

from django.db.models import Count, Exists, F, Min, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.gathering import ASKING, Given, Part
from accanto.access.role import Degree
from accanto.norms import payments as law
from accanto.plan.parameter import local_values
from accanto.traineeships.allowance import MonthAllowance
from accanto.traineeships.payee import Payee
from accanto.traineeships.payment import PaymentLine, PaymentList
from accanto.web.due import Due
from accanto.web.parts import numbers

COUNTED = 200  # beyond which a day says «more than»
BACK = dt.timedelta(days=90)  # how far back a returned payment is still news


STATES = (PaymentList.State.DRAFT, PaymentList.State.APPROVED, PaymentList.State.SENT)


ON_LISTS = PaymentLine.objects.within(ASKING).live().filter(allowance=OuterRef("pk"))
PAYEES = Payee.objects.within(ASKING).standing().filter(subject=OuterRef("subject"))
PARTS = {
    # closed and determined, on no list, the oldest first
    "months_to_list": Part(
        Degree.PAYMENT,
        MonthAllowance.objects.within(ASKING)
        .to_list()
        .filter(~Exists(ON_LISTS), amount__gt=0)
        .annotate(payable=Exists(PAYEES))
        .order_by("computed_at")
        .values("computed_at", "payable"),
        most=COUNTED,
        write=True,
    ),
    "payment_lists": Part(
        Degree.PAYMENT,
        PaymentList.objects.within(ASKING)
        .filter(state__in=STATES)
        .annotate(organisation_name=F("organisation__name"))
        .order_by("month", "id"),
        most=20,
        write=True,
    ),
    # those that came back and whose month is on no list since
    "payments_returned": Part(
        Degree.PAYMENT,
        PaymentLine.objects.within(ASKING)
        .filter(outcome=PaymentLine.Outcome.RETURNED, outcome_on__gte=Given("returned_since"))
        .exclude(allowance__in=PaymentLine.objects.within(ASKING).live().values("allowance_id"))
        .order_by()
        .values("zone")
        .annotate(count=Count("code", distinct=True), since=Min("outcome_on")),
        write=True,
    ),
}


def days(today):
    return {"returned_since": today - BACK}


def of_zone(rows, acting, today):
    months = rows["months_to_list"]
    return [
        *listable(acting, [row for row in months if row.payable], today),
        *without_payee([row for row in months if not row.payable]),
        *lists(rows["payment_lists"]),
        *returned(rows["payments_returned"]),
    ]


def without_payee(months):
    """Months that no list can hold until somebody writes where the money goes."""
    if not months:
        return []
    words = ngettext(
        "%(count)s mese senza coordinate di pagamento", "%(count)s mesi senza coordinate di pagamento", len(months)
    )
    return [
        Due(
            title=words % {"count": len(months)},
            what=gettext_lazy("coordinate di pagamento che mancano"),
            since=timezone.localdate(months[0].computed_at),
            url=reverse("payments") + "#left",
            label=_("Di chi"),
            note=_("restano fuori dalle liste finché mancano"),
        )
    ]


def listable(acting, months, today):
    """Since when they wait; and by when, where the zone has given itself a term."""
    if not months:
        return []
    since = timezone.localdate(months[0].computed_at)
    local = local_values(on=today, zone=acting.role.zone)
    due = law.lateness(determined_on=since, on=today, local=local).due
    many = _("Più di %(count)s mesi determinati da mettere in lista") % {"count": COUNTED - 1}
    words = ngettext(
        "%(count)s mese determinato da mettere in lista",
        "%(count)s mesi determinati da mettere in lista",
        len(months),
    )
    return [
        Due(
            title=many if len(months) == COUNTED else words % {"count": len(months)},
            what=gettext_lazy("pagamenti da mettere in lista"),
            when=due,
            since=since,
            url=reverse("payments"),
            label=_("Pagamenti"),
        )
    ]


def lists(rows):
    words = {
        PaymentList.State.DRAFT: _("Lista da approvare: %(month)s"),
        PaymentList.State.APPROVED: _("Lista da inviare al tesoriere: %(month)s"),
        PaymentList.State.SENT: _("Esiti da scrivere: %(month)s"),
    }
    return [
        Due(
            title=words[row.state] % {"month": numbers.spelled(row.month, "F Y")},
            what=gettext_lazy("liste di pagamento"),
            since=timezone.localdate(row.sent_at or row.approved_at or row.drawn_at),
            url=reverse("payment_list", args=[row.pk]),
            label=_("Apri"),
            note=row.organisation_name or row.get_payer_display(),
        )
        for row in rows
    ]


def returned(rows):
    return [
        Due(
            title=ngettext("%(count)s pagamento tornato indietro", "%(count)s pagamenti tornati indietro", found.count)
            % {"count": found.count},
            what=gettext_lazy("pagamenti tornati indietro"),
            since=found.since,
            url=reverse("payments"),
            label=_("Controlla"),
            note=_("correggi le coordinate, poi rimettili in lista"),
        )
        for found in rows
    ]
