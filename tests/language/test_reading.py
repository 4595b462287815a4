"""A message is read once, for alarms and for matching."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.encoder import DIMENSIONS, MOST_WINDOWS
from bot.language.reading import MOST_CHARACTERS
from tests.language.opened import reader


def test_the_raw_text_is_encoded_only_where_it_differs_in_words() -> None:
    same = reader().read("I can’t sleep")
    other = reader().read("I cant slepe at nite")
    assert (same.own, len(same.vectors)) == (1, 1)
    assert (other.own, len(other.vectors)) == (1, 2)
    assert other.corrected == "i can't sleep at night"
    assert [(fix.was, fix.now) for fix in other.fixes] == [("slepe", "sleep")]


def test_texts_hold_each_form_once() -> None:
    assert reader().read("sleep").texts == ("sleep",)
    assert reader().read("Slepe u").texts == ("Slepe u", "slepe you", "sleep you")


def test_a_long_message_has_no_more_windows_than_its_time_allows() -> None:
    reading = reader().read("my babby cries and i dont no wat to do " * 100)
    assert len(reading.vectors) == MOST_WINDOWS


def test_what_is_longer_than_a_message_keeps_its_ends_and_no_vectors() -> None:
    reading = reader().read("start " + "x" * 9000 + " end")
    assert reading.too_long
    assert reading.vectors.shape == (0, DIMENSIONS)
    assert reading.raw.startswith("start ")
    assert reading.raw.endswith(" end")
    assert len(reading.raw) == 2 * MOST_CHARACTERS + 1
    assert not reader().read("x" * MOST_CHARACTERS).too_long


def test_no_word_shows_in_a_repr() -> None:
    assert "secret" not in repr(reader().read("my secret worry"))


@pytest.mark.parametrize("text", ["", " ", "\x00", "😭", "\ud83d", "ﷺ" * 50])
def test_odd_texts_are_read(text: str) -> None:
    reading = reader().read(text)
    assert reading.own >= 1
    assert reading.corrected_vectors.shape == (reading.own, DIMENSIONS)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    reading = reader().read(text)
    assert len(reading.vectors) >= reading.own >= 1
