"""Odds of a message's wording."""

from bot.safety.word_odds import WordOdds

ODDS = WordOdds(
    ["i will kill him", "i will kill her tonight", "will kill"],
    ["killing me softly", "his cough is killing me", "will it rain tonight"],
)


def test_wording_of_the_dangerous_speaks_for_danger_and_that_of_others_against() -> None:
    assert ODDS.of("i will kill") > 1
    assert ODDS.of("the stairs are killing me") < -0.5


def test_order_of_words_counts() -> None:
    assert ODDS.of("will kill") > ODDS.of("kill will")


def test_unknown_wording_says_nothing() -> None:
    assert WordOdds([], []).of("anything at all") == 0.0
    assert WordOdds(["once"], ["twice"]).of("thrice said") == 0.0


def test_no_text_has_odds_too() -> None:
    assert isinstance(ODDS.of(""), float)
