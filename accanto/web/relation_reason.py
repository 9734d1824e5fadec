"""Why a relation opens a file, in the reader's language: kept in Italian where the program writes it, as typed where
somebody did."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accanto.access.role import Kind
from accanto.people import advocacy
from accanto.traineeships.host_inspection import INSPECTION_REASON
from accanto.traineeships.tutor_access import HOST_REASON, TUTOR_REASON

with translation.override("it"):
    WRITTEN_BY_US = {
        TUTOR_REASON: _("tutor del tirocinio"),
        HOST_REASON: _("tutor aziendale del tirocinio"),
        INSPECTION_REASON: _("ispezione presso l’ospitante"),
        "il proprio fascicolo": _("il proprio fascicolo"),
        "ha inviato la segnalazione": _("ha inviato la segnalazione"),
        str(advocacy.REASON): advocacy.REASON,
        # who joins a team, whose role is written as the reason
        **{str(kind.label): _("nell’équipe del caso") for kind in Kind},
        str(Kind.PERSON.label): _("il proprio fascicolo"),
    }


def in_words(reason):
    return str(WRITTEN_BY_US.get(reason, reason))
