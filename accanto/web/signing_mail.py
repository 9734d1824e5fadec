"""The messages to who signs: the personal link, and the code by another way. They name nobody in charge and no place:
only who asks, that there is a document, and the address."""

from django.utils import translation
from django.utils.translation import gettext as _

from accanto.access import sms
from accanto.documents import signature_link as links
from accanto.documents.signature_round import Signature
from accanto.web.parts import numbers
from accanto.web.secret_page import address_of
from accanto.web.sent_mail import leave, message


def invite(request, token, *, to, office, expires_at):
    """Send the link; why it did not leave, or nothing."""
    with translation.override("it"):
        mail = message(
            to,
            _("C’è un documento da firmare"),
            [
                _("Buongiorno,"),
                "",
                _("%(office)s ti chiede di leggere e firmare un documento.") % {"office": office},
                _("Apri questo indirizzo, anche dal telefono. Non serve registrarsi."),
                "",
                address_of(request, "sign", token),
                "",
                _("Vale fino al %(moment)s. È personale: chi lo apre vede il documento, quindi non inoltrarlo.")
                % {"moment": numbers.moment(expires_at)},
                _("Aprirlo non firma niente: per firmare ti mandiamo un codice."),
                "",
                "A document is waiting for your signature. The page can be read in English.",
            ],
        )
    return leave(mail)


def send_code(code, *, channel, address):
    """Why it did not leave, or nothing."""
    with translation.override("it"):
        text = _("%(code)s è il codice per firmare. Vale %(minutes)s minuti. Non dirlo a nessuno.") % {
            "code": code,
            "minutes": links.CODE_MINUTES,
        }
        if channel == Signature.Channel.SMS:
            try:
                sms.send(address, text)
            except sms.NotSent as problem:
                return str(problem) or "NotSent"
            return ""
        return leave(message(address, _("Il codice per firmare"), [text]))
