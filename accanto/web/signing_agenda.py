"""What is due of the signatures one collects: who is missing, what all have signed and nobody has registered."""

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.gathering import ASKING, Part
from accanto.access.role import Degree
from accanto.documents.signature_round import Signatory
from accanto.traineeships import signing
from accanto.traineeships.signing import Signing
from accanto.web.due import Due

MOST = 60


PARTS = {
    # the rounds one opened, and those of one's trainees
    "signings": Part(
        Degree.TRAINEESHIP_PLAN,
        Signing.objects.within(ASKING)
        .to_finish()
        .filter(Q(round__opened_by=ASKING.user) | Q(traineeship__case_manager=ASKING.user))
        .order_by("round__opened_at", "id")
        .values("pk"),
        most=MOST,
        write=True,
    )
}


def of_collector(found, acting):
    """Most days there is none: the rest is asked only of those there are, in two queries."""
    if not found:
        return []
    rows = (
        Signing.objects.within(acting)
        .filter(pk__in=[row.pk for row in found])
        .with_rounds()
        .with_mark_now()
        .order_by("round__opened_at", "id")
        .prefetch_related(Prefetch("round__signatories", Signatory.objects.select_related("signature").order_by("id")))
    )
    found = []
    for one in rows:
        person = one.traineeship.person if one.traineeship_id else None
        place = {"person": person, "url": reverse("signature_round", args=[one.round_id])}
        place |= {"since": timezone.localdate(one.round.opened_at), "note": "" if person else str(one.agreement.host)}
        if one.attestation_id:
            place["note"] = _("attestazione n. %(number)s") % {"number": one.attestation.protocol}
        if one.mark != one.mark_now:
            title, what, label = _("I dati sono cambiati: le firme non valgono"), NOT_VALID, _("Rifai")
        elif one.round.completed_at:
            title, what, label = _("Firmato da tutti: da registrare"), TO_REGISTER, _("Registra")
        else:
            lacking = signing.parties_missing(one.round.signatories.all())
            title = _("Manca la firma di: %(who)s") % {"who": ", ".join(str(party.label) for party in lacking)}
            what, label = MISSING, _("Firme")
        found.append(Due(title=title, what=what, label=label, **place))
    return found


MISSING = gettext_lazy("documenti con firme che mancano")
TO_REGISTER = gettext_lazy("documenti firmati da registrare")
NOT_VALID = gettext_lazy("documenti da rifare e far firmare di nuovo")
