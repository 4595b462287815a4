"""Words every card of every role, region and page, and measures it against Telegram's limits. Called by `check`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.conversation.wording.alarms import alarm_card, more_help, support_reply, urgent_card
from bot.conversation.wording.choices import menu, start
from bot.conversation.wording.roles import action_card, resources_card, role_card
from bot.conversation.wording.topics import pages, topic_card
from bot.conversation.wording.voice import Voice
from bot.conversation.wording.weeks import week_card
from bot.knowledge.model import Knowledge, Words
from bot.messaging import Reply
from bot.safety.screening import Alarm

MOST_UNITS = 4096
"""Longest message, in UTF-16 code units (Bot API, sendMessage)."""
MOST_BUTTONS = 100
"""Most buttons that a message can carry at Telegram."""


@dataclass(frozen=True, slots=True)
class Card:
    """One card as somebody would see it; `name` says which."""

    name: str
    reply: Reply

    @property
    def units(self) -> int:
        return len(self.reply.text.encode("utf-16-le")) // 2

    @property
    def buttons(self) -> int:
        return sum(len(row) for row in self.reply.buttons)

    def problem(self) -> str | None:
        """One sentence when the card does not fit in one message."""
        if self.units > MOST_UNITS:
            return f"{self.name} has {self.units} characters; a message holds {MOST_UNITS}"
        if self.buttons > MOST_BUTTONS:
            return f"{self.name} has {self.buttons} buttons; a message holds {MOST_BUTTONS}"
        return None


def cards(knowledge: Knowledge, words: Words, today: date) -> Iterator[Card]:
    """Every card there is, for every role and every offered region, and for nobody in particular."""
    regions = [None, *(region.id for region in knowledge.regions.values() if region.offered)]
    roles = [None, *knowledge.roles]
    for region in regions:
        yield from _of_region(Voice(knowledge, words, None, region, today))
        for role in roles:
            yield from _topics(Voice(knowledge, words, role, region, today))


def _topics(voice: Voice) -> Iterator[Card]:
    yield Card(f"menu for {voice.role}", menu(voice))
    for topic in voice.words.topics.values():
        for page in range(pages(topic, voice.role)):
            name = f"topic:{topic.id} for {voice.role or 'anybody'} in {voice.region or 'no region'}, page {page + 1}"
            yield Card(name, topic_card(voice, topic, page=page))


def _of_region(voice: Voice) -> Iterator[Card]:
    words, region = voice.words, voice.region or "no region"
    yield Card("start", start(voice))
    yield Card(f"urgent help in {region}", urgent_card(voice))
    for family in words.cards:
        yield Card(f"more help for {family} in {region}", more_help(voice, family))
        for language in voice.knowledge.alarms:
            yield Card(f"alarm {family} in {region}, {language}", alarm_card(voice, Alarm(family, 1, language, ())))
        yield Card(f"support for {family} in {region}", support_reply(voice, Alarm(family, 3, words.language, ())))
    for week in voice.knowledge.weeks.values():
        yield Card(f"week:{week.id}", week_card(voice, week))
    for role in words.roles.values():
        yield Card(f"links of role:{role.id}", resources_card(voice, role))
        for phase, actions in role.actions.items():
            yield Card(f"role:{role.id}, {phase}", role_card(voice, role, phase))
            for action in actions:
                yield Card(f"role:{role.id}, {phase}, {action.id}", action_card(voice, role, phase, action))
