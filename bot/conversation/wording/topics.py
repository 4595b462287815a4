"""A topic as a card: a warm first line, pointers, what cannot wait, where to get help in the region, the source."""

from bot.conversation.model import Verdict
from bot.conversation.payloads import Verb, button
from bot.conversation.wording.helplines import fewest, gather, helpline_line, star_note, website_buttons
from bot.conversation.wording.observances import observance_lines
from bot.conversation.wording.page import Page, each_site_once, link, rows
from bot.conversation.wording.places import region_buttons
from bot.conversation.wording.sources import review_line, source_line
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
MOST_SIGNS = 8
"""Above this many signs a card keeps those that cannot wait, and the others stand behind a button."""


def answer_for(topic: Topic, role: str | None) -> Answer:
    """The role's own text where one is written, else everyone's."""
    return topic.answers.get(role or EVERYONE, topic.answers[EVERYONE])


def pages(topic: Topic, role: str | None) -> int:
    """How many pages a topic has for a role: the first and the further ones."""
    return 1 + len(answer_for(topic, role).further)


def topic_card(voice: Voice, topic: Topic, *, page: int = 0, edits: str | None = None) -> Reply:
    """Page 0 is the whole card; later pages hold further pointers and the way back.

    The first line is the warm one, since it is what a notification shows.
    """
    answer = answer_for(topic, voice.role)
    card = Page()
    if page:
        card.block(topic.title, answer.further[min(page, len(answer.further)) - 1])
    else:
        card.line(answer.opening)
        facts = facet_lines(voice, topic.week) if topic.week else observance_lines(voice, topic.observances)
        card.block(topic.title, facts or answer.pointers).bullets(answer.pointers if facts else ())
        if signs := _signs(voice, topic):
            _urgent(card, voice, signs, whole=not _folded(signs))
    shown = _help(card, voice, topic, FEWER_HELPLINES if page or voice.region is None else MOST_HELPLINES)
    card.small(source_line(voice, topic.sources, topic.review))
    return card.reply(_buttons(voice, topic, page, shown), edits=edits)


def signs_card(voice: Voice, topic: Topic, *, edits: str | None = None) -> Reply | None:
    """All signs of a topic, those that cannot wait first, and where to get help; None for a topic without any."""
    signs = _signs(voice, topic)
    if signs is None:
        return None
    card = Page()
    _urgent(card, voice, signs, whole=True)
    shown = _help(card, voice, topic, FEWER_HELPLINES)
    card.small(review_line(voice, signs.sources, signs.review))
    back = (
        button(voice.say(Phrase.BUTTON_BACK), Verb.MORE, topic.id, "0"),
        button(voice.say(Phrase.BUTTON_URGENT), Verb.ACTION, "urgent-help"),
    )
    return card.reply([back, *rows(shown, 1)], edits=edits)


def _signs(voice: Voice, topic: Topic) -> UrgentBlock | None:
    return voice.words.urgent[topic.urgent] if topic.urgent else None


def _folded(signs: UrgentBlock) -> bool:
    return bool(signs.today) and len(signs.now) + len(signs.today) > MOST_SIGNS


def _urgent(card: Page, voice: Voice, block: UrgentBlock, *, whole: bool) -> None:
    number = voice.emergency_number()
    card.block(voice.say(Phrase.URGENT_NOW, title=block.title, number=number), block.now)
    if whole:
        card.block(voice.say(Phrase.URGENT_TODAY), block.today)


def _help(card: Page, voice: Voice, topic: Topic, most: int) -> list[Button]:
    blocks = [voice.words.services[id] for id in topic.services]
    said, found = gather(voice, topic.helplines, blocks)
    shown = fewest(found, most)
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
    signs = _signs(voice, topic)
    behind = [button(voice.say(Phrase.BUTTON_SIGNS), Verb.SIGNS, topic.id)] if signs and _folded(signs) else []
    links = [
        link(voice.knowledge.resources[id].title, voice.knowledge.resources[id].url)
        for id in topic.resources
        if not voice.knowledge.resources[id].archived
    ]
    return [
        tuple(first),
        *rows(behind, 1),
        *_people_and_place(voice, topic),
        *rows(each_site_once([*sites, *links])[:MOST_LINKS], 1),
        (
            button(voice.say(Phrase.BUTTON_HELPFUL), Verb.RATE, Verdict.HELPFUL, topic.id),
            button(voice.say(Phrase.BUTTON_NOT_HELPFUL), Verb.RATE, Verdict.NOT_HELPFUL, topic.id),
        ),
    ]


def _people_and_place(voice: Voice, topic: Topic) -> list[tuple[Button, ...]]:
    """Where the reader lives matters to a card that names services, and only there is it asked."""
    person = button(voice.say(Phrase.BUTTON_PERSON), Verb.ACTION, "human-help")
    if not topic.services and not topic.helplines:
        return [(person,)]
    if voice.region is None:
        return [(person,), *region_buttons(voice, ("topic", topic.id))]
    return rows([person, button(voice.say(Phrase.BUTTON_CHANGE_REGION), Verb.REGIONS, "topic", topic.id)], 2)
