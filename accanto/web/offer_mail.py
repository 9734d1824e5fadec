"""The messages to companies: the link by which they offer places, and the answers of the office. They say nothing of
anybody in charge; the link stands in the message to the one mailbox the office wrote down."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accanto.traineeships import offer_link as links
from accanto.web.parts import numbers
from accanto.web.secret_page import address_of
from accanto.web.sent_mail import leave, message


def invitation(*, url, to, host, expires_on, sender):
    with translation.override("it"):
        return message(
            to,
            _("Offrire posti di tirocinio con Accanto"),
            [
                _("Buongiorno,"),
                "",
                _("%(sender)s invita %(host)s a dire quali posti può offrire per un tirocinio di inclusione.")
                % {"sender": sender, "host": host},
                _("Non serve registrarsi: si apre questo collegamento, anche dal telefono, e si scrive."),
                "",
                url,
                "",
                _("Vale fino al %(day)s. Chi lo ha può scrivere per conto vostro: non inoltratelo ad altri.")
                % {"day": numbers.day(expires_on)},
            ],
        )


def invite(request, token, link):
    """Send a link that has just been made. How it went: «sent», «failed», or «nobody» without a mailbox."""
    if not link.email:
        return "nobody"
    sender = str(request.acting.role.organisation or request.acting.role.zone)
    mail = invitation(
        url=address_of(request, "offer", token),
        to=link.email,
        host=link.host,
        expires_on=link.expires_on,
        sender=sender,
    )
    failure = leave(mail)
    links.mailed(token, failure=failure)
    return "failed" if failure else "sent"


def answer(request, place, given):
    """Tell who offered a place what the office answers. A question takes a link of its own, so that the answer can be
    written at once. «ours» where an office had written the place down itself."""
    if place.offered_through_id is None:
        return "ours"
    link, by, now = place.offered_through, request.acting, timezone.now()
    if not link.email:
        return "nobody"
    lines, token = [], ""
    with translation.override("it"):
        said = {"title": place.title, "host": str(place.host)}
        first = {
            "accept": _("Il posto «%(title)s» di %(host)s è aperto: quando c’è una persona adatta vi chiamiamo."),
            "ask": _("Per aprire il posto «%(title)s» di %(host)s ci serve ancora una cosa."),
            "decline": _("Non possiamo accogliere il posto «%(title)s» di %(host)s. Grazie di averlo offerto."),
        }[given] % said
        lines = [_("Buongiorno,"), "", first]
        if place.office_words:
            lines += ["", place.office_words]
        if given == "ask":
            renewed, token = links.make(host=place.host, to_name=link.to_name, email=link.email, by=by, now=now)
            lines += [
                "",
                _("Rispondi correggendo il posto da qui, entro il %(day)s:") % {"day": numbers.day(renewed.expires_on)},
                address_of(request, "offer", token),
            ]
        lines += ["", str(by.role.organisation or by.role.zone)]
        subject = _("Il posto di tirocinio «%(title)s»") % said
    failure = leave(message(link.email, " ".join(subject.split()), lines))
    if token:
        links.mailed(token, failure=failure)
    return "failed" if failure else "sent"
