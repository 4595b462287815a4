"""A topic as a card: a warm first line, pointers, what cannot wait, where to get help in the region, the source."""

from bot.conversation.model import Verdict
from bot.conversation.payloads import Verb, button
from bot.conversation.wording.helplines import gather, helpline_line, star_note, website_buttons
from bot.conversation.wording.page import Page, rows
from bot.conversation.wording.places import region_buttons
from bot.conversation.wording.sources import source_line
from bot.conversation.wording.voice import Voice
from bot.conversation.wording.weeks import facet_lines
from bot.knowledge.model import EVERYONE, Answer, Topic, UrgentBlock
from bot.knowledge.phrases import Phrase
from bot.messaging import Button, Reply

MOST_HELPLINES = 5
FEWER_HELPLINES = 4
"""On further pages, and while nobody knows which of them serve the reader."""
MOST_LINKS = 3
"""Buttons to websites: at most two of helplines, then what to read."""
MOST_SITES = 2


def answer_for(topic: Topic, role: str | None) -> Answer:
    """The role's own text where one is written, else everyone's."""
    return topic.answers.get(role or EVERYONE, topic.answers[EVERYONE])


def pages(topic: Topic, role: str | None) -> int:
    """How many pages a topic has for a role: the first and the further ones."""
    return 1 + len(answer_for(topic, role).further)


def topic_card(voice: Voice, topic: Topic, *, page: int = 0, edits: str | None = None) -> Reply:
    """Page 0 is the whole card; later pages hold further pointers and the way back."""
    answer = answer_for(topic, voice.role)
    card = Page().title(topic.title)
    if page:
        card.bullets(answer.further[min(page, len(answer.further)) - 1])
    else:
        card.line(answer.opening)
        if topic.week:
            card.bullets(facet_lines(voice, topic.week))
        card.bullets(answer.pointers)
        if topic.urgent:
            _urgent(card, voice, voice.words.urgent[topic.urgent])
    shown = _help(card, voice, topic, FEWER_HELPLINES if page or voice.region is None else MOST_HELPLINES)
    card.small(source_line(voice, topic.sources, topic.review))
    return card.reply(_buttons(voice, topic, page, shown), edits=edits)


def _urgent(card: Page, voice: Voice, block: UrgentBlock) -> None:
    number = voice.emergency_number()
    card.block(voice.say(Phrase.URGENT_NOW, title=block.title, number=number), block.now)
    if block.today:
        card.block(voice.say(Phrase.URGENT_TODAY), block.today)


def _help(card: Page, voice: Voice, topic: Topic, most: int) -> list[Button]:
    blocks = [voice.words.services[id] for id in topic.services]
    said, found = gather(voice, topic.helplines, blocks)
    shown = found[:most]
    lines = [*said, *(helpline_line(voice, one) for one in shown)]
    heading = voice.say(Phrase.HELP_HEADING, where=voice.within())
    card.block(heading, lines)
    card.small(star_note(voice, shown))
    return website_buttons(shown, most=MOST_SITES)


def _buttons(voice: Voice, topic: Topic, page: int, sites: list[Button]) -> list[tuple[Button, ...]]:
    first: list[Button] = []
    if page + 1 < pages(topic, voice.role):
        first.append(button(voice.say(Phrase.BUTTON_MORE), Verb.MORE, topic.id, str(page + 1)))
    if page:
        first.append(button(voice.say(Phrase.BUTTON_BACK), Verb.MORE, topic.id, "0"))
    first.append(button(voice.say(Phrase.BUTTON_OTHER_TOPICS), Verb.OTHER, topic.id))
    links = [
        Button(voice.knowledge.resources[id].title, url=voice.knowledge.resources[id].url)
        for id in topic.resources
        if not voice.knowledge.resources[id].archived
    ]
    place = _place_buttons(voice, topic)
    return [
        tuple(first),
        (button(voice.say(Phrase.BUTTON_PERSON), Verb.ACTION, "human-help"),),
        *place,
        *rows([*sites, *links][:MOST_LINKS], 1),
        (
            button(voice.say(Phrase.BUTTON_HELPFUL), Verb.RATE, Verdict.HELPFUL, topic.id),
            button(voice.say(Phrase.BUTTON_NOT_HELPFUL), Verb.RATE, Verdict.NOT_HELPFUL, topic.id),
        ),
    ]


def _place_buttons(voice: Voice, topic: Topic) -> list[tuple[Button, ...]]:
    """Where the reader lives matters to a card that names services, and only there is it asked."""
    if not topic.services and not topic.helplines:
        return []
    if voice.region is None:
        return region_buttons(voice, ("topic", topic.id))
    return [(button(voice.say(Phrase.BUTTON_CHANGE_REGION), Verb.REGIONS, "topic", topic.id),)]
