"""Who gets an announcement: choices on and off, with how many readers that makes, and who is left out and why."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from bot.broadcast.announcement import Audience, Kind
from bot.broadcast.broadcast import Counted
from bot.conversation.desk.model import InHand
from bot.conversation.desk.orders import Dimension
from bot.conversation.desk.pages import ID_SHOWN, desk_button
from bot.conversation.scene import Scene
from bot.conversation.wording.page import Page, rows
from bot.conversation.wording.voice import Voice
from bot.knowledge.desk_phrases import DeskPhrase
from bot.messaging import Button, Reply

TABS: Mapping[Dimension, DeskPhrase] = {
    Dimension.ROLE: DeskPhrase.BUTTON_ROLES,
    Dimension.REGION: DeskPhrase.BUTTON_REGIONS,
    Dimension.LANGUAGE: DeskPhrase.BUTTON_LANGUAGES,
    Dimension.KIND: DeskPhrase.BUTTON_KINDS,
    Dimension.TONE: DeskPhrase.BUTTON_TONE,
}
KINDS: Mapping[Kind, DeskPhrase] = {
    Kind.WEEK: DeskPhrase.KIND_WEEK,
    Kind.EVENTS: DeskPhrase.KIND_EVENTS,
    Kind.ROLE: DeskPhrase.KIND_ROLE,
}
CHEERFUL = "cheerful"
SETS = (Dimension.ROLE, Dimension.REGION, Dimension.LANGUAGE)
"""Choices of any number; without one it is for everybody."""
REASONS = {
    field.name: DeskPhrase(f"desk.out-{field.name.replace('_', '-')}")
    for field in fields(Counted)
    if field.name != "total"
}


def options(voice: Voice, dimension: Dimension) -> Mapping[str, str]:
    """What can be chosen: ids and their names."""
    match dimension:
        case Dimension.ROLE:
            return {id: voice.words.roles[id].label for id in voice.knowledge.roles if id in voice.words.roles}
        case Dimension.REGION:
            offered = [region for region in voice.knowledge.regions.values() if region.offered]
            return {region.id: voice.pick(region.name) for region in offered}
        case Dimension.LANGUAGE:
            return {one.id: one.name for one in voice.knowledge.languages.values() if one.offered}
        case Dimension.TONE:
            return {CHEERFUL: voice.say(DeskPhrase.TONE_CHEERFUL)}
        case Dimension.KIND:
            return {kind.value: voice.say(phrase) for kind, phrase in KINDS.items()}


def option_of(voice: Voice, dimension: Dimension, shown: str) -> str:
    """The option that a button names by its beginning. Raises ValueError unless it is exactly one."""
    (found,) = [id for id in options(voice, dimension) if id[:ID_SHOWN] == shown]
    return found


def audience_line(voice: Voice, audience: Audience) -> str:
    """For whom it is, in words."""
    chosen = [
        ", ".join(options(voice, dimension).get(id, id) for id in sorted(getattr(audience, dimension.field)))
        for dimension in SETS
    ]
    who = "; ".join(filter(None, chosen)) or voice.say(DeskPhrase.EVERYBODY)
    said = voice.say(DeskPhrase.FOR, who=who, kind=voice.say(KINDS[audience.kind]))
    return f"{said}\n{voice.say(DeskPhrase.CHEERFUL)}" if audience.celebratory else said


def left_out(voice: Voice, counted: Counted) -> list[str]:
    """Who does not get it and why; reasons that hold for nobody are left out."""
    numbers = ((phrase, getattr(counted, name)) for name, phrase in REASONS.items())
    return [voice.say(phrase, number=number) for phrase, number in numbers if number]


def audience_face(scene: Scene, in_hand: InHand, dimension: Dimension, edits: str | None) -> Reply:
    """The choices of one dimension, the others one tap away."""
    voice, broadcast = scene.voice, in_hand.broadcast
    page = Page().line(voice.say(DeskPhrase.ASK_WHO)).line(audience_line(voice, broadcast.announcement.audience))
    page.line(voice.say(DeskPhrase.READERS, number=in_hand.counted.total))
    page.block(voice.say(DeskPhrase.LEFT_OUT), left_out(voice, in_hand.counted))
    tabs = [desk_button(voice, phrase, "who", broadcast.id, broadcast.version, one) for one, phrase in TABS.items()]
    back = desk_button(voice, DeskPhrase.BUTTON_BACK, "open", broadcast.id)
    return page.reply([*rows(_toggles(voice, in_hand, dimension), 2), *rows(tabs, 4), (back,)], edits=edits)


def _toggles(voice: Voice, in_hand: InHand, dimension: Dimension) -> Sequence[Button]:
    broadcast = in_hand.broadcast
    audience, at = broadcast.announcement.audience, (broadcast.id, broadcast.version)
    everybody = (
        [] if dimension not in SETS else [desk_button(voice, DeskPhrase.BUTTON_EVERYBODY, "any", dimension, *at)]
    )
    offered, chosen = options(voice, dimension).items(), _chosen(audience, dimension)
    return [*everybody, *(_toggle(voice, dimension, id, name, at, chosen=id in chosen) for id, name in offered)]


def _chosen(audience: Audience, dimension: Dimension) -> frozenset[str]:
    if dimension in SETS:
        chosen: frozenset[str] = getattr(audience, dimension.field)
        return chosen
    if dimension is Dimension.KIND:
        return frozenset({audience.kind.value})
    return frozenset({CHEERFUL} if audience.celebratory else ())


def _toggle(voice: Voice, dimension: Dimension, id: str, name: str, at: tuple[int, int], *, chosen: bool) -> Button:
    wanted = "on" if dimension is Dimension.KIND or not chosen else "off"
    made = desk_button(voice, DeskPhrase.BUTTON_ON, wanted, dimension, id[:ID_SHOWN], *at, name=name)
    return made if chosen else Button(name, payload=made.payload)
