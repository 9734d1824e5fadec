"""The fiscal code: what it says of a person, and whether it is written right.

Sixteen characters, also where the Agency replaced digits by letters because two people shared a code (omocodes); or the
eleven digits of a provisional code, which carry no data but their check digit (DM 23/12/1976; DPR 605/1973)."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache, lru_cache

from codicefiscale import codicefiscale
from codicefiscale.data import get_indexed_data
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SHAPE = re.compile("[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]")
DIGITS = str.maketrans("LMNPQRSTUV", "0123456789")


class WrongFiscalCode(ValueError):
    """The sentence of the mistake, in the user's language."""


@dataclass(frozen=True)
class FiscalCode:
    """`birth_date`, `sex` («F», «M») and `birth_place` are empty for a provisional code."""

    code: str
    provisional: bool = False
    birth_date: dt.date | None = None
    sex: str = ""
    birth_place: str = ""


def read(text):
    """The fiscal code in a text, spaces and small letters forgiven. Raises WrongFiscalCode with what to mend."""
    code = re.sub(r"[\s.\-]", "", str(text)).upper()
    if re.fullmatch(r"[0-9]{11}", code):
        if not check_digit_holds(code):
            raise WrongFiscalCode(
                _("La cifra di controllo del codice provvisorio non torna: ricontrolla le undici cifre.")
            )
        return FiscalCode(code=code, provisional=True)
    if len(code) != 16 or not re.fullmatch(r"[A-Z0-9]+", code):
        raise WrongFiscalCode(
            _("Il codice fiscale ha 16 lettere e cifre, o 11 cifre se è provvisorio: controlla che non ne manchino.")
        )
    if not SHAPE.fullmatch(code):
        raise WrongFiscalCode(
            _("Le lettere e le cifre non sono al loro posto: il codice si scrive come RSSMRA80A41D612Z.")
        )
    if codicefiscale.encode_cin(code) != code[-1]:
        raise WrongFiscalCode(_("L’ultima lettera non corrisponde alle altre: c’è un errore di battitura."))
    if found := told_by(code):
        return found
    try:
        found = codicefiscale.decode(code)
    except (ValueError, KeyError, IndexError):
        raise WrongFiscalCode(
            _("La data o il luogo di nascita scritti nel codice non esistono: ricontrolla i caratteri dal 7 al 15.")
        ) from None
    place = found["birthplace"] or {}
    return FiscalCode(
        code=code,
        birth_date=found["birthdate"].date(),
        sex=found["gender"],
        birth_place=str(place.get("name", "")).title()[:120],
    )


@cache
def places():
    """{cadastral code: [(first day, last day, name)]}, for the codes of which every day is known."""
    found = {}
    for code, options in get_indexed_data()["codes"].items():
        days = [
            (
                dt.date.fromisoformat((option["date_created"] or "0001-01-01")[:10]),
                dt.date.fromisoformat((option["date_deleted"] or "9999-12-31")[:10]),
                option["name"],
            )
            for option in options
        ]
        found[code] = days
    return found


def told_by(code):
    """What a well-formed code says, where its place was there on that day; None in the rarer cases, which the library
    settles. A spreadsheet holds a hundred thousand codes, and the library takes milliseconds for each."""
    place = code[11] + code[12:15].translate(DIGITS)
    day = int(code[9:11].translate(DIGITS))
    month = "ABCDEHLMPRST".index(code[8]) + 1
    this_year = timezone.localdate().year
    year = this_year - this_year % 100 + int(code[6:8].translate(DIGITS))
    year -= 100 if year > this_year else 0
    try:
        born = dt.date(year, month, day - 40 if day > 40 else day)
    except ValueError:
        return None
    for first, last, name in places().get(place, ()):
        if first <= born <= last:
            sex = "F" if day > 40 else "M"
            return FiscalCode(code=code, birth_date=born, sex=sex, birth_place=name.title()[:120])
    return None


def check_digit_holds(digits):
    """The check of eleven-digit codes (the one of VAT numbers): odd places plainly, even ones doubled."""
    total = sum(int(digit) for digit in digits[0:10:2])
    total += sum(sum(divmod(2 * int(digit), 10)) for digit in digits[1:10:2])
    return (10 - total % 10) % 10 == int(digits[10])


def cautions(found, *, given_name="", family_name="", birth_date=None, sex=""):
    """What does not agree between a code and the other data of the person: (field, sentence) pairs. They never block:
    registries hold codes made on a misspelt name or a wrong date, and the code stays the valid one."""
    if found.provisional:
        return []
    disagree = []
    if family_name and letters(codicefiscale.encode_lastname, family_name) not in (found.code[:3], None):
        disagree.append(("family_name", _("Le prime tre lettere del codice non sono quelle di questo cognome.")))
    if given_name and letters(codicefiscale.encode_firstname, given_name) not in (found.code[3:6], None):
        disagree.append(
            ("given_name", _("Le lettere del codice dalla quarta alla sesta non sono quelle di questo nome."))
        )
    if birth_date and birth_date != found.birth_date:
        disagree.append(("birth_date", _("La data di nascita non è quella scritta nel codice fiscale.")))
    if sex in ("F", "M") and sex != found.sex:
        disagree.append(("sex", _("Il sesso non è quello scritto nel codice fiscale.")))
    return disagree


@lru_cache(maxsize=50_000)
def letters(encode, name):
    try:
        return encode(name)
    except (ValueError, KeyError, IndexError):
        return None
