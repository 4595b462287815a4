"""What the screen decides, by rules and examples together."""

import sys
from collections.abc import Callable
from types import FrameType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.encoder import DIMENSIONS, Vectors
from bot.safety.screening import MOST_CHARACTERS, SEVEREST_FIRST, Alarm, CutOffs, Screen
from tests.safety.small import CARDS, EXAMPLE_VECTORS, EXAMPLES, heads, reading, screen, towards, words

ENGLISH = words(
    ("suicide", "kill myself"),
    ("suicide", "took all the tablets", "1"),
    ("self-harm", "cut myself"),
    ("shaking", "shook .. BABY"),
    ("novelty", "strange phrase"),
    unsure=(("self-harm", "hit my head"),),
    softeners=("would never HIT", "in the film"),
)
POLISH = words(("suicide", "chcę umrzeć"))
SCREEN = screen({"en": ENGLISH, "pl": POLISH})

CARD, SUPPORT, BETWEEN, UNLIKE = towards(0.95), towards(0, 0.95), towards(0.55), towards(0, 0, 1)
HARMLESS = towards()
"""Head and examples are sure that nobody is in danger; explicit wording counts all the same."""


@pytest.mark.parametrize(
    ("text", "vectors", "family", "tier", "language"),
    [
        ("i want to kill myself", HARMLESS, "suicide", 2, "en"),
        ("i took all the tablets", HARMLESS, "suicide", 1, "en"),
        ("i would never kill myself", HARMLESS, "suicide", 3, "en"),
        ("i shook my son", HARMLESS, "shaking", 1, "en"),
        ("i cut myself, i want to kill myself", HARMLESS, "suicide", 2, "en"),
        ("i kill myself and took all the tablets", HARMLESS, "suicide", 1, "en"),
        ("i would never kill myself but i shook the baby", HARMLESS, "shaking", 1, "en"),
        ("chce umrzec", HARMLESS, "suicide", 2, "pl"),
        ("chce umrzec", CARD, "shaking", 1, "pl"),
        ("strange phrase", HARMLESS, "novelty", 2, "en"),
        ("strange phrase, cut myself", HARMLESS, "self-harm", 2, "en"),
        ("i hit my head", HARMLESS, "self-harm", 3, "en"),
        ("i hit my head", towards(0.4), "self-harm", 2, "en"),
        ("i hit my head, i want to kill myself", HARMLESS, "suicide", 2, "en"),
        ("nothing said", CARD, "shaking", 1, "en"),
        ("nothing said", towards(0, 0, 0, 0.95), "suicide", 2, "en"),
        ("nothing said", SUPPORT, "general", 3, "en"),
        ("nothing said", BETWEEN, "general", 3, "en"),
        ("nothing said", towards(0.68), "general", 3, "en"),
        ("i cut myself", CARD, "shaking", 1, "en"),
        ("i would never cut myself", CARD, "shaking", 1, "en"),
    ],
)
def test_the_most_severe_counts(text: str, vectors: Vectors, family: str, tier: int, language: str) -> None:
    alarm = SCREEN.screen(reading(text, vectors))
    assert alarm is not None
    assert (alarm.family, alarm.tier, alarm.language) == (family, tier, language)


@pytest.mark.parametrize("vectors", [HARMLESS, UNLIKE, np.zeros((0, DIMENSIONS), np.float32)])
def test_harmless_messages_raise_nothing(vectors: Vectors) -> None:
    assert SCREEN.screen(reading("how do i get her to nap", vectors)) is None


def test_a_line_names_the_danger_only_where_an_example_is_near() -> None:
    never = CutOffs(card=2)
    lines = [SCREEN.decide(SCREEN.weigh(reading("", towards(share))), never) for share in (0.95, 0.7)]
    assert [(line.family, line.tier) for line in lines if line] == [("shaking", 3), ("general", 3)]


def test_every_reading_of_a_message_is_looked_at() -> None:
    assert SCREEN.screen(reading("kll mslf", cleaned="kll mslf", corrected="kill myself")) is not None
    assert SCREEN.screen(reading("kill myself", cleaned="harmless")) is not None


