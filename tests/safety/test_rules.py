"""Rules and their softeners."""

import pytest

from bot.safety.patterns import PatternError
from bot.safety.rules import RuleBook
from tests.safety.small import words

SOFTENERS = ("in the film", "would never HIT", "HIT in training", "if HIT would you", "^ define HIT $")
BOOK = RuleBook({"en": words(("suicide", "kill myself"), ("shaking", "shook .. BABY", "1"), softeners=SOFTENERS)})


def softened(text: str) -> list[bool]:
    return [hit.softened for hit in BOOK.find([text])]


@pytest.mark.parametrize(
    "text",
    [
        "i would never kill myself",
        "they kill myself in the film",
        "in the film they said kill myself",
        "kill myself in training",
        "if kill myself would you",
        "define kill myself",
    ],
)
def test_softened(text: str) -> None:
    assert softened(text) == [True]


@pytest.mark.parametrize(
    "text",
    [
        "i will kill myself",
        "in the film. i will kill myself",
        "if kill myself then",
        "kill myself would you",
        "define kill myself now",
        "i would never. kill myself",
        "i would never kill myself but now i will kill myself",
        "in the film we saw we saw we saw we saw we saw we saw kill myself",
    ],
)
def test_not_softened(text: str) -> None:
    assert softened(text) == [False]


def test_words_of_a_softener_in_another_order_soften_nothing() -> None:
    book = RuleBook({"en": words(("suicide", "kill myself"), softeners=("even if HIT would you",))})
    assert [hit.softened for hit in book.find(["even if kill myself would you"])] == [True]
    assert [hit.softened for hit in book.find(["if even kill myself would you"])] == [False]


def test_a_hit_carries_the_editors_words_and_tier() -> None:
    (hit,) = BOOK.find(["yesterday i shook the poor wee one badly"])
    assert (hit.family, hit.tier, hit.language, hit.pattern) == ("shaking", 1, "en", "shook .. BABY")


def test_one_unsoftened_reading_is_enough_and_stands_first() -> None:
    hits = BOOK.find(["i would never kill myself", "i kill myself"])
    assert [hit.softened for hit in hits] == [False, True]


def test_all_languages_are_looked_at() -> None:
    book = RuleBook({"en": words(("suicide", "kill myself")), "pl": words(("suicide", "chcę umrzeć"))})
    assert [hit.language for hit in book.find(["chce umrzec"])] == ["pl"]
    assert "chce" in book.vocabulary("pl")
    assert "myself" in book.vocabulary("en")
    assert not book.vocabulary("cy")


def test_tiers_and_harmless_words() -> None:
    book = RuleBook({"en": words(("suicide", "overdos*", "2"), ("suicide", "(die|..) now"))})
    assert [hit.tier for hit in book.find(["overdosed just now"])] == [2, None]
    assert book.find(["what a lovely day"]) == ()


def test_no_language_at_all_finds_nothing() -> None:
    assert RuleBook({}).find(["kill myself"]) == ()


def test_a_rule_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(PatternError):
        RuleBook({"en": words(("suicide", "kill (me"))})
