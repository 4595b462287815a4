"""Formatted text as Telegram holds it: words, entities with UTF-16 offsets, length limits, what it marks by itself.

Used by messages, media and editing for what the bot sends and by `World` for what people type.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.html_markup import Entity, parse_html, same_place, utf16_length
from bot.sandbox.refusals import bad_request

__all__ = [
    "CAPTION_LIMIT",
    "ENTITY_LIMIT",
    "TEXT_LIMIT",
    "Entity",
    "Formatted",
    "check_entities",
    "detect",
    "read_text",
    "utf16_length",
]

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
"""Most UTF-16 code units of a text and of a caption, counted after parsing."""
ENTITY_LIMIT = 100
"""Telegram quietly ignores entities beyond the first hundred."""

DETECTED = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'])"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?<![\w/@])(?P<mention>@[A-Za-z]\w{2,31})\b"
    r"|(?<![\w&#])(?P<hashtag>#\w*[^\W\d]\w*)"
    r"|(?<![\w/<])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?)(?![\w/])"
)
OPAQUE = frozenset({"code", "pre", "text_link", "text_mention"})
"""Inside these Telegram looks for no links or commands of its own."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """Plain words and what stands where in them."""

    text: str
    entities: list[Entity]


def read_text(values: Mapping[str, Any], limit: int, field_name: str = "text") -> Formatted:
    """The text, caption or other words of a request, formatted by `parse_mode` or an entity list.

    Raises `Refusal` 400 when it is empty (texts only), too long or cannot be parsed.
    """
    marks = "entities" if field_name == "text" else f"{field_name}_entities"
    formatted = _formatted(values.get(field_name) or "", values.get("parse_mode") or "", values.get(marks) or [])
    formatted = _trimmed(formatted)
    if field_name == "text" and not formatted.text:
        raise bad_request("message text is empty")
    if utf16_length(formatted.text) > limit:
        raise bad_request("message is too long" if field_name == "text" else f"message {field_name} is too long")
    return Formatted(formatted.text, with_detected(formatted))


def _formatted(text: str, parse_mode: str, entities: Sequence[Entity]) -> Formatted:
    match parse_mode.lower():
        case "":
            return Formatted(text, check_entities(text, entities))
        case "html":
            words, found = parse_html(text)
            return Formatted(words, in_order(found))
        case "markdown" | "markdownv2":
            raise bad_request("the stand-in reads no Markdown; use HTML or entities")
        case _:
            raise bad_request("unsupported parse_mode")


def check_entities(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """A list of `MessageEntity` given instead of markup; 400 when one leaves the text or splits a character."""
    edges, at = {0}, 0
    for character in text:
        at += utf16_length(character)
        edges.add(at)
    for entity in entities:
        offset, length = entity["offset"], entity["length"]
        if offset < 0 or offset > at:
            raise bad_request(f"receive an entity with incorrect offset {offset}")
        if length < 0 or offset + length > at:
            raise bad_request(f"receive an entity with incorrect length {length}")
        if offset not in edges or offset + length not in edges:
            raise bad_request(f"entity beginning at UTF-16 offset {offset} splits a UTF-16 symbol")
        if entity["type"] == "text_link" and not entity.get("url"):
            raise bad_request("text_link entity has no url")
    return in_order(dict(entity) for entity in entities if entity["length"] > 0)


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """By offset, the longer first, as Telegram returns them; at most `ENTITY_LIMIT`."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))[:ENTITY_LIMIT]


def detect(text: str) -> list[Entity]:
    """Commands, links, mentions, hashtags and addresses that Telegram marks by itself."""
    found: list[Entity] = []
    for match in DETECTED.finditer(text):
        kind = str(match.lastgroup)
        offset = utf16_length(text[: match.start()])
        found.append({"type": kind, "offset": offset, "length": utf16_length(match.group())})
    return found


def with_detected(formatted: Formatted) -> list[Entity]:
    """The entities asked for, and those that Telegram adds outside code and links."""
    closed = [entity for entity in formatted.entities if entity["type"] in OPAQUE]
    added = [
        entity
        for entity in detect(formatted.text)
        if not any(_overlap(entity, other) for other in closed)
        and not any(same_place(entity, other) and entity["type"] == other["type"] for other in formatted.entities)
    ]
    return in_order([*formatted.entities, *added])


def _trimmed(formatted: Formatted) -> Formatted:
    """Without white space at both ends; entities are moved and cut accordingly."""
    text = formatted.text
    left = utf16_length(text) - utf16_length(text.lstrip())
    words = text.strip()
    end = utf16_length(words)
    kept: list[Entity] = []
    for entity in formatted.entities:
        begins = max(entity["offset"] - left, 0)
        ends = min(entity["offset"] - left + entity["length"], end)
        if ends > begins:
            kept.append(entity | {"offset": begins, "length": ends - begins})
    return Formatted(words, kept)


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])
