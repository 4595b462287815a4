"""An announcement as the body of one Bot API request, encoded once for all of its readers. Used by `lane`. Pure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.broadcast.announcement import Content, MediaKind, Medium, Poll
from bot.channels.telegram.rendering import units

METHODS: Mapping[MediaKind, str] = {
    MediaKind.PHOTO: "sendPhoto",
    MediaKind.DOCUMENT: "sendDocument",
    MediaKind.VIDEO: "sendVideo",
    MediaKind.VOICE: "sendVoice",
    MediaKind.ANIMATION: "sendAnimation",
    MediaKind.AUDIO: "sendAudio",
}
NOT_UPLOADED = "a file of this announcement is not at Telegram yet"


class NotUploaded(ValueError):
    """A medium has no file id: nothing can be sent before it was uploaded once."""

    def __init__(self) -> None:
        super().__init__(NOT_UPLOADED)


@dataclass(frozen=True, slots=True)
class Stop:
    """The way out that stands under every announcement."""

    label: Callable[[str | None], str]
    """Its words in a reader's language (IETF tag or None)."""
    payload: str
    """What the button carries: the same as the bot's own way to opt out."""
    link: str
    """Deep link that does the same, for albums: they have no buttons."""


@dataclass(frozen=True, slots=True)
class Body:
    """One request for any reader: the method, and its JSON without the opening brace and the chat id."""

    method: str
    rest: bytes

    def to(self, address: str) -> bytes:
        """The whole JSON for a chat id in digits."""
        return b'{"chat_id":%d,%b' % (int(address), self.rest)


def encode(content: Content, stop: Stop, language: str | None) -> Body:
    """The body for readers of a language. Raises `NotUploaded`."""
    label = stop.label(language)
    if content.is_album:
        return _body("sendMediaGroup", {"media": _album(content, label, stop.link)})
    rows = [[{"text": words, "url": address}] for words, address in content.buttons]
    keyboard = {"reply_markup": {"inline_keyboard": [*rows, [{"text": label, "callback_data": stop.payload}]]}}
    if content.poll is not None:
        return _body("sendPoll", _poll(content.poll) | keyboard)
    if content.media:
        medium = content.media[0]
        caption = _caption(content.text, list(map(dict, content.entities)))
        return _body(METHODS[medium.kind], {medium.kind.value: _file_id(medium)} | caption | keyboard)
    said = {"text": content.text, "entities": list(map(dict, content.entities))}
    return _body("sendMessage", said | {"link_preview_options": {"is_disabled": True}} | keyboard)


def album_caption(content: Content, label: str, link: str) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities of an album's first caption: the announcement's own, then a line for each link and for Stop.

    All of it counts in the 1,024 UTF-16 units of a caption.
    """
    text, entities = content.text, list(map(dict, content.entities))
    between = "\n\n"
    for words, address in (*content.buttons, (label, link)):
        text += between if text else ""
        entities.append({"type": "text_link", "offset": units(text), "length": units(words), "url": address})
        text += words
        between = "\n"
    return text, entities


def _album(content: Content, label: str, link: str) -> list[dict[str, Any]]:
    media: list[dict[str, Any]] = [{"type": one.kind.value, "media": _file_id(one)} for one in content.media]
    media[0] |= _caption(*album_caption(content, label, link))
    return media


def _poll(poll: Poll) -> dict[str, Any]:
    return {
        "question": poll.question,
        "options": [{"text": option} for option in poll.options],
        "is_anonymous": poll.anonymous,
        "allows_multiple_answers": poll.several,
    }


def _caption(text: str, entities: list[dict[str, Any]]) -> dict[str, Any]:
    return {"caption": text, "caption_entities": entities} if text else {}


def _file_id(medium: Medium) -> str:
    if medium.file_id is None:
        raise NotUploaded
    return medium.file_id


def _body(method: str, fields: Mapping[str, Any]) -> Body:
    return Body(method, json.dumps(fields, separators=(",", ":")).encode()[1:])
