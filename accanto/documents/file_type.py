"""What a file really is, told from its bytes and never from its name; what could run inside it is refused.

The bytes of strangers are opened in a process of their own, with little memory and little time (`inspection`): a file
made to break its reader breaks that process, and the page answers with a sentence."""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

LARGEST = 10 * 1024 * 1024  # bytes; a scan of many pages stays below
SECONDS = 20


class FileType(TextChoices):
    PDF = "application/pdf", _("PDF")
    JPEG = "image/jpeg", _("immagine JPEG")
    PNG = "image/png", _("immagine PNG")


EXTENSIONS = {FileType.PDF: "pdf", FileType.JPEG: "jpg", FileType.PNG: "png"}

# what `inspection` answers, and what to do about it
REFUSALS = {
    "empty": _("Il file è vuoto: scegline un altro."),
    "too_large": _("Il file supera 10 MB: riduci le pagine o la qualità della scansione, poi sceglilo di nuovo."),
    "unknown": _("Non è un PDF né un’immagine JPEG o PNG: salva il documento come PDF e sceglilo di nuovo."),
    "password": _("Il PDF è protetto da una password: salvalo senza, poi sceglilo di nuovo."),
    "broken": _("Il file è danneggiato o incompleto: aprilo, salvalo di nuovo come PDF e sceglilo ancora."),
    "too_complicated": _("Il file è troppo complicato da controllare: stampalo in un nuovo PDF e sceglilo ancora."),
    "javascript": _("Il PDF contiene un programma (JavaScript): stampalo in un nuovo PDF, che non lo avrà."),
    "launch": _(
        "Il PDF contiene un’azione che apre programmi o invia dati: stampalo in un nuovo PDF, che non la avrà."
    ),
    "embedded": _("Il PDF contiene altri file: carica ciascuno da solo, oppure stampalo in un nuovo PDF."),
    "media": _("Il PDF contiene suoni, filmati o oggetti 3D: stampalo in un nuovo PDF, che non li avrà."),
    "form": _("Il PDF è un modulo dinamico (XFA), che contiene programmi: stampalo in un nuovo PDF."),
}


class Refused(Exception):
    """The file cannot be kept. Its text is the sentence for who chose it."""

    def __init__(self, code):
        self.code = code
        super().__init__(code)

    @property
    def sentence(self):
        return REFUSALS[self.code]


@dataclass(frozen=True)
class LookedAt:
    """A file that may be kept."""

    data: bytes
    media_type: FileType
    sha256: str


def look_at(data):
    """The file, with its type and hash, or Refused."""
    if not data:
        raise Refused("empty")
    if len(data) > LARGEST:
        raise Refused("too_large")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "accanto.documents.inspection"],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused("too_complicated") from None
    try:
        verdict = json.loads(done.stdout)
    except ValueError:
        raise Refused("too_complicated") from None
    if "refused" in verdict:
        raise Refused(verdict["refused"])
    return LookedAt(data, FileType(verdict["media_type"]), hashlib.sha256(data).hexdigest())
