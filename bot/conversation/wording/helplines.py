"""Helplines in words, by region. A number is shown only where its status allows it; else the website alone.

Emergency numbers and national short numbers never expire; any other line carries the date it was seen, with a star
while no person has checked it on the live site.
"""

from collections.abc import Iterable, Sequence

from bot.conversation.wording.dates import day
from bot.conversation.wording.page import each_site_once, link
from bot.conversation.wording.sources import host
from bot.conversation.wording.voice import Voice
from bot.knowledge.model import Helpline, ServiceBlock, TextLine
from bot.knowledge.phrases import Phrase
from bot.messaging import Button

STAR = "*"
MOST_BUTTONS = 4
ELSEWHERE = "elsewhere"
"""The region of everybody for whom the base has no region."""


def helpline_line(voice: Voice, helpline: Helpline) -> str:
    """One helpline on one line: name, ways in, hours, website, when it was seen."""
    reach = ways_in(voice, helpline)
    site = host(helpline.website) if helpline.website else ""
    if not reach:
        hidden = helpline.phone or helpline.text
        phrase = Phrase.HELPLINE_WEBSITE_ONLY if hidden else Phrase.HELPLINE_WEBSITE
        return voice.say(phrase, name=helpline.name, site=site) if site else _noted(voice, helpline)
    parts = [voice.say(Phrase.HELPLINE_REACH, name=helpline.name, ways=voice.say(Phrase.LIST_OR).join(reach))]
    if hours := _hours(voice, helpline):
        parts.append(hours)
    if not helpline.steady:
        parts.append(_seen(voice, helpline, site))
    return " ".join(parts)


def ways_in(voice: Voice, helpline: Helpline) -> list[str]:
    """ "call 116 123", "text SHOUT to 85258": empty when no number may be shown."""
    if not helpline.status.shows_number:
        return []
    ways: list[str] = []
    if helpline.phone:
        abroad = helpline.phone.international
        number = f"{helpline.phone.spoken} ({abroad})" if abroad else helpline.phone.spoken
        phrase = Phrase.HELPLINE_CALL_OR_TEXT if _same_number(helpline) else Phrase.HELPLINE_CALL
        ways.append(voice.say(phrase, number=number))
    if helpline.text and not _same_number(helpline):
        ways.append(_text_way(voice, helpline.text))
    if ways and helpline.chat and helpline.website:
        ways.append(voice.say(Phrase.HELPLINE_CHAT))
    return ways


def _same_number(helpline: Helpline) -> bool:
    """Whether one number takes calls and texts alike."""
    phone, text = helpline.phone, helpline.text
    if phone is None or text is None or text.keyword is not None:
        return False
    return _digits(phone.spoken) == _digits(text.number)


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def star_note(voice: Voice, shown: Iterable[Helpline]) -> str:
    """The footnote that explains the star; empty when no line bears one."""
    starred = any(not line.steady and line.checked_on is None and ways_in(voice, line) for line in shown)
    return voice.say(Phrase.HELPLINE_STAR_NOTE, star=STAR) if starred else ""


def gather(voice: Voice, ids: Sequence[str], blocks: Sequence[ServiceBlock]) -> tuple[list[str], list[Helpline]]:
    """What to say and whom to name for a region: the entry's own helplines, then those of its service blocks.

    Only helplines that serve the region are named, and none that the reader was already told of in this turn. When the
    region is unknown, the blocks' mixed short sets alone, with the first block's words, since all of them explain the
    same. In a known region lines with a number to call or text come first; the mixed sets keep their order, in which
    the list for other countries is never last.
    """
    said: list[str] = []
    found: dict[str, Helpline] = {}
    region = voice.region
    mixed = region in {None, ELSEWHERE}
    if region is not None:
        found = {
            id: voice.knowledge.helplines[id]
            for id in ids
            if voice.knowledge.serves(voice.knowledge.helplines[id], region)
        }
    for block in blocks:
        help = voice.knowledge.help_in(block, region)
        if help.say and help.say not in said and not (mixed and said):
            said.append(help.say)
        for id in help.helplines:
            helpline = voice.knowledge.helplines[id]
            if mixed or region is None or voice.knowledge.serves(helpline, region):
                found.setdefault(id, helpline)
    unnamed = [helpline for helpline in found.values() if helpline.id not in voice.named]
    return said, _each_number_once(sorted(unnamed, key=lambda helpline: not (mixed or ways_in(voice, helpline))))


def fewest(found: Sequence[Helpline], most: int) -> list[Helpline]:
    """The first of them, and the list for other countries, to which the words of a mixed set point."""
    return [*found[:most], *(helpline for helpline in found[most:] if set(helpline.serves) == {ELSEWHERE})]


def _each_number_once(helplines: Iterable[Helpline]) -> list[Helpline]:
    """A number that two lines share (211 and a state's own 211) belongs to the first of them."""
    kept: dict[str, Helpline] = {}
    for helpline in helplines:
        kept.setdefault(_digits(helpline.phone.spoken) if helpline.phone else helpline.id, helpline)
    return list(kept.values())


def website_buttons(helplines: Iterable[Helpline], most: int = MOST_BUTTONS) -> list[Button]:
    """Websites as buttons, each address once."""
    links = (link(helpline.name, helpline.website) for helpline in helplines if helpline.website)
    return each_site_once(links)[:most]


def _text_way(voice: Voice, text: TextLine) -> str:
    if text.keyword is None:
        return voice.say(Phrase.HELPLINE_TEXT, number=text.number)
    return voice.say(Phrase.HELPLINE_TEXT_WORD, word=text.keyword, number=text.number)


def _hours(voice: Voice, helpline: Helpline) -> str:
    if helpline.steady and not helpline.hours:
        return ""
    if helpline.hours and helpline.hours_confirmed:
        return f"{voice.pick(helpline.hours)}."
    return voice.say(Phrase.HELPLINE_HOURS_UNKNOWN)


def _seen(voice: Voice, helpline: Helpline, site: str) -> str:
    if helpline.checked_on is not None:
        return voice.say(Phrase.HELPLINE_CHECKED, site=site, date=day(voice, helpline.checked_on))
    if helpline.seen_on is not None:
        return voice.say(Phrase.HELPLINE_SEEN, site=site, date=day(voice, helpline.seen_on), star=STAR)
    return voice.say(Phrase.HELPLINE_UNDATED, site=site, star=STAR)


def _noted(voice: Voice, helpline: Helpline) -> str:
    return f"{helpline.name}: {voice.pick(helpline.note or helpline.for_what)}"
