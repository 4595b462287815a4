"""A message as it was sent, with styles and file ids: what an organiser's announcement is made of. Used by `updates`.

Names in a message (a mention of somebody without a username) are left out: an announcement is stored, and nobody is.
"""

from collections.abc import Mapping
from typing import Any

from bot.messaging import Original

STYLES = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
    }
)
"""Entities that somebody chose. Links, tags and mentions in the words are found again by every server."""
FIELDS = ("type", "offset", "length", "url", "language")
FILES = ("animation", "audio", "document", "photo", "video", "voice")
"""What can be sent again by its file id; an animation also fills `document`, hence the order."""
OTHERS = ("sticker", "story", "video_note", "live_photo", "paid_media", "poll", "location", "contact", "dice", "game")
MALFORMED = (AttributeError, LookupError, TypeError, ValueError)

Raw = Mapping[str, Any]


def original_of(message: Raw) -> Original | None:
    """None for what is malformed or carries nothing known. Never raises."""
    try:
        return _read(message)
    except MALFORMED:
        return None


def _read(message: Raw) -> Original | None:
    text = message.get("text") or message.get("caption") or ""
    # Half a surrogate pair can be neither stored nor sent; the words are read all the same, by `updates`.
    text.encode()
    entities = _styles(message.get("entities") or message.get("caption_entities") or ())
    album = message.get("media_group_id")
    carried = {kind: message[kind] for kind in (*OTHERS, *FILES) if message.get(kind) is not None}
    kind = next(iter(carried), "text")
    if kind == "text" and not text:
        return None
    file_id = _file_id(carried[kind]) if kind in FILES else None
    poll = _poll(carried[kind]) if kind == "poll" else None
    return Original(text, entities, kind, file_id, poll, str(album) if album else None)


def _styles(entities: Any) -> tuple[Raw, ...]:
    return tuple(
        {name: entity[name] for name in FIELDS if name in entity} for entity in entities if entity["type"] in STYLES
    )


def _file_id(file: Any) -> str:
    """A photo comes in several sizes, the largest last."""
    return str((file[-1] if isinstance(file, list) else file)["file_id"])


def _poll(poll: Raw) -> Raw | None:
    if poll.get("type") != "regular":
        return None
    return {
        "question": str(poll["question"]),
        "options": tuple(str(option["text"]) for option in poll["options"]),
        "anonymous": bool(poll["is_anonymous"]),
        "several": bool(poll["allows_multiple_answers"]),
    }
