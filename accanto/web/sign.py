"""The page of who signs without an account: it holds a personal address. GET shows and burns nothing, so that a program
that opens the links of messages does nothing; a code goes by another way; POST signs."""

import re

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accanto.access import sms
from accanto.access.door import opened, opens_itself
from accanto.access.secret_link import fingerprint
from accanto.documents import signature_link as links
from accanto.documents.signature_round import SignaturePaper
from accanto.traineeships import signing
from accanto.traineeships.agreement import Party
from accanto.web import pdf, signing_mail
from accanto.web.secret_page import asked_again, leaves_nothing, nobody_s, too_much

SENT_AN_HOUR = 40  # forms sent through one link
RENEWED_AN_HOUR = 5  # times one machine asks for a new link
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Codice di 6 cifre"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "pattern": r"[0-9 ]*", "size": 8}
        ),
        error_messages={"required": gettext_lazy("Scrivi il codice che hai ricevuto.")},
    )
    read = forms.BooleanField(
        label=gettext_lazy("Ho letto il documento e lo firmo"),
        error_messages={"required": gettext_lazy("Leggi il documento e segna la casella.")},
    )

    def clean_code(self):
        code = links.typed(self.cleaned_data["code"])
        if len(code) != 6:
            raise forms.ValidationError(_("Il codice ha 6 cifre: controllalo."))
        return code


def agent_of(request):
    """What kind of device and which family of browser: no version, no address."""
    text = request.META.get("HTTP_USER_AGENT", "")
    kind = "phone" if re.search(r"Mobi|Android|iPhone|iPad", text) else "computer" if "Mozilla" in text else "other"
    browser = next((name for mark, name in BROWSERS if mark in text), "")
    return f"{kind}/{browser}" if browser else kind


def look(token):
    """What the address opens now: what it signs may have changed meanwhile, and then it says so."""
    with opened(token=None, writing=False):
        held = links.read(token)
        holds = held is None or held.standing != "open" or signing.link_holds(token)
    return held, "void" if held and not holds else held.standing if held else None


@login_not_required
@opens_itself
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request, token):
    """404 for an address that is nobody's or was revoked, 410 for one that signs no more, 429 for who asks too much."""
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    if asked == "renew":
        return leaves_nothing(renew(request, token))
    held, standing = look(token)
    if held is None:
        return nobody_s(request, "sign")
    if asked and asked_again(f"sign/{fingerprint(token)}") > SENT_AN_HOUR:
        return leaves_nothing(too_much())
    if standing == "open" and asked == "code":
        return leaves_nothing(send_code(request, token))
    form = CodeForm(request.POST if asked == "sign" else None)
    said = ""
    if standing == "open" and form.is_bound and form.is_valid():
        with opened(token=None, writing=True):
            said = signing.sign_through(token, code=form.cleaned_data["code"], agent=agent_of(request))
        if said in ("signed", "already"):
            return leaves_nothing(redirect("sign", token))
        held, standing = look(token)
        if said == "wrong":
            form.add_error(
                "code", _("Il codice non è questo. Tentativi rimasti: %(left)s.") % {"left": held.tries_left}
            )
        elif said == "no_code":
            form.add_error("code", _("Il codice non vale più: fattene mandare un altro."))
        elif standing == "open":
            standing = said or "void"
    return leaves_nothing(page(request, held, standing, form))


def page(request, held, standing, form):
    open_or_signed = standing in ("open", "signed")
    context = {
        "held": held,
        "standing": standing,
        "party": Party(held.party).label if held.party else "",
        "waiting": [Party(party).label for party in held.waiting],
        "form": form,
        "writes": held.code_live or form.is_bound,
        "by_sms": held.has_phone and sms.is_there(),
        "can_send": held.has_email or (held.has_phone and sms.is_there()),
        "asked": request.GET.get("asked", ""),
        "minutes": links.CODE_MINUTES,
    }
    status = 410 if not open_or_signed else 422 if form.errors else 200
    return render(request, "traineeships/sign.html", context, status=status)


def send_code(request, token):
    with opened(token=None, writing=True):
        found = links.ask_code(token, sms=sms.is_there())
    if found is None:
        return redirect_to(request, token, "wait")
    code, channel, address = found
    failure = signing_mail.send_code(code, channel=channel, address=address)
    return redirect_to(request, token, "failed" if failure else "sent")


def redirect_to(request, token, word):
    answer = redirect("sign", token)
    answer["Location"] += f"?asked={word}#code"
    return answer


def renew(request, token):
    """The same answer whoever asks and whatever they hold: a new link goes only to the mailbox on file."""
    if asked_again(f"sign-renew/{request.META.get('REMOTE_ADDR', '')}") <= RENEWED_AN_HOUR:
        with opened(token=None, writing=True):
            found = links.renew(token)
        if found:
            new, email = found
            with opened(token=None, writing=False):
                held = links.read(new)
            failure = signing_mail.invite(request, new, to=email, office=held.office, expires_at=held.expires_at)
            with opened(token=None, writing=True):
                links.mailed(new, failure=failure)
    return render(request, "traineeships/sign_renewed.html")


def bytes_of(request, token, part, name):
    with opened(token=None, writing=False):
        data = links.paper(token, part)
    if data is None:
        return nobody_s(request, "sign")
    return leaves_nothing(pdf.shown(data, name))


@login_not_required
@opens_itself
@require_safe
def sign_document(request, token):
    """The very bytes that are signed."""
    return bytes_of(request, token, SignaturePaper.Part.DOCUMENT, "documento-da-firmare")


@login_not_required
@opens_itself
@require_safe
def sign_annex(request, token):
    return bytes_of(request, token, SignaturePaper.Part.ANNEX, "allegato-riservato")
