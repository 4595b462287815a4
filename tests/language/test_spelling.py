"""Slips are put right; words that are right stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.cleaning import clean
from bot.language.spelling import Fix, Speller, common_words, words_of
from tests.language.opened import rows, speller


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("postnatle depresion", "postnatal depression"),
        ("breatfeeding hurts", "breastfeeding hurts"),
        ("the nursrey", "the nursery"),
        ("feeling sucidal", "feeling suicidal"),
        ("wat temprature", "wat temperature"),
        ("she is bleding", "she is bleeding"),
    ],
)
def test_slips_are_put_right(typed: str, meant: str) -> None:
    corrected, fixes = speller().correct(typed)
    assert corrected == meant
    assert all(isinstance(fix, Fix) and fix.was != fix.now for fix in fixes)
    assert fixes


@pytest.mark.parametrize("word", ["frowning", "grizzle", "petrified", "bairn", "nhs", "don't", "ab", "spało"])
def test_words_that_are_right_stay(word: str) -> None:
    assert speller().correct(word) == (word, ())


def test_text_in_another_language_is_left_alone() -> None:
    text = "dziecko chce jesc przez cala noc"
    assert speller().correct(text) == (text, ())
    assert speller().unknown_share(text) > 0.6


def test_unknown_share_counts_longer_words_only() -> None:
    assert speller().unknown_share("a to of") == 0.0
    assert speller().unknown_share("the baby will not sleep") == 0.0


def test_clean_text_is_hardly_ever_touched() -> None:
    # Later writers were asked to type badly; these two mostly did not.
    texts = [clean(row[-1]) for row in rows("topics") if row[-2] in {"a", "b"}][::20]
    touched = sum(bool(speller().correct(text)[1]) for text in texts)
    assert touched <= len(texts) * 0.05


def test_words_of_editors_win_over_common_ones() -> None:
    assert Speller((), (), ("colin",)).correct("colif")[0] == "colin"
    assert Speller(("is it colic",), (), ("colin",)).correct("colif")[0] == "colic"


def test_a_seen_slip_of_an_editors_word_is_put_right() -> None:
    seen = ["my husbend left", "husbend again", "grannies club", "grannies house"]
    with_word = Speller(("my husband",), seen, ())
    assert with_word.correct("husbend")[0] == "husband"
    assert Speller((), seen, ()).correct("husbend")[0] == "husbend"


def test_a_language_without_a_list_has_no_words() -> None:
    assert common_words("xx") == ()
    assert common_words("en")[0] == "the"


def test_words_of_keeps_inner_apostrophes() -> None:
    assert words_of("Don't, stop! 3 times") == ["don't", "stop", "times"]


@given(st.text(max_size=80))
def test_any_text_is_safe(text: str) -> None:
    cleaned = clean(text)
    corrected, fixes = speller().correct(cleaned)
    assert bool(fixes) == (corrected != cleaned)
    assert 0.0 <= speller().unknown_share(cleaned) <= 1.0
