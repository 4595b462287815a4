"""What is typed becomes what was meant, and nothing breaks on any input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.cleaning import RESTORED, SHORT_SPELLINGS, clean, differs_in_words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("I CANT  cope", "i can't cope"),
        ("wat r u gonna do 2nite", "what are you going to do tonight"),
        ("he’s not well", "he's not well"),
        ("sooooo tired 😭😭", "soo tired"),
        ("k i l l", "kill"),
        ("k.i.l.l", "kill"),
        ("k1ll mys3lf", "kill myself"),
        ("kіll", "kill"),
        ("ＦＵＬＬ width", "full width"),
        ("i\u200bm d\u0338e\u0338ad", "i'm dead"),
        ("one\x00two\tthree", "one two three"),
        ("she is 4yo and 16 weeks", "she is 4yo and 16 weeks"),
        ("'quoted' words", "'quoted' words"),
        ("the 1001 days", "the 1001 days"),
    ],
)
def test_clean(typed: str, meant: str) -> None:
    assert clean(typed) == meant


@pytest.mark.parametrize("word", ["ill", "id", "were", "well", "its", "shell", "wed"])
def test_words_that_mean_something_without_their_apostrophe_stay(word: str) -> None:
    assert clean(word) == word


@pytest.mark.parametrize("text", ["żeby dziecko spało", "моя дочка плаче", "میرا بچہ رو رہا ہے", "mae'r babi'n crïo"])
def test_other_scripts_keep_their_letters(text: str) -> None:
    assert clean(text) == text


def test_pictures_alone_leave_nothing() -> None:
    assert clean("👍🏽 \u2764\ufe0f") == ""


@given(st.text())
def test_any_text_gives_one_line_of_lower_case(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == " ".join(cleaned.split())
    assert cleaned == cleaned.strip()


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_cleaning_never_leaves_capitals(text: str) -> None:
    assert clean(text) == clean(text).lower()


def test_difference_by_case_apostrophes_and_spacing_is_none() -> None:
    assert not differs_in_words("I Can’t  sleep", "i cant sleep")
    assert differs_in_words("i cnt sleep", "i cant sleep")


def test_tables_hold_no_word_twice() -> None:
    assert not RESTORED.keys() & SHORT_SPELLINGS.keys()
