"""Run as a program: reads a file from the standard input and answers, in JSON, its type or why it is refused.

It knows neither Django nor the database, and limits its own memory and time before it opens anything."""

import io
import json
import re
import resource
import sys
import warnings

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 15
MOST_OBJECTS = 200_000
MOST_PIXELS = 100_000_000
DEEPEST = 60

JAVASCRIPT = {"/JS", "/JavaScript"}
EMBEDDED = {"/EmbeddedFiles", "/EF", "/EmbeddedFile", "/FileAttachment"}
MEDIA = {"/RichMedia", "/RichMediaContent", "/3D", "/3DD", "/Movie", "/Sound", "/Screen", "/Rendition", "/GoTo3DView"}
# actions that leave the document: programs, other files, forms sent away
LAUNCH = {"/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/RichMediaExecute"}
# the schemes of addresses one may press: not those of files, of programs, of data written in the address itself
SCHEMES = {"http", "https", "mailto", "tel", "ftp"}


class Refused(Exception):
    pass


def picture(data, format):
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        # cameras write several pictures in one JPEG, which they call MPO
        with Image.open(io.BytesIO(data), formats=[format, "MPO"] if format == "JPEG" else [format]) as image:
            image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        raise Refused("too_complicated") from None
    except Exception:
        raise Refused("broken") from None


def document(data):
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if not len(pdf.pages):
                raise Refused("broken")
            objects = pdf.objects
            if len(objects) > MOST_OBJECTS:
                raise Refused("too_complicated")
            walk(pikepdf, pdf.trailer, 0)
            for found in objects:
                walk(pikepdf, found, 0)
    except pikepdf.PasswordError:
        raise Refused("password") from None
    except (MemoryError, RecursionError):
        raise Refused("too_complicated") from None
    except Refused:
        raise
    except Exception:
        raise Refused("broken") from None


def walk(pikepdf, found, depth):
    """Look into an object and what it holds itself; what it points to is met as an object of its own."""
    if depth > DEEPEST:
        raise Refused("too_complicated")
    if isinstance(found, pikepdf.Stream):
        found = found.stream_dict
    if isinstance(found, pikepdf.Dictionary):
        for key in found.keys():  # noqa: SIM118  a pikepdf dictionary is no mapping
            judge(key)
            if key == "/XFA":
                raise Refused("form")
            value = found.get(key)
            if isinstance(value, pikepdf.Name) and key in ("/S", "/Type", "/Subtype"):
                judge(str(value))
            elif key == "/URI" and isinstance(value, pikepdf.String):
                follow(str(value))
            elif not getattr(value, "is_indirect", False):
                walk(pikepdf, value, depth + 1)
    elif isinstance(found, pikepdf.Array):
        for value in found:
            if not getattr(value, "is_indirect", False):
                walk(pikepdf, value, depth + 1)


def follow(address):
    scheme = re.match(r"[\s\x00-\x20]*([a-z][a-z0-9+.-]*):", address.lower())
    if (scheme and scheme[1] not in SCHEMES) or address.lstrip().startswith("\\\\"):
        raise Refused("launch")


def judge(name):
    for names, reason in ((JAVASCRIPT, "javascript"), (EMBEDDED, "embedded"), (LAUNCH, "launch"), (MEDIA, "media")):
        if name in names:
            raise Refused(reason)


def verdict(data):
    """{"media_type": …} or {"refused": code}."""
    try:
        if data.startswith(b"%PDF-"):
            document(data)
            return {"media_type": "application/pdf"}
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            picture(data, "PNG")
            return {"media_type": "image/png"}
        if re.match(rb"\xff\xd8\xff", data):
            picture(data, "JPEG")
            return {"media_type": "image/jpeg"}
    except Refused as refused:
        return {"refused": str(refused)}
    return {"refused": "unknown"}


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(verdict(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