def test_reasons_name_patterns_and_chances_but_never_what_was_said() -> None:
    alarm = SCREEN.screen(reading("my secret wish is to kill myself", CARD))
    assert alarm is not None
    assert alarm.because[0].startswith("like shaking")
    assert "suicide: kill myself" in alarm.because
    assert not any("secret" in reason for reason in alarm.because)
    doubted = SCREEN.screen(reading("i hit my head"))
    assert doubted is not None
    assert doubted.because == ("self-harm: hit my head (doubted)",)
    softened = SCREEN.screen_words("i would never kill myself")
    assert softened is not None
    assert softened.because == ("suicide: kill myself (softened)",)


def test_another_language_of_examples() -> None:
    welsh = Screen({}, CARDS, EXAMPLES, EXAMPLE_VECTORS, heads(), language="cy")
    alarm = welsh.screen(reading("", CARD))
    assert alarm is not None
    assert alarm.language == "cy"


def test_words_alone_are_screened_without_an_encoder() -> None:
    assert SCREEN.screen_words("I took all the tablets") == Alarm(
        "suicide", 1, "en", ("suicide: took all the tablets",)
    )
    assert SCREEN.screen_words("good night") is None


def test_an_unsure_rule_raises_the_card_where_nothing_else_can_judge() -> None:
    unread = SCREEN.screen(reading("i hit my head", np.zeros((0, DIMENSIONS), np.float32)))
    alone = SCREEN.screen_words("i hit my head")
    assert unread == alone == Alarm("self-harm", 2, "en", ("self-harm: hit my head",))


def test_of_a_long_text_beginning_and_end_are_read() -> None:
    filler = "word " * 200_000
    assert SCREEN.screen_words("kill myself " + filler) is not None
    assert SCREEN.screen_words(filler + " kill myself") is not None
    assert SCREEN.screen_words(filler + " kill myself " + filler) is None


def test_the_vocabulary_is_every_word_of_its_own_languages_rules() -> None:
    assert {"kill", "tablets", "never"} <= SCREEN.vocabulary
    assert "umrzec" not in SCREEN.vocabulary


def test_no_family_is_ranked_twice_and_general_is_last() -> None:
    assert len(set(SEVEREST_FIRST)) == len(SEVEREST_FIRST)
    assert SEVEREST_FIRST[-1] == "general"


@given(st.text())
def test_no_text_raises(text: str) -> None:
    SCREEN.screen_words(text)
    SCREEN.screen(reading(text))


DANGEROUS = st.lists(
    st.sampled_from(
        ["kill", "myself", "k*ll", "k i l l", ".", "...", "*", "\n", "never", "in the film", "killmyself", "é"]
    )
)


@settings(max_examples=200)
@given(DANGEROUS)
def test_no_arrangement_of_dangerous_words_raises_or_hides_a_plain_one(parts: list[str]) -> None:
    said = " ".join(parts)
    SCREEN.screen_words(said)
    assert SCREEN.screen_words(f"{said}\nkill myself\n") is not None


def steps(act: Callable[[], object]) -> int:
    """How many calls, of Python and of C, something takes: work done, whatever the machine."""
    counted = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return counted


@pytest.mark.parametrize(
    "unit",
    [
        "kill ",
        "kill myself ",
        "shook a b ",
        "a ",
        "k*l ",
        "a*",
        ".",
        "1.",
        "aaa",
        "killmyselfkillmyself ",
        "never kill myself in the film ",
        "ﷺ",
        "*!@$",
        "e\u0301",
    ],
)
def test_work_grows_no_faster_than_the_text(unit: str) -> None:
    def work(length: int) -> int:
        text = (unit * length)[:length] + "x"
        return steps(lambda: SCREEN.screen_words(text))

    work(1000)
    assert work(4000) <= 4.5 * work(1000) + 500
    assert work(4000) < 400_000


def test_a_text_without_end_costs_no_more_than_its_two_ends() -> None:
    def work(times: int) -> int:
        text = "kill them all " * times
        return steps(lambda: SCREEN.screen_words(text))

    assert work(MOST_CHARACTERS // 4) <= work(80_000) * 1.1
    assert work(80_000) <= work(MOST_CHARACTERS // 4) * 1.1
