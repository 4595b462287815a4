"""The line under every card: where it comes from, and how far people have checked it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.conversation.wording.dates import day
from bot.conversation.wording.voice import Voice
from bot.knowledge.model import Review, Source
from bot.knowledge.phrases import Phrase

MOST_NAMED = 3


def source_line(voice: Voice, sources: Sequence[Source], review: Review) -> str:
    """ "From: Cry-sis; ICON (6 May 2025). Put together 20 November 2026, not yet checked by a person …"."""
    named = "; ".join(_named(voice, source) for source in sources[:MOST_NAMED])
    return f"{voice.say(Phrase.SOURCE_FROM, sources=named)} {review_line(voice, sources, review)}"


def review_line(voice: Voice, sources: Sequence[Source], review: Review) -> str:
    """How far people have checked it, without the names: for a card that opens out of one that names them."""
    unread = review.clinical == "needed"
    checked = [source.checked_on for source in sources]
    if not all(checked):
        phrase = Phrase.SOURCE_UNREAD if unread else Phrase.SOURCE_UNCHECKED
        return voice.say(phrase, date=day(voice, review.gathered_on))
    said = voice.say(Phrase.SOURCE_CHECKED, date=day(voice, min(on for on in checked if on)))
    return f"{said} {voice.say(Phrase.SOURCE_NO_CLINICIAN)}" if unread else said


def _named(voice: Voice, source: Source) -> str:
    if source.seen_on is None:
        return source.name
    return voice.say(Phrase.SOURCE_DATED, name=source.name, date=day(voice, source.seen_on))


def host(url: str) -> str:
    """The site's name as a reader knows it: without scheme, path and www."""
    return urlsplit(url).netloc.removeprefix("www.")
