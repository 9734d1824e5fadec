"""Sentences in the two languages of the screens, and the values they hold."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Euro:
    """A sum shown with two decimals: 1.234,50 € in Italian, €1,234.50 in English."""

    amount: Decimal

    def shown(self, language: str) -> str:
        plain = f"{self.amount:,.2f}"
        return f"{_italian_digits(plain)} €" if language == "it" else f"€{plain}".replace("€-", "-€")


@dataclass(frozen=True, slots=True)
class Text:
    it: str
    en: str

    def __str__(self) -> str:
        return self.it

    def in_language(self, language: str) -> str:
        """Italian unless English is asked for (`en`, `en-gb`)."""
        return self.en if language.lower().startswith("en") else self.it

    def filled(self, **values: object) -> "Text":
        """The same sentence with its {placeholders} written as each language writes dates, sums and numbers."""
        if not values:
            return self
        return Text(
            self.it.format(**{name: shown(value, "it") for name, value in values.items()}),
            self.en.format(**{name: shown(value, "en") for name, value in values.items()}),
        )

    def as_dict(self) -> dict[str, str]:
        return {"it": self.it, "en": self.en}


def shown(value: object, language: str) -> str:
    """A value as a reader of that language expects it."""
    match value:
        case Text():
            return value.in_language(language)
        case Euro():
            return value.shown(language)
        case bool():
            return {"it": ("no", "sì"), "en": ("no", "yes")}[language][value]
        case datetime():
            return value.strftime("%d/%m/%Y %H:%M")
        case date():
            return value.strftime("%d/%m/%Y")
        case Decimal() | int():
            plain = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
            if "." in plain:
                plain = plain.rstrip("0").rstrip(".")
            return _italian_digits(plain) if language == "it" else plain
        case tuple() | list():
            return ", ".join(shown(item, language) for item in value)
        case _:
            return str(value)


def _italian_digits(plain: str) -> str:
    return plain.translate(str.maketrans(",.", ".,"))
