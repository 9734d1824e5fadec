"""What is due of the matching: pairs that wait for the team's word, accepted ones of which no plan was written, people
who ask for a place and for whom nobody has searched since."""

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.cases.employability import EmployabilityProfile
from accanto.traineeships.matching_round import MatchingProposal, MatchingRound
from accanto.traineeships.place_search import PlaceSearch
from accanto.traineeships.readiness import READY
from accanto.traineeships.traineeship import OPEN, TO_START, Traineeship
from accanto.web.due import Due, Weight

MOST = 60


def of_team(acting):
    """Four queries, however many the people: two lines for the zone, one for each plan that one has to write."""
    return [*to_decide(acting), *to_search(acting), *to_write(acting)]


def to_decide(acting):
    waiting = Count("proposals", filter=Q(proposals__state=MatchingProposal.State.PROPOSED))
    rows = MatchingRound.objects.of_zone(acting.zone_id).going_on().annotate(waiting=waiting).order_by("pk")
    return [
        Due(
            title=ngettext(
                "%(count)s abbinamento aspetta la parola dell’équipe",
                "%(count)s abbinamenti aspettano la parola dell’équipe",
                row.waiting,
            )
            % {"count": row.waiting},
            what=gettext_lazy("abbinamenti da decidere"),
            since=timezone.localdate(row.made_at),
            url=reverse("matching_round", args=[row.pk]),
            label=_("Decidete"),
        )
        for row in rows
        if row.waiting
    ]


def to_search(acting):
    """People near enough to work, with no traineeship, of whose search no round has taken account yet."""
    at_work = Traineeship.objects.within(acting).filter(subject_id=OuterRef("subject_id"), state__in=(*TO_START, *OPEN))
    near = EmployabilityProfile.objects.within(acting).standing().filter(case=OuterRef("case"), readiness__gte=READY)
    since = MatchingProposal.objects.within(acting).filter(case=OuterRef("case")).filter(
        Q(round__made_at__gte=OuterRef("recorded_at")) | Q(state=MatchingProposal.State.ACCEPTED, traineeship=None)
    )  # fmt: skip
    rows = PlaceSearch.objects.within(acting).standing().filter(case__closed_on=None)
    rows = rows.filter(Exists(near)).exclude(Exists(at_work)).exclude(Exists(since))
    count, first = rows.aggregate(count=Count("pk"), first=Min("recorded_at")).values()
    if not count:
        return []
    return [
        Due(
            title=ngettext(
                "%(count)s persona cerca un posto e non c’è ancora una proposta",
                "%(count)s persone cercano un posto e non c’è ancora una proposta",
                count,
            )
            % {"count": count},
            what=gettext_lazy("ricerche di un posto senza risposta"),
            since=timezone.localdate(first),
            url=reverse("matching"),
            label=_("Cerca"),
            weight=Weight.TARGET,
        )
    ]


def to_write(acting):
    """Of the cases one manages, and of what one has accepted oneself. Most days there is none: whose it is and where is
    asked, with five tables more, only of those there are."""
    mine = MatchingProposal.objects.within(acting).still_to_write()
    mine = mine.filter(Q(case__manager=acting.user) | Q(decided_by=acting.user), case__closed_on=None)
    found = list(mine.order_by("decided_at", "pk").values_list("pk", flat=True)[:MOST])
    if not found:
        return []
    rows = MatchingProposal.objects.within(acting).filter(pk__in=found)
    rows = rows.select_related("subject__person", "place__host__organisation").order_by("decided_at", "pk")
    return [
        Due(
            title=_("Posto accolto: progetto di tirocinio da scrivere"),
            what=gettext_lazy("progetti di tirocinio da scrivere"),
            person=row.subject.person,
            since=timezone.localdate(row.decided_at),
            url=f"{reverse('plan_traineeship', args=[row.case_id])}?proposal={row.pk}",
            label=_("Scrivilo"),
            note=f"{row.place}, {row.place.host}",
        )
        for row in rows
    ]
