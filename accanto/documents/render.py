"""A document made from data: the name of a template and a dictionary in, the bytes of a PDF out.

It reads no database and no clock: who calls has gathered everything, the moment included, so that the same data give
the same bytes. The PDF is tagged and obeys PDF/A-2a and PDF/UA-1 together, or the compiler refuses to make it."""

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import typst

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
FONTS = HERE / "fonts"
STANDARDS = ["a-2a", "ua-1"]
MISSING = "\u25a1"  # what stands for a character that no font of ours can draw

# What our fonts draw: Latin with its accents, Greek, Cyrillic, the signs of running text. Measured on the fonts.
DRAWN = re.compile(
    r"[\n\x20-\x7e\xa0-\u0148\u014a-\u017e\u0218-\u021b\u0386-\u03ce\u0400-\u045f\u0490\u0491\u1e80-\u1e85"
    r"\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122\u2190-\u2193\u25a1\u2610-\u2612\u2713]"
)


def names():
    """The templates there are, the layout apart."""
    return sorted(path.stem for path in TEMPLATES.glob("*.typ") if path.stem != "layout")


@lru_cache(maxsize=1)
def fonts():
    """Ours, and those inside the compiler for Greek and Cyrillic; never those of the machine: the same data give the
    same bytes everywhere. Read once a process, and never changed: threads share them."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def render(template, data, *, moment):
    """The PDF. `data` is what JSON can hold; `moment` an aware datetime, written in the file as when it was made.

    Each call compiles by itself and keeps nothing of the data before it, whatever the thread (measured: 12 ms, and no
    memory that grows). A character no font draws would not pass PDF/A: it becomes a square, and a line says so."""
    if template not in names():
        raise LookupError(f"{template!r} is no document: there are {', '.join(names())}.")
    clean = told(data, lambda text: text)
    try:
        return _compile(template, clean, moment)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message and "codepoint" not in error.message:
            raise
    return _compile(template, told(data, drawn) | {"some_not_drawn": True}, moment)


def _compile(template, data, moment):
    return typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=int(moment.timestamp()),
    )


def told(data, change):
    """The same data with every text cleaned of what is no text (control, private and unassigned characters)."""
    if isinstance(data, dict):
        return {key: told(value, change) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [told(value, change) for value in data]
    if isinstance(data, str):
        text = unicodedata.normalize("NFC", data.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
        return change("".join(c for c in text if c == "\n" or unicodedata.category(c) not in NO_TEXT))
    return data


NO_TEXT = {"Cc", "Cf", "Co", "Cn", "Cs"}


def drawn(text):
    return "".join(
        character if DRAWN.match(character) else "" if unicodedata.combining(character) else MISSING
        for character in text
    )
