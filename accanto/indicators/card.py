"""The card of an indicator: its name, what it counts, of what, from where. `python -m accanto.indicators.card FILE`
writes them all as a page of the documentation."""

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from accanto.norms.exact_yaml import read_yaml

FILE = Path(__file__).parent.parent / "norms" / "indicators.yaml"
SENTENCES = ("name", "unit", "definition", "numerator", "source")


class CardError(ValueError):
    """A card is wrong; the sentence names the file, the code and the field."""


@dataclass(frozen=True)
class Card:
    """Sentences are {it, en}."""

    code: str
    name: dict
    unit: dict
    definition: dict
    numerator: dict
    denominator: dict | None
    breakdowns: tuple[str, ...]
    source: dict
    target: str | None
    per_residents: bool
    kind: str = "number"


@cache
def cards(file=FILE) -> dict[str, Card]:
    """{code: card}, in the order of the file. CardError where a field is missing or not in both languages."""
    found = {}
    for entry in read_yaml(Path(file))["indicators"]:
        code = entry.get("code", "?")
        for field in SENTENCES:
            text = entry.get(field)
            if not isinstance(text, dict) or not text.get("it") or not text.get("en"):
                raise CardError(f"{Path(file).name}, {code}, {field}: write it as {{it: …, en: …}}.")
        if code in found:
            raise CardError(f"{Path(file).name}, {code}: the code is there twice.")
        try:
            found[code] = Card(**(entry | {"breakdowns": tuple(entry["breakdowns"])}))
        except (TypeError, KeyError) as error:
            raise CardError(f"{Path(file).name}, {code}: {error}.") from error
    return found


def document() -> str:
    """docs/indicators.md."""
    lines = ["# Indicatori / Indicators", "", "Made from `accanto/norms/indicators.yaml`; do not edit by hand.", ""]
    for card in cards().values():
        lines += [f"## {card.name['it']} / {card.name['en']}", "", f"Code `{card.code}`, in {card.unit['en']}.", ""]
        lines += [card.definition["it"], "", card.definition["en"], ""]
        lines += [
            f"- Numerator: {card.numerator['en']}",
            f"- Denominator: {card.denominator['en'] if card.denominator else 'none'}",
        ]
        lines += [f"- Breakdowns: {', '.join(card.breakdowns)}", f"- Source: {card.source['en']}"]
        lines += [f"- Target of the plan: {f'`{card.target}`' if card.target else 'none'}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), encoding="utf-8")
