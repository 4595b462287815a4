"""Words every card of every role, region and page, and measures it against Telegram's limits. Called by `checking`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bot.conversation.wording.alarms import alarm_card, emergency_only, more_help, support_reply, urgent_card
from bot.conversation.wording.choices import choose_role, menu, near_topics, start
from bot.conversation.wording.observances import observances_card
from bot.conversation.wording.roles import action_card, resources_card, role_card
from bot.conversation.wording.sources import review_line, source_line
from bot.conversation.wording.topics import pages, signs_card, topic_card
from bot.conversation.wording.voice import Voice
from bot.conversation.wording.weeks import week_card
from bot.knowledge.model import Knowledge, RoleGroup, RoleWords, Topic, Week, Words
from bot.messaging import Reply
from bot.safety.screening import Alarm

MOST_UNITS = 4096
"""Longest message, in UTF-16 code units (Bot API, sendMessage)."""
MOST_BUTTONS = 100
"""Most buttons that a message can carry at Telegram."""

_YEAR = re.compile(r"\b20\d\d\b")


@dataclass(frozen=True, slots=True)
class Card:
    """One card as somebody would see it; `name` says which.

    `source`: the line that must stand under it. A card that opens out of another bears the date alone: what it comes
    from stands on the first. None: nothing in it needs a source.
    """

    name: str
    reply: Reply
    source: str | None = None

    @property
    def units(self) -> int:
        return _units(self.reply.text)

    @property
    def buttons(self) -> int:
        return sum(len(row) for row in self.reply.buttons)

    def problem(self) -> str | None:
        """One sentence when the card does not fit in one message, or does not say where it comes from and when."""
        text = self.reply.text
        units = _units(text)
        if units > MOST_UNITS:
            return f"{self.name} has {units} characters; a message holds {MOST_UNITS}"
        if self.buttons > MOST_BUTTONS:
            return f"{self.name} has {self.buttons} buttons; a message holds {MOST_BUTTONS}"
        if self.source is not None and (self.source not in text or not _YEAR.search(self.source)):
            return f"{self.name} does not show its source and date"
        return None


@dataclass(slots=True)
class Shown:
    """What all cards together show, gathered one card at a time."""

    cards: int = 0
    sourced: int = 0
    longest: int = 0
    """Of all cards, in UTF-16 code units."""
    lines: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    """Each label of a button, with the first card that shows it."""

    def add(self, card: Card) -> None:
        self.cards += 1
        self.sourced += card.source is not None
        text = card.reply.text
        self.longest = max(self.longest, _units(text))
        self.lines.update(text.split("\n"))
        for row in card.reply.buttons:
            for button in row:
                self.labels.setdefault(button.label, card.name)
                if button.url:
                    self.links.add(button.url)


def cards(knowledge: Knowledge, words: Words, today: date) -> Iterator[Card]:
    """Every card there is, for every role and every offered region, and for nobody in particular."""
    regions = [None, *(region.id for region in knowledge.regions.values() if region.offered)]
    for region in regions:
        yield from _of_region(Voice(knowledge, words, None, region, today))
        for role in (None, *knowledge.roles):
            voice = Voice(knowledge, words, role, region, today)
            yield Card(f"menu for {role or 'anybody'}", menu(voice))
            for topic in words.topics.values():
                yield from topic_cards(voice, topic)


def topic_cards(voice: Voice, topic: Topic) -> Iterator[Card]:
    """A topic's pages for one role and region."""
    source = source_line(voice, topic.sources, topic.review)
    reader = f"{voice.role or 'anybody'} in {voice.region or 'no region'}"
    for page in range(pages(topic, voice.role)):
        yield Card(f"topic:{topic.id} for {reader}, page {page + 1}", topic_card(voice, topic, page=page), source)
    signs = signs_card(voice, topic)
    if signs is not None and topic.urgent is not None:
        block = voice.words.urgent[topic.urgent]
        yield Card(f"signs of topic:{topic.id} for {reader}", signs, review_line(voice, block.sources, block.review))


def _of_region(voice: Voice) -> Iterator[Card]:
    yield from _standing(voice)
    yield from _in_danger(voice)
    for week in voice.knowledge.weeks.values():
        yield from week_cards(voice, week)
    for one in voice.knowledge.observances.values():
        source = source_line(voice, one.sources, one.review)
        yield Card(f"observance:{one.id}", observances_card(voice, [one]), source)
    for role in voice.words.roles.values():
        yield from role_cards(voice, role)


def _standing(voice: Voice) -> Iterator[Card]:
    yield Card("start", start(voice))
    yield Card("menu after a loss", menu(voice, after_loss=True))
    for group in RoleGroup:
        yield Card(f"which role of {group.value}", choose_role(voice, group))
    for topic in voice.words.topics.values():
        yield Card(f"what is near topic:{topic.id}", near_topics(voice, [f"topic:{id}" for id in topic.near]))


def _in_danger(voice: Voice) -> Iterator[Card]:
    words, region = voice.words, voice.region or "no region"
    yield Card(f"urgent help in {region}", urgent_card(voice))
    yield Card(f"the emergency number in {region}", emergency_only(voice))
    for family in words.cards:
        yield Card(f"more help for {family} in {region}", more_help(voice, family))
        for language in voice.knowledge.alarms:
            yield Card(f"alarm {family} in {region}, {language}", alarm_card(voice, Alarm(family, 1, language, ())))
        yield Card(f"support for {family} in {region}", support_reply(voice, Alarm(family, 3, words.language, ())))


def week_cards(voice: Voice, week: Week) -> Iterator[Card]:
    yield Card(f"week:{week.id}", week_card(voice, week), source_line(voice, week.sources, week.review))


def role_cards(voice: Voice, role: RoleWords) -> Iterator[Card]:
    """A role's tabs, each action opened, and its links."""
    source, reviewed = (line(voice, role.sources, role.review) for line in (source_line, review_line))
    yield Card(f"links of role:{role.id}", resources_card(voice, role), reviewed)
    for phase, actions in role.actions.items():
        yield Card(f"role:{role.id}, {phase}", role_card(voice, role, phase), source)
        for action in actions:
            yield Card(f"role:{role.id}, {phase}, {action.id}", action_card(voice, role, phase, action), reviewed)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
