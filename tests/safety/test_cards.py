"""The words of every card and urgent block that ships."""

import re
from pathlib import Path

import pytest
import yaml

from bot.knowledge.model import AlarmCard, UrgentBlock
from bot.safety.screening import SEVEREST_FIRST

ROOT = Path(__file__).parents[2] / "knowledge"
SHIPPED = [
    (path.parent.name, yaml.safe_load(path.read_text(encoding="utf-8"))) for path in sorted(ROOT.glob("*/safety.yaml"))
]
CARDS = [pytest.param(AlarmCard(**one), id=f"{lang}-{one['id']}") for lang, file in SHIPPED for one in file["cards"]]
URGENT = [
    pytest.param(UrgentBlock(**one), id=f"{lang}-{one['id']}") for lang, file in SHIPPED for one in file["urgent"]
]

MOST_LINES = 8
LINE = 80
"""Characters that fit on a line of a wide telephone or a desk."""
EMERGENCY_LINE = 1
"""Code adds the emergency number."""
DIGITS = re.compile(r"\d")
FIRST_TIER = {
    *("harm-to-baby", "shaking", "psychosis", "medical-emergency-baby", "medical-emergency-parent"),
    "domestic-abuse-danger",
}


def lines(text: str) -> int:
    return -(-len(text) // LINE)


@pytest.mark.parametrize(("language", "file"), SHIPPED)
def test_every_family_has_a_card_of_its_tier(language: str, file: dict[str, list[dict[str, str]]]) -> None:
    tiers = {card["id"]: card["tier"] for card in file["cards"]}
    assert set(tiers) == set(SEVEREST_FIRST)
    assert {family for family, tier in tiers.items() if tier == "1"} == FIRST_TIER


@pytest.mark.parametrize("card", CARDS)
def test_a_card_is_at_most_eight_short_lines(card: AlarmCard) -> None:
    said = (card.opening, card.act, f"{card.keep_safe} {card.what_i_am}", card.ask)
    assert EMERGENCY_LINE + sum(map(lines, said)) <= MOST_LINES


@pytest.mark.parametrize("card", CARDS)
def test_a_card_holds_one_question_and_no_number(card: AlarmCard) -> None:
    said = " ".join((card.opening, card.what_i_am, card.act, card.keep_safe, card.support_line))
    assert not DIGITS.search(said + card.ask)
    assert "?" not in said
    assert card.ask.count("?") == 1
    assert card.ask.endswith("?")


@pytest.mark.parametrize("card", CARDS)
def test_sentences_are_short(card: AlarmCard) -> None:
    said = " ".join((card.opening, card.what_i_am, card.act, card.keep_safe, card.ask, card.support_line))
    assert all(len(sentence.split()) <= 25 for sentence in re.split(r"(?<=[.?!])\s", said))


@pytest.mark.parametrize("block", URGENT)
def test_urgent_lines_go_on_from_a_heading(block: UrgentBlock) -> None:
    for line in (*block.now, *block.today):
        assert line[0].islower()
        assert not line.endswith(".")
