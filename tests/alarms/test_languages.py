"""Danger said in other languages, found by rules alone: no encoder, no examples."""

import csv
from collections.abc import Mapping
from typing import cast

import numpy as np
import pytest

from bot.knowledge.model import AlarmWords
from bot.knowledge.yaml_reader import read
from bot.language.encoder import DIMENSIONS, Heads
from bot.safety.rules import RuleBook
from bot.safety.screening import SEVEREST_FIRST, Screen
from bot.safety.tape import pieces
from tests.sample_base import KNOWLEDGE, TESTS

Messages = Mapping[str, Mapping[str, Mapping[str, list[str]]]]
MESSAGES = cast(Messages, read((TESTS / "alarms" / "languages.yaml").read_bytes()).value)
LANGUAGES = tuple(MESSAGES)
OF_EVERY_LANGUAGE = {"suicide", "harm-to-baby", "medical-emergency-baby", "domestic-abuse-danger"}
SHARED_IN_LATIN_LETTERS = {"ur", "pa"}
"""Languages so alike in Latin letters that either may be taken for the other."""
SPANISH_AMONG_ENGLISH = "me quiero morir"
"""What the English examples hold of another language."""


def _alarms(language: str) -> AlarmWords:
    return AlarmWords.model_validate(read((KNOWLEDGE / language / "alarms.yaml").read_bytes()).value)


ALARMS = {language: _alarms(language) for language in LANGUAGES}


def _screen() -> Screen:
    def none(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return np.zeros(shape, np.float32)

    heads = Heads((), none(0, DIMENSIONS), none(0), none(3, DIMENSIONS), none(3), none(1, DIMENSIONS), none(1))
    return Screen(ALARMS, {}, (), none(0, DIMENSIONS), heads)


SCREEN = _screen()
OWN_RULES = {language: RuleBook({language: alarms}) for language, alarms in ALARMS.items()}


def _dangers() -> list[tuple[str, str, str]]:
    return [
        (language, family, message)
        for language, groups in MESSAGES.items()
        for family, messages in groups["must_raise"].items()
        for message in messages
    ]


def _listed(group: str) -> list[tuple[str, str]]:
    return [(language, message) for language, groups in MESSAGES.items() for message in groups[group]]


@pytest.mark.parametrize(("language", "family", "message"), _dangers())
def test_danger_raises_its_family_and_the_card(language: str, family: str, message: str) -> None:
    hits = OWN_RULES[language].find((message,))
    assert family in {hit.family for hit in hits if not hit.softened}
    alarm = SCREEN.screen_words(message)
    assert alarm is not None
    assert alarm.tier in {1, 2}
    assert alarm.language == language or {alarm.language, language} == SHARED_IN_LATIN_LETTERS


@pytest.mark.parametrize(("language", "family", "message"), _dangers())
def test_capitals_and_missing_accents_change_nothing(language: str, family: str, message: str) -> None:
    plain = " ".join(word for word in pieces(message.upper()) if word.strip())
    assert family in {hit.family for hit in OWN_RULES[language].find((plain,))}


@pytest.mark.parametrize(("language", "message"), _listed("must_soften"))
def test_what_is_denied_brings_a_support_line(language: str, message: str) -> None:
    alarm = SCREEN.screen_words(message)
    assert alarm is not None
    assert (alarm.tier, alarm.language) == (3, language)


@pytest.mark.parametrize(("language", "message"), _listed("must_not_raise"))
def test_ordinary_messages_raise_nothing_in_any_language(language: str, message: str) -> None:
    assert SCREEN.screen_words(message) is None


def test_english_examples_raise_nothing_in_any_other_language() -> None:
    for table in ("alarms", "topics", "scope", "roles"):
        with (KNOWLEDGE / "en" / "examples" / f"{table}.tsv").open(encoding="utf-8", newline="") as file:
            texts = [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
        assert texts
        raised = [text for text in texts if SCREEN.screen_words(text)]
        assert [text for text in raised if SPANISH_AMONG_ENGLISH not in text.lower()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_line_is_a_draft_in_the_language_itself(language: str) -> None:
    alarms = ALARMS[language]
    english = {"the", "you", "is", "your", "help", "now", "emergency", "anyone"}
    assert alarms.machine_drafted
    assert len(alarms.first_line.split()) >= 8
    assert not english & set(pieces(alarms.first_line))
    assert not any(character.isdigit() for character in alarms.first_line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_families_are_known_and_each_has_its_test_messages(language: str) -> None:
    families = {rule.family for rule in ALARMS[language].rules}
    tested = MESSAGES[language]["must_raise"]
    assert families >= OF_EVERY_LANGUAGE
    assert families <= set(SEVEREST_FIRST)
    assert families == set(tested)
    assert all(len(messages) >= 5 for messages in tested.values())
    assert len(MESSAGES[language]["must_not_raise"]) >= 8
