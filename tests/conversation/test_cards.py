"""What every card has to be: a warm first line, nothing said twice, labels that a phone shows whole."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from bot.conversation.payloads import Verb, payload
from bot.conversation.wording.alarms import alarm_card, more_help, support_contacts, support_reply
from bot.conversation.wording.choices import START_GROUPS, choose_role, did_you_mean, menu, start
from bot.conversation.wording.helplines import STAR, helpline_line
from bot.conversation.wording.page import LABELS_FIT, link, rows
from bot.conversation.wording.roles import action_card, phases, resources_card, role_card
from bot.conversation.wording.sources import review_line, source_line
from bot.conversation.wording.topics import answer_for, signs_card, topic_card
from bot.conversation.wording.voice import Voice
from bot.knowledge.model import Phase, RoleGroup
from bot.messaging import Button, Reply, Style
from bot.safety.screening import Alarm
from tests.minds import real_mind

TODAY = date(2026, 11, 20)
NUMBER = re.compile(r"(?:call|text|to) (\+?\d[\d ()-]+\d)")
REGIONS = [None, "gb-eng", "gb-sct", "gb-nir", "ie", "us-mi", "elsewhere"]


def voice(region: str | None = None, role: str | None = None, today: date = TODAY) -> Voice:
    mind = real_mind()
    return Voice(mind.knowledge, mind.words, role, region, today)


def digits(said: str) -> str:
    return "".join(filter(str.isdigit, said.partition("(")[0]))


def contacts(reply: Reply) -> list[str]:
    """The numbers of the lines that name a helpline, each as digits; those in running words are left out."""
    named = [one.name for one in real_mind().knowledge.helplines.values()]
    lines = [line.removeprefix("• ") for line in reply.text.split("\n")]
    own = [line for line in lines if any(line.startswith(f"{name}: ") for name in named)]
    return [digits(number) for line in own for number in NUMBER.findall(line)]


def cards(region: str | None) -> Iterator[Reply]:
    speaking = voice(region)
    for topic in speaking.words.topics.values():
        yield topic_card(speaking, topic)
        signs = signs_card(speaking, topic)
        if signs is not None:
            yield signs
    for family in speaking.words.cards:
        for tier in (1, 2):
            yield alarm_card(speaking, Alarm(family, tier, "en", ()))
        yield support_reply(speaking, Alarm(family, 3, "en", ()))
        yield more_help(speaking, family)
        yield more_help(speaking, family, answered_no=True)


@pytest.mark.parametrize("region", REGIONS)
def test_no_card_names_a_number_twice(region: str | None) -> None:
    for card in cards(region):
        assert [number for number, times in Counter(contacts(card)).items() if times > 1] == [], card.text


@pytest.mark.parametrize("region", REGIONS)
def test_a_star_is_explained_on_the_same_card(region: str | None) -> None:
    for card in cards(region):
        starred = f"{STAR}." in card.text
        assert (f"{STAR} " in card.text) is starred, card.text


def test_a_card_begins_with_its_warm_line_and_names_its_topic() -> None:
    for topic in real_mind().words.topics.values():
        card = topic_card(voice(), topic)
        assert card.text.startswith(answer_for(topic, None).opening)
        assert topic.title in [span.text for span in card.spans if span.style is Style.BOLD]


def test_many_signs_leave_those_that_cannot_wait_on_the_card() -> None:
    words = real_mind().words
    signs = words.urgent["baby-unwell"]
    card = topic_card(voice("gb-eng"), words.topics["crying-colic"])
    whole = signs_card(voice("gb-eng"), words.topics["crying-colic"], edits="1")
    assert whole is not None
    for sign in signs.now:
        assert sign in card.text
    for sign in signs.today:
        assert sign not in card.text
    for sign in (*signs.now, *signs.today):
        assert sign in whole.text
    assert payload(Verb.SIGNS, "crying-colic") in [one.payload for row in card.buttons for one in row]
    assert payload(Verb.MORE, "crying-colic", "0") in [one.payload for row in whole.buttons for one in row]


def test_few_signs_all_stay_on_the_card() -> None:
    words = real_mind().words
    card = topic_card(voice(), words.topics["low-mood-pnd"])
    for sign in words.urgent["parent-crisis"].today:
        assert sign in card.text
    assert payload(Verb.SIGNS, "low-mood-pnd") not in [one.payload for row in card.buttons for one in row]


def test_a_topic_without_signs_has_no_card_of_them() -> None:
    assert signs_card(voice(), real_mind().words.topics["sleep"]) is None


def test_only_a_hidden_number_is_said_to_be_unchecked() -> None:
    for helpline in real_mind().knowledge.helplines.values():
        without = helpline.model_copy(update={"phone": None, "text": None})
        if helpline.website and not helpline.status.shows_number and (helpline.phone or helpline.text):
            assert helpline_line(voice(), helpline) != helpline_line(voice(), without)
        if helpline.website and not helpline.phone and not helpline.text:
            assert "number" not in helpline_line(voice(), helpline)


def test_the_source_line_names_dates_where_there_are_any_and_says_how_far_it_was_checked() -> None:
    for topic in real_mind().words.topics.values():
        said = source_line(voice(), topic.sources, topic.review)
        assert "undated" not in said
        assert "20" in said
        assert said.endswith(review_line(voice(), topic.sources, topic.review))
        unread, read = (topic.review.model_copy(update={"clinical": one}) for one in ("needed", "done"))
        assert len(review_line(voice(), topic.sources, unread)) > len(review_line(voice(), topic.sources, read))
        seen = [source.model_copy(update={"checked_on": TODAY}) for source in topic.sources]
        assert "20 November 2026" in review_line(voice(), seen, unread)
        assert review_line(voice(), seen, unread).startswith(review_line(voice(), seen, read))


def labels(reply: Reply) -> Iterator[tuple[int, str]]:
    for row in reply.buttons:
        for one in row:
            yield len(row), one.label


@pytest.mark.parametrize("role", [None, "parent", "childcare", "mp", "employer"])
def test_a_phone_shows_every_label_whole(role: str | None) -> None:
    speaking = voice(role=role)
    groups = [choose_role(speaking, group) for group in (None, *RoleGroup)]
    topics = [topic_card(speaking, topic) for topic in speaking.words.topics.values()]
    roles = [role_card(speaking, one, phase) for one in speaking.words.roles.values() for phase in one.actions]
    links = [resources_card(speaking, one) for one in speaking.words.roles.values()]
    actions = [
        action_card(speaking, one, phase, action)
        for one in speaking.words.roles.values()
        for phase, listed in one.actions.items()
        for action in listed
    ]
    offers = [did_you_mean(speaking, [f"topic:{id}"]) for id in speaking.words.topics]
    for reply in (menu(speaking), start(speaking), *groups, *topics, *roles, *links, *actions, *offers):
        for beside, label in labels(reply):
            assert len(label) <= LABELS_FIT[beside], label


def test_rows_hold_fewer_where_labels_are_long() -> None:
    short, long = Button("Short", payload="a"), Button("A label that fills a row alone", payload="b")
    assert rows([short, short, long, short], 2) == [(short, short), (long,), (short,)]
    assert rows([short] * 5, 4) == [(short,) * 4, (short,)]
    assert rows([], 2) == []


def test_a_long_link_ends_at_a_word() -> None:
    title = "A very long title of a page that no phone would show whole"
    label = link(title, "https://example.org").label
    assert len(label) <= LABELS_FIT[1]
    assert title.startswith(label.removesuffix("…"))
    assert title[len(label) - 1] == " "
    assert link("Short", "https://example.org").label == "Short"


@pytest.mark.parametrize("role", [None, *(listing for listing in ("parent", "gp", "library", "mp", "employer"))])
def test_every_role_is_two_presses_away_in_short_lists(role: str | None) -> None:
    speaking = voice(role=role)
    first = choose_role(speaking)
    reached = {one.payload for row in first.buttons for one in row}
    for group in RoleGroup:
        if payload(Verb.GROUP, group.value) in reached:
            shown = choose_role(speaking, group)
            assert len(shown.buttons) <= 15
            reached |= {one.payload for row in shown.buttons for one in row}
    assert {payload(Verb.ROLE, id) for id in speaking.words.roles if id != role} <= reached
    assert len(first.buttons) <= 15


def test_the_first_question_has_few_answers() -> None:
    pressed = [one.payload for row in start(voice()).buttons for one in row]
    assert pressed[:4] == [payload(Verb.GROUP, group.value) for group in START_GROUPS]


@pytest.mark.parametrize(("today", "phase"), [(date(2025, 6, 10), Phase.DURING), (TODAY, Phase.ALL_YEAR)])
def test_a_role_opens_on_what_fits_the_day(today: date, phase: Phase) -> None:
    for role in real_mind().words.roles.values():
        told = phases(voice(today=today), role)
        assert told[0] is phase or phase not in role.actions
        assert set(told) == set(role.actions)


@pytest.mark.parametrize("region", ["gb-eng", "us", "ie", None])
def test_an_answer_leaves_out_whom_a_support_line_has_named(region: str | None) -> None:
    speaking = voice(region)
    for family in speaking.words.cards:
        alarm = Alarm(family, 3, "en", ())
        _, named = support_contacts(speaking, alarm)
        after = replace(speaking, named=frozenset(one.id for one in named))
        for topic in speaking.words.topics.values():
            card = topic_card(after, topic).text
            assert not any(f"• {one.name}: " in card for one in named), (family, topic.id)


@pytest.mark.parametrize("region", REGIONS)
def test_a_list_that_words_point_to_is_there(region: str | None) -> None:
    for card in cards(region):
        if "see the list" in card.text:
            assert "findahelpline.com" in card.text, card.text


@pytest.mark.parametrize(("region", "most"), [("gb-eng", 1), ("gb-sct", 1), ("us", 1), (None, 0)])
def test_did_you_mean_names_one_place_to_ask_at_most(region: str | None, most: int) -> None:
    asked = did_you_mean(voice(region), ["topic:sleep", "topic:crying-colic"])
    assert len([line for line in asked.text.split("\n") if line.startswith("• ")]) == most


def test_one_reading_is_asked_for_as_one() -> None:
    one, two = (did_you_mean(voice(), targets) for targets in (["topic:sleep"], ["topic:sleep", "topic:bonding"]))
    assert one.text != two.text
    assert len(two.buttons) == len(one.buttons) + 1
