"""Slips of the keyboard: as many as asked for, inside words, the same every time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.language.keyboard import BESIDE
from bot.review.slips import slipped

SAID = "she wont settle unless i hold her, what can i do?"


def test_the_same_message_slips_the_same_way() -> None:
    assert slipped(SAID, 1) == slipped(SAID, 1)
    assert slipped(SAID, 0) == SAID
    assert len({slipped(SAID, 1, seed) for seed in range(40)}) > 20


@pytest.mark.parametrize("slips", [1, 2, 5])
def test_a_slip_is_one_edit(slips: int) -> None:
    assert all(0 < OSA.distance(SAID, slipped(SAID, slips, seed)) <= 2 * slips for seed in range(60))


def test_every_kind_of_slip_happens_and_only_inside_words() -> None:
    made = [slipped("hold", 1, seed) for seed in range(400)]
    assert {len(one) for one in made} == {3, 4, 5}
    assert "hodl" in made
    assert "jold" in made
    assert all(slipped("a 1 ?", 3, seed) == "a 1 ?" for seed in range(20))


def test_keys_lie_beside_each_other_both_ways() -> None:
    assert sorted(BESIDE["g"]) == list("bfhtvy")
    assert all(key in BESIDE[other] for key, others in BESIDE.items() for other in others)


@given(st.text(), st.integers(0, 3))
def test_any_text_can_slip(text: str, slips: int) -> None:
    assert abs(len(slipped(text, slips)) - len(text)) <= slips
