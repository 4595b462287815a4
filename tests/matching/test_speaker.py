"""Who speaks, from where, and what leans on the last answer."""

from dataclasses import replace

import pytest

from bot.errors import KnowledgeError
from bot.knowledge.model import Examples
from bot.matching.follow_up import FollowUp, FollowUpKind, FollowUps
from bot.matching.places import Places
from bot.matching.speaker import Speaker
from tests.language.opened import reader, rows, vectors
from tests.matching.base_of_entries import ROLES, knowledge, small, words


def said(text: str) -> tuple[str, ...]:
    return small().speaker.said_roles(reader().read(text))


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("I'm a nursery manager, one of our babies cries all day", "childcare"),
        ("EYFS lead", "educator"),
        ("im a HR manager, what can we do", "employer"),
        ("hi, student midwife here, any leaflets", "midwife"),
        ("as a line manager what should i offer", "employer"),
        ("granny here, is it spoiling to lift him", "grandparent"),
        ("librarian in leeds. how do we join in", "library"),
        ("we are childminders", "childcare"),
        ("what can I do as a childminder", "childcare"),
        ("i'm a quite new nursery nurse", "childcare"),
    ],
)
def test_a_role_that_is_said(text: str, role: str) -> None:
    assert said(text)[:1] == (role,)


@pytest.mark.parametrize(
    "text",
    [
        "my midwife told me to ask",
        "the librarian said you had leaflets",
        "im waiting on my midwife",
        "i'm not a parent",
        "midwife told us he has colic",
        "what does a midwife do",
        "how can employers help",
        "i'm so tired",
        "she is a nursery nurse",
        "hello",
        "",
    ],
)
def test_a_role_that_is_only_mentioned(text: str) -> None:
    assert said(text) == ()


def test_mentions_among_the_examples_are_hardly_ever_taken_for_the_speakers() -> None:
    mentions = [row[-1] for row in rows("roles") if row[0] == "none"]
    without = replace(words([]), examples=Examples())
    speaker = Speaker(without, knowledge(without), vectors())
    taken = [text for text in mentions if speaker.said_roles(reader().read(text))]
    assert len(taken) <= 0.03 * len(mentions)


def test_examples_name_roles_that_editors_have_no_name_for() -> None:
    assert said("I own two nurseries in essex") == ("childcare",)
    assert small().speaker.said_roles(reader().read("x" * 5000)) == ()


def test_a_role_without_words_is_not_said() -> None:
    assert "gp" not in ROLES
    assert said("i'm a GP") == ()


def test_a_longer_name_outdoes_the_name_within_it() -> None:
    assert said("i'm a parent infant psychotherapist") != ("parent",)
    assert said("i'm a parent liaison nurse") != ("parent",)
    assert said("i'm a mum struggling badly tonight really") == ("parent",)


@pytest.mark.parametrize(
    ("text", "only"),
    [("i'm a nursery manager", True), ("i'm a nursery manager, what can i do", False), ("i'm so tired", False)],
)
def test_only_introduces(text: str, only: bool) -> None:
    assert small().speaker.only_introduces(reader().read(text)) is only


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("and in Scotland?", "gb-sct"),
        ("i live in glasgow, scotland", "gb-sct"),
        ("is there help in Detroit", "us-mi"),
        ("new england road", "gb-eng"),
        ("scotland or wales", None),
        ("help", None),
    ],
)
def test_region(text: str, region: str | None) -> None:
    assert small().speaker.said_region(reader().read(text)) == region


@pytest.mark.parametrize(
    ("text", "kind", "region"),
    [
        ("What else?", FollowUpKind.MORE, None),
        ("ok and what else please", FollowUpKind.MORE, None),
        ("send me that link again", FollowUpKind.AGAIN, None),
        ("Not that, the other one!", FollowUpKind.OTHER, None),
        ("ok thanks", FollowUpKind.THANKS, None),
        ("Yes", FollowUpKind.YES, None),
        ("no", FollowUpKind.NO, None),
        ("and in Scotland?", FollowUpKind.REGION, "gb-sct"),
        ("Wales", FollowUpKind.REGION, "gb-wls"),
        ("ok what about wales then", FollowUpKind.REGION, "gb-wls"),
        ("wat else pls", FollowUpKind.MORE, None),
    ],
)
def test_follow_ups(text: str, kind: FollowUpKind, region: str | None) -> None:
    assert small().speaker.follow_up(reader().read(text)) == FollowUp(kind, region)


@pytest.mark.parametrize(
    "text", ["what else can a baby eat", "how do i get help in scotland", "in", "scotland or wales", "", "please"]
)
def test_what_stands_on_its_own(text: str) -> None:
    assert small().speaker.follow_up(reader().read(text)) is None


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KnowledgeError, match='"sometimes" is none of more'):
        FollowUps({"sometimes": ("hm",)}, Places("en", knowledge(words([]))))


def test_regions_without_words_of_a_language_have_no_names() -> None:
    assert Places("xx", knowledge(words([]))).said(reader().read("scotland")) is None
