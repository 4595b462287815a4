"""Telegram's updates, as raw JSON values, turned into `Incoming`. Called for every update that is fetched.

Read field by field and not through the library's classes: a field or type that is newer than the library, or one
malformed corner, must not cost us the words beside it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.channels.telegram.announced import announcement_of
from bot.channels.telegram.originals import original_of
from bot.messaging import ChatKind, Command, Content, Incoming, Media, Membership, Press, Sender, Text

CHANNEL = "telegram"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""What we ask Telegram for; everything else is ignored should it come."""

CHAT_KINDS = {"private": ChatKind.PRIVATE, "group": ChatKind.GROUP, "supergroup": ChatKind.GROUP}

MEDIA = (
    "animation",
    "audio",
    "live_photo",
    "photo",
    "paid_media",
    "sticker",
    "story",
    "video",
    "video_note",
    "voice",
    "document",
    "checklist",
    "contact",
    "dice",
    "game",
    "giveaway",
    "giveaway_winners",
    "invoice",
    "poll",
    "venue",
    "location",
)
"""Fields of a message that people send instead of text. An animation also fills `document`, a live photo `photo` and a
venue `location`, hence the order. Fields in neither this table nor `text` are service messages and are ignored."""
UNKNOWN_MEDIA = "unknown"
"""The kind when only a caption is recognised: its words are still read."""

REACHABLE = {"creator": True, "administrator": True, "member": True, "left": False, "kicked": False}
"""Status of the bot in a chat -> whether it can write there; `restricted` says so itself, by `is_member`."""

COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>[A-Za-z0-9_]+))?(?:\s+(?P<argument>.*))?", re.DOTALL)
"""Bot API, BotCommand: letters, digits and underscores, 32 at most, optionally addressed to one bot."""
SURROGATES = re.compile("[\ud800-\udfff]")
RICH_TEXT = ("summary", "text", "blocks", "items", "cells", "caption", "credit")
"""Where a rich message (Bot API 10.1, RichBlock and RichText) keeps its words."""
MALFORMED = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)

Raw = Mapping[str, Any]


class UpdateReader:
    """Reads updates for the bot called `username`; `clock` tells the time (aware UTC) of those that bear none."""

    def __init__(self, username: str, clock: Callable[[], datetime]) -> None:
        self._username = username.lower()
        self._clock = clock
        self._kinds: dict[str, Callable[[Any], tuple[Sender, int | None, Content] | None]] = {
            "message": self._message,
            "edited_message": self._message,
            "callback_query": self._press,
            "my_chat_member": self._membership,
        }

    def read(self, raw: Raw) -> Incoming | None:
        """What the update says, or None when it is not for us, not understood or malformed. Never raises."""
        try:
            for kind, parts_of in self._kinds.items():
                if kind in raw and (parts := parts_of(raw[kind])) is not None:
                    sender, date, content = parts
                    private = sender.chat is ChatKind.PRIVATE and isinstance(content, Text | Media)
                    original = original_of(raw[kind]) if private else None
                    about = announcement_of(raw[kind])
                    return Incoming(str(int(raw["update_id"])), sender, self._at(date), content, original, about)
        except MALFORMED:
            return None
        return None

    def _message(self, message: Raw) -> tuple[Sender, int | None, Content] | None:
        sender = _sender(message["chat"], message.get("from"), message.get("sender_chat"))
        # Posts that a channel copies into its discussion group, and other bots, are nobody we talk with.
        if sender is None or message.get("is_automatic_forward") or _is_bot(message):
            return None
        edited = "edit_date" in message
        content = self._content(message, sender.chat, edited)
        return (sender, message["edit_date"] if edited else message.get("date"), content) if content else None

    def _content(self, message: Raw, chat: ChatKind, edited: bool) -> Content | None:
        words = _words(message.get("text")) or "\n".join(_rich_words(message.get("rich_message")))
        if words:
            return self._spoken(words, chat, edited)
        caption = _words(message.get("caption"))
        kind = next((kind for kind in MEDIA if message.get(kind) is not None), UNKNOWN_MEDIA if caption else None)
        return Media(kind, caption, edited) if kind else None

    def _spoken(self, words: str, chat: ChatKind, edited: bool) -> Content | None:
        command = COMMAND.fullmatch(words.strip())
        if command is None:
            return Text(words, edited)
        argument = (command["argument"] or "").strip()
        if (command["bot"] or self._username).lower() == self._username:
            return Command(command["name"].lower(), argument)
        # A command for another bot is not ours to answer, but words with it are still screened.
        return Text(words, edited) if argument or chat is ChatKind.PRIVATE else None

    def _press(self, query: Raw) -> tuple[Sender, int | None, Content] | None:
        message, payload = query.get("message"), _words(query.get("data"))
        if not isinstance(message, Mapping) or not payload:
            return None
        sender = _sender(message["chat"], query["from"], None)
        card = message.get("message_id")
        # Date 0 marks a message that is too old to be shown or edited (Bot API, InaccessibleMessage).
        press = Press(payload, str(int(card)) if card and message.get("date") else None, str(query["id"]))
        return (sender, None, press) if sender else None

    def _membership(self, change: Raw) -> tuple[Sender, int | None, Content] | None:
        sender = _sender(change["chat"], change.get("from"), None)
        member = change["new_chat_member"]
        reachable = REACHABLE.get(member["status"], bool(member.get("is_member")))
        return (sender, change.get("date"), Membership(reachable)) if sender else None

    def _at(self, date: int | None) -> datetime:
        try:
            return datetime.fromtimestamp(date, UTC) if isinstance(date, int) and date > 0 else self._clock()
        except (ValueError, OverflowError, OSError):
            return self._clock()


def _sender(chat: Raw, user: Raw | None, speaking_as: Raw | None) -> Sender | None:
    kind = CHAT_KINDS.get(chat["type"])
    if kind is None:
        return None
    address = str(int(chat["id"]))
    language = None
    person = address if kind is ChatKind.PRIVATE else None
    # Anonymous admins and channels speak through one shared account, which is nobody.
    if isinstance(user, Mapping) and speaking_as is None:
        person = str(int(user["id"]))
        language = _words(user.get("language_code")) or None
    return Sender(CHANNEL, address, kind, language, person)


def _is_bot(message: Raw) -> bool:
    user = message.get("from")
    return isinstance(user, Mapping) and user.get("is_bot") is True and "sender_chat" not in message


def _words(value: object) -> str:
    """Text as it came, with half a surrogate pair replaced: such text could not be stored, hashed or sent."""
    return SURROGATES.sub("\ufffd", value) if isinstance(value, str) else ""


def _rich_words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield _words(value)
    elif isinstance(value, list):
        inline = all(isinstance(part, str) or (isinstance(part, Mapping) and "blocks" not in part) for part in value)
        parts = [words for part in value for words in _rich_words(part)]
        yield from [" ".join(parts)] if inline and parts else parts
    elif isinstance(value, Mapping):
        for key in RICH_TEXT:
            yield from _rich_words(value.get(key))
