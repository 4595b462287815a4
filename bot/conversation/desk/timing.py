"""When an announcement goes out: times to press or to type, on the organiser's clock and on those of its readers."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.broadcast.announcement import Announcement
from bot.broadcast.moment import NoMoment, read_moment, zone_of
from bot.broadcast.quiet import USUAL
from bot.conversation.desk.model import InHand
from bot.conversation.desk.pages import desk_button, time_in, zone
from bot.conversation.payloads import Verb, button
from bot.conversation.scene import Scene
from bot.conversation.wording.page import Page, rows
from bot.conversation.wording.voice import Voice
from bot.knowledge.desk_phrases import DeskPhrase
from bot.messaging import Button, Reply

MINUTE_S = 60
MOST_CLOCKS = 4


def when_face(scene: Scene, in_hand: InHand, edits: str | None) -> Reply:
    """Times to press; one can be typed, too."""
    voice, broadcast = scene.voice, in_hand.broadcast
    page = Page().line(voice.say(DeskPhrase.ASK_WHEN))
    page.line("\n".join(when_lines(voice, broadcast.announcement, scene.now)))
    now = desk_button(voice, DeskPhrase.BUTTON_NOW, "at", broadcast.id, broadcast.version, "now")
    back = desk_button(voice, DeskPhrase.BUTTON_BACK, "open", broadcast.id)
    return page.reply([(now,), *rows(_suggested(scene, in_hand), 1), (back,)], edits=edits)


def at_minute(said: str) -> datetime | None:
    """The time that a button bears: minutes since 1970, or "now". Raises ValueError for anything else."""
    if said == "now":
        return None
    try:
        return datetime.fromtimestamp(int(said) * MINUTE_S, UTC)
    except (OverflowError, OSError):
        raise ValueError(said) from None


def when_lines(voice: Voice, announcement: Announcement, now: datetime) -> list[str]:
    """When it goes out, what readers' clocks say then, and whether some of them sleep."""
    at = announcement.starts_at
    if at is None:
        lines = [voice.say(DeskPhrase.WHEN_APPROVED)]
    else:
        lines = [voice.say(DeskPhrase.WHEN_AT, time=time_in(voice, at, announcement.zone), zone=announcement.zone)]
    clocks = _clocks(voice, announcement)
    local = {zone: (at or now).astimezone(zone_of(zone)) for zone in clocks}
    own = (at or now).astimezone(zone_of(announcement.zone))
    elsewhere = [zone for zone, there in local.items() if there.utcoffset() != own.utcoffset()]
    if at is not None and elsewhere:
        times = ", ".join(
            voice.say(DeskPhrase.CLOCK, time=f"{local[zone]:%H:%M}", place=_city(zone))
            for zone in elsewhere[:MOST_CLOCKS]
        )
        lines.append(voice.say(DeskPhrase.WHEN_READERS, times=times))
    if any(USUAL.hold(there) for there in local.values()):
        lines.append(voice.say(DeskPhrase.QUIET))
    return lines


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _clocks(voice: Voice, announcement: Announcement) -> list[str]:
    """Zones of the regions that it goes to, each once."""
    chosen = announcement.audience.regions
    regions = [one for one in voice.knowledge.regions.values() if one.offered and (not chosen or one.id in chosen)]
    return list(dict.fromkeys(zone for region in regions for zone in region.zones))


def _suggested(scene: Scene, in_hand: InHand) -> Iterator[Button]:
    voice, broadcast, place = scene.voice, in_hand.broadcast, zone(scene)
    for words in voice.say(DeskPhrase.SUGGESTED).split("; "):
        try:
            moment = read_moment(words, place, scene.now)
        except NoMoment:  # an hour that the clocks skip
            continue
        if moment is not None:
            at = str(int(moment.at.timestamp()) // MINUTE_S)
            label = time_in(voice, moment.at, place)
            yield button(label, Verb.DESK, "at", str(broadcast.id), str(broadcast.version), at)
