"""What is due of the matching: pairs that wait for the team's word, accepted ones of which no plan was written, people
who ask for a place and for whom nobody has searched since."""

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accanto.access.gathering import ASKING, Part
from accanto.access.role import Degree
from accanto.cases.employability import EmployabilityProfile
from accanto.traineeships.matching_round import MatchingProposal, MatchingRound
from accanto.traineeships.place_search import PlaceSearch
from accanto.traineeships.readiness import READY
from accanto.traineeships.traineeship import OPEN, TO_START, Traineeship
from accanto.web.due import Due, Weight

MOST = 60


AT_WORK = Traineeship.objects.within(ASKING).filter(subject_id=OuterRef("subject_id"), state__in=(*TO_START, *OPEN))
NEAR = EmployabilityProfile.objects.within(ASKING).standing().filter(case=OuterRef("case"), readiness__gte=READY)
SINCE = MatchingProposal.objects.within(ASKING).filter(case=OuterRef("case")).filter(
    Q(round__made_at__gte=OuterRef("recorded_at")) | Q(state=MatchingProposal.State.ACCEPTED, traineeship=None)
)  # fmt: skip
PARTS = {
    "rounds_to_decide": Part(
        Degree.TRAINEESHIP_PLAN,
        MatchingRound.objects.of_zone(ASKING.zone_id)
        .going_on()
        .annotate(waiting=Count("proposals", filter=Q(proposals__state=MatchingProposal.State.PROPOSED)))
        .order_by("pk"),
        write=True,
    ),
    # people near enough to work, with no traineeship, of whose search no round has taken account yet
    "searches_without_answer": Part(
        Degree.TRAINEESHIP_PLAN,
        PlaceSearch.objects.within(ASKING)
        .standing()
        .filter(Exists(NEAR), case__closed_on=None)
        .exclude(Exists(AT_WORK))
        .exclude(Exists(SINCE))
        .order_by()
        .values("zone")
        .annotate(count=Count("pk"), first=Min("recorded_at")),
        write=True,
    ),
    # of the cases one manages, and of what one has accepted oneself
    "places_accepted": Part(
        Degree.TRAINEESHIP_PLAN,
        MatchingProposal.objects.within(ASKING)
        .still_to_write()
        .filter(Q(case__manager=ASKING.user) | Q(decided_by=ASKING.user), case__closed_on=None)
        .order_by("decided_at", "pk")
        .values("pk"),
        most=MOST,
        write=True,
    ),
}


def of_team(rows, acting):
    """Two lines for the zone, one for each plan that one has to write."""
    return [
        *to_decide(rows["rounds_to_decide"]),
        *to_search(rows["searches_without_answer"]),
        *to_write(rows["places_accepted"], acting),
    ]


def to_decide(rows):
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


def to_search(rows):
    return [
        Due(
            title=ngettext(
                "%(count)s persona cerca un posto e non c’è ancora una proposta",
                "%(count)s persone cercano un posto e non c’è ancora una proposta",
                found.count,
            )
            % {"count": found.count},
            what=gettext_lazy("ricerche di un posto senza risposta"),
            since=timezone.localdate(found.first),
            url=reverse("matching"),
            label=_("Cerca"),
            weight=Weight.TARGET,
        )
        for found in rows
    ]


def to_write(found, acting):
    """Most days there is none: whose it is and where is asked, with five tables more, only of those there are."""
    if not found:
        return []
    rows = MatchingProposal.objects.within(acting).filter(pk__in=[row.pk for row in found])
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
