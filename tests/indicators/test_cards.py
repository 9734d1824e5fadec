"""Every indicator has a card, in both languages, and the page of documentation is the cards."""

from pathlib import Path

import pytest

from accanto.indicators.card import CardError, cards, document
from accanto.indicators.catalogue import CODES
from accanto.territory.pack import read_yaml

ROOT = Path(__file__).parent.parent.parent


def test_every_indicator_has_a_card_and_every_card_an_indicator():
    assert set(cards()) == set(CODES)


def test_every_target_of_the_plan_has_its_indicator():
    targets = read_yaml(ROOT / "regions" / "toscana" / "targets.yaml").blocks("targets")
    for target in targets:
        assert cards()[target["indicator"]].target == target["code"]


def test_the_page_of_the_documentation_is_up_to_date():
    """Mend with `python -m accanto.indicators.card docs/indicators.md`."""
    assert (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8") == document()


def test_a_card_without_english_is_refused_with_its_name(tmp_path):
    file = tmp_path / "cards.yaml"
    file.write_text("indicators:\n- {code: x, name: {it: Prova}}\n", encoding="utf-8")
    with pytest.raises(CardError, match=r"cards\.yaml, x, name"):
        cards(file)
