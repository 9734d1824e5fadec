"""An IBAN as it is written, and what is wrong with it. Lengths, structures and check digits are schwifty's."""

from enum import StrEnum


class Wrong(StrEnum):
    MISSING = "missing"
    COUNTRY = "country"
    LENGTH = "length"
    STRUCTURE = "structure"
    CHECK_DIGITS = "check_digits"
    NATIONAL_CHECK = "national_check"


def compact(text: str) -> str:
    """Capital letters and digits, without what people put between them."""
    return "".join(text.split()).replace("-", "").upper()


def grouped(text: str) -> str:
    """In fours, as it is printed on a card or a letter."""
    return " ".join(text[n : n + 4] for n in range(0, len(text), 4))


def wrong_with(text: str) -> Wrong | None:
    """What is wrong, or None; the check character of the national part (CIN in Italy) is looked at too."""
    # a sixth of a second to import, and most pages never ask
    from schwifty import IBAN, exceptions

    if not (number := compact(text)):
        return Wrong.MISSING
    if not number.isascii():
        return Wrong.STRUCTURE
    try:
        IBAN(number, validate_bban=True)
    except exceptions.InvalidCountryCode:
        return Wrong.COUNTRY
    except exceptions.InvalidLength:
        return Wrong.LENGTH
    except exceptions.InvalidBBANChecksum:
        return Wrong.NATIONAL_CHECK
    except exceptions.InvalidChecksumDigits:
        return Wrong.CHECK_DIGITS
    except exceptions.SchwiftyException:
        return Wrong.STRUCTURE
    return None
