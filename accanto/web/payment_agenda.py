"""What is due around the payments of a zone: months to put in a list, lists to approve, to send, without outcome,
payments that came back. Sums and counts: nobody's name."""

import datetime as dt

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.norms import payments as law
from accanto.plan.parameter import local_values
from accanto.traineeships.allowance import MonthAllowance
from accanto.traineeships.payee import Payee
from accanto.traineeships.payment import PaymentLine, PaymentList
from accanto.web.due import Due
from accanto.web.parts import numbers

COUNTED = 200  # beyond which a day says «more than»
BACK = dt.timedelta(days=90)  # how far back a returned payment is still news


def of_zone(*, acting, today):
    """Three queries, however many lists and payments there are."""
    return [*to_list(acting, today), *lists(acting), *returned(acting, today)]


def to_list(acting, today):
    """Closed and determined months on no list, since when; and by when, where the zone has given itself a term."""
    on_lists = PaymentLine.objects.within(acting).live().filter(allowance=OuterRef("pk"))
    rows = MonthAllowance.objects.within(acting).to_list().filter(~Exists(on_lists), amount__gt=0)
    payees = Payee.objects.within(acting).standing().filter(subject=OuterRef("subject"))
    oldest = (
        rows.annotate(payable=Exists(payees)).order_by("computed_at").values("id", "computed_at", "payable")[:COUNTED]
    )
    found = oldest.aggregate(
        count=Count("id", filter=Q(payable=True)),
        since=Min("computed_at", filter=Q(payable=True)),
        left=Count("id", filter=Q(payable=False)),
        left_since=Min("computed_at", filter=Q(payable=False)),
    )
    return [*listable(acting, found, today), *without_payee(found)]


def without_payee(found):
    """Months that no list can hold until somebody writes where the money goes."""
    if not found["left"]:
        return []
    words = ngettext(
        "%(count)s mese senza coordinate di pagamento", "%(count)s mesi senza coordinate di pagamento", found["left"]
    )
    return [
        Due(
            title=words % {"count": found["left"]},
            what=gettext_lazy("coordinate di pagamento che mancano"),
            since=timezone.localdate(found["left_since"]),
            url=reverse("payments") + "#left",
            label=_("Di chi"),
            note=_("restano fuori dalle liste finché mancano"),
        )
    ]


def listable(acting, found, today):
    if not found["count"]:
        return []
    since = timezone.localdate(found["since"])
    local = local_values(on=today, zone=acting.role.zone)
    due = law.lateness(determined_on=since, on=today, local=local).due
    many = _("Più di %(count)s mesi determinati da mettere in lista") % {"count": COUNTED - 1}
    words = ngettext(
        "%(count)s mese determinato da mettere in lista",
        "%(count)s mesi determinati da mettere in lista",
        found["count"],
    )
    return [
        Due(
            title=many if found["count"] == COUNTED else words % {"count": found["count"]},
            what=gettext_lazy("pagamenti da mettere in lista"),
            when=due,
            since=since,
            url=reverse("payments"),
            label=_("Pagamenti"),
        )
    ]


def lists(acting):
    states = (PaymentList.State.DRAFT, PaymentList.State.APPROVED, PaymentList.State.SENT)
    words = {
        PaymentList.State.DRAFT: _("Lista da approvare: %(month)s"),
        PaymentList.State.APPROVED: _("Lista da inviare al tesoriere: %(month)s"),
        PaymentList.State.SENT: _("Esiti da scrivere: %(month)s"),
    }
    rows = PaymentList.objects.within(acting).filter(state__in=states).select_related("organisation")
    return [
        Due(
            title=words[row.state] % {"month": numbers.spelled(row.month, "F Y")},
            what=gettext_lazy("liste di pagamento"),
            since=timezone.localdate(row.sent_at or row.approved_at or row.drawn_at),
            url=reverse("payment_list", args=[row.pk]),
            label=_("Apri"),
            note=row.payer_shown,
        )
        for row in rows.order_by("month", "id")[:20]
    ]


def returned(acting, today):
    """Payments that came back and whose month is on no list since."""
    again = PaymentLine.objects.within(acting).live()
    rows = (
        PaymentLine.objects.within(acting)
        .filter(outcome=PaymentLine.Outcome.RETURNED, outcome_on__gte=today - BACK)
        .exclude(allowance__in=again.values("allowance_id"))
    )
    found = rows.aggregate(count=Count("code", distinct=True), since=Min("outcome_on"))
    if not found["count"]:
        return []
    words = ngettext("%(count)s pagamento tornato indietro", "%(count)s pagamenti tornati indietro", found["count"])
    return [
        Due(
            title=words % {"count": found["count"]},
            what=gettext_lazy("pagamenti tornati indietro"),
            since=found["since"],
            url=reverse("payments"),
            label=_("Controlla"),
            note=_("correggi le coordinate, poi rimettili in lista"),
        )
    ]
