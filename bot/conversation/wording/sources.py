"""The line under every card: where it comes from, and how far people have checked it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.conversation.wording.dates import day
from bot.conversation.wording.voice import Voice
from bot.knowledge.model import Review, Source
from bot.knowledge.phrases import Phrase

MOST_NAMED = 3


def source_line(voice: Voice, sources: Sequence[Source], review: Review) -> str:
    """ "From: Cry-sis (undated page). Put together 20 November 2026, not yet checked by a person …"."""
    named = "; ".join(_named(voice, source) for source in sources[:MOST_NAMED])
    parts = [voice.say(Phrase.SOURCE_FROM, sources=named)]
    checked = [source.checked_on for source in sources]
    if all(checked):
        parts.append(voice.say(Phrase.SOURCE_CHECKED, date=day(voice, min(on for on in checked if on))))
    else:
        parts.append(voice.say(Phrase.SOURCE_UNCHECKED, date=day(voice, review.gathered_on)))
    if review.clinical == "needed":
        parts.append(voice.say(Phrase.SOURCE_NO_CLINICIAN))
    return " ".join(parts)


def _named(voice: Voice, source: Source) -> str:
    if source.seen_on is None:
        return voice.say(Phrase.SOURCE_UNDATED, name=source.name)
    return voice.say(Phrase.SOURCE_DATED, name=source.name, date=day(voice, source.seen_on))


def host(url: str) -> str:
    """The site's name as a reader knows it: without scheme, path and www."""
    return urlsplit(url).netloc.removeprefix("www.")
