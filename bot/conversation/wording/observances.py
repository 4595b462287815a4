"""The weeks and days of others in words: when they are as far as a source says, and whose. Called by `topics` for the
list, by `asking` for those that a message names.

Nothing is worked out: days that are the same each year and an organiser's rule are said in words, any other year has
checked dates or is said to have none.
"""

from collections.abc import Collection, Iterable, Sequence

from bot.conversation.payloads import Verb, button
from bot.conversation.wording.dates import span
from bot.conversation.wording.page import Page, link, rows
from bot.conversation.wording.sources import source_line
from bot.conversation.wording.voice import Voice
from bot.knowledge.model import Held, Observance, Statement
from bot.knowledge.phrases import Phrase
from bot.messaging import Reply


def observance_lines(voice: Voice, ids: Iterable[str]) -> list[str]:
    """One line each, of those kept where the reader lives; of all where nobody knows that."""
    listed = (voice.knowledge.observances[id] for id in ids)
    return [
        voice.say(Phrase.OBSERVANCE_LINE, name=voice.pick(one.name), when=_said(voice, one.when))
        for one in listed
        if _is_kept(voice, one)
    ]


def observances_card(
    voice: Voice, observances: Sequence[Observance], *, years: Collection[int] = (), listed_in: str | None = None
) -> Reply:
    """Each of them whole. `years`: those asked of, else this year and, once it is over, the next as well.

    `listed_in`: the topic that lists them, for a button.
    """
    page = Page()
    for one in observances:
        page.title(voice.pick(one.name)).line(voice.pick(one.about)).bullets(_facts(voice, one, years))
        page.block(voice.say(Phrase.OBSERVANCE_HELD), [_year(voice, held) for held in one.held])
        page.small(source_line(voice, one.sources, one.review))
    links = dict.fromkeys(id for one in observances for id in one.resources)
    sites = [link(voice.knowledge.resources[id].title, voice.knowledge.resources[id].url) for id in links]
    topics = dict.fromkeys(one.topic for one in observances if one.topic)
    opened = [button(voice.words.topics[id].title, Verb.TOPIC, id) for id in topics]
    others = [button(voice.say(Phrase.BUTTON_RELATED_WEEKS), Verb.TOPIC, listed_in)] if listed_in else []
    return page.reply(rows([*opened, *sites, *others], 1))


def _is_kept(voice: Voice, one: Observance) -> bool:
    here = voice.knowledge.lineage(voice.region) if voice.region else ()
    return not here or not one.regions or not set(here).isdisjoint(one.regions)


def _facts(voice: Voice, one: Observance, years: Collection[int]) -> list[str]:
    dated = {held.year for held in one.held if held.starts is not None}
    unknown = [] if one.fixed else [str(year) for year in years or _asked(voice, one) if year not in dated]
    listed = voice.say(Phrase.LIST_AND).join(unknown)
    return [
        voice.say(Phrase.OBSERVANCE_WHEN, when=_said(voice, one.when)),
        voice.say(Phrase.OBSERVANCE_UNKNOWN, years=listed) if unknown else "",
        voice.say(Phrase.OBSERVANCE_ORGANISER, organiser=_said(voice, one.organiser)),
    ]


def _asked(voice: Voice, one: Observance) -> list[int]:
    this = voice.today.year
    return [this] if voice.today.month <= one.month else [this, this + 1]


def _said(voice: Voice, statement: Statement) -> str:
    said = voice.pick(statement.says)
    return said if statement.is_confirmed else voice.say(Phrase.OBSERVANCE_UNCONFIRMED, said=said)


def _year(voice: Voice, held: Held) -> str:
    """ "5 to 11 May 2025: its theme"; the year alone where its days are not known."""
    days = span(voice, held.starts, held.ends or held.starts) if held.starts else str(held.year)
    return f"{days}: {voice.pick(held.note)}" if held.note else days
