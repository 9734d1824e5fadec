"""Numbers and days as people here write them, in the language of the page."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import formats, timezone
from django.utils.translation import get_language

NOTHING = "–"  # what stands where there is no figure; never an empty cell, never 0


def _decimal(value) -> Decimal | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        found = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def number(value, places: int | str | None = None) -> str:
    """1.234,5 in Italian. `places` fixes the decimals; without it the trailing zeros of a Decimal are dropped."""
    found = _decimal(value)
    if found is None:
        return NOTHING
    if places is None or places == "":
        found = found.quantize(Decimal(1)) if found == found.to_integral_value() else found.normalize()
        places = max(0, -int(found.as_tuple().exponent))
    found = found.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)
    return formats.number_format(found, decimal_pos=int(places), use_l10n=True, force_grouping=True)


def euro(value, places: int | str = 2) -> str:
    """27.500.000,00 € in Italian, €27,500,000.00 in English."""
    if _decimal(value) is None:
        return NOTHING
    if (get_language() or "it").startswith("en"):
        sign, digits = ("-", number(value, places)[1:]) if _decimal(value) < 0 else ("", number(value, places))
        return f"{sign}€{digits}"
    return f"{number(value, places)}\u00a0€"


def percent(value, places: int | str = 0) -> str:
    """A fraction of one as a percentage: 0.976 is 98%."""
    found = _decimal(value)
    return NOTHING if found is None else f"{number(found * 100, places)}%"


def ratio(value) -> str:
    """Residents for one worker: 5000 is 1:5.000."""
    return NOTHING if _decimal(value) is None else f"1:{number(value, 0)}"


def day(value) -> str:
    """21/11/2026 in Italian; a spelled month in English, where day and month could be taken one for the other."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if not isinstance(value, date):
        return str(value)
    english = (get_language() or "it").startswith("en")
    return formats.date_format(value, "j M Y" if english else "d/m/Y")


def spelled(value, pattern: str) -> str:
    """A day in words inside a sentence, by a pattern of Django's: «sabato 21 novembre» in Italian, where days and
    months begin with a small letter; «Saturday 21 November» in English."""
    words = formats.date_format(value, pattern)
    return words if (get_language() or "it").startswith("en") else words.lower()


def moment(value) -> str:
    """A day and its hour: 21/11/2026, 14:05."""
    if not isinstance(value, datetime):
        return day(value)
    if timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{day(value)}, {value:%H:%M}"
