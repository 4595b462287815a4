"""What several faces of the desk share: buttons, times, and an announcement in a line."""

from datetime import datetime

from bot.broadcast.announcement import Content
from bot.broadcast.broadcast import Broadcast
from bot.broadcast.moment import zone_of
from bot.broadcast.states import BroadcastState
from bot.conversation.payloads import Verb, button
from bot.conversation.scene import Scene
from bot.conversation.wording.dates import day
from bot.conversation.wording.page import Page
from bot.conversation.wording.voice import Voice
from bot.knowledge.desk_phrases import DeskPhrase
from bot.messaging import Button, Reply

USUAL_ZONE = "Europe/London"
ID_SHOWN = 24
"""How much of an id a button bears: with a verb and two numbers it has to fit into 64 bytes."""
WORDS_SHOWN = 160

STATES = {state: DeskPhrase(f"desk.state-{state.value}") for state in BroadcastState}


def desk_button(voice: Voice, label: DeskPhrase, act: object, *what: object, **gaps: object) -> Button:
    """A button of the desk: the act, the announcement's number and version, and what is wanted."""
    return button(voice.say(label, **gaps), Verb.DESK, *map(str, (act, *what)))


def prompt(voice: Voice, said: DeskPhrase, id: int = 0, **gaps: object) -> Reply:
    """A sentence, and a button that leaves whatever it asks."""
    leave = desk_button(voice, DeskPhrase.BUTTON_CANCEL, *(("open", id) if id else ("home",)))
    return Page().line(voice.say(said, **gaps)).reply([(leave,)])


def zone(scene: Scene) -> str:
    """The organiser's own zone, as far as they said where they live."""
    region = scene.knowledge.regions.get(scene.region or "")
    return region.zones[0] if region else USUAL_ZONE


def time_in(voice: Voice, at: datetime, zone: str) -> str:
    """A time on a zone's clock, in words."""
    local = at.astimezone(zone_of(zone))
    weekday = voice.say(DeskPhrase.WEEKDAYS).split(", ")[local.weekday()]
    return voice.say(DeskPhrase.TIME, weekday=weekday, day=day(voice, local.date()), clock=f"{local:%H:%M}")


def shortened(words: str, most: int = WORDS_SHOWN) -> str:
    """The beginning of a text in one line."""
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[:most].rpartition(' ')[0] or line[:most]}…"


def content_lines(voice: Voice, content: Content, most: int = WORDS_SHOWN) -> list[str]:
    """What an announcement says and carries."""
    lines = [voice.say(DeskPhrase.SAYS, words=shortened(content.text, most))] if content.text.strip() else []
    if content.media:
        lines.append(voice.say(DeskPhrase.FILES, number=len(content.media)))
    if content.poll is not None:
        lines.append(voice.say(DeskPhrase.POLL, words=shortened(content.poll.question, most)))
    return lines or [voice.say(DeskPhrase.EMPTY_YET)]


def listed(voice: Voice, broadcast: Broadcast, most: int = WORDS_SHOWN) -> str:
    """An announcement in one line."""
    content = broadcast.announcement.content
    words = content.text or (content.poll.question if content.poll else "")
    said = shortened(words, most) or voice.say(DeskPhrase.FILES, number=len(content.media))
    state = voice.say(STATES[broadcast.state])
    return voice.say(DeskPhrase.LISTED, id=broadcast.id, state=state, words=said)
