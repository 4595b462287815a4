"""What a person can do on the page, checked and carried out in the world. Called by page.py; one row an action."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.attachments import CAPTIONED
from bot.sandbox.chats import Message, Person
from bot.sandbox.entities import CAPTION_LIMIT, TEXT_LIMIT, utf16_length
from bot.sandbox.world import World

MEDIA = {
    "photo": "Photo",
    "voice": "Voice message",
    "video": "Video",
    "document": "File",
    "sticker": "Sticker",
    "location": "Location",
}
"""What a person can send beside words: the Bot API's field name and its label in the menu."""

Body = Mapping[str, Any]
Act = Callable[[World, Person, Body], Awaitable[None]]
"""Raises `web.HTTPException` with one sentence as its text, and then has changed nothing."""


async def say(world: World, person: Person, body: Body) -> None:
    """A text that is too long for one message goes out in parts, as the app sends it."""
    await world.says(person, _words(body, "text"))


async def press(world: World, person: Person, body: Body) -> None:
    """What the bot answers comes by the event stream."""
    message = _message(world, person, body)
    data = body.get("data")
    shown = {button["callback_data"] for row in message.buttons for button in row if "callback_data" in button}
    if not isinstance(data, str) or data not in shown:
        raise web.HTTPConflict(text="That button is no longer there.")
    world.press(person, message.id, data)


async def edit(world: World, person: Person, body: Body) -> None:
    message = _message(world, person, body)
    if message.from_bot:
        raise web.HTTPConflict(text="You can change only your own messages.")
    await world.edits(person, message.id, _words(body, "text", TEXT_LIMIT if message.kind == "text" else CAPTION_LIMIT))


async def send(world: World, person: Person, body: Body) -> None:
    kind = body.get("kind")
    if not isinstance(kind, str) or kind not in MEDIA:
        raise web.HTTPBadRequest(text="That cannot be sent here.")
    caption = _words(body, "caption", CAPTION_LIMIT) if body.get("caption") else None
    if caption is not None and kind not in CAPTIONED:
        raise web.HTTPBadRequest(text=f"A {kind} carries no words.")
    await world.sends(person, kind, caption)


async def block(world: World, person: Person, body: Body) -> None:
    if body.get("blocked"):
        world.blocks(person)
    else:
        world.unblocks(person)


ACTS: Mapping[str, Act] = {"say": say, "press": press, "edit": edit, "send": send, "block": block}


def _message(world: World, person: Person, body: Body) -> Message:
    wanted = body.get("message")
    for message in world.sees(person):
        if message.id == wanted:
            return message
    raise web.HTTPConflict(text="That message is no longer there.")


def _words(body: Body, name: str, most: int | None = None) -> str:
    """Text with something in it, at most `most` UTF-16 units, without halves of characters (a lone surrogate)."""
    words = body.get(name)
    if not isinstance(words, str) or not words.strip():
        raise web.HTTPBadRequest(text="There is nothing to send.")
    try:
        words.encode()
    except UnicodeEncodeError:
        raise web.HTTPBadRequest(text="Part of that text is not readable as characters.") from None
    if most is not None and utf16_length(words) > most:
        raise web.HTTPBadRequest(text=f"That is longer than the {most:,} characters it may have.")
    return words
